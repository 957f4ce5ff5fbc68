//! A subject's estimates under a population: as those of Laplace's method, but contraction is against the population.
//!
//! The contraction of a component is `1 - gᵀ V g / gᵀ Σ g`, with g its derivative with respect to the coordinates, V the
//! covariance of the subject's posterior and Σ that of the population; for a parameter with one coordinate, 1 less the ratio of
//! the two variances.

use crate::estimates::estimates;
use crate::hessian::Curvature;
use crate::hierarchical::GroupProblem;
use crate::problem::FreeParameter;
use crate::results::Estimate;
use crate::sampling::quantile;
use nalgebra::DMatrix;

/// From the normal approximation around a mode.
pub(super) fn of_curvature(
    group: &GroupProblem<'_>,
    point: &[f64],
    curvature: &Curvature,
    population: &DMatrix<f64>,
) -> Vec<Estimate> {
    let mut found = estimates(group.problem(), point, Some(curvature));
    let contractions = contractions(group, point, &curvature.covariance, population);
    found.iter_mut().zip(contractions).for_each(|(estimate, c)| estimate.contraction = c);
    found
}

/// From draws of the coordinates: standard deviations and quantiles on the natural scale, at the given point.
pub(super) fn of_draws(
    group: &GroupProblem<'_>,
    point: &[f64],
    draws: &[Vec<f64>],
    covariance: &DMatrix<f64>,
    population: &DMatrix<f64>,
) -> Vec<Estimate> {
    let problem = group.problem();
    let mut found = estimates(problem, point, None);
    let natural = |draw: &Vec<f64>| {
        let mut values = vec![0.0; problem.free_positions().len()];
        problem.write_free_values(draw, &mut values);
        values
    };
    let values: Vec<Vec<f64>> = draws.iter().map(natural).collect();
    let contractions = contractions(group, point, covariance, population);
    for (index, (estimate, contraction)) in found.iter_mut().zip(contractions).enumerate() {
        let column: Vec<f64> = values.iter().map(|value| value[index]).collect();
        let count = column.len() as f64;
        let mean = column.iter().sum::<f64>() / count;
        let variance = column.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (count - 1.0);
        estimate.standard_error = Some(variance.sqrt());
        estimate.lower = Some(quantile(&column, 0.025));
        estimate.upper = Some(quantile(&column, 0.975));
        estimate.contraction = contraction;
    }
    found
}

/// One per free component; `None` where it is not defined.
fn contractions(
    group: &GroupProblem<'_>,
    point: &[f64],
    covariance: &DMatrix<f64>,
    population: &DMatrix<f64>,
) -> Vec<Option<f64>> {
    let of_parameter = |p: &FreeParameter| {
        let own = &point[p.coordinates.clone()];
        let mut natural = vec![0.0; p.natural.len()];
        p.transform.to_natural(own, &mut natural);
        let ratio = |component: usize| {
            let gradient = match own.len() {
                1 => vec![1.0],
                _ => p.transform.component_gradient(own, &natural, component),
            };
            let ratio = along(covariance, p, &gradient) / along(population, p, &gradient);
            Some(1.0 - ratio).filter(|c| c.is_finite())
        };
        (0..natural.len()).map(ratio).collect::<Vec<_>>()
    };
    group.problem().free().iter().flat_map(of_parameter).collect()
}

/// `gᵀ V g` over a parameter's own coordinates.
fn along(covariance: &DMatrix<f64>, p: &FreeParameter, gradient: &[f64]) -> f64 {
    let first = p.coordinates.start;
    let terms = gradient.iter().enumerate().flat_map(|(row, a)| {
        gradient.iter().enumerate().map(move |(column, b)| a * b * covariance[(first + row, first + column)])
    });
    terms.sum()
}
