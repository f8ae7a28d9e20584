//! Files of columns: Parquet, and Arrow as a file (Feather) or a stream. The reader comes from
//! outside (`IngestOptions::columnar`), so that this layer needs no library of tables; here its rows
//! become those of any other table, numbered as records from 1.

use super::Format;
use super::input::ColumnarError;
use super::look::Look;
use super::table::{Flow, Item, Job, Sink};
use crate::error::Result;

/// What a message of an Arrow stream begins with. Source: Apache Arrow columnar format 1.5,
/// "Encapsulated message format".
pub(super) const CONTINUATION: &[u8] = b"\xff\xff\xff\xff";

/// A file of columns.
pub(super) struct Columnar {
    name: &'static str,
    marks: &'static [&'static [u8]],
    reason: &'static str,
}

/// Apache Parquet.
pub(super) static PARQUET: Columnar =
    Columnar { name: "parquet", marks: &[b"PAR1"], reason: "begins as a Parquet file does" };

/// Arrow, file and stream.
pub(super) static ARROW: Columnar = Columnar {
    name: "arrow",
    marks: &[b"ARROW1", CONTINUATION],
    reason: "begins as an Arrow file or stream does",
};

impl Format for Columnar {
    fn name(&self) -> &'static str {
        self.name
    }

    fn recognise(&self, look: &Look) -> Option<String> {
        let marked = self.marks.iter().any(|mark| look.head.starts_with(mark));
        marked.then(|| self.reason.to_owned())
    }

    fn read(&self, job: &mut Job<'_>, sink: &mut Sink<'_>) -> Result<()> {
        let input = job.input;
        let way_out = "write it again, or export it as CSV or JSON Lines";
        let Some(read) = job.columnar else {
            return Err(input.error("is a file of columns, which is not read here", way_out));
        };
        let file = input.as_file(&mut job.bytes).map_err(|e| input.read_error(e))?;
        let mut row = 0;
        let mut each = |cells: &[&str]| {
            let flow = if row == 0 {
                let names: Vec<String> = cells.iter().map(|c| c.trim().to_owned()).collect();
                sink(Item::Header { names: &names })?
            } else if cells.iter().all(|c| c.trim().is_empty()) {
                // A row without any value is none, as in a spreadsheet.
                Flow::On
            } else {
                sink(Item::Row { row, cells, bad_bytes: false })?
            };
            row += 1;
            Ok(flow == Flow::On)
        };
        read(file, &mut each).map_err(|e| match e {
            ColumnarError::Stopped(error) => error,
            ColumnarError::Broken(what) => {
                let what = super::names::short(&what);
                input.error(format!("is no {} file that can be read: {what}", self.name), way_out)
            }
        })
    }
}
