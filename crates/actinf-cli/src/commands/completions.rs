//! `actinf completions`: what a shell needs to complete command lines.

use crate::arguments::{Arguments, CompletionsArguments};
use crate::exit_code::Exit;
use crate::output::{Output, as_json};
use anyhow::Result;
use clap::CommandFactory;

pub(crate) fn run(arguments: &CompletionsArguments, output: Output) -> Result<Exit> {
    let script = || {
        let mut script = Vec::new();
        clap_complete::generate(arguments.shell, &mut Arguments::command(), "actinf", &mut script);
        Ok(String::from_utf8(script)?)
    };
    let json = || {
        let shell = arguments.shell.to_string();
        as_json(&serde_json::json!({ "shell": shell, "script": script()? }))
    };
    output.found(script, json)?;
    Ok(Exit::Done)
}
