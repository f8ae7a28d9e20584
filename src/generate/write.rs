//! The two tables: the log in the neutral columns and the truth beside it.

use std::io::{Result, Write};

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};

use super::talk::{Row, Talk};

const LOG: [&str; 11] = [
    "conversation_id",
    "timestamp",
    "sender",
    "text",
    "event",
    "agent_id",
    "customer_id",
    "company",
    "channel",
    "category",
    "order_value",
];

const TRUTH: [&str; 8] = [
    "conversation_id",
    "outcome",
    "requests",
    "attempts",
    "request_to_human_s",
    "rephrases",
    "repeats",
    "fallbacks",
];

/// Writes the log.
pub(super) struct LogWriter<'a> {
    csv: csv::Writer<&'a mut dyn Write>,
    midnight: NaiveDateTime,
}

impl<'a> LogWriter<'a> {
    /// Writes the header.
    pub(super) fn new(out: &'a mut dyn Write) -> Result<Self> {
        let mut csv = csv::Writer::from_writer(out);
        csv.write_record(LOG)?;
        let monday = NaiveDate::from_ymd_opt(2026, 1, 5).expect("a Monday");
        Ok(Self { csv, midnight: monday.and_hms_opt(0, 0, 0).expect("midnight") })
    }

    /// Writes one row.
    pub(super) fn row(&mut self, row: &Row) -> Result<()> {
        let seconds = i64::try_from(row.at).expect("a few months fit");
        let time = self.midnight + TimeDelta::seconds(seconds);
        let header = &row.header;
        let company = &super::COMPANIES[header.company];
        let agent = if row.by_agent {
            format!("{}-{:02}", company.prefix, header.order_value % 17 + 1)
        } else {
            String::new()
        };
        self.csv.write_record([
            header.id.as_str(),
            &time.format("%Y-%m-%dT%H:%M:%S+08:00").to_string(),
            row.sender,
            &row.text,
            row.event,
            &agent,
            &header.customer,
            company.name,
            header.channel,
            &header.category,
            &header.order_value.to_string(),
        ])?;
        Ok(())
    }

    /// Hands on what is buffered.
    pub(super) fn finish(mut self) -> Result<()> {
        self.csv.flush()
    }
}

/// Writes the truth.
pub(super) struct TruthWriter<'a> {
    csv: csv::Writer<&'a mut dyn Write>,
}

impl<'a> TruthWriter<'a> {
    /// Writes the header.
    pub(super) fn new(out: &'a mut dyn Write) -> Result<Self> {
        let mut csv = csv::Writer::from_writer(out);
        csv.write_record(TRUTH)?;
        Ok(Self { csv })
    }

    /// Writes the truth of a conversation that is settled.
    pub(super) fn row(&mut self, talk: &Talk) -> Result<()> {
        let truth = &talk.truth;
        let wait = truth.first_request.zip(truth.wait_end).map(|(from, (to, _))| to - from);
        self.csv.write_record([
            talk.header.id.as_str(),
            truth.outcome.map_or("", crate::model::Outcome::name),
            &truth.requests.to_string(),
            &truth.attempts.to_string(),
            &wait.map_or(String::new(), |seconds| format!("{seconds}.000")),
            &truth.rephrases.to_string(),
            &truth.repeats.to_string(),
            &truth.fallbacks.to_string(),
        ])?;
        Ok(())
    }

    /// Hands on what is buffered.
    pub(super) fn finish(mut self) -> Result<()> {
        self.csv.flush()
    }
}
