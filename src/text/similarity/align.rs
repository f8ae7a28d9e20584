//! Soft alignment: every unit of one message looks for the nearest unit of the other, both ways; the
//! score is the mean nearness, weighted by how much a unit tells. (The greedy matching of T. Zhang et
//! al. (2020), "`BERTScore`", on vectors that need no network.) Integers only: the same on every machine.

use pulp::{Arch, Simd, WithSimd};

use super::table::{DIMS, Table, table};

/// The nearness of a unit to itself: the squared length of a vector.
const ONE: i32 = 127 * 127;

/// Units of a message that take part; what comes later in a very long one is left to the edit ratio.
pub(super) const MOST_UNITS: usize = 400;

/// A message as rows of vectors.
#[derive(Clone, Debug, Default)]
pub(super) struct Rows {
    /// Unit and weight, in the order of the text.
    pub(super) units: Vec<(u32, u32)>,
    weight: u64,
    /// Some unit tells something; what goes with everything is then left out.
    telling: bool,
}

impl Rows {
    /// Takes weighted units; `telling`: those that tell nothing are left out.
    pub(super) fn new(mut units: Vec<(u32, u32)>, telling: bool) -> Self {
        units.truncate(MOST_UNITS);
        let weight = units.iter().map(|u| u64::from(u.1)).sum();
        Self { units, weight, telling }
    }

    /// Adds the rows of a further message. Where any of the messages tells something, those that tell
    /// nothing are left out.
    pub(super) fn add(&mut self, message: &Self) {
        if message.telling && !self.telling {
            *self = Self { telling: true, ..Self::default() };
        }
        if message.telling == self.telling {
            let more = MOST_UNITS - self.units.len();
            let units = message.units.iter().take(more);
            self.weight += units.clone().map(|u| u64::from(u.1)).sum::<u64>();
            self.units.extend(units);
        }
    }

    /// Sum of the weights.
    pub(super) const fn weight(&self) -> u64 {
        self.weight
    }

    /// How near the units of this are to those of the other, and those of the other to these, 0 to 1.
    pub(super) fn nearness_each(&self, other: &Self) -> (f64, f64) {
        self.near(other, |_, _| {}).shares(self, other)
    }

    /// The same as sums; `each` is given the place of every unit of this and how near the nearest of the
    /// other is.
    pub(super) fn near(&self, other: &Self, each: impl FnMut(usize, i32)) -> Near {
        if self.weight == 0 || other.weight == 0 {
            return Near::default();
        }
        Arch::new().dispatch(Nearest { rows: self, other, each })
    }

    #[expect(clippy::inline_always, reason = "it must become a part of what uses the vectors")]
    #[inline(always)]
    fn near_units(&self, other: &Self, mut each: impl FnMut(usize, i32)) -> Near {
        let table = table();
        let mut theirs = [0_i32; MOST_UNITS];
        let theirs = &mut theirs[..other.units.len()];
        let mut sum = 0_u64;
        for (at, (unit, weight)) in self.units.iter().enumerate() {
            let row = table.vector(*unit);
            let mut best = 0;
            for (units, theirs) in other.units.chunks(BLOCK).zip(theirs.chunks_mut(BLOCK)) {
                let near = dots(table, row, units);
                for ((near, (there, _)), best_there) in near.iter().zip(units).zip(theirs) {
                    let near = if unit == there { ONE } else { (*near).clamp(0, ONE) };
                    best = best.max(near);
                    *best_there = near.max(*best_there);
                }
            }
            each(at, best);
            sum += u64::from(*weight) * u64::from(best.unsigned_abs());
        }
        let back: u64 = theirs
            .iter()
            .zip(&other.units)
            .map(|(best, (_, weight))| u64::from(*weight) * u64::from(best.unsigned_abs()))
            .sum();
        Near { there: sum, back }
    }
}

/// The nearest units of two messages, found with vectors as wide as this processor has: the sums are of
/// integers, and the same on all.
struct Nearest<'r, E> {
    rows: &'r Rows,
    other: &'r Rows,
    each: E,
}

impl<E: FnMut(usize, i32)> WithSimd for Nearest<'_, E> {
    type Output = Near;

    #[expect(clippy::inline_always, reason = "it must become a part of what uses the vectors")]
    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> Near {
        self.rows.near_units(self.other, self.each)
    }
}

/// How near two messages are: the nearness of each unit to the nearest of the other, times its weight,
/// summed, both ways.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Near {
    there: u64,
    back: u64,
}

impl Near {
    /// As shares of all there is, 0 to 1.
    pub(super) fn shares(self, one: &Rows, other: &Rows) -> (f64, f64) {
        if one.weight == 0 || other.weight == 0 {
            return (0.0, 0.0);
        }
        (share(self.there, one.weight), share(self.back, other.weight))
    }
}

/// A message against several others as against one that says it all, out of what each comparison gave.
/// ([`Rows::add`] makes that one; this spares comparing it.)
#[derive(Debug)]
pub(super) struct Joined {
    /// How near the nearest unit of all others is to each unit of the message.
    best: Vec<i32>,
    /// Units, weight and nearness of the others.
    units: usize,
    weight: u64,
    near: u64,
    /// Nearness of the others to the answer.
    near_answer: u64,
    telling: bool,
}

impl Joined {
    /// Nothing was compared yet with these rows.
    pub(super) fn new(rows: &Rows) -> Self {
        let best = vec![0; rows.units.len()];
        Self { best, units: 0, weight: 0, near: 0, near_answer: 0, telling: false }
    }

    /// Compares the rows with one more message, and that with the answer.
    pub(super) fn add(&mut self, rows: &Rows, other: &Rows, answer: &Rows) -> [Near; 2] {
        if other.telling && !self.telling {
            *self = Self { telling: true, ..Self::new(rows) };
        }
        let counts = other.telling == self.telling;
        let near = rows.near(other, |at, near| {
            if counts {
                self.best[at] = self.best[at].max(near);
            }
        });
        let near_answer = other.near(answer, |_, _| {});
        if counts {
            self.units += other.units.len();
            self.weight += other.weight;
            self.near += near.back;
            self.near_answer += near_answer.there;
        }
        [near, near_answer]
    }

    /// How much of the message the others cover, and the message of them; how much the answer of them.
    /// `None` where they are too many for one message.
    pub(super) fn covered(&self, rows: &Rows) -> Option<((f64, f64), f64)> {
        if self.units > MOST_UNITS {
            return None;
        }
        if self.weight == 0 {
            return Some(((0.0, 0.0), 0.0));
        }
        let by_answer = share(self.near_answer, self.weight);
        if rows.weight == 0 {
            return Some(((0.0, 0.0), by_answer));
        }
        let weighed = |(best, (_, weight)): (&i32, &(u32, u32))| {
            u64::from(*weight) * u64::from(best.unsigned_abs())
        };
        let sum = self.best.iter().zip(&rows.units).map(weighed).sum();
        Some(((share(sum, rows.weight), share(self.near, self.weight)), by_answer))
    }
}

#[expect(clippy::cast_precision_loss, reason = "sums over 400 units stay far below 2^53")]
fn share(sum: u64, weight: u64) -> f64 {
    sum as f64 / (weight * u64::from(ONE.unsigned_abs())) as f64
}

/// Columns that one row meets at once: the row is read once for all of them.
const BLOCK: usize = 4;

/// One row by up to [`BLOCK`] columns. The compiler makes multiply-and-add of many pairs at once of this.
#[expect(clippy::inline_always, reason = "it must become a part of what uses the vectors")]
#[inline(always)]
fn dots(table: &Table, row: &[i16; DIMS], columns: &[(u32, u32)]) -> [i32; BLOCK] {
    let mut out = [0; BLOCK];
    if let [first, second, third, fourth] = columns {
        let (first, second) = (table.vector(first.0), table.vector(second.0));
        let (third, fourth) = (table.vector(third.0), table.vector(fourth.0));
        for (i, x) in row.iter().enumerate() {
            let x = i32::from(*x);
            out[0] += x * i32::from(first[i]);
            out[1] += x * i32::from(second[i]);
            out[2] += x * i32::from(third[i]);
            out[3] += x * i32::from(fourth[i]);
        }
        return out;
    }
    for (sum, (unit, _)) in out.iter_mut().zip(columns) {
        let column = table.vector(*unit);
        *sum = row.iter().zip(column).map(|(x, y)| i32::from(*x) * i32::from(*y)).sum();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::table::table;
    use super::*;

    fn rows(words: &[&str]) -> Rows {
        let unit = |w: &&str| (table().trie.find(w.as_bytes()).expect("a common word"), 10);
        Rows::new(words.iter().map(unit).collect(), true)
    }

    trait Nearness {
        fn nearness(&self, other: &Self) -> f64;
    }

    impl Nearness for Rows {
        fn nearness(&self, other: &Self) -> f64 {
            let (there, back) = self.nearness_each(other);
            f64::midpoint(there, back)
        }
    }

    #[test]
    fn order_and_repetition_do_not_matter_but_absence_does() {
        let (ab, ba) = (rows(&["怎么", "退款"]), rows(&["退款", "怎么"]));
        assert!((ab.nearness(&ba) - 1.0).abs() < 1e-9);
        let other = rows(&["怎么", "下雨"]);
        assert!(ab.nearness(&other) < 0.9);
        assert_eq!(ab.nearness(&other).to_bits(), other.nearness(&ab).to_bits());
        assert!(ab.nearness(&rows(&[])) < 1e-9);
    }

    #[test]
    fn near_words_are_near() {
        let near = rows(&["_package"]).nearness(&rows(&["_parcel"]));
        let far = rows(&["_package"]).nearness(&rows(&["_password"]));
        assert!(near > far + 0.2, "{near} {far}");
    }
}
