//! Lexicon files as read: TOML into phrases by meaning, each knowing its file and line, and the
//! merging of several files of one language.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::LexiconError;
use crate::text::cue::Cue;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    language: String,
    spaced: Option<bool>,
    #[serde(default)]
    fillers: Vec<Spanned<String>>,
    #[serde(default)]
    hesitations: Vec<String>,
    #[serde(default)]
    spelling: Vec<String>,
    #[serde(default)]
    not_misspelt: Vec<String>,
    #[serde(default)]
    sets: BTreeMap<String, Vec<Spanned<String>>>,
    #[serde(default)]
    meaning: BTreeMap<Cue, RawMeaning>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
#[derive(Default)]
struct RawMeaning {
    any: Vec<Spanned<String>>,
    bare: Vec<Spanned<String>>,
    whole: Vec<Spanned<String>>,
    unless: Vec<Spanned<String>>,
    remove: Vec<Spanned<String>>,
    matches: Vec<Spanned<String>>,
    misses: Vec<Spanned<String>>,
}

/// A pattern as written, and where.
#[derive(Clone, Debug)]
pub(super) struct Phrase {
    pub(super) text: String,
    pub(super) file: String,
    pub(super) line: usize,
}

impl Phrase {
    pub(super) fn error(&self, what: impl Into<String>) -> LexiconError {
        LexiconError { file: self.file.clone(), line: Some(self.line), what: what.into() }
    }
}

/// The phrases of one meaning in one language.
#[derive(Clone, Debug, Default)]
pub(super) struct Meaning {
    pub(super) any: Vec<Phrase>,
    pub(super) bare: Vec<Phrase>,
    pub(super) whole: Vec<Phrase>,
    pub(super) unless: Vec<Phrase>,
    /// Taken away by a later file: nothing else may read the meaning in a line for such a phrase.
    pub(super) gone: Vec<Phrase>,
}

/// One language, all its files merged.
#[derive(Clone, Debug, Default)]
pub(super) struct Language {
    /// Its code, e.g. `zh`.
    pub(super) name: String,
    /// Words are set apart by spaces: phrases then begin and end at word boundaries, and a space
    /// does not end an utterance.
    pub(super) spaced: bool,
    /// What may stand around a bare phrase.
    pub(super) fillers: Vec<Phrase>,
    /// Words of hesitation, which speech recognition writes down: passed over beside other words.
    pub(super) hesitations: Vec<String>,
    /// Words whose one-letter misspellings are read as them.
    pub(super) spelling: Vec<String>,
    /// Words that are no misspellings.
    pub(super) not_misspelt: Vec<String>,
    /// Named alternatives.
    pub(super) sets: BTreeMap<String, Vec<Phrase>>,
    /// Phrases by meaning.
    pub(super) meanings: BTreeMap<Cue, Meaning>,
}

/// A sentence with what it must do.
#[derive(Clone, Debug)]
pub(super) struct Example {
    pub(super) cue: Cue,
    pub(super) sentence: String,
    pub(super) wanted: bool,
    pub(super) line: usize,
}

/// One file, parsed.
pub(super) struct File<'t> {
    name: &'t str,
    text: &'t str,
    raw: Raw,
}

/// Parses one file.
pub(super) fn parse<'t>(name: &'t str, text: &'t str) -> Result<File<'t>, LexiconError> {
    let raw = toml::from_str(text).map_err(|e| LexiconError {
        file: name.to_owned(),
        line: e.span().map(|span| line_of(text, span.start)),
        what: e.message().replace('\n', " "),
    })?;
    Ok(File { name, text, raw })
}

fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|b| *b == b'\n').count() + 1
}

impl File<'_> {
    fn phrases(&self, spanned: &[Spanned<String>]) -> Vec<Phrase> {
        spanned
            .iter()
            .map(|s| Phrase {
                text: s.get_ref().clone(),
                file: self.name.to_owned(),
                line: line_of(self.text, s.span().start),
            })
            .collect()
    }

    /// The sentences of the file.
    pub(super) fn examples(&self) -> Vec<Example> {
        let mut examples = Vec::new();
        for (cue, meaning) in &self.raw.meaning {
            for (sentences, wanted) in [(&meaning.matches, true), (&meaning.misses, false)] {
                examples.extend(self.phrases(sentences).into_iter().map(|p| Example {
                    cue: *cue,
                    sentence: p.text,
                    wanted,
                    line: p.line,
                }));
            }
        }
        examples
    }

    /// Adds the file to the language that it names, which is created where it is new.
    pub(super) fn add_to(&self, languages: &mut Vec<Language>) -> Result<(), LexiconError> {
        let raw = &self.raw;
        let at = languages.iter().position(|l| l.name == raw.language).unwrap_or_else(|| {
            languages.push(Language {
                name: raw.language.clone(),
                spaced: raw.spaced.unwrap_or(true),
                ..Language::default()
            });
            languages.len() - 1
        });
        let language = &mut languages[at];
        language.fillers.extend(self.phrases(&raw.fillers));
        language.hesitations.extend(raw.hesitations.iter().cloned());
        language.spelling.extend(raw.spelling.iter().cloned());
        language.not_misspelt.extend(raw.not_misspelt.iter().cloned());
        for (name, set) in &raw.sets {
            language.sets.entry(name.clone()).or_default().extend(self.phrases(set));
        }
        for (cue, meaning) in &raw.meaning {
            let known = language.meanings.entry(*cue).or_default();
            for gone in self.phrases(&meaning.remove) {
                remove(known, &gone)?;
            }
            known.any.extend(self.phrases(&meaning.any));
            known.bare.extend(self.phrases(&meaning.bare));
            known.whole.extend(self.phrases(&meaning.whole));
            known.unless.extend(self.phrases(&meaning.unless));
        }
        Ok(())
    }
}

fn remove(known: &mut Meaning, gone: &Phrase) -> Result<(), LexiconError> {
    let count = |m: &Meaning| m.any.len() + m.bare.len() + m.whole.len() + m.unless.len();
    let before = count(known);
    let said = known.any.iter().chain(&known.bare).chain(&known.whole);
    if said.into_iter().any(|p| p.text == gone.text) {
        known.gone.push(gone.clone());
    }
    for list in [&mut known.any, &mut known.bare, &mut known.whole, &mut known.unless] {
        list.retain(|p| p.text != gone.text);
    }
    if count(known) == before {
        return Err(gone.error(format!(
            "\"{}\" is to be removed but is not there; write the pattern as the lexicon has it",
            gone.text
        )));
    }
    Ok(())
}
