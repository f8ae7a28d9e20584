//! What columns and values mean, written by the user where the tool cannot know: a TOML file.
//!
//! ```toml
//! time_zone = "Asia/Shanghai"
//! [columns]
//! conversation_id = "接待流水"
//! sender = "谁"
//! [senders]
//! "老王" = "agent"
//! [coverage]
//! queue = true
//! ```

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::meaning::Meaning;
use super::names;
use crate::error::{Error, Result};
use crate::model::{Coverage, Kind, Sender, Shows};

/// A mapping. Unknown keys are errors, so that a slip of the pen is not silently without effect.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Mapping {
    /// Name of the input format, as for `--format`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// Zone of stamps that carry none, as in the IANA database; wins over `--time-zone`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// How stamps are written: a strftime pattern, or `epoch`, `epoch_ms` or `snowflake`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_format: Option<String>,
    /// Path to the list of records in a JSON document (`result.items`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub records: Option<String>,
    /// Canonical name to header (or path, in JSON) in a chat log; an empty header means "none".
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub columns: BTreeMap<String, String>,
    /// The same for complaint records.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub complaints: BTreeMap<String, String>,
    /// Names of one's own for further columns, for `--by`, `--keep` and `--where`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, String>,
    /// Sender values.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub senders: BTreeMap<String, Sender>,
    /// Event values.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub events: BTreeMap<String, Kind>,
    /// What the source can show.
    #[serde(skip_serializing_if = "DeclaredCoverage::is_empty")]
    pub coverage: DeclaredCoverage,
    /// Where the messages of a nested JSON record are: one entry for each place.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub turns: Vec<Turns>,
}

/// One place of a nested JSON record that holds messages. Paths are those of the message; `..`
/// before a path goes to the record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Turns {
    /// Path to the list of messages; none if the record itself holds one message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list: Option<String>,
    /// Who wrote all of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sender: Option<Sender>,
    /// How the stamps of this place are written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_format: Option<String>,
    /// Paths of this place, over those of the mapping's `[columns]`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub columns: BTreeMap<String, String>,
    /// Rules for the sender; the first that holds decides.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sender_rules: Vec<SenderRule>,
}

/// One rule: the sender is `is` if the path has a value, and that value equals the one at `equals`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SenderRule {
    /// The path that must have a value.
    pub path: String,
    /// A second path that must have the same value; none: any value will do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub equals: Option<String>,
    /// Who it is then.
    pub is: Sender,
}

/// What the user says that a source can show; what is left out is decided from the rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DeclaredCoverage {
    /// Replies of the bot.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bot_replies: Option<bool>,
    /// Messages of human agents.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent_messages: Option<bool>,
    /// System lines or events.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system_lines: Option<bool>,
    /// Queueing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub queue: Option<bool>,
    /// Agents joining.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub joins: Option<bool>,
    /// Agents or customers leaving.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leaves: Option<bool>,
    /// Closing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closes: Option<bool>,
}

impl DeclaredCoverage {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Puts what is declared over what was seen.
    pub(super) fn over(self, coverage: &mut Coverage) {
        let put = |declared: Option<bool>, shows: &mut Shows| {
            if let Some(yes) = declared {
                *shows = if yes { Shows::Yes } else { Shows::No };
            }
        };
        put(self.bot_replies, &mut coverage.bot_replies);
        put(self.agent_messages, &mut coverage.agent_messages);
        put(self.system_lines, &mut coverage.system_lines);
        put(self.queue, &mut coverage.queue);
        put(self.joins, &mut coverage.joins);
        put(self.leaves, &mut coverage.leaves);
        put(self.closes, &mut coverage.closes);
    }
}

impl Mapping {
    /// Reads a mapping.
    ///
    /// # Errors
    /// If it is not valid TOML, or holds keys, columns, zones or formats that are none; the error
    /// names file and line.
    pub fn from_toml(name: &str, text: &str) -> Result<Self> {
        let mapping: Self = toml::from_str(text).map_err(|e| {
            let at = e.span().map_or(0, |s| s.start.min(text.len()));
            let line = text.get(..at).map_or(1, |before| before.matches('\n').count() + 1);
            let what = e.message().lines().collect::<Vec<_>>().join(" ");
            wrong(name, line, &what)
        })?;
        mapping.check().map_err(|(value, what)| wrong(name, line_of(text, &value), &what))?;
        Ok(mapping)
    }

    /// The mapping as TOML.
    ///
    /// # Errors
    /// Never for a mapping that was read or guessed; the serialiser's error otherwise.
    pub fn to_toml(&self) -> Result<String> {
        toml::to_string(self).map_err(|e| {
            Error::usage(
                format!("the mapping cannot be written as TOML: {e}"),
                "report this as a bug",
            )
        })
    }

    /// The zone that the mapping names.
    pub(super) fn zone(&self) -> Option<chrono_tz::Tz> {
        self.time_zone.as_deref().and_then(|z| z.parse().ok())
    }

    /// The sender that a value is mapped to.
    pub(super) fn sender(&self, value: &str) -> Option<Sender> {
        lookup(&self.senders, value)
    }

    /// The kind that an event value is mapped to.
    pub(super) fn event(&self, value: &str) -> Option<Kind> {
        lookup(&self.events, value)
    }

    /// The text to blame and what is wrong with it.
    fn check(&self) -> Result<(), (String, String)> {
        let turns = self.turns.iter().flat_map(|t| t.columns.keys());
        for key in self.columns.keys().chain(self.complaints.keys()).chain(turns) {
            if Meaning::parse(key).is_none() {
                let known = Meaning::ALL.map(Meaning::name).join(", ");
                return Err((
                    key.clone(),
                    format!(
                        "{key} is no column of ours ({known}); a column of your own goes under [fields]"
                    ),
                ));
            }
        }
        if let Some(zone) = self.time_zone.as_ref().filter(|_| self.zone().is_none()) {
            return Err((zone.clone(), format!("{zone} is no time zone of the IANA database")));
        }
        if let Some(format) = self.format.as_ref() {
            let known = super::format_names();
            if !known.contains(&format.as_str()) {
                let known = known.join(", ");
                let what = format!("there is no input format {format}, only {known}");
                return Err((format.clone(), what));
            }
        }
        let formats = self.turns.iter().filter_map(|t| t.time_format.as_ref());
        for format in self.time_format.iter().chain(formats) {
            let bad = |i| matches!(i, chrono::format::Item::Error);
            if chrono::format::StrftimeItems::new(format).any(bad) {
                return Err((
                    format.clone(),
                    format!("time_format {format} is no strftime pattern"),
                ));
            }
        }
        Ok(())
    }
}

fn lookup<T: Copy>(table: &BTreeMap<String, T>, value: &str) -> Option<T> {
    table.get(value).copied().or_else(|| {
        let value = names::value(value);
        table.iter().find(|(k, _)| names::value(k) == value).map(|(_, v)| *v)
    })
}

fn wrong(name: &str, line: usize, what: &str) -> Error {
    Error::usage(
        format!("{name}, line {line}: {what}"),
        "correct it, or write a new one by inspect --write-mapping",
    )
}

/// The line on which a text stands first; 1 if on none.
fn line_of(text: &str, value: &str) -> usize {
    text.lines().position(|l| l.contains(value)).map_or(1, |at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_name_file_and_line() {
        let line = |text: &str| Mapping::from_toml("m.toml", text).unwrap_err().to_string();
        assert!(
            line("[columns]\ntext = \"a\"\nsendr = \"b\"").starts_with("m.toml, line 3: sendr")
        );
        assert!(line("a = 1\n[columns]").starts_with("m.toml, line 1: unknown field"));
        assert!(line("\n\n[senders]\nx = \"boss\"").starts_with("m.toml, line 4: unknown variant"));
        assert!(line("\ntime_zone = \"Mars/Base\"").starts_with("m.toml, line 2: Mars/Base"));
        assert!(line("time_format = \"%Q\"").contains("no strftime"));
        assert!(line("\nformat = \"cvs\"").starts_with("m.toml, line 2: there is no input format"));
        assert!(line("[columns\n").starts_with("m.toml, line 1"));
    }

    #[test]
    fn it_survives_the_way_to_toml_and_back() {
        let text = "time_zone = \"UTC\"\n[columns]\ntext = \"t\"\n[senders]\n\"老王\" = \"agent\"\n\
                    [events]\nx = \"close\"\n[coverage]\nqueue = true\n[[turns]]\nlist = \"a.b\"\n\
                    [[turns.sender_rules]]\npath = \"who\"\nequals = \"..owner\"\nis = \"agent\"\n";
        let mapping = Mapping::from_toml("m", text).unwrap();
        assert_eq!(mapping.sender("老王"), Some(Sender::Agent));
        assert_eq!(mapping.event("X"), Some(Kind::Close));
        let again = Mapping::from_toml("m", &mapping.to_toml().unwrap()).unwrap();
        assert_eq!(mapping, again);
    }
}
