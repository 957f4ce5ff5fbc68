//! How far a group method has come: searches, rounds, draws; a bar on a terminal, a few plain lines in a log.

use crate::output::Output;
use actinf_fit::Progress;
use actinf_fit::group_methods::GroupProgress;
use actinf_fit::hierarchical::RoundSeen;
use actinf_fit::sampling::DrawSeen;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::sync::Mutex;
use std::time::Instant;

/// A line of a log for every so many rounds.
const ROUNDS_PER_LINE: usize = 25;

/// Shows the progress of a group method on standard error.
pub(crate) struct GroupDisplay {
    output: Output,
    bar: Option<ProgressBar>,
    state: Mutex<State>,
}

/// What was heard so far.
#[derive(Default)]
struct State {
    tenths_alone: usize,
    sampling: Option<Sampling>,
}

/// What was heard of the chains.
struct Sampling {
    began: Instant,
    done: Vec<usize>,
    total: usize,
    divergences: usize,
    tenths: usize,
}

impl GroupDisplay {
    pub(crate) fn new(output: Output) -> Self {
        let is_shown = output.is_talkative() && std::io::stderr().is_terminal();
        let bar = is_shown.then(|| {
            let bar = ProgressBar::with_draw_target(Some(1), ProgressDrawTarget::stderr());
            let template = "[{wide_bar}] {msg}";
            if let Ok(style) = ProgressStyle::with_template(template) {
                bar.set_style(style.progress_chars("=> "));
            }
            bar
        });
        GroupDisplay { output, bar, state: Mutex::new(State::default()) }
    }

    /// Tells how far it is.
    pub(crate) fn tell(&self, progress: GroupProgress) {
        let Ok(mut state) = self.state.lock() else { return };
        match progress {
            GroupProgress::Alone(progress) => self.tell_alone(&mut state, progress),
            GroupProgress::Round(seen) => self.tell_round(seen),
            GroupProgress::Draw(seen) => self.tell_draw(&mut state, seen),
        }
    }

    /// Removes the bar.
    pub(crate) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    fn tell_alone(&self, state: &mut State, progress: Progress) {
        let text = format!("everybody alone: {} of {} searches", progress.done, progress.total);
        let tenths = progress.done * 10 / progress.total.max(1);
        let is_due = tenths > state.tenths_alone;
        state.tenths_alone = tenths.max(state.tenths_alone);
        self.show(progress.done, progress.total, &text, is_due);
    }

    fn tell_round(&self, seen: RoundSeen) {
        let text = format!("the population: round {}, {:.3} nats", seen.round, seen.objective);
        self.show(0, 1, &text, seen.round == 1 || seen.round.is_multiple_of(ROUNDS_PER_LINE));
    }

    fn tell_draw(&self, state: &mut State, seen: DrawSeen) {
        let sampling = state.sampling.get_or_insert_with(Sampling::begin);
        if sampling.is_new_attempt(&seen) {
            *sampling = Sampling::begin();
        }
        sampling.note(&seen);
        let (done, all) = (sampling.done.iter().sum::<usize>(), sampling.done.len() * sampling.total);
        let tenths = sampling.done.iter().sum::<usize>() * 10 / all.max(1);
        let is_due = tenths > sampling.tenths;
        sampling.tenths = tenths.max(sampling.tenths);
        self.show(done, all, &sampling.text(), is_due);
    }

    fn show(&self, done: usize, total: usize, text: &str, is_due: bool) {
        match &self.bar {
            Some(bar) => {
                bar.set_length(total as u64);
                bar.set_position(done as u64);
                bar.set_message(text.to_owned());
            }
            None if is_due => self.output.note(text),
            None => {}
        }
    }
}

impl Sampling {
    fn begin() -> Self {
        Sampling { began: Instant::now(), done: Vec::new(), total: 0, divergences: 0, tenths: 0 }
    }

    /// A chain that begins again belongs to another attempt.
    fn is_new_attempt(&self, seen: &DrawSeen) -> bool {
        self.done.get(seen.chain).is_some_and(|done| seen.done <= *done)
    }

    fn note(&mut self, seen: &DrawSeen) {
        self.done.resize(seen.chains.max(seen.chain + 1), 0);
        self.done[seen.chain] = seen.done;
        self.total = seen.total;
        self.divergences += usize::from(seen.diverging && !seen.warming_up);
    }

    fn text(&self) -> String {
        let done: usize = self.done.iter().sum();
        let seconds = self.began.elapsed().as_secs_f64();
        let per_second = done as f64 / seconds.max(1e-9);
        let left = (self.done.len() * self.total - done) as f64 / per_second;
        format!(
            "{} chains: {done} of {} draws, {per_second:.1} per second, {} divergences, about {} left",
            self.done.len(),
            self.done.len() * self.total,
            self.divergences,
            duration(left)
        )
    }
}

/// Seconds below two minutes, minutes above.
fn duration(seconds: f64) -> String {
    if seconds < 120.0 { format!("{seconds:.0} s") } else { format!("{:.0} min", seconds / 60.0) }
}
