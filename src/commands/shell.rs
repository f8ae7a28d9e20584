//! `completions` and `man`.

use clap::CommandFactory;

use super::print;
use crate::Status;
use crate::cli::Cli;
use crate::error::{Error, Result};

/// Prints the completions of a shell.
///
/// # Errors
/// When standard output cannot be written.
pub fn completions(shell: clap_complete::Shell) -> Result<Status> {
    let mut bytes = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "tohuman", &mut bytes);
    print(&String::from_utf8_lossy(&bytes))?;
    Ok(Status::Done)
}

/// Prints the manual page, with a section for every command.
///
/// # Errors
/// When standard output cannot be written.
pub fn man() -> Result<Status> {
    let failed = |source| Error::Write { path: "-".into(), source };
    let mut bytes = Vec::new();
    let mut command = Cli::command();
    command.build();
    clap_mangen::Man::new(command.clone()).render(&mut bytes).map_err(failed)?;
    for sub in command.get_subcommands() {
        let title = sub.get_name().to_uppercase();
        bytes.extend_from_slice(format!(".SH \"{title}\"\n").as_bytes());
        let man = clap_mangen::Man::new(sub.clone());
        man.render_synopsis_section(&mut bytes).map_err(failed)?;
        man.render_description_section(&mut bytes).map_err(failed)?;
        man.render_options_section(&mut bytes).map_err(failed)?;
    }
    print(&String::from_utf8_lossy(&bytes))?;
    Ok(Status::Done)
}
