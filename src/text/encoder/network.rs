//! The network: a vector per piece, three convolutions over two, three and five pieces in a row, their mean,
//! and four dense layers on it.

use super::DIMS;
use super::matrix::{Matrix, add, normalise, rectify};
use super::npy::Npz;

/// Numbers that one convolution gives.
const WIDTH: usize = 256;
/// Numbers of a dense layer between.
const HIDDEN: usize = 320;
/// Of each convolution: pieces in a row, and how many of them stand before the one in question.
const WINDOWS: [(usize, usize); 3] = [(2, 0), (3, 1), (5, 2)];
/// Numbers of a piece: its own, and those of the convolutions.
const FEATURES: usize = DIMS + WINDOWS.len() * WIDTH;

/// The vectors of pieces lie in so many blocks, each scaled for itself: piece i is row i / 17 of block i % 17.
const BLOCKS: usize = 17;
const BLOCK_ROWS: usize = 7530;

/// A layer with its bias.
#[derive(Debug)]
struct Layer {
    weights: Matrix,
    bias: Vec<f32>,
}

impl Layer {
    fn run(&self, rows: &[f32]) -> Vec<f32> {
        let mut out = self.weights.times(rows);
        add(&mut out, &self.bias);
        out
    }
}

/// Scale and shift of a normalisation.
#[derive(Debug)]
struct Norm {
    scale: Vec<f32>,
    shift: Vec<f32>,
}

/// Two layers over a window of pieces.
#[derive(Debug)]
struct Convolution {
    first: Layer,
    second: Layer,
}

/// All weights.
#[derive(Debug)]
pub(super) struct Network {
    blocks: Vec<Vec<u8>>,
    scale: Vec<f32>,
    low: Vec<f32>,
    project: Layer,
    projected: Norm,
    convolutions: Vec<Convolution>,
    features: Norm,
    out: Layer,
    dense: [Matrix; 4],
    across: [Matrix; 2],
    least: f32,
}

/// Numbers of several matrices with as many rows, side by side.
fn side_by_side(parts: &[Vec<f32>], each: usize) -> Vec<f32> {
    let rows = parts.first().map_or(0, |part| part.len() / each);
    (0..rows)
        .flat_map(|r| parts.iter().flat_map(move |part| &part[r * each..(r + 1) * each]))
        .copied()
        .collect()
}

impl Network {
    /// Reads `weights.npz`.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, String> {
        let mut npz = Npz::new(bytes)?;
        let blocks = (1..=BLOCKS)
            .map(|i| npz.bytes(&format!("q{i}"), &[BLOCK_ROWS, DIMS]))
            .collect::<Result<_, _>>()?;
        let orders = WINDOWS.map(|(pieces, _)| pieces);
        let mut three = |name: &str, shape: &[usize]| -> Result<Vec<Vec<f32>>, String> {
            orders.iter().map(|n| npz.floats(&format!("{name}{n}"), shape)).collect()
        };
        let project = Layer {
            weights: Matrix::new(
                DIMS,
                orders.len() * WIDTH,
                &side_by_side(&three("proj", &[DIMS, WIDTH])?, WIDTH),
            ),
            bias: three("proj_b", &[WIDTH])?.concat(),
        };
        let projected = Norm {
            scale: three("ln_g", &[WIDTH])?.concat(),
            shift: three("ln_b", &[WIDTH])?.concat(),
        };
        let mut layer = |n: usize, which: u8| -> Result<Layer, String> {
            let inputs = n * WIDTH;
            let weights = npz.floats(&format!("w{which}_{n}"), &[inputs, WIDTH])?;
            let bias = npz.floats(&format!("b{which}_{n}"), &[WIDTH])?;
            Ok(Layer { weights: Matrix::new(inputs, WIDTH, &weights), bias })
        };
        let convolutions = orders
            .iter()
            .map(|n| Ok(Convolution { first: layer(*n, 1)?, second: layer(*n, 2)? }))
            .collect::<Result<_, String>>()?;
        let mut matrix = |name: &str, inputs: usize, outputs: usize| -> Result<Matrix, String> {
            Ok(Matrix::new(inputs, outputs, &npz.floats(name, &[inputs, outputs])?))
        };
        let out = matrix("cnn_W", FEATURES, DIMS)?;
        let dense = [
            matrix("d0", DIMS, HIDDEN)?,
            matrix("d1", HIDDEN, HIDDEN)?,
            matrix("d2", HIDDEN, DIMS)?,
            matrix("d3", DIMS, DIMS)?,
        ];
        let across = [matrix("p1", DIMS, HIDDEN)?, matrix("p3", HIDDEN, DIMS)?];
        Ok(Self {
            blocks,
            scale: npz.floats("scale", &[BLOCKS])?,
            low: npz.floats("lo", &[BLOCKS])?,
            project,
            projected,
            convolutions,
            features: Norm {
                scale: npz.floats("ln_g", &[FEATURES])?,
                shift: npz.floats("ln_b", &[FEATURES])?,
            },
            out: Layer { weights: out, bias: npz.floats("cnn_b", &[DIMS])? },
            dense,
            across,
            least: npz.floats("eps", &[])?.first().copied().unwrap_or(0.0),
        })
    }

    /// Pieces that there are vectors for.
    #[expect(clippy::unused_self, reason = "the count of this network, which a reader has checked")]
    pub(super) const fn rows(&self) -> usize {
        BLOCKS * BLOCK_ROWS
    }

    /// The vectors of the pieces, one after the other.
    fn embed(&self, ids: &[u32]) -> Vec<f32> {
        let row = |id: &u32| {
            let (block, row) = (*id as usize % BLOCKS, *id as usize / BLOCKS);
            let (scale, low) = (self.scale[block], self.low[block]);
            self.blocks[block][row * DIMS..(row + 1) * DIMS]
                .iter()
                .map(move |byte| f32::from(*byte) * scale + low)
        };
        ids.iter().flat_map(row).collect()
    }

    /// The vector of a text of these pieces (one at least), of length 1.
    pub(super) fn run(&self, ids: &[u32]) -> Vec<f32> {
        let embedded = self.embed(ids);
        let mut projected = self.project.run(&embedded);
        normalise(&mut projected, &self.projected.scale, &self.projected.shift, self.least);
        let mut features = vec![0.0; ids.len() * FEATURES];
        put(&mut features, FEATURES, 0, &embedded, DIMS);
        for (i, (convolution, (pieces, before))) in
            self.convolutions.iter().zip(WINDOWS).enumerate()
        {
            let mut part: Vec<f32> = projected
                .chunks_exact(WINDOWS.len() * WIDTH)
                .flat_map(|row| &row[i * WIDTH..(i + 1) * WIDTH])
                .copied()
                .collect();
            for layer in [&convolution.first, &convolution.second] {
                let mut next = layer.run(&windows(&part, pieces, before));
                rectify(&mut next);
                add_each(&mut next, &part);
                part = next;
            }
            put(&mut features, FEATURES, DIMS + i * WIDTH, &part, WIDTH);
        }
        normalise(&mut features, &self.features.scale, &self.features.shift, self.least);
        self.sentence(&features, ids.len())
    }

    /// From the numbers of the pieces to those of the sentence.
    fn sentence(&self, features: &[f32], pieces: usize) -> Vec<f32> {
        let mut sum = vec![0.0; FEATURES];
        features.chunks_exact(FEATURES).for_each(|row| add_each(&mut sum, row));
        let mut mean = self.out.weights.times(&sum);
        #[expect(clippy::cast_precision_loss, reason = "a few hundred pieces")]
        let pieces = pieces as f32;
        let root = pieces.sqrt();
        mean.iter_mut().zip(&self.out.bias).for_each(|(x, b)| *x = (*x + pieces * b) / root);
        let [d0, d1, d2, d3] = &self.dense;
        let [p1, p3] = &self.across;
        let mut first = d0.times(&mean);
        rectify(&mut first);
        let mut second = p1.times(&mean);
        add_each(&mut second, &d1.times(&first));
        rectify(&mut second);
        let mut third = d2.times(&second);
        rectify(&mut third);
        let mut out = p3.times(&second);
        add_each(&mut out, &d3.times(&third));
        out.iter_mut().for_each(|x| *x = x.tanh());
        let length = out.iter().map(|x| x * x).sum::<f32>().max(self.least).sqrt();
        out.iter_mut().for_each(|x| *x /= length);
        debug_assert_eq!(out.len(), d3.outputs());
        out
    }
}

fn add_each(to: &mut [f32], from: &[f32]) {
    to.iter_mut().zip(from).for_each(|(a, b)| *a += b);
}

/// Lays rows of `width` numbers into rows of `wide`, from a column on.
fn put(to: &mut [f32], wide: usize, column: usize, from: &[f32], width: usize) {
    for (to, from) in to.chunks_exact_mut(wide).zip(from.chunks_exact(width)) {
        to[column..column + width].copy_from_slice(from);
    }
}

/// For each row the rows around it, side by side; beyond both ends noughts.
fn windows(rows: &[f32], pieces: usize, before: usize) -> Vec<f32> {
    let mut padded = vec![0.0; before * WIDTH];
    padded.extend(rows);
    padded.resize(padded.len() + (pieces - 1 - before) * WIDTH, 0.0);
    let wide = pieces * WIDTH;
    (0..rows.len() / WIDTH).flat_map(|t| &padded[t * WIDTH..t * WIDTH + wide]).copied().collect()
}
