//! 网易七鱼: session records with the messages of sessions, as the export interface gives them
//! (`openapi/export/session`, `.../one`, `.../one/message`), and the pushes of the message interface.
//!
//! Codes of the message interface (`staffType`, 14005, 14006, 14010) stand in the vendor's own
//! documentation; the session record and its codes are known at second hand, from open projects that
//! repeat the vendor's schema. They do not agree whether `interaction` 0 is the robot or a human: the
//! input itself decides (`netease_qiyu_sides`). The robot's part and the human's part of one journey
//! are two sessions that `relatedId` joins.

use serde_json::Value;

use super::look::Look;
use super::netease_qiyu_sides::{Side, Sides};
use super::sender;
use super::table::{Flow, Item, Job, Sink};
use super::vendor_look::keys;
use super::vendor_rows::{Rows, VendorRow, all_shown, at, first, read, yes};
use super::{EachLink, Format, ReadLinks, netease_qiyu_session as session};
use crate::error::Result;
use crate::model::{Coverage, Kind, Sender, Shows};

/// Sessions and messages of 网易七鱼.
pub(super) struct NeteaseQiyu;

/// Where an answer of the interface holds the records.
const LISTS: [&str; 4] = ["data", "message", "sessions", "messages"];
/// What the records are called in a reason.
const WHAT: &str = "网易七鱼";
/// Keys that only session records have.
const SESSION: [&str; 3] = ["closeReason", "relatedType", "staffId"];
/// Keys of messages, in the shapes they come in.
const MESSAGES: [&[&str]; 3] =
    [&["sessionId", "mType"], &["sessionId", "msgType", "timeStamp"], &["sessionId", "staffType"]];

impl Format for NeteaseQiyu {
    fn name(&self) -> &'static str {
        "netease-qiyu"
    }

    fn recognise(&self, look: &Look) -> Option<String> {
        keys(look, WHAT, &SESSION).or_else(|| MESSAGES.iter().find_map(|k| keys(look, WHAT, k)))
    }

    fn read(&self, job: &mut Job<'_>, sink: &mut Sink<'_>) -> Result<()> {
        let sides = Sides::of(job)?;
        read(job, sink, &LISTS, &mut |value, rows| record(value, &sides, rows))
    }

    fn coverage(&self) -> Option<Coverage> {
        Some(all_shown())
    }

    fn coverage_of(&self, look: &Look) -> Option<Coverage> {
        let shows = |yes: bool| if yes { Shows::Yes } else { Shows::No };
        // Messages that begin behind what was looked at would be denied: an input that is only
        // begun shows what its format can.
        let all = !look.whole;
        let messages = shows(all || MESSAGES.iter().any(|k| keys(look, WHAT, k).is_some()));
        let pushed = keys(look, WHAT, &["eventType"]).is_some();
        let sessions = shows(all || pushed || keys(look, WHAT, &SESSION).is_some());
        Some(Coverage {
            bot_replies: messages,
            agent_messages: messages,
            system_lines: sessions,
            queue: sessions,
            joins: sessions,
            leaves: sessions,
            closes: sessions,
            times: None,
        })
    }

    fn links(&self) -> Option<ReadLinks> {
        Some(links)
    }

    fn caveat(&self) -> Option<&'static str> {
        Some(
            "give sessions and messages together: without the sessions a robot's and a human's part stay two conversations; the fields of session records are known at second hand, compare the counts with the vendor's console",
        )
    }
}

/// Which contacts or sessions are parts of one conversation.
fn links(job: &mut Job<'_>, each: &mut EachLink<'_>) -> Result<()> {
    let mut ignore = |_: Item<'_>| Ok(Flow::On);
    read(job, &mut ignore, &LISTS, &mut |value, _| {
        for value in unwrapped(value) {
            if let Some((part, whole)) = session::link(&value) {
                each(part, whole);
            }
        }
        Ok(())
    })
}

/// Hands every session record of an input to `each`.
pub(super) fn each_session(job: &mut Job<'_>, each: &mut dyn FnMut(&Value)) -> Result<()> {
    let mut ignore = |_: Item<'_>| Ok(Flow::On);
    read(job, &mut ignore, &LISTS, &mut |value, _| {
        unwrapped(value).iter().filter(|v| session::is_session(v)).for_each(&mut *each);
        Ok(())
    })
}

/// The records of an answer: its `data` where that is one record, its `message` where that is JSON
/// in a text (the interface does both), else the value itself.
fn unwrapped(value: &Value) -> Vec<Value> {
    if let Some(inner @ Value::Object(_)) = value.get("data") {
        return vec![inner.clone()];
    }
    let text = value.get("message").and_then(Value::as_str).unwrap_or_default().trim_start();
    if at(value, "code") == "200" && text.starts_with(['{', '[']) {
        return match serde_json::from_str(text) {
            Ok(Value::Array(items)) => items,
            Ok(inner) => vec![inner],
            Err(_) => vec![value.clone()],
        };
    }
    vec![value.clone()]
}

fn record(value: &Value, sides: &Sides, rows: &mut Rows<'_, '_>) -> Result<()> {
    for value in unwrapped(value) {
        if session::is_session(&value) {
            session::rows(&value, sides, rows)?;
        } else if !at(&value, "eventType").is_empty() && at(&value, "eventType") != "MSG" {
            pushed(&value, rows)?;
        } else if value.get("sessionId").is_some() && !first(&value, &["msg", "content"]).is_empty()
        {
            message(&value, sides, rows)?;
        } else if !at(&value, "code").is_empty() {
            applied(&value, rows)?;
        } else {
            rows.fault(&value.to_string())?;
        }
    }
    Ok(())
}

/// What a message, a push and an answer have in common.
fn base(value: &Value) -> VendorRow {
    VendorRow {
        conversation: first(value, &["sessionId", "session.id"]),
        time: first(value, &["timeStamp", "time", "createTime"]),
        agent: session::filled(value, "staffId"),
        customer: first(value, &["uid", "foreignId", "userId"]),
        message_id: first(value, &["msgId", "msgIdClient", "id"]),
        ..VendorRow::default()
    }
}

fn message(value: &Value, sides: &Sides, rows: &mut Rows<'_, '_>) -> Result<()> {
    let row = base(value);
    let (who, unknown) = who(value, sides.of_session(&row.conversation));
    let agent = if who == Some(Sender::Agent) { row.agent.clone() } else { String::new() };
    let content = first(value, &["msg", "content"]);
    // What is no text comes as an object: an address and a size.
    let plain = !content.starts_with('{');
    let (kind, number) = (at(value, "msgType"), at(value, "mType"));
    let event = match (kind.as_str(), number.as_str()) {
        ("TEXT" | "", _) if plain => String::new(),
        ("", "") => "attachment".to_owned(),
        ("", number) => format!("mType={number}"),
        (kind, _) => kind.to_owned(),
    };
    rows.put(&VendorRow {
        sender: who.map_or(unknown, |s| s.name().to_owned()),
        text: if plain { super::html_text::html_text(&content) } else { String::new() },
        event,
        agent,
        automatic: yes(value, "autoReply"),
        ..row
    })
}

/// Who wrote a message, or the value that nobody knows: the type of the staff where given, a name
/// that is a robot's, a sender in words, the side of the session. A number in `from` is in no
/// documentation that could be read, so it stays unknown until a mapping names it.
fn who(value: &Value, side: Option<Side>) -> (Option<Sender>, String) {
    let of_side = |side: Side| match side {
        Side::Robot => Sender::Bot,
        Side::Human => Sender::Agent,
    };
    let known = |sender| (Some(sender), String::new());
    match at(value, "staffType").as_str() {
        "0" => return known(Sender::Bot),
        "1" => return known(Sender::Agent),
        "" => {}
        other => return (None, format!("staffType={other}")),
    }
    let from = at(value, "from");
    if !from.is_empty() {
        return match sender::parse(&from) {
            Some(sender) => known(sender),
            None => (None, format!("from={from}")),
        };
    }
    let name = first(value, &["staffName", "nickName"]);
    if sender::names_a_bot(&name) {
        return known(Sender::Bot);
    }
    let staff = session::filled(value, "staffId");
    match (staff.is_empty() && name.is_empty(), side, name.is_empty()) {
        (true, _, _) => known(Sender::Customer),
        (false, Some(side), _) => known(of_side(side)),
        (false, None, false) => known(Sender::Agent),
        (false, None, true) => (None, "staff of a session whose side is open".to_owned()),
    }
}

/// A push of the message interface.
fn pushed(value: &Value, rows: &mut Rows<'_, '_>) -> Result<()> {
    let event = at(value, "eventType");
    let row = VendorRow { message_id: String::new(), ..base(value) }.by(Sender::System);
    let robot = at(value, "staffType") == "0";
    let from = at(value, "transferFrom");
    rows.put(&match event.as_str() {
        "SESSION_START" if robot => row.of(Kind::Other).because("SESSION_START staffType=0"),
        "SESSION_START" => {
            let cause =
                if from.is_empty() { String::new() } else { format!("transferFrom={from}") };
            row.by(Sender::Agent).of(Kind::AgentJoined).because(cause)
        }
        "SESSION_END" => return rows.put(&session::closed(&at(value, "closeReason"), row)),
        "EVA_INVITATION" => row.of(Kind::Other).because("EVA_INVITATION"),
        _ => VendorRow { event, ..row },
    })
}

/// The answer to a request for an agent, as a caller logs it.
fn applied(value: &Value, rows: &mut Rows<'_, '_>) -> Result<()> {
    let code = at(value, "code");
    let row = base(value);
    let conversation =
        if row.conversation.is_empty() { row.customer.clone() } else { row.conversation.clone() };
    if conversation.is_empty() {
        return rows.fault(&value.to_string());
    }
    let row = VendorRow { conversation, message_id: String::new(), ..row };
    rows.put(&row.clone().by(Sender::Customer).of(Kind::TransferRequest).because("applyStaff"))?;
    let row = row.by(Sender::System);
    rows.put(&match code.as_str() {
        "200" => row.of(Kind::Assign).because("code=200"),
        "14005" => row.of(Kind::TransferFailed).because("code=14005 没有客服在线"),
        "14006" => {
            let ahead = at(value, "count");
            row.of(Kind::Enqueue).because(format!("code=14006 count={ahead}"))
        }
        "14010" => row.of(Kind::TransferFailed).because("code=14010 没有客服在线"),
        _ => VendorRow { event: format!("code={code}"), ..row },
    })
}
