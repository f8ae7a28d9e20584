//! What complaints claim about reaching a human: own sentences, hits and near misses, and where
//! they are at hand the labelled lines of public sets, with precision and recall.
#![allow(clippy::unwrap_used, reason = "a test may stop at once")]

mod common;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use common::shared;
use serde::Deserialize;
use tohuman::detect::claims;
use tohuman::model::{Claims, Stated};
use tohuman::text::Lexicons;

static LEXICONS: LazyLock<Lexicons> =
    LazyLock::new(|| Lexicons::builtin().expect("shipped files fit"));

#[derive(Deserialize)]
struct Cases {
    case: Vec<Case>,
}

/// `attempts` and `wait_s`: the largest number said, `vague`, or absent; `said`: the words, each as
/// it must stand in the text.
#[derive(Deserialize)]
struct Case {
    text: String,
    about: bool,
    attempts: Option<toml::Value>,
    wait_s: Option<toml::Value>,
    #[serde(default)]
    said: Vec<String>,
}

fn number(value: Option<&toml::Value>) -> String {
    value.map_or("-".into(), |v| v.as_str().map_or_else(|| v.to_string(), str::to_owned))
}

fn shown(stated: Option<&Stated>) -> String {
    stated.map_or("-".into(), |s| s.value.map_or("vague".into(), |v| v.to_string()))
}

#[test]
fn own_sentences_hits_and_near_misses() {
    let cases: Cases =
        toml::from_str(&std::fs::read_to_string("tests/data/claims/cases.toml").unwrap()).unwrap();
    assert!(cases.case.len() >= 80, "{} cases", cases.case.len());
    let mut wrong = Vec::new();
    for case in &cases.case {
        let read = claims::read(&case.text, &LEXICONS);
        let is =
            (read.about_reaching_human(), shown(read.most_attempts()), shown(read.longest_wait()));
        let should = (case.about, number(case.attempts.as_ref()), number(case.wait_s.as_ref()));
        if is != should {
            wrong.push(format!("{}\n  is {is:?}, should be {should:?}; {read:?}", case.text));
        }
        let said: Vec<&str> =
            read.attempts.iter().chain(&read.waits).map(|s| &case.text[s.span.clone()]).collect();
        for words in &case.said {
            if !said.contains(&words.as_str()) {
                wrong.push(format!("{}\n  \"{words}\" is not in {said:?}", case.text));
            }
        }
        for found in &read.reaching {
            assert!(case.text.get(found.span.clone()).is_some(), "{found:?}");
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.case.len(), wrong.join("\n"));
}

#[test]
fn every_figure_on_complaints_leads_to_its_rows() {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("records.csv");
    let rows = "date,category,customer_id,text\n\
        2024-01-05,客服渠道,a,客服电话打了12次都没人接，我的号码13800138000没人联系\n\
        2024-01-06,客服渠道,b,等了半个小时人工一直占线\n\
        2024-01-06,客服渠道,b,等了半个小时人工一直占线\n\
        2024-01-07,物流,c,快递迟了三天\n\
        2024-01-08,Service,d,\n\
        2024-01-09,Service,e,I called several times and nobody answered the phone.\n";
    std::fs::write(&input, rows).unwrap();
    let out = folder.path().join("out");
    common::report(&["--complaints", input.to_str().unwrap()], &out);
    let table = common::read_csv(&out.join("complaints.csv"));
    let column = |name: &str| table.iter().map(|r| r[name].as_str()).collect::<Vec<_>>();
    assert_eq!(column("row"), ["2", "3", "5", "6", "7"], "the double is no counted record");
    assert_eq!(column("about_reaching_human"), ["true", "true", "false", "", "true"]);
    assert_eq!(column("stated_attempts"), ["12", "", "", "", ""]);
    assert_eq!(column("stated_attempts_bound"), ["exact", "", "", "", "vague"]);
    assert_eq!(column("stated_wait_s"), ["", "1800", "", "", ""]);
    let text = std::fs::read_to_string(out.join("complaints.csv")).unwrap();
    assert!(!text.contains("13800138000"), "{text}");
    let complaints = &common::json(&out)["complaints"];
    assert_eq!(complaints["about_reaching_human"]["hits"], 3);
    assert_eq!(complaints["about_reaching_human"]["of"], 4);
    assert_eq!(complaints["stated_attempts"]["n"], 1);
    assert_eq!(complaints["stated_attempts"]["vague"], 1);
    assert_eq!(complaints["stated_waits"]["p50_s"], 1800.0);
}

#[test]
fn evaluate_complaints_gives_the_keys_of_evaluate_requests() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("labelled.tsv");
    std::fs::write(&file, "客服热线永远占线\t1\n快递迟了三天\t0\n").unwrap();
    let keys = |what: &str| -> Vec<String> {
        let (out, _) = common::run(&["evaluate", what, file.to_str().unwrap()], 0);
        let scores: serde_json::Value = serde_json::from_str(&out).unwrap();
        scores.as_object().unwrap().keys().cloned().collect()
    };
    assert_eq!(keys("complaints"), keys("requests"));
}

/// One labelled line.
struct Label {
    row: u64,
    about: bool,
    attempts: String,
    wait_s: String,
}

fn labels() -> BTreeMap<String, Vec<Label>> {
    let text = std::fs::read_to_string("tests/data/claims/labels.tsv").unwrap();
    let mut out: BTreeMap<String, Vec<Label>> = BTreeMap::new();
    for line in text.lines().filter(|l| !l.starts_with('#')).skip(1) {
        let [file, row, about, attempts, wait_s] =
            line.split('\t').collect::<Vec<_>>().try_into().unwrap();
        out.entry(file.to_owned()).or_default().push(Label {
            row: row.parse().unwrap(),
            about: about == "1",
            attempts: attempts.to_owned(),
            wait_s: wait_s.to_owned(),
        });
    }
    out
}

/// Text by the line of the file at which the record begins.
fn texts(file: &std::path::Path, column: &str) -> BTreeMap<u64, String> {
    let bytes = std::fs::read(file).unwrap();
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let mut reader = csv::Reader::from_reader(bytes);
    let at = reader.headers().unwrap().iter().position(|h| h == column).unwrap();
    reader
        .records()
        .map(Result::unwrap)
        .map(|r| {
            let start = r.position().unwrap();
            // The reader leaves the line feed of CR LF to the next record.
            let left = bytes.get(usize::try_from(start.byte()).unwrap()) == Some(&b'\n');
            (start.line() + u64::from(left), r[at].to_owned())
        })
        .collect()
}

#[derive(Default)]
struct Score {
    tp: u32,
    fp: u32,
    missed: u32,
}

impl Score {
    /// A number counts as found only with the right value.
    fn add(&mut self, label: &str, found: &str) {
        let none = |s: &str| s == "-";
        self.tp += u32::from(!none(label) && label == found);
        self.fp += u32::from(!none(found) && label != found);
        self.missed += u32::from(!none(label) && label != found);
    }

    fn precision(&self) -> f64 {
        f64::from(self.tp) / f64::from(self.tp + self.fp)
    }

    fn recall(&self) -> f64 {
        f64::from(self.tp) / f64::from(self.tp + self.missed)
    }

    fn print(&self, of: &str) {
        let (tp, fp, missed) = (self.tp, self.fp, self.missed);
        let (p, r) = (self.precision(), self.recall());
        say(&format!(
            "{of}: precision {p:.3} ({tp} of {}), recall {r:.3} ({tp} of {})",
            tp + fp,
            tp + missed
        ));
    }
}

#[expect(clippy::print_stderr, reason = "the figures are what the test is run for")]
fn say(line: &str) {
    eprintln!("{line}");
}

#[test]
fn labelled_complaints_of_public_sets() {
    for (file, labels) in labels() {
        let Some(path) = shared(&format!("complaints/{file}")) else { continue };
        let column = if file.starts_with("zh") { "text" } else { "Consumer complaint narrative" };
        let texts = texts(&path, column);
        // Odd rows were looked at while the patterns were written, even ones were not.
        for held in [false, true] {
            let mut scores: [Score; 3] = Default::default();
            for label in labels.iter().filter(|l| (l.row % 2 == 0) == held) {
                let text = &texts[&label.row];
                assert!(!text.is_empty(), "{file}, row {}", label.row);
                let read: Claims = claims::read(text, &LEXICONS);
                let about = |yes: bool| if yes { "1" } else { "-" };
                let is = [
                    about(read.about_reaching_human()).to_owned(),
                    shown(read.most_attempts()),
                    shown(read.longest_wait()),
                ];
                let should =
                    [about(label.about).to_owned(), label.attempts.clone(), label.wait_s.clone()];
                if is != should && !held && std::env::var("SHOW").is_ok() {
                    say(&format!(
                        "{file} {}: is {is:?}, should be {should:?} {:?}",
                        label.row, read.reaching
                    ));
                }
                for i in 0..3 {
                    scores[i].add(&should[i], &is[i]);
                }
            }
            let half = if held { "held back" } else { "tuned on" };
            for (score, name) in scores.iter().zip(["about", "attempts", "wait"]) {
                score.print(&format!("{file}, {half}, {name}"));
            }
            assert!(scores[0].precision() >= 0.85 && scores[0].recall() >= 0.85, "{file}, {half}");
        }
    }
}
