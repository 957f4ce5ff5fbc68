use super::*;

#[test]
fn the_random_responder_does_the_same_whatever_happens() {
    let model = with("random_responder", "");
    let found =
        trajectory(&model, &steps(&[(0, 1), (1, 1), (1, 0)]), &[("choice_probability", &[0.25, 0.75])]);
    close(&left(&found), &[0.25; 3]);
    assert!((found.log_likelihood.actions - (0.25_f64 * 0.75 * 0.75).ln()).abs() < 1e-15);
}

#[test]
fn a_win_is_repeated_and_a_loss_left_but_for_lapses() {
    let model = with("win_stay_lose_shift", "");
    let found = trajectory(&model, &steps(&[(0, 1), (0, 0), (0, 1)]), &[("lapse", &[0.2])]);
    close(&left(&found), &[0.5, 0.9, 0.1]);
    let free = "[parameters]\nstay_after_win = {}\nshift_after_loss = {}\nlapse = 0";
    let model = with("win_stay_lose_shift", free);
    let named: [(&str, &[f64]); 2] = [("stay_after_win", &[0.7]), ("shift_after_loss", &[0.6])];
    close(
        &left(&trajectory(&model, &steps(&[(0, 1), (0, 0), (1, 1), (0, 0)]), &named)),
        &[0.5, 0.7, 0.4, 0.3],
    );
}

#[test]
fn values_move_by_a_share_of_the_prediction_error() {
    let model = with("rescorla_wagner", "[parameters]\ninitial_value = 0.5\nlapse = {}");
    let named: [(&str, &[f64]); 3] =
        [("inverse_temperature", &[2.0]), ("learning_rate", &[0.5]), ("lapse", &[0.1])];
    let found = trajectory(&model, &steps(&[(0, 1), (0, 0), (1, 1), (1, 1)]), &named);
    close(&quantity(&model, &found, "value.left"), &[0.5, 0.75, 0.375, 0.375]);
    close(&quantity(&model, &found, "value.right"), &[0.5, 0.5, 0.5, 0.75]);
    close(&quantity(&model, &found, "prediction_error.outcome"), &[0.5, -0.75, 0.5, 0.25]);
    let without_lapse = [0.0, 0.25, -0.125, -0.375].map(|difference| logistic(2.0 * difference));
    close(&left(&found), &without_lapse.map(|p| 0.9 * p + 0.05));
}

#[test]
fn gains_and_losses_have_rates_of_their_own() {
    let model = with("rescorla_wagner_dual", "");
    let named: [(&str, &[f64]); 2] =
        [("learning_rate_positive", &[0.5]), ("learning_rate_negative", &[0.25])];
    let found = trajectory(&model, &steps(&[(0, 1), (0, 0), (0, 0)]), &named);
    close(&quantity(&model, &found, "value.left"), &[0.0, 0.5, 0.375]);
}

#[test]
fn what_is_not_chosen_is_forgotten() {
    let model = with("rescorla_wagner_forgetting", "[parameters]\ninitial_value = 0.5");
    let named: [(&str, &[f64]); 2] = [("learning_rate", &[0.5]), ("forgetting_rate", &[0.25])];
    let found = trajectory(&model, &steps(&[(0, 1), (1, 0), (1, 0)]), &named);
    close(&quantity(&model, &found, "value.left"), &[0.5, 0.75, 0.6875]);
    close(&quantity(&model, &found, "value.right"), &[0.5, 0.5, 0.25]);
}

#[test]
fn the_last_choice_is_repeated_and_a_kernel_remembers_more() {
    let zero = "[parameters]\nlearning_rate = 0\ninverse_temperature = 1";
    let sticky = with("rescorla_wagner_perseveration", zero);
    let found = trajectory(&sticky, &steps(&[(0, 0), (1, 0), (1, 0)]), &[("perseveration", &[0.5])]);
    close(&left(&found), &[0.5, logistic(0.5), logistic(-0.5)]);
    let named: [(&str, &[f64]); 2] = [("perseveration", &[2.0]), ("choice_learning_rate", &[0.5])];
    for model in [with("rescorla_wagner_choice_kernel", zero), with("choice_kernel", "")] {
        let found = trajectory(&model, &steps(&[(0, 0), (0, 1), (1, 0), (1, 0)]), &named);
        close(&quantity(&model, &found, "choice_trace.left"), &[0.0, 0.5, 0.75, 0.375]);
        close(&left(&found), &[0.5, logistic(1.0), logistic(1.5), logistic(-0.25)]);
    }
}

#[test]
fn surprise_raises_the_associability_for_the_next_outcome() {
    let model = with("pearce_hall", "");
    let named: [(&str, &[f64]); 2] = [("learning_rate", &[0.5]), ("associability_rate", &[0.25])];
    let found = trajectory(&model, &steps(&[(0, 1), (0, 0), (0, 1)]), &named);
    // δ = 1, -0.5, 0.75 - ...: A stays 1 after the first error, and is 0.25 · 0.5 + 0.75 = 0.875 after the second.
    close(&quantity(&model, &found, "value.left"), &[0.0, 0.5, 0.25]);
    close(&quantity(&model, &found, "associability.left"), &[1.0, 1.0, 0.875]);
    close(&quantity(&model, &found, "associability.right"), &[1.0; 3]);
}

#[test]
fn a_kalman_filter_learns_less_with_every_outcome_and_its_uncertainty_is_sought() {
    let model = with("hybrid_exploration", "[parameters]\ninitial_value = 0.5");
    let named: [(&str, &[f64]); 4] = [
        ("inverse_temperature", &[2.0]),
        ("directed_exploration", &[0.5]),
        ("random_exploration", &[1.5]),
        ("observation_variance", &[1.0]),
    ];
    let found = trajectory(&model, &steps(&[(0, 1), (0, 1), (0, 0)]), &named);
    // Gains 1/2 and 1/3.
    close(&quantity(&model, &found, "value.left"), &[0.5, 0.75, 0.75 + 0.25 / 3.0]);
    let deviations = [1.0, 0.5_f64.sqrt(), (1.0 / 3.0_f64).sqrt()];
    close(&quantity(&model, &found, "uncertainty.left"), &deviations);
    let odds = |value: f64, deviation: f64| {
        2.0 * value + 0.5 * (deviation - 1.0) + 1.5 * value / (deviation * deviation + 1.0).sqrt()
    };
    let expected = [0.0, odds(0.25, deviations[1]), odds(0.25 + 0.25 / 3.0, deviations[2])];
    close(&left(&found), &expected.map(logistic));
}

#[test]
fn a_diffusing_world_stays_uncertain() {
    let model = with("directed_exploration", "[parameters]\ndiffusion_variance = 0.25");
    let found = trajectory(&model, &steps(&[(0, 1), (0, 1)]), &[("observation_variance", &[1.0])]);
    close(&quantity(&model, &found, "uncertainty.left"), &[1.0, 0.75_f64.sqrt()]);
    close(&quantity(&model, &found, "uncertainty.right"), &[1.0, 1.25_f64.sqrt()]);
}

#[test]
fn beta_beliefs_count_wins_and_losses() {
    let text = crate::baselines::text("random_exploration").unwrap();
    let text = text.replacen("\n[[controls]]", "\nbeliefs = \"beta\"\n[[controls]]", 1);
    let model = Model::read(&text, "beta.toml").unwrap();
    let found = trajectory(&model, &steps(&[(0, 1), (0, 1), (0, 0)]), &[("random_exploration", &[1.0])]);
    close(&quantity(&model, &found, "value.left"), &[0.5, 2.0 / 3.0, 0.75]);
    // Beta(1, 1), Beta(2, 1), Beta(3, 1).
    let variances = [1.0 / 12.0, 2.0 / 36.0, 3.0 / 80.0];
    close(&quantity(&model, &found, "uncertainty.left"), &variances.map(f64::sqrt));
    let odds = |value: f64, variance: f64| (value - 0.5) / (variance + 1.0 / 12.0).sqrt();
    close(&left(&found)[1..], &[odds(2.0 / 3.0, variances[1]), odds(0.75, variances[2])].map(logistic));
}

#[test]
fn habits_and_values_may_depend_on_further_parameters() {
    let lines = "habits = { left = \"inverse_temperature * bias\" }\n[parameters]\n\
                 bias = { support = \"real\", default = 0.25 }\naversion = { support = \"positive\", default = 2.0 }\n\
                 learning_rate = \"1 / (1 + aversion)\"";
    let text = crate::baselines::text("rescorla_wagner").unwrap();
    let text = text.replacen("\n[[controls]]", &format!("\n{lines}\n[[controls]]"), 1);
    let model = Model::read(&text.replacen("loss = 0", "loss = \"-aversion\"", 1), "habits.toml").unwrap();
    let names: Vec<&str> = model.parameters().iter().map(|parameter| parameter.name.as_str()).collect();
    assert_eq!(names, ["inverse_temperature", "bias", "aversion"]);
    let found = trajectory(&model, &steps(&[(0, 0), (0, 0)]), &[("inverse_temperature", &[2.0])]);
    close(&left(&found), &[logistic(0.5), logistic(0.5 - 2.0 * 2.0 / 3.0)]);
}
