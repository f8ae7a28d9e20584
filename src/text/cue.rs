//! The meanings a lexicon gives phrases for: what a line of a conversation does.

use serde::{Deserialize, Serialize};

/// Who wrote the line that is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The customer.
    Customer,
    /// Who writes a complaint about a service.
    Complainant,
    /// Bot or system.
    Desk,
    /// A human agent.
    Agent,
}

impl From<Side> for u64 {
    fn from(side: Side) -> Self {
        side as Self
    }
}

macro_rules! cues {
    ($($(#[$doc:meta])* $variant:ident = $name:literal $side:ident,)*) => {
        /// What a line does. The name is the key in lexicon files.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Cue { $($(#[$doc])* $variant,)* }

        impl Cue {
            /// All meanings.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];
            /// The key in lexicon files.
            #[must_use]
            pub const fn name(self) -> &'static str { match self { $(Self::$variant => $name,)* } }
            /// Whose lines it is looked for in. `Desk` cues are read in agents' lines too.
            #[must_use]
            pub const fn side(self) -> Side { match self { $(Self::$variant => Side::$side,)* } }
        }
    };
}

cues! {
    /// Asks for a human now: 转人工, "let me talk to a person".
    Request = "request" Customer,
    /// Asks what it is talking to: 你是人工还是机器人, "am I talking to a bot?".
    HumanCheck = "human_check" Customer,
    /// Asks for a superior: 叫你们经理来, "get me your manager". Asked of a bot it is a request.
    SupervisorRequest = "supervisor_request" Customer,
    /// Asks how long, or urges: 还要等多久, 快点, "how long is the wait".
    WaitQuestion = "wait_question" Customer,
    /// "Hello?", 在吗, 有人吗: is anybody there.
    Presence = "presence" Customer,
    /// No longer needed, solved: 不用了谢谢, 已经解决了, "never mind, I found it".
    Withdrawal = "withdrawal" Customer,
    /// Gives up: 算了, "forget it". Leaving, not withdrawing.
    GivingUp = "giving_up" Customer,
    /// Thanks: 谢谢, "thanks".
    Thanks = "thanks" Customer,
    /// Goodbye: 再见, "bye".
    Goodbye = "goodbye" Customer,
    /// A bare greeting: 你好, "hi".
    CustomerGreeting = "customer_greeting" Customer,
    /// A bare confirmation or denial: 好的, 是的, 没有, "ok", "yes".
    Confirmation = "confirmation" Customer,
    /// Takes up an offer to leave a message, a ticket or a callback: 我留言, "please call me back".
    MessageAccepted = "message_accepted" Customer,
    /// The result of a step that was suggested: 试了还是不行, "tried that, same error".
    StepResult = "step_result" Customer,
    /// Says that it told this before: 我刚才说过了, "as I told the bot".
    ToldBefore = "told_before" Customer,
    /// Corrects or explains what was said: 我的意思是, 我问的是, "I mean", "what I'm asking is".
    Correction = "correction" Customer,
    /// Insists that nothing was settled: 都五天了, 还是没到, 我说的是, "still nothing", "it has been two
    /// months", "I don't need that".
    Insisting = "insisting" Customer,
    /// Opens the next question: 另外, 那…呢, 还有, "what about", "and does it also".
    NextQuestion = "next_question" Customer,
    /// Scolds the bot or the desk: 智障, 有什么用, "useless", "what a joke".
    Scolding = "scolding" Customer,
    /// Asks how to: 怎么办理, "how do I".
    AsksHow = "asks_how" Customer,
    /// Asks when, or how long: 什么时候, 多久, "when", "how long".
    AsksWhen = "asks_when" Customer,
    /// Asks how much or how many: 多少钱, 收费吗, "how much", "is there a fee".
    AsksHowMuch = "asks_how_much" Customer,
    /// Asks where: 在哪里, 哪儿, "where".
    AsksWhere = "asks_where" Customer,
    /// Asks why: 为什么, 怎么还没, "why", "how come".
    AsksWhy = "asks_why" Customer,
    /// Asks whether: 能不能, 可以…吗, "can I", "is there".
    AsksWhether = "asks_whether" Customer,
    /// Asks what is needed, or which: 要什么材料, 哪个, "what do I need", "which".
    AsksWhat = "asks_what" Customer,
    /// Tells, in a complaint, that no human can be reached: 打不通人工客服, "cannot get through to
    /// anyone".
    CannotReachHuman = "cannot_reach_human" Complainant,
    /// Around a number of occasions (written `qty`), in a complaint: they are attempts to reach the
    /// service: 打了qty, "called qty".
    StatedAttempts = "stated_attempts" Complainant,
    /// Around a length of time (written `qty`), in a complaint: it is a wait for the service: 等了qty,
    /// "on hold for qty".
    StatedWait = "stated_wait" Complainant,

    /// Did not understand: 没有理解您的问题, "I didn't get that".
    Fallback = "fallback" Desk,
    /// Asks for the problem first, offers self-service, a link or a phone number instead of a human.
    Deflection = "deflection" Desk,
    /// Promises to connect: 正在为您转接人工, "connecting you to an agent".
    ConnectPromise = "connect_promise" Desk,
    /// In a queue, a position or an estimated wait: 您前面还有3位, "you are number 2 in the queue".
    Queued = "queued" Desk,
    /// "Please wait", "one moment", without a promise to connect.
    Holding = "holding" Desk,
    /// No agent available, all busy: 客服全忙, "all agents are busy".
    NoAgent = "no_agent" Desk,
    /// Outside service hours: 不在服务时间, "our hours are 9 to 6".
    AfterHours = "after_hours" Desk,
    /// The desk drops the queue: 排队超时, "you have been removed from the queue".
    QueueTimeout = "queue_timeout" Desk,
    /// A transfer failed: 转接失败, "the transfer could not be completed".
    TransferError = "transfer_error" Desk,
    /// An agent joined: 已为您接入人工客服, "Anna has joined the chat".
    AgentJoined = "agent_joined" Desk,
    /// An agent left or closed their side: 客服已离开, "Anna has left".
    AgentLeft = "agent_left" Desk,
    /// Back with the bot: 已转回智能客服, "you are back with our assistant".
    ReturnedToBot = "returned_to_bot" Desk,
    /// Offers a human: 需要为您转人工吗, "would you like to talk to an agent?".
    TransferOffer = "transfer_offer" Desk,
    /// Offers a message, ticket or callback instead: 请留言, "leave a message".
    MessageOffer = "message_offer" Desk,
    /// Confirms a message, ticket or callback: 留言已提交, "we have created ticket".
    MessageTaken = "message_taken" Desk,
    /// A greeting: 您好，很高兴为您服务, "Hi, I'm the assistant".
    DeskGreeting = "desk_greeting" Desk,
    /// A goodbye, a rating request: 感谢您的咨询, "thanks for contacting us".
    Closing = "closing" Desk,
    /// The conversation was closed: 会话已结束, "this chat has ended".
    Closed = "closed" Desk,
    /// Closed because the customer was silent: 长时间未回复, "due to inactivity".
    ClosedForSilence = "closed_for_silence" Desk,
    /// The customer left, as the system says: 用户已离开, 客户退出排队, "customer has left".
    CustomerLeft = "customer_left" Desk,
    /// Puts a question to the customer: 请提供订单号, "what is your order number?".
    Question = "question" Desk,
    /// Answers a question outright or says that it is done: 可以的, 不支持, 已为您取消, "yes, you can",
    /// "done".
    DirectAnswer = "direct_answer" Desk,
    /// Suggests a step to try: 请您重启一下, "try restarting".
    Step = "step" Desk,
}

/// One phrase that matched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CueHit {
    /// The meaning.
    pub cue: Cue,
    /// The phrase, normalised.
    pub matched: String,
}
