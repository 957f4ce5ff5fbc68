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

/// The page for those who come from SPM: its commands exist, its links lead somewhere, and its listing makes a model of what was
/// imported.
#[test]
fn the_page_for_those_who_come_from_spm_is_true() {
    let page = text("docs/src/coming_from_spm.md");
    let help = Study::new().actinf(&["--help"]).exits_with(0).printed;
    for command in page.split("actinf ").skip(1).filter_map(|rest| rest.split([' ', '`', '\n', ',']).next()) {
        let is_command = !command.is_empty() && command.chars().all(char::is_lowercase);
        assert!(!is_command || help.contains(&format!("\n  {command} ")), "there is no `actinf {command}`");
    }
    for link in page.split("](").skip(1).map(|rest| rest.split(')').next().unwrap()) {
        assert!(root().join("docs/src").join(link).exists(), "{link} is not there");
    }
    let study = Study::new();
    let fixture = root().join("tests/cli/import/explore_exploit.mat");
    let imported = study.actinf(&["import", fixture.to_str().unwrap()]).exits_with(0).printed;
    let listing = block(&page, "toml");
    let (parameters, choice) = listing.split_once("[choice]\n").unwrap();
    assert!(imported.contains("\naction_precision = 32\n"), "{imported}");
    let model = imported.replace("action_precision = 32", choice.trim()) + parameters;
    study.write("model.toml", &model);
    let fit = text("fits/smith_tutorial_2022/one_subject.toml");
    let data = root().join("datasets/smith_tutorial_2022");
    let (head, rest) = fit.split_once("[fixed]").unwrap();
    let method = rest.split_once("[method]").unwrap().1.split_once("[simulate]").unwrap().0;
    let head = head
        .replace("reversal.toml", "model.toml")
        .replace("../../datasets/smith_tutorial_2022", data.to_str().unwrap())
        .replace("choice = \"choice\"", "state_action = \"choice\"")
        .replace("state = \"state\"", "state_seen = \"state\"");
    study.write("spm.toml", &format!("{head}\n[method]{method}"));
    study.actinf(&["check", "spm.toml"]).exits_with(0).prints(&[
        "action_precision (α): free",
        "1 subject,",
        "would fit it",
    ]);
}

/// The model with a reversal is the built-in one with a change of the task.
#[test]
fn the_reversal_of_the_tutorial_is_the_built_in_task_with_a_change() {
    let built_in = Study::new().actinf(&["tasks", "explore_exploit"]).exits_with(0).printed;
    let reversal = text("fits/smith_tutorial_2022/reversal.toml");
    let (same, change) = reversal.split_once("\n[[process.changes]]\n").unwrap();
    let after_description = |text: &str| text.split_once("citation = ").unwrap().1.trim_end().to_string();
    assert_eq!(after_description(same), after_description(&built_in));
    assert!(change.starts_with("from_trial = 9\nfactor = \"context\"\n"), "{change}");
}

#[test]
fn the_recipes_of_the_published_examples_still_give_their_data() {
    let study = Study::new();
    for (fits, name) in [
        ("eneuro_2016", "one_subject"),
        ("eneuro_2016", "two_groups"),
        ("smith_tutorial_2022", "one_subject"),
        ("smith_tutorial_2022", "three_parameters"),
    ] {
        let fit = root().join(format!("fits/{fits}/{name}.toml"));
        study.actinf(&["simulate", fit.to_str().unwrap(), "--out", "again"]).exits_with(0);
        let folder = if name == "three_parameters" { "six_subjects" } else { name };
        for file in ["behaviour.csv", "true_parameters.csv"] {
            let old = text(&format!("datasets/{fits}/{folder}/{file}"));
            let new = study.read(&format!("again/{file}"));
            // The age was added by hand.
            let without_age = |line: &str| line.rsplit_once(',').unwrap().0.to_string() + "\n";
            let has_age = folder == "six_subjects" && file == "behaviour.csv";
            let old = if has_age { old.lines().map(without_age).collect() } else { old };
            same_tables(&old, &new);
        }
    }
}
