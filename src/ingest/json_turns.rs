//! One nested JSON object for each conversation: the mapping's `[[turns]]` say where its messages
//! are and who wrote them.

use std::collections::BTreeMap;

use serde_json::Value;

use super::json_path::{cell, get};
use super::mapping::{Mapping, Turns};
use super::table::{Flow, Item, Job, Sink};
use super::time::TimeReader;
use crate::error::Result;
use crate::model::{ProblemKind, Sender};

/// Path to the record that holds a message.
pub(super) const PARENT: &str = "..";

/// The rows of nested records, under canonical names.
pub(super) struct Nested<'m> {
    mapping: &'m Mapping,
    names: Vec<String>,
    time_zone: chrono_tz::Tz,
}

impl<'m> Nested<'m> {
    /// `None` if the mapping names no turns.
    pub(super) fn of(job: &Job<'m>) -> Option<Self> {
        let mapping = job.mapping.filter(|m| !m.turns.is_empty())?;
        let mut names: Vec<String> = mapping.columns.keys().cloned().collect();
        for turns in &mapping.turns {
            names.extend(turns.columns.keys().cloned());
        }
        names.push("sender".to_owned());
        names.sort();
        names.dedup();
        names.extend(mapping.fields.values().cloned());
        Some(Self { mapping, names, time_zone: job.time_zone })
    }

    /// The columns.
    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    /// Hands on the messages of one record.
    pub(super) fn rows(
        &self,
        row: u64,
        record: &Value,
        bad_bytes: bool,
        sink: &mut Sink<'_>,
    ) -> Result<Flow> {
        if !record.is_object() {
            let found = record.to_string();
            return sink(Item::Fault { row, kind: ProblemKind::BadRecord, found: &found });
        }
        let mut found_list = false;
        for turns in &self.mapping.turns {
            let items: &[Value] = match &turns.list {
                None => std::slice::from_ref(record),
                Some(path) => match get(record, path) {
                    Some(Value::Array(items)) => items,
                    _ => continue,
                },
            };
            found_list = true;
            for item in items {
                let texts = self.cells(turns, item, record);
                let cells: Vec<&str> = texts.iter().map(String::as_str).collect();
                if sink(Item::Row { row, cells: &cells, bad_bytes })? == Flow::Stop {
                    return Ok(Flow::Stop);
                }
            }
        }
        if found_list {
            return Ok(Flow::On);
        }
        let found = format!("none of the lists that the mapping names: {record}");
        sink(Item::Fault { row, kind: ProblemKind::BadRecord, found: &found })
    }

    fn cells(&self, turns: &Turns, item: &Value, record: &Value) -> Vec<String> {
        let canonical = self.names.len() - self.mapping.fields.len();
        let by_name = |name: &String| {
            if name == "sender"
                && let Some(sender) = sender(turns, item, record)
            {
                return sender.name().to_owned();
            }
            let path = path_of(&turns.columns, &self.mapping.columns, name);
            let text = path.map_or_else(String::new, |p| at(item, record, p));
            if name == "timestamp" { self.time(turns, text) } else { text }
        };
        let named = self.names[..canonical].iter().map(by_name);
        named.chain(self.names[canonical..].iter().map(|path| at(item, record, path))).collect()
    }

    /// The stamp in a form that every reader knows, where the place has a format of its own.
    fn time(&self, turns: &Turns, text: String) -> String {
        let Some(format) = &turns.time_format else { return text };
        let zone = self.mapping.zone().unwrap_or(self.time_zone);
        let reader = TimeReader { zone, format: Some(format.clone()), layout: None };
        reader.in_common_form(&text).unwrap_or(text)
    }
}

fn path_of<'t>(
    first: &'t BTreeMap<String, String>,
    second: &'t BTreeMap<String, String>,
    name: &str,
) -> Option<&'t str> {
    first.get(name).or_else(|| second.get(name)).map(String::as_str).filter(|p| !p.is_empty())
}

fn at(item: &Value, record: &Value, path: &str) -> String {
    value(item, record, path).map(cell).unwrap_or_default()
}

fn value<'v>(item: &'v Value, record: &'v Value, path: &str) -> Option<&'v Value> {
    match path.strip_prefix(PARENT) {
        Some(rest) => get(record, rest),
        None => get(item, path),
    }
}

fn sender(turns: &Turns, item: &Value, record: &Value) -> Option<Sender> {
    let ruled = turns.sender_rules.iter().find(|rule| {
        let found = at(item, record, &rule.path);
        let equal = rule.equals.as_ref().is_none_or(|other| at(item, record, other) == found);
        !found.is_empty() && equal
    });
    ruled.map(|r| r.is).or(turns.sender)
}
