//! JSON Lines and JSON documents: flat objects as rows, nested ones by a mapping.
//!
//! The columns are the paths of all values, in the order in which they come up.

use std::collections::HashMap;
use std::io::BufReader;

use serde_json::Value;

use super::Format;
use super::json_path::{flatten, get};
use super::json_split::{Next, Records};
use super::json_turns::Nested;
use super::long_line::read_line;
use super::look::Look;
use super::table::{Flow, Item, Job, Sink, text};
use crate::error::Result;
use crate::model::ProblemKind;

/// One JSON object on every line.
pub(super) struct JsonLines;
/// An array of objects, or objects one after another over several lines.
pub(super) struct JsonDocument;

/// Lines that are looked at to tell the two apart.
const LINES: usize = 20;
/// Different paths that become columns; a map with ids as keys has no end.
const MOST_COLUMNS: usize = 2000;

impl Format for JsonLines {
    fn name(&self) -> &'static str {
        "jsonl"
    }

    fn recognise(&self, look: &Look) -> Option<String> {
        let text = look.text.trim_start();
        if !text.starts_with('{') {
            return None;
        }
        let mut lines: Vec<&str> = text.lines().filter(|l| !l.trim().is_empty()).collect();
        if !look.whole && lines.len() > 1 {
            lines.pop();
        }
        lines.truncate(LINES);
        let objects = lines.iter().filter(|l| object(l.as_bytes()).is_some()).count();
        (objects * 2 >= lines.len() && objects > 0)
            .then(|| format!("{objects} of the first {} lines are JSON objects", lines.len()))
    }

    fn read(&self, job: &mut Job<'_>, sink: &mut Sink<'_>) -> Result<()> {
        let input = job.input;
        let mut rows = Rows::new(Nested::of(job));
        let text = text(&mut job.bytes, job.look);
        let mut reader = BufReader::new(text.reader);
        let (mut line, mut passed, mut record, mut lines) = (Vec::new(), 0, 0, 0);
        loop {
            line.clear();
            let n =
                read_line(&mut reader, &mut line, lines + 1).map_err(|e| input.read_error(e))?;
            lines += 1;
            if n == 0 {
                return Ok(());
            }
            passed += n as u64;
            let bad_bytes = text.faults.any_before(passed);
            if line.trim_ascii().is_empty() {
                continue;
            }
            record += 1;
            if rows.record(record, &line, bad_bytes, sink)? == Flow::Stop {
                return Ok(());
            }
        }
    }
}

impl Format for JsonDocument {
    fn name(&self) -> &'static str {
        "json"
    }

    fn recognise(&self, look: &Look) -> Option<String> {
        let text = look.text.trim_start();
        let second = text.get(1..).map(str::trim_start).unwrap_or_default();
        let array = text.starts_with('[') && second.starts_with(['{', ']', '[']);
        let object = text.starts_with('{') && second.starts_with(['"', '}']);
        (array || object).then(|| "begins as a JSON document does".to_owned())
    }

    fn read(&self, job: &mut Job<'_>, sink: &mut Sink<'_>) -> Result<()> {
        if let Some(path) = job.mapping.and_then(|m| m.records.as_deref()) {
            return inner_records(job, path, sink);
        }
        let input = job.input;
        let mut rows = Rows::new(Nested::of(job));
        let text = text(&mut job.bytes, job.look);
        let mut records = Records::new(BufReader::new(text.reader));
        let (mut bytes, mut record) = (Vec::new(), 0);
        loop {
            match records.next(&mut bytes).map_err(|e| input.read_error(e))? {
                Next::End => return Ok(()),
                Next::Record => {}
                Next::Cut => {
                    return Err(input.error(
                        format!("ends in the middle of record {}", record + 1),
                        "it was cut while it was written or copied: export it again",
                    ));
                }
            }
            record += 1;
            let bad_bytes = text.faults.any_before(records.end);
            if rows.record(record, &bytes, bad_bytes, sink)? == Flow::Stop {
                return Ok(());
            }
        }
    }
}

/// Records that lie inside one document; it is held whole.
fn inner_records(job: &mut Job<'_>, path: &str, sink: &mut Sink<'_>) -> Result<()> {
    let input = job.input;
    let mut rows = Rows::new(Nested::of(job));
    let text = text(&mut job.bytes, job.look);
    let document: Value = serde_json::from_reader(BufReader::new(text.reader))
        .map_err(|e| input.error(format!("is no valid JSON document: {e}"), "export it again"))?;
    let bad_bytes = text.faults.any_before(u64::MAX);
    let Some(Value::Array(items)) = get(&document, path) else {
        return Err(input.error(
            format!("has no list at {path}, which the mapping names as records"),
            "correct records in the mapping",
        ));
    };
    for (at, item) in items.iter().enumerate() {
        if rows.value(at as u64 + 1, item, bad_bytes, sink)? == Flow::Stop {
            return Ok(());
        }
    }
    Ok(())
}

fn object(bytes: &[u8]) -> Option<Value> {
    serde_json::from_slice::<Value>(bytes).ok().filter(Value::is_object)
}

fn fault(row: u64, found: &str, sink: &mut Sink<'_>) -> Result<Flow> {
    sink(Item::Fault { row, kind: ProblemKind::BadRecord, found })
}

/// Turns records into rows, and gathers the columns while they come up.
struct Rows<'r> {
    names: Vec<String>,
    index: HashMap<String, usize>,
    nested: Option<Nested<'r>>,
    begun: bool,
}

impl<'r> Rows<'r> {
    fn new(nested: Option<Nested<'r>>) -> Self {
        Self { names: Vec::new(), index: HashMap::new(), nested, begun: false }
    }

    fn record(
        &mut self,
        row: u64,
        bytes: &[u8],
        bad_bytes: bool,
        sink: &mut Sink<'_>,
    ) -> Result<Flow> {
        match serde_json::from_slice::<Value>(bytes) {
            Ok(value) => self.value(row, &value, bad_bytes, sink),
            Err(_) => fault(row, &String::from_utf8_lossy(bytes), sink),
        }
    }

    fn value(
        &mut self,
        row: u64,
        value: &Value,
        bad_bytes: bool,
        sink: &mut Sink<'_>,
    ) -> Result<Flow> {
        if let Some(nested) = &self.nested {
            if !self.begun {
                self.begun = true;
                sink(Item::Header { names: nested.names() })?;
            }
            return nested.rows(row, value, bad_bytes, sink);
        }
        let Some(record) = value.as_object() else {
            return fault(row, &value.to_string(), sink);
        };
        let known = self.names.len();
        let mut cells = vec![String::new(); known];
        flatten(record, &mut |path, cell| {
            let at = self.index.get(path).copied().or_else(|| {
                let at = self.names.len();
                (at < MOST_COLUMNS).then(|| {
                    self.names.push(path.to_owned());
                    self.index.insert(path.to_owned(), at);
                    cells.push(String::new());
                    at
                })
            });
            if let Some(at) = at {
                cells[at] = cell;
            }
        });
        if self.names.len() > known || !self.begun {
            self.begun = true;
            sink(Item::Header { names: &self.names })?;
        }
        let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
        sink(Item::Row { row, cells: &cells, bad_bytes })
    }
}
