//! How the importers of vendors know their records: by the keys of JSON or the columns of a table,
//! never by the name of a file.

use super::look::Look;

/// True if the text begins as JSON does.
pub(super) fn is_json(look: &Look) -> bool {
    look.text.trim_start().starts_with(['{', '['])
}

/// The reason of a JSON input that has all these keys in what was looked at; `what` names the
/// records.
pub(super) fn keys(look: &Look, what: &str, keys: &[&str]) -> Option<String> {
    (is_json(look) && keys.iter().all(|key| has_key(&look.text, key))).then(|| reason(what, keys))
}

/// The reason of a table whose first line has all these columns, in capitals or not (some tools
/// write them so).
pub(super) fn columns(look: &Look, what: &str, columns: &[&str]) -> Option<String> {
    if is_json(look) || look.is_container() {
        return None;
    }
    let line = look.text.lines().next()?;
    let delimiter = header_delimiter(&look.text);
    let names: Vec<&str> = line.split(delimiter).map(|n| n.trim().trim_matches('"')).collect();
    columns
        .iter()
        .all(|c| names.iter().any(|n| n.eq_ignore_ascii_case(c)))
        .then(|| reason(what, columns))
}

fn reason(what: &str, keys: &[&str]) -> String {
    format!("has the keys of {what}: {}", keys.join(", "))
}

/// True if the text has the key, with a colon behind it.
pub(super) fn has_key(text: &str, key: &str) -> bool {
    let quoted = format!("\"{key}\"");
    text.match_indices(&quoted).any(|(i, _)| text[i + quoted.len()..].trim_start().starts_with(':'))
}

/// The delimiter of the first line: the commonest of those that tables have.
pub(super) fn header_delimiter(text: &str) -> char {
    let line = text.lines().next().unwrap_or_default();
    let count = |d: char| line.matches(d).count();
    [',', ';', '\t', '|'].into_iter().rev().max_by_key(|d| count(*d)).unwrap_or(',')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_one_with_a_colon() {
        assert!(has_key("{\"a\" : 1}", "a"));
        assert!(!has_key("{\"b\": \"a\"}", "a"));
        assert_eq!(header_delimiter("a\tb\tc,d"), '\t');
        assert_eq!(header_delimiter("a"), ',');
    }
}
