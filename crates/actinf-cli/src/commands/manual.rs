//! `actinf manual`: the pages that `man` shows, one per command.

use crate::arguments::{Arguments, ManualArguments};
use crate::exit_code::Exit;
use crate::output::{Output, written};
use anyhow::{Context, Result};
use clap::{Command, CommandFactory};
use clap_mangen::Man;
use std::path::{Path, PathBuf};

pub(crate) fn run(arguments: &ManualArguments, output: Output) -> Result<Exit> {
    let folder = &arguments.folder;
    std::fs::create_dir_all(folder)
        .with_context(|| format!("cannot make the folder `{}`", folder.display()))?;
    let mut program = Arguments::command().disable_help_subcommand(true);
    program.build();
    let mut pages = Vec::new();
    write(&program, folder, &mut pages)?;
    let words = || Ok(format!("Wrote {} pages to {}\n", pages.len(), folder.display()));
    output.found(words, || written(&pages.iter().map(PathBuf::as_path).collect::<Vec<_>>()))?;
    Ok(Exit::Done)
}

/// Writes the page of a command, then those of the commands below it.
fn write(command: &Command, folder: &Path, pages: &mut Vec<PathBuf>) -> Result<()> {
    let man = Man::new(command.clone());
    let path = folder.join(man.get_filename());
    std::fs::write(&path, page(command, &man)?)
        .with_context(|| format!("cannot write `{}`", path.display()))?;
    pages.push(path);
    let below = command.get_subcommands().filter(|below| !below.is_hide_set());
    below.into_iter().try_for_each(|below| write(below, folder, pages))
}

fn page(command: &Command, man: &Man) -> Result<Vec<u8>> {
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    if command.has_subcommands() {
        man.render_subcommands_section(&mut page)?;
    }
    if let Some(notes) = command.get_after_help() {
        page.extend(notes_section(&notes.to_string()).into_bytes());
    }
    if command.get_version().is_some() {
        man.render_version_section(&mut page)?;
    }
    Ok(page)
}

/// What stands below the options, line by line as it does there.
fn notes_section(notes: &str) -> String {
    let line = |line: &str| {
        let text = line.replace('\\', "\\e").replace('-', "\\-");
        // A full stop or apostrophe would begin a request.
        if text.starts_with(['.', '\'']) { format!("\\&{text}\n") } else { text + "\n" }
    };
    format!(".SH NOTES\n.nf\n{}.fi\n", notes.lines().map(line).collect::<String>())
}
