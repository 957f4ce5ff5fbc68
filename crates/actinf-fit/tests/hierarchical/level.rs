//! The conjugate toy: ratings around a level, `y_it ~ Normal(θ_i, 1)`, with `θ_i ~ Normal(μ_i, σ²)`.
//!
//! With T ratings per person the means ȳ_i are sufficient and `ȳ_i ~ Normal(μ_i, σ² + 1/T)`.

use crate::toys::{self, Toy, parameter};
use actinf_agents::Support;
use actinf_fit::{Covariate, Dataset, Prior, Problem, Role};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};
use std::f64::consts::PI;

pub fn level() -> Toy {
    Toy::new(vec![parameter("level", Support::Real, &[0.0])], |subject, values, gradient| {
        gradient.fill(0.0);
        let mut total = 0.0;
        for y in subject.steps().filter_map(|(_, step)| step.responses[0]) {
            let error = y - values[0];
            gradient[0] += error;
            total -= 0.5 * error * error + 0.5 * (2.0 * PI).ln();
        }
        Ok(total)
    })
}

/// The level free under Normal(0, 2²).
pub fn problem(toy: &Toy) -> Problem<'_> {
    let prior = Prior::Normal { mean: 0.0, sd: 2.0 };
    Problem::new(toy, vec![Role::Free { prior, default_prior: false }]).unwrap()
}

pub fn normals(seed: u64) -> impl FnMut() -> f64 {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    move || StandardNormal.sample(&mut rng)
}

/// One person per true level, with T ratings.
pub fn people(levels: &[f64], ratings: usize, seed: u64) -> Dataset {
    let mut normal = normals(seed);
    let person = |(index, level): (usize, &f64)| {
        let values: Vec<f64> = (0..ratings).map(|_| level + normal()).collect();
        toys::ratings(&format!("s{index}"), &values)
    };
    let subjects = levels.iter().enumerate().map(person).collect();
    toys::dataset(subjects)
}

/// The mean rating of each person.
pub fn mean_ratings(dataset: &Dataset) -> Vec<f64> {
    let mean = |subject: &actinf_agents::Subject| {
        let values: Vec<f64> = subject.steps().filter_map(|(_, step)| step.responses[0]).collect();
        values.iter().sum::<f64>() / values.len() as f64
    };
    dataset.subjects.iter().map(mean).collect()
}

pub fn with_covariate(mut dataset: Dataset, name: &str, values: &[f64]) -> Dataset {
    let values = values.iter().map(|&x| Some(x)).collect();
    dataset.covariates.push(Covariate { name: name.into(), values });
    dataset
}

pub fn with_groups(mut dataset: Dataset, groups: &[&str]) -> Dataset {
    dataset.group_column = Some("diagnosis".into());
    dataset.groups = groups.iter().map(|g| Some((*g).to_owned())).collect();
    dataset
}

/// `ln p(y) = Σ_t ln Normal(y_t; θ, 1)` integrated over `θ ~ Normal(mean, variance)`.
pub fn log_evidence(values: &[f64], mean: f64, variance: f64) -> f64 {
    let t = values.len() as f64;
    let average = values.iter().sum::<f64>() / t;
    let within: f64 = values.iter().map(|y| (y - average).powi(2)).sum();
    let total = variance + 1.0 / t;
    -0.5 * ((t - 1.0) * (2.0 * PI).ln() + within + t.ln())
        - 0.5 * ((2.0 * PI * total).ln() + (average - mean).powi(2) / total)
}
