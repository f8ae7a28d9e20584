//! What a rule saw, and where. No number stands without findings under it.

use serde::{Deserialize, Serialize};

/// Whether the export itself says so, or the tool read it off words and sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// An event, kind or code of the export; a sender column makes "a human spoke" explicit.
    Explicit,
    /// Read off sequence and words, those of system lines too.
    Inferred,
}

impl Evidence {
    /// The name in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Explicit => "explicit",
            Self::Inferred => "inferred",
        }
    }

    /// The evidence of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Explicit, Self::Inferred].into_iter().find(|e| e.name() == name)
    }
}

macro_rules! rules {
    ($($(#[$doc:meta])* $variant:ident = $id:literal,)*) => {
        /// The rules, by their stable kebab-case id.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Rule { $($(#[$doc])* $variant,)* }

        impl Rule {
            /// All rules in the order of the definition.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];
            /// The stable id.
            #[must_use]
            pub const fn id(self) -> &'static str { match self { $(Self::$variant => $id,)* } }
        }
    };
}

rules! {
    /// A customer message or event that asks for a human now.
    TransferRequest = "transfer-request",
    /// Asking again, or for the wait, while an attempt is pending.
    Nudge = "nudge",
    /// "Are you a robot?"
    HumanCheck = "human-check",
    /// Asking a human for their superior.
    SupervisorRequest = "supervisor-request",
    /// An attempt that no human message follows (matched: how it failed).
    FailedAttempt = "failed-attempt",
    /// The desk offered or promised a human.
    TransferOffer = "transfer-offer",
    /// The first sign of queueing (a promise to connect is none).
    Queued = "queued",
    /// An agent joined.
    Connected = "connected",
    /// The first message after a join that the desk's machine wrote.
    AutomaticGreeting = "automatic-greeting",
    /// The human message that ends an episode.
    HumanSpoke = "human-spoke",
    /// The outcome, at the message that decides it (matched: the outcome).
    OutcomeDecided = "outcome",
    /// The bot asks for the problem first or offers self-service instead of a human.
    Deflection = "deflection",
    /// The bot says it did not understand.
    Fallback = "fallback",
    /// The same bot reply again.
    BotRepetition = "bot-repetition",
    /// The same request again in other words.
    Rephrase = "rephrase",
    /// The same request again in the same words.
    Repeat = "repeat",
    /// A cycle of customer and bot turns of the same meaning, three times or more.
    Loop = "loop",
    /// Telling the human what the bot was told.
    ContextLoss = "context-loss",
    /// The customer gave up at the bot without asking for a human.
    LeftUnasked = "left-unasked",
}

/// One finding. The indices point into `Conversation::messages`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Which rule.
    pub rule: Rule,
    /// Index of the message in the ordered conversation, from 0 (files print it from 1).
    pub message: usize,
    /// Explicit or inferred.
    pub evidence: Evidence,
    /// The phrase, cue or value that matched, unmasked; masked when printed.
    pub matched: String,
}
