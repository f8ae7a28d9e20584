//! An inspection for a terminal: aligned lines, no colours. Chinese is two cells wide there.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::ingest::{Inspection, Nature};
use crate::model::Precision;

/// Sender and event values that are listed; a column of names has no end.
const MOST: usize = 20;
/// Cells before the value of a label.
const LABEL: usize = 13;
/// Widest name that the others are aligned with; a longer one pushes its own arrow only.
const WIDEST: usize = 30;

/// The text, ending in a line end; times are those of `zone`.
pub(super) fn text(inspection: &Inspection, zone: Tz) -> String {
    let mut out = String::new();
    // Writing to a string does not fail.
    let _ = write(inspection, zone, &mut out);
    out
}

fn write(seen: &Inspection, zone: Tz, out: &mut String) -> std::fmt::Result {
    let s = &seen.source;
    let nature = match seen.nature {
        Nature::ChatLog => "chat log",
        Nature::Complaints => "complaint records",
        Nature::Neither => "neither a chat log nor complaint records; nothing is read",
    };
    writeln!(out, "{}: {nature}", s.path)?;
    for (i, reason) in seen.reasons.iter().enumerate() {
        label(out, if i == 0 { "because" } else { "" }, reason)?;
    }
    label(out, "format", &s.format)?;
    if !s.encoding.is_empty() {
        label(out, "encoding", &format!("{} ({})", s.encoding, seen.encoding_reason))?;
    }
    if !s.compression.is_empty() {
        label(out, "compression", &s.compression)?;
    }
    if seen.nature != Nature::Neither {
        label(out, "time zone", &format!("{} ({})", s.time_zone, zone_from(&s.time_zone_from)))?;
        if let (Some(first), Some(last)) = (seen.first, seen.last) {
            let local = |at: DateTime<Utc>| at.with_timezone(&zone).format("%Y-%m-%d %H:%M:%S %:z");
            let fine = s.coverage.times.map_or("", precision);
            label(out, "times", &format!("{} to {}{fine}", local(first), local(last)))?;
        }
        let (read, used, refused) = (s.rows_read, s.rows_used, s.rows_refused);
        label(out, "rows", &format!("{read} read, {used} used, {refused} refused"))?;
    }
    let columns: Vec<(&str, String)> = seen
        .columns
        .iter()
        .map(|c| (c.name.as_str(), c.meaning.clone().unwrap_or_else(|| "not read".to_owned())))
        .collect();
    arrows(out, "columns", &columns)?;
    if seen.nature == Nature::ChatLog {
        coverage(seen, out)?;
    }
    values(seen, out)?;
    problems(seen, out)?;
    if seen.nature == Nature::Neither {
        label(
            out,
            "next",
            "--write-mapping map.toml saves a mapping with what is missing left empty; fill it in, \
             then give it by --mapping map.toml",
        )?;
    }
    Ok(())
}

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

const fn precision(precision: Precision) -> &'static str {
    match precision {
        Precision::Milli | Precision::Second => "",
        Precision::Minute => ", to the minute: waits are +-60 s",
        Precision::Day => ", days alone: no waits",
    }
}

fn coverage(seen: &Inspection, out: &mut String) -> std::fmt::Result {
    let c = &seen.source.coverage;
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
        let these: Vec<_> = shown.iter().filter(|(_, s)| s.yes() == yes).map(|(n, _)| *n).collect();
        if !these.is_empty() {
            label(out, name, &these.join(", "))?;
        }
    }
    Ok(())
}

fn values(seen: &Inspection, out: &mut String) -> std::fmt::Result {
    let senders: Vec<(&str, String)> = seen
        .senders
        .iter()
        .take(MOST)
        .map(|s| (s.value.as_str(), format!("{} ({})", s.taken_as.name(), rows(s.rows))))
        .collect();
    arrows(out, "senders", &senders)?;
    more(out, seen.senders.len())?;
    let events: Vec<(&str, String)> = seen
        .unknown_events
        .iter()
        .take(MOST)
        .map(|(value, n)| (value.as_str(), format!("not known ({})", rows(*n))))
        .collect();
    arrows(out, "events", &events)?;
    more(out, seen.unknown_events.len())
}

fn problems(seen: &Inspection, out: &mut String) -> std::fmt::Result {
    if !seen.problems.is_empty() {
        writeln!(out, "  problems")?;
    }
    for problem in &seen.problems {
        writeln!(out, "    {}: {} {}", problem.kind, rows(problem.rows), problem.action)?;
        for (row, found) in &problem.examples {
            writeln!(out, "      row {row}: {found}")?;
        }
    }
    Ok(())
}

fn more(out: &mut String, all: usize) -> std::fmt::Result {
    if all > MOST {
        writeln!(out, "    and {} more values", all - MOST)?;
    }
    Ok(())
}

fn rows(n: u64) -> String {
    if n == 1 { "1 row".to_owned() } else { format!("{n} rows") }
}

fn label(out: &mut String, name: &str, value: &str) -> std::fmt::Result {
    writeln!(out, "  {}{value}", padded(name, LABEL))
}

/// Names with what they are taken as, the arrows under each other.
fn arrows(out: &mut String, title: &str, lines: &[(&str, String)]) -> std::fmt::Result {
    if lines.is_empty() {
        return Ok(());
    }
    writeln!(out, "  {title}")?;
    let widest = lines.iter().map(|(name, _)| width(name)).filter(|w| *w <= WIDEST).max();
    for (name, taken) in lines {
        writeln!(out, "    {} -> {taken}", padded(name, widest.unwrap_or(0)))?;
    }
    Ok(())
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
        let mut out = String::new();
        let lines =
            [("会话ID", "a".to_owned()), ("text", "b".to_owned()), ("消息内容", "c".to_owned())];
        arrows(&mut out, "columns", &lines).unwrap();
        assert_eq!(out, "  columns\n    会话ID   -> a\n    text     -> b\n    消息内容 -> c\n");
    }
}
