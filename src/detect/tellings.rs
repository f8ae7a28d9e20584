//! Follows the issue: what the customer told, and told again (METRICS, section 4).
//!
//! A telling is one breath of the customer (messages with no reply of the desk between), requests,
//! greetings, thanks, confirmations and bare numbers left out. A telling that says the same as an
//! earlier one of the same unresolved issue, after a reply that did not settle it, is a rephrase,
//! or a repeat where it is equal after normalising; both join the chain of the earlier one. In other
//! words it is held against the latest different tellings alone (`issue`).

use std::collections::BTreeSet;

use super::Detector;
use super::bot_repetition::is_answer;
use super::issue::{Bounds, Issue};
use super::journey::Journey;
use super::reading::{Line, Reading};
use super::retold::{Against, Features, Pairs, ReadReply, Reply, RetoldModel, Scene, Seen, Told};
use crate::model::Kind;
use crate::text::memo::Memo;
use crate::text::{Cue, Similarity, Together, is_request};

/// How a telling relates to what was told before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retelling {
    /// Told for the first time.
    New,
    /// The same in other words; `to_human`: after a human's reply.
    Rephrase {
        /// The reply before it came from a human.
        to_human: bool,
    },
    /// The same in the same words.
    Repeat {
        /// The reply before it came from a human.
        to_human: bool,
    },
    /// Told to the human what the bot was told.
    ContextLoss,
}

/// One telling.
#[derive(Clone, Debug, PartialEq)]
pub struct Telling {
    /// Row of its first message with content.
    pub at: usize,
    /// Rows with content.
    pub rows: Vec<usize>,
    /// Text, normalised, as compared.
    pub text: String,
    /// Chain it belongs to.
    pub chain: usize,
    /// What it is.
    pub kind: Retelling,
    /// The earlier telling it repeats, by index.
    pub of: Option<usize>,
    /// Readings against the earlier telling it likeliest repeats, where there is one.
    pub features: Option<Features>,
}

impl Telling {
    /// As much of the text as a finding keeps: ten times what is printed of it. A telling of thousands of
    /// rows would else stand whole in each of the thousands that say it again.
    pub(super) fn shown(&self) -> &str {
        const MOST: usize = 2_000;
        let end = self.text.char_indices().nth(MOST).map_or(self.text.len(), |(at, _)| at);
        &self.text[..end]
    }
}

/// What was told in one conversation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tellings {
    /// In order.
    pub tellings: Vec<Telling>,
    /// Tellings in the longest chain; 0 = no issue told.
    pub longest_chain: u32,
}

/// Shortest content of a telling: characters of Chinese, or letters of other scripts.
const SHORTEST_HAN: usize = 3;
const SHORTEST_LETTERS: usize = 8;

/// A customer message that may tell an issue: not a request, greeting, thanks, confirmation,
/// number or the like.
#[must_use]
pub fn has_content(line: &Line<'_>) -> bool {
    const EMPTY: [Cue; 10] = [
        Cue::HumanCheck,
        Cue::SupervisorRequest,
        Cue::WaitQuestion,
        Cue::Presence,
        Cue::GivingUp,
        Cue::Thanks,
        Cue::Goodbye,
        Cue::CustomerGreeting,
        Cue::Confirmation,
        Cue::MessageAccepted,
    ];
    if !line.is_customer() || is_request(&line.cues) || line.cues.has(Cue::Withdrawal) {
        return false;
    }
    // A greeting or thanks before a real question ("你好，我的快递呢") does not empty it.
    let beside = line.beside(&EMPTY);
    if beside.found {
        beside.left.reaches(2 * SHORTEST_HAN, 2 * SHORTEST_LETTERS)
    } else {
        beside.left.reaches(SHORTEST_HAN, SHORTEST_LETTERS)
    }
}

/// What a greeting or a holding line may say beside it: a name, a number, a courtesy.
const ASIDE_HAN: usize = 12;
const ASIDE_LETTERS: usize = 36;

/// What stood between the last telling and this one.
#[derive(Clone, Debug, Default)]
struct Between {
    replied: bool,
    reply: Reply,
    /// Withdrawn, rated or closed: the issue is settled. Thanks alone settle nothing.
    settled: bool,
}

impl Between {
    /// Takes in a spoken reply.
    fn add<'r>(&mut self, line: &'r Line<'_>, replies: &mut BTreeSet<&'r str>) {
        self.replied = true;
        let reply = &mut self.reply;
        reply.text.push_str(&line.message.text);
        reply.text.push(' ');
        reply.human = line.is_human();
        reply.fallback |= line.cues.has(Cue::Fallback);
        reply.deflects |= line.cues.has(Cue::Deflection);
        reply.again |= (is_answer(line) || line.cues.has(Cue::Fallback))
            && !replies.insert(line.words.masked());
        reply.last_answers = line.cues.has(Cue::DirectAnswer) && !line.cues.has(Cue::Fallback);
        reply.answers |= reply.last_answers;
        reply.step |= line.cues.has(Cue::Step) && !line.cues.has(Cue::Fallback);
        reply.asks = line.cues.has(Cue::Question)
            && !line.cues.has(Cue::Fallback)
            && !line.cues.has(Cue::Deflection);
    }
}

/// Follows one conversation.
pub(crate) fn follow(reading: &Reading<'_>, journey: &Journey, detector: &Detector) -> Tellings {
    follow_within(reading, journey, detector, Bounds::USUAL)
}

fn follow_within(
    reading: &Reading<'_>,
    journey: &Journey,
    detector: &Detector,
    bounds: Bounds,
) -> Tellings {
    let handover = handover(reading, journey);
    let mut follower = Follower {
        reading,
        handover,
        alike: &detector.similarity,
        model: &detector.retold,
        replies: &detector.replies,
        out: Tellings::default(),
        told: Vec::new(),
        bounds,
        issue: Issue::new(0, bounds),
        chains: 0,
        between: Between::default(),
    };
    let mut breath: Vec<usize> = Vec::new();
    let mut replies = BTreeSet::new();
    for (index, line) in reading.lines.iter().enumerate() {
        if line.is_customer() {
            if line.cues.has(Cue::Withdrawal) && !has_content(line) {
                follower.between.settled = true;
            }
            if has_content(line) {
                breath.push(index);
            }
        } else if matches!(line.message.kind, Kind::Rating | Kind::Close) {
            follower.tell(&mut breath);
            follower.between.settled = true;
        } else if line.is_spoken_reply() && !is_aside(line) {
            follower.tell(&mut breath);
            follower.between.add(line, &mut replies);
        }
    }
    follower.tell(&mut breath);
    let mut out = follower.out;
    out.longest_chain = longest_chain(&out.tellings);
    out
}

/// A human's greeting or "one moment": the customer goes on telling, and nothing was answered yet.
fn is_aside(line: &Line<'_>) -> bool {
    const ASIDE: [Cue; 3] = [Cue::DeskGreeting, Cue::Holding, Cue::Thanks];
    let beside = line.beside(&ASIDE);
    line.is_human() && beside.found && !beside.left.reaches(ASIDE_HAN, ASIDE_LETTERS)
}

/// Where the customer is handed over: the join that led to the first human message, or that message;
/// `None` where no bot spoke before it.
fn handover(reading: &Reading<'_>, journey: &Journey) -> Option<usize> {
    let human = *journey.humans.first()?;
    let join = journey.joins.iter().rev().map(|(join, _)| *join).find(|join| *join < human);
    let at = join.unwrap_or(human);
    reading.lines[..at].iter().any(Line::is_bot).then_some(at)
}

/// The tellings so far, and what they are compared by.
struct Follower<'r, 'a> {
    reading: &'r Reading<'a>,
    handover: Option<usize>,
    alike: &'r Similarity,
    model: &'r RetoldModel,
    replies: &'r Memo<u8, ReadReply>,
    out: Tellings,
    told: Vec<Told>,
    bounds: Bounds,
    issue: Issue,
    /// Chains so far.
    chains: usize,
    between: Between,
}

/// An earlier telling that is said again, by index.
struct Match {
    of: usize,
    same_words: bool,
}

impl Follower<'_, '_> {
    /// Adds the breath as a telling, if it tells anything; it is empty afterwards.
    fn tell(&mut self, breath: &mut Vec<usize>) {
        let rows = std::mem::take(breath);
        let Some(&at) = rows.first() else { return };
        let between = std::mem::take(&mut self.between);
        if between.settled {
            self.issue = Issue::new(self.out.tellings.len(), self.bounds);
        }
        let reading = self.reading;
        let lines: Vec<&Line<'_>> = rows.iter().map(|i| &reading.lines[*i]).collect();
        let text = lines.iter().map(|l| l.words.plain.as_str()).collect::<Vec<_>>().join(" ");
        let told = Told::new(&text, &lines);
        let (found, features) = self.earlier(at, &text, &told, &lines, &between);
        let tellings = &self.out.tellings;
        let told_before =
            self.handover.is_some_and(|h| at > h && tellings.first().is_some_and(|t| t.at < h))
                && lines.iter().any(|line| line.cues.has(Cue::ToldBefore));
        let to_human = between.reply.human;
        let kind = match &found {
            Some(found) if self.crosses(found.of, at) => Retelling::ContextLoss,
            Some(found) if found.same_words => Retelling::Repeat { to_human },
            Some(_) => Retelling::Rephrase { to_human },
            None if told_before => Retelling::ContextLoss,
            None => Retelling::New,
        };
        let chain = match (&found, kind) {
            (Some(found), Retelling::Repeat { .. } | Retelling::Rephrase { .. }) => {
                tellings[found.of].chain
            }
            _ => self.chains,
        };
        self.chains = self.chains.max(chain + 1);
        let of = found.map(|found| found.of);
        self.out.tellings.push(Telling { at, rows, text, chain, kind, of, features });
        self.told.push(told);
        self.issue.push(&self.out.tellings, &self.told, self.handover, self.alike);
    }

    fn crosses(&self, of: usize, at: usize) -> bool {
        self.handover.is_some_and(|h| self.out.tellings[of].at < h && at > h)
    }

    /// The earlier telling of the issue that this one says again; and the readings against the likeliest,
    /// where words alone do not decide.
    fn earlier(
        &mut self,
        at: usize,
        text: &str,
        told: &Told,
        lines: &[&Line<'_>],
        between: &Between,
    ) -> (Option<Match>, Option<Features>) {
        let tellings = &self.out.tellings;
        if !between.replied || tellings.len() <= self.issue.from() {
            return (None, None);
        }
        if let Some(of) = self.issue.same_words(tellings, text) {
            return (Some(Match { of, same_words: true }), None);
        }
        let said = &between.reply.text;
        let alike = self.alike;
        let replied = self.replies.get(0, said, || ReadReply::new(said));
        let (words, answer) = (told.prepared(alike), replied.told.prepared(alike));
        let reply = alike.compare(words, answer);
        // Each earlier telling is compared with the telling and the reply at most once.
        let earlier = self.issue.different(tellings.len());
        let mut all = Together::new(words, answer);
        let against = |n: &usize| {
            let (told, reply) = all.add(self.told[*n].prepared(alike));
            Against { told, reply }
        };
        let known: Vec<Against> = earlier.iter().map(against).collect();
        let whole = earlier.len() == tellings.len() - self.issue.from();
        let (issue, issue_in_reply) = all.covered().filter(|_| whole).unwrap_or_else(|| {
            let issue = self.issue.outline(&self.told, alike);
            (alike.covers(words, issue), alike.covers(answer, issue).1)
        });
        let scene = Scene {
            pairs: Pairs { reply, issue, issue_in_reply },
            seen: Seen::new(lines, &between.reply, replied.said),
            told,
            reply: &between.reply,
            replied: &replied.told,
            lines,
            again_before: self.issue.again(),
        };
        let likeliest = |from: usize| {
            // The latest of equals.
            let those = from..earlier.len();
            those
                .map(|n| (earlier[n], self.judge(&scene, earlier[n], at, &known[n])))
                .max_by(|a, b| a.1.0.total_cmp(&b.1.0))
        };
        // Whoever told the human already tells the human again.
        let least = self.model.threshold;
        let to_human = self
            .handover
            .filter(|h| at > *h)
            .map(|h| earlier.partition_point(|i| tellings[*i].at < h))
            .and_then(&likeliest)
            .filter(|(_, (p, _))| *p >= least);
        match to_human.or_else(|| likeliest(0)) {
            Some((of, (p, features))) if p >= least => {
                (Some(Match { of, same_words: false }), Some(features))
            }
            likeliest => (None, likeliest.map(|(_, (_, features))| features)),
        }
    }

    /// How likely the telling at this row says an earlier one, by index, again.
    fn judge(
        &self,
        scene: &Scene<'_>,
        earlier: usize,
        at: usize,
        against: &Against,
    ) -> (f64, Features) {
        let crosses = self.crosses(earlier, at);
        let latest = earlier + 1 == self.out.tellings.len();
        let told = &self.told[earlier];
        let features = Features::of(scene, told, crosses, latest, *against);
        let ruled_out = scene.rules_out(told, crosses, &against.told);
        (if ruled_out { 0.0 } else { self.model.probability(&features) }, features)
    }
}

pub(super) fn longest_chain(tellings: &[Telling]) -> u32 {
    let mut sizes = std::collections::BTreeMap::new();
    for t in tellings {
        *sizes.entry(t.chain).or_insert(0) += 1;
    }
    sizes.values().copied().max().unwrap_or(0)
}

#[cfg(test)]
mod tests;
