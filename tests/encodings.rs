//! GBK told from UTF-8 without a mark, in files of a few words, where there is little to go by.
#![allow(clippy::unwrap_used, reason = "a test may stop at once")]

mod common;

use std::fs;

use common::run;

/// Words that short files of a desk hold; the last have no Chinese in them.
const WORDS: [&str; 24] = [
    "你好",
    "请问",
    "订单",
    "怎么",
    "还没",
    "发货",
    "退款",
    "多久",
    "到账",
    "转人工",
    "客服",
    "在吗",
    "地址",
    "写错",
    "发票",
    "密码",
    "扣",
    "两次",
    "谢谢",
    "处理",
    "套餐",
    "hello",
    "A12",
    "99元",
];
const FILES: u64 = 600;

#[test]
fn short_files_are_decoded_as_they_were_written() {
    let home = tempfile::tempdir().unwrap();
    // A fixed sequence (Knuth's multiplier), so that the files are the same on every machine.
    let mut state = 7_u64;
    let mut next = |below: u64| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let (mut wanted, mut chinese) = (Vec::new(), 0);
    for file in 0..FILES {
        let words: String =
            (0..=next(25)).map(|_| WORDS[usize::try_from(next(24)).unwrap()]).collect();
        let text = format!("conversation_id,sender,text\n{file},customer,{words}\n");
        let gbk = next(2) == 1;
        let bytes = if gbk {
            encoding_rs::GB18030.encode(&text).0.into_owned()
        } else {
            text.clone().into_bytes()
        };
        fs::write(home.path().join(format!("{file:04}.csv")), bytes).unwrap();
        chinese += usize::from(!text.is_ascii());
        wanted.push((!text.is_ascii()).then_some(if gbk { "gb18030" } else { "UTF-8" }));
    }
    let (out, _) = run(&["inspect", home.path().to_str().unwrap()], 0);
    let found: Vec<&str> = out
        .lines()
        .filter_map(|line| line.trim().strip_prefix("encoding"))
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert_eq!(found.len(), wanted.len());
    let right = wanted.iter().zip(&found).filter(|(w, f)| w.is_some_and(|w| w == **f)).count();
    // 谢谢 and 99元 alone are valid in both: nothing tells them apart.
    assert!(right * 100 >= chinese * 99, "{right} of {chinese}");
}
