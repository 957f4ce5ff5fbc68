//! Format agency-reference/1: log-likelihoods of the agency task (Pitliya & Marković, IWAI 2024) from an independent
//! implementation. The rows are in the file itself (`rows`), or in `data/agency/agency.csv` (or the same below `shared`)
//! in a folder above the file or the repository.

use super::Case;
use super::differences::Differences;
use actinf_agents::{
    ActiveInference, BehaviourModel, Observation, Session, Step, Subject, Trial, default_values, tasks,
};
use actinf_data::{CodedColumn, ColumnMapping, NumericColumn};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

const TOLERANCE: f64 = 1e-9;

/// One case per set of parameters.
pub(crate) fn cases(name: &str, file: &Path, document: Value) -> Result<Vec<Case>, String> {
    let model = Arc::new(ActiveInference::new(tasks::read("agency").map_err(|error| error.to_string())?));
    let subjects = Arc::new(match document.get("rows") {
        Some(rows) => recorded_subjects(rows)?,
        None => subjects_of_table(file, &model)?,
    });
    let recorded = document["cases"].as_array().ok_or("there is no list `cases`")?;
    let case = |(k, case): (usize, &Value)| {
        let (model, subjects, case) = (model.clone(), subjects.clone(), case.clone());
        Case {
            name: format!("{name} case {}", k + 1),
            replay: Box::new(move || replay(&model, &subjects, &case)),
        }
    };
    Ok(recorded.iter().enumerate().map(case).collect())
}

fn replay(model: &ActiveInference, subjects: &BTreeMap<String, Subject>, case: &Value) -> Result<(), String> {
    let values = values(model, &case["parameters"])?;
    let mut differences = Differences::relative(TOLERANCE);
    for (id, expected) in case["subjects"].as_object().ok_or("there are no `subjects`")? {
        let subject = subjects.get(id).ok_or(format!("there are no rows of subject {id}"))?;
        let trajectory = model.trajectory(subject, &values).map_err(|error| error.to_string())?;
        let parts = &trajectory.log_likelihood;
        let mut compare = |key: &str, computed: f64| {
            let recorded = expected[key].as_f64().unwrap_or(f64::NAN);
            differences.compare(&format!("subject {id} {key}"), computed, recorded);
        };
        compare("log_likelihood_actions", parts.actions);
        compare("log_likelihood_rating_self", parts.responses[0]);
        compare("log_likelihood_rating_other", parts.responses[1]);
        let first_block = trajectory.steps.iter().filter(|step| step.place.session == 0);
        let logs: Vec<f64> = first_block.filter_map(|step| step.log_probability).collect();
        let list = |key: &str| -> Vec<f64> {
            expected[key].as_array().into_iter().flatten().filter_map(Value::as_f64).collect()
        };
        differences.compare_all(
            &format!("subject {id} first_block_log_probs"),
            &logs,
            &list("first_block_log_probs"),
        );
        differences.compare_all(
            &format!("subject {id} first_block_final_context"),
            &trajectory.session_ends[0][..4],
            &list("first_block_final_context"),
        );
    }
    differences.finish()
}

/// The recorded parameters in the order of the model's.
fn values(model: &ActiveInference, recorded: &Value) -> Result<Vec<f64>, String> {
    let mut values = default_values(model.parameters());
    for (value, parameter) in values.iter_mut().zip(model.parameters()) {
        let logits = ["context_logit_both_plus", "context_logit_self_plus", "context_logit_other_plus"];
        let number = match logits.iter().position(|logit| *logit == parameter.name) {
            Some(k) => &recorded["context_logits"][k],
            None => &recorded[&parameter.name],
        };
        *value = number.as_f64().ok_or(format!("the case has no parameter {}", parameter.name))?;
    }
    Ok(values)
}

/// Subjects from the blocks recorded beside the cases: strings of 0 and 1 and one pair of ratings per block.
fn recorded_subjects(rows: &Value) -> Result<BTreeMap<String, Subject>, String> {
    let subject = |(id, blocks): (&String, &Value)| {
        let blocks = blocks.as_array().ok_or("`rows` holds a list of blocks per subject")?;
        let sessions = blocks.iter().map(session).collect::<Result<_, String>>()?;
        Ok((id.clone(), Subject { id: id.clone(), sessions }))
    };
    rows.as_object().ok_or("`rows` is a table of subjects")?.iter().map(subject).collect()
}

fn session(block: &Value) -> Result<Session, String> {
    let digits = |key: &str| -> Result<Vec<usize>, String> {
        let text = block[key].as_str().ok_or(format!("a block has no string `{key}`"))?;
        Ok(text.chars().map(|digit| usize::from(digit == '1')).collect())
    };
    let (own, other, outcome) = (digits("action_self")?, digits("action_other")?, digits("outcome")?);
    let mut steps: Vec<Step> = own
        .iter()
        .zip(other.iter().zip(&outcome))
        .map(|(&own, (&other, &outcome))| Step {
            row: 0,
            actions: vec![Some(own)],
            observations: vec![Observation::Outcome(outcome), Observation::Outcome(other)],
            responses: vec![None, None],
        })
        .collect();
    let rating = |key: &str| block[key].as_f64().map(|rating| rating / 100.0);
    steps.last_mut().ok_or("a block has no steps")?.responses =
        vec![rating("rating_self"), rating("rating_other")];
    Ok(Session { label: String::new(), trials: vec![Trial { label: "1".into(), aborted: false, steps }] })
}

/// Subjects from the table of behaviour, through the reader that fits use.
fn subjects_of_table(file: &Path, model: &ActiveInference) -> Result<BTreeMap<String, Subject>, String> {
    let file = file.canonicalize().map_err(|error| error.to_string())?;
    let table = file
        .ancestors()
        .chain(Path::new(env!("CARGO_MANIFEST_DIR")).ancestors())
        .flat_map(|folder| ["data", "shared/data"].map(|data| folder.join(data).join("agency/agency.csv")))
        .find(|path| path.is_file())
        .ok_or(
            "there are neither `rows` in the file nor a table data/agency/agency.csv in a folder above it",
        )?;
    let mut columns = ColumnMapping::new("subject");
    columns.session = Some("block".into());
    columns.actions.insert("button".into(), Some(CodedColumn::new("action_self")));
    columns.observations.insert("outcome".into(), Some(CodedColumn::new("outcome")));
    columns.observations.insert("others_press".into(), Some(CodedColumn::new("action_other")));
    for rating in ["rating_self", "rating_other"] {
        let column = NumericColumn { scale: 0.01, ..NumericColumn::new(rating) };
        columns.responses.insert(rating.into(), Some(column));
    }
    let dataset = actinf_data::read(&table, &columns, model.schema()).map_err(|error| error.to_string())?;
    Ok(dataset.subjects.into_iter().map(|subject| (subject.id.clone(), subject)).collect())
}
