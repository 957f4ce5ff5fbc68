//! A small study in a folder of its own, and the program run on it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

/// A model of guessing a coin: the agent learns nothing and is wrong as often as `error` says.
pub(crate) const MODEL: &str = r#"
name = "coin"
description = "Guess a coin."
order = "act_then_observe"

[parameters]
precision = { symbol = "γ", support = "positive", default = 1.0, meaning = "how reliably the better guess is made" }
liking = { symbol = "c", support = "real", default = 1.0, meaning = "how much being right is preferred" }
error = { symbol = "ε", support = [0.0, 0.5], default = 0.2, meaning = "how often the better guess is believed wrong" }

[[controls]]
name = "guess"
actions = ["heads", "tails"]

[[factors]]
name = "guessed"
states = ["nothing", "heads", "tails"]
prior = { nothing = 1 }
transitions = [
  { when = { guess = "heads" }, p = { heads = 1 } },
  { when = { guess = "tails" }, p = { tails = 1 } },
]

[[modalities]]
name = "feedback"
outcomes = ["wrong", "right"]
preferences = { right = "liking" }
likelihood = [
  { when = { guessed = "heads" }, p = { right = "1 - error", wrong = "error" } },
  { otherwise = true, p = "uniform" },
]

[choice]
policy_precision = "precision"
"#;

/// A fit file for it.
pub(crate) const FIT: &str = r#"
model = "coin.toml"
results = "results"

[data]
file = "coin.csv"
subject = "person"
group = "group"

[data.actions]
guess = "guess"

[data.observations]
feedback = { column = "correct", labels = { no = "wrong", yes = "right" } }

[fixed]
liking = 1.0
error = 0.1

[method]
name = "maximum_a_posteriori"
starts = 3
seed = 7

[simulate]
subjects = 5
steps = 12
"#;

/// Behaviour of two people.
pub(crate) const DATA: &str = "\
person,group,guess,correct
ada,a,heads,yes
ada,a,heads,no
ada,a,tails,yes
ada,a,heads,yes
bob,b,tails,no
bob,b,tails,no
bob,b,heads,yes
bob,b,0,
";

/// The folder with the study's files.
pub(crate) struct Study {
    folder: TempDir,
}

impl Study {
    /// The small study as it should be.
    pub(crate) fn new() -> Study {
        let study = Study { folder: tempfile::tempdir().unwrap() };
        study.write("coin.toml", MODEL);
        study.write("fit.toml", FIT);
        study.write("coin.csv", DATA);
        study
    }

    /// An empty folder.
    pub(crate) fn empty() -> Study {
        Study { folder: tempfile::tempdir().unwrap() }
    }

    /// Writes a file.
    pub(crate) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    /// Replaces a piece of a file, which must be there.
    pub(crate) fn replace(&self, name: &str, old: &str, new: &str) {
        let text = self.read(name);
        assert!(text.contains(old), "{name} has no `{old}`");
        self.write(name, &text.replace(old, new));
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs the program in the folder.
    pub(crate) fn actinf(&self, arguments: &[&str]) -> Run {
        let output = Command::new(Path::new(env!("CARGO_BIN_EXE_actinf")))
            .args(arguments)
            .current_dir(self.folder.path())
            .output()
            .unwrap();
        Run::new(output)
    }
}

/// What a run printed, and how it ended.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) printed: String,
    pub(crate) errors: String,
}

impl Run {
    fn new(output: Output) -> Run {
        Run {
            code: output.status.code().expect("the program was not killed"),
            printed: String::from_utf8(output.stdout).unwrap(),
            errors: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Checks the exit code.
    pub(crate) fn exits_with(self, code: i32) -> Run {
        assert_eq!(self.code, code, "printed: {}\nerrors: {}", self.printed, self.errors);
        self
    }

    /// Checks that every piece stands in what was printed.
    pub(crate) fn prints(self, pieces: &[&str]) -> Run {
        for piece in pieces {
            assert!(self.printed.contains(piece), "`{piece}` is not in: {}", self.printed);
        }
        self
    }

    /// Checks that every piece stands in the error messages, and that nothing panicked.
    pub(crate) fn complains(self, pieces: &[&str]) -> Run {
        assert!(!self.errors.contains("panicked"), "{}", self.errors);
        for piece in pieces {
            assert!(self.errors.contains(piece), "`{piece}` is not in: {}", self.errors);
        }
        self
    }
}
