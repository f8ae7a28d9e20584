//! Values of named columns as they may leave the tool: groups must stay apart, people unknown.

use std::fmt::Write as _;
use std::sync::LazyLock;

use regex::Regex;
use sha2::{Digest, Sha256};

use super::redact::redact;

static DATE: LazyLock<Regex> = LazyLock::new(|| {
    let date = r"^(?:19|20)\d\d([-/.])(?:0?[1-9]|1[0-2])(?:[-/.])(?:0?[1-9]|[12]\d|3[01])";
    let time = r"(?:[ T]\d\d?:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$";
    Regex::new(&format!("{date}{time}")).expect("the pattern is valid")
});

/// The value of a column for printing. One that holds a number of seven digits or more or an e-mail
/// address is masked and carries six digits of its SHA-256, so that two values do not become one
/// group; a date is no such number.
#[must_use]
pub fn pseudonym(value: &str) -> String {
    if DATE.is_match(value.trim()) {
        return value.to_owned();
    }
    let mut masked = redact(value);
    if masked != value {
        for byte in Sha256::digest(value.as_bytes()).iter().take(3) {
            // Writing to a string cannot fail.
            let _ = write!(masked, "{byte:02x}");
        }
    }
    masked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_stay_and_numbers_stay_apart() {
        assert_eq!(pseudonym("2024-01-05"), "2024-01-05");
        assert_eq!(pseudonym("2024/1/5 09:03:00"), "2024/1/5 09:03:00");
        assert_eq!(pseudonym("VIP"), "VIP");
        let (one, other) = (pseudonym("13800138000"), pseudonym("13900139000"));
        assert!(
            one.starts_with("***") && other.starts_with("***") && one != other,
            "{one} {other}"
        );
        assert_eq!(pseudonym(&one), one, "what is masked stays");
        assert!(pseudonym("2024-01-05 13800138000").contains("***"));
        assert!(pseudonym("20240105").starts_with("***"), "eight digits may be anybody's number");
    }
}
