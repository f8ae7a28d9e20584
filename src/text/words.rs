//! A text with everything that depends on it alone and that several rules ask for: worked out once,
//! kept for texts that come again (`memo`).

use std::sync::{Arc, OnceLock};

use super::cues::Cues;
use super::memo::Weigh;
use super::normalise::{is_han, mask_normalised};

/// A text, read.
#[derive(Debug)]
pub struct Words {
    /// Its normalised form.
    pub plain: String,
    /// What it says, by the side that wrote it.
    pub cues: Arc<Cues>,
    /// How much it says.
    pub amount: Amount,
    masked: OnceLock<String>,
}

impl Words {
    /// A normalised text with its meanings.
    #[must_use]
    pub fn new(plain: String, cues: Cues) -> Self {
        let amount = Amount::of(&plain);
        Self { plain, cues: Arc::new(cues), amount, masked: OnceLock::new() }
    }

    /// [`mask`](super::mask) of the text.
    #[must_use]
    pub fn masked(&self) -> &str {
        self.masked.get_or_init(|| mask_normalised(&self.plain))
    }
}

impl Weigh for Words {
    fn bytes(&self) -> usize {
        // The masked form may come later; a hit of a meaning is a short phrase.
        2 * self.plain.len() + self.cues.iter().count() * 64 + size_of::<Cues>()
    }
}

/// How much a text says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amount {
    /// Chinese characters.
    pub han: usize,
    /// Letters of other scripts.
    pub letters: usize,
}

impl Amount {
    /// Counts a text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut out = Self::default();
        for c in text.chars() {
            if is_han(c) || matches!(c, '\u{4dc0}'..='\u{4dff}' | '\u{20000}'..='\u{2ffff}') {
                out.han += 1;
            } else if c.is_ascii_alphabetic() || !c.is_ascii() && c.is_alphabetic() {
                out.letters += 1;
            }
        }
        out
    }

    /// Whether there is as much as this of either.
    #[must_use]
    pub const fn reaches(self, han: usize, letters: usize) -> bool {
        self.han >= han || self.letters >= letters
    }
}
