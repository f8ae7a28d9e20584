//! The sums over facts.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::effort::EffortTally;
use super::options::AggregateOptions;
use super::summary::{CoverageSummary, Segment, Totals};
use super::transfer::TransferTally;
use super::waits::WaitsTally;
use crate::error::{Error, Result};
use crate::model::{Coverage, Facts, Precision};

/// More groups than this are no segment but an id.
pub(super) const MOST_GROUPS: usize = 200;

/// All sums over some conversations.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Tally {
    totals: TotalsTally,
    transfer: TransferTally,
    effort: EffortTally,
    waits: WaitsTally,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct TotalsTally {
    conversations: u64,
    with_customer: u64,
    messages: u64,
    events: u64,
    customer: u64,
    bot: u64,
    agent: u64,
    shows: [u64; 7],
    coarsest: Option<Precision>,
}

impl Tally {
    /// Adds one conversation.
    pub fn add(&mut self, facts: &Facts) {
        let t = &mut self.totals;
        t.conversations += 1;
        t.with_customer += u64::from(facts.customer_messages > 0);
        t.messages += u64::from(facts.messages);
        t.events += u64::from(facts.events);
        t.customer += u64::from(facts.customer_messages);
        t.bot += u64::from(facts.bot_messages);
        t.agent += u64::from(facts.agent_messages);
        for (n, shown) in t.shows.iter_mut().zip(shown(&facts.coverage)) {
            *n += u64::from(shown);
        }
        t.coarsest = t.coarsest.max(facts.coverage.times);
        self.transfer.add(facts);
        self.effort.add(facts);
        self.waits.add(facts);
    }

    /// Adds all conversations of another.
    pub fn merge(&mut self, other: &Self) {
        let (t, o) = (&mut self.totals, &other.totals);
        t.conversations += o.conversations;
        t.with_customer += o.with_customer;
        t.messages += o.messages;
        t.events += o.events;
        t.customer += o.customer;
        t.bot += o.bot;
        t.agent += o.agent;
        t.shows.iter_mut().zip(o.shows).for_each(|(a, b)| *a += b);
        t.coarsest = t.coarsest.max(o.coarsest);
        self.transfer.merge(&other.transfer);
        self.effort.merge(&other.effort);
        self.waits.merge(&other.waits);
    }

    /// Sizes.
    #[must_use]
    pub fn totals(&self) -> Totals {
        let t = &self.totals;
        Totals {
            conversations: t.conversations,
            with_customer: t.with_customer,
            messages: t.messages,
            events: t.events,
            customer_messages: t.customer,
            bot_messages: t.bot,
            agent_messages: t.agent,
        }
    }

    /// What the sources show.
    #[must_use]
    pub fn coverage(&self) -> CoverageSummary {
        let shows = SHOWN.iter().map(|s| (*s).to_owned()).zip(self.totals.shows).collect();
        CoverageSummary { shows, precision: self.totals.coarsest.map(|p| p.name().to_owned()) }
    }

    /// The sums as a report says them.
    #[must_use]
    pub fn segment(
        &self,
        column: &str,
        value: Option<String>,
        options: &AggregateOptions,
    ) -> Segment {
        let coarse = self.totals.coarsest == Some(Precision::Minute);
        Segment {
            column: column.to_owned(),
            value,
            totals: self.totals(),
            transfer: self.transfer.summary(),
            effort: self.effort.summary(self.totals.shows[0] > 0),
            waits: self.waits.summary(options, coarse),
        }
    }
}

const SHOWN: [&str; 7] =
    ["bot_replies", "agent_messages", "queue", "joins", "leaves", "closes", "times"];

fn shown(c: &Coverage) -> [bool; 7] {
    [
        c.bot_replies.yes(),
        c.agent_messages.yes(),
        c.queue.yes(),
        c.joins.yes(),
        c.leaves.yes(),
        c.closes.yes(),
        c.times.is_some(),
    ]
}

/// The whole, its segments and its periods.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Groups {
    /// Everything.
    pub all: Tally,
    segments: Vec<BTreeMap<Option<String>, Tally>>,
    periods: BTreeMap<Option<String>, Tally>,
    days: Option<(chrono::NaiveDate, chrono::NaiveDate)>,
}

impl Groups {
    /// Adds one conversation to the whole and to its groups.
    ///
    /// # Errors
    /// When a `--by` column has more than `MOST_GROUPS` values.
    pub fn add(&mut self, facts: &Facts, options: &AggregateOptions) -> Result<()> {
        self.all.add(facts);
        self.segments.resize_with(options.by.len(), BTreeMap::new);
        for (i, groups) in self.segments.iter_mut().enumerate() {
            let value = facts.fields.get(i).cloned().flatten();
            groups.entry(value).or_default().add(facts);
            few_enough(groups.len(), &options.by[i])?;
        }
        if let Some(unit) = options.period {
            let period = facts.date.map(|d| unit.of(d));
            self.periods.entry(period).or_default().add(facts);
        }
        if let Some(date) = facts.date {
            let (from, to) = self.days.unwrap_or((date, date));
            self.days = Some((from.min(date), to.max(date)));
        }
        Ok(())
    }

    /// Adds all conversations of another.
    ///
    /// # Errors
    /// When a `--by` column has more than `MOST_GROUPS` values.
    pub fn merge(&mut self, other: &Self, options: &AggregateOptions) -> Result<()> {
        self.all.merge(&other.all);
        let width = self.segments.len().max(other.segments.len());
        self.segments.resize_with(width, BTreeMap::new);
        for (own, others) in self.segments.iter_mut().zip(&other.segments) {
            merge_groups(own, others);
        }
        for (groups, column) in self.segments.iter().zip(&options.by) {
            few_enough(groups.len(), column)?;
        }
        merge_groups(&mut self.periods, &other.periods);
        self.days = match (self.days, other.days) {
            (Some(a), Some(b)) => Some((a.0.min(b.0), a.1.max(b.1))),
            (a, b) => a.or(b),
        };
        Ok(())
    }

    /// First and last local date.
    #[must_use]
    pub fn days(&self) -> Option<(chrono::NaiveDate, chrono::NaiveDate)> {
        self.days
    }

    /// Every group of every `--by` column.
    #[must_use]
    pub fn segments(&self, options: &AggregateOptions) -> Vec<Segment> {
        self.segments
            .iter()
            .zip(&options.by)
            .flat_map(|(groups, column)| {
                groups.iter().map(|(value, tally)| tally.segment(column, value.clone(), options))
            })
            .collect()
    }

    /// Every period, in time order.
    #[must_use]
    pub fn periods(&self, options: &AggregateOptions) -> Vec<Segment> {
        self.periods
            .iter()
            .map(|(value, tally)| tally.segment("period", value.clone(), options))
            .collect()
    }
}

/// A column of more values than that is no segment but an id.
fn few_enough(groups: usize, column: &str) -> Result<()> {
    if groups <= MOST_GROUPS {
        return Ok(());
    }
    Err(Error::usage(
        format!("--by {column}: more than {MOST_GROUPS} values"),
        "choose a column of categories, or --keep it and count in conversations.csv",
    ))
}

fn merge_groups(
    own: &mut BTreeMap<Option<String>, Tally>,
    others: &BTreeMap<Option<String>, Tally>,
) {
    for (value, tally) in others {
        own.entry(value.clone()).or_default().merge(tally);
    }
}
