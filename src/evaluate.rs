//! The benchmarks: how well requests for a human, and complaints about not reaching one, are found,
//! and how well two wordings of one
//! question are told from two questions. Nothing is fitted on the file: what is judged is what the
//! pipeline uses. Undefined figures (no positive line, say) are `None`, never 0.

mod dialogues;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

pub use self::dialogues::{DialogueEvaluation, DialogueScores, Half, dialogues, samples};
use crate::detect::claims;
use crate::error::{Error, Result};
use crate::text::{Lexicons, Side, Similarity, harmless, is_request, redact};

/// Found and missed among labelled lines.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct RequestScores {
    /// Lines.
    pub n: usize,
    /// Lines labelled 1.
    pub positive: usize,
    /// Labelled 1 and found.
    pub tp: usize,
    /// Labelled 0 and found.
    pub fp: usize,
    /// Labelled 1 and missed.
    #[serde(rename = "fn")]
    pub missed: usize,
    /// Labelled 0 and not found.
    pub tn: usize,
    /// tp / (tp + fp).
    pub precision: Option<f64>,
    /// tp / (tp + fn).
    pub recall: Option<f64>,
    /// 2 tp / (2 tp + fp + fn).
    pub f1: Option<f64>,
}

/// How well the similarity orders pairs, and how well it decides at the shipped threshold.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RephraseScores {
    /// Pairs.
    pub n: usize,
    /// Pairs labelled 1.
    pub positive: usize,
    /// Chance that a pair of label 1 scores above one of label 0, ties half (Mann-Whitney).
    pub auc: Option<f64>,
    /// The shipped threshold; a pair counts as found at or above it.
    pub threshold: f64,
    /// tp / (tp + fp).
    pub precision: Option<f64>,
    /// tp / (tp + fn).
    pub recall: Option<f64>,
    /// 2 tp / (2 tp + fp + fn).
    pub f1: Option<f64>,
    /// (tp + tn) / n.
    pub accuracy: Option<f64>,
    /// Name of each model that the scores depend on and the SHA-256 of its bytes.
    pub models: BTreeMap<String, String>,
}

/// Scores and, line by line, what was predicted.
#[derive(Clone, Debug)]
pub struct Evaluation<S> {
    /// The figures.
    pub scores: S,
    /// The predictions file: the columns of the input, `predicted`, and for pairs the score.
    pub predictions: String,
}

/// Evaluates "asks for a human" on lines `text<TAB>0/1`; `path` is for messages only.
///
/// # Errors
/// A line that is not of that form.
pub fn requests(
    path: &str,
    content: &str,
    lexicons: &Lexicons,
) -> Result<Evaluation<RequestScores>> {
    lines(path, content, |text| is_request(&lexicons.read(text, Side::Customer)))
}

/// Evaluates "tells of not reaching a human" on lines `text<TAB>0/1`; `path` is for messages only.
///
/// # Errors
/// A line that is not of that form.
pub fn complaints(
    path: &str,
    content: &str,
    lexicons: &Lexicons,
) -> Result<Evaluation<RequestScores>> {
    lines(path, content, |text| claims::read(text, lexicons).about_reaching_human())
}

/// Evaluates a yes or no on lines `text<TAB>0/1`.
fn lines(
    path: &str,
    content: &str,
    predict: impl Fn(&str) -> bool,
) -> Result<Evaluation<RequestScores>> {
    let mut counts = Counts::default();
    let mut predictions = String::new();
    for row in rows::<1>(path, content, "text<TAB>0/1") {
        let ([text], label) = row?;
        let predicted = predict(text);
        counts.add(label, predicted);
        // Writing to a String cannot fail.
        let _ =
            writeln!(predictions, "{}\t{}\t{}", cell(text), u8::from(label), u8::from(predicted));
    }
    let Counts { tp, fp, missed, tn } = counts;
    let scores = RequestScores {
        n: counts.n(),
        positive: tp + missed,
        tp,
        fp,
        missed,
        tn,
        precision: counts.precision(),
        recall: counts.recall(),
        f1: counts.f1(),
    };
    Ok(Evaluation { scores, predictions })
}

/// Labelled lines `text<TAB>0/1`, or labelled conversations (what the customer wrote; `request` asks), as
/// `tune --requests` takes them.
///
/// # Errors
/// A line that is not of that form.
pub fn labelled(path: &str, content: &str, half: Half) -> Result<Vec<(String, bool)>> {
    if content.starts_with("conversation\t") {
        return dialogues::requests(path, content, half);
    }
    let row = |row: Result<([&str; 1], bool)>| row.map(|([text], asks)| (text.to_owned(), asks));
    rows::<1>(path, content, "text<TAB>0/1").map(row).collect()
}

/// A text as it leaves the tool: masked, and nothing that a spreadsheet would run.
fn cell(text: &str) -> String {
    harmless(&redact(text))
}

/// Evaluates similarity on lines `a<TAB>b<TAB>0/1`; `path` is for messages only.
///
/// # Errors
/// A line that is not of that form.
pub fn rephrase(
    path: &str,
    content: &str,
    similarity: &Similarity,
) -> Result<Evaluation<RephraseScores>> {
    let mut counts = Counts::default();
    let mut ranked = Vec::new();
    let mut predictions = String::new();
    for row in rows::<2>(path, content, "a<TAB>b<TAB>0/1") {
        let ([a, b], label) = row?;
        let score = similarity.score_by_all(a, b);
        let predicted = score >= similarity.threshold();
        counts.add(label, predicted);
        ranked.push((score, label));
        let (truth, found) = (u8::from(label), u8::from(predicted));
        let _ = writeln!(predictions, "{}\t{}\t{truth}\t{found}\t{score:.4}", cell(a), cell(b));
    }
    let scores = RephraseScores {
        n: counts.n(),
        positive: counts.tp + counts.missed,
        auc: auc(ranked),
        threshold: similarity.threshold(),
        precision: counts.precision(),
        recall: counts.recall(),
        f1: counts.f1(),
        accuracy: ratio(counts.tp + counts.tn, counts.n()),
        models: similarity.hashes(),
    };
    Ok(Evaluation { scores, predictions })
}

/// The text columns and the label of each line. A last line without content is none; a byte order
/// mark and the carriage returns of Windows belong to no column.
fn rows<'t, const TEXTS: usize>(
    path: &'t str,
    content: &'t str,
    form: &'static str,
) -> impl Iterator<Item = Result<([&'t str; TEXTS], bool)>> {
    let content = content.strip_prefix('\u{feff}').unwrap_or(content);
    content.strip_suffix('\n').unwrap_or(content).split('\n').enumerate().filter_map(
        move |(i, line)| {
            let line = line.strip_suffix('\r').unwrap_or(line);
            if content.trim().is_empty() {
                return None;
            }
            let wrong = |what: String| Error::Input {
                path: path.to_owned(),
                line: Some(i as u64 + 1),
                what,
                way_out: format!("write each line as {form}"),
            };
            let columns: Vec<&str> = line.split('\t').collect();
            let Some((label, texts)) = columns.split_last() else {
                return Some(Err(wrong("nothing there".into())));
            };
            let label = match label.trim() {
                "0" => false,
                "1" => true,
                other => return Some(Err(wrong(format!("the label is \"{other}\", not 0 or 1")))),
            };
            let found = columns.len();
            Some(
                <[&str; TEXTS]>::try_from(texts)
                    .map(|texts| (texts, label))
                    .map_err(|_| wrong(format!("{found} columns, not {}", TEXTS + 1))),
            )
        },
    )
}

#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    tp: usize,
    fp: usize,
    missed: usize,
    tn: usize,
}

impl Counts {
    fn add(&mut self, label: bool, predicted: bool) {
        match (label, predicted) {
            (true, true) => self.tp += 1,
            (false, true) => self.fp += 1,
            (true, false) => self.missed += 1,
            (false, false) => self.tn += 1,
        }
    }

    fn n(&self) -> usize {
        self.tp + self.fp + self.missed + self.tn
    }

    fn precision(&self) -> Option<f64> {
        ratio(self.tp, self.tp + self.fp)
    }

    fn recall(&self) -> Option<f64> {
        ratio(self.tp, self.tp + self.missed)
    }

    fn f1(&self) -> Option<f64> {
        ratio(2 * self.tp, 2 * self.tp + self.fp + self.missed)
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts below 2^53")]
fn ratio(hits: usize, of: usize) -> Option<f64> {
    (of > 0).then(|| hits as f64 / of as f64)
}

/// Area under the ROC curve by ranks, ties at their mean rank; `None` where a class is empty.
#[expect(clippy::cast_precision_loss, reason = "counts below 2^53")]
fn auc(mut ranked: Vec<(f64, bool)>) -> Option<f64> {
    ranked.sort_by(|a, b| a.0.total_cmp(&b.0));
    let positive = ranked.iter().filter(|s| s.1).count();
    let negative = ranked.len() - positive;
    let mut rank_sum = 0.0;
    let mut before = 0;
    for tied in ranked.chunk_by(|a, b| a.0.total_cmp(&b.0).is_eq()) {
        let mean_rank = before as f64 + f64::midpoint(tied.len() as f64, 1.0);
        rank_sum += mean_rank * tied.iter().filter(|s| s.1).count() as f64;
        before += tied.len();
    }
    let lowest = (positive * (positive + 1)) as f64 / 2.0;
    (positive > 0 && negative > 0)
        .then(|| (rank_sum - lowest) / (positive as f64 * negative as f64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_counted() {
        let lexicons = Lexicons::builtin().expect("compiles");
        let file = "转人工\t1\n你是人工吗\t0\n快递呢\t1\r\n";
        let evaluation = requests("f.tsv", file, &lexicons).expect("well formed");
        let s = evaluation.scores;
        assert_eq!((s.n, s.tp, s.fp, s.missed, s.tn), (3, 1, 0, 1, 1));
        assert_eq!(s.f1, Some(2.0 / 3.0));
        assert_eq!(evaluation.predictions.lines().next(), Some("转人工\t1\t1"));
    }

    #[test]
    fn complaints_are_counted() {
        let lexicons = Lexicons::builtin().expect("compiles");
        let file = "客服电话打了二十次都没人接\t1\n收到的杯子碎了\t0\n";
        let s = complaints("f.tsv", file, &lexicons).expect("well formed").scores;
        assert_eq!((s.n, s.tp, s.tn, s.f1), (2, 1, 1, Some(1.0)));
    }

    #[test]
    fn undefined_is_null() {
        let lexicons = Lexicons::builtin().expect("compiles");
        let scores = requests("f.tsv", "hello\t0\n", &lexicons).expect("well formed").scores;
        let json = serde_json::to_string(&scores).expect("serialises");
        assert_eq!(
            json,
            r#"{"n":1,"positive":0,"tp":0,"fp":0,"fn":0,"tn":1,"precision":null,"recall":null,"f1":null}"#
        );
        assert_eq!(requests("f.tsv", "", &lexicons).expect("empty").scores.n, 0);
    }

    #[test]
    fn a_malformed_line_is_named() {
        let lexicons = Lexicons::builtin().expect("compiles");
        for (file, start) in [
            ("a\t1\nb\n", "f.tsv, line 2: the label is \"b\", not 0 or 1"),
            ("a\tb\t1\n", "f.tsv, line 1: 3 columns, not 2"),
            ("a\t2\n", "f.tsv, line 1: the label is \"2\""),
        ] {
            let error = requests("f.tsv", file, &lexicons).unwrap_err().to_string();
            assert!(error.starts_with(start), "{error}");
        }
    }

    #[test]
    fn auc_by_hand() {
        // Pairs (1 over 0): .9>.5, .9>.1, .5=.5 half, .5>.1 -> 3.5 of 4.
        let ranked = vec![(0.9, true), (0.5, true), (0.5, false), (0.1, false)];
        assert_eq!(auc(ranked), Some(0.875));
        assert_eq!(auc(vec![(0.9, true)]), None);
    }
}
