//! A telling made ready to be compared, and what the desk said before it.

use std::sync::OnceLock;

use crate::detect::reading::Line;
use crate::text::memo::Weigh;
use crate::text::normalise::is_alphanumeric;
use crate::text::overlap::Content;
use crate::text::{Cue, Prepared, Similarity};

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

/// A telling, ready to be compared.
#[derive(Clone, Debug)]
pub struct Told {
    /// Its text, normalised.
    pub text: String,
    /// For likeness, from the first time it is asked for.
    prepared: OnceLock<Prepared>,
    /// For shared content.
    pub content: Content,
    /// Characters.
    pub length: usize,
    /// What it asks for, a bit for each kind of question.
    pub asks: u16,
}

impl Told {
    /// Reads the text of a telling, normalised.
    #[must_use]
    pub fn new(text: &str, lines: &[&Line<'_>]) -> Self {
        let asks =
            ASKS.iter().enumerate().filter(|(_, cue)| lines.iter().any(|l| l.cues.has(**cue)));
        Self {
            text: text.to_owned(),
            asks: asks.fold(0, |bits, (i, _)| bits | 1 << i),
            prepared: OnceLock::new(),
            content: Content::of_normalised(text),
            length: text.chars().filter(|c| is_alphanumeric(*c)).count(),
        }
    }

    /// Made ready for likeness: who tells once is compared with nothing.
    #[must_use]
    pub fn prepared(&self, alike: &Similarity) -> &Prepared {
        self.prepared.get_or_init(|| alike.prepare_normalised(&self.text))
    }
}

impl Weigh for Told {
    fn bytes(&self) -> usize {
        // Made ready for likeness it takes about sixteen times its text.
        17 * self.text.len() + self.content.len() * 8
    }
}

impl Told {
    pub(super) fn asks_for(&self, cues: [Cue; 2]) -> bool {
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
