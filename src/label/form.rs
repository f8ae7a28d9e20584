//! The form that a person fills: its columns, and how it is read back. Only digits and codes are read, so
//! that a form saved by Excel in GBK, or with semicolons, is as good as the one that was written.

use std::collections::BTreeMap;

use csv::ByteRecord;

use super::{Case, Ticket};
use crate::error::{Error, Result};

/// Columns of the form; from the third to the ninth are for the labeller.
pub const COLUMNS: [&str; 11] = [
    "conversation_id",
    "transcript",
    "attempts",
    "failed_attempts",
    "reached",
    "rephrases",
    "repeats",
    "fallbacks",
    "left_unasked",
    "note",
    "draw",
];

const DRAW: &str = "draw";
const WAY_OUT: &str = "use the form that `tohuman sample` wrote, saved as CSV";

/// What a person says of one conversation; an empty cell is `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Labels {
    /// Attempts: how often the customer asked for a human.
    pub attempts: Option<u32>,
    /// Attempts after which no human wrote.
    pub failed_attempts: Option<u32>,
    /// A human wrote after a request.
    pub reached: Option<bool>,
    /// Messages that ask the same in other words, after a reply.
    pub rephrases: Option<u32>,
    /// Messages that ask the same in the same words, after a reply.
    pub repeats: Option<u32>,
    /// Bot replies that say it did not understand.
    pub fallbacks: Option<u32>,
    /// Never asked for a human, and left without an answer.
    pub left_unasked: Option<bool>,
}

/// A row of a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Labelled {
    /// How it was drawn.
    pub ticket: Ticket,
    /// What the person says.
    pub labels: Labels,
}

impl Labelled {
    /// Whether any cell is filled.
    #[must_use]
    pub fn is_labelled(&self) -> bool {
        self.labels != Labels::default()
    }
}

/// Reads a form; `path` is for messages only.
///
/// # Errors
/// A file that is no form, a cell that is no label, a row that was damaged or stands twice, rows of two
/// samples, or a sample of which every row of a stratum is gone.
pub fn read(path: &str, bytes: &[u8]) -> Result<Vec<Labelled>> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(Error::input(path, "is UTF-16", "save it as CSV (UTF-8)"));
    }
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter(bytes)).flexible(true).from_reader(bytes);
    let unreadable = |e: csv::Error| Error::input(path, format!("is no CSV ({e})"), WAY_OUT);
    let header = reader.byte_headers().map_err(unreadable)?.clone();
    let place = |name: &str| header.iter().position(|cell| cell.trim_ascii() == name.as_bytes());
    let Some(draw) = place(DRAW) else {
        return Err(Error::input(path, format!("has no column `{DRAW}`"), WAY_OUT));
    };
    let mut rows: Vec<(u64, Labelled)> = Vec::new();
    for record in reader.byte_records() {
        let record = record.map_err(unreadable)?;
        if record.iter().all(|cell| cell.trim_ascii().is_empty()) {
            continue;
        }
        let line = record.position().map_or(0, csv::Position::line);
        let cells = Cells { path, line, record: &record, place: &place };
        let ticket = Ticket::decode(&cells.at(Some(draw))).ok_or_else(|| {
            cells
                .wrong(format!("the code in `{DRAW}` is damaged"), "copy it from the form as drawn")
        })?;
        rows.push((line, Labelled { ticket, labels: cells.labels()? }));
    }
    one_sample(path, &rows)?;
    Ok(rows.into_iter().map(|(_, row)| row).collect())
}

/// The likeliest of the separators that spreadsheets write.
fn delimiter(bytes: &[u8]) -> u8 {
    let header = bytes.split(|b| *b == b'\n').next().unwrap_or_default();
    let count = |d: u8| header.split(|b| *b == d).count();
    [b',', b';', b'\t'].into_iter().rev().max_by_key(|d| count(*d)).unwrap_or(b',')
}

fn one_sample(path: &str, rows: &[(u64, Labelled)]) -> Result<()> {
    let wrong = |line: u64, what: String, way_out: &str| {
        Err(Error::Input {
            path: path.to_owned(),
            line: Some(line),
            what,
            way_out: way_out.to_owned(),
        })
    };
    let Some((_, first)) = rows.first() else {
        return Err(Error::input(path, "has no row", WAY_OUT));
    };
    let mut seen: BTreeMap<Case, u64> = BTreeMap::new();
    let mut sizes = BTreeMap::new();
    let sample = |t: &Ticket| (t.population, t.fingerprint);
    for (line, row) in rows {
        if sample(&row.ticket) != sample(&first.ticket) {
            return wrong(*line, "comes from another sample".into(), "judge each sample by itself");
        }
        if let Some(other) = seen.insert(row.ticket.case, *line) {
            let what = format!("the conversation of line {other} again");
            return wrong(*line, what, "keep one of the two");
        }
        sizes.insert(row.ticket.stratum, row.ticket.size);
    }
    if sizes.values().sum::<u64>() != first.ticket.population {
        let there: Vec<_> = sizes.keys().map(|s| s.name()).collect();
        let what = format!("only has rows of the strata {}", there.join(", "));
        return Err(Error::input(path, what, "keep all rows of the form, empty ones too"));
    }
    Ok(())
}

/// The cells of one row.
struct Cells<'a> {
    path: &'a str,
    line: u64,
    record: &'a ByteRecord,
    place: &'a dyn Fn(&str) -> Option<usize>,
}

impl Cells<'_> {
    fn at(&self, place: Option<usize>) -> String {
        let cell = place.and_then(|i| self.record.get(i)).unwrap_or_default();
        String::from_utf8_lossy(cell.trim_ascii()).into_owned()
    }

    fn wrong(&self, what: String, way_out: &str) -> Error {
        Error::Input {
            path: self.path.to_owned(),
            line: Some(self.line),
            what,
            way_out: way_out.to_owned(),
        }
    }

    fn count(&self, name: &str) -> Result<Option<u32>> {
        let cell = self.at((self.place)(name));
        if cell.is_empty() {
            return Ok(None);
        }
        cell.parse().map(Some).map_err(|_| {
            let masked = crate::text::redact(&cell);
            let shown = crate::text::redact::cut(&masked, 20);
            let what = format!("`{name}` is \"{shown}\"");
            self.wrong(what, "write a whole number, or leave the cell empty if unsure")
        })
    }

    fn flag(&self, name: &str) -> Result<Option<bool>> {
        let wrong = |n: u32| {
            self.wrong(
                format!("`{name}` is {n}"),
                "write 0 or 1, or leave the cell empty if unsure",
            )
        };
        match self.count(name)? {
            None => Ok(None),
            Some(0) => Ok(Some(false)),
            Some(1) => Ok(Some(true)),
            Some(n) => Err(wrong(n)),
        }
    }

    fn labels(&self) -> Result<Labels> {
        let labels = Labels {
            attempts: self.count("attempts")?,
            failed_attempts: self.count("failed_attempts")?,
            reached: self.flag("reached")?,
            rephrases: self.count("rephrases")?,
            repeats: self.count("repeats")?,
            fallbacks: self.count("fallbacks")?,
            left_unasked: self.flag("left_unasked")?,
        };
        if let (Some(all), Some(failed)) = (labels.attempts, labels.failed_attempts)
            && failed > all
        {
            let what = format!("{failed} failed attempts of {all}");
            return Err(self.wrong(what, "count every failed attempt as an attempt"));
        }
        Ok(labels)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Found, Stratum};
    use super::*;

    fn code(case: u8, population: u64) -> String {
        let ticket = Ticket {
            case: Case([case; 6]),
            stratum: Stratum::QuietShort,
            size: 9,
            drawn: 2,
            population,
            fingerprint: 5,
            found: Found::default(),
        };
        ticket.encode()
    }

    fn error(text: &str) -> String {
        read("f.csv", text.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn a_form_from_excel_is_read() {
        let (a, b) = (code(1, 9), code(2, 9));
        let text = format!(
            "\u{feff}conversation_id;transcript;attempts;reached;draw\r\n\
             1;\"1 customer: 转人工\n2 bot: ...\";2;1;{a}\r\n;;;;\r\n2;x;;;{b}\r\n"
        );
        let rows = read("f.csv", text.as_bytes()).unwrap();
        assert_eq!(rows.len(), 2);
        assert_eq!((rows[0].labels.attempts, rows[0].labels.reached), (Some(2), Some(true)));
        assert!(!rows[1].is_labelled());
        let mut gbk = b"transcript,attempts,draw\n\"".to_vec();
        gbk.extend(encoding_rs::GBK.encode("转人工，在吗").0.iter());
        gbk.extend(format!("\",1,{a}\n").into_bytes());
        assert_eq!(read("f.csv", &gbk).unwrap()[0].labels.attempts, Some(1));
    }

    #[test]
    fn what_cannot_be_is_named_with_its_line() {
        let (a, b) = (code(1, 9), code(2, 10));
        let form = |row: &str| format!("attempts,failed_attempts,reached,draw\n{row}\n");
        for (text, start) in [
            (form(&format!("two,,,{a}")), "f.csv, line 2: `attempts` is \"two\"; write"),
            (form(&format!("1,,3,{a}")), "f.csv, line 2: `reached` is 3; write 0 or 1"),
            (form(&format!("1,2,,{a}")), "f.csv, line 2: 2 failed attempts of 1"),
            (form("1,,,t12"), "f.csv, line 2: the code in `draw` is damaged"),
            (form(&format!("1,,,{a}\n0,,,{a}")), "f.csv, line 3: the conversation of line 2 again"),
            (form(&format!("1,,,{a}\n0,,,{b}")), "f.csv, line 3: comes from another sample"),
            (form(&format!("1,,,{b}")), "f.csv: only has rows of the strata quiet_short"),
            ("attempts\n1\n".to_owned(), "f.csv: has no column `draw`"),
            ("attempts,draw\n".to_owned(), "f.csv: has no row"),
            (String::new(), "f.csv: has no column"),
        ] {
            let error = error(&text);
            assert!(error.starts_with(start), "{error}");
        }
        assert!(read("f.csv", b"\xff\xfea\0").is_err());
    }
}
