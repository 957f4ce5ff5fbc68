#![allow(clippy::float_cmp, reason = "the numbers are exact by construction")]

use super::*;
use crate::parameter::{Parameter, Support, default_values};
use crate::schema::RowOrder;
use crate::task_model::{Distribution, MissingAction};

fn numbers(distribution: &Distribution, values: &[f64]) -> Vec<f64> {
    distribution.cells.iter().map(|cell| cell.evaluate(values)).collect()
}

fn parameter_names(model: &TaskModel) -> Vec<&str> {
    model.parameters.iter().map(|parameter| parameter.name.as_str()).collect()
}

#[test]
fn every_task_is_read_under_its_own_name_and_described() {
    for name in names() {
        let model = read(name).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(model.name, name);
        assert!(model.description.len() > 100 && !model.description.contains('\n'));
        assert!(model.parameters.iter().all(|parameter: &Parameter| !parameter.meaning.is_empty()));
    }
    assert!(text("agency").is_some() && text("agence").is_none());
}

#[test]
fn agency_has_the_parameters_of_the_reference_in_their_order() {
    let model = read("agency").unwrap();
    assert_eq!(
        parameter_names(&model),
        [
            "policy_precision",
            "outcome_preference",
            "press_habit",
            "expected_outcome",
            "context_logit_both_plus",
            "context_logit_self_plus",
            "context_logit_other_plus",
            "prior_count",
            "learning_rate",
            "rating_self_sd",
            "rating_other_sd"
        ]
    );
    assert_eq!(default_values(&model.parameters), [1.0, 1.0, 0.0, 0.9, 0.0, 0.0, 0.0, 1.0, 1.0, 0.3, 0.3]);
    assert_eq!(model.schema.row_order, RowOrder::ActThenObserve);
    assert_eq!(model.planning.policies, [[0], [1]]);
    assert_eq!(model.choice.missing_action, MissingAction::Stay);
    assert!(model.modalities[0].information_gain && !model.modalities[1].information_gain);
}

/// The rule of the reference in other words: count the votes for the outcome.
#[test]
fn the_outcome_of_agency_follows_the_votes_of_both_players() {
    let model = read("agency").unwrap();
    let outcome = &model.modalities[0];
    assert_eq!(outcome.parents, [0, 1, 2]);
    let mut values = default_values(&model.parameters);
    values[3] = 0.75;
    for (index, column) in outcome.likelihood.iter().enumerate() {
        let (context, own, other) = (index / 6, index / 2 % 3, index % 2);
        let self_plus = context < 2;
        let other_plus = context % 2 == 0;
        let votes = [own == 0, (own == 2) == self_plus, (other == 1) == other_plus];
        let present = match votes {
            [false, true, true] => 0.75,
            [false, false, false] => 0.25,
            _ => 0.5,
        };
        assert_eq!(numbers(column, &values), [1.0 - present, present], "{index}");
    }
}

#[test]
fn in_the_process_of_agency_the_player_in_control_decides() {
    let model = read("agency").unwrap();
    let process = &model.process;
    let names: Vec<&str> = process.factors.iter().map(|factor| factor.name.as_str()).collect();
    assert_eq!(names, ["context", "self", "other", "condition"]);
    let outcome = &process.likelihoods[0];
    assert_eq!(outcome.parents, [1, 2, 3]);
    for (index, column) in outcome.columns.iter().enumerate() {
        let (own, other, condition) = (index / 10, index / 5 % 2, index % 5);
        let pressed = [own == 2, own != 2, other == 1, other != 1];
        let present = pressed.get(condition).map_or(0.5, |&pressed| f64::from(u8::from(pressed)));
        assert_eq!(numbers(column, &[]), [1.0 - present, present], "{index}");
    }
}

#[test]
fn the_bandit_learns_each_arm_by_itself_and_differs_from_its_process() {
    let model = read("two_armed_bandit").unwrap();
    assert_eq!(
        parameter_names(&model),
        ["policy_precision", "outcome_preference", "learning_rate", "prior_count", "habit_right"]
    );
    assert_eq!(model.parameters[2].support, Support::Unit);
    assert_eq!(model.modalities[0].parents, [0]);
    assert_eq!(model.modalities[0].likelihood.len(), 3);
    let rates: Vec<Vec<f64>> =
        model.process.likelihoods[0].columns.iter().map(|column| numbers(column, &[])).collect();
    assert_eq!(rates, [[1.0, 0.0], [0.2, 0.8], [0.8, 0.2]]);
}

#[test]
fn the_t_maze_plans_sixteen_policies_and_believes_what_its_parameters_say() {
    let model = read("t_maze").unwrap();
    assert_eq!(model.schema.row_order, RowOrder::ObserveThenAct);
    assert_eq!(model.planning.policies.len(), 16);
    assert_eq!(model.planning.policies[7], [1, 3]);
    let habits: Vec<f64> =
        model.choice.habits.cells.iter().map(|h| h.evaluate(&[0.0, 0.0, 0.0, 0.0, 0.0, 3.0])).collect();
    assert_eq!((habits[11], habits[12], habits[15]), (0.0, 3.0, 3.0));
    let values = [1.0, 2.0, -2.0, 0.75, 0.625, 0.0];
    let reward = |location: usize, context: usize| {
        numbers(&model.modalities[1].likelihood[2 * location + context], &values)
    };
    assert_eq!((reward(1, 0), reward(2, 0)), (vec![0.0, 0.75, 0.25], vec![0.0, 0.25, 0.75]));
    assert_eq!((reward(1, 1), reward(2, 1)), (vec![0.0, 0.25, 0.75], vec![0.0, 0.75, 0.25]));
    let cue = |location: usize, context: usize| {
        numbers(&model.modalities[2].likelihood[2 * location + context], &values)
    };
    assert_eq!(
        (cue(3, 0), cue(3, 1), cue(0, 0)),
        (vec![0.0, 0.625, 0.375], vec![0.0, 0.375, 0.625], vec![1.0, 0.0, 0.0])
    );
}

/// The place a step leads to, most probably, in the agent's model.
fn destination(model: &TaskModel, place: &str, step: &str) -> String {
    let factor = &model.factors[0];
    let from = factor.states.iter().position(|state| state == place).unwrap();
    let action = model.schema.controls[0].labels.iter().position(|label| label == step).unwrap();
    let column = &factor.transitions.columns[action * factor.states.len() + from];
    let probabilities = numbers(column, &default_values(&model.parameters));
    let to = probabilities.iter().position(|&p| p > 0.5).unwrap();
    factor.states[to].clone()
}

#[test]
fn mazes_are_walked_as_they_are_drawn() {
    for (task, place, step, expected) in [
        ("generalised_t_maze", "start", "up", "cue_west"),
        ("generalised_t_maze", "start", "right", "hall_east"),
        ("generalised_t_maze", "cue_west", "left", "cue_west"),
        ("generalised_t_maze", "fork_west", "down", "lower_west"),
        ("cue_chaining", "start", "down", "first_cue"),
        ("cue_chaining", "door", "right", "door"),
        ("cue_chaining", "cellar", "right", "lower_arm"),
        ("grid_world", "c1", "up", "c1"),
        ("grid_world", "b3", "right", "pit"),
        ("grid_world", "goal", "up", "goal"),
    ] {
        assert_eq!(destination(&read(task).unwrap(), place, step), expected, "{task}: {step} from {place}");
    }
}

/// Exact information at the places of cue chaining, with certain cues: ln 3 at the first cue, and at each place where
/// the second may be, the entropy of (2/3, 1/6, 1/6).
#[test]
fn the_first_cue_of_cue_chaining_is_worth_more_than_any_second() {
    let model = read("cue_chaining").unwrap();
    let mut values = default_values(&model.parameters);
    (values[4], values[5]) = (1.0, 1.0);
    let mut information = Vec::new();
    for (modality, place) in [(1, 1), (2, 3), (2, 4), (2, 5)] {
        let modality = &model.modalities[modality];
        let rest: usize = modality.parents[1..].iter().map(|&p| model.factors[p].states.len()).product();
        let columns = &modality.likelihood[place * rest..(place + 1) * rest];
        let mut expected = vec![0.0; modality.outcomes.len()];
        for column in columns {
            let column = numbers(column, &values);
            assert!(column.iter().all(|p| *p < 1e-12 || *p > 1.0 - 1e-12), "a certain cue is ambiguous");
            expected.iter_mut().zip(column).for_each(|(sum, p)| *sum += p / rest as f64);
        }
        information.push(crate::categorical::entropy(&expected));
    }
    let second = 2.0 / 3.0 * 1.5_f64.ln() + 6.0_f64.ln() / 3.0;
    for (found, expected) in information.iter().zip([3.0_f64.ln(), second, second, second]) {
        assert!((found - expected).abs() < 1e-12, "{information:?}");
    }
}

#[test]
fn a_step_of_the_grid_world_fails_as_often_as_it_is_believed_to() {
    let model = read("grid_world").unwrap();
    let values = [1.0, 2.0, -2.0, 0.25];
    let columns = &model.factors[0].transitions.columns;
    // From the start, upwards to b1; and downwards over the edge.
    let up = numbers(&columns[0], &values);
    assert_eq!((up[0], up[4]), (0.25, 0.75));
    assert_eq!(numbers(&columns[11], &values)[0], 1.0);
    assert_eq!(numbers(&model.process.factors[0].transitions.columns[0], &[])[4], 0.9);
}
