//! Facts of one or many parts, in one order: the order in which a run over all inputs measures.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use super::columns::{named_by, restore, wanted};
use super::job::{self, Job};
use super::write::{FINDINGS, finding_fields};
use super::{FactsHeader, HEADER, JOB_HEADER, PROBLEMS, TABLE};
use crate::error::{Error, Result};
use crate::measure::columns::{COLUMNS, Cell, MORE};
use crate::model::facts::LocatedFinding;
use crate::model::{Evidence, Facts, Finding, Rule, SourceReport};
use crate::store::table::ColumnType;
use crate::store::table_reader::TableReader;

/// Rows of all tables in memory at once, about.
const ROWS_AT_ONCE: usize = 131_072;

/// Parts that belong together.
#[derive(Debug)]
pub struct FactsSet {
    tables: Vec<PathBuf>,
    /// What each table was measured from, as given; nothing where no header tells.
    inputs: Vec<Vec<String>>,
    /// Tables in which conversations stand in order, which is checked: an engine wrote them.
    sorted: BTreeSet<PathBuf>,
    lists: Vec<Problems>,
    /// How they were made, inputs and problems added up; what bare rows leave open is empty.
    pub header: FactsHeader,
    /// Tables alone: what was read and refused is not beside them.
    pub bare: Vec<PathBuf>,
    /// Some table does not say how it was made: another tool wrote it.
    pub untold: bool,
}

/// Where the problems of a folder are.
#[derive(Debug)]
enum Problems {
    File(PathBuf),
    Read(Vec<csv::StringRecord>),
}

impl FactsSet {
    /// Looks at every folder or `.parquet` file.
    ///
    /// # Errors
    /// When one is no facts, or cannot be added to the others.
    pub fn open(paths: &[PathBuf]) -> Result<Self> {
        let mut whole: Option<FactsHeader> = None;
        let mut set = Self {
            tables: Vec::new(),
            inputs: Vec::new(),
            sorted: BTreeSet::new(),
            lists: Vec::new(),
            header: FactsHeader::default(),
            bare: Vec::new(),
            untold: false,
        };
        for path in paths {
            if !path.is_dir() {
                check_table(path)?;
                set.tables.push(path.clone());
                set.inputs.push(Vec::new());
                set.bare.push(path.clone());
                let Some(header) = FactsHeader::of_table(path)? else {
                    set.untold |= true;
                    continue;
                };
                match &mut whole {
                    Some(whole) => whole.merge(&header, path)?,
                    None => whole = Some(header),
                }
                continue;
            }
            let (at, header) = if job::is_job(path) {
                let Job { parts, header, problems } = Job::open(path)?;
                set.sorted.extend(parts.iter().cloned());
                set.tables.extend(parts);
                set.lists.push(Problems::Read(problems));
                (path.join(JOB_HEADER), header)
            } else {
                let at = path.join(HEADER);
                let header = FactsHeader::read(&at).map_err(|e| without_header(path, e))?;
                set.tables.push(path.join(TABLE));
                set.lists.push(Problems::File(path.join(PROBLEMS)));
                (at, header)
            };
            let inputs: Vec<String> = header.inputs.iter().map(|i| i.path.clone()).collect();
            set.inputs.resize(set.tables.len(), inputs);
            match &mut whole {
                Some(whole) => whole.merge(&header, &at)?,
                None => whole = Some(header),
            }
        }
        let first = set.tables.first().map(|path| named(path)).transpose()?.unwrap_or_default();
        for path in &set.tables {
            if named(path)? != first {
                return Err(Error::usage(
                    format!(
                        "{}: its columns differ from those of the facts before it",
                        path.display()
                    ),
                    "measure all parts with the same --by and --keep",
                ));
            }
        }
        set.header = whole.unwrap_or_default();
        set.header.named = first;
        Ok(set)
    }

    /// The rows of `problems.csv` of every folder, in the order of the inputs, without headers.
    ///
    /// # Errors
    /// When a list cannot be read.
    pub fn problems(&self, mut each: impl FnMut(&csv::StringRecord) -> Result<()>) -> Result<()> {
        for list in &self.lists {
            match list {
                Problems::Read(records) => records.iter().try_for_each(&mut each)?,
                Problems::File(path) => {
                    let mut reader =
                        csv::Reader::from_path(path).map_err(|e| Error::of_csv(path, e))?;
                    for record in reader.records() {
                        each(&record.map_err(|e| Error::of_csv(path, e))?)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Hands on every conversation with the inputs that its findings name.
    ///
    /// # Errors
    /// When a table cannot be read, a conversation comes twice, or `each` fails.
    pub fn each(&self, mut each: impl FnMut(Facts, &[SourceReport]) -> Result<()>) -> Result<()> {
        let mut sources = Sources::new(&self.header.inputs);
        let mut columns = wanted(&self.header.named);
        columns.push((FINDINGS.to_owned(), ColumnType::Records(finding_fields())));
        let mut parts = self
            .tables
            .iter()
            .map(|path| {
                let table = TableReader::open(path, columns.clone())?;
                Ok(table.at_once(ROWS_AT_ONCE / self.tables.len().max(1)))
            })
            .collect::<Result<Vec<_>>>()?;
        let mut heads: BinaryHeap<Reverse<Head>> = BinaryHeap::new();
        for part in 0..parts.len() {
            heads.extend(advance(&mut parts, part, &mut sources)?.map(Reverse));
        }
        let mut run = SameId::default();
        while let Some(Reverse(head)) = heads.pop() {
            let next = advance(&mut parts, head.part, &mut sources)?;
            if let Some(next) = next {
                let path = &self.tables[head.part];
                if next.key() < head.key() && self.sorted.contains(path) {
                    return Err(Error::usage(
                        format!(
                            "{}: conversation {} comes after {}: facts are not in order",
                            path.display(),
                            next.facts.conversation_id,
                            head.facts.conversation_id
                        ),
                        "keep the parts as the job wrote them",
                    ));
                }
                heads.push(Reverse(next));
            }
            if let Some(first) = run.first(&head) {
                return Err(self.twice(&head.facts.conversation_id, first, head.part));
            }
            each(*head.facts, &sources.reports)?;
        }
        Ok(())
    }
}

impl FactsSet {
    /// A conversation that two tables have, or one twice: the command that makes one of it.
    fn twice(&self, id: &str, first: usize, again: usize) -> Error {
        let [one, two] = [first, again].map(|part| self.tables[part].display());
        let mut inputs: Vec<&str> = Vec::new();
        for input in self.inputs[first].iter().chain(&self.inputs[again]) {
            if !inputs.contains(&input.as_str()) {
                inputs.push(input);
            }
        }
        let inputs = if inputs.is_empty() { "INPUT...".to_owned() } else { inputs.join(" ") };
        Error::usage(
            format!("conversation {id} comes twice: in {one} and again in {two}"),
            format!("measure the inputs that share it together: tohuman measure {inputs} -o DIR"),
        )
    }
}

/// The named columns of a table: those between the promised columns and the further ones.
fn named(path: &Path) -> Result<Vec<String>> {
    let names = TableReader::names(path)?;
    let more = MORE.first().map(|(name, _)| *name).unwrap_or_default();
    let until = names.iter().skip(COLUMNS.len()).position(|name| name == more).unwrap_or(0);
    let between = names.iter().skip(COLUMNS.len()).take(until);
    Ok(between.map(|column| named_by(column).to_owned()).collect())
}

fn check_table(path: &Path) -> Result<()> {
    let parquet = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("parquet"));
    if parquet || !path.exists() {
        return Ok(());
    }
    Err(Error::usage(
        format!("{}: facts are read from folders and .parquet files", path.display()),
        "measure into a folder: tohuman measure INPUT... -o DIR",
    ))
}

/// The next conversation of a part.
#[derive(Debug)]
struct Head {
    facts: Box<Facts>,
    part: usize,
}

type Key<'a> = (&'a str, &'a str, Option<&'a str>, Option<DateTime<Utc>>, &'a str);

impl Head {
    /// The order of the assembler: id of the rows, format, company, then visits and stretches in time.
    fn key(&self) -> Key<'_> {
        let f = &*self.facts;
        let id = id_of_rows(&f.exported_id, &f.format);
        (id, &f.format, f.company.as_deref(), f.opened_at, &f.conversation_id)
    }
}

/// Format of conversations that came from a table; ids of these are those of the rows.
const TABLE_FORMAT: &str = "table";

/// The id that rows came under: a person's later visits carry their first stamp behind it.
fn id_of_rows<'f>(exported: &'f str, format: &str) -> &'f str {
    let visit = exported.rsplit_once('@').filter(|_| format != TABLE_FORMAT);
    visit
        .filter(|(_, at)| DateTime::parse_from_rfc3339(at).is_ok())
        .map_or(exported, |(person, _)| person)
}

impl PartialEq for Head {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}
impl Eq for Head {}
impl PartialOrd for Head {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Head {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key().cmp(&other.key()).then_with(|| self.part.cmp(&other.part))
    }
}

fn advance(parts: &mut [TableReader], part: usize, sources: &mut Sources) -> Result<Option<Head>> {
    let Some(mut row) = parts[part].next().transpose()? else { return Ok(None) };
    let findings = row.pop();
    let mut facts = Box::new(restore(row.into_iter()));
    facts.findings = located(findings, sources);
    Ok(Some(Head { facts, part }))
}

/// A folder of parts whose header nobody wrote.
fn without_header(folder: &Path, error: Error) -> Error {
    let part = |entry: std::io::Result<std::fs::DirEntry>| {
        entry.is_ok_and(|e| e.file_name().to_string_lossy().starts_with("part-"))
    };
    if !std::fs::read_dir(folder).is_ok_and(|mut entries| entries.any(part)) {
        return error;
    }
    Error::usage(
        format!("{}: parts of facts without {JOB_HEADER}: the job did not end", folder.display()),
        "run the job again, or write it by tohuman measure --input-format arrow-stream --print-header",
    )
}

/// The conversations of one exported id: a second one of the same printed id is the same again.
#[derive(Default)]
struct SameId {
    of: Option<(String, String, Option<String>)>,
    /// The table of each.
    seen: BTreeMap<String, usize>,
}

impl SameId {
    /// The table that had this conversation before.
    fn first(&mut self, head: &Head) -> Option<usize> {
        let f = &*head.facts;
        let of = (f.exported_id.clone(), f.format.clone(), f.company.clone());
        if self.of.as_ref() != Some(&of) {
            self.of = Some(of);
            self.seen.clear();
        }
        self.seen.insert(f.conversation_id.clone(), head.part)
    }
}

/// The inputs by path; bare rows name theirs in the findings alone.
pub(super) struct Sources {
    pub(super) reports: Vec<SourceReport>,
    by_path: BTreeMap<String, u32>,
}

impl Sources {
    pub(super) fn new(inputs: &[SourceReport]) -> Self {
        let mut by_path = BTreeMap::new();
        for (i, input) in inputs.iter().enumerate() {
            by_path.entry(input.path.clone()).or_insert(u32::try_from(i).unwrap_or(u32::MAX));
        }
        Self { reports: inputs.to_vec(), by_path }
    }

    fn index(&mut self, path: String) -> u32 {
        if let Some(index) = self.by_path.get(&path) {
            return *index;
        }
        let index = u32::try_from(self.reports.len()).unwrap_or(u32::MAX);
        self.reports.push(SourceReport { path: path.clone(), ..SourceReport::default() });
        self.by_path.insert(path, index);
        index
    }
}

pub(super) fn located(cell: Option<Cell>, sources: &mut Sources) -> Vec<LocatedFinding> {
    let Some(Cell::Records(records)) = cell else { return Vec::new() };
    records.into_iter().filter_map(|record| finding(record, sources)).collect()
}

fn finding(record: Vec<Cell>, sources: &mut Sources) -> Option<LocatedFinding> {
    let [_, message, at, rule, evidence, matched, source, row] =
        <[Cell; 8]>::try_from(record).ok()?;
    let text = |cell| if let Cell::Text(text) = cell { text } else { None };
    let count = |cell| if let Cell::Count(n) = cell { n } else { None };
    let rule = text(rule)?;
    Some(LocatedFinding {
        finding: Finding {
            rule: Rule::ALL.iter().copied().find(|known| known.id() == rule)?,
            message: usize::try_from(count(message)?).ok()?.checked_sub(1)?,
            evidence: Evidence::parse(&text(evidence)?)?,
            matched: text(matched)?,
        },
        at: if let Cell::Time(at) = at { at } else { None },
        source: sources.index(text(source)?),
        row: count(row)?,
    })
}
