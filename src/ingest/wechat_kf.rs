//! 微信客服 (customer service of `WeChat`): the pages that `kf/sync_msg` returns, or their
//! messages one by one. Fields as in the vendor's documentation, developer.work.weixin.qq.com,
//! document 94670 (`service_state`: the documents of sessions beside it).
//!
//! Messages that the company sends through the interface, and so every reply of its bot, are not
//! returned: what a customer without a visible reply met stays unknown. Queueing is an interface
//! call too and leaves no event. An id is that of a person with one account of the company; a session
//! ends by its event or after 48 hours.

use serde_json::Value;

use super::Format;
use super::look::Look;
use super::table::{Job, Sink};
use super::vendor_look::keys;
use super::vendor_rows::{Rows, VendorRow, all_shown, at, first, read};
use crate::error::Result;
use crate::model::{Coverage, Kind, Sender, Shows};

/// Messages of 微信客服.
pub(super) struct WechatKf;

/// Where a page holds the messages.
const LISTS: [&str; 1] = ["msg_list"];

impl Format for WechatKf {
    fn name(&self) -> &'static str {
        "wechat-kf"
    }

    fn recognise(&self, look: &Look) -> Option<String> {
        let what = "微信客服 sync_msg";
        keys(look, what, &["msg_list", "msgtype", "origin"])
            .or_else(|| keys(look, what, &["open_kfid", "msgtype", "origin"]))
    }

    fn read(&self, job: &mut Job<'_>, sink: &mut Sink<'_>) -> Result<()> {
        read(job, sink, &LISTS, &mut message)
    }

    fn coverage(&self) -> Option<Coverage> {
        let no = Shows::No;
        Some(Coverage { bot_replies: no, queue: no, leaves: no, ..all_shown() })
    }

    fn ids_of_people(&self) -> bool {
        true
    }

    fn caveat(&self) -> Option<&'static str> {
        Some(
            "replies that are sent through the interface, those of a bot among them, are not in it; nor is queueing",
        )
    }
}

/// A message, or a state of a session as a caller may log it beside them.
fn message(item: &Value, rows: &mut Rows<'_, '_>) -> Result<()> {
    let person = first(item, &["external_userid", "event.external_userid"]);
    let account = first(item, &["open_kfid", "event.open_kfid"]);
    let kind = at(item, "msgtype");
    let state = at(item, "service_state");
    if kind.is_empty() && state.is_empty() {
        return rows.fault(&item.to_string());
    }
    let id = if person.is_empty() { String::new() } else { format!("{person}/{account}") };
    let row = VendorRow {
        conversation: id,
        time: at(item, "send_time"),
        sender: origin(&at(item, "origin")),
        agent: first(item, &["servicer_userid", "event.servicer_userid"]),
        customer: person,
        channel: account,
        message_id: at(item, "msgid"),
        ..VendorRow::default()
    };
    if kind == "event" {
        return rows.put(&event(item, row));
    }
    if kind.is_empty() {
        return rows.put(&self::state(&state, row));
    }
    let text = first(
        item,
        &[
            "text.content",
            "msgmenu.head_content",
            "link.title",
            "location.name",
            "miniprogram.title",
            "file.filename",
        ],
    );
    let event = match kind.as_str() {
        "text" => String::new(),
        "business_card"
        | "miniprogram"
        | "msgmenu"
        | "channels_shop_product"
        | "channels_shop_order"
        | "merged_msg"
        | "channels"
        | "meeting"
        | "schedule"
        | "note" => "attachment".to_owned(),
        // An image, voice, video, file, location or link has a word that is known; others have none.
        _ => kind,
    };
    rows.put(&VendorRow { text, event, ..row })
}

/// The sender column of an origin; one that nobody knows stays with its name.
fn origin(value: &str) -> String {
    let known = match value {
        "3" => Sender::Customer,
        "4" => Sender::System,
        "5" => Sender::Agent,
        "" => return String::new(),
        _ => return format!("origin={value}"),
    };
    known.name().to_owned()
}

fn event(item: &Value, row: VendorRow) -> VendorRow {
    let kind = at(item, "event.event_type");
    let row = row.by(Sender::System);
    match kind.as_str() {
        "session_status_change" => status_change(item, row),
        "msg_send_fail" => {
            let cause = format!("fail_type={}", at(item, "event.fail_type"));
            row.of(Kind::Other).because(cause)
        }
        "enter_session" => {
            let scene = at(item, "event.scene");
            row.of(Kind::Other).because(format!("scene={scene}"))
        }
        "servicer_status_change"
        | "user_recall_msg"
        | "servicer_recall_msg"
        | "reject_customer_msg_switch_change" => row.of(Kind::Other).because(kind.as_str()),
        _ => VendorRow { event: kind, ..row },
    }
}

/// What an agent did in the client: took the customer from the pool, handed on, ended, took up again.
fn status_change(item: &Value, row: VendorRow) -> VendorRow {
    let agent = first(item, &["event.new_servicer_userid", "event.old_servicer_userid"]);
    let row = VendorRow { agent, ..row };
    let change = at(item, "event.change_type");
    let cause = format!("change_type={change}");
    match change.as_str() {
        "1" | "4" => row.by(Sender::Agent).of(Kind::AgentJoined).because(cause),
        "2" => row.of(Kind::Transfer).because(cause),
        "3" => row.of(Kind::Close).because(cause),
        _ => VendorRow { event: cause, ..row },
    }
}

/// The state that `kf/service_state` names.
fn state(state: &str, row: VendorRow) -> VendorRow {
    let cause = format!("service_state={state}");
    let row = row.by(Sender::System);
    match state {
        "0" | "1" => row.of(Kind::Other).because(cause),
        "2" => row.of(Kind::Enqueue).because(cause),
        "3" => row.by(Sender::Agent).of(Kind::AgentJoined).because(cause),
        "4" => row.of(Kind::Close).because(cause),
        _ => VendorRow { event: cause, ..row },
    }
}
