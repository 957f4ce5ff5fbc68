//! What cannot be compared is refused in a sentence, and nothing panics.

use crate::populations::{names, table};
use actinf_fit::comparison::*;

fn message<T: std::fmt::Debug>(result: Result<T, ComparisonError>) -> String {
    result.unwrap_err().to_string()
}

#[test]
fn tables_that_are_none() {
    let new = |models: &[&str], subjects: &[&str], rows: &[&[f64]]| {
        let texts = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
        message(EvidenceTable::new(texts(models), texts(subjects), rows.iter().map(|r| r.to_vec()).collect()))
    };
    assert!(new(&["a"], &["x"], &[&[0.0]]).contains("at least 2 models"));
    assert!(new(&["a", "b"], &[], &[]).contains("no subject"));
    assert!(new(&["a", "a"], &["x"], &[&[0.0, 0.0]]).contains("two models are called `a`"));
    assert!(new(&["a", "b"], &["x", "x"], &[&[0.0, 0.0], &[0.0, 0.0]]).contains("two subjects"));
    assert!(new(&["a", "b"], &["x"], &[&[0.0]]).contains("1 log evidences for 2 models"));
    assert!(new(&["a", "b"], &["x"], &[]).contains("0 log evidences for 2 models"));
    assert!(new(&["a", "b"], &["x"], &[&[0.0, f64::NEG_INFINITY]]).contains("`x` under model `b` is -inf"));
}

#[test]
fn priors_that_are_none() {
    for prior in [vec![1.0], vec![1.0, 0.0], vec![1.0, f64::INFINITY], vec![f64::NAN, 1.0]] {
        let found = random_effects(&table(vec![vec![0.0, 1.0]]), &prior, Stopping::Converged);
        assert!(message(found).contains("the prior needs 2 finite counts above 0"));
    }
}

#[test]
fn families_that_do_not_divide_the_models() {
    let select = |families: &[(&str, &[usize])]| {
        let family =
            |(name, members): &(&str, &[usize])| Family { name: (*name).into(), members: members.to_vec() };
        let families: Vec<Family> = families.iter().map(family).collect();
        let table = table(vec![vec![0.0, 1.0, 2.0]]);
        message(select_families(&table, &families, FrequencyPrior::OnePerModel, Stopping::Converged))
    };
    assert!(select(&[("f", &[0, 1])]).contains("`model2` belongs to no family"));
    assert!(select(&[("f", &[0, 1]), ("g", &[1, 2])]).contains("`model1` is already in `f`"));
    assert!(select(&[("f", &[0, 1, 2]), ("g", &[])]).contains("`g`: it has no model"));
    assert!(select(&[("f", &[0, 1, 2, 3])]).contains("there is no model 3"));
    assert!(select(&[("f", &[0, 1]), ("f", &[2])]).contains("two families are called `f`"));
}

#[test]
fn groups_and_conditions_that_are_none() {
    let table = table(vec![vec![0.0, 1.0], vec![1.0, 0.0]]);
    let groups = |groups: &[Option<&str>]| {
        message(between_groups(&table, groups, FrequencyPrior::OnePerModel, Stopping::Converged))
    };
    assert!(groups(&[Some("x"), Some("x")]).contains("only one: x"));
    assert!(groups(&[]).contains("belong to none"));
    let conditions = |tables: &[EvidenceTable]| {
        message(between_conditions(tables, FrequencyPrior::OnePerModel, Stopping::Converged))
    };
    assert!(conditions(std::slice::from_ref(&table)).contains("at least 2 conditions"));
    let other = EvidenceTable::new(names("model", 2), names("person", 2), vec![vec![0.0; 2]; 2]).unwrap();
    assert!(conditions(&[table.clone(), other]).contains("condition 2"));
    assert!(conditions(&vec![table; 40]).contains("2 models in 40 conditions"));
}
