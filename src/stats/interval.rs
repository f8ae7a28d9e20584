//! Rates with their Wilson interval.
//!
//! Source: E. B. Wilson (1927), "Probable inference, the law of succession, and statistical
//! inference", JASA 22, 209-212. The design effect of clusters follows Kish (1965).

use serde::{Deserialize, Serialize};

/// 97.5 % point of the normal distribution: two-sided 95 %.
pub const Z95: f64 = 1.959_963_984_540_054;

/// Hits of a base, with the 95 % interval. Never printed without all four.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Rate {
    /// Cases counted.
    pub hits: u64,
    /// Base.
    pub of: u64,
    /// Lower end; `None` for an empty base.
    pub low: Option<f64>,
    /// Upper end; `None` for an empty base.
    pub high: Option<f64>,
}

impl Rate {
    /// A rate of independent cases.
    #[must_use]
    pub fn new(hits: u64, of: u64) -> Self {
        let (low, high) = wilson_of(hits, of).unzip();
        Self { hits, of, low, high }
    }

    /// hits / of, `None` for an empty base.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "counts below 2^53")]
    pub fn share(&self) -> Option<f64> {
        (self.of > 0).then(|| self.hits as f64 / self.of as f64)
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts below 2^53")]
fn wilson_of(hits: u64, of: u64) -> Option<(f64, f64)> {
    (of > 0).then(|| wilson(hits as f64 / of as f64, of as f64))
}

/// Wilson interval of a share `p` on `n` cases (`n` may be an effective size, > 0).
#[must_use]
pub fn wilson(p: f64, n: f64) -> (f64, f64) {
    let z2 = Z95 * Z95;
    let centre = p + z2 / (2.0 * n);
    let half = Z95 * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
    let scale = 1.0 + z2 / n;
    // Rounding must not push an end past what is possible, nor past a share of exactly 0 or 1.
    let low = if p <= 0.0 { 0.0 } else { ((centre - half) / scale).max(0.0) };
    let high = if p >= 1.0 { 1.0 } else { ((centre + half) / scale).min(1.0) };
    (low, high)
}
