//! Runs that do not come to their end: by a signal, killed outright, on a full disk. Nothing half-written
//! stays, and what stood there before does.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test may stop at once")]

mod common;

use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use common::{files, run, tohuman};

/// A log that takes a while, a folder for results, a folder for temporary files.
struct Place {
    home: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        for name in ["out", "tmp"] {
            fs::create_dir(home.path().join(name)).unwrap();
        }
        let place = Self { home };
        let log = place.path("log.csv");
        run(&["generate", "--conversations", "20000", "-o", log.to_str().unwrap()], 0);
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    fn start(&self, words: &[&str]) -> Child {
        tohuman()
            .args(words)
            .args(["--quiet", "--memory", "1"])
            .env("TMPDIR", self.path("tmp"))
            .current_dir(self.home.path())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }

    /// Names beside the results that are not results.
    fn drafts(&self) -> Vec<String> {
        let names = fs::read_dir(self.path("out")).unwrap().flatten();
        names
            .map(|e| e.file_name().to_string_lossy().into_owned())
            .filter(|name| name.starts_with('.'))
            .collect()
    }

    /// Waits until a draft has bytes in it: the run is at work.
    fn until_at_work(&self, child: &mut Child) {
        let begun = |name: &String| {
            let path = self.path("out").join(name);
            !path.is_dir() || fs::read_dir(path).unwrap().next().is_some()
        };
        while !self.drafts().iter().any(begun) {
            assert!(child.try_wait().unwrap().is_none(), "the run ended before it was stopped");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

fn signal(child: &Child, name: &str) {
    let id = child.id().to_string();
    assert!(Command::new("kill").args([name, &id]).status().unwrap().success());
}

/// Whether this process, and so what it starts, was started to ignore a signal.
fn is_ignored(signal: i32) -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0);
    mask & (1 << (signal - 1)) != 0
}

fn listed(folder: &Path) -> Vec<String> {
    files(folder)
}

#[test]
fn a_signal_leaves_no_draft_and_what_stood_there() {
    let place = Place::new();
    for (words, out) in [
        (&["measure", "log.csv", "-o"][..], "out/facts.parquet"),
        (&["measure", "log.csv", "-o"], "out/facts"),
        (&["report", "log.csv", "--out"], "out/report"),
        (&["convert", "log.csv", "-o"], "out/rows.csv"),
    ] {
        for (name, number) in [("-INT", 2), ("-TERM", 15)] {
            if is_ignored(number) {
                // A job in the background of a shell: what it starts ignores Ctrl-C, as it should.
                continue;
            }
            let is_file = Path::new(out).extension().is_some();
            if is_file {
                fs::write(place.path(out), "before").unwrap();
            }
            let before = listed(&place.path("out"));
            let mut child = place.start(&[words, &[out]].concat());
            place.until_at_work(&mut child);
            signal(&child, name);
            let status = child.wait().unwrap();
            assert_eq!(status.signal(), Some(number), "{words:?} ends as the signal says");
            assert_eq!(place.drafts(), Vec::<String>::new(), "{words:?} {name}");
            assert_eq!(listed(&place.path("out")), before, "{words:?} {name}");
            assert!(!is_file || fs::read_to_string(place.path(out)).unwrap() == "before");
            assert_eq!(listed(&place.path("tmp")), Vec::<String>::new(), "{words:?} {name}");
        }
    }
}

#[test]
fn a_killed_run_is_swept_by_the_next_to_the_same_place() {
    let place = Place::new();
    for out in ["out/facts.parquet", "out/facts"] {
        let mut child = place.start(&["measure", "log.csv", "-o", out]);
        place.until_at_work(&mut child);
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(listed(&place.path("tmp")), Vec::<String>::new(), "rows lie in nameless files");
        assert_eq!(place.drafts().len(), 1, "{out}: nothing can remove it then");
        let small = concat!(env!("CARGO_MANIFEST_DIR"), "/sample_data/chats_en.csv");
        let mut next = place.start(&["measure", small, "-o", out]);
        assert_eq!(next.wait().unwrap().code(), Some(0));
        assert_eq!(place.drafts(), Vec::<String>::new(), "{out}");
    }
}

#[test]
fn standard_input_is_kept_in_a_file_without_a_name() {
    let place = Place::new();
    let log = fs::File::open(place.path("log.csv")).unwrap();
    let mut child = tohuman()
        .args(["measure", "-", "-q", "-o", "out/facts.parquet"])
        .env("TMPDIR", place.path("tmp"))
        .current_dir(place.home.path())
        .stdin(log)
        .spawn()
        .unwrap();
    place.until_at_work(&mut child);
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(listed(&place.path("tmp")), Vec::<String>::new());
}

/// A disk that takes no more, as a limit on the size of files: what fails is the write.
#[test]
fn a_write_that_fails_is_one_line_and_leaves_nothing() {
    let place = Place::new();
    for (what, out) in [
        ("measure log.csv", "out/facts.parquet"),
        ("measure log.csv", "out/facts"),
        ("convert log.csv", "out/rows.csv"),
        ("measure -", "out/facts"),
    ] {
        let program = env!("CARGO_BIN_EXE_tohuman");
        // 64 blocks of 512 or 1,024 bytes, less than a run of sorted rows has.
        let limited = format!(
            "trap '' XFSZ; ulimit -f 64; exec {program} {what} -q --memory 1 -o {out} < log.csv"
        );
        let done = Command::new("sh")
            .args(["-c", &limited])
            .env("TMPDIR", place.path("tmp"))
            .env("XDG_CONFIG_HOME", "/nonexistent")
            .current_dir(place.home.path())
            .output()
            .unwrap();
        let error = String::from_utf8_lossy(&done.stderr).into_owned();
        assert_eq!(done.status.code(), Some(2), "{error}");
        assert!(error.contains("cannot be written") && error.contains("make room"), "{error}");
        assert_eq!(error.lines().count(), 1, "{error}");
        assert_eq!(place.drafts(), Vec::<String>::new(), "{out}");
        assert_eq!(listed(&place.path("out")), Vec::<String>::new(), "{out}");
        assert_eq!(listed(&place.path("tmp")), Vec::<String>::new(), "{out}");
    }
}
