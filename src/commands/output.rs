//! A file that a command writes: it appears whole or not at all, and never in the place of an input.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::ingest::{Input, InputKind};
use crate::leftovers::{Leftover, undisturbed};
use crate::store::draft::sweep;

/// A file being written, under another name beside its own until it is whole. Dropped before
/// [`Output::publish`], the draft goes and what stood there stays.
#[derive(Debug)]
pub(crate) struct Output {
    target: PathBuf,
    /// `None`: standard output, a pipe or a device, which is written as it is.
    draft: Option<PathBuf>,
    /// The draft, for signals that end the run.
    listed: Option<Leftover>,
}

impl Output {
    /// Checks the place before any work is done. `-` is standard output.
    ///
    /// # Errors
    /// When the target is one of the inputs or a folder, or its folder is missing.
    pub(crate) fn open(target: &Path, inputs: &[Input]) -> Result<Self> {
        if target == Path::new("-") {
            return Ok(Self { target: target.to_owned(), draft: None, listed: None });
        }
        let shown = target.display();
        if target.is_dir() {
            return Err(Error::usage(
                format!("{shown}: is a folder"),
                "name a file in it by --out",
            ));
        }
        // A link to a file stays a link: what it points to is replaced.
        let target = fs::canonicalize(target).unwrap_or_else(|_| target.to_owned());
        let is_target = |input: &&Input| match &input.on_disk().kind {
            InputKind::File(path) => fs::canonicalize(path).is_ok_and(|path| path == target),
            _ => false,
        };
        if inputs.iter().any(|input| is_target(&input)) {
            return Err(Error::usage(
                format!("{shown}: is one of the inputs and would be overwritten"),
                "give another --out, outside the folders that are read",
            ));
        }
        if fs::metadata(&target).is_ok_and(|m| !m.is_file()) {
            return Ok(Self { target, draft: None, listed: None });
        }
        let folder = target.parent().filter(|f| !f.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new("."));
        if !folder.is_dir() {
            return Err(Error::usage(
                format!("{shown}: there is no folder {}", folder.display()),
                "make it first, or give another --out",
            ));
        }
        let name = target.file_name().unwrap_or_default().to_string_lossy();
        let draft = folder.join(format!("{}{}", sweep(folder, &name), std::process::id()));
        let listed = Some(Leftover::list(&draft));
        Ok(Self { target, draft: Some(draft), listed })
    }

    /// Where to write; `-` for standard output.
    pub(crate) fn path(&self) -> &Path {
        self.draft.as_ref().unwrap_or(&self.target)
    }

    /// Puts the draft, closed and whole, in its place; a file that stood there hands its permissions
    /// on.
    ///
    /// # Errors
    /// When it cannot be renamed.
    pub(crate) fn publish(mut self) -> Result<()> {
        let Some(draft) = self.draft.take() else { return Ok(()) };
        let done = fs::metadata(&self.target)
            .map_or(Ok(()), |old| fs::set_permissions(&draft, old.permissions()))
            .and_then(|()| undisturbed(|| fs::rename(&draft, &self.target)));
        self.listed = None;
        done.map_err(|source| {
            self.draft = Some(draft);
            Error::Write { path: self.target.clone(), source }
        })
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        if let Some(draft) = &self.draft {
            // It may not have been written yet.
            let _ = fs::remove_file(draft);
        }
    }
}

/// What the extension of a file stands for, upper or lower case; `None` among the known stands for
/// `-`.
///
/// # Errors
/// When no such table is written; names those that are.
pub(crate) fn by_extension<T: Copy>(target: &Path, known: &[(Option<&str>, T)]) -> Result<T> {
    let stdout = target == Path::new("-");
    let extension = target.extension().map(|e| e.to_string_lossy().to_lowercase());
    let extension = extension.as_deref().filter(|_| !stdout);
    let fits = |name: Option<&str>| match name {
        None => stdout,
        Some(_) => name == extension,
    };
    known.iter().find(|(name, _)| fits(*name)).map(|(_, meaning)| *meaning).ok_or_else(|| {
        let names: Vec<String> =
            known.iter().filter_map(|(name, _)| name.map(|n| format!(".{n}"))).collect();
        Error::usage(
            format!("{}: no such table format", target.display()),
            format!("end the name with one of {}", names.join(", ")),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_that_is_not_published_leaves_nothing() {
        let home = tempfile::tempdir().unwrap();
        let target = home.path().join("t.csv");
        fs::write(&target, "old").unwrap();
        let output = Output::open(&target, &[]).unwrap();
        fs::write(output.path(), "half").unwrap();
        drop(output);
        assert_eq!(fs::read_to_string(&target).unwrap(), "old");
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1);
        let output = Output::open(&target, &[]).unwrap();
        fs::write(output.path(), "new").unwrap();
        output.publish().unwrap();
        assert_eq!(fs::read_to_string(&target).unwrap(), "new");
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1);
    }

    #[test]
    fn places_that_cannot_be_are_refused_before_the_work() {
        let home = tempfile::tempdir().unwrap();
        let log = home.path().join("log.csv");
        fs::write(&log, "x").unwrap();
        let around = home.path().join("..").join(home.path().file_name().unwrap()).join("log.csv");
        let error = |path: &Path| {
            Output::open(path, &[Input::file(&log)]).map(|_| ()).unwrap_err().to_string()
        };
        assert!(error(&around).contains("one of the inputs"));
        assert!(error(home.path()).contains("is a folder"));
        assert!(error(&home.path().join("none/t.csv")).contains("no folder"));
        assert!(Output::open(Path::new("-"), &[]).unwrap().path() == Path::new("-"));
    }

    #[test]
    fn extensions() {
        let known = [(None, 0), (Some("csv"), 1), (Some("parquet"), 2)];
        let of = |name: &str| by_extension(Path::new(name), &known).ok();
        assert_eq!(
            [of("-"), of("a.CSV"), of("b.parquet"), of("c.doc"), of("d")],
            [Some(0), Some(1), Some(2), None, None]
        );
    }
}
