//! Verdicts of a person on single findings: counted, printed, never silent. What was judged wrong is
//! taken out and the conversation read anew without it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use sha2::{Digest, Sha256};

use crate::detect::overruled::JUDGED;
use crate::detect::{Detection, Detector};
use crate::error::{Error, Result};
use crate::measure::finding::FindingIds;
use crate::model::{Conversation, Evidence, Overridden};

const COLUMNS: [&str; 4] = ["finding_id", "verdict", "who", "when"];

/// A list of verdicts, and which of them a run has met.
#[derive(Debug)]
pub struct Overrides {
    path: String,
    sha256: String,
    verdicts: BTreeMap<String, Verdict>,
    met: Mutex<BTreeSet<String>>,
}

#[derive(Clone, Copy, Debug)]
struct Verdict {
    wrong: bool,
    line: u64,
}

impl Overrides {
    /// Reads the list.
    ///
    /// # Errors
    /// When it is no such list, a verdict is unknown, nobody signed it, or one finding is judged twice.
    pub fn read(path: &Path) -> Result<Self> {
        let bytes =
            std::fs::read(path).map_err(|source| Error::Read { path: path.to_owned(), source })?;
        Self::parse(&path.display().to_string(), &bytes)
    }

    fn parse(path: &str, bytes: &[u8]) -> Result<Self> {
        let way_out =
            "write CSV in UTF-8 with the columns finding_id, verdict (ok, wrong), who, when";
        let body = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
        let mut reader = csv::Reader::from_reader(body);
        let unreadable =
            |e: csv::Error| Error::input(path, format!("is no such list ({e})"), way_out);
        let header = reader.headers().map_err(unreadable)?.clone();
        let mut places = [0; COLUMNS.len()];
        for (place, name) in places.iter_mut().zip(COLUMNS) {
            *place = header
                .iter()
                .position(|cell| cell.trim() == name)
                .ok_or_else(|| Error::input(path, format!("has no column `{name}`"), way_out))?;
        }
        let mut verdicts: BTreeMap<String, Verdict> = BTreeMap::new();
        for record in reader.records() {
            let record = record.map_err(unreadable)?;
            let line = record.position().map_or(0, csv::Position::line);
            let wrong = |what: String, way_out: &str| {
                let (path, way_out) = (path.to_owned(), way_out.to_owned());
                Err(Error::Input { path, line: Some(line), what, way_out })
            };
            let [id, verdict, who, when] =
                places.map(|i| record.get(i).unwrap_or_default().trim().to_owned());
            let is_wrong = match verdict.as_str() {
                "ok" => false,
                "wrong" => true,
                other => return wrong(format!("the verdict is \"{other}\""), "write ok or wrong"),
            };
            if who.is_empty() || when.is_empty() {
                return wrong("nobody stands for it".into(), "fill who and when");
            }
            let verdict = Verdict { wrong: is_wrong, line };
            if let Some(other) = verdicts.insert(id.clone(), verdict) {
                let what = format!("finding {id} is judged in line {} already", other.line);
                return wrong(what, "keep one of the two");
            }
        }
        let sha256 = Sha256::digest(bytes).iter().fold(String::new(), |s, b| format!("{s}{b:02x}"));
        Ok(Self { path: path.to_owned(), sha256, verdicts, met: Mutex::default() })
    }

    /// Of the bytes of the list.
    #[must_use]
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// Everything seen in a conversation but what was judged wrong, and the ids of the findings judged.
    ///
    /// # Errors
    /// When a finding is judged wrong that follows from others, or that the export itself marks.
    pub fn detect<'a>(
        &self,
        conversation: &'a Conversation,
        detector: &Detector,
    ) -> Result<(Detection<'a>, Vec<String>)> {
        let detection = detector.detect(conversation);
        let (mut judged, mut wrong) = (Vec::new(), Vec::new());
        let ids = FindingIds::of_conversation(conversation);
        for finding in &detection.findings {
            let id = ids.id(finding.rule.id(), finding.message);
            let Some(verdict) = self.verdicts.get(&id) else { continue };
            if verdict.wrong {
                let rule = finding.rule.id();
                let refused = |what: String, way_out: &str| {
                    Err(Error::Input {
                        path: self.path.clone(),
                        line: Some(verdict.line),
                        what,
                        way_out: way_out.to_owned(),
                    })
                };
                if !JUDGED.contains(&finding.rule) {
                    let names = JUDGED.map(crate::model::Rule::id).join(", ");
                    return refused(
                        format!("{id} is a finding of {rule}, which follows from others"),
                        &format!("judge what it follows from: {names}"),
                    );
                }
                if finding.evidence == Evidence::Explicit {
                    let what = format!("{id} ({rule}) is marked so by the export itself");
                    return refused(what, "correct the export, or its mapping");
                }
                wrong.push((finding.rule, finding.message));
            }
            judged.push(id);
        }
        if wrong.is_empty() {
            return Ok((detection, judged));
        }
        Ok((detector.detect_without(conversation, &wrong), judged))
    }

    /// Counts findings judged, once their conversation is known to be of the run.
    pub fn count(&self, judged: Vec<String>) {
        self.met.lock().unwrap_or_else(PoisonError::into_inner).extend(judged);
    }

    /// What the list did so far.
    #[must_use]
    pub fn result(&self) -> Overridden {
        let met = self.met.lock().unwrap_or_else(PoisonError::into_inner);
        let of = |wrong: bool| {
            let hit = |id: &&String| self.verdicts.get(*id).is_some_and(|v| v.wrong == wrong);
            met.iter().filter(hit).count() as u64
        };
        Overridden {
            file: self.path.clone(),
            sha256: self.sha256.clone(),
            verdicts: self.verdicts.len() as u64,
            taken_out: of(true),
            confirmed: of(false),
            unknown: self.verdicts.keys().filter(|id| !met.contains(*id)).cloned().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        Overrides::parse("o.csv", text.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn a_list_is_read_whole_or_refused_by_line() {
        let list =
            "\u{feff}finding_id,verdict,who,when\na1,wrong,LM,2026-01-02\nb2,ok,LM,2026-01-02\n";
        let list = Overrides::parse("o.csv", list.as_bytes()).unwrap();
        list.count(vec!["b2".to_owned()]);
        let done = list.result();
        assert_eq!((done.verdicts, done.taken_out, done.confirmed), (2, 0, 1));
        assert_eq!(done.unknown, ["a1"]);
        let head = "finding_id,verdict,who,when\n";
        for (rows, start) in [
            ("a,bad,x,y\n", "o.csv, line 2: the verdict is \"bad\"; write ok or wrong"),
            ("a,ok,,y\n", "o.csv, line 2: nobody stands for it"),
            ("a,ok,x,y\na,wrong,x,y\n", "o.csv, line 3: finding a is judged in line 2 already"),
        ] {
            let error = error(&format!("{head}{rows}"));
            assert!(error.starts_with(start), "{error}");
        }
        assert!(error("finding_id,verdict\n").contains("no column `who`"));
    }
}
