//! Unified social credit codes of organisations, GB 32100-2015: 18 characters, the last a check
//! (MOD 31). One of a sole trader leads to a person.

use super::{Kind, Spans};

/// The characters of the standard by value: no I, O, S, V, Z.
const CHARACTERS: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
/// Modulus of the check.
const MODULUS: usize = 31;
/// Length of a code.
const LENGTH: usize = 18;

pub(super) fn find(text: &str, spans: &mut Spans) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let starts =
            matches!(bytes[at], b'1' | b'5' | b'9' | b'A' | b'N' | b'Y' | b'a' | b'n' | b'y')
                && (at == 0 || !bytes[at - 1].is_ascii_alphanumeric());
        let found = starts.then(|| code(bytes, at)).flatten();
        match found {
            Some((end, sure)) => {
                spans.add(at..end, Some(if sure { Kind::CreditCode } else { Kind::Number }));
                at = end;
            }
            None => at += 1,
        }
    }
}

/// The end of a code that starts here, and whether its check holds. One that is written with
/// spaces or dashes must pass the check; one in a piece needs the look of one: registered by one of the
/// three great authorities, and letters beside the digits.
fn code(bytes: &[u8], start: usize) -> Option<(usize, bool)> {
    let mut values = Vec::with_capacity(LENGTH);
    let mut at = start;
    let mut joined = true;
    while values.len() < LENGTH {
        match bytes.get(at)? {
            b' ' | b'-' if !values.is_empty() && bytes[at - 1].is_ascii_alphanumeric() => {
                joined = false;
            }
            b => values.push(value(*b)?),
        }
        at += 1;
    }
    if bytes.get(at).is_some_and(u8::is_ascii_alphanumeric) {
        return None;
    }
    let region = values[2..8].iter().all(|v| *v < 10);
    let letters = values[8..].iter().any(|v| *v >= 10);
    let holds = region && check(&values[..17]) == values[17];
    let looks = region && joined && letters && matches!((values[0], values[1]), (1 | 5 | 9, 1..=3));
    (holds || looks).then_some((at, holds))
}

fn value(b: u8) -> Option<usize> {
    CHARACTERS.iter().position(|c| *c == b.to_ascii_uppercase())
}

/// The value of the check character: weights are powers of 3.
fn check(values: &[usize]) -> usize {
    let weigh = |(sum, weight): (usize, usize), v: &usize| (sum + v * weight, weight * 3 % MODULUS);
    let (sum, _) = values.iter().fold((0, 1), weigh);
    (MODULUS - sum % MODULUS) % MODULUS
}

#[cfg(test)]
mod tests {
    use super::super::redact;

    #[test]
    fn with_its_check_character() {
        // Made for the test: region and body invented, the check worked out by hand.
        let body = "91330106MA2B0C0D0";
        let values: Vec<usize> = body.bytes().filter_map(super::value).collect();
        let check = char::from(super::CHARACTERS[super::check(&values)]);
        assert_eq!(redact(&format!("税号{body}{check}，")), "税号[credit-code]，");
        let lower = format!("{body}{check}").to_lowercase();
        assert_eq!(redact(&lower), "[credit-code]");
        let wrong = if check == 'A' { 'B' } else { 'A' };
        assert_eq!(redact(&format!("{body}{wrong}")), "***", "looks like one");
        assert_eq!(redact("Yesterday a new order came"), "Yesterday a new order came");
    }
}
