//! Progress on a terminal for anything that takes over a second; silent otherwise.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{HumanBytes, HumanCount, ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Runs shorter than this show nothing.
const QUIET_FOR: Duration = Duration::from_secs(1);

/// One step of a run.
#[derive(Debug)]
pub struct Progress {
    title: &'static str,
    began: Instant,
    bar: Option<ProgressBar>,
    enabled: bool,
    count: u64,
}

impl Progress {
    /// A step that shows itself after a second, if standard error is a terminal.
    #[must_use]
    pub fn new(title: &'static str, quiet: bool) -> Self {
        let enabled = !quiet && std::io::stderr().is_terminal();
        Self { title, began: Instant::now(), bar: None, enabled, count: 0 }
    }

    /// So many bytes of this file are read.
    pub fn bytes(&mut self, path: &str, bytes: u64) {
        self.show(|| format!("{path}  {}", HumanBytes(bytes)));
    }

    /// One more conversation.
    pub fn conversation(&mut self) {
        self.count += 1;
        let count = self.count;
        if count.is_multiple_of(256) {
            self.show(|| format!("{} conversations", HumanCount(count)));
        }
    }

    fn show(&mut self, text: impl FnOnce() -> String) {
        if !self.enabled || self.began.elapsed() < QUIET_FOR {
            return;
        }
        let title = self.title;
        let bar = self.bar.get_or_insert_with(|| {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
            if let Ok(style) = ProgressStyle::with_template("{spinner} {prefix} {msg} {elapsed}") {
                bar.set_style(style);
            }
            bar.set_prefix(title);
            bar
        });
        bar.set_message(text());
        bar.tick();
    }

    /// The step is over; the bar goes.
    pub fn done(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }
}
