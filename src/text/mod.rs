//! Language: normalising, lexicons, similarity. Knows no conversations.

pub mod cue;

pub use cue::{Cue, CueHit, Side};
