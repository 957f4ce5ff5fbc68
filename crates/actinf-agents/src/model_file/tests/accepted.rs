#![allow(clippy::float_cmp, reason = "the numbers are exact by construction")]

use super::super::read;
use super::{MODEL, changed};
use crate::document::Document;
use crate::expression::Expression;
use crate::parameter::{Support, default_values};
use crate::task_model::{
    ActionSelection, Distribution, Form, InferenceScheme, MissingAction, Numerics, ResponseDistribution,
    Schedule, TaskModel,
};
use proptest::prelude::*;

fn accept(text: &str) -> TaskModel {
    read(text, "m.toml").unwrap_or_else(|error| panic!("{error}"))
}

fn numbers(distribution: &Distribution, values: &[f64]) -> Vec<f64> {
    distribution.cells.iter().map(|cell| cell.evaluate(values)).collect()
}

fn values(expressions: &[Expression], at: &[f64]) -> Vec<f64> {
    expressions.iter().map(|expression| expression.evaluate(at)).collect()
}

#[test]
fn parameters_keep_their_order_supports_and_defaults() {
    let model = accept(MODEL);
    let names: Vec<&str> = model.parameters.iter().map(|parameter| parameter.name.as_str()).collect();
    assert_eq!(names, ["gamma", "hit", "start"]);
    assert_eq!(model.parameters[0].symbol, "gamma");
    assert_eq!(model.parameters[1].support, Support::Interval { lower: 0.5, upper: 1.0 });
    assert_eq!(model.parameters[1].meaning, "hits");
    assert_eq!(default_values(&model.parameters), [1.0, 0.9, 0.25, 0.75]);
}

#[test]
fn rules_become_columns_with_the_last_parent_fastest() {
    let model = accept(MODEL);
    let lamp = &model.modalities[0];
    assert_eq!(lamp.parents, [0, 1]);
    let at = [1.0, 0.75, 0.25, 0.75];
    let columns: Vec<Vec<f64>> = lamp.likelihood.iter().map(|column| numbers(column, &at)).collect();
    assert_eq!(columns, [[0.5, 0.5], [0.25, 0.75], [0.5, 0.5], [0.75, 0.25]]);
    assert_eq!(values(&lamp.preferences.steps[0], &at), [0.0, 2.0]);
    let finger = &model.factors[1].transitions;
    assert_eq!((finger.controls.as_slice(), finger.parents.as_slice()), (&[0][..], &[][..]));
    assert_eq!(numbers(&finger.columns[0], &at), [1.0, 0.0]);
    assert_eq!(numbers(&finger.columns[1], &at), [0.0, 1.0]);
    let context = &model.factors[0];
    assert_eq!(numbers(&context.prior, &at), [0.25, 0.75]);
    assert_eq!(context.transitions.parents, [0]);
    assert_eq!(numbers(&context.transitions.columns[1], &at), [0.0, 1.0]);
}

#[test]
fn transitions_of_controls_and_factors_put_controls_slowest_and_may_stay() {
    let rules = r#"transitions = [
      { when = { button = "press", context = "normal" }, p = { down = 1 } },
      { when = { context = "reversed" }, p = ["gamma / (1 + gamma)", "1 / (1 + gamma)"] },
      { otherwise = true, p = "stay" } ]"#;
    let from = "transitions = [ { when = { button = \"press\" }, p = { down = 1 } }, { otherwise = true, p = { up = 1 } } ]";
    let model = accept(&changed(from, rules));
    let finger = &model.factors[1].transitions;
    assert_eq!((finger.controls.as_slice(), finger.parents.as_slice()), (&[0][..], &[0, 1][..]));
    let at = [3.0, 0.9, 0.25, 0.75];
    let columns: Vec<Vec<f64>> = finger.columns.iter().map(|column| numbers(column, &at)).collect();
    let (mixed, up, down) = (vec![0.75, 0.25], vec![1.0, 0.0], vec![0.0, 1.0]);
    let released = [up, down.clone(), mixed.clone(), mixed.clone()];
    let pressed = [down.clone(), down, mixed.clone(), mixed];
    assert_eq!(columns[..4], released);
    assert_eq!(columns[4..], pressed);
}

/// Three places in an angle, the second above the third, with a wall beside it.
#[test]
fn maps_become_columns_with_the_control_slowest() {
    let from = "actions = [\"release\", \"press\"]\n[[factors]]";
    let map = "actions = [\"release\", \"press\"]
[[controls]]
name = \"step\"
actions = [\"left\", \"down\", \"stay\"]
[[factors]]
name = \"place\"
states = [\"west\", \"east\", \"south\"]
prior = { west = 1 }
transitions = { control = \"step\", slip = \"1 - hit\", map = [\"west  east\", \"#  south\"] }
[[factors]]";
    let text = changed(from, map).replace("horizon = 2", "horizon = 1");
    let place = &accept(&text).factors[0].transitions;
    assert_eq!((place.controls.as_slice(), place.parents.as_slice()), (&[1][..], &[0][..]));
    let at = [1.0, 0.75, 0.25, 0.75];
    let columns: Vec<Vec<f64>> = place.columns.iter().map(|column| numbers(column, &at)).collect();
    let (west, east, south) = (vec![1.0, 0.0, 0.0], vec![0.0, 1.0, 0.0], vec![0.0, 0.0, 1.0]);
    assert_eq!(columns[..3], [west.clone(), vec![0.75, 0.25, 0.0], south.clone()]);
    assert_eq!(columns[3..6], [west.clone(), vec![0.0, 0.25, 0.75], south.clone()]);
    assert_eq!(columns[6..], [west, east, south]);
    let certain = &accept(&text.replace("slip = \"1 - hit\", ", "")).factors[0].transitions;
    assert_eq!(certain.columns[1].cells[0].as_constant(), Some(1.0));
}

#[test]
fn every_form_of_a_distribution_is_read() {
    let prior = |text: &str| {
        accept(&changed("prior = { up = 1 }", &format!("prior = {text}"))).factors[1].prior.clone()
    };
    let at = [2.0, 0.9, 0.25, 0.75];
    assert_eq!(numbers(&prior("\"uniform\""), &at), [0.5, 0.5]);
    assert_eq!(numbers(&prior("[0.25, 0.75]"), &at), [0.25, 0.75]);
    assert_eq!(numbers(&prior("{ down = 0.75, up = 0.25 }"), &at), [0.25, 0.75]);
    let softmax = prior("{ softmax = { down = \"gamma\" } }");
    assert_eq!((softmax.form, numbers(&softmax, &at)), (Form::Softmax, vec![0.0, 2.0]));
    let weights = prior("{ normalise = [\"gamma\", 1] }");
    assert_eq!((weights.form, numbers(&weights, &at)), (Form::Normalised, vec![2.0, 1.0]));
}

#[test]
fn a_state_may_be_called_as_a_form_is() {
    let text =
        MODEL.replace("[\"up\", \"down\"]", "[\"up\", \"softmax\"]").replace("down = 1", "softmax = 1");
    let text =
        text.replace("finger = \"down\"", "finger = \"softmax\"").replace("{ up = 1 }", "{ softmax = 1 }");
    assert_eq!(numbers(&accept(&text).factors[1].prior, &[]), [0.0, 1.0]);
}

#[test]
fn policies_are_enumerated_with_the_first_step_slowest() {
    assert_eq!(accept(MODEL).planning.policies, [[0, 0], [0, 1], [1, 0], [1, 1]]);
    let listed = "policies = [[\"press\", \"release\"], [{ button = \"release\" }, \"press\"]]";
    assert_eq!(accept(&changed("policies = \"all\"", listed)).planning.policies, [[1, 0], [0, 1]]);
}

#[test]
fn joint_actions_are_named_by_joined_labels_or_tables() {
    let controls = "[[controls]]\nname = \"speed\"\nactions = [\"slow\", \"medium\", \"fast\"]\n[[factors]]";
    let text = changed("[[factors]]", controls);
    let policies = "policies = [[\"press+slow\", { speed = \"fast\", button = \"release\" }]]";
    let text = text.replace("policies = \"all\"", policies);
    let text = text.replace("[choice]", "[choice]\nhabits = { \"press+slow\" = 0.5 }");
    let model = accept(&text);
    assert_eq!(model.planning.policies, [[3, 2]]);
    assert_eq!(values(&model.choice.habits.cells, &[]), [0.5]);
}

#[test]
fn habits_are_given_by_first_action_or_by_policy() {
    let habits = |text: &str| {
        let model = accept(&changed("[choice]", &format!("[choice]\nhabits = {text}")));
        values(&model.choice.habits.cells, &[2.0, 0.9, 0.25, 0.75])
    };
    assert_eq!(habits("{ press = \"gamma\" }"), [0.0, 0.0, 2.0, 2.0]);
    assert_eq!(habits("[1, 2, 3, \"gamma\"]"), [1.0, 2.0, 3.0, 2.0]);
}

#[test]
fn defaults_are_those_of_the_reference() {
    let text = MODEL
        .replace("[inference]\nscheme = \"exact\"\n[planning]\nhorizon = 2\npolicies = \"all\"\n", "")
        .replace("[choice]\npolicy_precision = \"gamma\"\n", "")
        .replace("on = 2", "on = \"gamma\"");
    let model = accept(&text);
    assert_eq!(model.inference, InferenceScheme::Exact);
    assert_eq!((model.planning.horizon, model.planning.policies.len()), (1, 2));
    assert_eq!(model.planning.weights.utility.as_constant(), Some(1.0));
    assert_eq!(model.planning.weights.state_information_gain.as_constant(), Some(1.0));
    assert_eq!(model.choice.policy_precision.as_constant(), Some(1.0));
    assert_eq!(model.choice.action_precision.as_constant(), Some(1.0));
    assert_eq!(model.choice.lapse.as_constant(), Some(0.0));
    assert_eq!(model.choice.selection, ActionSelection::Policy);
    assert_eq!(model.choice.missing_action, MissingAction::Stay);
    assert!(!model.learning.carry && model.modalities[0].information_gain);
    assert_eq!(model.modalities[0].learning, None);
}

#[test]
fn all_settings_can_be_changed() {
    let text = changed("scheme = \"exact\"", "scheme = \"fixed_point_iteration\"\nsweeps = 4")
        .replace("horizon = 2", "horizon = 1\nutility = 2\nstate_information_gain = \"gamma\"")
        .replace(
            "[choice]",
            "[learning]\ncarry = true\n[choice]\naction_precision = 3\nlapse = 0.1\nselection = \"marginal\"\n\
             missing_action = \"average\"",
        )
        .replace("preferences", "information_gain = false\nlearning = { prior_count = 2, rate = \"gamma\" }\npreferences");
    let model = accept(&text);
    assert_eq!(
        model.inference,
        InferenceScheme::FixedPointIteration { sweeps: 4, schedule: Schedule::Sequential }
    );
    assert_eq!(model.planning.weights.utility.as_constant(), Some(2.0));
    assert_eq!(model.planning.weights.state_information_gain.slots(), [0]);
    assert_eq!(model.choice.action_precision.as_constant(), Some(3.0));
    assert_eq!(model.choice.lapse.as_constant(), Some(0.1));
    assert_eq!(model.choice.selection, ActionSelection::Marginal);
    assert_eq!(model.choice.missing_action, MissingAction::Average);
    assert!(model.learning.carry && !model.modalities[0].information_gain);
    let learning = model.modalities[0].learning.as_ref().unwrap();
    assert_eq!(learning.counts, crate::task_model::Counts::Scaled(crate::Expression::constant(2.0)));
    assert_eq!(learning.learning_rate.slots(), [0]);
}

#[test]
fn every_scheme_has_its_settings_and_their_defaults() {
    let accepted = |lines: &str| {
        let model = accept(&changed("scheme = \"exact\"", lines));
        (model.inference, model.numerics)
    };
    let fixed_point = |sweeps, schedule| InferenceScheme::FixedPointIteration { sweeps, schedule };
    assert_eq!(
        accepted("scheme = \"fixed_point_iteration\""),
        (fixed_point(16, Schedule::Sequential), Numerics::Exact)
    );
    assert_eq!(
        accepted(
            "scheme = \"fixed_point_iteration\"\nsweeps = 3\nschedule = \"parallel\"\nnumerics = \"pymdp\""
        ),
        (fixed_point(3, Schedule::Parallel), Numerics::Pymdp)
    );
    assert_eq!(
        accepted("scheme = \"marginal_message_passing\""),
        (InferenceScheme::MarginalMessagePassing { sweeps: 16, window: None }, Numerics::Exact)
    );
    assert_eq!(
        accepted("scheme = \"variational_message_passing\"\nsweeps = 8\nwindow = 5\nnumerics = \"pymdp\""),
        (InferenceScheme::VariationalMessagePassing { sweeps: 8, window: Some(5) }, Numerics::Pymdp)
    );
}

#[test]
fn variational_message_passing_needs_no_floor_where_no_transition_has_probability_0() {
    let text = changed("scheme = \"exact\"", "scheme = \"variational_message_passing\"").replacen(
        "transitions = \"stay\"",
        "transitions = \"uniform\"",
        1,
    );
    // The finger forgets where it was, so its zeros exclude nothing that was seen.
    assert_eq!(accept(&text).numerics, Numerics::Exact);
}

#[test]
fn responses_see_parameters_and_then_beliefs_factor_by_factor() {
    let model =
        accept(&changed("mean = \"context.normal\"", "mean = \"hit * (finger.down - context.reversed)\""));
    let ResponseDistribution::Normal { mean, standard_deviation } = &model.responses[0].distribution else {
        panic!("{:?}", model.responses[0]);
    };
    assert_eq!(mean.slots(), [1, 5, 7]);
    assert_eq!(mean.evaluate(&[1.0, 0.5, 0.25, 0.75, 0.25, 0.75, 0.0, 1.0]), 0.125);
    assert_eq!(standard_deviation.as_constant(), Some(0.5));
}

#[test]
fn the_process_is_the_model_where_it_says_nothing() {
    let model = accept(&MODEL[..MODEL.find("[process]").unwrap()]);
    assert_eq!(model.process.factors, model.factors);
    assert_eq!(model.process.likelihoods[0].parents, model.modalities[0].parents);
    assert_eq!(model.process.likelihoods[0].columns, model.modalities[0].likelihood);
}

#[test]
fn the_process_replaces_adds_and_takes_over() {
    let own = r#"[[process.factors]]
name = "tremor"
states = ["yes", "no", "perhaps"]
prior = "uniform"
transitions = "uniform"
[[process.factors]]
name = "context"
states = ["reversed", "normal"]
prior = { normal = 1 }
transitions = "stay"
"#;
    let text = format!("{}{own}", &MODEL[..MODEL.find("[process]").unwrap()]);
    let model = accept(&text);
    let names: Vec<&str> = model.process.factors.iter().map(|factor| factor.name.as_str()).collect();
    assert_eq!(names, ["context", "finger", "tremor"]);
    assert_eq!(model.process.factors[1], model.factors[1]);
    let at = [1.0, 0.75, 0.25, 0.75];
    let columns: Vec<Vec<f64>> =
        model.process.likelihoods[0].columns.iter().map(|column| numbers(column, &at)).collect();
    assert_eq!(columns, [[0.5, 0.5], [0.75, 0.25], [0.5, 0.5], [0.25, 0.75]]);
}

#[test]
fn an_observed_factor_is_seen_by_label_in_any_order() {
    let text = format!(
        "{MODEL}[[modalities]]\nname = \"seen\"\noutcomes = [\"down\", \"up\"]\nlikelihood = {{ observes = \"finger\" }}"
    );
    let seen = &accept(&text).modalities[1];
    assert_eq!(seen.parents, [1]);
    assert_eq!(numbers(&seen.likelihood[0], &[]), [0.0, 1.0]);
    assert_eq!(numbers(&seen.likelihood[1], &[]), [1.0, 0.0]);
}

/// Lines of the small model with some of their words exchanged: near enough to a model to reach every reader.
fn mangled() -> impl Strategy<Value = String> {
    let words = prop_oneof![
        Just("name"),
        Just("\"uniform\""),
        Just("[]"),
        Just("{}"),
        Just("1"),
        Just("-1"),
        Just("\"gamma\""),
        Just("true"),
        Just("\"stay\""),
        Just("[[1]]"),
        Just("{ softmax = [1, 2] }"),
        Just("\"\""),
        Just("nan"),
        Just("1e300")
    ];
    proptest::collection::vec((0..200_usize, words), 1..4).prop_map(|changes| {
        let mut parts: Vec<String> = MODEL.split(' ').map(str::to_owned).collect();
        for (place, word) in changes {
            let place = place % parts.len();
            parts[place] = word.to_owned();
        }
        parts.join(" ")
    })
}

proptest! {
    #[test]
    fn arbitrary_text_never_panics(text in "(\\PC|\n){0,200}") {
        let _ = read(&text, "m.toml");
    }

    #[test]
    fn mangled_models_never_panic(text in mangled()) {
        let _ = read(&text, "m.toml");
    }

    #[test]
    fn exchanged_values_never_panic(line in 0..60_usize, value in "(-?[0-9]{1,9}|\"[a-z]{0,5}\"|\\[\\]|\\{\\}|\\[\"a\"(, \"[ab]\")?\\])") {
        let exchanged: Vec<String> = MODEL.lines().enumerate().map(|(number, text)| match text.split_once(" = ") {
            Some((key, _)) if number == line => format!("{key} = {value}"),
            _ => text.to_owned(),
        }).collect();
        let text = exchanged.join("\n");
        if Document::parse(&text, "m.toml").is_ok() {
            let _ = read(&text, "m.toml");
        }
    }
}
