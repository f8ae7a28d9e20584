//! Text out of bytes of any encoding, in a stream: decoding comes before splitting, for the second
//! byte of a GBK character can be a `|` or a `\`.
//!
//! A sequence that is not valid becomes U+FFFD, and the place in the text is remembered, so that
//! the row it stands in can be reported.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::io::{self, Read};
use std::rc::Rc;

use encoding_rs::{Decoder, DecoderResult, Encoding};

/// Size of the buffers on both sides.
const CHUNK: usize = 64 * 1024;
/// Room that one step of the decoder may need at the end of the output buffer.
const RESERVE: usize = 16;
/// U+FFFD in UTF-8.
const REPLACEMENT: [u8; 3] = [0xEF, 0xBF, 0xBD];

/// Places in the decoded text, in bytes, at which something was replaced; ascending.
#[derive(Clone, Debug, Default)]
pub(super) struct Faults(Rc<RefCell<VecDeque<u64>>>);

impl Faults {
    fn push(&self, at: u64) {
        self.0.borrow_mut().push_back(at);
    }

    /// True if something before `end` was replaced that was not asked for yet. Rows come in order,
    /// so the faults of a row are those before its end.
    pub(super) fn any_before(&self, end: u64) -> bool {
        let mut faults = self.0.borrow_mut();
        let before = faults.len();
        while faults.front().is_some_and(|&at| at < end) {
            faults.pop_front();
        }
        before != faults.len()
    }
}

/// Decodes to UTF-8 while reading.
pub(super) struct Decoding<R> {
    inner: R,
    decoder: Decoder,
    input: Vec<u8>,
    input_at: usize,
    output: Vec<u8>,
    output_at: usize,
    emitted: u64,
    ended: bool,
    finished: bool,
    faults: Faults,
}

impl<R: Read> Decoding<R> {
    /// Decodes `inner`, dropping a byte order mark.
    pub(super) fn new(inner: R, encoding: &'static Encoding) -> Self {
        Self {
            inner,
            decoder: encoding.new_decoder_with_bom_removal(),
            input: Vec::new(),
            input_at: 0,
            output: Vec::new(),
            output_at: 0,
            emitted: 0,
            ended: false,
            finished: false,
            faults: Faults::default(),
        }
    }

    /// The places that were replaced; shared, filled while reading.
    pub(super) fn faults(&self) -> Faults {
        self.faults.clone()
    }

    /// Fills the output buffer anew.
    fn refill(&mut self) -> io::Result<()> {
        self.emitted += self.output.len() as u64;
        self.output.clear();
        self.output_at = 0;
        while self.output.is_empty() && !self.finished {
            if self.input_at == self.input.len() && !self.ended {
                self.input.resize(CHUNK, 0);
                self.input_at = 0;
                let n = read_some(&mut self.inner, &mut self.input)?;
                self.input.truncate(n);
                self.ended = n == 0;
            }
            self.decode();
        }
        Ok(())
    }

    fn decode(&mut self) {
        self.output.resize(CHUNK + RESERVE, 0);
        let mut written = 0;
        while written + RESERVE <= CHUNK {
            let (result, read, wrote) = self.decoder.decode_to_utf8_without_replacement(
                &self.input[self.input_at..],
                &mut self.output[written..CHUNK],
                self.ended,
            );
            self.input_at += read;
            written += wrote;
            match result {
                DecoderResult::InputEmpty => {
                    self.finished = self.ended;
                    break;
                }
                DecoderResult::OutputFull => break,
                DecoderResult::Malformed(..) => {
                    self.faults.push(self.emitted + written as u64);
                    self.output[written..written + 3].copy_from_slice(&REPLACEMENT);
                    written += 3;
                }
            }
        }
        self.output.truncate(written);
    }
}

/// One read that is not broken off by a signal.
fn read_some(reader: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    loop {
        match reader.read(buffer) {
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            other => return other,
        }
    }
}

impl<R: Read> Read for Decoding<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.output_at == self.output.len() {
            self.refill()?;
        }
        let n = buf.len().min(self.output.len() - self.output_at);
        buf[..n].copy_from_slice(&self.output[self.output_at..self.output_at + n]);
        self.output_at += n;
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replaced_bytes_are_told_by_place() {
        let bytes = b"a,b\nc,\xff\xffd\ne,f\n";
        let mut decoding = Decoding::new(&bytes[..], encoding_rs::UTF_8);
        let faults = decoding.faults();
        let mut text = String::new();
        decoding.read_to_string(&mut text).unwrap();
        assert_eq!(text, "a,b\nc,\u{fffd}\u{fffd}d\ne,f\n");
        assert!(!faults.any_before(4));
        assert!(faults.any_before(14));
        assert!(!faults.any_before(18));
    }

    #[test]
    fn a_cut_character_at_the_end_is_a_fault() {
        let mut decoding = Decoding::new(&b"\xd7\xaa\xc8"[..], encoding_rs::GB18030);
        let faults = decoding.faults();
        let mut text = String::new();
        decoding.read_to_string(&mut text).unwrap();
        assert_eq!(text, "\u{8f6c}\u{fffd}");
        assert!(faults.any_before(u64::MAX));
    }
}
