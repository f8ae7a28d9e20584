//! The words of `inspect` in Chinese. English is what the program says anyway; a sentence that has
//! no Chinese yet stays English rather than go missing.

use crate::cli::LangArg;

/// English and Chinese; the texts of `{}` in the English stand at `{0}`, `{1}` in the Chinese.
type Sentence = (&'static str, &'static str);

/// What `inspect` itself says.
const OWN: &[Sentence] = &[
    ("chat log", "聊天记录"),
    ("complaint records", "投诉记录"),
    (
        "neither a chat log nor complaint records; nothing is read",
        "既不是聊天记录，也不是投诉记录；未读取任何内容",
    ),
    ("because", "依据"),
    ("format", "格式"),
    ("encoding", "编码"),
    ("compression", "压缩"),
    ("time zone", "时区"),
    ("times", "时间范围"),
    ("rows", "行数"),
    ("columns", "列"),
    ("shows", "可见"),
    ("cannot show", "不可见"),
    ("senders", "发送方"),
    ("events", "事件"),
    ("problems", "问题"),
    ("next", "下一步"),
    ("not read", "不读取"),
    ("{}, where the first is empty", "{0}（首选列为空时）"),
    ("1 row {}", "1 行，{0}"),
    ("{} rows {}", "{0} 行，{1}"),
    ("{} ({} rows)", "{0}（{1} 行）"),
    ("{} (1 row)", "{0}（1 行）"),
    ("not known", "未知"),
    ("and {} more values", "另有 {0} 个取值"),
    ("row {}: {}", "第 {0} 行：{1}"),
    ("{} read, {} used, {} refused", "读取 {0}，采用 {1}，拒绝 {2}"),
    ("{} to {}, to the minute: waits are +-60 s", "{0} 至 {1}，精确到分钟：等待时长误差 ±60 秒"),
    ("{} to {}, days alone: no waits", "{0} 至 {1}，只有日期：无法计算等待时长"),
    ("{} to {}", "{0} 至 {1}"),
    ("the stamps carry their own", "时间自带时区"),
    ("for the stamps that carry none; others carry their own", "用于不带时区的时间；其余自带时区"),
    ("by --time-zone: the stamps carry none", "由 --time-zone 指定：时间不带时区"),
    ("by the mapping: the stamps carry none", "由映射文件指定：时间不带时区"),
    ("no times here", "没有时间"),
    ("bot replies", "机器人回复"),
    ("agent messages", "人工消息"),
    ("system lines", "系统消息"),
    ("queue", "排队"),
    ("joins", "人工接入"),
    ("leaves", "离开"),
    ("closes", "会话结束"),
    ("refused", "拒绝"),
    ("used", "照原样采用"),
    ("repaired", "按规则修正后采用"),
    (
        "--write-mapping map.toml saves a mapping with what is missing left empty; fill it in, then give it by --mapping map.toml",
        "用 --write-mapping map.toml 保存映射文件，缺少的项留空；填好后用 --mapping map.toml 读取",
    ),
    ("passed over", "略过"),
    ("skipped", "跳过"),
    ("skipped: {}", "跳过：{0}"),
    ("{}: {} ({})", "{0}：{1}（{2}）"),
    ("{} ({})", "{0}（{1}）"),
    ("{}: {}", "{0}：{1}"),
];

/// The reasons that reading gives. The longer one stands first, for the first that fits is taken.
const REASONS: &[Sentence] = &[
    (
        "{} between the fields, {} fields in record {}, {} of them known by name",
        "以 {0} 分隔，第 {2} 条记录有 {1} 个字段，其中 {3} 个列名已识别",
    ),
    (
        "begins as a spreadsheet file does; sheet {} is read, not: {}",
        "文件开头为电子表格；读取工作表 {0}，未读取：{1}",
    ),
    ("begins as a spreadsheet file does", "文件开头为电子表格"),
    ("begins as a JSON document does", "文件开头为 JSON 文档"),
    ("{} of the first {} lines are JSON objects", "前 {1} 行中有 {0} 行是 JSON 对象"),
    (
        "has ChatTranscriptVersion, Participants and Transcript",
        "含 ChatTranscriptVersion、Participants 和 Transcript",
    ),
    ("has the keys of {}: {}", "含有 {0} 的字段：{1}"),
    (
        "the items of history are known at second hand; bots that chat as agents are to be named",
        "history 中的条目来自二手资料；以坐席身份说话的机器人需另行指明",
    ),
    ("bots are agents in this export and are to be named", "此导出中机器人也是坐席，需另行指明"),
    (
        "what the product did stands in lines of prose; those that are not English are read as words",
        "系统动作以文字行出现；非英文的按文字识别",
    ),
    (
        "handing over is known by names such as handoff or escalate; what humans wrote is not in it",
        "转人工按 handoff、escalate 等名称识别；其中没有人工所写的内容",
    ),
    (
        "give all objects of the chats together; the body of transcripts and the columns of bot sessions are known at second hand",
        "请把聊天的各个对象一起给出；聊天正文和机器人会话的列来自二手资料",
    ),
    (
        "it holds no messages, and the fields are known at second hand",
        "其中没有消息，且字段来自二手资料",
    ),
    (
        "it holds no messages: give the Contact Lens transcripts of the same contacts beside it",
        "其中没有消息：请同时给出相同联络的 Contact Lens 记录",
    ),
    (
        "a brand's bot writes under the brand's name and cannot be told from its people",
        "品牌的机器人以品牌名义发言，无法与人工区分",
    ),
    (
        "its lines begin with a stamp and a name, as WhatsApp exports them",
        "各行以时间和姓名开头，与 WhatsApp 导出一致",
    ),
    (
        "its first line begins with [LINE], as LINE exports a chat",
        "第一行以 [LINE] 开头，与 LINE 导出一致",
    ),
    (
        "the fields of session records are known at second hand: compare the counts with the vendor's console",
        "会话记录的字段来自二手资料：请与厂商后台的数字核对",
    ),
    (
        "the robot's part and the human's part are joined by the customer's token: rows without it stand by their session",
        "机器人段与人工段按客户标识合并：没有客户标识的记录按会话单列",
    ),
    (
        "replies that are sent through the interface, those of a bot among them, are not in it; nor is queueing",
        "通过接口发送的回复（包括机器人的回复）不在其中；排队也不在其中",
    ),
    (
        "the marks are the vendor's; the fields around them are known at second hand",
        "标记来自厂商文档；其余字段来自二手资料",
    ),
    (
        "a chat app does not say who is the customer and who the desk: name them under [senders] in a mapping; a bot under the desk's name cannot be told from its people",
        "聊天软件不说明谁是客户、谁是客服：请在映射文件的 [senders] 中写明；以客服名义发言的机器人无法与人工区分",
    ),
    ("asked for", "由用户指定"),
    ("has columns for conversation, sender and text", "有会话、发送方和内容列"),
    ("has the columns of complaint records", "有投诉记录的列"),
    ("holds no record that could be understood", "没有可识别的记录"),
    (
        "no column for {} among: {}; {} holds a list: name it under [[turns]] in a mapping",
        "缺少 {0} 列；现有列：{1}；{2} 是列表，请在映射文件的 [[turns]] 中说明",
    ),
    ("no column for {} among: {}", "缺少 {0} 列；现有列：{1}"),
    ("byte order mark", "字节顺序标记"),
    ("zero bytes at every second place", "每隔一个字节为零"),
    ("plain ASCII, which is valid UTF-8", "纯 ASCII，即有效的 UTF-8"),
    ("valid UTF-8", "有效的 UTF-8"),
    ("UTF-8 but for {} places", "UTF-8，有 {0} 处无效"),
    ("not valid UTF-8; pairs of bytes as GBK has them", "不是有效的 UTF-8；字节成对，符合 GBK"),
    (
        "not valid UTF-8; guessed from the frequency of its bytes",
        "不是有效的 UTF-8；按字节频率推测",
    ),
    ("hidden", "隐藏文件"),
    ("given twice", "重复给出"),
    ("a folder that tohuman wrote", "tohuman 写出的文件夹"),
    (
        "no chat or complaint file by its name; name it itself to read it",
        "按文件名不是聊天或投诉文件；要读取请直接写出文件名",
    ),
];

/// A sentence of `inspect` with its texts.
pub(super) fn fill(lang: LangArg, pattern: &str, parts: &[&str]) -> String {
    let chinese = OWN.iter().find(|(english, _)| *english == pattern).map(|(_, chinese)| *chinese);
    if let Some(chinese) = chinese.filter(|_| lang == LangArg::Zh) {
        return numbered(chinese, parts);
    }
    let fixed = pattern.split("{}").zip(parts.iter().chain(std::iter::repeat(&"")));
    fixed.flat_map(|(fixed, part)| [fixed, part]).collect()
}

/// A word of `inspect`.
pub(super) fn word(lang: LangArg, english: &str) -> String {
    fill(lang, english, &[])
}

/// A reason that reading gives.
pub(super) fn reason(lang: LangArg, english: &str) -> String {
    let found = REASONS.iter().find_map(|(from, to)| Some((to, parts(from, english)?)));
    match found.filter(|_| lang == LangArg::Zh) {
        Some((to, parts)) => numbered(to, &parts),
        None => english.to_owned(),
    }
}

/// The comma of a list.
pub(super) const fn comma(lang: LangArg) -> &'static str {
    match lang {
        LangArg::En => ", ",
        LangArg::Zh => "、",
    }
}

/// Puts the parts in their places in one pass: a part may itself hold braces.
fn numbered(pattern: &str, parts: &[&str]) -> String {
    let mut out = String::new();
    for (i, piece) in pattern.split('{').enumerate() {
        let place = piece.split_once('}').filter(|_| i > 0);
        let Some((number, after)) = place else {
            out.push_str(piece);
            continue;
        };
        out.push_str(number.parse().ok().and_then(|n: usize| parts.get(n)).copied().unwrap_or(""));
        out.push_str(after);
    }
    out
}

/// The texts that stand for the `{}` of a pattern; `None` if it does not fit.
fn parts<'t>(pattern: &str, text: &'t str) -> Option<Vec<&'t str>> {
    let mut fixed = pattern.split("{}");
    let mut rest = text.strip_prefix(fixed.next()?)?;
    let mut out = Vec::new();
    let mut fixed = fixed.peekable();
    while let Some(next) = fixed.next() {
        // The last piece stands at the end, so that a part before it may hold it too.
        let at = if fixed.peek().is_none() {
            rest.ends_with(next).then(|| rest.len() - next.len())
        } else {
            rest.find(next)
        }?;
        out.push(&rest[..at]);
        rest = &rest[at + next.len()..];
    }
    rest.is_empty().then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_take_their_parts_and_nothing_is_lost() {
        let zh = |english| reason(LangArg::Zh, english);
        assert_eq!(
            zh("',' between the fields, 9 fields in record 1, 8 of them known by name"),
            "以 ',' 分隔，第 1 条记录有 9 个字段，其中 8 个列名已识别"
        );
        assert_eq!(zh("valid UTF-8"), "有效的 UTF-8");
        assert_eq!(
            zh("no column for text among: {1}, a to b"),
            "缺少 text 列；现有列：{1}, a to b"
        );
        assert_eq!(fill(LangArg::Zh, "{} ({} rows)", &["bot", "70"]), "bot（70 行）");
        assert_eq!(fill(LangArg::En, "{} ({} rows)", &["bot", "70"]), "bot (70 rows)");
        assert_eq!(zh("something new"), "something new");
        assert_eq!(parts("a {} b", "a  b"), Some(vec![""]));
        assert_eq!(parts("a", "ab"), None);
        assert_eq!(reason(LangArg::En, "valid UTF-8"), "valid UTF-8");
    }

    #[test]
    fn every_sentence_uses_all_its_parts() {
        for (english, chinese) in OWN.iter().chain(REASONS) {
            let wanted = english.matches("{}").count();
            for i in 0..wanted {
                assert!(chinese.contains(&format!("{{{i}}}")), "{english}");
            }
            assert_eq!(chinese.matches('{').count(), wanted, "{english}");
        }
    }
}
