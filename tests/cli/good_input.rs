//! What works.

use crate::study::Study;

#[test]
fn check_says_in_words_what_would_be_fitted_and_writes_nothing() {
    let study = Study::new();
    study.actinf(&["check", "fit.toml"]).exits_with(0).prints(&[
        "precision (γ): free, default prior LogNormal(median 1, σ 1)",
        "liking (c): fixed at 1",
        "8 rows: 2 subjects, 2 sessions, 2 trials (0 aborted), 8 steps",
        "observation feedback: 1 of 8 missing",
        "by group: a 1, b 1",
    ]);
    assert!(!study.path("results").exists());
}

#[test]
fn fit_writes_the_results_folder_and_says_where_the_report_lies() {
    let study = Study::new();
    study.actinf(&["fit", "fit.toml"]).exits_with(0).prints(&[
        "coin: 2 of 2 subjects fitted",
        "precision",
        "results/report.html",
    ]);
    for file in ["fit.json", "estimates.csv", "estimates.parquet", "subjects.csv", "steps.csv", "report.html"]
    {
        assert!(study.path("results").join(file).is_file(), "{file} is missing");
    }
    assert!(study.read("results/report.html").contains("coin"));
}

#[test]
fn one_thread_and_two_threads_write_the_same_bytes() {
    let study = Study::new();
    study.actinf(&["fit", "fit.toml", "--threads", "1", "--out", "one"]).exits_with(0);
    study.actinf(&["fit", "fit.toml", "--threads", "2", "--out", "two"]).exits_with(0);
    let tables = [
        "estimates.csv",
        "subjects.csv",
        "steps.csv",
        "predictive_checks.csv",
        "predictive_checks_persons.csv",
    ];
    for file in tables {
        assert_eq!(study.read(&format!("one/{file}")), study.read(&format!("two/{file}")));
    }
}

/// With its preference free, the bandit's choices depend on the product with the precision only.
#[test]
fn check_names_parameters_that_cannot_be_told_apart() {
    let study = Study::new();
    study.actinf(&["new", "two_armed_bandit", "bandit"]).exits_with(0);
    study.replace("bandit/fit.toml", "outcome_preference = 1.0\n", "");
    study.actinf(&["check", "bandit/fit.toml"]).exits_with(0).prints(&[
        "ln(policy_precision) and outcome_preference cannot be told apart: only their product matters",
    ]);
}

#[test]
fn predictive_checks_are_made_unless_the_fit_file_says_otherwise() {
    let study = Study::new();
    study.actinf(&["fit", "fit.toml"]).exits_with(0);
    assert!(study.read("results/predictive_checks.csv").contains("\nchoice_rate,"));
    let text = format!("predictive_checks = false\n{}", study.read("fit.toml"));
    std::fs::write(study.path("fit.toml"), text).unwrap();
    study.actinf(&["fit", "fit.toml"]).exits_with(0);
    assert!(!study.path("results/predictive_checks.csv").exists());
}

#[test]
fn another_seed_leads_to_the_same_optimum() {
    let study = Study::new();
    study.actinf(&["fit", "fit.toml", "--seed", "1", "--out", "one"]).exits_with(0);
    study.actinf(&["fit", "fit.toml", "--seed", "2", "--out", "two"]).exits_with(0);
    let estimate = |folder: &str| -> f64 {
        let table = study.read(&format!("{folder}/estimates.csv"));
        table.lines().nth(1).unwrap().split(',').nth(3).unwrap().parse().unwrap()
    };
    assert!((estimate("one") - estimate("two")).abs() < 1e-4);
}

#[test]
fn report_writes_the_report_of_a_results_folder_again() {
    let study = Study::new();
    study.actinf(&["fit", "fit.toml"]).exits_with(0);
    let first = study.read("results/report.html");
    std::fs::remove_file(study.path("results/report.html")).unwrap();
    study.actinf(&["report", "results"]).exits_with(0).prints(&["results/report.html"]);
    assert_eq!(study.read("results/report.html"), first);
}

#[test]
fn score_prints_log_likelihoods_that_can_be_checked_by_hand() {
    let study = Study::new();
    // At precision 0 every guess has probability 1/2.
    study.write("at.csv", "precision\n1e-300\n");
    let run =
        study.actinf(&["score", "fit.toml", "--parameters", "at.csv", "--steps", "steps.csv"]).exits_with(0);
    let line = run.printed.lines().find(|line| line.starts_with("ada")).unwrap();
    let total: f64 = line.split(',').nth(1).unwrap().parse().unwrap();
    assert!((total - 4.0 * 0.5_f64.ln()).abs() < 1e-12);
    assert_eq!(study.read("steps.csv").lines().count(), 1 + 8);
}

#[test]
fn simulated_behaviour_can_be_fitted_and_the_same_seed_gives_the_same_bytes() {
    let study = Study::new();
    study.actinf(&["simulate", "fit.toml", "--out", "simulated"]).exits_with(0);
    study.actinf(&["simulate", "fit.toml", "--out", "again"]).exits_with(0);
    assert_eq!(study.read("simulated/behaviour.csv"), study.read("again/behaviour.csv"));
    assert_eq!(study.read("simulated/behaviour.csv").lines().count(), 1 + 5 * 12);
    study.replace("fit.toml", "subject = \"person\"\ngroup = \"group\"", "subject = \"subject\"");
    study.replace("fit.toml", "column = \"correct\"", "column = \"feedback\"");
    study.actinf(&["fit", "fit.toml", "--data", "simulated/behaviour.csv"]).exits_with(0);
}

#[test]
fn tasks_lists_the_built_in_models_and_prints_one() {
    let study = Study::new();
    study.actinf(&["tasks"]).exits_with(0).prints(&[
        "agency",
        "two_armed_bandit",
        "t_maze",
        "rescorla_wagner",
    ]);
    let printed = study.actinf(&["tasks", "two_armed_bandit"]).exits_with(0).printed;
    study.write("coin.toml", &printed);
    let arms =
        "[data.actions]\narm = { column = \"guess\", labels = { heads = \"left\", tails = \"right\" } }";
    study.replace("fit.toml", "[data.actions]\nguess = \"guess\"", arms);
    study.replace(
        "fit.toml",
        "feedback = { column = \"correct\", labels = { no = \"wrong\", yes = \"right\" } }",
        "outcome = { column = \"correct\", labels = { no = \"loss\", yes = \"win\" } }",
    );
    study.replace("fit.toml", "liking = 1.0\nerror = 0.1", "");
    study.actinf(&["check", "fit.toml"]).exits_with(0).prints(&["two_armed_bandit"]);
}

/// The study's table fitted by a baseline: built in, and from the file that `tasks` prints.
#[test]
fn a_baseline_is_checked_fitted_scored_and_simulated_as_an_agent_is() {
    let study = Study::new();
    let arms =
        "[data.actions]\narm = { column = \"guess\", labels = { heads = \"left\", tails = \"right\" } }";
    study.replace("fit.toml", "[data.actions]\nguess = \"guess\"", arms);
    study.replace(
        "fit.toml",
        "feedback = { column = \"correct\", labels = { no = \"wrong\", yes = \"right\" } }",
        "outcome = { column = \"correct\", labels = { no = \"loss\", yes = \"win\" } }",
    );
    study.replace("fit.toml", "liking = 1.0\nerror = 0.1", "");
    study.replace("fit.toml", "\"coin.toml\"", "\"rescorla_wagner\"");
    study
        .actinf(&["check", "fit.toml"])
        .exits_with(0)
        .prints(&["rescorla_wagner (built in)", "learning_rate (α)"]);
    study.actinf(&["fit", "fit.toml"]).exits_with(0).prints(&["inverse_temperature", "Report"]);
    let steps = std::fs::read_to_string(study.path("results/steps.csv")).unwrap();
    let header = steps.lines().next().unwrap();
    assert!(header.contains("value.left") && header.contains("prediction_error.outcome"), "{header}");
    study.actinf(&["simulate", "fit.toml", "--out", "simulated"]).exits_with(0);
    let printed = study.actinf(&["tasks", "win_stay_lose_shift"]).exits_with(0).printed;
    study.write("coin.toml", &printed);
    study.replace("fit.toml", "\"rescorla_wagner\"", "\"coin.toml\"");
    study.actinf(&["fit", "fit.toml", "--out", "shifting"]).exits_with(0).prints(&["lapse"]);
}

/// Files of Windows: line ends of two characters, and a mark of the encoding at the beginning. Names that mean something elsewhere
/// are names here.
#[test]
fn files_of_windows_and_hostile_names_are_read_as_they_are_meant() {
    let study = Study::new();
    let hostile = "\"<img src=x onerror=alert(1)> \"\"quoted\"\", =1+1 \u{202e}\"";
    study.replace("coin.csv", "ada", hostile);
    for file in ["coin.csv", "coin.toml", "fit.toml"] {
        study.write(file, &format!("\u{feff}{}", study.read(file).replace('\n', "\r\n")));
    }
    study.actinf(&["fit", "fit.toml"]).exits_with(0).prints(&["2 of 2 subjects fitted"]);
    assert!(study.read("results/subjects.csv").contains(hostile));
    let report = study.read("results/report.html");
    assert!(!report.contains("<img src=x") && report.contains("&lt;img src=x onerror=alert(1)&gt;"));
}
