//! A finding as it leaves the tool: its id, and what matched, printable.

use sha2::{Digest, Sha256};

use crate::model::{Conversation, Facts};
use crate::text::redact;

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
    Sha256::digest(name.as_bytes())
        .iter()
        .take(6)
        .fold(String::new(), |id, b| format!("{id}{b:02x}"))
}

/// One line, shortened, masked, and nothing that a spreadsheet would run.
#[must_use]
pub fn printable(text: &str) -> String {
    let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let masked = redact(&one_line);
    let mut short: String = masked.chars().take(LONGEST_CELL).collect();
    if short.len() < masked.len() {
        short.push('…');
    }
    harmless(&short)
}

/// A cell that begins like a formula is written with an apostrophe before it.
#[must_use]
pub fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}
