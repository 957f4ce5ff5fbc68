//! `actinf tasks`: the built-in models, agents and baselines.

use crate::arguments::{TasksArguments, TasksCommand};
use crate::card;
use crate::exit_code::Exit;
use crate::output::{Output, as_json};
use actinf_agents::{Card, Model, baselines, nearest_name, tasks};
use anyhow::{Context, Result};
use serde::Serialize;

pub(crate) fn run(arguments: &TasksArguments, output: Output) -> Result<Exit> {
    match (&arguments.command, &arguments.name) {
        (Some(TasksCommand::Show { name, model: false }), _) => {
            text_of(name)?;
            let card = Card::built_in(name)?;
            output.found(|| Ok(card::as_text(&card)), || as_json(&card))?;
        }
        (Some(TasksCommand::Show { name, model: true }), _) | (None, Some(name)) => {
            let text = text_of(name)?;
            output.found(|| Ok(text.to_owned()), || as_json(&serde_json::json!({ "model_file": text })))?;
        }
        (None, None) => output.found(listed, || as_json(&entries()?))?,
    }
    Ok(Exit::Done)
}

/// A built-in model in the list.
#[derive(Serialize)]
struct Listed {
    name: &'static str,
    /// "task" or "baseline".
    kind: &'static str,
    summary: String,
}

fn entries() -> Result<Vec<Listed>> {
    let entry =
        |kind| move |name| Ok(Listed { name, kind, summary: Card::built_in(name)?.summary().to_owned() });
    tasks::names().map(entry("task")).chain(baselines::names().map(entry("baseline"))).collect()
}

/// The list in words.
fn listed() -> Result<String> {
    let mut text = String::from("Tasks with their agents:\n");
    let mut entries = entries()?.into_iter().peekable();
    while let Some(Listed { name, kind, summary }) = entries.next() {
        text.push_str(&format!("  {name:<30} {summary}\n"));
        if kind == "task" && entries.peek().is_some_and(|next| next.kind == "baseline") {
            text.push_str("\nBaselines, of the two-armed bandit unless another task is named:\n");
        }
    }
    text.push_str(
        "\n`actinf tasks show NAME` prints the card of a model, and `actinf tasks show NAME --model` its model file.\n\
         `actinf new NAME DIR` writes a project folder with example data that can be fitted at once.\n",
    );
    Ok(text)
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
