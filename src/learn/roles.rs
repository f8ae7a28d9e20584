//! What each template does: as the lexicon reads it, else by its place and by what follows it.
//!
//! Every share is judged by the end of its 95 % interval that speaks against the role (Wilson, with
//! conversations, not lines, as the number of cases), so that few cases decide nothing. Where two
//! roles fit, or none, the template stays unclassified: precision goes before recall.

use std::collections::BTreeMap;

use super::rounded;
use super::tally::Tally;
use crate::stats::wilson;
use crate::text::desk::{Basis, Evidence, LogSize, Role, Template};
use crate::text::{Cue, Similarity};

/// Least conversations for a role by place; a template may be listed with fewer.
const LEAST_SUPPORT: u64 = 10;
/// Least messages before a template for their likeness to mean anything.
const LEAST_SAMPLE: usize = 10;
/// A fallback follows messages that are at most so much more alike than any two of the log are.
const AS_UNLIKE: f64 = 1.5;
/// An answer follows messages that are at least so much more alike.
const MUCH_ALIKE: f64 = 2.0;

/// The judged templates, one for each text.
pub(super) fn judge(
    tallies: &BTreeMap<String, Tally>,
    log: &LogSize,
    alike: &Similarity,
) -> Vec<Template> {
    let known: Vec<(usize, f64)> = tallies
        .iter()
        .filter(|(_, t)| by_lexicon(t) == Some(Role::Fallback))
        .map(|(text, t)| (super::script(text), Case::new(&t.sums).recurs()))
        .collect();
    let judged = tallies.iter().map(|(text, tally)| {
        let mut evidence = tally.sums.clone();
        let script = super::script(text);
        if tally.before.len() >= LEAST_SAMPLE {
            evidence.likeness = tally.before.likeness(alike).map(rounded);
        }
        let base = [log.likeness_zh, log.likeness_other][script];
        let case = Case {
            of_all: share(evidence.conversations, log.with_desk_lines),
            relative: evidence.likeness.zip(base).filter(|(_, b)| *b > 0.0).map(|(l, b)| l / b),
            particular: text.contains('#'),
            known: known
                .iter()
                .filter(|(s, _)| *s == script)
                .map(|(_, recurs)| *recurs)
                .fold(None, |most: Option<f64>, r| Some(most.map_or(r, |m| m.max(r)))),
            ..Case::new(&evidence)
        };
        let (role, basis, why) = match by_lexicon(tally) {
            Some(role) if !misplaced(role, &evidence) => (role, Basis::Lexicon, None),
            Some(role) => {
                let why = format!("its words say {}, its place does not", role.name());
                (Role::Unclassified, Basis::None, Some(why))
            }
            None => case.by_place(),
        };
        Template { role, text: text.clone(), basis, why, evidence: Some(evidence) }
    });
    judged.collect()
}

/// What the lexicon says, where it says anything about what the line does.
fn by_lexicon(tally: &Tally) -> Option<Role> {
    const STAGES: [Cue; 15] = [
        Cue::ConnectPromise,
        Cue::Queued,
        Cue::NoAgent,
        Cue::AfterHours,
        Cue::QueueTimeout,
        Cue::TransferError,
        Cue::AgentJoined,
        Cue::AgentLeft,
        Cue::ReturnedToBot,
        Cue::TransferOffer,
        Cue::MessageOffer,
        Cue::MessageTaken,
        Cue::Closed,
        Cue::ClosedForSilence,
        Cue::CustomerLeft,
    ];
    let cues = tally.cues();
    let has = |cue: Cue| cues.contains_key(cue.name());
    let (sums, all) = (&tally.sums, tally.sums.occurrences);
    if has(Cue::Fallback) {
        Some(Role::Fallback)
    } else if has(Cue::DeskGreeting) && sums.opens * 2 >= all {
        Some(Role::Greeting)
    } else if STAGES.into_iter().any(has) {
        Some(Role::Stage)
    } else if has(Cue::Closing) && (sums.ends * 2 >= all || !has(Cue::Deflection)) {
        Some(Role::Closing)
    } else if has(Cue::Deflection) {
        Some(Role::Deflection)
    } else if has(Cue::DeskGreeting) {
        Some(Role::Greeting)
    } else if has(Cue::Holding) {
        Some(Role::Hold)
    } else {
        None
    }
}

/// Words alone can mislead where a role has its place: who says "I am ..." in the middle does not
/// open, and what customers thank for is no hold, for all its "minute".
fn misplaced(role: Role, e: &Evidence) -> bool {
    match role {
        Role::Greeting => e.opens * 2 < e.occurrences,
        Role::Hold => e.then_thanks * 4 >= e.occurrences,
        _ => false,
    }
}

fn share(hits: u64, of: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "counts below 2^53")]
    let (hits, of) = (hits as f64, of as f64);
    if of > 0.0 { hits / of } else { 0.0 }
}

/// A template to be judged by its place.
struct Case<'e> {
    e: &'e Evidence,
    /// Share of the conversations with lines of the desk that have it.
    of_all: f64,
    /// Likeness of the messages before it against any two of the log.
    relative: Option<f64>,
    /// It states a number, link or name.
    particular: bool,
    /// How often a fallback that the lexicon knows recurs in its conversations.
    known: Option<f64>,
}

/// A role with the figures that speak for it, or nothing.
type Verdict = Option<(Role, String)>;

impl<'e> Case<'e> {
    const fn new(e: &'e Evidence) -> Self {
        Self { e, of_all: 0.0, relative: None, particular: false, known: None }
    }

    fn by_place(&self) -> (Role, Basis, Option<String>) {
        let rules = [
            Self::greeting,
            Self::closing,
            Self::hold,
            Self::deflection,
            Self::fallback,
            Self::answer,
        ];
        let mut fits: Vec<(Role, String)> = Vec::new();
        if self.e.conversations >= LEAST_SUPPORT {
            fits = rules.iter().filter_map(|rule| rule(self)).collect();
        }
        match fits.as_slice() {
            [] => (Role::Unclassified, Basis::None, None),
            [(role, why)] => (*role, Basis::Place, Some(why.clone())),
            several => {
                let names: Vec<&str> = several.iter().map(|(role, _)| role.name()).collect();
                let why = format!("fits {}", names.join(" and "));
                (Role::Unclassified, Basis::None, Some(why))
            }
        }
    }

    /// The interval of a share of its occurrences, conversations counted as cases.
    fn interval(&self, hits: u64, of: u64) -> (f64, f64) {
        if of == 0 {
            return (0.0, 1.0);
        }
        #[expect(clippy::cast_precision_loss, reason = "counts below 2^53")]
        let cases = of.min(self.e.conversations) as f64;
        wilson(share(hits, of), cases)
    }

    /// At least this share of its occurrences, with the margin.
    fn most(&self, hits: u64, least: f64) -> bool {
        self.interval(hits, self.e.occurrences).0 >= least
    }

    /// At most this share of its occurrences, with the margin.
    fn few(&self, hits: u64, most: f64) -> bool {
        self.interval(hits, self.e.occurrences).1 <= most
    }

    /// Share of its conversations that have it twice or more.
    fn recurs(&self) -> f64 {
        share(self.e.recurs_in, self.e.conversations)
    }

    fn of_bot(&self) -> bool {
        self.e.by_system * 10 <= self.e.occurrences
    }

    /// Comes first, in many conversations, and not as the answer to what was told: before the
    /// customer speaks, after a bare greeting, before the bot's own next line, or nearly always.
    fn greeting(&self) -> Verdict {
        let e = self.e;
        let first = self.most(e.opens, 0.8) && self.recurs() <= 0.1 && self.of_all >= 0.05;
        let unasked = [e.before_customer, e.after_greeting].into_iter().any(|n| self.most(n, 0.5));
        // A reply that many conversations begin and end with, or that is told again, may be a
        // fallback.
        let goes_on = self.few(e.ends, 0.3) && self.few(e.then_retold, 0.4);
        let always = self.of_all >= 0.4 && self.most(e.opens, 0.9) && goes_on;
        let more = self.most(e.then_more, 0.5) && self.of_all >= 0.2;
        (first && (unasked || always || more) && self.few(e.then_request, 0.4)).then(|| {
            let why = format!("first words in {} of {}", e.opens, e.occurrences);
            (Role::Greeting, why)
        })
    }

    /// Comes last, after thanks or goodbye.
    fn closing(&self) -> Verdict {
        let e = self.e;
        (self.most(e.ends, 0.7) && self.most(e.after_thanks, 0.5)).then(|| {
            let why = format!(
                "last words in {}, after thanks in {} of {}",
                e.ends, e.after_thanks, e.occurrences
            );
            (Role::Closing, why)
        })
    }

    /// Comes after requests and before a queue, a join or a human.
    fn hold(&self) -> Verdict {
        let e = self.e;
        let fits = self.most(e.after_request, 0.6) && self.most(e.then_human, 0.6);
        fits.then(|| {
            let why = format!(
                "after a request in {}, a human came next in {} of {}",
                e.after_request, e.then_human, e.occurrences
            );
            (Role::Hold, why)
        })
    }

    /// Comes after requests, brings no human, and the customer goes on: asks again, tells the
    /// problem, or gets through by asking again. Where customers mostly leave, it may as well have
    /// said that nobody is there.
    fn deflection(&self) -> Verdict {
        let e = self.e;
        let told = e.then_told + e.then_retold;
        let insists = self.most(e.then_request, 0.4);
        let goes_on = self.most(told, 0.4);
        let gets_through = self.interval(e.then_request_through, e.then_request).0 >= 0.2
            && self.most(e.then_request, 0.3);
        let fits = self.of_bot()
            && self.most(e.after_request, 0.6)
            && self.few(e.then_human, 0.2)
            && (insists || goes_on || gets_through);
        fits.then(|| {
            let why = format!(
                "after a request in {} of {}; then asked again {}, told {}, human {}",
                e.after_request, e.occurrences, e.then_request, told, e.then_human
            );
            (Role::Deflection, why)
        })
    }

    /// Comes after messages as unlike each other as any of the log, again and again in one
    /// conversation, and the customer says the same again or asks for a human. An irrelevant answer
    /// does much of that too: so it states nothing particular, and where the lexicon knows
    /// fallbacks of this desk it recurs as readily as the readiest of them.
    fn fallback(&self) -> Verdict {
        let e = self.e;
        let relative = self.relative.filter(|r| *r <= AS_UNLIKE)?;
        let failed = e.then_request + e.then_retold;
        let told = e.after_telling + e.after_request;
        // What states something is an answer first of all.
        let least = if self.particular { 0.15 } else { 0.05 };
        let recurs = self.interval(e.recurs_in, e.conversations).0 >= least;
        let fits = self.of_bot()
            && self.most(told, 0.7)
            && self.most(e.after_telling, 0.4)
            && self.most(failed, 0.3)
            && self.few(e.then_thanks, 0.25)
            && recurs
            && e.recurs_in >= super::LEAST_CONVERSATIONS
            && self.known.is_none_or(|known| self.recurs() > known);
        fits.then(|| {
            let why = format!(
                "after messages {relative:.2} times as alike as any; then told again {}, asked {} of {}; \
                 twice or more in {} of {} conversations",
                e.then_retold, e.then_request, e.occurrences, e.recurs_in, e.conversations
            );
            (Role::Fallback, why)
        })
    }

    /// Comes after messages that are much alike, and customers thank for it: it answers one matter.
    fn answer(&self) -> Verdict {
        let e = self.e;
        let relative = self.relative.filter(|r| *r >= MUCH_ALIKE)?;
        (self.most(e.after_telling, 0.6) && self.most(e.then_thanks, 0.1)).then(|| {
            let why = format!(
                "after messages {relative:.2} times as alike as any; then thanks {} of {}",
                e.then_thanks, e.occurrences
            );
            (Role::Answer, why)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A reply after unlike messages that the customer was not helped by.
    fn failing() -> Evidence {
        Evidence {
            conversations: 100,
            recurs_in: 30,
            occurrences: 140,
            after_telling: 130,
            then_request: 60,
            then_retold: 40,
            then_told: 20,
            ..Evidence::default()
        }
    }

    fn role(e: &Evidence, change: impl Fn(&mut Case<'_>)) -> Role {
        let mut case = Case { relative: Some(1.0), of_all: 0.3, ..Case::new(e) };
        change(&mut case);
        case.by_place().0
    }

    #[test]
    fn a_fallback_follows_unlike_messages_and_recurs() {
        let e = failing();
        assert_eq!(role(&e, |_| {}), Role::Fallback);
        assert_eq!(role(&e, |c| c.relative = Some(2.5)), Role::Unclassified, "alike messages");
        assert_eq!(role(&e, |c| c.relative = None), Role::Unclassified, "too few to tell");
        assert_eq!(role(&e, |c| c.known = Some(0.4)), Role::Unclassified, "known ones recur more");
        let once = Evidence { recurs_in: 3, ..failing() };
        assert_eq!(role(&once, |_| {}), Role::Unclassified, "an irrelevant answer");
        let helped = Evidence { then_thanks: 60, then_request: 10, then_retold: 5, ..failing() };
        assert_eq!(role(&helped, |_| {}), Role::Unclassified);
    }

    #[test]
    fn few_cases_decide_nothing() {
        let e = Evidence { conversations: 9, recurs_in: 9, occurrences: 18, ..failing() };
        assert_eq!(role(&e, |_| {}), Role::Unclassified);
    }

    #[test]
    fn a_reply_to_requests_is_a_deflection_or_a_hold_by_what_follows() {
        let asked = Evidence {
            conversations: 80,
            occurrences: 90,
            after_request: 90,
            then_request: 55,
            then_told: 15,
            ..Evidence::default()
        };
        assert_eq!(role(&asked, |_| {}), Role::Deflection);
        let served = Evidence { then_human: 80, then_request: 2, then_told: 60, ..asked.clone() };
        assert_eq!(role(&served, |_| {}), Role::Hold);
        let left = Evidence { then_request: 15, then_told: 3, ends: 70, ..asked };
        assert_eq!(role(&left, |_| {}), Role::Unclassified, "perhaps nobody was there");
    }

    #[test]
    fn what_fits_two_roles_is_not_clear() {
        let e = Evidence {
            conversations: 200,
            occurrences: 200,
            opens: 200,
            before_customer: 200,
            ends: 200,
            after_thanks: 200,
            ..Evidence::default()
        };
        let case = Case { of_all: 1.0, ..Case::new(&e) };
        let (role, basis, why) = case.by_place();
        assert_eq!((role, basis), (Role::Unclassified, Basis::None));
        assert_eq!(why.as_deref(), Some("fits greeting and closing"));
    }

    #[test]
    fn words_that_their_place_contradicts_are_not_believed() {
        let e = Evidence { occurrences: 20, opens: 2, then_thanks: 12, ..Evidence::default() };
        assert!(misplaced(Role::Greeting, &e) && misplaced(Role::Hold, &e));
        assert!(!misplaced(Role::Fallback, &e));
    }
}
