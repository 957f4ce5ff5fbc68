//! Recorded decisions, made several at a time: what a decision needs is taken in as behaviour is walked along, and worked
//! out when enough of them have come together.

use super::Foresight;
use super::layout::Layout;
use crate::dual::Dual;
use crate::generative_model::GenerativeModel;
use crate::learning::Knowledge;
use crate::real::Real;
use crate::structure::Structure;
use crate::task_model::TaskModel;
use std::sync::Arc;

/// How many decisions are made at a time.
pub(crate) const LANES: usize = 8;

/// How many derivatives that do not come through beliefs are worked out at a time.
pub(crate) const APART: usize = 8;

/// Decisions made from recorded actions, whose log-probabilities come later and in order.
pub(crate) trait Decisions<T>: Send {
    /// Takes over other parameter values, and starts anew.
    fn set_model(&mut self, structure: &Structure, model: &GenerativeModel<T>);

    /// Takes in the belief that a decision is made from; see [`Foresight::look`].
    fn look(&mut self, known: (&Structure, &Knowledge<T>), places: &[usize], belief: &[T]);

    /// The joint action taken from the belief looked at last, and how many times.
    fn take(&mut self, knowledge: &Knowledge<T>, action: usize, times: f64);

    /// Works out what is left.
    fn settle(&mut self, knowledge: &Knowledge<T>);

    /// `ln p(u)` of every action taken so far, in nats; without those still to be worked out.
    fn log_probabilities(&self) -> &[f64];

    /// The derivatives of the sum of all of them, each as many times as it was taken.
    fn derivatives(
        &mut self,
        structure: &Structure,
        model: &GenerativeModel<T>,
        knowledge: &Knowledge<T>,
    ) -> T;

    /// The derivatives of the same sum along parameters that reach planning and choice, but no beliefs.
    fn derivatives_apart(&self, structure: &Structure, model: &GenerativeModel<Dual<APART>>) -> Dual<APART>;
}

/// Decisions of a model that foresight serves.
pub(crate) fn decisions<T: Real>(
    task: &TaskModel,
    structure: &Structure,
    layout: &Arc<Layout>,
    model: &GenerativeModel<T>,
) -> Box<dyn Decisions<T>> {
    // Lanes share transitions.
    if layout.learns_transitions {
        Box::new(Abreast::<T, 1>::new(Foresight::new(task, structure, layout, model)))
    } else {
        Box::new(Abreast::<T, LANES>::new(Foresight::new(task, structure, layout, model)))
    }
}

/// `L` decisions at a time.
pub(crate) struct Abreast<T, const L: usize> {
    foresight: Foresight<T, L>,
    learns_transitions: bool,
    /// How many lanes are taken.
    taken: usize,
    actions: [usize; L],
    times: [f64; L],
    log_probabilities: Vec<f64>,
    derivatives: T,
}

impl<T: Real, const L: usize> Abreast<T, L> {
    pub(crate) fn new(foresight: Foresight<T, L>) -> Self {
        Abreast {
            learns_transitions: foresight.layout.learns_transitions,
            foresight,
            taken: 0,
            actions: [0; L],
            times: [0.0; L],
            log_probabilities: Vec::new(),
            derivatives: T::ZERO,
        }
    }

    fn add_log_probabilities(&mut self) {
        // Lanes that are not taken show what they showed before and count for nothing.
        self.times[self.taken..].fill(0.0);
        let lanes = self.actions.iter().zip(&mut self.times).enumerate().take(self.taken);
        for (lane, (&action, times)) in lanes {
            let log = self.foresight.log_action(action, lane);
            if !log.is_finite() {
                *times = 0.0;
            }
            self.log_probabilities.push(log);
        }
        self.taken = 0;
    }
}

impl<T: Real, const L: usize> Decisions<T> for Abreast<T, L> {
    fn set_model(&mut self, structure: &Structure, model: &GenerativeModel<T>) {
        self.foresight.set_model(structure, model);
        self.taken = 0;
        self.log_probabilities.clear();
        self.derivatives = T::ZERO;
    }

    fn look(&mut self, known: (&Structure, &Knowledge<T>), places: &[usize], belief: &[T]) {
        self.foresight.look(known, places, belief, self.taken);
    }

    fn take(&mut self, knowledge: &Knowledge<T>, action: usize, times: f64) {
        self.actions[self.taken] = action;
        self.times[self.taken] = times;
        self.taken += 1;
        if self.taken == L {
            self.settle(knowledge);
        }
    }

    fn settle(&mut self, knowledge: &Knowledge<T>) {
        if self.taken == 0 {
            return;
        }
        self.foresight.decide();
        self.add_log_probabilities();
        if T::CARRIES_DERIVATIVES {
            self.foresight.note_parameters(&self.actions, &self.times);
            self.foresight.note_expectations(knowledge, &mut self.derivatives);
            if self.learns_transitions {
                self.foresight.pass_on_transitions(knowledge, &mut self.derivatives);
            }
        }
    }

    fn log_probabilities(&self) -> &[f64] {
        &self.log_probabilities
    }

    fn derivatives(
        &mut self,
        structure: &Structure,
        model: &GenerativeModel<T>,
        knowledge: &Knowledge<T>,
    ) -> T {
        let mut result = self.derivatives;
        if T::CARRIES_DERIVATIVES {
            let foresight = &mut self.foresight;
            foresight.along_parameters.pass_on(&foresight.layout, structure, model, &mut result);
            foresight.pass_on_rows::<true>(knowledge, &mut result);
            foresight.pass_on_transitions(knowledge, &mut result);
        }
        result
    }

    fn derivatives_apart(&self, structure: &Structure, model: &GenerativeModel<Dual<APART>>) -> Dual<APART> {
        let Foresight { along_parameters, layout, .. } = &self.foresight;
        let mut result = Dual::ZERO;
        along_parameters.pass_on(layout, structure, model, &mut result);
        result
    }
}
