//! Each row of a conversation with the meanings its words carry: the only place where text is
//! read for cues.

use std::sync::Arc;

use crate::model::{Conversation, Coverage, Kind, Message, Precision, Sender, Visibility};
use crate::text::{Amount, Cue, CueHit, Cues, Lexicons, Side, Words};

/// One row with its meanings.
#[derive(Debug)]
pub struct Line<'a> {
    /// The row.
    pub message: &'a Message,
    /// Its text, read.
    pub words: Arc<Words>,
    /// What its words say, by the side that wrote it; of a row that only the desk sees nothing, of an
    /// event without words its cause.
    pub cues: Arc<Cues>,
    /// A row that takes the customer out of the queue because an agent comes: no drop.
    pub handed_on: bool,
    /// The first message after a join, written by the desk's machine (METRICS, section 2).
    pub automatic_greeting: bool,
}

impl Line<'_> {
    /// Time in milliseconds.
    #[must_use]
    pub fn ms(&self) -> Option<i64> {
        self.message.time.map(|t| t.at.timestamp_millis())
    }

    /// A public message of the customer.
    #[must_use]
    pub fn is_customer(&self) -> bool {
        self.message.sender == Sender::Customer && self.message.is_message()
    }

    /// A public message of the bot.
    #[must_use]
    pub fn is_bot(&self) -> bool {
        self.message.is_message()
            && (self.message.sender == Sender::Bot
                || (self.message.sender == Sender::Agent && self.message.automatic))
    }

    /// A message a human wrote, or a picture, sound or sticker they sent: no automatic reply, no automatic
    /// greeting.
    #[must_use]
    pub fn is_human(&self) -> bool {
        self.message.sender == Sender::Agent
            && self.message.is_message()
            && !self.message.automatic
            && !self.automatic_greeting
    }

    /// A reply that its own platform marks as one to what the bot did not understand.
    #[must_use]
    pub fn is_marked_fallback(&self) -> bool {
        let cause = self.message.cause.as_deref();
        cause.is_some_and(|cause| says_it_did_not_understand(self.message, cause))
    }

    /// What the line says beside these meanings: characters of Chinese and letters of other scripts
    /// that no phrase of them covers, and whether any of them was found.
    #[must_use]
    pub fn beside(&self, cues: &[Cue]) -> Beside {
        let mut left = self.words.amount;
        let mut found = false;
        for phrase in cues.iter().filter_map(|cue| self.cues.get(*cue)) {
            let covered = Amount::of(phrase);
            left.han = left.han.saturating_sub(covered.han);
            left.letters = left.letters.saturating_sub(covered.letters);
            found = true;
        }
        Beside { left, found }
    }

    /// Something the desk shows the customer: ends a breath of theirs.
    #[must_use]
    pub fn is_reply(&self) -> bool {
        let m = self.message;
        let silent = matches!(m.kind, Kind::Note | Kind::Rating | Kind::Assign | Kind::Other);
        !silent
            && m.visibility == Visibility::Public
            && matches!(m.sender, Sender::Bot | Sender::Agent | Sender::System)
            && (!m.text.trim().is_empty() || m.kind != Kind::Message || self.is_human())
            && m.kind != Kind::TransferRequest
            && m.kind != Kind::CustomerLeft
    }

    /// A reply in words from bot or human (not from the system).
    #[must_use]
    pub fn is_spoken_reply(&self) -> bool {
        self.message.is_message() && matches!(self.message.sender, Sender::Bot | Sender::Agent)
    }
}

/// What a line says beside some meanings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Beside {
    /// What no phrase covers.
    pub left: Amount,
    /// Whether any of the meanings was found.
    pub found: bool,
}

/// A conversation, read.
#[derive(Debug)]
pub struct Reading<'a> {
    /// Its rows, in order.
    pub lines: Vec<Line<'a>>,
    /// What its sources can show.
    pub coverage: &'a Coverage,
}

/// The first message after a join counts as automatic within this time (METRICS, section 2).
const GREETING_MS: i64 = 2_000;

impl<'a> Reading<'a> {
    /// Reads every row.
    #[must_use]
    pub fn new(conversation: &'a Conversation, lexicons: &Lexicons) -> Self {
        let mut lines: Vec<Line<'a>> = conversation
            .messages
            .iter()
            .map(|message| {
                let side = side(message);
                let words = lexicons.words(&message.text, side);
                let cues = match &message.cause {
                    _ if message.visibility == Visibility::Private => lexicons.read("", side),
                    Some(cause) if message.text.is_empty() => lexicons.read(cause, side),
                    Some(cause) if says_it_did_not_understand(message, cause) => {
                        let mut cues = (*words.cues).clone();
                        cues.add(CueHit { cue: Cue::Fallback, matched: cause.clone() });
                        Arc::new(cues)
                    }
                    _ => Arc::clone(&words.cues),
                };
                Line { message, words, cues, handed_on: false, automatic_greeting: false }
            })
            .collect();
        mark_greetings(&mut lines);
        mark_handed_on(&mut lines);
        Self { lines, coverage: &conversation.coverage }
    }

    /// Time of a row, milliseconds.
    #[must_use]
    pub fn ms(&self, index: usize) -> Option<i64> {
        self.lines[index].ms()
    }

    /// Coarseness of a row's stamp: minute and day stamps cannot be judged within it.
    #[must_use]
    pub fn coarse(&self, index: usize) -> bool {
        let precision = self.lines[index].message.time.map(|t| t.precision);
        precision.is_none_or(|p| p >= Precision::Minute)
    }
}

/// A bot's message that its own platform marks as a reply to what it did not understand
/// (`matchType` `NO_MATCH` of Dialogflow, `messageType` `fallback` of 腾讯云 IM, `utter_default` of Rasa).
fn says_it_did_not_understand(message: &Message, cause: &str) -> bool {
    const MARKS: [&str; 3] = ["no_match", "fallback", "utter_default"];
    let by_bot = message.sender == Sender::Bot || message.automatic;
    by_bot && message.is_message() && {
        let cause = cause.to_lowercase();
        MARKS.iter().any(|mark| cause.contains(mark))
    }
}

fn side(message: &Message) -> Side {
    match message.sender {
        Sender::Customer => Side::Customer,
        Sender::Agent if !message.automatic => Side::Agent,
        Sender::Agent | Sender::Bot | Sender::System | Sender::Unknown => Side::Desk,
    }
}

/// Marks the first agent message after each join as an automatic greeting where the export says so
/// or where it came within two seconds and reads like a greeting.
fn mark_greetings(lines: &mut [Line<'_>]) {
    let mut join: Option<usize> = None;
    for i in 0..lines.len() {
        if is_join(&lines[i]) {
            join = Some(i);
        } else if lines[i].message.sender == Sender::Agent && lines[i].message.is_message() {
            let marked = lines[i].message.automatic;
            let quick = join.is_some_and(|j| {
                let fine =
                    |l: &Line<'_>| l.message.time.is_some_and(|t| t.precision <= Precision::Second);
                let gap = lines[i].ms().zip(lines[j].ms()).map(|(a, b)| a - b);
                fine(&lines[i]) && fine(&lines[j]) && gap.is_some_and(|g| g <= GREETING_MS)
            });
            let greets = lines[i].cues.has(Cue::DeskGreeting);
            lines[i].automatic_greeting = join.is_some() && (marked || (quick && greets));
            join = None;
        }
    }
}

/// Marks each `dequeue` that an agent's joining or speaking follows before the customer says more.
fn mark_handed_on(lines: &mut [Line<'_>]) {
    let mut agent_comes = false;
    for line in lines.iter_mut().rev() {
        if line.message.kind == Kind::Dequeue {
            line.handed_on = agent_comes;
        } else if is_join(line) || line.is_human() || line.message.kind == Kind::Assign {
            agent_comes = true;
        } else if line.is_customer() || line.is_bot() {
            agent_comes = false;
        }
    }
}

/// An agent joined: by an event, or by a line of bot or system that says so.
pub(crate) fn is_join(line: &Line<'_>) -> bool {
    match line.message.kind {
        Kind::AgentJoined => true,
        Kind::Message => {
            matches!(line.message.sender, Sender::System | Sender::Bot)
                && line.cues.has(Cue::AgentJoined)
                && !line.cues.has(Cue::TransferError)
                && !line.cues.has(Cue::NoAgent)
                && !introduces_itself(line)
        }
        _ => false,
    }
}

/// "I am ..., at your service" of a bot is its own introduction.
fn introduces_itself(line: &Line<'_>) -> bool {
    if line.message.sender != Sender::Bot {
        return false;
    }
    let text = line.message.text.to_lowercase();
    ["我是", "i'm ", "i am "].iter().any(|introduction| text.contains(introduction))
}
