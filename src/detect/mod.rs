//! Conversation -> findings. A finding depends on its conversation and the named lexicons only.
//!
//! `reading` gives every row its meaning, `journey` follows the customer to a human, `tellings`
//! follows the issue told; each rule file turns a part of that into findings. To add a rule: one
//! file and one line in [`RULES`].

mod bot_repetition;
pub mod claims;
mod context_loss;
mod deflection;
mod ending;
mod fallback;
mod issue;
pub mod journey;
pub mod left_unasked;
mod loops;
pub mod overruled;
pub mod reading;
mod retelling;
pub mod retold;
mod signs;
pub mod tellings;
mod transfer;
mod verdict;

pub use journey::{Attempt, Episode, Journey, QueueSpell};
pub use reading::{Line, Reading};
pub use retold::RetoldModel;
pub use tellings::Tellings;

use crate::model::{Conversation, Evidence, Finding, Rule};
use crate::text::memo::Memo;
use crate::text::{Lexicons, Prepared, Similarity};

/// What the rules may look at beside the conversation: the named, hashed models.
#[derive(Debug)]
pub struct Detector {
    /// Phrases by meaning.
    pub lexicons: Lexicons,
    /// How alike two messages are.
    pub similarity: Similarity,
    /// How likely a telling says an earlier one again.
    pub retold: RetoldModel,
    /// Replies, ready to be compared.
    replies: Memo<u8, retold::ReadReply>,
    /// The bot's lines, masked, ready to be compared.
    prepared: Memo<u8, Prepared>,
}

impl Detector {
    /// A detector with these models.
    #[must_use]
    pub fn new(lexicons: Lexicons, similarity: Similarity, retold: RetoldModel) -> Self {
        let (replies, prepared) = (Memo::default(), Memo::default());
        Self { lexicons, similarity, retold, replies, prepared }
    }

    /// Name of each model that findings depend on and the SHA-256 of its bytes, in hexadecimal.
    #[must_use]
    pub fn models(&self) -> std::collections::BTreeMap<String, String> {
        let mut models = self.lexicons.hashes();
        models.extend(self.similarity.hashes());
        models.insert(format!("retold {}", self.retold.name), self.retold.sha256.clone());
        models
    }
}

/// A conversation with everything that was seen in it.
#[derive(Debug)]
pub struct Detection<'a> {
    /// Its rows with their meanings.
    pub reading: Reading<'a>,
    /// Requests, attempts, episodes, outcome.
    pub journey: Journey,
    /// Issues told and told again.
    pub tellings: Tellings,
    /// All findings, by message, then rule.
    pub findings: Vec<Finding>,
}

/// What a rule sees.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'a> {
    /// Rows with their meanings.
    pub reading: &'a Reading<'a>,
    /// Requests, attempts, episodes, outcome.
    pub journey: &'a Journey,
    /// Issues told and told again.
    pub tellings: &'a Tellings,
    /// How alike two messages are.
    pub similarity: &'a Similarity,
    /// The bot's lines, masked, ready to be compared.
    prepared: &'a Memo<u8, Prepared>,
}

/// A rule adds its findings.
pub type RuleFn = fn(Scene<'_>, &mut Vec<Finding>);

/// Every rule file, in the order of the definition.
pub const RULES: &[RuleFn] = &[
    transfer::find,
    deflection::find,
    fallback::find,
    bot_repetition::find,
    retelling::find,
    loops::find,
    context_loss::find,
    left_unasked::find,
];

impl Detector {
    /// Everything seen in one conversation.
    #[must_use]
    pub fn detect<'a>(&self, conversation: &'a Conversation) -> Detection<'a> {
        self.detect_without(conversation, &[])
    }

    /// The same without findings that a person judged wrong: what follows from them is found anew.
    #[must_use]
    pub fn detect_without<'a>(
        &self,
        conversation: &'a Conversation,
        wrong: &[(Rule, usize)],
    ) -> Detection<'a> {
        let wrong = &wrong.iter().copied().collect();
        let mut reading = Reading::new(conversation, &self.lexicons);
        overruled::unread(&mut reading, wrong);
        let journey = journey::follow(&reading);
        let mut tellings = tellings::follow(&reading, &journey, self);
        overruled::untell(&mut tellings, wrong);
        let mut findings = Vec::new();
        let scene = Scene {
            reading: &reading,
            journey: &journey,
            tellings: &tellings,
            similarity: &self.similarity,
            prepared: &self.prepared,
        };
        for rule in RULES {
            rule(scene, &mut findings);
        }
        findings.retain(|finding| !wrong.contains(&(finding.rule, finding.message)));
        findings
            .sort_by(|a, b| (a.message, a.rule, &a.matched).cmp(&(b.message, b.rule, &b.matched)));
        Detection { reading, journey, tellings, findings }
    }
}

/// A finding read off words or sequence.
pub(crate) fn inferred(rule: Rule, message: usize, matched: impl Into<String>) -> Finding {
    Finding { rule, message, evidence: Evidence::Inferred, matched: matched.into() }
}
