//! The headers that need no mapping, Chinese and English, each list in order of preference: of two
//! columns with one meaning the one that stands earlier is taken, and `inspect` shows the other.
//! Names are written as [`super::names::header`] leaves them.

use super::meaning::Meaning::{
    self, AgentId, Amount, Automatic, Category, Cause, Channel, Company, ConversationId,
    CustomerId, Date, Event, Id, Language, MessageId, OrderId, OrderValue, Rating, Sender,
    Sequence, Status, Text, TimePrecision, Timestamp, Visibility,
};

/// Headers of one meaning; the first is the canonical one.
pub(super) type Entry = (Meaning, &'static [&'static str]);

/// Headers that mean something only if their values do: a type column is the sender where its
/// values are those of senders, and the event where they are those of events.
#[rustfmt::skip]
pub(super) const BY_VALUE: &[&str] = &[
    "消息类型",
    "类型",
    "type",
    "messagetype",
    "msgtype",
    "from",
    "name",
    "来源",
    "source",
    "author",
    "user",
    "username",
    "by",
    "direction",
    "方向",
    "participant",
    "displayname",
    "昵称",
    "姓名",
];

/// Headers that say writer and text at once, where one row holds a question and its answer. A plain
/// `answer` does not say who gave it and needs a mapping.
#[rustfmt::skip]
pub(super) const SIDES: &[(crate::model::Sender, &[&str])] = &[
    (crate::model::Sender::Customer, &[
        "用户问题", "客户问题", "访客问题", "用户提问", "客户提问", "访客提问", "用户消息", "客户消息",
        "访客消息", "用户输入", "用户说", "用户话术", "用户语句", "userquestion", "usermessage",
        "userinput", "userquery", "userutterance", "customerquestion", "customermessage",
        "visitormessage", "visitorquestion", "usersays",
    ]),
    (crate::model::Sender::Bot, &[
        "机器人回答", "机器人回复", "机器人答案", "机器人消息", "机器人话术", "智能回复", "ai回复", "ai回答",
        "botanswer", "botresponse", "botreply", "botmessage", "chatbotresponse", "chatbotreply",
        "assistantresponse", "assistantreply", "airesponse", "aireply",
    ]),
    (crate::model::Sender::Agent, &[
        "人工回复", "人工回答", "客服回复", "客服回答", "坐席回复", "客服消息", "agentreply",
        "agentresponse", "agentmessage", "agentanswer", "humanreply",
    ]),
];

/// Chat logs.
#[rustfmt::skip]
pub(super) const LOG: &[Entry] = &[
    (ConversationId, &[
        "conversationid", "会话id", "会话编号", "会话号", "对话id", "对话编号", "对话号",
        "聊天id", "会话标识", "会话sid", "sessionid", "session", "sid", "convid", "cid", "chatid",
        "conversation", "conversationuuid", "conversationkey", "dialogid", "dialogueid",
        "dialogue", "dialog", "threadid", "thread", "chat", "contactid", "interactionid",
        "transcriptid", "咨询单号", "咨询id", "咨询编号", "接待id", "接待编号", "服务单号",
        "服务id", "通话id", "工单号", "工单编号", "工单id", "ticketid", "ticketnumber", "ticket",
        "caseid", "casenumber", "roomid", "channelid", "groupid", "会话", "会话记录id",
    ]),
    (Timestamp, &[
        "timestamp", "发送时间", "消息时间", "时间", "聊天时间", "对话时间", "消息发送时间",
        "时间戳", "日期时间", "发言时间", "记录时间", "创建时间", "sendtime", "sentat",
        "senttime", "msgtime", "messagetime", "messagetimestamp", "eventtime", "time", "datetime",
        "ts", "createtime", "createdat", "createdtime", "created", "createdon", "sent", "senton",
        "sentdate", "absolutetime", "dateandtime", "datetimeutc", "occurredat", "postedat",
    ]),
    (Date, &[
        "date", "日期", "发送日期", "消息日期", "聊天日期", "messagedate", "day",
    ]),
    (Sender, &[
        "sender", "发送方", "发送者", "发送人", "消息来源", "发送方类型", "发送者类型",
        "发送人类型", "角色", "身份", "发言人", "发言方", "发言者", "发言角色", "说话人",
        "发送人角色", "发送方角色", "sendertype", "senderrole", "role", "speaker", "speakerrole",
        "authortype", "authorrole", "participantrole", "participanttype", "usertype", "fromtype",
        "fromrole", "actor", "actortype", "party", "author", "消息类型", "from", "direction",
        "方向", "participant", "来源", "source", "sentby", "by", "messagetype", "msgtype", "类型",
        "type", "displayname", "user", "username", "name", "昵称", "姓名",
    ]),
    (Text, &[
        "text", "消息内容", "内容", "聊天内容", "对话内容", "发言内容", "消息", "文本",
        "消息正文", "正文", "会话内容", "聊天记录", "文本内容", "message", "messagetext",
        "messagebody", "messagecontent", "msg", "content", "body", "utterance", "transcript",
        "msgcontent", "msgtext", "plaintext", "chattext", "comment",
    ]),
    (Event, &[
        "event", "事件", "事件类型", "eventtype", "eventname", "action", "动作", "kind",
        "消息类型", "messagetype", "msgtype", "type", "类型",
    ]),
    (Sequence, &[
        "sequence", "序号", "顺序", "消息序号", "seq", "seqno", "sequencenumber", "turn",
        "turnid", "turnnumber", "turnindex", "messageindex", "index", "position",
        "lineno", "轮次",
    ]),
    (MessageId, &[
        "messageid", "消息id", "消息编号", "消息号", "消息标识", "消息唯一标识", "消息唯一id",
        "msgid", "messageuuid", "messageguid", "messagekey", "msguuid", "chatmessageid",
        "utteranceid",
    ]),
    (Cause, &[
        "cause", "原因", "事件原因", "会话关闭原因", "关闭原因", "结束原因", "结束方式", "reason",
        "closereason", "eventcause", "disconnectreason", "errorcode",
    ]),
    (TimePrecision, &["timeprecision"]),
    (Visibility, &[
        "visibility", "可见性", "是否内部", "内部备注", "是否备注", "private", "isprivate",
        "internal", "isinternal", "public", "ispublic",
    ]),
    (Automatic, &[
        "automatic", "自动回复", "是否自动回复", "自动", "auto", "isauto", "isautomatic",
        "autoreply", "isautoreply", "automated", "isautomated",
    ]),
    (AgentId, &[
        "agentid", "客服工号", "坐席工号", "座席工号", "客服id", "坐席id", "座席id", "工号",
        "客服账号", "接待客服", "客服", "坐席", "座席", "客服昵称", "客服姓名", "客服名称",
        "agent", "agentname", "agentemail", "operatorid", "operator", "operatorname", "staffid",
        "staff", "assignee", "assigneeid", "agentusername",
    ]),
    (CustomerId, &[
        "customerid", "客户id", "访客id", "用户id", "买家id", "会员id", "顾客id", "客户编号",
        "用户编号", "访客编号", "会员编号", "openid", "userid", "visitorid", "clientid",
        "guestid", "memberid", "buyerid", "enduserid", "手机号", "手机号码", "客户手机号",
        "访客昵称", "买家昵称", "客户昵称", "用户昵称", "客户姓名", "客户名称", "客户", "访客",
        "买家", "customer", "customername", "visitor", "visitorname", "client", "clientname",
        "customeremail",
    ]),
    (OrderId, &[
        "orderid", "订单号", "订单编号", "订单id", "关联订单", "关联订单号", "交易单号",
        "ordernumber", "orderno", "ordernum", "outtradeno",
    ]),
    (Company, &[
        "company", "公司", "企业", "企业名称", "公司名称", "店铺", "店铺名称", "商家", "商家名称",
        "商户", "品牌", "companyname", "brand", "shop", "shopname", "store", "merchant",
        "organization", "organisation", "tenant", "vendor",
    ]),
    (Channel, &[
        "channel", "渠道", "会话渠道", "接入渠道", "来源渠道", "渠道类型", "来源", "channeltype",
        "channelname", "source", "platform", "medium",
    ]),
    (Category, &[
        "category", "咨询分类", "会话分类", "问题分类", "分类", "业务类型", "咨询类型",
        "问题类型", "标签", "主题", "topic", "subject", "tag", "tags", "intent", "skill",
        "skillgroup", "技能组", "接待组", "客服组", "queue",
    ]),
    (OrderValue, &[
        "ordervalue", "订单金额", "订单价格", "订单总额", "成交金额", "实付金额", "orderamount",
        "ordertotal", "orderprice",
    ]),
    (Rating, &[
        "rating", "评分", "满意度", "评价", "满意度评价", "满意度评分", "csat", "csatscore",
        "score", "satisfaction", "satisfactionscore",
    ]),
    (Language, &[
        "language", "语言", "语种", "lang", "locale", "languagecode",
    ]),
];

/// Complaint records: the consumer bureaus, hotlines and platforms of FORMATS section 13, and plain
/// names. A narrative goes before a title, a product before an issue.
#[rustfmt::skip]
pub(super) const COMPLAINTS: &[Entry] = &[
    (Id, &[
        "id", "complaintid", "投诉编号", "投诉单号", "投诉id", "登记编号", "申诉编号", "留言编号",
        "举报编号", "诉求编号", "工单编号", "工单号", "编号", "sn", "complaintnumber",
        "complaintno", "recordid", "referencenumber", "reference", "ticketid", "ticket",
        "ticketnumber", "caseid", "casenumber", "case", "uuid",
    ]),
    (Date, &[
        "date", "datereceived", "投诉日期", "投诉时间", "登记日期", "登记时间", "申诉时间",
        "申诉日期", "留言时间", "举报时间", "受理时间", "来电时间", "受理/来电时间", "反映时间",
        "诉求时间", "案件接收日期", "接收日期", "提交时间", "创建时间", "日期", "时间",
        "complaintdate", "complainttime", "datesubmitted", "datefiled", "filedat", "receivedat",
        "submittedat", "ticketcreated", "dateofissue", "datecreated", "createdat", "createddate",
        "created", "timestamp", "datemonthyear", "time",
    ]),
    (Company, &[
        "company", "投诉对象", "被投诉对象", "被投诉企业", "被投诉方", "被投诉单位", "申诉企业",
        "涉及主体名称", "企业名称", "企业", "公司", "公司名称", "商家", "商家名称", "投诉商家",
        "投诉品牌", "品牌", "companyname", "business", "businessname", "merchant", "provider",
        "carrier", "respondent", "brand",
    ]),
    (Category, &[
        "category", "投诉分类", "投诉类别", "投诉类型", "product", "问题分类", "涉及问题分类",
        "申诉问题", "投诉问题", "业务分类", "业务类型", "诉求类型", "一级分类", "一级标签",
        "类别", "分类", "典型问题", "problemtype", "issue", "complainttype", "complaintcategory",
        "topic", "subcategory", "subproduct", "subissue", "类型", "type",
    ]),
    (Channel, &[
        "channel", "接收方式", "诉求渠道", "投诉渠道", "信息来源", "受理渠道", "渠道", "来源",
        "submittedvia", "receivedvia", "method", "source", "via", "来件类型",
    ]),
    (Text, &[
        "text", "consumercomplaintnarrative", "complaintwhathappened", "投诉内容", "投诉详情",
        "申诉内容", "诉求内容", "留言详情", "留言内容", "举报内容", "详细说明", "简要情况",
        "问题描述", "投诉描述", "描述", "内容", "正文", "narrative", "complainttext",
        "complaintdetail", "complaintdetails", "complaintdescription", "customercomplaint",
        "complaint", "description", "details", "body", "content", "message", "summary",
        "投诉标题", "诉求标题", "留言主题", "问题简述", "标题", "主题", "title", "subject",
    ]),
    (Amount, &[
        "amount", "涉诉金额", "涉及金额", "消费金额", "争议金额", "金额", "disputedamount",
        "amountindispute", "applyrefundamount", "cost",
    ]),
    (Status, &[
        "status", "投诉状态", "投诉进度", "投诉进度/状态", "处理状态", "处理结果", "办理结果",
        "状态", "进度", "complaintstate", "companyresponsetoconsumer", "companyresponse",
        "resolution", "outcome",
    ]),
    (OrderId, &[
        "orderid", "订单号", "订单编号", "关联订单", "关联订单号", "outtradeno", "transactionid",
        "ordernumber", "orderno",
    ]),
    (CustomerId, &[
        "customerid", "用户id", "客户id", "会员id", "客户编号", "留言用户", "投诉人id",
        "payeropenid", "payerphone", "userid", "联系电话", "来电号码", "手机号", "手机号码",
        "callernumber", "calleridnumber", "投诉人", "用户", "客户", "customer",
    ]),
    (ConversationId, &[
        "conversationid", "会话id", "会话编号", "会话号", "对话id", "聊天id", "sessionid",
        "chatid",
    ]),
];

/// Words in a header that only complaint records have.
#[rustfmt::skip]
pub(super) const COMPLAINT_WORDS: &[&str] = &[
    "投诉",
    "申诉",
    "诉求",
    "留言",
    "举报",
    "complaint",
    "narrative",
    "grievance",
    "datereceived",
    "登记编号",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::names;
    use std::collections::BTreeMap;

    #[test]
    fn one_header_has_one_meaning_except_where_values_decide() {
        for vocabulary in [LOG, COMPLAINTS] {
            let mut seen: BTreeMap<&str, Meaning> = BTreeMap::new();
            for (meaning, names) in vocabulary {
                for name in *names {
                    if let Some(other) = seen.insert(name, *meaning) {
                        assert!(BY_VALUE.contains(name), "{name}: {other:?} and {meaning:?}");
                    }
                }
                assert_eq!(names[0], names::header(meaning.name()), "the canonical name is first");
            }
        }
    }
}
