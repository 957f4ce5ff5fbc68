//! pymdp's arrays, saved by name: `A0, A1, ...` for the modalities, `B0, B1, ...` for the factors, and likewise `C`, `D`, `pA`, `pB`,
//! `pD`, `A_dependencies`, `B_dependencies`; and `E`, `policies`, `policy_len`, `gamma`, `alpha`.
//!
//! ```python
//! lists = dict(A=A, B=B, C=C, D=D)
//! np.savez("model.npz", **{f"{name}{k}": array for name, arrays in lists.items() for k, array in enumerate(arrays)})
//! ```
//!
//! `A` has dimensions `[outcome, states...]` and `B` `[next state, states..., action]`. Without dependencies a likelihood depends on
//! all factors and transitions on their own one. Without policies all sequences of `policy_len` actions are considered.

use super::{ImportError, numbered};
use actinf_agents::model_arrays::{FactorArrays, HabitArrays, ModalityArrays, ModelArrays, Rates, Tensor};

/// pymdp's own default of both precisions.
const PRECISION: f64 = 16.0;

/// pymdp's floor under logarithms.
const FLOOR: f64 = f64::EPSILON;

/// The model of the arrays in a file.
pub(super) fn model(name: &str, arrays: &[(String, Tensor)]) -> Result<ModelArrays, ImportError> {
    Arrays(arrays).model(name)
}

struct Arrays<'a>(&'a [(String, Tensor)]);

impl<'a> Arrays<'a> {
    fn get(&self, name: &str) -> Option<&'a Tensor> {
        self.0.iter().find(|(own, _)| own == name).map(|(_, array)| array)
    }

    /// The array of a factor or modality: `A0`, `A_0` or `A[0]`.
    fn of(&self, name: &str, position: usize) -> Option<&'a Tensor> {
        [format!("{name}{position}"), format!("{name}_{position}"), format!("{name}[{position}]")]
            .iter()
            .find_map(|name| self.get(name))
    }

    fn all(&self, name: &str) -> Vec<&'a Tensor> {
        (0..).map_while(|position| self.of(name, position)).collect()
    }

    fn number(&self, name: &str, default: f64) -> f64 {
        self.get(name).and_then(|array| array.cells.first().copied()).unwrap_or(default)
    }

    fn positions(&self, name: &str, position: usize) -> Option<Vec<usize>> {
        self.of(name, position).map(|array| array.cells.iter().map(|&number| number as usize).collect())
    }

    fn model(&self, name: &str) -> Result<ModelArrays, ImportError> {
        let (transitions, likelihoods) = (self.all("B"), self.all("A"));
        if transitions.is_empty() || likelihoods.is_empty() {
            let names: Vec<&str> = self.0.iter().map(|(name, _)| name.as_str()).collect();
            let what = "it has no arrays A0, A1, ... and B0, B1, ... of a model; it holds";
            return Err(ImportError::new(format!("{what}: {}", names.join(", "))));
        }
        let factors = transitions.iter().enumerate().map(|(f, table)| self.factor(f, table));
        let factors = factors.collect::<Result<Vec<FactorArrays>, ImportError>>()?;
        let modalities =
            likelihoods.iter().enumerate().map(|(g, table)| self.modality(g, table, factors.len()));
        let policies = self.policies(factors.len())?;
        let horizon = self.horizon(policies.as_deref());
        Ok(ModelArrays {
            name: name.to_owned(),
            description: "Imported from arrays of pymdp.".into(),
            modalities: modalities.collect(),
            horizon,
            policies,
            habits: self.get("E").map(|habits| {
                let sum: f64 = habits.cells.iter().sum();
                HabitArrays::Logits(
                    habits.cells.iter().map(|weight| (weight / sum).max(FLOOR).ln()).collect(),
                )
            }),
            inference: vec![("scheme", "\"fixed_point_iteration\"".into()), ("numerics", "\"pymdp\"".into())],
            planning: self.planning(horizon),
            choice: vec![
                ("policy_precision", self.number("gamma", PRECISION).to_string()),
                ("action_precision", self.number("alpha", PRECISION).to_string()),
                (
                    "selection",
                    if factors.len() > 1 { "\"marginal\"".into() } else { "\"joint_action\"".into() },
                ),
            ],
            learning: vec![],
            factors,
        })
    }

    fn factor(&self, f: usize, table: &Tensor) -> Result<FactorArrays, ImportError> {
        let counts = self.of("pB", f);
        let parents = self.positions("B_dependencies", f).unwrap_or_else(|| vec![f]);
        let (Some(&size), true) = (table.shape.first(), table.shape.len() == parents.len() + 2) else {
            return Err(ImportError::new(format!(
                "B{f} has shape {:?}; [next state, states..., action] with {} states is needed",
                table.shape,
                parents.len()
            )));
        };
        let prior = self.of("D", f).map_or_else(|| vec![1.0; size], |prior| prior.cells.clone());
        let prior_counts = self.of("pD", f).map(|counts| counts.cells.clone());
        Ok(FactorArrays {
            name: format!("factor{}", f + 1),
            states: numbered("state", size),
            control: format!("control{}", f + 1),
            actions: numbered("action", table.shape.last().copied().unwrap_or(1)),
            process: (counts.is_some() || prior_counts.is_some()).then(|| (table.clone(), prior.clone())),
            transitions: counts.unwrap_or(table).clone(),
            parents,
            transition_learning: counts.map(|_| Rates { rate: self.number("lr_pB", 1.0), forgetting: 0.0 }),
            prior_learning: prior_counts
                .as_ref()
                .map(|_| Rates { rate: self.number("lr_pD", 1.0), forgetting: 0.0 }),
            prior: prior_counts.unwrap_or(prior),
        })
    }

    fn modality(&self, g: usize, table: &Tensor, factors: usize) -> ModalityArrays {
        let counts = self.of("pA", g);
        let outcomes = table.shape.first().copied().unwrap_or(0);
        let preferences = self.of("C", g).map(|table| table.clone().with_dimensions(2));
        let steps = |table: &Tensor| match table.shape[..] {
            // [step, outcome] if the second dimension is that of the outcomes, otherwise [outcome, step].
            [_, second] if second == outcomes && table.shape[0] != outcomes => {
                table.cells.chunks_exact(outcomes.max(1)).map(<[f64]>::to_vec).collect()
            }
            _ => (0..table.shape[1]).map(|step| table.column(&[step])).collect(),
        };
        ModalityArrays {
            name: format!("modality{}", g + 1),
            outcomes: numbered("outcome", outcomes),
            parents: self.positions("A_dependencies", g).unwrap_or_else(|| (0..factors).collect()),
            likelihood: counts.unwrap_or(table).clone(),
            preferences: preferences.as_ref().map_or_else(Vec::new, steps),
            are_utilities: true,
            learning: counts.map(|_| Rates { rate: self.number("lr_pA", 1.0), forgetting: 0.0 }),
            preference_learning: None,
            process: counts.map(|_| table.clone()),
        }
    }

    fn policies(&self, factors: usize) -> Result<Option<Vec<Vec<Vec<usize>>>>, ImportError> {
        let Some(table) = self.get("policies") else { return Ok(None) };
        let [_, steps, of_factors] = table.shape[..] else {
            return Err(ImportError::new(format!(
                "policies have shape {:?}; [policy, step, factor] is needed",
                table.shape
            )));
        };
        if of_factors != factors || steps == 0 {
            return Err(ImportError::new(format!(
                "policies have shape {:?}, which does not fit {factors} factors",
                table.shape
            )));
        }
        let step = |actions: &[f64]| actions.iter().map(|&action| action as usize).collect();
        let policy = |policy: &[f64]| policy.chunks_exact(factors).map(step).collect();
        Ok(Some(table.cells.chunks_exact(steps * factors).map(policy).collect()))
    }

    fn horizon(&self, policies: Option<&[Vec<Vec<usize>>]>) -> usize {
        let listed = policies.and_then(|policies| policies.first()).map(Vec::len);
        listed.unwrap_or_else(|| self.number("policy_len", 1.0).max(1.0) as usize)
    }

    fn planning(&self, horizon: usize) -> Vec<(&'static str, String)> {
        let mut settings = vec![("horizon", horizon.to_string())];
        if self.of("pA", 0).is_some() {
            settings.push(("likelihood_information_gain", "1".into()));
        }
        if self.of("pB", 0).is_some() {
            settings.push(("transition_information_gain", "1".into()));
        }
        settings
    }
}
