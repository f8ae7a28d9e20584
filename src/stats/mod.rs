//! Numbers without domain words: rates with intervals, quantiles, competing risks. Every
//! accumulator obeys `merge(a, b) == add all`, also with an empty side.

mod interval;

pub use interval::{Rate, wilson};
