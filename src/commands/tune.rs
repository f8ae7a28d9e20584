//! `tune`: a desk's own labels -> its own weights of what counts as said again.

use std::fmt::Write as _;
use std::path::Path;

use super::json;
use crate::Status;
use crate::cli::{HalfArg, TuneArgs};
use crate::detect::RetoldModel;
use crate::detect::retold::{FEATURES, Sample};
use crate::error::{Error, Result};
use crate::evaluate::{self, Half};
use crate::settings;
use crate::text::{Lexicons, asking};

/// Likeliest readings change with the weights that choose them: a few rounds settle.
const ROUNDS: usize = 4;
/// Weights are held near 0 by this much.
const RIDGE: f64 = 2.0;

/// From which probability on a line asks for a human though no phrase was found.
const SURE: f64 = 0.8;

/// The readings as a table, `again` first.
fn write_samples(path: &Path, samples: &[Sample]) -> Result<()> {
    let mut text = format!("again\t{}\n", FEATURES.join("\t"));
    for sample in samples {
        text.push_str(if sample.again { "1" } else { "0" });
        for reading in sample.features.0 {
            // Writing to a string cannot fail.
            let _ = write!(text, "\t{reading:.4}");
        }
        text.push('\n');
    }
    std::fs::write(path, text).map_err(|source| Error::Write { path: path.to_owned(), source })
}

/// A probability that can divide.
fn checked(threshold: Option<f64>) -> Result<()> {
    match threshold {
        Some(t) if !(t > 0.0 && t < 1.0) => Err(Error::usage(
            format!("--threshold {t}: no probability"),
            "give a number between 0 and 1, as 0.4",
        )),
        _ => Ok(()),
    }
}

fn half(args: &TuneArgs) -> Half {
    match args.half {
        None => Half::Both,
        Some(HalfArg::Odd) => Half::Odd,
        Some(HalfArg::Even) => Half::Even,
    }
}

/// Requests in words that no lexicon lists; its own sentences are labelled lines too.
fn requests(args: &TuneArgs) -> Result<Status> {
    let mut lines = Lexicons::asking_examples()
        .map_err(|e| Error::usage(e.to_string(), "please report this error"))?;
    for path in &args.files {
        let content = super::evaluate::read_text(path)?;
        let path = path.display().to_string();
        lines.extend(evaluate::labelled(&path, &content, half(args))?);
    }
    let threshold = args.threshold.unwrap_or(SURE);
    let model = asking::fit(&args.name, &lines, threshold).ok_or_else(|| {
        Error::usage("all lines ask for a human, or none", "label some 1 and others 0")
    })?;
    std::fs::write(&args.out, model.to_toml())
        .map_err(|source| Error::Write { path: args.out.clone(), source })?;
    let asks = lines.iter().filter(|(_, asks)| *asks).count();
    crate::say(&format!("tohuman: fitted to {} lines, {asks} of which ask", lines.len()));
    Ok(Status::Done)
}

/// Runs it.
///
/// # Errors
/// When a file cannot be read, a line is malformed, or the labels are all of one kind.
pub fn run(args: &TuneArgs) -> Result<Status> {
    checked(args.threshold)?;
    if args.requests {
        return requests(args);
    }
    let mut detector = settings::detector(&args.lexicon, &[], None)?;
    let half = half(args);
    let mut model: Option<RetoldModel> = None;
    for _ in 0..ROUNDS {
        let mut samples = Vec::new();
        let mut certain = 0;
        for path in &args.files {
            let content = super::evaluate::read_text(path)?;
            let path = path.display().to_string();
            let (own, same_words) = evaluate::samples(&path, &content, half, &detector)?;
            samples.extend(own);
            certain += same_words;
        }
        if let Some(path) = &args.samples {
            write_samples(path, &samples)?;
        }
        let fitted = crate::detect::retold::fit(
            &args.name,
            &samples,
            certain,
            RIDGE,
            args.threshold,
        )
        .ok_or_else(|| {
            Error::usage(
                format!("{} tellings, and none or all of them said again", samples.len()),
                "label conversations in which some messages are `rephrase` and others `new`",
            )
        })?;
        detector.retold = fitted.clone();
        model = Some(fitted);
    }
    let Some(model) = model else { return Ok(Status::Done) };
    let text = toml::to_string(&model)
        .map_err(|e| Error::usage(e.to_string(), "please report this error"))?;
    std::fs::write(&args.out, text)
        .map_err(|source| Error::Write { path: args.out.clone(), source })?;
    let mut scores = Vec::new();
    for path in &args.files {
        let content = super::evaluate::read_text(path)?;
        let path = path.display().to_string();
        scores.push(evaluate::dialogues(&path, &content, half, &detector)?.scores);
    }
    super::print(&json(&scores)?)?;
    Ok(Status::Done)
}
