//! `actinf new`: a project folder for a task, with example data, that can be fitted at once.

use crate::arguments::NewArguments;
use crate::card;
use crate::exit_code::Exit;
use crate::output::{Output, written};
use crate::study::Study;
use actinf_agents::{Card, ColumnKind};
use anyhow::{Context, Result, bail};
use std::fmt::Write;
use std::path::Path;

/// How many people are simulated.
const SUBJECTS: usize = 20;

/// The files of a project.
const FILES: [&str; 5] =
    ["model.toml", "fit.toml", "README.md", "data/behaviour.csv", "data/true_parameters.csv"];

/// The seed of their behaviour.
const SEED: u64 = 1;

pub(crate) fn run(arguments: &NewArguments, output: Output) -> Result<Exit> {
    let (name, folder) = (arguments.name.as_str(), arguments.folder.as_path());
    let model = super::tasks::text_of(name)?;
    let card = Card::built_in(name)?;
    let existed = refuse_to_overwrite(folder)?;
    let made = write(folder, model, &card, output);
    if made.is_err() && !existed {
        // Nothing was there before: nothing half made is left behind. That is tidying up, so its own failure changes nothing.
        let _ = std::fs::remove_dir_all(folder);
    }
    made?;
    output.found(
        || Ok(next_steps(folder)),
        || {
            let files = FILES.map(|file| folder.join(file));
            written(&files.each_ref().map(std::path::PathBuf::as_path))
        },
    )?;
    Ok(Exit::Done)
}

/// What there is now, and what to do with it.
fn next_steps(folder: &Path) -> String {
    let shown = folder.display();
    format!(
        "Wrote {shown} with the model, a fit file, example data of {SUBJECTS} simulated people and a README. Next:\n\n  \
         actinf check {shown}/fit.toml\n  actinf fit {shown}/fit.toml\n"
    )
}

/// Whether the folder is there, empty.
fn refuse_to_overwrite(folder: &Path) -> Result<bool> {
    if !folder.exists() {
        return Ok(false);
    }
    let entries =
        std::fs::read_dir(folder).with_context(|| format!("`{}` is not a folder", folder.display()))?;
    if entries.count() > 0 {
        bail!("`{}` is not empty, and nothing in it is overwritten; name a new folder", folder.display());
    }
    Ok(true)
}

fn write(folder: &Path, model: &str, card: &Card, output: Output) -> Result<()> {
    let data = folder.join("data");
    std::fs::create_dir_all(&data).with_context(|| format!("cannot make the folder `{}`", data.display()))?;
    let files = [
        ("model.toml", model.to_owned()),
        ("fit.toml", fit_file(card)),
        ("README.md", card::as_readme(card, SUBJECTS)),
    ];
    for (file, text) in files {
        let path = folder.join(file);
        std::fs::write(&path, text).with_context(|| format!("cannot write `{}`", path.display()))?;
    }
    let study = Study::open(&folder.join("fit.toml"))?;
    super::simulate::write(&study, SEED, &data, output)?;
    Ok(())
}

/// The fit file of the project.
fn fit_file(card: &Card) -> String {
    let mut text = format!(
        "# {}\nmodel = \"model.toml\"\nresults = \"results\"\n\n[data]\nfile = \"data/behaviour.csv\"\n\
         subject = \"subject\"\n\
         session = \"session\"               # what was learned starts anew with each\n\
         trial = \"trial\"                   # beliefs about states start anew with each\n",
        card.summary()
    );
    for (kind, table) in [("action", "actions"), ("observation", "observations"), ("response", "responses")] {
        text.push_str(&columns(card, kind, table));
    }
    text.push_str(&kept(card));
    let design = card.example.design;
    let _ = write!(
        text,
        "\n[method]\nname = \"maximum_a_posteriori\"\nstarts = 8\nseed = 1\n\n\
         [simulate]                          # what data/ was made with: true values are drawn from the priors\n\
         subjects = {SUBJECTS}\nsessions = {}\ntrials = {}\nsteps = {}\nseed = {SEED}\n",
        design.sessions, design.trials, design.steps
    );
    text
}

/// The table of the columns of one kind; nothing if there are none.
fn columns(card: &Card, kind: &str, table: &str) -> String {
    let columns: Vec<_> = card.columns.iter().filter(|column| word(&column.kind) == kind).collect();
    if columns.is_empty() {
        return String::new();
    }
    let mut text = format!("\n[data.{table}]\n");
    for column in columns {
        let line = format!("{} = \"{}\"", column.name, card_column(card, &column.name, kind));
        let _ = writeln!(text, "{line:<35} # {}", holds(column));
    }
    text
}

/// The table of parameters that are kept at their defaults; nothing if there are none.
fn kept(card: &Card) -> String {
    if card.example.fixed.is_empty() {
        return String::new();
    }
    let mut text = String::from(
        "\n[fixed]                             # see README.md for why; remove a line to estimate it\n",
    );
    for parameter in card.parameters.iter().filter(|p| card.example.fixed.contains(&p.name)) {
        let values: Vec<String> = parameter.default.iter().map(|value| format!("{value:?}")).collect();
        let value = if values.len() == 1 { values[0].clone() } else { format!("[{}]", values.join(", ")) };
        let _ = writeln!(text, "{} = {value}", parameter.name);
    }
    text
}

fn word(kind: &ColumnKind) -> &'static str {
    match kind {
        ColumnKind::Action => "action",
        ColumnKind::Observation => "observation",
        ColumnKind::Response(_) => "response",
    }
}

/// The column of simulated data that holds a variable.
fn card_column(card: &Card, name: &str, kind: &str) -> String {
    let mapping = actinf_data::behaviour_mapping(&card.schema);
    let column = match kind {
        "action" => mapping.actions.get(name).and_then(Option::as_ref).map(|coded| coded.column.clone()),
        "observation" => {
            mapping.observations.get(name).and_then(Option::as_ref).map(|coded| coded.column.clone())
        }
        _ => mapping.responses.get(name).and_then(Option::as_ref).map(|numeric| numeric.column.clone()),
    };
    column.unwrap_or_else(|| name.to_owned())
}

/// What a column holds, for a comment.
fn holds(column: &actinf_agents::Column) -> String {
    let labels = if column.labels.is_empty() { "a number".to_owned() } else { column.labels.join(", ") };
    if column.meaning.is_empty() { labels } else { format!("{}: {labels}", column.meaning) }
}
