//! What each stage costs on one core: `cargo bench`. Input is the invented desk of `generate`.

use std::hint::black_box;

use divan::Bencher;
use divan::counter::ItemsCount;
use tohuman::conversations::{Assembler, Row};
use tohuman::detect::{Detector, RetoldModel};
use tohuman::ingest::{IngestOptions, Input, Record, read_log};
use tohuman::measure::{MeasureOptions, measure};
use tohuman::model::{Conversation, Message};
use tohuman::store::sorter::Sorter;
use tohuman::text::{Lexicons, Side, Similarity};

const CONVERSATIONS: u64 = 2_000;

fn main() {
    divan::main();
}

fn log() -> Vec<u8> {
    let mut bytes = Vec::new();
    tohuman::generate::generate(CONVERSATIONS, 1, &mut bytes, None).expect("memory takes all");
    bytes
}

fn messages(bytes: &[u8]) -> Vec<Message> {
    let mut out = Vec::new();
    let input = Input::bytes("log.csv", bytes);
    let mut sink = |record| {
        if let Record::Message(message) = record {
            out.push(message);
        }
        Ok(())
    };
    read_log(&input, 0, &IngestOptions::default(), &mut sink, &mut |_| {}).expect("reads");
    out
}

fn conversations(messages: Vec<Message>) -> Vec<Conversation> {
    let mut sorter = Sorter::new(usize::MAX, &std::env::temp_dir());
    for message in messages {
        sorter.push(&Row { message }).expect("memory takes all");
    }
    let rows = sorter.sorted().expect("memory gives all");
    let coverage = tohuman::model::Coverage::default();
    Assembler::new(rows, &["table".to_owned()], &[coverage])
        .map(|a| a.expect("memory gives all").conversation)
        .collect()
}

fn detector() -> Detector {
    Detector::new(
        Lexicons::builtin().expect("the shipped lexicons are valid"),
        Similarity::default(),
        RetoldModel::builtin(),
    )
}

#[divan::bench]
fn read_csv(bencher: Bencher<'_, '_>) {
    let bytes = log();
    let rows = messages(&bytes).len();
    bencher.counter(ItemsCount::new(rows)).bench(|| messages(black_box(&bytes)));
}

#[divan::bench]
fn assemble(bencher: Bencher<'_, '_>) {
    let all = messages(&log());
    bencher
        .counter(ItemsCount::new(all.len()))
        .with_inputs(|| all.clone())
        .bench_values(conversations);
}

#[divan::bench]
fn read_cues(bencher: Bencher<'_, '_>) {
    let all = messages(&log());
    let lexicons = Lexicons::builtin().expect("the shipped lexicons are valid");
    bencher.counter(ItemsCount::new(all.len())).bench(|| {
        for message in &all {
            black_box(lexicons.read(&message.text, Side::Customer));
        }
    });
}

/// Customers' messages of conversations of eight: each is prepared once and compared with the seven others.
const ZH: [&str; 8] = [
    "我的押金怎么还没退给我",
    "押金到现在还没有到账",
    "门禁卡刷不开单元门",
    "怎么修改收货地址",
    "上个月的账单多扣了20元",
    "宽带从昨天晚上开始上不了网",
    "优惠券为什么用不了",
    "订单20260105771什么时候发货",
];
const EN: [&str; 8] = [
    "my deposit has not been returned yet",
    "why has my deposit still not arrived",
    "the parcel locker does not open with my code",
    "how do I change the delivery address",
    "I was charged 20 dollars too much last month",
    "the internet has been down since yesterday evening",
    "the coupon code is not accepted at checkout",
    "when will order 20260105771 be shipped",
];

fn eight_messages(bencher: Bencher<'_, '_>, messages: [&str; 8]) {
    let alike = Similarity::default();
    bencher.counter(ItemsCount::new(28_u32)).bench(|| {
        let prepared = black_box(messages).map(|message| alike.prepare(message));
        for (i, a) in prepared.iter().enumerate() {
            for b in &prepared[..i] {
                black_box(alike.at_least(a, b, alike.threshold()));
            }
        }
    });
}

#[divan::bench]
fn similarity_zh(bencher: Bencher<'_, '_>) {
    eight_messages(bencher, ZH);
}

#[divan::bench]
fn similarity_en(bencher: Bencher<'_, '_>) {
    eight_messages(bencher, EN);
}

/// One conversation in which a human answers from the middle on; `different`: no message comes twice. The
/// time for a row must not grow with the rows.
fn giant(rows: usize, different: bool) -> Conversation {
    let texts = ["我的包裹到底怎么回事", "退款有问题，帮我看看", "where is my invoice please"];
    let mut csv = "conversation_id,timestamp,sender,text\n".to_owned();
    for row in 0..rows {
        let (sender, text) = match (row % 2, row < rows / 2) {
            (0, _) => ("customer", texts[row / 2 % 3]),
            (_, true) => ("bot", "抱歉，我没有理解您的意思"),
            (_, false) => ("agent", "已经为您处理"),
        };
        let part = if different { format!(" 第{row}项") } else { String::new() };
        let (minute, second) = (row / 60 % 60, row % 60);
        let (day, hour) = (1 + row / 86_400, row / 3_600 % 24);
        let time = format!("2026-01-{day:02}T{hour:02}:{minute:02}:{second:02}Z");
        csv.extend(["g,", &time, ",", sender, ",", text, &part, "\n"]);
    }
    conversations(messages(csv.as_bytes())).remove(0)
}

fn giants(bencher: Bencher<'_, '_>, rows: usize, different: bool) {
    let conversation = giant(rows, different);
    let detector = detector();
    bencher
        .counter(ItemsCount::new(conversation.messages.len()))
        .bench(|| detector.detect(black_box(&conversation)).findings.len());
}

#[divan::bench(args = [1_000, 4_000, 16_000], sample_count = 5)]
fn giant_of_few_texts(bencher: Bencher<'_, '_>, rows: usize) {
    giants(bencher, rows, false);
}

#[divan::bench(args = [1_000, 4_000, 16_000], sample_count = 5)]
fn giant_of_different_texts(bencher: Bencher<'_, '_>, rows: usize) {
    giants(bencher, rows, true);
}

#[divan::bench]
fn detect_and_measure(bencher: Bencher<'_, '_>) {
    let all = conversations(messages(&log()));
    let detector = detector();
    let options = MeasureOptions {
        time_zone: chrono_tz::UTC,
        short_abandon_ms: 10_000,
        calendar: None,
        privacy: tohuman::text::Privacy::default(),
    };
    bencher.counter(ItemsCount::new(all.len())).bench(|| {
        for conversation in &all {
            black_box(measure(conversation, detector.detect(conversation), &options));
        }
    });
}
