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
