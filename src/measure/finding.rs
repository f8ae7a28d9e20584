//! A finding as it leaves the tool: its id, and what matched, printable.

use sha2::{Digest, Sha256};

use crate::model::{Conversation, Facts};
use crate::text::KeepText;
use crate::text::redact::cut;

/// Longest text printed in a cell, characters.
const LONGEST_CELL: usize = 200;

/// Twelve hexadecimal digits that name a finding: the same finding has the same id in every run.
#[must_use]
pub fn finding_id(facts: &Facts, rule: &str, message: usize) -> String {
    id_of(facts.company.as_deref(), &facts.format, &facts.conversation_id, rule, message)
}

/// The same before the conversation is measured.
#[must_use]
pub fn finding_id_in(conversation: &Conversation, rule: &str, message: usize) -> String {
    let c = conversation;
    id_of(c.company.as_deref(), &c.format, &c.id, rule, message)
}

fn id_of(company: Option<&str>, format: &str, id: &str, rule: &str, message: usize) -> String {
    let company = company.unwrap_or_default();
    let name = format!("{company}\0{format}\0{id}\0{rule}\0{message}");
    let half = |b: u8| char::from(b"0123456789abcdef"[usize::from(b)]);
    let first = Sha256::digest(name.as_bytes()).into_iter().take(6);
    first.flat_map(|b| [half(b >> 4), half(b & 15)]).collect()
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
