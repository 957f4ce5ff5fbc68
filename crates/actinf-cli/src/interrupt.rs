//! Ctrl-C: the first one asks long work to end with what it has, a second one ends the program at once.

use crate::output::Output;
use anyhow::{Context, Result};
use signal_hook::consts::SIGINT;
use signal_hook::flag;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Once};

/// The exit code of a program that Ctrl-C ended.
const ENDED: i32 = 130;

/// Whether the user wants the work to end.
#[derive(Debug)]
pub(crate) struct Interrupt {
    asked: Arc<AtomicBool>,
    told: Once,
    output: Output,
}

impl Interrupt {
    /// Begins to listen.
    pub(crate) fn watched(output: Output) -> Result<Self> {
        let asked = Arc::new(AtomicBool::new(false));
        // In this order, the signal that sets the flag does not yet end the program.
        flag::register_conditional_shutdown(SIGINT, ENDED, Arc::clone(&asked))
            .and_then(|_| flag::register(SIGINT, Arc::clone(&asked)))
            .context("cannot listen for Ctrl-C")?;
        Ok(Interrupt { asked, told: Once::new(), output })
    }

    /// Whether it was pressed; says once that it was heard.
    pub(crate) fn is_asked_for(&self) -> bool {
        let is_asked = self.asked.load(Ordering::Relaxed);
        if is_asked {
            let heard = "breaking off with what there is; press Ctrl-C again to end at once";
            self.told.call_once(|| self.output.note(&format!("\n{heard}")));
        }
        is_asked
    }
}
