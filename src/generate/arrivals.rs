//! When conversations begin: a Poisson stream over 90 days with peaks by hour and weekday, in time
//! order, in constant memory.
//!
//! Sums of exponential gaps divided by their total are ordered uniform draws (Devroye, Non-Uniform
//! Random Variate Generation, 1986, V.2). The gaps are drawn twice from the same state of the
//! generator: once for the total, once to walk. Each uniform draw is then mapped to time through
//! the weights of the hours.

use rand_chacha::ChaCha12Rng;

use super::draw::Draw;

/// Days that a log covers; the first is a Monday.
pub(super) const DAYS: u64 = 90;
/// Relative arrivals by hour of the day.
pub(super) const HOURS: [u64; 24] =
    [5, 3, 2, 1, 1, 2, 6, 15, 38, 70, 88, 80, 52, 58, 76, 78, 70, 60, 50, 56, 72, 64, 38, 16];
/// Relative arrivals by weekday, Monday first.
pub(super) const WEEKDAYS: [u64; 7] = [118, 104, 100, 98, 102, 92, 86];
/// Mean gap in the units of the walk; large, so that rounding is far below a second.
const GAP: u64 = 1_000_000;

/// Seconds since the first midnight, ascending.
pub(super) struct Arrivals {
    draw: Draw,
    left: u64,
    walked: u128,
    total: u128,
    weight_before: u128,
    weight_total: u128,
    hour: u64,
}

/// Relative arrivals in an hour counted from the first midnight.
pub(super) fn weight(hour: u64) -> u64 {
    let day = usize::try_from(hour / 24 % 7).expect("below 7");
    WEEKDAYS[day] * HOURS[usize::try_from(hour % 24).expect("below 24")]
}

impl Arrivals {
    /// `conversations` arrivals drawn from `rng`.
    pub(super) fn new(conversations: u64, rng: &ChaCha12Rng) -> Self {
        let mut rehearsal = Draw(rng.clone());
        let gaps = conversations.saturating_add(1);
        let total = (0..gaps).map(|_| u128::from(rehearsal.exponential(GAP)) + 1).sum();
        Self {
            draw: Draw(rng.clone()),
            left: conversations,
            walked: 0,
            total,
            weight_before: 0,
            weight_total: (0..DAYS * 24).map(|hour| u128::from(weight(hour))).sum(),
            hour: 0,
        }
    }
}

impl Iterator for Arrivals {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        self.left = self.left.checked_sub(1)?;
        self.walked += u128::from(self.draw.exponential(GAP)) + 1;
        // The position on the axis of weights, in parts of `total`.
        let position = self.walked * self.weight_total;
        loop {
            let here = u128::from(weight(self.hour));
            let from = self.weight_before * self.total;
            if position < from + here * self.total || self.hour + 1 == DAYS * 24 {
                let second = (position - from) * 3_600 / (here * self.total);
                let second = u64::try_from(second).expect("within the hour").min(3_599);
                return Some(self.hour * 3_600 + second);
            }
            self.weight_before += here;
            self.hour += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;

    #[test]
    fn arrivals_are_ordered_complete_and_peak_by_day() {
        let rng = ChaCha12Rng::seed_from_u64(4);
        let all: Vec<u64> = Arrivals::new(20_000, &rng).collect();
        assert_eq!(all.len(), 20_000);
        assert!(all.is_sorted());
        assert!(all[19_999] < DAYS * 86_400);
        let at = |hour| all.iter().filter(|t| *t / 3_600 % 24 == hour).count();
        assert!(at(10) > 10 * at(3).max(1), "{} at ten, {} at three", at(10), at(3));
    }

    #[test]
    fn none_asked_none_given() {
        assert_eq!(Arrivals::new(0, &ChaCha12Rng::seed_from_u64(1)).next(), None);
    }
}
