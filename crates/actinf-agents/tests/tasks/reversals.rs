//! Tasks in which the better option changes, and advice.

use super::recorded::{Agent, assert_close, entropy, logistic, softmax};

/// A win of the left option makes it the better one with probability 0.8, and after a possible reversal 0.74: it wins with
/// probability 0.644 and the other with 0.356.
#[test]
fn one_win_and_one_loss_turn_beliefs_by_the_same_amount() {
    let agent = Agent::new("reversal_learning", &[]);
    for (outcome, sign) in [("win", 1.0), ("loss", -1.0)] {
        let found = agent.probabilities(&[&[&format!("choice=left outcome={outcome}"), ""]]);
        assert_close(&found[0], &[0.5, 0.5]);
        let left = logistic(sign * 4.0 * (0.644 - 0.356));
        assert_close(&found[1], &[left, 1.0 - left]);
    }
}

/// A loss of one option speaks for the other: no learner of separate values does so.
#[test]
fn a_loss_on_the_left_is_a_win_on_the_right() {
    let agent = Agent::new("reversal_learning", &[]);
    let lost = agent.probabilities(&[&["choice=left outcome=loss", ""]]);
    let won = agent.probabilities(&[&["choice=right outcome=win", ""]]);
    assert_close(&lost[1], &won[1]);
}

#[test]
fn the_hint_is_taken_when_unsure_and_not_right_after_it() {
    let agent = Agent::new("temporal_reversal", &[]);
    let found = agent.probabilities(&[&["choice=hint outcome=left_is_better", ""]]);
    // Nothing is known: a card wins with probability 1/2 and tells ln 2 - H(0.8), the hint tells ln 2.
    let noise = entropy(&[0.8, 0.2]);
    let (card, hint) = (4.0 * 0.5 + 2.0_f64.ln() - noise, 1.0 + 2.0_f64.ln());
    assert_close(&found[0], &softmax(&[card, card, hint]));
    // Told: all phases are equally likely, so that the cards have changed roles with probability 0.2 / 4 = 0.05.
    let win = 0.95 * 0.8 + 0.05 * 0.2;
    let told = entropy(&[win, 1.0 - win]) - noise;
    let values = [4.0 * win + told, 4.0 * (1.0 - win) + told, 1.0 + entropy(&[0.95, 0.05])];
    assert_close(&found[1], &softmax(&values));
    assert!(found[1][2] < found[0][2]);
}

/// Once told that the cards have just changed roles, the agent knows the phase: no reversal is possible for three steps, and the
/// hint, worth nothing but its preference of 1, is chosen against a card that wins for sure, worth 4. Told of an unknown
/// phase it is less sure, and it becomes so again when the next reversal is due.
#[test]
fn after_a_reversal_the_next_one_is_not_due() {
    let changed = [("believed_interval", 8.0), ("believed_win_probability", 0.999_999)];
    let agent = Agent::new("temporal_reversal", &changed);
    let mut steps = vec!["choice=hint outcome=left_is_better"; 3];
    steps.push("choice=hint outcome=right_is_better");
    steps.extend([""; 7]);
    let hint: Vec<f64> = agent.probabilities(&[&steps]).iter().map(|p| p[2]).collect();
    let sure = softmax(&[0.0, 4.0, 1.0])[2];
    assert!(hint[4..7].iter().all(|p| (p - sure).abs() < 1e-5), "{hint:?}");
    assert!(hint[1] > 1.5 * sure && hint[10] > 3.0 * sure, "{hint:?}");
}

/// The first advice is trusted by 0.6; following it is right with probability 0.9 * 0.6 + 0.1 * 0.4 = 0.58. Once it was right,
/// the adviser was helpful with probability 0.54 / 0.58, which adds to counts of 1.2 and 0.8.
#[test]
fn good_advice_is_followed_more_often() {
    let agent = Agent::new("advice_taking", &[]);
    let found = agent.probabilities(&[
        &["advice=blue outcome=none choice=blue", "advice=blue outcome=right"],
        &["advice=green outcome=none choice=green", "advice=green outcome=wrong"],
        &["advice=blue outcome=none"],
    ]);
    let follow = |trust: f64| {
        let right = 0.9 * trust + 0.1 * (1.0 - trust);
        logistic(4.0 * (2.0 * right - 1.0))
    };
    assert_close(&found[0], &[follow(0.6), 1.0 - follow(0.6)]);
    let helpful = 1.2 + 0.54 / 0.58;
    let trust = helpful / 3.0;
    assert_close(&found[2], &[1.0 - follow(trust), follow(trust)]);
    // Wrong advice: a tenth of what was learned is lost, then the trial is counted.
    let wrong = 0.1 * trust / (0.1 * trust + 0.9 * (1.0 - trust));
    let later = 1.2 + 0.9 * (helpful - 1.2) + wrong;
    let total = 2.0 + 0.9 + 1.0;
    assert_close(&found[4], &[follow(later / total), 1.0 - follow(later / total)]);
}
