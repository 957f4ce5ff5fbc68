//! Learning of habits.

use super::{CALM, LEFT, OBSERVE_FIRST, RIGHT, STAYS, inspect, weather};

/// The probability of the left lever at each of three steps, with the action in the second one missing. No weather is
/// preferred to another, so that only habits speak.
fn habits(learning: &str, settings: &str) -> Vec<f64> {
    let choice =
        format!("{settings}\n[choice]\nhabits = {{ left = \"ln(3)\" }}\nhabit_learning = {learning}\n");
    let model = weather(OBSERVE_FIRST, "1", STAYS, "", &choice);
    let rows = [(RIGHT, CALM), (None, CALM), (RIGHT, CALM)];
    inspect(&model, &[&rows]).iter().map(|step| step.log_action_probabilities[0].exp()).collect()
}

#[test]
fn habits_grow_by_what_was_planned_not_by_what_was_done() {
    for left in habits("{ prior_count = 4 }", "") {
        // Counts 3 : 1 grow in the same proportion.
        assert!((left - 0.75).abs() < 1e-12, "{left}");
    }
}

#[test]
fn learned_habits_and_preferences_add_up_in_the_plan() {
    let preferring = "preferences = { clear = \"ln(3)\" }\n";
    let factor = r#"prior = "uniform"
transitions = [ { when = { lever = "left" }, p = { calm = 1 } }, { otherwise = true, p = { wild = 1 } } ]
"#;
    let choice =
        "[choice]\nhabit_learning = { counts = { left = 1, right = 1 }, rate = 2, forgetting = 0.5 }\n";
    let model = weather(OBSERVE_FIRST, "1", factor, preferring, choice);
    let steps = inspect(&model, &[&[(LEFT, CALM), (LEFT, CALM), (LEFT, CALM)]]);
    let left = |step: usize| steps[step].log_action_probabilities[0].exp();
    // Left is preferred 3 : 1.
    assert!((left(0) - 0.75).abs() < 1e-12);
    // Counts are 1 + 1.5 and 1 + 0.5.
    let second = 3.0 * 2.5 / (3.0 * 2.5 + 1.5);
    assert!((left(1) - second).abs() < 1e-12, "{}", left(1));
    // Half of what was learned is forgotten, and the second plan is added.
    let (a, b) = (1.75 + 2.0 * second, 1.25 + 2.0 * (1.0 - second));
    assert!((left(2) - 3.0 * a / (3.0 * a + b)).abs() < 1e-12, "{}", left(2));
}
