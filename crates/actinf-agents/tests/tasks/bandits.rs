//! Bandits and the Iowa gambling task.

use super::recorded::{Agent, assert_close, entropy, softmax};
use actinf_agents::expected_free_energy::information_weights;

/// What one more count is expected to tell about a column with these counts, in nats.
fn novelty(counts: &[f64]) -> f64 {
    let mut weights = vec![0.0; counts.len()];
    information_weights(counts, &mut weights);
    let total: f64 = counts.iter().sum();
    counts.iter().zip(weights).map(|(count, weight)| count / total * weight).sum()
}

#[test]
fn wins_and_losses_count_by_their_own_rates() {
    let rates =
        [("learning_rate_win", 0.75), ("learning_rate_loss", 0.25), ("information_insensitivity", 1.0)];
    let agent = Agent::new("three_armed_bandit", &rates);
    let found =
        agent.probabilities(&[&["arm=left outcome=win", "arm=middle outcome=loss", "arm=left outcome=loss"]]);
    assert_close(&found[0], &[1.0 / 3.0; 3]);
    // Counts of losses and wins: each starts at 1; precision 4, reward sensitivity 2.
    let value = |losses: f64, wins: f64| 4.0 * (2.0 * wins / (losses + wins) + novelty(&[losses, wins]));
    assert_close(&found[1], &softmax(&[value(1.0, 1.75), value(1.0, 1.0), value(1.0, 1.0)]));
    assert_close(&found[2], &softmax(&[value(1.0, 1.75), value(1.25, 1.0), value(1.0, 1.0)]));
}

#[test]
fn the_more_insensitive_the_less_an_unknown_arm_is_pulled() {
    let unknown = |insensitivity: f64| {
        let agent = Agent::new("three_armed_bandit", &[("information_insensitivity", insensitivity)]);
        agent.probabilities(&[&["arm=left outcome=win", "arm=left outcome=loss", ""]])[2][1]
    };
    assert!(unknown(0.25) > unknown(0.5) && unknown(0.5) > unknown(4.0));
}

/// After a loss of the left arm its levels have probabilities 0.4, 0.5, 0.1, and after a change with probability 0.1
/// 0.385, 0.5, 0.115.
#[test]
fn a_restless_arm_is_valued_by_its_level_and_what_it_tells() {
    let agent = Agent::new("restless_bandit", &[]);
    let found = agent.probabilities(&[&["arm=left outcome=loss", ""]]);
    assert_close(&found[0], &[1.0 / 3.0; 3]);
    let ambiguity = 0.5 * entropy(&[0.2, 0.8]) + 0.5 * 2.0_f64.ln();
    let value = |win: f64| 3.0 * win + 2.0 * (entropy(&[win, 1.0 - win]) - ambiguity);
    let left = 0.385 * 0.2 + 0.5 * 0.5 + 0.115 * 0.8;
    assert_close(&found[1], &softmax(&[value(left), value(0.5), value(0.5)]));
}

#[test]
fn arms_that_are_left_alone_become_uncertain_again() {
    let agent = Agent::new("restless_bandit", &[]);
    let mut steps = vec!["arm=left outcome=loss"];
    steps.extend(["arm=right"; 60]);
    let left: Vec<f64> = agent.probabilities(&[&steps]).iter().map(|p| p[0]).collect();
    assert!(left[1] < left[2] && left[2] < left[10], "{left:?}");
    assert!((left[60] - 1.0 / 3.0).abs() < 1e-3, "{left:?}");
}

#[test]
fn one_card_of_the_iowa_task_is_counted_by_amount() {
    let agent = Agent::new("iowa_gambling", &[]);
    let found = agent.probabilities(&[&["deck=A gain=around_100 loss=none", ""]]);
    assert_close(&found[0], &[0.25; 4]);
    let worth = [0.5_f64, 2.5, 12.5].map(f64::sqrt);
    let value = |gains: [f64; 2], losses: [f64; 4]| {
        let gained = 2.0 * (gains[0] * 0.5_f64.sqrt() + gains[1]) / gains.iter().sum::<f64>();
        let lost: f64 = worth.iter().zip(&losses[1..]).map(|(worth, count)| worth * count).sum();
        gained - 2.0 * lost / losses.iter().sum::<f64>() + novelty(&gains) + novelty(&losses)
    };
    let unknown = value([1.0, 1.0], [1.0; 4]);
    let known = value([1.0, 2.0], [2.0, 1.0, 1.0, 1.0]);
    assert_close(&found[1], &softmax(&[known, unknown, unknown, unknown]));
}

#[test]
fn a_large_loss_drives_away_from_its_deck() {
    let agent = Agent::new("iowa_gambling", &[]);
    let found = agent.probabilities(&[&["deck=B gain=around_100 loss=around_1250", ""]]);
    assert!(found[1][1] < found[1][0] / 2.0, "{found:?}");
}
