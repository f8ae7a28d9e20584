//! Which sessions of 网易七鱼 are the robot's and which a human's.
//!
//! The documents that could be read disagree whether `interaction` 0 is the robot or a human. Records
//! that say it otherwise decide, over the whole input: a name that is a robot's, a close "to human",
//! a place in a queue, an origin at the robot. Where none does, or they contradict each other, the
//! side of a session that does not say it itself stays open.

use std::collections::BTreeMap;

use serde_json::Value;

use super::netease_qiyu::each_session;
use super::netease_qiyu_session::filled;
use super::sender;
use super::table::Job;
use super::vendor_rows::{at, first};
use crate::error::Result;

/// Who served a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// The robot.
    Robot,
    /// A human, or the queue before one.
    Human,
}

impl Side {
    const fn other(self) -> Self {
        match self {
            Self::Robot => Self::Human,
            Self::Human => Self::Robot,
        }
    }
}

/// The sides of the sessions of an input.
#[derive(Debug, Default)]
pub(super) struct Sides {
    /// What `interaction` 0 stands for; `None` where the input does not say.
    zero: Option<Side>,
    sessions: BTreeMap<String, Side>,
}

impl Sides {
    /// Looks through an input.
    pub(super) fn of(job: &Job<'_>) -> Result<Self> {
        let mut silent = |_| {};
        let mut pass = job.again(&mut silent)?;
        let mut votes = [0_u64; 2];
        let mut open: Vec<(String, String)> = Vec::new();
        let mut sides = Self::default();
        each_session(&mut pass, &mut |record| {
            let (id, number) = (at(record, "id"), at(record, "interaction"));
            let Some(side) = evident(record) else {
                open.push((id, number));
                return;
            };
            let zero = match number.as_str() {
                "0" => Some(side),
                "1" => Some(side.other()),
                _ => None,
            };
            match zero {
                Some(Side::Robot) => votes[0] += 1,
                Some(Side::Human) => votes[1] += 1,
                None => {}
            }
            sides.sessions.insert(id, side);
        })?;
        sides.zero = match (votes[0] > 0, votes[1] > 0) {
            (true, false) => Some(Side::Robot),
            (false, true) => Some(Side::Human),
            _ => None,
        };
        for (id, number) in open {
            if let Some(side) = sides.by_number(&number) {
                sides.sessions.insert(id, side);
            }
        }
        Ok(sides)
    }

    /// The side of a session record.
    pub(super) fn of_record(&self, record: &Value) -> Option<Side> {
        evident(record).or_else(|| self.by_number(&at(record, "interaction")))
    }

    /// The side of the session with this id, where its record is in the input.
    pub(super) fn of_session(&self, id: &str) -> Option<Side> {
        self.sessions.get(id).copied()
    }

    fn by_number(&self, number: &str) -> Option<Side> {
        match number {
            "0" => self.zero,
            "1" => self.zero.map(Side::other),
            _ => None,
        }
    }
}

/// The side that a record shows by anything but `interaction`.
fn evident(record: &Value) -> Option<Side> {
    match at(record, "staffType").as_str() {
        "0" => return Some(Side::Robot),
        "1" => return Some(Side::Human),
        _ => {}
    }
    let reason = at(record, "closeReason");
    let named = ["staffName", "nickName", "realName"].map(|k| first(record, &[k]));
    if reason == "3" || named.iter().any(|n| sender::names_a_bot(n)) {
        return Some(Side::Robot);
    }
    let from_robot = matches!(at(record, "relatedType").as_str(), "1" | "2" | "4" | "5");
    let queued = !filled(record, "inQueueTime").is_empty() || at(record, "sType") == "3";
    let cleared = matches!(reason.as_str(), "11" | "12" | "13");
    (from_robot || queued || cleared).then_some(Side::Human)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_record_shows_by_itself() {
        let side = |text: &str| evident(&serde_json::from_str(text).unwrap());
        assert_eq!(side(r#"{"interaction": 0, "nickName": "机器人"}"#), Some(Side::Robot));
        assert_eq!(side(r#"{"interaction": 1, "closeReason": 3}"#), Some(Side::Robot));
        assert_eq!(side(r#"{"interaction": 1, "inQueueTime": 4000}"#), Some(Side::Human));
        assert_eq!(side(r#"{"interaction": 1, "relatedType": 2}"#), Some(Side::Human));
        assert_eq!(side(r#"{"interaction": 0, "nickName": "小周", "closeReason": 0}"#), None);
    }
}
