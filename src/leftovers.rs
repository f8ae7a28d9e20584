//! Drafts that must not outlive the run: whoever stops it by Ctrl-C finds no half-written file or folder
//! beside the results. A draft is listed while it is written; on a signal that ends the program all that
//! is listed goes, then the program ends as the signal says. (A run that is killed outright cannot do so:
//! its drafts are swept by the next run that writes to the same place. Rows on their way through the
//! sorter lie in files without a name, which go with the process however it ends.)

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

static LISTED: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

fn listed() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    LISTED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A file or folder that goes if a signal ends the run before this is dropped.
#[derive(Debug)]
pub struct Leftover(PathBuf);

impl Leftover {
    /// Lists it; it need not exist yet.
    #[must_use]
    pub fn list(path: &Path) -> Self {
        listed().insert(path.to_owned());
        Self(path.to_owned())
    }
}

impl Drop for Leftover {
    fn drop(&mut self) {
        listed().remove(&self.0);
    }
}

/// Does what must not be broken off half-way: a signal waits until it is done.
pub fn undisturbed<T>(exchange: impl FnOnce() -> T) -> T {
    let _held = listed();
    exchange()
}

/// Removes what is listed. Whoever still writes into a folder meanwhile finds it gone at the next try.
fn remove(listed: &BTreeSet<PathBuf>) {
    const TRIES: usize = 5;
    for path in listed {
        let gone = || {
            // What cannot be removed, or is no more, harms nothing.
            let _ = if path.is_dir() {
                std::fs::remove_dir_all(path)
            } else {
                std::fs::remove_file(path)
            };
            !path.exists()
        };
        let _ = (0..TRIES).any(|_| gone());
    }
}

/// From now on the signals that end a program remove what is listed first. What the program was started
/// to ignore (`nohup`, a job in the background) it goes on ignoring.
#[cfg(unix)]
pub(crate) fn watch() {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;
    use signal_hook::low_level::emulate_default_handler;
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        let ignored = ignored();
        let heeded = |signal: &i32| ignored & (1 << (signal - 1)) == 0;
        let signals: Vec<i32> = [SIGHUP, SIGINT, SIGTERM].into_iter().filter(heeded).collect();
        let Ok(mut signals) = Signals::new(signals) else { return };
        // The thread waits for signals alone, and ends with the program.
        std::thread::spawn(move || {
            if let Some(signal) = signals.forever().next() {
                let listed = listed();
                remove(&listed);
                // The program ends here, while nothing else can be listed or exchanged.
                let _ = emulate_default_handler(signal);
            }
        });
    });
}

/// The signals that the program was started to ignore, a bit each; none where the system does not tell.
#[cfg(unix)]
fn ignored() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0)
}

/// Elsewhere a signal ends the program at once.
#[cfg(not(unix))]
pub(crate) fn watch() {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_listed_goes_and_what_was_dropped_stays() {
        let home = tempfile::tempdir().unwrap();
        let [kept, file, folder] = ["kept", "file", "folder"].map(|name| home.path().join(name));
        std::fs::write(&kept, "a").unwrap();
        std::fs::write(&file, "b").unwrap();
        std::fs::create_dir_all(folder.join("charts")).unwrap();
        drop(Leftover::list(&kept));
        let (_file, _folder) = (Leftover::list(&file), Leftover::list(&folder));
        let ours: BTreeSet<PathBuf> =
            listed().iter().filter(|path| path.starts_with(home.path())).cloned().collect();
        remove(&ours);
        assert_eq!([kept, file, folder].map(|path| path.exists()), [true, false, false]);
    }
}
