//! The readings of one telling against what was told and replied before it.

use crate::detect::reading::Line;
use crate::text::normalise::is_han;
use crate::text::overlap::Content;
use crate::text::{Cue, Prepared, Similarity};

/// Names of the readings, as model files list them.
pub const FEATURES: [&str; 59] = [
    "likeness",
    "contradicts",
    "likeness_contradicted",
    "likeness_high",
    "near_earlier",
    "earlier_near",
    "earlier_near_reply",
    "near_reply_alone",
    "shared_with_earlier",
    "earlier_shared",
    "reply_like_earlier",
    "reply_shares_earlier",
    "shared_with_reply_alone",
    "likeness_to_reply",
    "new_content",
    "reply_is_fallback",
    "reply_deflects",
    "reply_again",
    "reply_asks",
    "reply_suggests_step",
    "reply_has_figures",
    "reply_by_human",
    "reply_answers",
    "scolds",
    "step_and_result",
    "insists_off_reply",
    "answers_asked",
    "asks_after_answer",
    "takes_up_reply",
    "at_the_desk",
    "disputes_reply",
    "likeness_when_asked",
    "only_then_asked",
    "answers_whether",
    "figures_for_figures",
    "path_for_how",
    "not_the_latest",
    "settled_and_asks",
    "near_issue",
    "issue_near_reply",
    "acknowledges",
    "last_reply_answers",
    "han",
    "han_near",
    "corrects",
    "insists",
    "opens_another",
    "step_result",
    "told_before",
    "asks",
    "asks_the_same",
    "asks_another",
    "only_now_asks",
    "exclaims",
    "short",
    "longer",
    "told_again_before",
    "crosses_handover",
    "near_over_handover",
];

/// Values of [`FEATURES`], each about 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Features(pub [f64; FEATURES.len()]);

/// What a question may ask for.
const ASKS: [Cue; 7] = [
    Cue::AsksHow,
    Cue::AsksWhen,
    Cue::AsksHowMuch,
    Cue::AsksWhere,
    Cue::AsksWhy,
    Cue::AsksWhether,
    Cue::AsksWhat,
];

const HOW: [Cue; 2] = [Cue::AsksHow, Cue::AsksWhere];
const FIGURE: [Cue; 2] = [Cue::AsksWhen, Cue::AsksHowMuch];
const WHETHER: [Cue; 2] = [Cue::AsksWhether, Cue::AsksWhether];

/// A telling, ready to be compared.
#[derive(Clone, Debug)]
pub struct Told {
    /// Its text, normalised.
    pub text: String,
    /// For likeness.
    pub prepared: Prepared,
    /// For shared content.
    pub content: Content,
    /// Characters.
    pub length: usize,
    /// What it asks for, a bit for each kind of question.
    pub asks: u16,
}

impl Told {
    /// Reads the text of a telling.
    #[must_use]
    pub fn new(text: &str, lines: &[&Line<'_>], alike: &Similarity) -> Self {
        let asks =
            ASKS.iter().enumerate().filter(|(_, cue)| lines.iter().any(|l| l.cues.has(**cue)));
        Self {
            text: text.to_owned(),
            asks: asks.fold(0, |bits, (i, _)| bits | 1 << i),
            prepared: alike.prepare(text),
            content: Content::of(text),
            length: text.chars().filter(|c| c.is_alphanumeric()).count(),
        }
    }
}

impl Told {
    fn asks_for(&self, cues: [Cue; 2]) -> bool {
        ASKS.iter().enumerate().any(|(i, cue)| cues.contains(cue) && self.asks & (1 << i) != 0)
    }
}

/// What the desk said between the last telling and this one.
#[expect(clippy::struct_excessive_bools, reason = "each tells one thing that was seen")]
#[derive(Clone, Debug, Default)]
pub struct Reply {
    /// All of it.
    pub text: String,
    /// The bot did not understand.
    pub fallback: bool,
    /// Asked for something else, or offered it.
    pub deflects: bool,
    /// The same as a reply before.
    pub again: bool,
    /// The last line asks something particular.
    pub asks: bool,
    /// Answers outright.
    pub answers: bool,
    /// The last line answers outright.
    pub last_answers: bool,
    /// Suggests a step.
    pub step: bool,
    /// The last line is a human's.
    pub human: bool,
}

/// Everything that is read beside the earlier telling.
#[derive(Clone, Debug)]
pub(crate) struct Scene<'a> {
    /// The telling.
    pub(crate) told: &'a Told,
    /// What the desk said before it.
    pub(crate) reply: &'a Reply,
    /// The reply, ready to be compared.
    pub(crate) replied: &'a Told,
    /// All that was told of the issue before it.
    pub(crate) issue: &'a Told,
    /// The lines of the telling.
    pub(crate) lines: &'a [&'a Line<'a>],
    /// The customer has said something again before.
    pub(crate) again_before: bool,
}

/// So near in all words but one that a contradiction leaves no doubt.
const NEARLY_EQUAL: f64 = 0.65;

impl Scene<'_> {
    /// What no weighing of readings may overrule.
    ///
    /// Asked something particular, who neither asks nor insists nor shouts answers it, though in the
    /// words of the issue: of 132 such tellings in conversations to tune on 12 said it again. (Asked
    /// "what is it about?" by a human, who tells what the bot was told tells it again.) And the opposite
    /// of a thing, in the same words, is another thing.
    pub(crate) fn rules_out(&self, earlier: &Told, crosses: bool, alike: &Similarity) -> bool {
        let (there, back) = alike.covered(&self.told.prepared, &earlier.prepared);
        let opposite = there.min(back) > NEARLY_EQUAL
            && alike.contradict(&self.told.prepared, &earlier.prepared);
        opposite || (!crosses && self.answers(earlier))
    }

    fn answers(&self, earlier: &Told) -> bool {
        self.reply.asks
            && !self.reply.fallback
            && !self.insists(earlier)
            && !self.lines.iter().any(|line| {
                let text = &line.message.text;
                asks(text) || exclaims(text) || line.cues.has(Cue::Correction)
            })
    }

    /// Insists, in words that the earlier telling did not have.
    fn insists(&self, earlier: &Told) -> bool {
        let insisting = self.lines.iter().filter_map(|line| line.cues.get(Cue::Insisting));
        insisting.into_iter().any(|phrase| !earlier.text.contains(phrase))
    }
}

impl Features {
    /// Reads a telling against the earlier one that it may say again; `crosses`: a hand-over to a human
    /// lies between; `latest`: nothing was told after it.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "characters of a message")]
    pub(crate) fn of(
        scene: &Scene<'_>,
        earlier: &Told,
        crosses: bool,
        latest: bool,
        alike: &Similarity,
    ) -> Self {
        let Scene { told, reply, replied, issue, lines, again_before } = scene;
        let likeness = alike.score_prepared(&told.prepared, &earlier.prepared);
        let near = alike.covered(&told.prepared, &earlier.prepared);
        // How much of the earlier telling the reply speaks of.
        let known = alike.covered(&earlier.prepared, &replied.prepared);
        let near_known = near.0.max(alike.covered(&told.prepared, &replied.prepared).0);
        let asking = lines.iter().any(|line| asks(&line.message.text));
        let insists = scene.insists(earlier);
        let figures = reply.text.chars().any(|c| c.is_ascii_digit());
        let path = reply.step || reply.text.contains(['“', '「', '【', '>', '-', '"', '→']);
        let han = lines.iter().any(|line| line.message.text.chars().any(is_han));
        let in_earlier = told.content.share_in(&earlier.content);
        let in_known = told.content.share_in_either(&earlier.content, &replied.content);
        let is = |yes: bool| f64::from(u8::from(yes));
        let says = |cue: Cue| is(lines.iter().any(|line| line.cues.has(cue)));
        let ratio = told.length.max(1) as f64 / earlier.length.max(1) as f64;
        let contradicts = alike.contradict(&told.prepared, &earlier.prepared);
        Self([
            likeness,
            is(contradicts),
            likeness * is(contradicts),
            (likeness - 0.5).max(0.0) * 2.0,
            near.0,
            near.1,
            known.0,
            (near_known - near.0).max(0.0),
            in_earlier,
            earlier.content.share_in(&told.content),
            alike.score_prepared(&replied.prepared, &earlier.prepared),
            earlier.content.share_in(&replied.content),
            in_known - in_earlier,
            alike.score_prepared(&replied.prepared, &told.prepared),
            if told.content.is_empty() { 0.0 } else { 1.0 - in_known },
            is(reply.fallback),
            is(reply.deflects),
            is(reply.again),
            is(reply.asks && !reply.fallback),
            is(reply.step),
            is(figures),
            is(reply.human),
            is(reply.answers),
            says(Cue::Scolding),
            is(reply.step) * says(Cue::StepResult),
            is(insists) * (1.0 - known.0),
            is(reply.asks && !reply.fallback) * (1.0 - is(asking)),
            is(reply.answers) * is(asking),
            is(takes_up(&lines[0].message.text, &reply.text)),
            is(lines.iter().any(|line| addresses(&line.message.text))) * (1.0 - near.0),
            is(alike.contradict(&told.prepared, &replied.prepared)),
            is(reply.asks && !reply.fallback) * near.0,
            is(told.asks == 0 && earlier.asks != 0),
            is(reply.answers && earlier.asks_for(WHETHER)),
            is(figures && earlier.asks_for(FIGURE)),
            is(path && earlier.asks_for(HOW)),
            is(!latest),
            is(asking) * known.0 * is(!reply.again),
            alike.covered(&told.prepared, &issue.prepared).0,
            alike.covered(&issue.prepared, &replied.prepared).0,
            is(acknowledges(&lines[0].message.text)),
            is(reply.last_answers),
            is(han),
            is(han) * near.0,
            says(Cue::Correction),
            is(insists),
            says(Cue::NextQuestion),
            says(Cue::StepResult),
            says(Cue::ToldBefore),
            is(asking),
            is(told.asks & earlier.asks != 0),
            is(told.asks != 0 && earlier.asks != 0 && told.asks & earlier.asks == 0),
            is(told.asks != 0 && earlier.asks == 0),
            is(lines.iter().any(|line| exclaims(&line.message.text))),
            is(told.content.len() <= 3),
            ratio.ln().clamp(-1.5, 1.5) / 1.5,
            is(*again_before),
            is(crosses),
            is(crosses) * near.1,
        ])
    }
}

/// Begins by saying that what the reply named was done: 重启过了, "reinstalled".
fn takes_up(text: &str, reply: &str) -> bool {
    let start: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).take(6).collect();
    let done = start.windows(2).take(4).any(|two| {
        matches!(two[1], '了' | '过' | '完') && is_han(two[0]) && reply.contains(two[0])
    });
    let word = text.split_whitespace().next().unwrap_or_default().to_lowercase();
    let verb = word.trim_matches(|c: char| !c.is_alphabetic()).strip_suffix("ed");
    done || verb.is_some_and(|verb| verb.len() > 2 && reply.to_lowercase().contains(verb))
}

/// Begins by taking in what was replied.
fn acknowledges(text: &str) -> bool {
    const WORDS: [&str; 24] = [
        "ok",
        "okay",
        "alright",
        "great",
        "good",
        "got it",
        "i see",
        "thanks",
        "thank you",
        "cool",
        "fine",
        "perfect",
        "ah",
        "oh",
        "好",
        "行",
        "哦",
        "嗯",
        "知道",
        "明白",
        "收到",
        "谢",
        "了解",
        "原来",
    ];
    let lower = text.trim_start().to_lowercase();
    WORDS.iter().any(|word| lower.starts_with(word))
}

/// Speaks of the desk, to its face.
fn addresses(text: &str) -> bool {
    let lower = text.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric() && c != '\'');
    text.contains(['你', '您'])
        || text.contains("机器人")
        || words
            .into_iter()
            .any(|word| matches!(word, "you" | "u" | "your" | "ur" | "bot" | "youre" | "you're"))
}

/// A question by its mark or by its words.
fn asks(text: &str) -> bool {
    const WORDS: [&str; 12] = [
        "吗",
        "么",
        "怎",
        "哪",
        "几",
        "多少",
        "多久",
        "能不能",
        "可不可以",
        "呢",
        "为啥",
        "是不是",
    ];
    text.contains(['?', '？']) || WORDS.iter().any(|word| text.contains(word))
}

/// Exclamation marks in a row, or capitals throughout.
fn exclaims(text: &str) -> bool {
    let capitals = text.chars().filter(|c| c.is_uppercase()).count();
    let others = text.chars().filter(|c| c.is_lowercase()).count();
    text.matches(['!', '！']).count() >= 2 || (capitals > others && capitals >= 6)
}
