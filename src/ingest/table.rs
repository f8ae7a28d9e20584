//! What every format turns its bytes into: named columns and rows of cells.

use std::io::Read;

use super::Input;
use super::bytes::Bytes;
use super::decode::{Decoding, Faults};
use super::look::Look;
use super::mixed::Mixed;
use super::{IngestOptions, Mapping, ReadColumnar};
use crate::error::Result;
use crate::model::ProblemKind;

/// Where rows go.
pub(super) type Sink<'s> = dyn FnMut(Item<'_>) -> Result<Flow> + 's;

/// Whether the reader goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    /// More rows are wanted.
    On,
    /// Enough was seen.
    Stop,
}

/// One thing a format reads.
#[derive(Clone, Copy, Debug)]
pub(super) enum Item<'a> {
    /// The columns. It comes before all rows, and again when a later record brings new names,
    /// which stand behind the known ones.
    Header {
        /// The names as they stand there.
        names: &'a [String],
    },
    /// A row; missing cells at the end are empty.
    Row {
        /// Row as an editor shows it; for JSON the record, from 1.
        row: u64,
        /// The cells as text.
        cells: &'a [&'a str],
        /// Bytes of it were not valid and replaced.
        bad_bytes: bool,
    },
    /// A row that could not be split into cells.
    Fault {
        /// As for a row.
        row: u64,
        /// What is wrong.
        kind: ProblemKind,
        /// What was there.
        found: &'a str,
    },
}

/// One reading of one input.
pub(super) struct Job<'j> {
    /// The input, for errors.
    pub(super) input: &'j Input,
    /// The first look at it.
    pub(super) look: &'j Look,
    /// The mapping, which may name columns.
    pub(super) mapping: Option<&'j Mapping>,
    /// Zone of stamps without one.
    pub(super) time_zone: chrono_tz::Tz,
    /// The decompressed bytes.
    pub(super) bytes: Bytes<'j>,
    /// What a reader of the report should know of what was not read.
    pub(super) notes: Vec<String>,
    /// The reader of files of columns.
    pub(super) columnar: Option<ReadColumnar>,
    /// Most bytes that a compressed file may unpack to.
    max_unpacked: u64,
}

impl<'j> Job<'j> {
    /// The input from its start, as the options have it read.
    pub(super) fn open(
        input: &'j Input,
        look: &'j Look,
        options: &'j IngestOptions,
        progress: &'j mut dyn FnMut(u64),
    ) -> Result<Self> {
        Ok(Self {
            input,
            look,
            mapping: options.mapping.as_ref(),
            time_zone: options.time_zone,
            bytes: Bytes::open(input, options.max_unpacked, progress)?,
            notes: Vec::new(),
            columnar: options.columnar,
            max_unpacked: options.max_unpacked,
        })
    }

    /// The same input from its start once more, for what must be known before its rows are.
    pub(super) fn again<'p>(&self, progress: &'p mut dyn FnMut(u64)) -> Result<Job<'p>>
    where
        'j: 'p,
    {
        Ok(Job {
            input: self.input,
            look: self.look,
            mapping: self.mapping,
            time_zone: self.time_zone,
            bytes: Bytes::open(self.input, self.max_unpacked, progress)?,
            notes: Vec::new(),
            columnar: self.columnar,
            max_unpacked: self.max_unpacked,
        })
    }
}

/// A text in UTF-8, and where it was repaired.
pub(super) struct Text<'t> {
    /// The text.
    pub(super) reader: Box<dyn Read + 't>,
    /// The places that were replaced.
    pub(super) faults: Faults,
}

/// Bytes as text, in the encoding that the look found.
pub(super) fn text<'t>(bytes: &'t mut Bytes<'_>, look: &Look) -> Text<'t> {
    let encoding = look.encoding.unwrap_or(encoding_rs::UTF_8);
    if look.mixed {
        return decoding(Decoding::new(Mixed::new(bytes), encoding));
    }
    decoding(Decoding::new(bytes, encoding))
}

fn decoding<'t, R: Read + 't>(reader: Decoding<R>) -> Text<'t> {
    let faults = reader.faults();
    Text { reader: Box::new(reader), faults }
}
