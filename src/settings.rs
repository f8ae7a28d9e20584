//! What was typed -> checked options, one small struct per stage.

use std::path::Path;

use chrono::NaiveDate;
use chrono_tz::Tz;

use crate::aggregate::{AggregateOptions, PeriodUnit, ShortAbandons};
use crate::cli::{ChooseArgs, InputArgs, LangArg, PeriodArg, ReportArgs, ShortArg};
use crate::detect::Detector;
use crate::error::{Error, Result};
use crate::ingest::{IngestOptions, Mapping};
use crate::measure::MeasureOptions;
use crate::model::Facts;
use crate::report::Lang;
use crate::text::{Lexicons, Similarity};

/// Share of `--memory` that the sorted rows may take; the rest is for reading and measuring.
const SORT_SHARE: usize = 2;

/// Everything a run over logs needs.
#[derive(Debug)]
pub struct Settings {
    /// Reading.
    pub ingest: IngestOptions,
    /// Models.
    pub detector: Detector,
    /// Measuring.
    pub measure: MeasureOptions,
    /// Which conversations.
    pub choice: Choice,
    /// Go on without files that cannot be read whole.
    pub skip_bad_files: bool,
    /// A refused row is fatal.
    pub strict: bool,
    /// Bytes of rows held before they go to disk.
    pub sort_budget: usize,
    /// No words on standard error.
    pub quiet: bool,
}

/// Which conversations, and which of their columns.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// First day.
    pub since: Option<NaiveDate>,
    /// Last day.
    pub until: Option<NaiveDate>,
    /// Columns of `--by`.
    pub by: Vec<String>,
    /// Columns of `--keep`.
    pub keep: Vec<String>,
    /// Columns and values of `--where`.
    pub wheres: Vec<(String, String)>,
}

impl Choice {
    /// Checks the flags.
    ///
    /// # Errors
    /// When a `--where` is no `COLUMN=VALUE`, or the days are the wrong way round.
    pub fn new(args: &ChooseArgs) -> Result<Self> {
        let wheres = args
            .wheres
            .iter()
            .map(|text| {
                let (column, value) = text.split_once('=').ok_or_else(|| {
                    Error::usage(
                        format!("--where {text}: no `=` in it"),
                        "write --where COLUMN=VALUE, as in --where channel=app",
                    )
                })?;
                Ok((column.trim().to_owned(), value.trim().to_owned()))
            })
            .collect::<Result<_>>()?;
        if let (Some(since), Some(until)) = (args.since, args.until)
            && since > until
        {
            return Err(Error::usage(
                format!("--since {since} is after --until {until}"),
                "swap them",
            ));
        }
        Ok(Self {
            since: args.since,
            until: args.until,
            by: args.by.clone(),
            keep: args.keep.clone(),
            wheres,
        })
    }

    /// The columns to read, in the order of `Facts::fields`.
    #[must_use]
    pub fn fields(&self) -> Vec<String> {
        let wheres = self.wheres.iter().map(|(column, _)| column);
        self.by.iter().chain(&self.keep).chain(wheres).cloned().collect()
    }

    /// The named segments that `conversations.csv` carries: `--by`, then `--keep`.
    #[must_use]
    pub fn named(&self) -> Vec<String> {
        self.by.iter().chain(&self.keep).cloned().collect()
    }

    /// Whether the conversation is chosen. One without a date is chosen only when no day is asked
    /// for.
    #[must_use]
    pub fn takes(&self, facts: &Facts) -> bool {
        let late = self.since.is_none_or(|since| facts.date.is_some_and(|d| d >= since));
        let early = self.until.is_none_or(|until| facts.date.is_some_and(|d| d <= until));
        let from = self.by.len() + self.keep.len();
        let holds = self.wheres.iter().enumerate().all(|(i, (_, value))| {
            facts.fields.get(from + i).and_then(Option::as_deref) == Some(value.as_str())
        });
        late && early && holds
    }
}

impl Settings {
    /// Checks what was typed and loads the models.
    ///
    /// # Errors
    /// When a zone, mapping or lexicon cannot be used.
    pub fn new(input: &InputArgs, choice: Choice, short_abandon_s: u32) -> Result<Self> {
        let time_zone = zone(&input.time_zone)?;
        Ok(Self {
            ingest: IngestOptions {
                time_zone,
                fields: choice.fields(),
                mapping: input.mapping.as_deref().map(mapping).transpose()?,
                format: input.format.clone(),
            },
            detector: detector(&input.lexicon)?,
            measure: MeasureOptions {
                time_zone,
                short_abandon_ms: i64::from(short_abandon_s) * 1000,
            },
            choice,
            skip_bad_files: input.skip_bad_files,
            strict: input.strict,
            sort_budget: (input.memory.max(1) << 20) / SORT_SHARE,
            quiet: input.quiet,
        })
    }
}

/// The zone of that name.
///
/// # Errors
/// When there is none.
pub fn zone(name: &str) -> Result<Tz> {
    name.parse().map_err(|_| {
        Error::usage(
            format!("--time-zone {name}: no such zone"),
            "give an IANA name such as Asia/Shanghai, Europe/London or UTC",
        )
    })
}

fn mapping(path: &Path) -> Result<Mapping> {
    let text = std::fs::read_to_string(path)
        .map_err(|source| Error::Read { path: path.to_owned(), source })?;
    Mapping::from_toml(&path.display().to_string(), &text)
}

/// The shipped lexicons, and a desk's own over them.
///
/// # Errors
/// When a lexicon file is malformed or its own tests fail.
pub fn detector(files: &[std::path::PathBuf]) -> Result<Detector> {
    let broken = |e: crate::text::LexiconError| {
        Error::usage(e.to_string(), "mend the file; `matches` and `misses` are its tests")
    };
    let mut lexicons = Lexicons::builtin().map_err(broken)?;
    for path in files {
        let text = std::fs::read_to_string(path)
            .map_err(|source| Error::Read { path: path.clone(), source })?;
        lexicons = lexicons.with_user(&path.display().to_string(), &text).map_err(broken)?;
    }
    Ok(Detector { lexicons, similarity: Similarity::default() })
}

/// Options of the sums.
#[must_use]
pub fn aggregate(args: &ReportArgs, choice: &Choice) -> AggregateOptions {
    let mut thresholds_ms: Vec<i64> = args.within.iter().map(|s| i64::from(*s) * 1000).collect();
    thresholds_ms.sort_unstable();
    thresholds_ms.dedup();
    AggregateOptions {
        thresholds_ms,
        short_abandons: match args.short_abandons {
            ShortArg::Included => ShortAbandons::Included,
            ShortArg::Excluded => ShortAbandons::Excluded,
        },
        by: choice.by.clone(),
        period: args.period.map(|p| match p {
            PeriodArg::Day => PeriodUnit::Day,
            PeriodArg::Week => PeriodUnit::Week,
            PeriodArg::Month => PeriodUnit::Month,
            PeriodArg::Quarter => PeriodUnit::Quarter,
            PeriodArg::Year => PeriodUnit::Year,
        }),
    }
}

/// Language of the report.
#[must_use]
pub fn lang(lang: LangArg) -> Lang {
    match lang {
        LangArg::Zh => Lang::Zh,
        LangArg::En => Lang::En,
    }
}
