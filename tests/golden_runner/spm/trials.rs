//! `kind = mdpx`: a sequence of trials with recorded outcomes and actions.

use super::super::differences::Differences;
use super::arrays::{flat, items, likelihood_columns, preference_columns, transition_columns};
use super::model::{Free, Recorded};
use actinf_agents::ActiveInference;
use actinf_agents::task_model::Numerics;
use actinf_agents::trial_message_passing::TrialInspection;
use serde_json::Value;

/// A kind of counts: its field, what we have of it, and how to read theirs.
type Kind<'a> = (&'a str, &'a [Option<Columns>], fn(&Value) -> Columns);

/// Of beliefs, probabilities and counts.
const BELIEFS: f64 = 1e-10;

/// Of free energies.
const ENERGIES: f64 = 1e-9;

pub(super) fn replay(document: &Value) -> Result<(), String> {
    let recorded = Recorded::of(document);
    let subject = recorded.subject(document);
    let agent = ActiveInference::new(recorded.task(Free::nothing(&document["model"])));
    let inspections = agent.inspect_trials(&subject, &[]).map_err(|error| error.to_string())?;
    let trials = items(&document["trials"]);
    let mut comparison = Comparison {
        beliefs: Differences::absolute(BELIEFS),
        energies: Differences::absolute(ENERGIES),
        sizes: items(&document["model"]["D"]).iter().map(|prior| items(prior).len()).collect(),
    };
    if trials.len() != inspections.len() {
        return Err(format!("{} trials instead of {}", inspections.len(), trials.len()));
    }
    for (i, (trial, inspection)) in trials.iter().zip(&inspections).enumerate() {
        let taken = recorded.taken(trial);
        comparison.steps(i, &trial["expected"], inspection, &taken);
        comparison.beliefs(i, &trial["expected"], inspection);
        comparison.learned(i, &trial["expected"], inspection);
        comparison.complexities(i, &trial["expected"], inspection);
    }
    comparison.beliefs.finish()?;
    comparison.energies.finish()
}

/// The columns of a table.
type Columns = Vec<Vec<f64>>;

struct Comparison {
    beliefs: Differences,
    energies: Differences,
    sizes: Vec<usize>,
}

/// Takes one index of a list of equally long lists: `[...][column]`.
fn column(value: &Value, column: usize) -> Vec<f64> {
    items(value).iter().flat_map(|row| flat(&row[column])).collect()
}

/// As [`column`], where the index is the last one of any number.
fn last_index(value: &Value, index: usize) -> Vec<f64> {
    match items(value) {
        [first, ..] if !first.is_array() => flat(&value[index]),
        rows => rows.iter().flat_map(|row| last_index(row, index)).collect(),
    }
}

impl Comparison {
    fn steps(&mut self, i: usize, expected: &Value, inspection: &TrialInspection, taken: &[usize]) {
        for (t, step) in inspection.steps.iter().enumerate() {
            let place = format!("trial {i} step {t}");
            let values: Vec<f64> = step.expected_free_energies.iter().map(|g| -g).collect();
            self.energies.compare_all(
                &format!("{place} F"),
                &step.evidence_of_policies,
                &column(&expected["F"], t),
            );
            self.energies.compare_all(&format!("{place} G"), &values, &column(&expected["G"], t));
            self.energies.compare(
                &format!("{place} H"),
                step.evidence,
                expected["H"][t].as_f64().unwrap_or(f64::NAN),
            );
            if !expected["R"][0][t].is_null() {
                let posterior: Vec<f64> = step.log_policy_posterior.iter().map(|log| log.exp()).collect();
                self.beliefs.compare_all(&format!("{place} R"), &posterior, &column(&expected["R"], t));
            }
            self.precision(&place, t, expected, &step.precisions);
            if let Some(&action) = taken.get(t) {
                self.actions(&place, t, expected, &step.log_action_probabilities, action);
            }
            if expected.get("xn").is_some() {
                self.trace(&place, t, &expected["xn"], &step.beliefs_by_sweep);
            }
        }
    }

    fn precision(&mut self, place: &str, t: usize, expected: &Value, precisions: &[f64]) {
        let last = precisions.last().copied().unwrap_or(f64::NAN);
        self.beliefs.compare(&format!("{place} w"), last, expected["w"][t].as_f64().unwrap_or(f64::NAN));
        let recorded = flat(&expected["wn"]);
        let first = t * precisions.len();
        if precisions.len() > 1 {
            let recorded = recorded.get(first..first + precisions.len()).unwrap_or_default();
            self.beliefs.compare_all(&format!("{place} wn"), precisions, recorded);
        }
    }

    fn actions(&mut self, place: &str, t: usize, expected: &Value, logs: &[f64], action: usize) {
        let probabilities: Vec<f64> = logs.iter().map(|log| log.exp()).collect();
        self.beliefs.compare_all(&format!("{place} P"), &probabilities, &last_index(&expected["P"], t));
        // Where the recorded probability has underflowed, ours must be as small.
        let recorded = flat(&expected["loglik_u"])[t];
        let computed = if logs[action].exp() > 0.0 { logs[action] } else { f64::NEG_INFINITY };
        self.energies.compare(&format!("{place} loglik_u"), computed, recorded);
    }

    /// `xn[factor][sweep][state][step of the trial][present step]`.
    fn trace(&mut self, place: &str, t: usize, recorded: &Value, sweeps: &[Vec<Vec<f64>>]) {
        for (n, steps) in sweeps.iter().enumerate() {
            for (j, beliefs) in steps.iter().enumerate() {
                let of_factor = |factor: usize| {
                    items(&recorded[factor][n])
                        .iter()
                        .map(|state| state[j][t].as_f64().unwrap_or(f64::NAN))
                        .collect()
                };
                let all: Vec<Vec<f64>> = (0..self.sizes.len()).map(of_factor).collect();
                self.beliefs.compare_all(&format!("{place} xn sweep {n} step {j}"), beliefs, &all.concat());
            }
        }
    }

    /// `X[factor][state][step]`, `Q[factor][state][step][policy]` and `C_used[modality][outcome][step]`.
    fn beliefs(&mut self, i: usize, expected: &Value, inspection: &TrialInspection) {
        for (t, beliefs) in inspection.beliefs.iter().enumerate() {
            let recorded: Vec<f64> = items(&expected["X"]).iter().flat_map(|x| column(x, t)).collect();
            self.beliefs.compare_all(&format!("trial {i} X step {t}"), beliefs, &recorded);
        }
        for (k, policy) in inspection.beliefs_of_policies.iter().enumerate() {
            for (t, beliefs) in policy.iter().enumerate() {
                let states = items(&expected["Q"]).iter().flat_map(items);
                let recorded: Vec<f64> =
                    states.map(|state| state[t][k].as_f64().unwrap_or(f64::NAN)).collect();
                self.beliefs.compare_all(&format!("trial {i} Q policy {k} step {t}"), beliefs, &recorded);
            }
        }
        for (g, columns) in inspection.log_preferences.iter().enumerate() {
            let recorded = preference_columns(&expected["C_used"][g]);
            for (t, recorded) in recorded.iter().enumerate() {
                let ours = &columns[t.min(columns.len() - 1)];
                self.energies.compare_all(&format!("trial {i} C_used[{g}] step {t}"), ours, recorded);
            }
        }
    }

    fn learned(&mut self, i: usize, expected: &Value, inspection: &TrialInspection) {
        let counts = &inspection.counts;
        let single = |value: &Value| vec![flat(value)];
        let kinds: [Kind<'_>; 4] = [
            ("a", &counts.likelihood, likelihood_columns),
            ("b", &counts.transitions, transition_columns),
            ("c", &counts.preferences, preference_columns),
            ("d", &counts.initial_state, single),
        ];
        for (key, ours, columns) in kinds {
            for (index, recorded) in items(&expected[key]).iter().enumerate() {
                let ours = ours[index].clone().unwrap_or_default().concat();
                let recorded = columns(recorded).concat();
                self.beliefs.compare_all(&format!("trial {i} {key}[{index}]"), &ours, &recorded);
            }
        }
        if let Some(recorded) = expected.get("e") {
            let ours = counts.habits.clone().unwrap_or_default().concat();
            self.beliefs.compare_all(&format!("trial {i} e"), &ours, &flat(recorded));
        }
    }

    fn complexities(&mut self, i: usize, expected: &Value, inspection: &TrialInspection) {
        let ours = [
            ("Fa", inspection.likelihood_complexities(Numerics::Spm)),
            ("Fb", inspection.transition_complexities(Numerics::Spm)),
            ("Fd", inspection.initial_state_complexities(Numerics::Spm)),
            ("Fe", vec![inspection.habit_complexity(Numerics::Spm)]),
        ];
        for (key, ours) in ours {
            if let Some(recorded) = expected.get(key) {
                let ours: Vec<f64> = ours.iter().map(|kl| kl.map_or(f64::NAN, |kl| -kl)).collect();
                self.energies.compare_all(&format!("trial {i} {key}"), &ours, &flat(recorded));
            }
        }
    }
}
