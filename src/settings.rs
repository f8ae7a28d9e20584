//! What was typed -> checked options, one small struct per stage.

mod privacy;

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::NaiveDate;
use chrono_tz::Tz;

use crate::aggregate::{AggregateOptions, PeriodUnit, ShortAbandons};
use crate::cli::{ChooseArgs, InputArgs, LangArg, PeriodArg, PrivacyArgs, ReportArgs, ShortArg};
use crate::detect::{Detector, RetoldModel};
use crate::error::{Error, Result};
use crate::facts::FactsHeader;
use crate::ingest::{IngestOptions, Mapping};
use crate::measure::{Calendar, MeasureOptions};
use crate::model::Facts;
use crate::overrides::Overrides;
use crate::report::Lang;
use crate::text::encoder;
use crate::text::{
    AskModel, DeskModel, Encoder, KeepText, Lexicons, OwnWeights, Privacy, Similarity,
};

pub use privacy::without_key;

/// Hundredths of `--memory` that the sorted rows may take; the rest is for reading and measuring.
const SORT_SHARE: usize = 38;

/// Everything a run over logs needs.
#[derive(Debug)]
pub struct Settings {
    /// Reading.
    pub ingest: IngestOptions,
    /// Models.
    pub detector: Detector,
    /// Lexicons and models as they were named: of two that say the same the first is heard, of two desks'
    /// models the last.
    pub given: Vec<PathBuf>,
    /// Measuring.
    pub measure: MeasureOptions,
    /// Which conversations.
    pub choice: Choice,
    /// Go on without files that cannot be read whole.
    pub skip_bad_files: bool,
    /// A refused row is fatal.
    pub strict: bool,
    /// Threads that read and measure.
    pub threads: usize,
    /// Bytes of rows held before they go to disk.
    pub sort_budget: usize,
    /// Verdicts of a person on single findings.
    pub overrides: Option<Overrides>,
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

    /// Facts with the named segments alone, as they may leave the tool.
    #[must_use]
    pub fn named_alone(&self, mut facts: Facts, privacy: &Privacy) -> Facts {
        facts.fields.truncate(self.by.len() + self.keep.len());
        for value in facts.fields.iter_mut().flatten() {
            *value = privacy.value(value);
        }
        facts
    }

    /// How this choice is made over facts that carry these columns.
    ///
    /// # Errors
    /// When a column or a day was not measured; the command that does is named.
    pub fn over_facts(&self, header: &FactsHeader, paths: &[PathBuf]) -> Result<FactsView> {
        let place = |name: &String| {
            header.named.iter().position(|known| known == name).ok_or_else(|| {
                let path = paths.first().map(|p| p.join(crate::facts::HEADER)).unwrap_or_default();
                Error::usage(
                    format!("the facts carry no column `{name}`"),
                    format!("measure it: {} --keep {name}", header.rerun(&path)),
                )
            })
        };
        let day = |name: &str| header.options.get(name).and_then(|day| day.parse().ok());
        let (since, until): (Option<NaiveDate>, Option<NaiveDate>) = (day("since"), day("until"));
        let before = self.since.zip(since).is_some_and(|(asked, first)| asked < first);
        let after = self.until.zip(until).is_some_and(|(asked, last)| asked > last);
        if before || after {
            return Err(Error::usage(
                "the facts do not reach over all the days of --since and --until",
                "measure the log again without --since and --until",
            ));
        }
        Ok(FactsView {
            printed: self.named().iter().map(place).collect::<Result<_>>()?,
            wheres: self.wheres.iter().map(|(name, _)| place(name)).collect::<Result<_>>()?,
            measured: header.options.clone(),
        })
    }

    /// Whether the conversation is chosen. One without a date is chosen only when no day is asked
    /// for.
    #[must_use]
    pub fn takes(&self, facts: &Facts) -> bool {
        let from = self.by.len() + self.keep.len();
        let holds = self.wheres.iter().enumerate().all(|(i, (_, value))| {
            facts.fields.get(from + i).and_then(Option::as_deref) == Some(value.as_str())
        });
        self.in_days(facts) && holds
    }

    /// Whether any of conversations from the one day to the other (none: without a date) may be chosen.
    #[must_use]
    pub fn may_take(&self, days: Option<(NaiveDate, NaiveDate)>) -> bool {
        let late = self.since.is_none_or(|since| days.is_some_and(|(_, last)| last >= since));
        let early = self.until.is_none_or(|until| days.is_some_and(|(first, _)| first <= until));
        late && early
    }

    fn in_days(&self, facts: &Facts) -> bool {
        let late = self.since.is_none_or(|since| facts.date.is_some_and(|d| d >= since));
        let early = self.until.is_none_or(|until| facts.date.is_some_and(|d| d <= until));
        late && early
    }
}

/// A choice over facts: where the columns that it names stand.
#[derive(Debug)]
pub struct FactsView {
    printed: Vec<usize>,
    wheres: Vec<usize>,
    measured: BTreeMap<String, String>,
}

impl FactsView {
    /// The facts with the columns that are printed, where the conversation is chosen.
    #[must_use]
    pub fn chosen(&self, mut facts: Facts, choice: &Choice, privacy: &Privacy) -> Option<Facts> {
        let value = |place: &usize| facts.fields.get(*place).cloned().flatten();
        // Facts carry values as they may leave the tool.
        let holds = |(place, (_, asked)): (&usize, &(String, String))| {
            value(place).is_some_and(|value| value == privacy.value(asked))
        };
        if !choice.in_days(&facts) || !self.wheres.iter().zip(&choice.wheres).all(holds) {
            return None;
        }
        facts.fields = self.printed.iter().map(value).collect();
        Some(facts)
    }

    /// The choices of measuring, narrowed by those of now.
    #[must_use]
    pub fn options(&self, choose: &ChooseArgs) -> BTreeMap<String, String> {
        let mut options = self.measured.clone();
        let days = [("since", choose.since), ("until", choose.until)];
        for (name, day) in days.into_iter().filter_map(|(name, day)| Some((name, day?))) {
            options.insert(name.to_owned(), day.to_string());
        }
        if !choose.wheres.is_empty() {
            let mut wheres: Vec<String> = options.remove("where").into_iter().collect();
            wheres.extend(choose.wheres.iter().cloned());
            options.insert("where".to_owned(), wheres.join(" "));
        }
        options
    }
}

impl Settings {
    /// Checks what was typed and loads the models.
    ///
    /// # Errors
    /// When a zone, mapping or lexicon cannot be used.
    pub fn new(input: &InputArgs, choice: Choice, short_abandon_s: u32) -> Result<Self> {
        let time_zone = zone(&input.time_zone)?;
        let cores = std::thread::available_parallelism();
        let threads = input.threads.or(cores.ok()).map_or(1, NonZeroUsize::get);
        Ok(Self {
            ingest: IngestOptions {
                time_zone,
                fields: choice.fields(),
                mapping: input.mapping.as_deref().map(mapping).transpose()?,
                bot_ids: input.bot_ids.clone(),
                format: input.format.clone(),
                columnar: Some(crate::pipeline::read_columnar),
                max_unpacked: input.max_unpacked.saturating_mul(1 << 30),
                threads,
            },
            detector: detector(&input.lexicon, &input.model, None)?,
            given: input.lexicon.iter().chain(&input.model).cloned().collect(),
            measure: MeasureOptions {
                time_zone,
                short_abandon_ms: i64::from(short_abandon_s) * 1000,
                calendar: None,
                privacy: Privacy::default(),
            },
            choice,
            skip_bad_files: input.skip_bad_files,
            strict: input.strict,
            threads,
            sort_budget: (input.memory.max(1) << 20) / 100 * SORT_SHARE,
            overrides: None,
            quiet: input.quiet,
        })
    }

    /// With what of texts and ids leaves the tool; that all of it does is said aloud, even under
    /// `--quiet`.
    ///
    /// # Errors
    /// When the key cannot be used.
    pub fn with_privacy(mut self, args: &PrivacyArgs) -> Result<Self> {
        self.measure.privacy = privacy::of(args, self.quiet)?;
        Ok(self)
    }

    /// With the verdicts of a file, if any.
    ///
    /// # Errors
    /// When the list cannot be used.
    pub fn with_overrides(mut self, path: Option<&Path>) -> Result<Self> {
        self.overrides = path.map(Overrides::read).transpose()?;
        Ok(self)
    }

    /// Takes the zone that facts were measured in.
    pub fn in_zone(&mut self, zone: Tz) {
        self.ingest.time_zone = zone;
        self.measure.time_zone = zone;
    }

    /// With the service hours of a file, if any.
    ///
    /// # Errors
    /// When the calendar cannot be used.
    pub fn with_calendar(mut self, path: Option<&Path>) -> Result<Self> {
        let Some(path) = path else { return Ok(self) };
        let text = std::fs::read_to_string(path)
            .map_err(|source| Error::Read { path: path.to_owned(), source })?;
        let calendar = Calendar::from_toml(&text, self.measure.time_zone).map_err(|wrong| {
            Error::usage(
                format!("--calendar {}: {wrong}", path.display()),
                "see the service hours in the README for a calendar to begin with",
            )
        })?;
        self.measure.calendar = Some(calendar);
        Ok(self)
    }

    /// Name -> SHA-256 of everything that findings and waits depend on beside the log.
    #[must_use]
    pub fn models(&self) -> BTreeMap<String, String> {
        let mut models = self.detector.models();
        if let Some(calendar) = &self.measure.calendar {
            models.insert("calendar".to_owned(), calendar.sha256().to_owned());
        }
        if let Some(overrides) = &self.overrides {
            models.insert("overrides".to_owned(), overrides.sha256().to_owned());
        }
        models
    }
}

/// The choices of reading and measuring that move numbers; they stand in facts and report.
#[must_use]
pub fn chosen(
    input: &InputArgs,
    choose: &ChooseArgs,
    overrides: Option<&Path>,
    keep: KeepText,
) -> BTreeMap<String, String> {
    let wheres = (!choose.wheres.is_empty()).then(|| choose.wheres.join(" "));
    let shown = |path: &Option<std::path::PathBuf>| path.as_ref().map(|p| p.display().to_string());
    [
        ("time_zone", Some(input.time_zone.clone())),
        ("short_abandon_s", Some(choose.short_abandon.to_string())),
        ("since", choose.since.map(|day| day.to_string())),
        ("until", choose.until.map(|day| day.to_string())),
        ("where", wheres),
        ("mapping", shown(&input.mapping)),
        ("format", input.format.clone()),
        ("bot_ids", (!input.bot_ids.is_empty()).then(|| input.bot_ids.join(","))),
        ("calendar", shown(&choose.calendar)),
        ("overrides", overrides.map(|p| p.display().to_string())),
        ("keep_text", (keep != KeepText::Redacted).then(|| keep.name().to_owned())),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name.to_owned(), value?)))
    .collect()
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

/// The shipped lexicons, and a desk's own over them: its words, and what was learnt of it.
///
/// # Errors
/// When a lexicon file is malformed or its own tests fail, or the model or the encoder is malformed.
pub fn detector(files: &[PathBuf], models: &[PathBuf], encoder: Option<&Path>) -> Result<Detector> {
    let broken = |e: crate::text::LexiconError| {
        Error::usage(e.to_string(), "mend the file; `matches` and `misses` are its tests")
    };
    let mut lexicons = Lexicons::builtin().map_err(broken)?;
    for path in files {
        let text = std::fs::read_to_string(path)
            .map_err(|source| Error::Read { path: path.clone(), source })?;
        lexicons = lexicons.with_user(&path.display().to_string(), &text).map_err(broken)?;
    }
    let mut retold = RetoldModel::builtin();
    for path in models {
        let text = std::fs::read_to_string(path)
            .map_err(|source| Error::Read { path: path.to_owned(), source })?;
        let name = path.display().to_string();
        // What `tune` wrote has a bias, and grams where it tells requests; what `learn` wrote has templates.
        let file = text.parse::<toml::Table>().unwrap_or_default();
        if file.contains_key("grams") {
            let model = AskModel::from_toml(&text).map_err(|wrong| {
                let way_out = "write it again by `tohuman tune --requests`";
                Error::usage(format!("{name}: {wrong}"), way_out)
            })?;
            lexicons = lexicons.with_asking(model);
        } else if file.contains_key("bias") {
            retold = RetoldModel::from_toml(&text).map_err(|wrong| {
                Error::usage(format!("{name}: {wrong}"), "write it again by `tohuman tune`")
            })?;
        } else {
            let model = DeskModel::from_toml(&name, &text).map_err(|e| {
                Error::usage(e.to_string(), "mend it there, or write it again by `tohuman learn`")
            })?;
            lexicons = lexicons.with_model(model);
        }
    }
    let similarity = lexicons.model().map_or_else(Similarity::default, |model| {
        let (name, sha256) = model.hash();
        let weights = model.weights();
        Similarity::with_own(OwnWeights {
            name: name.to_owned(),
            sha256: sha256.to_owned(),
            threshold: None,
            messages: weights.messages,
            df: weights.df.clone(),
        })
    });
    let similarity = match encoder {
        Some(path) => similarity.with_encoder(self::encoder(path)?),
        None => similarity,
    };
    Ok(Detector::new(lexicons, similarity, retold))
}

/// The user's copy of the full encoder.
fn encoder(path: &Path) -> Result<Arc<Encoder>> {
    Encoder::load(path).map_err(|wrong| {
        Error::usage(format!("--encoder {}: {wrong}", path.display()), encoder::WAY_OUT)
    })
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
