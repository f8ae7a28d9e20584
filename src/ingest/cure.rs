//! What spreadsheets and web editors do to tables, undone before the columns are understood: a cell
//! that holds a whole conversation becomes its turns, a row that holds question and answer becomes
//! both, and HTML in the text becomes text. It is decided on the header and the sample, and `inspect`
//! says it.

use super::columns::Columns;
use super::html_text::html_text;
use super::meaning::Meaning;
use super::names::short;
use super::row_turns::RowTurns;
use super::sender;
use super::table::{Flow, Item, Job, Sink};
use super::transcript::{Day, date_of, dated, turns};
use super::{Format, IngestOptions, Input, Mapping};
use crate::error::Result;
use crate::model::ProblemKind;

/// Tables with one header; records of JSON bring columns as they go, and lists of their own.
const TABLES: [&str; 7] = ["csv", "tsv", "xlsx", "xls", "ods", "parquet", "arrow"];
/// Tags by which a text is known as HTML; `<3` and `<name>` are none.
const TAGS: [&str; 14] = [
    "<br",
    "</p>",
    "<p>",
    "</div>",
    "<div",
    "</span>",
    "<span",
    "</a>",
    "<img",
    "</b>",
    "</strong>",
    "</font>",
    "&nbsp;",
    "</li>",
];
/// One text in so many must be HTML: a customer may paste a tag.
const HTML_ONE_IN: usize = 10;

/// What is done to a table.
#[derive(Clone, Debug, Default)]
pub(super) struct Cure {
    transcript: Option<Transcript>,
    turns: Option<RowTurns>,
    html: Option<usize>,
}

/// A column whose cells are whole conversations.
#[derive(Clone, Debug)]
struct Transcript {
    column: usize,
    /// Whether the turns have stamps with a date, in themselves or in their row.
    timed: bool,
    /// Whether the name of the column means a text already.
    is_text: bool,
}

impl Cure {
    /// What a sample needs, and why; `columns` is what its header says without any cure.
    ///
    /// # Errors
    /// If the mapping's turns do not fit the table.
    pub(super) fn of(
        format: &dyn Format,
        (input, options): (&Input, &IngestOptions),
        columns: Option<&Columns>,
        names: &[String],
        sample: &[Vec<String>],
    ) -> Result<(Self, Vec<String>)> {
        let mut cure = Self::default();
        let mut notes = Vec::new();
        if format.coverage().is_some() {
            return Ok((cure, notes));
        }
        let table = TABLES.contains(&format.name());
        let mapping = options.mapping.as_ref();
        if let Some(mapping) = mapping.filter(|_| table) {
            cure.turns = RowTurns::mapped(input, mapping, names, options.time_zone)?;
        }
        let spoken = columns.is_some_and(|c| c.has(Meaning::Sender)) || cure.turns.is_some();
        let text = columns.and_then(|c| c.best(Meaning::Text));
        if !spoken && table {
            cure.transcript = (0..names.len()).find_map(|at| transcript(at, text, sample));
        }
        if !spoken && table && cure.transcript.is_none() {
            let zone = mapping.and_then(Mapping::zone).unwrap_or(options.time_zone);
            cure.turns = RowTurns::named(names, zone);
        }
        if let Some(turns) = &cure.turns {
            notes.push(turns.note(names));
        } else if let Some(found) = &cure.transcript {
            let name = short(&names[found.column]);
            notes.push(format!(
                "each cell of column {name} holds a whole conversation, split into its turns; rows count turns"
            ));
        } else if let Some(at) = text.filter(|at| is_html(*at, sample)) {
            cure.html = Some(at);
            let name = short(&names[at]);
            notes.push(format!("column {name} holds HTML: tags are taken off"));
        }
        Ok((cure, notes))
    }

    /// True if nothing is to be done.
    pub(super) fn is_none(&self) -> bool {
        self.transcript.is_none() && self.turns.is_none() && self.html.is_none()
    }

    /// The messages of a row, if it holds several.
    pub(super) fn row_turns(&self) -> Option<&RowTurns> {
        self.turns.as_ref()
    }

    /// Reads a table and hands on what it is when cured.
    pub(super) fn read(
        &self,
        format: &dyn Format,
        job: &mut Job<'_>,
        sink: &mut Sink<'_>,
    ) -> Result<()> {
        if let Some(transcript) = &self.transcript {
            return format.read(job, &mut |item| transcript.item(item, sink));
        }
        if let Some(turns) = &self.turns {
            return format.read(job, &mut |item| turns.item(item, sink));
        }
        let Some(at) = self.html else { return format.read(job, sink) };
        format.read(job, &mut |item| match item {
            Item::Row { row, cells, bad_bytes } => {
                let text = cells.get(at).map(|html| html_text(html).replace('\n', " "));
                let mut cells = cells.to_vec();
                if let (Some(cell), Some(text)) = (cells.get_mut(at), &text) {
                    *cell = text;
                }
                sink(Item::Row { row, cells: &cells, bad_bytes })
            }
            other => sink(other),
        })
    }
}

/// Whether a column holds whole conversations: most of its cells are two turns or more and nothing
/// else, and some name is that of a side.
fn transcript(column: usize, text: Option<usize>, sample: &[Vec<String>]) -> Option<Transcript> {
    let (mut filled, mut whole, mut known, mut timed) = (0, 0, false, false);
    for row in sample {
        let Some(cell) = row.get(column).filter(|c| !c.trim().is_empty()) else { continue };
        filled += 1;
        let (turns, before) = turns(cell);
        if turns.len() < 2 || !before.is_empty() {
            continue;
        }
        whole += 1;
        known |= turns.iter().any(|t| sender::parse(&t.name).is_some());
        let day = || row.iter().any(|c| date_of(c).is_some());
        timed |= turns.iter().any(|t| dated(&t.time) || (!t.time.is_empty() && day()));
    }
    let most = filled > 0 && whole * 10 >= filled * 8;
    (most && known).then_some(Transcript { column, timed, is_text: text == Some(column) })
}

fn is_html(column: usize, sample: &[Vec<String>]) -> bool {
    let cells = || sample.iter().filter_map(|r| r.get(column)).filter(|c| !c.trim().is_empty());
    let tagged = |c: &&String| {
        let lower = c.to_ascii_lowercase();
        TAGS.iter().any(|tag| lower.contains(tag))
    };
    let html = cells().filter(tagged).count();
    html > 0 && html * HTML_ONE_IN >= cells().count()
}

impl Transcript {
    fn item(&self, item: Item<'_>, sink: &mut Sink<'_>) -> Result<Flow> {
        match item {
            Item::Header { names } => {
                let mut names = names.to_vec();
                if let Some(name) = names.get_mut(self.column).filter(|_| !self.is_text) {
                    "text".clone_into(name);
                }
                names.push("sender".to_owned());
                if self.timed {
                    names.push("timestamp".to_owned());
                }
                sink(Item::Header { names: &names })
            }
            Item::Row { row, cells, bad_bytes } => self.row(row, cells, bad_bytes, sink),
            fault @ Item::Fault { .. } => sink(fault),
        }
    }

    fn row(&self, row: u64, cells: &[&str], bad_bytes: bool, sink: &mut Sink<'_>) -> Result<Flow> {
        let cell = cells.get(self.column).copied().unwrap_or_default();
        let (turns, before) = turns(cell);
        if turns.is_empty() || !before.is_empty() {
            let found = if turns.is_empty() { super::log::joined(cells) } else { before };
            let fault = Item::Fault { row, kind: ProblemKind::BadRecord, found: &found };
            if sink(fault)? == Flow::Stop {
                return Ok(Flow::Stop);
            }
        }
        let mut day = Day::of(cells);
        for turn in &turns {
            let time = day.as_mut().and_then(|d| d.at(&turn.time));
            let time = time.unwrap_or_else(|| turn.time.clone());
            let mut cells = cells.to_vec();
            if let Some(cell) = cells.get_mut(self.column) {
                *cell = &turn.text;
            }
            cells.push(&turn.name);
            if self.timed {
                cells.push(&time);
            }
            if sink(Item::Row { row, cells: &cells, bad_bytes })? == Flow::Stop {
                return Ok(Flow::Stop);
            }
        }
        Ok(Flow::On)
    }
}
