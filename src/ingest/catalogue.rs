//! What can be read, as a table: made from the registry of formats, so that none is missing
//! (`tohuman inspect --formats`, `docs/formats.md`).

use super::FORMATS;
use crate::model::Shows;

/// What is known of a format beside its reader.
struct Known {
    name: &'static str,
    product: &'static str,
    /// What in the export shows a request for a human, and that it failed.
    marks: &'static str,
    /// How sure the description is that the reader was written from.
    sure: Sure,
    /// What to export in the vendor's console.
    export: &'static str,
}

/// Where the description of a format comes from.
#[derive(Clone, Copy)]
enum Sure {
    /// The vendor's own schema or example.
    High,
    /// The vendor's in part, or programs that read it.
    Medium,
    /// The desk's own columns: nothing to know.
    Own,
}

impl Sure {
    const fn name(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Medium => "medium",
            Self::Own => "the file's own header",
        }
    }
}

const OWN: &str = "an event column, where there is one; else the words of the messages";
const TABLE: &str = "conversation, time, sender and text of every message, one row each";

const fn table(name: &'static str, product: &'static str) -> Known {
    Known { name, product, marks: OWN, sure: Sure::Own, export: TABLE }
}

const fn known(
    name: &'static str,
    product: &'static str,
    marks: &'static str,
    sure: Sure,
    export: &'static str,
) -> Known {
    Known { name, product, marks, sure, export }
}

use Sure::{High, Medium};

#[rustfmt::skip]
const KNOWN: [Known; 30] = [
    table("csv", "any table, comma or semicolon"),
    table("tsv", "any table, tab"),
    table("xlsx", "Excel, also XLSB"),
    table("xls", "Excel before 2007"),
    table("ods", "OpenDocument"),
    table("parquet", "Apache Parquet"),
    table("arrow", "Apache Arrow, file and stream"),
    table("jsonl", "JSON Lines"),
    table("json", "JSON document"),
    known("amazon-contact-lens", "Amazon Connect, Contact Lens chat", "participant joined and left, transfer succeeded and failed", High, "the analysis files of chats, from the bucket of the instance"),
    known("amazon-contact-record", "Amazon Connect, contact records", "queue times, agent connected, next and previous contact", High, "the contact records, streamed or from the bucket, beside the Contact Lens files"),
    known("intercom", "Intercom", "assignments to admins and teams, Fin's state of resolution", High, "conversations with their parts by the API or the data export"),
    known("zendesk-chat", "Zendesk Chat", "engagements, members joining, missed and dropped", Medium, "chats by the incremental export, with history"),
    known("zendesk-conversation-log", "Zendesk messaging", "who writes: user, bot or agent; no failure is marked", High, "the conversation log of each ticket by the API"),
    known("salesforce", "Salesforce chat, messaging, bot sessions", "transcript events such as TransferToQueueFailed, CancelNoAgent; a bot session's transfer result", High, "transcripts, their events, sessions and entries of the same chats, all together"),
    known("rasa", "Rasa", "actions and pauses named for handing over, fallback actions", High, "the events of the tracker store or of the event broker"),
    known("chatwoot", "Chatwoot", "status from pending to open, lines of activity", Medium, "the messages of each conversation by the API, or the webhooks"),
    known("livechat", "LiveChat (text.com)", "transfers and routing system messages, archived because nobody was online", High, "list_archives of the agent chat API, threads with events"),
    known("genesys-cloud", "Genesys Cloud", "participants by purpose, segments, kinds of disconnecting", Medium, "conversation details (query or job)"),
    known("dialogflow-cx", "Dialogflow CX", "live agent handoff, escalation signals, no match", High, "the interaction log from BigQuery, as JSON Lines or CSV"),
    known("convokit", "ConvoKit corpora", "the words of the messages", High, "utterances.jsonl"),
    known("twitter-care", "customer support on Twitter", "the words of the messages", High, "the table of tweets, inbound and replies"),
    known("netease-qiyu", "网易七鱼", "relatedType, transferRgType, closeReason 11 to 13, sType 3, codes 14005, 14006 and 14010", Medium, "会话导出：会话与消息都要，机器人与人工两部分一起导出"),
    known("udesk", "Udesk", "robot_transfer and transfer events, codes 2001 and 2002, the list of queues left", High, "会话列表、消息、机器人会话、放弃排队列表，同一时段一起导出"),
    known("wechat-kf", "微信客服", "session_status_change, service_state", High, "sync_msg 的 msg_list，逐日保存（只留三天）"),
    known("tencent-im", "腾讯云 IM 智能客服", "queuing, connectingToAgent, connectedToAgent, failedToConnectAgent", Medium, "历史消息下载的文件（按小时，gz）"),
    known("whatsapp", "WhatsApp", "the words of the messages", High, "export chat, without media; a mapping names the two sides"),
    known("line", "LINE", "the words of the messages", High, "save chat history; a mapping names the two sides"),
    known("wechat-pay-complaints", "微信支付 complaints", "none: complaint records", High, "投诉单列表与详情（商户平台接口）"),
    known("heimao", "黑猫投诉", "none: complaint records", Medium, "投诉列表的 JSON"),
];

/// The table of all formats in Markdown, the most particular reader first as the registry has them.
#[must_use]
pub fn catalogue() -> String {
    let mut out = String::from(
        "| format | product | evidence of transfers | shows bot replies | how sure | what to export | beware |\n\
         |---|---|---|---|---|---|---|\n",
    );
    for format in FORMATS {
        let Some(it) = KNOWN.iter().find(|known| known.name == format.name()) else { continue };
        let replies = match format.coverage().map(|coverage| coverage.bot_replies) {
            None => "if the file does",
            Some(Shows::Yes) => "yes",
            Some(Shows::No) => "no",
        };
        let cells = [
            &format!("`{}`", it.name),
            it.product,
            it.marks,
            replies,
            it.sure.name(),
            it.export,
            format.caveat().unwrap_or_default(),
        ];
        out.push_str("| ");
        out.push_str(&cells.join(" | "));
        out.push_str(" |\n");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_is_described_once() {
        for format in FORMATS {
            let n = KNOWN.iter().filter(|known| known.name == format.name()).count();
            assert_eq!(n, 1, "{}", format.name());
        }
        assert_eq!(KNOWN.len(), FORMATS.len(), "nothing is described that cannot be read");
        assert_eq!(catalogue().lines().count(), FORMATS.len() + 2);
    }
}
