//! What of a whole-trial model does not depend on parameter values.

use crate::error::LikelihoodError;
use crate::structure::{Structure, states_of};
use crate::task_model::{Modality, Numerics, PolicyExtent, PreferenceForm, TaskModel, TrialMessagePassing};
use std::sync::Arc;

/// The most numbers a table of joint outcomes may have.
const MOST_JOINT_OUTCOMES: usize = 10_000_000;

/// Sizes, index maps and settings.
pub(super) struct Layout {
    pub(super) settings: TrialMessagePassing,
    pub(super) numerics: Numerics,
    pub(super) structure: Arc<Structure>,
    /// The joint actions of policies: `[step][policy]`; a single step where policies prescribe the next action only.
    pub(super) actions: Vec<Vec<usize>>,
    /// The number of states over all factors.
    pub(super) marginal_states: usize,
    /// The state of each factor in each joint state: `[joint state, factor]`.
    states: Vec<usize>,
    /// The number of joint outcomes over the modalities whose information counts.
    pub(super) joint_outcomes: usize,
    /// How each modality's preferences are given.
    pub(super) preferences: Vec<PreferenceLayout>,
    /// The most lists of preferences, one per step of the trial, that a modality has.
    pub(super) preference_steps: usize,
}

/// How the preferences of a modality are given.
#[derive(Clone, Copy, Debug)]
pub(super) struct PreferenceLayout {
    /// The number of lists, one per step of the trial, the last of which holds for all further steps.
    pub(super) steps: usize,
    /// They are log-probabilities, not utilities.
    pub(super) are_probabilities: bool,
}

impl Layout {
    /// # Errors
    ///
    /// If the model asks for something that inference over whole trials does not offer.
    pub(super) fn new(
        task: &TaskModel,
        structure: &Arc<Structure>,
        settings: TrialMessagePassing,
    ) -> Result<Layout, LikelihoodError> {
        refuse(task, structure, settings)?;
        let factors = structure.factor_sizes.len();
        let mut states = vec![0; structure.joint_states * factors];
        for (joint, states) in states.chunks_exact_mut(factors).enumerate() {
            states_of(joint, &structure.factor_sizes, states);
        }
        let preferences: Vec<PreferenceLayout> = task.modalities.iter().map(preference_layout).collect();
        let steps = 0..task.planning.horizon;
        let action_at = |step: usize| task.planning.policies.iter().map(|policy| policy[step]).collect();
        Ok(Layout {
            settings,
            numerics: task.numerics,
            actions: steps.map(action_at).collect(),
            marginal_states: structure.marginal_states(),
            states,
            joint_outcomes: informative_outcomes(structure).unwrap_or(0),
            preference_steps: preferences.iter().map(|preferences| preferences.steps).max().unwrap_or(1),
            preferences,
            structure: structure.clone(),
        })
    }

    pub(super) fn policies(&self) -> usize {
        self.actions.first().map_or(0, Vec::len)
    }

    pub(super) fn factors(&self) -> usize {
        self.structure.factor_sizes.len()
    }

    pub(super) fn is_spm(&self) -> bool {
        self.numerics == Numerics::Spm
    }

    /// Whether policies prescribe the whole trial.
    pub(super) fn plans_whole_trial(&self) -> bool {
        self.settings.policies == PolicyExtent::WholeTrial
    }

    /// The number of steps of a trial, the last of which has no action, where policies fix it.
    pub(super) fn fixed_points(&self) -> Option<usize> {
        self.plans_whole_trial().then_some(self.actions.len() + 1)
    }

    /// Where a factor's marginal at a step stands in a policy's beliefs.
    #[inline]
    pub(super) fn cells(&self, step: usize, factor: usize) -> std::ops::Range<usize> {
        let start = step * self.marginal_states + self.structure.factor_offsets[factor];
        start..start + self.structure.factor_sizes[factor]
    }

    /// The state of each factor in a joint state.
    pub(super) fn states(&self, joint: usize) -> &[usize] {
        &self.states[joint * self.factors()..(joint + 1) * self.factors()]
    }

    /// The configuration that a modality's parents have in a joint state.
    pub(super) fn parents(&self, modality: usize, joint: usize) -> usize {
        let map = &self.structure.modalities[modality].configuration_of_state;
        map.get(joint).copied().unwrap_or(joint)
    }
}

fn preference_layout(modality: &Modality) -> PreferenceLayout {
    let preferences = &modality.preferences;
    PreferenceLayout {
        steps: preferences.steps.len(),
        are_probabilities: preferences.learning.is_some() || preferences.form == PreferenceForm::LogSoftmax,
    }
}

/// The number of joint outcomes whose information counts; `None` if it is too large.
fn informative_outcomes(structure: &Structure) -> Option<usize> {
    let informative = structure.modalities.iter().filter(|modality| modality.information_gain);
    informative.map(|modality| modality.outcomes).try_fold(1_usize, usize::checked_mul)
}

fn refuse(
    task: &TaskModel,
    structure: &Structure,
    settings: TrialMessagePassing,
) -> Result<(), LikelihoodError> {
    let refused = |what: String| Err(LikelihoodError::of_model(format!("trial message passing {what}")));
    if let Some(f) = (0..task.factors.len()).find(|&f| !structure.transitions[f].is_own(f)) {
        return refused(format!(
            "needs transitions that depend on no other factor, but those of factor `{}` do",
            task.factors[f].name
        ));
    }
    if task.planning.sophistication.is_some() || task.planning.induction.is_some() {
        return refused("plans by policies, without sophistication or induction".into());
    }
    if task.numerics == Numerics::Pymdp {
        return refused("has the numerics `exact` and `spm`, not `pymdp`".into());
    }
    if settings.policies == PolicyExtent::NextStep && task.planning.horizon != 1 {
        return refused("whose policies are the next step needs policies of a single action".into());
    }
    if settings.sweeps == 0 || !(settings.time_constant >= 1.0 && settings.reset >= 1.0) {
        return refused("needs at least one sweep, and a time constant and a reset of at least 1".into());
    }
    let size = informative_outcomes(structure).and_then(|n| n.checked_mul(structure.joint_states));
    if size.is_none_or(|size| size > MOST_JOINT_OUTCOMES) {
        return refused(format!(
            "would need more than {MOST_JOINT_OUTCOMES} probabilities of joint outcomes; leave modalities out with \
             information_gain = false"
        ));
    }
    Ok(())
}
