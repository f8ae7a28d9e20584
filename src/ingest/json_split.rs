//! JSON values one after another, or the elements of arrays, without holding the whole document.
//! It only finds where values begin and end; `serde_json` parses them.

use std::io::{self, BufRead};

use super::long_line::{LONGEST, too_long};

/// Splits a document into its records.
pub(super) struct Records<R> {
    reader: R,
    passed: u64,
    arrays: usize,
    passed_on: u64,
    longest: usize,
    /// Place in the text at which the record ends.
    pub(super) end: u64,
}

/// The end of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// A record is in the buffer.
    Record,
    /// All records were read.
    End,
    /// The document ends inside a record or an array.
    Cut,
}

/// Where a scan stands in a value.
#[derive(Default)]
struct Depth {
    open: usize,
    string: InString,
    begun: Begun,
}

/// Whether the scan is inside a string.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum InString {
    #[default]
    No,
    Yes,
    /// After a backslash.
    Escaped,
}

/// What the value began as.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Begun {
    /// Nothing of it was seen.
    #[default]
    Not,
    /// An object, array or string.
    Delimited,
    /// A number, a word, or what is no JSON.
    Scalar,
}

/// What a byte does to a value.
enum Step {
    /// It belongs to the value.
    Take,
    /// It is the last byte of the value.
    Last,
    /// The value ended before it.
    Before,
}

impl<R: BufRead> Records<R> {
    /// Splits `reader`.
    pub(super) fn new(reader: R) -> Self {
        Self { reader, passed: 0, arrays: 0, passed_on: 0, longest: LONGEST, end: 0 }
    }

    /// With a limit for documents that are one object around a list.
    pub(super) fn up_to(self, longest: usize) -> Self {
        Self { longest, ..self }
    }

    /// Puts the next record into `out`.
    pub(super) fn next(&mut self, out: &mut Vec<u8>) -> io::Result<Next> {
        out.clear();
        let mut depth = Depth::default();
        loop {
            let buffer = self.reader.fill_buf()?;
            if buffer.is_empty() {
                self.end = self.passed;
                return Ok(match depth.begun {
                    Begun::Not if self.arrays == 0 => Next::End,
                    Begun::Scalar if self.arrays == 0 => Next::Record,
                    _ => Next::Cut,
                });
            }
            if out.len() > self.longest {
                return Err(too_long("record", self.passed_on + 1, self.longest));
            }
            let mut used = 0;
            let mut done = false;
            for &b in buffer {
                if depth.begun == Begun::Not && between(b, &mut self.arrays) {
                    used += 1;
                    continue;
                }
                match depth.step(b) {
                    Step::Take => out.push(b),
                    Step::Last => {
                        out.push(b);
                        used += 1;
                        done = true;
                        break;
                    }
                    Step::Before => {
                        done = true;
                        break;
                    }
                }
                used += 1;
            }
            self.reader.consume(used);
            self.passed += used as u64;
            if done {
                self.end = self.passed;
                self.passed_on += 1;
                return Ok(Next::Record);
            }
        }
    }
}

/// True for what stands between records: space, commas, and the brackets of the outermost array.
fn between(b: u8, arrays: &mut usize) -> bool {
    match b {
        b' ' | b'\t' | b'\r' | b'\n' | b',' => true,
        b'[' if *arrays == 0 => {
            *arrays += 1;
            true
        }
        b']' => {
            *arrays = arrays.saturating_sub(1);
            true
        }
        _ => false,
    }
}

impl Depth {
    fn step(&mut self, b: u8) -> Step {
        if self.begun == Begun::Not {
            let delimited = matches!(b, b'{' | b'[' | b'"');
            self.begun = if delimited { Begun::Delimited } else { Begun::Scalar };
        }
        if self.begun == Begun::Scalar {
            let ends = matches!(b, b' ' | b'\t' | b'\r' | b'\n' | b',' | b']' | b'{');
            return if ends { Step::Before } else { Step::Take };
        }
        if self.string != InString::No {
            self.string = match (self.string, b) {
                (InString::Yes, b'\\') => InString::Escaped,
                (InString::Yes, b'"') => InString::No,
                _ => InString::Yes,
            };
            let closed = self.string == InString::No && self.open == 0;
            return if closed { Step::Last } else { Step::Take };
        }
        match b {
            b'"' => self.string = InString::Yes,
            b'{' | b'[' => self.open += 1,
            b'}' | b']' => {
                self.open -= 1;
                if self.open == 0 {
                    return Step::Last;
                }
            }
            _ => {}
        }
        Step::Take
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> (Vec<String>, Next) {
        // A buffer of three bytes, so that every record crosses its edge.
        let mut records = Records::new(io::BufReader::with_capacity(3, text.as_bytes()));
        let (mut out, mut record) = (Vec::new(), Vec::new());
        loop {
            match records.next(&mut record).unwrap() {
                Next::Record => out.push(String::from_utf8(record.clone()).unwrap()),
                end => return (out, end),
            }
        }
    }

    #[test]
    fn arrays_lines_and_single_values() {
        let strings = |v: &[&str]| v.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>();
        let brackets = r#"{"a":"}]\"{"}"#;
        assert_eq!(
            split(&format!("[{brackets}, {{}} ]\n")),
            (strings(&[brackets, "{}"]), Next::End)
        );
        assert_eq!(
            split("{\"a\":1}\n{\"b\":[2]}"),
            (strings(&["{\"a\":1}", "{\"b\":[2]}"]), Next::End)
        );
        assert_eq!(split("[1,null, \"x\"]"), (strings(&["1", "null", "\"x\""]), Next::End));
        assert_eq!(split("[{\"a\":1},"), (strings(&["{\"a\":1}"]), Next::Cut));
        assert_eq!(split("{\"a\":"), (strings(&[]), Next::Cut));
        assert_eq!(split(""), (strings(&[]), Next::End));
        assert_eq!(split("}}"), (strings(&["}}"]), Next::End));
    }
}
