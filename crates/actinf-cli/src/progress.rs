//! How far long work has come: a bar on a terminal, a few plain lines in a log.

use crate::output::Output;
use actinf_fit::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Shows progress on standard error.
pub(crate) struct ProgressDisplay {
    output: Output,
    what: &'static str,
    pieces: &'static str,
    bar: Option<ProgressBar>,
    tenths_told: AtomicUsize,
}

impl ProgressDisplay {
    /// For work called `what`, such as "fitting", that consists of `pieces`, such as "searches".
    pub(crate) fn new(what: &'static str, pieces: &'static str, output: Output) -> Self {
        let is_shown = output.is_talkative() && std::io::stderr().is_terminal();
        let bar = is_shown.then(|| {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
            let template =
                "{prefix} [{wide_bar}] {human_pos} of {human_len} {msg} {elapsed} elapsed, {eta} left";
            if let Ok(style) = ProgressStyle::with_template(template) {
                bar.set_style(style.progress_chars("=> "));
            }
            bar.set_prefix(what);
            bar
        });
        ProgressDisplay { output, what, pieces, bar, tenths_told: AtomicUsize::new(0) }
    }

    /// Tells how far it is.
    pub(crate) fn tell(&self, progress: Progress) {
        if let Some(bar) = &self.bar {
            if bar.length().is_none() {
                // Shown from here on: without a length it would say "0 of 0".
                bar.set_length(progress.total as u64);
                bar.set_draw_target(ProgressDrawTarget::stderr());
            }
            if progress.failures > 0 {
                bar.set_message(format!("({} subjects failed)", progress.failures));
            }
            bar.inc(1);
            return;
        }
        let tenths = progress.done * 10 / progress.total.max(1);
        if self.tenths_told.fetch_max(tenths, Ordering::Relaxed) < tenths {
            let Progress { done, total, .. } = progress;
            self.output.note(&format!("{}: {done} of {total} {} done", self.what, self.pieces));
        }
    }

    /// Removes the bar.
    pub(crate) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
