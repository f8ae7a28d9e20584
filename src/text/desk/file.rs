//! The model file of a desk: TOML that a person can read and correct.
//!
//! Everything in it is counts, masked bot text and single frequent words; the bytes depend on the
//! log and on the names of model and lexicons, not on paths, clock or order of the logs.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Role;

/// The version of the file that this program reads and writes.
pub const FORMAT: u32 = 1;

/// What stands above the tables of a model file.
const HEADER: &str = "\
# A desk's own templates and word counts, learnt by `tohuman learn` and used by `--model`.
#
# To correct it: change `role`, or add a [[template]] with `role` and `text` alone. `text` is the reply as
# `tohuman` compares it: lower case, simplified, numbers and names as #, one varying part as *. What
# fallback, deflection, hold, greeting and closing say is believed; stage, answer and unclassified change nothing.
# basis: `lexicon` = its words say so; `place` = where it stands and what follows; `none` = not clear.
# Counts are of occurrences unless named otherwise; one that is not there is 0. Any change changes the hash that reports print.

";

/// The whole file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelFile {
    /// Layout of this file: [`FORMAT`].
    pub format: u32,
    /// The desk's name: the stem of the file it was written to.
    pub name: String,
    /// Version of the program that learnt it.
    #[serde(default)]
    pub tohuman: String,
    /// Lexicons it was learnt with: name and SHA-256.
    #[serde(default)]
    pub lexicons: BTreeMap<String, String>,
    /// The logs it was learnt from.
    #[serde(default, rename = "input")]
    pub inputs: Vec<ModelInput>,
    /// Sizes of the log.
    #[serde(default)]
    pub log: LogSize,
    /// The desk's replies.
    #[serde(default, rename = "template")]
    pub templates: Vec<Template>,
    /// Word counts for the similarity.
    #[serde(default)]
    pub weights: Weights,
}

/// One log, by its bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelInput {
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Rows in it.
    pub rows: u64,
}

/// What the counts of the templates are to be held against.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LogSize {
    /// Conversations.
    pub conversations: u64,
    /// Conversations with a line of bot or system.
    pub with_desk_lines: u64,
    /// Lines of bot and system.
    pub desk_lines: u64,
    /// Texts that were forgotten because more than the limit of them differed.
    pub texts_dropped: u64,
    /// Mean likeness of two customers' messages before a Chinese line of the desk.
    pub likeness_zh: Option<f64>,
    /// The same before lines in other scripts.
    pub likeness_other: Option<f64>,
}

/// One reply of the desk.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// What it does.
    pub role: Role,
    /// The reply as compared; `*` stands for one varying part.
    pub text: String,
    /// What the role rests on: `lexicon`, `place` or `none`.
    #[serde(default)]
    pub basis: Basis,
    /// Why, with the figures that decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// The counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Evidence>,
}

/// What a role rests on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The lexicon reads it so.
    Lexicon,
    /// Its place and what follows it.
    Place,
    /// Nothing, or a person's word.
    #[default]
    None,
}

/// Where a template stands and what follows it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Evidence {
    /// Conversations that have it.
    #[serde(skip_serializing_if = "is_zero")]
    pub conversations: u64,
    /// Conversations that have it twice or more.
    #[serde(skip_serializing_if = "is_zero")]
    pub recurs_in: u64,
    /// Occurrences.
    #[serde(skip_serializing_if = "is_zero")]
    pub occurrences: u64,
    /// Of them written by the system, not the bot.
    #[serde(skip_serializing_if = "is_zero")]
    pub by_system: u64,
    /// Different texts that it stands for.
    #[serde(skip_serializing_if = "is_zero")]
    pub texts: u64,
    /// First words of the desk, before or after the customer's first turn.
    #[serde(skip_serializing_if = "is_zero")]
    pub opens: u64,
    /// Of them before the customer said anything.
    #[serde(skip_serializing_if = "is_zero")]
    pub before_customer: u64,
    /// Nobody says anything after it.
    #[serde(skip_serializing_if = "is_zero")]
    pub ends: u64,
    /// After a request for a human, or urging.
    #[serde(skip_serializing_if = "is_zero")]
    pub after_request: u64,
    /// After a customer told something.
    #[serde(skip_serializing_if = "is_zero")]
    pub after_telling: u64,
    /// After a customer's bare greeting.
    #[serde(skip_serializing_if = "is_zero")]
    pub after_greeting: u64,
    /// After thanks or goodbye.
    #[serde(skip_serializing_if = "is_zero")]
    pub after_thanks: u64,
    /// The bot says more before the customer does.
    #[serde(skip_serializing_if = "is_zero")]
    pub then_more: u64,
    /// A queue, join or human message comes before the customer's next turn.
    #[serde(skip_serializing_if = "is_zero")]
    pub then_human: u64,
    /// The customer's next turn asks for a human.
    #[serde(skip_serializing_if = "is_zero")]
    pub then_request: u64,
    /// Of them: a queue, join or human message comes after that.
    #[serde(skip_serializing_if = "is_zero")]
    pub then_request_through: u64,
    /// The customer's next turn says much the same as the turn before.
    #[serde(skip_serializing_if = "is_zero")]
    pub then_retold: u64,
    /// The customer's next turn tells something else.
    #[serde(skip_serializing_if = "is_zero")]
    pub then_told: u64,
    /// The customer's next turn is thanks or goodbye.
    #[serde(skip_serializing_if = "is_zero")]
    pub then_thanks: u64,
    /// Mean likeness of two of the customers' messages before it, of different conversations.
    pub likeness: Option<f64>,
    /// Meanings that the lexicon reads in it.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub lexicon: BTreeMap<String, u64>,
}

/// In how many customers' messages a word occurs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Weights {
    /// Messages counted.
    pub messages: u64,
    /// Words in fewer messages are left out.
    pub least: u64,
    /// Word (Latin word, Chinese character, pair of adjacent characters) and messages.
    pub df: BTreeMap<String, u64>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
const fn is_zero(n: &u64) -> bool {
    *n == 0
}

impl ModelFile {
    /// The file's text.
    ///
    /// # Panics
    /// Never: tables of texts and numbers are TOML.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let body = toml::to_string(self).expect("tables of texts and numbers are TOML");
        format!("{HEADER}{body}")
    }
}
