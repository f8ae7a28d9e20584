//! `facts.json`: how facts were made. Parts that were made alike add up; others are refused.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::measure::{KeepText, Privacy};
use crate::model::{DEFINITIONS_VERSION, Overridden, SourceReport};
use crate::store::table_reader::TableReader;

/// The choices that may differ between parts: what was read, not how it was measured.
const OF_PARTS: [&str; 4] = ["since", "until", "mapping", "format"];
/// The choices that name a file, whose hash stands among the models.
const FILES: [&str; 2] = ["calendar", "overrides"];
/// Bytes of the hash in [`FactsHeader::made_with`]: one in 2^64 is as good as never, and it stands in
/// every row.
const SHORT_HASH: usize = 8;
/// Key of the header in the footer of a Parquet table.
const NOTE: &str = "tohuman.facts";

/// What stands in `facts.json`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactsHeader {
    /// `tohuman`.
    pub tool: String,
    /// Version of the program; its rules are part of it.
    pub version: String,
    /// Version of the definitions.
    pub definitions: String,
    /// Name -> SHA-256 of every lexicon, model and calendar.
    pub models: BTreeMap<String, String>,
    /// The choices that move numbers.
    pub options: BTreeMap<String, String>,
    /// Zone of local hours and dates.
    pub time_zone: String,
    /// Fingerprint of the key of people and orders; `none` is the key that everybody knows.
    #[serde(default)]
    pub hash_key: String,
    /// The named columns, in their order.
    pub named: Vec<String>,
    /// Inputs, in the order read.
    pub inputs: Vec<SourceReport>,
    /// Rows refused, repaired or double, by kind.
    pub problems: BTreeMap<String, u64>,
    /// What verdicts of a person took out, where a list was given.
    #[serde(default)]
    pub overrides: Option<Overridden>,
}

impl FactsHeader {
    /// What tells facts that were made alike from others, in sixteen characters: version,
    /// definitions, models, options, key, named columns and coverage, hashed. Rows carry it where
    /// an engine drops what stands beside them.
    #[must_use]
    pub fn made_with(&self) -> String {
        let moves = |name: &str| !OF_PARTS.contains(&name) && !FILES.contains(&name);
        let options: Vec<_> = self.options.iter().filter(|(name, _)| moves(name)).collect();
        let coverages: Vec<_> = self.inputs.iter().map(|input| &input.coverage).take(1).collect();
        let all = serde_json::json!([
            self.tool,
            self.version,
            self.definitions,
            self.models,
            options,
            self.time_zone,
            self.hash_key,
            self.named,
            coverages,
        ]);
        let hash = Sha256::digest(all.to_string().as_bytes());
        hash.iter().take(SHORT_HASH).fold(String::new(), |mut text, byte| {
            // A string takes all that is written to it.
            let _ = write!(text, "{byte:02x}");
            text
        })
    }

    /// How the facts were made, without what was read, as the footer of a table keeps it.
    ///
    /// # Errors
    /// Never for a header of ours; the serialiser's error otherwise.
    pub(super) fn as_notes(&self) -> Result<Vec<(String, String)>> {
        let made = Self { inputs: Vec::new(), problems: BTreeMap::new(), ..self.clone() };
        let text = serde_json::to_string(&made).map_err(|e| {
            Error::usage(
                format!("the header of facts cannot be written: {e}"),
                "report this as a bug",
            )
        })?;
        Ok(vec![(NOTE.to_owned(), text)])
    }

    /// Reads a header.
    ///
    /// # Errors
    /// When it is missing, no header, or of another version of the program or the definitions.
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| Error::Read { path: path.to_owned(), source })?;
        Self::parse(path, &text)
    }

    /// The header in the footer of a table; `None` where another tool wrote it.
    ///
    /// # Errors
    /// As [`Self::read`], and when it is no table.
    pub(super) fn of_table(path: &Path) -> Result<Option<Self>> {
        let text = TableReader::note(path, NOTE)?;
        text.map(|text| Self::parse(path, &text)).transpose()
    }

    fn parse(path: &Path, text: &str) -> Result<Self> {
        let header: Self = serde_json::from_str(text).map_err(|e| {
            let what = format!("{}: not the header of facts ({e})", path.display());
            Error::usage(what, "run `tohuman measure INPUT -o DIR` with this version")
        })?;
        let ours = (env!("CARGO_PKG_VERSION"), DEFINITIONS_VERSION);
        if (header.version.as_str(), header.definitions.as_str()) != ours {
            return Err(Error::usage(
                format!(
                    "{}: facts of tohuman {}, definitions {}; this is {}, definitions {}",
                    path.display(),
                    header.version,
                    header.definitions,
                    ours.0,
                    ours.1
                ),
                format!("measure again: {}", header.rerun(path)),
            ));
        }
        Ok(header)
    }

    /// The command that makes the facts of this header again.
    #[must_use]
    pub fn rerun(&self, path: &Path) -> String {
        let inputs: Vec<&str> = self.inputs.iter().map(|i| i.path.as_str()).collect();
        let inputs = if inputs.is_empty() { "INPUT...".to_owned() } else { inputs.join(" ") };
        let table = path.extension().is_some_and(|e| e == "parquet");
        let folder = if table { path } else { path.parent().unwrap_or(path) }.display();
        let flags = self.options.iter().map(|(name, value)| match name.as_str() {
            "short_abandon_s" => format!(" --short-abandon {value}"),
            name => format!(" --{} {value}", name.replace('_', "-")),
        });
        let keep = if self.named.is_empty() {
            String::new()
        } else {
            format!(" --keep {}", self.named.join(","))
        };
        let flags = flags.chain([keep]).collect::<String>();
        format!("tohuman measure {inputs}{flags} -o {folder}")
    }

    /// Whether a report with this privacy can be made of these facts. `joins` says that ids are compared
    /// with others, of complaints or of the command line.
    ///
    /// # Errors
    /// When the facts were hashed by another key, or hold more or less of the texts than asked for.
    pub fn agrees(&self, privacy: &Privacy, joins: bool, paths: &[PathBuf]) -> Result<()> {
        let path = paths.first().cloned().unwrap_or_default();
        let (ours, theirs) = (privacy.hash_key.fingerprint(), self.hash_key.as_str());
        if joins && !theirs.is_empty() && theirs != ours {
            return Err(Error::usage(
                format!(
                    "{}: people and orders were hashed by another key (fingerprint {theirs}, given \
                     {ours}); ids cannot be joined",
                    path.display()
                ),
                "give the --hash-key that the facts were measured with",
            ));
        }
        let kept = self.options.get("keep_text").map_or("redacted", String::as_str);
        let keep = privacy.keep_text;
        if self.version.is_empty() || kept == keep.name() || keep == KeepText::None {
            return Ok(());
        }
        Err(Error::usage(
            format!("{}: measured with --keep-text {kept}, not {}", path.display(), keep.name()),
            format!("give --keep-text {kept}, or measure again with --keep-text {}", keep.name()),
        ))
    }

    /// Adds a part that was made alike.
    ///
    /// # Errors
    /// When it was measured by other models or choices, or carries other columns.
    pub fn merge(&mut self, part: &Self, path: &Path) -> Result<()> {
        let differs = |what: &str| {
            Error::usage(
                format!("{}: {what} differ from those of the facts before it", path.display()),
                format!("measure it again with the same options: {}", part.rerun(path)),
            )
        };
        if part.models != self.models {
            return Err(differs("lexicons or models"));
        }
        let fixed = |options: &BTreeMap<String, String>| -> BTreeMap<String, String> {
            let fixed = options.iter().filter(|(name, _)| !OF_PARTS.contains(&name.as_str()));
            fixed.map(|(name, value)| (name.clone(), value.clone())).collect()
        };
        if part.time_zone != self.time_zone || fixed(&part.options) != fixed(&self.options) {
            return Err(differs("options that move numbers"));
        }
        if part.hash_key != self.hash_key {
            return Err(differs("the --hash-key of people and orders"));
        }
        if part.named != self.named {
            return Err(differs("the columns of --by and --keep"));
        }
        for name in OF_PARTS {
            let (own, others) = (self.options.remove(name), part.options.get(name).cloned());
            let both = match (name, own, others) {
                ("since", Some(a), Some(b)) => Some(a.min(b)),
                ("until", Some(a), Some(b)) => Some(a.max(b)),
                // One part is bounded and the other is not: the whole is not.
                ("since" | "until", ..) => None,
                (_, Some(a), Some(b)) if a.split(", ").any(|known| known == b) => Some(a),
                (_, Some(a), Some(b)) => Some(format!("{a}, {b}")),
                (_, a, b) => a.or(b),
            };
            if let Some(both) = both {
                self.options.insert(name.to_owned(), both);
            }
        }
        self.inputs.extend(part.inputs.iter().cloned());
        if let (Some(own), Some(others)) = (&mut self.overrides, &part.overrides) {
            own.merge(others);
        }
        for (kind, n) in &part.problems {
            *self.problems.entry(kind.clone()).or_default() += n;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(options: &[(&str, &str)]) -> FactsHeader {
        let options = options.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        FactsHeader { options, ..FactsHeader::default() }
    }

    #[test]
    fn parts_of_a_year_are_a_year() {
        let mut whole = header(&[("since", "2024-01-01"), ("until", "2024-06-30")]);
        let part = header(&[("since", "2024-07-01"), ("until", "2024-12-31")]);
        whole.merge(&part, Path::new("b/facts.json")).unwrap();
        assert_eq!(whole.options["since"], "2024-01-01");
        assert_eq!(whole.options["until"], "2024-12-31");
        whole.merge(&header(&[]), Path::new("c/facts.json")).unwrap();
        assert!(whole.options.is_empty(), "one part is unbounded");
    }

    #[test]
    fn other_choices_are_refused_naming_the_command() {
        let mut whole = header(&[("short_abandon_s", "10")]);
        let part = header(&[("short_abandon_s", "5")]);
        let error = whole.merge(&part, Path::new("b/facts.json")).unwrap_err().to_string();
        assert!(error.contains("tohuman measure") && error.contains("-o b"), "{error}");
    }
}
