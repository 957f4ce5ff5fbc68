//! `actinf tasks`: the built-in task models.

use crate::arguments::TasksArguments;
use crate::exit_code::Exit;
use actinf_agents::tasks;
use anyhow::{Context, Result};

pub(crate) fn run(arguments: &TasksArguments) -> Result<Exit> {
    if let Some(name) = &arguments.name {
        let text = tasks::text(name).with_context(|| {
            let names: Vec<&str> = tasks::names().collect();
            format!("there is no built-in task model `{name}`; they are: {}", names.join(", "))
        })?;
        print!("{text}");
        return Ok(Exit::Done);
    }
    for name in tasks::names() {
        let task = tasks::read(name)?;
        let first_sentence = task.description.split_inclusive(['.', '\n']).next().unwrap_or_default();
        println!("{name:<20} {}", first_sentence.trim());
    }
    println!("\n`actinf tasks NAME` prints a model file: a starting point for your own.");
    Ok(Exit::Done)
}
