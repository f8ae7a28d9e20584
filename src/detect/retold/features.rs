//! The readings of one telling against what was told and replied before it.

use super::seen::{Seen, is_question};
use super::told::{Reply, Told};
use crate::detect::reading::Line;
use crate::text::{Compared, Cue};

/// All readings: the name of each, as model files list it, and how it is taken, about 0 to 1. Taken in
/// one function, what several of them ask for is worked out once.
macro_rules! readings {
    ($($name:literal: |$facing:ident| $value:expr;)*) => {
        /// Names of the readings.
        pub const FEATURES: [&str; [$($name),*].len()] = [$($name),*];

        impl Facing<'_> {
            fn readings(&self) -> [f64; FEATURES.len()] {
                [$({ let $facing = self; $value }),*]
            }
        }
    };
}

#[rustfmt::skip]
readings! {
    "likeness": |f| f.likeness;
    "contradicts": |f| is(f.contradicts);
    "likeness_contradicted": |f| f.likeness * is(f.contradicts);
    "likeness_high": |f| (f.likeness - 0.5).max(0.0) * 2.0;
    "near_earlier": |f| f.near.0;
    "earlier_near": |f| f.near.1;
    "earlier_near_reply": |f| f.known.0;
    "near_reply_alone": |f| (f.near_known - f.near.0).max(0.0);
    "shared_with_earlier": |f| f.in_earlier;
    "earlier_shared": |f| f.earlier.content.share_in(&f.scene.told.content);
    "reply_like_earlier": |f| f.with_reply.score;
    "reply_shares_earlier": |f| f.earlier.content.share_in(&f.scene.replied.content);
    "shared_with_reply_alone": |f| f.in_known - f.in_earlier;
    "likeness_to_reply": |f| f.scene.pairs.reply.score;
    "new_content": |f| if f.scene.told.content.is_empty() { 0.0 } else { 1.0 - f.in_known };
    "reply_is_fallback": |f| is(f.scene.reply.fallback);
    "reply_deflects": |f| is(f.scene.reply.deflects);
    "reply_again": |f| is(f.scene.reply.again);
    "reply_asks": |f| is(f.scene.reply.asks && !f.scene.reply.fallback);
    "reply_suggests_step": |f| is(f.scene.reply.step);
    "reply_has_figures": |f| is(f.scene.seen.figures);
    "reply_by_human": |f| is(f.scene.reply.human);
    "reply_answers": |f| is(f.scene.reply.answers);
    "scolds": |f| f.says(Cue::Scolding);
    "step_and_result": |f| is(f.scene.reply.step) * f.says(Cue::StepResult);
    "insists_off_reply": |f| is(f.insists) * (1.0 - f.known.0);
    "answers_asked": |f| is(f.scene.reply.asks && !f.scene.reply.fallback) * (1.0 - is(f.scene.seen.asking));
    "asks_after_answer": |f| is(f.scene.reply.answers) * is(f.scene.seen.asking);
    "takes_up_reply": |f| is(f.scene.seen.takes_up);
    "at_the_desk": |f| is(f.scene.seen.addresses) * (1.0 - f.near.0);
    "disputes_reply": |f| is(f.scene.pairs.reply.contradict);
    "likeness_when_asked": |f| is(f.scene.reply.asks && !f.scene.reply.fallback) * f.near.0;
    "only_then_asked": |f| is(f.scene.told.asks == 0 && f.earlier.asks != 0);
    "answers_whether": |f| is(f.scene.reply.answers && f.earlier.asks_for(WHETHER));
    "figures_for_figures": |f| is(f.scene.seen.figures && f.earlier.asks_for(FIGURE));
    "path_for_how": |f| is(f.scene.seen.path && f.earlier.asks_for(HOW));
    "not_the_latest": |f| is(!f.latest);
    "settled_and_asks": |f| is(f.scene.seen.asking) * f.known.0 * is(!f.scene.reply.again);
    "near_issue": |f| f.scene.pairs.issue.0;
    "issue_near_reply": |f| f.scene.pairs.issue_in_reply;
    "acknowledges": |f| is(f.scene.seen.acknowledges);
    "last_reply_answers": |f| is(f.scene.reply.last_answers);
    "han": |f| is(f.scene.seen.han);
    "han_near": |f| is(f.scene.seen.han) * f.near.0;
    "corrects": |f| f.says(Cue::Correction);
    "insists": |f| is(f.insists);
    "opens_another": |f| f.says(Cue::NextQuestion);
    "step_result": |f| f.says(Cue::StepResult);
    "told_before": |f| f.says(Cue::ToldBefore);
    "asks": |f| is(f.scene.seen.asking);
    "asks_the_same": |f| is(f.scene.told.asks & f.earlier.asks != 0);
    "asks_another": |f| is(f.scene.told.asks != 0 && f.earlier.asks != 0 && f.scene.told.asks & f.earlier.asks == 0);
    "only_now_asks": |f| is(f.scene.told.asks != 0 && f.earlier.asks == 0);
    "exclaims": |f| is(f.scene.seen.exclaims);
    "short": |f| is(f.scene.told.content.len() <= 3);
    "longer": |f| f.longer();
    "told_again_before": |f| is(f.scene.again_before);
    "crosses_handover": |f| is(f.crosses);
    "denies_reply": |f| is(f.scene.seen.denies);
    "figure_of_reply": |f| is(f.scene.seen.same_figure);
    "reply_exclaims": |f| is(!f.scene.reply.human && f.scene.seen.reply_exclaims);
    "reply_off": |f| is(!f.scene.reply.asks && !f.scene.reply.fallback) * (1.0 - f.known.0.max(f.known.1));
    "human_answers_new": |f| is(f.scene.reply.human && !f.scene.reply.deflects) * (1.0 - f.near.1);
    "near_over_handover": |f| is(f.crosses) * f.near.1;
}

/// Values of [`FEATURES`], each about 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Features(pub [f64; FEATURES.len()]);

const HOW: [Cue; 2] = [Cue::AsksHow, Cue::AsksWhere];
const FIGURE: [Cue; 2] = [Cue::AsksWhen, Cue::AsksHowMuch];
const WHETHER: [Cue; 2] = [Cue::AsksWhether, Cue::AsksWhether];

/// Everything that is read beside the earlier telling.
#[derive(Clone, Debug)]
pub(crate) struct Scene<'a> {
    /// The telling.
    pub(crate) told: &'a Told,
    /// What the desk said before it.
    pub(crate) reply: &'a Reply,
    /// The reply, ready to be compared.
    pub(crate) replied: &'a Told,
    /// What does not depend on the earlier telling.
    pub(crate) pairs: Pairs,
    /// What is seen in the words of the telling and of the reply.
    pub(crate) seen: Seen,
    /// The lines of the telling.
    pub(crate) lines: &'a [&'a Line<'a>],
    /// The customer has said something again before.
    pub(crate) again_before: bool,
}

/// So near in all words but one that a contradiction leaves no doubt.
const NEARLY_EQUAL: f64 = 0.65;

/// So little in common that two questions are two, and so short that words would tell if they were one.
const APART: f64 = 0.45;
const SHORT: usize = 3;

/// The telling and the issue against the reply, compared once for all earlier tellings.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pairs {
    /// The telling and the reply.
    pub(crate) reply: Compared,
    /// How much of the telling is in all that was told of the issue before, and the other way about.
    pub(crate) issue: (f64, f64),
    /// How much of the issue is in the reply.
    pub(crate) issue_in_reply: f64,
}

/// An earlier telling compared with the telling and with the reply.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Against {
    /// The telling and the earlier one.
    pub(crate) told: Compared,
    /// The earlier one and the reply.
    pub(crate) reply: Compared,
}

impl Scene<'_> {
    /// What no weighing of readings may overrule.
    ///
    /// Asked something particular, who neither asks nor insists nor shouts answers it, though in the
    /// words of the issue: of 132 such tellings in conversations to tune on 12 said it again. (Asked
    /// "what is it about?" by a human, who tells what the bot was told tells it again.) And the opposite
    /// of a thing, in the same words, is another thing.
    pub(crate) fn rules_out(&self, earlier: &Told, crosses: bool, told: &Compared) -> bool {
        let (there, back) = told.covered;
        let opposite = there.min(back) > NEARLY_EQUAL && told.contradict;
        opposite
            || (!crosses && self.answers(earlier))
            || self.is_next_question(earlier, there.max(back))
    }

    /// Two questions with no word in common and little else: the next one to a bot that gives its one
    /// reply to all.
    fn is_next_question(&self, earlier: &Told, near: f64) -> bool {
        near < APART
            && self.told.content.len() <= SHORT
            && earlier.content.len() <= SHORT
            && self.told.content.share_in(&earlier.content) == 0.0
            && is_question(&self.told.text)
            && is_question(&earlier.text)
            && !self.reply.fallback
            && !self.insists(earlier)
            && !self.seen.exclaims
            && !self.lines.iter().any(|line| line.cues.has(Cue::Correction))
    }

    fn answers(&self, earlier: &Told) -> bool {
        // A human who asks wants to know, whatever the answer looks like.
        if self.reply.asks && self.reply.human {
            return true;
        }
        self.reply.asks
            && !self.reply.fallback
            && !self.insists(earlier)
            && !self.seen.asking
            && !self.seen.exclaims
            && !self.lines.iter().any(|line| line.cues.has(Cue::Correction))
    }

    /// Insists, in words that the earlier telling did not have.
    fn insists(&self, earlier: &Told) -> bool {
        let insisting = self.lines.iter().filter_map(|line| line.cues.get(Cue::Insisting));
        insisting.into_iter().any(|phrase| !earlier.text.contains(phrase))
    }
}

/// A telling faced with the earlier one that it may say again.
#[expect(clippy::struct_excessive_bools, reason = "each tells one thing that was seen")]
struct Facing<'a> {
    scene: &'a Scene<'a>,
    earlier: &'a Told,
    /// The earlier telling and the reply.
    with_reply: Compared,
    /// A hand-over to a human lies between.
    crosses: bool,
    /// Nothing was told after the earlier one.
    latest: bool,
    likeness: f64,
    contradicts: bool,
    /// How much of the telling is in the earlier one, and the other way about.
    near: (f64, f64),
    /// How much of the earlier telling is in the reply, and the other way about.
    known: (f64, f64),
    near_known: f64,
    in_earlier: f64,
    in_known: f64,
    insists: bool,
}

impl<'a> Facing<'a> {
    fn new(scene: &'a Scene<'a>, earlier: &'a Told, against: Against) -> Self {
        let Scene { told, replied, pairs, .. } = scene;
        let near = against.told.covered;
        Self {
            scene,
            earlier,
            with_reply: against.reply,
            crosses: false,
            latest: false,
            likeness: against.told.score,
            contradicts: against.told.contradict,
            near,
            known: against.reply.covered,
            near_known: near.0.max(pairs.reply.covered.0),
            in_earlier: told.content.share_in(&earlier.content),
            in_known: told.content.share_in_either(&earlier.content, &replied.content),
            insists: scene.insists(earlier),
        }
    }

    fn says(&self, cue: Cue) -> f64 {
        is(self.scene.lines.iter().any(|line| line.cues.has(cue)))
    }

    /// How much longer than the earlier one, on a scale from -1 to 1.
    #[expect(clippy::cast_precision_loss, reason = "characters of a message")]
    fn longer(&self) -> f64 {
        let length = |told: &Told| told.length.max(1) as f64;
        (length(self.scene.told) / length(self.earlier)).ln().clamp(-1.5, 1.5) / 1.5
    }
}

fn is(yes: bool) -> f64 {
    f64::from(u8::from(yes))
}

impl Features {
    /// Reads a telling against the earlier one that it may say again; `crosses`: a hand-over to a human
    /// lies between; `latest`: nothing was told after it.
    #[must_use]
    pub(crate) fn of(
        scene: &Scene<'_>,
        earlier: &Told,
        crosses: bool,
        latest: bool,
        against: Against,
    ) -> Self {
        let facing = Facing { crosses, latest, ..Facing::new(scene, earlier, against) };
        Self(facing.readings())
    }
}
