//! The charts, one file each and one line in [`CHARTS`]. Each is drawn once, as a scene, and
//! painted as SVG and PNG. A chart without data says why; it is never missing.

mod attempts;
mod axis;
mod complaints;
mod frame;
mod heatmap;
mod lettering;
mod outcomes;
mod paint;
mod reached;
mod rephrase;
mod scene;
mod style;
mod waits;
mod waterfall;

use self::scene::Scene;
use super::RenderOptions;
use super::number::Numbers;
use super::words::Words;
use crate::aggregate::Summary;
use crate::error::Result;

/// What a chart may look at.
struct Context<'a> {
    summary: &'a Summary,
    words: &'static Words,
    numbers: Numbers<'static>,
    thresholds_s: &'a [f64],
}

type Draw = fn(&Context<'_>) -> Scene;

/// Every chart by the name of its files, in the order of the report.
const CHARTS: [(&str, Draw); 8] = [
    ("transfer-waterfall", waterfall::draw),
    ("outcomes", outcomes::draw),
    ("attempts-per-asker", attempts::draw),
    ("failed-heatmap", heatmap::draw),
    ("reached-over-time", reached::draw),
    ("wait-distribution", waits::draw),
    ("rephrase-chains", rephrase::draw),
    ("complaints-by-quarter", complaints::draw),
];

/// One chart, painted.
pub(super) struct Chart {
    pub name: &'static str,
    /// Why it is empty, where it is.
    pub nothing: Option<String>,
    pub svg: String,
    pub png: Vec<u8>,
}

/// Draws every chart.
pub(super) fn draw_all(summary: &Summary, options: &RenderOptions) -> Result<Vec<Chart>> {
    let words = Words::of(options.lang);
    let thresholds_s = options.thresholds_s.as_slice();
    let context = Context { summary, words, numbers: Numbers::new(words), thresholds_s };
    let paint = |(name, draw): &(&'static str, Draw)| {
        let scene = draw(&context);
        let (svg, png) = (paint::svg(&scene)?, paint::png(&scene)?);
        Ok(Chart { name, nothing: scene.nothing, svg, png })
    };
    CHARTS.iter().map(paint).collect()
}
