//! A session record of 网易七鱼 as events: where it came from, how it queued, how it ended.
//!
//! `startTime` and `inQueueTime` do not say when the agent came: a session that queued gets no join,
//! and the first words of the agent end the wait.

use serde_json::Value;

use super::netease_qiyu_sides::{Side, Sides};
use super::rounded::is_rounded;
use super::vendor_rows::{Rows, VendorRow, at, first};
use crate::error::Result;
use crate::model::{Kind, Sender};

/// Reasons of a hand-over that the customer gave, in words that documents and projects use.
const ASKED: [&str; 4] = ["主动", "关键", "active", "keyword"];
/// Reasons that the robot's rules gave: a human was offered unasked.
const OFFERED: [&str; 13] = [
    "引导", "屏蔽", "敏感", "未知", "差评", "情绪", "图片", "guid", "block", "unknown", "rating",
    "emotion", "picture",
];

/// True for a session record; messages name a session too, but have none of these.
pub(super) fn is_session(value: &Value) -> bool {
    value.get("startTime").is_some()
        && (value.get("closeReason").is_some() || value.get("relatedType").is_some())
}

/// A value that is there: ids and stamps that are not are written as 0 or less.
pub(super) fn filled(value: &Value, key: &str) -> String {
    let text = at(value, key);
    let none = matches!(text.as_str(), "0" | "0.0" | "-1");
    if none { String::new() } else { text }
}

/// A session and the one that it goes on from.
pub(super) fn link(value: &Value) -> Option<(String, String)> {
    if !is_session(value) {
        return None;
    }
    // 3 is an earlier visit of the same customer: another conversation.
    let goes_on = matches!(at(value, "relatedType").as_str(), "1" | "2" | "4" | "5");
    let related = if goes_on { filled(value, "relatedId") } else { String::new() };
    let whole = if related.is_empty() { filled(value, "humanTransferSessionId") } else { related };
    let part = at(value, "id");
    let usable = !whole.is_empty() && !part.is_empty() && whole != part;
    (usable && !is_rounded(&whole) && !is_rounded(&part)).then_some((part, whole))
}

/// The events of a session record.
pub(super) fn rows(value: &Value, sides: &Sides, rows: &mut Rows<'_, '_>) -> Result<()> {
    let id = at(value, "id");
    let side = sides.of_record(value);
    let human = side == Some(Side::Human);
    let base = VendorRow {
        conversation: id.clone(),
        agent: if human { filled(value, "staffId") } else { String::new() },
        customer: first(value, &["foreignId", "uid", "userId"]),
        channel: at(value, "fromType"),
        category: first(value, &["categoryDetail", "category"]),
        ..VendorRow::default()
    };
    let base = base.by(Sender::System);
    let mark = |what: &str, key: &str| VendorRow {
        message_id: format!("{id}:{what}"),
        ..base.clone().at(filled(value, key))
    };
    let begun = mark("start", "startTime");
    let number = at(value, "interaction");
    rows.put(&match (side, number.as_str()) {
        (None, n) if !n.is_empty() => VendorRow { event: format!("interaction={n}"), ..begun },
        _ => begun.of(Kind::Other).because(if human { "human session" } else { "robot session" }),
    })?;
    for row in handed_over(value, &mark) {
        rows.put(&row)?;
    }
    if human {
        for row in served(value, &base, &mark) {
            rows.put(&row)?;
        }
    }
    let rating = first(value, &["evaluate.evaluation", "evaluate"]);
    let ended = mark("end", "endTime");
    if ended.time.is_empty() {
        return Ok(());
    }
    if rating.parse::<f64>().is_ok_and(|r| r > 0.0) {
        let rated = VendorRow { rating, ..mark("rating", "endTime") };
        rows.put(&rated.by(Sender::Customer).of(Kind::Rating))?;
    }
    match at(value, "closeReason") {
        reason if reason.is_empty() => Ok(()),
        reason => rows.put(&closed(&reason, ended)),
    }
}

/// Why the customer was handed over, and what the record is related to.
fn handed_over(value: &Value, mark: &dyn Fn(&str, &str) -> VendorRow) -> Vec<VendorRow> {
    let mut out = Vec::new();
    let reason = [filled(value, "transferRgType"), filled(value, "transferType")]
        .into_iter()
        .find(|r| !r.is_empty());
    if let Some(reason) = reason {
        let lower = reason.to_lowercase();
        let says = |words: &[&str]| words.iter().any(|w| lower.contains(w));
        let cause = format!("transferRgType={reason}");
        let row = mark("handover", "startTime");
        out.push(if says(&ASKED) || lower == "initiative" {
            row.by(Sender::Customer).of(Kind::TransferRequest).because(cause)
        } else if says(&OFFERED) {
            row.of(Kind::Offer).because(cause)
        } else {
            VendorRow { event: cause, ..row }
        });
    }
    let related = at(value, "relatedType");
    match related.as_str() {
        "" | "0" | "1" | "2" | "3" => {}
        "4" | "5" => out.push(
            mark("related", "startTime")
                .of(Kind::Transfer)
                .because(format!("relatedType={related}")),
        ),
        _ => out.push(VendorRow {
            event: format!("relatedType={related}"),
            ..mark("related", "startTime")
        }),
    }
    out
}

/// Queue and join of a session with a human.
fn served(
    value: &Value,
    base: &VendorRow,
    mark: &dyn Fn(&str, &str) -> VendorRow,
) -> Vec<VendorRow> {
    let kind = at(value, "sType");
    let queued = filled(value, "inQueueTime");
    let cleared = matches!(at(value, "closeReason").as_str(), "11" | "12" | "13") || kind == "3";
    let mut out = Vec::new();
    if !queued.is_empty() || cleared {
        let cause = format!("inQueueTime={}", at(value, "inQueueTime"));
        out.push(mark("queue", "startTime").of(Kind::Enqueue).because(cause));
    }
    match kind.as_str() {
        "" | "0" => {
            if out.is_empty() && !base.agent.is_empty() {
                out.push(mark("join", "startTime").by(Sender::Agent).of(Kind::AgentJoined));
            }
        }
        "1" | "2" => out.push(
            mark("offline", "startTime")
                .of(Kind::TransferFailed)
                .because(format!("sType={kind} 没有客服在线")),
        ),
        // How a queue timed out is said by the reason of the close, where there is one.
        "3" if at(value, "closeReason").is_empty() => {
            out.push(mark("dequeue", "endTime").of(Kind::Dequeue).because("sType=3"));
        }
        "3" => {}
        _ => out.push(VendorRow { event: format!("sType={kind}"), ..mark("type", "startTime") }),
    }
    out.retain(|row| !row.time.is_empty());
    out
}

/// The end of a session by its reason. Robot sessions that go on with a human, and sessions that are
/// handed on, are no end of the conversation.
pub(super) fn closed(reason: &str, row: VendorRow) -> VendorRow {
    let cause = format!("closeReason={reason}");
    match reason {
        "0" | "2" | "4" | "8" => row.of(Kind::Close).because(cause),
        "1" | "7" => row.by(Sender::Customer).of(Kind::CustomerLeft).because(cause),
        "3" | "5" | "6" | "9" => row.of(Kind::Transfer).because(cause),
        "10" => row.of(Kind::Close).because(format!("{cause} 访客长时间未发言")),
        "11" | "13" => row.of(Kind::Dequeue).because(cause),
        "12" => row.by(Sender::Customer).of(Kind::Dequeue).because(cause),
        "" => row.of(Kind::Close),
        _ => VendorRow { event: cause, ..row },
    }
}
