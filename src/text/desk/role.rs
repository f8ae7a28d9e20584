//! What a template of a desk does, and the meaning it gives a line.

use serde::{Deserialize, Serialize};

use crate::text::Cue;

/// What a template does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Says that it did not understand.
    Fallback,
    /// Turns a request for a human aside.
    Deflection,
    /// "Please wait".
    Hold,
    /// Opens the conversation.
    Greeting,
    /// Ends it.
    Closing,
    /// A stage of the conversation that the lexicon reads by itself: queue, join, close, hours.
    Stage,
    /// Answers one matter.
    Answer,
    /// Not clear.
    Unclassified,
}

impl Role {
    /// All roles, in the order of the model file.
    pub const ALL: [Self; 8] = [
        Self::Fallback,
        Self::Deflection,
        Self::Hold,
        Self::Greeting,
        Self::Closing,
        Self::Stage,
        Self::Answer,
        Self::Unclassified,
    ];

    /// The name in model files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fallback => "fallback",
            Self::Deflection => "deflection",
            Self::Hold => "hold",
            Self::Greeting => "greeting",
            Self::Closing => "closing",
            Self::Stage => "stage",
            Self::Answer => "answer",
            Self::Unclassified => "unclassified",
        }
    }

    /// The meaning it gives a line; `None` where it gives none.
    #[must_use]
    pub const fn cue(self) -> Option<Cue> {
        match self {
            Self::Fallback => Some(Cue::Fallback),
            Self::Deflection => Some(Cue::Deflection),
            Self::Hold => Some(Cue::Holding),
            Self::Greeting => Some(Cue::DeskGreeting),
            Self::Closing => Some(Cue::Closing),
            Self::Stage | Self::Answer | Self::Unclassified => None,
        }
    }
}
