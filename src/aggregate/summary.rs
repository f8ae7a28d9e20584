//! What a report says: the hinge between the sums and every report format. `report.json` is this
//! structure; HTML, Markdown and charts read it and compute nothing.
//!
//! Units: `_s` seconds with three decimals; shares are in `[0, 1]`; undefined is `None` (`null`).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::Overridden;
use crate::stats::{Estimate, Rate};

/// The whole report.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Summary {
    /// Which tool, definitions and models.
    pub tool: Tool,
    /// Choices that move numbers: every option that is not a default of display.
    pub options: BTreeMap<String, String>,
    /// Inputs, in the order read.
    pub inputs: Vec<Input>,
    /// What the sources together can show.
    pub coverage: CoverageSummary,
    /// First and last local date of the conversations (by first customer message).
    pub period: Period,
    /// Sizes.
    pub totals: Totals,
    /// Rows refused, repaired or double, by kind.
    pub problems: BTreeMap<String, u64>,
    /// Asking for a human.
    pub transfer: TransferSummary,
    /// Saying it again.
    pub effort: Effort,
    /// Waits.
    pub waits: Waits,
    /// Complaint records, where given.
    pub complaints: Option<Complaints>,
    /// The same measures per group of `--by`.
    pub segments: Vec<Segment>,
    /// The same measures per `--period`, in time order.
    pub periods: Vec<Segment>,
    /// The sample that a person labelled (`--labels`), where given.
    pub labels: Option<LabelSample>,
    /// Rates corrected by those labels; empty without.
    pub corrected: Vec<Corrected>,
    /// Findings that a person judged (`--overrides`), where given.
    pub overrides: Option<Overridden>,
    /// What the reader has to know before quoting a figure: sentences by key, in order.
    pub notes: Vec<Note>,
}

/// A labelled sample.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabelSample {
    /// The form, as given.
    pub file: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Conversations that it was drawn from: those of this report.
    pub population: u64,
    /// Drawn.
    pub drawn: u64,
    /// With a label.
    pub labelled: u64,
}

/// A rate beside what a labelled sample makes of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Corrected {
    /// Name of the rate, as elsewhere in this file; `failed_attempt`: conversations with one.
    pub measure: String,
    /// Name of its base.
    pub base: String,
    /// As found.
    pub raw: Rate,
    /// Corrected; the interval holds the error of labelling a sample and the draw of the period. `None`
    /// where a stratum has no label.
    pub corrected: Option<Estimate>,
    /// Raw less true share of these very conversations, by the labels alone.
    pub error: Option<Estimate>,
    /// The same over the true share; `None` too where that may be 0.
    pub relative_error: Option<Estimate>,
    /// The interval of the relative error lies within 5 % of the true value.
    pub within_5_percent: Option<bool>,
    /// Conversations with a label for it.
    pub n_labelled: u64,
    /// Of what was found, how much is so.
    pub precision: Option<Estimate>,
    /// Of what is so, how much was found.
    pub recall: Option<Estimate>,
}

/// Which tool wrote it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Tool {
    /// `tohuman`.
    pub name: String,
    /// Version of the program.
    pub version: String,
    /// Version of the definitions.
    pub definitions: String,
    /// Name -> SHA-256 of every lexicon and model that findings depend on.
    pub models: BTreeMap<String, String>,
}

/// One input.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Input {
    /// As given.
    pub path: String,
    /// `log` or `complaints`.
    pub role: String,
    /// SHA-256 of the raw bytes.
    pub sha256: String,
    /// Format name.
    pub format: String,
    /// Encoding.
    pub encoding: String,
    /// Zone of stamps without one.
    pub time_zone: String,
    /// Where the zone comes from.
    pub time_zone_from: String,
    /// What it can show.
    pub coverage: crate::model::Coverage,
    /// Rows read = used + refused + duplicate.
    pub rows_read: u64,
    /// Rows used.
    pub rows_used: u64,
    /// Rows refused.
    pub rows_refused: u64,
    /// Rows that came twice.
    pub rows_duplicate: u64,
}

/// How many conversations come from sources that can show a thing.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct CoverageSummary {
    /// Name (`bot_replies`, `agent_messages`, `queue`, `joins`, `leaves`, `closes`, `times`) ->
    /// conversations whose sources show it.
    pub shows: BTreeMap<String, u64>,
    /// Coarsest precision of the stamps (`milli`, `second`, `minute`, `day`), if any.
    pub precision: Option<String>,
}

/// First and last day.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Period {
    /// First local date, ISO.
    pub from: Option<String>,
    /// Last local date, ISO.
    pub to: Option<String>,
    /// The zone of dates and hours.
    pub time_zone: String,
}

/// Sizes.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Totals {
    /// Conversations measured.
    pub conversations: u64,
    /// Conversations with at least one customer message.
    pub with_customer: u64,
    /// Public messages of customer, bot, agent.
    pub messages: u64,
    /// All other rows.
    pub events: u64,
    /// Customer messages.
    pub customer_messages: u64,
    /// Bot messages.
    pub bot_messages: u64,
    /// Agent messages.
    pub agent_messages: u64,
}

/// Asking for a human.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TransferSummary {
    /// Conversations with a request, of all.
    pub asked: Rate,
    /// Reached, of those who asked.
    pub reached: Rate,
    /// Not reached, of those who asked.
    pub not_reached: Rate,
    /// The rates on explicit findings alone.
    pub explicit: ExplicitTransfer,
    /// Two attempts or more, of those who asked.
    pub asked_twice_or_more: Rate,
    /// Three attempts or more, of those who asked.
    pub asked_three_times_or_more: Rate,
    /// Left without asking although the bot failed them, of conversations without a request whose
    /// source shows the bot.
    pub left_unasked: Rate,
    /// A human spoke though nobody asked, of conversations without a request.
    pub handed_over_unasked: Rate,
    /// No human spoke, of conversations with a bot message (never printed without `not_reached`).
    pub contained: Rate,
    /// Every outcome and its count; adds up to `asked.hits`.
    pub outcomes: BTreeMap<String, u64>,
    /// Of each outcome, how many rest on explicit evidence.
    pub outcomes_explicit: BTreeMap<String, u64>,
    /// Of each outcome, how many left within the short-abandon limit.
    pub outcomes_short: BTreeMap<String, u64>,
    /// Requests in all conversations.
    pub requests: u64,
    /// Attempts.
    pub attempts: u64,
    /// Nudges.
    pub nudges: u64,
    /// Failed attempts.
    pub failed_attempts: u64,
    /// Episodes.
    pub episodes: u64,
    /// "Are you a robot?"
    pub human_checks: u64,
    /// Asking a human for a superior.
    pub supervisor_requests: u64,
    /// Attempts per asker -> conversations (`1`, `2`, `3`, ...).
    pub attempts_per_asker: BTreeMap<u32, u64>,
    /// Mean attempts per asker.
    pub attempts_mean: Option<f64>,
    /// Steps to a human of those reached.
    pub steps_to_human: Steps,
    /// asked -> offered -> queued -> connected -> human spoke.
    pub stages: Vec<Stage>,
    /// Which wording was tried and served, most tried first.
    pub by_wording: Vec<WordingRow>,
    /// Failed attempts by local hour of the week: 7 rows (Monday first) of 24.
    pub failed_by_hour: Option<Vec<Vec<u64>>>,
    /// Attempts that failed but carry no hour (no times or day stamps).
    pub failed_without_hour: u64,
}

/// The rates above on what the export itself marks (events, buttons, senders): they rest on no words
/// at all. What no export marks (leaving unasked) has no such rate.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ExplicitTransfer {
    /// Asked by a mark, of all conversations.
    pub asked: Rate,
    /// Reached, of those who asked by a mark.
    pub reached: Rate,
    /// Not reached, of those who asked by a mark.
    pub not_reached: Rate,
    /// Two marked attempts or more, of those who asked by a mark.
    pub asked_twice_or_more: Rate,
    /// Three marked attempts or more, of those who asked by a mark.
    pub asked_three_times_or_more: Rate,
    /// Stages by marks, of those who asked by a mark.
    pub stages: Vec<Stage>,
}

/// One stage of the waterfall.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Stage {
    /// `asked`, `offered`, `queued`, `connected`, `human_spoke`.
    pub stage: String,
    /// Conversations that passed it, of the askers whose source can show it; `None` where no
    /// source can ("not in this export").
    pub passed: Option<Rate>,
    /// Askers whose source cannot show it.
    pub not_in_export: u64,
}

/// Steps to a human.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Steps {
    /// Conversations reached.
    pub n: u64,
    /// Mean.
    pub mean: Option<f64>,
    /// Median, type 1.
    pub p50: Option<u32>,
    /// 90th percentile, type 1.
    pub p90: Option<u32>,
    /// Largest.
    pub max: Option<u32>,
    /// Steps -> conversations.
    pub histogram: BTreeMap<u32, u64>,
}

/// One wording of requests.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WordingRow {
    /// The matched phrase.
    pub wording: String,
    /// Served (a human message before the next attempt), of the attempts made with it.
    pub served: Rate,
    /// The same of the attempts that the export marks as requests.
    pub served_explicit: Rate,
}

/// Saying it again.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Effort {
    /// Conversations with a rephrase, of conversations with an issue told.
    pub conversations_with_rephrase: Rate,
    /// Conversations with a rephrase or repeat, of conversations with an issue told.
    pub conversations_with_retelling: Rate,
    /// Rephrases.
    pub rephrases: u64,
    /// Rephrases after a bot reply.
    pub rephrases_after_bot: u64,
    /// Rephrases after a human reply.
    pub rephrases_after_human: u64,
    /// Repeats.
    pub repeats: u64,
    /// Longest chain in any conversation.
    pub longest_chain: Option<u32>,
    /// Longest chain -> conversations (1 = told once).
    pub chain_lengths: BTreeMap<u32, u64>,
    /// Repeated bot replies; `None` where no source shows the bot.
    pub bot_repetitions: Option<u64>,
    /// Fallbacks; `None` where no source shows the bot.
    pub fallbacks: Option<u64>,
    /// Conversations with a fallback, of conversations with a bot message.
    pub conversations_with_fallback: Rate,
    /// Deflections; `None` where no source shows the bot.
    pub deflections: Option<u64>,
    /// Loops.
    pub loops: Option<u64>,
    /// Conversations with a loop, of conversations with a bot message.
    pub conversations_with_loop: Rate,
    /// Customer messages that tell the human again.
    pub context_loss: u64,
    /// Conversations with context loss, of conversations where bot and human both spoke.
    pub conversations_with_context_loss: Rate,
}

/// All clocks.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Waits {
    /// Clock B.
    pub request_to_human: WaitSummary,
    /// Clock B from the first request that the export marks, of those who have one.
    pub request_to_human_explicit: WaitSummary,
    /// Clock B with the automatic greeting counted as human.
    pub request_to_human_with_greeting: WaitSummary,
    /// Clock A.
    pub start_to_human: WaitSummary,
    /// Clock A with the automatic greeting counted as human.
    pub start_to_human_with_greeting: WaitSummary,
    /// First reply of anyone.
    pub first_response: WaitSummary,
    /// Join to first human message.
    pub first_human_response: WaitSummary,
    /// Queue to join.
    pub queue: WaitSummary,
    /// Longest silence of the desk.
    pub longest_silence: WaitSummary,
    /// Handling time, first human message to the end.
    pub handling: WaitSummary,
    /// Time to close.
    pub time_to_close: WaitSummary,
    /// How short abandons stand in `reached_within`: `included` or `excluded`.
    pub short_abandons: String,
    /// First request in closed hours, of the askers whose stamps tell; `None` without a calendar.
    pub asked_in_closed_hours: Option<Rate>,
    /// Curve of the share reached over time since the first request (clock B).
    pub reached_curve: Vec<CurvePoint>,
}

/// One clock. Quantiles are type 1 over those reached; `all_` quantiles count who was not reached
/// as waiting longer than anyone and are `None` where they are open.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct WaitSummary {
    /// Waits with a known length or end.
    pub n: u64,
    /// Waits whose length the export cannot show (no times, or day stamps); not in any quantile.
    pub without_length: u64,
    /// Ended reached.
    pub reached: u64,
    /// Ended by the customer.
    pub left: u64,
    /// Ended by the desk.
    pub dropped: u64,
    /// Log cut.
    pub censored: u64,
    /// Uncertainty of each length from the stamps, seconds (60 for minute stamps), if any.
    pub resolution_s: Option<f64>,
    /// Mean of those reached.
    pub mean_s: Option<f64>,
    /// Median of those reached.
    pub p50_s: Option<f64>,
    /// Its 95 % order-statistic interval; `None` ends are open.
    pub p50_low_s: Option<f64>,
    /// Upper end.
    pub p50_high_s: Option<f64>,
    /// 90th percentile of those reached.
    pub p90_s: Option<f64>,
    /// Lower end.
    pub p90_low_s: Option<f64>,
    /// Upper end.
    pub p90_high_s: Option<f64>,
    /// 95th percentile.
    pub p95_s: Option<f64>,
    /// Lower end.
    pub p95_low_s: Option<f64>,
    /// Upper end.
    pub p95_high_s: Option<f64>,
    /// 99th percentile.
    pub p99_s: Option<f64>,
    /// Lower end.
    pub p99_low_s: Option<f64>,
    /// Upper end.
    pub p99_high_s: Option<f64>,
    /// Largest of those reached.
    pub max_s: Option<f64>,
    /// Median over all who waited.
    pub all_p50_s: Option<f64>,
    /// 90th percentile over all who waited.
    pub all_p90_s: Option<f64>,
    /// Kaplan-Meier median, leavers censored: "if nobody had given up".
    pub km_p50_s: Option<f64>,
    /// Share reached within t of all who waited (Aalen-Johansen).
    pub reached_within: Vec<Within>,
    /// Counts of lengths of those reached, by the bounds of the wait chart.
    pub histogram: Vec<Bin>,
    /// The same waits by the service hours inside them, where a calendar is configured and the clock
    /// has a customer waiting at its start.
    pub in_service_hours: Option<Box<ServiceWait>>,
}

/// Waits by their length inside service hours.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ServiceWait {
    /// Waits with a length.
    pub n: u64,
    /// Of them, those that crossed closed hours: their two lengths differ.
    pub crossed_closed_hours: u64,
    /// Mean of those reached.
    pub mean_s: Option<f64>,
    /// Median of those reached.
    pub p50_s: Option<f64>,
    /// Its 95 % order-statistic interval; `None` ends are open.
    pub p50_low_s: Option<f64>,
    /// Upper end.
    pub p50_high_s: Option<f64>,
    /// 90th percentile of those reached.
    pub p90_s: Option<f64>,
    /// Lower end.
    pub p90_low_s: Option<f64>,
    /// Upper end.
    pub p90_high_s: Option<f64>,
    /// Largest of those reached.
    pub max_s: Option<f64>,
    /// Median over all who waited.
    pub all_p50_s: Option<f64>,
    /// Share reached within t of service time, of all who waited.
    pub reached_within: Vec<Within>,
}

/// Share reached within a threshold.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Within {
    /// Threshold in seconds.
    pub t_s: f64,
    /// Reached within it.
    pub hits: u64,
    /// Of all who waited.
    pub of: u64,
    /// The estimate (equals hits/of unless the log was cut before t for somebody).
    pub share: Option<f64>,
    /// 95 % interval.
    pub low: Option<f64>,
    /// 95 % interval.
    pub high: Option<f64>,
}

/// One point of the cumulative incidence curve of clock B.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct CurvePoint {
    /// Seconds since the first request.
    pub t_s: f64,
    /// Share reached by then (Aalen-Johansen).
    pub reached: f64,
    /// Its 95 % interval.
    pub reached_low: f64,
    /// Its 95 % interval.
    pub reached_high: f64,
    /// Share that had left by then.
    pub left: f64,
    /// Share that the desk had dropped by then.
    pub dropped: f64,
    /// Kaplan-Meier share, leavers and dropped censored ("if nobody had given up").
    pub kaplan_meier: f64,
    /// Still waiting just before t.
    pub at_risk: u64,
}

/// One bin of a histogram of waits, by how they ended.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Bin {
    /// Lower bound, seconds, included.
    pub from_s: f64,
    /// Upper bound, seconds, excluded; `None` is open.
    pub to_s: Option<f64>,
    /// Reached.
    pub reached: u64,
    /// Left.
    pub left: u64,
    /// Dropped.
    pub dropped: u64,
    /// Cut.
    pub censored: u64,
}

/// One group of `--by` or `--period`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Segment {
    /// Column (`period` for periods).
    pub column: String,
    /// Value; `None` where the row has none.
    pub value: Option<String>,
    /// Sizes.
    pub totals: Totals,
    /// Asking for a human.
    pub transfer: TransferSummary,
    /// Effort.
    pub effort: Effort,
    /// Waits.
    pub waits: Waits,
}

/// Complaint records.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Complaints {
    /// Records read and counted (after de-duplication).
    pub records: u64,
    /// Same person and text within 7 days, counted once.
    pub duplicates: u64,
    /// Records without a date; counted in no quarter.
    pub without_date: u64,
    /// By category over all quarters, largest first.
    pub by_category: Vec<ComplaintRow>,
    /// By category and quarter, in time order.
    pub by_quarter: Vec<QuarterRow>,
    /// By company, largest first.
    pub by_company: Vec<ComplaintRow>,
    /// By channel, largest first.
    pub by_channel: Vec<ComplaintRow>,
    /// About reaching a human, of all records with text.
    pub about_reaching_human: Rate,
    /// Attempts that complaints about reaching a human state in their text. Claims, not findings.
    pub stated_attempts: StatedAttempts,
    /// Waits that they state. Claims, not findings.
    pub stated_waits: StatedWaits,
    /// Linked to a conversation by an exact key, of all records with a key.
    pub linked: Rate,
    /// Complaint risk by outcome, where links exist.
    pub risk_by_outcome: Vec<RiskRow>,
}

/// Attempts stated in the text of complaints, the largest number of each. Quantiles are type 1; "at
/// least" and ranges count with their lower end.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct StatedAttempts {
    /// Complaints that state a number.
    pub n: u64,
    /// Complaints that state attempts without a number ("several times").
    pub vague: u64,
    /// Median.
    pub median: Option<i64>,
    /// 90th percentile.
    pub p90: Option<i64>,
    /// Largest.
    pub max: Option<i64>,
}

/// Waits stated in the text of complaints, the longest of each, in seconds. Quantiles are type 1; "at
/// least" and ranges count with their lower end.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct StatedWaits {
    /// Complaints that state a length.
    pub n: u64,
    /// Complaints that state a wait without a length ("for hours").
    pub vague: u64,
    /// Median.
    pub p50_s: Option<f64>,
    /// 90th percentile.
    pub p90_s: Option<f64>,
    /// Longest.
    pub max_s: Option<f64>,
}

/// One category, company or channel.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ComplaintRow {
    /// Name; `None` where the record has none.
    pub name: Option<String>,
    /// Share of all records.
    pub share: Rate,
    /// Rank by volume, 1 = most; equal volumes share a rank.
    pub rank: u32,
    /// About reaching a human, of those with text.
    pub about_reaching_human: Rate,
}

/// One category in one quarter.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct QuarterRow {
    /// `2024Q1`.
    pub quarter: String,
    /// Category.
    pub category: Option<String>,
    /// Share of the quarter's records.
    pub share: Rate,
    /// Rank in the quarter.
    pub rank: u32,
    /// Records in the quarter before; `None` where the files do not reach back to it.
    pub before: Option<u64>,
    /// Change in records from the quarter before.
    pub change: Option<i64>,
    /// Change as a share of the quarter before; `None` where that is 0 or not in the data.
    pub change_share: Option<f64>,
    /// About reaching a human, of those with text.
    pub about_reaching_human: Rate,
}

/// Complaints per conversation of one outcome.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RiskRow {
    /// Outcome, or `not_asked`.
    pub outcome: String,
    /// Conversations with a linked complaint, of all of that outcome.
    pub risk: Rate,
    /// Risk relative to `reached`.
    pub ratio: Option<f64>,
    /// 95 % interval of the ratio (Katz log).
    pub ratio_low: Option<f64>,
    /// 95 % interval of the ratio.
    pub ratio_high: Option<f64>,
}

/// A note with its data; the wording in each language is `report`'s.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Stable key.
    pub key: String,
    /// Values that the wording names.
    pub values: BTreeMap<String, String>,
}
