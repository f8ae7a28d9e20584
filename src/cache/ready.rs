//! What a report takes from a part without looking at its facts: rows of the tables as they are printed,
//! and sums. So the report of a year takes time in proportion to the day, and to the bytes of its tables.
//!
//! Rows lie in the order of the ids that their conversations were made of, as the facts do. Sums are
//! those of the conversations that hold, by the choices that they depend on; they are made where they
//! are first asked for, and made anew where other conversations hold.

use std::fs::{self, File};
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::view::ViewPart;
use super::{hex, unread};
use crate::aggregate::{AggregateOptions, Groups};
use crate::error::Result;
use crate::store::sorter::{RunWriter, Sortable, Sorted, text_key};

/// The rows of a part.
pub(super) const ROWS: &str = "rows";
/// What files of sums begin with.
const SUMS: &str = "sums-";

/// A conversation as the tables print it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ReadyRows {
    /// The id of the rows that it was made of.
    pub(super) rows_of: String,
    /// Of `conversations.csv`.
    pub(super) conversation: String,
    /// Of `findings.csv`.
    pub(super) findings: String,
}

impl Sortable for ReadyRows {
    fn key(&self, into: &mut Vec<u8>) {
        text_key(&self.rows_of, into);
    }
}

/// Opens the file that takes the rows of a part.
pub(super) fn writer(folder: &Path) -> Result<RunWriter<ReadyRows>> {
    RunWriter::create(&folder.join(ROWS))
}

/// Hands on the rows of these parts that hold; `holds` is asked with the place of the part.
pub(super) fn each(
    folders: &[&Path],
    holds: impl Fn(usize, &str) -> bool,
    mut each: impl FnMut(&ReadyRows) -> Result<()>,
) -> Result<()> {
    let Some(first) = folders.first() else { return Ok(()) };
    let open = |folder: &&Path| {
        let path = folder.join(ROWS);
        File::open(&path).map_err(unread(&path))
    };
    let files = folders.iter().map(open).collect::<Result<Vec<_>>>()?;
    let mut rows = Sorted::<ReadyRows>::of_files(files, first)?;
    while let Some((part, rows)) = rows.next_of().transpose()? {
        if holds(part, &rows.rows_of) {
            each(&rows)?;
        }
    }
    Ok(())
}

/// The file of the sums that these choices give.
fn sums_name(options: &AggregateOptions) -> String {
    // The columns of `--by` are those of the whole set of parts.
    format!("{SUMS}{}", options.period.map_or("all", |unit| unit.name()))
}

/// Which conversations sums are of: the facts of a part, and which of them do not hold.
fn of_those(facts: &str, stale: &[u64]) -> String {
    let mut hash = Sha256::new_with_prefix(facts);
    stale.iter().for_each(|of| hash.update(of.to_le_bytes()));
    hex(&hash.finalize())
}

/// The sums of a part, where they are there, whole, and of just these conversations.
pub(super) fn sums(part: &ViewPart, options: &AggregateOptions) -> Option<Groups> {
    let bytes = fs::read(part.folder.join(sums_name(options))).ok()?;
    let (hash, body) = bytes.split_at_checked(64)?;
    let whole = hex(&Sha256::digest(body)).as_bytes() == hash;
    let (of, body) = body.split_at_checked(64)?;
    (whole && of == of_those(&part.facts, &part.stale).as_bytes())
        .then(|| postcard::from_bytes(body).ok())
        .flatten()
}

/// Keeps the sums of a part, in one rename. Where that fails they are made again the next time.
pub(super) fn keep_sums(part: &ViewPart, options: &AggregateOptions, sums: &Groups) {
    let path = part.folder.join(sums_name(options));
    let body = of_those(&part.facts, &part.stale).into_bytes();
    let Ok(body) = postcard::to_extend(sums, body) else { return };
    let all = [hex(&Sha256::digest(&body)).as_bytes(), &body].concat();
    let draft = path.with_extension("draft");
    let _ = fs::write(&draft, all).and_then(|()| fs::rename(&draft, &path));
}
