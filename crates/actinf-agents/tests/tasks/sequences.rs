//! The two-step task, and what is looked at next.

use super::recorded::{Agent, assert_close, entropy, logistic, softmax};

/// One win of the left option of red: it wins with probability 2/3, the others with 1/2. What an option tells: counts 1 and 2
/// by `ln 3 - 5/6` and `ln 3/2 - 1/3` in the proportion 1 to 2; counts 1 and 1 by `ln 2 - 1/2`.
#[test]
fn a_win_is_credited_to_the_first_choice_that_usually_leads_there() {
    let agent = Agent::new("two_step", &[]);
    let found = agent.probabilities(&[
        &["choice=left place=red outcome=none", "choice=left place=option outcome=win"],
        &["", ""],
        &["choice=right place=red outcome=none", ""],
    ]);
    assert_close(&found[0], &[0.5, 0.5]);
    assert_close(&found[1], &[0.5, 0.5]);
    let known = (3.0_f64.ln() - 5.0 / 6.0) / 3.0 + 2.0 * (1.5_f64.ln() - 1.0 / 3.0) / 3.0;
    let unknown = 2.0_f64.ln() - 0.5;
    let (better, other) = (5.0 * 2.0 / 3.0 + known, 5.0 * 0.5 + unknown);
    let chosen = logistic(better - other);
    let (red, blue) = (chosen * better + (1.0 - chosen) * other, other);
    let left = logistic((0.7 - 0.3) * (red - blue));
    assert_close(&found[2], &[left, 1.0 - left]);
    assert!(left > 0.5);
}

/// An unusual transition to a place that then wins speaks for the other first choice: the mark of model-based choice.
#[test]
fn a_win_after_an_unusual_transition_speaks_for_the_other_choice() {
    let agent = Agent::new("two_step", &[]);
    let found = agent.probabilities(&[
        &["choice=right place=red outcome=none", "choice=left place=option outcome=win"],
        &[""],
    ]);
    assert!(found[2][0] > 0.5, "{found:?}");
}

#[test]
fn a_region_is_as_relevant_as_it_is_expected_to_tell() {
    let agent = Agent::new("visual_foraging", &[]);
    let found = agent.probabilities(&[&[
        "saccade=upper_left seen=bird",
        "saccade=upper_right seen=cat",
        "saccade=say_flee seen=right",
    ]]);
    let lapsing =
        |values: [f64; 7]| -> Vec<f64> { softmax(&values).iter().map(|p| 0.95 * p + 0.05 / 7.0).collect() };
    // Nothing is known: a region holds a bird in 1 of 4 cases, a cat in 1 of 12, seed in 1 of 6.
    let region = 4.0 * entropy(&[0.25, 1.0 / 12.0, 1.0 / 6.0, 0.5]);
    let call = 2.0 / 3.0 - 4.0 * 2.0 / 3.0 + 4.0 * entropy(&[1.0 / 3.0, 2.0 / 3.0]);
    assert_close(&found[0], &lapsing([region, region, region, region, call, call, call]));
    // The bird is seen: beside it, across or below, there may be a cat (flee) or seed (feed), opposite seed (wait).
    let beside = 4.0 * entropy(&[1.0 / 3.0, 1.0 / 3.0, 1.0 / 3.0]);
    let nothing_below = 0.0;
    let opposite = 4.0 * entropy(&[1.0 / 3.0, 2.0 / 3.0]);
    assert_close(&found[1], &lapsing([0.0, beside, nothing_below, opposite, call, call, call]));
    // All is known: nothing is worth a look, and one call is right.
    assert_close(&found[2], &lapsing([0.0, 0.0, 0.0, 0.0, 2.0, -4.0, -4.0]));
}
