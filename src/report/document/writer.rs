//! What every section writes with: the summary, the words and the numbers of one language.

use super::{Block, Cell, Column, Section, Table};
use crate::aggregate::Summary;
use crate::report::RenderOptions;
use crate::report::chart::Chart;
use crate::report::number::{self, Numbers};
use crate::report::shown::shows;
use crate::report::words::Words;
use crate::stats::Rate;

/// Rows of one table; the rest stands in report.json.
const MOST_ROWS: usize = 200;

/// Summary and words together.
pub(super) struct Writer<'a> {
    pub(super) summary: &'a Summary,
    pub(super) numbers: Numbers<'static>,
    words: &'static Words,
    charts: &'a [Chart],
}

impl<'a> Writer<'a> {
    pub(super) fn new(summary: &'a Summary, options: &RenderOptions, charts: &'a [Chart]) -> Self {
        let words = Words::of(options.lang);
        Self { summary, words, numbers: Numbers::new(words), charts }
    }

    pub(super) fn get(&self, key: &str) -> String {
        self.words.get(key)
    }

    pub(super) fn find(&self, key: &str) -> Option<&'static str> {
        self.words.find(key)
    }

    pub(super) fn name(&self, table: &str, name: &str) -> String {
        self.words.name(table, name)
    }

    pub(super) fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        self.words.fill(key, values)
    }

    /// A count that a source may be unable to show.
    pub(super) fn count_or_absent(&self, n: Option<u64>) -> String {
        n.map_or_else(|| self.get("number.not_in_export"), number::count)
    }

    /// A value of the data, or the words for none.
    pub(super) fn value(&self, value: Option<&str>) -> String {
        value.map_or_else(|| self.get("doc.no_value"), str::to_owned)
    }

    pub(super) fn section(&self, id: &'static str, title_key: &str, blocks: Vec<Block>) -> Section {
        Section { id, title: self.get(title_key), blocks }
    }

    pub(super) fn text(&self, key: &str) -> Block {
        Block::Text { text: self.get(key) }
    }

    pub(super) fn caution(&self, key: &str) -> Block {
        Block::Caution { text: self.get(key) }
    }

    pub(super) fn follow(&self, key: &str) -> Block {
        Block::Follow { text: self.get(key) }
    }

    /// A chart, or one sentence where it has nothing to show.
    pub(super) fn chart(&self, name: &'static str, title_key: &str) -> Block {
        let title = self.get(title_key);
        let empty = self.charts.iter().find(|c| c.name == name).and_then(|c| c.nothing.as_deref());
        match empty {
            Some(why) => Block::Text {
                text: self.fill("doc.empty_chart", &[("title", &title), ("why", why)]),
            },
            None => Block::Chart { name, text: title },
        }
    }

    /// A rate in full; where it has no base because no source shows a part of coverage, that.
    pub(super) fn rate_or_absent(&self, rate: &Rate, part: &str) -> String {
        if rate.of == 0 && shows(self.summary, part) == 0 {
            return self.get("number.not_in_export");
        }
        self.numbers.rate(rate)
    }

    /// A table whose columns are keys; a key that ends in `#` is a column of numbers.
    pub(super) fn table(
        &self,
        caption: String,
        columns: &[&str],
        mut rows: Vec<Vec<Cell>>,
    ) -> Block {
        let column = |key: &&str| {
            let name = self.get(&format!("table.{}", key.trim_end_matches('#')));
            Column { name, number: key.ends_with('#') }
        };
        let more = rows.len().saturating_sub(MOST_ROWS);
        rows.truncate(MOST_ROWS);
        let more =
            (more > 0).then(|| self.fill("doc.more_rows", &[("n", &number::count(more as u64))]));
        let columns = columns.iter().map(column).collect();
        Block::Table(Table { caption, columns, rows, more })
    }

    /// A share with its base in small type.
    pub(super) fn rate_cell(&self, rate: &Rate) -> Cell {
        let base = rate.share().map(|_| self.numbers.base(rate));
        Cell { text: self.numbers.share(rate), base }
    }

    /// A rate over four columns: share, cases, base, interval.
    pub(super) fn rate_cells(&self, rate: &Rate) -> [Cell; 4] {
        [
            cell(self.numbers.share(rate)),
            cell(number::count(rate.hits)),
            cell(number::count(rate.of)),
            cell(self.numbers.interval(rate)),
        ]
    }

    /// A table of named rates: measure, base, share, cases, base, interval.
    pub(super) fn rates(&self, rates: &[(&str, &str, Rate)]) -> Block {
        let row = |(name, base, rate): &(&str, &str, Rate)| {
            let mut row = vec![
                cell(self.get(&format!("rate.{name}"))),
                cell(self.get(&format!("base.{base}"))),
            ];
            row.extend(self.rate_cells(rate));
            row
        };
        self.table(
            self.get("table.rates"),
            &["measure", "base_of", "share#", "hits#", "of#", "interval#"],
            rates.iter().map(row).collect(),
        )
    }

    /// A table of named counts.
    pub(super) fn counts(&self, counts: &[(&str, String)]) -> Block {
        let row = |(name, n): &(&str, String)| {
            vec![cell(self.get(&format!("count.{name}"))), cell(n.clone())]
        };
        let rows = counts.iter().map(row).collect();
        self.table(self.get("table.counts"), &["measure", "count#"], rows)
    }
}

/// A cell without a base.
pub(super) fn cell(text: impl Into<String>) -> Cell {
    Cell { text: text.into(), base: None }
}
