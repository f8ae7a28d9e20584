//! The words of `inspect` in Chinese. English is what the program says anyway; a sentence that has
//! no Chinese yet stays English rather than go missing.

use super::inspect_reasons::{PARTS, REASONS};
use crate::cli::LangArg;

/// English and Chinese; the texts of `{}` in the English stand at `{0}`, `{1}` in the Chinese.
pub(super) type Sentence = (&'static str, &'static str);

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
    ("renamed", "改名后采用"),
    ("first value counts", "以首个取值为准"),
    ("counted once", "只计一次"),
    ("in order of time", "按时间排列"),
    ("split", "拆分"),
    (
        "--write-mapping map.toml saves a mapping with what is missing left empty; fill it in, then give it by --mapping map.toml",
        "用 --write-mapping map.toml 保存映射文件，缺少的项留空；填好后用 --mapping map.toml 读取",
    ),
    (
        "--write-mapping map.toml lists the senders; say under [senders] who is customer, bot or agent, then give it by --mapping map.toml",
        "用 --write-mapping map.toml 列出发送方；在 [senders] 中写明谁是客户、机器人或人工，再用 --mapping map.toml 读取",
    ),
    ("those of the format: {}", "由格式规定：{0}"),
    ("passed over", "略过"),
    ("skipped", "跳过"),
    ("skipped: {}", "跳过：{0}"),
    ("{}: {} ({})", "{0}：{1}（{2}）"),
    ("{} ({})", "{0}（{1}）"),
    ("{}: {}", "{0}：{1}"),
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
        Some((to, parts)) => {
            let known = |part: &&str| PARTS.iter().find(|(from, _)| from == part).map(|p| p.1);
            let parts: Vec<&str> = parts.iter().map(|p| known(p).unwrap_or(p)).collect();
            numbered(to, &parts)
        }
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
        for (english, chinese) in OWN.iter().chain(REASONS).chain(PARTS) {
            let wanted = english.matches("{}").count();
            for i in 0..wanted {
                assert!(chinese.contains(&format!("{{{i}}}")), "{english}");
            }
            assert_eq!(chinese.matches('{').count(), wanted, "{english}");
        }
    }
}
