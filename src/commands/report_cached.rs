//! `report --cache`: the report of what was measured before and of what is new.

use super::evaluate::Labelling;
use super::report::{Run, Tables, Written, note, read_complaints};
use crate::cache::{Brought, Cache, View};
use crate::cli::ReportArgs;
use crate::error::Result;
use crate::model::ProblemKind;
use crate::pipeline;
use crate::report::tables::{self, Table};
use crate::settings::{Choice, Settings};
use crate::store::problems::ProblemLog;

/// The cache, if one is asked for.
///
/// # Errors
/// When the folder is no cache, or cannot be used.
pub(super) fn open(args: &ReportArgs, facts: bool, settings: &Settings) -> Result<Option<Cache>> {
    let Some(dir) = args.cache.as_deref() else { return Ok(None) };
    if facts {
        note(settings, "cache: not used: facts are measured already");
        return Ok(None);
    }
    Cache::open(dir, args.cache_verify, settings).map(Some)
}

impl Run<'_> {
    /// The report by a cache: byte for byte that of [`Run::of_logs`].
    pub(super) fn of_cache(&self, cache: &mut Cache, labels: Option<Labelling>) -> Result<Written> {
        let settings = self.settings;
        let mut view = match cache.bring(&self.found.logs, settings)? {
            Brought::View(view) => view,
            Brought::Without(why) => return self.without(why, labels),
        };
        tell(&view, settings);
        let logs = view.sources.len();
        let (complaints, complaint_sources, complaint_problems) =
            read_complaints(self.found, settings, logs)?;
        let path = self.folder.path("problems.csv");
        let mut list = Table::create(&path, &tables::problems_header(), self.zone(), self.bom())?
            .keeping(self.keep());
        let mut sources = view.sources.clone();
        let counted = view.problems(&mut sources, |p| list.problem(p, &view.sources))?;
        let Some(mut kinds) = counted else {
            return self.without("rows have problems whose order it cannot tell", labels);
        };
        sources.extend(complaint_sources);
        let mut of_complaints = ProblemLog::new(&std::env::temp_dir());
        for problem in complaint_problems {
            of_complaints.push(problem)?;
        }
        for (kind, n) in of_complaints.counts() {
            *kinds.entry(*kind).or_default() += n;
        }
        for problem in of_complaints.sorted()? {
            list.problem(&problem?, &sources)?;
        }
        list.finish()?;
        cache.tidy(&mut view, settings)?;
        let choice = &settings.choice;
        let all_days = choice.since.is_none() && choice.until.is_none();
        let alone = labels.is_none() && self.found.complaints.is_empty();
        let mut tables = Tables::create(self, complaints, labels)?;
        if all_days && alone {
            tables.ready(&view)?;
        } else {
            let days = Choice { since: choice.since, until: choice.until, ..Choice::default() };
            view.each(
                |span| days.may_take(span),
                |facts| {
                    if days.takes(facts) { tables.add(facts, &view.sources) } else { Ok(()) }
                },
            )?;
        }
        pipeline::conclude_counted(&sources, &kinds, settings)?;
        let kinds = kinds.iter().map(|(kind, n)| (ProblemKind::name(*kind).to_owned(), *n));
        tables.finish(self, &sources, logs, kinds.collect(), self.made_here())
    }

    fn without(&self, why: &str, labels: Option<Labelling>) -> Result<Written> {
        note(self.settings, &format!("cache: not used: {why}"));
        self.of_logs(labels)
    }
}

/// What the run read and measured.
fn tell(view: &View, settings: &Settings) {
    let done = &view.done;
    let all = done.unchanged + done.read;
    let again = match done.again {
        0 => String::new(),
        n => format!(", {n} read again for conversations that they share"),
    };
    let (unchanged, read, measured) = (done.unchanged, done.read, done.measured);
    note(
        settings,
        &format!(
            "cache: {unchanged} of {all} files unchanged; {read} read{again}; {measured} conversations \
             measured"
        ),
    );
    if let Some((n, one)) = &done.every_run {
        let why = "standard input, or records that name parts in other files";
        note(settings, &format!("cache: {n} inputs are measured in every run ({one}): {why}"));
    }
}
