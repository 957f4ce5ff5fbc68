//! `actinf effects`: groups and covariates on the parameters of a fit.

use crate::study::{FIT, Study};

/// Two groups of six who differ much in how reliably they choose, fitted with log evidences.
fn grouped() -> Study {
    let study = Study::new();
    let groups = r#"[simulate]
steps = 60
seed = 3

[[simulate.groups]]
name = "calm"
subjects = 6
truth = { precision = 3.0 }

[[simulate.groups]]
name = "wild"
subjects = 6
truth = { precision = { distribution = "log_normal", median = 0.3, sd = 0.1 } }
"#;
    let laplace = "name = \"laplace_approximation\"\nimportance_draws = 0\n";
    let fit = FIT
        .replace("name = \"maximum_a_posteriori\"\n", laplace)
        .replace("coin.csv", "data/behaviour.csv")
        .replace("subject = \"person\"", "subject = \"subject\"")
        .replace("{ column = \"correct\", labels = { no = \"wrong\", yes = \"right\" } }", "\"feedback\"");
    let (head, _) = fit.split_once("[simulate]").unwrap();
    study.write("fit.toml", &format!("{head}{groups}"));
    study.actinf(&["simulate", "fit.toml", "--out", "data"]).exits_with(0);
    study.actinf(&["fit", "fit.toml"]).exits_with(0);
    study
}

/// The row of `effects.csv` for a column of the design.
fn effect(study: &Study, column: &str) -> Vec<f64> {
    let table = study.read("effects/effects.csv");
    let row = table.lines().find(|line| line.split(',').nth(1) == Some(column)).unwrap();
    row.split(',').skip(2).map(|cell| cell.parse().unwrap_or(f64::NAN)).collect()
}

#[test]
fn a_difference_between_groups_is_found_and_predicts_who_belongs_where() {
    let study = grouped();
    let true_values = study.read("data/true_parameters.csv");
    assert!(true_values.lines().nth(1).unwrap().contains(",3.0,"), "{true_values}");
    study
        .actinf(&["effects", "results", "--design", "1 + group", "--leave-one-out", "group"])
        .exits_with(0)
        .prints(&[
            "12 subjects; design 1 + group",
            "ln(precision)",
            "group[wild]",
            "Leave-one-out prediction",
        ]);
    let [mean, sd, .., probability, _, _] = effect(&study, "group[wild]")[..] else {
        panic!("seven numbers")
    };
    // ln 0.3 - ln 3 = -2.3, and a prior standard deviation of 2 for the difference of two groups.
    assert!((-3.0..-1.3).contains(&mean) && sd < 0.6, "{mean} ± {sd}");
    assert!(probability > 0.95, "{probability}");
    assert!(effect(&study, "1")[4].is_nan(), "the mean is not searched");
    let people = study.read("effects/prediction.csv");
    let right =
        people.lines().skip(1).filter(|line| line.rsplit(',').next().unwrap().parse::<f64>().unwrap() > 0.5);
    assert!(right.count() >= 10, "{people}");
    let page = study.read("effects/report.html");
    assert!(page.contains("Methods paragraph to copy") && page.contains("group[wild]"));
    let again = study.actinf(&["effects", "results", "--design", "1 + group", "--formulas", "spm", "--json"]);
    let json = again.exits_with(0).printed;
    assert!(json.contains("\"actinf-effects/1\"") && json.contains("\"spm\""), "{json}");
}

#[test]
fn what_gives_no_effects_is_named_with_what_to_do() {
    let study = grouped();
    let complaint = |arguments: &[&str], pieces: &[&str]| {
        study.actinf(&[&["effects", "results"][..], arguments].concat()).exits_with(2).complains(pieces);
    };
    complaint(&["--design", "1 + gruop"], &["gruop", "did you mean `group`"]);
    complaint(&["--design", "1 + group * age"], &["--design", "`*` has no meaning"]);
    complaint(&["--design", "1 + group", "--leave-one-out", "age"], &["no column `age`", "group[wild]"]);
    study.replace(
        "fit.toml",
        "name = \"laplace_approximation\"\nimportance_draws = 0\n",
        "name = \"maximum_likelihood\"\n",
    );
    study.actinf(&["fit", "fit.toml", "--out", "likely"]);
    study
        .actinf(&["effects", "likely"])
        .exits_with(2)
        .complains(&["maximum_likelihood", "laplace_approximation"]);
    study.replace(
        "fit.toml",
        "[method]\nname = \"maximum_likelihood\"\n",
        "[priors]\nprecision = { distribution = \"exponential\", rate = 1.0 }\n\n[method]\nname = \"maximum_a_posteriori\"\n",
    );
    study.actinf(&["fit", "fit.toml", "--out", "skewed"]).exits_with(0);
    study.actinf(&["effects", "skewed"]).exits_with(2).complains(&[
        "`precision`",
        "not normal",
        "log_normal",
    ]);
}

#[test]
fn spms_schedule_is_a_method_that_tells_where_the_optimum_is() {
    let study = Study::new();
    study.replace(
        "fit.toml",
        "name = \"maximum_a_posteriori\"\nstarts = 3\n",
        "name = \"spm_variational_laplace\"\n",
    );
    study.actinf(&["check", "fit.toml"]).exits_with(0).prints(&["spm_variational_laplace, 1 starts"]);
    study.actinf(&["fit", "fit.toml"]).exits_with(0).prints(&["2 of 2 subjects fitted"]);
    let table = study.read("results/subjects.csv");
    assert!(table.contains("SPM's schedule stopped after"), "{table}");
    study.replace(
        "fit.toml",
        "name = \"spm_variational_laplace\"\n",
        "name = \"spm_variational_laplace\"\nstarts = 2\n",
    );
    study
        .actinf(&["check", "fit.toml"])
        .exits_with(2)
        .complains(&["`starts` is no setting of `spm_variational_laplace`", "remove it"]);
}
