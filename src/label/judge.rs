//! Labels against findings: precision and recall of each measure, and its rate corrected.
//!
//! What was found comes from the form as drawn, or anew from the log, so that labels outlive the rules
//! that were judged first. The design (strata and sizes) is that of the draw in either case: the estimate
//! needs no more (see `stats::stratified`).

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Case, Found, Labelled, MEASURES, Measure, Stratum};
use crate::aggregate::summary::{Corrected, LabelSample};
use crate::error::{Error, Result};
use crate::model::Facts;
use crate::stats::{
    Class, ClusteredCount, Estimate, LabelledStratum, corrected_rate, precision, recall,
};

/// An error of at most this share of the true value is what Spain's Ley 10/2025, article 22.1(b), allows.
const ALLOWED: f64 = 0.05;

/// Labels, and what was found in all conversations.
#[derive(Debug)]
pub struct Judge {
    rows: BTreeMap<Case, (Labelled, Option<Found>)>,
    seen: u64,
    fingerprint: u32,
    totals: [ClusteredCount; MEASURES],
}

/// What `evaluate findings` prints.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FindingScores {
    /// Conversations that the sample was drawn from.
    pub population: u64,
    /// Conversations drawn.
    pub drawn: u64,
    /// Of them, with a label.
    pub labelled: u64,
    /// By stratum.
    pub strata: Vec<StratumScores>,
    /// By measure.
    pub measures: Vec<MeasureScores>,
}

/// One stratum.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StratumScores {
    /// Its name.
    pub stratum: Stratum,
    /// Conversations in it.
    pub size: u64,
    /// Drawn.
    pub drawn: u64,
    /// Labelled.
    pub labelled: u64,
}

/// One measure. Counts are conversations of the sample; the shares are weighted by the strata.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MeasureScores {
    /// Its name, as in `report.json`.
    pub measure: &'static str,
    /// Labelled conversations.
    pub n: u64,
    /// Found, and so.
    pub tp: u64,
    /// Found, and not so.
    pub fp: u64,
    /// Not found, and so.
    #[serde(rename = "fn")]
    pub missed: u64,
    /// Neither.
    pub tn: u64,
    /// Of what was found, how much is so; `None` where nothing was found or a stratum has no label.
    pub precision: Option<Estimate>,
    /// Of what is so, how much was found.
    pub recall: Option<Estimate>,
}

impl Judge {
    /// Takes the rows of one form.
    #[must_use]
    pub fn new(rows: Vec<Labelled>) -> Self {
        Self {
            rows: rows.into_iter().map(|row| (row.ticket.case, (row, None))).collect(),
            seen: 0,
            fingerprint: 0,
            totals: Default::default(),
        }
    }

    /// Takes what is found now in one conversation.
    pub fn see(&mut self, facts: &Facts) {
        let (case, found) = (Case::of(facts), Found::new(facts));
        self.seen += 1;
        self.fingerprint = self.fingerprint.wrapping_add(case.mark());
        for (total, class) in self.totals.iter_mut().zip(found.classes) {
            if class != Class::Out {
                total.add(class == Class::Hit, facts.customer);
            }
        }
        if let Some((_, now)) = self.rows.get_mut(&case) {
            *now = Some(found);
        }
    }

    /// Checks that the conversations seen are those that the sample was drawn from.
    ///
    /// # Errors
    /// When they are others: the labels say nothing about them.
    pub fn check(&self, path: &str) -> Result<()> {
        let Some((first, _)) = self.rows.values().next() else { return Ok(()) };
        let ticket = first.ticket;
        if (self.seen, self.fingerprint) == (ticket.population, ticket.fingerprint) {
            return Ok(());
        }
        let what = if self.seen == ticket.population {
            format!("was drawn from {} other conversations", ticket.population)
        } else {
            format!("was drawn from {} conversations, here are {}", ticket.population, self.seen)
        };
        Err(Error::input(path, what, "give the inputs and the choice of the draw, or draw anew"))
    }

    /// Precision and recall.
    #[must_use]
    pub fn scores(&self) -> FindingScores {
        let of = |stratum: Stratum| {
            let mut rows = self.rows.values().map(|(row, _)| row);
            let mine = rows.by_ref().filter(|row| row.ticket.stratum == stratum);
            let (mut labelled, mut design) = (0, None);
            for row in mine {
                labelled += u64::from(row.is_labelled());
                design = Some((row.ticket.size, u64::from(row.ticket.drawn)));
            }
            design.map(|(size, drawn)| StratumScores { stratum, size, drawn, labelled })
        };
        let strata: Vec<_> = Stratum::ALL.into_iter().filter_map(of).collect();
        FindingScores {
            population: strata.iter().map(|s| s.size).sum(),
            drawn: strata.iter().map(|s| s.drawn).sum(),
            labelled: strata.iter().map(|s| s.labelled).sum(),
            strata,
            measures: Measure::ALL.map(|m| measure_scores(m, &self.strata(m))).to_vec(),
        }
    }

    /// The rates of a report, corrected; only after all its conversations were seen.
    #[must_use]
    pub fn corrected(&self) -> Vec<Corrected> {
        Measure::ALL.map(|measure| self.correct(measure)).to_vec()
    }

    /// The sample, as a report names it.
    #[must_use]
    pub fn sample(&self, file: String, sha256: String) -> LabelSample {
        let scores = self.scores();
        let FindingScores { population, drawn, labelled, .. } = scores;
        LabelSample { file, sha256, population, drawn, labelled }
    }

    fn correct(&self, measure: Measure) -> Corrected {
        let strata = self.strata(measure);
        let total = &self.totals[measure as usize];
        let raw = total.rate();
        let truth = corrected_rate(&strata, (raw.hits, raw.of));
        let share = raw.share();
        let error = truth.zip(share).map(|(truth, raw)| Estimate {
            estimate: raw - truth.estimate,
            low: raw - truth.high,
            high: raw - truth.low,
        });
        let relative = truth.filter(|truth| truth.low > 0.0).zip(share).map(|(truth, raw)| {
            let of = |truth: f64| raw / truth - 1.0;
            Estimate { estimate: of(truth.estimate), low: of(truth.high), high: of(truth.low) }
        });
        let inside = |e: Estimate| e.low >= -ALLOWED && e.high <= ALLOWED;
        let scores = measure_scores(measure, &strata);
        Corrected {
            measure: measure.name().to_owned(),
            base: measure.base().to_owned(),
            raw,
            corrected: truth.map(|truth| truth.of_process(total.effective().unwrap_or(0.0))),
            error,
            relative_error: relative,
            within_5_percent: error.map(|_| relative.is_some_and(inside)),
            n_labelled: scores.n,
            precision: scores.precision,
            recall: scores.recall,
        }
    }

    /// The labels of a measure by stratum.
    fn strata(&self, measure: Measure) -> Vec<LabelledStratum> {
        let mut strata: BTreeMap<Stratum, LabelledStratum> = BTreeMap::new();
        for (row, now) in self.rows.values() {
            let ticket = &row.ticket;
            let stratum = strata.entry(ticket.stratum).or_default();
            stratum.size = ticket.size;
            let found = now.unwrap_or(ticket.found);
            if let Some(truth) = measure.truth(&row.labels, &found) {
                stratum.counts[found.of(measure) as usize][truth as usize] += 1;
            }
        }
        strata.into_values().collect()
    }
}

fn measure_scores(measure: Measure, strata: &[LabelledStratum]) -> MeasureScores {
    let sum = |take: fn(bool, bool) -> bool| {
        let cells = Class::ALL.into_iter().flat_map(|f| Class::ALL.map(|t| (f, t)));
        let mine = cells.filter(|(f, t)| take(*f == Class::Hit, *t == Class::Hit));
        mine.map(|(f, t)| strata.iter().map(|s| s.counts[f as usize][t as usize]).sum::<u64>())
            .sum()
    };
    MeasureScores {
        measure: measure.name(),
        n: strata.iter().map(LabelledStratum::labelled).sum(),
        tp: sum(|found, truth| found && truth),
        fp: sum(|found, truth| found && !truth),
        missed: sum(|found, truth| !found && truth),
        tn: sum(|found, truth| !found && !truth),
        precision: precision(strata),
        recall: recall(strata),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Labels, Sampler};
    use super::*;

    fn facts(i: u32, rephrased: bool) -> Facts {
        Facts {
            conversation_id: i.to_string(),
            customer_messages: 2,
            longest_chain: 1 + u32::from(rephrased),
            rephrases_bot: u32::from(rephrased),
            ..Facts::default()
        }
    }

    /// 100 conversations, 20 found rephrased; all of them labelled: ten of the 20 are wrong, ten of the
    /// others missed.
    fn judge() -> Judge {
        let all: Vec<_> = (0..100).map(|i| facts(i, i < 20)).collect();
        let mut sampler = Sampler::new(100, 1);
        all.iter().for_each(|f| sampler.add(f, || f.conversation_id.parse::<u32>().unwrap()));
        let label = |i: u32| Labels {
            rephrases: Some(u32::from((10..30).contains(&i))),
            attempts: Some(0),
            ..Labels::default()
        };
        let rows = sampler.draw();
        let rows = rows.iter().map(|d| Labelled { ticket: d.ticket, labels: label(d.shown) });
        let mut judge = Judge::new(rows.collect());
        all.iter().for_each(|f| judge.see(f));
        judge
    }

    #[test]
    fn a_sample_of_all_gives_the_counts() {
        let judge = judge();
        judge.check("f.csv").unwrap();
        let scores = judge.scores();
        assert_eq!((scores.population, scores.drawn, scores.labelled), (100, 100, 100));
        let rephrased = &scores.measures[Measure::Rephrased as usize];
        assert_eq!(
            (rephrased.n, rephrased.tp, rephrased.fp, rephrased.missed, rephrased.tn),
            (100, 10, 10, 10, 70)
        );
        for share in [rephrased.precision.unwrap(), rephrased.recall.unwrap()] {
            assert!((share.low - 0.5).abs() < 1e-9 && (share.high - 0.5).abs() < 1e-9, "{share:?}");
        }
        let reached = &scores.measures[Measure::Reached as usize];
        assert_eq!((reached.precision, reached.recall), (None, None), "nobody asked");
        assert_eq!(scores.measures[Measure::Retold as usize].n, 20, "a repeat is not labelled");
    }

    #[test]
    fn errors_that_cancel_leave_the_rate_and_not_the_recall() {
        let corrected = &judge().corrected()[Measure::Rephrased as usize];
        assert_eq!((corrected.raw.hits, corrected.raw.of), (20, 100));
        assert!((corrected.corrected.unwrap().estimate - 0.2).abs() < 1e-12);
        // All are labelled: what is left is the draw of the period, by Wilson.
        assert!((corrected.corrected.unwrap().low - corrected.raw.low.unwrap()).abs() < 1e-9);
        assert_eq!(corrected.within_5_percent, Some(true));
        assert_eq!(judge().corrected()[Measure::Reached as usize].within_5_percent, None);
    }

    #[test]
    fn other_conversations_are_refused() {
        let mut judge = judge();
        judge.see(&facts(100, false));
        let error = judge.check("f.csv").unwrap_err().to_string();
        assert!(
            error.starts_with("f.csv: was drawn from 100 conversations, here are 101"),
            "{error}"
        );
    }
}
