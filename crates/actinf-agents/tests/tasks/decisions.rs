//! When to accept, when to decide, and how near to go.

use super::recorded::{Agent, assert_close, entropy, softmax};

/// The last offers. At the eighth, one plan accepts and seven come too late; at the seventh, one accepts, one waits and
/// accepts whatever then stands, and six come too late.
#[test]
fn the_last_low_offers_are_accepted_by_what_may_still_come() {
    let agent = Agent::new("limited_offer", &[]);
    let mut steps = vec!["decision=wait offer=low"; 7];
    steps.push("");
    let found = agent.probabilities(&[&steps]);
    let accept = |values: &[f64]| {
        let posterior = softmax(&values.iter().map(|value| 2.0 * value).collect::<Vec<_>>());
        [1.0 - posterior[0], posterior[0]]
    };
    assert_close(&found[7], &accept(&[1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]));
    let (high, stays) = (1.0 - 0.5_f64.powf(0.125), 0.9375_f64.powi(7));
    let next = [(1.0 - high) * stays, high * stays, 1.0 - stays];
    let open = entropy(&next);
    let late = next[0] * 1.0 + next[1] * 3.0 + 2.0 * open;
    assert_close(&found[6], &accept(&[1.0, late, open, open, open, open, open, open]));
}

#[test]
fn a_high_offer_is_accepted_and_a_more_wanted_one_is_waited_for() {
    let agent = Agent::new("limited_offer", &[]);
    let found = agent.probabilities(&[&["decision=wait offer=high", ""]]);
    assert!(found[1][1] > 0.9 && found[0][1] < 0.5, "{found:?}");
    let greedy = Agent::new("limited_offer", &[("high_preference", 6.0)]).probabilities(&[&[""]]);
    assert!(greedy[0][1] < found[0][1]);
}

/// The probabilities of drawing and of saying blue and green, given the belief that blue is in the majority, looking some steps
/// ahead; and the value of that belief: the sum over actions of their probability and value. Beads tell something, at the price
/// of 0.2; the precision is 3.
fn urn(blue: f64, steps: usize) -> (Vec<f64>, f64) {
    let bead = 0.7 * blue + 0.3 * (1.0 - blue);
    let told = entropy(&[bead, 1.0 - bead]) - entropy(&[0.7, 0.3]);
    let later = if steps == 1 {
        0.0
    } else {
        bead * urn(0.7 * blue / bead, steps - 1).1
            + (1.0 - bead) * urn(0.3 * blue / (1.0 - bead), steps - 1).1
    };
    let stake = 4.0 * (2.0 * blue - 1.0);
    let values = [-0.2 + told + later, stake, -stake];
    let actions = softmax(&values.map(|value| 3.0 * value));
    let expected = actions.iter().zip(values).map(|(p, value)| p * value).sum();
    (actions, expected)
}

#[test]
fn beads_are_drawn_until_what_they_tell_is_not_worth_their_cost() {
    let agent = Agent::new("urn", &[]);
    let found = agent.probabilities(&[&[
        "action=draw bead=blue verdict=none",
        "action=draw bead=blue verdict=none",
        "action=draw bead=green verdict=none",
        "",
    ]]);
    let odds = [1.0, 7.0 / 3.0, 49.0 / 9.0, 7.0 / 3.0];
    for (found, odds) in found.iter().zip(odds) {
        assert_close(found, &urn(odds / (1.0 + odds), 3).0);
    }
    assert!(found[2][0] < found[1][0] && found[1][0] < found[0][0]);
}

/// SPM's agent at the first decision of a trial: the precision is still that of its prior, and the expected free energy is linear in
/// the position. SPM's small numbers in its logarithms leave a trace below 1e-6.
#[test]
fn each_step_towards_the_far_end_is_worth_a_tenth_of_it() {
    let agent =
        Agent::new("approach_avoidance", &[("decision_uncertainty", 0.5), ("emotional_conflict", 3.0)]);
    for (kind, worth) in
        [("avoid", -3.0), ("approach", 2.0), ("conflict_2", -1.0), ("conflict_4", 1.0), ("conflict_6", 3.0)]
    {
        let first = format!("trial_type={kind} standing=start outcome=none position=5");
        let found = agent.probabilities(&[&[&first, &format!("trial_type={kind} standing=p5")]]);
        for pair in found[0].windows(2) {
            let step = (pair[1] / pair[0]).ln();
            assert!((step - 0.1 * worth / 0.5).abs() < 1e-6, "{kind}: {found:?}");
        }
    }
}
