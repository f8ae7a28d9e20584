//! A first look at an input: enough of its bytes to say what it is.

use std::io::Read;

use super::bytes::Bytes;
use super::encoding::{Decision, decide};
use super::input::{Input, InputKind};
use crate::error::Result;

/// How much is looked at, in bytes after decompression.
const LOOK: usize = 1024 * 1024;

/// The first bytes of an input.
pub(super) struct Look {
    /// The first bytes, decompressed.
    pub(super) head: Vec<u8>,
    /// The same as text; empty for a spreadsheet. The last line may be cut.
    pub(super) text: String,
    /// True if the head is all there is.
    pub(super) whole: bool,
    /// `gzip`, `zstd` or empty.
    pub(super) compression: &'static str,
    /// The encoding of a text; `None` for a spreadsheet.
    pub(super) encoding: Option<&'static encoding_rs::Encoding>,
    /// True if its lines are in UTF-8 or GBK, each in its own.
    pub(super) mixed: bool,
    /// Why that encoding.
    pub(super) encoding_reason: String,
}

impl Look {
    /// Looks at an input.
    pub(super) fn at(input: &Input) -> Result<Self> {
        let mut silent = |_| {};
        // Only the beginning is looked at, so that a bomb need not be told here.
        let mut bytes = Bytes::open(input, u64::MAX, &mut silent)?;
        let compression = bytes.compression;
        let mut head = Vec::new();
        let mut read = |more: &mut Vec<u8>, limit: usize| {
            (&mut bytes).take(limit as u64).read_to_end(more).map_err(|e| input.read_error(e))
        };
        let whole = read(&mut head, LOOK)? < LOOK;
        if head.is_empty() {
            return Err(input.error("is empty", "export it again, or leave it out"));
        }
        let mut look = Self {
            head,
            text: String::new(),
            whole,
            compression,
            encoding: None,
            mixed: false,
            encoding_reason: String::new(),
        };
        if look.is_archive() {
            let packed = matches!(input.kind, InputKind::Member(_)) || !compression.is_empty();
            let (what, way_out) =
                if packed { super::archive::nested() } else { super::archive::damaged() };
            return Err(input.error(what, way_out));
        }
        if look.is_container() || look.is_columnar() {
            return Ok(look);
        }
        // A long start in plain ASCII says nothing about the encoding: look on, up to the first
        // byte that does.
        let mut telling = Vec::new();
        let mut ended = whole;
        while !ended && look.head.is_ascii() && telling.is_ascii() && !look.head.contains(&0) {
            telling.clear();
            ended = read(&mut telling, LOOK)? < LOOK;
        }
        let (sample, all) =
            if telling.is_empty() { (&look.head, whole) } else { (&telling, ended) };
        // The chunk may begin inside a character of two bytes only if the one before was not
        // ASCII, which cannot be.
        match decide(sample, all) {
            Decision::Text(encoding, reason) => {
                look.text = encoding.decode_with_bom_removal(&look.head).0.into_owned();
                look.encoding = Some(encoding);
                look.encoding_reason = reason;
                Ok(look)
            }
            Decision::Mixed(reason) => {
                let text = super::mixed::to_utf8(&look.head);
                look.text = encoding_rs::UTF_8.decode_with_bom_removal(&text).0.into_owned();
                look.encoding = Some(encoding_rs::UTF_8);
                look.mixed = true;
                look.encoding_reason = reason;
                Ok(look)
            }
            Decision::Binary(reason) => Err(input.error(
                format!("is no text and no known file: {reason}"),
                "export it as CSV, JSON Lines or XLSX",
            )),
        }
    }

    /// A zip archive or an old compound file, as spreadsheets are.
    pub(super) fn is_container(&self) -> bool {
        self.head.starts_with(b"PK\x03\x04") || self.is_compound()
    }

    /// An old compound file, as XLS is.
    pub(super) fn is_compound(&self) -> bool {
        self.head.starts_with(b"\xd0\xcf\x11\xe0")
    }

    /// A zip archive that is no spreadsheet, in an archive or compressed again.
    fn is_archive(&self) -> bool {
        super::archive::is_zip(&self.head) && !super::archive::is_spreadsheet(&self.head)
    }

    /// A file of columns.
    fn is_columnar(&self) -> bool {
        [&b"PAR1"[..], b"ARROW1", super::columnar::CONTINUATION]
            .iter()
            .any(|mark| self.head.starts_with(mark))
    }
}
