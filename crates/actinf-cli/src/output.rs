//! What is printed: words for people, one JSON document for machines, or nothing.
//!
//! Commands say what they found in both forms and leave the choice to [`Output`]. What was found goes to standard output, and
//! only that; notes on the way and errors go to standard error.

use anyhow::{Context, Result, bail};
use std::io::{ErrorKind, Write};
use std::path::Path;

/// Whom a command talks to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Output {
    /// A person.
    Words,
    /// A program: one JSON document on standard output.
    Json,
    /// Nobody, unless there are errors.
    Quiet,
}

impl Output {
    /// As the user asked for.
    pub(crate) fn asked_for(quiet: bool, json: bool) -> Result<Output> {
        match (quiet, json) {
            (false, false) => Ok(Output::Words),
            (false, true) => Ok(Output::Json),
            (true, false) => Ok(Output::Quiet),
            (true, true) => {
                bail!("--quiet prints nothing and --json prints a document; leave out one of the two")
            }
        }
    }

    /// Prints what was found, in the form that was asked for; the other form is not made.
    pub(crate) fn found(
        self,
        words: impl FnOnce() -> Result<String>,
        json: impl FnOnce() -> Result<String>,
    ) -> Result<()> {
        match self {
            Output::Words => print(&words()?),
            Output::Json => print(&json()?),
            Output::Quiet => Ok(()),
        }
    }

    /// Says something on the way, on standard error.
    pub(crate) fn note(self, text: &str) {
        if self.is_talkative() {
            complain(text);
        }
    }

    /// Whether there may be notes and progress on standard error.
    pub(crate) fn is_talkative(self) -> bool {
        self != Output::Quiet
    }

    /// Names a failure of one subject on standard error, where the words that people read do not name it.
    pub(crate) fn failure(self, text: &str) {
        if self != Output::Words {
            complain(text);
        }
    }
}

/// Says on standard error what went wrong, whomever the command talks to.
pub(crate) fn complain(text: &str) {
    // There is nowhere to say that standard error is closed.
    let _ = writeln!(std::io::stderr(), "{}", visible(text));
}

/// Text in which what a file holds cannot command the terminal: control characters but for line ends and tabs are escaped.
pub(crate) fn visible(text: &str) -> String {
    let shown = |letter: char| match letter {
        '\n' | '\t' => letter.to_string(),
        letter if letter.is_control() => letter.escape_default().to_string(),
        letter => letter.to_string(),
    };
    text.chars().map(shown).collect()
}

/// `count` and the noun, in the singular or with an `s`.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// The first ones of `lines`, and how many more there are and where.
pub(crate) fn first_ones(lines: &[String], place: &str) -> String {
    /// More of a kind would hide everything else.
    const MOST: usize = 10;
    let mut text: String = lines.iter().take(MOST).map(|line| format!("{line}\n")).collect();
    if lines.len() > MOST {
        text.push_str(&format!("... and {} more, with the reasons, in {place}\n", lines.len() - MOST));
    }
    text
}

/// A record as a JSON document. Numbers that JSON does not have are `null`.
pub(crate) fn as_json(record: &impl serde::Serialize) -> Result<String> {
    Ok(serde_json::to_string_pretty(record)? + "\n")
}

/// A JSON document that was written to a file.
pub(crate) fn json_of(file: &Path) -> Result<String> {
    std::fs::read_to_string(file).with_context(|| format!("cannot read `{}`", file.display()))
}

/// The JSON document of commands whose only finding is that they wrote files.
pub(crate) fn written(files: &[&Path]) -> Result<String> {
    let files: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
    as_json(&serde_json::json!({ "written": files }))
}

fn print(text: &str) -> Result<()> {
    let mut standard_output = std::io::stdout().lock();
    match standard_output.write_all(text.as_bytes()).and_then(|()| standard_output.flush()) {
        // The reader has read enough, as `head` does.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        done => done.context("cannot write to standard output"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_many_lines_ten_are_shown_and_the_others_counted() {
        let lines: Vec<String> = (1..=12).map(|number| format!("subject {number}")).collect();
        let all = first_ones(&lines, "subjects.csv");
        assert!(all.ends_with("subject 10\n... and 2 more, with the reasons, in subjects.csv\n"), "{all}");
        assert_eq!(first_ones(&lines[..2], "subjects.csv"), "subject 1\nsubject 2\n");
        assert_eq!(first_ones(&[], "subjects.csv"), "");
    }
}
