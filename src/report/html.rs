//! `report.html`: one file that needs no network and no script, charts within.

use std::collections::BTreeMap;

use minijinja::value::Serde;
use minijinja::{AutoEscape, context};

use super::chart::Chart;
use super::document::Document;
use super::template::Template;
use crate::error::Result;

pub(super) fn render(document: &Document, charts: &[Chart]) -> Result<String> {
    let pictures: BTreeMap<&str, String> =
        charts.iter().map(|chart| (chart.name, inline(&chart.svg))).collect();
    let values = context! {
        document => Serde(document),
        pictures => Serde(pictures),
        style => include_str!("templates/report.css"),
    };
    let template = Template {
        name: "report.html",
        source: include_str!("templates/report.html"),
        escape: AutoEscape::Html,
    };
    template.fill(values, clean)
}

/// Control characters have no place in HTML, and a percent sign stays with its number; the rest is
/// escaped by the template.
#[expect(clippy::needless_pass_by_value, reason = "filters of templates own their argument")]
fn clean(text: String) -> String {
    text.replace(|c: char| c.is_control() && c != '\n' && c != '\t', "\u{fffd}")
        .replace(" %", "\u{a0}%")
}

/// An SVG inside HTML needs no name space, and its size is that of the page.
fn inline(svg: &str) -> String {
    svg.replacen(" xmlns=\"http://www.w3.org/2000/svg\"", "", 1).replacen(
        " width=\"1000\" height=\"560\"",
        "",
        1,
    )
}
