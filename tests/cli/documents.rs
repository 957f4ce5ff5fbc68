//! The texts of the repository: README, fits and datasets say what is true.

use crate::study::Study;
use std::path::PathBuf;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

fn text(name: &str) -> String {
    std::fs::read_to_string(root().join(name)).unwrap()
}

/// The lines between the fences of the first block of a language.
fn block(document: &str, language: &str) -> String {
    let after = document.split(&format!("```{language}\n")).nth(1).unwrap();
    after.split("```").next().unwrap().to_string()
}

/// The arguments of every `cargo run --release -- ...` line, comments left out.
fn commands(document: &str) -> Vec<Vec<String>> {
    let lines = document.lines().filter_map(|line| line.trim().strip_prefix("cargo run --release -- "));
    let words = |line: &str| line.split('#').next().unwrap().split_whitespace().map(String::from).collect();
    lines.map(words).collect()
}

#[test]
fn the_first_command_of_the_readme_fits_what_it_says() {
    let commands = commands(&text("README.md"));
    assert_eq!(commands[0][..2], ["fit", "fits/agency_simulated/fit.toml"]);
    let fit = root().join(&commands[0][1]);
    Study::new()
        .actinf(&["check", fit.to_str().unwrap()])
        .exits_with(0)
        .prints(&["40 subjects", "0 of 14400 missing"]);
}

#[test]
fn the_fit_file_in_the_readme_is_the_one_in_the_repository() {
    let file = text("fits/agency_simulated/fit.toml");
    let shown = block(&text("README.md"), "toml");
    assert!(file.contains(shown.trim()), "the README shows another fit file:\n{shown}");
}

#[test]
fn the_readme_lists_every_command() {
    let readme = text("README.md");
    let help = Study::new().actinf(&["--help"]).exits_with(0).printed;
    let commands = help.split("Commands:").nth(1).unwrap().split("Options:").next().unwrap();
    let names: Vec<&str> =
        commands.lines().filter_map(|line| line.strip_prefix("  ")?.split_whitespace().next()).collect();
    assert!(names.len() >= 6, "{help}");
    for name in names.iter().filter(|name| **name != "help" && name.chars().all(char::is_lowercase)) {
        assert!(readme.contains(&format!("`actinf {name}")), "the README does not mention `actinf {name}`");
    }
}

/// Labels are the same to the letter; numbers may differ in the last digits between machines, whose logarithms do.
fn same_tables(old: &str, new: &str) {
    assert_eq!(old.lines().count(), new.lines().count());
    for (row, (old, new)) in old.lines().zip(new.lines()).enumerate() {
        for (a, b) in old.split(',').zip(new.split(',')) {
            let close = || Some((a.parse::<f64>().ok()? - b.parse::<f64>().ok()?).abs() < 1e-9);
            assert!(a == b || close() == Some(true), "row {row}: {a} is now {b}");
        }
    }
}

#[test]
fn the_recipe_of_the_simulated_dataset_still_gives_it() {
    let readme = text("datasets/agency_simulated/README.md");
    let recipe = &commands(&readme)[0];
    assert_eq!(recipe[0], "simulate");
    let study = Study::new();
    let fit = root().join(&recipe[1]);
    study.actinf(&["simulate", fit.to_str().unwrap(), "--out", "again"]).exits_with(0);
    for file in ["behaviour.csv", "true_parameters.csv"] {
        same_tables(
            &text(&format!("datasets/agency_simulated/{file}")),
            &study.read(&format!("again/{file}")),
        );
    }
}
