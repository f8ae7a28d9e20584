//! `rephrase-chains`: how often the same thing had to be told, by the longest chain of each
//! conversation.

use super::Context;
use super::attempts::folded;
use super::axis::columns;
use super::frame::{nothing, sheet};
use super::scene::Scene;
use super::style::{BLUE, VERMILLION};
use crate::report::number::count;

pub(super) fn draw(context: &Context<'_>) -> Scene {
    let effort = &context.summary.effort;
    let words = context.words;
    let of: u64 = effort.chain_lengths.values().sum();
    let basis = words.fill("chart.n_issue", &[("n", &count(of))]);
    let mut scene = sheet(context, "chart.rephrase_title", &basis);
    if of == 0 {
        return nothing(scene, context, "chart.no_issue");
    }
    let all = folded(&effort.chain_lengths, 1, |n| if n > 1 { VERMILLION } else { BLUE });
    columns(&mut scene, context, &all, ("chart.rephrase_x", "chart.conversations"));
    scene
}
