//! How likely a telling says an earlier one again. Likeness of words alone cannot tell: people say the
//! same with no word in common, and ask the next thing in the same words. What stands between decides
//! with it: whether the reply failed, was the same as before, spoke of something else; whether the
//! customer insists, corrects, takes up the reply or opens another question.
//!
//! A logistic model over some sixty readings of that kind. Its weights are in `model.toml`, made
//! by `tohuman tune` from labelled conversations of this repository (the odd half; the even half judges
//! them, ACCURACY.md). A desk's own labels give its own weights the same way.

mod features;
mod fit;
mod replied;
mod seen;
mod told;

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub(crate) use self::features::{Against, Pairs, Scene};
pub use self::features::{FEATURES, Features};
pub use self::fit::{Sample, fit};
pub use self::seen::ReadReply;
pub(crate) use self::seen::Seen;
pub use self::told::{Reply, Told};

const BUILTIN: &str = include_str!("model.toml");

/// Weights of the readings, and from which probability on a telling counts as said again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RetoldModel {
    /// Name, as reports print it.
    pub name: String,
    /// From this probability on.
    pub threshold: f64,
    /// Log-odds where every reading is 0.
    pub bias: f64,
    /// Log-odds per unit of each reading.
    pub weights: std::collections::BTreeMap<String, f64>,
    /// SHA-256 of the file it was read from.
    #[serde(skip)]
    pub sha256: String,
    /// The weights in the order of the readings, found at first use.
    #[serde(skip)]
    ordered: Ordered,
}

/// Weights in the order of [`FEATURES`]; they say nothing that `weights` does not.
#[derive(Clone, Debug, Default)]
struct Ordered(OnceLock<[f64; FEATURES.len()]>);

impl PartialEq for Ordered {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl RetoldModel {
    /// The shipped model.
    ///
    /// # Panics
    /// Never: the file is part of the program and tried by the tests.
    #[must_use]
    #[expect(clippy::expect_used, reason = "shipped with the program")]
    pub fn builtin() -> Self {
        Self::from_toml(BUILTIN).expect("the shipped model can be read")
    }

    /// Reads a model.
    ///
    /// # Errors
    /// One line: no TOML, a weight for a reading that does not exist, or none for one that does.
    pub fn from_toml(text: &str) -> Result<Self, String> {
        let mut model: Self = toml::from_str(text).map_err(|e| e.to_string().replace('\n', " "))?;
        if let Some(name) = model.weights.keys().find(|n| !FEATURES.contains(&n.as_str())) {
            return Err(format!("[weights] {name}: no such reading"));
        }
        if let Some(name) = FEATURES.iter().find(|n| !model.weights.contains_key(**n)) {
            return Err(format!("[weights] {name} is missing"));
        }
        let finite = model.weights.values().chain([&model.bias]).all(|w| w.is_finite());
        if !finite || !(0.0..=1.0).contains(&model.threshold) {
            return Err("a weight is no number, or the threshold is not between 0 and 1".to_owned());
        }
        model.sha256 = Sha256::digest(text.as_bytes())
            .iter()
            .fold(String::new(), |hash, byte| format!("{hash}{byte:02x}"));
        Ok(model)
    }

    /// How likely the telling says the other again, 0 to 1.
    #[must_use]
    pub fn probability(&self, features: &Features) -> f64 {
        let weight = |name| self.weights.get(name).copied().unwrap_or(0.0);
        let weights = self.ordered.0.get_or_init(|| FEATURES.map(weight));
        let odds =
            weights.iter().zip(features.0).map(|(weight, value)| weight * value).sum::<f64>();
        1.0 / (1.0 + (-(self.bias + odds)).exp())
    }

    /// Whether it counts as said again.
    #[must_use]
    pub fn is_again(&self, features: &Features) -> bool {
        self.probability(features) >= self.threshold
    }
}
