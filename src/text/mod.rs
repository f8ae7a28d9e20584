//! Language: normalising, lexicons, similarity. Knows no conversations: every reading needs the
//! text and who wrote it, nothing else. What depends on what went before (a nudge while a request
//! is pending, a supervisor asked of a bot) is decided by the stages that call this one.

pub mod asking;
mod cell;
pub mod cue;
pub mod cues;
pub mod desk;
pub mod encoder;
mod hash_key;
pub mod lexicon;
pub mod memo;
pub mod normalise;
pub mod overlap;
mod privacy;
pub mod quantity;
pub mod redact;
pub mod similarity;
mod traditional;
mod trie;
pub mod words;

pub use asking::AskModel;
pub use cell::{harmless, plain};
pub use cue::{Cue, CueHit, Side};
pub use cues::{Cues, is_request};
pub use desk::DeskModel;
pub use encoder::Encoder;
pub use hash_key::HashKey;
pub use lexicon::{LexiconError, Lexicons};
pub use normalise::{mask, normalise};
pub use privacy::{KeepText, Privacy};
pub use quantity::{Measure, Quantity, Said, quantities};
pub use redact::redact;
pub use similarity::{Compared, Outline, OwnWeights, Prepared, Similarity, Together};
pub use words::{Amount, Words};
