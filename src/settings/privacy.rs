//! `--keep-text` and `--hash-key`: what was typed, checked.

use std::path::Path;

use crate::cli::{KeepTextArg, PrivacyArgs};
use crate::error::{Error, Result};
use crate::text::{HashKey, KeepText, Privacy};

/// A shorter key is found by trying.
const SHORTEST: usize = 16;
/// The flag whose value stands nowhere.
const FLAG: &str = "--hash-key";

/// What of texts and ids leaves the tool.
///
/// # Errors
/// When the key is empty, or names a file that is not there.
pub(super) fn of(args: &PrivacyArgs, quiet: bool) -> Result<Privacy> {
    let keep_text = match args.keep_text {
        KeepTextArg::None => KeepText::None,
        KeepTextArg::Redacted => KeepText::Redacted,
        KeepTextArg::Full => KeepText::Full,
    };
    if keep_text == KeepText::Full {
        crate::say(
            "tohuman: WARNING: --keep-text full: texts and ids are written as they stand, with \
             phone numbers, identity numbers and addresses; keep what is written as safe as the log",
        );
    }
    let hash_key = args.hash_key.as_deref().map(|key| read(key, quiet)).transpose()?;
    Ok(Privacy { keep_text, hash_key: hash_key.unwrap_or_default() })
}

/// The key, or what stands in the file of that name, without white space around it.
fn read(given: &str, quiet: bool) -> Result<HashKey> {
    let path = Path::new(given);
    let key = if path.is_file() {
        std::fs::read(path).map_err(|source| Error::Read { path: path.to_owned(), source })?
    } else if is_path(given) {
        // Not repeated: it may be the key after all.
        return Err(Error::usage(
            format!("{FLAG}: looks like a file, and there is none of that name"),
            "name a file that is there, or a key without `/` and without `.key` or `.txt` at its end",
        ));
    } else {
        given.as_bytes().to_vec()
    };
    let key = key.trim_ascii();
    if key.is_empty() {
        return Err(Error::usage(
            format!("{FLAG}: the key is empty"),
            "make one, e.g. by `openssl rand -hex 32 > hash.key`, and name the file",
        ));
    }
    if key.len() < SHORTEST && !quiet {
        crate::say(&format!(
            "tohuman: {FLAG}: a key of fewer than {SHORTEST} characters can be found by trying"
        ));
    }
    Ok(HashKey::new(key))
}

fn is_path(given: &str) -> bool {
    let ending = Path::new(given).extension().and_then(|e| e.to_str()).unwrap_or_default();
    given.contains(['/', '\\']) || ["key", "txt"].contains(&ending)
}

/// The words of a command line as they may be written down: without the key.
#[must_use]
pub fn without_key(words: &[String]) -> Vec<String> {
    let mut value = false;
    let mut out = Vec::with_capacity(words.len());
    for word in words {
        let hidden = std::mem::replace(&mut value, word == FLAG);
        let joined = word.strip_prefix(FLAG).is_some_and(|rest| rest.starts_with('='));
        out.push(match (hidden, joined) {
            (true, _) => "***".to_owned(),
            (_, true) => format!("{FLAG}=***"),
            _ => word.clone(),
        });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_written_nowhere() {
        let words = ["report", "--hash-key", "secret", "--hash-key=secret", "x.csv"];
        let shown = without_key(&words.map(str::to_owned));
        assert_eq!(shown, ["report", "--hash-key", "***", "--hash-key=***", "x.csv"]);
    }

    #[test]
    fn a_missing_file_is_no_key() {
        let error = read("no/such.key", true).unwrap_err().to_string();
        assert!(!error.contains("such"), "{error}");
        assert!(read(" ", true).is_err());
        assert!(read("correct horse battery", true).is_ok());
    }
}
