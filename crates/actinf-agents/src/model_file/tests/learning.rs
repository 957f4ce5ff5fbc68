//! How learning is written in a model file: what is read, and each rejection with its message.

use super::super::read;
use super::rejected::check;
use super::{MODEL, changed};
use crate::expression::Expression;
use crate::task_model::{Counts, Form, Learning, LearningBeliefs, LearningTime, TaskModel};

const AT: [f64; 4] = [2.0, 0.9, 0.25, 0.75];

fn accept(from: &str, to: &str) -> TaskModel {
    read(&changed(from, to), "m.toml").unwrap_or_else(|error| panic!("{error}"))
}

/// Prior count (or explicit counts), rate and forgetting at some values of the parameters.
fn numbers(learning: Option<&Learning>) -> (Vec<f64>, f64, f64) {
    let learning = learning.unwrap();
    let evaluate = |cell: &Expression| cell.evaluate::<f64>(&AT);
    let counts = match &learning.counts {
        Counts::Scaled(total) => vec![evaluate(total)],
        Counts::Explicit(columns) => columns.iter().flatten().map(evaluate).collect(),
    };
    (counts, evaluate(&learning.learning_rate), evaluate(&learning.forgetting_rate))
}

#[test]
fn likelihoods_and_transitions_are_learned_from_a_prior_count() {
    let model = accept(
        "preferences = { on = 2 }",
        "learning = { prior_count = 3, rate = \"gamma\", forgetting = 0.5 }",
    );
    assert_eq!(numbers(model.modalities[0].learning.as_ref()), (vec![3.0], 2.0, 0.5));
    let model = accept(
        "transitions = \"stay\"",
        "transitions = \"stay\"\ntransition_learning = { prior_count = \"gamma\" }",
    );
    assert_eq!(numbers(model.factors[0].transition_learning.as_ref()), (vec![2.0], 1.0, 0.0));
    assert_eq!(model.factors[1].transition_learning, None);
}

#[test]
fn priors_are_learned_from_a_prior_count_or_start_in_proportion_to_their_counts() {
    let scaled = "prior = { up = 1 }\nprior_learning = { prior_count = 4 }";
    let model = accept("prior = { up = 1 }", scaled);
    assert_eq!(numbers(model.factors[1].prior_learning.as_ref()), (vec![4.0], 1.0, 0.0));
    let explicit = "prior_learning = { counts = { down = \"gamma\", up = 6 }, forgetting = 0.25 }";
    let finger = &accept("prior = { up = 1 }", explicit).factors[1];
    assert_eq!(numbers(finger.prior_learning.as_ref()), (vec![6.0, 2.0], 1.0, 0.25));
    assert_eq!(finger.prior.form, Form::Normalised);
    let cells: Vec<f64> = finger.prior.cells.iter().map(|cell| cell.evaluate(&AT)).collect();
    assert_eq!(cells, [6.0, 2.0]);
}

#[test]
fn habits_are_learned_from_a_prior_count_or_start_in_proportion_to_their_counts() {
    let scaled = "[choice]\nhabits = { press = 1 }\nhabit_learning = { prior_count = 4 }";
    let model = accept("[choice]", scaled);
    assert_eq!(numbers(model.choice.habit_learning.as_ref()), (vec![4.0], 1.0, 0.0));
    assert_eq!(model.choice.habits.form, Form::Softmax);
    for counts in ["{ press = \"gamma\", release = 1 }", "[1, 1, \"gamma\", \"gamma\"]"] {
        let explicit = format!("[choice]\nhabit_learning = {{ counts = {counts}, rate = 0.5 }}");
        let choice = accept("[choice]", &explicit).choice;
        assert_eq!(numbers(choice.habit_learning.as_ref()), (vec![1.0, 1.0, 2.0, 2.0], 0.5, 0.0));
        assert_eq!(choice.habits.form, Form::Normalised);
    }
}

#[test]
fn the_time_and_beliefs_of_learning_have_defaults() {
    let settings = |text: &str| accept("[choice]", &format!("{text}[choice]")).learning;
    let default = settings("");
    assert_eq!((default.time, default.beliefs), (LearningTime::Step, LearningBeliefs::Filtered));
    assert_eq!(settings("[learning]\n"), default);
    let trial = settings("[learning]\ntime = \"trial_end\"\nbeliefs = \"smoothed\"\n");
    assert_eq!((trial.time, trial.beliefs), (LearningTime::TrialEnd, LearningBeliefs::Smoothed));
    let session = settings("[learning]\ntime = \"session_end\"\ncarry = true\n");
    assert_eq!((session.time, session.carry), (LearningTime::SessionEnd, true));
}

#[test]
fn the_process_takes_over_priors_but_no_learning() {
    let learned = "prior_learning = { counts = [6, 2] }";
    let model = accept("prior = { up = 1 }", learned);
    assert_eq!(model.process.factors[1].prior, model.factors[1].prior);
    assert_eq!(model.process.factors[1].prior_learning, None);
    let text = changed("prior = { up = 1 }", learned);
    let same = read(&text[..text.find("[process]").unwrap()], "m.toml").unwrap();
    assert_eq!(same.process.factors[1].prior_learning, None);
}

#[test]
fn rates_and_counts_out_of_their_range() {
    check(&[
        (
            "preferences = { on = 2 }",
            "learning = { prior_count = 1, forgetting = \"gamma\" }",
            "23: `modalities[1].learning.forgetting`: the value is 50 at gamma = 50; it must be between 0 and 1",
        ),
        (
            "transitions = \"stay\"",
            "transitions = \"stay\"\ntransition_learning = { prior_count = 0 }",
            "15: `factors[1].transition_learning.prior_count`: the value is 0; it must be above 0",
        ),
        (
            "transitions = \"stay\"",
            "transitions = \"stay\"\nprior_learning = { prior_count = 1, rate = \"-gamma\" }",
            "15: `factors[1].prior_learning.rate`: the value is -1 at gamma = 1; it must not be negative",
        ),
        (
            "prior = { up = 1 }",
            "prior_learning = { counts = [1, -1] }",
            "18: the prior counts of factor `finger`: the cell of `down` is -1; weights must not be negative",
        ),
        (
            "[choice]",
            "[choice]\nhabit_learning = { counts = { release = 0, press = 1 } }",
            "35: `choice.habit_learning.counts.release`: the value is 0; it must be above 0",
        ),
    ]);
}

#[test]
fn learning_that_is_written_twice_or_not_at_all() {
    check(&[
        (
            "preferences = { on = 2 }",
            "learning = { prior_count = 1, counts = [1, 1] }",
            "23: `modalities[1].learning.counts` can only be \"weights\" here: the cells of the table itself",
        ),
        (
            "transitions = \"stay\"",
            "transitions = \"stay\"\ntransition_learning = { rate = 1 }",
            "15: `factors[1].transition_learning` needs the key `prior_count`",
        ),
        (
            "transitions = \"stay\"",
            "transitions = \"stay\"\nprior_learning = { rate = 1 }",
            "15: `factors[1].prior_learning` needs the key `prior_count` or `counts`",
        ),
        (
            "prior = { up = 1 }",
            "prior_learning = { counts = [1, 1], prior_count = 1 }",
            "18: `factors[2].prior_learning` has both `prior_count` and `counts`; keep one",
        ),
        (
            "prior = { up = 1 }",
            "prior = { up = 1 }\nprior_learning = { counts = [1, 1] }",
            "18: `factors[2].prior` is given a second time by `factors[2].prior_learning.counts`; keep one",
        ),
        (
            "prior = { up = 1 }\n",
            "prior_learning = { prior_count = 1 }\n",
            "15: `factors[2]` needs the key `prior`",
        ),
        (
            "[choice]",
            "[choice]\nhabits = { press = 1 }\nhabit_learning = { counts = { press = 1, release = 1 } }",
            "35: `choice.habits` are given a second time by `choice.habit_learning.counts`; keep one",
        ),
        (
            "[choice]",
            "[choice]\nhabit_learning = { counts = { press = 1 } }",
            "35: `choice.habit_learning.counts` needs a count for every action that a policy starts with",
        ),
        (
            "[choice]",
            "[choice]\nhabit_learning = { counts = [1, 1] }",
            "35: `choice.habit_learning.counts` has 2 cells for 4 policies; give one per policy, or a table by first \
             action",
        ),
    ]);
}

#[test]
fn times_and_beliefs_that_do_not_go_together() {
    check(&[
        (
            "[choice]",
            "[learning]\nbeliefs = \"smoothed\"\n[choice]",
            "35: `learning.beliefs` cannot be `smoothed` while learning takes place at every step: nothing is known in \
             hindsight yet; write time = \"trial_end\" or \"session_end\"",
        ),
        (
            "[choice]",
            "[learning]\ntime = \"session_end\"\n[choice]",
            "35: `learning.time` cannot be `session_end` without carry = true: what is learned at the end of a session \
             would never be used",
        ),
        (
            "[choice]",
            "[learning]\ntime = \"trial\"\n[choice]",
            "35: `learning.time` cannot be `trial`; it accepts: `step`, `trial_end`, `session_end`",
        ),
    ]);
    let own = "[process]\n[[process.factors]]\nname = \"new\"\nstates = [\"a\"]\nprior = \"uniform\"\n\
               transitions = \"stay\"\nprior_learning = { prior_count = 1 }\n";
    let text = format!("{}{own}", &MODEL[..MODEL.find("[process]").unwrap()]);
    assert_eq!(
        read(&text, "m.toml").unwrap_err().to_string(),
        "m.toml:48: `process.factors[1].prior_learning` belongs to the model: only the agent learns, the process is \
         what it is"
    );
}

#[test]
fn every_outcome_may_have_a_learning_rate_of_its_own() {
    let rates = |written: &str| -> Vec<f64> {
        let model = accept(
            "preferences = { on = 2 }",
            &format!("learning = {{ prior_count = 3, rate = {written} }}"),
        );
        let learning = model.modalities[0].learning.as_ref().unwrap();
        learning.outcome_rates.iter().map(|rate| rate.evaluate(&AT)).collect()
    };
    assert_eq!(rates("{ on = \"gamma\", off = 0.5 }"), [0.5, 2.0]);
    assert_eq!(rates("[0.25, \"hit\"]"), [0.25, 0.9]);
    assert!(rates("1").is_empty());
}

#[test]
fn learning_rates_by_outcome_that_cannot_be() {
    let scheme = changed("scheme = \"exact\"", "scheme = \"trial_message_passing\"");
    let learning = "learning = { prior_count = 1, rate = { on = 1, off = 1 } }";
    let error = read(&scheme.replacen("preferences = { on = 2 }", learning, 1), "m.toml").unwrap_err();
    assert_eq!(
        error.to_string(),
        "m.toml:23: `modalities[1].learning` cannot have a rate for every outcome under trial message passing, which has \
         one rate for all"
    );
    check(&[
        (
            "preferences = { on = 2 }",
            "learning = { prior_count = 1, rate = { on = 1 } }",
            "23: `modalities[1].learning.rate` needs a rate for every outcome, also for `off`",
        ),
        (
            "preferences = { on = 2 }",
            "learning = { prior_count = 1, rate = { on = -1, off = 1 } }",
            "23: the learning rates of modality `lamp`: the cell of `on` is -1; must not be negative",
        ),
        (
            "transitions = \"stay\"",
            "transitions = \"stay\"\ntransition_learning = { prior_count = 1, rate = { normal = 1, reversed = 1 } }",
            "15: `factors[1].transition_learning.rate` must be a number or an expression in quotes, not a table",
        ),
    ]);
}
