//! How names of columns and values are compared: trimmed, full-width forms as half-width ones,
//! case folded.

use crate::text::redact;
use crate::text::redact::cut;

/// Longest value that is compared; no known name is as long, and a cell of megabytes costs no time.
const COMPARED: usize = 1000;
/// Brackets around a unit, or around a whole name.
const BRACKETS: [char; 8] = ['(', ')', '[', ']', '【', '】', '{', '}'];

/// A value for comparison: trimmed, half-width, lower case.
pub(super) fn value(text: &str) -> String {
    text.trim()
        .chars()
        .take(COMPARED)
        .map(half_width)
        .flat_map(char::to_lowercase)
        .collect::<String>()
        .trim()
        .to_owned()
}

/// A header for comparison: as a value, and without brackets with what stands in them (units), and
/// without spaces, hyphens and underscores. What stands in brackets as a whole is the name.
pub(super) fn header(text: &str) -> String {
    let folded = value(text);
    let bare = unbracketed(&folded);
    if bare.is_empty() { unbracketed(&folded.replace(BRACKETS, "")) } else { bare }
}

fn unbracketed(folded: &str) -> String {
    let mut out = String::with_capacity(folded.len());
    let mut depth = 0_usize;
    for c in folded.chars() {
        match c {
            '(' | '[' | '【' | '{' => depth += 1,
            ')' | ']' | '】' | '}' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            ' ' | '_' | '-' | '\t' | '\u{a0}' | '*' | ':' | '"' | '\'' | '\u{feff}' | '?' | '#' => {
            }
            _ => out.push(c),
        }
    }
    out
}

/// Full-width letters, digits and signs as half-width ones.
pub(super) fn half_width(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

/// Shortened for a report: at most 80 characters on one line, numbers and addresses masked before
/// they are cut, for half a phone number would look like none.
pub(super) fn short(text: &str) -> String {
    // What begins among the first characters ends long before this; a cell of megabytes does not.
    const MASKED: usize = 2000;
    let end = text.char_indices().nth(MASKED).map_or(text.len(), |(at, _)| at);
    one_line(&redact(&text[..end]))
}

/// At most 80 characters on one line, as they stand.
pub(super) fn one_line(text: &str) -> String {
    const MOST: usize = 80;
    let shown = cut(text, MOST);
    let mut out: String = shown.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if shown.len() < text.len() {
        out.push('…');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shortened_text_is_masked_before_it_is_cut() {
        let padded = format!("{}13800138000", "x".repeat(75));
        assert_eq!(short(&padded), format!("{}…", "x".repeat(75)));
        assert_eq!(short(&padded[5..]), format!("{}[phone]", "x".repeat(70)));
        assert_eq!(short("a\nb"), "a b");
    }

    #[test]
    fn headers_lose_units_and_width() {
        assert_eq!(header(" Conversation_ID "), "conversationid");
        assert_eq!(header("会话ＩＤ（必填）"), "会话id");
        assert_eq!(header("时长(秒)"), "时长");
        assert_eq!(header("(秒)"), "秒");
        assert_eq!(header("【消息内容】"), "消息内容");
        assert_eq!(header("[Message] [Text]"), "messagetext");
        assert_eq!(value("　访客 "), "访客");
    }
}
