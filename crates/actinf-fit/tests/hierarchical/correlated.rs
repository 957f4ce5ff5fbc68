//! Three coordinates that are correlated in the population: the coefficients of a curve through each person's ratings.

use crate::level::{normals, with_groups};
use crate::toys::{self, Toy, near, parameter};
use actinf_agents::Support;
use actinf_fit::hierarchical::{
    CovarianceForm, ExpectationMaximisation, Formula, GroupDensity, GroupHyperpriors, GroupProblem,
    HierarchicalSampler, Parametrisation, ParametrisationChoice,
};
use actinf_fit::sampling::{NoUTurnSampler, unwatched};
use actinf_fit::{Dataset, Objective, Prior, Problem, Role, Workers};
use std::collections::BTreeMap;

const RATINGS: usize = 12;

/// `y_t ~ Normal(θ_1 + θ_2 x_t + θ_3 (x_t² - 1), 1)` with x from -1.1 to 1.1.
fn curve() -> Toy {
    let names = ["height", "slope", "bend"].map(|name| parameter(name, Support::Real, &[0.0]));
    Toy::new(names.to_vec(), |subject, values, gradient| {
        gradient.fill(0.0);
        let mut total = 0.0;
        for (place, y) in subject.steps().filter_map(|(place, step)| Some((place, step.responses[0]?))) {
            let x = 0.2 * place.step as f64 - 1.1;
            let terms = [1.0, x, x * x - 1.0];
            let error = y - terms.iter().zip(values).map(|(a, b)| a * b).sum::<f64>();
            gradient.iter_mut().zip(terms).for_each(|(slope, term)| *slope += error * term);
            total -= 0.5 * error * error;
        }
        Ok(total)
    })
}

fn problem(toy: &Toy) -> Problem<'_> {
    let role = || Role::Free { prior: Prior::Normal { mean: 0.0, sd: 2.0 }, default_prior: false };
    Problem::new(toy, vec![role(), role(), role()]).unwrap()
}

/// People whose height and slope correlate by 0.8, while the bend is independent; standard deviations 1.
fn people(count: usize) -> Dataset {
    let mut normal = normals(21);
    let person = |index: usize, normal: &mut dyn FnMut() -> f64| {
        let (a, b, c) = (normal(), normal(), normal());
        let theta = [a, 0.8 * a + 0.6 * b, c];
        let rating = |t: usize| {
            let x = 0.2 * t as f64 - 1.1;
            theta[0] + theta[1] * x + theta[2] * (x * x - 1.0) + normal()
        };
        toys::ratings(&format!("s{index:02}"), &(0..RATINGS).map(rating).collect::<Vec<f64>>())
    };
    toys::dataset((0..count).map(|index| person(index, &mut normal)).collect())
}

/// All ways of moving three coordinates, against central differences.
#[test]
fn the_gradient_with_correlations_is_exact_however_coordinates_are_moved() {
    let dataset = with_groups(people(4), &["a", "b", "b", "a"]);
    let toy = curve();
    let problem = problem(&toy);
    let formulas = BTreeMap::from([("slope".to_owned(), "1 + group".parse::<Formula>().unwrap())]);
    let group = GroupProblem::new(&problem, &dataset, &formulas).unwrap();
    let hyperpriors =
        GroupHyperpriors { correlation_shape: Some(2.0), ..GroupHyperpriors::weakly_informative(&group) };
    for ways in 0..8 {
        let way = |c: usize| match (ways >> c) & 1 {
            0 => Parametrisation::Centred,
            _ => Parametrisation::NonCentred,
        };
        let each = [way(0), way(1), way(2)];
        let mut density = GroupDensity::of_all(&group, &hyperpriors, &each).unwrap();
        // Four weights, three log standard deviations, three correlations, four people.
        assert_eq!(density.dimension(), 4 + 3 + 3 + 12);
        let mut normal = normals(30 + ways);
        let point: Vec<f64> = (0..density.dimension()).map(|_| 0.5 * normal()).collect();
        let (mut gradient, mut unused) = (vec![0.0; point.len()], vec![0.0; point.len()]);
        density.evaluate(&point, &mut gradient).unwrap();
        for k in 0..point.len() {
            let mut at = |step: f64| {
                let mut moved = point.clone();
                moved[k] += step;
                density.evaluate(&moved, &mut unused).unwrap()
            };
            near(gradient[k], (at(1e-5) - at(-1e-5)) / 2e-5, 1e-6);
        }
    }
}

/// Both ways of moving draw from the same posterior (within five standard errors of the difference, three correlations: a false
/// alarm once in 500 000 runs), and it holds the correlation that expectation maximisation finds.
#[test]
fn correlations_are_found_however_coordinates_are_moved() {
    let dataset = people(40);
    let toy = curve();
    let problem = problem(&toy);
    let group = GroupProblem::new(&problem, &dataset, &BTreeMap::new()).unwrap();
    let start =
        ExpectationMaximisation { covariance: CovarianceForm::Full, ..ExpectationMaximisation::default() };
    let estimates = start.fit(&group, 1, &Workers::serial()).unwrap();
    let found = [Parametrisation::Centred, Parametrisation::NonCentred].map(|way| {
        let method = HierarchicalSampler {
            sampler: NoUTurnSampler { warm_up: 400, draws: 750, ..NoUTurnSampler::default() },
            covariance: CovarianceForm::Full,
            parametrisation: ParametrisationChoice::All(way),
            ..HierarchicalSampler::default()
        };
        method.fit(&group, &estimates, 1, &Workers::serial(), &unwatched).unwrap()
    });
    for (index, name) in ["cor(height, slope)", "cor(height, bend)", "cor(slope, bend)"].iter().enumerate() {
        let quantities = [0, 1].map(|way| &found[way].report.quantities[6 + index]);
        assert!(quantities.iter().all(|q| q.name == *name && q.r_hat < 1.02), "{quantities:?}");
        let error = quantities[0].mean_standard_error.hypot(quantities[1].mean_standard_error);
        near(quantities[0].mean, quantities[1].mean, 5.0 * error);
    }
    let correlation = &found[0].report.quantities[6];
    // Expectation maximisation, which knows no prior of the correlations, lies within the interval, and zero does not.
    let covariance = &estimates.population.covariance;
    let estimate = covariance[(0, 1)] / (covariance[(0, 0)] * covariance[(1, 1)]).sqrt();
    assert!(
        correlation.quantiles[0] > 0.0
            && (correlation.quantiles[0]..correlation.quantiles[4]).contains(&estimate)
    );
}
