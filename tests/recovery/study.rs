//! People simulated with known values, fitted, and what came back.

use actinf_agents::{BehaviourModel, Design};
use actinf_fit::{Dataset, FittingMethod, Outcome, Problem, Transform, Workers, draw_values, fit, simulate};

/// One free parameter: true values and estimates, on the scale of the search, and how many intervals cover the truth.
pub(crate) struct Recovered {
    pub(crate) parameter: String,
    pub(crate) pairs: Vec<(f64, f64)>,
    pub(crate) covered: usize,
}

/// Simulates so many people with values drawn from the priors, fits them, and compares. People who could not be fitted are left
/// out. Seeds are 1.
pub(crate) fn recovered(
    model: &dyn BehaviourModel,
    problem: &Problem<'_>,
    design: Design,
    subjects: usize,
    method: &dyn FittingMethod,
) -> Vec<Recovered> {
    let workers = Workers::new(None).unwrap();
    let values = draw_values(problem, subjects, 1).unwrap();
    let simulated = simulate(model, &values, design, 1, &workers, &|_| ());
    assert!(simulated.failures.is_empty(), "{:?}", simulated.failures);
    let dataset =
        Dataset { groups: vec![None; subjects], subjects: simulated.subjects, ..Dataset::default() };
    let fitted = fit(problem, &dataset, method, 1, &workers, &|_| ());
    let positions = problem.free_positions().iter().enumerate();
    positions.map(|(k, &position)| one(model, &fitted.subjects, &values, (k, position))).collect()
}

fn one(
    model: &dyn BehaviourModel,
    subjects: &[actinf_fit::SubjectRecord],
    values: &[Vec<f64>],
    (k, position): (usize, usize),
) -> Recovered {
    let parameter = &model.parameters()[position];
    let searched = |value: f64| {
        let mut coordinate = [0.0];
        Transform::of(parameter.support).to_unconstrained(&[value], &mut coordinate);
        coordinate[0]
    };
    let mut recovered = Recovered { parameter: parameter.name.clone(), pairs: Vec::new(), covered: 0 };
    for (subject, truth) in subjects.iter().zip(values) {
        let Outcome::Fitted(fit) = &subject.outcome else { continue };
        let (estimate, truth) = (&fit.estimates[k], truth[position]);
        recovered.pairs.push((searched(truth), searched(estimate.estimate)));
        let inside = |(lower, upper): (f64, f64)| lower < truth && truth < upper;
        recovered.covered += usize::from(estimate.lower.zip(estimate.upper).is_some_and(inside));
    }
    recovered
}

fn mean(numbers: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = numbers.fold((0.0, 0.0), |(sum, count), number| (sum + number, count + 1.0));
    sum / count
}

impl Recovered {
    /// The standard deviations of true values and estimates, and their covariance.
    fn moments(&self) -> (f64, f64, f64) {
        let (x, y) = (mean(self.pairs.iter().map(|p| p.0)), mean(self.pairs.iter().map(|p| p.1)));
        let covariance = |f: &dyn Fn(&(f64, f64)) -> f64| mean(self.pairs.iter().map(f));
        (
            covariance(&|p| (p.0 - x).powi(2)).sqrt(),
            covariance(&|p| (p.1 - y).powi(2)).sqrt(),
            covariance(&|p| (p.0 - x) * (p.1 - y)),
        )
    }

    /// Pearson's correlation of true values and estimates.
    pub(crate) fn correlation(&self) -> f64 {
        let (true_sd, sd, covariance) = self.moments();
        covariance / (true_sd * sd)
    }

    /// The mean of estimate - truth, in standard deviations of the true values.
    pub(crate) fn bias(&self) -> f64 {
        mean(self.pairs.iter().map(|(truth, estimate)| estimate - truth)) / self.moments().0
    }

    /// The share of intervals that cover the truth.
    pub(crate) fn coverage(&self) -> f64 {
        self.covered as f64 / self.pairs.len() as f64
    }
}

#[test]
fn the_three_numbers_of_a_small_example() {
    // Deviations -1, 0, 1 and -2, 1, 1: covariance 1, standard deviations √(2/3) and √2; bias (1 + 3 + 2) / 3 = 2.
    let pairs = vec![(0.0, 1.0), (1.0, 4.0), (2.0, 4.0)];
    let recovered = Recovered { parameter: String::new(), pairs, covered: 2 };
    assert!((recovered.correlation() - 1.0 / (4.0_f64 / 3.0).sqrt()).abs() < 1e-12);
    assert!((recovered.bias() - 2.0 / (2.0_f64 / 3.0).sqrt()).abs() < 1e-12);
    assert!((recovered.coverage() - 2.0 / 3.0).abs() < 1e-12);
}
