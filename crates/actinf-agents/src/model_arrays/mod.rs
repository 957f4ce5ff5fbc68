//! A model as arrays, the way SPM and pymdp hold it, and the model file that says the same.
//!
//! Numbers become cells, so that a reader can see what is there, replace what should be estimated by parameters, and throw
//! away the rest. Tables that nothing is learned of are written without the variables that they do not depend on.

mod tensor;
mod text;

pub use tensor::Tensor;

/// How a table is learned by counts; the counts are the table's own cells.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rates {
    /// How many observations each observation counts for.
    pub rate: f64,
    /// The share of what was learned that is lost with each update.
    pub forgetting: f64,
}

/// A factor of hidden states.
#[derive(Clone, Debug, PartialEq)]
pub struct FactorArrays {
    /// Its name.
    pub name: String,
    /// The labels of its states.
    pub states: Vec<String>,
    /// The name of the control that moves it.
    pub control: String,
    /// The labels of that control's actions; with fewer than two the factor is not controlled.
    pub actions: Vec<String>,
    /// The factors that transitions depend on, in the order of the tensor's axes.
    pub parents: Vec<usize>,
    /// Weights `[next state, parents' states..., action]`.
    pub transitions: Tensor,
    /// Weights of the first state.
    pub prior: Vec<f64>,
    /// How transitions are learned.
    pub transition_learning: Option<Rates>,
    /// How the prior is learned.
    pub prior_learning: Option<Rates>,
    /// Transitions and prior of the task as it is, where they differ.
    pub process: Option<(Tensor, Vec<f64>)>,
}

/// An outcome modality.
#[derive(Clone, Debug, PartialEq)]
pub struct ModalityArrays {
    /// Its name.
    pub name: String,
    /// The labels of its outcomes.
    pub outcomes: Vec<String>,
    /// The factors that it depends on, in the order of the tensor's axes.
    pub parents: Vec<usize>,
    /// Weights `[outcome, parents' states...]`.
    pub likelihood: Tensor,
    /// Preferences, one list for all steps or one per step; counts where they are learned.
    pub preferences: Vec<Vec<f64>>,
    /// Whether preferences are utilities in nats instead of logits.
    pub are_utilities: bool,
    /// How the likelihood is learned.
    pub learning: Option<Rates>,
    /// How preferences are learned.
    pub preference_learning: Option<Rates>,
    /// The likelihood of the task as it is, where it differs.
    pub process: Option<Tensor>,
}

/// Habits: what is chosen regardless of what it is good for.
#[derive(Clone, Debug, PartialEq)]
pub enum HabitArrays {
    /// Logits, one per policy.
    Logits(Vec<f64>),
    /// Counts, one per policy, and how they are learned.
    Counts(Vec<f64>, Rates),
}

/// A model as arrays.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelArrays {
    /// The name of the model.
    pub name: String,
    /// One paragraph on where it comes from.
    pub description: String,
    /// The factors.
    pub factors: Vec<FactorArrays>,
    /// The modalities.
    pub modalities: Vec<ModalityArrays>,
    /// The action of every factor: `[policy][step][factor]`; `None` for all sequences of joint actions.
    pub policies: Option<Vec<Vec<Vec<usize>>>>,
    /// How many steps a policy has.
    pub horizon: usize,
    /// Habits, if there are any.
    pub habits: Option<HabitArrays>,
    /// Settings `key = value` of `[inference]`, as TOML.
    pub inference: Vec<(&'static str, String)>,
    /// Settings of `[planning]`.
    pub planning: Vec<(&'static str, String)>,
    /// Settings of `[choice]`.
    pub choice: Vec<(&'static str, String)>,
    /// Settings of `[learning]`.
    pub learning: Vec<(&'static str, String)>,
}

impl ModelArrays {
    /// The model file. Whether it is a sound model is for [`crate::model_file::read`] to say.
    ///
    /// # Errors
    ///
    /// In words, if an array has another size than labels or other arrays ask for.
    pub fn to_model_file(&self) -> Result<String, String> {
        self.check()?;
        Ok(text::model_file(self))
    }

    fn check(&self) -> Result<(), String> {
        for factor in &self.factors {
            let mut shape = vec![factor.states.len()];
            shape.extend(self.sizes(&factor.parents)?);
            shape.push(factor.actions.len().max(1));
            let what = format!("the transitions of {}", factor.name);
            factor.transitions.check(&what, &shape)?;
            same_length(&format!("the prior of {}", factor.name), factor.prior.len(), factor.states.len())?;
            if let Some((transitions, prior)) = &factor.process {
                transitions.check(&format!("{what} in the process"), &shape)?;
                same_length(
                    &format!("the prior of {} in the process", factor.name),
                    prior.len(),
                    factor.states.len(),
                )?;
            }
        }
        for modality in &self.modalities {
            let mut shape = vec![modality.outcomes.len()];
            shape.extend(self.sizes(&modality.parents)?);
            let what = format!("the likelihood of {}", modality.name);
            modality.likelihood.check(&what, &shape)?;
            if let Some(likelihood) = &modality.process {
                likelihood.check(&format!("{what} in the process"), &shape)?;
            }
            for step in &modality.preferences {
                same_length(
                    &format!("the preferences of {}", modality.name),
                    step.len(),
                    modality.outcomes.len(),
                )?;
            }
        }
        self.check_policies()
    }

    fn sizes(&self, parents: &[usize]) -> Result<Vec<usize>, String> {
        let size = |&parent: &usize| {
            let factor = self.factors.get(parent);
            factor.map(|factor| factor.states.len()).ok_or(format!("there is no factor {}", parent + 1))
        };
        parents.iter().map(size).collect()
    }

    fn check_policies(&self) -> Result<(), String> {
        if !self.factors.iter().any(FactorArrays::is_controlled) {
            return Err("no factor has more than one action, so that there is nothing to choose".into());
        }
        for policy in self.policies.iter().flatten() {
            same_length("a policy", policy.len(), self.horizon)?;
            for actions in policy {
                same_length("a step of a policy", actions.len(), self.factors.len())?;
                for (&action, factor) in actions.iter().zip(&self.factors) {
                    if action >= factor.actions.len().max(1) {
                        return Err(format!(
                            "a policy has action {}, but {} has {}",
                            action + 1,
                            factor.name,
                            factor.actions.len()
                        ));
                    }
                }
            }
        }
        Ok(())
    }
}

impl FactorArrays {
    /// Whether a control moves it.
    pub fn is_controlled(&self) -> bool {
        self.actions.len() > 1
    }
}

fn same_length(what: &str, found: usize, expected: usize) -> Result<(), String> {
    if found == expected {
        Ok(())
    } else {
        Err(format!("{what} has {found} entries, but {expected} are needed"))
    }
}
