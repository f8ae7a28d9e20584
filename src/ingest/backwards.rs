//! Whether a log stands newest first. Rows with equal stamps keep the order of the file, which is the
//! wrong way round then: nothing in the file says so, so it is told and not turned.

use std::collections::HashMap;

use super::columns::Columns;
use super::meaning::Meaning;
use super::study::Study;
use super::time::TimeReader;

/// What is told.
pub(super) const WARNING: &str = "WARNING: the rows stand newest first, and rows with equal stamps keep the order of the file, answers before questions; export oldest first, or with seconds or a sequence";

/// True if the rows of the sample stand newest first in their conversations and some have equal
/// stamps, with nothing else that orders them.
pub(super) fn ties_stand_backwards(study: &Study<'_>, columns: &Columns) -> bool {
    let cell = |row: &Vec<String>, meaning| {
        columns.best(meaning).and_then(|at| row.get(at)).cloned().unwrap_or_default()
    };
    if !columns.has(Meaning::Timestamp) || columns.has(Meaning::Sequence) {
        return false;
    }
    let format = study.mapping().and_then(|m| m.time_format.clone());
    let times = TimeReader { zone: study.zone(), format, layout: None };
    let mut last = HashMap::new();
    let (mut back, mut on, mut equal) = (0_usize, 0_usize, 0_usize);
    for row in &study.sample {
        let (stamp, day) = (cell(row, Meaning::Timestamp), cell(row, Meaning::Date));
        let read = times.read(&stamp).or_else(|| times.read(&format!("{day} {stamp}")));
        let Some(at) = read.map(|r| r.stamp.at) else { continue };
        match last.insert(cell(row, Meaning::ConversationId), at).map(|before| at.cmp(&before)) {
            Some(std::cmp::Ordering::Less) => back += 1,
            Some(std::cmp::Ordering::Greater) => on += 1,
            Some(std::cmp::Ordering::Equal) => equal += 1,
            None => {}
        }
    }
    equal > 0 && back > 0 && on * 20 <= back
}
