//! Follows the issue: what the customer told, and told again (METRICS, section 4).
//!
//! A telling is one breath of the customer (messages with no reply of the desk between), requests,
//! greetings, thanks, confirmations and bare numbers left out. A telling that says the same as an
//! earlier one of the same unresolved issue, after a reply that did not settle it, is a rephrase,
//! or a repeat where it is equal after normalising; both join the chain of the earlier one.

use std::collections::BTreeSet;

use super::bot_repetition::is_answer;
use super::journey::Journey;
use super::reading::{Line, Reading};
use crate::model::Kind;
use crate::text::{Cue, Similarity, is_request, mask, normalise};

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
#[derive(Clone, Debug, PartialEq, Eq)]
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
}

/// What was told in one conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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
    const EMPTY: [Cue; 11] = [
        Cue::HumanCheck,
        Cue::SupervisorRequest,
        Cue::WaitQuestion,
        Cue::Presence,
        Cue::Withdrawal,
        Cue::GivingUp,
        Cue::Thanks,
        Cue::Goodbye,
        Cue::CustomerGreeting,
        Cue::Confirmation,
        Cue::MessageAccepted,
    ];
    if !line.is_customer() || is_request(&line.cues) {
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

/// After a reply that failed, or where the customer says that they correct themselves, it is likely
/// that they tell the same again: less likeness is asked for. Of pairs of messages of one customer
/// in real chats 3 in 100 lie over it, against 1 in 100 over [`Similarity::THRESHOLD`].
const LIKELY_THRESHOLD: f64 = 0.42;

/// Told "I did not understand", a customer who goes on says the same in other words or drops it:
/// some likeness is enough (8 in 100 of such pairs have as much by chance).
const ASKED_TO_REPHRASE_THRESHOLD: f64 = 0.25;

/// What stood between the last telling and this one.
#[expect(clippy::struct_excessive_bools, reason = "each tells one thing that was seen")]
#[derive(Clone, Copy, Debug, Default)]
struct Between {
    replied: bool,
    human_replied: bool,
    /// The last spoken reply asks something particular.
    asked: bool,
    /// The reply failed: deflected, or the same as one before.
    failed: bool,
    /// The bot did not understand.
    fallback: bool,
    /// Withdrawn, rated or closed: the issue is settled. Thanks alone settle nothing.
    settled: bool,
}

/// Follows one conversation.
pub(crate) fn follow(reading: &Reading<'_>, journey: &Journey, alike: &Similarity) -> Tellings {
    let handover = handover(reading, journey);
    let mut out = Tellings::default();
    let mut between = Between::default();
    let mut issue_from = 0;
    let mut breath: Vec<usize> = Vec::new();
    let mut replies = BTreeSet::new();
    for (index, line) in reading.lines.iter().enumerate() {
        if line.is_customer() {
            if line.cues.has(Cue::Withdrawal) && !has_content(line) {
                between.settled = true;
            }
            if has_content(line) {
                breath.push(index);
            }
        } else if matches!(line.message.kind, Kind::Rating | Kind::Close) {
            if tell(reading, &mut out, &breath, &mut issue_from, between, handover, alike) {
                between = Between::default();
            }
            breath.clear();
            between.settled = true;
        } else if line.is_spoken_reply() {
            if tell(reading, &mut out, &breath, &mut issue_from, between, handover, alike) {
                between = Between::default();
            }
            breath.clear();
            between.replied = true;
            between.human_replied = line.is_human();
            between.fallback |= line.cues.has(Cue::Fallback);
            between.failed |= line.cues.has(Cue::Deflection)
                || (is_answer(line) && !replies.insert(mask(&line.message.text)));
            between.asked = line.cues.has(Cue::Question)
                && !line.cues.has(Cue::Fallback)
                && !line.cues.has(Cue::Deflection);
        }
    }
    tell(reading, &mut out, &breath, &mut issue_from, between, handover, alike);
    out.longest_chain = longest_chain(&out.tellings);
    out
}

/// Where the customer is handed over: the join that led to the first human message, or that message;
/// `None` where no bot spoke before it.
fn handover(reading: &Reading<'_>, journey: &Journey) -> Option<usize> {
    let human = *journey.humans.first()?;
    let join = journey.joins.iter().rev().map(|(join, _)| *join).find(|join| *join < human);
    let at = join.unwrap_or(human);
    reading.lines[..at].iter().any(Line::is_bot).then_some(at)
}

/// Adds the breath as a telling; false where it tells nothing.
fn tell(
    reading: &Reading<'_>,
    out: &mut Tellings,
    breath: &[usize],
    issue_from: &mut usize,
    between: Between,
    handover: Option<usize>,
    alike: &Similarity,
) -> bool {
    let Some(&at) = breath.first() else { return false };
    if between.settled {
        *issue_from = out.tellings.len();
    }
    let text = breath
        .iter()
        .map(|i| normalise(&reading.lines[*i].message.text))
        .collect::<Vec<_>>()
        .join(" ");
    let kind_of = |i: usize| {
        let earlier: &Telling = &out.tellings[i];
        let same = same_words(&earlier.text, &text);
        let crosses = handover.is_some_and(|h| earlier.at < h && at > h);
        if crosses {
            Retelling::ContextLoss
        } else if same {
            Retelling::Repeat { to_human: between.human_replied }
        } else {
            Retelling::Rephrase { to_human: between.human_replied }
        }
    };
    let answers = between.asked || reading.lines[at].cues.has(Cue::StepResult);
    let of = between
        .replied
        .then(|| {
            let corrects = reading.lines[at].cues.has(Cue::Correction);
            // Who has said it twice is likely to be saying it a third time.
            let insists = out.tellings[*issue_from..].iter().any(|t| t.kind != Retelling::New);
            let likely = between.failed || corrects || insists;
            let threshold = match (between.fallback, likely) {
                (true, _) => ASKED_TO_REPHRASE_THRESHOLD,
                (false, true) => LIKELY_THRESHOLD,
                (false, false) => Similarity::THRESHOLD,
            };
            let find = |from: usize| {
                best_match(&out.tellings[from..], &text, alike, threshold).map(|i| i + from)
            };
            // Whoever told the human already tells the human again.
            let told_human = handover
                .filter(|h| at > *h)
                .map(|h| out.tellings.partition_point(|t| t.at < h).max(*issue_from));
            told_human.and_then(find).or_else(|| find(*issue_from))
        })
        .flatten()
        // Asked "what is it about?", who tells the human what the bot was told tells it again.
        .filter(|i| {
            let earlier = &out.tellings[*i];
            let crosses = handover.is_some_and(|h| earlier.at < h && at > h);
            !answers || crosses || same_words(&earlier.text, &text)
        });
    let told_before = handover.is_some_and(|h| at > h && out.tellings.iter().any(|t| t.at < h))
        && breath.iter().any(|i| reading.lines[*i].cues.has(Cue::ToldBefore));
    let kind = match of {
        Some(i) => kind_of(i),
        None if told_before => Retelling::ContextLoss,
        None => Retelling::New,
    };
    let chain = match (of, kind) {
        (Some(i), Retelling::Repeat { .. } | Retelling::Rephrase { .. }) => out.tellings[i].chain,
        _ => out.tellings.iter().map(|t| t.chain + 1).max().unwrap_or(0),
    };
    out.tellings.push(Telling { at, rows: breath.to_vec(), text, chain, kind, of });
    true
}

/// The latest earlier telling that is equal, else the most similar one at or over the threshold.
fn best_match(
    tellings: &[Telling],
    text: &str,
    alike: &Similarity,
    threshold: f64,
) -> Option<usize> {
    if let Some(i) = tellings.iter().rposition(|t| same_words(&t.text, text)) {
        return Some(i);
    }
    let mut best: Option<(usize, f64)> = None;
    for (i, telling) in tellings.iter().enumerate() {
        let score = alike.score(&telling.text, text);
        if score >= threshold && best.is_none_or(|(_, b)| score >= b) {
            best = Some((i, score));
        }
    }
    best.map(|(i, _)| i)
}

/// Equal but for punctuation, space and symbols.
fn same_words(a: &str, b: &str) -> bool {
    let words = |text| str::chars(text).filter(|c| c.is_alphanumeric());
    words(a).eq(words(b))
}

fn longest_chain(tellings: &[Telling]) -> u32 {
    let mut sizes = std::collections::BTreeMap::new();
    for t in tellings {
        *sizes.entry(t.chain).or_insert(0) += 1;
    }
    sizes.values().copied().max().unwrap_or(0)
}
