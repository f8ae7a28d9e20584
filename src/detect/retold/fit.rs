//! Fits the weights: logistic regression with a ridge, by gradient descent on standardised readings.
//!
//! Source: D. R. Cox (1958), "The regression analysis of binary sequences", JRSS B 20, 215-242; ridge
//! after S. le Cessie, J. C. van Houwelingen (1992), Applied Statistics 41, 191-201. Fixed steps and a
//! fixed order: the same samples give the same weights.

use std::collections::BTreeMap;

use super::RetoldModel;
use super::features::{FEATURES, Features};

/// One labelled telling.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    /// Its readings.
    pub features: Features,
    /// Whether it says an earlier one again.
    pub again: bool,
}

const N: usize = FEATURES.len();
const STEPS: usize = 4_000;
const RATE: f64 = 0.3;

/// The model of these samples; `ridge` holds weights near 0 (1 is usual). The threshold, where not given, is the
/// one of the best F1 on the samples and `certain` further tellings that are said again in the same
/// words, which need no model. `None` where they are all of one kind.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "counts below 2^53")]
pub fn fit(
    name: &str,
    samples: &[Sample],
    certain: usize,
    ridge: f64,
    threshold: Option<f64>,
) -> Option<RetoldModel> {
    let positive = samples.iter().filter(|s| s.again).count();
    if positive == 0 || positive == samples.len() {
        return None;
    }
    let n = samples.len() as f64;
    let mut mean = [0.0; N];
    let mut spread = [0.0; N];
    for s in samples {
        for (m, x) in mean.iter_mut().zip(s.features.0) {
            *m += x / n;
        }
    }
    for s in samples {
        for ((v, x), m) in spread.iter_mut().zip(s.features.0).zip(mean) {
            *v += (x - m) * (x - m) / n;
        }
    }
    // A reading that never varies says nothing: its weight stays 0.
    let scale = spread.map(|v: f64| if v > 1e-12 { v.sqrt().recip() } else { 0.0 });
    let rows: Vec<([f64; N], f64)> = samples
        .iter()
        .map(|s| {
            let mut row = [0.0; N];
            for (i, cell) in row.iter_mut().enumerate() {
                *cell = (s.features.0[i] - mean[i]) * scale[i];
            }
            (row, if s.again { 1.0 } else { 0.0 })
        })
        .collect();
    let mut weights = [0.0; N];
    let mut bias = 0.0;
    for _ in 0..STEPS {
        let mut slope = [0.0; N];
        let mut slope_bias = 0.0;
        for (row, label) in &rows {
            let odds: f64 = bias + row.iter().zip(weights).map(|(x, w)| x * w).sum::<f64>();
            let error = 1.0 / (1.0 + (-odds).exp()) - label;
            for (s, x) in slope.iter_mut().zip(row) {
                *s += error * x / n;
            }
            slope_bias += error / n;
        }
        for (w, s) in weights.iter_mut().zip(slope) {
            *w -= RATE * (s + ridge * *w / n);
        }
        bias -= RATE * slope_bias;
    }
    let rounded = |w: f64| (w * 1e4).round() / 1e4;
    let own: Vec<f64> = weights.iter().zip(scale).map(|(w, s)| w * s).collect();
    let bias = bias - own.iter().zip(mean).map(|(w, m)| w * m).sum::<f64>();
    let weights: BTreeMap<String, f64> =
        FEATURES.iter().zip(own).map(|(name, w)| ((*name).to_owned(), rounded(w))).collect();
    let mut model = RetoldModel {
        name: name.to_owned(),
        threshold: 0.5,
        bias: rounded(bias),
        weights,
        sha256: String::new(),
        ordered: super::Ordered::default(),
    };
    model.threshold = threshold.unwrap_or_else(|| best_threshold(&model, samples, certain));
    Some(model)
}

/// The probability, in hundredths, at which F1 is best on the samples; the highest of equals.
#[expect(clippy::cast_precision_loss, reason = "counts below 2^53")]
fn best_threshold(model: &RetoldModel, samples: &[Sample], certain: usize) -> f64 {
    let scored: Vec<(f64, bool)> =
        samples.iter().map(|s| (model.probability(&s.features), s.again)).collect();
    let certain = certain as f64;
    let positive = scored.iter().filter(|(_, again)| *again).count() as f64 + certain;
    let f1 = |threshold: f64| {
        let found = scored.iter().filter(|(p, _)| *p >= threshold).count() as f64 + certain;
        let right = scored.iter().filter(|(p, again)| *p >= threshold && *again).count() as f64;
        let right = right + certain;
        2.0 * right / (found + positive)
    };
    (20_u32..=80)
        .map(|hundredth| f64::from(hundredth) / 100.0)
        .map(|threshold| (threshold, f1(threshold)))
        .max_by(|a, b| a.1.total_cmp(&b.1).then_with(|| a.0.total_cmp(&b.0)))
        .map_or(0.5, |(threshold, _)| threshold)
}
