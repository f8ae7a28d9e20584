//! Products of matrices, in plain Rust. Each sum runs over its terms in order, so that a row gives the same
//! numbers whatever rows stand beside it; columns are taken eight at a time, which compilers turn into vectors.

/// Columns taken together.
const WIDE: usize = 8;
/// Rows taken together.
const HIGH: usize = 4;

/// The right-hand side of products: `inputs` rows, `outputs` columns (a multiple of [`WIDE`]).
#[derive(Debug)]
pub(super) struct Matrix {
    inputs: usize,
    outputs: usize,
    /// Bands of eight columns, each row by row.
    bands: Vec<[f32; WIDE]>,
}

impl Matrix {
    /// From numbers row by row; their count is a product of the two sizes.
    pub(super) fn new(inputs: usize, outputs: usize, rows: &[f32]) -> Self {
        let bands = (0..outputs / WIDE)
            .flat_map(|band| {
                rows.chunks_exact(outputs).map(move |row| row.as_chunks::<WIDE>().0[band])
            })
            .collect();
        Self { inputs, outputs, bands }
    }

    /// Columns.
    pub(super) const fn outputs(&self) -> usize {
        self.outputs
    }

    /// Rows of `inputs` numbers -> rows of `outputs` numbers.
    pub(super) fn times(&self, rows: &[f32]) -> Vec<f32> {
        let mut out = vec![0.0; rows.len() / self.inputs * self.outputs];
        let groups = rows.chunks(HIGH * self.inputs).zip(out.chunks_mut(HIGH * self.outputs));
        for (rows, out) in groups {
            if rows.len() == HIGH * self.inputs {
                let mut each = rows.chunks_exact(self.inputs);
                let rows: [&[f32]; HIGH] = std::array::from_fn(|_| each.next().unwrap_or_default());
                self.group(rows, out);
            } else {
                let singles =
                    rows.chunks_exact(self.inputs).zip(out.chunks_exact_mut(self.outputs));
                singles.for_each(|(row, out)| self.group([row], out));
            }
        }
        out
    }

    fn group<const N: usize>(&self, rows: [&[f32]; N], out: &mut [f32]) {
        for (at, band) in self.bands.chunks_exact(self.inputs).enumerate() {
            let mut sums = [[0.0_f32; WIDE]; N];
            for (k, weights) in band.iter().enumerate() {
                for (sums, row) in sums.iter_mut().zip(rows) {
                    let x = row[k];
                    for (sum, weight) in sums.iter_mut().zip(weights) {
                        *sum += x * weight;
                    }
                }
            }
            for (sums, out) in sums.iter().zip(out.chunks_exact_mut(self.outputs)) {
                out[at * WIDE..(at + 1) * WIDE].copy_from_slice(sums);
            }
        }
    }
}

/// Adds the same numbers to each row.
pub(super) fn add(rows: &mut [f32], bias: &[f32]) {
    for row in rows.chunks_exact_mut(bias.len()) {
        row.iter_mut().zip(bias).for_each(|(x, b)| *x += b);
    }
}

/// What is below nought becomes nought.
pub(super) fn rectify(rows: &mut [f32]) {
    rows.iter_mut().for_each(|x| *x = x.max(0.0));
}

/// Each row to mean 0 and variance 1, then scaled and shifted by column.
pub(super) fn normalise(rows: &mut [f32], scale: &[f32], shift: &[f32], least: f32) {
    #[expect(clippy::cast_precision_loss, reason = "a thousand columns")]
    let columns = scale.len() as f32;
    for row in rows.chunks_exact_mut(scale.len()) {
        let mean = row.iter().sum::<f32>() / columns;
        row.iter_mut().for_each(|x| *x -= mean);
        let variance = row.iter().map(|x| x * x).sum::<f32>() / columns;
        let by = 1.0 / (variance + least).sqrt();
        for ((x, scale), shift) in row.iter_mut().zip(scale).zip(shift) {
            *x = *x * by * scale + shift;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::cast_precision_loss, reason = "small numbers")]
    fn a_product_by_hand_whatever_stands_beside() {
        let (inputs, outputs) = (3, 16);
        let weights: Vec<f32> = (0..inputs * outputs).map(|i| (i % 7) as f32 - 3.0).collect();
        let matrix = Matrix::new(inputs, outputs, &weights);
        let rows: Vec<f32> = (0..5 * inputs).map(|i| i as f32 * 0.5).collect();
        let together = matrix.times(&rows);
        for (i, row) in rows.chunks(inputs).enumerate() {
            let alone = matrix.times(row);
            for j in 0..outputs {
                let by_hand: f32 = (0..inputs).map(|k| row[k] * weights[k * outputs + j]).sum();
                assert!((alone[j] - by_hand).abs() < 1e-6);
                assert_eq!(alone[j].to_bits(), together[i * outputs + j].to_bits());
            }
        }
    }

    #[test]
    fn rows_are_normalised() {
        let mut rows = [1.0, 3.0, -5.0, 5.0];
        normalise(&mut rows, &[1.0, 2.0], &[0.0, 1.0], 0.0);
        for (x, wanted) in rows.iter().zip([-1.0, 3.0, -1.0, 3.0]) {
            assert!((x - wanted).abs() < 1e-6);
        }
    }
}
