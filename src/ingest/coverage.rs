//! What a source can show: declared by the mapping, given by the format, or read off the senders
//! and columns of the source as a whole.

use super::Mapping;
use super::tally::Tally;
use crate::model::{Coverage, Kind, Sender, Shows};

/// Decides after a source was read.
pub(super) fn decide(
    by_format: Option<Coverage>,
    mapping: Option<&Mapping>,
    seen: SeenSenders,
    has_events: HasEvents,
    tally: &Tally,
) -> Coverage {
    let mut coverage = by_format.unwrap_or_else(|| {
        let shows = |yes: bool| if yes { Shows::Yes } else { Shows::No };
        let system = shows(seen.system || has_events == HasEvents::Yes);
        Coverage {
            bot_replies: shows(seen.bot),
            agent_messages: shows(seen.agent),
            system_lines: system,
            queue: system,
            joins: system,
            leaves: system,
            closes: system,
            times: None,
        }
    });
    // A format that has no humans as a rule: where one spoke, it has.
    if seen.agent {
        coverage.agent_messages = Shows::Yes;
    }
    coverage.times = tally.coarsest;
    if let Some(mapping) = mapping {
        mapping.coverage.over(&mut coverage);
    }
    coverage
}

/// Whether the source has an event column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HasEvents {
    /// It has one.
    Yes,
    /// It has none.
    No,
}

/// The senders that used rows of a source have.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct SeenSenders {
    bot: bool,
    agent: bool,
    system: bool,
}

impl SeenSenders {
    /// Takes a row into account. An agent's event is no message of theirs.
    pub(super) fn add(&mut self, sender: Sender, kind: Kind) {
        let speaks = kind == Kind::Message;
        match sender {
            Sender::Bot => self.bot |= speaks,
            Sender::Agent => self.agent |= speaks,
            Sender::System => self.system = true,
            Sender::Customer | Sender::Unknown => {}
        }
    }
}
