//! Rows of the neutral table as they arrive, without a file to look at twice. `convert` wrote them:
//! columns have their canonical names and nothing is guessed from a sample. A row that cannot be used
//! stops the reading, for there is no list of problems beside a stream.

use super::columns::{Wanted, canonical};
use super::coverage::SeenSenders;
use super::header::Vocabulary;
use super::log::{LogReader, Record};
use super::meaning::Meaning::{self, ConversationId, Sender, Sequence, Text, TimePrecision};
use super::table::Item;
use super::tally::Tally;
use super::time::TimeReader;
use super::{IngestOptions, Input, names};
use crate::error::{Error, Result};
use crate::model::{Message, Problem};
use crate::text::Privacy;

/// The way out of what `convert` would not have written.
const CONVERT: &str = "write the rows by tohuman convert -o ROWS.parquet and hand over its columns";
/// Where `convert` says what file a row came from.
const SOURCE: (&str, &str) = ("source_file", "source_row");

/// Turns rows of the neutral table into messages.
pub struct NeutralReader<'a> {
    reader: LogReader<'a>,
    input: &'a Input,
    privacy: &'a Privacy,
    file: Option<usize>,
    row_in_file: Option<usize>,
    row: u64,
}

impl<'a> NeutralReader<'a> {
    /// Takes the names of the columns; their order is of no matter.
    ///
    /// # Errors
    /// When one is missing that rows cannot be read without, or one of `options.fields`.
    pub fn new(
        names: &[String],
        input: &'a Input,
        options: &'a IngestOptions,
        privacy: &'a Privacy,
    ) -> Result<Self> {
        let wanted =
            Wanted { input, vocabulary: Vocabulary::Log, mapping: None, fields: &options.fields };
        let columns = canonical(&wanted, names);
        let mut needed = vec![ConversationId, Sequence, Sender, Text];
        if columns.has(Meaning::Timestamp) {
            needed.push(TimePrecision);
        }
        let missing = needed.into_iter().find(|meaning| !columns.has(*meaning)).map(Meaning::name);
        let asked = columns.fields.iter().zip(&options.fields);
        let missing = missing
            .or_else(|| asked.filter(|(at, _)| at.is_none()).map(|(_, name)| name.as_str()).next());
        if let Some(missing) = missing {
            return Err(
                input.error(format!("the stream has no column {}", names::short(missing)), CONVERT)
            );
        }
        let at = |name: &str| names.iter().position(|known| known == name);
        let times = TimeReader { zone: options.time_zone, format: None, layout: None };
        let (tally, seen) = (Tally::default(), SeenSenders::default());
        Ok(Self {
            file: at(SOURCE.0),
            row_in_file: at(SOURCE.1),
            reader: LogReader { input, source: 0, options, columns, times, tally, seen },
            input,
            privacy,
            row: 0,
        })
    }

    /// Whether the rows have times.
    #[must_use]
    pub fn timed(&self) -> bool {
        self.reader.columns.has(Meaning::Timestamp)
    }

    /// The next row: the file that it came from, and its message.
    ///
    /// # Errors
    /// When it cannot be used as it stands.
    pub fn row<'c>(&mut self, cells: &[&'c str]) -> Result<(&'c str, Message)> {
        self.row += 1;
        let filled = |at: Option<usize>| {
            at.and_then(|at| cells.get(at)).copied().filter(|cell| !cell.is_empty())
        };
        let file = filled(self.file).unwrap_or("-");
        let row = filled(self.row_in_file).and_then(|n| n.parse().ok()).unwrap_or(self.row);
        let (mut message, mut refused): (Option<Message>, Option<Problem>) = (None, None);
        let mut take = |record| {
            match record {
                Record::Message(read) => message = Some(read),
                Record::Problem(problem) => refused = Some(problem),
            }
            Ok(())
        };
        self.reader.item(Item::Row { row, cells, bad_bytes: false }, &mut take)?;
        match (message, refused) {
            (Some(message), None) if message.sequence.is_some() => Ok((file, message)),
            (_, Some(problem)) => Err(self.refused(problem.kind.name(), file, row, cells)),
            _ => Err(self.refused("no whole number for sequence", file, row, cells)),
        }
    }

    /// Says which row is at fault, not what stands in it: errors end up in logs of clusters.
    fn refused(&self, what: &str, file: &str, row: u64, cells: &[&str]) -> Error {
        let id = self.reader.columns.cell(ConversationId, cells).unwrap_or("(none)");
        let id = self.privacy.id(id);
        Error::Input {
            path: self.input.path.clone(),
            line: Some(self.row),
            what: format!(
                "{what} in conversation {} (row {row} of {})",
                names::one_line(&id),
                names::one_line(file)
            ),
            way_out: CONVERT.to_owned(),
        }
    }
}
