//! `evaluate`: the rules against labelled lines, and against a labelled sample.

use std::path::Path;

use super::{create, json, print};
use crate::Status;
use crate::cli::{EvaluateArgs, EvaluateCommand, FindingsArgs, HalfArg};
use crate::error::{Error, Result};
use crate::evaluate::{self, Half};
use crate::label::{self, Judge};
use crate::pipeline;
use crate::settings::{self, Choice, Settings};

/// Runs it.
///
/// # Errors
/// When the file cannot be read or a line is malformed.
pub fn run(what: &EvaluateCommand) -> Result<Status> {
    let (args, text, predictions) = match what {
        EvaluateCommand::Findings(args) => return findings(args),
        EvaluateCommand::Requests(args) => {
            let lexicons = settings::detector(&args.lexicon, &args.model, None)?.lexicons;
            let evaluation = evaluate::requests(&name(args), &read(args)?, &lexicons)?;
            (args, json(&evaluation.scores)?, evaluation.predictions)
        }
        EvaluateCommand::Complaints(args) => {
            let lexicons = settings::detector(&args.lexicon, &args.model, None)?.lexicons;
            let evaluation = evaluate::complaints(&name(args), &read(args)?, &lexicons)?;
            (args, json(&evaluation.scores)?, evaluation.predictions)
        }
        EvaluateCommand::Rephrase(args) => {
            let encoder = args.encoder.as_deref();
            let similarity = settings::detector(&args.lexicon, &args.model, encoder)?.similarity;
            let evaluation = evaluate::rephrase(&name(args), &read(args)?, &similarity)?;
            (args, json(&evaluation.scores)?, evaluation.predictions)
        }
        EvaluateCommand::Dialogues { args, half } => {
            let detector = settings::detector(&args.lexicon, &args.model, None)?;
            let half = match half {
                None => Half::Both,
                Some(HalfArg::Odd) => Half::Odd,
                Some(HalfArg::Even) => Half::Even,
            };
            let evaluation = evaluate::dialogues(&name(args), &read(args)?, half, &detector)?;
            (args, json(&evaluation.scores)?, evaluation.predictions)
        }
    };
    if let Some(path) = &args.predictions {
        let failed = |source| Error::Write { path: path.clone(), source };
        let mut out = create(path)?;
        out.write_all(predictions.as_bytes()).map_err(failed)?;
        out.flush().map_err(failed)?;
    }
    print(&text)?;
    Ok(Status::Done)
}

/// Labels against what was found when the sample was drawn, or, where inputs are given, against what is
/// found now.
fn findings(args: &FindingsArgs) -> Result<Status> {
    let labels = Labelling::read(&args.file)?;
    let mut judge = labels.judge;
    if !args.input.inputs.is_empty() {
        let choice = Choice::new(&args.choose)?;
        let settings = Settings::new(&args.input, choice, args.choose.short_abandon)?
            .with_calendar(args.choose.calendar.as_deref())?;
        let found = pipeline::find(&args.input.inputs, &[], &settings)?;
        super::tell_passed_over(&found, &settings);
        let loaded = pipeline::load(&found.logs, &settings)?;
        let (sources, problems) = loaded.measure(&settings, |_, facts| {
            judge.see(&facts);
            Ok(())
        })?;
        pipeline::conclude(&sources, &problems, &settings)?;
        judge.check(&labels.path)?;
    }
    print(&json(&judge.scores())?)?;
    Ok(Status::Done)
}

/// A filled form.
pub(crate) struct Labelling {
    /// As given.
    pub(crate) path: String,
    /// SHA-256 of its bytes.
    pub(crate) sha256: String,
    /// Its labels.
    pub(crate) judge: Judge,
}

impl Labelling {
    /// Reads it.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let bytes =
            std::fs::read(path).map_err(|source| Error::Read { path: path.to_owned(), source })?;
        let shown = path.display().to_string();
        let judge = Judge::new(label::read(&shown, &bytes)?);
        if judge.scores().labelled == 0 {
            return Err(Error::input(
                shown,
                "no row has a label",
                "fill the columns attempts to left_unasked, see `tohuman sample --help`",
            ));
        }
        Ok(Self { path: shown, sha256: sha256(&bytes), judge })
    }
}

/// Of the bytes of a file, in hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest;
    sha2::Sha256::digest(bytes).iter().fold(String::new(), |text, b| format!("{text}{b:02x}"))
}

fn name(args: &EvaluateArgs) -> String {
    args.file.display().to_string()
}

fn read(args: &EvaluateArgs) -> Result<String> {
    read_text(&args.file)
}

/// A labelled file.
pub(crate) fn read_text(path: &Path) -> Result<String> {
    let bytes =
        std::fs::read(path).map_err(|source| Error::Read { path: path.to_owned(), source })?;
    String::from_utf8(bytes)
        .map_err(|_| Error::input(path.display().to_string(), "is not UTF-8", "save it as UTF-8"))
}
