//! Spreadsheets (XLSX, XLS, ODS), told apart by their bytes. The first sheet is read whose header is
//! known and has a text; sheets with the very same header go on where it ends (a spreadsheet holds no
//! more than 1,048,576 rows); the others are named as not read.
//!
//! A merged cell stands for all the rows it spans: its value is put into them, but for texts and
//! numbers of messages, which would make one message several.

use calamine::{Data, Range};

use super::header::Vocabulary;
use super::look::Look;
use super::meaning::Meaning;
use super::table::{Flow, Item, Job, Sink};
use super::workbook_cells::{Whole, days_only, text_of};
use super::workbook_file::{Book, cells, merged, open};
use super::{Format, Mapping, archive, header};
use crate::error::Result;

/// A kind of spreadsheet.
pub(super) struct Workbook {
    name: &'static str,
    reason: &'static str,
    is: fn(&Look) -> bool,
}

/// Office Open XML, and its binary cousin XLSB.
pub(super) static XLSX: Workbook = Workbook {
    name: "xlsx",
    reason: "begins as a spreadsheet file does",
    is: |look| look.is_container() && !look.is_compound() && !archive::is_open_document(&look.head),
};

/// The binary files of old versions of Excel, in a compound file.
pub(super) static XLS: Workbook = Workbook {
    name: "xls",
    reason: "begins as an old Excel file does (compound file)",
    is: Look::is_compound,
};

/// `OpenDocument`, by the mark at its beginning.
pub(super) static ODS: Workbook = Workbook {
    name: "ods",
    reason: "begins as an OpenDocument spreadsheet does",
    is: |look| archive::is_open_document(&look.head),
};

impl Format for Workbook {
    fn name(&self) -> &'static str {
        self.name
    }

    fn recognise(&self, look: &Look) -> Option<String> {
        (self.is)(look).then(|| self.reason.to_owned())
    }

    fn read(&self, job: &mut Job<'_>, sink: &mut Sink<'_>) -> Result<()> {
        let mut book = open(job)?;
        let mut first: Option<(Fit, Sheet)> = None;
        let mut others = Vec::new();
        for name in book.sheet_names() {
            let range = cells(&mut book, &name).map_err(|what| {
                let sheet = super::names::short(&name);
                job.input.error(
                    format!("has a sheet {sheet} that cannot be read: {what}"),
                    "open it, mend or delete that sheet, and save it again; or export it as CSV",
                )
            })?;
            let Some((fit, header)) = fit(&range, job.mapping) else { continue };
            let sheet = Sheet::new(name, range, header);
            if first.as_ref().is_none_or(|c| fit > c.0) {
                others.extend(first.replace((fit, sheet)).map(|c| c.1.brief()));
            } else {
                others.push(sheet.brief());
            }
        }
        let Some((_, first)) = first else {
            return Err(job.input.error("has no sheet with anything in it", "export it again"));
        };
        let known = first.names.iter().any(|name| !name.is_empty());
        let (more, left): (Vec<_>, Vec<_>) =
            others.into_iter().partition(|sheet| known && sheet.names == first.names);
        let mut offsets = vec![0];
        let mut passed = first.last_row;
        for sheet in &more {
            let name = super::names::short(&sheet.name);
            let row = passed + 1;
            job.notes.push(format!(
                "sheet {name} has the same header and is read too; its row 1 is called {row}"
            ));
            offsets.push(passed);
            passed += sheet.last_row;
        }
        if !left.is_empty() {
            let names: Vec<String> = left.into_iter().map(|sheet| sheet.name).collect();
            let (name, others) = (super::names::short(&first.name), super::columns::list(&names));
            job.notes.push(format!("sheet {name} is read, not: {others}"));
        }
        if sink(Item::Header { names: &first.names })? == Flow::Stop {
            return Ok(());
        }
        for (sheet, passed) in std::iter::once(first).chain(more).zip(offsets) {
            let sheet = sheet.filled(&mut book);
            if rows(&mut book, &sheet, passed, job.mapping, sink)? == Flow::Stop {
                return Ok(());
            }
        }
        Ok(())
    }
}

/// A sheet that is read.
struct Sheet {
    name: String,
    range: Range<Data>,
    /// Index of its header among its rows.
    header: usize,
    /// The names in it.
    names: Vec<String>,
    /// Its last row, as an editor shows it.
    last_row: u64,
}

impl Sheet {
    fn new(name: String, range: Range<Data>, header: usize) -> Self {
        let last_row = range.end().map_or(0, |end| u64::from(end.0) + 1);
        Self { names: names(&range, header), name, range, header, last_row }
    }

    /// Without its cells: only one sheet is held at a time.
    fn brief(self) -> Self {
        Self { range: Range::empty(), ..self }
    }

    /// With its cells.
    fn filled(self, book: &mut Book) -> Self {
        if !self.range.is_empty() {
            return self;
        }
        // It was read before.
        let range = cells(book, &self.name).unwrap_or_default();
        Self { range, ..self }
    }
}

/// True for a column whose merged cells stand for all their rows.
fn spreads(name: &str, mapping: Option<&Mapping>) -> bool {
    let own = |m: &Meaning| matches!(m, Meaning::Text | Meaning::MessageId | Meaning::Sequence);
    let known = Vocabulary::Log.meanings(name).0.first().is_some_and(|(m, _)| own(m));
    let mapped = mapping.is_some_and(|m| {
        m.columns.iter().any(|(meaning, header)| {
            header::same(name, header) && Meaning::parse(meaning).as_ref().is_some_and(own)
        })
    });
    !known && !mapped
}

/// The names in the header of a sheet.
fn names(range: &Range<Data>, header: usize) -> Vec<String> {
    let cells = range.rows().nth(header).unwrap_or_default();
    let mut names: Vec<String> =
        cells.iter().map(|c| text_of(c, Whole::Time).trim().to_owned()).collect();
    while names.len() > 1 && names.last().is_some_and(String::is_empty) {
        names.pop();
    }
    names
}

/// The rows below the header; `passed` rows of other sheets were numbered before them.
fn rows(
    book: &mut Book,
    sheet: &Sheet,
    passed: u64,
    mapping: Option<&Mapping>,
    sink: &mut Sink<'_>,
) -> Result<Flow> {
    let Some((first_row, first_column)) = sheet.range.start() else { return Ok(Flow::On) };
    let merged = merged(book, &sheet.name);
    let spreading: Vec<bool> = sheet.names.iter().map(|n| spreads(n, mapping)).collect();
    let whole: Vec<Whole> =
        (0..sheet.names.len()).map(|c| days_only(&sheet.range, sheet.header, c)).collect();
    for (row, cells) in (first_row..).zip(sheet.range.rows()).skip(sheet.header + 1) {
        if cells.iter().all(|c| matches!(c, Data::Empty)) {
            continue;
        }
        let mut text: Vec<String> = cells.iter().zip(&whole).map(|(c, w)| text_of(c, *w)).collect();
        if text.iter().all(|c| c.trim().is_empty()) {
            continue;
        }
        for (at, cell) in text.iter_mut().enumerate() {
            if merged.is_empty() || !spreading[at] || !cell.trim().is_empty() {
                continue;
            }
            let column = first_column + u32::try_from(at).unwrap_or(u32::MAX);
            let above = merged.range((column, 0)..=(column, row)).next_back();
            if let Some((&(_, top), _)) = above.filter(|(_, last)| **last >= row) {
                let value = sheet.range.get_value((top, column));
                *cell = value.map_or_else(String::new, |v| text_of(v, whole[at]));
            }
        }
        let cells: Vec<&str> = text.iter().map(String::as_str).collect();
        let row = passed + u64::from(row) + 1;
        if sink(Item::Row { row, cells: &cells, bad_bytes: false })? == Flow::Stop {
            return Ok(Flow::Stop);
        }
    }
    Ok(Flow::On)
}

/// How well a sheet fits; of equals the first is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// It holds something.
    Filled,
    /// Its header is known.
    Header,
    /// Its header has a column for text: a list of sessions has none.
    Text,
}

/// How well a sheet fits and where its header is; `None` if it is empty.
fn fit(range: &Range<Data>, mapping: Option<&Mapping>) -> Option<(Fit, usize)> {
    let text = |r: &[Data]| r.iter().map(|c| text_of(c, Whole::Time)).collect();
    let top: Vec<Vec<String>> = range.rows().take(header::LOOKED_AT).map(text).collect();
    let (at, hits) = header::find(&top, mapping);
    let names = top.get(at)?;
    let says_text = |vocabulary: Vocabulary| {
        let mut meanings = names.iter().flat_map(|n| vocabulary.meanings(n).0);
        meanings.any(|(meaning, _)| meaning == Meaning::Text)
    };
    let fit = match hits {
        0 | 1 => Fit::Filled,
        _ if says_text(Vocabulary::Log) || says_text(Vocabulary::Complaints) => Fit::Text,
        _ => Fit::Header,
    };
    Some((fit, at))
}
