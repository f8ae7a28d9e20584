//! Summary -> bytes: `report.json`, `report.md`, `report.html` and the charts. Nothing here counts
//! or estimates: what a report prints stands in [`Summary`], the words of users masked.

mod chart;
mod document;
pub mod folder;
mod html;
mod json;
mod markdown;
mod mask;
pub mod number;
mod shown;
pub mod tables;
mod template;
pub mod transcript;
mod words;

use serde::{Deserialize, Serialize};

use crate::aggregate::Summary;
use crate::error::Result;

pub use words::Lang;

/// Choices of display; none of them moves a number.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RenderOptions {
    /// Language of the texts.
    pub lang: Lang,
    /// Thresholds drawn in the wait charts, seconds.
    pub thresholds_s: Vec<f64>,
}

/// One file of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputFile {
    /// Where it belongs in the folder of the report, `/` between the parts.
    pub path: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

impl OutputFile {
    fn new(path: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self { path: path.into(), bytes: bytes.into() }
    }
}

/// All files that show a summary, in a fixed order; the same summary gives the same bytes.
///
/// # Errors
/// When a chart or a template cannot be rendered, which is an error of the program.
pub fn render(summary: &Summary, options: &RenderOptions) -> Result<Vec<OutputFile>> {
    let summary = &mask::masked(summary);
    let charts = chart::draw_all(summary, options)?;
    let document = document::write(summary, options, &charts);
    let mut files = vec![
        OutputFile::new("report.html", html::render(&document, &charts)?),
        OutputFile::new("report.md", markdown::render(&document)?),
        OutputFile::new("report.json", json::render(summary)?),
    ];
    for chart in charts {
        files.push(OutputFile::new(format!("charts/{}.svg", chart.name), chart.svg));
        files.push(OutputFile::new(format!("charts/{}.png", chart.name), chart.png));
    }
    Ok(files)
}

/// Complaint records alone: no chat log was given, so nothing about conversations can be said.
fn only_complaints(summary: &Summary) -> bool {
    let has_log = summary.inputs.iter().any(|input| input.role == "log");
    summary.complaints.is_some() && summary.totals.conversations == 0 && !has_log
}

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod tests;
