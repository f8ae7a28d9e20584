//! The body of a Salesforce chat transcript: HTML with lines such as `( 1m 5s ) Name: words`, the
//! time counted from the start, and centred lines for what the product did.
//!
//! It names people and says no roles: who stands in a line `Agent ...` or takes over in `Chat
//! Transferred From ... To ...` is an agent; if one name is left, it is the visitor's.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use regex::Regex;

use super::html_text::html_text;
use super::time::TimeReader;
use super::vendor_rows::{Rows, VendorRow};
use crate::error::Result;
use crate::model::{Kind, Sender};

/// Time since the start, name and words of a line.
static LINE: LazyLock<Regex> = LazyLock::new(|| {
    let time = r"^\(\s*(?:(\d{1,6})h\s*)?(?:(\d{1,6})m\s*)?(?:(\d{1,8})s)?\s*\)";
    Regex::new(&format!(r"{time}\s*([^:]{{1,120}}):\s?(.*)$")).expect("the pattern is valid")
});

/// Names that the product gives to a visitor and to a bot.
const VISITORS: [&str; 2] = ["Visitor", "Guest"];
const BOTS: [&str; 3] = ["Chatbot", "Bot", "Einstein Bot"];

/// A body, read.
#[derive(Debug, Default)]
pub(super) struct Body {
    start: Option<DateTime<Utc>>,
    agents: BTreeSet<String>,
    names: BTreeSet<String>,
    lines: Vec<Line>,
}

#[derive(Debug)]
enum Line {
    /// Seconds since the start, name, words.
    Said(i64, String, String),
    /// The one before and the one after.
    Transferred(String),
}

impl Body {
    /// Reads a body; `start` is the stamp that its lines count from, unless it names one itself.
    pub(super) fn read(html: &str, start: &str, zone: Tz) -> Self {
        let mut body = Self { start: instant(start, zone), ..Self::default() };
        for line in html_text(html).lines() {
            body.line(line, zone);
        }
        body
    }

    fn line(&mut self, line: &str, zone: Tz) {
        if let Some(found) = LINE.captures(line) {
            let number = |i: usize| found.get(i).and_then(|m| m.as_str().parse::<i64>().ok());
            let seconds = number(1).unwrap_or(0) * 3600
                + number(2).unwrap_or(0) * 60
                + number(3).unwrap_or(0);
            let (name, words) = (found[4].trim().to_owned(), found[5].to_owned());
            self.names.insert(name.clone());
            self.lines.push(Line::Said(seconds, name, words));
        } else if let Some(started) = line.strip_prefix("Chat Started:") {
            self.start = instant(started, zone).or(self.start);
        } else if let Some((from, to)) =
            line.strip_prefix("Chat Transferred From ").and_then(|l| l.split_once(" To "))
        {
            for name in [from, to].map(str::trim).iter().filter(|n| !BOTS.contains(n)) {
                self.agents.insert((*name).to_owned());
            }
            self.lines.push(Line::Transferred(line.to_owned()));
        } else if let Some(name) = line.strip_prefix("Agent ") {
            self.agents.insert(name.trim().to_owned());
        } else if !line.starts_with("Chat Origin:")
            && let Some(Line::Said(_, _, words)) = self.lines.last_mut()
        {
            words.push('\n');
            words.push_str(line);
        }
    }

    fn sender(&self, name: &str) -> Option<Sender> {
        if self.agents.contains(name) {
            return Some(Sender::Agent);
        }
        if BOTS.contains(&name) {
            return Some(Sender::Bot);
        }
        let known = |n: &&String| self.agents.contains(*n) || BOTS.contains(&n.as_str());
        let alone = self.names.iter().filter(|n| !known(n)).count() == 1;
        let visitor = VISITORS.contains(&name) || (alone && !self.agents.is_empty());
        visitor.then_some(Sender::Customer)
    }

    /// Hands on what was said, and the transfers between.
    pub(super) fn rows(&self, base: &VendorRow, rows: &mut Rows<'_, '_>) -> Result<()> {
        let mut passed = 0;
        for line in &self.lines {
            if let Line::Said(seconds, ..) = line {
                passed = *seconds;
            }
            let at = self.start.and_then(|s| s.checked_add_signed(TimeDelta::try_seconds(passed)?));
            let row = base.clone().at(at.map(stamp).unwrap_or_default());
            let row = match line {
                Line::Transferred(words) => {
                    row.by(Sender::System).of(Kind::Transfer).because(words.as_str())
                }
                Line::Said(_, name, words) => {
                    let who = self.sender(name);
                    let agent = if who == Some(Sender::Agent) { name.as_str() } else { "" };
                    VendorRow {
                        sender: super::vendor_rows::named(who, name),
                        agent: agent.to_owned(),
                        text: words.clone(),
                        ..row
                    }
                }
            };
            rows.put(&row)?;
        }
        Ok(())
    }
}

/// A stamp, so many milliseconds later.
pub(super) fn later(start: &str, zone: Tz, ms: Option<i64>) -> Option<String> {
    let at = instant(start, zone)?.checked_add_signed(TimeDelta::try_milliseconds(ms?)?)?;
    Some(stamp(at))
}

fn instant(text: &str, zone: Tz) -> Option<DateTime<Utc>> {
    let reader = TimeReader { zone, format: None, layout: None };
    reader.read(text).map(|r| r.stamp.at)
}

fn stamp(at: DateTime<Utc>) -> String {
    let millis = at.timestamp_subsec_millis();
    let fraction = if millis == 0 { String::new() } else { format!(".{millis:03}") };
    format!("{}{fraction}Z", at.format("%FT%T"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_count_from_the_start_and_names_become_roles() {
        let html = "<p align=\"center\">Chat Started: Monday, June 03, 2024, 10:00:00 (+0000)</p>\
            <p align=\"center\">Agent Ola O</p>( 5s ) Lim: where is it<br>\
            ( 1m 5s ) Ola O: a moment<br>second line<br>( 1h 0m 2s ) Lim: ok<br>";
        let body = Body::read(html, "", chrono_tz::UTC);
        assert_eq!(body.start.map(stamp).as_deref(), Some("2024-06-03T10:00:00Z"));
        assert_eq!(body.sender("Ola O"), Some(Sender::Agent));
        assert_eq!(body.sender("Lim"), Some(Sender::Customer));
        let seconds: Vec<i64> = body
            .lines
            .iter()
            .filter_map(|l| match l {
                Line::Said(s, ..) => Some(*s),
                Line::Transferred(_) => None,
            })
            .collect();
        assert_eq!(seconds, [5, 65, 3602]);
    }
}
