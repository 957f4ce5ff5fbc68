//! A model of behaviour as a model file states it, of whichever kind.

use crate::active_inference::ActiveInference;
use crate::baselines::{self, Baseline};
use crate::behaviour::{Session, Subject};
use crate::behaviour_model::{BehaviourModel, Design, Scorer};
use crate::document::{Document, DocumentError};
use crate::error::LikelihoodError;
use crate::nearest_name::suggestion;
use crate::parameter::Parameter;
use crate::schema::Schema;
use crate::trajectory::{Quantity, Trajectory};
use crate::{model_file, tasks};
use rand::Rng;

/// An agent or a baseline.
#[derive(Clone, Debug)]
pub enum Model {
    /// An active inference agent.
    Agent(ActiveInference),
    /// A baseline.
    Baseline(Baseline),
}

impl Model {
    /// Reads a model file from its text: a baseline if it says `baseline = "..."`, otherwise an agent; `file` is its name in
    /// messages.
    ///
    /// # Errors
    ///
    /// As [`model_file::read`] and [`model_file::read_baseline`].
    pub fn read(text: &str, file: &str) -> Result<Model, DocumentError> {
        let keys = Document::parse(text, file)?;
        let is_baseline = keys.value().entries()?.iter().any(|entry| entry.key == "baseline");
        if is_baseline {
            return Ok(Model::Baseline(Baseline::new(model_file::read_baseline(text, file)?)));
        }
        Ok(Model::Agent(ActiveInference::new(model_file::read(text, file)?)))
    }

    /// The built-in model of this name.
    ///
    /// # Errors
    ///
    /// If there is none; the nearest name is suggested.
    ///
    /// # Example
    ///
    /// ```
    /// use actinf_agents::{BehaviourModel, Model};
    /// assert_eq!(Model::built_in("win_stay_lose_shift")?.parameters()[0].name, "lapse");
    /// let error = Model::built_in("rescorla_wagne").unwrap_err().to_string();
    /// assert!(error.starts_with("there is no built-in model `rescorla_wagne`; did you mean `rescorla_wagner`?"));
    /// # Ok::<(), actinf_agents::document::DocumentError>(())
    /// ```
    pub fn built_in(name: &str) -> Result<Model, DocumentError> {
        let Some(text) = Model::built_in_text(name) else {
            let known: Vec<&str> = Model::built_in_names().collect();
            let hint = suggestion(name, &known, "The models are");
            let message = format!("there is no built-in model `{name}`{hint}");
            return Err(DocumentError { file: String::new(), line: 0, path: String::new(), message });
        };
        Model::read(text, &format!("{name} (built in)"))
    }

    /// The names of all built-in models: the [tasks] with their agents, then the [baselines].
    pub fn built_in_names() -> impl Iterator<Item = &'static str> {
        tasks::names().chain(baselines::names())
    }

    /// The model file of a built-in model; `None` if there is none of that name.
    pub fn built_in_text(name: &str) -> Option<&'static str> {
        tasks::text(name).or_else(|| baselines::text(name))
    }

    /// Where it was published; empty where it was not.
    pub fn citation(&self) -> &str {
        match self {
            Model::Agent(agent) => &agent.task().citation,
            Model::Baseline(baseline) => &baseline.model().citation,
        }
    }

    /// As [`BehaviourModel::simulate`], and `ln p` of every action drawn, in nats, in the order of the steps.
    ///
    /// # Errors
    ///
    /// As [`BehaviourModel::simulate`].
    pub fn simulate_with_log_probabilities(
        &self,
        values: &[f64],
        design: Design,
        rng: &mut dyn Rng,
    ) -> Result<(Vec<Session>, Vec<f64>), LikelihoodError> {
        match self {
            Model::Agent(agent) => agent.simulate_with_log_probabilities(values, design, rng),
            Model::Baseline(baseline) => baseline.simulate_with_log_probabilities(values, design, rng),
        }
    }

    fn inner(&self) -> &dyn BehaviourModel {
        match self {
            Model::Agent(agent) => agent,
            Model::Baseline(baseline) => baseline,
        }
    }
}

impl BehaviourModel for Model {
    fn name(&self) -> &str {
        self.inner().name()
    }

    fn description(&self) -> &str {
        self.inner().description()
    }

    fn parameters(&self) -> &[Parameter] {
        self.inner().parameters()
    }

    fn schema(&self) -> &Schema {
        self.inner().schema()
    }

    fn quantities(&self) -> &[Quantity] {
        self.inner().quantities()
    }

    fn scorer<'a>(
        &'a self,
        subject: &'a Subject,
        fixed: &[f64],
        free: &[usize],
    ) -> Result<Box<dyn Scorer + 'a>, LikelihoodError> {
        self.inner().scorer(subject, fixed, free)
    }

    fn trajectory(&self, subject: &Subject, values: &[f64]) -> Result<Trajectory, LikelihoodError> {
        self.inner().trajectory(subject, values)
    }

    fn simulate(
        &self,
        values: &[f64],
        design: Design,
        rng: &mut dyn Rng,
    ) -> Result<Vec<Session>, LikelihoodError> {
        self.inner().simulate(values, design, rng)
    }
}
