//! Counts allocations: after a first evaluation, neither the log-likelihood nor its gradient makes any.

#![allow(clippy::unwrap_used, reason = "a test: whatever fails should end it")]

use actinf_agents::task_model::{MissingAction, MonteCarloTreeSearch, Sophistication, TaskModel};
use actinf_agents::{
    ActiveInference, BehaviourModel, Design, Model, Subject, baselines, default_values, tasks,
};
use actinf_benches::cases::{self, Case, Equations};
use rand::SeedableRng;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use std::alloc::System;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// The allocations and reallocations that `work` makes.
fn allocations(work: impl FnOnce()) -> usize {
    let region = Region::new(ALLOCATOR);
    work();
    let change = region.change();
    change.allocations + change.reallocations
}

fn check(case: &Case, subject: &Subject, what: &str) {
    for free in [&case.perception, &case.choice] {
        let at: Vec<f64> = free.iter().map(|&k| case.values[k]).collect();
        let mut gradient = [0.0; 3];
        let mut scorer = case.model.scorer(subject, &case.values, free).unwrap();
        scorer.log_likelihood(&at).unwrap();
        scorer.log_likelihood_gradient(&at, &mut gradient).unwrap();
        // Some of what an evaluation found could be used again at the same values.
        let moved: Vec<f64> = at.iter().map(|value| value * (1.0 - 1e-9)).collect();
        let of_value = allocations(|| {
            scorer.log_likelihood(&at).unwrap();
            scorer.log_likelihood(&moved).unwrap();
        });
        let of_gradient = allocations(|| {
            scorer.log_likelihood_gradient(&at, &mut gradient).unwrap();
            scorer.log_likelihood_gradient(&moved, &mut gradient).unwrap();
        });
        assert_eq!((of_value, of_gradient), (0, 0), "{} {what}", case.name);
    }
}

/// The subject with every third action missing.
fn with_gaps(subject: &Subject) -> Subject {
    let mut subject = subject.clone();
    let steps = subject.sessions.iter_mut().flat_map(|s| &mut s.trials).flat_map(|t| &mut t.steps);
    for step in steps.step_by(3) {
        step.actions.fill(None);
    }
    subject
}

/// The case whose beliefs move with every action where the action is missing, so that no observation is impossible.
fn averaging(case: &Case) -> Case {
    let mut task = case.model.task().clone();
    task.choice.missing_action = MissingAction::Average;
    Case { model: ActiveInference::new(task), ..case.clone() }
}

fn check_baselines() {
    for name in baselines::names() {
        let model = Model::built_in(name).unwrap();
        let values = default_values(model.parameters());
        let design = Design { sessions: 2, trials: 3, steps: 4 };
        let rng = &mut rand_chacha::ChaCha8Rng::seed_from_u64(1);
        let subject = Subject { id: "one".into(), sessions: model.simulate(&values, design, rng).unwrap() };
        let free: Vec<usize> = (0..values.len()).collect();
        let mut gradient = vec![0.0; values.len()];
        let mut scorer = model.scorer(&subject, &values, &free).unwrap();
        let made = allocations(|| {
            scorer.log_likelihood(&values).unwrap();
            scorer.log_likelihood_gradient(&values, &mut gradient).unwrap();
        });
        assert_eq!(made, 0, "{name}");
    }
}

/// The built-in tasks whose trials are inferred as a whole, with two sets of three of their parameters.
fn whole_trials() -> Vec<Case> {
    let case = |name: &str| {
        let model = ActiveInference::new(tasks::read(name).unwrap());
        Case {
            name: name.into(),
            values: default_values(model.parameters()),
            perception: vec![4, 5, 6],
            choice: vec![0, 1, 2],
            model,
        }
    };
    ["explore_exploit", "three_arm_maze"].map(case).into()
}

/// The case planned for by a tree over single actions.
fn searching(case: &Case, plan: impl Fn(&mut TaskModel)) -> Case {
    let mut task = case.model.task().clone();
    let later = task.planning.policies.len() / task.schema.joint_actions();
    task.planning.policies = (0..task.schema.joint_actions()).map(|action| vec![action]).collect();
    task.planning.horizon = 1;
    // Habits are those of the first action.
    task.choice.habits.cells = task.choice.habits.cells.into_iter().step_by(later).collect();
    plan(&mut task);
    Case { model: ActiveInference::new(task), ..case.clone() }
}

/// Trees grow in room that is kept from search to search: once it has been large enough, no search asks for more.
fn check_tree_searches(case: &Case, subject: &Subject) {
    let sophisticated = searching(case, |task| {
        task.planning.sophistication = Some(Sophistication {
            horizon: 3,
            action_threshold: 1.0 / 16.0,
            outcome_threshold: 1.0 / 16.0,
            penalty: 16.0,
            entropy_stop: -1.0,
        });
    });
    check(&sophisticated, subject, "sophisticated inference");
    let searched = searching(case, |task| {
        task.planning.monte_carlo_tree_search =
            Some(MonteCarloTreeSearch { horizon: 3, simulations: 20, exploration: 1.0, seed: 1 });
    });
    check(&searched, subject, "Monte Carlo tree search");
}

/// One test only: allocations are counted for the whole process, and tests would run side by side.
#[test]
fn no_step_allocates_once_the_workspace_is_there() {
    assert!(allocations(|| drop(std::hint::black_box(vec![1.0]))) > 0, "allocations are not counted");
    check_baselines();
    for case in cases::compared().unwrap() {
        for design in
            [Design { sessions: 2, trials: 3, steps: 2 }, Design { sessions: 1, trials: 1, steps: 8 }]
        {
            let subject = case.subjects(1, design).unwrap().remove(0);
            for equations in [Equations::Exact, Equations::Pymdp] {
                let case = case.with(equations);
                check(&case, &subject, &format!("{equations:?}"));
                check(&averaging(&case), &with_gaps(&subject), &format!("{equations:?}, actions missing"));
            }
        }
    }
    for case in [cases::t_maze().unwrap(), cases::bandit().unwrap()] {
        let subject = case.subjects(1, Design { sessions: 2, trials: 2, steps: 5 }).unwrap().remove(0);
        check_tree_searches(&case, &subject);
    }
    for case in whole_trials() {
        let subject = case.subjects(1, Design { sessions: 2, trials: 4, steps: 3 }).unwrap().remove(0);
        check(&case, &subject, "whole trials");
    }
}
