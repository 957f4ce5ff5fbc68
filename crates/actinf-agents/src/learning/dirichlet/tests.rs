#![allow(clippy::float_cmp, reason = "the numbers are exact by construction")]

use super::*;
use ndarray::array;

fn start(forgetting: f64, is_explicit: bool) -> DirichletStart<f64> {
    let counts = array![[1.0, 1.0], [3.0, 1.0]];
    DirichletStart { counts, rate: 1.0, outcome_rates: vec![], forgetting, is_explicit }
}

/// The table's counts after one update has added 2 and a second one 1 to the same cell of the first column.
fn counts_after_two_updates(forgetting: f64) -> Array2<f64> {
    let learning = start(forgetting, false);
    let probabilities = array![[0.5, 0.5], [0.75, 0.25]];
    let mut table = Table::with_entropies(&probabilities, Some(&learning), Numerics::Exact);
    table.restart(&probabilities, Some(&learning));
    for amount in [2.0, 1.0] {
        table.mark_due();
        table.add(0, 0, amount);
        table.update(&learning);
    }
    assert_eq!(table.column(1), &[0.75, 0.25]);
    table.counts().unwrap().clone()
}

#[test]
fn forgetting_loses_its_share_of_what_was_learned_with_each_update() {
    assert_eq!(counts_after_two_updates(0.0), array![[4.0, 1.0], [3.0, 1.0]]);
    // 1 + 2 = 3, a quarter of the 2 that was learned is lost: 2.5, and 1 is added.
    assert_eq!(counts_after_two_updates(0.25), array![[3.5, 1.0], [3.0, 1.0]]);
    assert_eq!(counts_after_two_updates(1.0), array![[2.0, 1.0], [3.0, 1.0]]);
}

#[test]
fn an_update_without_anything_to_learn_forgets_nothing() {
    let learning = start(1.0, false);
    let probabilities = array![[0.5, 0.5], [0.75, 0.25]];
    let mut table = Table::new(&probabilities, Some(&learning), Numerics::Exact);
    table.mark_due();
    table.add(0, 0, 2.0);
    table.update(&learning);
    table.update(&learning);
    assert_eq!(table.column(0), &[0.75, 0.25]);
}

#[test]
fn explicit_counts_replace_the_whole_table_with_the_first_update() {
    let learning = start(0.0, true);
    let probabilities = array![[0.5, 0.5], [0.5, 0.5]];
    let mut table = Table::new(&probabilities, Some(&learning), Numerics::Exact);
    table.restart(&probabilities, Some(&learning));
    assert_eq!(table.column(1), &[0.5, 0.5]);
    table.mark_due();
    table.add(0, 1, 2.0);
    table.update(&learning);
    assert_eq!((table.column(0), table.column(1)), (&[0.25, 0.75][..], &[0.75, 0.25][..]));
}

#[test]
fn explicit_counts_that_are_not_learned_from_leave_the_table_alone() {
    let learning = DirichletStart { rate: 0.0, ..start(0.5, true) };
    let probabilities = array![[0.5, 0.5], [0.5, 0.5]];
    let mut table = Table::new(&probabilities, Some(&learning), Numerics::Exact);
    table.restart(&probabilities, Some(&learning));
    table.mark_due();
    table.update(&learning);
    assert_eq!(table.column(1), &[0.5, 0.5]);
}

#[test]
fn pymdp_numerics_put_a_floor_under_counts_and_exact_numerics_do_not() {
    for (numerics, expected) in [(Numerics::Exact, 0.0), (Numerics::Pymdp, f64::EPSILON / 4.0)] {
        let counts = array![[0.0, 3.0]];
        let learning =
            DirichletStart { counts, rate: 1.0, outcome_rates: vec![], forgetting: 0.0, is_explicit: false };
        let mut table = Table::new(&array![[0.0, 1.0]], Some(&learning), numerics);
        table.mark_due();
        table.add(0, 1, 1.0);
        table.update(&learning);
        assert!((table.column(0)[0] - expected).abs() < 1e-30);
    }
}
