//! Complaint records of every service whose fields are documented, seen from outside: each fixture is
//! invented after the documented fields; what it must give is written beside its name.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::path::Path;
use std::process::Command;

type Row = (&'static str, &'static str, &'static str);

/// File, rows used, and of each: date, category, whether it is about reaching a human ("" = no text).
const STYLES: [(&str, &[Row]); 7] = [
    ("fcc.csv", &[("2026-01-05", "Unwanted Calls", ""), ("2026-01-06", "Billing", "")]),
    ("s12315.csv", &[("2026-01-03", "售后服务", "true"), ("2026-01-08", "质量", "false")]),
    ("s12345.csv", &[("2026-01-02", "投诉", "true"), ("2026-01-03", "咨询", "false")]),
    ("s12300.csv", &[("2026-01-02", "服务质量", "true")]),
    ("chezhi.csv", &[("2026-01-01", "变速箱", "false")]),
    ("heimao.json", &[("2026-01-05", "退款", "true"), ("2026-01-06", "换货", "false")]),
    ("wxpay.json", &[("2026-01-10", "REFUND", "true")]),
];

#[test]
fn complaints_of_every_service_are_read_without_a_mapping() {
    let home = tempfile::tempdir().unwrap();
    for (file, wanted) in STYLES {
        let out = home.path().join(file);
        let path = Path::new("tests/data/complaints").join(file);
        let run = Command::new(env!("CARGO_BIN_EXE_tohuman"))
            .args(["report", "sample_data/chats_en.csv", "-q", "--complaints"])
            .arg(&path)
            .arg("--out")
            .arg(&out)
            .output()
            .unwrap();
        assert!(run.status.success(), "{file}: {}", String::from_utf8_lossy(&run.stderr));
        let mut table = csv::Reader::from_path(out.join("complaints.csv")).unwrap();
        let names = table.headers().unwrap().clone();
        let at = |name: &str| names.iter().position(|n| n == name).unwrap();
        let (date, category, about) = (at("date"), at("category"), at("about_reaching_human"));
        let rows: Vec<csv::StringRecord> = table.records().map(Result::unwrap).collect();
        let found: Vec<(&str, &str, &str)> =
            rows.iter().map(|r| (&r[date], &r[category], &r[about])).collect();
        assert_eq!(found, wanted, "{file}");
    }
}

#[test]
fn no_number_of_a_complainant_leaves_the_tool() {
    let home = tempfile::tempdir().unwrap();
    let out = home.path().join("out");
    let run = Command::new(env!("CARGO_BIN_EXE_tohuman"))
        .args(["report", "sample_data/chats_en.csv", "-q", "--complaints"])
        .args(["tests/data/complaints/s12315.csv", "--out"])
        .arg(&out)
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    for entry in std::fs::read_dir(&out).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
            assert!(!text.contains("1380000"), "{} names a caller", path.display());
        }
    }
}
