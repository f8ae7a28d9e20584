//! What a value of an event column means.

use super::names;
use crate::model::Kind;

/// Synonyms of the kinds, as [`names::value`] leaves them, with spaces and hyphens as underscores.
/// Types of content (a picture, a link) are messages; marks of typing and delivery are known and
/// say nothing.
#[rustfmt::skip]
const VALUES: &[(Kind, &[&str])] = &[
    (Kind::Message, &[
        "msg", "消息", "文本", "文字", "text", "image", "picture", "photo", "图片", "file",
        "文件", "voice", "audio", "语音", "video", "视频", "link", "链接", "card", "卡片",
        "富文本", "rich_text", "emoji", "表情", "sticker", "chat", "button", "按钮", "菜单",
        "reply", "回复", "attachment", "附件", "comment", "location", "位置", "商品", "订单",
    ]),
    (Kind::TransferRequest, &[
        "转人工", "请求转人工", "申请转人工", "请求人工", "转人工请求", "点击转人工",
        "handoff_requested", "handoff_request", "human_requested", "request_agent",
        "agent_requested", "request_human", "escalation_requested",
    ]),
    (Kind::Offer, &[
        "提供人工", "推荐转人工", "transfer_offer", "handoff_offered", "agent_offered",
    ]),
    (Kind::Enqueue, &[
        "排队", "进入排队", "开始排队", "入队", "加入队列", "queued", "queue", "enqueued",
        "entered_queue", "queue_entered", "joined_queue", "queue_joined", "placed_in_queue",
    ]),
    (Kind::QueuePosition, &[
        "排队位置", "排队提示", "排队中", "queue_update", "position", "waiting",
    ]),
    (Kind::Dequeue, &[
        "退出排队", "放弃排队", "取消排队", "离开队列", "出队", "dequeued", "left_queue",
        "queue_left", "queue_abandoned", "abandoned", "queue_timeout", "排队超时",
    ]),
    (Kind::Assign, &[
        "分配", "分配客服", "指派", "assigned", "agent_assigned", "routed", "assignment",
        "invited",
    ]),
    (Kind::Decline, &[
        "拒绝", "拒接", "客服拒接", "declined", "rejected", "agent_declined", "missed",
    ]),
    (Kind::AgentJoined, &[
        "接入", "已接入", "客服接入", "人工接入", "接通", "已接通", "坐席接入", "座席接入",
        "客服加入", "agent_join", "agent_connected", "connected", "agent_accepted", "accepted",
        "joined", "agent_entered", "answered",
    ]),
    (Kind::AgentLeft, &[
        "客服离开", "坐席离开", "座席离开", "客服退出", "agent_leave", "agent_disconnected",
    ]),
    (Kind::Transfer, &[
        "转接", "转接客服", "客服转接", "转接成功", "转移", "transferred", "transfer_succeeded",
        "transfer_success", "agent_transfer",
    ]),
    (Kind::TransferFailed, &[
        "转接失败", "转人工失败", "转移失败", "transfer_error", "transfer_fail",
        "failed_transfer", "handoff_failed",
    ]),
    (Kind::ReturnedToBot, &[
        "转回机器人", "返回机器人", "退回机器人", "转机器人", "return_to_bot", "back_to_bot",
        "returned_bot",
    ]),
    (Kind::Note, &[
        "备注", "内部备注", "内部消息", "private_note", "internal_note", "internal", "whisper",
    ]),
    (Kind::Rating, &[
        "评价", "满意度评价", "评分", "客户评价", "rated", "csat", "survey", "satisfaction",
        "feedback",
    ]),
    (Kind::Close, &[
        "会话结束", "结束会话", "结束", "关闭", "会话关闭", "已结束", "结束对话", "对话结束",
        "closed", "ended", "end", "chat_ended", "chat_closed", "conversation_closed",
        "conversation_ended", "session_end", "session_ended", "resolved", "disconnect",
        "timeout_close", "超时关闭", "超时结束",
    ]),
    (Kind::CustomerLeft, &[
        "客户离开", "访客离开", "用户离开", "客户退出", "访客退出", "离开", "customer_leave",
        "visitor_left", "user_left", "customer_disconnected", "visitor_disconnected",
    ]),
    (Kind::Other, &[
        "typing", "正在输入", "delivered", "read", "已读", "seen", "participant_active",
        "会话开始", "开始会话", "开始", "session_start", "start", "started", "chat_started",
        "opened", "created", "customer_joined", "visitor_joined", "访客进入", "进线",
    ]),
];

/// The kind of an event value; `None` if nobody knows it.
pub(super) fn parse(value: &str) -> Option<Kind> {
    let value: String =
        names::value(value).chars().map(|c| if c == ' ' || c == '-' { '_' } else { c }).collect();
    let named = Kind::ALL.into_iter().find(|k| k.name() == value);
    named.or_else(|| VALUES.iter().find(|(_, v)| v.contains(&value.as_str())).map(|(k, _)| *k))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_synonyms() {
        assert_eq!(parse("transfer_failed"), Some(Kind::TransferFailed));
        assert_eq!(parse("Transfer failed"), Some(Kind::TransferFailed));
        assert_eq!(parse("转人工"), Some(Kind::TransferRequest));
        assert_eq!(parse("会话结束"), Some(Kind::Close));
        assert_eq!(parse("图片"), Some(Kind::Message));
        assert_eq!(parse("spun"), None);
        let mut all: Vec<&str> = VALUES.iter().flat_map(|(_, v)| v.iter().copied()).collect();
        all.extend(Kind::ALL.map(Kind::name));
        all.sort_unstable();
        let doubled: Vec<_> = all.windows(2).filter(|w| w[0] == w[1]).collect();
        assert!(doubled.is_empty(), "{doubled:?}");
    }
}
