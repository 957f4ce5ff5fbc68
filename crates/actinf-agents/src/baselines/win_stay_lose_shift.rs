//! Win-stay-lose-shift with lapse: repeat what has just won, leave what has not.
//!
//! ```text
//! after a win of action a    p(a) = stay_after_win           p(u) = (1 - stay_after_win) / (K - 1)     for u ≠ a
//! after a loss of action a   p(a) = 1 - shift_after_loss     p(u) = shift_after_loss / (K - 1)         for u ≠ a
//! at first                   p(u) = 1 / K
//! then                       p(u) ← (1 - lapse) p(u) + lapse / K
//! ```
//!
//! A win is an outcome worth more than 0. `K` is the number of joint actions. With the default, in which `stay_after_win` and
//! `shift_after_loss` are 1, and two actions this is model 2 of Wilson & Collins (2019) with `lapse` for their `ε`: the action
//! the rule names has probability `1 - ε/2`. For separate probabilities of staying and shifting (Worthy & Maddox 2014) free
//! these two and fix `lapse = 0`. Where an action or outcome is missing, the last step in which both are known counts.
//!
//! # References
//!
//! - Herrnstein, Rachlin & Laibson (1997), *The Matching Law*; Nowak & Sigmund (1993), *Nature* 364, 56-58: the rule.
//! - Worthy & Maddox (2014). A comparison model of reinforcement-learning and win-stay-lose-shift decision-making processes.
//!   *Journal of Mathematical Psychology* 59, 41-49.
//! - Wilson & Collins (2019). Ten simple rules for the computational modeling of behavioral data. *eLife* 8, e49547.

use super::rule::{Rule, Setting};
use crate::parameter::Support;
use crate::real::Real;

pub(super) fn settings() -> Vec<Setting> {
    let stay = "how often an action is repeated after a win";
    let shift = "how often an action is left after a loss";
    vec![
        Setting::free(("stay_after_win", "w"), Support::Unit, 0.9, stay).fixed_at(1.0),
        Setting::free(("shift_after_loss", "l"), Support::Unit, 0.9, shift).fixed_at(1.0),
    ]
}

pub(super) struct WinStayLoseShift<T> {
    stay: T,
    shift: T,
    /// The last action of known outcome, and whether it won.
    last: Option<(usize, bool)>,
}

impl<T: Real> WinStayLoseShift<T> {
    pub(super) fn new() -> Self {
        WinStayLoseShift { stay: T::ZERO, shift: T::ZERO, last: None }
    }
}

impl<T: Real> Rule<T> for WinStayLoseShift<T> {
    fn set(&mut self, settings: &[T]) {
        (self.stay, self.shift) = (settings[0], settings[1]);
    }

    fn restart(&mut self) {
        self.last = None;
    }

    fn logits(&self, _habits: &[T], logits: &mut [T]) {
        let actions = logits.len() as f64;
        let Some((last, won)) = self.last else {
            logits.fill(T::constant((1.0 / actions).ln()));
            return;
        };
        let repeat = if won { self.stay } else { T::ONE - self.shift };
        let leave = if won { T::ONE - self.stay } else { self.shift };
        logits.fill((leave / (actions - 1.0)).ln());
        logits[last] = repeat.ln();
    }

    fn learn(&mut self, action: Option<usize>, outcome: Option<T>) {
        if let (Some(action), Some(outcome)) = (action, outcome) {
            self.last = Some((action, outcome.value() > 0.0));
        }
    }

    fn trace(&self, _traces: &mut [T]) {}
}
