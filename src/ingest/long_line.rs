//! The limit of one record: a line or a record that never ends must not be held in memory whole.

use std::io::{self, BufRead};

/// Longest line or record, in bytes of UTF-8. No message is as long; a file without line ends is no
/// log, and a picture in a cell is not one of its words.
pub(super) const LONGEST: usize = 64 << 20;

/// Longest document that is one object around a list of records, as some vendors export.
pub(super) const LONGEST_DOCUMENT: usize = 512 << 20;

/// The error of a line or record that is longer: where it begins, and what to do.
pub(super) fn too_long(what: &str, number: u64, most: usize) -> io::Error {
    let most = most >> 20;
    io::Error::other(format!("{what} {number} is longer than {most} MiB, as no record of a log is"))
}

/// Reads up to and with the next line end, as `read_until` does, within the limit.
pub(super) fn read_line(
    reader: &mut impl BufRead,
    line: &mut Vec<u8>,
    number: u64,
) -> io::Result<usize> {
    let n = io::Read::take(&mut *reader, LONGEST as u64 + 1).read_until(b'\n', line)?;
    if n > LONGEST { Err(too_long("line", number, LONGEST)) } else { Ok(n) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn a_line_without_end_is_no_line() {
        let mut reader = io::BufReader::new(io::repeat(b'a').take(3 << 30));
        let mut line = Vec::new();
        let error = read_line(&mut reader, &mut line, 7).unwrap_err();
        assert!(error.to_string().starts_with("line 7 is longer than 64 MiB"));
        assert!(line.capacity() <= 2 * LONGEST + 2, "{}", line.capacity());
        let mut reader = io::BufReader::new(&b"a\nb"[..]);
        assert_eq!(read_line(&mut reader, &mut Vec::new(), 1).unwrap(), 2);
    }
}
