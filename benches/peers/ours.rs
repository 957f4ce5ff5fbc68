//! The counterpart of `pymdp_likelihood.py`: one JSON line per model and set of equations, in the same units.
//!
//! `cargo bench -p actinf-benches --bench peers -- [FOLDER] [MODEL...] [exact | pymdp]`; with a folder the subjects that are
//! scored are written there, one file per model, for pymdp to score. One thread; wall-clock minima, which bound CPU time
//! above.

use actinf_agents::{BehaviourModel, Design, Observation, Scorer, Subject};
use actinf_benches::cases::{Case, Equations, Error, compared, three_factors, wide_step};
use actinf_benches::measure::{peak_memory, smallest};
use serde_json::{Map, Value, json};
use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

const SUBJECTS: u64 = 64;
const DESIGN: Design = Design { sessions: 1, trials: 1, steps: 200 };
const BUDGET: Duration = Duration::from_secs(2);

/// A subject's scorer with the place for its gradient.
struct Scored<'a> {
    scorer: Box<dyn Scorer + 'a>,
    gradient: [f64; 3],
}

fn scored<'a>(case: &'a Case, subjects: &'a [Subject], free: &[usize]) -> Result<Vec<Scored<'a>>, Error> {
    let scorer =
        |subject| Ok(Scored { scorer: case.model.scorer(subject, &case.values, free)?, gradient: [0.0; 3] });
    subjects.iter().map(scorer).collect()
}

/// Microseconds per trial and subject, all of which have as many trials as the first.
fn per_trial(durations: &[Duration], subjects: &[Subject]) -> f64 {
    let sum: Duration = durations.iter().sum();
    sum.as_secs_f64() * 1e6 / (durations.len() * trials(subjects)) as f64
}

fn trials(subjects: &[Subject]) -> usize {
    subjects.first().map_or(1, |subject| subject.steps().count())
}

/// The times of the value and of the value with its gradient.
fn times(case: &Case, subjects: &[Subject], free: &[usize]) -> Result<[f64; 2], Error> {
    let mut scored = scored(case, subjects, free)?;
    let at: Vec<f64> = free.iter().map(|&k| case.values[k]).collect();
    let value = smallest(&mut scored, BUDGET, |one| {
        black_box(one.scorer.log_likelihood(black_box(&at))).ok();
    });
    let gradient = smallest(&mut scored, BUDGET, |one| {
        black_box(one.scorer.log_likelihood_gradient(black_box(&at), &mut one.gradient)).ok();
        black_box(&one.gradient);
    });
    Ok([per_trial(&value, subjects), per_trial(&gradient, subjects)])
}

/// The model with two controlled factors, whose 4096 policies pymdp does not hold: few subjects with few trials.
fn two_controls_line() -> Result<Value, Error> {
    let case = three_factors(2)?;
    let design = Design { sessions: 1, trials: 1, steps: 16 };
    let subjects = case.subjects(2, design)?;
    line_of(&case, Equations::Exact, &subjects)
}

fn line(case: &Case, equations: Equations, subjects: &[Subject]) -> Result<Value, Error> {
    line_of(&case.with(equations), equations, subjects)
}

fn line_of(case: &Case, equations: Equations, subjects: &[Subject]) -> Result<Value, Error> {
    let mut first = scored(case, &subjects[..1], &case.perception)?;
    let at: Vec<f64> = case.perception.iter().map(|&k| case.values[k]).collect();
    let mut gradient = [0.0; 3];
    let log_likelihood = first[0].scorer.log_likelihood_gradient(&at, &mut gradient)?;
    let [value, with_gradient] = times(case, subjects, &case.perception)?;
    let [choice_value, choice_gradient] = times(case, subjects, &case.choice)?;
    Ok(json!({
        "model": case.name,
        "equations": if equations == Equations::Exact { "exact" } else { "pymdp" },
        "subjects": subjects.len(),
        "trials": trials(subjects),
        "value_us": value,
        "gradient_us": with_gradient,
        "choice_value_us": choice_value,
        "choice_gradient_us": choice_gradient,
        "log_likelihood": log_likelihood,
        "gradient": gradient,
    }))
}

fn outcome(observation: &Observation) -> Option<usize> {
    if let Observation::Outcome(outcome) = observation { Some(*outcome) } else { None }
}

fn write(case: &Case, subjects: &[Subject], folder: &Path) -> Result<(), Error> {
    let observations: Vec<Vec<Vec<_>>> = subjects
        .iter()
        .map(|s| s.steps().map(|(_, step)| step.observations.iter().map(outcome).collect()).collect())
        .collect();
    let actions: Vec<Vec<_>> =
        subjects.iter().map(|s| s.steps().map(|(_, step)| step.actions[0]).collect()).collect();
    let free: Map<String, Value> = case
        .perception
        .iter()
        .map(|&k| (case.model.parameters()[k].name.clone(), json!(case.values[k])))
        .collect();
    let data = json!({ "free": free, "observations": observations, "actions": actions });
    std::fs::create_dir_all(folder)?;
    std::fs::write(folder.join(format!("{}.json", case.name)), data.to_string())?;
    Ok(())
}

/// One step of the wide model: time with everything made anew from the parameters, time of one more step, peak memory.
fn wide_line(memory_before: Option<u64>) -> Result<Value, Error> {
    let case = wide_step()?;
    let durations = |steps: usize| -> Result<f64, Error> {
        let subjects = case.subjects(1, Design { sessions: 1, trials: 1, steps })?;
        let mut scored = scored(&case, &subjects, &case.choice)?;
        let at: Vec<f64> = case.choice.iter().map(|&k| case.values[k]).collect();
        let best = smallest(&mut scored, BUDGET, |one| {
            black_box(one.scorer.log_likelihood(black_box(&at))).ok();
        });
        Ok(best[0].as_secs_f64() * 1e3)
    };
    let (one, eleven) = (durations(1)?, durations(11)?);
    let megabytes = |bytes: u64| bytes as f64 / 1e6;
    Ok(json!({
        "model": case.name,
        "first_step_ms": one,
        "further_step_ms": (eleven - one) / 10.0,
        "peak_memory_mb": peak_memory().map(megabytes),
        "peak_memory_before_mb": memory_before.map(megabytes),
    }))
}

fn main() -> Result<(), Error> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    let (folder, wanted) = match arguments.split_first() {
        Some((folder, wanted)) => (Some(Path::new(folder)), wanted),
        None => (None, &[] as &[String]),
    };
    let (kinds, wanted): (Vec<_>, Vec<_>) =
        wanted.iter().partition(|w| ["exact", "pymdp"].contains(&w.as_str()));
    let is_wanted = |name: &str| wanted.is_empty() || wanted.iter().any(|w| *w == name);
    // The wide model comes first, so that the peak of memory is its own.
    if is_wanted("wide_step") {
        println!("{}", wide_line(peak_memory())?);
    }
    if is_wanted("three_factors_two_controls") {
        println!("{}", two_controls_line()?);
    }
    for case in compared()?.iter().filter(|case| is_wanted(&case.name)) {
        let subjects = case.subjects(SUBJECTS, DESIGN)?;
        if let Some(folder) = folder {
            write(case, &subjects, folder)?;
        }
        for (name, equations) in [("pymdp", Equations::Pymdp), ("exact", Equations::Exact)] {
            if !(kinds.is_empty() || kinds.iter().any(|kind| *kind == name)) {
                continue;
            }
            println!("{}", line(case, equations, &subjects)?);
        }
    }
    Ok(())
}
