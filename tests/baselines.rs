//! Baselines are recovered, and told apart, from behaviour that they simulated.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use actinf_agents::{Design, Model};
use actinf_fit::{
    Dataset, MaximumAPosteriori, Outcome, Problem, SubjectFit, Workers, draw_values, fit, simulate,
};

/// True values of `subjects` people, and their simulated behaviour.
fn simulated(model: &Model, subjects: usize, steps: usize) -> (Vec<Vec<f64>>, Dataset) {
    let problem = Problem::new(model, Problem::default_roles(model)).unwrap();
    let values = draw_values(&problem, subjects, 1).unwrap();
    let design = Design { sessions: 2, trials: 1, steps };
    let simulated = simulate(model, &values, design, 1, &Workers::new(None).unwrap(), &|_| ());
    assert!(simulated.failures.is_empty(), "{:?}", simulated.failures);
    let groups = vec![None; subjects];
    (values, Dataset { groups, subjects: simulated.subjects, ..Dataset::default() })
}

fn fitted(model: &Model, dataset: &Dataset) -> Vec<SubjectFit> {
    let problem = Problem::new(model, Problem::default_roles(model)).unwrap();
    let method = MaximumAPosteriori { starts: 4, ..MaximumAPosteriori::default() };
    let fitted = fit(&problem, dataset, &method, 1, &Workers::new(None).unwrap(), &|_| ());
    let outcomes = fitted.subjects.into_iter().map(|subject| match subject.outcome {
        Outcome::Fitted(fit) => fit,
        Outcome::Failed { reason } => panic!("{}: {reason}", subject.id),
    });
    outcomes.collect()
}

/// True values are drawn from the priors, so that a 95 % interval of the exact posterior covers the truth in 95 % of fits. With
/// 60 subjects and 2 parameters fewer than 103 of 120 are covered with probability 0.0001 (binomial); the Laplace approximation
/// of skewed posteriors costs some of that margin. The seed is fixed.
#[test]
fn intervals_of_rescorla_wagner_cover_the_truth() {
    let model = Model::built_in("rescorla_wagner").unwrap();
    let (values, dataset) = simulated(&model, 60, 100);
    let mut covered = 0;
    for (fit, truth) in fitted(&model, &dataset).iter().zip(&values) {
        for (estimate, &truth) in fit.estimates.iter().zip(truth) {
            let inside = |(lower, upper): (f64, f64)| lower < truth && truth < upper;
            covered += usize::from(estimate.lower.zip(estimate.upper).is_some_and(inside));
        }
    }
    assert!(covered >= 103, "{covered} of 120 intervals cover the truth");
}

/// Twenty people each: the sum of the Bayesian information criteria names the rule that made the behaviour. Were two rules equally
/// good, each of the 12 comparisons would fail half the time.
#[test]
fn behaviour_is_best_explained_by_the_rule_that_made_it() {
    let names = ["random_responder", "win_stay_lose_shift", "rescorla_wagner", "choice_kernel"];
    let models = names.map(|name| Model::built_in(name).unwrap());
    for (true_name, true_model) in names.iter().zip(&models) {
        let (_, dataset) = simulated(true_model, 20, 100);
        let evidence = |model: &Model| -> f64 { fitted(model, &dataset).iter().map(|fit| -fit.bic).sum() };
        let best = models.iter().zip(names).max_by(|(a, _), (b, _)| evidence(a).total_cmp(&evidence(b)));
        assert_eq!(best.map(|(_, name)| name), Some(*true_name));
    }
}
