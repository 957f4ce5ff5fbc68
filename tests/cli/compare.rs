//! Models compared: what is printed and written, and what is refused.

use crate::study::Study;
use std::path::PathBuf;

const DATASET: &str = "../../datasets/agency_simulated/behaviour.csv";

/// The agency agent on ten people of the shipped dataset, five of either group, with and without learning.
fn agency() -> Study {
    let study = Study::new();
    let table = std::fs::read_to_string(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(DATASET)).unwrap();
    let mut people = vec![];
    let mut kept = String::new();
    for line in table.lines() {
        let person = line.split(',').next().unwrap();
        if people.last() != Some(&person) {
            people.push(person);
        }
        // The header stands first; every fourth of the forty people follows.
        if people.len() == 1 || people.len() % 4 == 2 {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    study.write("behaviour.csv", &kept);
    for (name, learning_rate) in [("learning", "1.0"), ("fixed", "0.000001")] {
        study.write(&format!("{name}.toml"), &fit_file(name, learning_rate));
    }
    study
}

fn fit_file(name: &str, learning_rate: &str) -> String {
    format!(
        "model = \"agency\"\nresults = \"results/{name}\"\n\n\
         [data]\nfile = \"behaviour.csv\"\nsubject = \"subject\"\nsession = \"session\"\ngroup = \"group\"\n\n\
         [data.actions]\nbutton = \"button\"\n\n\
         [data.observations]\noutcome = \"outcome\"\nothers_press = \"others_press\"\n\n\
         [data.responses]\nrating_self = \"rating_self\"\nrating_other = \"rating_other\"\n\n\
         [fixed]\nlearning_rate = {learning_rate}\nprior_count = 1.0\n\n\
         [method]\nname = \"maximum_a_posteriori\"\nstarts = 2\nseed = 1\n"
    )
}

/// The small study with a second model: the same agent that also estimates how much being right is liked.
fn coins() -> Study {
    let study = Study::new();
    let liking =
        study.read("fit.toml").replace("liking = 1.0\n", "").replace("\"results\"", "\"liking_results\"");
    study.write("liking.toml", &liking);
    study
}

#[test]
fn two_agents_on_the_shipped_dataset_are_told_apart() {
    let study = agency();
    let first = study.actinf(&["compare", "learning.toml", "fixed.toml", "--group", "group"]).exits_with(0);
    // Made with learning, so learning must win. The numbers are what this dataset and these settings give.
    let expected = "\
2 models, 10 subjects; evidence: log evidence; prior: one count per model (SPM)
";
    assert!(first.printed.starts_with(expected), "{}", first.printed);
    let table = first.printed.lines().skip(2).take(3).collect::<Vec<_>>().join("\n");
    assert_eq!(table, AGENCY_TABLE, "{}", first.printed);
    assert!(first.errors.contains("learning.toml: fitting, as there are no results yet"), "{}", first.errors);
    for file in ["comparison.json", "models.csv", "subjects.csv", "report.html", "plots/attributions.svg"] {
        assert!(study.path("comparison").join(file).is_file(), "{file} is missing");
    }
    assert_eq!(study.read("comparison/subjects.csv").lines().count(), 1 + 10 * 2);
    let again = study.actinf(&["compare", "learning.toml", "fixed.toml", "--group", "group"]).exits_with(0);
    assert_eq!(again.printed, first.printed);
    assert!(!again.errors.contains("fitting"), "results that are up to date are reused: {}", again.errors);
    let folders =
        study.actinf(&["compare", "learning=results/learning", "fixed=results/fixed", "--group", "group"]);
    assert_eq!(folders.exits_with(0).printed, first.printed);
}

const AGENCY_TABLE: &str = "\
model     log evidence     BIC     AIC  best for  frequency  exceedance  protected
learning       -2275.3  4704.3  4347.4         9      0.884       0.999      0.971
fixed          -2380.3  4970.6  4613.6         1      0.116       0.001      0.029";

#[test]
fn results_are_used_again_only_while_they_are_what_a_fit_would_give() {
    let study = coins();
    let compare = |expected: &str| {
        let run = study.actinf(&["compare", "fit.toml", "liking.toml"]).exits_with(0);
        assert!(run.errors.contains(expected), "{}", run.errors);
    };
    compare("fit.toml: fitting, as there are no results yet");
    study.replace("fit.toml", "seed = 7", "seed = 8");
    compare("fit.toml: fitting, as the seed has changed");
    study.replace("fit.toml", "starts = 3", "starts = 4");
    compare("fit.toml: fitting, as the method or its settings have changed");
    study.replace("fit.toml", "error = 0.1", "error = 0.2");
    compare("fit.toml: fitting, as the model, its priors or its fixed values have changed");
    // The table and all counts stay the same, only the meaning of its cells changes.
    let swapped =
        "guess = { column = \"guess\", labels = { heads = \"tails\", tails = \"heads\", 0 = \"tails\" } }";
    study.replace("fit.toml", "guess = \"guess\"", swapped);
    compare("fit.toml: fitting, as the log-likelihood of subject ada at its estimates has changed");
}

#[test]
fn criteria_priors_and_families_can_be_chosen() {
    let study = coins();
    let third =
        study.read("fit.toml").replace("error = 0.1", "error = 0.4").replace("\"results\"", "\"third\"");
    study.write("third.toml", &third);
    let run = study.actinf(&[
        "compare",
        "a=fit.toml",
        "b=liking.toml",
        "c=third.toml",
        "--evidence",
        "bic",
        "--prior",
        "vba",
        "--families",
        "known=a,c",
        "--families",
        "liked=b",
        "--out",
        "by_bic",
    ]);
    run.exits_with(0).prints(&[
        "evidence: -BIC/2; prior: one count in total (VBA)",
        "The family ",
        "by_bic/report.html",
    ]);
    study.write("families.toml", "[families]\nknown = [\"a\", \"c\"]\nliked = [\"b\"]\n");
    let from_file = ["compare", "a=fit.toml", "b=liking.toml", "c=third.toml", "--families", "families.toml"];
    study.actinf(&from_file).exits_with(0).prints(&["The family "]);
    assert!(study.read("comparison/models.csv").lines().next().unwrap().ends_with(",family"));
}

#[test]
fn json_is_printed_alone() {
    let study = coins();
    let run = study.actinf(&["compare", "fit.toml", "liking.toml", "--json"]).exits_with(0);
    assert_eq!(run.printed, study.read("comparison/comparison.json"));
    assert!(run.printed.starts_with("{\n  \"format\": \"actinf-compare/1\""));
}

#[test]
fn a_subject_that_one_model_cannot_explain_is_left_out_and_named() {
    let study = coins();
    // Nothing is recorded of Cleo.
    study.replace("coin.csv", "bob,b,0,\n", "bob,b,0,\ncleo,b,,yes\ncleo,b,,no\n");
    study
        .actinf(&["compare", "fit.toml", "liking.toml"])
        .exits_with(1)
        .prints(&["2 subjects (1 left out)", "subject cleo left out (model fit): "]);
    assert!(study.read("comparison/subjects.csv").contains("cleo,,fit,left_out,"));
}

#[test]
fn fits_of_different_data_are_refused() {
    let study = coins();
    study.actinf(&["fit", "fit.toml"]).exits_with(0);
    study.replace("coin.csv", "ada,a,heads,no", "ada,a,heads,yes");
    study.actinf(&["fit", "liking.toml"]).exits_with(0);
    study.actinf(&["compare", "results", "liking_results"]).exits_with(2).complains(&[
        "`results`",
        "`liking_results`",
        "`coin.csv`",
        "different tables",
        "fit both to one file",
    ]);
    assert!(!study.path("comparison").exists());
}

#[test]
fn one_model_alone_is_refused() {
    coins().actinf(&["compare", "fit.toml"]).exits_with(2).complains(&["at least two models"]);
}

#[test]
fn the_same_name_twice_is_refused() {
    coins()
        .actinf(&["compare", "a=fit.toml", "a=liking.toml"])
        .exits_with(2)
        .complains(&["two models are called `a`"]);
}

#[test]
fn what_is_no_fit_is_named() {
    let study = coins();
    study
        .actinf(&["compare", "fit.toml", "nowhere"])
        .exits_with(2)
        .complains(&["`nowhere`", "neither a results folder"]);
    std::fs::create_dir(study.path("empty")).unwrap();
    study
        .actinf(&["compare", "fit.toml", "empty"])
        .exits_with(2)
        .complains(&["empty: ", "holds no fit.json"]);
    study.actinf(&["compare", "fit.toml", "absent.toml"]).exits_with(2).complains(&["absent.toml"]);
    assert!(!study.path("results").exists(), "nothing is fitted before everything is checked");
}

#[test]
fn unknown_columns_and_families_are_named() {
    let study = coins();
    let refused = |options: &[&str], pieces: &[&str]| {
        let arguments = [&["compare", "a=fit.toml", "b=liking.toml"], options].concat();
        study.actinf(&arguments).exits_with(2).complains(pieces);
    };
    refused(&["--group", "sex"], &["no fit has a column `sex`", "only group"]);
    refused(&["--families", "all=a,x"], &["family `all`", "no model `x`, only a, b"]);
    refused(&["--families", "all=a"], &["model `b` belongs to no family"]);
    refused(&["--families", "all"], &["NAME=MODEL,MODEL"]);
    refused(&["--families", "none.toml"], &["none.toml"]);
    refused(&["--evidence", "loo"], &["log_evidence", "bic", "aic"]);
}

#[test]
fn a_folder_of_something_else_is_left_alone() {
    let study = coins();
    study.actinf(&["fit", "fit.toml"]).exits_with(0);
    study
        .actinf(&["compare", "fit.toml", "liking.toml", "--out", "results"])
        .exits_with(2)
        .complains(&["results", "holds no comparison.json"]);
    assert!(study.path("results/fit.json").is_file());
}

/// The table shows the evidence that was asked for: the sum of the importance-sampled ones in the table of subjects.
#[test]
fn the_printed_evidence_is_the_one_that_counted() {
    let study = coins();
    let sampled = "name = \"laplace_approximation\"\nimportance_draws = 200\nstarts = 3";
    for file in ["fit.toml", "liking.toml"] {
        study.replace(file, "name = \"maximum_a_posteriori\"\nstarts = 3", sampled);
    }
    let arguments = ["compare", "a=fit.toml", "b=liking.toml", "--evidence", "importance_sampled"];
    let run = study.actinf(&arguments).exits_with(0);
    for (name, folder) in [("a", "results"), ("b", "liking_results")] {
        let table = study.read(&format!("{folder}/subjects.csv"));
        let mut lines = table.lines().map(|line| line.split(',').collect::<Vec<_>>());
        let header = lines.next().unwrap();
        // Counted from the end: a reason before it may hold commas.
        let from_end = header.iter().rev().position(|name| *name == "importance_log_evidence").unwrap();
        let sum: f64 = lines.map(|cells| cells[cells.len() - 1 - from_end].parse::<f64>().unwrap()).sum();
        let row = run.printed.lines().find(|line| line.starts_with(name)).unwrap();
        assert_eq!(row.split_whitespace().nth(1), Some(format!("{sum:.1}").as_str()), "{}", run.printed);
    }
}
