//! Complaints about reaching a human, read off the narrative (METRICS, section 6). A complaint is
//! a claim, not a finding: the phrase is counted, nothing is inferred from it.

use crate::text::{Cue, Lexicons, Side};

/// The phrase that tells of not reaching a human, if the text has one.
#[must_use]
pub fn about_reaching_human(text: &str, lexicons: &Lexicons) -> Option<String> {
    lexicons.read(text, Side::Customer).get(Cue::CannotReachHuman).map(str::to_owned)
}
