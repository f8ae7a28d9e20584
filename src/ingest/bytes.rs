//! The raw bytes of an input: counted, hashed and decompressed while they pass.

use std::cell::RefCell;
use std::fmt::Write as _;
use std::io::{self, BufRead, BufReader, Read};
use std::rc::Rc;

use sha2::{Digest, Sha256};

use super::Input;
use crate::error::Result;

/// Size of one read of the input.
const CHUNK: usize = 128 * 1024;

/// What is known of the raw bytes that passed so far.
struct Passed {
    hasher: Sha256,
    bytes: u64,
}

/// Counts and hashes what passes.
struct Counting<'p> {
    inner: Box<dyn Read>,
    passed: Rc<RefCell<Passed>>,
    progress: &'p mut dyn FnMut(u64),
}

impl Read for Counting<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buf)?;
        let mut passed = self.passed.borrow_mut();
        passed.hasher.update(&buf[..n]);
        passed.bytes += n as u64;
        (self.progress)(passed.bytes);
        Ok(n)
    }
}

/// What is unpacked, up to a limit (`--max-unpacked`): a bomb ends there.
struct Limited<R> {
    inner: R,
    left: u64,
    most: u64,
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buf)?;
        self.left = self.left.checked_sub(n as u64).ok_or_else(|| {
            let most = self.most;
            io::Error::other(format!(
                "it unpacks to more than the {most} bytes that --max-unpacked allows"
            ))
        })?;
        Ok(n)
    }
}

/// Decompressed bytes of an input.
pub(super) struct Bytes<'p> {
    inner: Box<dyn Read + 'p>,
    passed: Rc<RefCell<Passed>>,
    /// `gzip`, `zstd` or empty.
    pub(super) compression: &'static str,
}

impl<'p> Bytes<'p> {
    /// Opens an input; `progress` hears the raw bytes read so far. What is compressed may unpack to
    /// `most` bytes.
    pub(super) fn open(input: &Input, most: u64, progress: &'p mut dyn FnMut(u64)) -> Result<Self> {
        let passed = Rc::new(RefCell::new(Passed { hasher: Sha256::new(), bytes: 0 }));
        let counting = Counting { inner: input.open()?, passed: Rc::clone(&passed), progress };
        let mut raw = BufReader::with_capacity(CHUNK, counting);
        let magic = raw.fill_buf().map_err(|e| input.read_error(e))?;
        let (compression, inner): (_, Box<dyn Read + 'p>) = if magic.starts_with(&[0x1f, 0x8b]) {
            let inner = flate2::bufread::MultiGzDecoder::new(raw);
            ("gzip", Box::new(Limited { inner, left: most, most }))
        } else if magic.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
            let decoder = zstd::stream::read::Decoder::with_buffer(raw);
            let inner = decoder.map_err(|e| input.read_error(e))?;
            ("zstd", Box::new(Limited { inner, left: most, most }))
        } else {
            ("", Box::new(raw))
        };
        Ok(Self { inner, passed, compression })
    }

    /// Reads to the end and gives the SHA-256 in hexadecimal and the size of the raw bytes.
    pub(super) fn finish(mut self, input: &Input) -> Result<(String, u64)> {
        io::copy(&mut self.inner, &mut io::sink()).map_err(|e| input.read_error(e))?;
        let passed = self.passed.borrow();
        let mut hex = String::with_capacity(64);
        for byte in passed.hasher.clone().finalize() {
            write!(hex, "{byte:02x}").expect("writing to a string does not fail");
        }
        Ok((hex, passed.bytes))
    }
}

impl Read for Bytes<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.inner.read(buf)
    }
}
