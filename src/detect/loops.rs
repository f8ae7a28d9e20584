//! Loop: a maximal cycle of customer and bot turns of the same meaning, three times or more,
//! without a human (the CFPB's "doom loop"). Requests and the replies to them count too.

use super::bot_repetition::is_answer;
use super::reading::Reading;
use super::tellings::Telling;
use super::{Scene, inferred};
use crate::model::{Finding, Rule};
use crate::text::{Cue, Similarity, is_request, mask, normalise};

/// Times round before it is a loop.
const TIMES: usize = 3;
/// Longest cycle looked for, in exchanges.
const LONGEST_PERIOD: usize = 3;

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
    answers: Vec<String>,
    failed: bool,
}

/// One finding per loop, at the customer message where the third round begins.
pub(crate) fn find(scene: Scene<'_>, out: &mut Vec<Finding>) {
    for mut part in exchanges(scene.reading) {
        for exchange in &mut part {
            let within = |t: &&Telling| (exchange.at..exchange.until).contains(&t.at);
            exchange.chain = scene.tellings.tellings.iter().find(within).map(|t| t.chain);
        }
        let mut i = 0;
        while i < part.len() {
            let found = (1..=LONGEST_PERIOD).find_map(|period| {
                let run = run_length(&part[i..], period, scene.similarity);
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
                answers: Vec::new(),
                failed: false,
            });
            turn.until = i + 1;
            turn.asked |= is_request(&line.cues);
            if !turn.said.is_empty() {
                turn.said.push(' ');
            }
            turn.said += &normalise(&line.message.text);
        } else if line.is_human() {
            part.extend(turn.take_if(|t| !t.answers.is_empty()));
            turn = None;
            parts.push(Vec::new());
        } else if let Some(turn) = turn.as_mut().filter(|_| is_answer(line)) {
            turn.answers.push(mask(&line.message.text));
            turn.failed |= line.cues.has(Cue::Fallback) || line.cues.has(Cue::Deflection);
        }
    }
    if let Some(part) = parts.last_mut() {
        part.extend(turn.take_if(|t| !t.answers.is_empty()));
    }
    parts
}

/// How many exchanges from the first on repeat with this period (0 where not even one does).
fn run_length(part: &[Exchange], period: usize, alike: &Similarity) -> usize {
    let repeats =
        part.iter().zip(part.iter().skip(period)).take_while(|(a, b)| same(a, b, alike)).count();
    if repeats == 0 { 0 } else { repeats + period }
}

fn same(a: &Exchange, b: &Exchange, alike: &Similarity) -> bool {
    let close = |x: &str, y: &str| x == y || alike.score(x, y) >= Similarity::THRESHOLD;
    let told = a.chain.is_some() && a.chain == b.chain;
    let customer = (a.asked && b.asked) || told || close(&a.said, &b.said);
    let bot =
        (a.failed && b.failed) || a.answers.iter().any(|x| b.answers.iter().any(|y| close(x, y)));
    customer && bot
}
