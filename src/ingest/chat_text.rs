//! What the text exports of chat apps share: messages that go over several lines, and lines instead of
//! messages where something was sent that is no text.
//!
//! Such an export is one chat and has no id: the id is the name of the file as given. It does not say
//! who is the customer and who the desk: names that are no roles stay `unknown` until a mapping's
//! `[senders]` says it.

use std::io::BufReader;

use super::long_line::read_line;
use super::table::{Flow, Job, Sink, text};
use super::vendor_rows::{Rows, VendorRow, all_shown};
use crate::error::Result;
use crate::model::{Coverage, Kind, Sender, Shows};

/// Marks of direction that the apps put around names, and the space before AM and PM.
const INVISIBLE: [char; 8] = [
    '\u{200e}', '\u{200f}', '\u{202a}', '\u{202b}', '\u{202c}', '\u{202d}', '\u{202e}', '\u{feff}',
];

/// One line as the format takes it.
pub(super) enum Line {
    /// A new message or event begins.
    Begins(Box<VendorRow>),
    /// It says something of the file, not of the chat: a heading, a date.
    Heading,
    /// It goes on with what was begun.
    GoesOn(String),
}

/// Reads lines; `each` says what a line is.
pub(super) fn read_lines(
    job: &mut Job<'_>,
    sink: &mut Sink<'_>,
    each: &mut dyn FnMut(&str) -> Line,
) -> Result<()> {
    let input = job.input;
    let conversation = chat_id(&input.path);
    let decoded = text(&mut job.bytes, job.look);
    let mut reader = BufReader::new(decoded.reader);
    let Some(mut rows) = Rows::by_lines(sink)? else { return Ok(()) };
    let (mut bytes, mut passed, mut number) = (Vec::new(), 0, 0);
    let mut begun: Option<(u64, bool, VendorRow)> = None;
    loop {
        bytes.clear();
        let n = read_line(&mut reader, &mut bytes, number + 1).map_err(|e| input.read_error(e))?;
        if n == 0 {
            break;
        }
        (passed, number) = (passed + n as u64, number + 1);
        let bad = decoded.faults.any_before(passed);
        let line = String::from_utf8_lossy(&bytes);
        let line = line.trim_end_matches(['\n', '\r']);
        match each(line) {
            Line::Begins(row) => {
                hand_on(begun.take(), &mut rows)?;
                let row = VendorRow { conversation: conversation.clone(), ..*row };
                begun = Some((number, bad, row));
            }
            Line::Heading => hand_on(begun.take(), &mut rows)?,
            Line::GoesOn(more) => match &mut begun {
                Some((_, any_bad, row)) => {
                    *any_bad |= bad;
                    row.text.push('\n');
                    row.text.push_str(&more);
                }
                None if more.trim().is_empty() => {}
                None => {
                    rows.at_line(number, bad);
                    rows.fault(&more)?;
                }
            },
        }
        if rows.stopped() == Flow::Stop {
            return Ok(());
        }
    }
    hand_on(begun, &mut rows)
}

fn hand_on(begun: Option<(u64, bool, VendorRow)>, rows: &mut Rows<'_, '_>) -> Result<()> {
    let Some((line, bad, mut row)) = begun else { return Ok(()) };
    row.text.truncate(row.text.trim_end().len());
    rows.at_line(line, bad);
    rows.put(&row)
}

/// The id of a chat: the file as given, without its ending.
fn chat_id(path: &str) -> String {
    let path = path.strip_suffix(".gz").or_else(|| path.strip_suffix(".zst")).unwrap_or(path);
    path.strip_suffix(".txt").unwrap_or(path).to_owned()
}

/// A line without the marks that nobody sees.
pub(super) fn visible(line: &str) -> String {
    let space = |c| if matches!(c, '\u{202f}' | '\u{a0}') { ' ' } else { c };
    line.chars().filter(|c| !INVISIBLE.contains(c)).map(space).collect()
}

/// A line of the app itself: it is no word of anybody, and says nothing of queues.
pub(super) fn of_the_app(time: String, text: &str) -> VendorRow {
    let row = VendorRow { text: text.to_owned(), ..VendorRow::default() };
    row.at(time).by(Sender::System).of(Kind::Other)
}

/// What a chat of an app shows: every message, and nothing of a queue.
pub(super) fn coverage() -> Coverage {
    let no = Shows::No;
    Coverage { system_lines: no, queue: no, joins: no, leaves: no, closes: no, ..all_shown() }
}
