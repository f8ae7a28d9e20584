//! Zip archives of exports: every member is an input of its own, unpacked while it is read.
//!
//! The directory at the end of the archive says what it holds; nothing is unpacked to the disk. A
//! bomb is refused before it is read: by its ratio, by the sum of its members (`--max-unpacked`), and
//! a member that unpacks to more than the directory says is cut off. Names without the mark of UTF-8
//! are those of Chinese systems (GB18030) where they are valid in it. Source of the layout: PKWARE,
//! APPNOTE 6.3.10.

use std::io::{self, BufReader, Read, Seek};

use zip::{CompressionMethod, ZipArchive};

use super::Input;
use super::input::InputKind;

/// Default of `--max-unpacked`: a year of a large desk, and less than a disk.
pub(super) const MOST_UNPACKED: u64 = 16 << 30;
/// Members that unpack to less are not worth a bomb, whatever their ratio.
const SMALL: u64 = 100 << 20;
/// Logs pack 5 to 50 to one; what packs better than this is no log.
const MOST_RATIO: u64 = 200;
/// Members of one archive; a directory of more is no export.
const MOST_MEMBERS: usize = 100_000;

/// A member of an archive.
#[derive(Clone, Debug)]
pub struct Member {
    archive: Input,
    start: u64,
    packed: u64,
    size: u64,
    crc32: u32,
    deflated: bool,
}

/// One entry of an archive.
pub(super) struct Entry {
    /// Its path in the archive.
    pub(super) name: String,
    /// The member, or what is wrong with it and the way out.
    pub(super) member: Result<Member, (String, String)>,
}

/// What a zip file is.
pub(super) enum Zip {
    /// A spreadsheet, which is a zip of its own kind.
    Spreadsheet,
    /// An archive, with its files in order of their names.
    Archive(Vec<Entry>),
    /// One that cannot be read: what is wrong, and the way out.
    Broken(String, String),
}

/// True if the bytes begin as a zip file does (the second is that of an empty one).
pub(super) fn is_zip(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06")
}

/// True if the beginning of a zip file is that of a spreadsheet.
pub(super) fn is_spreadsheet(head: &[u8]) -> bool {
    let has = |name: &[u8]| head.windows(name.len()).any(|w| w == name);
    is_open_document(head) || has(b"[Content_Types].xml") || has(b"xl/")
}

/// True if a zip file begins with the mark of an `OpenDocument` spreadsheet.
pub(super) fn is_open_document(head: &[u8]) -> bool {
    const MARK: &[u8] = b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet";
    head.starts_with(b"PK\x03\x04") && head.get(30..).is_some_and(|h| h.starts_with(MARK))
}

/// Looks into an input; `None` if it is no zip file.
pub(super) fn open(input: &Input, most: u64) -> Option<Zip> {
    // A pipe can be read once, and holds no directory that could be looked up.
    if matches!(&input.kind, InputKind::File(path) if !path.is_file()) {
        return None;
    }
    let mut source = input.seekable().ok()?;
    let mut head = Vec::new();
    (&mut source).take(64 * 1024).read_to_end(&mut head).ok()?;
    if !is_zip(&head) {
        return None;
    }
    source.rewind().ok()?;
    let opened = ZipArchive::new(BufReader::new(source));
    let mut archive = match opened {
        Ok(archive) => archive,
        Err(_) if is_spreadsheet(&head) => return Some(Zip::Spreadsheet),
        Err(e) => {
            let what = format!(
                "is a zip archive that cannot be read: {}",
                super::names::short(&e.to_string())
            );
            return Some(broken(&what, "copy or download it again, it may have been cut"));
        }
    };
    let is = |name: &str| archive.index_for_name(name).is_some();
    let book = is("xl/workbook.xml") || is("xl/workbook.bin") || is("[Content_Types].xml");
    if book || is("mimetype") && is("content.xml") {
        return Some(Zip::Spreadsheet);
    }
    Some(list(&mut archive, input, most))
}

fn broken(what: &str, way_out: &str) -> Zip {
    Zip::Broken(what.to_owned(), way_out.to_owned())
}

fn list<R: Read + Seek>(archive: &mut ZipArchive<R>, input: &Input, most: u64) -> Zip {
    if archive.len() > MOST_MEMBERS {
        return broken(
            &format!("is a zip archive of more than {MOST_MEMBERS} files"),
            "unpack it and give the files",
        );
    }
    let mut entries = Vec::new();
    let mut total = 0_u64;
    for at in 0..archive.len() {
        let file = match archive.by_index_raw(at) {
            Ok(file) => file,
            Err(e) => {
                let what = format!(
                    "is a zip archive whose file {} cannot be found: {}",
                    at + 1,
                    super::names::short(&e.to_string())
                );
                return broken(&what, "copy or download it again, it may have been cut");
            }
        };
        if file.is_dir() {
            continue;
        }
        let name = decoded(file.name_raw());
        total = total.saturating_add(file.size());
        let refusal =
            refusal(file.encrypted(), file.compression(), file.size(), file.compressed_size());
        let member = match (refusal, file.data_start()) {
            (Some((what, way_out)), _) => Err((what, way_out.to_owned())),
            (None, None) => {
                Err(("has no place in the archive".to_owned(), "pack it again".to_owned()))
            }
            (None, Some(start)) => Ok(Member {
                archive: input.clone(),
                start,
                packed: file.compressed_size(),
                size: file.size(),
                crc32: file.crc32(),
                deflated: file.compression() == CompressionMethod::Deflated,
            }),
        };
        entries.push(Entry { name, member });
    }
    if total > most {
        return broken(
            &format!("unpacks to {total} bytes, more than the {most} that --max-unpacked allows"),
            "raise --max-unpacked if it is a log indeed",
        );
    }
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    Zip::Archive(entries)
}

/// Why a member is not read.
fn refusal(
    encrypted: bool,
    method: CompressionMethod,
    size: u64,
    packed: u64,
) -> Option<(String, &'static str)> {
    if encrypted {
        return Some((
            "is encrypted in its archive".to_owned(),
            "unpack the archive with its password and give the file",
        ));
    }
    if !matches!(method, CompressionMethod::Stored | CompressionMethod::Deflated) {
        return Some((
            format!("is packed by a method that is not read ({method})"),
            "unpack the archive and give the file",
        ));
    }
    (size > SMALL && size / packed.max(1) > MOST_RATIO).then(|| {
        (
            format!(
                "unpacks {packed} bytes to {size}, more than {MOST_RATIO} to one, as no log does"
            ),
            "if it is one, unpack the archive and give the file",
        )
    })
}

/// A name of a member as text, without characters that no terminal shows.
fn decoded(raw: &[u8]) -> String {
    let text = std::str::from_utf8(raw).map_or_else(|_| legacy(raw), str::to_owned);
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

/// A name that is not UTF-8.
fn legacy(raw: &[u8]) -> String {
    // Windows-1252 has a character for every byte, as the code page of old archives has.
    encoding_rs::GB18030
        .decode_without_bom_handling_and_without_replacement(raw)
        .map_or_else(|| encoding_rs::WINDOWS_1252.decode(raw).0.into_owned(), String::from)
}

impl Member {
    /// The archive it lies in.
    pub(super) fn archive(&self) -> &Input {
        &self.archive
    }

    /// The bytes of the member, checked at their end.
    pub(super) fn open(&self) -> io::Result<Box<dyn Read>> {
        let packed = self.archive.try_open(self.start)?.take(self.packed);
        let inner: Box<dyn Read> = if self.deflated {
            Box::new(flate2::read::DeflateDecoder::new(packed))
        } else {
            Box::new(packed)
        };
        Ok(Box::new(Checked { inner, left: self.size, crc: flate2::Crc::new(), crc32: self.crc32 }))
    }
}

/// Stops at the size that the directory gives, and compares the checksum there.
struct Checked {
    inner: Box<dyn Read>,
    left: u64,
    crc: flate2::Crc,
    crc32: u32,
}

impl Read for Checked {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if buf.is_empty() {
            return Ok(0);
        }
        let n = self.inner.read(buf)?;
        if n as u64 > self.left {
            return Err(io::Error::other("it unpacks to more than the archive says"));
        }
        self.left -= n as u64;
        self.crc.update(&buf[..n]);
        if n == 0 && (self.left > 0 || self.crc.sum() != self.crc32) {
            return Err(io::Error::other("it does not unpack to what was packed (checksum)"));
        }
        Ok(n)
    }
}

/// The members of an archive as inputs, named `archive!member`, and those that are passed over with
/// the reason. `named` says whether a name is that of a file to read.
pub(super) fn members(
    input: &Input,
    entries: Vec<Entry>,
    named: &dyn Fn(&str) -> bool,
) -> (Vec<Input>, Vec<(String, String)>) {
    let (mut inputs, mut skipped) = (Vec::new(), Vec::new());
    for Entry { name, member } in entries {
        let path = format!("{}!{name}", input.path);
        let hidden = name.split('/').any(|part| part.starts_with('.') || part == "__MACOSX");
        let packed = [".zip", ".rar", ".7z", ".tar", ".tgz"];
        let lower = name.to_lowercase();
        if hidden {
            skipped.push((path, "hidden".to_owned()));
        } else if packed.iter().any(|ending| lower.ends_with(ending)) {
            let (what, way_out) = nested();
            inputs.push(Input { path, kind: InputKind::Refused(what, way_out) });
        } else if !named(&name) {
            let reason = "no chat or complaint file by its name; unpack it to read it";
            skipped.push((path, reason.to_owned()));
        } else {
            let kind = match member {
                Ok(member) => InputKind::Member(member.into()),
                Err((what, way_out)) => InputKind::Refused(what, way_out),
            };
            inputs.push(Input { path, kind });
        }
    }
    (inputs, skipped)
}

/// What is said of an archive inside an archive.
pub(super) fn nested() -> (String, String) {
    (
        "is an archive inside an archive".to_owned(),
        "unpack the outer one and give what is in it".to_owned(),
    )
}

/// What is said of a zip file that is neither a spreadsheet nor an archive that can be opened.
pub(super) fn damaged() -> (String, String) {
    (
        "begins as a zip file, and is no spreadsheet and no archive that can be read".to_owned(),
        "copy or download it again, or export it as CSV".to_owned(),
    )
}
