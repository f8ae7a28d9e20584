//! Follows the issue: what the customer told, and told again (METRICS, section 4).
//!
//! A telling is one breath of the customer (messages with no reply of the desk between), requests,
//! greetings, thanks, confirmations and bare numbers left out. A telling that says the same as an
//! earlier one of the same unresolved issue, after a reply that did not settle it, is a rephrase,
//! or a repeat where it is equal after normalising; both join the chain of the earlier one.

use super::journey::Journey;
use super::reading::{Line, Reading};
use crate::text::{Cue, Similarity, is_request, normalise};

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
    let text = normalise(&line.message.text);
    let han = text.chars().filter(|c| is_han(*c)).count();
    let letters = text.chars().filter(|c| c.is_alphabetic() && !is_han(*c)).count();
    if han < SHORTEST_HAN && letters < SHORTEST_LETTERS {
        return false;
    }
    // A greeting or thanks before a real question ("你好，我的快递呢") does not empty it.
    let polite = EMPTY.into_iter().any(|cue| line.cues.has(cue));
    !polite || han >= 4 * SHORTEST_HAN || letters >= 4 * SHORTEST_LETTERS
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{2ffff}')
}

/// What stood between the last telling and this one.
#[derive(Clone, Copy, Debug, Default)]
struct Between {
    replied: bool,
    human_replied: bool,
    /// The last spoken reply asks something particular.
    asked: bool,
    /// Thanked, withdrawn, rated or closed: the issue is settled.
    settled: bool,
}

/// Follows one conversation.
pub(crate) fn follow(reading: &Reading<'_>, journey: &Journey, alike: &Similarity) -> Tellings {
    let handover = handover(reading, journey);
    let mut walk = Walk { reading, alike, handover, issue_from: 0, out: Tellings::default() };
    let mut between = Between::default();
    let mut breath: Vec<usize> = Vec::new();
    for (index, line) in reading.lines.iter().enumerate() {
        if line.is_customer() {
            if line.cues.has(Cue::Thanks) || line.cues.has(Cue::Withdrawal) {
                between.settled = true;
            }
            if has_content(line) {
                breath.push(index);
            }
        } else if line.is_spoken_reply() {
            if walk.tell(&breath, between) {
                between = Between::default();
            }
            breath.clear();
            between.replied = true;
            between.human_replied = line.is_human();
            between.asked = line.cues.has(Cue::Question)
                && !line.cues.has(Cue::Fallback)
                && !line.cues.has(Cue::Deflection);
        }
    }
    walk.tell(&breath, between);
    walk.out.longest_chain = longest_chain(&walk.out.tellings);
    walk.out
}

/// Row where the bot handed over to the first human: their join, else their first message. `None`
/// where no human came or no bot was there to be told anything.
fn handover(reading: &Reading<'_>, journey: &Journey) -> Option<usize> {
    let human = *journey.humans.first()?;
    let join = journey.joins.iter().map(|(i, _)| *i).rfind(|i| *i < human).unwrap_or(human);
    reading.lines[..join].iter().any(Line::is_bot).then_some(join)
}

struct Walk<'r, 'a> {
    reading: &'r Reading<'a>,
    alike: &'r Similarity,
    handover: Option<usize>,
    /// First telling of the unresolved issue.
    issue_from: usize,
    out: Tellings,
}

impl Walk<'_, '_> {
    /// Adds the breath as a telling; false where it tells nothing.
    fn tell(&mut self, breath: &[usize], between: Between) -> bool {
        let Some(&at) = breath.first() else { return false };
        let tellings = &self.out.tellings;
        if between.settled {
            self.issue_from = tellings.len();
        }
        let text = breath
            .iter()
            .map(|i| normalise(&self.reading.lines[*i].message.text))
            .collect::<Vec<_>>()
            .join(" ");
        let of = between.replied.then(|| self.earlier(at, &text, between)).flatten();
        let cues_have = |cue| breath.iter().any(|i| self.reading.lines[*i].cues.has(cue));
        let told_before = self.handed_over(at)
            && tellings.iter().any(|t| !self.handed_over(t.at))
            && cues_have(Cue::ToldBefore);
        let kind = match of {
            Some(i) if self.handed_over(at) && !self.handed_over(tellings[i].at) => {
                Retelling::ContextLoss
            }
            Some(i) if same_words(&tellings[i].text, &text) => {
                Retelling::Repeat { to_human: between.human_replied }
            }
            Some(_) => Retelling::Rephrase { to_human: between.human_replied },
            None if told_before => Retelling::ContextLoss,
            None => Retelling::New,
        };
        let chain = match (of, kind) {
            (Some(i), Retelling::Repeat { .. } | Retelling::Rephrase { .. }) => tellings[i].chain,
            _ => tellings.iter().map(|t| t.chain + 1).max().unwrap_or(0),
        };
        self.out.tellings.push(Telling { at, rows: breath.to_vec(), text, chain, kind, of });
        true
    }

    fn handed_over(&self, row: usize) -> bool {
        self.handover.is_some_and(|h| row > h)
    }

    /// The telling that this one tells again. What the human was told goes before what the bot was
    /// told: only the first time is the human told what the bot knew.
    fn earlier(&self, at: usize, text: &str, between: Between) -> Option<usize> {
        let tellings = &self.out.tellings;
        let to_human = tellings.iter().take_while(|t| !self.handed_over(t.at)).count();
        let step_result = self.reading.lines[at].cues.has(Cue::StepResult);
        // A human's opening question is answered with what the bot was told: no answer, a loss.
        let opening = self.handed_over(at) && to_human == tellings.len();
        let answers = step_result || (between.asked && !opening);
        [to_human, 0].into_iter().find_map(|from| {
            let from = from.max(self.issue_from);
            best_match(&tellings[from..], text, self.alike)
                .map(|i| i + from)
                .filter(|i| !answers || same_words(&tellings[*i].text, text))
        })
    }
}

/// The latest earlier telling that is equal, else the most similar one at or over the threshold.
fn best_match(tellings: &[Telling], text: &str, alike: &Similarity) -> Option<usize> {
    if let Some(i) = tellings.iter().rposition(|t| same_words(&t.text, text)) {
        return Some(i);
    }
    let mut best: Option<(usize, f64)> = None;
    for (i, telling) in tellings.iter().enumerate() {
        let score = alike.score(&telling.text, text);
        if score >= Similarity::THRESHOLD && best.is_none_or(|(_, b)| score >= b) {
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
