//! Delimited text as records of fields, in a stream.
//!
//! Why not a ready parser: rows must carry the line that an editor shows (blank lines and lines
//! inside quotes counted), the place in the text that tells whether bytes of it were repaired, and
//! a quote that is never closed must cost one row and not the rest of the file. Quoting follows
//! RFC 4180; besides, a lone CR ends a record, and what follows a closing quote is kept.

use std::io::{self, Read};

use memchr::{memchr, memchr2, memchr2_iter, memchr3};

use super::long_line;

/// A record longer than this with an open quote is taken as a quote that is never closed.
const LONGEST: usize = 1024 * 1024;
/// After so many of them quotes mean nothing in the file.
const MOST_UNCLOSED: u32 = 1000;
/// Size of one read.
const CHUNK: usize = 64 * 1024;

/// U+FEFF in UTF-8.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// How fields with delimiters in them are protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quoting {
    /// `"a ""b"" c"`.
    Doubled,
    /// `"a \"b\" c"`.
    Backslash,
    /// Quotes are characters like any other.
    None,
}

/// How a delimited text is split.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Dialect {
    /// `,`, tab, `;` or `|`.
    pub(super) delimiter: u8,
    /// Quoting.
    pub(super) quoting: Quoting,
}

/// Splits UTF-8 text.
pub(super) struct Splitter<R> {
    reader: R,
    dialect: Dialect,
    buffer: Vec<u8>,
    at: usize,
    passed: u64,
    ended: bool,
    line: u64,
    unclosed: u32,
    data: Vec<u8>,
    ends: Vec<usize>,
    /// Line on which the record begins, from 1.
    pub(super) row: u64,
    /// Place in the text at which the record ends.
    pub(super) end: u64,
}

/// Where the scan of a record stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    FieldStart,
    Plain,
    Quoted,
    /// After a quote inside quotes: the end, or the first of two.
    QuoteInQuoted,
}

/// How a scan ended.
enum Scanned {
    /// The record ends before this place; the next one begins at the other.
    Record(usize, usize),
    /// More bytes are needed.
    More,
    /// The text ended inside quotes.
    Unclosed,
}

impl<R: Read> Splitter<R> {
    /// Splits `reader` as the dialect says.
    pub(super) fn new(reader: R, dialect: Dialect) -> Self {
        Self {
            reader,
            dialect,
            buffer: Vec::new(),
            at: 0,
            passed: 0,
            ended: false,
            line: 1,
            unclosed: 0,
            data: Vec::new(),
            ends: Vec::new(),
            row: 0,
            end: 0,
        }
    }

    /// Goes to the next record that is not blank; false at the end.
    pub(super) fn advance(&mut self) -> io::Result<bool> {
        loop {
            self.step_over_mark()?;
            let mut quoting = self.dialect.quoting;
            if self.unclosed >= MOST_UNCLOSED {
                quoting = Quoting::None;
            }
            let (end, next) = loop {
                match self.scan(quoting) {
                    Scanned::Record(end, next) => break (end, next),
                    Scanned::More => self.fill()?,
                    Scanned::Unclosed => {
                        self.unclosed += 1;
                        quoting = Quoting::None;
                    }
                }
            };
            if end == self.at && next == end {
                return Ok(false);
            }
            self.row = self.line;
            self.line += line_ends(&self.buffer[self.at..next]);
            let blank = self.buffer[self.at..end].iter().all(|b| matches!(b, b' ' | b'\r' | b'\n'));
            if !blank {
                self.fields(end, quoting);
            }
            self.at = next;
            self.end = self.passed + next as u64;
            if !blank {
                return Ok(true);
            }
        }
    }

    /// The fields of the record. Delimiters are ASCII, so they are valid UTF-8 as the text is.
    pub(super) fn cells(&self) -> Vec<&str> {
        let data = std::str::from_utf8(&self.data).unwrap_or_default();
        let mut start = 0;
        let field = |&end: &usize| {
            let cell = data.get(start..end).unwrap_or_default();
            start = end;
            cell
        };
        self.ends.iter().map(field).collect()
    }

    /// Steps over a byte order mark before a record: files that were put one behind the other leave it.
    fn step_over_mark(&mut self) -> io::Result<()> {
        while !self.ended && self.buffer.len() - self.at < MARK.len() {
            if !MARK.starts_with(&self.buffer[self.at..]) {
                return Ok(());
            }
            self.fill()?;
        }
        if self.buffer[self.at..].starts_with(MARK) {
            self.at += MARK.len();
        }
        Ok(())
    }

    fn fill(&mut self) -> io::Result<()> {
        self.buffer.drain(..self.at);
        self.passed += self.at as u64;
        self.at = 0;
        if self.buffer.len() > long_line::LONGEST {
            let what = "the record that begins at line";
            return Err(long_line::too_long(what, self.line, long_line::LONGEST));
        }
        // A record is scanned anew after each filling: doubling keeps a long one linear.
        let old = self.buffer.len();
        let more = (&mut self.reader).take(CHUNK.max(old) as u64).read_to_end(&mut self.buffer)?;
        self.ended = more == 0;
        Ok(())
    }

    /// Looks for the end of the record that begins at `at`.
    fn scan(&self, quoting: Quoting) -> Scanned {
        let text = &self.buffer[..];
        // The first place at which a quote has stayed open for too long.
        let longest = self.at + LONGEST;
        let mut state = State::FieldStart;
        let mut i = self.at;
        while i < text.len() {
            match state {
                State::FieldStart if text[i] == b'"' && quoting != Quoting::None => {
                    state = State::Quoted;
                    i += 1;
                }
                State::QuoteInQuoted if text[i] == b'"' && quoting == Quoting::Doubled => {
                    state = State::Quoted;
                    i += 1;
                }
                State::Quoted => {
                    if i > longest {
                        return Scanned::Unclosed;
                    }
                    let Some(found) = closing(&text[i..text.len().min(longest + 1)], quoting)
                    else {
                        if text.len() > longest {
                            return Scanned::Unclosed;
                        }
                        break;
                    };
                    i += found + 1;
                    if text[i - 1] == b'"' {
                        state = State::QuoteInQuoted;
                    } else {
                        i += 1;
                    }
                }
                _ => {
                    let Some(found) = memchr3(self.dialect.delimiter, b'\n', b'\r', &text[i..])
                    else {
                        state = State::Plain;
                        break;
                    };
                    i += found;
                    if text[i] != self.dialect.delimiter {
                        return self.line_end(i);
                    }
                    state = State::FieldStart;
                    i += 1;
                }
            }
        }
        if !self.ended {
            return Scanned::More;
        }
        let end = self.buffer.len();
        if state == State::Quoted { Scanned::Unclosed } else { Scanned::Record(end, end) }
    }

    fn line_end(&self, i: usize) -> Scanned {
        if self.buffer[i] == b'\n' {
            return Scanned::Record(i, i + 1);
        }
        match self.buffer.get(i + 1) {
            Some(b'\n') => Scanned::Record(i, i + 2),
            None if !self.ended => Scanned::More,
            _ => Scanned::Record(i, i + 1),
        }
    }

    /// Takes the fields out of the record up to `end`.
    fn fields(&mut self, end: usize, quoting: Quoting) {
        self.data.clear();
        self.ends.clear();
        let mut rest = &self.buffer[self.at..end];
        let mut state = State::FieldStart;
        while !rest.is_empty() {
            match state {
                State::FieldStart if rest[0] == b'"' && quoting != Quoting::None => {
                    state = State::Quoted;
                    rest = &rest[1..];
                }
                State::QuoteInQuoted if rest[0] == b'"' && quoting == Quoting::Doubled => {
                    self.data.push(b'"');
                    state = State::Quoted;
                    rest = &rest[1..];
                }
                State::Quoted => {
                    let found = closing(rest, quoting).unwrap_or(rest.len());
                    self.data.extend_from_slice(&rest[..found]);
                    let Some((sign, after)) = rest[found..].split_first() else { break };
                    rest = after;
                    if *sign == b'"' {
                        state = State::QuoteInQuoted;
                    } else if let Some((escaped, after)) = after.split_first() {
                        self.data.push(*escaped);
                        rest = after;
                    }
                }
                _ => {
                    let found = memchr(self.dialect.delimiter, rest);
                    self.data.extend_from_slice(&rest[..found.unwrap_or(rest.len())]);
                    let Some(found) = found else { break };
                    self.ends.push(self.data.len());
                    rest = &rest[found + 1..];
                    state = State::FieldStart;
                }
            }
        }
        self.ends.push(self.data.len());
    }
}

/// Where inside quotes the next quote stands, or what escapes one.
fn closing(text: &[u8], quoting: Quoting) -> Option<usize> {
    match quoting {
        Quoting::Backslash => memchr2(b'"', b'\\', text),
        Quoting::Doubled | Quoting::None => memchr(b'"', text),
    }
}

/// Line ends in a piece of text: LF, CR LF or a lone CR.
fn line_ends(text: &[u8]) -> u64 {
    let lone = |at: &usize| text[*at] == b'\n' || text.get(at + 1) != Some(&b'\n');
    memchr2_iter(b'\n', b'\r', text).filter(lone).count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn split(text: &str, quoting: Quoting) -> Vec<(u64, Vec<String>)> {
        let dialect = Dialect { delimiter: b',', quoting };
        let mut splitter = Splitter::new(text.as_bytes(), dialect);
        let mut out = Vec::new();
        while splitter.advance().unwrap() {
            out.push((splitter.row, splitter.cells().into_iter().map(str::to_owned).collect()));
        }
        out
    }

    fn rows(rows: &[(u64, &[&str])]) -> Vec<(u64, Vec<String>)> {
        rows.iter().map(|(n, c)| (*n, c.iter().map(|c| (*c).to_owned()).collect())).collect()
    }

    #[test]
    fn quotes_lines_and_blanks() {
        let text = "a,b\r\n\r\n1,\"x\ny\"\r\n2,\"he said \"\"no\"\"\"\n\n3,";
        let expected: &[(u64, &[&str])] = &[
            (1, &["a", "b"]),
            (3, &["1", "x\ny"]),
            (5, &["2", "he said \"no\""]),
            (7, &["3", ""]),
        ];
        assert_eq!(split(text, Quoting::Doubled), rows(expected));
        assert_eq!(split("a\rb\r", Quoting::Doubled), rows(&[(1, &["a"]), (2, &["b"])]));
        assert_eq!(split("\"a \\\" b\",c", Quoting::Backslash), rows(&[(1, &["a \" b", "c"])]));
        assert_eq!(split("\"a\"b,c", Quoting::Doubled), rows(&[(1, &["ab", "c"])]));
        assert_eq!(split("", Quoting::Doubled), rows(&[]));
    }

    #[test]
    fn a_mark_before_a_record_is_none_of_it() {
        let text = "\u{feff}a,b\n\u{feff}\"1\",2\n\u{feff}";
        assert_eq!(split(text, Quoting::Doubled), rows(&[(1, &["a", "b"]), (2, &["1", "2"])]));
        let inside = "a,\u{feff}b\n";
        assert_eq!(split(inside, Quoting::Doubled), rows(&[(1, &["a", "\u{feff}b"])]));
    }

    #[test]
    fn a_quote_that_is_never_closed_costs_one_row() {
        let text = "1,\"open\n2,fine\n3,fine\n";
        let expected: &[(u64, &[&str])] =
            &[(1, &["1", "\"open"]), (2, &["2", "fine"]), (3, &["3", "fine"])];
        assert_eq!(split(text, Quoting::Doubled), rows(expected));
    }

    /// The rule itself, one character after another.
    fn by_the_book(text: &str, quoting: Quoting) -> Vec<Vec<String>> {
        let mut records = vec![vec![String::new()]];
        let mut state = State::FieldStart;
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            let record = records.last_mut().unwrap();
            let field = record.last_mut().unwrap();
            state = match (state, c) {
                (State::FieldStart, '"') if quoting != Quoting::None => State::Quoted,
                (State::Quoted, '\\') if quoting == Quoting::Backslash => {
                    field.extend(chars.next());
                    State::Quoted
                }
                (State::Quoted, '"') => State::QuoteInQuoted,
                (State::QuoteInQuoted, '"') if quoting == Quoting::Doubled => {
                    field.push('"');
                    State::Quoted
                }
                (State::Quoted, c) => {
                    field.push(c);
                    State::Quoted
                }
                (_, '\n' | '\r') => {
                    if c == '\r' && chars.peek() == Some(&'\n') {
                        chars.next();
                    }
                    records.push(vec![String::new()]);
                    State::FieldStart
                }
                (_, ',') => {
                    record.push(String::new());
                    State::FieldStart
                }
                (_, c) => {
                    field.push(c);
                    State::Plain
                }
            };
        }
        if state == State::Quoted {
            // Left to the case of a quote that is never closed.
            return Vec::new();
        }
        records
    }

    proptest! {
        #[test]
        fn long_steps_split_as_single_characters_do(
            text in "[a-b\",,\n\r\\\\ 转]{0,40}", which in 0_usize..3
        ) {
            let quoting = [Quoting::Doubled, Quoting::Backslash, Quoting::None][which];
            let expected = by_the_book(&text, quoting);
            prop_assume!(!expected.is_empty());
            // Lines of nothing but blanks are no records.
            let blank = |r: &Vec<String>| r.len() == 1 && r[0].chars().all(|c| c == ' ');
            let expected: Vec<_> = expected.into_iter().filter(|r| !blank(r)).collect();
            let got: Vec<_> = split(&text, quoting).into_iter().map(|r| r.1).collect();
            let got: Vec<_> = got.into_iter().filter(|r| !blank(r)).collect();
            prop_assert_eq!(got, expected);
        }

        #[test]
        fn what_is_quoted_comes_back(
            table in prop::collection::vec(prop::collection::vec("[a-c\",\n\r 转]{0,6}", 2..4), 1..5)
        ) {
            let quote = |c: &String| format!("\"{}\"", c.replace('"', "\"\""));
            let line = |r: &Vec<String>| r.iter().map(quote).collect::<Vec<_>>().join(",");
            let text = table.iter().map(line).collect::<Vec<_>>().join("\n");
            let back: Vec<_> = split(&text, Quoting::Doubled).into_iter().map(|r| r.1).collect();
            prop_assert_eq!(back, table);
        }
    }
}
