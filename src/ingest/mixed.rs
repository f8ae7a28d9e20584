//! A file that was put together from parts in UTF-8 and parts in GBK: its lines are read each in the
//! encoding it is in. No byte of a GBK character is a line end, so lines are found before they are
//! decoded.

use std::io::{self, BufRead, BufReader, Read};

use encoding_rs::GB18030;

use super::encoding::{count, looks_chinese, malformed};

/// A longer line is decoded in pieces.
const LONGEST: u64 = 1024 * 1024;
/// U+FEFF in UTF-8.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// What a line is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line {
    Ascii,
    /// UTF-8, and as GBK it is nonsense.
    Utf8,
    /// GBK, and no UTF-8.
    Gbk,
    /// Both at once, or neither.
    Open,
}

fn line_of(line: &[u8]) -> Line {
    if line.is_ascii() {
        return Line::Ascii;
    }
    // A line of UTF-8 with a broken character has more good ones than bad.
    let (good, bad) = count(line, true);
    let chinese = malformed(GB18030, line, true) == 0 && looks_chinese(line);
    match (bad == 0, chinese) {
        (true, false) => Line::Utf8,
        (false, true) if good < bad => Line::Gbk,
        _ => Line::Open,
    }
}

/// True if a text holds lines of both.
pub(super) fn is_mixed(head: &[u8], whole: bool) -> bool {
    let head = head.strip_prefix(MARK).unwrap_or(head);
    let end = if whole { head.len() } else { head.iter().rposition(|b| *b == b'\n').unwrap_or(0) };
    let (mut utf8, mut gbk) = (false, false);
    for line in head[..end].split(|b| *b == b'\n') {
        match line_of(line) {
            Line::Utf8 => utf8 = true,
            Line::Gbk => gbk = true,
            Line::Ascii | Line::Open => {}
        }
        if utf8 && gbk {
            return true;
        }
    }
    false
}

/// Such a text as UTF-8; what is neither stays as it is.
pub(super) struct Mixed<R: Read> {
    inner: BufReader<R>,
    line: Vec<u8>,
    at: usize,
}

impl<R: Read> Mixed<R> {
    /// Reads the lines of `inner`.
    pub(super) fn new(inner: R) -> Self {
        Self { inner: BufReader::new(inner), line: Vec::new(), at: 0 }
    }
}

/// A whole text as UTF-8.
pub(super) fn to_utf8(text: &[u8]) -> Vec<u8> {
    text.split_inclusive(|b| *b == b'\n').flat_map(|line| decoded(line.to_vec())).collect()
}

/// A line as UTF-8. What is valid as both is UTF-8: a line of GBK is that seldom.
fn decoded(line: Vec<u8>) -> Vec<u8> {
    if std::str::from_utf8(&line).is_ok() {
        return line;
    }
    match GB18030.decode_without_bom_handling_and_without_replacement(&line) {
        Some(text) => text.into_owned().into_bytes(),
        None => line,
    }
}

impl<R: Read> Read for Mixed<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.at == self.line.len() {
            self.line.clear();
            self.at = 0;
            (&mut self.inner).take(LONGEST).read_until(b'\n', &mut self.line)?;
            self.line = decoded(std::mem::take(&mut self.line));
        }
        let n = buf.len().min(self.line.len() - self.at);
        buf[..n].copy_from_slice(&self.line[self.at..self.at + n]);
        self.at += n;
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gbk(text: &str) -> Vec<u8> {
        GB18030.encode(text).0.into_owned()
    }

    #[test]
    fn lines_are_read_each_in_its_encoding() {
        let (a, b) = ("会话ID,发送方,内容\n1,客户,转人工\n", "2,机器人,请稍等|谢谢\n");
        for bytes in [[gbk(a), b.into()].concat(), [a.as_bytes(), &gbk(b)].concat()] {
            assert!(is_mixed(&bytes, true));
            let mut text = String::new();
            Mixed::new(&bytes[..]).read_to_string(&mut text).unwrap();
            assert_eq!(text, format!("{a}{b}"));
            assert_eq!(to_utf8(&bytes), text.as_bytes());
        }
        assert!(!is_mixed(&gbk(&format!("{a}{b}")), true));
        assert!(!is_mixed(format!("{a}{b}").as_bytes(), true));
        // Valid in both.
        assert!(!is_mixed(&[gbk(a), gbk("谢谢\n")].concat(), true));
    }

    #[test]
    fn a_text_with_a_broken_character_is_not_mixed() {
        let text = "会话ID,发送方,内容\n1,客户,转人工\n2,机器人,请稍等，马上为您转接人工客服\n";
        for at in 0..text.len() {
            for byte in [0xff, 0x80, 0xe8, b'x'] {
                let mut bytes = text.as_bytes().to_vec();
                bytes[at] = byte;
                assert!(!is_mixed(&bytes, true), "{byte:x} at {at}");
            }
        }
    }
}
