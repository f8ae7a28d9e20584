//! Learns a desk's own model from its log: stock replies and what they do, and word counts.
//!
//! Conversations come one at a time in the order of their ids, so the outcome depends on neither
//! the order of rows nor of files. `place` says where a reply stands and what follows it, `tally`
//! counts that for each text, `table` keeps the counts within a bound, `slots` joins texts that
//! differ in one part, `roles` decides. Customers' words stay in memory but for single frequent
//! ones (`words`).

mod place;
mod roles;
mod sample;
mod slots;
mod table;
mod tally;
mod words;

use crate::detect::Detection;
use crate::model::Conversation;
use crate::text::Similarity;
use crate::text::desk::{FORMAT, LogSize, ModelFile, ModelInput, Template};
use sample::Sample;
use table::Table;
use words::Words;

/// A template stands in at least this many conversations: what is told to fewer may be about one
/// customer.
pub const LEAST_CONVERSATIONS: u64 = 5;

/// Most templates in a model file; the most frequent stay.
pub const MOST_TEMPLATES: usize = 2_000;

/// Messages kept to tell how alike any two of the desk's customers' messages are.
const BASE_SAMPLE: usize = 192;

/// Takes conversations, gives the model.
#[derive(Debug)]
pub struct Learner {
    table: Table,
    words: Words,
    size: LogSize,
    /// Customers' messages before lines of the desk: Chinese, others.
    base: [Sample; 2],
    /// Of the conversation at hand.
    ordinal: u32,
}

impl Default for Learner {
    fn default() -> Self {
        Self {
            table: Table::default(),
            words: Words::default(),
            size: LogSize::default(),
            base: [Sample::new(BASE_SAMPLE), Sample::new(BASE_SAMPLE)],
            ordinal: 0,
        }
    }
}

impl Learner {
    /// Counts one conversation.
    pub fn add(
        &mut self,
        conversation: &Conversation,
        detection: &Detection<'_>,
        alike: &Similarity,
    ) {
        self.size.conversations += 1;
        self.ordinal = self.ordinal.saturating_add(1);
        self.words.add(&detection.reading);
        let key = sample::key(conversation);
        let places = place::places(&detection.reading, alike);
        self.size.with_desk_lines += u64::from(!places.is_empty());
        self.size.desk_lines += places.len() as u64;
        for place in &places {
            if let Some(before) = &place.told_before {
                self.base[script(&place.text)].add(sample::mix(key, place.line), before);
            }
        }
        self.table.add(self.ordinal, key, &places);
    }

    /// The model.
    #[must_use]
    pub fn finish(
        self,
        name: &str,
        lexicons: std::collections::BTreeMap<String, String>,
        mut inputs: Vec<ModelInput>,
        alike: &Similarity,
    ) -> ModelFile {
        inputs.sort();
        inputs.dedup();
        let mut log = self.size;
        log.texts_dropped = self.table.dropped;
        let likeness = self.base.map(|sample| sample.likeness(alike));
        [log.likeness_zh, log.likeness_other] = likeness.map(|l| l.map(rounded));
        let mut tallies = slots::join(self.table.texts);
        tallies.retain(|text, tally| tally.conversations() >= LEAST_CONVERSATIONS && names(text));
        let mut judged = roles::judge(&tallies, &log, alike);
        judged.sort_by(|a, b| frequency(b).cmp(&frequency(a)).then_with(|| a.text.cmp(&b.text)));
        judged.truncate(MOST_TEMPLATES);
        judged
            .sort_by(|a, b| (a.role, frequency(b), &a.text).cmp(&(b.role, frequency(a), &b.text)));
        ModelFile {
            format: FORMAT,
            name: name.to_owned(),
            tohuman: env!("CARGO_PKG_VERSION").to_owned(),
            lexicons,
            inputs,
            log,
            templates: judged,
            weights: self.words.weights(),
        }
    }
}

fn frequency(template: &Template) -> u64 {
    template.evidence.as_ref().map_or(0, |e| e.conversations)
}

/// 0 for a text with Chinese in it, 1 for others.
fn script(text: &str) -> usize {
    usize::from(!text.chars().any(is_han))
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}')
}

/// Whether the text says something, and a line can equal it: masked again it is the same.
fn names(text: &str) -> bool {
    let content = crate::text::Amount::of(text);
    let fixed = text.contains(crate::text::desk::SLOT) || crate::text::mask(text) == text;
    content.reaches(2, 4) && fixed
}

/// Three decimals: enough to judge by, few enough to read.
fn rounded(x: f64) -> f64 {
    (x * 1000.0).round() / 1000.0
}
