//! Families, groups and conditions.

use crate::populations::{evidences, table};
use actinf_fit::comparison::*;

const SPM: FrequencyPrior = FrequencyPrior::OnePerModel;

fn family(name: &str, members: &[usize]) -> Family {
    Family { name: name.into(), members: members.to_vec() }
}

#[test]
fn families_of_one_are_models() {
    let table = table(evidences(1, &[0, 1, 1, 2, 1], 3, 2.0, 2.0));
    let singles = [family("a", &[0]), family("b", &[1]), family("c", &[2])];
    for prior in [SPM, FrequencyPrior::OneInTotal] {
        let models = select_models(&table, prior, Stopping::Converged).unwrap();
        let families = select_families(&table, &singles, prior, Stopping::Converged).unwrap();
        assert_eq!(families.counts, models.random_effects.counts);
        assert_eq!(families.exceedance, models.exceedance);
        assert_eq!(families.protected_exceedance, models.protected_exceedance);
        assert_eq!(families.omnibus_risk.to_bits(), models.omnibus_risk.to_bits());
    }
}

/// Three copies of a model, which nothing can tell apart, get the frequency that the model itself would have.
#[test]
fn copies_of_a_model_do_not_make_its_family_more_frequent() {
    let pairs = evidences(2, &[0, 1, 1, 0, 1, 1, 0, 0], 2, 0.5, 6.0);
    let copied = pairs.iter().map(|row| vec![row[0], row[1], row[1], row[1]]).collect();
    let alone = select_models(&table(pairs), SPM, Stopping::Converged).unwrap();
    let families = [family("first", &[0]), family("second", &[1, 2, 3])];
    let with_copies = select_families(&table(copied), &families, SPM, Stopping::Converged).unwrap();
    let (a, b) = (alone.random_effects.expected_frequencies[0], with_copies.expected_frequencies[0]);
    assert!((a - b).abs() < 0.05, "{a} against {b}");
    assert!((with_copies.null_free_energy - alone.null_free_energy).abs() < 1e-10);
}

#[test]
fn all_models_in_one_family_leave_nothing_to_doubt() {
    let table = table(evidences(3, &[0, 1, 1], 2, 2.0, 2.0));
    let found = select_families(&table, &[family("all", &[0, 1])], SPM, Stopping::Converged).unwrap();
    assert!((found.exceedance[0] - 1.0).abs() < 1e-12 && (found.protected_exceedance[0] - 1.0).abs() < 1e-12);
}

fn groups(sizes: [usize; 2]) -> Vec<Option<&'static str>> {
    ["a", "b"].into_iter().zip(sizes).flat_map(|(group, size)| vec![Some(group); size]).collect()
}

#[test]
fn groups_that_use_the_same_model_are_the_same_and_others_are_not() {
    let same = table(evidences(4, &[0; 24], 2, 1.0, 5.0));
    let mut uses = [0; 24];
    uses[12..].fill(1);
    let different = table(evidences(4, &uses, 2, 1.0, 5.0));
    let p = |table: &EvidenceTable| {
        between_groups(table, &groups([12, 12]), SPM, Stopping::Converged).unwrap().probability_same
    };
    assert!(p(&same) > 0.8 && p(&different) < 1e-4, "{} {}", p(&same), p(&different));
}

#[test]
fn subjects_without_a_group_are_named_and_left_out() {
    let rows = evidences(5, &[0, 1, 0, 1, 1], 2, 1.0, 3.0);
    let groups = [Some("x"), None, Some("y"), Some("x"), Some("y")];
    let test = between_groups(&table(rows.clone()), &groups, SPM, Stopping::Converged).unwrap();
    assert_eq!(test.without_group, ["subject1"]);
    let kept = [0, 2, 3, 4].map(|i| rows[i].clone()).to_vec();
    let others = [0, 2, 3, 4].map(|i| groups[i]);
    let without = between_groups(&table(kept), &others, SPM, Stopping::Converged).unwrap();
    assert_eq!(test.probability_same.to_bits(), without.probability_same.to_bits());
    let sizes: Vec<usize> = test.groups.iter().map(|group| group.subjects.len()).collect();
    assert_eq!(sizes, [2, 2]);
}

#[test]
fn three_groups_are_compared_at_once() {
    let test = between_groups(
        &table(evidences(6, &[0, 0, 1, 1, 2, 2], 3, 1.0, 9.0)),
        &["c", "c", "b", "b", "a", "a"].map(Some),
        SPM,
        Stopping::Converged,
    );
    let test = test.unwrap();
    assert_eq!(test.groups.iter().map(|g| g.group.as_str()).collect::<Vec<_>>(), ["a", "b", "c"]);
    assert!(test.probability_same < 0.5, "{}", test.probability_same);
}

#[test]
fn changing_the_model_between_conditions_is_noticed() {
    let uses = [0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1];
    let changed: Vec<usize> = uses.iter().map(|used| 1 - used).collect();
    let before = table(evidences(7, &uses, 2, 1.0, 5.0));
    let same = table(evidences(8, &uses, 2, 1.0, 5.0));
    let other = table(evidences(9, &changed, 2, 1.0, 5.0));
    let exceedance = |after: &EvidenceTable| {
        let conditions = [before.clone(), after.clone()];
        between_conditions(&conditions, SPM, Stopping::Converged).unwrap().exceedance_same()
    };
    assert!(exceedance(&same) > 0.99 && exceedance(&other) < 0.01);
}

/// Two models in two conditions are four combinations, of which two are "same": by hand.
#[test]
fn combinations_have_the_sum_of_their_evidences_and_even_families() {
    let (before, after) =
        (table(vec![vec![-1.0, -2.0], vec![-3.0, -5.0]]), table(vec![vec![-0.5, -0.25], vec![-0.125, -2.0]]));
    let test = between_conditions(&[before, after], FrequencyPrior::OneInTotal, Stopping::Converged).unwrap();
    assert_eq!(test.combinations, [[0, 0], [1, 0], [0, 1], [1, 1]]);
    assert_eq!(test.selection.families[0].members, [0, 3]);
    assert_eq!(test.selection.models.prior_counts, [0.25; 4]);
    let rows = vec![vec![-1.5, -2.5, -1.25, -2.25], vec![-3.125, -5.125, -5.0, -7.0]];
    let direct = random_effects(&table(rows), &[0.25; 4], Stopping::Converged).unwrap();
    assert_eq!(test.selection.models.counts, direct.counts);
}
