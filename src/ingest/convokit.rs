//! `ConvoKit`: the utterances of a corpus (`utterances.jsonl`), a neutral form for exchanging dialogues.
//! Fields as in the library's documentation, the older names (`user`, `root`) too.
//!
//! An utterance names its speaker; the role stands in its `meta` if the corpus has one, else the name
//! is to be mapped. Many corpora have no times: then the order of the file is that of the talk.

use serde_json::Value;

use super::Format;
use super::look::Look;
use super::table::{Job, Sink};
use super::vendor_look::{has_key, keys};
use super::vendor_rows::{Rows, VendorRow, all_shown, at, first, read, read_untimed};
use crate::error::Result;
use crate::model::{Coverage, Shows};

/// Utterances of `ConvoKit`.
pub(super) struct ConvoKit;

/// Places of a role, the most particular first; without one the speaker stands for it.
const ROLES: [&str; 6] =
    ["meta.role", "meta.speaker_role", "meta.speaker_type", "meta.user_type", "speaker", "user"];
/// What the records are called in a reason.
const WHAT: &str = "ConvoKit utterances";
/// A stamp has at least so many digits; smaller numbers count something else.
const DIGITS: usize = 9;

impl Format for ConvoKit {
    fn name(&self) -> &'static str {
        "convokit"
    }

    fn recognise(&self, look: &Look) -> Option<String> {
        keys(look, WHAT, &["speaker", "conversation_id", "text"])
            .filter(|_| ["reply_to", "reply-to"].iter().any(|k| has_key(&look.text, k)))
            .or_else(|| keys(look, WHAT, &["user", "root", "reply_to", "text"]))
    }

    fn read(&self, job: &mut Job<'_>, sink: &mut Sink<'_>) -> Result<()> {
        let mut number = 0;
        let mut each = |value: &Value, rows: &mut Rows<'_, '_>| {
            number += 1;
            utterance(value, number, rows)
        };
        if timed(&job.look.text) {
            read(job, sink, &["utterances"], &mut each)
        } else {
            read_untimed(job, sink, &["utterances"], &mut each)
        }
    }

    fn coverage(&self) -> Option<Coverage> {
        let no = Shows::No;
        Some(Coverage {
            bot_replies: no,
            system_lines: no,
            queue: no,
            joins: no,
            leaves: no,
            closes: no,
            ..all_shown()
        })
    }
}

/// True if some `timestamp` is one, and no empty or small number.
fn timed(text: &str) -> bool {
    text.match_indices("\"timestamp\"").any(|(at, key)| {
        let value = text[at + key.len()..].trim_start_matches([' ', ':', '"', '\n', '\t']);
        let digits = value.chars().take_while(char::is_ascii_digit).count();
        digits >= DIGITS || (digits == 4 && value[digits..].starts_with('-'))
    })
}

fn utterance(value: &Value, number: i64, rows: &mut Rows<'_, '_>) -> Result<()> {
    if value.get("text").is_none() {
        return rows.fault(&value.to_string());
    }
    rows.put(&VendorRow {
        conversation: first(value, &["conversation_id", "root"]),
        time: at(value, "timestamp"),
        sender: first(value, &ROLES),
        text: at(value, "text"),
        message_id: at(value, "id"),
        sequence: Some(number),
        ..VendorRow::default()
    })
}
