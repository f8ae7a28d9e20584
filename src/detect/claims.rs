//! What a complaint's text claims about reaching a human (METRICS, section 6): the sentences that
//! tell of not reaching one, and the attempts and waits that are stated. A complaint is a claim,
//! not a finding: what is said is counted, nothing is inferred from it.
//!
//! Every sentence is read alone. A number counts as an attempt or a wait where the words around it
//! in its sentence say so: they are read with the number written as `qty`, so that a lexicon
//! says what may stand around it, in any language. Numbers are taken only from texts that tell of
//! not reaching a human: elsewhere "three days" is a delivery.

use std::ops::Range;

use crate::model::{Bound, Claims, ReachingHuman, Stated};
use crate::text::{Cue, Lexicons, Measure, Quantity, Said, Side, quantities};

/// Stands for the quantity in the sentence that lexicons read.
const HOLE: &str = "qty";
/// What is read around a quantity, bytes to each side: a text without full stops stays affordable.
const AROUND: usize = 400;

/// What the names of desks' accounts end in.
const DESK: &str = "客服";
/// Longer than any account name: somebody wrote on without a space.
const LONGEST_HANDLE: usize = 16;

/// Reads a complaint.
#[must_use]
pub fn read(text: &str, lexicons: &Lexicons) -> Claims {
    let plain = without_handles(text);
    let text = plain.as_str();
    let sentences = sentences(text);
    let mut claims = Claims::default();
    for span in &sentences {
        let cues = lexicons.read(&text[span.clone()], Side::Complainant);
        if let Some(matched) = cues.get(Cue::CannotReachHuman) {
            claims.reaching.push(ReachingHuman { span: span.clone(), matched: matched.to_owned() });
        }
    }
    if !claims.about_reaching_human() {
        return claims;
    }
    for span in sentences {
        for quantity in quantities(&text[span.clone()]) {
            let sentence = &text[span.clone()];
            if !too_long(&quantity) && belongs(sentence, &quantity, lexicons) {
                let stated = stated(&quantity, span.start);
                match quantity.measure {
                    Measure::Times => claims.attempts.push(stated),
                    Measure::Duration => claims.waits.push(stated),
                }
            }
        }
    }
    claims
}

/// The text with the accounts it is addressed to blanked (`@SomeShop客服`), every byte in its place: a
/// name is no word of the sentence beside it. A handle ends at the first character that a name cannot
/// have, or behind 客服, for some write on without a space.
fn without_handles(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('@') {
        let mail = rest[..at].ends_with(|c: char| c.is_ascii_alphanumeric());
        let (before, handle) = rest.split_at(at);
        out.push_str(before);
        let name = &handle[1..];
        let name = &name[..name
            .find(|c: char| !c.is_alphanumeric() && c != '_' && c != '-')
            .unwrap_or(name.len())];
        let name = name.find(DESK).map_or(name, |desk| &name[..desk + DESK.len()]);
        let end = 1 + name.len();
        if mail || name.chars().count() > LONGEST_HANDLE {
            out.push_str(&handle[..end]);
        } else {
            out.extend(std::iter::repeat_n(' ', end));
        }
        rest = &handle[end..];
    }
    out.push_str(rest);
    out
}

/// Longest time, in seconds, that is taken as a wait for a person: half a year. What took longer (a
/// building site that stood still, wages owed) is the matter itself.
const LONGEST_WAIT_S: f64 = 183.0 * 86_400.0;

fn too_long(quantity: &Quantity) -> bool {
    quantity.measure == Measure::Duration && quantity.value.is_some_and(|v| v > LONGEST_WAIT_S)
}

/// Whether the words around a quantity make it an attempt or a wait.
fn belongs(sentence: &str, quantity: &Quantity, lexicons: &Lexicons) -> bool {
    let before =
        &sentence[floor(sentence, quantity.span.start.saturating_sub(AROUND))..quantity.span.start];
    let after = &sentence[quantity.span.end..floor(sentence, quantity.span.end + AROUND)];
    let cue = match quantity.measure {
        Measure::Times => Cue::StatedAttempts,
        Measure::Duration => Cue::StatedWait,
    };
    lexicons.read(&format!("{before}{HOLE}{after}"), Side::Complainant).has(cue)
}

/// The nearest character boundary at or before `at`.
fn floor(text: &str, at: usize) -> usize {
    text.floor_char_boundary(at.min(text.len()))
}

fn stated(quantity: &Quantity, offset: usize) -> Stated {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "never negative; a float too large becomes the largest whole number"
    )]
    let value = quantity.value.map(|v| v.round() as u64);
    Stated {
        span: quantity.span.start + offset..quantity.span.end + offset,
        value,
        bound: match quantity.said {
            Said::Exactly => Bound::Exact,
            Said::About => Bound::About,
            Said::AtLeast => Bound::AtLeast,
            Said::AtMost => Bound::AtMost,
            Said::Between => Bound::Range,
            Said::Vaguely => Bound::Vague,
        },
    }
}

/// The sentences as ranges of bytes, without the marks that end them. A full stop between figures or
/// letters of one word (2.5, kf@shop.example) ends none.
fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let ends = match c {
            '。' | '！' | '？' | '!' | '?' | '；' | ';' | '\n' | '\r' => true,
            '.' | '．' => chars.peek().is_none_or(|(_, next)| !next.is_ascii_alphanumeric()),
            _ => false,
        };
        if ends {
            out.push(start..at);
            start = at + c.len_utf8();
        }
    }
    out.push(start..text.len());
    out.retain(|span| !text[span.clone()].trim().is_empty());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_at_their_marks_only() {
        let text = "等了2.5小时。Mail kf@shop.example now! 没人理.真的";
        let parts: Vec<&str> = sentences(text).into_iter().map(|s| text[s].trim()).collect();
        assert_eq!(parts, ["等了2.5小时", "Mail kf@shop.example now", "没人理", "真的"]);
    }

    #[test]
    fn handles_are_blanked_in_place() {
        for (text, wanted) in [
            ("@甲公司客服 在吗", "                    在吗"),
            ("@甲客服你好", "          你好"),
            ("写信到 a@b.example", "写信到 a@b.example"),
        ] {
            let plain = without_handles(text);
            assert_eq!(plain.trim_start(), wanted.trim_start(), "{text}");
            assert_eq!(plain.len(), text.len(), "{text}");
        }
    }

    #[test]
    fn spans_show_the_words_of_the_text() {
        let lexicons = Lexicons::builtin().expect("compiles");
        let text = "@甲公司客服 商品坏了。人工客服打了１２次都没打通！";
        let claims = read(text, &lexicons);
        assert_eq!(&text[claims.reaching[0].span.clone()], "人工客服打了１２次都没打通");
        assert_eq!(&text[claims.attempts[0].span.clone()], "１２次");
        assert_eq!(claims.attempts[0].value, Some(12));
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_and_spans_fit(text in "(@|客服|没人接|打了|9次|十几|小时|\\PC){0,30}") {
            use std::sync::LazyLock;
            static LEXICONS: LazyLock<Lexicons> =
                LazyLock::new(|| Lexicons::builtin().expect("compiles"));
            let claims = read(&text, &LEXICONS);
            let spans = claims.reaching.iter().map(|r| &r.span);
            for span in spans.chain(claims.attempts.iter().chain(&claims.waits).map(|s| &s.span)) {
                proptest::prop_assert!(text.get(span.clone()).is_some());
            }
        }
    }
}
