//! `attempts-per-asker`: how often people had to ask. Once and connected is no fault; asking again
//! is.

use std::collections::BTreeMap;

use super::Context;
use super::axis::{Column, columns};
use super::frame::{nothing, sheet};
use super::scene::Scene;
use super::style::{BLUE, VERMILLION};
use crate::report::number::count;
use crate::report::shown::nobody_asked;
use crate::stats::Rate;

/// Columns that are drawn one by one; what is above is added up in the last.
const SINGLE: u32 = 10;

pub(super) fn draw(context: &Context<'_>) -> Scene {
    let transfer = &context.summary.transfer;
    let words = context.words;
    let asked = count(transfer.asked.hits);
    let basis = words.fill("chart.n_askers", &[("n", &asked)]);
    let mut scene = sheet(context, "chart.attempts_title", &basis);
    if transfer.attempts_per_asker.is_empty() {
        return nothing(scene, context, nobody_asked(context.summary));
    }
    let all = folded(&transfer.attempts_per_asker, 1, |n| if n > 1 { VERMILLION } else { BLUE });
    columns(&mut scene, context, &all, ("chart.attempts_x", "chart.conversations"));
    scene
}

/// Columns of a distribution of small numbers, from `first` on, gaps shown, the tail added up.
pub(super) fn folded(
    counts: &BTreeMap<u32, u64>,
    first: u32,
    ink: impl Fn(u32) -> super::style::Ink,
) -> Vec<Column> {
    let of: u64 = counts.values().sum();
    let highest = counts.keys().copied().max().unwrap_or(first);
    let mut out = Vec::new();
    for n in first.min(counts.keys().copied().min().unwrap_or(first))..=highest.min(SINGLE) {
        let tail = n == SINGLE && highest > SINGLE;
        let value = if tail {
            counts.range(n..).map(|(_, c)| c).sum()
        } else {
            counts.get(&n).copied().unwrap_or(0)
        };
        let name = if tail { format!("≥ {n}") } else { n.to_string() };
        let share = Rate { hits: value, of, low: None, high: None }.share();
        let share = share.map_or_else(String::new, crate::report::number::share);
        out.push(Column { name, value, above: vec![count(value), share], ink: ink(n) });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_shown_and_the_tail_is_added_up() {
        let counts = BTreeMap::from([(1, 5), (3, 2), (10, 1), (12, 2)]);
        let all = folded(&counts, 1, |_| BLUE);
        let values: Vec<u64> = all.iter().map(|c| c.value).collect();
        assert_eq!(values, [5, 0, 2, 0, 0, 0, 0, 0, 0, 3]);
        assert_eq!(all[9].name, "≥ 10");
        assert_eq!(all[0].above, ["5", "50.0 %"]);
    }
}
