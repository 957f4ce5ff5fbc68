use super::super::read_baseline;

const BASELINE: &str = r#"name = "coins"
baseline = "rescorla_wagner"
order = "act_then_observe"
[parameters]
lapse = {}
[[controls]]
name = "coin"
actions = ["a", "b"]
[[modalities]]
name = "outcome"
outcomes = ["loss", "win"]
values = { win = 1 }
"#;

/// Each case: what to replace, by what, and the message without the file's name.
#[track_caller]
fn check(cases: &[(&str, &str, &str)]) {
    for (from, to, expected) in cases {
        assert!(BASELINE.contains(from), "{from}");
        let text = BASELINE.replacen(from, to, 1);
        let error = read_baseline(&text, "m.toml").expect_err(to).to_string();
        assert_eq!(error, format!("m.toml:{expected}"), "for {to}");
    }
}

#[test]
fn a_small_baseline_has_the_settings_of_its_kind_as_parameters() {
    let model = read_baseline(BASELINE, "m.toml").unwrap();
    let names: Vec<&str> = model.parameters.iter().map(|parameter| parameter.name.as_str()).collect();
    assert_eq!(names, ["inverse_temperature", "learning_rate", "lapse"]);
    assert!(model.parameters.iter().all(|parameter| !parameter.meaning.is_empty()));
    assert_eq!(model.process, None);
}

#[test]
fn a_table_changes_what_is_said_of_a_setting() {
    let lapse =
        "lapse = { support = [0.0, 0.2], default = 0.05, symbol = \"l\" }\nlearning_rate = { default = 0.1 }";
    let model = read_baseline(&BASELINE.replacen("lapse = {}", lapse, 1), "m.toml").unwrap();
    let defaults: Vec<f64> = model.parameters.iter().map(|parameter| parameter.default[0]).collect();
    assert_eq!(defaults, [3.0, 0.1, 0.05]);
    assert_eq!((model.parameters[2].symbol.as_str(), model.parameters[1].symbol.as_str()), ("l", "α"));
}

#[test]
fn settings_that_do_not_exist_or_leave_their_range_are_refused() {
    check(&[
        (
            "lapse = {}",
            "laps = 0.1",
            "5: this baseline has no setting `laps`; did you mean `lapse`? It has: `inverse_temperature`, `learning_rate`, \
             `initial_value`, `forgetting_rate`, `perseveration`, `choice_learning_rate`, `lapse`",
        ),
        (
            "lapse = {}",
            "extra = { support = \"unit\", default = 0.5 }",
            "5: parameter `extra` is used nowhere; use it in a cell or delete it",
        ),
        ("lapse = {}", "lapse = 1.5", "5: the setting `lapse`: the value is 1.5; it must be between 0 and 1"),
        (
            "lapse = {}",
            "learning_rate = { support = \"real\", default = 0.5 }",
            "5: the setting `learning_rate`: the value is -10 at learning_rate = -10; it must be between 0 and 1",
        ),
        (
            "lapse = {}",
            "lapse = { default = 1 }",
            "5: `parameters.lapse.default` is 1, which is not inside the support (between 0 and 1); write a value inside, or another support",
        ),
        (
            "lapse = {}",
            "lapse = { support = \"simplex\", default = [0.5, 0.5] }",
            "5: `parameters.lapse` cannot be a simplex",
        ),
    ]);
}

#[test]
fn what_the_kind_does_not_have_is_refused() {
    check(&[
        (
            "\"rescorla_wagner\"",
            "\"rescorla_wagn\"",
            "2: `baseline` cannot be `rescorla_wagn`; did you mean `rescorla_wagner`? It accepts: `random_responder`, \
             `win_stay_lose_shift`, `choice_kernel`, `rescorla_wagner`, `rescorla_wagner_dual`, `rescorla_wagner_forgetting`, \
             `rescorla_wagner_perseveration`, `rescorla_wagner_choice_kernel`, `pearce_hall`, `directed_exploration`, \
             `random_exploration`, `hybrid_exploration`",
        ),
        (
            "[parameters]",
            "beliefs = \"beta\"\n[parameters]",
            "4: `beliefs` belongs to the kinds of exploration only; leave it out",
        ),
        (
            "\"rescorla_wagner\"\norder = \"act_then_observe\"",
            "\"win_stay_lose_shift\"\norder = \"act_then_observe\"\nhabits = { a = 1 }",
            "4: `habits` cannot be: this baseline has probabilities of its own, to which habits add nothing",
        ),
        (
            "[parameters]\nlapse = {}",
            "planning = {}",
            "4: the top level has no key `planning`; it accepts: `name`, `description`, \
             `citation`, `baseline`, `order`, `parameters`, `controls`, `modalities`, `beliefs`, `habits`, `carry`, `responses`, \
             `process`",
        ),
    ]);
}

#[test]
fn outcomes_must_be_worth_something_and_the_process_complete() {
    check(&[
        (
            "values = { win = 1 }\n",
            "",
            "9: this baseline learns from outcomes: give a modality values = { ... }, what each outcome is worth",
        ),
        (
            "win = 1",
            "wn = 1",
            "12: modality `outcome` has no outcome `wn`; did you mean `win`? Its outcomes are: `loss`, `win`",
        ),
        (
            "values = { win = 1 }\n",
            "values = { win = 1 }\n[process]\n",
            "13: the process says nothing of modality `outcome`; add [[process.modalities]] with its likelihood",
        ),
    ]);
    let beta = BASELINE.replacen("\"rescorla_wagner\"", "\"random_exploration\"\nbeliefs = \"beta\"", 1);
    let error = read_baseline(&beta.replacen("win = 1", "win = 2", 1), "m.toml").unwrap_err().to_string();
    assert_eq!(
        error,
        "m.toml:13: with beta beliefs, the values of modality `outcome`: the cell of `win` is 2; must be between 0 and 1"
    );
    let shifting = BASELINE.replacen("\"rescorla_wagner\"", "\"win_stay_lose_shift\"", 1);
    let error =
        read_baseline(&shifting.replacen("win = 1", "win = \"lapse\"", 1), "m.toml").unwrap_err().to_string();
    assert_eq!(
        error,
        "m.toml:12: `modalities[1].values` must be numbers: whether an outcome is a win (worth more than 0) cannot depend on a \
         parameter"
    );
}

#[test]
fn responses_see_what_is_recorded() {
    let rating = "[[responses]]\nname = \"rating\"\nmoment = \"step\"\ndistribution = \"normal\"\nmean = \"value.b - value.a\"\n\
                  standard_deviation = \"0.1 + action.entropy\"\n";
    let model = read_baseline(&format!("{BASELINE}{rating}"), "m.toml").unwrap();
    // Three parameters, values, entropy, prediction error; choice traces count for nothing and are not recorded.
    let slots: Vec<Vec<usize>> =
        model.responses[0].distribution.expressions().into_iter().map(crate::Expression::slots).collect();
    assert_eq!(slots, [vec![3, 4], vec![5]]);
}
