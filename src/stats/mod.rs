//! Numbers without domain words: rates with intervals, quantiles, competing risks. Every
//! accumulator obeys `merge(a, b) == add all`, also with an empty side.

mod cluster;
mod interval;
mod quantile;
mod risks;
mod stratified;

pub use cluster::ClusteredCount;
pub use interval::{Rate, ratio_of_rates, wilson};
pub use quantile::{Counts, quantile_bounds};
pub use risks::{Cause, Curve, Point, Risks};
pub use stratified::{Class, Estimate, LabelledStratum, corrected_rate, precision, recall};
