//! What spreadsheets and web editors do to tables, undone before the columns are understood: a cell
//! that holds a whole conversation becomes its turns, and HTML in the text becomes text. It is decided
//! on the sample, and `inspect` says it.

use super::Format;
use super::columns::Columns;
use super::html_text::html_text;
use super::meaning::Meaning;
use super::names::short;
use super::sender;
use super::table::{Flow, Item, Job, Sink};
use super::transcript::{date_of, dated, turns};
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
    pub(super) fn of(
        format: &dyn Format,
        columns: Option<&Columns>,
        names: &[String],
        sample: &[Vec<String>],
    ) -> (Self, Vec<String>) {
        let mut cure = Self::default();
        let mut notes = Vec::new();
        if format.coverage().is_some() {
            return (cure, notes);
        }
        let spoken = columns.is_some_and(|c| c.has(Meaning::Sender));
        let text = columns.and_then(|c| c.best(Meaning::Text));
        if !spoken && TABLES.contains(&format.name()) {
            cure.transcript = (0..names.len()).find_map(|at| transcript(at, text, sample));
        }
        if let Some(found) = &cure.transcript {
            let name = short(&names[found.column]);
            notes.push(format!(
                "each cell of column {name} holds a whole conversation, split into its turns; rows count turns"
            ));
        } else if let Some(at) = text.filter(|at| is_html(*at, sample)) {
            cure.html = Some(at);
            let name = short(&names[at]);
            notes.push(format!("column {name} holds HTML: tags are taken off"));
        }
        (cure, notes)
    }

    /// True if nothing is to be done.
    pub(super) fn is_none(&self) -> bool {
        self.transcript.is_none() && self.html.is_none()
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
        let day = cells.iter().find_map(|c| date_of(c));
        for turn in &turns {
            let time = match day {
                Some(day) if !turn.time.is_empty() && !dated(&turn.time) => {
                    format!("{day} {}", turn.time)
                }
                _ => turn.time.clone(),
            };
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
