//! Every sentence of the reports, one file per language (`words/*.toml`). A key that a file lacks
//! prints as `⟦key⟧`: visible to a reader, caught by a test, and no reason to stop a run.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

/// Language of the texts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Lang {
    /// Chinese (simplified).
    Zh,
    /// English.
    #[default]
    En,
}

impl Lang {
    /// The tag of the `lang` attribute.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh-Hans",
            Self::En => "en",
        }
    }
}

static ZH: LazyLock<Words> = LazyLock::new(|| Words::read(include_str!("words/zh.toml")));
static EN: LazyLock<Words> = LazyLock::new(|| Words::read(include_str!("words/en.toml")));

/// The texts of one language by `table.key`.
pub(super) struct Words {
    texts: BTreeMap<String, String>,
}

impl Words {
    pub(super) fn of(lang: Lang) -> &'static Self {
        match lang {
            Lang::Zh => &ZH,
            Lang::En => &EN,
        }
    }

    fn read(toml: &str) -> Self {
        let tables: BTreeMap<String, BTreeMap<String, String>> =
            toml::from_str(toml).expect("the texts are built in and read by a test");
        let texts = tables.into_iter().flat_map(|(table, keys)| {
            keys.into_iter().map(move |(key, text)| (format!("{table}.{key}"), text))
        });
        Self { texts: texts.collect() }
    }

    /// The text of a key, if there is one.
    pub(super) fn find(&self, key: &str) -> Option<&str> {
        self.texts.get(key).map(String::as_str)
    }

    /// The text of a key.
    pub(super) fn get(&self, key: &str) -> String {
        self.find(key).map_or_else(|| format!("⟦{key}⟧"), str::to_owned)
    }

    /// The text of a name that data brings (`outcome.reached`); a name without a text stands for
    /// itself.
    pub(super) fn name(&self, table: &str, name: &str) -> String {
        self.find(&format!("{table}.{name}")).unwrap_or(name).to_owned()
    }

    /// The text of a key with `{name}` replaced. Values are put in once and not read again, so
    /// that braces in data stay what they are.
    pub(super) fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        let text = self.get(key);
        let mut out = String::with_capacity(text.len() + 32);
        let mut rest = text.as_str();
        while let Some(open) = rest.find('{') {
            out.push_str(&rest[..open]);
            let tail = &rest[open + 1..];
            let found = tail.find('}').and_then(|close| {
                let value = values.iter().find(|(name, _)| *name == &tail[..close])?;
                Some((close, value.1))
            });
            if let Some((close, value)) = found {
                out.push_str(value);
                rest = &tail[close + 1..];
            } else {
                out.push('{');
                rest = tail;
            }
        }
        out.push_str(rest);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holes(text: &str) -> Vec<&str> {
        let mut names: Vec<&str> =
            text.split('{').skip(1).filter_map(|t| t.split('}').next()).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    #[test]
    fn both_languages_say_the_same_things() {
        let keys = |w: &Words| w.texts.keys().cloned().collect::<Vec<_>>();
        assert_eq!(keys(&EN), keys(&ZH));
        for (key, text) in &EN.texts {
            assert_eq!(holes(text), holes(&ZH.texts[key]), "{key}");
            assert!(!text.trim().is_empty(), "{key}");
        }
    }

    #[test]
    fn values_are_put_in_once() {
        let words = Words::read("[a]\nb = \"{x} and {y} {z\"");
        assert_eq!(words.fill("a.b", &[("x", "{y}"), ("y", "2")]), "{y} and 2 {z");
        assert_eq!(words.fill("a.c", &[]), "⟦a.c⟧");
        assert_eq!(words.name("a", "q"), "q");
    }
}
