//! `actinf check`: what a fit file would do.

use crate::arguments::CheckArguments;
use crate::exit_code::Exit;
use crate::fit_file::Method;
use crate::study::Study;
use actinf_agents::BehaviourModel;
use actinf_fit::group_methods::coding_in_words;
use actinf_fit::hierarchical::GroupProblem;
use actinf_fit::identifiability::{typical_design, unidentified};
use actinf_fit::{DataSummary, Dataset, MissingCount, ParameterRecord, Problem, Role};
use anyhow::Result;
use std::collections::BTreeMap;

pub(crate) fn run(arguments: &CheckArguments) -> Result<Exit> {
    let study = Study::open(&arguments.study.fit)?;
    let problem = study.any_problem()?;
    let dataset = study.dataset(arguments.study.data.as_deref())?;
    println!("Model   {} ({})", study.model.name(), study.model_source);
    for parameter in problem.parameters() {
        println!("        {}", in_words(parameter));
    }
    print_data(&dataset.summary);
    print_groups(&dataset);
    print_method(&study, &problem, &dataset)?;
    print_identifiability(&study, &problem, &dataset)?;
    let fit = arguments.study.fit.display();
    match problem.free_positions().is_empty() {
        false => println!("\nEverything needed is there: `actinf fit {fit}` would fit it."),
        true => println!(
            "\nNo parameter is free, so that there is nothing to fit; `actinf score` and `simulate` would work."
        ),
    }
    Ok(Exit::Done)
}

/// Which parameters could not be told apart, whatever is fitted.
fn print_identifiability(study: &Study, problem: &Problem<'_>, dataset: &Dataset) -> Result<()> {
    if problem.free_positions().is_empty() {
        return Ok(());
    }
    let design = typical_design(&dataset.subjects);
    let workers = super::workers(None)?;
    match unidentified(problem, design, study.fit_file.method.seed, &workers) {
        Err(reason) => println!("Apart   which parameters can be told apart was not looked at: {reason}"),
        Ok(found) if found.is_empty() => {
            println!("Apart   all parameters can be told apart in people simulated from the priors");
        }
        Ok(found) => {
            println!("Apart   in people simulated from the priors, with as much behaviour as these:");
            found.iter().for_each(|direction| println!("        {}", direction.words));
        }
    }
    Ok(())
}

fn print_method(study: &Study, problem: &Problem<'_>, dataset: &Dataset) -> Result<()> {
    let seed = study.fit_file.method.seed;
    match &study.fit_file.method.method {
        Method::Alone(settings) => {
            let method = settings.method();
            println!("Method  {}, {} starts per subject, seed {seed}", method.name(), method.starts());
        }
        Method::Together(settings) => {
            println!("Method  {}, seed {seed}", settings.method().name());
            print_formulas(study, problem, dataset)?;
        }
    }
    Ok(())
}

/// What the mean of every free parameter depends on, how it was coded, and who is left out.
fn print_formulas(study: &Study, problem: &Problem<'_>, dataset: &Dataset) -> Result<()> {
    let question = study.group_question()?;
    let group = GroupProblem::new(problem, dataset, &question.formulas)
        .map_err(|error| study.group_error(error.into()))?;
    let is_free = |record: &&ParameterRecord| matches!(record.role, Role::Free { .. });
    let free = problem.parameters().iter().filter(is_free);
    for (record, design) in free.zip(group.designs()) {
        println!("Means   {} ~ {}", record.parameter.name, design.formula);
        for sentence in coding_in_words(design) {
            println!("        {sentence}");
        }
    }
    println!("        {} subjects are estimated together", group.subjects().len());
    for excluded in group.excluded() {
        println!("        subject {} is left out: {}", excluded.subject, excluded.reason);
    }
    Ok(())
}

fn in_words(record: &ParameterRecord) -> String {
    let parameter = &record.parameter;
    let role = match &record.role {
        Role::Free { prior, default_prior } => {
            format!("free, {}prior {prior}", if *default_prior { "default " } else { "" })
        }
        Role::Fixed { values } => {
            let values: Vec<String> = values.iter().map(f64::to_string).collect();
            format!("fixed at {}", values.join(", "))
        }
    };
    format!("{} ({}): {role}", parameter.name, parameter.symbol)
}

fn print_data(summary: &DataSummary) {
    println!("Data    {}", summary.file);
    println!(
        "        {} rows: {} subjects, {} sessions, {} trials ({} aborted), {} steps",
        summary.rows,
        summary.subjects,
        summary.sessions,
        summary.trials,
        summary.aborted_trials,
        summary.steps
    );
    for (kind, counts) in [
        ("action", &summary.actions),
        ("observation", &summary.observations),
        ("response", &summary.responses),
    ] {
        for MissingCount { variable, expected, missing } in counts {
            println!("        {kind} {variable}: {missing} of {expected} missing");
        }
    }
}

fn print_groups(dataset: &Dataset) {
    let Some(column) = &dataset.group_column else { return };
    let mut sizes: BTreeMap<&str, usize> = BTreeMap::new();
    for group in &dataset.groups {
        *sizes.entry(group.as_deref().unwrap_or("(missing)")).or_default() += 1;
    }
    let sizes: Vec<String> = sizes.iter().map(|(group, size)| format!("{group} {size}")).collect();
    println!("Groups  by {column}: {}", sizes.join(", "));
}
