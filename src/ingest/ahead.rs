//! Reads ahead: bytes become cells in a thread of their own, while the rows before them become messages.
//! Rows arrive in the order of the file, so nothing that is counted or found depends on it.

use std::cell::Cell;
use std::panic::resume_unwind;
use std::sync::mpsc::sync_channel;
use std::thread::scope;

use super::table::{Flow, Item, Sink};
use crate::error::Result;
use crate::model::ProblemKind;

/// Bytes of cells that are handed over at once.
const BLOCK: usize = 128 * 1024;
/// Blocks that may wait.
const WAITING: usize = 4;

/// Some items of a table, their cells in one text.
#[derive(Default)]
struct Block {
    text: String,
    /// Where each cell ends.
    ends: Vec<usize>,
    items: Vec<Kept>,
    /// Raw bytes read so far.
    bytes: u64,
}

/// An item; the cells of a row are the next ones of the block.
enum Kept {
    Header(Vec<String>),
    Row { row: u64, cells: usize, bad_bytes: bool },
    Fault { row: u64, kind: ProblemKind, found: String },
}

impl Block {
    fn add(&mut self, item: Item<'_>) {
        self.items.push(match item {
            Item::Header { names } => Kept::Header(names.to_vec()),
            Item::Fault { row, kind, found } => Kept::Fault { row, kind, found: found.to_owned() },
            Item::Row { row, cells, bad_bytes } => {
                for cell in cells {
                    self.text.push_str(cell);
                    self.ends.push(self.text.len());
                }
                Kept::Row { row, cells: cells.len(), bad_bytes }
            }
        });
    }

    fn is_full(&self) -> bool {
        self.text.len() + self.items.len() * size_of::<Kept>() >= BLOCK
    }

    /// Hands every item to the sink.
    fn give(&self, sink: &mut Sink<'_>) -> Result<Flow> {
        let mut start = 0;
        let mut all = self.ends.iter().map(|end| {
            let cell = &self.text[start..*end];
            start = *end;
            cell
        });
        let mut cells = Vec::new();
        for item in &self.items {
            let flow = match item {
                Kept::Header(names) => sink(Item::Header { names })?,
                Kept::Fault { row, kind, found } => {
                    sink(Item::Fault { row: *row, kind: *kind, found })?
                }
                Kept::Row { row, cells: n, bad_bytes } => {
                    cells.clear();
                    cells.extend(all.by_ref().take(*n));
                    sink(Item::Row { row: *row, cells: &cells, bad_bytes: *bad_bytes })?
                }
            };
            if flow == Flow::Stop {
                return Ok(Flow::Stop);
            }
        }
        Ok(Flow::On)
    }
}

/// Lets `read` run in a thread of its own, and hands what it reads to `progress` and `sink` here.
///
/// # Errors
/// The sink's; else that of `read`, after all rows before it.
pub(super) fn read<R: Send>(
    read: impl FnOnce(&mut dyn FnMut(u64), &mut Sink<'_>) -> Result<R> + Send,
    progress: &mut dyn FnMut(u64),
    sink: &mut Sink<'_>,
) -> Result<R> {
    let (give, taken) = sync_channel::<Block>(WAITING);
    scope(|scope| {
        let reader = scope.spawn(move || {
            let bytes = Cell::new(0);
            let mut block = Block::default();
            let result = read(&mut |n| bytes.set(n), &mut |item| {
                block.add(item);
                if block.is_full() {
                    block.bytes = bytes.get();
                    if give.send(std::mem::take(&mut block)).is_err() {
                        return Ok(Flow::Stop);
                    }
                }
                Ok(Flow::On)
            });
            block.bytes = bytes.get();
            // Nobody waits for it any more where this fails.
            let _ = give.send(block);
            result
        });
        for block in &taken {
            progress(block.bytes);
            if block.give(sink)? == Flow::Stop {
                break;
            }
        }
        drop(taken);
        reader.join().unwrap_or_else(|panic| resume_unwind(panic))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;

    #[test]
    fn rows_arrive_as_they_were_read() {
        let names = ["a".to_owned(), "b".to_owned()];
        let (mut seen, mut last) = (Vec::new(), 0);
        let result = read(
            |progress, sink| {
                sink(Item::Header { names: &names })?;
                for row in 0..20_000 {
                    progress(row);
                    let cell = row.to_string();
                    sink(Item::Row { row, cells: &[&cell, ""], bad_bytes: row == 7 })?;
                }
                let found = "end";
                sink(Item::Fault { row: 9, kind: ProblemKind::BadRecord, found })?;
                Err::<(), _>(Error::usage("broken", "mend it"))
            },
            &mut |bytes| last = bytes,
            &mut |item| {
                seen.push(match item {
                    Item::Header { names } => names.join(","),
                    Item::Row { row, cells, bad_bytes } => {
                        format!("{row} {} {bad_bytes}", cells.join(","))
                    }
                    Item::Fault { row, found, .. } => format!("{row} {found}"),
                });
                Ok(Flow::On)
            },
        );
        assert!(result.is_err());
        assert_eq!(last, 19_999);
        assert_eq!(seen.len(), 20_002);
        assert_eq!((seen[0].as_str(), seen[8].as_str()), ("a,b", "7 7, true"));
        assert_eq!((seen[20_000].as_str(), seen[20_001].as_str()), ("19999 19999, false", "9 end"));
    }

    #[test]
    fn a_failing_sink_ends_it() {
        let endless = |_: &mut dyn FnMut(u64), sink: &mut Sink<'_>| {
            while sink(Item::Row { row: 1, cells: &["x"], bad_bytes: false })? == Flow::On {}
            Ok(())
        };
        let mut fails = |_: Item<'_>| Err(Error::usage("no", "end"));
        assert!(read(endless, &mut |_| {}, &mut fails).is_err());
    }
}
