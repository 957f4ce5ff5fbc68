//! Cards, and project folders for every task.

use crate::study::Study;

fn tasks(study: &Study) -> Vec<String> {
    let listed = study.actinf(&["tasks"]).exits_with(0).printed;
    let tasks = listed.split("Baselines").next().unwrap().lines().skip(1);
    tasks.filter_map(|line| line.split_whitespace().next().map(String::from)).collect()
}

#[test]
fn at_least_fourteen_tasks_are_listed_with_a_line_each() {
    let tasks = tasks(&Study::new());
    assert!(tasks.len() >= 14 && tasks.contains(&"visual_foraging".to_string()), "{tasks:?}");
}

#[test]
fn the_card_of_a_task_says_what_one_needs_to_know() {
    let study = Study::new();
    study.actinf(&["tasks", "show", "three_armed_bandit"]).exits_with(0).prints(&[
        "separate learning rates for wins and losses",
        "Drug and Alcohol Dependence 215",
        "outcome",
        "loss, win",
        "whether the arm won",
        "learning_rate_win",
        "η₁",
        "between 0 and 1",
        "LogitNormal(mean 0, σ 1.5)",
        "20 sessions of 1 trial of up to 16 steps each",
        "actinf new three_armed_bandit DIR",
    ]);
    study.actinf(&["tasks", "show", "rescorla_wagner"]).exits_with(0).prints(&["learning_rate", "outcome"]);
}

#[test]
fn the_model_file_of_a_task_is_printed_in_two_ways() {
    let study = Study::new();
    let shown = study.actinf(&["tasks", "show", "urn", "--model"]).exits_with(0).printed;
    assert!(shown.starts_with("name = \"urn\"\n"));
    assert_eq!(study.actinf(&["tasks", "urn"]).exits_with(0).printed, shown);
}

#[test]
fn a_misspelt_task_is_named_with_the_nearest_one_and_nothing_is_written() {
    let study = Study::new();
    study.actinf(&["tasks", "show", "urns"]).exits_with(2).complains(&["`urns`", "did you mean `urn`?"]);
    study.actinf(&["new", "urns", "project"]).exits_with(2).complains(&["`urns`", "did you mean `urn`?"]);
    assert!(!study.path("project").exists());
}

#[test]
fn a_folder_that_is_not_empty_is_not_overwritten() {
    let study = Study::new();
    study.actinf(&["new", "urn", "."]).exits_with(2).complains(&["not empty", "name a new folder"]);
    study.actinf(&["new", "urn", "coin.csv"]).exits_with(2).complains(&["not a folder"]);
    assert_eq!(study.read("coin.csv"), crate::study::DATA);
    assert!(!study.path("model.toml").exists());
}

/// Keeps the first of the simulated people, so that every task can be fitted within seconds.
fn shorten(study: &Study, folder: &str, people: usize) {
    let file = format!("{folder}/data/behaviour.csv");
    let table = study.read(&file);
    let names: Vec<String> = (1..=people).map(|number| format!("simulated-{number:02},")).collect();
    let is_kept =
        |line: &&str| line.starts_with("subject") || names.iter().any(|name| line.starts_with(name));
    let lines: Vec<&str> = table.lines().filter(is_kept).collect();
    assert!(lines.len() > people, "{table}");
    study.write(&file, &(lines.join("\n") + "\n"));
    study.replace(&format!("{folder}/fit.toml"), "starts = 8", "starts = 1");
}

#[test]
fn a_project_of_every_task_can_be_checked_and_fitted_at_once() {
    let study = Study::new();
    for task in tasks(&study).into_iter().chain(["rescorla_wagner".into()]) {
        let fit = format!("{task}/fit.toml");
        study.actinf(&["new", &task, &task]).exits_with(0).prints(&[&format!("actinf fit {fit}")]);
        let readme = study.read(&format!("{task}/README.md"));
        assert!(readme.contains("actinf fit fit.toml") && readme.contains("| subject | place |"), "{readme}");
        study.actinf(&["check", &fit]).exits_with(0).prints(&["20 subjects", "Everything needed is there"]);
        shorten(&study, &task, 2);
        study.actinf(&["fit", &fit]).exits_with(0).prints(&["2 of 2 subjects fitted", "results/report.html"]);
    }
}

#[test]
fn the_same_project_has_the_same_bytes() {
    let study = Study::new();
    for folder in ["one", "two"] {
        study.actinf(&["new", "reversal_learning", folder]).exits_with(0);
    }
    for file in ["model.toml", "fit.toml", "README.md", "data/behaviour.csv", "data/true_parameters.csv"] {
        assert_eq!(study.read(&format!("one/{file}")), study.read(&format!("two/{file}")));
    }
}
