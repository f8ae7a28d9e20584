//! Loop: a maximal cycle of customer and bot turns of the same meaning, three times or more,
//! without a human (the CFPB's "doom loop"). Requests and the replies to them count too.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::bot_repetition::is_answer;
use super::reading::Reading;
use super::{Scene, inferred};
use crate::model::{Finding, Rule};
use crate::text::memo::Memo;
use crate::text::{Cue, Prepared, Similarity, Words, is_request};

/// Times round before it is a loop.
const TIMES: usize = 3;
/// Longest cycle looked for, in exchanges.
const LONGEST_PERIOD: usize = 3;
/// Different answers of one exchange that are held against those of another by meaning, the first. A bot
/// that says more than this before the customer speaks again is answering nobody.
const MOST_ANSWERS: usize = 50;

/// What the customer said, and what the bot answered.
#[derive(Debug)]
struct Exchange {
    at: usize,
    /// Row after its last customer message.
    until: usize,
    /// Chain of the issue told in it.
    chain: Option<usize>,
    asked: bool,
    said: String,
    /// What was said, ready to be compared, once it was.
    prepared: OnceCell<Prepared>,
    answers: Vec<Arc<Words>>,
    /// The first different answers, ready to be compared, once they were.
    prepared_answers: OnceCell<Vec<Arc<Prepared>>>,
    failed: bool,
}

/// How alike messages are, with those of the bot made ready already.
#[derive(Clone, Copy)]
struct Judge<'a> {
    alike: &'a Similarity,
    prepared: &'a Memo<u8, Prepared>,
}

/// One finding per loop, at the customer message where the third round begins.
pub(crate) fn find(scene: Scene<'_>, out: &mut Vec<Finding>) {
    // A loop needs as many messages of the customer.
    if scene.reading.lines.iter().filter(|line| line.is_customer()).nth(TIMES - 1).is_none() {
        return;
    }
    let judge = Judge { alike: scene.similarity, prepared: scene.prepared };
    let mut tellings = scene.tellings.tellings.iter().peekable();
    for mut part in exchanges(scene.reading) {
        for exchange in &mut part {
            // Both in the order of rows.
            while tellings.next_if(|t| t.at < exchange.at).is_some() {}
            exchange.chain = tellings.peek().filter(|t| t.at < exchange.until).map(|t| t.chain);
        }
        let mut i = 0;
        while i < part.len() {
            // What is left must hold the cycle often enough.
            let longest = LONGEST_PERIOD.min((part.len() - i) / TIMES);
            let found = (1..=longest).find_map(|period| {
                let run = run_length(&part[i..], period, judge);
                (run >= TIMES * period).then_some((period, run))
            });
            if let Some((period, run)) = found {
                let at = part[i + (TIMES - 1) * period].at;
                out.push(inferred(Rule::Loop, at, format!("{}x", run / period)));
                i += run;
            } else {
                i += 1;
            }
        }
    }
}

/// Exchanges of customer and bot, cut where a human speaks.
fn exchanges(reading: &Reading<'_>) -> Vec<Vec<Exchange>> {
    let mut parts = vec![Vec::new()];
    let mut turn: Option<Exchange> = None;
    for (i, line) in reading.lines.iter().enumerate() {
        let part = parts.last_mut().expect("there is always a part");
        if line.is_customer() {
            if let Some(done) = turn.take_if(|t| !t.answers.is_empty()) {
                part.push(done);
            }
            let turn = turn.get_or_insert_with(|| Exchange {
                at: i,
                until: i,
                chain: None,
                asked: false,
                said: String::new(),
                prepared: OnceCell::new(),
                answers: Vec::new(),
                prepared_answers: OnceCell::new(),
                failed: false,
            });
            turn.until = i + 1;
            turn.asked |= is_request(&line.cues);
            if !turn.said.is_empty() {
                turn.said.push(' ');
            }
            turn.said += &line.words.plain;
        } else if line.is_human() {
            part.extend(turn.take_if(|t| !t.answers.is_empty()));
            turn = None;
            parts.push(Vec::new());
        } else if let Some(turn) = turn.as_mut().filter(|_| is_answer(line)) {
            turn.answers.push(Arc::clone(&line.words));
            turn.failed |= line.cues.has(Cue::Fallback) || line.cues.has(Cue::Deflection);
        }
    }
    if let Some(part) = parts.last_mut() {
        part.extend(turn.take_if(|t| !t.answers.is_empty()));
    }
    parts
}

/// How many exchanges from the first on repeat with this period (0 where not even one does).
fn run_length(part: &[Exchange], period: usize, judge: Judge<'_>) -> usize {
    let repeats =
        part.iter().zip(part.iter().skip(period)).take_while(|(a, b)| judge.same(a, b)).count();
    if repeats == 0 { 0 } else { repeats + period }
}

impl Judge<'_> {
    fn same(self, a: &Exchange, b: &Exchange) -> bool {
        self.same_answer(a, b) && self.same_question(a, b)
    }

    fn same_answer(self, a: &Exchange, b: &Exchange) -> bool {
        (a.failed && b.failed) || shares_a_text(&a.answers, &b.answers) || {
            let (a, b) = (self.answers(a), self.answers(b));
            a.iter()
                .any(|x| b.iter().any(|y| self.alike.score_prepared(x, y) >= Similarity::THRESHOLD))
        }
    }

    fn answers(self, exchange: &Exchange) -> &[Arc<Prepared>] {
        exchange.prepared_answers.get_or_init(|| {
            let mut seen = BTreeSet::new();
            let different = exchange.answers.iter().map(|a| a.masked()).filter(|a| seen.insert(*a));
            different
                .take(MOST_ANSWERS)
                .map(|text| self.prepared.get(0, text, || self.alike.prepare(text)))
                .collect()
        })
    }

    fn same_question(self, a: &Exchange, b: &Exchange) -> bool {
        let told = a.chain.is_some() && a.chain == b.chain;
        (a.asked && b.asked)
            || told
            || a.said == b.said
            || self.alike.score_prepared(self.said(a), self.said(b)) >= Similarity::THRESHOLD
    }

    fn said(self, exchange: &Exchange) -> &Prepared {
        exchange.prepared.get_or_init(|| self.alike.prepare_normalised(&exchange.said))
    }
}

/// Whether an answer of the one is, masked, one of the other.
fn shares_a_text(a: &[Arc<Words>], b: &[Arc<Words>]) -> bool {
    /// Up to here looking through all takes no longer.
    const FEW: usize = 8;
    if a.len() <= FEW || b.len() <= FEW {
        return a.iter().any(|x| b.iter().any(|y| x.masked() == y.masked()));
    }
    let texts: BTreeSet<&str> = a.iter().map(|x| x.masked()).collect();
    b.iter().any(|y| texts.contains(y.masked()))
}
