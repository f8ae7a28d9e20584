//! Which column means what, decided once for an input from its header, a sample of its values and
//! the mapping.

use std::collections::{BTreeMap, BTreeSet};

use super::header::{BY_LAST_PART, Vocabulary, same};
use super::meaning::Meaning;
use super::vocabulary::BY_VALUE;
use super::{Input, Mapping, event, sender};
use crate::error::Result;
use crate::model::Kind;

/// What the caller wants of a table.
pub(super) struct Wanted<'w> {
    /// The input, for errors.
    pub(super) input: &'w Input,
    /// Which headers are known.
    pub(super) vocabulary: Vocabulary,
    /// The mapping.
    pub(super) mapping: Option<&'w Mapping>,
    /// Extra columns.
    pub(super) fields: &'w [String],
}

/// The columns of an input and their meanings.
#[derive(Clone, Debug, Default)]
pub(super) struct Columns {
    /// All names as they stand in the file.
    pub(super) names: Vec<String>,
    /// Columns of each meaning, in the order of [`Meaning::ALL`], the preferred one first.
    by_meaning: [Vec<usize>; Meaning::ALL.len()],
    /// Column of each extra field.
    pub(super) fields: Vec<Option<usize>>,
    /// Extra names for the report.
    field_names: Vec<String>,
}

impl Columns {
    /// The preferred column of a meaning.
    pub(super) fn best(&self, meaning: Meaning) -> Option<usize> {
        self.all(meaning).first().copied()
    }

    /// All columns of a meaning, the preferred one first.
    pub(super) fn all(&self, meaning: Meaning) -> &[usize] {
        &self.by_meaning[meaning as usize]
    }

    /// True if a meaning has a column.
    pub(super) fn has(&self, meaning: Meaning) -> bool {
        !self.all(meaning).is_empty()
    }

    /// Takes this column alone for the meaning.
    pub(super) fn take(&mut self, meaning: Meaning, column: usize) {
        self.by_meaning[meaning as usize] = vec![column];
    }

    /// Meanings that have columns, with these.
    fn known(&self) -> impl Iterator<Item = (Meaning, &[usize])> {
        let all = Meaning::ALL.into_iter().zip(self.by_meaning.iter().map(Vec::as_slice));
        all.filter(|(_, columns)| !columns.is_empty())
    }

    /// The cell of a meaning, trimmed; `None` if there is none or it is empty.
    pub(super) fn cell<'a>(&self, meaning: Meaning, cells: &[&'a str]) -> Option<&'a str> {
        self.best(meaning).and_then(|at| filled(cells, at))
    }

    /// The first cell of a meaning that holds something.
    pub(super) fn first_filled<'a>(&self, meaning: Meaning, cells: &[&'a str]) -> Option<&'a str> {
        self.all(meaning).iter().find_map(|at| filled(cells, *at))
    }

    /// Values of the extra fields.
    pub(super) fn field_values(&self, cells: &[&str]) -> Vec<Option<String>> {
        let value = |at: &Option<usize>| at.and_then(|at| filled(cells, at)).map(str::to_owned);
        self.fields.iter().map(value).collect()
    }

    /// Name and meaning of every column that is used, in the order of the file.
    pub(super) fn used(&self) -> Vec<(String, String)> {
        self.uses().into_iter().filter_map(|(name, meaning)| Some((name, meaning?))).collect()
    }

    /// Name and meaning of every column, in the order of the file.
    pub(super) fn uses(&self) -> Vec<(String, Option<String>)> {
        let meaning = |at: usize| {
            let known = self.known().find(|(_, c)| c.first() == Some(&at));
            let fallback = || self.known().find(|(_, c)| c.contains(&at));
            let field = || self.fields.iter().position(|f| *f == Some(at));
            known
                .map(|(m, _)| m.name().to_owned())
                .or_else(|| field().map(|f| self.field_names[f].clone()))
                .or_else(|| {
                    fallback().map(|(m, _)| format!("{}, where the first is empty", m.name()))
                })
        };
        self.names.iter().enumerate().map(|(at, n)| (n.clone(), meaning(at))).collect()
    }

    /// Columns of which nothing is known.
    pub(super) fn unread(names: &[String]) -> Self {
        Self { names: names.to_vec(), ..Self::default() }
    }

    /// The columns of a longer header, with the decisions that stand already.
    pub(super) fn after(mut self, earlier: &Self) -> Self {
        let taken: BTreeSet<usize> =
            earlier.known().filter_map(|(_, columns)| columns.first().copied()).collect();
        for columns in &mut self.by_meaning {
            columns.retain(|c| *c >= earlier.names.len() && !taken.contains(c));
        }
        for (meaning, columns) in earlier.known() {
            self.by_meaning[meaning as usize] = columns.to_vec();
        }
        for (at, field) in earlier.fields.iter().enumerate() {
            self.fields[at] = field.or(self.fields[at]);
        }
        self
    }
}

fn filled<'a>(cells: &[&'a str], at: usize) -> Option<&'a str> {
    cells.get(at).map(|c| c.trim()).filter(|c| !c.is_empty())
}

/// Decides what the columns mean.
///
/// # Errors
/// If the mapping names a column that is not there, or two columns have an equal claim.
pub(super) fn resolve(
    wanted: &Wanted<'_>,
    names: &[String],
    sample: &[Vec<String>],
) -> Result<Columns> {
    let mut out = Columns::unread(names);
    let (mut taken, off) = mapped(wanted, &mut out)?;
    let mut claims: BTreeMap<Meaning, Vec<(usize, usize)>> = BTreeMap::new();
    for (at, name) in names.iter().enumerate() {
        let (meanings, matched) = wanted.vocabulary.meanings(name);
        for (meaning, rank) in meanings {
            let by_value = BY_VALUE.contains(&matched.as_str());
            if !by_value || values_fit(wanted.mapping, meaning, sample, at) {
                claims.entry(meaning).or_default().push((rank, at));
            }
        }
    }
    for (meaning, mut claims) in claims {
        if out.has(meaning) || off.contains(&meaning) {
            continue;
        }
        claims.retain(|(_, at)| !taken.contains(at));
        claims.sort_unstable();
        match claims.as_slice() {
            [] => {}
            [a, b, ..] if a.0 == b.0 => {
                if a.0 < BY_LAST_PART {
                    return Err(ambiguous(wanted.input, meaning, &names[a.1], &names[b.1]));
                }
            }
            [first, ..] => {
                taken.insert(first.1);
                let most = if has_seconds(wanted.vocabulary, meaning) { claims.len() } else { 1 };
                out.by_meaning[meaning as usize] = claims.iter().take(most).map(|c| c.1).collect();
            }
        }
    }
    // A date without a time of day beside it is the stamp.
    if wanted.vocabulary == Vocabulary::Log && !out.has(Meaning::Timestamp) {
        out.by_meaning.swap(Meaning::Timestamp as usize, Meaning::Date as usize);
    }
    name_fields(wanted, &mut out);
    Ok(out)
}

/// The columns that bear the canonical name of a meaning, and those of the extra fields.
pub(super) fn canonical(wanted: &Wanted<'_>, names: &[String]) -> Columns {
    let mut out = Columns::unread(names);
    for (at, name) in names.iter().enumerate() {
        if let Some(meaning) = Meaning::parse(name).filter(|meaning| !out.has(*meaning)) {
            out.take(meaning, at);
        }
    }
    name_fields(wanted, &mut out);
    out
}

/// Puts the mapping's columns in; gives the columns taken and the meanings switched off.
fn mapped(wanted: &Wanted<'_>, out: &mut Columns) -> Result<(BTreeSet<usize>, BTreeSet<Meaning>)> {
    let (mut taken, mut off) = (BTreeSet::new(), BTreeSet::new());
    let Some(mapping) = wanted.mapping else { return Ok((taken, off)) };
    let table = match wanted.vocabulary {
        // The messages of a nested record come under canonical names already.
        Vocabulary::Log if !mapping.turns.is_empty() => return Ok((taken, off)),
        Vocabulary::Log => &mapping.columns,
        Vocabulary::Complaints => &mapping.complaints,
    };
    for (key, header) in table {
        let Some(meaning) = Meaning::parse(key) else { continue };
        if header.is_empty() {
            off.insert(meaning);
            continue;
        }
        let exact = out.names.iter().position(|n| n == header);
        let Some(at) = exact.or_else(|| out.names.iter().position(|n| same(n, header))) else {
            let header = super::names::short(header);
            return Err(wanted.input.error(
                format!("has no column {header}, which the mapping takes for {key}"),
                format!("name one of its columns in the mapping: {}", list(&out.names)),
            ));
        };
        taken.insert(at);
        out.take(meaning, at);
    }
    Ok((taken, off))
}

/// Finds the columns of the extra fields.
fn name_fields(wanted: &Wanted<'_>, out: &mut Columns) {
    for field in wanted.fields {
        let alias = wanted.mapping.and_then(|m| m.fields.get(field));
        let named = |name: &str| out.names.iter().position(|n| n == name);
        let loose = |name: &str| out.names.iter().position(|n| same(n, name));
        let at = alias
            .and_then(|a| named(a).or_else(|| loose(a)))
            .or_else(|| named(field))
            .or_else(|| Meaning::parse(field).and_then(|m| out.best(m)))
            .or_else(|| loose(field));
        out.fields.push(at);
        out.field_names.push(field.clone());
    }
}

/// True if the other columns of a meaning are read too: a complaint without a narrative has a
/// title, one without a product an issue; of several dates the clearest is taken.
fn has_seconds(vocabulary: Vocabulary, meaning: Meaning) -> bool {
    let seconds = matches!(meaning, Meaning::Text | Meaning::Category | Meaning::Date);
    vocabulary == Vocabulary::Complaints && seconds
}

/// True if at least half of the values of a column are known as senders (or events, one of them
/// more than a message); other meanings have no values to know.
fn values_fit(
    mapping: Option<&Mapping>,
    meaning: Meaning,
    sample: &[Vec<String>],
    at: usize,
) -> bool {
    let values = || sample.iter().filter_map(|r| r.get(at)).filter(|v| !v.trim().is_empty());
    let half = |known: usize| known > 0 && known * 2 >= values().count();
    match meaning {
        Meaning::Sender => {
            let known = |v: &&String| {
                sender::parse(v).is_some() || mapping.is_some_and(|m| m.sender(v).is_some())
            };
            half(values().filter(known).count())
        }
        Meaning::Event => {
            let kind = |v: &String| mapping.and_then(|m| m.event(v)).or_else(|| event::parse(v));
            let kinds: Vec<Kind> = values().filter_map(kind).collect();
            half(kinds.len()) && kinds.iter().any(|k| *k != Kind::Message)
        }
        _ => true,
    }
}

fn ambiguous(input: &Input, meaning: Meaning, a: &str, b: &str) -> crate::error::Error {
    let meaning = meaning.name();
    let (a, b) = (super::names::short(a), super::names::short(b));
    input.error(
        format!("the columns {a} and {b} both stand for {meaning}"),
        format!("say which by --mapping: [columns] {meaning} = \"...\""),
    )
}

/// Names for an error, the first twenty.
pub(super) fn list(names: &[String]) -> String {
    const MOST: usize = 20;
    let shown: Vec<String> = names.iter().take(MOST).map(|n| super::names::short(n)).collect();
    let more = if names.len() > MOST { ", ..." } else { "" };
    format!("{}{more}", shown.join(", "))
}
