//! Fits the weights: logistic regression with a ridge, solved in the dual, one line at a time (H.-F. Yu,
//! F.-L. Huang, C.-J. Lin (2011), "Dual coordinate descent methods for logistic regression"). Lines are
//! sorted first and visited in an order drawn anew each round by fixed numbers, so the same labels give the
//! same weights.

use super::grams::{PLACES, grams};
use super::{AskModel, share};
use crate::text::normalise;

/// How much an error costs against large weights.
const COST: f64 = 100.0;
/// Rounds over all lines; more change no weight by a step of eight bits.
const ROUNDS: usize = 150;
/// Begins the orders of all rounds.
const SEED: u64 = 0x9e37_79b9_7f4a_7c15;
/// Halvings of the interval in which a line's multiplier lies.
const HALVINGS: usize = 40;

/// Fits a model to labelled lines; `None` where all or none of them ask.
#[must_use]
pub fn fit(name: &str, lines: &[(String, bool)], threshold: f64) -> Option<AskModel> {
    let asking = lines.iter().filter(|(_, asks)| *asks).count();
    if asking == 0 || asking == lines.len() {
        return None;
    }
    // The order of files shall not count.
    let mut lines: Vec<&(String, bool)> = lines.iter().collect();
    lines.sort();
    let rows: Vec<(Vec<u16>, f64)> = lines
        .into_iter()
        .map(|(text, asks)| {
            let mut places = grams(&normalise(text));
            // Sums are rounded: the order of their parts must not hang on that of the text.
            places.sort_unstable();
            (places, if *asks { 1.0 } else { -1.0 })
        })
        .collect();
    let mut weights = vec![0.0_f64; PLACES];
    let mut bias = 0.0;
    let mut held = vec![0.0_f64; rows.len()];
    let mut order: Vec<usize> = (0..rows.len()).collect();
    let mut state = SEED;
    for _ in 0..ROUNDS {
        mix(&mut order, &mut state);
        for at in order.iter().copied() {
            let ((places, sign), held) = (&rows[at], &mut held[at]);
            let share = share(places.len());
            let sum: f64 = places.iter().map(|p| weights[usize::from(*p)]).sum();
            let margin = sign * (sum * share + bias);
            // Every row has length 1, and the bias is one more piece.
            let new = multiplier(*held, margin, 2.0);
            let step = sign * (new - *held);
            *held = new;
            bias += step;
            for place in places {
                weights[usize::from(*place)] += step * share;
            }
        }
    }
    Some(AskModel::rounded(name, threshold, bias, &weights))
}

/// Another order for each round (R. Fisher, F. Yates; numbers by xorshift, G. Marsaglia (2003)): one order
/// for all lets the bias swing for thousands of rounds.
fn mix(order: &mut [usize], state: &mut u64) {
    for last in (1..order.len()).rev() {
        *state ^= *state << 13;
        *state ^= *state >> 7;
        *state ^= *state << 17;
        #[expect(clippy::cast_possible_truncation, reason = "less than the number of lines")]
        let other = (*state % (last as u64 + 1)) as usize;
        order.swap(last, other);
    }
}

/// The multiplier of a line, between 0 and the cost, where the dual is least along it: the root of an
/// increasing function, found by halving.
fn multiplier(held: f64, margin: f64, length: f64) -> f64 {
    let slope = |x: f64| length * (x - held) + margin + (x / (COST - x)).ln();
    let (mut low, mut high) = (0.0, COST);
    for _ in 0..HALVINGS {
        let middle = f64::midpoint(low, high);
        if slope(middle) > 0.0 { high = middle } else { low = middle }
    }
    f64::midpoint(low, high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_labelled_is_learnt() {
        let lines: Vec<(String, bool)> = [
            ("给我找个人", true),
            ("找个人来说", true),
            ("换个人", true),
            ("怎么退款", false),
            ("退款到哪", false),
            ("查一下快递", false),
        ]
        .map(|(text, asks)| (text.to_owned(), asks))
        .to_vec();
        let model = fit("t", &lines, 0.5).expect("both kinds");
        for (text, asks) in &lines {
            assert_eq!(model.asks(&normalise(text)), *asks, "{text}");
        }
        assert!(model.asks("找个人"));
        assert!(fit("t", &lines[..3], 0.5).is_none());
        assert_eq!(fit("t", &lines, 0.5), Some(model), "the same again");
    }
}
