//! Rates with their Wilson interval.
//!
//! Source: E. B. Wilson (1927), "Probable inference, the law of succession, and statistical
//! inference", JASA 22, 209-212. The design effect of clusters follows Kish (1965).

use serde::{Deserialize, Serialize};

/// 97.5 % point of the normal distribution: two-sided 95 %.
pub(crate) const Z95: f64 = 1.959_963_984_540_054;

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

    /// The cases that are none of the hits, of the same base.
    #[must_use]
    pub fn complement(&self) -> Self {
        Self {
            hits: self.of - self.hits,
            of: self.of,
            low: self.high.map(|h| 1.0 - h),
            high: self.low.map(|l| 1.0 - l),
        }
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

/// Ratio of two rates with its 95 % interval on the log scale; `None` where a count is 0.
///
/// Source: D. Katz et al. (1978), "Obtaining confidence intervals for the risk ratio in cohort
/// studies", Biometrics 34, 469-474.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "counts below 2^53")]
pub fn ratio_of_rates(a: Rate, b: Rate) -> Option<(f64, f64, f64)> {
    if a.hits == 0 || b.hits == 0 {
        return None;
    }
    let ratio = a.share()? / b.share()?;
    let part = |r: Rate| 1.0 / r.hits as f64 - 1.0 / r.of as f64;
    let half = Z95 * (part(a) + part(b)).sqrt();
    Some((ratio, ratio * (-half).exp(), ratio * half.exp()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 5e-4
    }

    #[test]
    fn wilson_of_three_in_eight() {
        // z^2 = 3.8415; centre (0.375 + 0.2401) / 1.4802 = 0.4155;
        // half 1.96 * sqrt(0.375*0.625/8 + 3.8415/256) / 1.4802 = 0.2787.
        let rate = Rate::new(3, 8);
        assert!(close(rate.low.unwrap(), 0.1368), "{rate:?}");
        assert!(close(rate.high.unwrap(), 0.6943), "{rate:?}");
    }

    #[test]
    fn ends_of_the_scale_are_exact() {
        assert_eq!(Rate::new(0, 5).low, Some(0.0));
        assert_eq!(Rate::new(5, 5).high, Some(1.0));
        assert_eq!(Rate::new(0, 0).low, None);
        assert_eq!(Rate::new(0, 0).share(), None);
    }

    #[test]
    fn risk_ratio_by_hand() {
        // (10/100) / (5/100) = 2; se = sqrt(0.1 - 0.01 + 0.2 - 0.01) = 0.52915;
        // exp(-1.96 * 0.52915) = 0.3545.
        let (ratio, low, high) = ratio_of_rates(Rate::new(10, 100), Rate::new(5, 100)).unwrap();
        assert!(close(ratio, 2.0) && close(low, 0.7090), "{low}");
        assert!((high - 5.642).abs() < 5e-3, "{high}");
        assert_eq!(ratio_of_rates(Rate::new(0, 9), Rate::new(1, 9)), None);
    }
}
