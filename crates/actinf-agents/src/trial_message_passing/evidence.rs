//! What the observations of a trial say about joint states, step by step.

use super::knowledge::TrialKnowledge;
use super::layout::Layout;
use crate::behaviour::Observation;
use crate::real::Real;
use crate::state_inference::evidence::evidence;

/// The likelihoods `L_t(s) = Π_g A_g(o_g,t | s)` of the steps observed so far, those that are not 0.
pub(super) struct Evidence<T> {
    /// Joint states with their likelihoods, step by step.
    likelihoods: Vec<(usize, T)>,
    /// Where each step's likelihoods end; `None` if nothing was observed.
    ends: Vec<(usize, bool)>,
    /// The weight of each outcome: `[step, modality's outcome]`.
    weights: Vec<f64>,
    /// Where each modality's weights start within a step's; the last entry is how many there are.
    offsets: Vec<usize>,
}

impl<T: Real> Evidence<T> {
    pub(super) fn new(layout: &Layout) -> Self {
        let mut offsets = vec![0];
        for modality in &layout.structure.modalities {
            offsets.push(offsets[offsets.len() - 1] + modality.outcomes);
        }
        Evidence { likelihoods: Vec::new(), ends: Vec::new(), weights: Vec::new(), offsets }
    }

    /// Another trial begins.
    pub(super) fn clear(&mut self) {
        self.likelihoods.clear();
        self.ends.clear();
        self.weights.clear();
    }

    /// The number of steps so far.
    pub(super) fn steps(&self) -> usize {
        self.ends.len()
    }

    /// Adds a step; no observations if nothing could be observed.
    pub(super) fn push(
        &mut self,
        layout: &Layout,
        knowledge: &TrialKnowledge<T>,
        observations: &[Observation],
    ) {
        let is_seen = observations.iter().any(|observation| *observation != Observation::Missing);
        if is_seen {
            for joint in 0..layout.structure.joint_states {
                let mut likelihood = T::ONE;
                for (m, observation) in observations.iter().enumerate() {
                    let column = knowledge.likelihood[m].column(layout.parents(m, joint));
                    likelihood *= evidence(column, observation);
                    if likelihood.is_zero() {
                        break;
                    }
                }
                if !likelihood.is_zero() {
                    self.likelihoods.push((joint, likelihood));
                }
            }
        }
        self.ends.push((self.likelihoods.len(), is_seen));
        self.note_weights(observations);
    }

    fn note_weights(&mut self, observations: &[Observation]) {
        let start = self.weights.len();
        self.weights.resize(start + self.offsets[self.offsets.len() - 1], 0.0);
        let step = &mut self.weights[start..];
        for (observation, &offset) in observations.iter().zip(&self.offsets) {
            match observation {
                Observation::Missing => {}
                Observation::Outcome(outcome) | Observation::Masked { outcome, .. } => {
                    step[offset + outcome] = 1.0;
                }
                Observation::Distribution(weights) => {
                    step[offset..offset + weights.len()].copy_from_slice(weights);
                }
            }
        }
    }

    /// The weights of a modality's outcomes at a step; all 0 where nothing was observed.
    pub(super) fn weights(&self, step: usize, modality: usize) -> &[f64] {
        let start = step * self.offsets[self.offsets.len() - 1];
        &self.weights[start + self.offsets[modality]..start + self.offsets[modality + 1]]
    }

    /// Whether anything was observed at a step.
    pub(super) fn is_seen(&self, step: usize) -> bool {
        self.ends.get(step).is_some_and(|(_, is_seen)| *is_seen)
    }

    /// `Σ_{s of the other factors} L_t(s) Π_others q(s)` per state of a factor, given the marginals of all factors.
    #[inline]
    pub(super) fn expected(
        &self,
        layout: &Layout,
        step: usize,
        factor: usize,
        marginals: &[T],
        expected: &mut [T],
    ) {
        let first = step.checked_sub(1).map_or(0, |before| self.ends[before].0);
        let likelihoods = &self.likelihoods[first..self.ends[step].0];
        let offsets = &layout.structure.factor_offsets;
        expected.fill(T::ZERO);
        match layout.factors() {
            1 => likelihoods.iter().for_each(|&(joint, likelihood)| expected[joint] = likelihood),
            2 => {
                let other = 1 - factor;
                for &(joint, likelihood) in likelihoods {
                    let states = layout.states(joint);
                    expected[states[factor]] += likelihood * marginals[offsets[other] + states[other]];
                }
            }
            _ => {
                for &(joint, mut likelihood) in likelihoods {
                    let states = layout.states(joint);
                    for (other, &state) in states.iter().enumerate().filter(|(other, _)| *other != factor) {
                        likelihood *= marginals[offsets[other] + state];
                    }
                    expected[states[factor]] += likelihood;
                }
            }
        }
    }
}
