//! Settings files and variables. `./tohuman.toml` wins over the user's own file, `TOHUMAN_*` over
//! both, a flag over all. A key is the long name of a flag, for every command that has it; under
//! `[command]` it holds for that command alone. The variable of `--time-zone` is `TOHUMAN_TIME_ZONE`.
//!
//! The values become defaults of the flags, so that help, precedence and checks are clap's own. A
//! flag that must be given is given by a file or variable too.

use std::path::PathBuf;

use clap::builder::BoolishValueParser;
use clap::{Arg, ArgAction, Command};
use etcetera::BaseStrategy;

use crate::error::{Error, Result};

/// The command with variables and the settings of the files behind its flags.
///
/// # Errors
/// When a file is no TOML, or names a flag that no command has.
pub fn with_defaults(command: Command) -> Result<Command> {
    let mut command = with_variables(command);
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
        // What holds for every command first, so that a command's own table wins.
        let is_own = |value: &toml::Value| value.is_table();
        for (key, value) in table.iter().filter(|(_, value)| !is_own(value)) {
            command = set(command, &name, key, value)?;
        }
        for (of, own) in table.iter().filter_map(|(of, value)| Some((of, value.as_table()?))) {
            command = set_for(command, &name, of, own)?;
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

/// Every long flag of every command reads its variable.
fn with_variables(command: Command) -> Command {
    let command = command.mut_args(|arg| {
        let Some(long) = arg.get_long().filter(|_| arg.get_env().is_none()) else { return arg };
        let variable = format!("TOHUMAN_{}", long.replace('-', "_").to_uppercase());
        let switch = matches!(arg.get_action(), ArgAction::SetTrue);
        let arg = arg.env(variable).hide_env(true);
        if switch { arg.value_parser(BoolishValueParser::new()) } else { arg }
    });
    command.mut_subcommands(with_variables)
}

/// Sets a flag of every command that has it.
fn set(command: Command, file: &str, key: &str, value: &toml::Value) -> Result<Command> {
    let values = values(file, key, value)?;
    if !has(&command, key) {
        return Err(Error::input(
            file,
            format!("no command has a flag --{key}"),
            "keys are the long names of flags, as in `tohuman report --help`",
        ));
    }
    Ok(with_default(command, key, &values))
}

/// Sets the flags of one command.
fn set_for(command: Command, file: &str, of: &str, own: &toml::Table) -> Result<Command> {
    let Some(sub) = command.find_subcommand(of) else {
        return Err(Error::input(
            file,
            format!("[{of}] names no command"),
            "name one as `tohuman --help` lists them, or write `flag = value` above all tables",
        ));
    };
    let mut all = Vec::new();
    for (key, value) in own {
        if !has(sub, key) {
            return Err(Error::input(
                file,
                format!("[{of}] has no flag --{key}"),
                format!("keys are the long names of flags, as in `tohuman {of} --help`"),
            ));
        }
        all.push((key, values(file, key, value)?));
    }
    Ok(command.mut_subcommand(of, |sub| {
        all.iter().fold(sub, |sub, (key, values)| with_default(sub, key, values))
    }))
}

/// Whether the command or one under it has the flag.
fn has(command: &Command, key: &str) -> bool {
    command.get_arguments().any(|arg| arg.get_long() == Some(key))
        || command.get_subcommands().any(|sub| has(sub, key))
}

fn with_default(command: Command, key: &str, values: &[String]) -> Command {
    let command = command.mut_args(|arg: Arg| {
        if arg.get_long() != Some(key) {
            return arg;
        }
        arg.default_values(values.to_vec()).required(false)
    });
    command.mut_subcommands(|sub| with_default(sub, key, values))
}

fn values(file: &str, key: &str, value: &toml::Value) -> Result<Vec<String>> {
    texts(value).ok_or_else(|| {
        Error::input(
            file,
            format!("`{key}` is neither text, number, yes/no nor a list of them"),
            "see --help",
        )
    })
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
