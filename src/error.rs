//! Fatal errors only: what stops a run (exit code 2). Everything else is a [`crate::model::Problem`].
//! Every message is one line, names the file (and line) and the way out, and has no final stop.

use std::path::PathBuf;

/// What stopped the run.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file that cannot be opened or read to its end.
    #[error("{}: cannot be read whole: {source}; replace the file or go on without it by --skip-bad-files", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// An input that is read but not understood.
    #[error("{path}{}: {what}; {way_out}", line.map(|l| format!(", line {l}")).unwrap_or_default())]
    Input {
        /// The file as given.
        path: String,
        /// Line or record, where one is to blame.
        line: Option<u64>,
        /// What is wrong.
        what: String,
        /// What to do.
        way_out: String,
    },
    /// An output that cannot be written.
    #[error("{}: cannot be written: {source}{}", path.display(), room(source))]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// Several files failed; one line each.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Several(Vec<Error>),
    /// An option, mapping, lexicon or configuration that cannot be used.
    #[error("{what}; {way_out}")]
    Usage {
        /// What is wrong.
        what: String,
        /// What to do.
        way_out: String,
    },
}

/// The way out of a full disk.
fn room(source: &std::io::Error) -> &'static str {
    if no_room(source) {
        "; make room there (rows beyond --memory are sorted in the folder that TMPDIR names)"
    } else {
        ""
    }
}

/// Whether a disk is full, a quota used up or a file as large as it may be.
pub(crate) fn no_room(source: &std::io::Error) -> bool {
    use std::io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
    matches!(source.kind(), StorageFull | QuotaExceeded | FileTooLarge)
}

impl Error {
    /// An input error without a line.
    pub fn input(
        path: impl Into<String>,
        what: impl Into<String>,
        way_out: impl Into<String>,
    ) -> Self {
        Self::Input { path: path.into(), line: None, what: what.into(), way_out: way_out.into() }
    }

    /// All of these, or the only one.
    #[must_use]
    pub fn all(mut errors: Vec<Self>) -> Self {
        if errors.len() == 1 { errors.remove(0) } else { Self::Several(errors) }
    }

    /// A CSV file that cannot be written.
    #[must_use]
    pub fn of_csv(path: &std::path::Path, error: csv::Error) -> Self {
        let source = match error.into_kind() {
            csv::ErrorKind::Io(source) => source,
            other => std::io::Error::other(format!("{other:?}")),
        };
        Self::Write { path: path.to_owned(), source }
    }

    /// A usage error.
    pub fn usage(what: impl Into<String>, way_out: impl Into<String>) -> Self {
        Self::Usage { what: what.into(), way_out: way_out.into() }
    }
}

/// Short for a result with our error.
pub type Result<T, E = Error> = std::result::Result<T, E>;
