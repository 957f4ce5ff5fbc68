//! Baselines against other implementations: the authors' code of Wilson & Collins (2019), CBM (Piray et al. 2019) and hBayesDM
//! (Ahn, Haines & Zhang 2017). The tables of the last two stand beside the recordings and are not shipped.

mod cbm;
mod hbayesdm;
mod ten_simple_rules;

use super::Case;
use actinf_agents::{Model, Observation, Session, Step, Subject, Trial};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// The cases of a recording, if it is one of a baseline.
pub(crate) fn cases(name: &str, file: &Path, document: &Value) -> Option<Result<Vec<Case>, String>> {
    if document["format"] == "ten-simple-rules/1" {
        return Some(ten_simple_rules::cases(name, document));
    }
    if document["model"] == "bandit2arm_delta" {
        return Some(hbayesdm::cases(name, file, document));
    }
    document["loglik_test_points"].get("dualRL").map(|_| cbm::cases(name, file, document))
}

/// A model of a two-armed bandit whose outcomes are worth `values`, with `lines` before its tables.
fn bandit(kind: &str, values: &str, lines: &str) -> Result<Model, String> {
    let text = format!(
        "name = \"{kind}\"\nbaseline = \"{kind}\"\norder = \"act_then_observe\"\n{lines}\n\
         [[controls]]\nname = \"arm\"\nactions = [\"first\", \"second\"]\n\
         [[modalities]]\nname = \"outcome\"\noutcomes = [\"loss\", \"win\"]\nvalues = {values}\n"
    );
    Model::read(&text, kind).map_err(|error| error.to_string())
}

/// One session of one trial in which these arms, from 1, had these outcomes.
fn subject(id: &str, steps: impl Iterator<Item = (usize, bool)>) -> Subject {
    let step = |(arm, won): (usize, bool)| Step {
        row: 0,
        actions: vec![arm.checked_sub(1)],
        observations: vec![Observation::Outcome(usize::from(won))],
        responses: vec![],
    };
    let trial = Trial { label: String::new(), aborted: false, steps: steps.map(step).collect() };
    Subject { id: id.into(), sessions: vec![Session { label: String::new(), trials: vec![trial] }] }
}

/// The subjects of the table that a recording names: subject, trial, arm from 1, outcome, which is a win above 0.
fn subjects_of_table(file: &Path, document: &Value) -> Result<Vec<Subject>, String> {
    let name = document["data_file"].as_str().ok_or("the recording has no `data_file`")?;
    let path = file.with_file_name(name);
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut rows: BTreeMap<usize, Vec<(usize, bool)>> = BTreeMap::new();
    for line in text.lines().skip(1) {
        let cells: Vec<f64> = line.split('\t').filter_map(|cell| cell.trim().parse().ok()).collect();
        let [subject, _, arm, outcome] = cells[..] else {
            return Err(format!("cannot read the row `{line}`"));
        };
        rows.entry(subject as usize).or_default().push((arm as usize, outcome > 0.0));
    }
    Ok(rows.into_iter().map(|(id, steps)| subject(&id.to_string(), steps.into_iter())).collect())
}

fn numbers(value: &Value) -> Result<Vec<f64>, String> {
    let list = value.as_array().ok_or("a list of numbers is missing")?;
    list.iter().map(|number| number.as_f64().ok_or(format!("{number} is not a number"))).collect()
}
