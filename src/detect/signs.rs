//! What a row of the desk means for a transfer: the explicit kind of the export first, the words
//! of bot and system lines second.

use super::reading::{Line, is_join};
use crate::model::{Evidence, Kind, Sender};
use crate::text::Cue;

/// A sign of where the transfer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sign {
    /// A human was offered.
    Offer,
    /// "Connecting you".
    Promise,
    /// In a queue, or assigned to an agent who has not joined.
    Queued,
    /// An agent joined.
    Joined,
    /// No agent available.
    NoAgent,
    /// Outside service hours.
    AfterHours,
    /// The desk dropped the queue, or the agent declined.
    QueueTimeout,
    /// The transfer failed.
    TransferError,
    /// The agent left.
    AgentLeft,
    /// Back at the bot.
    ReturnedToBot,
    /// The problem first, a link or a number instead.
    Deflection,
    /// A message, ticket or callback was offered.
    MessageOffer,
    /// It was taken.
    MessageTaken,
    /// The customer left.
    CustomerLeft,
    /// Closed because the customer was silent.
    ClosedForSilence,
    /// Closed.
    Closed,
}

/// A sign with how sure it is.
pub(crate) type Seen = (Sign, Evidence);

/// All signs of a row, in the order they take effect.
pub(crate) fn signs(line: &Line<'_>) -> Vec<Seen> {
    if let Some(sign) = explicit(line) {
        return vec![(sign, Evidence::Explicit)];
    }
    let desk = matches!(line.message.sender, Sender::Bot | Sender::System)
        || (line.message.sender == Sender::Agent && line.message.automatic);
    if !desk || line.message.kind != Kind::Message {
        return Vec::new();
    }
    inferred(line).into_iter().map(|s| (s, Evidence::Inferred)).collect()
}

fn explicit(line: &Line<'_>) -> Option<Sign> {
    let by_customer = line.message.sender == Sender::Customer;
    Some(match line.message.kind {
        Kind::Offer => Sign::Offer,
        Kind::Enqueue | Kind::QueuePosition | Kind::Assign => Sign::Queued,
        Kind::Dequeue | Kind::Close if by_customer || line.cues.has(Cue::CustomerLeft) => {
            Sign::CustomerLeft
        }
        Kind::Dequeue if line.handed_on || line.cues.has(Cue::AgentJoined) => return None,
        Kind::Dequeue | Kind::Decline => match refusal(line) {
            Some(sign) => sign,
            None => Sign::QueueTimeout,
        },
        Kind::AgentJoined => Sign::Joined,
        Kind::AgentLeft => Sign::AgentLeft,
        Kind::Transfer => Sign::Promise,
        Kind::TransferFailed => refusal(line).unwrap_or(Sign::TransferError),
        Kind::ReturnedToBot => Sign::ReturnedToBot,
        Kind::CustomerLeft => Sign::CustomerLeft,
        Kind::Close if line.cues.has(Cue::ClosedForSilence) => Sign::ClosedForSilence,
        Kind::Close if line.cues.has(Cue::QueueTimeout) => Sign::QueueTimeout,
        Kind::Close => Sign::Closed,
        Kind::Message | Kind::TransferRequest | Kind::Note | Kind::Rating | Kind::Other => {
            return None;
        }
    })
}

/// A failed transfer whose cause says why.
fn refusal(line: &Line<'_>) -> Option<Sign> {
    let table = [
        (Cue::AfterHours, Sign::AfterHours),
        (Cue::NoAgent, Sign::NoAgent),
        (Cue::QueueTimeout, Sign::QueueTimeout),
    ];
    table.into_iter().find(|(cue, _)| line.cues.has(*cue)).map(|(_, sign)| sign)
}

/// What the words of a bot or system line say. One line may say several things; what is more
/// particular goes before what is more general ("all agents are busy, you are number 3" queues).
fn inferred(line: &Line<'_>) -> Vec<Sign> {
    let has = |cue| line.cues.has(cue);
    let mut out = Vec::new();
    let state = if has(Cue::TransferError) {
        Some(Sign::TransferError)
    } else if has(Cue::ReturnedToBot) {
        Some(Sign::ReturnedToBot)
    } else if has(Cue::QueueTimeout) {
        Some(Sign::QueueTimeout)
    } else if has(Cue::AfterHours) {
        Some(Sign::AfterHours)
    } else if has(Cue::Queued) {
        Some(Sign::Queued)
    } else if has(Cue::NoAgent) {
        Some(Sign::NoAgent)
    } else if is_join(line) {
        Some(Sign::Joined)
    } else if has(Cue::ConnectPromise) {
        Some(Sign::Promise)
    } else if has(Cue::TransferOffer) {
        Some(Sign::Offer)
    } else if has(Cue::Deflection) {
        Some(Sign::Deflection)
    } else {
        None
    };
    out.extend(state);
    if has(Cue::MessageOffer) {
        out.push(Sign::MessageOffer);
    }
    if has(Cue::MessageTaken) {
        out.push(Sign::MessageTaken);
    }
    if has(Cue::AgentLeft) {
        out.push(Sign::AgentLeft);
    }
    if has(Cue::CustomerLeft) {
        out.push(Sign::CustomerLeft);
    } else if has(Cue::ClosedForSilence) {
        out.push(Sign::ClosedForSilence);
    } else if has(Cue::Closed) {
        out.push(Sign::Closed);
    }
    out
}
