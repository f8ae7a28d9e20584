//! Files in, messages and complaints out: every fixture under `tests/data/ingest/<format>/` has its
//! expected records beside it (`<name>.expected.txt`; `BLESS=1` writes them anew) and may have a
//! mapping (`<name>.mapping.toml`). Files under `bad/` are named after their fault; there the one
//! error is expected.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use tohuman::ingest::{
    ComplaintRecord, IngestOptions, Input, Mapping, ReadColumnar, Record, format_names, inspect,
    probe, read_complaints, read_log,
};
use tohuman::model::{Complaint, Message, Problem, SourceReport, Visibility};

/// Formats of chat logs; those of complaints alone are read under `complaints`.
fn chat_formats() -> Vec<&'static str> {
    let of_complaints = ["wechat-pay-complaints", "heimao"];
    format_names().into_iter().filter(|f| !of_complaints.contains(f)).collect()
}

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/ingest")
}

/// Everything of a message that is not empty, on one line.
fn message_line(m: &Message) -> String {
    let mut line = format!("{} {} {} {}", m.row, m.conversation, m.sender.name(), m.kind.name());
    if let Some(time) = m.time {
        let at = time.at.format("%Y-%m-%dT%H:%M:%S%.3fZ");
        let _ = write!(line, " {at} ({:?})", time.precision);
    }
    let _ = write!(line, " {:?}", m.text);
    let options = [
        ("company", &m.company),
        ("cause", &m.cause),
        ("agent", &m.agent_id),
        ("customer", &m.customer_id),
        ("order", &m.order_id),
    ];
    for (name, value) in options {
        if let Some(value) = value {
            let _ = write!(line, " {name}={value}");
        }
    }
    if let Some(sequence) = m.sequence {
        let _ = write!(line, " sequence={sequence}");
    }
    if let Some(id) = &m.message_id {
        let _ = write!(line, " id={id}");
    }
    if m.automatic {
        line.push_str(" automatic");
    }
    if m.visibility == Visibility::Private {
        line.push_str(" private");
    }
    for field in m.fields.iter().flatten() {
        let _ = write!(line, " field={field}");
    }
    line
}

fn complaint_line(c: &Complaint) -> String {
    let shown = |v: &Option<String>| v.clone().unwrap_or_else(|| "-".to_owned());
    format!(
        "{} id={} date={} company={} category={} channel={} amount={} status={} conversation={} order={} customer={} {:?}",
        c.row,
        shown(&c.id),
        c.date.map_or("-".to_owned(), |d| d.to_string()),
        shown(&c.company),
        shown(&c.category),
        shown(&c.channel),
        shown(&c.amount),
        shown(&c.status),
        shown(&c.conversation_id),
        shown(&c.order_id),
        shown(&c.customer_id),
        c.text
    )
}

fn problem_line(p: &Problem) -> String {
    format!("{} ! {} {} {:?}", p.row, p.kind.name(), p.kind.action(), p.found)
}

/// Reads a log into lines, problems among them.
fn log_lines(
    input: &Input,
    options: &IngestOptions,
) -> Result<(Vec<String>, SourceReport), String> {
    let mut lines = Vec::new();
    let mut sink = |record: Record| {
        lines.push(match &record {
            Record::Message(m) => message_line(m),
            Record::Problem(p) => problem_line(p),
        });
        Ok(())
    };
    let report = read_log(input, 7, options, &mut sink, &mut |_| {}).map_err(|e| e.to_string())?;
    Ok((lines, report))
}

fn complaint_lines(
    input: &Input,
    options: &IngestOptions,
) -> Result<(Vec<String>, SourceReport), String> {
    let mut lines = Vec::new();
    let mut sink = |record: ComplaintRecord| {
        lines.push(match &record {
            ComplaintRecord::Complaint(c) => complaint_line(c),
            ComplaintRecord::Problem(p) => problem_line(p),
        });
        Ok(())
    };
    let report = read_complaints(input, 7, options, &mut sink).map_err(|e| e.to_string())?;
    Ok((lines, report))
}

fn report_lines(report: &SourceReport) -> String {
    let SourceReport { format, encoding, compression, coverage: c, .. } = report;
    let columns: Vec<_> = report.columns.iter().map(|(n, m)| format!("{n} -> {m}")).collect();
    format!(
        "format {format} {encoding} {compression}\nzone {} ({})\ncolumns {}\nshows bot {:?}, agent {:?}, system {:?}, queue {:?}, joins {:?}, leaves {:?}, closes {:?}, times {:?}\nrows {} = {} used + {} refused\n",
        report.time_zone,
        report.time_zone_from,
        columns.join("; "),
        c.bot_replies,
        c.agent_messages,
        c.system_lines,
        c.queue,
        c.joins,
        c.leaves,
        c.closes,
        c.times,
        report.rows_read,
        report.rows_used,
        report.rows_refused,
    )
}

/// The fixture as an input of a name without the machine's path, and its options.
fn fixture(path: &Path) -> (Input, IngestOptions) {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let mapping = path.with_extension("mapping.toml");
    let mapping = mapping.exists().then(|| {
        let text = std::fs::read_to_string(&mapping).unwrap();
        Mapping::from_toml("mapping.toml", &text).unwrap()
    });
    let fields = vec!["channel".to_owned(), "地区".to_owned()];
    let columnar: Option<ReadColumnar> = Some(tohuman::pipeline::read_columnar);
    let options = IngestOptions { mapping, fields, columnar, ..IngestOptions::default() };
    (Input::bytes(name, &std::fs::read(path).unwrap()), options)
}

fn fixtures(folder: &str) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(data().join(folder))
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| {
            let name = p.to_string_lossy();
            !name.ends_with(".expected.txt") && !name.ends_with(".mapping.toml")
        })
        .collect();
    files.sort();
    assert!(!files.is_empty(), "no fixtures under {folder}");
    files
}

fn compare(path: &Path, actual: &str) {
    let expected = path.with_extension("expected.txt");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&expected, actual).unwrap();
    }
    let wanted = std::fs::read_to_string(&expected).unwrap_or_default();
    assert_eq!(actual, wanted, "{}", path.display());
}

#[test]
fn chat_logs() {
    for folder in chat_formats() {
        for path in fixtures(folder) {
            let (input, options) = fixture(&path);
            let (lines, report) = log_lines(&input, &options).unwrap();
            assert_eq!(report.format, folder, "{}", path.display());
            assert_eq!(report.rows_read, report.rows_used + report.rows_refused);
            compare(&path, &format!("{}\n{}\n", report_lines(&report), lines.join("\n")));
        }
    }
}

#[test]
fn complaint_records() {
    for path in fixtures("complaints") {
        let (input, options) = fixture(&path);
        let (lines, report) = complaint_lines(&input, &options).unwrap();
        assert_eq!(report.rows_read, report.rows_used + report.rows_refused);
        compare(&path, &format!("{}\n{}\n", report_lines(&report), lines.join("\n")));
    }
}

#[test]
fn bad_inputs_give_one_error_with_the_way_out() {
    for path in fixtures("bad") {
        let (input, options) = fixture(&path);
        let error = log_lines(&input, &options).unwrap_err();
        assert_eq!(error.lines().count(), 1, "{error}");
        assert!(error.contains("; "), "what is wrong, then the way out: {error}");
        assert!(!error.ends_with('.'), "{error}");
        compare(&path, &format!("{error}\n"));
    }
}

/// A small table as the variants below write it.
const TABLE: &str = "会话ID,发送时间,发送方,消息内容\n\
    A1,2024-03-01 10:00:00,访客,\"你好,我的快递|到哪了\"\n\
    A1,2024-03-01 10:00:02,机器人,请问需要查询什么\n\
    A1,2024-03-01 10:00:09,访客,转人工\n\
    A1,2024-03-01 10:01:00,客服小林,您好\n";

fn lines_of(name: &str, bytes: &[u8]) -> Vec<String> {
    let (lines, report) = log_lines(&Input::bytes(name, bytes), &IngestOptions::default()).unwrap();
    assert_eq!(report.bytes, bytes.len() as u64, "{name}");
    lines
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn one_table_in_any_encoding_gives_the_same_messages() {
    let plain = lines_of("plain", TABLE.as_bytes());
    assert_eq!(plain.len(), 4);
    let utf16 = |bom: bool, order: fn(u16) -> [u8; 2]| -> Vec<u8> {
        let bom = bom.then_some(0xfeff);
        bom.into_iter().chain(TABLE.encode_utf16()).flat_map(order).collect()
    };
    let gbk = encoding_rs::GB18030.encode(TABLE).0.into_owned();
    let half = TABLE.len() / 2;
    let half = (half..half + 4).find(|i| TABLE.is_char_boundary(*i)).unwrap();
    let variants: Vec<(&str, Vec<u8>)> = vec![
        ("bom", [b"\xef\xbb\xbf", TABLE.as_bytes()].concat()),
        ("gb18030", gbk.clone()),
        ("utf-16le with a mark", utf16(true, u16::to_le_bytes)),
        ("utf-16be with a mark", utf16(true, u16::to_be_bytes)),
        ("utf-16le", utf16(false, u16::to_le_bytes)),
        ("utf-16be", utf16(false, u16::to_be_bytes)),
        ("gzip", gzip(TABLE.as_bytes())),
        (
            "gzip in two members",
            [gzip(&TABLE.as_bytes()[..half]), gzip(&TABLE.as_bytes()[half..])].concat(),
        ),
        ("gzip of gb18030", gzip(&gbk)),
        ("zstd", zstd::encode_all(TABLE.as_bytes(), 3).unwrap()),
        ("crlf", TABLE.replace('\n', "\r\n").into_bytes()),
        ("cr", TABLE.replace('\n', "\r").into_bytes()),
    ];
    for (name, bytes) in variants {
        assert_eq!(lines_of(name, &bytes), plain, "{name}");
    }
    let semicolons =
        TABLE.replace("\"你好,我的快递|到哪了\"", "你好#我的快递|到哪了").replace(',', ";");
    let semicolons = lines_of("semicolons", semicolons.replace('#', ",").as_bytes());
    assert_eq!(semicolons, plain);
}

#[test]
fn the_hash_is_that_of_the_raw_bytes() {
    let input = Input::bytes("t", TABLE.as_bytes());
    let mut heard = 0;
    let report =
        read_log(&input, 0, &IngestOptions::default(), &mut |_| Ok(()), &mut |n| heard = n)
            .unwrap();
    assert_eq!(heard, TABLE.len() as u64);
    let known = sha2::Digest::finalize(<sha2::Sha256 as sha2::Digest>::new_with_prefix(TABLE));
    let hex: String = known.iter().fold(String::new(), |mut s, b| {
        let _ = write!(s, "{b:02x}");
        s
    });
    assert_eq!(report.sha256, hex);
}

#[test]
fn a_long_ascii_start_does_not_hide_gbk() {
    let mut table = b"conversation_id,sender,text\n".to_vec();
    for i in 0..60_000 {
        table.extend_from_slice(format!("c{i},customer,where is it\n").as_bytes());
    }
    table.extend_from_slice(&encoding_rs::GB18030.encode("z,customer,包裹在哪里\n").0);
    assert!(table.len() > 1024 * 1024);
    let lines = lines_of("long", &table);
    assert!(lines.last().unwrap().ends_with("\"包裹在哪里\""));
}

#[test]
fn truncated_archives_fail_whole() {
    let table = TABLE.repeat(3);
    let gz = gzip(table.as_bytes());
    let zst = zstd::encode_all(table.as_bytes(), 3).unwrap();
    for bytes in [&gz[..gz.len() - 9], &zst[..zst.len() - 5]] {
        let input = Input::bytes("cut", bytes);
        let error = log_lines(&input, &IngestOptions::default()).unwrap_err();
        assert!(error.starts_with("cut: cannot be read whole"), "{error}");
    }
}

#[test]
fn the_suggested_mapping_reads_the_same() {
    for path in ["csv/zh_titles.csv", "json/nested.json", "complaints/hotline.csv"] {
        let (input, options) = fixture(&data().join(path));
        let seen = inspect(&input, &options).unwrap();
        let text = seen.mapping.to_toml().unwrap();
        let mapping = Some(Mapping::from_toml("again", &text).unwrap());
        let again = inspect(&input, &IngestOptions { mapping, ..options }).unwrap();
        assert_eq!(seen.source.rows_used, again.source.rows_used, "{text}");
        assert_eq!(seen.nature, again.nature);
        assert!(serde_json::to_string(&seen).is_ok());
    }
}

/// Bytes that are half a table: what finds more than noise does.
fn almost_a_table() -> impl Strategy<Value = Vec<u8>> {
    let cell = prop_oneof![
        Just("会话ID".to_owned()),
        Just("conversation_id".to_owned()),
        Just("sender".to_owned()),
        Just("text".to_owned()),
        Just("time".to_owned()),
        Just("event".to_owned()),
        Just("投诉内容".to_owned()),
        Just("投诉日期".to_owned()),
        Just("customer".to_owned()),
        Just("转人工".to_owned()),
        Just("2024-01-05 09:03".to_owned()),
        Just("1/5/2024".to_owned()),
        Just("1.2E+19".to_owned()),
        Just("合计".to_owned()),
        "[ -~\n\"\u{4e00}-\u{4e20}]{0,8}",
    ];
    let row = prop::collection::vec(cell, 1..5).prop_map(|c| c.join(","));
    prop::collection::vec(row, 0..8).prop_map(|r| r.join("\n").into_bytes())
}

fn almost_json() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just("{\"conversation_id\":\"a\",\"sender\":\"bot\",\"text\":\"x\"}".to_owned()),
        Just(
            "{\"Transcript\":[{\"Id\":1}],\"Participants\":[],\"ChatTranscriptVersion\":1}"
                .to_owned()
        ),
        Just("{\"投诉内容\":\"x\",\"投诉日期\":\"2024-01-05\",\"id\":1}".to_owned()),
        "[\\[\\]{}\",:0-9a-z\n ]{0,6}",
    ];
    prop::collection::vec(piece, 0..6).prop_map(|p| p.join("\n").into_bytes())
}

fn any_input() -> impl Strategy<Value = Vec<u8>> {
    let raw = prop::collection::vec(any::<u8>(), 0..200);
    let magic = prop::sample::select(vec![
        &b"PK\x03\x04"[..],
        &b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"[..],
        &b"\x1f\x8b\x08\x00"[..],
        &b"\x28\xb5\x2f\xfd"[..],
        &b"\xff\xfe"[..],
        &b"\xfe\xff"[..],
    ]);
    let started = (magic, prop::collection::vec(any::<u8>(), 0..200))
        .prop_map(|(magic, rest)| [magic, &rest].concat());
    prop_oneof![
        2 => broken_fixture(),
        1 => raw,
        1 => started,
        1 => almost_a_table(),
        1 => almost_json(),
        1 => almost_a_table().prop_map(|t| gzip(&t)),
    ]
}

/// A fixture with a few bytes changed and its end cut: what a broken disk or a hostile sender makes.
fn broken_fixture() -> impl Strategy<Value = Vec<u8>> {
    let folders = chat_formats().into_iter().chain(["complaints"]);
    let all: Vec<PathBuf> = folders.flat_map(fixtures).collect();
    let changes = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..5);
    (prop::sample::select(all), changes, 0..40_usize).prop_map(|(path, changes, cut)| {
        let mut bytes = std::fs::read(path).unwrap();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        bytes.truncate(bytes.len() - cut / 2);
        bytes
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_panic_and_rows_add_up(
        bytes in any_input(),
        format in prop::option::of(prop::sample::select(format_names())),
    ) {
        let input = Input::bytes("any", &bytes);
        let options = IngestOptions {
            format: format.map(str::to_owned),
            fields: vec!["channel".to_owned()],
            ..IngestOptions::default()
        };
        let _ = probe(&input, &options);
        let _ = inspect(&input, &options);
        if let Ok((lines, report)) = log_lines(&input, &options) {
            prop_assert_eq!(report.rows_read, report.rows_used + report.rows_refused);
            let refused = lines.iter().filter(|l| l.contains(" refused \"")).count() as u64;
            prop_assert!(refused >= report.rows_refused);
            let (again, _) = log_lines(&input, &options).unwrap();
            prop_assert_eq!(lines, again);
        }
        if let Ok((_, report)) = complaint_lines(&input, &options) {
            prop_assert_eq!(report.rows_read, report.rows_used + report.rows_refused);
        }
    }
}
