//! Lexicons: phrases by meaning, one file per language, plus a desk's own words.
//!
//! A file (`src/text/lexicons/<language>.toml`) gives for each meaning of `Cue`:
//! `any` (patterns found anywhere in the line), `bare` (patterns that must be a whole utterance,
//! fillers aside), `whole` (patterns that must be the whole line), `unless` (a hit that such a pattern touches is taken back), and the sentences
//! it must (`matches`) and must not (`misses`) find. Pattern language: see `pattern`.
//! A language is added by one file and one line in `BUILTIN`.

mod beginnings;
mod file;
mod literals;
mod pattern;
mod reader;
mod ways;

use std::collections::BTreeMap;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::asking::AskModel;
use super::cue::{Cue, CueHit, Side};
use super::cues::Cues;
use super::desk::DeskModel;
use super::memo::Memo;
use super::normalise::normalise;
use super::words::Words;
use file::Language;
use reader::Reader;

/// The languages that are shipped.
const BUILTIN: &[(&str, &str)] =
    &[("zh", include_str!("../lexicons/zh.toml")), ("en", include_str!("../lexicons/en.toml"))];

/// What asks for a human.
const ASKING: [Cue; 2] = [Cue::Request, Cue::SupervisorRequest];

/// Why a lexicon file cannot be used: one line, with the file and where known the line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}{}: {what}", line.map(|l| format!(", line {l}")).unwrap_or_default())]
pub struct LexiconError {
    /// The file as named by the caller.
    pub file: String,
    /// Line, from 1.
    pub line: Option<usize>,
    /// What is wrong and what to do.
    pub what: String,
}

/// Compiled lexicons of all languages. Shared between threads by reference.
#[derive(Debug)]
pub struct Lexicons {
    languages: Vec<Language>,
    hashes: BTreeMap<String, String>,
    customer: Reader,
    desk: Reader,
    /// What the desk's stock replies do, where it was learnt.
    model: Option<DeskModel>,
    /// Requests in words that no lexicon lists.
    asking: AskModel,
    complainant: Reader,
    memo: Memo<Side, Words>,
}

impl Lexicons {
    /// The shipped lexicons.
    ///
    /// # Errors
    /// None while the tests of this file pass: the shipped files are embedded.
    pub fn builtin() -> Result<Self, LexiconError> {
        let mut languages = Vec::new();
        let mut hashes = BTreeMap::new();
        for (name, text) in BUILTIN {
            file::parse(&format!("{name}.toml"), text)?.add_to(&mut languages)?;
            hashes.insert((*name).to_owned(), sha256(text));
        }
        Self::compile(languages, hashes)
    }

    /// Adds a desk's own words (and takes away those that it names under `remove`), then runs the
    /// sentences of that file against the whole.
    ///
    /// # Errors
    /// A file that cannot be read, a pattern that does not compile, a phrase to remove that is not
    /// there, a sentence of the file that does not do what it says.
    pub fn with_user(self, name: &str, toml: &str) -> Result<Self, LexiconError> {
        let parsed = file::parse(name, toml)?;
        let examples = parsed.examples();
        let (mut languages, mut hashes) = (self.languages, self.hashes);
        parsed.add_to(&mut languages)?;
        hashes.insert(name.to_owned(), sha256(toml));
        let all =
            Self { model: self.model, asking: self.asking, ..Self::compile(languages, hashes)? };
        all.check(name, &examples)?;
        Ok(all)
    }

    /// Reads bot and system lines by a desk's templates too; its hash stands beside the others. A model
    /// that was given before is not read any more.
    #[must_use]
    pub fn with_model(mut self, model: DeskModel) -> Self {
        self.memo = Memo::default();
        if let Some(before) = self.model.take() {
            self.hashes.remove(before.hash().0);
        }
        let (name, sha256) = model.hash();
        self.hashes.insert(name.to_owned(), sha256.to_owned());
        self.model = Some(model);
        self
    }

    /// Reads requests that no lexicon lists by this model; its hash takes the place of the shipped one's.
    #[must_use]
    pub fn with_asking(mut self, model: AskModel) -> Self {
        self.memo = Memo::default();
        self.asking = model;
        self
    }

    /// The desk's model, where one is given.
    #[must_use]
    pub const fn model(&self) -> Option<&DeskModel> {
        self.model.as_ref()
    }

    /// Name of each file and the SHA-256 of its bytes, in hexadecimal.
    #[must_use]
    pub fn hashes(&self) -> BTreeMap<String, String> {
        let mut hashes = self.hashes.clone();
        let (name, sha256) = self.asking.hash();
        hashes.insert(format!("requests ({name})"), sha256.to_owned());
        hashes
    }

    /// The sentences of the shipped lexicons that do and do not ask for a human, for fitting.
    ///
    /// # Errors
    /// None while the tests of this file pass.
    pub fn asking_examples() -> Result<Vec<(String, bool)>, LexiconError> {
        let mut out = Vec::new();
        for (name, text) in BUILTIN {
            let examples = file::parse(&format!("{name}.toml"), text)?.examples();
            let asking = examples.into_iter().filter(|e| ASKING.contains(&e.cue));
            out.extend(asking.map(|e| (e.sentence, e.wanted)));
        }
        Ok(out)
    }

    /// What a line does. Desk meanings are read in agents' lines too.
    #[must_use]
    pub fn read(&self, text: &str, side: Side) -> Arc<Cues> {
        Arc::clone(&self.words(text, side).cues)
    }

    /// The line with what it does and what else depends on its text alone.
    #[must_use]
    pub fn words(&self, text: &str, side: Side) -> Arc<Words> {
        self.memo.get(side, text, || {
            let plain = normalise(text);
            let cues = self.read_anew(&plain, side);
            Words::new(plain, cues)
        })
    }

    fn read_anew(&self, text: &str, side: Side) -> Cues {
        let found = match side {
            Side::Customer => self.customer.read(text),
            Side::Desk | Side::Agent => self.desk.read(text),
            Side::Complainant => self.complainant.read(text),
        };
        let known = found.taken_back.iter().any(|cue| ASKING.contains(cue));
        let mut cues = Cues::new(found.hits);
        if side == Side::Customer && !known && self.asks(text, &cues) {
            let matched = self.asking.phrase(text).to_owned();
            cues.add(CueHit { cue: Cue::Request, matched });
        }
        let learnt = self.model.as_ref().filter(|_| side == Side::Desk);
        if let Some(hit) = learnt.and_then(|model| model.read(text)) {
            cues.add(hit);
        }
        cues
    }

    /// Whether a line asks for a human in words that the lexicon lacks.
    fn asks(&self, text: &str, cues: &Cues) -> bool {
        // Who takes up a callback has asked before; who no longer needs it does not ask.
        ![Cue::Withdrawal, Cue::MessageAccepted].iter().any(|cue| cues.has(*cue))
            && !ASKING.iter().any(|cue| cues.has(*cue))
            && self.asking.asks(text)
    }

    fn compile(
        languages: Vec<Language>,
        hashes: BTreeMap<String, String>,
    ) -> Result<Self, LexiconError> {
        let customer = Reader::new(&languages, Side::Customer)?;
        let desk = Reader::new(&languages, Side::Desk)?;
        let complainant = Reader::new(&languages, Side::Complainant)?;
        Ok(Self {
            languages,
            hashes,
            customer,
            desk,
            model: None,
            asking: AskModel::builtin(),
            complainant,
            memo: Memo::default(),
        })
    }

    /// Every sentence does what its file says.
    fn check(&self, name: &str, examples: &[file::Example]) -> Result<(), LexiconError> {
        for example in examples {
            if self.read(&example.sentence, example.cue.side()).has(example.cue) != example.wanted {
                let verb = if example.wanted { "is not read" } else { "is read" };
                return Err(LexiconError {
                    file: name.to_owned(),
                    line: Some(example.line),
                    what: format!(
                        "\"{}\" {verb} as {}; change the sentence or the patterns",
                        example.sentence,
                        example.cue.name()
                    ),
                });
            }
        }
        Ok(())
    }
}

fn sha256(text: &str) -> String {
    use std::fmt::Write as _;
    Sha256::digest(text.as_bytes()).iter().fold(String::with_capacity(64), |mut hex, byte| {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shipped_sentences_do_what_they_say() {
        let lexicons = Lexicons::builtin().expect("compiles");
        let mut failures = Vec::new();
        for (name, text) in BUILTIN {
            for example in file::parse(name, text).expect("parses").examples() {
                if let Err(e) = lexicons.check(name, std::slice::from_ref(&example)) {
                    let cues = lexicons.read(&example.sentence, example.cue.side());
                    failures.push(format!("{e} {:?}", cues.get(example.cue)));
                }
            }
        }
        assert!(failures.is_empty(), "{} sentences:\n{}", failures.len(), failures.join("\n"));
    }

    #[test]
    fn no_way_that_matches_is_passed_over() {
        let lexicons = Lexicons::builtin().expect("compiles");
        for (name, text) in BUILTIN {
            for example in file::parse(name, text).expect("parses").examples() {
                let plain = normalise(&example.sentence);
                let reader = match example.cue.side() {
                    Side::Customer => &lexicons.customer,
                    Side::Complainant => &lexicons.complainant,
                    Side::Desk | Side::Agent => &lexicons.desk,
                };
                assert_eq!(reader.passed_over(&plain), None, "{plain}");
            }
        }
    }

    #[test]
    fn every_meaning_has_sentences_in_every_language() {
        for (name, text) in BUILTIN {
            let examples = file::parse(name, text).expect("parses").examples();
            for cue in Cue::ALL {
                for wanted in [true, false] {
                    let n = examples.iter().filter(|e| e.cue == *cue && e.wanted == wanted).count();
                    assert!(n >= 2, "{name}: {} has {n} sentences of wanted={wanted}", cue.name());
                }
            }
        }
    }

    #[test]
    fn a_desk_adds_and_removes() {
        let toml = "language = \"zh\"\n[meaning.request]\nany = [\"喊小二\"]\nremove = [\"zrg\"]\nmatches = [\"快喊小二来\"]\nmisses = [\"小二\"]\n";
        let lexicons =
            Lexicons::builtin().and_then(|l| l.with_user("desk.toml", toml)).expect("fits");
        assert!(lexicons.read("喊小二", Side::Customer).has(Cue::Request));
        assert!(!lexicons.read("zrg", Side::Customer).has(Cue::Request), "was removed");
        assert!(lexicons.hashes().contains_key("desk.toml"));
    }

    #[test]
    fn a_failing_sentence_names_file_line_and_sentence() {
        let toml = "language = \"zh\"\n[meaning.request]\nmatches = [\n\"今天天气好\"]\n";
        let error = Lexicons::builtin().and_then(|l| l.with_user("desk.toml", toml)).unwrap_err();
        assert_eq!(error.line, Some(4));
        assert!(error.to_string().starts_with("desk.toml, line 4: \"今天天气好\""), "{error}");
    }

    #[test]
    fn bad_files_are_refused_with_their_line() {
        for (toml, line) in [
            ("language = \"zh\"\n[meaning.nonsense]\n", 2),
            ("language = \"zh\"\n[meaning.request]\nany = [\"(a\"]\n", 3),
            ("language = \"zh\"\n[meaning.request]\nany = [\"{nothere}\"]\n", 3),
            ("language = \"zh\"\n[meaning.request]\nremove = [\"不在里面\"]\n", 3),
        ] {
            let error = Lexicons::builtin().and_then(|l| l.with_user("u", toml)).unwrap_err();
            assert_eq!(error.line, Some(line), "{error}");
        }
    }

    #[test]
    fn a_new_language_needs_one_file() {
        let toml = "language = \"es\"\nspaced = true\n[meaning.request]\nany = [\"hablar con (un|una) (agente|persona)\"]\nmatches = [\"Quiero hablar con una persona\"]\nmisses = [\"hablar\"]\n";
        assert!(Lexicons::builtin().and_then(|l| l.with_user("es.toml", toml)).is_ok());
    }
}
