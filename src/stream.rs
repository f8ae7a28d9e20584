//! The run over rows that arrive sorted, from standard input or any pipe: one conversation in memory
//! at a time, its facts handed on before the next is read. It is what an engine of many machines runs
//! on each of its parts; the stages are those of a run over files.

use std::collections::BTreeMap;
use std::io::Read;

use crate::conversations::{Assembled, Assembler, InOrder, Row, changing_columns};
use crate::error::{Error, Result};
use crate::ingest::{Input, NeutralReader, guarded_step};
use crate::measure;
use crate::model::{Coverage, Facts, Problem, ProblemKind, SourceReport};
use crate::pipeline::TABLE;
use crate::settings::Settings;
use crate::store::arrow_in;
use crate::store::columnar::Ended;

/// One measured conversation of a stream.
#[derive(Debug)]
pub struct Measured<'m> {
    /// Its facts.
    pub facts: Facts,
    /// Rows that went into it, those that came twice as well.
    pub rows: u64,
    /// What was doubled, split or ambiguous among them.
    pub problems: Vec<Problem>,
    /// The files that findings and problems name by index.
    pub sources: &'m [SourceReport],
}

/// Reads rows of the neutral table as an Arrow stream, sorted by conversation, time and sequence;
/// hands on every conversation. `coverage` is what the whole log shows: a part of it cannot tell.
/// Gives the rows read.
///
/// # Errors
/// When the stream is damaged, cut or not in order, a row cannot be used, or `each` fails.
pub fn measure_rows(
    input: impl Read,
    coverage: &Coverage,
    settings: &Settings,
    mut each: impl FnMut(Measured<'_>) -> Result<()>,
) -> Result<u64> {
    let of = Input::stdin();
    let mut reader = None;
    let mut run = Run::new(settings, coverage);
    let mut open = InOrder::default();
    let mut rows = 0;
    let mut take = |cells: &[&str]| {
        let Some(reader) = &mut reader else {
            let names: Vec<String> = cells.iter().map(|&c| c.to_owned()).collect();
            let read =
                NeutralReader::new(&names, &of, &settings.ingest, &settings.measure.privacy)?;
            run.agrees(&read)?;
            reader = Some(read);
            return Ok(true);
        };
        rows += 1;
        let (file, mut message) = reader.row(cells)?;
        message.source = run.source(file);
        message.company = settings.measure.privacy.company(message.company);
        message.conversation = settings.measure.privacy.id(&message.conversation);
        let done = open.push(message).map_err(|wrong| Error::Input {
            path: of.path.clone(),
            line: Some(rows),
            what: wrong.0,
            way_out: "sort the rows by conversation_id (bytes), timestamp, sequence, and give all \
                      rows of a conversation to one stream"
                .to_owned(),
        })?;
        if let Some(group) = done {
            run.conversations(group, &mut each)?;
        }
        Ok(true)
    };
    arrow_in::read(input, guarded_step, &mut take).map_err(|ended| match ended {
        Ended::Stopped(error) => error,
        Ended::Broken(what) => Error::input(
            "-",
            format!("is no Arrow stream that can be read: {what}"),
            "write the rows as an Arrow IPC stream and close it",
        ),
    })?;
    run.conversations(open.end(), &mut each)?;
    Ok(rows)
}

/// What is known while the stream is read.
struct Run<'s> {
    settings: &'s Settings,
    coverage: &'s Coverage,
    sources: Vec<SourceReport>,
    by_path: BTreeMap<String, u32>,
    namespaces: Vec<String>,
    coverages: Vec<Coverage>,
}

impl<'s> Run<'s> {
    fn new(settings: &'s Settings, coverage: &'s Coverage) -> Self {
        Self {
            settings,
            coverage,
            sources: Vec::new(),
            by_path: BTreeMap::new(),
            namespaces: Vec::new(),
            coverages: Vec::new(),
        }
    }

    /// Rows with times and a log that is said to have none do not go together.
    fn agrees(&self, reader: &NeutralReader<'_>) -> Result<()> {
        if reader.timed() == self.coverage.times.is_some() {
            return Ok(());
        }
        let (what, way_out) = if reader.timed() {
            ("has times, and --shows names no fineness of them", "add times=second, or as they are")
        } else {
            ("has no column timestamp, and --shows names times", "leave times out of --shows")
        };
        Err(Error::input("-", what, way_out))
    }

    /// The number of a file.
    fn source(&mut self, path: &str) -> u32 {
        if let Some(known) = self.by_path.get(path) {
            return *known;
        }
        let number = u32::try_from(self.sources.len()).unwrap_or(u32::MAX);
        self.by_path.insert(path.to_owned(), number);
        self.sources.push(SourceReport { path: path.to_owned(), ..SourceReport::default() });
        self.namespaces.push(TABLE.to_owned());
        self.coverages.push(self.coverage.clone());
        number
    }

    /// Assembles and measures the rows of one id.
    fn conversations(
        &self,
        group: Vec<Row>,
        each: &mut impl FnMut(Measured<'_>) -> Result<()>,
    ) -> Result<()> {
        let settings = self.settings;
        let rows = group.into_iter().map(Ok::<_, Error>);
        for assembled in Assembler::new(rows, &self.namespaces, &self.coverages) {
            let Assembled { conversation, mut problems, .. } = assembled?;
            problems.extend(changing_columns(&conversation, &settings.ingest.fields));
            let double = problems.iter().filter(|p| p.kind == ProblemKind::Duplicate).count();
            let detection = settings.detector.detect(&conversation);
            let facts = measure::measure(&conversation, detection, &settings.measure);
            each(Measured {
                facts: settings.choice.named_alone(facts, &settings.measure.privacy),
                rows: (conversation.messages.len() + double) as u64,
                problems,
                sources: &self.sources,
            })?;
        }
        Ok(())
    }
}
