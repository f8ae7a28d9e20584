//! Long issues: looking up gives what walking through gives, and where the bound lies.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::detect::issue::{LATEST, MOST};
use crate::detect::{RetoldModel, journey};
use crate::model::{Conversation, Coverage, Message, Sender, Visibility};
use crate::text::Lexicons;

static DETECTOR: LazyLock<Detector> = LazyLock::new(|| {
    let lexicons = Lexicons::builtin().expect("the shipped lexicons are valid");
    Detector::new(lexicons, Similarity::default(), RetoldModel::builtin())
});

/// Rows as sender and text; no text: a rating.
fn conversation(rows: &[(Sender, String)]) -> Conversation {
    let message = |((sender, text), row): (&(Sender, String), u64)| Message {
        source: 0,
        row,
        company: None,
        conversation: "g".into(),
        sequence: None,
        message_id: None,
        time: None,
        sender: *sender,
        kind: if text.is_empty() { Kind::Rating } else { Kind::Message },
        automatic: false,
        visibility: Visibility::Public,
        text: text.clone(),
        cause: None,
        agent_id: None,
        customer_id: None,
        order_id: None,
        fields: Vec::new(),
    };
    Conversation {
        company: None,
        format: "table".into(),
        id: "g".into(),
        messages: rows.iter().zip(1..).map(message).collect(),
        coverage: Coverage::default(),
    }
}

fn tellings(rows: &[(Sender, String)], bounds: Bounds) -> Tellings {
    let conversation = conversation(rows);
    let reading = Reading::new(&conversation, &DETECTOR.lexicons);
    let journey = journey::follow(&reading);
    follow_within(&reading, &journey, &DETECTOR, bounds)
}

const ALL: usize = usize::MAX;

/// What a desk and a customer say in few words, so that much comes again.
fn row() -> impl Strategy<Value = (Sender, String)> {
    let said = "(我的|请问)?(退款|发票|包裹)(还没到|怎么办|12元|不对)?(，退款|，发票)?";
    let replied = "(为您查询退款中|抱歉没有理解您的意思|请问是什么问题？|不要退款|已经寄出发票了)";
    prop_oneof![
        10 => said.prop_map(|text| (Sender::Customer, text)),
        10 => replied.prop_map(|text| (Sender::Bot, text)),
        2 => replied.prop_map(|text| (Sender::Agent, text)),
        1 => Just((Sender::Customer, "之前说过了，退款没到".to_owned())),
        1 => Just((Sender::System, String::new())),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]
    #[test]
    fn looking_up_finds_what_walking_through_finds(rows in proptest::collection::vec(row(), 0..90)) {
        let walked = tellings(&rows, Bounds { few: ALL, ..Bounds::USUAL });
        let looked_up = tellings(&rows, Bounds { few: 0, ..Bounds::USUAL });
        prop_assert_eq!(&walked, &looked_up);
        prop_assert_eq!(&walked, &tellings(&rows, Bounds::USUAL));
        let long = Bounds { few: 0, most: 0, units: 0, latest: ALL };
        prop_assert_eq!(&walked, &tellings(&rows, long));
    }
}

/// So many different questions, one of them, and so many more; then that one again, as it was or in other
/// words.
fn told_between(before: usize, after: usize, again: &str) -> Telling {
    // No two alike: each asks for another of a thousand parts.
    let other =
        |n: usize| [n / 100, n / 10 % 10, n % 10].map(|d| NAMES[d]).concat() + "配件哪里有卖";
    let question = "我的退款什么时候能到账".to_owned();
    let asked = (0..before).map(other).chain([question]).chain((before..before + after).map(other));
    let mut rows = Vec::new();
    for text in asked.chain([again.to_owned()]) {
        rows.push((Sender::Customer, text));
        rows.push((Sender::Bot, "抱歉没有理解您的意思".to_owned()));
    }
    tellings(&rows, Bounds::USUAL).tellings.pop().expect("something is told")
}

const NAMES: [&str; 10] = ["甲", "乙", "丙", "丁", "戊", "己", "庚", "辛", "壬", "癸"];

#[test]
fn other_words_are_found_in_all_of_an_issue_or_in_the_latest_of_a_long_one() {
    let again = |before, after| told_between(before, after, "我的退款什么时候到账").of;
    assert_eq!(again(0, MOST - 1), Some(0), "as long as an issue may be");
    assert_ne!(again(0, MOST), Some(0), "one more, and it is long");
    assert_eq!(again(MOST, LATEST - 1), Some(MOST), "the latest of a long one");
    assert_ne!(again(MOST, LATEST), Some(MOST), "one before these");
}

#[test]
fn the_same_words_are_found_whatever_lies_between() {
    let last = told_between(0, MOST + 50, "我的退款，什么时候能到账？");
    assert_eq!((last.of, last.kind), (Some(0), Retelling::Repeat { to_human: false }));
}
