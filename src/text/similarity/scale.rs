//! The map from the raw score to the scale that thresholds are read on.

/// Raw score and what it is called, in ascending order; straight lines between.
const KNOTS: [(f64, f64); 5] = [(0.25, 0.0), (0.535, 0.25), (0.625, 0.42), (0.69, 0.56), (1.0, 1.0)];

/// The score on the scale, 0 to 1.
pub(super) fn of(raw: f64) -> f64 {
    for two in KNOTS.windows(2) {
        let ((from, low), (to, high)) = (two[0], two[1]);
        if raw <= to {
            return low + (raw - from).max(0.0) / (to - from) * (high - low);
        }
    }
    1.0
}
