//! Groups ordered rows into conversations (METRICS, section 1): the rows of one (company where
//! given, format, id); equal rows count once; a gap of more than 48 h starts another conversation.

use std::collections::{BTreeMap, BTreeSet};
use std::iter::Peekable;

use chrono::TimeDelta;

use super::Row;
use crate::model::{Conversation, Coverage, Kind, Message, Problem, ProblemKind, Sender};

/// Two stretches of one id further apart than this are two conversations.
const STRETCH_GAP: TimeDelta = TimeDelta::hours(48);

/// One conversation, with the rows that were left out or split on the way.
#[derive(Clone, Debug)]
pub struct Assembled {
    /// The conversation.
    pub conversation: Conversation,
    /// Duplicates and splits.
    pub problems: Vec<Problem>,
}

/// Turns rows in order into conversations, one id at a time.
pub struct Assembler<'a, I: Iterator> {
    rows: Peekable<I>,
    namespaces: &'a [String],
    coverages: &'a [Coverage],
    ready: std::vec::IntoIter<Assembled>,
}

impl<'a, E, I: Iterator<Item = Result<Row, E>>> Assembler<'a, I> {
    /// `rows` in the order of [`Row`]; `namespaces` (a named importer, or `table`) and `coverages`
    /// by source.
    pub fn new(rows: I, namespaces: &'a [String], coverages: &'a [Coverage]) -> Self {
        Self { rows: rows.peekable(), namespaces, coverages, ready: Vec::new().into_iter() }
    }

    /// Rows of the next id, whatever their format and company.
    fn next_group(&mut self) -> Result<Option<Vec<Message>>, E> {
        let Some(first) = self.rows.next().transpose()? else { return Ok(None) };
        let mut group = vec![first.message];
        while let Some(next) = self.rows.next_if(|r| match r {
            Ok(r) => r.message.conversation == group[0].conversation,
            Err(_) => true,
        }) {
            group.push(next?.message);
        }
        Ok(Some(group))
    }

    fn assemble(&self, group: Vec<Message>) -> Vec<Assembled> {
        let mut by_format: BTreeMap<&'a str, Vec<Message>> = BTreeMap::new();
        for message in group {
            let format = self.namespaces[message.source as usize].as_str();
            by_format.entry(format).or_default().push(message);
        }
        by_format.into_iter().flat_map(|(format, group)| self.of_format(format, group)).collect()
    }

    fn of_format(&self, format: &str, group: Vec<Message>) -> Vec<Assembled> {
        let mut out = Vec::new();
        for (company, messages) in by_company(group) {
            let (messages, mut problems) = without_duplicates(messages);
            for (index, stretch) in stretches(messages).into_iter().enumerate() {
                let id = &stretch[0].conversation;
                let id = if index == 0 { id.clone() } else { format!("{id}#{}", index + 1) };
                if index > 0 {
                    problems.push(problem(&stretch[0], ProblemKind::SplitConversation, &id));
                }
                out.push(Assembled {
                    conversation: Conversation {
                        company: company.clone(),
                        format: format.to_owned(),
                        id,
                        coverage: self.coverage(&stretch),
                        messages: stretch,
                    },
                    problems: std::mem::take(&mut problems),
                });
            }
        }
        out
    }

    /// What the sources of these rows together can show.
    fn coverage(&self, messages: &[Message]) -> Coverage {
        let sources: BTreeSet<u32> = messages.iter().map(|m| m.source).collect();
        let mut all = Coverage::default();
        for source in sources {
            let one = &self.coverages[source as usize];
            all = Coverage {
                bot_replies: all.bot_replies.or(one.bot_replies),
                agent_messages: all.agent_messages.or(one.agent_messages),
                system_lines: all.system_lines.or(one.system_lines),
                queue: all.queue.or(one.queue),
                joins: all.joins.or(one.joins),
                leaves: all.leaves.or(one.leaves),
                closes: all.closes.or(one.closes),
                times: all.times.max(one.times),
            };
        }
        all
    }
}

impl<E, I: Iterator<Item = Result<Row, E>>> Iterator for Assembler<'_, I> {
    type Item = Result<Assembled, E>;
    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(assembled) = self.ready.next() {
                return Some(Ok(assembled));
            }
            match self.next_group() {
                Ok(None) => return None,
                Ok(Some(group)) => self.ready = self.assemble(group).into_iter(),
                Err(e) => return Some(Err(e)),
            }
        }
    }
}

/// Rows by company. Rows without one (events often are) belong to the only company there is; where
/// the id is used by several companies they stay apart.
fn by_company(group: Vec<Message>) -> BTreeMap<Option<String>, Vec<Message>> {
    let companies: BTreeSet<&String> = group.iter().filter_map(|m| m.company.as_ref()).collect();
    let only = (companies.len() == 1).then(|| companies.first().map(|c| (*c).clone())).flatten();
    let mut parts: BTreeMap<Option<String>, Vec<Message>> = BTreeMap::new();
    for message in group {
        let company = message.company.clone().or_else(|| only.clone());
        parts.entry(company).or_default().push(message);
    }
    parts
}

/// Rows equal in id, time, sender and text (and kind, and sequence where given) count once. Rows
/// without a time are the same only if their sequence is.
fn without_duplicates(messages: Vec<Message>) -> (Vec<Message>, Vec<Problem>) {
    type Identity = (Option<i64>, Sender, Kind, Option<i64>, String, Option<String>);
    let mut seen: BTreeSet<Identity> = BTreeSet::new();
    let mut kept = Vec::with_capacity(messages.len());
    let mut problems = Vec::new();
    let mut last_time = None;
    for m in messages {
        let time = m.time.map(|t| t.at.timestamp_millis());
        if time != last_time {
            seen.clear();
            last_time = time;
        }
        let comparable = time.is_some() || m.sequence.is_some();
        // A second export may number its rows anew: where there is a time, the number says nothing.
        let sequence = m.sequence.filter(|_| time.is_none());
        let identity = (time, m.sender, m.kind, sequence, m.text.clone(), m.cause.clone());
        if comparable && !seen.insert(identity) {
            problems.push(problem(&m, ProblemKind::Duplicate, &m.text));
        } else {
            kept.push(m);
        }
    }
    (kept, problems)
}

fn stretches(messages: Vec<Message>) -> Vec<Vec<Message>> {
    let mut out: Vec<Vec<Message>> = Vec::new();
    for m in messages {
        let gap = out
            .last()
            .and_then(|s| s.last())
            .and_then(|before| Some(m.time?.at.signed_duration_since(before.time?.at)));
        match out.last_mut() {
            Some(stretch) if gap.is_none_or(|g| g <= STRETCH_GAP) => stretch.push(m),
            _ => out.push(vec![m]),
        }
    }
    out
}

fn problem(m: &Message, kind: ProblemKind, found: &str) -> Problem {
    Problem { source: m.source, row: m.row, kind, found: found.to_owned() }
}
