//! A desk's own model: what its stock replies do, and in how many messages its words occur.
//!
//! Learnt by its own command from the desk's own log, read here; a line whose masked form is a
//! template of the model gets the meaning of its role, beside what the lexicons read. A model is
//! named and hashed like a lexicon (METRICS, section 1).

mod file;
mod role;

use std::collections::{BTreeMap, HashMap};

use sha2::{Digest, Sha256};

use super::LexiconError;
use super::cue::CueHit;
use super::normalise::mask;
pub use file::{Basis, Evidence, FORMAT, LogSize, ModelFile, ModelInput, Template, Weights};
pub use role::Role;

/// Stands for the varying part of a template; no normalised text holds it.
pub const SLOT: char = '*';

/// Longest text that may stand for a slot, in characters.
pub const SLOT_CHARS: usize = 24;

/// A model file, read and made ready.
#[derive(Clone, Debug)]
pub struct DeskModel {
    name: String,
    sha256: String,
    exact: HashMap<String, Role>,
    slotted: Vec<Slotted>,
    weights: Weights,
}

/// A template with one varying part.
#[derive(Clone, Debug)]
struct Slotted {
    before: String,
    after: String,
    text: String,
    role: Role,
}

impl DeskModel {
    /// Reads a model file. `name` is the path as given: it stands in messages and in reports.
    ///
    /// # Errors
    /// When it is no TOML, has an unknown key, role or format, or a text that no line can equal.
    pub fn from_toml(name: &str, toml: &str) -> Result<Self, LexiconError> {
        let error = |line, what: String| LexiconError {
            file: name.to_owned(),
            line,
            what: one_line(&what),
        };
        let line_at = |at: usize| toml[..at.min(toml.len())].matches('\n').count() + 1;
        let file: ModelFile = toml::from_str(toml)
            .map_err(|e| error(e.span().map(|s| line_at(s.start)), e.message().to_owned()))?;
        if file.format != FORMAT {
            return Err(error(None, format!("format {} is not {FORMAT}", file.format)));
        }
        let mut exact = HashMap::new();
        let mut slotted: BTreeMap<(String, String), Slotted> = BTreeMap::new();
        for template in file.templates {
            let (text, role) = (template.text, template.role);
            let line = toml.find(&format!("\"{text}\"")).map(line_at);
            if let Some(fault) = fault(&text) {
                return Err(error(line, fault));
            }
            let twice = if let Some((before, after)) = text.split_once(SLOT) {
                let key = (before.to_owned(), after.to_owned());
                let (before, after) = key.clone();
                slotted.insert(key, Slotted { before, after, text: text.clone(), role }).is_some()
            } else {
                exact.insert(text.clone(), role).is_some()
            };
            if twice {
                return Err(error(line, format!("`{text}` stands twice")));
            }
        }
        let slotted = slotted.into_values().collect();
        let sha256 = hex(&Sha256::digest(toml.as_bytes()));
        Ok(Self { name: name.to_owned(), sha256, exact, slotted, weights: file.weights })
    }

    /// The name it was read under, and the SHA-256 of its bytes.
    #[must_use]
    pub fn hash(&self) -> (&str, &str) {
        (&self.name, &self.sha256)
    }

    /// In how many of the desk's messages a word occurs.
    #[must_use]
    pub const fn weights(&self) -> &Weights {
        &self.weights
    }

    /// What a line of bot or system does, and the template that says so. An exact template goes
    /// before one with a varying part, of these the one with the most fixed text.
    #[must_use]
    pub fn role(&self, text: &str) -> Option<(Role, String)> {
        let masked = mask(text);
        if let Some(role) = self.exact.get(&masked) {
            return Some((*role, masked));
        }
        let slotted = self
            .slotted
            .iter()
            .filter(|s| s.fits(&masked))
            .max_by_key(|s| s.before.len() + s.after.len())?;
        Some((slotted.role, slotted.text.clone()))
    }

    /// The meaning a line of bot or system has by its template.
    pub(super) fn read(&self, text: &str) -> Option<CueHit> {
        let (role, matched) = self.role(text)?;
        Some(CueHit { cue: role.cue()?, matched })
    }
}

impl Slotted {
    fn fits(&self, masked: &str) -> bool {
        masked
            .strip_prefix(self.before.as_str())
            .and_then(|rest| rest.strip_suffix(self.after.as_str()))
            .is_some_and(|slot| !slot.is_empty() && slot.chars().count() <= SLOT_CHARS)
    }
}

/// Why no line can equal this text.
fn fault(text: &str) -> Option<String> {
    match text.matches(SLOT).count() {
        0 => {
            let masked = mask(text);
            (masked != text).then(|| format!("no line equals `{text}`: write it as `{masked}`"))
        }
        1 if text.chars().filter(|c| c.is_alphanumeric()).count() < 4 => {
            Some(format!("`{text}` is too short to tell replies apart"))
        }
        1 => None,
        _ => Some(format!("`{text}` has more than one `{SLOT}`")),
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(64), |mut hex, byte| {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Cue;

    const HEAD: &str = "format = 1\nname = \"desk\"\n";

    fn model(templates: &str) -> Result<DeskModel, LexiconError> {
        DeskModel::from_toml("desk.model", &format!("{HEAD}{templates}"))
    }

    #[test]
    fn a_masked_line_gets_the_role_of_its_template() {
        let model = model(
            "[[template]]\nrole = \"fallback\"\ntext = \"小鱼走神了,第#次\"\n\
             [[template]]\nrole = \"answer\"\ntext = \"open from #\"\n\
             [[template]]\nrole = \"hold\"\ntext = \"去叫*过来,别走开\"\n",
        )
        .unwrap();
        let hit = model.read("小鱼走神了，第3次！").unwrap();
        assert_eq!((hit.cue, hit.matched.as_str()), (Cue::Fallback, "小鱼走神了,第#次"));
        assert_eq!(model.read("Open from 9:00"), None, "an answer has no meaning");
        assert_eq!(model.role("Open from 9:00").unwrap().0, Role::Answer);
        let hit = model.read("去叫阿强过来，别走开").unwrap();
        assert_eq!((hit.cue, hit.matched.as_str()), (Cue::Holding, "去叫*过来,别走开"));
        assert_eq!(model.read("去叫过来，别走开"), None, "the slot holds something");
        assert_eq!(model.read("小鱼走神"), None);
    }

    #[test]
    fn a_malformed_model_names_its_line() {
        for (templates, line, what) in [
            ("[[template]]\nrole = \"nonsense\"\ntext = \"a\"\n", Some(4), "unknown variant"),
            ("[[template]]\nrol = \"hold\"\ntext = \"a\"\n", Some(4), "unknown field"),
            ("[[template]]\nrole = \"hold\"\ntext = \"Hold On\"\n", Some(5), "`hold on`"),
            ("[[template]]\nrole = \"hold\"\ntext = \"*等*\"\n", Some(5), "more than one"),
            ("not toml", Some(3), "expected"),
        ] {
            let error = model(templates).unwrap_err();
            assert_eq!(error.line, line, "{error}");
            assert!(error.what.contains(what), "{error}");
            assert!(!error.to_string().contains('\n'), "{error}");
        }
        let error = DeskModel::from_toml("m", "format = 9\nname = \"x\"\n").unwrap_err();
        assert!(error.what.contains("format 9"), "{error}");
    }

    #[test]
    fn a_file_is_read_as_it_was_written() {
        let mut file = ModelFile { format: FORMAT, name: "desk".to_owned(), ..Default::default() };
        file.templates.push(Template {
            role: Role::Closing,
            text: "bye \"dear\" #".to_owned(),
            basis: Basis::Place,
            why: None,
            evidence: Some(Evidence {
                conversations: 7,
                likeness: Some(0.125),
                ..Default::default()
            }),
        });
        file.weights.df.insert("messages".to_owned(), 9);
        let text = file.to_toml();
        assert_eq!(toml::from_str::<ModelFile>(&text).unwrap(), file, "{text}");
    }
}
