//! What every fuzz target does with its bytes, and what must hold: nothing panics, an error is one
//! line that names the input, and rows read = rows used + rows refused, of which each used one was
//! handed on. (Duplicates are told later, by the program: `tests/broken.rs`.) That memory stays within
//! bounds is watched by the fuzzer (`-rss_limit_mb`).
//!
//! The targets see the library as anybody does; nothing is public for their sake.

use std::io::{Cursor, Write};

use tohuman::error::Result;
use tohuman::ingest::{
    ComplaintRecord, IngestOptions, Input, Links, Mapping, Record, expand, inspect, probe,
    read_complaints, read_log,
};
use tohuman::model::SourceReport;
use zip::write::SimpleFileOptions;

/// Name of the input, which every error must name.
const NAME: &str = "fuzz-input";
/// What stands between the parts of a spreadsheet.
const BETWEEN: &[u8] = b"\n=====\n";
/// Most bytes that an archive may unpack to here.
const MOST_UNPACKED: u64 = 64 << 20;

/// Bytes forced into one format: as a log, as complaints, and for its chains of conversations.
pub fn format(name: &str, data: &[u8]) {
    let options = IngestOptions { format: Some(name.to_owned()), ..IngestOptions::default() };
    let input = Input::bytes(NAME, data);
    as_log(&input, &options);
    as_complaints(&input, &options);
    let links = Links::of(std::slice::from_ref(&input), &options);
    let _ = links.conversation(0, "a");
}

/// Bytes of which nothing is said: a probe and all that `inspect` tells, with a mapping that can be
/// read again.
pub fn sniff(data: &[u8]) {
    let options = IngestOptions::default();
    let input = Input::bytes(NAME, data);
    clear(probe(&input, &options));
    if let Some(seen) = clear(inspect(&input, &options)) {
        add_up(&seen.source);
        let toml = seen.mapping.to_toml().expect("a guessed mapping can be written");
        let again = Mapping::from_toml(NAME, &toml).expect("a guessed mapping can be read");
        assert_eq!(seen.mapping, again, "a guessed mapping comes back as another");
    }
}

/// Complaint records of any format.
pub fn complaints(data: &[u8]) {
    as_complaints(&Input::bytes(NAME, data), &IngestOptions::default());
}

/// A mapping; what is one comes back from TOML as it was, and reads a log and a nested document.
pub fn mapping(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Some(mapping) = clear(Mapping::from_toml(NAME, text)) else { return };
    let toml = mapping.to_toml().expect("what was read can be written");
    let again = Mapping::from_toml(NAME, &toml).expect("what was written can be read");
    assert_eq!(mapping, again, "a mapping comes back as another");
    let options = IngestOptions { mapping: Some(mapping), ..IngestOptions::default() };
    let log = b"a,b,c,d,e\n1,2025-02-03 10:00:00,x,hello,2\n1,2025-02-03 10:00:09,y,good day,3\n";
    let nested =
        br#"{"a":{"b":[{"id":"1","c":[{"t":1738576800,"who":"x","d":"hello"},{"d":null}]}]}}"#;
    for bytes in [&log[..], nested] {
        let input = Input::bytes(NAME, bytes);
        as_log(&input, &options);
        as_complaints(&input, &options);
    }
}

/// Stamps, one a line, in a log that is sound otherwise.
pub fn time_text(data: &[u8]) {
    let mut log = b"conversation_id,timestamp,sender,text\n".to_vec();
    for stamp in data.split(|b| *b == b'\n') {
        log.extend_from_slice(b"a,\"");
        stamp.iter().for_each(|b| match b {
            b'"' => log.extend_from_slice(b"\"\""),
            b => log.push(*b),
        });
        log.extend_from_slice(b"\",customer,hello\n");
    }
    let options = IngestOptions { format: Some("csv".to_owned()), ..IngestOptions::default() };
    as_log(&Input::bytes(NAME, &log), &options);
}

/// An archive as it lies on a disk: what it expands to, and each member.
pub fn zip(data: &[u8]) {
    let mut file = tempfile::Builder::new().prefix(NAME).tempfile().expect("there is room");
    file.write_all(data).expect("there is room");
    let options = IngestOptions { max_unpacked: MOST_UNPACKED, ..IngestOptions::default() };
    let path = file.path().to_string_lossy().into_owned();
    let Some(found) = clear(expand(&[path], &options)) else { return };
    for input in found.inputs {
        as_log(&input, &options);
        as_complaints(&input, &options);
    }
}

/// The bytes as they are, which may be a broken stream, and compressed well, so that what is inside
/// is reached.
pub fn compressed(data: &[u8]) {
    let options = IngestOptions::default();
    as_log(&Input::bytes(NAME, data), &options);
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(data).expect("memory takes it");
    as_log(&Input::bytes(NAME, &gzip.finish().expect("memory takes it")), &options);
    let zstd = zstd::encode_all(data, 1).expect("memory takes it");
    as_log(&Input::bytes(NAME, &zstd), &options);
}

/// A spreadsheet packed from its parts.
pub fn workbook(data: &[u8]) {
    let Some(bytes) = pack(data) else { return };
    let input = Input::bytes(NAME, &bytes);
    as_log(&input, &IngestOptions::default());
    as_complaints(&input, &IngestOptions::default());
}

/// Packs the parts, and around them what every spreadsheet has; the first byte says of which kind it
/// is. A part of no bytes is left out.
pub fn pack(data: &[u8]) -> Option<Vec<u8>> {
    let (kind, rest) = data.split_first()?;
    let (frame, names): ([(&str, &[u8]); 2], &[&str]) = match kind {
        b'o' => (
            [
                ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
                ("META-INF/manifest.xml", include_bytes!("frame/manifest.xml")),
            ],
            &["content.xml"],
        ),
        b'b' => (
            [
                ("_rels/.rels", include_bytes!("frame/xlsb.rels")),
                ("xl/_rels/workbook.bin.rels", include_bytes!("frame/sheets_bin.rels")),
            ],
            &[
                "xl/workbook.bin",
                "xl/worksheets/sheet1.bin",
                "xl/worksheets/sheet2.bin",
                "xl/sharedStrings.bin",
                "xl/styles.bin",
            ],
        ),
        _ => (
            [
                ("_rels/.rels", include_bytes!("frame/xlsx.rels")),
                ("xl/_rels/workbook.xml.rels", include_bytes!("frame/sheets_xml.rels")),
            ],
            &[
                "xl/workbook.xml",
                "xl/worksheets/sheet1.xml",
                "xl/worksheets/sheet2.xml",
                "xl/sharedStrings.xml",
                "xl/styles.xml",
            ],
        ),
    };
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let mut book = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let parts = names.iter().copied().zip(parts(rest)).filter(|(_, bytes)| !bytes.is_empty());
    for (name, bytes) in frame.into_iter().chain(parts) {
        book.start_file(name, stored).expect("the names are sound");
        book.write_all(bytes).expect("memory takes it");
    }
    Some(book.finish().expect("memory takes it").into_inner())
}

/// The parts of a spreadsheet, which stand one after another.
fn parts(mut rest: &[u8]) -> Vec<&[u8]> {
    let mut out = Vec::new();
    while let Some(at) = rest.windows(BETWEEN.len()).position(|w| w == BETWEEN) {
        out.push(&rest[..at]);
        rest = &rest[at + BETWEEN.len()..];
    }
    out.push(rest);
    out
}

/// Reads a chat log to its end.
fn as_log(input: &Input, options: &IngestOptions) {
    let mut handed = 0;
    let mut sink = |record| {
        handed += u64::from(matches!(record, Record::Message(_)));
        Ok(())
    };
    if let Some(report) = clear(read_log(input, 0, options, &mut sink, &mut |_| {})) {
        assert_eq!(handed, report.rows_used, "messages handed on, and rows used");
        add_up(&report);
    }
}

/// Reads complaint records to their end.
fn as_complaints(input: &Input, options: &IngestOptions) {
    let mut handed = 0;
    let mut sink = |record| {
        handed += u64::from(matches!(record, ComplaintRecord::Complaint(_)));
        Ok(())
    };
    if let Some(report) = clear(read_complaints(input, 0, options, &mut sink)) {
        assert_eq!(handed, report.rows_used, "complaints handed on, and rows used");
        add_up(&report);
    }
}

/// Nothing is lost.
fn add_up(report: &SourceReport) {
    let sum = report.rows_used + report.rows_refused + report.rows_duplicate;
    assert_eq!(report.rows_read, sum, "rows read = used + refused + duplicate");
}

/// What came out, or nothing if an error says in one line what is wrong with the input.
fn clear<T>(result: Result<T>) -> Option<T> {
    result
        .inspect_err(|error| {
            let line = error.to_string();
            assert_eq!(line.lines().count(), 1, "an error of several lines: {line}");
            assert!(line.contains(NAME), "an error that names no input: {line}");
        })
        .ok()
}
