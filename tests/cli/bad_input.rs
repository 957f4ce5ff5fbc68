//! What does not work, and what is said about it. Nothing may be written, half or whole.

use crate::study::{Run, Study};

/// A fit that must fail altogether.
fn refused(study: &Study) -> Run {
    let run = study.actinf(&["fit", "fit.toml"]).exits_with(2);
    assert!(!study.path("results").exists(), "something was written");
    run
}

#[test]
fn an_unknown_column_is_named_with_the_nearest_one() {
    let study = Study::new();
    study.replace("fit.toml", "guess = \"guess\"", "guess = \"gues\"");
    refused(&study).complains(&["coin.csv", "`gues`", "`guess`"]);
}

#[test]
fn a_label_the_model_does_not_know_is_named_with_its_row() {
    let study = Study::new();
    study.replace("coin.csv", "bob,b,heads,yes", "bob,b,edge,yes");
    refused(&study).complains(&["coin.csv", "row 7", "`guess`", "`edge`", "heads", "tails"]);
}

#[test]
fn an_unknown_key_of_a_model_file_is_named_with_line_and_nearest_key() {
    let study = Study::new();
    study.replace("coin.toml", "likelihood = [", "likelyhood = [");
    refused(&study).complains(&["coin.toml:", "`likelyhood`", "did you mean `likelihood`?"]);
}

#[test]
fn a_likelihood_column_that_does_not_sum_to_one_is_named() {
    let study = Study::new();
    study.replace("coin.toml", "right = \"1 - error\"", "right = \"1 - 2 * error\"");
    refused(&study).complains(&["coin.toml:", "feedback", "guessed = heads", "error = ", "normalise"]);
}

#[test]
fn a_subject_with_no_valid_steps_fails_alone() {
    let study = Study::new();
    study.write("coin.csv", &format!("{}eve,b,,yes\neve,b,,\n", crate::study::DATA));
    study.actinf(&["fit", "fit.toml"]).exits_with(1).prints(&[
        "2 of 3 subjects fitted",
        "subject eve failed",
        "no recorded action or response",
    ]);
    assert!(study.read("results/subjects.csv").contains("eve"));
}

#[test]
fn an_action_impossible_under_the_model_fails_its_subject_alone_and_names_the_step() {
    let study = Study::new();
    study.replace("coin.toml", "[choice]", "[planning]\npolicies = [[\"heads\"]]\n\n[choice]");
    study.write("coin.csv", &crate::study::DATA.replace("ada,a,tails", "ada,a,heads"));
    study.replace("fit.toml", "model = \"coin.toml\"", "model = \"coin.toml\"");
    study.actinf(&["fit", "fit.toml"]).exits_with(1).prints(&[
        "subject bob failed",
        "the recorded action has probability 0 under the model",
        "step 1, row 5",
    ]);
}

#[test]
fn an_empty_file_is_named() {
    let study = Study::new();
    study.write("coin.csv", "");
    refused(&study).complains(&["coin.csv", "empty"]);
}

#[test]
fn a_file_with_a_header_only_is_named() {
    let study = Study::new();
    study.write("coin.csv", "person,group,guess,correct\n");
    refused(&study).complains(&["coin.csv", "no rows"]);
}

#[test]
fn a_fit_file_that_points_to_no_data_names_the_path() {
    let study = Study::new();
    study.replace("fit.toml", "file = \"coin.csv\"", "file = \"nowhere.csv\"");
    refused(&study).complains(&["nowhere.csv"]);
}

#[test]
fn a_fit_file_that_is_not_there_is_named() {
    let study = Study::new();
    study.actinf(&["fit", "nothing.toml"]).exits_with(2).complains(&["nothing.toml"]);
}

#[test]
fn a_fit_file_that_names_no_model_suggests_one() {
    let study = Study::new();
    study.replace("fit.toml", "model = \"coin.toml\"", "model = \"agenci\"");
    refused(&study).complains(&["`agenci`", "did you mean `agency`?"]);
}

#[test]
fn an_unknown_parameter_in_the_fit_file_is_named_with_its_line() {
    let study = Study::new();
    study.replace("fit.toml", "liking = 1.0", "likking = 1.0");
    refused(&study).complains(&["fit.toml:", "no parameter `likking`", "did you mean `liking`?"]);
}

#[test]
fn a_parameter_both_fixed_and_with_a_prior_is_refused() {
    let study = Study::new();
    let priors = "[priors]\nliking = { distribution = \"normal\", mean = 0.0, sd = 1.0 }\n\n[method]";
    study.replace("fit.toml", "[method]", priors);
    refused(&study).complains(&["fit.toml:", "`liking`", "[fixed]"]);
}

#[test]
fn an_unknown_method_lists_the_known_ones() {
    let study = Study::new();
    study.replace("fit.toml", "maximum_a_posteriori", "maximum_a_posterior");
    refused(&study).complains(&["fit.toml:", "did you mean `maximum_a_posteriori`?"]);
}

#[test]
fn a_results_folder_that_is_something_else_is_left_alone() {
    let study = Study::new();
    std::fs::create_dir(study.path("results")).unwrap();
    study.write("results/thesis.txt", "five years of work");
    study.actinf(&["fit", "fit.toml"]).exits_with(2).complains(&["results"]);
    assert_eq!(study.read("results/thesis.txt"), "five years of work");
}

#[test]
fn parameters_for_scoring_outside_their_support_fail_every_subject_and_say_so() {
    let study = Study::new();
    study.write("at.csv", "precision\n-1\n");
    study
        .actinf(&["score", "fit.toml", "--parameters", "at.csv"])
        .exits_with(2)
        .complains(&["precision", "positive"]);
}
