//! A table in which one row holds several messages, a question and its answer mostly: the mapping's
//! `[[turns]]` name the columns and who wrote each; without a mapping headers that say both
//! themselves (`用户问题`, `机器人回答`) are enough.

use super::Input;
use super::columns::list;
use super::header::same;
use super::json_turns::PARENT;
use super::mapping::{Mapping, Turns};
use super::meaning::Meaning;
use super::names;
use super::table::{Flow, Item, Sink};
use super::time::TimeReader;
use super::vocabulary::SIDES;
use crate::error::Result;
use crate::model::Sender;

/// The messages of a row.
#[derive(Clone, Debug)]
pub(super) struct RowTurns {
    sides: Vec<Side>,
    /// Meanings that the sides bring, and the column that each is put into: one of the table's with
    /// the same name, or one behind them.
    slots: Vec<(Meaning, usize)>,
    zone: chrono_tz::Tz,
}

/// One message of a row.
#[derive(Clone, Debug)]
struct Side {
    sender: Option<Sender>,
    /// Column, the one that must be equal, and who it is then.
    rules: Vec<(usize, Option<usize>, Sender)>,
    columns: Vec<(Meaning, usize)>,
    time_format: Option<String>,
}

impl RowTurns {
    /// What the mapping says of the rows of a table; `None` if it names no turns.
    ///
    /// # Errors
    /// If it names a column that is not there, or a list, which a row has not.
    pub(super) fn mapped(
        input: &Input,
        mapping: &Mapping,
        names: &[String],
        zone: chrono_tz::Tz,
    ) -> Result<Option<Self>> {
        if mapping.turns.is_empty() {
            return Ok(None);
        }
        let find = |name: &String| {
            let name = name.strip_prefix(PARENT).unwrap_or(name);
            let exact = names.iter().position(|n| n == name);
            exact.or_else(|| names.iter().position(|n| same(n, name))).ok_or_else(|| {
                input.error(
                    format!(
                        "has no column {}, which the mapping takes for turns",
                        names::short(name)
                    ),
                    format!("name one of its columns in the mapping: {}", list(names)),
                )
            })
        };
        let mut sides = Vec::new();
        for turns in &mapping.turns {
            if let Some(list) = &turns.list {
                return Err(input.error(
                    format!(
                        "is a table, in which the mapping's list {} cannot be",
                        names::short(list)
                    ),
                    "leave list out: each [[turns]] is one message of the row",
                ));
            }
            sides.push(Side::mapped(mapping, turns, &find)?);
        }
        Ok(Some(Self::new(sides, names, mapping.zone().unwrap_or(zone))))
    }

    /// What headers say that name writer and text at once, where no other column names a writer.
    pub(super) fn named(names: &[String], zone: chrono_tz::Tz) -> Option<Self> {
        let mut sides = Vec::new();
        for (sender, known) in SIDES {
            let at = known.iter().find_map(|k| names.iter().position(|n| names::header(n) == *k));
            sides.extend(at.map(|at| Side {
                sender: Some(*sender),
                rules: Vec::new(),
                columns: vec![(Meaning::Text, at)],
                time_format: None,
            }));
        }
        let customer = sides.iter().any(|s| s.sender == Some(Sender::Customer));
        (customer && sides.len() > 1).then(|| Self::new(sides, names, zone))
    }

    fn new(sides: Vec<Side>, names: &[String], zone: chrono_tz::Tz) -> Self {
        let brings = |meaning: Meaning| {
            meaning == Meaning::Sender
                || sides.iter().any(|s| s.columns.iter().any(|(m, _)| *m == meaning))
        };
        let mut end = names.len();
        let slots = Meaning::ALL.into_iter().filter(|m| brings(*m)).map(|meaning| {
            let own = names.iter().position(|n| same(n, meaning.name()));
            let at = own.unwrap_or(end);
            end += usize::from(own.is_none());
            (meaning, at)
        });
        Self { slots: slots.collect(), sides, zone }
    }

    /// What is read from where, in words.
    pub(super) fn note(&self, names: &[String]) -> String {
        let side = |s: &Side| {
            let text = s.columns.iter().find(|(m, _)| *m == Meaning::Text);
            let column = text.map_or_else(String::new, |(_, at)| names::short(&names[*at]));
            format!("{column} ({})", s.sender.map_or("by column", Sender::name))
        };
        let sides: Vec<String> = self.sides.iter().map(side).collect();
        format!(
            "each row holds messages of several writers, in this order: {}; rows count messages",
            sides.join(", ")
        )
    }

    /// The same as a mapping says it; `names` are those of the table.
    pub(super) fn as_mapping(&self, names: &[String]) -> Vec<Turns> {
        let turns = self.sides.iter().map(|side| Turns {
            sender: side.sender,
            columns: side
                .columns
                .iter()
                .map(|(m, at)| (m.name().to_owned(), names[*at].clone()))
                .collect(),
            ..Turns::default()
        });
        turns.collect()
    }

    /// Takes one item of the table and hands on its messages.
    pub(super) fn item(&self, item: Item<'_>, sink: &mut Sink<'_>) -> Result<Flow> {
        match item {
            Item::Header { names } => {
                let mut names = names.to_vec();
                for (meaning, at) in &self.slots {
                    names.resize(names.len().max(*at + 1), String::new());
                    meaning.name().clone_into(&mut names[*at]);
                }
                sink(Item::Header { names: &names })
            }
            Item::Row { row, cells, bad_bytes } => {
                // A side that says nothing is no message; a row in which none does is one empty row.
                let says = |side: &&Side| !side.cell(Meaning::Text, cells).trim().is_empty();
                let mut said: Vec<&Side> = self.sides.iter().filter(says).collect();
                if said.is_empty() {
                    said.extend(self.sides.first());
                }
                for side in said {
                    let flow = self.message(side, cells, &mut |cells| {
                        sink(Item::Row { row, cells, bad_bytes })
                    })?;
                    if flow == Flow::Stop {
                        return Ok(Flow::Stop);
                    }
                }
                Ok(Flow::On)
            }
            fault @ Item::Fault { .. } => sink(fault),
        }
    }

    fn message(
        &self,
        side: &Side,
        cells: &[&str],
        hand_on: &mut dyn FnMut(&[&str]) -> Result<Flow>,
    ) -> Result<Flow> {
        let time = side.time_format.as_ref().and_then(|format| {
            let written = side.cell(Meaning::Timestamp, cells);
            let reader = TimeReader { zone: self.zone, format: Some(format.clone()), layout: None };
            reader.in_common_form(written)
        });
        let mut out = cells.to_vec();
        for (meaning, at) in &self.slots {
            out.resize(out.len().max(*at + 1), "");
            out[*at] = match (meaning, &time) {
                (Meaning::Sender, _) => side.sender(cells),
                (Meaning::Timestamp, Some(time)) => time,
                _ => side.cell(*meaning, cells),
            };
        }
        hand_on(&out)
    }
}

impl Side {
    fn mapped(
        mapping: &Mapping,
        turns: &Turns,
        find: &dyn Fn(&String) -> Result<usize>,
    ) -> Result<Self> {
        let mut columns = Vec::new();
        for (key, header) in mapping.columns.iter().chain(&turns.columns) {
            let Some(meaning) = Meaning::parse(key).filter(|_| !header.is_empty()) else {
                continue;
            };
            columns.retain(|(m, _)| *m != meaning);
            columns.push((meaning, find(header)?));
        }
        let mut rules = Vec::new();
        for rule in &turns.sender_rules {
            let equals = rule.equals.as_ref().map(find).transpose()?;
            rules.push((find(&rule.path)?, equals, rule.is));
        }
        Ok(Self { sender: turns.sender, rules, columns, time_format: turns.time_format.clone() })
    }

    fn cell<'c>(&self, meaning: Meaning, cells: &[&'c str]) -> &'c str {
        let at = self.columns.iter().find(|(m, _)| *m == meaning).map(|(_, at)| *at);
        at.and_then(|at| cells.get(at)).copied().unwrap_or_default()
    }

    fn sender<'c>(&self, cells: &[&'c str]) -> &'c str {
        let cell = |at: usize| cells.get(at).copied().unwrap_or_default();
        let holds = |(at, equals, _): &&(usize, Option<usize>, Sender)| {
            !cell(*at).is_empty() && equals.is_none_or(|other| cell(other) == cell(*at))
        };
        let ruled = self.rules.iter().find(holds).map(|(_, _, is)| *is);
        let sender = ruled.or(self.sender).map(Sender::name);
        sender.unwrap_or_else(|| self.cell(Meaning::Sender, cells))
    }
}
