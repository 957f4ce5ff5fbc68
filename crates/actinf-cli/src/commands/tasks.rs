//! `actinf tasks`: the built-in models, agents and baselines.

use crate::arguments::{TasksArguments, TasksCommand};
use crate::card;
use crate::exit_code::Exit;
use actinf_agents::{Card, Model, baselines, nearest_name, tasks};
use anyhow::{Context, Result};

pub(crate) fn run(arguments: &TasksArguments) -> Result<Exit> {
    match (&arguments.command, &arguments.name) {
        (Some(TasksCommand::Show { name, model: false }), _) => {
            text_of(name)?;
            print!("{}", card::as_text(&Card::built_in(name)?));
        }
        (Some(TasksCommand::Show { name, model: true }), _) | (None, Some(name)) => {
            print!("{}", text_of(name)?);
        }
        (None, None) => {
            list("Tasks with their agents", tasks::names())?;
            list("\nBaselines, of the two-armed bandit unless another task is named", baselines::names())?;
            println!(
                "\n`actinf tasks show NAME` prints the card of a model, and `actinf tasks show NAME --model` its model file.\n\
                 `actinf new NAME DIR` writes a project folder with example data that can be fitted at once."
            );
        }
    }
    Ok(Exit::Done)
}

/// The model file of a built-in model.
pub(super) fn text_of(name: &str) -> Result<&'static str> {
    Model::built_in_text(name).with_context(|| {
        let names: Vec<&str> = Model::built_in_names().collect();
        let nearest = nearest_name(name, names.iter().copied())
            .map_or(String::new(), |nearest| format!("did you mean `{nearest}`? "));
        format!("there is no built-in model `{name}`; {nearest}they are: {}", names.join(", "))
    })
}

fn list(title: &str, names: impl Iterator<Item = &'static str>) -> Result<()> {
    println!("{title}:");
    for name in names {
        println!("  {name:<30} {}", Card::built_in(name)?.summary());
    }
    Ok(())
}
