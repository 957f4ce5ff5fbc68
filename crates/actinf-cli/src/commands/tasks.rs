//! `actinf tasks`: the built-in models, agents and baselines.

use crate::arguments::TasksArguments;
use crate::exit_code::Exit;
use actinf_agents::{BehaviourModel, Model, baselines, tasks};
use anyhow::{Context, Result};

pub(crate) fn run(arguments: &TasksArguments) -> Result<Exit> {
    if let Some(name) = &arguments.name {
        let text = Model::built_in_text(name).with_context(|| {
            let names: Vec<&str> = Model::built_in_names().collect();
            format!("there is no built-in model `{name}`; they are: {}", names.join(", "))
        })?;
        print!("{text}");
        return Ok(Exit::Done);
    }
    list("Tasks with their agents", tasks::names())?;
    list("\nBaselines, of the two-armed bandit unless another task is named", baselines::names())?;
    println!("\n`actinf tasks NAME` prints a model file: a starting point for your own.");
    Ok(Exit::Done)
}

fn list(title: &str, names: impl Iterator<Item = &'static str>) -> Result<()> {
    println!("{title}:");
    for name in names {
        let model = Model::built_in(name)?;
        let first_sentence = model.description().split_inclusive(". ").next().unwrap_or_default();
        println!("  {name:<30} {}", first_sentence.trim());
    }
    Ok(())
}
