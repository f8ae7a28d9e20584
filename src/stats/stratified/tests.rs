//! By hand, and by simulation: the interval covers the truth as often as it says.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha12Rng;

use super::*;

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 5e-4
}

/// Found and truth of cases that all stand in the base.
fn two_by_two(size: u64, [tp, fp, missed, tn]: [u64; 4]) -> LabelledStratum {
    LabelledStratum { size, counts: [[0; 3], [0, tn, missed], [0, fp, tp]] }
}

#[test]
fn by_hand() {
    // 200 flagged, 800 not. Of 50 flagged ones labelled 40 are right; of 100 others 5 were missed.
    // True hits: 200 * 0.8 + 800 * 0.05 = 200, so 20.0 % where the rule says 20.0 %.
    let strata = [two_by_two(200, [40, 10, 0, 0]), two_by_two(800, [0, 0, 5, 95])];
    let rate = corrected_rate(&strata, (200, 1000)).unwrap();
    assert!(close(rate.estimate, 0.2), "{rate:?}");
    // Wilson: 40 of 50: .6696-.8876; 5 of 100: .0215-.1118. Below: 200 * .1304 * sqrt(.75) = 22.58
    // and 800 * .0285 * sqrt(.875) = 21.33, together 31.06 of 1000. Above: 15.18, 46.22, 48.65.
    assert!(close(rate.low, 0.2 - 0.03106), "{rate:?}");
    assert!(close(rate.high, 0.2 + 0.04865), "{rate:?}");
    // Precision 40 of 50; recall 160 of 200.
    // Precision: that of the first stratum alone. Recall: what was found is 200 * 0.8 = 160, of 200.
    let precision = precision(&strata).unwrap();
    assert!(close(precision.estimate, 0.8), "{precision:?}");
    assert!(close(precision.low, 0.8 - 0.1304 * 0.75_f64.sqrt()), "{precision:?}");
    let recall = recall(&strata).unwrap();
    assert!(close(recall.estimate, 0.8), "{recall:?}");
    // At its lower end r: 160 (1 - r) - 40 r = sqrt((22.58 (1 - r))^2 + (800 * .0618 * .935 r)^2).
    let r = recall.low;
    let reach = (22.58 * (1.0 - r)).hypot(46.22 * r);
    assert!((160.0 * (1.0 - r) - 40.0 * r - reach).abs() < 0.1, "{recall:?}");
}

#[test]
fn no_error_seen_is_no_certainty() {
    let strata = [two_by_two(100, [20, 0, 0, 0]), two_by_two(900, [0, 0, 0, 60])];
    let rate = corrected_rate(&strata, (100, 1000)).unwrap();
    assert!(close(rate.estimate, 0.1));
    // 60 of 60 right still leaves 6.0 % of 900 open (Wilson), less what is labelled.
    assert!(rate.high > 0.15 && rate.low < 0.09, "{rate:?}");
}

#[test]
fn who_labels_all_knows() {
    let strata = [two_by_two(4, [3, 1, 0, 0]), two_by_two(6, [0, 0, 1, 5])];
    let rate = corrected_rate(&strata, (4, 10)).unwrap();
    assert!(close(rate.estimate, 0.4) && close(rate.low, 0.4) && close(rate.high, 0.4));
}

#[test]
fn undefined_is_none() {
    let unlabelled = [two_by_two(10, [5, 0, 0, 0]), two_by_two(5, [0; 4])];
    assert_eq!(corrected_rate(&unlabelled, (10, 15)), None, "a stratum without a label");
    let out = LabelledStratum { size: 9, counts: [[9, 0, 0], [0; 3], [0; 3]] };
    assert_eq!(corrected_rate(&[out], (0, 0)), None, "an empty base");
    assert_eq!((precision(&[]), recall(&[])), (None, None));
}

#[test]
fn the_draw_of_the_period_widens() {
    let exact = Estimate { estimate: 0.375, low: 0.375, high: 0.375 };
    let wide = exact.of_process(8.0);
    // Wilson of 3 of 8, as in `interval`.
    assert!(close(wide.low, 0.1368) && close(wide.high, 0.6943), "{wide:?}");
    assert_eq!(exact.of_process(0.0), exact);
}

/// A population with a noisy rule: 17 % of the base are true hits, 20 % of them missed, 1 % of the others flagged;
/// strata by what was found and by a sign that goes with the truth.
fn population(rng: &mut ChaCha12Rng, n: u32) -> Vec<(usize, Class, Class)> {
    let mut chance = |per_mille: u32| rng.next_u32() % 1000 < per_mille;
    (0..n)
        .map(|_| {
            let base = chance(700);
            let hit = base && chance(170);
            let flagged = if hit { chance(800) } else { base && chance(10) };
            let long = if hit { chance(700) } else { chance(300) };
            // One in fifty cases is put out of the base wrongly.
            let found = match (base, flagged) {
                (_, true) => Class::Hit,
                (true, false) if !chance(20) => Class::Base,
                _ => Class::Out,
            };
            let truth = if base { Class::of_base(hit) } else { Class::Out };
            let stratum = if flagged { 0 } else { 1 + usize::from(long) };
            (stratum, found, truth)
        })
        .collect()
}

/// `n` of them without putting back.
fn draw(cases: &mut [(usize, Class, Class)], n: usize, rng: &mut ChaCha12Rng) {
    for i in 0..n.min(cases.len()) {
        let left = u32::try_from(cases.len() - i).unwrap();
        let j = i + (rng.next_u32() % left) as usize;
        cases.swap(i, j);
    }
}

#[test]
#[expect(clippy::cast_precision_loss, reason = "small counts")]
fn the_corrected_interval_covers_the_truth_and_the_raw_one_does_not() {
    const RUNS: u32 = 200;
    let (mut covered, mut raw_covered, mut widths) = (0, 0, 0.0);
    for seed in 0..RUNS {
        let mut rng = ChaCha12Rng::seed_from_u64(u64::from(seed));
        let all = population(&mut rng, 6_000);
        let hits = |f: &dyn Fn(&(usize, Class, Class)) -> Class| {
            let hits = all.iter().filter(|c| f(c) == Class::Hit).count();
            (hits, all.iter().filter(|c| f(c) != Class::Out).count())
        };
        let (truth, found) = (hits(&|c| c.2), hits(&|c| c.1));
        let mut strata = Vec::new();
        for (k, take) in [70, 70, 60].into_iter().enumerate() {
            let mut cases: Vec<_> = all.iter().copied().filter(|c| c.0 == k).collect();
            draw(&mut cases, take, &mut rng);
            let mut stratum =
                LabelledStratum { size: cases.len() as u64, ..LabelledStratum::default() };
            for (_, found, truth) in &cases[..take.min(cases.len())] {
                stratum.counts[*found as usize][*truth as usize] += 1;
            }
            strata.push(stratum);
        }
        let found = (found.0 as u64, found.1 as u64);
        let rate = corrected_rate(&strata, found).unwrap();
        let true_rate = truth.0 as f64 / truth.1 as f64;
        covered += u32::from((rate.low..=rate.high).contains(&true_rate));
        widths += rate.high - rate.low;
        let raw = crate::stats::Rate::new(found.0, found.1);
        raw_covered += u32::from((raw.low.unwrap()..=raw.high.unwrap()).contains(&true_rate));
    }
    assert!(covered * 10 >= RUNS * 9, "corrected: {covered} of {RUNS}");
    assert!(raw_covered * 2 < RUNS, "raw: {raw_covered} of {RUNS}");
    assert!(widths / f64::from(RUNS) < 0.12, "too wide to say anything: {widths}");
}
