//! What an input is: looked at once, before it is read.

use std::fmt::Write as _;

use super::columns::{Columns, Wanted, list, resolve};
use super::cure::Cure;
use super::header::Vocabulary;
use super::look::Look;
use super::meaning::Meaning;
use super::table::{Flow, Item, Job};
use super::vocabulary::COMPLAINT_WORDS;
use super::{FORMATS, Format, IngestOptions, Input, Mapping, Turns, format_names, names};
use crate::error::{Error, Result};

/// Rows that are looked at to tell what columns mean.
const SAMPLE: usize = 2000;
/// The way out of a header that is not understood.
pub(super) const MAP_IT: &str = "name the columns in a mapping: tohuman inspect FILE --write-mapping map.toml, then --mapping map.toml";

/// What an input holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Nature {
    /// Messages of conversations.
    ChatLog,
    /// Complaint records.
    Complaints,
    /// Neither; the reasons say what is missing.
    Neither,
}

/// What a look at an input gives.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Probe {
    /// What it holds.
    pub nature: Nature,
    /// Name of the format.
    pub format: String,
    /// Why that format and that nature, in words.
    pub reasons: Vec<String>,
    /// Character encoding; empty for a spreadsheet.
    pub encoding: String,
    /// Why that encoding.
    pub encoding_reason: String,
    /// `gzip`, `zstd` or empty.
    pub compression: String,
    /// Columns as they stand in the file, and what each is taken as.
    pub columns: Vec<(String, Option<String>)>,
}

/// Looks at an input.
///
/// # Errors
/// If it cannot be read, is empty, is no text or spreadsheet, or its header cannot be understood
/// without a mapping.
pub fn probe(input: &Input, options: &IngestOptions) -> Result<Probe> {
    let study = Study::of(input, options)?;
    let (nature, reason) = study.nature();
    let columns = match nature {
        Nature::Complaints => study.columns(Vocabulary::Complaints)?,
        _ => study.columns(Vocabulary::Log)?,
    };
    Ok(Probe {
        nature,
        format: study.format.name().to_owned(),
        reasons: study.reasons(reason),
        encoding: study.encoding().to_owned(),
        encoding_reason: study.look.encoding_reason.clone(),
        compression: study.look.compression.to_owned(),
        columns: columns.uses(),
    })
}

/// An input as far as it was looked at.
pub(super) struct Study<'a> {
    pub(super) input: &'a Input,
    pub(super) options: &'a IngestOptions,
    pub(super) look: Look,
    pub(super) format: &'static dyn Format,
    pub(super) format_reason: String,
    /// What should be known of what was not read, and of what was undone.
    notes: Vec<String>,
    pub(super) names: Vec<String>,
    pub(super) sample: Vec<Vec<String>>,
    /// What is undone in it before it is understood.
    cure: Cure,
}

impl<'a> Study<'a> {
    /// Looks at an input.
    pub(super) fn of(input: &'a Input, options: &'a IngestOptions) -> Result<Self> {
        let look = Look::at(input)?;
        let (format, format_reason) = choose(input, &look, options)?;
        let mut study = Self {
            input,
            options,
            look,
            format,
            format_reason,
            notes: Vec::new(),
            names: Vec::new(),
            sample: Vec::new(),
            cure: Cure::default(),
        };
        let mut notes = study.look_at_rows()?;
        let columns = study.columns(Vocabulary::Log).ok();
        let whole = (study.input, study.options);
        let (cure, why) =
            Cure::of(study.format, whole, columns.as_ref(), &study.names, &study.sample)?;
        if !cure.is_none() {
            study.cure = cure;
            notes = study.look_at_rows()?;
            notes.extend(why);
        }
        study.notes = notes;
        Ok(study)
    }

    /// Takes the names and the first rows.
    fn look_at_rows(&mut self) -> Result<Vec<String>> {
        let (mut names, mut sample) = (Vec::new(), Vec::new());
        let notes = self.rows(&mut |item| {
            match item {
                Item::Header { names: found, .. } => names = found.to_vec(),
                Item::Row { cells, .. } => {
                    sample.push(cells.iter().map(|c| (*c).to_owned()).collect());
                }
                Item::Fault { .. } => {}
            }
            Ok(if sample.len() < SAMPLE { Flow::On } else { Flow::Stop })
        })?;
        (self.names, self.sample) = (names, sample);
        Ok(notes)
    }

    /// Reads the rows of a job, cured.
    pub(super) fn read(&self, job: &mut Job<'_>, sink: &mut super::table::Sink<'_>) -> Result<()> {
        self.cure.read(self.format, job, sink)
    }

    /// The messages of a row of a table, as a mapping says them; empty if a row is one message.
    pub(super) fn row_turns(&self) -> Vec<Turns> {
        self.cure.row_turns().map(|turns| turns.as_mapping(&self.names)).unwrap_or_default()
    }

    /// The mapping.
    pub(super) fn mapping(&self) -> Option<&'a Mapping> {
        self.options.mapping.as_ref()
    }

    /// Zone of stamps without one.
    pub(super) fn zone(&self) -> chrono_tz::Tz {
        self.mapping().and_then(Mapping::zone).unwrap_or(self.options.time_zone)
    }

    /// Name of the encoding.
    pub(super) fn encoding(&self) -> &'static str {
        if self.look.mixed {
            return "UTF-8 and gb18030";
        }
        self.look.encoding.map_or("", encoding_rs::Encoding::name)
    }

    /// Reads the rows of the input from its start; gives what should be known of what was not read.
    pub(super) fn rows(&self, sink: &mut super::table::Sink<'_>) -> Result<Vec<String>> {
        let mut silent = |_| {};
        let mut job = Job::open(self.input, &self.look, self.options, &mut silent)?;
        self.read(&mut job, sink)?;
        Ok(job.notes)
    }

    /// Why that format and that nature, and what to beware of.
    pub(super) fn reasons(&self, nature: String) -> Vec<String> {
        let caveat = self.format.caveat().map(str::to_owned);
        let notes = self.notes.iter().cloned();
        let format = std::iter::once(self.format_reason.clone());
        format.chain(notes).chain([nature]).chain(caveat).collect()
    }

    /// What the columns mean.
    pub(super) fn columns(&self, vocabulary: Vocabulary) -> Result<Columns> {
        let wanted = Wanted {
            input: self.input,
            vocabulary,
            mapping: self.mapping(),
            fields: &self.options.fields,
        };
        resolve(&wanted, &self.names, &self.sample)
    }

    /// What it holds, and why.
    pub(super) fn nature(&self) -> (Nature, String) {
        let log = self.columns(Vocabulary::Log);
        let missing = match &log {
            Ok(columns) => missing_in_log(columns),
            Err(e) => vec![e.to_string()],
        };
        if missing.is_empty() {
            let reason = "has columns for conversation, sender and text".to_owned();
            return (Nature::ChatLog, reason);
        }
        let declared = self.mapping().is_some_and(|m| !m.complaints.is_empty());
        match self.columns(Vocabulary::Complaints) {
            Ok(columns) if declared || self.has_complaints(&columns) => {
                (Nature::Complaints, "has the columns of complaint records".to_owned())
            }
            _ if self.names.is_empty() => {
                (Nature::Neither, "holds no record that could be understood".to_owned())
            }
            // What the mapping or two columns of one meaning leave open says itself.
            _ if log.is_err() => (Nature::Neither, missing.concat()),
            _ => {
                let names = list(&self.names);
                let mut reason = format!("no column for {} among: {names}", missing.join(", "));
                if let Some(list) = self.nested_list().map(names::short) {
                    let _ = match self.format.name() {
                        "json" | "jsonl" => write!(
                            reason,
                            "; {list} holds a list: name it under [[turns]] in a mapping"
                        ),
                        _ => write!(reason, "; {list} holds a list: write one row a message"),
                    };
                }
                (Nature::Neither, reason)
            }
        }
    }

    /// The first column whose cells are lists of objects.
    pub(super) fn nested_list(&self) -> Option<&str> {
        let list =
            |at: usize| self.sample.iter().filter_map(|r| r.get(at)).any(|c| c.starts_with("[{"));
        let at = (0..self.names.len()).find(|at| list(*at))?;
        Some(self.names[at].as_str())
    }

    /// A text or category, and two of the other columns that complaints have, one of which (or a
    /// word in a header) chat logs have not.
    fn has_complaints(&self, columns: &Columns) -> bool {
        let told = columns.has(Meaning::Text) || columns.has(Meaning::Category);
        let count = |meanings: &[Meaning]| meanings.iter().filter(|m| columns.has(**m)).count();
        let own = [Meaning::Company, Meaning::Category, Meaning::Amount, Meaning::Status];
        let headers: Vec<String> = self.names.iter().map(|n| names::header(n)).collect();
        let word = COMPLAINT_WORDS.iter().any(|w| headers.iter().any(|h| h.contains(w)));
        let any = count(&own) + count(&[Meaning::Id, Meaning::Date, Meaning::Channel]);
        told && any >= 2 && (word || (count(&own) > 0 && columns.has(Meaning::Date)))
    }
}

/// What a table lacks to be a chat log.
pub(super) fn missing_in_log(columns: &Columns) -> Vec<String> {
    let mut missing = Vec::new();
    if !columns.has(Meaning::ConversationId) {
        missing.push("conversation_id".to_owned());
    }
    if !columns.has(Meaning::Sender) {
        missing.push("sender".to_owned());
    }
    if !columns.has(Meaning::Text) && !columns.has(Meaning::Event) {
        missing.push("text".to_owned());
    }
    missing
}

/// The format: the one asked for, or the first that recognises the bytes.
pub(super) fn choose(
    input: &Input,
    look: &Look,
    options: &IngestOptions,
) -> Result<(&'static dyn Format, String)> {
    let mapped = options.mapping.as_ref().and_then(|m| m.format.as_ref());
    if let Some(name) = options.format.as_ref().or(mapped) {
        let Some(format) = FORMATS.iter().find(|f| f.name() == name) else {
            let known = format_names().join(", ");
            return Err(Error::usage(
                format!("there is no input format {name}"),
                format!("use one of {known}"),
            ));
        };
        return Ok((*format, "asked for".to_owned()));
    }
    if let Some(found) = vendor(input, look, options.mapping.as_ref())? {
        return Ok(found);
    }
    for format in FORMATS.iter().filter(|f| f.coverage().is_none()) {
        if let Some(reason) = format.recognise(look) {
            return Ok((*format, reason));
        }
    }
    let generic: Vec<&str> =
        FORMATS.iter().filter(|f| f.coverage().is_none()).map(|f| f.name()).collect();
    Err(input.error(
        "is no table, JSON or spreadsheet: no delimiter gives it two columns",
        format!(
            "export it as CSV, JSON Lines or XLSX, or say by --format what it is ({})",
            generic.join(", ")
        ),
    ))
}

/// The one vendor's format that fits; two that fit are asked about. A mapping that names columns or
/// places of messages is for a generic table.
fn vendor(
    input: &Input,
    look: &Look,
    mapping: Option<&Mapping>,
) -> Result<Option<(&'static dyn Format, String)>> {
    let generic = |m: &Mapping| !m.columns.is_empty() || !m.turns.is_empty() || m.records.is_some();
    if mapping.is_some_and(generic) {
        return Ok(None);
    }
    let vendors = FORMATS.iter().filter(|f| f.coverage().is_some());
    let fit: Vec<(&'static dyn Format, String)> =
        vendors.filter_map(|f| Some((*f, f.recognise(look)?))).collect();
    if let [(a, why_a), (b, why_b), ..] = fit.as_slice() {
        let (a, b) = (a.name(), b.name());
        return Err(input.error(
            format!("can be {a} ({why_a}) or {b} ({why_b})"),
            format!("say which: --format {a} or --format {b}"),
        ));
    }
    Ok(fit.into_iter().next())
}
