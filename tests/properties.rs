//! What must hold of every conversation, whatever is in it: sums that add up, orders that do not
//! matter, parts that merge to the whole, and no panic on any text.

use std::sync::LazyLock;

use chrono::{DateTime, TimeDelta};
use proptest::prelude::*;
use tohuman::aggregate::{AggregateOptions, Groups, PeriodUnit, ShortAbandons};
use tohuman::conversations::{Assembler, Row};
use tohuman::detect::{Detector, RetoldModel};
use tohuman::error::Error;
use tohuman::measure::{MeasureOptions, measure};
use tohuman::model::{
    Conversation, Coverage, Facts, Kind, Message, Outcome, Precision, Rule, Sender, Shows, Stamp,
    Visibility, WaitEnd,
};
use tohuman::store::sorter::Sorter;
use tohuman::text::{Lexicons, Similarity};

static DETECTOR: LazyLock<Detector> = LazyLock::new(|| {
    Detector::new(
        Lexicons::builtin().expect("the shipped lexicons are valid"),
        Similarity::default(),
        RetoldModel::builtin(),
    )
});

/// Lines of customers, by what they do: ask, urge, tell, tell again, part.
const CUSTOMER: &[&str] = &[
    "转人工",
    "麻烦帮我转一下人工客服",
    "talk to a human please",
    "AGENT!!",
    "叫你们经理来",
    "你是机器人吗",
    "还要等多久",
    "hello?",
    "我的押金一直没有退给我",
    "押金到现在还没有退给我",
    "my deposit has not been returned yet",
    "我刚才已经说过了，押金没退",
    "试了还是不行",
    "好的",
    "谢谢",
    "不用了，问题已经解决了",
    "算了",
    "我留言",
    "139 0000 0000",
    "bye",
    "",
];
/// Lines of bots: answers, greetings, every sign of a transfer and its failure.
const BOT: &[&str] = &[
    "您好，很高兴为您服务",
    "金卡会员享受双倍积分",
    "抱歉，我没有理解您的问题",
    "Sorry, I didn't get that.",
    "请先简单描述您的问题",
    "您可以点击下方链接自助办理",
    "正在为您转接人工客服",
    "Connecting you to an agent now.",
    "您前面还有3位客户在排队",
    "抱歉，当前人工客服全忙，您可以留言",
    "当前不在人工服务时间",
    "排队超时，已为您退出排队",
    "转接失败，请稍后重试",
    "已为您转回智能客服",
    "需要为您转接人工客服吗",
    "留言已提交",
    "请问是哪一笔押金？",
    "",
];
/// Lines of agents: greetings, answers, a question.
const AGENT: &[&str] = &[
    "您好，很高兴为您服务",
    "Hi, how can I help?",
    "押金今天会到账",
    "Which door is it?",
    "请稍等",
    "",
];
/// Events that the export marks, and who writes them.
const EVENTS: &[(Sender, Kind)] = &[
    (Sender::Customer, Kind::TransferRequest),
    (Sender::System, Kind::Offer),
    (Sender::System, Kind::Enqueue),
    (Sender::System, Kind::QueuePosition),
    (Sender::System, Kind::Dequeue),
    (Sender::Customer, Kind::Dequeue),
    (Sender::System, Kind::Assign),
    (Sender::System, Kind::Decline),
    (Sender::System, Kind::AgentJoined),
    (Sender::System, Kind::AgentLeft),
    (Sender::System, Kind::Transfer),
    (Sender::System, Kind::TransferFailed),
    (Sender::System, Kind::ReturnedToBot),
    (Sender::Customer, Kind::Rating),
    (Sender::System, Kind::Close),
    (Sender::System, Kind::CustomerLeft),
    (Sender::System, Kind::Other),
];

/// Sender, kind and text of a row.
type Content = (Sender, Kind, String);

fn said(sender: Sender, pool: &'static [&'static str]) -> impl Strategy<Value = Content> {
    proptest::sample::select(pool).prop_map(move |text| (sender, Kind::Message, text.to_owned()))
}

fn content() -> impl Strategy<Value = Content> {
    prop_oneof![
        4 => said(Sender::Customer, CUSTOMER),
        4 => said(Sender::Bot, BOT),
        1 => said(Sender::System, BOT),
        1 => said(Sender::Agent, AGENT),
        2 => proptest::sample::select(EVENTS).prop_map(|(s, k)| (s, k, String::new())),
    ]
}

/// Seconds after the row before, by the limits that the rules know: 2 s, 10 s, 60 s, 30 min.
fn gap() -> impl Strategy<Value = i64> {
    prop_oneof![1_i64..4, 8_i64..13, 55_i64..65, 1_i64..600, 1_700_i64..1_900]
}

fn shows() -> impl Strategy<Value = Shows> {
    prop_oneof![4 => Just(Shows::Yes), 1 => Just(Shows::No)]
}

prop_compose! {
    fn coverage()(
        (bot_replies, agent_messages, system_lines) in (shows(), shows(), shows()),
        (queue, joins, leaves, closes) in (shows(), shows(), shows(), shows()),
    ) -> Coverage {
        Coverage {
            bot_replies, agent_messages, system_lines, queue, joins, leaves, closes,
            times: Some(Precision::Second),
        }
    }
}

prop_compose! {
    /// One to 24 rows at times that all differ; a conversation has a row.
    fn conversation()(
        rows in proptest::collection::vec((content(), gap()), 1..25),
        coverage in coverage(),
        id in "[a-z]{1,3}",
        field in proptest::option::of("[xy]"),
    ) -> Conversation {
        let mut second = 0;
        let messages = rows.into_iter().enumerate().map(|(i, (content, gap))| {
            second += gap;
            let field = field.clone();
            Message { fields: vec![field], ..message(&id, i, second, content) }
        });
        Conversation {
            company: None,
            format: "table".to_owned(),
            messages: messages.collect(),
            coverage,
            id: id.clone(),
        }
    }
}

fn message(id: &str, index: usize, second: i64, (sender, kind, text): Content) -> Message {
    let start = DateTime::from_timestamp(1_767_578_400, 0).expect("a valid time");
    let at = start + TimeDelta::seconds(second);
    Message {
        source: 0,
        row: index as u64 + 2,
        company: None,
        conversation: id.to_owned(),
        sequence: None,
        message_id: None,
        time: Some(Stamp { at, precision: Precision::Second }),
        sender,
        kind,
        automatic: false,
        visibility: Visibility::Public,
        text,
        cause: None,
        agent_id: None,
        customer_id: None,
        order_id: None,
        fields: Vec::new(),
    }
}

fn facts(conversation: &Conversation) -> Facts {
    let options = MeasureOptions {
        time_zone: chrono_tz::Asia::Shanghai,
        short_abandon_ms: 10_000,
        calendar: None,
        privacy: tohuman::text::Privacy::default(),
    };
    measure(conversation, DETECTOR.detect(conversation), &options)
}

fn options() -> AggregateOptions {
    AggregateOptions {
        thresholds_ms: vec![30_000, 60_000],
        short_abandons: ShortAbandons::Included,
        by: vec!["field".to_owned()],
        period: Some(PeriodUnit::Day),
    }
}

fn groups(facts: &[Facts]) -> Groups {
    let mut groups = Groups::default();
    for one in facts {
        groups.add(one, &options()).expect("there are three values");
    }
    groups
}

/// Rows in any order -> conversations, as a run does it; the small budget spills to the disk.
fn assembled(rows: &[Message], coverage: &Coverage) -> Vec<Conversation> {
    let mut sorter = Sorter::new(2_000, &std::env::temp_dir());
    for message in rows {
        sorter.push(&Row { message: message.clone() }).expect("the disk takes some rows");
    }
    let rows = sorter.sorted().expect("what was written can be read");
    let (namespaces, coverages) = (["table".to_owned()], [coverage.clone()]);
    Assembler::new(rows, &namespaces, &coverages)
        .map(|a: Result<_, Error>| a.expect("what was written can be read").conversation)
        .collect()
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases) }
}

proptest! {
    #![proptest_config(config(300))]

    #[test]
    fn attempts_requests_and_outcome_agree(conversation in conversation()) {
        let f = facts(&conversation);
        let asked = f.transfer.is_some();
        prop_assert_eq!(f.attempts >= 1, asked);
        prop_assert_eq!(f.episodes >= 1, asked);
        prop_assert_eq!(f.requests >= 1, asked);
        prop_assert!(f.failed_attempts <= f.attempts);
        prop_assert!(f.attempts <= f.requests);
        prop_assert!(f.marked.is_none_or(|m| m.attempts <= f.requests));
        prop_assert!(f.left_unasked != Some(true) || !(asked || f.handed_over_unasked));
        prop_assert!(!(asked && f.handed_over_unasked));
        prop_assert_eq!(f.left_unasked.is_some(), !asked && conversation.coverage.bot_replies.yes());
        let Some(t) = &f.transfer else { return Ok(()) };
        let reached = t.outcome == Outcome::Reached;
        prop_assert_eq!(t.request_to_human.end == WaitEnd::Reached, reached);
        prop_assert_eq!(t.request_to_human.end == WaitEnd::Cut, t.outcome == Outcome::Unknown);
        prop_assert_eq!(t.steps_to_human.is_some(), reached);
        prop_assert_eq!(t.wordings.len(), f.attempts as usize);
        prop_assert!(t.wordings.iter().filter(|w| w.served).count() <= usize::from(reached));
        prop_assert!(!t.short || t.request_to_human.end == WaitEnd::Left);
        prop_assert!(t.request_to_human.ms.is_some_and(|ms| ms >= 0), "stamps are seconds");
        let excused = [Outcome::Withdrawn, Outcome::MessageLeft, Outcome::Unknown];
        if reached {
            prop_assert!(f.agent_messages > 0);
            prop_assert!(t.request_to_human_greeting.ms <= t.request_to_human.ms);
        } else if !excused.contains(&t.outcome) {
            prop_assert!(f.failed_attempts > 0, "the last attempt failed");
        }
    }

    #[test]
    fn no_number_without_findings_under_it(conversation in conversation()) {
        let f = facts(&conversation);
        let found = |rule| f.findings.iter().filter(|l| l.finding.rule == rule).count();
        for (rule, count) in [
            (Rule::TransferRequest, f.requests),
            (Rule::Nudge, f.nudges),
            (Rule::FailedAttempt, f.failed_attempts),
            (Rule::HumanCheck, f.human_checks),
            (Rule::SupervisorRequest, f.supervisor_requests),
            (Rule::OutcomeDecided, f.episodes),
            (Rule::Fallback, f.fallbacks),
            (Rule::BotRepetition, f.bot_repetitions),
            (Rule::Rephrase, f.rephrases()),
            (Rule::Repeat, f.repeats),
            (Rule::Loop, f.loops),
            (Rule::ContextLoss, f.context_loss),
            (Rule::LeftUnasked, u32::from(f.left_unasked == Some(true))),
            (Rule::AutomaticGreeting, f.automatic_greetings),
        ] {
            prop_assert_eq!(found(rule), count as usize, "{}", rule.id());
        }
        prop_assert!(f.findings.iter().all(|l| l.finding.message < conversation.messages.len()));
        prop_assert!(f.findings.is_sorted_by_key(|l| l.finding.message));
        prop_assert!(f.rephrases() + f.repeats == 0 || f.longest_chain >= 2);
        prop_assert!(f.longest_chain <= f.customer_messages);
        prop_assert!(f.longest_chain <= 1 + f.rephrases() + f.repeats);
    }

    #[test]
    fn the_same_later_is_the_same(conversation in conversation(), weeks in 1_i64..100) {
        let mut later = conversation.clone();
        for stamp in later.messages.iter_mut().filter_map(|m| m.time.as_mut()) {
            stamp.at += TimeDelta::weeks(weeks);
        }
        let (now, mut then) = (facts(&conversation), facts(&later));
        // Whole weeks move dates and nothing else.
        (then.opened_at, then.closed_at) = (now.opened_at, now.closed_at);
        (then.first_customer_at, then.date) = (now.first_customer_at, now.date);
        for (then, now) in then.findings.iter_mut().zip(&now.findings) {
            then.at = now.at;
        }
        prop_assert_eq!(now, then);
    }

    #[test]
    fn private_notes_change_nothing(
        conversation in conversation(),
        place in any::<proptest::sample::Index>(),
        text in proptest::sample::select(BOT),
        agent in any::<bool>(),
    ) {
        let rows = conversation.messages.len();
        prop_assume!(rows >= 2);
        let after = place.index(rows - 1);
        let mut noted = conversation.clone();
        let note = Message {
            sender: if agent { Sender::Agent } else { Sender::System },
            kind: Kind::Note,
            visibility: Visibility::Private,
            text: text.to_owned(),
            ..conversation.messages[after].clone()
        };
        noted.messages.insert(after + 1, note);
        let (mut without, mut with) = (facts(&conversation), facts(&noted));
        prop_assert_eq!(with.events, without.events + 1);
        with.events = without.events;
        for found in with.findings.iter_mut().filter(|f| f.finding.message > after) {
            found.finding.message -= 1;
        }
        // Where a finding lies in the file is another matter.
        for found in with.findings.iter_mut().chain(&mut without.findings) {
            found.row = 0;
        }
        prop_assert_eq!(without, with);
    }
}

proptest! {
    #![proptest_config(config(60))]

    #[test]
    fn outcomes_add_up_to_who_asked(conversations in proptest::collection::vec(conversation(), 0..8)) {
        let all: Vec<Facts> = conversations.iter().map(facts).collect();
        let asked = all.iter().filter(|f| f.transfer.is_some()).count() as u64;
        let options = options();
        let groups = groups(&all);
        let whole = groups.all.segment("all", None, &options).transfer;
        prop_assert_eq!(whole.asked.hits, asked);
        prop_assert_eq!(whole.asked.of, all.len() as u64);
        prop_assert_eq!(whole.outcomes.values().sum::<u64>(), asked);
        prop_assert_eq!(whole.outcomes.len(), Outcome::ALL.len());
        let reached = |f: &&Facts| {
            f.transfer.as_ref().is_some_and(|t| t.outcome == Outcome::Reached)
        };
        let shown = |f: &&Facts| {
            f.transfer.is_some() && (f.coverage.agent_messages.yes() || reached(f))
        };
        let told = all.iter().filter(shown).count() as u64;
        prop_assert_eq!(whole.reached.hits + whole.not_reached.hits, told);
        prop_assert_eq!(whole.reached.hits, whole.outcomes["reached"]);
        prop_assert_eq!(whole.attempts_per_asker.values().sum::<u64>(), asked);
        for parts in [groups.segments(&options), groups.periods(&options)] {
            let sum = |of: fn(&tohuman::aggregate::summary::Segment) -> u64| {
                parts.iter().map(of).sum::<u64>()
            };
            prop_assert_eq!(sum(|s| s.totals.conversations), all.len() as u64);
            prop_assert_eq!(sum(|s| s.transfer.asked.hits), asked);
            prop_assert_eq!(sum(|s| s.transfer.failed_attempts), whole.failed_attempts);
        }
    }

    #[test]
    fn parts_merge_to_the_whole(
        conversations in proptest::collection::vec(conversation(), 0..8),
        cut in any::<proptest::sample::Index>(),
    ) {
        let all: Vec<Facts> = conversations.iter().map(facts).collect();
        let (left, right) = all.split_at(cut.index(all.len() + 1));
        let printed = |groups: &Groups| {
            let options = options();
            let whole = groups.all.segment("all", None, &options);
            let parts = (whole, groups.segments(&options), groups.periods(&options), groups.days());
            serde_json::to_string(&parts).expect("a summary is plain data")
        };
        let whole = printed(&groups(&all));
        // What a cache keeps of sums is all of them.
        let bytes = postcard::to_stdvec(&groups(&all)).expect("sums are plain data");
        let kept: Groups = postcard::from_bytes(&bytes).expect("what was written can be read");
        prop_assert_eq!(&whole, &printed(&kept));
        for (first, second) in [(left, right), (right, left), (&all[..], &[]), (&[], &all[..])] {
            let mut merged = groups(first);
            merged.merge(&groups(second), &options()).expect("there are three values");
            prop_assert_eq!(&whole, &printed(&merged));
        }
    }

    #[test]
    fn the_order_of_rows_never_matters(
        conversations in proptest::collection::vec(conversation(), 1..4),
        seed in any::<u64>(),
    ) {
        let coverage = &conversations[0].coverage;
        let mut rows = Vec::new();
        for (c, conversation) in conversations.iter().enumerate() {
            for m in &conversation.messages {
                // Distinct ids, and rows numbered as they were written.
                let row = rows.len() as u64 + 2;
                rows.push(Message { conversation: format!("{c}"), row, ..m.clone() });
            }
        }
        let mut shuffled = rows.clone();
        shuffle(&mut shuffled, seed);
        let (straight, mixed) = (assembled(&rows, coverage), assembled(&shuffled, coverage));
        prop_assert_eq!(&straight, &mixed);
        let all = |conversations: &[Conversation]| -> Vec<Facts> {
            conversations.iter().map(facts).collect()
        };
        prop_assert_eq!(all(&straight), all(&mixed));
        let kept: usize = straight.iter().map(|c| c.messages.len()).sum();
        prop_assert_eq!(kept, rows.len());
    }
}

/// Fisher and Yates, with a small generator: the same seed, the same order.
fn shuffle<T>(items: &mut [T], mut seed: u64) {
    for i in (1..items.len()).rev() {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let j = usize::try_from((seed >> 33) % (i as u64 + 1)).expect("smaller than the length");
        items.swap(i, j);
    }
}

prop_compose! {
    /// Any row at all: any text, any sender, any mark, with or without a time, in any order.
    fn any_row()(
        text in prop_oneof![".{0,60}", "\\PC{0,30}", "[0-9０-９ 　转人工ıİß\u{0}\u{202e}\u{fe0f}👩‍👩‍👧?？。,，]{0,20}"],
        cause in proptest::option::of(".{0,10}"),
        sender in proptest::sample::select(
            &[Sender::Customer, Sender::Bot, Sender::Agent, Sender::System, Sender::Unknown][..]),
        kind in prop_oneof![3 => Just(Kind::Message), 1 => proptest::sample::select(&Kind::ALL[..])],
        time in proptest::option::of((-100_000_i64..100_000, proptest::sample::select(
            &[Precision::Milli, Precision::Second, Precision::Minute, Precision::Day][..]))),
        automatic in any::<bool>(),
        private in any::<bool>(),
    ) -> Message {
        let row = message("c", 0, 0, (sender, kind, text));
        let start = row.time.expect("it has a time").at;
        Message {
            time: time.map(|(s, precision)| Stamp { at: start + TimeDelta::seconds(s), precision }),
            automatic,
            cause,
            visibility: if private { Visibility::Private } else { Visibility::Public },
            ..row
        }
    }
}

proptest! {
    #![proptest_config(config(200))]

    #[test]
    fn nothing_written_panics(
        messages in proptest::collection::vec(any_row(), 1..15),
        coverage in coverage(),
    ) {
        let conversation = Conversation {
            company: None,
            format: "table".to_owned(),
            id: "c".to_owned(),
            messages,
            coverage,
        };
        let f = facts(&conversation);
        prop_assert_eq!(f.messages + f.events, u32::try_from(conversation.messages.len()).unwrap_or(0));
        prop_assert_eq!(&f, &facts(&conversation), "the same input, the same facts");
        groups(&[f]);
    }
}
