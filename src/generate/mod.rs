//! `tohuman generate`: the log of an invented bilingual service desk, with its truth. Same number
//! and seed, same bytes; memory holds the open conversations only.
//!
//! Conversations arrive over 90 days (`arrivals`), talk to a bot (`script`), ask for a human
//! (`asking`) and wait for one of few agents (`desk`). One heap orders all that is going to
//! happen; rows leave it in time order. What the texts say is in `zh.toml` and `en.toml`.
//!
//! The truth follows METRICS: it is written down while the conversation is played, by what the
//! people in it do, not by reading their words.

mod arrivals;
mod asking;
mod desk;
mod draw;
mod script;
mod talk;
mod words;
mod write;

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::io::{Result, Write};

use rand::SeedableRng;
use rand_chacha::ChaCha12Rng;

use arrivals::Arrivals;
use desk::{Agents, COMPANIES, Language};
use draw::Draw;
use talk::{Next, Row, Talk};
use words::Words;
use write::{LogWriter, TruthWriter};

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GenerateCounts {
    /// Conversations.
    pub conversations: u64,
    /// Rows of the log, without its header.
    pub rows: u64,
    /// Conversations in which the customer asked for a human.
    pub asked: u64,
    /// Conversations in which they reached one, of those who asked.
    pub reached: u64,
}

/// Writes the log of `conversations` invented conversations as CSV, rows in time order, and, where
/// wanted, their truth: one row per conversation in the order in which their course was settled.
///
/// `request_to_human_s` of the truth is the length of the wait however it ended.
///
/// # Errors
///
/// What the writers give.
pub fn generate(
    conversations: u64,
    seed: u64,
    log: &mut dyn Write,
    truth: Option<&mut dyn Write>,
) -> Result<GenerateCounts> {
    let mut run = Run {
        draw: Draw(stream(seed, 1)),
        words: [Words::parse(include_str!("zh.toml")), Words::parse(include_str!("en.toml"))],
        agents: COMPANIES.iter().map(|company| Agents::new(company, conversations)).collect(),
        heap: BinaryHeap::new(),
        sequence: 0,
        counts: GenerateCounts::default(),
        truth: truth.map(TruthWriter::new).transpose()?,
    };
    let mut log = LogWriter::new(log)?;
    let customers = conversations - conversations / 3 + 1;
    let mut arrivals = Arrivals::new(conversations, &stream(seed, 0)).peekable();
    loop {
        let due = match (run.heap.peek(), arrivals.peek()) {
            (Some(pending), Some(&arrival)) => pending.at < arrival,
            (Some(_), None) => true,
            (None, Some(_)) => false,
            (None, None) => break,
        };
        if due {
            match run.heap.pop().map(|pending| pending.what) {
                Some(What::Row(row)) => {
                    log.row(&row)?;
                    run.counts.rows += 1;
                }
                Some(What::Ask(talk)) => run.ask(talk)?,
                None => break,
            }
        } else if let Some(now) = arrivals.next() {
            run.counts.conversations += 1;
            let number = run.counts.conversations;
            let talk = Talk::new(number, now, customers, &run.words, &mut run.draw);
            run.open(Box::new(talk))?;
        }
    }
    log.finish()?;
    if let Some(truth) = run.truth {
        truth.finish()?;
    }
    Ok(run.counts)
}

/// Arrivals and talk draw from streams of their own.
fn stream(seed: u64, number: u64) -> ChaCha12Rng {
    let mut rng = ChaCha12Rng::seed_from_u64(seed);
    rng.set_stream(number);
    rng
}

struct Run<'a> {
    draw: Draw,
    words: [Words; 2],
    agents: Vec<Agents>,
    heap: BinaryHeap<Pending>,
    sequence: u64,
    counts: GenerateCounts,
    truth: Option<TruthWriter<'a>>,
}

impl Run<'_> {
    fn open(&mut self, mut talk: Box<Talk>) -> Result<()> {
        let english = talk.company().language == Language::English;
        let words = &self.words[usize::from(english)];
        let next = script::open(&mut talk, words, &mut self.draw);
        self.advance(talk, next)
    }

    fn ask(&mut self, mut talk: Box<Talk>) -> Result<()> {
        let english = talk.company().language == Language::English;
        let words = &self.words[usize::from(english)];
        let agents = &mut self.agents[talk.header.company];
        let next = asking::ask(&mut talk, words, agents, &mut self.draw);
        self.advance(talk, next)
    }

    /// Puts the rows written so far on the heap, then what comes after them.
    fn advance(&mut self, mut talk: Box<Talk>, next: Next) -> Result<()> {
        for row in std::mem::take(&mut talk.rows) {
            self.plan(row.at, What::Row(row));
        }
        if next == Next::Ask {
            self.plan(talk.now, What::Ask(talk));
            return Ok(());
        }
        self.counts.asked += u64::from(talk.truth.outcome.is_some());
        self.counts.reached +=
            u64::from(talk.truth.outcome == Some(crate::model::Outcome::Reached));
        match &mut self.truth {
            Some(truth) => truth.row(&talk),
            None => Ok(()),
        }
    }

    fn plan(&mut self, at: u64, what: What) {
        self.sequence += 1;
        self.heap.push(Pending { at, sequence: self.sequence, what });
    }
}

enum What {
    Row(Row),
    Ask(Box<Talk>),
}

/// Something that is going to happen; the heap gives the earliest first, equal times in the order
/// of planning.
struct Pending {
    at: u64,
    sequence: u64,
    what: What,
}

impl Ord for Pending {
    fn cmp(&self, other: &Self) -> Ordering {
        (other.at, other.sequence).cmp(&(self.at, self.sequence))
    }
}

impl PartialOrd for Pending {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Pending {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Pending {}

#[cfg(test)]
mod tests;
