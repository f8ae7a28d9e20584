//! Settings files: `./tohuman.toml`, over the user's own. A key is the long name of a flag; the flag
//! on the command line and its `TOHUMAN_*` variable win over it.
//!
//! The values become defaults of the flags, so that help, precedence and checks are clap's own.

use std::path::PathBuf;

use clap::Command;
use etcetera::BaseStrategy;

use crate::error::{Error, Result};

/// The command with the settings of the files as defaults.
///
/// # Errors
/// When a file is no TOML, or names a flag that no command has.
pub fn with_defaults(mut command: Command) -> Result<Command> {
    for path in files() {
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(e)
                if matches!(
                    e.kind(),
                    std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory
                ) =>
            {
                continue;
            }
            Err(source) => return Err(Error::Read { path, source }),
        };
        let name = path.display().to_string();
        let table: toml::Table = text.parse().map_err(|e: toml::de::Error| {
            let first = e.message().lines().next().unwrap_or_default().to_owned();
            Error::input(name.as_str(), first, "write one `flag = value` a line, as in --help")
        })?;
        for (key, value) in table {
            command = set(command, &name, &key, &value)?;
        }
    }
    Ok(command)
}

/// The user's file first, so that the folder's own wins.
fn files() -> Vec<PathBuf> {
    let user = etcetera::choose_base_strategy()
        .ok()
        .map(|base| base.config_dir().join("tohuman").join("tohuman.toml"));
    user.into_iter().chain([PathBuf::from("tohuman.toml")]).collect()
}

fn set(command: Command, file: &str, key: &str, value: &toml::Value) -> Result<Command> {
    let values = texts(value).ok_or_else(|| {
        Error::input(
            file,
            format!("`{key}` is neither text, number, yes/no nor a list of them"),
            "see --help",
        )
    })?;
    let names: Vec<String> = command
        .get_subcommands()
        .filter(|sub| sub.get_arguments().any(|arg| arg.get_long() == Some(key)))
        .map(|sub| sub.get_name().to_owned())
        .collect();
    if names.is_empty() {
        return Err(Error::input(
            file,
            format!("no command has a flag --{key}"),
            "keys are the long names of flags, as in `tohuman report --help`",
        ));
    }
    Ok(names.into_iter().fold(command, |command, name| {
        let values = values.clone();
        command.mut_subcommand(name, |sub| {
            let id = sub
                .get_arguments()
                .find(|arg| arg.get_long() == Some(key))
                .map(|arg| arg.get_id().clone());
            match id {
                Some(id) => sub.mut_arg(id, |arg| arg.default_values(values)),
                None => sub,
            }
        })
    }))
}

fn texts(value: &toml::Value) -> Option<Vec<String>> {
    Some(match value {
        toml::Value::String(s) => vec![s.clone()],
        toml::Value::Integer(n) => vec![n.to_string()],
        toml::Value::Float(n) => vec![n.to_string()],
        toml::Value::Boolean(b) => vec![b.to_string()],
        toml::Value::Datetime(d) => vec![d.to_string()],
        toml::Value::Array(items) => items
            .iter()
            .map(|i| texts(i).filter(|t| t.len() == 1))
            .collect::<Option<Vec<_>>>()?
            .concat(),
        toml::Value::Table(_) => return None,
    })
}
