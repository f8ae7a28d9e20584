//! Groups ordered rows into conversations (METRICS, section 1): the rows of one (company where
//! given, format, id); equal rows count once; a gap of more than 48 h starts another conversation.
//! Where ids name people, a close ends a conversation too.

use std::collections::{BTreeMap, BTreeSet};
use std::iter::Peekable;

use chrono::TimeDelta;

use super::Row;
use super::clock::run_back;
use super::duplicates::without_duplicates;
use crate::model::{Conversation, Coverage, Kind, Message, Problem, ProblemKind, Sender};

/// Two stretches of one id further apart than this are two conversations.
const STRETCH_GAP: TimeDelta = TimeDelta::hours(48);

/// One conversation, with the rows that were left out or split on the way.
#[derive(Clone, Debug)]
pub struct Assembled {
    /// The id of the rows it was made of.
    pub rows_of: String,
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
    /// Sources whose ids name people.
    of_people: Vec<bool>,
    ready: std::vec::IntoIter<Assembled>,
}

impl<'a, E, I: Iterator<Item = Result<Row, E>>> Assembler<'a, I> {
    /// `rows` in the order of [`Row`]; `namespaces` (a named importer, or `table`) and `coverages`
    /// by source.
    pub fn new(rows: I, namespaces: &'a [String], coverages: &'a [Coverage]) -> Self {
        let of_people = vec![false; coverages.len()];
        let ready = Vec::new().into_iter();
        Self { rows: rows.peekable(), namespaces, coverages, of_people, ready }
    }

    /// The same where the ids of these sources name people, not conversations: what comes after a
    /// close is another conversation.
    #[must_use]
    pub fn closing(mut self, of_people: Vec<bool>) -> Self {
        self.of_people = of_people;
        self
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
        let format = |m: &Message| self.namespaces[m.source as usize].as_str();
        // Nearly every id is that of one conversation of one log: its rows are moved no further.
        if let Some(first) = group.first().map(format)
            && group.iter().all(|m| format(m) == first)
        {
            return self.of_format(first, group);
        }
        let mut by_format: BTreeMap<&'a str, Vec<Message>> = BTreeMap::new();
        for message in group {
            let format = self.namespaces[message.source as usize].as_str();
            by_format.entry(format).or_default().push(message);
        }
        by_format.into_iter().flat_map(|(format, group)| self.of_format(format, group)).collect()
    }

    fn of_format(&self, format: &str, group: Vec<Message>) -> Vec<Assembled> {
        let mut out = Vec::new();
        let rows_of = group.first().map(|m| m.conversation.clone()).unwrap_or_default();
        for (company, messages) in by_company(group) {
            let (messages, mut problems) = without_duplicates(messages);
            let visits = self.visits(messages).into_iter().map(stretches);
            for (index, stretch) in visits.flat_map(|v| v.into_iter().enumerate()) {
                let exported = &stretch[0].conversation;
                let id = printed_id(exported, index + 1);
                if index > 0 {
                    problems.push(problem(&stretch[0], ProblemKind::SplitConversation, &id));
                } else if id != *exported {
                    problems.push(problem(&stretch[0], ProblemKind::NumberedId, &id));
                }
                problems.extend(run_back(&stretch));
                out.push(Assembled {
                    rows_of: rows_of.clone(),
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

    /// Cuts the rows of a person where a conversation was closed. The later ones go under the
    /// person's id with their first stamp behind it, so that they keep it in another export, and in
    /// a table that holds nothing but ids.
    fn visits(&self, messages: Vec<Message>) -> Vec<Vec<Message>> {
        if !messages.iter().any(|m| self.of_a_person(m)) {
            return vec![messages];
        }
        let mut out: Vec<Vec<Message>> = Vec::new();
        let mut closed = false;
        let mut id = None;
        for mut m in messages {
            let begins = m.time.filter(|_| closed && begins_anew(&m));
            if let Some(time) = begins {
                let stamp = time.at.format("%Y-%m-%dT%H:%M:%S%.fZ");
                id = Some(format!("{}@{stamp}", m.conversation));
            }
            if let Some(id) = &id {
                m.conversation.clone_from(id);
            }
            let goes_on = closed && begins.is_none();
            closed = self.of_a_person(&m) && (m.kind == Kind::Close || goes_on);
            match out.last_mut() {
                Some(visit) if visit[0].conversation == m.conversation => visit.push(m),
                _ => out.push(vec![m]),
            }
        }
        out
    }

    fn of_a_person(&self, m: &Message) -> bool {
        self.of_people.get(m.source as usize).copied().unwrap_or(false)
    }

    /// What the sources of these rows together can show.
    fn coverage(&self, messages: &[Message]) -> Coverage {
        if let Some(first) =
            messages.first().filter(|f| messages.iter().all(|m| m.source == f.source))
        {
            return self.coverages[first.source as usize].clone();
        }
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
    if let Some(first) = group.first().filter(|f| group.iter().all(|m| m.company == f.company)) {
        return BTreeMap::from([(first.company.clone(), group)]);
    }
    let companies: BTreeSet<&String> = group.iter().filter_map(|m| m.company.as_ref()).collect();
    let only = (companies.len() == 1).then(|| companies.first().map(|c| (*c).clone())).flatten();
    let mut parts: BTreeMap<Option<String>, Vec<Message>> = BTreeMap::new();
    for message in group {
        let company = message.company.clone().or_else(|| only.clone());
        parts.entry(company).or_default().push(message);
    }
    parts
}

/// The id that is printed: the exported one, with `#2` behind it for the second stretch. An exported
/// id that itself ends in `#` and a number carries its stretch always, so that no two conversations
/// have one printed id whatever else is in the log.
fn printed_id(exported: &str, stretch: usize) -> String {
    let numbered = exported.rsplit_once('#').is_some_and(|(_, number)| {
        number.bytes().all(|b| b.is_ascii_digit())
            && number.bytes().next().is_some_and(|first| first != b'0')
    });
    if stretch == 1 && !numbered { exported.to_owned() } else { format!("{exported}#{stretch}") }
}

fn stretches(messages: Vec<Message>) -> Vec<Vec<Message>> {
    let gap =
        |before: &Message, m: &Message| Some(m.time?.at.signed_duration_since(before.time?.at));
    if messages.windows(2).all(|two| gap(&two[0], &two[1]).is_none_or(|g| g <= STRETCH_GAP)) {
        return vec![messages];
    }
    let mut out: Vec<Vec<Message>> = Vec::new();
    for m in messages {
        let gap = out.last().and_then(|s| s.last()).and_then(|before| gap(before, &m));
        match out.last_mut() {
            Some(stretch) if gap.is_none_or(|g| g <= STRETCH_GAP) => stretch.push(m),
            _ => out.push(vec![m]),
        }
    }
    out
}

/// True for what begins a conversation after a close; a rating, a second close or an automatic word
/// of parting belongs to what was closed.
fn begins_anew(m: &Message) -> bool {
    match m.kind {
        Kind::Message => m.sender == Sender::Customer,
        Kind::TransferRequest | Kind::Enqueue | Kind::Assign | Kind::AgentJoined => true,
        _ => false,
    }
}

/// A problem of a row.
pub(super) fn problem(m: &Message, kind: ProblemKind, found: &str) -> Problem {
    Problem { source: m.source, row: m.row, kind, found: found.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::printed_id;
    use std::collections::BTreeSet;

    #[test]
    fn no_two_conversations_have_one_printed_id() {
        assert_eq!(printed_id("2", 1), "2");
        assert_eq!(printed_id("2", 2), "2#2");
        assert_eq!(printed_id("2#2", 1), "2#2#1");
        assert_eq!(printed_id("room #b", 1), "room #b");
        let ids = ["2", "2#1", "2#2", "2#2#1", "2#2#2", "2#02", "2#", "#2", "", "2#２"];
        let printed: BTreeSet<String> =
            ids.iter().flat_map(|id| (1..4).map(|n| printed_id(id, n))).collect();
        assert_eq!(printed.len(), ids.len() * 3);
    }
}
