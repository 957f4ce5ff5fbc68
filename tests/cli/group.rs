//! Groups estimated together: every method from a fit file, what is written, what is refused, and runs that are broken off.

use crate::study::{Run, Study};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const EM: &str = "name = \"hierarchical_expectation_maximisation\"\nstarts = 2\nimportance_draws = 200";
const HBI: &str = "name = \"hierarchical_bayesian_inference\"\nstarts = 2";
const NUTS: &str = "name = \"no_u_turn_sampler\"\nstarts = 2\nchains = 2\nwarm_up = 200\ndraws = 200\n\
                    on_divergences = \"report\"";

/// Twelve simulated people, six of either group, who differ in precision.
fn group_study(method: &str) -> Study {
    let study = Study::new();
    let people = "[simulate]\nsteps = 40\nseed = 3\n\n\
        [[simulate.groups]]\nname = \"patients\"\nsubjects = 6\n\
        truth = { precision = { distribution = \"log_normal\", median = 0.7, sd = 0.4 } }\n\n\
        [[simulate.groups]]\nname = \"controls\"\nsubjects = 6\n\
        truth = { precision = { distribution = \"log_normal\", median = 2.0, sd = 0.4 } }\n";
    study.replace("fit.toml", "[simulate]\nsubjects = 5\nsteps = 12\n", people);
    study.actinf(&["simulate", "fit.toml", "--out", "simulated"]).exits_with(0);
    study.replace("fit.toml", "\"coin.csv\"", "\"simulated/behaviour.csv\"");
    study.replace("fit.toml", "subject = \"person\"", "subject = \"subject\"");
    study.replace("fit.toml", "column = \"correct\"", "column = \"feedback\"");
    study.replace("fit.toml", ", labels = { no = \"wrong\", yes = \"right\" }", "");
    study.replace("fit.toml", "name = \"maximum_a_posteriori\"\nstarts = 3", method);
    study.replace("fit.toml", "[method]", "[formulas]\nprecision = \"1 + group\"\n\n[method]");
    study
}

fn bytes(study: &Study, name: &str) -> Vec<u8> {
    std::fs::read(study.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The tables of two results folders hold the same bytes.
fn same_tables(study: &Study, one: &str, other: &str) {
    let mut tables = vec!["population.csv", "members.csv", "estimates.csv", "subjects.csv", "steps.csv"];
    if study.path(one).join("draws.parquet").exists() {
        tables.push("draws.parquet");
    }
    for table in tables {
        let of = |folder: &str| bytes(study, &format!("{folder}/{table}"));
        assert!(of(one) == of(other), "{table} differs");
    }
}

#[test]
fn check_says_what_the_means_depend_on() {
    group_study(EM).actinf(&["check", "fit.toml"]).exits_with(0).prints(&[
        "Method  hierarchical_expectation_maximisation",
        "precision ~ 1 + group",
        "group[patients]: the mean of patients less that of controls",
        "12 subjects are estimated together",
    ]);
}

#[test]
fn every_method_writes_the_population_and_the_same_bytes_for_any_number_of_threads() {
    for (method, column) in [(EM, "p"), (HBI, "p"), (NUTS, "direction")] {
        let study = group_study(method);
        let run = study.actinf(&["fit", "fit.toml", "--threads", "1", "--out", "one"]).exits_with(0);
        run.prints(&["12 of 12 subjects fitted", "precision ~ group[patients]", column, "onverged"]);
        study.actinf(&["fit", "fit.toml", "--threads", "2", "--out", "two"]).exits_with(0);
        same_tables(&study, "one", "two");
        let population = study.read("one/population.csv");
        let difference = population.lines().find(|line| line.starts_with("precision ~ group")).unwrap();
        // Patients were simulated with a lower precision: ln(0.7 / 2) = -1.05.
        let estimate: f64 = difference.split(',').nth(3).unwrap().parse().unwrap();
        assert!((-2.2..-0.2).contains(&estimate), "{method}: {population}");
        assert_eq!(study.read("one/members.csv").lines().count(), 1 + 12);
        assert!(!study.path("one.unfinished").exists());
    }
}

#[test]
fn the_draws_read_back() {
    let study = group_study(NUTS);
    study.actinf(&["fit", "fit.toml"]).exits_with(0);
    let before = bytes(&study, "results/draws.parquet");
    study.actinf(&["report", "results"]).exits_with(0);
    assert!(before == bytes(&study, "results/draws.parquet"));
}

/// The effective draws of everybody, of whom none can have more than were drawn.
#[test]
fn warnings_of_one_kind_are_one_sentence() {
    let study = group_study(&EM.replace("200", "20"));
    let printed = study.actinf(&["fit", "fit.toml"]).exits_with(0).printed;
    let lines: Vec<&str> = printed.lines().filter(|line| line.contains("effective draws")).collect();
    let [line] = lines[..] else { panic!("one line: {lines:?}") };
    assert!(line.contains("of 12 of 12 subjects rest on fewer than 50 effective draws"), "{line}");
    assert!(study.read("results/report.html").contains("effective draws</th>"), "everybody's in the report");
}

#[test]
fn effects_on_people_who_were_estimated_together_are_refused() {
    for method in [HBI, NUTS] {
        let study = group_study(method);
        study.actinf(&["fit", "fit.toml"]).exits_with(0);
        study.actinf(&["effects", "results", "--design", "1 + group"]).exits_with(2).complains(&[
            "estimated together",
            "count it twice",
            "population.csv",
            "fit everybody alone",
        ]);
        assert!(!study.path("effects").exists());
    }
}

#[test]
fn practical_equivalence_is_a_probability() {
    let study = group_study(EM);
    study.replace("fit.toml", "[method]", "[practical_equivalence]\nprecision = 10.0\n\n[method]");
    study.actinf(&["fit", "fit.toml"]).exits_with(0).prints(&["equivalent", "> 0.999"]);
}

#[test]
fn a_person_without_actions_is_named_and_loses_nobody() {
    let study = group_study(EM);
    let table = study.read("simulated/behaviour.csv");
    let columns = table.lines().next().unwrap().split(',').count();
    let row = |cells: &str| format!("{cells}{}\n", ",".repeat(columns - cells.split(',').count()));
    study.write("simulated/behaviour.csv", &format!("{table}{}", row("eve,patients")));
    let run = study.actinf(&["fit", "fit.toml"]).exits_with(1);
    run.prints(&["12 of 13 subjects fitted", "subject eve failed"]);
}

fn refused(study: &Study, pieces: &[&str]) -> Run {
    let run = study.actinf(&["fit", "fit.toml"]).exits_with(2).complains(pieces);
    assert!(!study.path("results").exists(), "something was written");
    run
}

#[test]
fn a_formula_that_cannot_be_used_is_named_with_its_line() {
    let with = |formula: &str| {
        let study = group_study(EM);
        study.replace("fit.toml", "precision = \"1 + group\"", formula);
        study
    };
    refused(&with("precision = \"1 + grup\""), &["fit.toml:", "`grup`", "did you mean `group`?"]);
    refused(&with("precision = \"1 + group *\""), &["fit.toml:", "character", "`*` has no meaning"]);
    refused(&with("precison = \"1 + group\""), &["fit.toml:", "`precison`", "did you mean `precision`?"]);
    refused(
        &with("liking = \"1 + group\""),
        &["fit.toml:", "`liking`", "the free parameters are `precision`"],
    );
    let alone = group_study("name = \"maximum_a_posteriori\"");
    refused(&alone, &["fit.toml:", "[formulas] needs a method", "no_u_turn_sampler"]);
}

#[test]
fn settings_of_other_methods_and_impossible_ones_are_refused() {
    refused(&group_study(&format!("{EM}\nchains = 4")), &["fit.toml:", "`chains`", "`no_u_turn_sampler`"]);
    refused(&group_study(&format!("{HBI}\ncovariance = \"full\"")), &["fit.toml:", "`covariance`"]);
    refused(&group_study(&NUTS.replace("chains = 2", "chains = 1")), &["fit.toml:", "chains", "at least 2"]);
    let target = format!("{NUTS}\ntarget_acceptance = 1.5");
    refused(&group_study(&target), &["fit.toml:", "target_acceptance", "1.5"]);
    let region = group_study(EM);
    region.replace("fit.toml", "[method]", "[practical_equivalence]\nprecision = -1\n\n[method]");
    refused(&region, &["fit.toml:", "practical_equivalence", "above 0"]);
}

/// A run that takes a while: four long chains on one thread.
const LONG: &str = "name = \"no_u_turn_sampler\"\nstarts = 2\nchains = 4\nwarm_up = 300\ndraws = 1500\n\
                    on_divergences = \"report\"";

/// Starts a fit on one thread and waits until its first chain is finished.
fn begun(study: &Study) -> Child {
    let child = Command::new(Path::new(env!("CARGO_BIN_EXE_actinf")))
        .args(["fit", "fit.toml", "--threads", "1"])
        .current_dir(study.path("fit.toml").parent().unwrap())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let deadline = Instant::now() + Duration::from_secs(120);
    while !has_chain(&study.path("results.unfinished")) {
        assert!(Instant::now() < deadline, "no chain was finished in two minutes");
        std::thread::sleep(Duration::from_millis(2));
    }
    child
}

fn has_chain(folder: &Path) -> bool {
    let Ok(entries) = std::fs::read_dir(folder) else { return false };
    entries.flatten().any(|key| key.path().join("attempt_0_chain_0.bin").exists())
}

#[test]
fn a_killed_run_goes_on_to_the_same_bytes() {
    let study = group_study(LONG);
    study.actinf(&["fit", "fit.toml", "--out", "whole"]).exits_with(0);
    let mut child = begun(&study);
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(!study.path("results").exists(), "the run was over before it could be killed");
    study.actinf(&["fit", "fit.toml"]).exits_with(0).complains(&["going on with"]);
    same_tables(&study, "whole", "results");
    assert!(!study.path("results.unfinished").exists());
}

#[cfg(unix)]
#[test]
fn a_run_that_is_broken_off_leaves_what_it_has_and_can_be_finished() {
    let study = group_study(LONG);
    study.actinf(&["fit", "fit.toml", "--out", "whole"]).exits_with(0);
    let child = begun(&study);
    let signal = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(signal.success());
    let output = child.wait_with_output().unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{printed}");
    assert!(printed.contains("NOT converged: it was broken off"), "{printed}");
    assert!(study.path("results/draws.parquet").is_file());
    study.actinf(&["fit", "fit.toml"]).exits_with(0).complains(&["going on with"]);
    same_tables(&study, "whole", "results");
}

/// The study's people under two models: precision free, and precision fixed with the error free.
#[test]
fn models_of_one_inference_are_compared() {
    let study = group_study(HBI);
    let other = study.read("fit.toml").replace("\"results\"", "\"other_results\"");
    let other = other.replace("[formulas]\nprecision = \"1 + group\"\n", "");
    study.write("other.toml", &other.replace("error = 0.1", "precision = 1.0"));
    let run = study.actinf(&["compare", "free=fit.toml", "fixed=other.toml"]).exits_with(0);
    run.prints(&["2 models, 12 subjects", "frequency", "free", "fixed", "Bayes omnibus risk"]);
    let record = study.read("results/fit.json");
    assert!(record.contains("\"protected_exceedance\"") && record.contains("\"responsibilities\""));
    let header = study.read("other_results/members.csv").lines().next().unwrap().to_owned();
    assert!(header.ends_with("responsibility.free,responsibility.fixed"), "{header}");
    let asked = study.actinf(&["compare", "fit.toml", "other.toml", "--group", "group"]).exits_with(2);
    asked.complains(&["neither --families nor --group"]);
    study.replace("other.toml", "starts = 2", "starts = 3");
    study
        .actinf(&["compare", "fit.toml", "other.toml"])
        .exits_with(2)
        .complains(&["[method] sections must be the same"]);
}
