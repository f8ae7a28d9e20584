//! `report.md`: the same report as text, charts as links to their files.

use minijinja::value::Serde;
use minijinja::{AutoEscape, context};

use super::document::Document;
use super::template::Template;
use crate::error::Result;

pub(super) fn render(document: &Document) -> Result<String> {
    let template = Template {
        name: "report.md",
        source: include_str!("templates/report.md"),
        escape: AutoEscape::None,
    };
    template.fill(context! { document => Serde(document) }, escape)
}

/// Text as text: nothing that data holds becomes a mark-up, a tag, a link or a table cell. A `_`
/// stays, for column names are full of them and inside a word it is no mark.
#[expect(clippy::needless_pass_by_value, reason = "filters of templates own their argument")]
fn escape(text: String) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\\' | '`' | '*' | '[' | ']' | '|' | '~' | '#' => {
                out.push('\\');
                out.push(c);
            }
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn data_cannot_leave_its_cell() {
        let wild = "a|b\n<script>[x](http://y) `z` *w* report_s";
        assert_eq!(
            escape(wild.to_owned()),
            "a\\|b &lt;script&gt;\\[x\\](http://y) \\`z\\` \\*w\\* report_s"
        );
    }
}
