//! The text that `WhatsApp` exports of a chat, of both kinds of phone. There is no specification; the
//! shapes are those of files that were seen and of other tools' documents.
//!
//! A message begins with its stamp, in brackets or before a dash, and the name before a colon. The
//! order of day and month is that of the phone: the whole file decides it (its rows are in order of
//! time), or a mapping's `time_format`. Lines without a name are the app's.

use super::Format;
use super::chat_text::{Line, coverage, of_the_app, read_lines, visible};
use super::look::Look;
use super::table::{Job, Sink};
use super::time_text::{Shape, scan};
use super::vendor_rows::VendorRow;
use crate::error::Result;
use crate::model::Coverage;

/// A chat that `WhatsApp` exported.
pub(super) struct WhatsApp;

/// Lines that are looked at to know the format.
const LINES: usize = 200;
/// Messages that must be among them; one line could be anything.
const ENOUGH: usize = 2;
/// Longest stamp, in bytes.
const LONGEST_STAMP: usize = 48;
/// Longest name, in characters: a colon far behind is one of the text.
const LONGEST_NAME: usize = 80;

/// A mark before a text that the app wrote in somebody's name (phones of one kind do so).
const BY_APP: &str = ": \u{200e}";
/// What the app adds to a text that was changed.
const EDITED: [&str; 2] = ["<This message was edited>", "<此消息已编辑>"];
/// What stands instead of something that is no text.
const MEDIA: [&str; 10] = [
    "<media omitted>",
    "<已忽略多媒体文件>",
    "<省略多媒体文件>",
    "<媒体文件已省略>",
    "<medien ausgeschlossen>",
    "<multimedia omitido>",
    "<médias omis>",
    "<mídia oculta>",
    "<media omessi>",
    "<メディアは含まれていません>",
];
/// What follows the kind of what was left out (`image omitted`, `图像已忽略`).
const OMITTED: [&str; 4] = [" omitted", "已忽略", "已省略", "を除外しました"];
/// The app's own notice about itself.
const NOTICES: [&str; 5] = [
    "messages and calls are end-to-end encrypted",
    "messages to this group are now secured with end-to-end encryption",
    "messages to this chat and calls are now secured with end-to-end encryption",
    "消息和通话已进行端到端加密",
    "訊息和通話皆已進行端對端加密",
];
/// What a message becomes that was taken back.
const TAKEN_BACK: [&str; 5] = [
    "this message was deleted",
    "you deleted this message",
    "此消息已删除",
    "您已删除此消息",
    "此訊息已刪除",
];

impl Format for WhatsApp {
    fn name(&self) -> &'static str {
        "whatsapp"
    }

    fn recognise(&self, look: &Look) -> Option<String> {
        let mut lines = look.text.lines().filter(|l| !l.trim().is_empty()).take(LINES);
        let is_message = |line: &str| {
            split(&visible(line)).is_some_and(|(_, rest)| named(rest.as_str()).is_some())
        };
        let first = lines.next()?;
        split(&visible(first))?;
        let begun = usize::from(is_message(first)) + lines.filter(|l| is_message(l)).count();
        (begun >= ENOUGH || (begun == 1 && look.text.lines().count() == 1))
            .then(|| "its lines begin with a stamp and a name, as WhatsApp exports them".to_owned())
    }

    fn read(&self, job: &mut Job<'_>, sink: &mut Sink<'_>) -> Result<()> {
        read_lines(job, sink, &mut |raw| {
            let line = visible(raw);
            let by_app = raw.contains(BY_APP);
            match split(&line) {
                Some((time, rest)) => Line::Begins(Box::new(message(time, &rest, by_app))),
                None => Line::GoesOn(line),
            }
        })
    }

    fn coverage(&self) -> Option<Coverage> {
        Some(coverage())
    }

    fn in_time_order(&self) -> bool {
        true
    }

    fn caveat(&self) -> Option<&'static str> {
        Some(
            "a chat app does not say who is the customer and who the desk: name them under [senders] in a mapping; a bot under the desk's name cannot be told from its people",
        )
    }
}

/// Stamp and rest of a line that begins a message.
fn split(line: &str) -> Option<(String, String)> {
    let (stamp, rest) = match line.strip_prefix('[') {
        Some(bracketed) => bracketed.split_once(']')?,
        None => line.split_once(" - ")?,
    };
    let stamp = stamp.trim();
    if stamp.len() > LONGEST_STAMP || !stamp.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let parts = scan(stamp)?;
    let whole = parts.clock.is_some() && parts.shape != Shape::None;
    whole.then(|| (stamp.to_owned(), rest.trim_start().to_owned()))
}

/// Name and text of what follows the stamp; `None` for a line of the app.
fn named(rest: &str) -> Option<(&str, &str)> {
    let (name, text) = rest.split_once(": ").or_else(|| Some((rest.strip_suffix(':')?, "")))?;
    let fits = !name.trim().is_empty() && name.chars().count() <= LONGEST_NAME;
    fits.then_some((name.trim(), text))
}

/// The row of a message; `by_app` where the mark of the app stands before its text.
fn message(time: String, rest: &str, by_app: bool) -> VendorRow {
    let Some((name, text)) = named(rest) else { return of_the_app(time, rest) };
    let row = VendorRow { time, sender: name.to_owned(), ..VendorRow::default() };
    let lower = text.trim().to_lowercase();
    let attached = lower.starts_with("<attached: ") || lower.starts_with("<附件：");
    let omitted = by_app && OMITTED.iter().any(|o| lower.ends_with(o));
    if attached || omitted || MEDIA.contains(&lower.as_str()) {
        return VendorRow { event: "attachment".to_owned(), ..row };
    }
    if TAKEN_BACK.contains(&lower.trim_end_matches(['.', '。'])) {
        return row.of(crate::model::Kind::Other).because("taken back");
    }
    // Some phones write the first notice of a group in the group's name, without the mark.
    if by_app || NOTICES.iter().any(|notice| lower.starts_with(notice)) {
        return of_the_app(row.time, text);
    }
    let text = EDITED.iter().find_map(|e| text.trim_end().strip_suffix(e)).unwrap_or(text);
    VendorRow { text: text.to_owned(), ..row }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shapes_of_both_phones() {
        let at = |line: &str| {
            split(&visible(line)).map(|(stamp, rest)| {
                let row = message(stamp.clone(), &rest, false);
                (stamp, row.sender, row.text)
            })
        };
        let is = |stamp: &str, name: &str, text: &str| {
            Some((stamp.to_owned(), name.to_owned(), text.to_owned()))
        };
        let cases = [
            (
                "\u{200e}[31/12/2023, 23:59:20] Ana: hi: there",
                is("31/12/2023, 23:59:20", "Ana", "hi: there"),
            ),
            (
                "12/31/23, 11:59\u{202f}PM - Ana: hi - no",
                is("12/31/23, 11:59 PM", "Ana", "hi - no"),
            ),
            ("2023/12/31 下午11:59 - 安娜: 在吗", is("2023/12/31 下午11:59", "安娜", "在吗")),
            (
                "31.12.23, 23:59 - Ana changed the icon",
                is("31.12.23, 23:59", "system", "Ana changed the icon"),
            ),
            ("31.12.23, 23:59 - Ana:", is("31.12.23, 23:59", "Ana", "")),
            ("12 - 4: eight", None),
            ("[see note] all: fine", None),
            ("10:30 - Ana: a time of day alone", None),
        ];
        for (line, expected) in cases {
            assert_eq!(at(line), expected, "{line}");
        }
    }

    #[test]
    fn what_is_no_text_is_no_words() {
        for text in ["<Media omitted>", "image omitted", "<attached: 1.jpg>", "<已忽略多媒体文件>"]
        {
            let row = message("t".to_owned(), &format!("Ana: {text}"), true);
            assert_eq!((row.text.as_str(), row.event.as_str()), ("", "attachment"), "{text}");
        }
        let row = message("t".to_owned(), "Ana: I want the fees that you promised omitted", false);
        let short = message("t".to_owned(), "Ana: the fee was omitted", false);
        assert_eq!(short.text, "the fee was omitted");
        assert_eq!(row.event, "");
        let row = message("t".to_owned(), "Shop: Messages are encrypted.", true);
        assert_eq!((row.sender.as_str(), row.event.as_str()), ("system", "other"));
    }
}
