//! Amounts, dates, sizes, counts and the numbers of orders: what another number makes another question.

use super::hash;
use crate::text::normalise::is_han;

/// A number in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Number {
    /// Of its digits, values in words included: 两 and two are 2, 2万 is 20000.
    value: u64,
    /// Of what is counted: the word behind it; 0 = nothing.
    unit: u64,
}

/// The numbers of one text.
#[derive(Clone, Debug, Default)]
pub(super) struct Numbers {
    /// Orders, tickets, flights, phones: long numbers, and letters with digits.
    ids: Vec<u64>,
    /// All others.
    amounts: Vec<Number>,
    /// "One" in words is often no number (这一个, this one): it counts only against one of its unit.
    ones: Vec<Number>,
}

/// How two texts differ in their numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Difference {
    /// Not at all, or only one has any.
    None,
    /// Other numbers, perhaps of other things.
    Some,
    /// Another number of the same thing.
    Clear,
}

/// A long number without a unit is the number of an order, not an amount.
const ID_DIGITS: usize = 5;

/// More numbers than this on a side are a story, and no single one decides.
const FEW: usize = 2;

const UNITS: &str = "元块毛角分天日号月年周次件个台部条张份笔期岁小点兆倍折斤盒箱人位遍回层楼万";
const DIGITS: [(char, u64); 11] = [
    ('零', 0),
    ('一', 1),
    ('二', 2),
    ('两', 2),
    ('三', 3),
    ('四', 4),
    ('五', 5),
    ('六', 6),
    ('七', 7),
    ('八', 8),
    ('九', 9),
];
const WORDS: [(&str, u64); 17] = [
    ("two", 2),
    ("twice", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("eleven", 11),
    ("twelve", 12),
    ("fifteen", 15),
    ("twenty", 20),
    ("thirty", 30),
    ("forty", 40),
    ("fifty", 50),
];

fn power(c: char) -> Option<u64> {
    match c {
        '十' => Some(10),
        '百' => Some(100),
        '千' => Some(1_000),
        '万' => Some(10_000),
        '亿' => Some(100_000_000),
        _ => None,
    }
}

fn is_numeral(c: char) -> bool {
    power(c).is_some() || DIGITS.iter().any(|d| d.0 == c)
}

/// Value of a number in Chinese characters: 三百五十, 两万.
fn value_of(numerals: &[char]) -> u64 {
    let (mut total, mut part, mut digit) = (0_u64, 0_u64, None);
    for c in numerals {
        match power(*c) {
            Some(big) if big >= 10_000 => {
                total = total
                    .saturating_add((part + digit.take().unwrap_or(0)).max(1).saturating_mul(big));
                part = 0;
            }
            Some(power) => part += digit.take().unwrap_or(1) * power,
            None => digit = DIGITS.iter().find(|d| d.0 == *c).map(|d| d.1),
        }
    }
    total.saturating_add(part + digit.unwrap_or(0))
}

impl Numbers {
    /// Reads the characters of a normalised text.
    pub(super) fn of(text: &[char]) -> Self {
        let mut out = Self::default();
        let mut at = 0;
        while at < text.len() {
            let c = text[at];
            let from = at;
            if is_numeral(c) {
                at += text[at..].iter().take_while(|c| is_numeral(**c)).count();
                out.han(text, from, at);
            } else if is_letter(c) {
                at = token_end(text, at);
                out.token(text, from, at);
            } else {
                at += 1;
            }
        }
        for list in [&mut out.amounts, &mut out.ones] {
            list.sort_unstable();
            list.dedup();
        }
        out.ids.sort_unstable();
        out.ids.dedup();
        out
    }

    fn han(&mut self, text: &[char], from: usize, to: usize) {
        let before = from.checked_sub(1).map(|i| text[i]);
        let of_week = matches!(before, Some('周' | '期' | '拜'));
        let counted = text.get(to).is_some_and(|c| UNITS.contains(*c));
        let ordinal = before == Some('第');
        if !(of_week || counted || ordinal || to - from > 1) {
            return;
        }
        let unit = if of_week { hash(&['周']) } else { unit_after(text, to) };
        let value = value_of(&text[from..to]);
        let number = Number { value: hash_value(value), unit };
        if text[from..to] == ['一'] && !of_week {
            self.ones.push(number);
        } else {
            self.amounts.push(number);
        }
    }

    fn token(&mut self, text: &[char], from: usize, to: usize) {
        let token = &text[from..to];
        let digits = token.iter().filter(|c| c.is_ascii_digit()).count();
        if digits == 0 {
            self.word(text, token, to);
            return;
        }
        let lead = token.iter().take_while(|c| c.is_ascii_digit() || ".:/-".contains(**c)).count();
        let letters = &token[lead..];
        let next = text.get(to).copied();
        let money = matches!(next, Some('元' | '块' | '万' | '千' | '百' | '亿'));
        let plain = token.iter().all(char::is_ascii_digit);
        if lead == 0 || letters.len() > 3 || (plain && digits >= ID_DIGITS && !money) {
            self.ids.push(hash(token));
            return;
        }
        let written: String = token[..lead].iter().collect();
        let scale = next.and_then(power).filter(|_| letters.is_empty());
        let value = match (written.parse::<u64>(), scale) {
            (Ok(n), scale) => hash_value(n.saturating_mul(scale.unwrap_or(1))),
            (Err(_), _) => hash(&token[..lead]),
        };
        let after = to + usize::from(scale.is_some());
        let unit = if letters.is_empty() { unit_after(text, after) } else { hash(letters) };
        self.amounts.push(Number { value, unit });
    }

    fn word(&mut self, text: &[char], token: &[char], to: usize) {
        if !(3..=7).contains(&token.len()) || !"otfsen".contains(token[0]) {
            return;
        }
        let is = |word: &str| word.chars().eq(token.iter().copied());
        if is("one") || is("once") {
            self.ones.push(Number { value: hash_value(1), unit: unit_after(text, to) });
        } else if let Some((word, value)) = WORDS.iter().find(|w| is(w.0)) {
            let unit =
                if *word == "twice" { hash(&['t', 'i', 'm', 'e']) } else { unit_after(text, to) };
            self.amounts.push(Number { value: hash_value(*value), unit });
        }
    }

    /// Whether both name orders and the like, and none that the other names.
    pub(super) fn other_order(&self, other: &Self) -> bool {
        let both = !self.ids.is_empty() && !other.ids.is_empty();
        both && !self.ids.iter().any(|id| other.ids.binary_search(id).is_ok())
    }

    /// How the amounts of two texts differ.
    pub(super) fn differ(&self, other: &Self) -> Difference {
        let (a, b) = (self.against(other), other.against(self));
        if a.is_empty() || b.is_empty() {
            return Difference::None;
        }
        let has = |list: &[Number], value| list.binary_search_by_key(&value, |m| m.value).is_ok();
        let within = |x: &[Number], y: &[Number]| x.iter().all(|n| has(y, n.value));
        if within(&a, &b) || within(&b, &a) {
            return Difference::None;
        }
        let few = a.len() <= FEW && b.len() <= FEW;
        let same_thing = || a.iter().any(|n| b.iter().any(|m| m.unit == n.unit));
        let shared = || a.iter().any(|n| has(&b, n.value));
        if few && same_thing() && !shared() { Difference::Clear } else { Difference::Some }
    }

    /// The amounts, and those ones that the other counts too; by value.
    fn against(&self, other: &Self) -> Vec<Number> {
        if self.ones.is_empty() && self.amounts.is_empty() {
            return Vec::new();
        }
        let mut all = self.amounts.clone();
        if !self.ones.is_empty() {
            let mut units: Vec<u64> = other.amounts.iter().map(|n| n.unit).collect();
            units.sort_unstable();
            let counted = |one: &&Number| one.unit != 0 && units.binary_search(&one.unit).is_ok();
            all.extend(self.ones.iter().filter(counted));
            all.sort_unstable();
        }
        all
    }
}

/// Values and words share one space of hashes.
fn hash_value(value: u64) -> u64 {
    value.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1
}

/// A letter or digit that is no Chinese character.
fn is_letter(c: char) -> bool {
    c.is_ascii_alphanumeric() || !c.is_ascii() && !is_han(c) && c.is_alphanumeric()
}

/// End of a run of letters and digits; marks between digits belong to it.
fn token_end(text: &[char], from: usize) -> usize {
    let mut at = from;
    while at < text.len() {
        let c = text[at];
        let joins = ".:/-".contains(c)
            && at > from
            && text[at - 1].is_ascii_digit()
            && text.get(at + 1).is_some_and(char::is_ascii_digit);
        if !(joins || is_letter(c)) {
            break;
        }
        at += 1;
    }
    at
}

/// "One of them", "3 and": nothing is counted yet.
const LITTLE: [&str; 6] = ["of", "and", "or", "in", "is", "for"];

/// What is counted: the Chinese character or the Latin word behind a number.
fn unit_after(text: &[char], at: usize) -> u64 {
    let from = at + usize::from(text.get(at) == Some(&' '));
    match text.get(from) {
        Some('块') => hash(&['元']),
        Some('号') => hash(&['日']),
        Some(c) if is_han(*c) => hash(&[*c]),
        Some(c) if c.is_alphabetic() => {
            let word = &text[from..token_end(text, from)];
            if LITTLE.iter().any(|little| little.chars().eq(word.iter().copied())) {
                return 0;
            }
            hash(word.strip_suffix(&['s']).unwrap_or(word))
        }
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::normalise;

    fn differ(a: &str, b: &str) -> Difference {
        let of = |text| Numbers::of(&normalise(text).chars().collect::<Vec<_>>());
        if of(a).other_order(&of(b)) { Difference::Clear } else { of(a).differ(&of(b)) }
    }

    #[test]
    fn values_in_words() {
        for (text, value) in
            [("三百五十", 350), ("两万", 20_000), ("十二", 12), ("一千零一", 1_001)]
        {
            assert_eq!(value_of(&text.chars().collect::<Vec<_>>()), value, "{text}");
        }
    }

    #[test]
    fn differences() {
        use Difference::{Clear, None, Some};
        for (a, b, wanted) in [
            ("充值20元", "充值30块", Clear),
            ("2万元", "两万", None),
            ("20000块", "2万元", None),
            ("订单12345", "订单12346", Clear),
            ("订单12345", "那个订单", None),
            ("charged twice", "charged 2 times", None),
            ("3 days", "5 dollars", Some),
            ("one of them", "3 of those", Some),
            ("退一件", "退三件", Clear),
            ("周三", "周五", Clear),
            ("a123", "a124", Clear),
            ("$4.99 fee", "$9.99 fee", Clear),
        ] {
            let found = differ(a, b);
            // A lone "one" against another unit is nothing at all, which is as good as some.
            assert!(found == wanted || (wanted == Some && found == None), "{a} | {b}: {found:?}");
        }
    }
}
