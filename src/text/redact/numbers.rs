//! Runs of seven digits or more, whatever joins them, and what kind they are where that is sure.

use std::ops::Range;
use std::sync::LazyLock;

use super::{Kind, Spans, card, digits, phone, regex, resident_id, words_before};

/// Seven digits or more with spaces, dashes, dots, strokes or brackets inside.
static RUN: LazyLock<regex::Regex> = LazyLock::new(|| regex(r"\(?\d(?:[ ().\-/]{0,3}\d){6,}"));

/// Words that say what follows, lower case.
const CALLED: [(&[&str], Kind); 3] = [
    (&["身份证", "身份證", "id card"], Kind::ResidentId),
    (
        &["银行卡", "銀行卡", "卡号", "卡號", "card number", "card no", "iban", "账号", "帐号"],
        Kind::Card,
    ),
    (
        &[
            "电话",
            "電話",
            "手机",
            "手機",
            "拨打",
            "致电",
            "联系方式",
            "phone",
            "mobile",
            "tel",
            "call me",
            "whatsapp",
        ],
        Kind::Phone,
    ),
];
/// How far before the number they may stand, characters.
const NEAR: usize = 14;
/// A token of letters and digits is masked whole up to this length on either side.
const LONGEST_TAIL: usize = 24;

pub(super) fn find(text: &str, spans: &mut Spans) {
    let mut found = Vec::new();
    for gap in spans.gaps(text.len()) {
        for run in RUN.find_iter(&text[gap.clone()]) {
            let start = gap.start + run.start();
            pieces(text, start..gap.start + run.end(), &gap, &mut found);
        }
    }
    for (range, kind) in found {
        spans.add(range, Some(kind));
    }
}

/// The run as one number where it is one; else its parts between spaces, where every part is a
/// number of its own; else as a whole.
fn pieces(text: &str, run: Range<usize>, gap: &Range<usize>, out: &mut Vec<(Range<usize>, Kind)>) {
    if let Some(one) = sure(text, &run) {
        out.push(whole(text, run, one, gap));
        return;
    }
    let mut parts = Vec::new();
    let mut from = run.start;
    for (at, _) in text[run.clone()].match_indices(' ') {
        parts.push(from..run.start + at);
        from = run.start + at + 1;
    }
    parts.push(from..run.end);
    parts.retain(|part| !part.is_empty());
    let known: Option<Vec<_>> =
        parts.iter().map(|part| sure(text, part).map(|kind| (part.clone(), kind))).collect();
    match known {
        Some(known) if known.len() > 1 => {
            out.extend(known.into_iter().map(|(part, kind)| whole(text, part, kind, gap)));
        }
        _ => out.push(whole(text, run, Kind::Number, gap)),
    }
}

/// The kind of a number, where its form or the words before it leave no doubt.
fn sure(text: &str, run: &Range<usize>) -> Option<Kind> {
    let written = &text[run.clone()];
    let d = digits(written);
    let with_check = d.len() == 17 && text[run.end..].starts_with(['X', 'x']);
    let mut all = d.clone();
    all.extend(with_check.then_some(10));
    if resident_id::is_valid_18(&all) || resident_id::is_valid_15(&d) {
        return Some(Kind::ResidentId);
    }
    let plus = text[..run.start].ends_with('+');
    if phone::is_phone(written, plus) {
        return Some(Kind::Phone);
    }
    if card::is_card(&d) {
        return Some(Kind::Card);
    }
    let before = words_before(text, run.start, NEAR);
    let called = CALLED.iter().find(|(words, _)| words.iter().any(|word| before.contains(word)));
    called.map(|(_, kind)| *kind).filter(|kind| match kind {
        Kind::ResidentId => matches!(all.len(), 15 | 18),
        Kind::Card => (12..=19).contains(&d.len()),
        _ => (7..=15).contains(&d.len()),
    })
}

/// With what belongs to it: the plus and the extension of a phone, the check X of an id, the letters
/// of a number of unknown kind.
fn whole(text: &str, run: Range<usize>, kind: Kind, gap: &Range<usize>) -> (Range<usize>, Kind) {
    let Range { mut start, mut end } = run;
    let alnum = |c: &char| c.is_ascii_alphanumeric() || *c == '_';
    match kind {
        Kind::Phone => {
            if text[..start].ends_with('+') && start > gap.start {
                start -= 1;
            }
            end += phone::extension(&text[end..gap.end]);
        }
        Kind::ResidentId => {
            let check = text[end..gap.end].starts_with(['X', 'x']);
            end += usize::from(check && digits(&text[start..end]).len() == 17);
        }
        _ => {
            let before = text[gap.start..start].chars().rev().take_while(alnum);
            let left = before.take(LONGEST_TAIL).count();
            start -= left;
            end += text[end..gap.end].chars().take_while(alnum).take(LONGEST_TAIL).count();
        }
    }
    (start..end, kind)
}

#[cfg(test)]
mod tests {
    use super::super::redact;

    #[test]
    fn several_numbers_and_tokens() {
        assert_eq!(redact("13800138000 13900139000"), "[phone] [phone]");
        assert_eq!(redact("parcel YT1234567890123 left"), "parcel *** left");
        assert_eq!(redact("(1234567)"), "***)");
        assert_eq!(redact("1 2 3 4 5 6 7 8 9"), "***");
        assert_eq!(redact("ip 10.0.0.1, 1,234,567 yuan"), "ip 10.0.0.1, 1,234,567 yuan");
    }
}
