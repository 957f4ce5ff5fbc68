//! The converged optimum: its place, log posterior, curvature and free energy, and the log evidence by quadrature.

use super::super::super::differences::Differences;
use super::super::arrays::{self, flat};
use super::number;
use actinf_agents::Subject;
use actinf_fit::{FittingMethod, LogPosterior, MaximumAPosteriori, NormalApproximation, Problem, SubjectFit};
use nalgebra::{DMatrix, DVector, SymmetricEigen};
use serde_json::Value;
use std::f64::consts::PI;

/// Of the log posterior.
const TOLERANCE: f64 = 1e-9;

/// Of the place of the optimum, in θ: what the recording's gradient, below 1e-4 at its optimum, leaves open.
const PLACE: f64 = 1e-5;

/// Of second derivatives by the same differences, relative to their size.
const CURVATURE: f64 = 1e-6;

/// The step of the differences that the recorded curvature was computed by.
const STEP: f64 = 2e-3;

/// Of free energies at the optimum, which a curvature's relative error moves by half of it.
const FREE_ENERGY: f64 = 1e-6;

/// Of the recorded quadrature, which is accurate to about 1e-4 itself.
const QUADRATURE: f64 = 2e-4;

/// What Laplace's method may differ from quadrature by, in nats.
const LAPLACE: f64 = 0.1;

/// The grid of the quadrature: points to either side of the centre, and how many standard deviations they reach.
const POINTS: i32 = 14;
const REACH: f64 = 7.0;

pub(super) fn compare(document: &Value, problem: &Problem<'_>, subject: &Subject) -> Result<(), String> {
    let recorded = &document["converged_map"];
    let mut posterior = LogPosterior::new(problem, subject).map_err(|error| error.to_string())?;
    let evidence_in_the_limit = compare_recorded_optimum(document, problem, &mut posterior)?;
    let fit = MaximumAPosteriori::default().fit_subject(problem, subject, 0, 1)?.fit;
    let approximation = fit.approximation.as_ref().ok_or("the optimum has no curvature")?;
    let mut differences = Differences::absolute(PLACE);
    differences.compare_all("optimum", &approximation.mean, &flat(&recorded["map"]));
    differences.finish()?;
    let evidence = fit.log_evidence.ok_or("the optimum has no log evidence")?;
    let mut differences = Differences::absolute(FREE_ENERGY);
    differences.compare("free energy at the optimum", evidence, evidence_in_the_limit);
    differences.finish()?;
    match document.get("quadrature") {
        Some(recorded) => compare_quadrature(recorded, &mut posterior, &fit, approximation),
        None => Ok(()),
    }
}

/// At the recorded optimum: log posterior, curvature by the differences that were recorded, and the free energy with it. Their
/// step makes an error in proportion to its square, which is seen from half the step; returns the free energy without it.
fn compare_recorded_optimum(
    document: &Value,
    problem: &Problem<'_>,
    posterior: &mut LogPosterior<'_>,
) -> Result<f64, String> {
    let recorded = &document["converged_map"];
    let map = flat(&recorded["map"]);
    let variances: Vec<f64> =
        arrays::items(&document["params"]).iter().map(|p| number(p, "prior_var")).collect();
    // The constant of the prior, which the recording leaves out.
    let constant: f64 = variances.iter().map(|variance| -0.5 * (2.0 * PI * variance).ln()).sum();
    let mut value = |point: &[f64]| posterior.value(point).map_err(|error| error.to_string());
    let log_posterior = number(recorded, "log_posterior_unnorm");
    let mut differences = Differences::absolute(TOLERANCE);
    differences.compare("log posterior at the recorded optimum", value(&map)?, log_posterior + constant);
    differences.finish()?;
    let (whole, half) = (curvature(&mut value, &map, STEP)?, curvature(&mut value, &map, STEP / 2.0)?);
    let mut differences = Differences::relative(CURVATURE);
    for i in 0..problem.dimension() {
        for j in 0..problem.dimension() {
            let recorded = arrays::number(&recorded["hessian_central"], &[i, j]);
            differences.compare(&format!("curvature {i} {j}"), whole[(i, j)], recorded);
        }
    }
    differences.finish()?;
    let spread: f64 = variances.iter().map(|variance| 0.5 * variance.ln()).sum();
    let free_energy =
        |curvature: &DMatrix<f64>| log_posterior - 0.5 * (-curvature).determinant().ln() - spread;
    let (whole, half) = (free_energy(&whole), free_energy(&half));
    let mut differences = Differences::absolute(FREE_ENERGY);
    differences.compare("free energy at the recorded optimum", whole, number(recorded, "F_laplace"));
    differences.finish()?;
    Ok((4.0 * half - whole) / 3.0)
}

/// Second derivatives by central differences.
fn curvature(
    value: &mut dyn FnMut(&[f64]) -> Result<f64, String>,
    at: &[f64],
    step: f64,
) -> Result<DMatrix<f64>, String> {
    let mut curvature = DMatrix::zeros(at.len(), at.len());
    for i in 0..at.len() {
        for j in 0..at.len() {
            for (a, b) in [(1.0, 1.0), (1.0, -1.0), (-1.0, 1.0), (-1.0, -1.0)] {
                let mut moved = at.to_vec();
                moved[i] += a * step;
                moved[j] += b * step;
                curvature[(i, j)] += a * b * value(&moved)? / (4.0 * step * step);
            }
        }
    }
    Ok(curvature)
}

/// Evidence and moments on a grid in whitened coordinates around the optimum.
fn compare_quadrature(
    recorded: &Value,
    posterior: &mut LogPosterior<'_>,
    fit: &SubjectFit,
    approximation: &NormalApproximation,
) -> Result<(), String> {
    let centre = DVector::from_column_slice(&approximation.mean);
    let rows: Vec<f64> = approximation.covariance.concat();
    let eigen = SymmetricEigen::new(DMatrix::from_row_slice(2, 2, &rows));
    let root = &eigen.eigenvectors * DMatrix::from_diagonal(&eigen.eigenvalues.map(f64::sqrt));
    let spacing = REACH / f64::from(POINTS);
    let (mut mass, mut mean, mut square) = (0.0, DVector::zeros(2), DMatrix::zeros(2, 2));
    for i in -POINTS..=POINTS {
        for j in -POINTS..=POINTS {
            let z = DVector::from_vec(vec![f64::from(i), f64::from(j)]) * spacing;
            let point = &centre + &root * z;
            let value = posterior.value(point.as_slice()).map_err(|error| error.to_string())?;
            let weight = (value - fit.log_posterior).exp();
            mass += weight;
            mean += &point * weight;
            square += &point * point.transpose() * weight;
        }
    }
    let evidence = fit.log_posterior + (mass * spacing * spacing * root.determinant().abs()).ln();
    mean /= mass;
    let covariance = square / mass - &mean * mean.transpose();
    let mut differences = Differences::absolute(QUADRATURE);
    differences.compare("log evidence by quadrature", evidence, number(recorded, "log_evidence"));
    differences.compare_all("posterior mean", mean.as_slice(), &flat(&recorded["mean"]));
    differences.compare_all("posterior covariance", covariance.as_slice(), &flat(&recorded["cov"]));
    differences.finish()?;
    let mut differences = Differences::absolute(LAPLACE);
    let laplace = fit.log_evidence.unwrap_or(f64::NAN);
    differences.compare("Laplace's evidence", laplace, number(recorded, "log_evidence"));
    differences.finish()
}
