//! A conversation as a transcript, every finding marked under its line with the reason in words.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chrono_tz::Tz;

use super::Lang;
use crate::measure::columns::seconds;
use crate::model::{Conversation, Facts, Finding, Kind, Message, Rule, Sender};
use crate::text::KeepText;

/// The transcript in local time, ending in a line end, with as much of the texts as is kept.
#[must_use]
pub fn transcript(
    conversation: &Conversation,
    facts: &Facts,
    lang: Lang,
    zone: Tz,
    keep: KeepText,
) -> String {
    let mut out = heading(facts, lang);
    let mut marks: BTreeMap<usize, Vec<&Finding>> = BTreeMap::new();
    for located in &facts.findings {
        marks.entry(located.finding.message).or_default().push(&located.finding);
    }
    for (index, message) in conversation.messages.iter().enumerate() {
        let _ = writeln!(out, "{:>4}  {}", index + 1, line(message, zone, keep));
        for finding in marks.get(&index).into_iter().flatten() {
            let evidence = match (lang, finding.evidence) {
                (Lang::Zh, crate::model::Evidence::Explicit) => "导出明示",
                (Lang::Zh, crate::model::Evidence::Inferred) => "推断",
                (Lang::En, evidence) => evidence.name(),
            };
            let _ = writeln!(
                out,
                "        ^ {} ({evidence}): {}",
                finding.rule.id(),
                reason(finding, lang, keep)
            );
        }
    }
    out
}

/// The transcript without any finding, for a person who is to judge by it alone: numbered lines of at most
/// `longest` characters together. What does not fit is said in a last line, never dropped in silence.
#[must_use]
pub fn bare_transcript(conversation: &Conversation, zone: Tz, longest: usize) -> String {
    let mut out = String::new();
    let mut length = 0;
    let all = conversation.messages.len();
    for (index, message) in conversation.messages.iter().enumerate() {
        let line =
            format!("{} {}", index + 1, line(message, zone, KeepText::Redacted).trim_start());
        length += line.chars().count() + 1;
        if length > longest {
            let _ = writeln!(out, "… {} / {all}", all - index);
            break;
        }
        out.push_str(&line);
        out.push('\n');
    }
    out.truncate(out.trim_end().len());
    out
}

fn heading(facts: &Facts, lang: Lang) -> String {
    let id = &facts.conversation_id;
    let Some(transfer) = &facts.transfer else {
        return match lang {
            Lang::Zh => format!("== {id}：未要求人工\n"),
            Lang::En => format!("== {id}: did not ask for a human\n"),
        };
    };
    let wait = transfer.request_to_human.ms.map_or_else(|| "?".to_owned(), seconds);
    let (outcome, end) = (transfer.outcome.name(), transfer.request_to_human.end.name());
    let (attempts, failed) = (facts.attempts, facts.failed_attempts);
    match lang {
        Lang::Zh => format!(
            "== {id}：{outcome}，尝试 {attempts} 次，失败 {failed} 次，等待 {wait} 秒（{end}）\n"
        ),
        Lang::En => format!(
            "== {id}: {outcome}; {attempts} attempts, {failed} failed; waited {wait} s ({end})\n"
        ),
    }
}

fn line(message: &Message, zone: Tz, keep: KeepText) -> String {
    let time = message
        .time
        .map(|t| t.at.with_timezone(&zone).format("%Y-%m-%d %H:%M:%S").to_string())
        .unwrap_or_default();
    let what = match message.kind {
        Kind::Message => String::new(),
        kind => format!(" [{}]", kind.name()),
    };
    let text = message.text.split_whitespace().collect::<Vec<_>>().join(" ");
    let sender = if message.sender == Sender::Unknown { "?" } else { message.sender.name() };
    format!("{time:<19}  {sender:<8}{what}  {}", shown(keep, &text)).trim_end().to_owned()
}

/// Where no text is kept, that there was one.
fn shown(keep: KeepText, text: &str) -> String {
    if text.is_empty() { String::new() } else { keep.label(text) }
}

/// Why the rule fired.
fn reason(finding: &Finding, lang: Lang, keep: KeepText) -> String {
    let m = &shown(keep, &finding.matched);
    let (zh, en) = match finding.rule {
        Rule::TransferRequest => (format!("要求人工：“{m}”"), format!("asks for a human: \"{m}\"")),
        Rule::Nudge => (
            format!("排队或转接中再次催促：“{m}”"),
            format!("asks again while an attempt is pending: \"{m}\""),
        ),
        Rule::HumanCheck => {
            (format!("询问对方是不是人：“{m}”"), format!("asks whether it is human: \"{m}\""))
        }
        Rule::SupervisorRequest => {
            (format!("向人工要求上级：“{m}”"), format!("asks a human for a superior: \"{m}\""))
        }
        Rule::FailedAttempt => (
            format!("此次尝试之后没有人工消息（{m}）"),
            format!("no human message follows this attempt ({m})"),
        ),
        Rule::TransferOffer => {
            (format!("提出或承诺转接：“{m}”"), format!("offers or promises a human: \"{m}\""))
        }
        Rule::Queued => (format!("进入排队：“{m}”"), format!("in the queue: \"{m}\"")),
        Rule::Connected => (format!("人工接入：“{m}”"), format!("an agent joined: \"{m}\"")),
        Rule::AutomaticGreeting => (
            "接入后的自动问候，不算人工回复".to_owned(),
            "automatic greeting after the join: stops no clock".to_owned(),
        ),
        Rule::HumanSpoke => ("人工开口".to_owned(), "a human spoke".to_owned()),
        Rule::OutcomeDecided => (format!("结果由此判定：{m}"), format!("decides the outcome: {m}")),
        Rule::Deflection => (
            format!("要求人工，却被引导回机器人：“{m}”"),
            format!("asked for a human, answers with something else: \"{m}\""),
        ),
        Rule::Fallback => (format!("机器人未理解：“{m}”"), format!("did not understand: \"{m}\"")),
        Rule::BotRepetition => {
            ("与之前的机器人回复相同".to_owned(), "the same bot reply as before".to_owned())
        }
        Rule::Rephrase => (
            format!("换个说法再问：之前是“{m}”"),
            format!("says it again in other words: before \"{m}\""),
        ),
        Rule::Repeat => ("原话再问一遍".to_owned(), "says it again in the same words".to_owned()),
        Rule::Loop => (format!("同样的来回 {m}"), format!("the same exchange again ({m})")),
        Rule::ContextLoss => (
            format!("对人工又说了一遍：“{m}”"),
            format!("tells the human what the bot was told: \"{m}\""),
        ),
        Rule::LeftUnasked => {
            (format!("未要求人工就离开，最后得到：{m}"), format!("left without asking, met: {m}"))
        }
    };
    if lang == Lang::Zh { zh } else { en }
}
