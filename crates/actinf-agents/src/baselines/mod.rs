//! Baselines: simple rules of behaviour that an agent must do better than, under the same contract as the agents.
//!
//! A baseline is a model file with `baseline = "..."` ([grammar](crate::model_file#baselines)), is fitted, simulated and compared
//! as an agent is, and sees the same data. All but the first two choose by a softmax over logits, in nats; `ln habits` is a
//! constant per action, and a lapse mixes in random choices:
//!
//! ```text
//! p(u) = softmax(logit_u + ln habits_u)           p(u) ← (1 - lapse) p(u) + lapse / K          K joint actions
//! ```
//!
//! | kind | what it does | equations |
//! |---|---|---|
//! | `random_responder` | the same probabilities at every step | [`random_responder`] |
//! | `win_stay_lose_shift` | repeats what won, leaves what lost | [`win_stay_lose_shift`] |
//! | `choice_kernel` | repeats what was chosen lately | [`choice_kernel`] |
//! | `rescorla_wagner` | learns values by prediction errors | [`rescorla_wagner`] |
//! | `rescorla_wagner_dual` | ... with a learning rate each for positive and negative prediction errors | |
//! | `rescorla_wagner_forgetting` | ... and forgets options not chosen | |
//! | `rescorla_wagner_perseveration` | ... and repeats its last choice | |
//! | `rescorla_wagner_choice_kernel` | ... and repeats what was chosen lately | |
//! | `pearce_hall` | learning rates that follow surprise | [`pearce_hall`] |
//! | `directed_exploration` | seeks what it is uncertain about | [`exploration`] |
//! | `random_exploration` | chooses the more randomly the less it knows | |
//! | `hybrid_exploration` | both | |
//!
//! # Order, missing values, sessions
//!
//! Values are first updated with an outcome and the next choice is then made from them. With `act_then_observe` the outcome of an
//! action stands in its own row; with `observe_then_act` it stands in the next row of the trial, and the last action of a trial
//! has none. An outcome is **worth** the sum over modalities of the values that the model file gives their outcomes; of an
//! [`Observation::Distribution`](crate::Observation::Distribution) it is the expectation.
//!
//! A missing action adds nothing to the log-likelihood and nothing is learned from its row. A missing observation of a modality
//! whose outcomes are worth something leaves the outcome's worth unknown: nothing is learned from it, but the choice is still
//! traced. An aborted trial is skipped whole. What was learned passes from trial to trial and restarts with every session, unless
//! the model says `carry = true`.
//!
//! # Example
//!
//! Rescorla-Wagner by hand. The first choice is a coin flip. It wins; with a learning rate of 0.5 the left arm's value becomes
//! 0.5, and with an inverse temperature of 2 ln 3 it is chosen again with probability 3/4:
//!
//! ```
//! use actinf_agents::{BehaviourModel, Model, Observation, Session, Step, Subject, Trial};
//!
//! let model = Model::built_in("rescorla_wagner")?;
//! assert_eq!(model.parameters()[0].name, "inverse_temperature");
//! let step = || Step {
//!     row: 0,
//!     actions: vec![Some(0)],
//!     observations: vec![Observation::Outcome(1)],
//!     responses: vec![],
//! };
//! let trial = Trial { label: "1".into(), aborted: false, steps: vec![step(), step()] };
//! let subject =
//!     Subject { id: "one".into(), sessions: vec![Session { label: "1".into(), trials: vec![trial] }] };
//! let trajectory = model.trajectory(&subject, &[2.0 * 3.0_f64.ln(), 0.5])?;
//! assert!((trajectory.steps[0].action_probabilities[0] - 0.5).abs() < 1e-15);
//! assert!((trajectory.steps[1].action_probabilities[0] - 0.75).abs() < 1e-15);
//! let recorded: Vec<String> = model.quantities().iter().map(|quantity| quantity.column()).collect();
//! assert_eq!(recorded[0], "value.left");
//! assert_eq!(trajectory.steps[1].quantities[0], 0.5);
//! assert_eq!(recorded.last().map(String::as_str), Some("prediction_error.outcome"));
//! assert_eq!(trajectory.steps[1].quantities.last(), Some(&0.5));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod beliefs;
mod choice;
pub mod choice_kernel;
pub mod exploration;
mod kind;
mod likelihood;
mod model;
pub mod pearce_hall;
pub mod random_responder;
mod recording;
pub mod rescorla_wagner;
mod responder;
mod rule;
pub mod win_stay_lose_shift;

pub use kind::BaselineKind;
pub(crate) use kind::KINDS;
pub use model::BaselineModel;
pub(crate) use model::SettingCell;
pub(crate) use rule::{Range, Setting};

use crate::behaviour::{Session, Subject};
use crate::behaviour_model::{BehaviourModel, Design, Scorer};
use crate::error::LikelihoodError;
use crate::generative_process::GenerativeProcess;
use crate::parameter::Parameter;
use crate::schema::Schema;
use crate::trajectory::{Quantity, Trajectory};
use crate::walk::Slots;
use crate::{response, simulate, walk};
use likelihood::BaselineScorer;
use rand::Rng;
use responder::Responder;
use std::sync::Arc;

/// The built-in baselines by name, with the text of their model files.
const MODELS: [(&str, &str); 13] = [
    ("random_responder", include_str!("models/random_responder.toml")),
    ("win_stay_lose_shift", include_str!("models/win_stay_lose_shift.toml")),
    ("choice_kernel", include_str!("models/choice_kernel.toml")),
    ("rescorla_wagner", include_str!("models/rescorla_wagner.toml")),
    ("rescorla_wagner_dual", include_str!("models/rescorla_wagner_dual.toml")),
    ("rescorla_wagner_forgetting", include_str!("models/rescorla_wagner_forgetting.toml")),
    ("rescorla_wagner_perseveration", include_str!("models/rescorla_wagner_perseveration.toml")),
    ("rescorla_wagner_choice_kernel", include_str!("models/rescorla_wagner_choice_kernel.toml")),
    ("pearce_hall", include_str!("models/pearce_hall.toml")),
    ("directed_exploration", include_str!("models/directed_exploration.toml")),
    ("random_exploration", include_str!("models/random_exploration.toml")),
    ("hybrid_exploration", include_str!("models/hybrid_exploration.toml")),
    ("agency_rescorla_wagner", include_str!("models/agency_rescorla_wagner.toml")),
];

/// The names of the built-in baselines: for the two-armed bandit, unless the name begins with another task's.
pub fn names() -> impl Iterator<Item = &'static str> {
    MODELS.iter().map(|(name, _)| *name)
}

/// The model file of a built-in baseline; `None` if there is none of that name.
pub fn text(name: &str) -> Option<&'static str> {
    MODELS.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

/// A baseline ready to score and to simulate.
#[derive(Clone, Debug)]
pub struct Baseline {
    model: Arc<BaselineModel>,
    quantities: Vec<Quantity>,
}

impl Baseline {
    /// Prepares a baseline.
    pub fn new(model: BaselineModel) -> Baseline {
        Baseline { quantities: model.quantities(), model: Arc::new(model) }
    }

    /// The baseline as its model file states it.
    pub fn model(&self) -> &BaselineModel {
        &self.model
    }

    /// As [`BehaviourModel::simulate`], and `ln p` of every action drawn, in nats, in the order of the steps.
    ///
    /// # Errors
    ///
    /// As [`BehaviourModel::simulate`]; and if the model file has no `[process]`.
    pub fn simulate_with_log_probabilities(
        &self,
        values: &[f64],
        design: Design,
        rng: &mut dyn Rng,
    ) -> Result<(Vec<Session>, Vec<f64>), LikelihoodError> {
        let (model, schema) = (&self.model, &self.model.schema);
        let process = model.process.as_ref().ok_or_else(|| {
            LikelihoodError::of_model(format!(
                "the baseline `{}` cannot be simulated: its model file has no [process], which says how outcomes come about",
                model.name
            ))
        })?;
        let mut responder = Responder::new(model);
        responder.set_values(values)?;
        let mut slots = Slots::with_inputs(values.len(), self.quantities.len());
        slots.values_mut().copy_from_slice(values);
        let process = GenerativeProcess::new(process, schema, values)?;
        simulate::simulate(&mut responder, &mut slots, process, schema, design, rng)
    }

    fn check(&self, subject: &Subject) -> Result<(), LikelihoodError> {
        walk::check(&self.model.schema, subject)?;
        response::check(&self.model.responses, subject)
    }
}

impl BehaviourModel for Baseline {
    fn name(&self) -> &str {
        &self.model.name
    }

    fn description(&self) -> &str {
        &self.model.description
    }

    fn parameters(&self) -> &[Parameter] {
        &self.model.parameters
    }

    fn schema(&self) -> &Schema {
        &self.model.schema
    }

    fn quantities(&self) -> &[Quantity] {
        &self.quantities
    }

    fn scorer<'a>(
        &'a self,
        subject: &'a Subject,
        fixed: &[f64],
        free: &[usize],
    ) -> Result<Box<dyn Scorer + 'a>, LikelihoodError> {
        self.check(subject)?;
        Ok(Box::new(BaselineScorer::new(&self.model, subject, fixed, free)))
    }

    fn trajectory(&self, subject: &Subject, values: &[f64]) -> Result<Trajectory, LikelihoodError> {
        self.check(subject)?;
        recording::trajectory(&self.model, subject, values)
    }

    fn simulate(
        &self,
        values: &[f64],
        design: Design,
        rng: &mut dyn Rng,
    ) -> Result<Vec<Session>, LikelihoodError> {
        Ok(self.simulate_with_log_probabilities(values, design, rng)?.0)
    }
}

#[cfg(test)]
mod tests;
