//! What is printed to whom: words for people, one JSON document for machines, nothing with `--quiet`.

use crate::study::{Run, Study};
use serde_json::Value;

/// Everything a user would have before typing the commands below: results, and values to score at.
fn prepared() -> Study {
    let study = Study::new();
    study.write("at.csv", "precision\n1\n");
    study.write(
        "laplace.toml",
        &study.read("fit.toml").replace("maximum_a_posteriori", "laplace_approximation"),
    );
    study.replace("laplace.toml", "results = \"results\"", "results = \"laplace\"");
    study.actinf(&["fit", "laplace.toml"]).exits_with(0);
    study
}

/// Every command, in an order in which all of them work.
const COMMANDS: [&[&str]; 13] = [
    &["check", "fit.toml"],
    &["fit", "fit.toml"],
    &["report", "results"],
    &["score", "fit.toml", "--parameters", "at.csv"],
    &["score", "fit.toml", "--parameters", "at.csv", "--out", "scores.csv", "--steps", "steps.csv"],
    &["simulate", "fit.toml", "--out", "simulated"],
    &["compare", "one=laplace", "two=laplace", "--out", "comparison"],
    &["effects", "laplace", "--out", "effects"],
    &["tasks"],
    &["tasks", "urn"],
    &["tasks", "show", "urn"],
    &["tasks", "show", "urn", "--model"],
    &["new", "urn", "project"],
];

fn run(study: &Study, command: &[&str], flag: &str) -> Run {
    study.actinf(&[command, &[flag]].concat())
}

fn document(run: &Run) -> Value {
    serde_json::from_str(&run.printed).unwrap_or_else(|error| panic!("{error}: {}", run.printed))
}

#[test]
fn a_quiet_command_prints_nothing_and_does_all_the_same() {
    let study = prepared();
    for command in COMMANDS {
        let Run { printed, errors, .. } = run(&study, command, "--quiet").exits_with(0);
        assert_eq!((printed.as_str(), errors.as_str()), ("", ""), "{command:?}");
    }
    for file in ["results/fit.json", "scores.csv", "simulated/behaviour.csv", "project/fit.toml"] {
        assert!(study.path(file).is_file(), "{file} is missing");
    }
    assert_eq!(study.actinf(&["-q", "check", "fit.toml"]).exits_with(0).printed, "");
}

#[test]
fn a_quiet_command_names_errors_and_subjects_that_failed() {
    let study = Study::new();
    study.actinf(&["fit", "nothing.toml", "--quiet"]).exits_with(2).complains(&["error: ", "nothing.toml"]);
    study.write("coin.csv", &format!("{}eve,b,,yes\n", crate::study::DATA));
    for flag in ["--quiet", "--json"] {
        run(&study, &["fit", "fit.toml"], flag).exits_with(1).complains(&["subject eve failed: "]);
    }
}

#[test]
fn every_command_has_one_json_document_for_machines() {
    let study = prepared();
    for command in COMMANDS {
        document(&run(&study, command, "--json").exits_with(0));
    }
}

#[test]
fn the_documents_say_what_the_words_say() {
    let study = prepared();
    let found = |command: &[&str]| document(&run(&study, command, "--json").exits_with(0));
    let check = found(&["check", "fit.toml"]);
    assert_eq!(check["model"]["parameters"][0]["parameter"]["name"], "precision");
    assert_eq!((&check["data"]["subjects"], &check["groups"]["sizes"]["a"]), (&2.into(), &1.into()));
    assert_eq!((&check["method"]["name"], &check["seed"]), (&"maximum_a_posteriori".into(), &7.into()));
    let fit = run(&study, &["fit", "fit.toml"], "--json").exits_with(0).printed;
    assert_eq!(fit, study.read("results/fit.json"));
    let score = found(&["score", "fit.toml", "--parameters", "at.csv"]);
    let words = study.actinf(&["score", "fit.toml", "--parameters", "at.csv"]).exits_with(0).printed;
    let cell: f64 = words.lines().nth(1).unwrap().split(',').nth(1).unwrap().parse().unwrap();
    assert!((score[0]["log_likelihood"]["total"].as_f64().unwrap() - cell).abs() < 1e-12);
    assert_eq!(found(&["simulate", "fit.toml", "--out", "s"])["written"][0], "s/behaviour.csv");
    let card = found(&["tasks", "show", "urn"]);
    assert_eq!((&card["name"], &card["columns"][0]["kind"]), (&"urn".into(), &"Action".into()));
    let tasks = found(&["tasks"]);
    assert!(tasks.as_array().unwrap().iter().any(|task| task["name"] == "urn" && task["kind"] == "task"));
}

#[test]
fn printing_nothing_and_printing_a_document_contradict() {
    let study = Study::new();
    let run = study.actinf(&["check", "fit.toml", "--quiet", "--json"]).exits_with(2);
    run.complains(&["--quiet", "--json", "leave out one"]);
}

#[test]
fn nothing_is_coloured_where_nobody_looks() {
    let study = Study::new();
    for command in [&["--help"][..], &["check", "fit.toml"], &["fit", "fit.toml"], &["chekc"]] {
        let Run { printed, errors, .. } = study.actinf(command);
        assert!(!printed.contains('\u{1b}') && !errors.contains('\u{1b}'), "{command:?}");
    }
}
