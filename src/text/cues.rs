//! What one line was found to do, and the one rule that says whether it asks for a human.

use super::cue::{Cue, CueHit};

/// The meanings of one line: at most one hit for each, in the order of [`Cue::ALL`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cues {
    hits: Vec<CueHit>,
}

impl Cues {
    /// Keeps the first hit of each meaning.
    pub(crate) fn new(mut hits: Vec<CueHit>) -> Self {
        // Stable: of two hits with one meaning the one found first stays.
        hits.sort_by_key(|h| h.cue);
        hits.dedup_by_key(|h| h.cue);
        Self { hits }
    }

    /// Adds a meaning that was not found yet.
    pub(crate) fn add(&mut self, hit: CueHit) {
        if !self.has(hit.cue) {
            self.hits.push(hit);
            self.hits.sort_by_key(|h| h.cue);
        }
    }

    /// Takes a meaning away.
    pub fn remove(&mut self, cue: Cue) {
        self.hits.retain(|hit| hit.cue != cue);
    }

    /// Whether the line has this meaning.
    #[must_use]
    pub fn has(&self, cue: Cue) -> bool {
        self.get(cue).is_some()
    }

    /// The phrase that gave the line this meaning, normalised.
    #[must_use]
    pub fn get(&self, cue: Cue) -> Option<&str> {
        self.hits.iter().find(|h| h.cue == cue).map(|h| h.matched.as_str())
    }

    /// All hits.
    pub fn iter(&self) -> impl Iterator<Item = &CueHit> {
        self.hits.iter()
    }

    /// Whether nothing was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.hits.is_empty()
    }
}

/// Whether a customer's line, read alone, asks for a human: a request that no veto took back, or
/// a superior asked for. Once a human has answered, the second is a supervisor request and no
/// request (METRICS.md, 3): a stage that knows the conversation then looks at
/// [`Cue::Request`] alone.
#[must_use]
pub fn is_request(cues: &Cues) -> bool {
    cues.has(Cue::Request) || cues.has(Cue::SupervisorRequest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hit(cue: Cue, matched: &str) -> CueHit {
        CueHit { cue, matched: matched.into() }
    }

    #[test]
    fn first_hit_of_a_meaning_stays() {
        let cues =
            Cues::new(vec![hit(Cue::Thanks, "a"), hit(Cue::Request, "b"), hit(Cue::Thanks, "c")]);
        assert_eq!(cues.get(Cue::Thanks), Some("a"));
        assert_eq!(cues.iter().count(), 2);
    }

    #[test]
    fn superior_is_a_request_human_check_is_none() {
        assert!(is_request(&Cues::new(vec![hit(Cue::SupervisorRequest, "x")])));
        assert!(!is_request(&Cues::new(vec![hit(Cue::HumanCheck, "x")])));
    }
}
