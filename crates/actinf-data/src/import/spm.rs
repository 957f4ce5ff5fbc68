//! SPM's MDP structure (`spm_MDP_VB_X`): its fields as arrays of a model.
//!
//! A structure array is a sequence of trials; the first one says what the model is. Where counts are given (`a`, `b`, `c`, `d`,
//! `e`), they are the agent's model, and the capital field is the task as it is.

mod fields;
mod labels;

use super::ImportError;
use super::matlab::MatValue;
use actinf_agents::model_arrays::{FactorArrays, HabitArrays, ModalityArrays, ModelArrays, Rates, Tensor};
use fields::Fields;
use labels::Labels;

/// SPM's own default of the action precision.
const ACTION_PRECISION: f64 = 512.0;

/// What SPM adds under logarithms.
const ADDED: f64 = 1e-16;

/// The model of the MDP structure in a file.
pub(super) fn model(name: &str, variables: &[(String, MatValue)]) -> Result<ModelArrays, ImportError> {
    let fields = Fields::of_file(variables)?;
    Mdp { labels: Labels::of(&fields), rates: rates(&fields)?, fields }.model(name)
}

struct Mdp<'a> {
    fields: Fields<'a>,
    labels: Labels,
    rates: Rates,
}

/// Learning rate and forgetting. Only the tutorial's version of the engine forgets.
fn rates(fields: &Fields<'_>) -> Result<Rates, ImportError> {
    Ok(Rates { rate: fields.number("eta", 1.0)?, forgetting: fields.number("omega", 0.0)? })
}

impl Mdp<'_> {
    fn model(&self, name: &str) -> Result<ModelArrays, ImportError> {
        let transitions = self.fields.tables("b", "B")?;
        let likelihoods = self.fields.tables("a", "A")?;
        let states: Vec<usize> = transitions.iter().map(|table| table.shape[0]).collect();
        let factors =
            (0..states.len()).map(|f| self.factor(f, &transitions)).collect::<Result<Vec<_>, _>>()?;
        let modalities = (0..likelihoods.len())
            .map(|g| self.modality(g, &likelihoods, states.len()))
            .collect::<Result<_, _>>()?;
        let moves = self.fields.has("U");
        let policies = self.policies(if moves { "U" } else { "V" }, factors.len(), moves)?;
        Ok(ModelArrays {
            name: name.to_owned(),
            description: "Imported from an MDP structure of SPM.".into(),
            horizon: policies.first().map_or(1, Vec::len),
            habits: self.habits(policies.len())?,
            policies: Some(policies),
            factors,
            modalities,
            inference: self.inference(moves)?,
            planning: self.planning(),
            choice: vec![
                ("policy_precision", format!("{}", 1.0 / self.fields.number("beta", 1.0)?)),
                ("action_precision", format!("{}", self.fields.number("alpha", ACTION_PRECISION)?)),
                ("selection", "\"joint_action\"".into()),
            ],
            learning: vec![],
        })
    }

    fn factor(&self, f: usize, transitions: &[Tensor]) -> Result<FactorArrays, ImportError> {
        let table = transitions[f].clone().with_dimensions(3);
        let (size, actions) = (table.shape[0], table.shape[2]);
        let uniform = || vec![1.0; size];
        let list = |field: &str| self.fields.list(field, f);
        let (counts, prior) = (list("d")?, list("D")?);
        let (process_table, learned) = (self.fields.table("B", f)?, self.fields.table("b", f)?.is_some());
        let process = (counts.is_some() || learned).then(|| {
            (
                process_table.map_or_else(|| table.clone(), |b| b.with_dimensions(3)),
                prior.clone().unwrap_or_else(uniform),
            )
        });
        // Only the tutorial's engine, which is told by its forgetting, weights what is learned of the first state.
        let rate = if self.fields.has("omega") { self.rates.rate } else { 1.0 };
        Ok(FactorArrays {
            name: self.labels.factor(f),
            states: self.labels.states(f, size),
            control: self.labels.control(f),
            actions: self.labels.actions(f, actions),
            parents: vec![f],
            transitions: table,
            prior_learning: counts.as_ref().map(|_| Rates { rate, ..self.rates }),
            prior: counts.or(prior).unwrap_or_else(uniform),
            transition_learning: learned.then_some(self.rates),
            process,
        })
    }

    fn modality(
        &self,
        g: usize,
        likelihoods: &[Tensor],
        factors: usize,
    ) -> Result<ModalityArrays, ImportError> {
        let table = likelihoods[g].clone().with_dimensions(1 + factors);
        let learned = self.fields.table("a", g)?.is_some();
        let counts = self.fields.table("c", g)?;
        let preferences = counts.clone().or(self.fields.table("C", g)?);
        let steps = |table: Tensor| {
            let table = table.with_dimensions(2);
            (0..table.shape[1]).map(|step| table.column(&[step])).collect()
        };
        Ok(ModalityArrays {
            name: self.labels.modality(g),
            outcomes: self.labels.outcomes(g, table.shape[0]),
            parents: (0..factors).collect(),
            process: match (learned, self.fields.table("A", g)?) {
                (true, Some(process)) => Some(process.with_dimensions(1 + factors)),
                _ => None,
            },
            likelihood: table,
            preferences: preferences.map_or_else(Vec::new, steps),
            are_utilities: false,
            learning: learned.then_some(self.rates),
            preference_learning: counts.is_some().then_some(self.rates),
        })
    }

    /// The actions of all factors: `V[step, policy, factor]`, or the next step's, `U[1, policy, factor]`.
    fn policies(
        &self,
        field: &str,
        factors: usize,
        moves: bool,
    ) -> Result<Vec<Vec<Vec<usize>>>, ImportError> {
        let Some(table) = self.fields.table(field, 0)? else {
            return Err(ImportError::new("the structure has neither policies V nor actions U"));
        };
        let table = table.with_dimensions(3);
        let [steps, policies, of_factors] = table.shape[..] else {
            return Err(ImportError::new(format!(
                "{field} has {} dimensions, at most 3 are expected",
                table.shape.len()
            )));
        };
        if of_factors != factors || (moves && steps != 1) {
            return Err(ImportError::new(format!(
                "{field} has shape {:?}, which does not fit {factors} factors",
                table.shape
            )));
        }
        let action = |step: usize, policy: usize, f: usize| {
            let number = table.cells[(step * policies + policy) * factors + f];
            // Actions are numbered from 1.
            if number >= 1.0 && number.fract() == 0.0 { Ok(number as usize - 1) } else { Err(number) }
        };
        let step = |policy: usize, step: usize| {
            (0..factors).map(|f| action(step, policy, f)).collect::<Result<_, _>>()
        };
        let policy = |policy: usize| (0..steps).map(|t| step(policy, t)).collect::<Result<_, _>>();
        (0..policies).map(policy).collect::<Result<_, f64>>().map_err(|number| {
            ImportError::new(format!("{field} holds {number}; actions are numbered from 1"))
        })
    }

    fn habits(&self, policies: usize) -> Result<Option<HabitArrays>, ImportError> {
        let (counts, weights) = (self.fields.list("e", 0)?, self.fields.list("E", 0)?);
        let given = counts.as_ref().or(weights.as_ref()).map_or(policies, Vec::len);
        if given != policies {
            return Err(ImportError::new(format!(
                "the habits E or e have {given} entries for {policies} policies"
            )));
        }
        let logits = |weights: Vec<f64>| {
            let sum: f64 = weights.iter().sum();
            HabitArrays::Logits(weights.iter().map(|weight| (weight / sum + ADDED).ln()).collect())
        };
        Ok(counts.map(|counts| HabitArrays::Counts(counts, self.rates)).or(weights.map(logits)))
    }

    fn inference(&self, moves: bool) -> Result<Vec<(&'static str, String)>, ImportError> {
        let extent = if moves { "\"next_step\"" } else { "\"whole_trial\"" };
        Ok(vec![
            ("scheme", "\"trial_message_passing\"".into()),
            ("numerics", "\"spm\"".into()),
            ("policies", extent.into()),
            ("time_constant", self.fields.number("tau", 4.0)?.to_string()),
            ("reset", self.fields.number("erp", 4.0)?.to_string()),
            ("pruning", self.fields.number("zeta", 3.0)?.to_string()),
        ])
    }

    fn planning(&self) -> Vec<(&'static str, String)> {
        let horizon = self
            .fields
            .table("V", 0)
            .ok()
            .flatten()
            .filter(|_| !self.fields.has("U"))
            .map_or(1, |v| v.shape[0]);
        let mut settings = vec![("horizon", horizon.to_string())];
        if self.fields.has("a") {
            settings.push(("likelihood_information_gain", "1".into()));
        }
        if self.fields.has("b") {
            settings.push(("transition_information_gain", "1".into()));
        }
        settings
    }
}
