//! Conversation + what was seen in it -> [`Facts`], one value per metric. Nothing here reads text.

mod calendar;
pub mod columns;
mod effort;
pub mod finding;
mod transfer;
mod wait;

use crate::detect::Detection;
use crate::model::facts::LocatedFinding;
use crate::model::{Conversation, Facts, Kind, Message, Precision, Rule, Sender};
pub use crate::text::{HashKey, KeepText, Privacy, harmless};
pub use calendar::Calendar;
use chrono_tz::Tz;

/// Choices that move figures; they stand in the report.
#[derive(Clone, Debug)]
pub struct MeasureOptions {
    /// Zone of local hours and dates.
    pub time_zone: Tz,
    /// Leaving within this of the last sign is flagged `short`, milliseconds.
    pub short_abandon_ms: i64,
    /// The desk's service hours, where given.
    pub calendar: Option<Calendar>,
    /// What of texts and ids leaves the tool.
    pub privacy: Privacy,
}

/// Measures one conversation.
#[must_use]
pub fn measure(
    conversation: &Conversation,
    detection: Detection<'_>,
    options: &MeasureOptions,
) -> Facts {
    let messages = &conversation.messages;
    // A button is the customer's first word as well (METRICS, section 1).
    let first_customer = detection.reading.lines.iter().position(|line| {
        let pressed =
            line.message.kind == Kind::TransferRequest && line.message.sender == Sender::Customer;
        line.is_customer() || pressed
    });
    let ruler = wait::Ruler { reading: &detection.reading, calendar: options.calendar.as_ref() };
    let clocks = wait::clocks(&detection, &ruler, first_customer);
    let journey = &detection.journey;
    let mut facts = Facts {
        episodes: small(journey.episodes.len()),
        human_checks: small(journey.human_checks.len()),
        supervisor_requests: small(journey.supervisor_requests.len()),
        transfer: transfer::transfer(&detection, &ruler, options),
        marked: transfer::marked(&detection, &ruler),
        asked_closed: transfer::asked_closed(&detection, options),
        start_to_human: clocks.start_to_human,
        start_to_human_greeting: clocks.start_to_human_greeting,
        first_response: clocks.first_response,
        first_human_response: clocks.first_human_response,
        queue: clocks.queue,
        longest_silence: clocks.longest_silence,
        handling_ms: clocks.handling_ms,
        time_to_close_ms: clocks.time_to_close_ms,
        left_unasked: left(&detection),
        ..whose(conversation, first_customer, options)
    };
    facts.bot_messages = small(detection.reading.lines.iter().filter(|l| l.is_bot()).count());
    effort::count(&mut facts, &detection, first_customer.unwrap_or(0));
    transfer::count(&mut facts, &detection);
    // A mapping may declare that the source cannot show the bot, whatever stands in it.
    let shows_bot = detection.reading.coverage.bot_replies.yes();
    let about_bot = |rule: Rule| {
        matches!(rule, Rule::BotRepetition | Rule::Fallback | Rule::Deflection | Rule::Loop)
    };
    facts.findings = detection
        .findings
        .into_iter()
        .filter(|finding| shows_bot || !about_bot(finding.rule))
        .map(|finding| LocatedFinding {
            at: messages[finding.message].time.map(|t| t.at),
            source: messages[finding.message].source,
            row: messages[finding.message].row,
            finding,
        })
        .collect();
    facts
}

/// A message of an agent that the export does not mark as automatic; those count as the bot's.
fn by_agent(m: &Message) -> bool {
    m.is_message() && m.sender == Sender::Agent && !m.automatic
}

/// Whose conversation it is, when it was, and how many wrote how much.
fn whose(
    conversation: &Conversation,
    first_customer: Option<usize>,
    options: &MeasureOptions,
) -> Facts {
    let messages = &conversation.messages;
    let count =
        |sender| small(messages.iter().filter(|m| m.is_message() && m.sender == sender).count());
    let mut times = messages.iter().filter_map(|m| m.time.map(|t| t.at));
    let opened_at = times.next();
    let first_customer_at = first_customer.and_then(|i| messages[i].time.map(|t| t.at));
    let spoken = small(messages.iter().filter(|m| m.is_message()).count());
    let day = first_customer_at.or(opened_at);
    let hash = |id: &str| options.privacy.hash_key.hash(id);
    Facts {
        company: conversation.company.clone(),
        format: conversation.format.clone(),
        conversation_id: conversation.id.clone(),
        exported_id: messages.first().map(|m| m.conversation.clone()).unwrap_or_default(),
        customer: messages.iter().find_map(|m| m.customer_id.as_deref()).map(hash),
        orders: orders(conversation, hash),
        fields: fields(conversation),
        opened_at,
        closed_at: times.next_back().or(opened_at),
        first_customer_at,
        date: day.map(|t| t.with_timezone(&options.time_zone).date_naive()),
        messages: spoken,
        events: small(messages.len()) - spoken,
        customer_messages: count(Sender::Customer),
        agent_messages: small(messages.iter().filter(|m| by_agent(m)).count()),
        coverage: conversation.coverage.clone(),
        ..Facts::default()
    }
}

fn left(detection: &Detection<'_>) -> Option<bool> {
    let asked = !detection.journey.episodes.is_empty();
    (!asked && detection.reading.coverage.bot_replies.yes())
        .then(|| findings_of(detection, Rule::LeftUnasked) > 0)
}

fn orders(conversation: &Conversation, hash: impl Fn(&str) -> u64) -> Vec<u64> {
    let mut orders: Vec<u64> =
        conversation.messages.iter().filter_map(|m| m.order_id.as_deref()).map(hash).collect();
    orders.sort_unstable();
    orders.dedup();
    orders
}

/// The first value of each field in the conversation.
fn fields(conversation: &Conversation) -> Vec<Option<String>> {
    let width = conversation.messages.iter().map(|m| m.fields.len()).max().unwrap_or(0);
    (0..width)
        .map(|i| conversation.messages.iter().find_map(|m| m.fields.get(i).and_then(Clone::clone)))
        .collect()
}

/// Counts of one conversation fit 32 bits; an absurd one saturates.
pub(crate) fn small(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// True where the stamps of a wait allow a length (finer than days).
pub(crate) fn has_clock(precision: Option<Precision>) -> bool {
    precision.is_some_and(|p| p < Precision::Day)
}

/// How many findings of a rule there are.
pub(crate) fn findings_of(detection: &Detection<'_>, rule: Rule) -> u32 {
    small(detection.findings.iter().filter(|f| f.rule == rule).count())
}
