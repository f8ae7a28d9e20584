//! Language: normalising, lexicons, similarity. Knows no conversations: every reading needs the
//! text and who wrote it, nothing else. What depends on what went before (a nudge while a request
//! is pending, a supervisor asked of a bot) is decided by the stages that call this one.

pub mod cue;
pub mod cues;
pub mod desk;
pub mod lexicon;
pub mod memo;
pub mod normalise;
pub mod overlap;
mod pseudonym;
pub mod quantity;
pub mod similarity;
mod traditional;
pub mod words;

pub use cue::{Cue, CueHit, Side};
pub use cues::{Cues, is_request};
pub use desk::DeskModel;
pub use lexicon::{LexiconError, Lexicons};
pub use normalise::{mask, normalise, redact};
pub use pseudonym::pseudonym;
pub use quantity::{Measure, Quantity, Said, quantities};
pub use similarity::{Compared, Outline, OwnWeights, Prepared, Similarity};
pub use words::{Amount, Words};
