//! The recorded numbers of a run, compared with ours.

use super::super::differences::Differences;
use super::arrays::{flat, indices, items, likelihood_columns, transition_columns};
use super::model::Recorded;
use actinf_agents::{ExpectedFreeEnergy, Inspection};
use ndarray::Array2;
use serde_json::Value;

/// A comparison in progress.
pub(super) struct Expected<'a> {
    document: &'a Value,
    recorded: &'a Recorded,
    differences: Differences,
}

type Term = fn(&ExpectedFreeEnergy<f64>) -> f64;

const TERMS: [(&str, Term); 5] = [
    ("utility", |terms| terms.utility),
    ("states_info_gain", |terms| terms.state_information_gain),
    ("param_info_gain_A", |terms| terms.likelihood_information_gain),
    ("param_info_gain_B", |terms| terms.transition_information_gain),
    ("inductive", |terms| terms.inductive_value),
];

impl<'a> Expected<'a> {
    pub(super) fn new(document: &'a Value, recorded: &'a Recorded) -> Self {
        let tolerance = document["tolerance"].as_f64().unwrap_or(1e-8);
        Expected { document, recorded, differences: Differences::absolute(tolerance) }
    }

    /// Compares every step of every block. What was learned at the end of a block shows at the first step of the next.
    pub(super) fn compare_steps(&mut self, inspections: &[Inspection]) {
        let mut inspections = inspections.iter();
        let mut learned_before: Option<&Value> = None;
        for (b, block) in items(&self.document["expected"]["blocks"]).iter().enumerate() {
            for (t, step) in items(&block["steps"]).iter().enumerate() {
                let Some(inspection) = inspections.next() else {
                    self.differences.note(format!("block {b} step {t} was not taken"));
                    return;
                };
                self.compare_step(&format!("block {b} step {t}"), step, inspection);
                if let Some(learned) = learned_before.take() {
                    self.compare_learned(&format!("before block {b}"), learned, inspection);
                }
            }
            learned_before = block.get("learned");
        }
    }

    fn compare_step(&mut self, place: &str, step: &Value, ours: &Inspection) {
        self.differences.compare_all(&format!("{place} qs"), &ours.beliefs, &flat(&step["qs"]));
        if let Some(vfe) = step["vfe"]["vfe"].as_f64() {
            self.differences.compare(&format!("{place} vfe"), ours.surprise, vfe);
        }
        if step.get("neg_efe").is_some() {
            let ours: Vec<f64> = ours.expected_free_energies.iter().map(|g| -g).collect();
            self.differences.compare_all(&format!("{place} neg_efe"), &ours, &flat(&step["neg_efe"]));
        }
        for (key, term) in TERMS {
            if self.is_computed(key) && step["neg_efe_terms"].get(key).is_some() {
                let ours: Vec<f64> = ours.terms.iter().map(term).collect();
                let recorded = flat(&step["neg_efe_terms"][key]);
                self.differences.compare_all(&format!("{place} {key}"), &ours, &recorded);
            }
        }
        let posterior: Vec<f64> = ours.log_policy_posterior.iter().map(|log| log.exp()).collect();
        self.differences.compare_all(&format!("{place} q_pi"), &posterior, &flat(&step["q_pi"]));
        let action = self.recorded.joint_action(&indices(&step["action"]));
        if let (Some(action), true) = (action, step["action"].is_array()) {
            let recorded = step["log_prob_action"].as_f64().unwrap_or(f64::NEG_INFINITY);
            let computed = ours.log_action_probabilities[action];
            self.differences.compare(&format!("{place} log_prob_action"), computed, recorded);
        }
        if let Some(learned) = step.get("learned") {
            self.compare_learned(&format!("{place} learned"), learned, ours);
        }
    }

    /// Terms with weight 0 are not computed by us.
    fn is_computed(&self, term: &str) -> bool {
        let key = match term {
            "param_info_gain_A" | "param_info_gain_B" => "use_param_info_gain",
            "inductive" => "use_inductive",
            _ => return true,
        };
        self.document["config"][key].as_bool().unwrap_or(false)
    }

    fn compare_learned(&mut self, place: &str, learned: &Value, ours: &Inspection) {
        let rows = |table: &Array2<f64>| table.iter().copied().collect::<Vec<f64>>();
        for (m, table) in ours.likelihood.iter().enumerate() {
            if let Some(recorded) = learned.get("A") {
                let recorded = likelihood_columns(&recorded[m], table.ncols()).concat();
                self.differences.compare_all(&format!("{place} A[{m}]"), &rows(table), &recorded);
            }
        }
        for (f, table) in ours.transitions.iter().enumerate() {
            if let Some(recorded) = learned.get("B") {
                let recorded =
                    transition_columns(&recorded[f], table.ncols(), self.recorded.actions[f]).concat();
                self.differences.compare_all(&format!("{place} B[{f}]"), &rows(table), &recorded);
            }
        }
        for (f, table) in ours.initial_state_prior.iter().enumerate() {
            if let Some(recorded) = learned.get("D") {
                self.differences.compare_all(&format!("{place} D[{f}]"), &rows(table), &flat(&recorded[f]));
            }
        }
    }

    pub(super) fn compare_total(&mut self, log_likelihood: f64) {
        let recorded = self.document["expected"]["total"]["log_prob_action"].as_f64();
        self.differences.compare("total", log_likelihood, recorded.unwrap_or(f64::NEG_INFINITY));
    }

    /// Compares the gradient with respect to every array that was recorded.
    pub(super) fn compare_gradients(&mut self, recorded: &Value, gradient: &[f64]) {
        for key in ["gamma", "alpha", "C", "D", "E", "lr_pA", "lr_pB"] {
            if let Some(recorded) = recorded.get(key) {
                let ours: Vec<f64> =
                    self.recorded.positions(key).into_iter().map(|position| gradient[position]).collect();
                self.differences.compare_all(&format!("gradient {key}"), &ours, &flat(recorded));
            }
        }
    }

    pub(super) fn finish(self) -> Result<(), String> {
        self.differences.finish()
    }
}
