//! A progress bar, where it takes longer than a second and the output is a terminal.

use std::io::{IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

/// Shows how far a command is, on standard error.
pub(super) struct Progress {
    bar: ProgressBar,
    style: ProgressStyle,
    began: Instant,
    shown: std::cell::Cell<bool>,
}

impl Progress {
    /// For work whose end is not known.
    #[must_use]
    pub(super) fn counting(done: &str) -> Self {
        Self::new(ProgressBar::no_length(), &format!("{{spinner}} {{human_pos}} {done} ({{per_sec}})"))
    }

    /// For work of a known size.
    #[must_use]
    pub(super) fn of(total: u64, done: &str) -> Self {
        let template = format!("{{wide_bar}} {{human_pos}} of {{human_len}} {done} ({{per_sec}}, {{eta}} left)");
        Self::new(ProgressBar::new(total), &template)
    }

    fn new(bar: ProgressBar, template: &str) -> Self {
        bar.set_draw_target(indicatif::ProgressDrawTarget::hidden());
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        Self { bar, style, began: Instant::now(), shown: std::cell::Cell::new(false) }
    }

    /// So much more is done.
    pub(super) fn add(&self, n: u64) {
        let late = self.began.elapsed() > Duration::from_secs(1);
        if late && !self.shown.get() && std::io::stderr().is_terminal() {
            self.shown.set(true);
            self.bar.set_style(self.style.clone());
            self.bar.set_draw_target(indicatif::ProgressDrawTarget::stderr());
        }
        self.bar.inc(n);
    }

    /// A line above the bar.
    pub(super) fn note(&self, text: &str) {
        self.bar.suspend(|| {
            let _ = writeln!(std::io::stderr(), "{text}");
        });
    }

    /// Takes the bar away.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
