//! A finding as it leaves the tool: its id, and what matched, printable.

use sha2::{Digest, Sha256};

use crate::model::{Conversation, Facts};
use crate::text::KeepText;
use crate::text::memo::Memo;
use crate::text::redact::cut;

/// Longest text printed in a cell, characters.
const LONGEST_CELL: usize = 200;

/// The ids of the findings of one conversation.
#[derive(Clone, Debug)]
pub struct FindingIds {
    /// The conversation, hashed.
    conversation: Sha256,
}

impl FindingIds {
    /// Of a conversation that was measured.
    #[must_use]
    pub fn of(facts: &Facts) -> Self {
        Self::new(facts.company.as_deref(), &facts.format, &facts.conversation_id)
    }

    /// The same before it is measured.
    #[must_use]
    pub fn of_conversation(conversation: &Conversation) -> Self {
        let c = conversation;
        Self::new(c.company.as_deref(), &c.format, &c.id)
    }

    fn new(company: Option<&str>, format: &str, id: &str) -> Self {
        let mut conversation = Sha256::new();
        for part in [company.unwrap_or_default(), format, id] {
            conversation.update(part.as_bytes());
            conversation.update([0]);
        }
        Self { conversation }
    }

    /// Twelve hexadecimal digits that name a finding: the same finding has the same id in every run.
    #[must_use]
    pub fn id(&self, rule: &str, message: usize) -> String {
        let name = self.conversation.clone().chain_update(rule).chain_update([0]);
        let hash = name.chain_update(message.to_string()).finalize();
        let half = |b: u8| char::from(b"0123456789abcdef"[usize::from(b)]);
        hash.into_iter().take(6).flat_map(|b| [half(b >> 4), half(b & 15)]).collect()
    }
}

/// Prints what matched in many findings, as [`printable`]: what a desk says again and again is looked up.
#[derive(Clone, Debug, Default)]
pub struct Printed(Memo<u8, String>);

impl Printed {
    /// One line, as much of it as is kept, shortened.
    #[must_use]
    pub fn text(&self, text: &str, keep: KeepText) -> String {
        String::clone(&self.0.get(keep as u8, text, || printable(text, keep)))
    }
}

/// One line, as much of it as is kept, shortened. Done twice it changes nothing, for facts are
/// printed twice.
#[must_use]
pub fn printable(text: &str, keep: KeepText) -> String {
    let mut shown = text.split_whitespace().collect::<Vec<_>>().join(" ");
    loop {
        // A cut may set free what stood before it; every round takes digits away, so it ends.
        let next = shorten(&keep.text(&shown));
        if next == shown {
            return shown;
        }
        shown = next;
    }
}

fn shorten(text: &str) -> String {
    let mut short = cut(text, LONGEST_CELL).to_owned();
    let rest = &text[short.len()..];
    // The mark of an earlier cut is no text to be cut off.
    if !rest.is_empty() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printing_what_was_printed_changes_nothing() {
        let numbers = "138 0013 8000, ".repeat(40);
        let short = "x".repeat(199) + "12345678";
        for text in [numbers.as_str(), &short, "a\n b", &"长".repeat(500)] {
            for keep in [KeepText::None, KeepText::Redacted, KeepText::Full] {
                let once = printable(text, keep);
                assert_eq!(printable(&once, keep), once);
                assert!(once.chars().count() <= LONGEST_CELL + 1);
            }
        }
        assert_eq!(printable("a\n b", KeepText::Redacted), "a b");
    }
}
