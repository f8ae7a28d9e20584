//! How many of each stratum are drawn: half in equal parts, so that every stratum is seen; half by Neyman
//! (1934, "On the two different aspects of the representative method", JRSS 97, 558-625), in proportion
//! to size and planned spread.

use super::stratum::{STRATA, Stratum};

/// How many to draw of strata of these sizes, `n` in all, or everything where there are fewer.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "counts below 2^53")]
pub fn allocate(sizes: &[u64; STRATA], n: u64) -> [u64; STRATA] {
    let equal = sizes.map(|size| f64::from(u8::from(size > 0)));
    let mut neyman = [0.0; STRATA];
    for (i, stratum) in Stratum::ALL.into_iter().enumerate() {
        let p = stratum.planned_error();
        neyman[i] = sizes[i] as f64 * (p * (1.0 - p)).sqrt();
    }
    let first = fill([0; STRATA], sizes, n / 2, &equal);
    fill(first, sizes, n - first.iter().sum::<u64>(), &neyman)
}

/// Adds `n` in proportion to the weights, no stratum beyond its size; what a full stratum cannot take
/// goes to the others. Fractions go to the largest first, equal ones in the order of the strata.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts below 2^53, never negative"
)]
fn fill(
    mut taken: [u64; STRATA],
    sizes: &[u64; STRATA],
    n: u64,
    weights: &[f64; STRATA],
) -> [u64; STRATA] {
    let room: u64 = (0..STRATA).map(|i| sizes[i] - taken[i]).sum();
    let mut left = n.min(room);
    while left > 0 {
        let open: Vec<usize> =
            (0..STRATA).filter(|i| taken[*i] < sizes[*i] && weights[*i] > 0.0).collect();
        let sum: f64 = open.iter().map(|i| weights[*i]).sum();
        let part = |i: usize| left as f64 * weights[i] / sum;
        let whole: Vec<u64> =
            open.iter().map(|i| (part(*i) as u64).min(sizes[*i] - taken[*i])).collect();
        let given: u64 = whole.iter().sum();
        if given == 0 {
            let mut order = open;
            order.sort_by(|a, b| part(*b).total_cmp(&part(*a)).then(a.cmp(b)));
            order.truncate(usize::try_from(left).unwrap_or(usize::MAX));
            left -= order.len() as u64;
            order.into_iter().for_each(|i| taken[i] += 1);
        } else {
            open.iter().zip(whole).for_each(|(i, k)| taken[*i] += k);
            left -= given;
        }
    }
    taken
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_stratum_is_seen() {
        let taken = allocate(&[300, 200, 40, 3, 900, 8_557], 200);
        assert_eq!(taken.iter().sum::<u64>(), 200);
        assert_eq!(taken[3], 3, "a small stratum is taken whole");
        assert!(taken.iter().take(3).all(|n| *n >= 16), "{taken:?}");
        assert!(taken[5] > taken[4], "{taken:?}");
    }

    #[test]
    fn nothing_is_drawn_of_nothing() {
        assert_eq!(allocate(&[0; STRATA], 50), [0; STRATA]);
        assert_eq!(allocate(&[0, 7, 0, 0, 0, 0], 50), [0, 7, 0, 0, 0, 0]);
    }

    proptest! {
        #[test]
        fn as_many_as_asked_for_and_never_more_than_there_are(
            sizes in proptest::array::uniform6(0u64..500),
            n in 0u64..2_000,
        ) {
            let taken = allocate(&sizes, n);
            prop_assert_eq!(taken.iter().sum::<u64>(), n.min(sizes.iter().sum()));
            prop_assert!(taken.iter().zip(&sizes).all(|(t, s)| t <= s));
        }
    }
}
