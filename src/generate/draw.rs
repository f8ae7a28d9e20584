//! Draws in whole numbers. Logarithms differ in the last bit between platforms, tables do not: the
//! same seed gives the same bytes everywhere.

use rand::RngExt;
use rand_chacha::ChaCha12Rng;

/// Quantiles 0/32 .. 31/32 of the unit exponential distribution in thousandths; the last is where
/// the tail is cut (0.4 % of the mass lies beyond).
const EXPONENTIAL: [u64; 33] = [
    0, 32, 65, 98, 134, 170, 208, 247, 288, 330, 375, 421, 470, 521, 575, 633, 693, 758, 827, 901,
    981, 1068, 1163, 1269, 1386, 1520, 1674, 1856, 2079, 2367, 2773, 3466, 5500,
];

/// The source of all chance of one run.
pub(super) struct Draw(pub(super) ChaCha12Rng);

impl Draw {
    /// A whole number between both ends, both included.
    pub(super) fn between(&mut self, low: u64, high: u64) -> u64 {
        self.0.random_range(low..=high)
    }

    /// True in `per_mille` of 1,000 draws.
    pub(super) fn chance(&mut self, per_mille: u32) -> bool {
        self.0.random_range(0..1_000u32) < per_mille
    }

    /// An exponential length around `mean`, by linear interpolation between quantiles.
    pub(super) fn exponential(&mut self, mean: u64) -> u64 {
        let cell = usize::try_from(self.between(0, 31)).expect("below 32");
        let thousandths = self.between(EXPONENTIAL[cell], EXPONENTIAL[cell + 1]);
        mean * thousandths / 1_000
    }

    /// One of the items.
    pub(super) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        let last = u64::try_from(items.len()).expect("fits") - 1;
        &items[usize::try_from(self.between(0, last)).expect("below the length")]
    }

    /// One of the phrases.
    pub(super) fn phrase<'a>(&mut self, phrases: &'a [String]) -> &'a str {
        self.pick::<String>(phrases)
    }

    /// Index of an entry, in proportion to its weight.
    pub(super) fn weighted(&mut self, weights: &[u64]) -> usize {
        let mut left = self.between(1, weights.iter().sum());
        for (index, &weight) in weights.iter().enumerate() {
            if left <= weight {
                return index;
            }
            left -= weight;
        }
        unreachable!("the draw lies within the sum of the weights")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;

    #[test]
    fn an_exponential_draw_keeps_its_mean() {
        let mut draw = Draw(ChaCha12Rng::seed_from_u64(1));
        let sum: u64 = (0..20_000).map(|_| draw.exponential(1_000)).sum();
        assert!((950..1_050).contains(&(sum / 20_000)), "{}", sum / 20_000);
    }

    #[test]
    fn weights_are_kept_and_zero_never_comes() {
        let mut draw = Draw(ChaCha12Rng::seed_from_u64(2));
        let mut seen = [0; 3];
        for _ in 0..3_000 {
            seen[draw.weighted(&[1, 0, 2])] += 1;
        }
        assert_eq!(seen[1], 0);
        assert!((800..1_200).contains(&seen[0]), "{seen:?}");
    }
}
