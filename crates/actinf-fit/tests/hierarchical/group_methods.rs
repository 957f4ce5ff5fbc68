//! The methods as fit files name them: the records they fill, on the conjugate toy.

use crate::level::{level, mean_ratings, normals, people, problem, with_groups};
use crate::toys::near;
use actinf_fit::group_methods::{GroupProgress, NoUTurnSampling};
use actinf_fit::hierarchical::{
    ChainStore, ExpectationMaximisation, Forgetful, HierarchicalBayesianInference, HierarchicalSampler,
};
use actinf_fit::sampling::{NoUTurnSampler, SampledChain};
use actinf_fit::{
    Dataset, FittedGroup, GroupMethod, GroupQuestion, GroupRun, Outcome, WeightKind, Workers, fit_group,
};
use std::collections::{BTreeMap, HashMap};
use std::ops::ControlFlow;
use std::sync::Mutex;

const RATINGS: usize = 6;

/// Sixteen people, every second in group b, whose levels are 1.5 higher.
fn two_groups() -> Dataset {
    let mut normal = normals(11);
    let levels: Vec<f64> = (0..16).map(|i| normal() + if i % 2 == 0 { 0.0 } else { 1.5 }).collect();
    let groups: Vec<&str> = (0..16).map(|i| if i % 2 == 0 { "a" } else { "b" }).collect();
    with_groups(people(&levels, RATINGS, 12), &groups)
}

fn question() -> GroupQuestion {
    GroupQuestion {
        formulas: BTreeMap::from([("level".to_owned(), "1 + diagnosis".parse().unwrap())]),
        practical_equivalence: BTreeMap::from([("level".to_owned(), 0.2)]),
        individual: true,
    }
}

fn fitted(
    dataset: &Dataset,
    method: &dyn GroupMethod,
    watch: &(dyn Fn(GroupProgress) -> ControlFlow<()> + Sync),
    store: &dyn ChainStore,
) -> FittedGroup {
    let toy = level();
    let problem = problem(&toy);
    let workers = Workers::serial();
    let run = GroupRun { seed: 1, workers: &workers, watch, store };
    fit_group(&problem, dataset, &question(), method, run).unwrap()
}

fn go_on(_: GroupProgress) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

fn sampling() -> NoUTurnSampling {
    let sampler = NoUTurnSampler { chains: 4, warm_up: 300, draws: 500, ..NoUTurnSampler::default() };
    NoUTurnSampling {
        sampler: HierarchicalSampler { sampler, ..HierarchicalSampler::default() },
        ..NoUTurnSampling::default()
    }
}

/// Each method finds the difference of the groups' mean ratings (a real parameter: the natural effect is the weight itself), and
/// everybody alone is `ȳ T / (T + 1/4)` under Normal(0, 2²).
#[test]
fn all_methods_fill_the_same_record() {
    let dataset = two_groups();
    let means = mean_ratings(&dataset);
    let of_group = |first: usize| means.iter().skip(first).step_by(2).sum::<f64>() / 8.0;
    let methods: [&dyn GroupMethod; 3] =
        [&ExpectationMaximisation::default(), &HierarchicalBayesianInference::default(), &sampling()];
    for method in methods {
        let found = fitted(&dataset, method, &go_on, &Forgetful);
        let population = &found.population;
        let difference = &population.weights[1];
        assert_eq!(
            (difference.name.as_str(), difference.kind),
            ("level ~ diagnosis[b]", WeightKind::Difference)
        );
        // The hyperpriors of the other two pull the difference a little.
        near(difference.estimate, of_group(1) - of_group(0), 0.25);
        let [lower, upper] = difference.interval.unwrap();
        let natural = difference.natural.unwrap();
        near(natural.estimate, difference.estimate, 1e-9);
        near(natural.interval.unwrap()[0], lower, 0.15);
        near(natural.interval.unwrap()[1], upper, 0.15);
        assert!(lower < difference.estimate && difference.estimate < upper);
        // A t distribution gives the probability of direction from its p value; draws count it.
        match difference.p {
            Some(p) => near(difference.direction.unwrap(), 1.0 - 0.5 * p, 1e-9),
            None => assert!((0.8..1.0).contains(&difference.direction.unwrap())),
        }
        assert!((0.02..0.2).contains(&difference.practical_equivalence.unwrap()));
        assert_eq!(population.weights[0].practical_equivalence, None);
        assert_eq!(population.formulas[0].coding[1], "diagnosis[b]: the mean of b less that of a");
        let t = RATINGS as f64;
        for (member, mean) in population.members.iter().zip(&means) {
            let own = &member.coordinates[0];
            near(own.alone.unwrap(), mean * t / (t + 0.25), 1e-6);
            near(own.alone_standard_error.unwrap(), (t + 0.25).powf(-0.5), 1e-6);
            // Between the own mean and what the population predicts.
            assert!((own.estimate - mean) * (own.estimate - own.predicted) < 0.02);
        }
        assert_eq!((found.subjects.len(), found.steps.len(), found.is_complete), (16, 16, true));
        assert_eq!(found.draws.is_some(), method.name() == "no_u_turn_sampler");
    }
}

/// `1 - 1/(T σ² + 1)`: the contraction against the population that expectation maximisation found, and the log density there.
#[test]
fn a_members_fit_sees_the_population_as_its_prior() {
    let found = fitted(&two_groups(), &ExpectationMaximisation::default(), &go_on, &Forgetful);
    let variance = found.population.spreads[0].estimate.powi(2);
    for (subject, member) in found.subjects.iter().zip(&found.population.members) {
        let Outcome::Fitted(fit) = &subject.outcome else { panic!("{}", subject.id) };
        near(fit.estimates[0].contraction.unwrap(), 1.0 - 1.0 / (RATINGS as f64 * variance + 1.0), 1e-6);
        let own = &member.coordinates[0];
        let z2 = (own.estimate - own.predicted).powi(2) / variance;
        near(fit.log_prior, -0.5 * (z2 + (2.0 * std::f64::consts::PI * variance).ln()), 1e-6);
        near(fit.estimates[0].estimate, own.estimate, 1e-12);
    }
}

#[test]
fn who_has_no_group_fails_with_the_reason_and_loses_nobody() {
    let mut dataset = two_groups();
    dataset.groups[3] = None;
    for method in
        [&ExpectationMaximisation::default() as &dyn GroupMethod, &HierarchicalBayesianInference::default()]
    {
        let found = fitted(&dataset, method, &go_on, &Forgetful);
        let Outcome::Failed { reason } = &found.subjects[3].outcome else { panic!() };
        assert!(reason.contains("no value of `diagnosis`"), "{reason}");
        assert_eq!((found.population.members.len(), found.steps.len()), (15, 15));
    }
}

#[test]
fn a_watcher_breaks_off_rounds_and_draws() {
    let dataset = two_groups();
    let at_once = |progress| match progress {
        GroupProgress::Alone(_) => ControlFlow::Continue(()),
        GroupProgress::Round(seen) if seen.round < 2 => ControlFlow::Continue(()),
        _ => ControlFlow::Break(()),
    };
    let found = fitted(&dataset, &ExpectationMaximisation::default(), &at_once, &Forgetful);
    assert!(!found.is_complete && found.population.convergence.reason.contains("broken off after 2 rounds"));
    let after_a_while = |progress| match progress {
        GroupProgress::Draw(seen) if seen.done >= 350 => ControlFlow::Break(()),
        _ => ControlFlow::Continue(()),
    };
    let found = fitted(&dataset, &sampling(), &after_a_while, &Forgetful);
    let draws = found.draws.unwrap();
    assert!(!found.is_complete && !found.population.convergence.converged);
    assert_eq!((draws.draws.len(), draws.shortest()), (4, 50));
    assert!(found.population.warnings[0].contains("4 chains of 50 draws"));
}

/// Keeps chains in memory, and counts what was asked for and found.
#[derive(Default)]
struct Shelf {
    chains: Mutex<HashMap<(usize, usize), SampledChain>>,
    found: Mutex<usize>,
}

impl ChainStore for Shelf {
    fn load(&self, attempt: usize, chain: usize) -> Option<SampledChain> {
        let found = self.chains.lock().unwrap().get(&(attempt, chain)).cloned();
        *self.found.lock().unwrap() += usize::from(found.is_some());
        found
    }

    fn save(&self, attempt: usize, chain: usize, found: &SampledChain) {
        self.chains.lock().unwrap().insert((attempt, chain), found.clone());
    }
}

#[test]
fn a_run_goes_on_from_the_chains_that_are_kept() {
    let (dataset, shelf) = (two_groups(), Shelf::default());
    let whole = fitted(&dataset, &sampling(), &go_on, &Forgetful);
    let in_the_third = |progress| match progress {
        GroupProgress::Draw(seen) if seen.chain >= 2 => ControlFlow::Break(()),
        _ => ControlFlow::Continue(()),
    };
    let part = fitted(&dataset, &sampling(), &in_the_third, &shelf);
    assert!(!part.is_complete && shelf.chains.lock().unwrap().len() == 2);
    assert_eq!(fitted(&dataset, &sampling(), &go_on, &shelf), whole);
    assert_eq!(*shelf.found.lock().unwrap(), 2);
}
