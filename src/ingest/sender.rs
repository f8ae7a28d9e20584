//! Who a sender value means. What nobody knows stays `unknown`: it is counted and reported, and
//! never stands for a human.

use super::names;
use crate::model::Sender;

/// Exact values, as [`names::value`] leaves them. `outgoing` is not among them: it says that the
/// desk wrote, not whether a human did.
#[rustfmt::skip]
const VALUES: &[(Sender, &[&str])] = &[
    (Sender::Customer, &[
        "customer", "访客", "客户", "用户", "买家", "顾客", "会员", "来访者", "消费者", "咨询者",
        "游客", "visitor", "user", "client", "guest", "consumer", "buyer", "end_user", "end-user",
        "enduser", "end user", "member", "caller", "shopper", "contact", "requester", "incoming",
        "inbound", "in", "lead", "patient", "passenger", "subscriber", "c", "访客消息",
        "客户消息", "用户消息",
    ]),
    (Sender::Bot, &[
        "bot", "机器人", "智能客服", "机器客服", "客服机器人", "智能机器人", "小蜜", "店小蜜",
        "ai", "ai客服", "ai助手", "智能助手", "自动回复", "机器人客服", "机器人消息", "robot",
        "assistant", "virtual agent", "virtual_agent", "virtual assistant", "virtual_assistant",
        "chatbot", "custom_bot", "automation", "auto", "auto-reply", "autoreply", "ivr",
        "ai agent", "ai_agent", "ai assistant", "agent_bot", "agentbot", "智能坐席", "虚拟坐席",
        "虚拟客服",
    ]),
    (Sender::Agent, &[
        "agent", "客服", "人工", "人工客服", "坐席", "座席", "人工坐席", "人工座席", "在线客服",
        "专员", "客服专员", "客服人员", "客户经理", "卖家", "商家", "店家", "商家客服",
        "客服消息", "human", "human agent", "human_agent", "operator", "staff", "representative",
        "rep", "csr", "advisor", "adviser", "admin", "employee", "helpdesk", "help desk",
        "support", "support agent", "live agent", "live_agent", "liveagent", "seller", "merchant",
        "teammate", "consultant", "specialist", "supervisor", "主管", "班长", "service",
        "customer service",
    ]),
    (Sender::System, &[
        "system", "系统", "系统消息", "系统提示", "系统通知", "通知", "提示", "平台", "系统自动",
        "event", "事件", "system_message", "system message", "notification", "platform", "info",
        "trigger", "server",
    ]),
];

/// Words that make a longer value a bot's, whatever it begins with.
const BOT_WORDS: &[&str] = &["机器人", "智能", "自动回复", "小蜜", "chatbot", "robot", "虚拟"];
/// Beginnings after which a name or number of the agent stands.
const AGENT_STARTS: &[&str] = &["客服", "人工客服", "坐席", "座席", "人工"];
/// Beginnings after which only a number or a Latin handle may stand (`客户经理` is no customer).
#[rustfmt::skip]
const NUMBERED: &[(Sender, &[&str])] = &[
    (Sender::Customer, &[
        "访客", "客户", "用户", "买家", "顾客", "会员", "游客", "visitor", "customer", "guest",
        "client", "user",
    ]),
    (Sender::Agent, &[
        "agent", "operator", "工号", "staff", "advisor", "representative",
    ]),
    (Sender::Bot, &[
        "bot", "assistant",
    ]),
];

/// Who a value of a sender column means; `None` if nobody knows.
pub(super) fn parse(value: &str) -> Option<Sender> {
    let value = names::value(value);
    if let Some(sender) = exact(&value) {
        return Some(sender);
    }
    if BOT_WORDS.iter().any(|w| value.contains(w)) {
        return Some(Sender::Bot);
    }
    let system = value.contains("系统");
    if !system && AGENT_STARTS.iter().any(|s| value.starts_with(s)) {
        return Some(Sender::Agent);
    }
    NUMBERED.iter().find_map(|(sender, starts)| {
        let numbered = |s: &&&str| value.strip_prefix(**s).is_some_and(is_handle);
        starts.iter().find(numbered).map(|_| *sender)
    })
}

/// Whether the name of an agent is that of a machine (智能客服小安): accounts named as bots are bots
/// (METRICS, section 2).
pub(super) fn names_a_bot(agent: &str) -> bool {
    let value = names::value(agent);
    exact(&value) == Some(Sender::Bot) || BOT_WORDS.iter().any(|w| value.contains(w))
}

fn exact(value: &str) -> Option<Sender> {
    VALUES.iter().find(|(_, values)| values.contains(&value)).map(|(sender, _)| *sender)
}

/// What follows a role and is plainly a number of it: `访客0231`, `agent #12`, `user_7f`.
fn is_handle(rest: &str) -> bool {
    rest.chars().any(|c| c.is_ascii_digit())
        && rest.chars().all(|c| c.is_ascii_alphanumeric() || " #_-:.*()".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_both_languages() {
        let cases = [
            ("访客", Some(Sender::Customer)),
            (" Visitor ", Some(Sender::Customer)),
            ("访客0231", Some(Sender::Customer)),
            ("Visitor 88213", Some(Sender::Customer)),
            ("客服小周", Some(Sender::Agent)),
            ("客服工号1024", Some(Sender::Agent)),
            ("客服机器人小安", Some(Sender::Bot)),
            ("客户经理", Some(Sender::Agent)),
            ("ＡＩ", Some(Sender::Bot)),
            ("CUSTOM_BOT", Some(Sender::Bot)),
            ("客服系统", None),
            ("系统提示", Some(Sender::System)),
            ("用户服务", None),
            ("User interface", None),
            ("Paul", None),
            ("", None),
        ];
        for (value, expected) in cases {
            assert_eq!(parse(value), expected, "{value}");
        }
    }

    #[test]
    fn no_value_stands_for_two() {
        let mut all: Vec<&str> = VALUES.iter().flat_map(|(_, v)| v.iter().copied()).collect();
        all.sort_unstable();
        let before = all.len();
        all.dedup();
        assert_eq!(before, all.len());
    }
}
