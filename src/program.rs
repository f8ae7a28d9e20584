//! The program as a function: arguments in, exit status out.

use std::ffi::OsString;
use std::io::Write;

use clap::{CommandFactory, FromArgMatches};

use crate::cli::{Cli, Command};
use crate::error::{Error, Result};
use crate::{commands, config, leftovers};

/// How a run ended, as its exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Done.
    Done,
    /// Done, and a `--fail-on` limit is broken.
    Breached,
    /// Could not do it.
    Failed,
}

impl Status {
    /// 0, 1 or 2.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Breached => 1,
            Self::Failed => 2,
        }
    }
}

/// Runs the program with these arguments (the first is its name).
pub fn run(args: impl Iterator<Item = OsString>) -> Status {
    leftovers::watch();
    let args: Vec<OsString> = args.collect();
    let command = match config::with_defaults(Cli::command()) {
        Ok(command) => command,
        Err(error) => return failed(&error),
    };
    let cli = match command.try_get_matches_from(&args).and_then(|m| Cli::from_arg_matches(&m)) {
        Ok(cli) => cli,
        Err(error) => {
            let code = error.exit_code();
            // Help asked for goes to standard output; a reader that closed it is content.
            let _ = error.print();
            return if code == 0 { Status::Done } else { Status::Failed };
        }
    };
    let words: Vec<String> =
        args.iter().skip(1).map(|a| a.to_string_lossy().into_owned()).collect();
    match dispatch(cli.command, &words) {
        Ok(status) => status,
        Err(Error::Write { source, .. }) if is_closed_pipe(&source) => Status::Done,
        Err(error) => failed(&error),
    }
}

/// Whoever read our output has enough of it. The CSV writer wraps the cause.
fn is_closed_pipe(error: &std::io::Error) -> bool {
    let inner = error.get_ref().and_then(|e| e.downcast_ref::<csv::Error>());
    match inner.map(csv::Error::kind) {
        Some(csv::ErrorKind::Io(cause)) => is_closed_pipe(cause),
        _ => error.kind() == std::io::ErrorKind::BrokenPipe,
    }
}

fn dispatch(command: Command, words: &[String]) -> Result<Status> {
    match command {
        Command::Report(args) => commands::report::run(&args, words),
        Command::Inspect(args) => commands::inspect::run(&args),
        Command::Convert(args) => commands::convert::run(&args),
        Command::Measure(args) => commands::measure::run(&args),
        Command::Explain(args) => commands::explain::run(&args),
        Command::Sample(args) => commands::sample::run(&args),
        Command::Evaluate(what) => commands::evaluate::run(&what),
        Command::Tune(args) => commands::tune::run(&args),
        Command::Learn(args) => commands::learn::run(&args),
        Command::Generate(args) => commands::generate::run(&args),
        Command::Completions { shell } => commands::shell::completions(shell),
        Command::Man => commands::shell::man(),
    }
}

fn failed(error: &Error) -> Status {
    say(&format!("tohuman: error: {error}"));
    Status::Failed
}

/// A line on standard error, the only place of the library that writes there.
pub(crate) fn say(line: &str) {
    // Nobody reads a closed standard error.
    let _ = writeln!(std::io::stderr(), "{line}");
}
