//! What planning can be asked for, and what it refuses.

#![allow(clippy::float_cmp, reason = "the numbers are exact by construction")]

use super::super::read;
use super::changed;
use super::rejected::check;
use crate::task_model::{
    Induction, MonteCarloTreeSearch, PreferenceForm, Preferences, Sophistication, TaskModel,
};

const LEARNING: &str = "learning = { prior_count = 1, rate = 1 }\npreferences = { on = 2 }";

fn accept(text: &str) -> TaskModel {
    read(text, "m.toml").unwrap_or_else(|error| panic!("{error}"))
}

/// The small model with lines added after those of `[planning]`.
fn with_planning(lines: &str) -> TaskModel {
    let text = changed("horizon = 2\npolicies = \"all\"", &format!("{lines}\n"));
    accept(&text.replace("preferences = { on = 2 }", LEARNING))
}

fn preferences(text: &str) -> Preferences {
    accept(&changed("preferences = { on = 2 }", text)).modalities[0].preferences.clone()
}

fn numbers(preferences: &Preferences) -> Vec<Vec<f64>> {
    let step = |cells: &Vec<crate::Expression>| cells.iter().map(|cell| cell.evaluate(&[3.0])).collect();
    preferences.steps.iter().map(step).collect()
}

#[test]
fn further_terms_have_weight_zero_unless_asked_for() {
    let weights = with_planning("").planning.weights;
    assert_eq!(weights.likelihood_information_gain.as_constant(), Some(0.0));
    assert_eq!(weights.transition_information_gain.as_constant(), Some(0.0));
    assert_eq!(weights.inductive_value.as_constant(), Some(0.0));
    let weights = with_planning("likelihood_information_gain = \"gamma\"").planning.weights;
    assert_eq!(weights.likelihood_information_gain.slots(), [0]);
    let learned = "transitions = \"stay\"\ntransition_learning = { prior_count = 1, rate = 1 }";
    let text = changed("transitions = \"stay\"", learned)
        .replace("horizon = 2", "horizon = 2\ntransition_information_gain = \"2 * gamma\"");
    assert_eq!(accept(&text).planning.weights.transition_information_gain.slots(), [0]);
}

#[test]
fn goals_are_read_by_factor_with_their_defaults() {
    let planning = with_planning("[planning.induction]\ngoals = { finger = \"down\" }\ndepth = 3").planning;
    assert_eq!(planning.weights.inductive_value.as_constant(), Some(1.0));
    let goals = vec![None, Some(vec![false, true])];
    assert_eq!(planning.induction, Some(Induction { goals, depth: 3, threshold: 0.1, epsilon: 1e-3 }));
    let planning = with_planning(
        "inductive_value = 2\ninduction = { goals = { finger = [\"up\", \"down\"] }, depth = 1, threshold = 0, epsilon = 1 }",
    )
    .planning;
    assert_eq!(planning.weights.inductive_value.as_constant(), Some(2.0));
    let goals = vec![None, Some(vec![true, true])];
    assert_eq!(planning.induction, Some(Induction { goals, depth: 1, threshold: 0.0, epsilon: 1.0 }));
}

#[test]
fn a_tree_prunes_nothing_unless_asked_to() {
    let planning = with_planning("[planning.sophistication]\nhorizon = 3").planning;
    assert_eq!((planning.horizon, planning.policies.len(), planning.steps_ahead()), (1, 2, 3));
    let mut expected = Sophistication {
        horizon: 3,
        action_threshold: 0.0,
        outcome_threshold: 0.0,
        penalty: 512.0,
        entropy_stop: -1.0,
    };
    assert_eq!(planning.sophistication, Some(expected.clone()));
    let planning = with_planning(
        "[planning.sophistication]\nhorizon = 3\naction_threshold = 0.0625\noutcome_threshold = 0.125\npenalty = 8\n\
         entropy_stop = 0.5",
    )
    .planning;
    (expected.action_threshold, expected.outcome_threshold) = (0.0625, 0.125);
    (expected.penalty, expected.entropy_stop) = (8.0, 0.5);
    assert_eq!(planning.sophistication, Some(expected));
}

#[test]
fn a_search_needs_its_size_only() {
    let section = "[planning.monte_carlo_tree_search]\nhorizon = 3\nsimulations = 50";
    let planning = with_planning(section).planning;
    assert_eq!((planning.policies.len(), planning.steps_ahead(), planning.sophistication), (2, 3, None));
    let mut expected = MonteCarloTreeSearch { horizon: 3, simulations: 50, exploration: 1.0, seed: 0 };
    assert_eq!(planning.monte_carlo_tree_search, Some(expected.clone()));
    let planning = with_planning(&format!("{section}\nexploration = 0.5\nseed = 7")).planning;
    (expected.exploration, expected.seed) = (0.5, 7);
    assert_eq!(planning.monte_carlo_tree_search, Some(expected));
}

#[test]
fn searches_that_cannot_be_made_are_refused() {
    let case = |keys: &str| format!("[planning.monte_carlo_tree_search]\n{keys}");
    let from = "horizon = 2\npolicies = \"all\"";
    check(&[
        (
            "[choice]",
            "[planning.monte_carlo_tree_search]\nhorizon = 2\nsimulations = 9\n[choice]",
            "32: `planning.horizon` must be left out: with [planning.monte_carlo_tree_search] policies are single \
             actions, and the tree has its own `horizon`",
        ),
        (from, &case("horizon = 2"), "32: `planning.monte_carlo_tree_search` needs the key `simulations`"),
        (from, &case("simulations = 2"), "32: `planning.monte_carlo_tree_search` needs the key `horizon`"),
        (
            from,
            &case("horizon = 2\nsimulations = 1"),
            "34: `planning.monte_carlo_tree_search.simulations` must be at least 2, not 1",
        ),
        (
            from,
            &case("horizon = 1000\nsimulations = 501"),
            "34: `planning.monte_carlo_tree_search.simulations` times `horizon` times the number of actions gives more \
             than 1000000 steps; lower one of them",
        ),
        (
            from,
            &case("horizon = 2\nsimulations = 9\nexploration = -1"),
            "35: `planning.monte_carlo_tree_search.exploration` must be at least 0, not -1",
        ),
        (
            from,
            &case("horizon = 2\nsimulations = 9\nseed = -1"),
            "35: `planning.monte_carlo_tree_search.seed` must be at least 0, not -1",
        ),
        (
            from,
            "sophistication = { horizon = 2 }\nmonte_carlo_tree_search = { horizon = 2, simulations = 9 }",
            "33: `planning.monte_carlo_tree_search` is a second way to plan beside [planning.sophistication]; keep one",
        ),
    ]);
}

#[test]
fn preferences_are_given_once_or_for_every_step_ahead() {
    let once = preferences("preferences = [1, \"gamma\"]");
    assert_eq!((once.form, numbers(&once)), (PreferenceForm::LogSoftmax, vec![vec![1.0, 3.0]]));
    let twice = preferences("preference_form = \"utilities\"\npreferences = [{ on = \"gamma\" }, [1, 2]]");
    assert_eq!(twice.form, PreferenceForm::Utilities);
    assert_eq!(numbers(&twice), [[0.0, 3.0], [1.0, 2.0]]);
}

#[test]
fn preferences_for_steps_that_do_not_exist_are_refused() {
    let from = "preferences = { on = 2 }";
    check(&[
        (
            from,
            "preferences = [{ on = 2 }]",
            "23: `modalities[1].preferences` is given for 1 step, but planning looks 2 ahead; give a table or list for \
             each of them, or a single one for all",
        ),
        (
            from,
            "preferences = [[1, 2], [1, 2], [1, 2]]",
            "23: `modalities[1].preferences` is given for 3 steps, but planning looks 2 ahead; give a table or list for \
             each of them, or a single one for all",
        ),
        (
            from,
            "preferences = [[1, 2], [1]]",
            "23: `modalities[1].preferences[2]` has 1 cell, but modality `lamp` has 2 outcomes",
        ),
        (
            from,
            "preferences = [[1, 2], [1, \"ln(gamma - 1)\"]]",
            "23: the preferences of modality `lamp` at step 2 ahead: the cell of `on` is -inf at gamma = 1; it must be \
             finite",
        ),
        (
            from,
            "preference_form = \"utilites\"",
            "23: `modalities[1].preference_form` cannot be `utilites`; did you mean `utilities`? It accepts: \
             `log_softmax`, `utilities`",
        ),
    ]);
}

#[test]
fn weights_without_anything_to_weigh_are_refused() {
    let from = "horizon = 2";
    check(&[
        (
            from,
            "horizon = 2\nlikelihood_information_gain = 1",
            "33: `planning.likelihood_information_gain` needs a modality with `learning` whose `information_gain` is not \
             false; without it there is nothing to weigh",
        ),
        (
            from,
            "horizon = 2\ntransition_information_gain = 1",
            "33: `planning.transition_information_gain` needs a factor with `transition_learning`; without it there is \
             nothing to weigh",
        ),
        (
            from,
            "horizon = 2\ninductive_value = 1",
            "33: `planning.inductive_value` needs goals under [planning.induction]; without it there is nothing to weigh",
        ),
        (
            from,
            "horizon = 2\nnovelty = 1",
            "33: `planning` has no key `novelty`; it accepts: `horizon`, `policies`, `utility`, \
             `state_information_gain`, `likelihood_information_gain`, `transition_information_gain`, `inductive_value`, \
             `induction`, `sophistication`, `monte_carlo_tree_search`",
        ),
    ]);
}

#[test]
fn goals_that_cannot_be_planned_for_are_refused() {
    let case = |keys: &str| format!("[planning.induction]\n{keys}\n[choice]");
    let at = "[choice]";
    check(&[
        (at, &case("depth = 1"), "34: `planning.induction` needs the key `goals`"),
        (at, &case("goals = { finger = \"up\" }"), "34: `planning.induction` needs the key `depth`"),
        (
            at,
            &case("goals = { finger = \"up\" }\ndepth = 0"),
            "36: `planning.induction.depth` must be at least 1, not 0",
        ),
        (
            at,
            &case("goals = { finger = \"up\" }\ndepth = 5000"),
            "36: `planning.induction.depth` must not be above 1000, not 5000",
        ),
        (
            at,
            &case("goals = {}\ndepth = 1"),
            "35: `planning.induction.goals` must name at least one factor: { factor = \"state\" }",
        ),
        (
            at,
            &case("goals = { fingr = \"up\" }\ndepth = 1"),
            "35: there is no factor `fingr`; did you mean `finger`? The factors are: `context`, `finger`",
        ),
        (
            at,
            &case("goals = { finger = \"pu\" }\ndepth = 1"),
            "35: factor `finger` has no state `pu`; did you mean `up`? Its states are: `up`, `down`",
        ),
        (
            at,
            &case("goals = { finger = [] }\ndepth = 1"),
            "35: `planning.induction.goals.finger` must name at least one state",
        ),
        (
            at,
            &case("goals = { finger = \"up\" }\ndepth = 1\nthreshold = 1.5"),
            "37: `planning.induction.threshold` must be from 0 to 1, not 1.5",
        ),
        (
            at,
            &case("goals = { finger = \"up\" }\ndepth = 1\nepsilon = 0"),
            "37: `planning.induction.epsilon` must be above 0, because its logarithm is taken",
        ),
    ]);
}

#[test]
fn trees_that_cannot_be_grown_are_refused() {
    let case = |keys: &str| format!("[planning.sophistication]\n{keys}");
    let from = "horizon = 2\npolicies = \"all\"";
    check(&[
        (
            "[choice]",
            "[planning.sophistication]\nhorizon = 2\n[choice]",
            "32: `planning.horizon` must be left out: with [planning.sophistication] policies are single actions, and \
             the tree has its own `horizon`",
        ),
        (from, &case(""), "32: `planning.sophistication` needs the key `horizon`"),
        (from, &case("horizon = 0"), "33: `planning.sophistication.horizon` must be at least 1, not 0"),
        (
            from,
            &case("horizon = 40"),
            "33: `planning.sophistication.horizon` gives a tree that may have more than 1000000 steps; shorten it, or \
             raise `action_threshold` or `outcome_threshold`",
        ),
        (
            from,
            &case("horizon = 2\naction_threshold = -0.5"),
            "34: `planning.sophistication.action_threshold` must be from 0 to 1, not -0.5",
        ),
        (
            from,
            &case("horizon = 2\nentropy_stop = -1"),
            "34: `planning.sophistication.entropy_stop` must be at least 0, not -1",
        ),
        (
            from,
            &case("horizon = 2\npenalty = \"high\""),
            "34: `planning.sophistication.penalty` must be a number, not a string",
        ),
    ]);
}

#[test]
fn thresholds_make_room_for_deeper_trees() {
    let tree = "[planning.sophistication]\nhorizon = 40\naction_threshold = 0.5\noutcome_threshold = 0.5";
    assert!(read(&changed("horizon = 2\npolicies = \"all\"", tree), "m.toml").is_err());
    let tree = "[planning.sophistication]\nhorizon = 40\naction_threshold = 1\noutcome_threshold = 1";
    assert!(read(&changed("horizon = 2\npolicies = \"all\"", tree), "m.toml").is_ok());
}
