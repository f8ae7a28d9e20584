//! Requests for a human in words that no lexicon lists: a linear model over pieces of the line, fitted to
//! labelled lines.
//!
//! People ask in more ways than can be written down: of requests by authors who saw no rules, the phrases
//! found four to eight in ten (ACCURACY.md). The model reads lines in which no phrase was found, and says
//! yes only where it is sure; what the lexicon knows, or takes back, it never overrules. The shipped
//! weights are made by `tohuman tune --requests` from labelled lines of this repository.

mod fit;
mod grams;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use fit::fit;
use grams::{PLACES, grams};

const BUILTIN: &str = include_str!("model.toml");

/// Weights of pieces, and from which probability on a line asks.
#[derive(Clone, Debug, PartialEq)]
pub struct AskModel {
    name: String,
    sha256: String,
    threshold: f64,
    bias: f64,
    /// Log-odds per unit of a weight.
    step: f64,
    weights: Vec<i8>,
}

/// The file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// Name, as reports print it.
    name: String,
    /// From this probability on.
    threshold: f64,
    /// Log-odds of a line without pieces.
    bias: f64,
    /// Log-odds per unit of a weight.
    step: f64,
    /// One weight for each place, two hexadecimal digits of a byte with a sign.
    grams: String,
}

/// Of a line of so many pieces each counts this much: a line has length 1.
#[expect(clippy::cast_precision_loss, reason = "pieces of a message")]
fn share(pieces: usize) -> f64 {
    1.0 / (pieces.max(1) as f64).sqrt()
}

impl AskModel {
    /// The shipped model.
    ///
    /// # Panics
    /// Never: the file is part of the program and tried by the tests.
    #[must_use]
    #[expect(clippy::expect_used, reason = "shipped with the program")]
    pub fn builtin() -> Self {
        Self::from_toml(BUILTIN).expect("the shipped model can be read")
    }

    /// Weights in steps of eight bits, as a file holds them.
    #[expect(clippy::expect_used, reason = "what is written can be read")]
    fn rounded(name: &str, threshold: f64, bias: f64, weights: &[f64]) -> Self {
        let largest = weights.iter().fold(0.0_f64, |most, w| most.max(w.abs()));
        let step = largest / f64::from(i8::MAX);
        #[expect(clippy::cast_possible_truncation, reason = "at most 127 either way")]
        let weights = weights.iter().map(|w| (w / step).round() as i8).collect();
        let (name, sha256) = (name.to_owned(), String::new());
        let exact = Self { name, sha256, threshold, bias, step, weights };
        Self::from_toml(&exact.to_toml()).expect("as written")
    }

    /// Reads a model file.
    ///
    /// # Errors
    /// One line: no TOML, or not what `tune --requests` writes.
    pub fn from_toml(text: &str) -> Result<Self, String> {
        let file: File = toml::from_str(text).map_err(|e| e.to_string().replace('\n', " "))?;
        let weights: Option<Vec<i8>> = file
            .grams
            .as_bytes()
            .chunks(2)
            .map(|two| {
                let two = std::str::from_utf8(two).ok().filter(|two| two.len() == 2)?;
                u8::from_str_radix(two, 16).ok().map(u8::cast_signed)
            })
            .collect();
        let weights = weights.filter(|w| w.len() == PLACES);
        let Some(weights) = weights else {
            return Err(format!("grams: {PLACES} weights of two hexadecimal digits are wanted"));
        };
        let sane = file.bias.is_finite() && file.step.is_finite();
        if !sane || !(0.0..=1.0).contains(&file.threshold) {
            return Err("a figure is no number, or the threshold is not between 0 and 1".to_owned());
        }
        let File { name, threshold, bias, step, .. } = file;
        Ok(Self { name, sha256: hash(text), threshold, bias, step, weights })
    }

    /// The file.
    #[must_use]
    pub fn to_toml(&self) -> String {
        use std::fmt::Write as _;
        let grams = self.weights.iter().fold(String::new(), |mut hex, weight| {
            // Writing to a String cannot fail.
            let _ = write!(hex, "{:02x}", weight.cast_unsigned());
            hex
        });
        let Self { name, threshold, bias, step, .. } = self;
        let name = toml::Value::String(name.clone());
        format!(
            "# How requests for a human read that no lexicon lists. Written by `tohuman tune --requests`.\n\
             name = {name}\nthreshold = {threshold:?}\nbias = {bias:.6}\nstep = {step:.9}\ngrams = \"{grams}\"\n"
        )
    }

    /// Its name, and the SHA-256 of its bytes.
    #[must_use]
    pub fn hash(&self) -> (&str, &str) {
        (&self.name, &self.sha256)
    }

    /// How likely a normalised line asks for a human, 0 to 1.
    #[must_use]
    pub fn probability(&self, plain: &str) -> f64 {
        let pieces = grams(plain);
        let sum: i32 = pieces.iter().map(|p| i32::from(self.weights[usize::from(*p)])).sum();
        let odds = f64::from(sum) * self.step * share(pieces.len()) + self.bias;
        1.0 / (1.0 + (-odds).exp())
    }

    /// Whether it counts as asking.
    #[must_use]
    pub fn asks(&self, plain: &str) -> bool {
        self.probability(plain) >= self.threshold
    }

    /// The part of a line that asks: the likeliest between two marks.
    #[must_use]
    pub fn phrase<'t>(&self, plain: &'t str) -> &'t str {
        let parts =
            plain.split([',', '.', '?', '#']).map(str::trim).filter(|part| !part.is_empty());
        // The first of equals.
        parts
            .map(|part| (part, self.probability(part)))
            .reduce(|best, next| if next.1 > best.1 { next } else { best })
            .map_or(plain, |(part, _)| part)
    }
}

fn hash(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().fold(String::new(), |hex, b| format!("{hex}{b:02x}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_holds_the_model() {
        let model = AskModel::builtin();
        let again = AskModel::from_toml(&model.to_toml()).expect("as written");
        assert_eq!(again.to_toml(), model.to_toml());
        assert_eq!(model.to_toml(), BUILTIN, "shipped as `tune` writes it");
        for broken in ["", "bias = 1", &BUILTIN.replace("grams = \"", "grams = \"0")] {
            assert!(AskModel::from_toml(broken).is_err());
        }
    }

    #[test]
    fn asking_and_not_asking() {
        let model = AskModel::builtin();
        for text in ["怎么退款", "where is my order", "", "我的快递呢"] {
            assert!(!model.asks(text), "{text}");
        }
        assert_eq!(model.phrase("订单没到,给我换个人来说,谢谢"), "给我换个人来说");
    }
}
