//! Rules from outside: short conversations as data, each with what METRICS says of it.
//!
//! A case in `tests/data/detect/*.toml`:
//! - `lines`: `"SECONDS SENDER TEXT"`, or `"SECONDS SENDER [event] TEXT"`; a star after the sender
//!   marks an automatic reply;
//! - `expect`: columns of conversations.csv and their values, as printed;
//! - `findings`: every finding of the rules that the file names in `rules`, as `rule@line`;
//! - `cannot_show`: what the source cannot show (`bot_replies`, `agent_messages`, ...);
//! - `precision`: of the stamps, `second` unless told (`minute`, `day`, `milli`).
#![allow(clippy::unwrap_used, reason = "a test may stop at once")]

use std::collections::BTreeMap;
use std::fs;

use chrono::{DateTime, TimeDelta};
use serde::Deserialize;
use tohuman::detect::{Detector, RetoldModel};
use tohuman::measure::columns::{COLUMNS, MORE};
use tohuman::measure::{MeasureOptions, measure};
use tohuman::model::{
    Conversation, Coverage, Facts, Kind, Message, Precision, Sender, Shows, Stamp, Visibility,
};
use tohuman::text::{Lexicons, Similarity};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    rules: Vec<String>,
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    lines: Vec<String>,
    #[serde(default)]
    expect: BTreeMap<String, String>,
    findings: Option<Vec<String>>,
    #[serde(default)]
    cannot_show: Vec<String>,
    #[serde(default = "seconds")]
    precision: Precision,
}

const fn seconds() -> Precision {
    Precision::Second
}

#[test]
fn rules_see_what_the_definitions_say() {
    let detector = Detector::new(
        Lexicons::builtin().expect("the shipped lexicons are valid"),
        Similarity::default(),
        RetoldModel::builtin(),
    );
    let mut wrong = Vec::new();
    let mut cases = 0;
    let mut files: Vec<_> =
        fs::read_dir("tests/data/detect").unwrap().map(|e| e.unwrap().path()).collect();
    files.sort();
    for path in files {
        let text = fs::read_to_string(&path).unwrap();
        let file: File =
            toml::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        for case in &file.case {
            cases += 1;
            let facts = facts_of(case, &detector);
            for complaint in differences(case, &file.rules, &facts) {
                wrong.push(format!("{}: {}: {complaint}", path.display(), case.name));
            }
        }
    }
    assert!(cases > 0, "no case was read");
    assert!(wrong.is_empty(), "{} of {cases} cases:\n{}", wrong.len(), wrong.join("\n"));
}

fn facts_of(case: &Case, detector: &Detector) -> Facts {
    let conversation = Conversation {
        company: None,
        format: "table".to_owned(),
        id: case.name.clone(),
        messages: case
            .lines
            .iter()
            .enumerate()
            .map(|(i, l)| message(i, l, case.precision))
            .collect(),
        coverage: Coverage { times: Some(case.precision), ..coverage(&case.cannot_show) },
    };
    let options = MeasureOptions {
        time_zone: chrono_tz::Asia::Shanghai,
        short_abandon_ms: 10_000,
        calendar: None,
        privacy: tohuman::text::Privacy::default(),
    };
    measure(&conversation, detector.detect(&conversation), &options)
}

fn differences(case: &Case, rules: &[String], facts: &Facts) -> Vec<String> {
    let mut out = Vec::new();
    for (name, expected) in &case.expect {
        let column = COLUMNS.iter().chain(MORE).find(|(n, _)| n == name);
        let Some((_, read)) = column else {
            out.push(format!("no column {name}"));
            continue;
        };
        let got = read(facts).print(chrono_tz::Asia::Shanghai);
        if got != *expected {
            out.push(format!("{name} is {got:?}, should be {expected:?}"));
        }
    }
    if let Some(expected) = &case.findings {
        let mut got: Vec<String> = facts
            .findings
            .iter()
            .map(|f| (f.finding.rule.id(), f.finding.message + 1))
            .filter(|(rule, _)| rules.iter().any(|r| r == rule))
            .map(|(rule, line)| format!("{rule}@{line}"))
            .collect();
        let mut expected = expected.clone();
        got.sort();
        expected.sort();
        if got != expected {
            out.push(format!("findings are {got:?}, should be {expected:?}"));
        }
    }
    out
}

fn message(index: usize, line: &str, precision: Precision) -> Message {
    let mut parts = line.splitn(3, ' ');
    let seconds: f64 = parts.next().unwrap().parse().expect("a line begins with seconds");
    let sender = parts.next().expect("a line has a sender");
    let automatic = sender.ends_with('*');
    let sender = match sender.trim_end_matches('*') {
        "customer" => Sender::Customer,
        "bot" => Sender::Bot,
        "agent" => Sender::Agent,
        "system" => Sender::System,
        "unknown" => Sender::Unknown,
        other => panic!("no sender {other} in {line}"),
    };
    let rest = parts.next().unwrap_or_default();
    let (kind, text) = match rest.strip_prefix('[').and_then(|r| r.split_once(']')) {
        Some((event, text)) => {
            let kind = Kind::ALL.into_iter().find(|k| k.name() == event);
            (kind.unwrap_or_else(|| panic!("no event {event} in {line}")), text.trim())
        }
        None => (Kind::Message, rest),
    };
    #[expect(clippy::cast_possible_truncation, reason = "seconds written by hand")]
    let offset = TimeDelta::milliseconds((seconds * 1000.0).round() as i64);
    let start = DateTime::parse_from_rfc3339("2026-01-05T10:00:00+08:00").unwrap().to_utc();
    Message {
        source: 0,
        row: index as u64 + 2,
        company: None,
        conversation: "c".to_owned(),
        sequence: None,
        message_id: None,
        time: Some(Stamp { at: start + offset, precision }),
        sender,
        kind,
        automatic,
        visibility: Visibility::Public,
        text: text.to_owned(),
        cause: None,
        agent_id: None,
        customer_id: None,
        order_id: None,
        fields: Vec::new(),
    }
}

fn coverage(cannot: &[String]) -> Coverage {
    let shows = |name: &str| if cannot.iter().any(|c| c == name) { Shows::No } else { Shows::Yes };
    Coverage {
        bot_replies: shows("bot_replies"),
        agent_messages: shows("agent_messages"),
        system_lines: shows("system_lines"),
        queue: shows("queue"),
        joins: shows("joins"),
        leaves: shows("leaves"),
        closes: shows("closes"),
        times: Some(Precision::Second),
    }
}
