//! An inspection for a terminal: aligned lines, no colours. Chinese is two cells wide there.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::inspect_words::{comma, fill, reason, word};
use crate::cli::LangArg;
use crate::ingest::{ColumnUse, Inspection, Nature};
use crate::model::{Precision, ProblemKind};

/// Sender and event values that are listed; a column of names has no end.
const MOST: usize = 20;
/// Cells before the value of a label.
const LABEL: usize = 13;
/// Widest name that the others are aligned with; a longer one pushes its own arrow only.
const WIDEST: usize = 30;

/// Problem of a row whose sender nobody knows.
const UNKNOWN_SENDER: &str = ProblemKind::UnknownSender.name();
/// Fewest columns of an importer that are named on one line.
const FIXED: usize = 8;

/// The text, ending in a line end; times are those of `zone`.
pub(super) fn text(inspection: &Inspection, zone: Tz, lang: LangArg) -> String {
    let mut page = Page { seen: inspection, zone, lang, out: String::new() };
    page.head();
    page.source();
    page.columns();
    if inspection.nature == Nature::ChatLog {
        page.coverage();
    }
    page.values();
    page.problems();
    if inspection.nature == Nature::Neither {
        let next = "--write-mapping map.toml saves a mapping with what is missing left empty; \
                    fill it in, then give it by --mapping map.toml";
        page.label("next", &word(lang, next));
    } else if inspection.problems.iter().any(|p| p.kind == UNKNOWN_SENDER) {
        let next = "--write-mapping map.toml lists the senders; say under [senders] who is customer, \
                    bot or agent, then give it by --mapping map.toml";
        page.label("next", &word(lang, next));
    }
    page.out
}

/// The text as far as it is written.
struct Page<'p> {
    seen: &'p Inspection,
    zone: Tz,
    lang: LangArg,
    out: String,
}

impl Page<'_> {
    fn line(&mut self, line: &str) {
        // Writing to a string does not fail.
        let _ = writeln!(self.out, "{line}");
    }

    fn label(&mut self, name: &str, value: &str) {
        let name = if name.is_empty() { String::new() } else { word(self.lang, name) };
        self.line(&format!("  {}{value}", padded(&name, LABEL)));
    }

    fn say(&self, pattern: &str, parts: &[&str]) -> String {
        fill(self.lang, pattern, parts)
    }

    fn head(&mut self) {
        let nature = match self.seen.nature {
            Nature::ChatLog => "chat log",
            Nature::Complaints => "complaint records",
            Nature::Neither => "neither a chat log nor complaint records; nothing is read",
        };
        let nature = word(self.lang, nature);
        self.line(&self.say("{}: {}", &[&self.seen.source.path, &nature]));
        for (i, english) in self.seen.reasons.iter().enumerate() {
            self.label(if i == 0 { "because" } else { "" }, &reason(self.lang, english));
        }
    }

    fn source(&mut self) {
        let s = &self.seen.source;
        self.label("format", &s.format);
        if !s.encoding.is_empty() {
            let why = reason(self.lang, &self.seen.encoding_reason);
            self.label("encoding", &self.say("{} ({})", &[&s.encoding, &why]));
        }
        if !s.compression.is_empty() {
            self.label("compression", &s.compression);
        }
        if self.seen.nature == Nature::Neither {
            return;
        }
        let from = word(self.lang, zone_from(&s.time_zone_from));
        self.label("time zone", &self.say("{} ({})", &[&s.time_zone, &from]));
        if let (Some(first), Some(last)) = (self.seen.first, self.seen.last) {
            let local = |at: DateTime<Utc>| {
                at.with_timezone(&self.zone).format("%Y-%m-%d %H:%M:%S %:z").to_string()
            };
            let pattern = match s.coverage.times {
                Some(Precision::Minute) => "{} to {}, to the minute: waits are +-60 s",
                Some(Precision::Day) => "{} to {}, days alone: no waits",
                Some(Precision::Milli | Precision::Second) | None => "{} to {}",
            };
            self.label("times", &self.say(pattern, &[&local(first), &local(last)]));
        }
        let counts = [s.rows_read, s.rows_used, s.rows_refused].map(|n| n.to_string());
        let counts = counts.each_ref().map(String::as_str);
        self.label("rows", &self.say("{} read, {} used, {} refused", &counts));
    }

    fn columns(&mut self) {
        let taken = |meaning: Option<&str>| match meaning {
            None => word(self.lang, "not read"),
            Some(meaning) => match meaning.strip_suffix(", where the first is empty") {
                Some(meaning) => self.say("{}, where the first is empty", &[meaning]),
                None => meaning.to_owned(),
            },
        };
        let fixed = |c: &ColumnUse| c.meaning.as_deref() == Some(c.name.as_str());
        if self.seen.columns.len() >= FIXED && self.seen.columns.iter().all(fixed) {
            // An importer fills them whatever the file calls them.
            let names: Vec<&str> = self.seen.columns.iter().map(|c| c.name.as_str()).collect();
            let names = names.join(comma(self.lang));
            self.label("columns", &self.say("those of the format: {}", &[&names]));
            return;
        }
        let columns: Vec<(&str, String)> = self
            .seen
            .columns
            .iter()
            .map(|c| (c.name.as_str(), taken(c.meaning.as_deref())))
            .collect();
        self.arrows("columns", &columns);
    }

    fn coverage(&mut self) {
        let c = &self.seen.source.coverage;
        let shown = [
            ("bot replies", c.bot_replies),
            ("agent messages", c.agent_messages),
            ("system lines", c.system_lines),
            ("queue", c.queue),
            ("joins", c.joins),
            ("leaves", c.leaves),
            ("closes", c.closes),
        ];
        for (name, yes) in [("shows", true), ("cannot show", false)] {
            let these: Vec<_> = shown
                .iter()
                .filter(|(_, s)| s.yes() == yes)
                .map(|(n, _)| word(self.lang, n))
                .collect();
            if !these.is_empty() {
                self.label(name, &these.join(comma(self.lang)));
            }
        }
    }

    fn values(&mut self) {
        let rows = |name: &str, n: u64| match n {
            1 => self.say("{} (1 row)", &[name]),
            n => self.say("{} ({} rows)", &[name, &n.to_string()]),
        };
        let seen = self.seen;
        // Some importers say in words what the values of a record amount to.
        let values: Vec<String> =
            seen.senders.iter().take(MOST).map(|s| reason(self.lang, &s.value)).collect();
        let senders: Vec<(&str, String)> = values
            .iter()
            .zip(&seen.senders)
            .map(|(value, s)| (value.as_str(), rows(s.taken_as.name(), s.rows)))
            .collect();
        let unknown = word(self.lang, "not known");
        let events: Vec<(&str, String)> = seen
            .unknown_events
            .iter()
            .take(MOST)
            .map(|(value, n)| (value.as_str(), rows(&unknown, *n)))
            .collect();
        self.arrows("senders", &senders);
        self.more(seen.senders.len());
        self.arrows("events", &events);
        self.more(seen.unknown_events.len());
    }

    fn problems(&mut self) {
        if !self.seen.problems.is_empty() {
            self.line(&format!("  {}", word(self.lang, "problems")));
        }
        for problem in &self.seen.problems {
            let action = word(self.lang, &problem.action);
            let rows = match problem.rows {
                1 => self.say("1 row {}", &[&action]),
                n => self.say("{} rows {}", &[&n.to_string(), &action]),
            };
            self.line(&format!("    {}", self.say("{}: {}", &[&problem.kind, &rows])));
            for (row, found) in &problem.examples {
                let example =
                    self.say("row {}: {}", &[&row.to_string(), &reason(self.lang, found)]);
                self.line(&format!("      {example}"));
            }
        }
    }

    fn more(&mut self, all: usize) {
        if all > MOST {
            let more = self.say("and {} more values", &[&(all - MOST).to_string()]);
            self.line(&format!("    {more}"));
        }
    }

    /// Names with what they are taken as, the arrows under each other.
    fn arrows(&mut self, title: &str, lines: &[(&str, String)]) {
        if lines.is_empty() {
            return;
        }
        self.line(&format!("  {}", word(self.lang, title)));
        for line in aligned(lines) {
            self.line(&line);
        }
    }
}

/// What `time_zone_from` of a source says, in words.
fn zone_from(from: &str) -> &str {
    match from {
        "in data" => "the stamps carry their own",
        "mixed" => "for the stamps that carry none; others carry their own",
        "--time-zone" => "by --time-zone: the stamps carry none",
        "mapping" => "by the mapping: the stamps carry none",
        "no times" => "no times here",
        other => other,
    }
}

fn aligned(lines: &[(&str, String)]) -> Vec<String> {
    let widest = lines.iter().map(|(name, _)| width(name)).filter(|w| *w <= WIDEST).max();
    let line = |(name, taken): &(&str, String)| {
        format!("    {} -> {taken}", padded(name, widest.unwrap_or(0)))
    };
    lines.iter().map(line).collect()
}

fn padded(text: &str, to: usize) -> String {
    format!("{text}{}", " ".repeat(to.saturating_sub(width(text))))
}

/// Cells that a text takes on a terminal: two for the wide and full-width forms, none for marks
/// that combine. Source: Unicode Standard Annex 11, classes W and F.
fn width(text: &str) -> usize {
    let cells = |c: char| match c {
        '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' | '\u{fe00}'..='\u{fe0f}' => 0,
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{303e}'
        | '\u{3041}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{ffe0}'..='\u{ffe6}'
        | '\u{1f300}'..='\u{1faff}'
        | '\u{20000}'..='\u{3fffd}' => 2,
        _ => 1,
    };
    text.chars().map(cells).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrows_stand_under_each_other() {
        let lines =
            [("会话ID", "a".to_owned()), ("text", "b".to_owned()), ("消息内容", "c".to_owned())];
        let wanted = ["    会话ID   -> a", "    text     -> b", "    消息内容 -> c"];
        assert_eq!(aligned(&lines), wanted);
    }
}
