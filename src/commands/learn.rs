//! `learn`: a desk's own model from its log.

use std::path::Path;

use indicatif::HumanCount;

use super::create;
use crate::Status;
use crate::cli::{InputArgs, LearnArgs};
use crate::error::{Error, Result};
use crate::learn::{LEAST_CONVERSATIONS, Learner};
use crate::model::SourceReport;
use crate::pipeline;
use crate::settings::{Choice, Settings};
use crate::text::desk::{ModelFile, ModelInput, Role};

/// Runs it.
///
/// # Errors
/// When an input cannot be read or the model cannot be written.
pub fn run(args: &LearnArgs) -> Result<Status> {
    if args.input.inputs.is_empty() {
        return Err(Error::usage(
            "no input",
            "name a file, a folder, a glob, or - for standard input",
        ));
    }
    // What is learnt must not depend on what was learnt before; and a model that is malformed is
    // mended by learning it again.
    let input = InputArgs { model: Vec::new(), ..args.input.clone() };
    let settings = Settings::new(&input, Choice::default(), 10)?;
    if !args.input.model.is_empty() && !settings.quiet {
        crate::say("tohuman: learn reads no model: --model is passed over");
    }
    let found = pipeline::find(&args.input.inputs, &[], &settings)?;
    let loaded = pipeline::load(&found.logs, &settings)?;
    let mut learner = Learner::default();
    let alike = &settings.detector.similarity;
    let (sources, problems) = loaded.each(&settings, |conversation| {
        learner.add(conversation, &settings.detector.detect(conversation), alike);
        Ok(())
    })?;
    pipeline::conclude(&sources, &problems, &settings)?;
    let lexicons = settings.detector.lexicons.hashes();
    let model = learner.finish(&name(&args.out), lexicons, inputs(&sources), alike);
    write(&args.out, &model.to_toml())?;
    if !settings.quiet {
        crate::say(&summary(&model));
    }
    Ok(Status::Done)
}

/// The stem of the file; `desk` for standard output.
fn name(out: &Path) -> String {
    let stem = out.file_stem().filter(|_| out != Path::new("-"));
    stem.map_or_else(|| "desk".to_owned(), |stem| stem.to_string_lossy().into_owned())
}

/// By their bytes. Rows read, not used: which of two equal rows counts depends on the order.
fn inputs(sources: &[SourceReport]) -> Vec<ModelInput> {
    sources
        .iter()
        .filter(|source| !source.sha256.is_empty())
        .map(|source| ModelInput { sha256: source.sha256.clone(), rows: source.rows_read })
        .collect()
}

/// Beside the target, then renamed: a run that fails leaves the last good model.
fn write(out: &Path, text: &str) -> Result<()> {
    let failed = |source| Error::Write { path: out.to_owned(), source };
    if out == Path::new("-") {
        let mut stdout = create(out)?;
        stdout.write_all(text.as_bytes()).map_err(failed)?;
        return stdout.flush().map_err(failed);
    }
    let draft = out.with_extension("tohuman-part");
    let done = std::fs::write(&draft, text).and_then(|()| std::fs::rename(&draft, out));
    if done.is_err() {
        // What is half written is nobody's; a draft that was never made is no loss.
        let _ = std::fs::remove_file(&draft);
    }
    done.map_err(failed)
}

fn summary(model: &ModelFile) -> String {
    let roles: Vec<String> = Role::ALL
        .into_iter()
        .map(|role| (role, model.templates.iter().filter(|t| t.role == role).count()))
        .filter(|(_, n)| *n > 0)
        .map(|(role, n)| format!("{n} {}", role.name()))
        .collect();
    let roles = if roles.is_empty() { "none".to_owned() } else { roles.join(", ") };
    format!(
        "tohuman: {} conversations; templates of {LEAST_CONVERSATIONS} or more of them: {roles}; {} words",
        HumanCount(model.log.conversations),
        HumanCount(model.weights.df.len() as u64),
    )
}
