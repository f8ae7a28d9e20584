//! What a row of the form carries about its draw, in code: stratum, sizes and what was found. In clear it
//! would tell the labeller what the tool thinks; in a second file alone it would get lost. It is no
//! secret (the same stands in clear in the key file) and survives spreadsheets, for it is no number.

use sha2::{Digest, Sha256};

use super::case::Case;
use super::stratum::Stratum;
use super::{Found, MEASURES};
use crate::stats::Class;

/// Bytes of the code before its check.
const BODY: usize = 28;
const CHECK: usize = 2;
/// First letter, so that no spreadsheet takes it for a number.
const MARK: &str = "t";

/// The draw of one conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// Which conversation.
    pub case: Case,
    /// Its stratum when it was drawn.
    pub stratum: Stratum,
    /// Conversations in that stratum.
    pub size: u64,
    /// How many of them were drawn.
    pub drawn: u32,
    /// Conversations that the sample was drawn from.
    pub population: u64,
    /// Their fingerprint.
    pub fingerprint: u32,
    /// What was found in it when it was drawn.
    pub found: Found,
}

impl Ticket {
    /// As written.
    #[must_use]
    pub fn encode(&self) -> String {
        let mut body = Vec::with_capacity(BODY);
        body.extend(self.case.0);
        body.push(self.stratum as u8);
        body.extend(&self.size.to_be_bytes()[3..]);
        body.extend(self.drawn.to_be_bytes());
        body.extend(&self.population.to_be_bytes()[3..]);
        body.extend(self.fingerprint.to_be_bytes());
        body.extend(pack(self.found.classes).to_be_bytes());
        body.push(u8::from(self.found.shows_bot));
        cover(&mut body);
        let check = check(&body);
        body.iter().chain(&check).fold(MARK.to_owned(), |text, b| format!("{text}{b:02x}"))
    }

    /// As read; `None` where it was damaged.
    #[must_use]
    pub fn decode(text: &str) -> Option<Self> {
        let digits = text.trim().strip_prefix(MARK)?;
        let mut body = bytes(digits)?;
        let given = body.split_off(body.len().checked_sub(CHECK)?);
        if body.len() != BODY || check(&body).as_slice() != given {
            return None;
        }
        cover(&mut body);
        let number =
            |from: usize, to: usize| body[from..to].iter().fold(0, |n, b| (n << 8) | u64::from(*b));
        Some(Self {
            case: Case(std::array::from_fn(|i| body[i])),
            stratum: *Stratum::ALL.get(usize::from(body[6]))?,
            size: number(7, 12),
            drawn: u32::try_from(number(12, 16)).ok()?,
            population: number(16, 21),
            fingerprint: u32::try_from(number(21, 25)).ok()?,
            found: Found {
                classes: unpack(u16::try_from(number(25, 27)).ok()?)?,
                shows_bot: body[27] == 1,
            },
        })
    }
}

/// Covers, and uncovers, what comes after the case by a stream made of the case.
fn cover(body: &mut [u8]) {
    let (case, rest) = body.split_at_mut(6);
    let stream = Sha256::digest(&*case);
    rest.iter_mut().zip(stream.iter()).for_each(|(byte, key)| *byte ^= key);
}

fn check(body: &[u8]) -> [u8; CHECK] {
    let digest = Sha256::digest([b"ticket", body].concat());
    [digest[0], digest[1]]
}

fn bytes(digits: &str) -> Option<Vec<u8>> {
    let nibble = |b: &u8| char::from(*b).to_digit(16).and_then(|n| u8::try_from(n).ok());
    let nibbles = digits.as_bytes().iter().map(nibble).collect::<Option<Vec<_>>>()?;
    nibbles.len().is_multiple_of(2).then(|| nibbles.chunks(2).map(|n| (n[0] << 4) | n[1]).collect())
}

/// Two bits a class.
fn pack(classes: [Class; MEASURES]) -> u16 {
    classes.iter().fold(0, |bits, class| (bits << 2) | *class as u16)
}

fn unpack(bits: u16) -> Option<[Class; MEASURES]> {
    let mut classes = [Class::Out; MEASURES];
    for (i, class) in classes.iter_mut().rev().enumerate() {
        *class = *Class::ALL.get(usize::from((bits >> (2 * i)) & 3))?;
    }
    Some(classes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticket() -> Ticket {
        let mut classes = [Class::Out; MEASURES];
        (classes[0], classes[3], classes[7]) = (Class::Hit, Class::Base, Class::Hit);
        Ticket {
            case: Case([1, 2, 3, 250, 0, 9]),
            stratum: Stratum::QuietLong,
            size: 123_456_789_012,
            drawn: 77,
            population: 1 << 39,
            fingerprint: 0xdead_beef,
            found: Found { classes, shows_bot: true },
        }
    }

    #[test]
    fn what_was_written_is_read() {
        assert_eq!(Ticket::decode(&format!(" {} ", ticket().encode())), Some(ticket()));
    }

    #[test]
    fn damage_is_seen() {
        let code = ticket().encode();
        for i in 0..code.len() {
            let mut other = code.clone().into_bytes();
            other[i] = if other[i] == b'0' { b'1' } else { b'0' };
            assert_eq!(Ticket::decode(&String::from_utf8(other).unwrap()), None, "{i}");
        }
        for bad in ["", "t", "t00", "1.2E+30", "转", "tzz"] {
            assert_eq!(Ticket::decode(bad), None);
        }
    }

    #[test]
    fn a_person_does_not_see_what_was_found() {
        let other = Ticket { case: Case([7; 6]), ..ticket() };
        let (one, two) = (ticket().encode(), other.encode());
        let same = one.bytes().zip(two.bytes()).skip(13).filter(|(a, b)| a == b).count();
        assert!(same < 15, "{one} {two}");
    }
}
