//! A copy of the text in which a digit is a digit however it was written, with the way back to the
//! places of the original.

use std::ops::Range;

use crate::text::normalise::is_han;

/// Fewer Chinese numerals in a row are words ("三七分", "一二三四"), not a number that is dictated.
const DICTATED: usize = 7;

/// The first digit of every other decimal script that chats are written in (Unicode, class Nd).
const ZEROS: [u32; 26] = [
    0x0660, 0x06f0, 0x07c0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66, 0x0be6, 0x0c66, 0x0ce6, 0x0d66,
    0x0de6, 0x0e50, 0x0ed0, 0x0f20, 0x1040, 0x17e0, 0x1810, 0xa8d0, 0xff10, 0x1d7ce, 0x1d7d8,
    0x1d7e2, 0x1d7ec, 0x1d7f6,
];

/// The folded text and where its characters came from.
pub(super) struct Folded {
    /// Digits, letters and signs in half width; one space for any white space; no invisible
    /// characters.
    pub(super) text: String,
    /// Start in `text` and in the original of every character.
    places: Vec<(usize, usize)>,
    /// Of the original, bytes.
    length: usize,
}

impl Folded {
    pub(super) fn new(original: &str) -> Self {
        let length = original.len();
        let mut folded = Self { text: String::with_capacity(length), places: Vec::new(), length };
        let mut dictated_until = 0;
        for (at, c) in original.char_indices() {
            if at >= dictated_until && chinese(c).is_some() {
                let run = original[at..].chars().take_while(|c| chinese(*c).is_some());
                let (count, bytes) = run.fold((0, 0), |(n, b), c| (n + 1, b + c.len_utf8()));
                // Marked to its end in any case, so that no run is counted twice.
                dictated_until = at + bytes;
                folded.run(&original[at..at + bytes], at, count >= DICTATED);
            }
            if at < dictated_until {
                continue;
            }
            if let Some(plain) = plain(c) {
                folded.push(plain, at);
            }
        }
        folded
    }

    fn run(&mut self, run: &str, at: usize, dictated: bool) {
        for (i, c) in run.char_indices() {
            let digit = chinese(c).filter(|_| dictated);
            self.push(digit.map_or(c, digit_of), at + i);
        }
    }

    fn push(&mut self, c: char, at: usize) {
        self.places.push((self.text.len(), at));
        self.text.push(c);
    }

    /// The place of a piece in the original, with what is invisible in it and behind it.
    pub(super) fn original(&self, piece: &Range<usize>) -> Range<usize> {
        let index = |at: usize| self.places.partition_point(|(folded, _)| *folded < at);
        let place = |i: usize| self.places.get(i).map_or(self.length, |place| place.1);
        let start = place(index(piece.start));
        start..place(index(piece.end)).max(start)
    }
}

fn digit_of(value: u32) -> char {
    char::from_digit(value, 10).unwrap_or('0')
}

/// What stands for a character; `None` for one that nobody sees.
fn plain(c: char) -> Option<char> {
    if c.is_ascii() && !c.is_ascii_whitespace() {
        return Some(c);
    }
    Some(match c {
        '\u{ad}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2060}'
        | '\u{feff}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{20e3}' => return None,
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' => '-',
        '\u{b7}' | '\u{2022}' | '\u{2027}' | '\u{30fb}' | '\u{ff65}' => '·',
        c if c.is_whitespace() => ' ',
        c => match digit(c) {
            Some(value) => digit_of(value),
            None => half_width(c),
        },
    })
}

fn half_width(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

/// The value of a digit of any script; a numeral whose value is not known counts as 0, for it is
/// masked all the same.
fn digit(c: char) -> Option<u32> {
    // Chinese characters, which most of many texts is made of, are none; their numerals are `chinese`.
    if is_han(c) || chinese(c).is_some() {
        return None;
    }
    let code = c as u32;
    let of_script = ZEROS.iter().find(|zero| (**zero..**zero + 10).contains(&code));
    let circled = match code {
        0x2460..=0x2468 => Some(code - 0x2460 + 1),
        0x2776..=0x277e => Some(code - 0x2776 + 1),
        0x24ea | 0x24ff => Some(0),
        0xb9 => Some(1),
        0xb2 | 0xb3 => Some(code - 0xb0),
        0x2074..=0x2079 => Some(code - 0x2070),
        0x2080..=0x2089 => Some(code - 0x2080),
        _ => None,
    };
    of_script
        .map(|zero| code - zero)
        .or(circled)
        .or_else(|| (c.is_numeric() && !c.is_ascii()).then_some(0))
}

/// The value of a Chinese digit, as numbers are dictated and as they stand on cheques.
fn chinese(c: char) -> Option<u32> {
    Some(match c {
        '零' | '〇' => 0,
        '一' | '幺' | '壹' => 1,
        '二' | '两' | '贰' | '兩' | '貳' => 2,
        '三' | '叁' | '參' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' | '陸' => 6,
        '七' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        _ => return None,
    })
}

/// Whether the character can be part of a number.
pub(super) fn is_any_digit(c: char) -> bool {
    c.is_ascii_digit() || (!c.is_ascii() && (chinese(c).is_some() || digit(c).is_some()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_takes_what_is_invisible_along() {
        let text = "电话：１3\u{200b}8,完";
        let folded = Folded::new(text);
        assert_eq!(folded.text, "电话:138,完");
        let at = folded.text.find("138").unwrap();
        assert_eq!(&text[folded.original(&(at..at + 3))], "１3\u{200b}8");
    }
}
