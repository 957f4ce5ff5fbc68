//! The tables of a model as a reader sees them: A, B, C, D and E with the names of their rows and columns.

use crate::error::LikelihoodError;
use crate::generative_model::GenerativeModel;
use crate::model::Model;
use crate::task_model::TaskModel;
use ndarray::ArrayView2;
use serde::{Deserialize, Serialize};

/// A table with more cells is not made: nobody would read it.
const MOST_CELLS: usize = 4096;

/// One table at given parameter values, before anything is learned.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelTable {
    /// `A`, `B`, `C`, `D` or `E`.
    pub symbol: String,
    /// The modality or factor; empty for `E`, which the model has once.
    pub name: String,
    /// Configurations of what the table depends on, or steps ahead.
    pub rows: Vec<String>,
    /// Outcomes, next states, states or policies.
    pub columns: Vec<String>,
    /// Rows × columns; `None` stands for minus infinity.
    pub cells: Vec<Vec<Option<f64>>>,
    /// `probability` or, for `C`, `nats`.
    pub unit: String,
    /// Whether the model learns it.
    pub learned: bool,
}

impl Model {
    /// The tables of an agent at these parameter values: `A` and `C` per modality, `B` and `D` per factor, and `E`. A baseline has
    /// none, and tables of more than 4096 cells are left out.
    ///
    /// # Errors
    ///
    /// If a column is no distribution at these values.
    ///
    /// # Example
    ///
    /// ```
    /// use actinf_agents::{BehaviourModel, Model, default_values};
    /// let model = Model::built_in("agency")?;
    /// let tables = model.tables(&default_values(model.parameters()))?;
    /// let prior = tables.iter().find(|t| t.symbol == "D" && t.name == "context").unwrap();
    /// assert_eq!(prior.columns[0], "both_plus");
    /// assert_eq!(prior.cells, [[Some(0.25); 4]]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn tables(&self, values: &[f64]) -> Result<Vec<ModelTable>, LikelihoodError> {
        let Model::Agent(agent) = self else { return Ok(Vec::new()) };
        let task = agent.task();
        let numbers = GenerativeModel::new(task, values)?;
        let mut tables = likelihoods(task, &numbers);
        tables.extend(transitions(task, &numbers));
        tables.extend(preferences(task, &numbers));
        tables.extend(initial_states(task, &numbers));
        tables.push(habits(task, &numbers));
        tables.retain(|table| table.rows.len() * table.columns.len() <= MOST_CELLS);
        Ok(tables)
    }
}

fn likelihoods(task: &TaskModel, numbers: &GenerativeModel<f64>) -> Vec<ModelTable> {
    let table = |(m, modality): (usize, &crate::task_model::Modality)| {
        let parents: Vec<&[String]> =
            modality.parents.iter().map(|&f| task.factors[f].states.as_slice()).collect();
        ModelTable {
            symbol: "A".to_owned(),
            name: modality.name.clone(),
            rows: configurations(&parents),
            columns: modality.outcomes.clone(),
            cells: cells(numbers.likelihood(m)),
            unit: "probability".to_owned(),
            learned: modality.learning.is_some(),
        }
    };
    task.modalities.iter().enumerate().map(table).collect()
}

fn transitions(task: &TaskModel, numbers: &GenerativeModel<f64>) -> Vec<ModelTable> {
    let table = |(f, factor): (usize, &crate::task_model::Factor)| {
        let controls = factor.transitions.controls.iter().map(|&c| task.schema.controls[c].labels.as_slice());
        let parents = factor.transitions.parents.iter().map(|&p| task.factors[p].states.as_slice());
        let variables: Vec<&[String]> = controls.chain(parents).collect();
        ModelTable {
            symbol: "B".to_owned(),
            name: factor.name.clone(),
            rows: configurations(&variables),
            columns: factor.states.clone(),
            cells: cells(numbers.transitions(f)),
            unit: "probability".to_owned(),
            learned: factor.transition_learning.is_some(),
        }
    };
    task.factors.iter().enumerate().map(table).collect()
}

fn preferences(task: &TaskModel, numbers: &GenerativeModel<f64>) -> Vec<ModelTable> {
    let table = |(m, modality): (usize, &crate::task_model::Modality)| {
        let steps = modality.preferences.steps.len();
        let step = |step: usize| numbers.log_preferences(m, step).iter().map(|&x| finite(x)).collect();
        ModelTable {
            symbol: "C".to_owned(),
            name: modality.name.clone(),
            rows: match steps {
                1 => vec!["every step".to_owned()],
                _ => (1..=steps).map(|step| format!("step {step}")).collect(),
            },
            columns: modality.outcomes.clone(),
            cells: (0..steps).map(step).collect(),
            unit: "nats".to_owned(),
            learned: modality.preferences.learning.is_some(),
        }
    };
    task.modalities.iter().enumerate().map(table).collect()
}

fn initial_states(task: &TaskModel, numbers: &GenerativeModel<f64>) -> Vec<ModelTable> {
    let table = |(f, factor): (usize, &crate::task_model::Factor)| ModelTable {
        symbol: "D".to_owned(),
        name: factor.name.clone(),
        rows: vec!["at the start".to_owned()],
        columns: factor.states.clone(),
        cells: vec![numbers.initial_state_prior(f).iter().map(|&x| finite(x)).collect()],
        unit: "probability".to_owned(),
        learned: factor.prior_learning.is_some(),
    };
    task.factors.iter().enumerate().map(table).collect()
}

fn habits(task: &TaskModel, numbers: &GenerativeModel<f64>) -> ModelTable {
    let label = |policy: &Vec<usize>| {
        let actions: Vec<String> =
            policy.iter().map(|&action| task.schema.joint_action_label(action)).collect();
        actions.join(" → ")
    };
    ModelTable {
        symbol: "E".to_owned(),
        name: String::new(),
        rows: vec!["before planning".to_owned()],
        columns: task.planning.policies.iter().map(label).collect(),
        cells: vec![numbers.log_habits().iter().map(|log| finite(log.exp())).collect()],
        unit: "probability".to_owned(),
        learned: task.choice.habit_learning.is_some(),
    }
}

fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

fn cells(table: ArrayView2<'_, f64>) -> Vec<Vec<Option<f64>>> {
    table.rows().into_iter().map(|row| row.iter().map(|&x| finite(x)).collect()).collect()
}

/// The labels of all configurations, the last variable fastest; "always" where there is nothing to depend on.
fn configurations(variables: &[&[String]]) -> Vec<String> {
    let mut all = vec![String::new()];
    for labels in variables {
        let joined = |before: &String, label: &String| {
            if before.is_empty() { label.clone() } else { format!("{before}, {label}") }
        };
        all = all.iter().flat_map(|before| labels.iter().map(move |label| joined(before, label))).collect();
    }
    if variables.is_empty() { vec!["always".to_owned()] } else { all }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parameter::default_values;
    use crate::{BehaviourModel, tasks};

    #[test]
    fn configurations_number_the_last_variable_fastest() {
        let (first, second) = (["a", "b"].map(String::from), ["x", "y"].map(String::from));
        assert_eq!(configurations(&[&first, &second]), ["a, x", "a, y", "b, x", "b, y"]);
        assert_eq!(configurations(&[]), ["always"]);
    }

    #[test]
    fn every_table_of_every_task_has_its_names_and_its_distributions_sum_to_one() {
        for name in tasks::names() {
            let model = Model::built_in(name).unwrap();
            let tables = model.tables(&default_values(model.parameters())).unwrap();
            assert!(tables.iter().any(|table| table.symbol == "E"), "{name}");
            for table in tables {
                let place = format!("{name}: {} {}", table.symbol, table.name);
                assert_eq!(table.cells.len(), table.rows.len(), "{place}");
                for row in &table.cells {
                    assert_eq!(row.len(), table.columns.len(), "{place}");
                    let sum: f64 = row.iter().flatten().sum();
                    assert!(table.unit == "nats" || (sum - 1.0).abs() < 1e-9, "{place}: {sum}");
                }
            }
        }
    }
}
