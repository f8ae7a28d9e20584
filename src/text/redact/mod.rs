//! What names a person or an account, masked before anything is printed: one file per kind.
//!
//! Numbers are found on a folded copy of the text (full-width, circled and Chinese digits are
//! digits there, invisible characters are gone), so that writing a number oddly hides nothing. The
//! more certain kind is looked for first and keeps its place; what is left and holds seven digits
//! or more is masked whatever it is. The mask names the kind where it is sure.

mod card;
mod credit_code;
mod date;
mod email;
mod fold;
mod numbers;
mod order;
mod passport;
mod phone;
mod plate;
mod resident_id;

use std::ops::Range;

use fold::Folded;

/// What a masked piece of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Resident identity number (GB 11643), 18 or 15 digits.
    ResidentId,
    /// Telephone number.
    Phone,
    /// Bank or credit card (ISO/IEC 7812, Luhn).
    Card,
    /// Unified social credit code (GB 32100).
    CreditCode,
    /// Passport or travel permit.
    Passport,
    /// Number plate of a vehicle.
    Plate,
    /// E-mail address.
    Email,
    /// Number of an order, a parcel or a ticket.
    Order,
    /// Seven digits or more of which no more is known.
    Number,
}

/// Digits of the shortest number that may be somebody's.
const SHORTEST: usize = 7;

/// Kinds whose mask names them.
const NAMED: [Kind; 8] = [
    Kind::ResidentId,
    Kind::Phone,
    Kind::Card,
    Kind::CreditCode,
    Kind::Passport,
    Kind::Plate,
    Kind::Email,
    Kind::Order,
];

impl Kind {
    /// What is printed instead. It holds neither digit nor `@`, so that nothing is masked twice.
    const fn mask(self) -> &'static str {
        match self {
            Self::ResidentId => "[id]",
            Self::Phone => "[phone]",
            Self::Card => "[card]",
            Self::CreditCode => "[credit-code]",
            Self::Passport => "[passport]",
            Self::Plate => "[plate]",
            Self::Email => "[email]",
            Self::Order => "[order]",
            Self::Number => "***",
        }
    }
}

/// A piece of the folded text; `None` is a date, which stays.
type Span = (Range<usize>, Option<Kind>);

/// Pieces that do not overlap: who comes first keeps the place.
#[derive(Default)]
struct Spans(Vec<Span>);

impl Spans {
    fn is_free(&self, range: &Range<usize>) -> bool {
        self.0.iter().all(|(taken, _)| taken.end <= range.start || range.end <= taken.start)
    }

    fn add(&mut self, range: Range<usize>, kind: Option<Kind>) {
        if !range.is_empty() && self.is_free(&range) {
            self.0.push((range, kind));
        }
    }

    /// What no piece covers, in order.
    fn gaps(&self, length: usize) -> Vec<Range<usize>> {
        let mut taken: Vec<&Range<usize>> = self.0.iter().map(|(range, _)| range).collect();
        taken.sort_by_key(|range| range.start);
        let mut gaps = Vec::with_capacity(taken.len() + 1);
        let mut from = 0;
        for range in taken {
            gaps.push(from..range.start);
            from = range.end;
        }
        gaps.push(from..length);
        gaps.retain(|gap| !gap.is_empty());
        gaps
    }
}

/// The text for printing: resident ids, phone and card numbers, credit codes, passports, plates,
/// e-mail addresses, order numbers and every other run of seven digits or more are masked, also
/// written with spaces, dashes or in full width. Dates stay, but for a birthday. Masking what is
/// masked changes nothing.
#[must_use]
pub fn redact(text: &str) -> String {
    let mut out = text.to_owned();
    // A mask may set free what stood beside it; every pass takes digits or an `@` away, so it ends.
    while worth_it(&out) {
        let Some(next) = pass(&out) else { break };
        out = next;
    }
    out
}

/// At most this many characters of a masked text; no mask is cut in two.
#[must_use]
pub fn cut(masked: &str, most: usize) -> &str {
    let Some((end, _)) = masked.char_indices().nth(most) else { return masked };
    let whole = |at: &usize| {
        NAMED.map(Kind::mask).iter().any(|m| masked[*at..].starts_with(m) && at + m.len() > end)
    };
    let open = masked[..end].rfind('[').filter(whole);
    &masked[..open.unwrap_or(end)]
}

/// Whether the text holds what belongs to one person beyond doubt: an e-mail address, a resident
/// id, a mobile number, a number with its country. For ids, which are numbers themselves.
#[must_use]
pub fn names_a_person(text: &str) -> bool {
    // Ids are asked about once a row: most are short, and hold neither a number nor an address.
    let long = text.chars().filter(|c| fold::is_any_digit(*c)).count() >= SHORTEST;
    if !long && !text.contains(['@', '＠']) && !email::is_spelt_out(text) {
        return false;
    }
    if text.bytes().all(|b| b.is_ascii_digit()) {
        let d = digits(text);
        let resident = resident_id::is_valid_18(&d) || resident_id::is_valid_15(&d);
        return resident || phone::is_personal(text);
    }
    let folded = Folded::new(text);
    found(&folded.text).iter().any(|(range, kind)| match kind {
        Some(Kind::Email | Kind::ResidentId) => true,
        Some(Kind::Phone) => phone::is_personal(&folded.text[range.clone()]),
        _ => false,
    })
}

/// What was masked, in the order of the text; for tests and counts.
#[must_use]
pub fn kinds(text: &str) -> Vec<Kind> {
    let mut spans = found(&Folded::new(text).text);
    spans.sort_by_key(|(range, _)| range.start);
    spans.into_iter().filter_map(|(_, kind)| kind).collect()
}

/// Digits of the shortest thing that is masked, a plate.
const FEWEST: usize = 2;

/// Nothing can be masked where there are fewer digits and no address.
fn worth_it(text: &str) -> bool {
    text.contains(['@', '＠'])
        || text.chars().filter(|c| fold::is_any_digit(*c)).nth(FEWEST - 1).is_some()
        || email::is_spelt_out(text)
}

fn pass(text: &str) -> Option<String> {
    let folded = Folded::new(text);
    let mut spans = found(&folded.text);
    spans.retain(|(_, kind)| kind.is_some());
    if spans.is_empty() {
        return None;
    }
    spans.sort_by_key(|(range, _)| range.start);
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for (range, kind) in spans {
        let original = folded.original(&range);
        out.push_str(&text[from..original.start]);
        out.push_str(kind.map_or("", Kind::mask));
        from = original.end;
    }
    out.push_str(&text[from..]);
    Some(out)
}

fn found(text: &str) -> Vec<Span> {
    let mut spans = Spans::default();
    email::find(text, &mut spans);
    resident_id::find(text, &mut spans);
    credit_code::find(text, &mut spans);
    plate::find(text, &mut spans);
    passport::find(text, &mut spans);
    date::find(text, &mut spans);
    order::find(text, &mut spans);
    numbers::find(text, &mut spans);
    spans.0
}

/// Whether neither a letter nor a digit of the Latin kind stands right before and after.
fn stands_alone(text: &str, range: &Range<usize>) -> bool {
    let before = text[..range.start].chars().next_back();
    let after = text[range.end..].chars().next();
    let joins = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    !joins(before) && !joins(after)
}

/// The last `n` characters before a place, lower case.
fn words_before(text: &str, at: usize, n: usize) -> String {
    let start = text[..at].char_indices().rev().take(n).last().map_or(at, |(i, _)| i);
    text[start..at].to_lowercase()
}

/// The digits of a piece as their values.
fn digits(piece: &str) -> Vec<u8> {
    piece.bytes().filter(u8::is_ascii_digit).map(|b| b - b'0').collect()
}

fn regex(pattern: &str) -> regex::Regex {
    regex::Regex::new(pattern).expect("a pattern of this folder compiles")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_numbers_and_mail_are_not_printed() {
        assert_eq!(redact("call 138-0013 8000 now"), "call [phone] now");
        assert_eq!(redact("１３８００１３８０００"), "[phone]");
        assert_eq!(redact("mail a.b+c@d.example."), "mail [email].");
        assert_eq!(redact("code 123456"), "code 123456");
        assert_eq!(redact("code 1234567"), "code ***");
        assert_eq!(redact("2026/1/19 25:61:09 13800138000"), "2026/1/19 25:61:09 [phone]");
        assert_eq!(redact("1/5/2024 3:04 PM"), "1/5/2024 3:04 PM");
        assert_eq!(redact("2026-01-19 13:80013800138"), "2026-01-19 13:***");
    }

    #[test]
    fn dates_stay_and_birthdays_go() {
        for date in ["2024-01-05", "on 2024/1/5.", "05.01.2024", "2024-01-05T09:03:00.1234567Z"] {
            assert_eq!(redact(date), date);
        }
        assert_eq!(redact("2024-01-05 - 2024-02-03"), "2024-01-05 - 2024-02-03");
        assert_eq!(redact("born 1990-01-02"), "born ***");
        assert_eq!(redact("我的生日是1990年1月2日"), "我的生日是***");
        assert_eq!(redact("2024-13-45"), "***", "no date");
        assert_eq!(redact("20240105"), "***", "eight digits may be anybody's number");
    }

    #[test]
    fn odd_ways_of_writing_hide_nothing() {
        for text in [
            "1 3 8 0 0 1 3 8 0 0 0",
            "1\u{200b}3800\u{feff}138000",
            "①③⑧⓪⓪①③⑧⓪⓪⓪",
            "一三八零零一三八零零零",
            "幺三八〇〇幺三八〇〇〇",
            "1️⃣3️⃣8️⃣0️⃣0️⃣1️⃣3️⃣8️⃣0️⃣0️⃣0️⃣",
            "١٣٨٠٠١٣٨٠٠٠",
            "138.0013.8000",
            "(138)0013－8000",
            "+86 138 0013 8000",
            "0086-13800138000",
        ] {
            assert_eq!(redact(text), "[phone]", "{text}");
        }
        assert_eq!(redact("一二三，七八九"), "一二三，七八九");
    }

    #[test]
    fn no_mask_is_cut_in_two() {
        assert_eq!(cut("ab[phone]c", 1), "a");
        assert_eq!(cut("ab[phone]c", 4), "ab");
        assert_eq!(cut("ab[phone]c", 9), "ab[phone]");
        assert_eq!(cut("ab[phone]c", 99), "ab[phone]c");
        assert_eq!(cut("ab[other]c", 4), "ab[o");
    }

    #[test]
    fn a_date_hides_no_number_beside_it() {
        assert_eq!(redact("2024-01-05 13800138000"), "2024-01-05 [phone]");
        assert_eq!(redact("13800138000 2024-01-05"), "[phone] 2024-01-05");
        assert_eq!(redact("2024-01-05-1234567"), "***");
    }

    #[test]
    fn an_id_is_a_persons_only_beyond_doubt() {
        for id in ["13800138000", "wa-8613800138000", "+447700900123", "a@b.example"] {
            assert!(names_a_person(id), "{id}");
        }
        for id in ["C-1", "1234567890123456789", "4001234567", "1700000000000", "s20240105-77"] {
            assert!(!names_a_person(id), "{id}");
        }
    }

    proptest::proptest! {
        #[test]
        fn digits_alone_are_judged_as_among_other_signs(
            text in "(86|0086)?1[3-9][0-9]{9}|[0-9]{7,20}|110105(19)?49123100[0-9]{1,4}",
        ) {
            proptest::prop_assert_eq!(names_a_person(&text), names_a_person(&format!("{text}。")));
        }

        #[test]
        fn masking_is_stable(text in "[0-9A-Xx@. +()年一二三京／/:：-]{0,60}|\\PC{0,40}") {
            let once = redact(&text);
            proptest::prop_assert_eq!(redact(&once), once);
        }
    }
}
