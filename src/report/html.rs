//! `report.html`: one file that needs no network and no script, charts within.

use std::collections::BTreeMap;

use minijinja::value::Serde;
use minijinja::{AutoEscape, context};

use super::chart::Chart;
use super::document::Document;
use super::template::Template;
use crate::error::Result;

/// Forbids a line break where it stands, and shows nothing.
const WORD_JOINER: char = '\u{2060}';

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

/// Control characters have no place in HTML; a percent sign stays with its number and an interval
/// in one line; the rest is escaped by the template.
#[expect(clippy::needless_pass_by_value, reason = "filters of templates own their argument")]
fn clean(text: String) -> String {
    let text = text
        .replace(|c: char| c.is_control() && c != '\n' && c != '\t', "\u{fffd}")
        .replace(" %", "\u{a0}%");
    let mut out = String::with_capacity(text.len() + 8);
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        out.push(c);
        if c == '–' && rest.peek().is_some_and(char::is_ascii_digit) {
            out.push(WORD_JOINER);
        }
    }
    out
}

/// An SVG inside HTML needs no name space, and its size is that of the page.
fn inline(svg: &str) -> String {
    svg.replacen(" xmlns=\"http://www.w3.org/2000/svg\"", "", 1).replacen(
        " width=\"1000\" height=\"560\"",
        "",
        1,
    )
}

#[cfg(test)]
mod tests {
    use super::clean;

    #[test]
    fn numbers_stay_in_one_line() {
        let text = clean("95 % 0.0–79.3 %; 60 s – open\u{1}".to_owned());
        assert_eq!(text, "95\u{a0}% 0.0–\u{2060}79.3\u{a0}%; 60 s – open\u{fffd}");
    }
}
