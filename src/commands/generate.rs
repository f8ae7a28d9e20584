//! `generate`: an invented desk with its truth.

use super::create;
use crate::Status;
use crate::cli::GenerateArgs;
use crate::error::{Error, Result};
use crate::say;

/// Runs it.
///
/// # Errors
/// When a file cannot be written.
pub fn run(args: &GenerateArgs) -> Result<Status> {
    if args.truth.as_ref() == Some(&args.out) {
        return Err(Error::usage("--out and --truth are the same file", "name two files"));
    }
    let mut log = create(&args.out)?;
    let mut truth = args.truth.as_deref().map(create).transpose()?;
    let failed = |source| Error::Write { path: args.out.clone(), source };
    let counts = crate::generate::generate(
        args.conversations,
        args.seed,
        &mut log,
        truth.as_mut().map(|t| t as &mut dyn std::io::Write),
    )
    .map_err(failed)?;
    log.flush().map_err(failed)?;
    if let Some(truth) = &mut truth {
        truth.flush().map_err(failed)?;
    }
    say(&format!("tohuman: wrote {} rows of {} conversations", counts.rows, args.conversations));
    Ok(Status::Done)
}
