use crate::level::{level, mean_ratings, normals, people, problem, with_groups};
use crate::toys::{Toy, near, parameter};
use actinf_agents::Support;
use actinf_fit::hierarchical::{
    BayesianInferenceFit, Formula, GroupProblem, HierarchicalBayesianInference, PopulationStart,
};
use actinf_fit::{Dataset, Prior, Problem, Role, Workers};
use std::collections::BTreeMap;
use std::num::NonZeroUsize;

pub type Formulas = BTreeMap<String, Formula>;

pub fn compare(
    problems: &[&Problem<'_>],
    formulas: &Formulas,
    dataset: &Dataset,
    method: &HierarchicalBayesianInference,
    workers: &Workers,
) -> BayesianInferenceFit {
    let models: Vec<_> = problems.iter().map(|problem| (*problem, formulas)).collect();
    let groups = GroupProblem::of_models(&models, dataset).unwrap();
    method.fit(&groups, 1, workers).unwrap()
}

fn conjugate() -> HierarchicalBayesianInference {
    let start = PopulationStart::Isotropic { mean: 0.0, variance: 4.0 };
    HierarchicalBayesianInference { start, tolerance: 1e-12, ..HierarchicalBayesianInference::default() }
}

fn scattered(count: usize, mean: f64, sd: f64, seed: u64) -> Vec<f64> {
    let mut normal = normals(seed);
    (0..count).map(|_| mean + sd * normal()).collect()
}

/// The fixed point of the mean field for one model, iterated here from the update equations for the mean ratings alone.
#[test]
fn the_conjugate_fixed_point_is_found() {
    let dataset = people(&scattered(10, 1.0, 1.5, 3), 5, 4);
    let toy = level();
    let problem = problem(&toy);
    let found = compare(&[&problem], &Formulas::new(), &dataset, &conjugate(), &Workers::serial());
    let (n, t, means) = (10.0, 5.0, mean_ratings(&dataset));
    let (b, v, s) = (1.0, 0.5, 0.01);
    let (mut mean, mut precision) = (0.0, 0.25);
    for _ in 0..10_000 {
        let modes: Vec<f64> = means.iter().map(|y| (t * y + precision * mean) / (t + precision)).collect();
        let noise = 1.0 / (t + precision);
        mean = modes.iter().sum::<f64>() / (b + n);
        let squares: f64 = modes.iter().map(|x| (x - mean).powi(2) + noise).sum::<f64>() + b * mean * mean;
        precision = (v + n / 2.0) / (s + 0.5 * squares);
    }
    near(found.models[0].population.weights()[0], mean, 1e-7);
    near(found.models[0].population.precision(0), precision, 1e-7);
    let error_bar = (1.0 / (precision * (b + n))).sqrt();
    near(found.models[0].population.error_bar(0, 0), error_bar, 1e-7);
    let test = found.models[0].test(0, 0, 0.0).unwrap();
    near(test.degrees_of_freedom, 11.0, 1e-12);
    near(test.t, mean / error_bar, 1e-6);
    assert!(found.convergence.converged);
}

/// `ln p(Y) = ln ∫∫ Π_i Normal(ȳ_i; μ, 1/τ + 1/T) Normal(μ; 0, 1/(b τ)) Gamma(τ; v, s) dμ dτ` up to what does not depend on
/// μ and τ; the integral over μ is done in closed form, the one over ln τ on a grid.
fn exact_log_evidence(dataset: &Dataset) -> f64 {
    let (n, t, means) = (dataset.subjects.len() as f64, 5.0, mean_ratings(dataset));
    let (v, s) = (0.5_f64, 0.01_f64);
    let given_precision = |tau: f64| {
        let (noise, prior) = (1.0 / tau + 1.0 / t, 1.0 / tau);
        let strength = n / noise + 1.0 / prior;
        let pull = means.iter().sum::<f64>() / noise;
        let squares: f64 = means.iter().map(|y| y * y).sum::<f64>() / noise;
        -0.5 * (squares - pull * pull / strength) - 0.5 * (n * noise.ln() + prior.ln() + strength.ln())
    };
    let step = 0.001;
    let density = |u: f64| {
        let tau = u.exp();
        (given_precision(tau) + v * s.ln() - 0.572_364_942_924_700_1 + v * u - s * tau).exp()
    };
    let total: f64 = (-20_000..20_000).map(|k| density(f64::from(k) * step) * step).sum();
    let given_means: f64 = dataset
        .subjects
        .iter()
        .zip(&means)
        .map(|(subject, mean)| {
            let values: Vec<f64> = subject.steps().filter_map(|(_, step)| step.responses[0]).collect();
            let within: f64 = values.iter().map(|y| (y - mean).powi(2)).sum();
            let (t, two_pi) = (values.len() as f64, 2.0 * std::f64::consts::PI);
            -0.5 * ((t - 1.0) * two_pi.ln() + within + t.ln()) - 0.5 * two_pi.ln()
        })
        .sum();
    total.ln() + given_means
}

/// A bound may not exceed what it bounds; for this model the mean field is within half a nat of it.
#[test]
fn the_bound_is_below_the_exact_evidence_and_close() {
    let dataset = people(&scattered(10, 1.0, 1.5, 3), 5, 4);
    let toy = level();
    let problem = problem(&toy);
    let found = compare(&[&problem], &Formulas::new(), &dataset, &conjugate(), &Workers::serial());
    let exact = exact_log_evidence(&dataset);
    let gap = exact - found.bound;
    assert!((0.0..0.5).contains(&gap), "bound {}, exact {exact}", found.bound);
    for pair in found.convergence.log_evidence.windows(2) {
        assert!(pair[1] >= pair[0] - 1e-9, "the mean field of a conjugate model never falls: {pair:?}");
    }
}

#[test]
fn a_model_compared_with_itself_takes_half_of_everybody() {
    let dataset = people(&scattered(8, 0.0, 1.0, 5), 4, 6);
    let toy = level();
    let problem = problem(&toy);
    let found = compare(&[&problem, &problem], &Formulas::new(), &dataset, &conjugate(), &Workers::serial());
    assert!(found.responsibilities.iter().all(|r| r == &[0.5, 0.5]));
    near(found.models[0].exceedance, 0.5, 1e-9);
    near(found.models[1].protected_exceedance, 0.5, 1e-9);
}

/// Ratings spread around 0 with an unknown scale, but no level.
fn no_level() -> Toy {
    Toy::new(vec![parameter("scale", Support::Positive, &[1.0])], |subject, values, gradient| {
        let (mut total, mut slope) = (0.0, 0.0);
        for y in subject.steps().filter_map(|(_, step)| step.responses[0]) {
            let z = y / values[0];
            total += -0.5 * z * z - values[0].ln() - 0.5 * (2.0 * std::f64::consts::PI).ln();
            slope += (z * z - 1.0) / values[0];
        }
        gradient[0] = slope;
        Ok(total)
    })
}

/// Ten people with levels of 3 ± 0.5 and five with ratings that scatter five-fold around 0: far enough apart that a wrong
/// assignment has odds below 1 in 10⁶ per person.
#[test]
fn everybody_is_given_to_the_model_they_came_from() {
    let mut dataset = people(&scattered(10, 3.0, 0.5, 7), 20, 8);
    let mut normal = normals(9);
    for k in 0..5 {
        let values: Vec<f64> = (0..20).map(|_| 5.0 * normal()).collect();
        dataset.subjects.push(crate::toys::ratings(&format!("wide{k}"), &values));
    }
    let (levels, scales) = (level(), no_level());
    let prior = Prior::LogNormal { median: 1.0, sd: 2.0 };
    let scale = Problem::new(&scales, vec![Role::Free { prior, default_prior: false }]).unwrap();
    let level = problem(&levels);
    let found = compare(&[&level, &scale], &Formulas::new(), &dataset, &conjugate(), &Workers::serial());
    for (subject, r) in found.responsibilities.iter().enumerate() {
        near(r[0], if subject < 10 { 1.0 } else { 0.0 }, 1e-3);
    }
    near(found.models[0].frequency, 2.0 / 3.0, 1e-3);
    near(found.models[0].population.weights()[0], 3.0 * 10.0 / 11.0, 0.3);
    assert!(found.omnibus_risk < 1e-3 && found.models[0].exceedance > 0.85);
}

/// With many ratings everybody's level is known, and two groups of four give the conjugate regression with b = 1 for the
/// mean and 0.01 for the difference: for the orthogonal columns 1 and ±½, `w = (Σ θ / (N + 1), Σ ±½ θ / (N/4 + 0.01))`. What is
/// not known about everybody, the share `m = τ A⁻¹` of the population's variance, widens the standard error of the difference.
#[test]
fn a_design_on_the_means_gives_the_conjugate_regression() {
    let truth = [1.0, 3.0, 1.2, 3.1, 0.9, 2.9, 1.1, 3.2];
    let dataset = with_groups(people(&truth, 400, 3), &["a", "b", "a", "b", "a", "b", "a", "b"]);
    let formulas = Formulas::from([("level".to_owned(), "1 + group".parse().unwrap())]);
    let toy = level();
    let problem = problem(&toy);
    let found = compare(&[&problem], &formulas, &dataset, &conjugate(), &Workers::serial());
    let modes: Vec<f64> = found.models[0].posteriors.iter().map(|p| p.as_ref().unwrap().mode[0]).collect();
    let contrast: f64 =
        modes.iter().enumerate().map(|(i, x)| if i % 2 == 0 { -0.5 * x } else { 0.5 * x }).sum();
    let weights = found.models[0].population.weights();
    near(weights[0], modes.iter().sum::<f64>() / 9.0, 1e-8);
    near(weights[1], contrast / 2.01, 1e-8);
    assert_eq!(found.models[0].weight_names, ["level ~ 1", "level ~ group[b]"]);
    let population = &found.models[0].population;
    near(population.error_bar(0, 1), population.error_bar(0, 0) * (9.0_f64 / 2.01).sqrt(), 1e-12);
    let known =
        1.0 - population.precision(0) * found.models[0].posteriors[0].as_ref().unwrap().covariance[(0, 0)];
    let wider = (2.01 / (2.0 * known + 0.01)).sqrt();
    assert!(wider > 1.001, "{wider}");
    near(population.standard_error(0, 1), population.error_bar(0, 1) * wider, 1e-9);
}

#[test]
fn two_threads_give_the_bytes_of_one() {
    let dataset = people(&scattered(7, 0.5, 1.0, 1), 4, 1);
    let (levels, scales) = (level(), no_level());
    let scale = Problem::new(&scales, Problem::default_roles(&scales)).unwrap();
    let level = problem(&levels);
    let two = Workers::new(NonZeroUsize::new(2)).unwrap();
    let run = |workers: &Workers| {
        let method = HierarchicalBayesianInference::default();
        format!("{:?}", compare(&[&level, &scale], &Formulas::new(), &dataset, &method, workers))
    };
    assert_eq!(run(&Workers::serial()), run(&two));
}
