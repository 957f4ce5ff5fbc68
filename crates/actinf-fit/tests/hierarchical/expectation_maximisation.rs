use crate::level::{
    level, log_evidence, mean_ratings, normals, people, problem, with_covariate, with_groups,
};
use crate::peer_data::{bandit, numbers, plain_group, problem as peer_problem, recorded};
use crate::peer_models::{Learner, Peer, Rule};
use crate::toys::{near, silent};
use actinf_fit::hierarchical::{
    CovarianceForm, ExpectationMaximisation, Formula, GroupEstimates, GroupProblem, PopulationStart,
};
use actinf_fit::{Dataset, Workers};
use std::collections::BTreeMap;
use std::num::NonZeroUsize;

fn formulas(text: &str) -> BTreeMap<String, Formula> {
    BTreeMap::from([("level".to_owned(), text.parse().unwrap())])
}

fn fit(dataset: &Dataset, formula: &str, method: &ExpectationMaximisation) -> GroupEstimates {
    let toy = level();
    let problem = problem(&toy);
    let group = GroupProblem::new(&problem, dataset, &formulas(formula)).unwrap();
    method.fit(&group, 1, &Workers::serial()).unwrap()
}

fn tight() -> ExpectationMaximisation {
    ExpectationMaximisation { tolerance: 1e-12, ..ExpectationMaximisation::default() }
}

fn scattered(count: usize, mean: f64, sd: f64, seed: u64) -> Vec<f64> {
    let mut normal = normals(seed);
    (0..count).map(|_| mean + sd * normal()).collect()
}

/// With `ȳ_i ~ Normal(μ, σ² + 1/T)`: μ̂ = mean ȳ, σ̂² = mean squared deviation - 1/T, se(μ̂)² = (σ̂² + 1/T) / N, and each
/// person's estimate lies `σ̂² / (σ̂² + 1/T)` of the way from μ̂ to ȳ_i.
#[test]
fn the_conjugate_group_is_estimated_exactly() {
    let (people_count, ratings) = (12.0, 5.0);
    let dataset = people(&scattered(12, 1.0, 1.5, 3), 5, 4);
    let found = fit(&dataset, "1", &tight());
    let means = mean_ratings(&dataset);
    let mean = means.iter().sum::<f64>() / people_count;
    let variance = means.iter().map(|y| (y - mean).powi(2)).sum::<f64>() / people_count - 1.0 / ratings;
    near(found.population.weights[0], mean, 1e-7);
    near(found.population.covariance[(0, 0)], variance, 1e-5);
    let test = found.weights[0].test.unwrap();
    near(test.standard_error, ((variance + 1.0 / ratings) / people_count).sqrt(), 0.01);
    near(test.degrees_of_freedom, 11.0, 0.0);
    for (member, y) in found.members.iter().zip(&means) {
        let expected = mean + variance / (variance + 1.0 / ratings) * (y - mean);
        near(member.posterior.mode[0], expected, 1e-5);
        near(member.posterior.covariance[(0, 0)], 1.0 / (ratings + 1.0 / variance), 1e-6);
    }
    assert!(found.convergence.converged && found.warnings.is_empty(), "{:?}", found.warnings);
}

/// Laplace's evidence is exact for the normal model; importance sampling must agree with it within its own error.
#[test]
fn both_evidences_are_those_of_the_normal_model() {
    let dataset = people(&scattered(10, 0.0, 1.0, 8), 4, 9);
    let found = fit(&dataset, "1", &ExpectationMaximisation::default());
    let (mean, variance) = (found.population.weights[0], found.population.covariance[(0, 0)]);
    for (member, subject) in found.members.iter().zip(&dataset.subjects) {
        let values: Vec<f64> = subject.steps().filter_map(|(_, step)| step.responses[0]).collect();
        let exact = log_evidence(&values, mean, variance);
        near(member.posterior.log_evidence, exact, 1e-8);
        // Five standard errors: 10 subjects raise a false alarm once in 170 000 runs.
        let integrated = &member.integrated;
        near(integrated.log_likelihood, exact, 5.0 * integrated.standard_error);
        assert!(integrated.standard_error < 0.01 && integrated.effective_draws > 1500.0);
    }
    let expected = -2.0 * found.integrated_log_likelihood + 2.0 * 40.0_f64.ln();
    near(found.integrated_bic, expected, 1e-9);
}

/// Without noise in the estimates the weights are those of ordinary least squares on the mean ratings, for any Σ.
#[test]
fn weights_are_the_regression_of_the_mean_ratings() {
    let age: Vec<f64> = (0..12).map(f64::from).collect();
    let groups = ["a", "b", "b", "a", "a", "b", "a", "b", "b", "a", "b", "a"];
    let truth: Vec<f64> = scattered(12, 0.0, 0.7, 5).iter().zip(&age).map(|(e, a)| e + 0.2 * a).collect();
    let dataset = with_covariate(with_groups(people(&truth, 6, 6), &groups), "age", &age);
    let found = fit(&dataset, "1 + group + age", &tight());
    let means = mean_ratings(&dataset);
    let residual = |index: usize| {
        let own = &found.population.weights;
        let contrast = if groups[index] == "b" { 0.5 } else { -0.5 };
        let age = (age[index] - 5.5) / 13.0_f64.sqrt();
        (means[index] - own[0] - own[1] * contrast - own[2] * age, contrast, age)
    };
    let residuals: Vec<_> = (0..12).map(residual).collect();
    near(residuals.iter().map(|(r, _, _)| r).sum(), 0.0, 1e-6);
    near(residuals.iter().map(|(r, contrast, _)| r * contrast).sum(), 0.0, 1e-6);
    near(residuals.iter().map(|(r, _, age)| r * age).sum(), 0.0, 1e-6);
    near(found.weights[2].test.unwrap().degrees_of_freedom, 9.0, 0.0);
}

/// The mean ratings scatter less than noise alone would make them, so the most probable variance is zero.
#[test]
fn a_collapsing_variance_is_reported() {
    let scatter = |dataset: &Dataset| {
        let means = mean_ratings(dataset);
        let mean = means.iter().sum::<f64>() / 8.0;
        means.iter().map(|y| (y - mean).powi(2)).sum::<f64>() / 8.0
    };
    let narrow = |dataset: &Dataset| scatter(dataset) < 0.2;
    let dataset = (0..50).map(|seed| people(&[0.0; 8], 4, seed)).find(narrow).unwrap();
    let found = fit(&dataset, "1", &ExpectationMaximisation::default());
    assert!(found.noise_fractions[0] > 0.8, "{:?}", found.noise_fractions);
    assert!(found.warnings.iter().any(|w| w.contains("collapsing")), "{:?}", found.warnings);
    let spread = fit(&people(&scattered(8, 0.0, 1.0, 2), 4, 2), "1", &ExpectationMaximisation::default());
    assert!(spread.warnings.is_empty(), "{:?}", spread.warnings);
}

#[test]
fn one_failed_subject_loses_nobody_else() {
    let mut dataset = people(&scattered(6, 0.0, 1.0, 1), 4, 1);
    dataset.subjects[2] = silent("quiet");
    let found = fit(&dataset, "1", &ExpectationMaximisation::default());
    assert_eq!((found.members.len(), found.lost.len()), (5, 1));
    assert_eq!(found.lost[0].subject, "quiet");
}

#[test]
fn two_threads_give_the_bytes_of_one() {
    let dataset = people(&scattered(9, 0.5, 1.0, 1), 4, 1);
    let toy = level();
    let problem = problem(&toy);
    let group = GroupProblem::new(&problem, &dataset, &BTreeMap::new()).unwrap();
    let run = |workers: &Workers| {
        let method = ExpectationMaximisation { importance_draws: 100, ..ExpectationMaximisation::default() };
        format!("{:?}", method.fit(&group, 3, workers).unwrap())
    };
    let two = Workers::new(NonZeroUsize::new(2)).unwrap();
    assert_eq!(run(&Workers::serial()), run(&two));
}

#[test]
fn an_estimation_that_starts_at_its_end_stays_there() {
    let dataset = people(&scattered(9, 0.5, 1.0, 1), 4, 1);
    let first = fit(&dataset, "1", &tight());
    let start = PopulationStart::At(first.population.clone());
    let again = fit(&dataset, "1", &ExpectationMaximisation { start, tolerance: 1e-9, ..tight() });
    assert!(again.convergence.iterations <= 2, "{}", again.convergence.iterations);
    near(again.log_evidence, first.log_evidence, 1e-9);
}

/// The two-sided test of a covariate without effect at 5 %, in 200 groups of 20: at a true rate of 5 % fewer than 3 or more
/// than 20 rejections happen in 0.2 % of runs.
#[test]
fn the_test_of_a_weight_without_effect_rejects_at_its_level() {
    let age: Vec<f64> = (0..20).map(f64::from).collect();
    let method = ExpectationMaximisation {
        tolerance: 1e-4,
        importance_draws: 200,
        ..ExpectationMaximisation::default()
    };
    let rejections = (0..200).filter(|&run| {
        let truth = scattered(20, 0.3, 1.0, 1000 + run);
        let dataset = with_covariate(people(&truth, 5, 5000 + run), "age", &age);
        fit(&dataset, "1 + age", &method).weights[1].test.unwrap().p < 0.05
    });
    let rejected = rejections.count();
    assert!((3..=20).contains(&rejected), "{rejected} of 200");
}

fn cbm_start() -> PopulationStart {
    PopulationStart::Isotropic { mean: 0.0, variance: 6.25 }
}

fn bandit_estimates<const N: usize>(rates: usize, covariance: CovarianceForm) -> GroupEstimates
where
    Learner: Rule<N>,
{
    let dataset = bandit("peers/cbm_rl_data.tsv");
    let peer = Peer::<Learner, N>::new(Learner { rates });
    let problem = peer_problem(&peer);
    let group = plain_group(&problem, &dataset);
    let method = ExpectationMaximisation {
        covariance,
        start: cbm_start(),
        starts: 1,
        tolerance: 1e-3,
        importance_draws: 4000,
        ..ExpectationMaximisation::default()
    };
    method.fit(&group, 1, &Workers::serial()).unwrap()
}

/// Recorded for the first example of Piray et al. (2019): diagonal covariance, divisor N, start at mean 0 and variance 6.25,
/// until the summed log evidence changes by less than 1e-3. Its integrated log-likelihoods rest on 4000 draws from the
/// population, so they are only good to a few tenths of a nat.
#[test]
#[ignore = "needs the data of another program in ../shared"]
fn the_bandit_example_of_cbm_is_estimated_as_recorded() {
    let one = bandit_estimates::<2>(1, CovarianceForm::Diagonal);
    check(&one, 7, &[-0.4913, 0.9258], &[1.2964, 0.7547], (-1579.072, 3184.86));
    let two = bandit_estimates::<3>(2, CovarianceForm::Diagonal);
    check(&two, 18, &[0.1327, -0.6222, 0.9438], &[2.9532, 1.0698, 0.5127], (-1570.947, 3181.73));
}

fn check(found: &GroupEstimates, e_steps: usize, means: &[f64], variances: &[f64], scores: (f64, f64)) {
    assert_eq!(found.convergence.log_evidence.len(), e_steps);
    for (coordinate, (mean, variance)) in means.iter().zip(variances).enumerate() {
        near(found.population.weights[coordinate], *mean, 1e-4);
        near(found.population.covariance[(coordinate, coordinate)], *variance, 1e-4);
    }
    near(found.log_evidence, scores.0, 1e-3);
    near(found.integrated_bic, scores.1, 0.5);
}

/// Laplace's approximation per subject under Normal(0, 6.25), before the first update. Subject 10 has a second mode 0.2 nats
/// below the best, which few starts miss.
#[test]
#[ignore = "needs the data of another program in ../shared"]
fn the_first_level_of_cbm_is_reproduced() {
    let file = recorded("peers/cbm_rl.json");
    let dataset = bandit("peers/cbm_rl_data.tsv");
    let peer = Peer::<Learner, 3>::new(Learner { rates: 2 });
    let problem = peer_problem(&peer);
    let group = plain_group(&problem, &dataset);
    let method = ExpectationMaximisation {
        start: cbm_start(),
        max_iterations: 0,
        starts: 50,
        ..ExpectationMaximisation::default()
    };
    let found = method.fit(&group, 1, &Workers::serial()).unwrap();
    let expected = &file["own_port"]["lap_dualRL"];
    let (joints, evidences) = (numbers(&expected["log_joint"]), numbers(&expected["lme"]));
    assert_eq!(found.members.len(), 40);
    for (member, (joint, evidence)) in found.members.iter().zip(joints.iter().zip(&evidences)) {
        near(member.posterior.log_joint, *joint, 1e-8);
        near(member.posterior.log_evidence, *evidence, 1e-4);
    }
}
