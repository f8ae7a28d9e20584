//! `--fail-on EXPRESSION`: a limit on a figure of the report, such as `not_reached > 20%`.

use std::fmt;

use crate::aggregate::Summary;
use crate::error::{Error, Result};

/// A figure that a limit can name: its name and how it is read off a report; `None` where undefined.
type Figure = (&'static str, fn(&Summary) -> Option<f64>);

const FIGURES: &[Figure] = &[
    ("refused", |s| {
        let read: u64 = s.inputs.iter().map(|i| i.rows_read).sum();
        share(s.inputs.iter().map(|i| i.rows_refused).sum(), read)
    }),
    ("asked", |s| s.transfer.asked.share()),
    ("reached", |s| s.transfer.reached.share()),
    ("not_reached", |s| s.transfer.not_reached.share()),
    ("asked_twice_or_more", |s| s.transfer.asked_twice_or_more.share()),
    ("asked_three_times_or_more", |s| s.transfer.asked_three_times_or_more.share()),
    ("left_unasked", |s| s.transfer.left_unasked.share()),
    ("conversations_with_rephrase", |s| s.effort.conversations_with_rephrase.share()),
    ("conversations_with_loop", |s| s.effort.conversations_with_loop.share()),
    ("conversations_with_fallback", |s| s.effort.conversations_with_fallback.share()),
    ("request_to_human.p50_s", |s| s.waits.request_to_human.p50_s),
    ("request_to_human.p90_s", |s| s.waits.request_to_human.p90_s),
    ("request_to_human.all_p50_s", |s| s.waits.request_to_human.all_p50_s),
    ("start_to_human.p50_s", |s| s.waits.start_to_human.p50_s),
    ("first_response.p50_s", |s| s.waits.first_response.p50_s),
    ("first_response.p90_s", |s| s.waits.first_response.p90_s),
];

#[expect(clippy::cast_precision_loss, reason = "counts below 2^53")]
fn share(hits: u64, of: u64) -> Option<f64> {
    (of > 0).then(|| hits as f64 / of as f64)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Relation {
    Over,
    AtLeast,
    Under,
    AtMost,
}

/// One limit; broken when it holds.
#[derive(Clone, Debug)]
pub(crate) struct Limit {
    figure: Figure,
    relation: Relation,
    bound: f64,
    text: String,
}

impl Limit {
    /// Reads `FIGURE > NUMBER` or `FIGURE > NUMBER%` (also `>=`, `<`, `<=`).
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let names = || FIGURES.iter().map(|f| f.0).collect::<Vec<_>>().join(", ");
        let wrong = |what: &str| {
            Error::usage(
                format!("--fail-on {text}: {what}"),
                format!("write FIGURE > NUMBER[%], with one of {}", names()),
            )
        };
        let at = text.find(['<', '>']).ok_or_else(|| wrong("no > or < in it"))?;
        let (name, rest) = text.split_at(at);
        let (relation, rest) = match rest {
            r if r.starts_with(">=") => (Relation::AtLeast, &r[2..]),
            r if r.starts_with("<=") => (Relation::AtMost, &r[2..]),
            r if r.starts_with('>') => (Relation::Over, &r[1..]),
            r => (Relation::Under, &r[1..]),
        };
        let figure =
            FIGURES.iter().find(|f| f.0 == name.trim()).ok_or_else(|| wrong("no such figure"))?;
        let number = rest.trim();
        let (digits, scale) = match number.strip_suffix('%') {
            Some(digits) => (digits.trim(), 100.0),
            None => (number, 1.0),
        };
        let value: f64 = digits.parse().map_err(|_| wrong("no number in it"))?;
        if !value.is_finite() {
            return Err(wrong("no number in it"));
        }
        Ok(Self { figure: *figure, relation, bound: value / scale, text: text.trim().to_owned() })
    }

    /// The figure, where the limit is broken. What is undefined breaks nothing.
    pub(crate) fn broken_by(&self, summary: &Summary) -> Option<String> {
        let value = (self.figure.1)(summary)?;
        let holds = match self.relation {
            Relation::Over => value > self.bound,
            Relation::AtLeast => value >= self.bound,
            Relation::Under => value < self.bound,
            Relation::AtMost => value <= self.bound,
        };
        let percent = self.text.ends_with('%');
        holds.then(
            || {
                if percent { format!("{:.1} %", value * 100.0) } else { format!("{value:.3}") }
            },
        )
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_shares_and_numbers() {
        let limit = Limit::parse("not_reached >= 20 %").unwrap();
        assert_eq!((limit.figure.0, limit.relation), ("not_reached", Relation::AtLeast));
        assert!((limit.bound - 0.2).abs() < 1e-12);
        let limit = Limit::parse("request_to_human.p50_s<60").unwrap();
        assert_eq!((limit.relation, limit.bound.to_bits()), (Relation::Under, 60f64.to_bits()));
    }

    #[test]
    fn tells_what_is_wrong() {
        for text in ["refused", "nonsense > 1", "refused > many", "refused > NaN"] {
            let error = Limit::parse(text).unwrap_err().to_string();
            assert!(error.contains("write FIGURE > NUMBER"), "{error}");
        }
    }
}
