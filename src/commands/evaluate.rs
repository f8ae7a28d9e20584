//! `evaluate`: the rules against labelled lines.

use std::path::Path;

use super::{create, json, print};
use crate::Status;
use crate::cli::{EvaluateArgs, EvaluateCommand, HalfArg};
use crate::error::{Error, Result};
use crate::evaluate::{self, Half};
use crate::settings;

/// Runs it.
///
/// # Errors
/// When the file cannot be read or a line is malformed.
pub fn run(what: &EvaluateCommand) -> Result<Status> {
    let (args, text, predictions) = match what {
        EvaluateCommand::Requests(args) => {
            let lexicons = settings::detector(&args.lexicon, &args.model)?.lexicons;
            let evaluation = evaluate::requests(&name(args), &read(args)?, &lexicons)?;
            (args, json(&evaluation.scores)?, evaluation.predictions)
        }
        EvaluateCommand::Complaints(args) => {
            let lexicons = settings::detector(&args.lexicon, &args.model)?.lexicons;
            let evaluation = evaluate::complaints(&name(args), &read(args)?, &lexicons)?;
            (args, json(&evaluation.scores)?, evaluation.predictions)
        }
        EvaluateCommand::Rephrase(args) => {
            let similarity = settings::detector(&args.lexicon, &args.model)?.similarity;
            let evaluation = evaluate::rephrase(&name(args), &read(args)?, &similarity)?;
            (args, json(&evaluation.scores)?, evaluation.predictions)
        }
        EvaluateCommand::Dialogues { args, half } => {
            let detector = settings::detector(&args.lexicon, &args.model)?;
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
