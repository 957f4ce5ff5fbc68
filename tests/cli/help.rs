//! The help teaches: every command has examples, every example works, and a slip is answered with the name that was meant.

use crate::shells::commands;
use crate::study::Study;
use std::path::Path;

/// The command lines of a help text below `Examples:`, or below how to begin.
fn examples(help: &str) -> Vec<String> {
    let after = ["Examples:\n", "Example:\n", "from nothing to a report:\n"];
    let Some(lines) = after.iter().find_map(|title| Some(help.split_once(title)?.1.lines())) else {
        return Vec::new();
    };
    lines.map_while(|line| line.strip_prefix("  actinf ")).map(String::from).collect()
}

/// The words of a command line; quotation marks hold them together.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (number, piece) in line.split('"').enumerate() {
        match number % 2 {
            0 => words.extend(piece.split_whitespace().map(String::from)),
            _ => words.push(piece.to_owned()),
        }
    }
    words
}

/// People with a group and an age, for the examples of comparisons and effects.
fn people() -> String {
    let mut table = String::from("person,diagnosis,age,guess,correct\n");
    for person in 0..8 {
        for step in 0..12 {
            let (guess, correct) =
                (["heads", "tails"][(step * (person + 3) / 4) % 2], (step + person) % 3 > 0);
            let (diagnosis, correct) = (["no", "yes"][person % 2], if correct { "yes" } else { "no" });
            table.push_str(&format!("p{person},{diagnosis},{},{guess},{correct}\n", 20 + 5 * person));
        }
    }
    table
}

/// A project folder, with all that the examples name.
fn prepared() -> Study {
    let study = Study::new();
    let coin = study.read("fit.toml").replace("maximum_a_posteriori", "laplace_approximation");
    let coin = coin
        .replace("coin.csv", "people.csv")
        .replace("group = \"group\"", "group = \"diagnosis\"\ncovariates = [\"age\"]");
    std::fs::remove_file(study.path("fit.toml")).unwrap();
    study.actinf(&["new", "two_armed_bandit", "new"]).exits_with(0);
    for file in ["model.toml", "fit.toml", "README.md"] {
        std::fs::rename(study.path("new").join(file), study.path(file)).unwrap();
    }
    std::fs::rename(study.path("new/data"), study.path("data")).unwrap();
    std::fs::copy(study.path("data/behaviour.csv"), study.path("pilot.csv")).unwrap();
    study.write("people.csv", &people());
    for name in ["learning", "fixed", "a", "b", "c"] {
        study.write(&format!("{name}.toml"), &coin.replace("\"results\"", &format!("\"{name}\"")));
    }
    for (name, folder) in [("a", "fits/a/results"), ("b", "fits/b/results"), ("c", "results")] {
        study.actinf(&["fit", &format!("{name}.toml"), "--out", folder]).exits_with(0);
    }
    let names = study.actinf(&["simulate", "fit.toml", "--out", "truth"]).exits_with(0);
    assert_eq!(names.code, 0);
    let truth = study.read("truth/true_parameters.csv");
    let (header, row) = (truth.lines().next().unwrap(), truth.lines().nth(1).unwrap());
    let without_subject = |line: &str| line.split_once(',').unwrap().1.to_owned();
    study.write("values.csv", &format!("{}\n{}\n", without_subject(header), without_subject(row)));
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/cli/import");
    std::fs::copy(fixtures.join("explore_exploit.mat"), study.path("mdp.mat")).unwrap();
    std::fs::copy(fixtures.join("explore_exploit.npz"), study.path("model.npz")).unwrap();
    study
}

#[test]
fn every_example_of_the_help_works() {
    let study = prepared();
    let mut helps = vec![study.actinf(&["--help"]).exits_with(0).printed];
    // `effects` reads results that the examples of `fit` and `report` replace.
    let mut names = commands(&study);
    names.sort_by_key(|name| name != "effects");
    for command in names {
        let help = study.actinf(&[&command, "--help"]).exits_with(0).printed;
        let examples = examples(&help);
        assert!(!examples.is_empty(), "`actinf {command} --help` has no example");
        assert!(examples.iter().any(|example| example.starts_with(&command)), "{examples:?}");
        helps.push(help);
    }
    helps.rotate_left(1);
    for help in &helps {
        for example in examples(help) {
            let _ = std::fs::remove_dir_all(study.path("bandit"));
            if example.starts_with("fit bandit") || example.starts_with("check bandit") {
                study.actinf(&["new", "two_armed_bandit", "bandit"]).exits_with(0);
            }
            let words = words(&example);
            study.actinf(&words.iter().map(String::as_str).collect::<Vec<_>>()).exits_with(0);
        }
    }
}

#[test]
fn no_line_of_the_help_is_too_wide_for_a_terminal_of_110_columns() {
    let study = Study::empty();
    for command in commands(&study) {
        let help = study.actinf(&[&command, "--help"]).printed;
        let widest = help.lines().map(|line| line.chars().count()).max();
        assert!(widest <= Some(110), "{command}: {widest:?}");
    }
}

#[test]
fn a_slip_is_answered_with_the_name_that_was_meant() {
    let study = Study::new();
    study.write("people.csv", &people());
    study.replace("fit.toml", "coin.csv", "people.csv");
    study.replace("fit.toml", "group = \"group\"", "group = \"diagnosis\"\ncovariates = [\"age\"]");
    study.replace("fit.toml", "maximum_a_posteriori", "laplace_approximation");
    study.actinf(&["fit", "fit.toml"]).exits_with(0);
    study.write("at.csv", "precison\n1\n");
    let compare = ["compare", "one=results", "two=results"];
    for (command, meant) in [
        (&["chekc", "fit.toml"][..], "'check'"),
        (&["fit", "fit.toml", "--thread", "2"], "'--threads'"),
        (&["tasks", "show", "two_arm_bandit"], "did you mean `two_armed_bandit`?"),
        (&["new", "urm", "folder"], "did you mean `urn`?"),
        (&["effects", "results", "--variability", "eahc"], "'each'"),
        (&["effects", "results", "--design", "1 + aeg"], "did you mean `age`?"),
        (&["effects", "results", "--design", "1 + age", "--leave-one-out", "agge"], "did you mean `age`?"),
        (&["score", "fit.toml", "--parameters", "at.csv"], "Did you mean `precision`?"),
        (&[&compare[..], &["--group", "diagnose"]].concat(), "did you mean `diagnosis`?"),
        (&[&compare[..], &["--families", "x=one,tow"]].concat(), "did you mean `two`?"),
        (&[&compare[..], &["--evidence", "bci"]].concat(), "importance_sampled, bic, aic"),
        (&["fit", "fitt.toml"], "did you mean `fit.toml`?"),
        (&["report", "resluts"], "did you mean `results`?"),
    ] {
        study.actinf(command).exits_with(2).complains(&[meant]);
    }
}
