//! The mapping that stands for what was understood of an input, for a user to edit.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::columns::Columns;
use super::header::Vocabulary;
use super::json_path::flatten;
use super::json_turns::PARENT;
use super::meaning::Meaning;
use super::study::{Nature, Study};
use super::tally::Tally;
use super::{Mapping, Turns};
use crate::model::{Kind, Sender};

/// Records whose lists are looked at for a guess.
const GUESSED_FROM: usize = 50;

/// The guess as a mapping. What is missing stands in it with an empty header, to be filled in.
pub(super) fn guess(
    study: &Study<'_>,
    nature: Nature,
    columns: &Columns,
    tally: &Tally,
) -> Mapping {
    let mut mapping = study.mapping().cloned().unwrap_or_default();
    mapping.format = Some(study.format.name().to_owned());
    if tally.unzoned > 0 {
        mapping.time_zone = Some(study.zone().name().to_owned());
    }
    let table =
        if nature == Nature::Complaints { &mut mapping.complaints } else { &mut mapping.columns };
    // A named importer has no columns to map; the messages of nested records are mapped already.
    let named = study.format.coverage().is_some();
    if !named && study.mapping().is_none_or(|m| m.turns.is_empty()) {
        mapping.turns = study.row_turns();
        let in_turns = |meaning: Meaning| {
            meaning == Meaning::Sender
                || mapping.turns.iter().any(|t| t.columns.contains_key(meaning.name()))
        };
        let once = mapping.turns.is_empty();
        for meaning in Meaning::ALL.into_iter().filter(|m| once || !in_turns(*m)) {
            if let Some(at) = columns.best(meaning) {
                table.insert(meaning.name().to_owned(), columns.names[at].clone());
            }
        }
        if nature == Nature::Neither {
            let turns = guess_turns(study, table);
            if turns.is_empty() {
                for meaning in [Meaning::ConversationId, Meaning::Sender, Meaning::Text] {
                    table.entry(meaning.name().to_owned()).or_default();
                }
            }
            mapping.turns = turns;
        }
    }
    for (value, (sender, _)) in &tally.senders {
        if *sender == Sender::Unknown {
            mapping.senders.insert(value.clone(), Sender::Unknown);
        }
    }
    for value in tally.unknown_events.keys() {
        mapping.events.insert(value.clone(), Kind::Other);
    }
    mapping
}

/// The lists of objects in nested records, as places of messages. The columns of the record then
/// are those of its messages' parent.
fn guess_turns(study: &Study<'_>, columns: &mut BTreeMap<String, String>) -> Vec<Turns> {
    let mut out = Vec::new();
    for (at, name) in study.names.iter().enumerate() {
        let lists = study.sample.iter().filter_map(|r| r.get(at)).filter(|c| c.starts_with("[{"));
        let mut found: BTreeMap<String, String> = BTreeMap::new();
        for list in lists.take(GUESSED_FROM) {
            let Ok(items) = serde_json::from_str::<Vec<Map<String, Value>>>(list) else { continue };
            for item in &items {
                flatten(item, &mut |path, _| {
                    let meaning = Vocabulary::Log.meanings(path).0.first().map(|m| m.0);
                    if let Some(meaning) = meaning {
                        found.entry(meaning.name().to_owned()).or_insert_with(|| path.to_owned());
                    }
                });
            }
        }
        if !found.is_empty() {
            out.push(Turns { list: Some(name.clone()), columns: found, ..Turns::default() });
        }
    }
    if !out.is_empty() {
        columns.remove(Meaning::Sequence.name());
        let sender = Meaning::Sender.name();
        if !out.iter().any(|t| t.columns.contains_key(sender)) {
            columns.entry(sender.to_owned()).or_default();
        }
        for path in columns.values_mut().filter(|p| !p.is_empty()) {
            path.insert_str(0, PARENT);
        }
    }
    out
}
