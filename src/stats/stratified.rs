//! A rate corrected by a labelled sample: what a rule found in everybody, plus what a stratified random
//! sample shows that it got wrong.
//!
//! The estimate is the stratified difference estimator (C.-E. Särndal, B. Swensson, J. Wretman 1992,
//! *Model Assisted Survey Sampling*, section 6.3), which is prediction-powered inference with strata
//! (A. N. Angelopoulos et al. 2023, "Prediction-powered inference", Science 382, 669-674). Unlike the
//! estimate of Rogan and Gladen it takes neither sensitivity nor specificity as known, nor as the same
//! in every stratum. Within a stratum, labels are read by what was found, as A. Tenenbein (1970), "A
//! double sampling scheme for estimating from binomial data with misclassifications", JASA 65,
//! 1350-1361.
//!
//! Its interval must hold where a sample shows no error at all: a variance of 0 is no certainty. Shares
//! of the cells therefore carry Wilson intervals, which are combined by the method of variance estimates
//! recovery (G. Y. Zou, W. Huang, X. Zhang 2009, "A note on confidence interval estimation for a linear
//! function of binomial proportions", Computational Statistics & Data Analysis 53, 1080-1085); hits and
//! base of one cell with their correlation (R. G. Newcombe 1998, Statistics in Medicine 17, 2635-2650).
//! A ratio of two estimates is bounded as E. C. Fieller does (1954, JRSS B 16, 175-185): its ends are
//! the values that the data do not refute. The finite size of each stratum counts.

use serde::{Deserialize, Serialize};

use super::interval::{Z95, wilson};

/// Where a case stands for one rate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Class {
    /// Not in the base.
    #[default]
    Out,
    /// In the base, no hit.
    Base,
    /// In the base, a hit.
    Hit,
}

impl Class {
    /// All, in the order of the tables that hold them.
    pub const ALL: [Self; 3] = [Self::Out, Self::Base, Self::Hit];

    /// A case of the base.
    #[must_use]
    pub const fn of_base(hit: bool) -> Self {
        if hit { Self::Hit } else { Self::Base }
    }

    /// 1 for a hit.
    fn hit(self) -> f64 {
        f64::from(u8::from(self == Self::Hit))
    }

    /// 1 in the base.
    fn base(self) -> f64 {
        f64::from(u8::from(self != Self::Out))
    }
}

/// The labelled cases of one stratum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LabelledStratum {
    /// Cases in the stratum, labelled or not.
    pub size: u64,
    /// Labelled cases by what was found, then by the truth, in the order of [`Class::ALL`].
    pub counts: [[u64; 3]; 3],
}

impl LabelledStratum {
    /// Labelled cases.
    #[must_use]
    pub fn labelled(&self) -> u64 {
        self.counts.iter().flatten().sum()
    }

    /// The same cases by other classes of found and truth.
    #[must_use]
    pub fn map(&self, to: impl Fn(Class, Class) -> (Class, Class)) -> Self {
        let mut out = Self { size: self.size, ..Self::default() };
        for found in Class::ALL {
            for truth in Class::ALL {
                let (f, t) = to(found, truth);
                out.counts[f as usize][t as usize] += self.counts[found as usize][truth as usize];
            }
        }
        out
    }
}

/// An estimate with its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// Best guess.
    pub estimate: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// The true rate of the very cases that the strata hold. `found` is hits and base as found in all
/// of them. `None` where a stratum has no label, or the base comes out empty.
#[must_use]
pub fn corrected_rate(strata: &[LabelledStratum], found: (u64, u64)) -> Option<Estimate> {
    ratio(&Cells::new(strata, true, [[true; 3]; 3])?, found)
}

/// Of what was found, how much is so: hits of both over hits as found.
#[must_use]
pub fn precision(strata: &[LabelledStratum]) -> Option<Estimate> {
    let judged = |found: Class, truth: Class| match found {
        Class::Hit => (Class::Hit, Class::of_base(truth == Class::Hit)),
        _ => (Class::Out, Class::Out),
    };
    // What was not found is of no base, in every case.
    let possible = [[true, false, false], [true; 3], [false, true, true]];
    let strata: Vec<_> = strata.iter().map(|s| s.map(judged)).collect();
    ratio(&Cells::new(&strata, false, possible)?, (0, 0))
}

/// Of what is so, how much was found: hits of both over true hits.
#[must_use]
pub fn recall(strata: &[LabelledStratum]) -> Option<Estimate> {
    let judged = |found: Class, truth: Class| {
        let of = if found == Class::Hit { Class::Hit } else { Class::Out };
        let hit = Class::of_base(found == Class::Hit);
        (of, if truth == Class::Hit { hit } else { Class::Out })
    };
    // What was found cannot be missed, nor what was not found be a hit.
    let possible = [[true, true, false], [true; 3], [true, false, true]];
    let strata: Vec<_> = strata.iter().map(|s| s.map(judged)).collect();
    ratio(&Cells::new(&strata, false, possible)?, (0, 0))
}

/// Hits over base with its interval.
fn ratio(cells: &Cells, found: (u64, u64)) -> Option<Estimate> {
    let (hits, base) = cells.totals(found);
    if base <= 0.0 {
        return None;
    }
    let estimate = (hits / base).clamp(0.0, 1.0);
    let above = |rate: f64| hits - rate * base - cells.reach(rate, Side::Low) > 0.0;
    let below = |rate: f64| hits - rate * base + cells.reach(rate, Side::High) < 0.0;
    let low = if above(0.0) { boundary(0.0, estimate, above) } else { 0.0 };
    let high = if below(1.0) { boundary(1.0, estimate, below) } else { 1.0 };
    Some(Estimate { estimate, low: low.min(estimate), high: high.max(estimate) })
}

/// The last value from `holds` on towards `to` for which it still holds.
fn boundary(from: f64, to: f64, holds: impl Fn(f64) -> bool) -> f64 {
    // Halvings until a double has no digit left.
    const HALVINGS: u32 = 60;
    let (mut inside, mut outside) = (from, to);
    for _ in 0..HALVINGS {
        let middle = f64::midpoint(inside, outside);
        if holds(middle) {
            inside = middle;
        } else {
            outside = middle;
        }
    }
    inside
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Low,
    High,
}

/// The labelled cases of one stratum that were found in one class.
struct Cell {
    found: Class,
    /// Cases in the stratum that this cell stands for.
    weight: f64,
    /// Share of true hits, and of true cases of the base that are none; each with its interval.
    hit: (f64, f64, f64),
    miss: (f64, f64, f64),
    /// Of the two shares.
    correlation: f64,
}

/// One stratum.
struct Block {
    cells: Vec<Cell>,
    size: f64,
    labelled: f64,
}

struct Cells(Vec<Block>);

impl Cells {
    #[expect(clippy::cast_precision_loss, reason = "counts below 2^53")]
    /// `lends`: what was found counts, and labels correct it. `possible`: by found and truth.
    fn new(strata: &[LabelledStratum], lends: bool, possible: [[bool; 3]; 3]) -> Option<Self> {
        let mut blocks = Vec::new();
        for stratum in strata.iter().filter(|s| s.size > 0) {
            let labelled = stratum.labelled();
            if labelled == 0 {
                return None;
            }
            let (size, labelled) = (stratum.size as f64, labelled as f64);
            let cells = Class::ALL
                .into_iter()
                .filter_map(|found| {
                    let [out, base, hit] = stratum.counts[found as usize].map(|n| n as f64);
                    let n = out + base + hit;
                    let open = possible[found as usize];
                    let found = if lends { found } else { Class::Out };
                    (n > 0.0).then(|| cell(found, size * n / labelled, (hit, base, n), open))
                })
                .collect();
            blocks.push(Block { cells, size, labelled });
        }
        Some(Self(blocks))
    }

    /// Hits and base, corrected.
    #[expect(clippy::cast_precision_loss, reason = "counts below 2^53")]
    fn totals(&self, found: (u64, u64)) -> (f64, f64) {
        let mut totals = (found.0 as f64, found.1 as f64);
        for cell in self.0.iter().flat_map(|block| &block.cells) {
            totals.0 += cell.weight * (cell.hit.0 - cell.found.hit());
            totals.1 += cell.weight * (cell.hit.0 + cell.miss.0 - cell.found.base());
        }
        totals
    }

    /// How far `hits - rate * base` may lie from its estimate on one side.
    fn reach(&self, rate: f64, side: Side) -> f64 {
        let squares = self.0.iter().map(|block| {
            let unlabelled = (1.0 - block.labelled / block.size).max(0.0);
            let within: f64 = block.cells.iter().map(|c| c.reach(rate, side)).sum();
            unlabelled * (within + block.between(rate))
        });
        squares.sum::<f64>().sqrt()
    }
}

impl Block {
    /// Square of the reach that comes from not knowing how many of the stratum were found in each class;
    /// 0 where what was found is the same in all of it, or right on average.
    fn between(&self, rate: f64) -> f64 {
        if self.labelled < 2.0 {
            return 0.0;
        }
        let share = |c: &Cell| c.weight / self.size;
        let mean: f64 = self.cells.iter().map(|c| share(c) * c.correction(rate)).sum();
        let variance: f64 =
            self.cells.iter().map(|c| share(c) * (c.correction(rate) - mean).powi(2)).sum();
        Z95 * Z95 * self.size * self.size * variance / (self.labelled - 1.0)
    }
}

impl Cell {
    /// Mean of what the truth adds to what was found.
    fn correction(&self, rate: f64) -> f64 {
        let truth = (1.0 - rate) * self.hit.0 - rate * self.miss.0;
        truth - (self.found.hit() - rate * self.found.base())
    }

    /// Square of how far the cell's total may lie from its estimate.
    fn reach(&self, rate: f64, side: Side) -> f64 {
        let ((hit, hit_low, hit_high), (miss, miss_low, miss_high)) = (self.hit, self.miss);
        let (a, b) = match side {
            Side::Low => ((1.0 - rate) * (hit - hit_low), rate * (miss_high - miss)),
            Side::High => ((1.0 - rate) * (hit_high - hit), rate * (miss - miss_low)),
        };
        self.weight * self.weight * (a * a + b * b - 2.0 * self.correlation * a * b)
    }
}

fn cell(
    found: Class,
    weight: f64,
    (hit, miss, n): (f64, f64, f64),
    [_, base_open, hit_open]: [bool; 3],
) -> Cell {
    let with_ends = |hits: f64, open: bool| {
        let share = hits / n;
        let (low, high) = if open { wilson(share, n) } else { (share, share) };
        (share, low, high)
    };
    let (hit, miss) = (with_ends(hit, hit_open), with_ends(miss, base_open));
    let beside = (1.0 - hit.0) * (1.0 - miss.0);
    // Where every case is of the base, one share is the other's complement.
    let complements = hit.0 + miss.0 >= 1.0;
    let correlation = if complements { -1.0 } else { -(hit.0 * miss.0 / beside).sqrt() };
    Cell { found, weight, hit, miss, correlation }
}

impl Estimate {
    /// Widened by the draw of the cases themselves from the process behind them: `n` independent cases,
    /// by Wilson. The two errors are independent; their reaches add as squares.
    #[must_use]
    pub fn of_process(&self, n: f64) -> Self {
        if n <= 0.0 {
            return *self;
        }
        let at = self.estimate;
        let (low, high) = wilson(at, n);
        Self {
            estimate: at,
            low: (at - (at - self.low).hypot(at - low)).max(0.0),
            high: (at + (self.high - at).hypot(high - at)).min(1.0),
        }
    }
}

#[cfg(test)]
mod tests;
