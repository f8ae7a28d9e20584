//! One way to fill the templates of HTML and Markdown: tags stand on lines of their own and leave
//! no trace; the escaping is the format's.

use minijinja::syntax::SyntaxConfig;
use minijinja::{AutoEscape, Environment, Value};

use crate::error::{Error, Result};

/// A template's name, its text, and how values are escaped where nothing else is said.
pub(super) struct Template {
    pub name: &'static str,
    pub source: &'static str,
    pub escape: AutoEscape,
}

impl Template {
    pub(super) fn fill(&self, values: Value, filter: fn(String) -> String) -> Result<String> {
        self.try_fill(values, filter).map_err(|e| {
            Error::usage(
                format!("{} cannot be written: {e}", self.name),
                "please report this error",
            )
        })
    }

    fn try_fill(
        &self,
        values: Value,
        filter: fn(String) -> String,
    ) -> std::result::Result<String, minijinja::Error> {
        let syntax = SyntaxConfig::builder()
            .trim_blocks(true)
            .lstrip_blocks(true)
            .keep_trailing_newline(true)
            .build()?;
        let mut env = Environment::new();
        env.set_syntax(syntax);
        let escape = self.escape.clone();
        env.set_auto_escape_callback(move |_| escape.clone());
        env.add_filter("clean", filter);
        env.render_str(self.source, values)
    }
}
