//! Which row of a table is its header: exports put titles above it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use super::Mapping;
use super::meaning::Meaning;
use super::names;
use super::vocabulary::{COMPLAINTS, Entry, LOG};

/// How many rows are looked at for a header.
pub(super) const LOOKED_AT: usize = 20;
/// Rank added to a name that is known when its dots are left out (`message.text`).
const BY_JOINED_PARTS: usize = 500;
/// Rank added to a name that is known by its last part only (`payload.content`).
pub(super) const BY_LAST_PART: usize = 1000;

/// Meanings of a header name with their rank in the list of that meaning.
type Index = BTreeMap<&'static str, Vec<(Meaning, usize)>>;

static LOG_INDEX: LazyLock<Index> = LazyLock::new(|| index(LOG));
static COMPLAINT_INDEX: LazyLock<Index> = LazyLock::new(|| index(COMPLAINTS));

/// The two kinds of table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Vocabulary {
    /// Chat logs.
    Log,
    /// Complaint records.
    Complaints,
}

impl Vocabulary {
    /// The meanings that a header can have, best rank first, and the normalised name that matched.
    pub(super) fn meanings(self, header: &str) -> (Vec<(Meaning, usize)>, String) {
        let index = match self {
            Self::Log => &*LOG_INDEX,
            Self::Complaints => &*COMPLAINT_INDEX,
        };
        let name = names::header(header);
        if let Some(found) = index.get(name.as_str()) {
            return (found.clone(), name);
        }
        // `conversation.id` is `conversation_id` in a nested record.
        let joined = name.replace('.', "");
        if let Some(found) = index.get(joined.as_str()).filter(|_| joined.len() < name.len()) {
            return (found.iter().map(|(m, r)| (*m, r + BY_JOINED_PARTS)).collect(), joined);
        }
        let last = name.rsplit('.').next().unwrap_or_default().to_owned();
        let found = index.get(last.as_str()).filter(|_| last.len() < name.len());
        let ranked = found.map(|f| f.iter().map(|(m, r)| (*m, r + BY_LAST_PART)).collect());
        (ranked.unwrap_or_default(), last)
    }
}

fn index(vocabulary: &'static [Entry]) -> Index {
    let mut out = Index::new();
    for (meaning, names) in vocabulary {
        for (rank, name) in names.iter().enumerate() {
            out.entry(name).or_default().push((*meaning, rank));
        }
    }
    out
}

/// How many different meanings a row of names has, those that the mapping names counted as well.
pub(super) fn hits(row: &[String], mapping: Option<&Mapping>) -> usize {
    let known = |vocabulary: Vocabulary| {
        let meanings = row.iter().filter(|n| !n.trim().is_empty());
        meanings
            .filter_map(|n| vocabulary.meanings(n).0.first().map(|m| m.0))
            .collect::<BTreeSet<_>>()
            .len()
    };
    let mapped = mapping.map_or(0, |m| {
        let named = m.columns.values().chain(m.complaints.values()).chain(m.fields.values());
        let named = named.chain(m.turns.iter().flat_map(|t| t.columns.values()));
        named.filter(|n| row.iter().any(|cell| same(cell, n))).count()
    });
    known(Vocabulary::Log).max(known(Vocabulary::Complaints)) + mapped
}

/// True if a header is the one that somebody named.
pub(super) fn same(header: &str, named: &str) -> bool {
    header == named || names::header(header) == names::header(named)
}

/// Index of the header among the first rows, and its hits. Without any known name it is the first
/// row with two cells, so that an error can show what was there.
pub(super) fn find(rows: &[Vec<String>], mapping: Option<&Mapping>) -> (usize, usize) {
    let mut best = (0, 0);
    for (at, row) in rows.iter().take(LOOKED_AT).enumerate() {
        let found = hits(row, mapping);
        if found > best.1 {
            best = (at, found);
        }
    }
    if best.1 < 2 {
        let filled = |r: &Vec<String>| r.iter().filter(|c| !c.trim().is_empty()).count() >= 2;
        best.0 = if best.1 == 1 { best.0 } else { rows.iter().position(filled).unwrap_or(0) };
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_above_the_header_are_stepped_over() {
        let row = |cells: &[&str]| cells.iter().map(|c| (*c).to_owned()).collect::<Vec<_>>();
        let rows = [
            row(&["一月会话导出", "", ""]),
            row(&["导出人", "张三", ""]),
            row(&["会话ID", "发送时间", "消息内容"]),
            row(&["1", "2024-01-05 09:03:00", "在吗"]),
        ];
        assert_eq!(find(&rows, None), (2, 3));
    }
}
