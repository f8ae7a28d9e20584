//! What an export comes in, from outside: spreadsheets of three kinds, files of columns, archives.
//! Every file is made here, from words of our own.
#![allow(clippy::unwrap_used, reason = "a test may stop at once")]
#![allow(clippy::format_push_string, reason = "sheets of a few rows")]

mod common;

use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;

use common::{json, report, run};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// A zip file of these members.
fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        // The mark of an OpenDocument file must not be packed.
        let stored = *name == "mimetype";
        let method = if stored { CompressionMethod::Stored } else { CompressionMethod::Deflated };
        zip.start_file(*name, SimpleFileOptions::default().compression_method(method)).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// The inspection of the only input.
fn inspected(path: &Path) -> serde_json::Value {
    let (out, _) = run(&["inspect", "--json", &path.to_string_lossy()], 0);
    let mut all: Vec<serde_json::Value> = serde_json::from_str(&out).unwrap();
    assert_eq!(all.len(), 1, "{out}");
    all.remove(0)
}

fn reasons(inspection: &serde_json::Value) -> String {
    inspection["reasons"].to_string()
}

/// A workbook with these sheets: name and the XML inside `<worksheet>`.
fn xlsx(sheets: &[(&str, String)]) -> Vec<u8> {
    let mut listed = String::new();
    let mut relations = String::new();
    let mut members: Vec<(String, String)> = Vec::new();
    for (at, (name, xml)) in sheets.iter().enumerate() {
        let n = at + 1;
        listed += &format!(r#"<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>"#);
        relations += &format!(
            r#"<Relationship Id="rId{n}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet{n}.xml"/>"#
        );
        members.push((
            format!("xl/worksheets/sheet{n}.xml"),
            format!(
                r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{xml}</worksheet>"#
            ),
        ));
    }
    members.push((
        "xl/workbook.xml".to_owned(),
        format!(
            r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>{listed}</sheets></workbook>"#
        ),
    ));
    members.push((
        "xl/_rels/workbook.xml.rels".to_owned(),
        format!(
            r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{relations}</Relationships>"#
        ),
    ));
    members.push((
        "_rels/.rels".to_owned(),
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
            .to_owned(),
    ));
    members.push((
        "[Content_Types].xml".to_owned(),
        r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#
            .to_owned(),
    ));
    let members: Vec<(&str, &[u8])> =
        members.iter().map(|(n, x)| (n.as_str(), x.as_bytes())).collect();
    zip(&members)
}

/// Rows of a sheet from row 1 on; a cell that is a number is stored as one.
fn sheet_data(rows: &[&[&str]]) -> String {
    let mut xml = "<sheetData>".to_owned();
    for (at, cells) in rows.iter().enumerate() {
        let row = at + 1;
        xml += &format!(r#"<row r="{row}">"#);
        for (column, cell) in ('A'..).zip(cells.iter()) {
            if cell.parse::<f64>().is_ok() {
                xml += &format!(r#"<c r="{column}{row}"><v>{cell}</v></c>"#);
            } else if !cell.is_empty() {
                xml += &format!(r#"<c r="{column}{row}" t="inlineStr"><is><t>{cell}</t></is></c>"#);
            }
        }
        xml += "</row>";
    }
    xml + "</sheetData>"
}

const HEADER: &[&str] = &["会话ID", "发送时间", "发送方", "消息内容"];

#[test]
fn merged_cells_serial_dates_titles_and_totals_of_a_workbook() {
    let home = tempfile::tempdir().unwrap();
    let book = home.path().join("without an ending");
    let mut first = sheet_data(&[
        &["二月客服记录", "", "", ""],
        HEADER,
        &["M-1", "45700.5", "客户", "净水器不出水"],
        &["", "45700.5005", "机器人", "请描述一下问题"],
        &["", "45700.501", "客户", "转人工"],
        &["1.2345678901234568E+17", "45700.6", "客户", "在吗"],
        &["合计", "", "", "4"],
    ]);
    first +=
        r#"<mergeCells count="2"><mergeCell ref="A1:D1"/><mergeCell ref="A3:A5"/></mergeCells>"#;
    let second = sheet_data(&[HEADER, &["M-2", "45701.25", "客户", "我要退货"]]);
    let notes = sheet_data(&[&["说明", ""], &["导出自后台", ""]]);
    fs::write(&book, xlsx(&[("一", first), ("说明", notes), ("二", second)])).unwrap();
    let seen = inspected(&book);
    assert_eq!(seen["source"]["format"], "xlsx");
    assert_eq!(seen["source"]["rows_read"], 6);
    assert_eq!(seen["source"]["rows_used"], 4);
    let why = reasons(&seen);
    assert!(why.contains("sheet 二 has the same header and is read too; its row 1 is called 8"));
    assert!(why.contains("sheet 一 is read, not: 说明"), "{why}");
    let kinds: Vec<_> = seen["problems"].as_array().unwrap().iter().collect();
    assert_eq!(kinds[0]["kind"], "no-conversation");
    assert_eq!(kinds[0]["examples"][0][0], 7, "the row of totals");
    assert_eq!(kinds[1]["kind"], "rounded-id");
    assert_eq!(seen["first"], "2025-02-12T04:00:00Z");
}

#[test]
fn an_ods_is_known_by_its_bytes() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("log.xlsx");
    let row = |cells: &[&str]| {
        let cell = |c: &&str| {
            format!(
                r#"<table:table-cell office:value-type="string"><text:p>{c}</text:p></table:table-cell>"#
            )
        };
        format!("<table:table-row>{}</table:table-row>", cells.iter().map(cell).collect::<String>())
    };
    let rows = [
        row(HEADER),
        row(&["O-1", "2025-02-12 12:00:00", "客户", "发票在哪里开"]),
        row(&["O-1", "2025-02-12 12:00:04", "机器人", "在订单页可以申请"]),
    ];
    let content = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet><table:table table:name="记录">{}</table:table></office:spreadsheet></office:body></office:document-content>"#,
        rows.concat()
    );
    let manifest = r#"<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>"#;
    let mark = b"application/vnd.oasis.opendocument.spreadsheet";
    let ods = zip(&[
        ("mimetype", mark),
        ("content.xml", content.as_bytes()),
        ("META-INF/manifest.xml", manifest.as_bytes()),
    ]);
    fs::write(&path, ods).unwrap();
    let seen = inspected(&path);
    assert_eq!(seen["source"]["format"], "ods");
    assert_eq!(seen["source"]["rows_used"], 2);
}

/// The parts of a report that say what happened, not where it stood.
fn figures(folder: &Path) -> serde_json::Value {
    let mut report = json(folder);
    let keys = ["totals", "period", "transfer", "effort", "waits", "segments", "notes"];
    let all = report.as_object_mut().unwrap();
    all.retain(|key, _| keys.contains(&key.as_str()));
    report
}

#[test]
fn what_convert_writes_as_parquet_reports_as_the_log_itself() {
    let home = tempfile::tempdir().unwrap();
    let log = "sample_data/chats_zh.csv";
    let table = home.path().join("zh.parquet");
    run(&["convert", log, "-o", &table.to_string_lossy()], 0);
    let (direct, again) = (home.path().join("direct"), home.path().join("again"));
    report(&[log], &direct);
    report(&[&table.to_string_lossy()], &again);
    assert_eq!(figures(&direct), figures(&again), "{log}");
    assert_eq!(json(&again)["inputs"][0]["format"], "parquet");
    // In an archive, and through a pipe's temporary file, it is the same table.
    let packed = home.path().join("packed.zip");
    fs::write(&packed, zip(&[("x.parquet", &fs::read(&table).unwrap())])).unwrap();
    report(&[&packed.to_string_lossy()], &again);
    assert_eq!(figures(&direct), figures(&again), "{log}");
}

#[test]
fn minutes_stay_minutes_in_parquet() {
    let home = tempfile::tempdir().unwrap();
    let (log, table) = (home.path().join("m.csv"), home.path().join("m.parquet"));
    fs::write(
        &log,
        "会话ID,时间,发送方,内容\nA,2025-01-05 9:03,客户,转人工\nA,2025-01-05 9:07,客服,您好\n",
    )
    .unwrap();
    run(&["convert", &log.to_string_lossy(), "-o", &table.to_string_lossy()], 0);
    assert_eq!(inspected(&table)["source"]["coverage"]["times"], "minute");
}

#[test]
fn arrow_streams_and_files_are_read() {
    use tohuman::measure::columns::Cell;
    use tohuman::store::table::{ColumnType, TableFormat, TableWriter};
    let home = tempfile::tempdir().unwrap();
    let stream = home.path().join("a.arrows");
    let columns = [
        ("conversation_id", ColumnType::Whole),
        ("timestamp", ColumnType::Time),
        ("sender", ColumnType::Text),
        ("text", ColumnType::Text),
        ("channel", ColumnType::Text),
    ];
    let columns = columns.map(|(n, t)| (n.to_owned(), t)).to_vec();
    let mut table = TableWriter::create(&stream, TableFormat::ArrowStream, &columns).unwrap();
    for (at, text) in
        ["where is my parcel", "it is on its way", "an agent please"].iter().enumerate()
    {
        let seconds = 1_740_000_000 + i64::try_from(at).unwrap();
        table
            .row([
                Cell::Whole(Some(9_007_199_254_740_993)),
                Cell::Time(chrono::DateTime::from_timestamp(seconds, 0)),
                Cell::Text(Some(if at == 1 { "bot" } else { "customer" }.to_owned())),
                Cell::Text(Some((*text).to_owned())),
                Cell::Text(None),
            ])
            .unwrap();
    }
    table.finish().unwrap();
    let seen = inspected(&stream);
    assert_eq!(seen["source"]["format"], "arrow");
    assert_eq!(seen["source"]["rows_used"], 3);
    assert_eq!(seen["source"]["time_zone_from"], "in data");
    let csv = run(&["convert", &stream.to_string_lossy(), "-o", "-"], 0).0;
    assert!(csv.contains("9007199254740993"), "a whole number keeps all digits: {csv}");
    // A file is the stream between two marks.
    let bytes = fs::read(&stream).unwrap();
    let file = home.path().join("a.feather");
    fs::write(&file, [b"ARROW1\0\0", &bytes[..], b"....ARROW1"].concat()).unwrap();
    assert_eq!(inspected(&file)["source"]["rows_used"], 3);
    fs::write(&file, [b"ARROW1\0\0", &bytes[..]].concat()).unwrap();
    let (_, error) = run(&["inspect", &file.to_string_lossy()], 2);
    assert!(error.contains("a.feather: is no arrow file") && error.contains("cut"), "{error}");
}

const LOG: &str = "conversation_id,timestamp,sender,text\nZ-1,2025-01-05 09:03:00,customer,an agent please\nZ-1,2025-01-05 09:03:05,bot,I can help with that\n";

#[test]
fn the_members_of_an_archive_are_inputs() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("export.zip");
    let gbk = encoding_rs::GB18030.encode("一月/记录.csv").0.into_owned();
    let book = xlsx(&[("s", sheet_data(&[HEADER, &["M-2", "45701.25", "客户", "我要退货"]]))]);
    let second = LOG.replace("Z-1", "Z-2");
    let members: &[(&str, &[u8])] = &[
        ("b.csv", LOG.as_bytes()),
        ("@@@@@@@@@@@@@", second.as_bytes()),
        ("book.xlsx", &book),
        ("__MACOSX/._b.csv", b"x"),
        ("readme.txt", b"hello"),
    ];
    // The writer knows UTF-8 names only: the bytes of the name are put in afterwards.
    let mut bytes = zip(members);
    assert_eq!(gbk.len(), 13);
    for at in 0..bytes.len() - 13 {
        if bytes[at..at + 13] == *b"@@@@@@@@@@@@@" {
            bytes[at..at + 13].copy_from_slice(&gbk);
        }
    }
    fs::write(&path, &bytes).unwrap();
    let (out, _) = run(&["inspect", "--json", &path.to_string_lossy()], 0);
    let all: Vec<serde_json::Value> = serde_json::from_str(&out).unwrap();
    let paths: Vec<String> = all
        .iter()
        .map(|e| e["source"]["path"].as_str().unwrap().rsplit_once('!').unwrap().1.to_owned())
        .collect();
    assert_eq!(paths, ["b.csv", "book.xlsx", "一月/记录.csv", "__MACOSX/._b.csv", "readme.txt"]);
    assert_eq!(all[1]["source"]["format"], "xlsx");
    let used: Vec<_> =
        all[..3].iter().map(|e| e["source"]["rows_used"].as_u64().unwrap()).collect();
    assert_eq!(used, [2, 1, 2]);
    report(&[&path.to_string_lossy()], &home.path().join("out"));
    assert_eq!(json(&home.path().join("out"))["totals"]["conversations"], 3);
}

/// The one line of the error of `report`.
fn refused(path: &Path, flags: &[&str]) -> String {
    let out = path.with_extension("out");
    let (path, out) = (path.to_string_lossy(), out.to_string_lossy());
    let mut args = vec!["report", &path, "--out", &out, "--quiet"];
    args.extend(flags);
    let (_, error) = run(&args, 2);
    assert_eq!(error.lines().count(), 1, "{error}");
    error
}

#[test]
fn archives_that_cannot_be_trusted_are_refused_in_one_line() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("a.zip");
    let write = |bytes: &[u8]| fs::write(&path, bytes).unwrap();
    let inner = zip(&[("log.csv", LOG.as_bytes())]);
    write(&zip(&[("inner.zip", &inner)]));
    assert!(refused(&path, &[]).contains("a.zip!inner.zip: is an archive inside an archive"));
    write(&zip(&[("inner.csv", &inner)]));
    assert!(refused(&path, &[]).contains("a.zip!inner.csv: is an archive inside an archive"));
    write(&zip(&[("notes.txt", b"x")]));
    assert!(refused(&path, &[]).contains("holds no file to read"));
    // Bit 0 of the general flags says encrypted: at 6 of the local header, at 8 of the central one.
    let mut locked = inner.clone();
    locked[6] |= 1;
    let central = locked.windows(4).position(|w| w == b"PK\x01\x02").unwrap();
    locked[central + 8] |= 1;
    write(&locked);
    assert!(refused(&path, &[]).contains("a.zip!log.csv: is encrypted"));
    write(&inner[..inner.len() / 2]);
    assert!(refused(&path, &[]).contains("is a zip archive that cannot be read"));
    let mut damaged = inner.clone();
    damaged[60] ^= 0xff;
    write(&damaged);
    assert!(refused(&path, &[]).contains("a.zip!log.csv: cannot be read whole"));
    let bomb = vec![b'a'; 120 << 20];
    write(&zip(&[("bomb.csv", &bomb)]));
    assert!(refused(&path, &[]).contains("more than 200 to one"));
    assert!(refused(&path, &["--max-unpacked", "0"]).contains("--max-unpacked allows"));
    let good = home.path().join("good.zip");
    fs::write(&good, &inner).unwrap();
    let out = home.path().join("out").to_string_lossy().into_owned();
    let (bad, good) = (path.to_string_lossy(), good.to_string_lossy());
    run(&["report", &bad, &good, "--skip-bad-files", "--out", &out, "--quiet"], 0);
}

#[test]
fn a_stray_cell_in_the_last_corner_is_refused_in_little_memory() {
    let home = tempfile::tempdir().unwrap();
    let book = home.path().join("log.xlsx");
    let rows = sheet_data(&[HEADER, &["M-1", "45700.5", "客户", "转人工"]]);
    let corner = r#"<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>"#;
    let far = rows.replace("</sheetData>", corner);
    fs::write(&book, xlsx(&[("一", far)])).unwrap();
    let (_, error) = run(&["inspect", &book.to_string_lossy()], 2);
    assert!(
        error.contains("sheet 一") && error.contains("row 1048576 and column 16384"),
        "{error}"
    );
    assert_eq!(error.lines().count(), 1, "{error}");
}

#[test]
fn what_a_gzip_file_unpacks_to_is_limited() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("log.csv.gz");
    let text = "conversation_id,timestamp,sender,text\nA,2025-01-05 09:03:00,customer,hi\n";
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(text.as_bytes()).unwrap();
    fs::write(&path, packed.finish().unwrap()).unwrap();
    let path = path.to_string_lossy();
    run(&["inspect", &path, "--max-unpacked", "1"], 0);
    let (_, error) = run(&["inspect", &path, "--max-unpacked", "0"], 2);
    assert!(error.contains("--max-unpacked"), "{error}");
}
