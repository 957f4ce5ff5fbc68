//! The data and results of other programs. Their licences keep the data out of this repository: tests that need them are
//! ignored, and read a folder `shared` beside or above it when there is one.

use crate::peer_models::{Peer, Rule};
use actinf_agents::{Observation, Session, Step, Subject, Trial};
use actinf_fit::hierarchical::{Formula, GroupProblem};
use actinf_fit::{Dataset, Problem};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A file below `shared/fixtures/`.
pub fn shared(file: &str) -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let candidates = here.ancestors().map(|folder| folder.join("shared/fixtures").join(file));
    let found = candidates.into_iter().find(|path| path.is_file());
    found.unwrap_or_else(|| {
        panic!("there is no shared/fixtures/{file} in any folder above {}", here.display())
    })
}

pub fn recorded(file: &str) -> Value {
    serde_json::from_str(&std::fs::read_to_string(shared(file)).unwrap()).unwrap()
}

/// Rows of a table with one header line, as numbers, grouped by the first column.
fn rows_by_subject(file: &str) -> Vec<(usize, Vec<Vec<f64>>)> {
    let text = std::fs::read_to_string(shared(file)).unwrap();
    let mut subjects: Vec<(usize, Vec<Vec<f64>>)> = Vec::new();
    for line in text.lines().skip(1) {
        let row: Vec<f64> = line.split('\t').map(|cell| cell.parse().unwrap()).collect();
        let id = row[0] as usize;
        match subjects.last_mut().filter(|(last, _)| *last == id) {
            Some((_, rows)) => rows.push(row),
            None => subjects.push((id, vec![row])),
        }
    }
    subjects
}

fn subject(id: usize, steps: Vec<Step>) -> Subject {
    let trial = Trial { label: "1".into(), aborted: false, steps };
    Subject { id: id.to_string(), sessions: vec![Session { label: "1".into(), trials: vec![trial] }] }
}

/// Choices 1 and 2 with outcomes, one choice per trial.
pub fn bandit(file: &str) -> Dataset {
    let step = |row: &Vec<f64>| Step {
        row: 0,
        actions: vec![Some(row[2] as usize - 1), None],
        observations: vec![Observation::Missing],
        responses: vec![Some(row[3])],
    };
    let make = |(id, rows): (usize, Vec<Vec<f64>>)| subject(id, rows.iter().map(step).collect());
    let subjects = rows_by_subject(file).into_iter().map(make).collect();
    Dataset { subjects, ..Dataset::default() }
}

/// The two-step task; trials with a missed choice are left out, as CBM's example does.
pub fn two_step() -> Dataset {
    let step = |row: &Vec<f64>| {
        let complete = row[2] > 0.0 && row[5] > 0.0 && row[6] > 0.0;
        let action = |column: usize| complete.then(|| row[column] as usize - 1);
        Step {
            row: 0,
            actions: vec![action(2), action(5)],
            observations: vec![if complete {
                Observation::Outcome(row[4] as usize - 2)
            } else {
                Observation::Missing
            }],
            responses: vec![complete.then_some(2.0 - row[6])],
        }
    };
    let make = |(id, rows): (usize, Vec<Vec<f64>>)| subject(id, rows.iter().map(step).collect());
    Dataset {
        subjects: rows_by_subject("peers/cbm_2step_data.tsv").into_iter().map(make).collect(),
        ..Dataset::default()
    }
}

pub fn problem<T: Rule<N>, const N: usize>(peer: &Peer<T, N>) -> Problem<'_> {
    Problem::new(peer, Problem::default_roles(peer)).unwrap()
}

pub fn plain_group<'a>(problem: &'a Problem<'a>, dataset: &'a Dataset) -> GroupProblem<'a> {
    GroupProblem::new(problem, dataset, &BTreeMap::<String, Formula>::new()).unwrap()
}

pub fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|x| x.as_f64().unwrap_or(f64::NAN)).collect()
}

pub fn table(value: &Value) -> Vec<Vec<f64>> {
    value.as_array().unwrap().iter().map(numbers).collect()
}
