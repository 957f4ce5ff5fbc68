//! `actinf check`: what a fit file would do.

use crate::arguments::CheckArguments;
use crate::exit_code::Exit;
use crate::study::Study;
use actinf_agents::BehaviourModel;
use actinf_fit::{DataSummary, Dataset, MissingCount, ParameterRecord, Role};
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
    println!(
        "Method  {}, {} starts per subject, seed {}",
        study.fit_file.method.method().name(),
        study.fit_file.method.starts,
        study.fit_file.method.seed
    );
    let fit = arguments.study.fit.display();
    match problem.free_positions().is_empty() {
        false => println!("\nEverything needed is there: `actinf fit {fit}` would fit it."),
        true => println!(
            "\nNo parameter is free, so that there is nothing to fit; `actinf score` and `simulate` would work."
        ),
    }
    Ok(Exit::Done)
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
