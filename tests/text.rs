//! The language layer from outside: what a line is read as, whole sets of meanings at once. The
//! sentences of each single meaning live in the lexicon files and are tested there.

use std::sync::LazyLock;

use proptest::prelude::*;
use tohuman::text::{Cue, Lexicons, Side, Similarity, is_request, mask, normalise, redact};

static LEXICONS: LazyLock<Lexicons> =
    LazyLock::new(|| Lexicons::builtin().expect("shipped files fit"));

fn read(text: &str, side: Side) -> Vec<Cue> {
    LEXICONS.read(text, side).iter().map(|hit| hit.cue).collect()
}

#[test]
fn a_desk_line_carries_all_its_meanings() {
    for (line, with, without) in [
        (
            "当前不在服务时间，请留言，我们会尽快给您回复",
            vec![Cue::AfterHours, Cue::MessageOffer],
            vec![Cue::ConnectPromise],
        ),
        (
            "客服全忙，您前面还有5位，请耐心等待",
            vec![Cue::NoAgent, Cue::Queued, Cue::Holding],
            vec![Cue::QueueTimeout],
        ),
        (
            "如需转人工客服请耐心等待",
            vec![Cue::Deflection, Cue::Holding],
            vec![Cue::ConnectPromise, Cue::AgentJoined],
        ),
        ("转人工失败，请稍后再试", vec![Cue::TransferError], vec![Cue::ConnectPromise]),
        (
            "由于您长时间未回复，本次会话已结束",
            vec![Cue::Closed, Cue::ClosedForSilence],
            vec![Cue::CustomerLeft],
        ),
        (
            "抱歉没有听懂您的问题，需要为您转人工吗？",
            vec![Cue::Fallback, Cue::TransferOffer],
            vec![Cue::ConnectPromise],
        ),
        (
            "You are number 3 in the queue. Please wait.",
            vec![Cue::Queued, Cue::Holding],
            vec![Cue::ConnectPromise],
        ),
        (
            "All agents are busy. Leave a message and we will get back to you.",
            vec![Cue::NoAgent, Cue::MessageOffer],
            vec![Cue::Queued],
        ),
        (
            "No agents are available to take your chat.",
            vec![Cue::NoAgent],
            vec![Cue::AgentJoined, Cue::ConnectPromise],
        ),
        (
            "We are outside our business hours, would you like me to create a ticket?",
            vec![Cue::AfterHours, Cue::MessageOffer],
            vec![Cue::NoAgent],
        ),
    ] {
        let cues = read(line, Side::Desk);
        for cue in with {
            assert!(cues.contains(&cue), "{line}: lacks {}; has {cues:?}", cue.name());
        }
        for cue in without {
            assert!(!cues.contains(&cue), "{line}: has {}", cue.name());
        }
    }
}

#[test]
fn sides_read_their_own_meanings() {
    assert!(read("转人工", Side::Desk).iter().all(|cue| cue.side() == Side::Desk));
    assert!(read("请问您的订单号是多少？", Side::Agent).contains(&Cue::Question));
    assert!(!read("请问您的订单号是多少？", Side::Customer).contains(&Cue::Question));
}

#[test]
fn scripts_widths_and_spaces_do_not_matter() {
    for text in ["转人工", "轉人工！", "转 人 工", "【转人工】", "  转人工～～"]
    {
        assert!(is_request(&LEXICONS.read(text, Side::Customer)), "{text}");
    }
    for text in ["TALK TO A HUMAN", "talk  to a human!!!", "ｔａｌｋ to a human", "talk to a humna"]
    {
        assert!(is_request(&LEXICONS.read(text, Side::Customer)), "{text}");
    }
}

#[test]
fn human_checks_and_refusals_are_no_requests() {
    for text in [
        "你是真人还是机器",
        "亲你是人工客服吧",
        "跟我聊的是不是人工",
        "别转人工了",
        "我不想转人工",
        "人工智能吗这是",
        "are you really a person?",
        "so am I chatting with a bot",
        "please do not transfer me to an agent",
        "I spoke with one of your agents last week",
    ] {
        assert!(!is_request(&LEXICONS.read(text, Side::Customer)), "{text}");
    }
}

#[test]
fn shared_between_threads() {
    fn shared<T: Send + Sync>(_: &T) {}
    shared(&*LEXICONS);
}

#[test]
fn empty_and_strange_lines_are_nothing() {
    for text in ["", " ", "\u{0}", "😀😀", "\u{202e}\u{200b}", "。。。"] {
        assert!(LEXICONS.read(text, Side::Customer).is_empty(), "{text:?}");
    }
}

proptest! {
    #[test]
    fn nothing_panics_and_reading_repeats(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
        let text = String::from_utf8_lossy(&bytes);
        for side in [Side::Customer, Side::Desk, Side::Agent] {
            prop_assert_eq!(LEXICONS.read(&text, side), LEXICONS.read(&text, side));
        }
        let _ = (normalise(&text), mask(&text), redact(&text));
        let alike = Similarity::default();
        let prepared = alike.prepare(&text);
        prop_assert!(alike.score_prepared(&prepared, &prepared) <= 1.0);
    }
}

/// Pairs that differ in what likeness cannot see stay apart; pairs that say the same in spite of a "not", a
/// number or a word with an opposite are not torn apart by the guards.
#[test]
fn guards_hold_on_every_pair_and_tear_none_apart() {
    let alike = Similarity::default();
    let (mut apart, mut same, mut found) = (0, 0, 0);
    for line in include_str!("data/text/guard_pairs.tsv").lines().filter(|l| !l.starts_with('#')) {
        let columns: Vec<&str> = line.split('\t').collect();
        let [kind, a, b] = columns[..] else { panic!("{line}: not three columns") };
        let (a, b) = (alike.prepare(a), alike.prepare(b));
        let score = alike.score_prepared(&a, &b);
        if kind == "same" {
            assert!(!alike.contradict(&a, &b), "{line}");
            same += 1;
            found += usize::from(score >= alike.threshold());
        } else {
            assert!(score < alike.threshold(), "{line}: {score:.3}");
            assert!(kind == "courtesy" || alike.contradict(&a, &b), "{line}");
            apart += 1;
        }
    }
    assert!(apart >= 200 && same >= 60, "{apart} {same}");
    // Some rephrases are beyond any table of words; nine in ten are not.
    assert!(found * 10 >= same * 9, "{found} of {same}");
}
