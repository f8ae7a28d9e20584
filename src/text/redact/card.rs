//! Bank and credit cards: ISO/IEC 7812-1, 13 to 19 digits, the last one after Luhn.

/// Whether the digits are a card's: length, first digit of a bank's range, check.
pub(super) fn is_card(digits: &[u8]) -> bool {
    (13..=19).contains(&digits.len())
        && matches!(digits.first(), Some(2..=6 | 9))
        && digits.iter().any(|d| *d != digits[0])
        && luhn(digits)
}

/// Every second digit from the right counts twice, its digits added up; the sum ends in 0.
fn luhn(digits: &[u8]) -> bool {
    let weigh = |(i, d): (usize, &u8)| match u32::from(*d) * if i % 2 == 1 { 2 } else { 1 } {
        twice if twice > 9 => twice - 9,
        value => value,
    };
    digits.iter().rev().enumerate().map(weigh).sum::<u32>() % 10 == 0
}

#[cfg(test)]
mod tests {
    use super::super::redact;

    #[test]
    fn with_its_check_digit() {
        // Numbers that the networks publish for tests.
        assert_eq!(redact("4111 1111 1111 1111"), "[card]");
        assert_eq!(redact("card 3782-822463-10005."), "card [card].");
        assert_eq!(redact("4111111111111112"), "***");
    }
}
