//! A text as a cell that no spreadsheet runs, and back.

/// What a formula begins with, also in full width, and what a spreadsheet cuts off before one.
const STARTS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// The text with an apostrophe before it where a spreadsheet would take it for a formula (OWASP, CSV
/// injection). A number stays one. A text that begins so already gets one more, so that
/// [`plain`] gives back what was there.
#[must_use]
pub fn harmless(text: &str) -> String {
    if is_formula(text) && !is_number(text) { format!("'{text}") } else { text.to_owned() }
}

/// The text of a cell that [`harmless`], or any other writer with its rule, wrote.
#[must_use]
pub fn plain(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|text| is_formula(text)).unwrap_or(cell)
}

fn is_formula(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(STARTS)
}

fn is_number(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.'))
        && text.parse::<f64>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_is_no_formula_any_more_and_comes_back() {
        for text in ["=HYPERLINK(1)", "+1+cmd", "-2+3", "@SUM(A1)", "\t=1", "＝1", "'=1", "''=1"] {
            let cell = harmless(text);
            assert!(cell.starts_with('\'') && cell.len() > text.len(), "{cell}");
            assert_eq!(plain(&cell), text);
        }
        for text in ["-1.5", "+3", "'tis", "a=b", "", "'"] {
            assert_eq!((harmless(text).as_str(), plain(text)), (text, text));
        }
    }
}
