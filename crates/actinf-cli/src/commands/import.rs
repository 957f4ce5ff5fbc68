//! `actinf import`: models of other programs as model files.

use crate::arguments::ImportArguments;
use crate::exit_code::Exit;
use crate::output::{Output, as_json, written};
use actinf_agents::{BehaviourModel, Model};
use anyhow::{Context, Result, anyhow, bail};
use std::path::Path;

pub(crate) fn run(arguments: &ImportArguments, output: Output) -> Result<Exit> {
    let file = &arguments.file;
    let text = actinf_data::import(file)?
        .to_model_file()
        .map_err(|message| anyhow!("{}: {message}", file.display()))?;
    let Some(out) = &arguments.out else {
        let json = || as_json(&serde_json::json!({ "model_file": text }));
        output.found(|| Ok(text.clone()), json)?;
        return Ok(Exit::Done);
    };
    write_new(out, &text)?;
    let model = Model::read(&text, &out.display().to_string())
        .with_context(|| format!("{} was written, but is no sound model yet", out.display()))?;
    let schema = model.schema();
    let words = || {
        Ok(format!(
            "Model   {} ({} controls, {} modalities)\n\n\
             Every number is a cell; replace those that should be estimated by parameters.\n",
            out.display(),
            schema.controls.len(),
            schema.modalities.len()
        ))
    };
    output.found(words, || written(&[out]))?;
    Ok(Exit::Done)
}

/// A file that somebody may have worked on is not overwritten.
fn write_new(out: &Path, text: &str) -> Result<()> {
    use std::io::{ErrorKind, Write};
    let file = std::fs::OpenOptions::new().write(true).create_new(true).open(out);
    match file {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            bail!("`{}` is there already; name another file, or remove it", out.display())
        }
        file => file
            .and_then(|mut file| file.write_all(text.as_bytes()))
            .with_context(|| format!("cannot write `{}`", out.display())),
    }
}
