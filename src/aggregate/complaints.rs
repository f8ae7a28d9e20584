//! Complaint records (METRICS, section 6): volume, share and rank by category and quarter, links to
//! conversations. A complaint is a claim, not a finding.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

use super::options::quarter;
use super::stated::{self, Said};
use super::summary::{ComplaintRow, Complaints, QuarterRow, RiskRow};
use crate::measure::HashKey;
use crate::model::{Claims, Complaint, Facts, Outcome};
use crate::stats::{ClusteredCount, Rate, ratio_of_rates};

/// The same person with the same text within this counts once.
const SAME_DAYS: i64 = 7;
/// A complaint is linked to a conversation that ended at most this long before it.
const LINK_DAYS: i64 = 30;

/// A complaint, reduced to what is counted. Ids are hashed.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Claim {
    id: Option<u64>,
    date: Option<NaiveDate>,
    at: Option<DateTime<Utc>>,
    company: Option<String>,
    category: Option<String>,
    channel: Option<String>,
    person: Option<u64>,
    text: Option<u64>,
    said: Said,
    conversation: Option<u64>,
    order: Option<u64>,
    place: (u32, u64),
}

/// The best exact link found so far.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Link {
    closed_at: Option<DateTime<Utc>>,
    conversation: (Option<String>, String, String),
    outcome: Option<Outcome>,
}

/// A counted record, as it stands in the table of records.
#[derive(Clone, Copy, Debug)]
pub struct CountedComplaint<'a> {
    /// Index of the complaint file.
    pub source: u32,
    /// Row as an editor shows it.
    pub row: u64,
    /// Date received.
    pub date: Option<NaiveDate>,
    /// Category as recorded.
    pub category: Option<&'a str>,
    /// Whether there is a text that could tell of anything.
    pub has_text: bool,
    /// What the text says about reaching a human.
    pub said: &'a Said,
    /// The conversation that it is linked to by an exact key.
    pub conversation: Option<&'a str>,
}

/// All complaint records of a run.
#[derive(Clone, Debug, Default)]
pub struct ComplaintTally {
    key: HashKey,
    claims: Vec<Claim>,
    duplicates: u64,
    by_conversation: BTreeMap<u64, Vec<usize>>,
    by_order: BTreeMap<u64, Vec<usize>>,
    links: BTreeMap<usize, Link>,
    conversations: [u64; 14],
}

/// Index of "did not ask" beside the outcomes.
const NOT_ASKED: usize = 13;

impl ComplaintTally {
    /// A tally whose ids are hashed by this key, which must be that of the conversations.
    #[must_use]
    pub fn keyed(key: HashKey) -> Self {
        Self { key, ..Self::default() }
    }

    /// Adds a record with what its text claims.
    pub fn add(&mut self, complaint: Complaint, claims: &Claims) {
        let hash = |id: &Option<String>| id.as_deref().map(|id| self.key.hash(id));
        let text = complaint.text.trim();
        let claim = Claim {
            id: hash(&complaint.id),
            date: complaint.date,
            at: complaint.at,
            person: hash(&complaint.customer_id),
            text: (!text.is_empty()).then(|| self.key.hash(text)),
            conversation: hash(&complaint.conversation_id),
            order: hash(&complaint.order_id),
            company: complaint.company,
            category: complaint.category,
            channel: complaint.channel,
            said: Said::new(&complaint.text, claims),
            place: (complaint.source, complaint.row),
        };
        self.claims.push(claim);
    }

    /// Ends the records: counts doubles once and makes the link keys ready. Call it before
    /// [`ComplaintTally::link`].
    ///
    /// Gives source and row of every double.
    pub fn seal(&mut self) -> Vec<(u32, u64)> {
        let mut doubles = Vec::new();
        let mut claims = std::mem::take(&mut self.claims);
        claims.sort_by_key(|c| (c.date, c.place));
        let mut seen = BTreeSet::new();
        let mut last_counted: BTreeMap<(u64, u64), NaiveDate> = BTreeMap::new();
        for claim in claims {
            // The same record again; two records that share no more than a number are two.
            let same = claim.id.map(|id| (id, claim.date, claim.text, claim.company.clone()));
            let double_id = same.is_some_and(|same| !seen.insert(same));
            let said = claim.person.zip(claim.text).zip(claim.date);
            let double_text = said.is_some_and(|(said, date)| {
                let counted = last_counted.get(&said);
                counted.is_some_and(|before| date - *before <= TimeDelta::days(SAME_DAYS))
            });
            if let Some((said, date)) = said.filter(|_| !double_id && !double_text) {
                last_counted.insert(said, date);
            }
            if double_id || double_text {
                self.duplicates += 1;
                doubles.push(claim.place);
            } else {
                self.claims.push(claim);
            }
        }
        for (i, claim) in self.claims.iter().enumerate() {
            if let Some(id) = claim.conversation {
                self.by_conversation.entry(id).or_default().push(i);
            }
            if let Some(id) = claim.order {
                self.by_order.entry(id).or_default().push(i);
            }
        }
        doubles
    }

    /// Records there are.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.claims.is_empty()
    }

    /// Looks for complaints that name this conversation or one of its orders.
    pub fn link(&mut self, facts: &Facts, zone: Tz) {
        let outcome = facts.outcome();
        self.conversations[outcome.map_or(NOT_ASKED, Outcome::index)] += 1;
        let own = self.by_conversation.get(&self.key.hash(&facts.exported_id)).into_iter();
        let orders = facts.orders.iter().filter_map(|o| self.by_order.get(o));
        let candidates: BTreeSet<usize> = own.chain(orders).flatten().copied().collect();
        for i in candidates {
            let claim = &self.claims[i];
            let companies = claim.company.as_ref().zip(facts.company.as_ref());
            let same_company = companies.is_none_or(|(a, b)| a.trim() == b.trim());
            if !same_company || !in_time(claim, facts.closed_at, zone) {
                continue;
            }
            let link = Link {
                closed_at: facts.closed_at,
                conversation: (
                    facts.company.clone(),
                    facts.format.clone(),
                    facts.conversation_id.clone(),
                ),
                outcome,
            };
            let best = self.links.entry(i).or_insert_with(|| link.clone());
            if link > *best {
                *best = link;
            }
        }
    }

    /// The section of the report; `None` without records.
    #[must_use]
    pub fn summary(&self) -> Option<Complaints> {
        if self.claims.is_empty() {
            return None;
        }
        let keyed =
            self.claims.iter().filter(|c| c.conversation.is_some() || c.order.is_some()).count();
        Some(Complaints {
            records: self.claims.len() as u64,
            duplicates: self.duplicates,
            without_date: self.claims.iter().filter(|c| c.date.is_none()).count() as u64,
            by_category: self.rows(|c| &c.category),
            by_quarter: self.quarters(),
            by_company: self.rows(|c| &c.company),
            by_channel: self.rows(|c| &c.channel),
            about_reaching_human: about(self.claims.iter()),
            stated_attempts: stated::attempts(self.claims.iter().map(|c| &c.said)),
            stated_waits: stated::waits(self.claims.iter().map(|c| &c.said)),
            linked: Rate::new(self.links.len() as u64, keyed as u64),
            risk_by_outcome: self.risks(),
        })
    }

    /// The counted records in the order of their files, with the conversation each is linked to.
    #[must_use]
    pub fn records(&self) -> Vec<CountedComplaint<'_>> {
        let mut records: Vec<CountedComplaint<'_>> = self
            .claims
            .iter()
            .enumerate()
            .map(|(i, claim)| CountedComplaint {
                source: claim.place.0,
                row: claim.place.1,
                date: claim.date,
                category: claim.category.as_deref(),
                has_text: claim.text.is_some(),
                said: &claim.said,
                conversation: self.links.get(&i).map(|link| link.conversation.2.as_str()),
            })
            .collect();
        records.sort_by_key(|r| (r.source, r.row));
        records
    }

    fn rows(&self, name: impl Fn(&Claim) -> &Option<String>) -> Vec<ComplaintRow> {
        let mut groups: BTreeMap<Option<String>, Vec<&Claim>> = BTreeMap::new();
        for claim in &self.claims {
            groups.entry(name(claim).clone()).or_default().push(claim);
        }
        let sizes: Vec<u64> = groups.values().map(|g| g.len() as u64).collect();
        let mut rows: Vec<ComplaintRow> = groups
            .into_iter()
            .map(|(name, group)| ComplaintRow {
                name,
                share: Rate::new(group.len() as u64, self.claims.len() as u64),
                rank: rank(group.len() as u64, &sizes),
                about_reaching_human: about(group.into_iter()),
            })
            .collect();
        rows.sort_by(|a, b| a.rank.cmp(&b.rank).then_with(|| a.name.cmp(&b.name)));
        rows
    }

    fn quarters(&self) -> Vec<QuarterRow> {
        type Cells<'a> = BTreeMap<Option<String>, Vec<&'a Claim>>;
        let mut quarters: BTreeMap<String, Cells<'_>> = BTreeMap::new();
        for claim in &self.claims {
            let Some(date) = claim.date else { continue };
            let cells = quarters.entry(quarter(date)).or_default();
            cells.entry(claim.category.clone()).or_default().push(claim);
        }
        let first = quarters.keys().next().cloned();
        let mut rows = Vec::new();
        for (name, cells) in &quarters {
            let of: usize = cells.values().map(Vec::len).sum();
            let earlier = before(name).filter(|b| first.as_ref().is_some_and(|f| b >= f));
            let earlier_cells = earlier.as_ref().and_then(|q| quarters.get(q));
            // A category that fell to nothing has a row as well.
            let mut categories: BTreeSet<_> = cells.keys().collect();
            categories.extend(earlier_cells.iter().flat_map(|c| c.keys()));
            let count = |category: &Option<String>| cells.get(category).map_or(0, Vec::len) as u64;
            let sizes: Vec<u64> = categories.iter().map(|c| count(c)).collect();
            for category in categories {
                let n = count(category);
                let group = cells.get(category).map(Vec::as_slice).unwrap_or_default();
                let before = earlier.as_ref().map(|_| {
                    earlier_cells.and_then(|c| c.get(category)).map_or(0, Vec::len) as u64
                });
                rows.push(QuarterRow {
                    quarter: name.clone(),
                    category: category.clone(),
                    share: Rate::new(n, of as u64),
                    rank: rank(n, &sizes),
                    before,
                    change: before.and_then(|b| n.checked_signed_diff(b)),
                    change_share: before.and_then(|b| change(n, b)),
                    about_reaching_human: about(group.iter().copied()),
                });
            }
        }
        rows.sort_by(|a, b| {
            (&a.quarter, a.rank, &a.category).cmp(&(&b.quarter, b.rank, &b.category))
        });
        rows
    }

    /// Conversations with an exactly linked complaint, by outcome, where there are links.
    fn risks(&self) -> Vec<RiskRow> {
        if self.links.is_empty() {
            return Vec::new();
        }
        let mut linked: BTreeMap<usize, BTreeSet<_>> = BTreeMap::new();
        for link in self.links.values() {
            let i = link.outcome.map_or(NOT_ASKED, Outcome::index);
            linked.entry(i).or_default().insert(&link.conversation);
        }
        let risk = |i: usize| {
            let hits = linked.get(&i).map_or(0, |c| c.len() as u64);
            Rate::new(hits, self.conversations[i])
        };
        let reached = risk(Outcome::Reached.index());
        let names = Outcome::ALL.into_iter().map(Outcome::name).chain(["not_asked"]);
        names
            .enumerate()
            .filter(|(i, _)| self.conversations[*i] > 0)
            .map(|(i, name)| {
                let risk = risk(i);
                let ratio = (i != Outcome::Reached.index())
                    .then(|| ratio_of_rates(risk, reached))
                    .flatten();
                RiskRow {
                    outcome: name.to_owned(),
                    risk,
                    ratio: ratio.map(|r| r.0),
                    ratio_low: ratio.map(|r| r.1),
                    ratio_high: ratio.map(|r| r.2),
                }
            })
            .collect()
    }
}

/// The conversation ended before the complaint, at most 30 days back. Where the complaint carries a
/// day only, a conversation of that day counts as before it.
fn in_time(claim: &Claim, closed: Option<DateTime<Utc>>, zone: Tz) -> bool {
    let Some((date, closed)) = claim.date.zip(closed) else { return false };
    let days = (date - closed.with_timezone(&zone).date_naive()).num_days();
    claim.at.is_none_or(|at| closed <= at) && (0..=LINK_DAYS).contains(&days)
}

/// 1 + the number of larger groups: equal sizes share a rank.
fn rank(size: u64, sizes: &[u64]) -> u32 {
    let larger = sizes.iter().filter(|s| **s > size).count();
    u32::try_from(larger + 1).unwrap_or(u32::MAX)
}

fn about<'a>(claims: impl Iterator<Item = &'a Claim>) -> Rate {
    let mut count = ClusteredCount::default();
    for claim in claims.filter(|c| c.text.is_some()) {
        count.add(claim.said.about(), claim.person);
    }
    count.rate()
}

/// The quarter before `2024Q1` is `2023Q4`.
fn before(quarter: &str) -> Option<String> {
    let (year, q) = quarter.split_once('Q')?;
    let (year, q): (i32, u32) = (year.parse().ok()?, q.parse().ok()?);
    Some(if q == 1 { format!("{}Q4", year - 1) } else { format!("{year}Q{}", q - 1) })
}

#[expect(clippy::cast_precision_loss, reason = "counts below 2^53")]
fn change(now: u64, before: u64) -> Option<f64> {
    (before > 0).then(|| now as f64 / before as f64 - 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaint(date: &str, category: &str, person: &str, text: &str) -> Complaint {
        Complaint {
            date: date.parse().ok(),
            category: Some(category.to_owned()),
            customer_id: Some(person.to_owned()),
            text: text.to_owned(),
            ..Complaint::default()
        }
    }

    #[test]
    fn a_quarter_before_the_data_is_unknown_and_an_empty_one_is_zero() {
        let mut tally = ComplaintTally::default();
        for (date, category) in
            [("2024-01-05", "a"), ("2024-04-01", "a"), ("2024-05-01", "a"), ("2024-06-30", "b")]
        {
            tally.add(complaint(date, category, date, date), &Claims::default());
        }
        tally.seal();
        let rows = tally.summary().unwrap().by_quarter;
        let row =
            |i: usize| (rows[i].quarter.as_str(), rows[i].rank, rows[i].before, rows[i].change);
        assert_eq!(row(0), ("2024Q1", 1, None, None));
        assert_eq!(row(1), ("2024Q2", 1, Some(1), Some(1)));
        assert_eq!(row(2), ("2024Q2", 2, Some(0), Some(1)));
        assert_eq!((rows[1].change_share, rows[2].change_share), (Some(1.0), None));
    }

    #[test]
    fn a_category_that_fell_to_nothing_has_its_row() {
        let mut tally = ComplaintTally::default();
        for (date, category) in [("2024-01-05", "a"), ("2024-02-05", "a"), ("2024-04-01", "b")] {
            tally.add(complaint(date, category, date, date), &Claims::default());
        }
        tally.seal();
        let rows = tally.summary().unwrap().by_quarter;
        let row = rows.iter().find(|r| r.quarter == "2024Q2" && r.category.as_deref() == Some("a"));
        let row = row.unwrap();
        assert_eq!((row.share.hits, row.before, row.change), (0, Some(2), Some(-2)));
    }

    #[test]
    fn same_person_and_text_within_seven_days_of_a_counted_one_counts_once() {
        let mut tally = ComplaintTally::default();
        for date in ["2024-01-01", "2024-01-07", "2024-01-09"] {
            tally.add(complaint(date, "a", "p", "same"), &Claims::default());
        }
        tally.seal();
        let summary = tally.summary().unwrap();
        assert_eq!((summary.records, summary.duplicates), (2, 1));
    }
}
