//! Choices of aggregation; those that move figures stand in the report.

use chrono::{Datelike, NaiveDate};

/// Whether who left within the short-abandon limit counts in the base of `reached_within`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ShortAbandons {
    /// They asked, so they count.
    #[default]
    Included,
    /// Left out of hits and base.
    Excluded,
}

impl ShortAbandons {
    /// The name in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Included => "included",
            Self::Excluded => "excluded",
        }
    }
}

/// Length of the periods of the time table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeriodUnit {
    /// `2024-03-05`.
    Day,
    /// ISO week, `2024-W10`.
    Week,
    /// `2024-03`.
    Month,
    /// `2024Q1`.
    Quarter,
    /// `2024`.
    Year,
}

impl PeriodUnit {
    /// The name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
        }
    }

    /// The period a date lies in.
    #[must_use]
    pub fn of(self, date: NaiveDate) -> String {
        match self {
            Self::Day => date.format("%Y-%m-%d").to_string(),
            Self::Week => date.format("%G-W%V").to_string(),
            Self::Month => date.format("%Y-%m").to_string(),
            Self::Quarter => quarter(date),
            Self::Year => date.format("%Y").to_string(),
        }
    }
}

/// `2024Q1`.
#[must_use]
pub(super) fn quarter(date: NaiveDate) -> String {
    format!("{}Q{}", date.year(), date.month0() / 3 + 1)
}

/// What the sums need to know.
#[derive(Clone, Debug)]
pub struct AggregateOptions {
    /// Thresholds of the share reached, milliseconds.
    pub thresholds_ms: Vec<i64>,
    /// Short abandons in or out of the base.
    pub short_abandons: ShortAbandons,
    /// Names of the `--by` columns; their values are the first of `Facts::fields`.
    pub by: Vec<String>,
    /// Periods of the time table, if any.
    pub period: Option<PeriodUnit>,
}
