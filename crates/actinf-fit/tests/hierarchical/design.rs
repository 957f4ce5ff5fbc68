use crate::level::{level, people, problem, with_covariate, with_groups};
use crate::toys::{near, silent};
use actinf_fit::hierarchical::{Coding, DesignError, Formula, GroupProblem, GroupProblemError};
use actinf_fit::{Covariate, Dataset};
use std::collections::BTreeMap;

fn formulas(text: &str) -> BTreeMap<String, Formula> {
    BTreeMap::from([("level".to_owned(), text.parse().unwrap())])
}

fn study() -> Dataset {
    let dataset = with_groups(people(&[0.0; 6], 3, 1), &["b", "a", "b", "c", "a", "c"]);
    let dataset = with_covariate(dataset, "age", &[20.0, 30.0, 40.0, 20.0, 30.0, 40.0]);
    with_covariate(dataset, "height", &[1.8, 1.7, 1.6, 1.7, 1.9, 1.5])
}

fn error_of(dataset: &Dataset, text: &str) -> GroupProblemError {
    let toy = level();
    GroupProblem::new(&problem(&toy), dataset, &formulas(text)).err().unwrap()
}

#[test]
fn contrasts_compare_levels_with_the_first_and_keep_the_intercept_between_the_groups() {
    let (dataset, toy) = (study(), level());
    let problem = problem(&toy);
    let group = GroupProblem::new(&problem, &dataset, &formulas("1 + group")).unwrap();
    let names: Vec<&str> = group.weights().iter().map(|weight| weight.name.as_str()).collect();
    assert_eq!(names, ["level ~ 1", "level ~ group[b]", "level ~ group[c]"]);
    // Means 5 for a, 7 for b and 9 for c: the weights must be their average and the differences from a.
    let weights = [7.0, 2.0, 4.0];
    for (subject, expected) in [(0, 7.0), (1, 5.0), (3, 9.0)] {
        near(group.mean(subject, 0, &weights), expected, 1e-12);
    }
}

#[test]
fn without_intercept_every_level_has_its_own_mean() {
    let (dataset, toy) = (study(), level());
    let problem = problem(&toy);
    let group = GroupProblem::new(&problem, &dataset, &formulas("0 + diagnosis")).unwrap();
    assert_eq!(group.weights().len(), 3);
    near(group.mean(3, 0, &[5.0, 7.0, 9.0]), 9.0, 1e-12);
}

#[test]
fn covariates_are_centred_and_scaled_and_the_numbers_are_kept() {
    let (dataset, toy) = (study(), level());
    let problem = problem(&toy);
    let group = GroupProblem::new(&problem, &dataset, &formulas("1 + age + age:height")).unwrap();
    let columns = &group.designs()[0].columns;
    // Ages 20, 30, 40, twice: mean 30, squared deviations 400 over n - 1 = 5.
    assert_eq!(columns[1].coding, Coding::Covariate { mean: 30.0, sd: 80.0_f64.sqrt() });
    near(columns[1].values[2], 10.0 / 80.0_f64.sqrt(), 1e-15);
    assert_eq!(columns[2].coding, Coding::Product);
    near(columns[2].values[0], columns[1].values[0] * 0.1 / 0.02_f64.sqrt(), 1e-12);
}

#[test]
fn who_has_no_data_or_no_covariate_is_left_out_with_the_reason() {
    let mut dataset = study();
    dataset.subjects[1] = silent("s1");
    dataset.covariates[0].values[4] = None;
    let toy = level();
    let problem = problem(&toy);
    let group = GroupProblem::new(&problem, &dataset, &formulas("1 + age")).unwrap();
    assert_eq!(group.positions(), [0, 2, 3, 5]);
    let reasons: Vec<&str> = group.excluded().iter().map(|e| e.reason.as_str()).collect();
    assert_eq!(reasons[0], "has no recorded action or response to fit");
    assert_eq!(reasons[1], "has no value of `age`, which a formula uses");
    let all = GroupProblem::new(&problem, &dataset, &BTreeMap::new()).unwrap();
    assert_eq!(all.positions(), [0, 2, 3, 4, 5], "a covariate that no formula uses excludes nobody");
}

#[test]
fn formulas_that_cannot_be_used_say_why() {
    let text = error_of(&study(), "1 + agee").to_string();
    assert!(text.contains("`agee`") && text.contains("did you mean `age`?"), "{text}");
    let mut same = study();
    same.covariates.push(Covariate { name: "site".into(), values: vec![Some(3.0); 6] });
    let no_variation =
        |error| matches!(error, GroupProblemError::Design { error: DesignError::NoVariation { .. }, .. });
    assert!(no_variation(error_of(&same, "1 + site")));
    let one_group = with_groups(people(&[0.0; 6], 3, 1), &["a"; 6]);
    assert!(no_variation(error_of(&one_group, "1 + group")));
    let twice = with_covariate(study(), "days", &[2.0, 3.0, 4.0, 2.0, 3.0, 4.0]);
    let error = error_of(&twice, "1 + age + days");
    assert!(
        matches!(&error, GroupProblemError::Design { error: DesignError::Collinear { column, .. }, .. } if column == "days"),
        "{error}"
    );
    let few = people(&[0.0; 2], 3, 1);
    assert!(matches!(error_of(&few, "1"), GroupProblemError::TooFewSubjects { left: 2, needed: 3, .. }));
}

#[test]
fn a_formula_for_no_free_parameter_is_refused() {
    let toy = level();
    let unknown = BTreeMap::from([("levle".to_owned(), Formula::intercept_only())]);
    let dataset = study();
    let error = GroupProblem::new(&problem(&toy), &dataset, &unknown).err().unwrap();
    assert!(error.to_string().contains("did you mean `level`?"), "{error}");
}
