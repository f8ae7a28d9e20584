//! What a complaint's text claims about reaching a human (METRICS, section 6): the sentences that
//! tell of not reaching one, and the attempts and waits that are stated. A complaint is a claim,
//! not a finding: what is said is counted, nothing is inferred from it.
//!
//! Every sentence is read alone. A number counts as an attempt or a wait where the words around it
//! in its sentence say so: they are read with the number written as [`HOLE`], so that a lexicon
//! says what may stand around it, in any language. Numbers are taken only from texts that tell of
//! not reaching a human: elsewhere "three days" is a delivery.

use std::ops::Range;

use crate::model::{Bound, Claims, ReachingHuman, Stated};
use crate::text::{Cue, Lexicons, Measure, Quantity, Said, Side, quantities};

/// Stands for the quantity in the sentence that lexicons read.
const HOLE: &str = "qty";
/// What is read around a quantity, bytes to each side: a text without full stops stays affordable.
const AROUND: usize = 400;

/// Reads a complaint.
#[must_use]
pub fn read(text: &str, lexicons: &Lexicons) -> Claims {
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
            if belongs(sentence, &quantity, lexicons) {
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
