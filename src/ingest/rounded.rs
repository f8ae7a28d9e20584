//! Ids that a spreadsheet rounded. It keeps fifteen digits of a number, so that different ids become
//! one: such an id is not joined on, and the row says so.

/// Digits of a number that a spreadsheet keeps.
const KEPT: usize = 15;
/// An id of digits alone is taken as rounded from this length on: of ids that were not, one in a
/// thousand ends in three zeros; of shorter ones one in ten or a hundred would be called rounded.
const SHORTEST: usize = 18;

/// An id as a spreadsheet shows a long number: `1.23E+17`.
pub(super) fn is_rounded(id: &str) -> bool {
    let Some((mantissa, exponent)) = id.split_once(['e', 'E']) else { return false };
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    let exponent_digits = exponent.strip_prefix('+').unwrap_or(exponent);
    // Hexadecimal ids such as 12e45678 have more digits behind the letter, or none before a sign.
    let signed = exponent.len() != exponent_digits.len() || mantissa.contains('.');
    signed && whole.len() == 1 && digits(whole) && digits(fraction) && digits(exponent_digits)
}

/// An id that cannot be joined on: in powers of ten, or with nothing but zeros behind the digits
/// that a spreadsheet keeps.
pub(super) fn is_rounded_link(id: &str) -> bool {
    let zeros = || id.len() >= SHORTEST && id.bytes().skip(KEPT).all(|b| b == b'0');
    is_rounded(id) || id.bytes().all(|b| b.is_ascii_digit()) && zeros()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounded_ids() {
        for id in ["1.23E+17", "1.23457e+17", "1E+20", "1.2345678901234568e29"] {
            assert!(is_rounded(id) && is_rounded_link(id), "{id}");
        }
        for id in ["12e45678", "1e5", "e-12", "123", "3E", "A1.2E+3", "1.5"] {
            assert!(!is_rounded(id) && !is_rounded_link(id), "{id}");
        }
        assert!(is_rounded_link("123456789012345000"));
        assert!(!is_rounded_link("123456789012345600"));
        assert!(!is_rounded_link("1234567890123450"), "of sixteen digits one in ten ends so");
        assert!(!is_rounded("123456789012345000"));
    }
}
