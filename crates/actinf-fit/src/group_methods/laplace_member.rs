//! A member whose posterior is a normal approximation around a mode.

use super::FoundMember;
use super::estimates_under::of_curvature;
use crate::hessian::Curvature;
use crate::hierarchical::{GroupProblem, SubjectPosterior};
use crate::results::Convergence;
use nalgebra::DMatrix;

/// The member at `subject` of the group, under a population that predicts `predicted` and varies by `population`.
pub(super) fn laplace_member(
    group: &GroupProblem<'_>,
    subject: usize,
    posterior: &SubjectPosterior,
    predicted: Vec<f64>,
    population: &DMatrix<f64>,
) -> FoundMember {
    let SubjectPosterior { mode, covariance, search, .. } = posterior;
    let eigenvalues = covariance.clone().symmetric_eigenvalues();
    let curvature = Curvature {
        covariance: covariance.clone(),
        log_determinant: posterior.log_determinant,
        condition: eigenvalues.max() / eigenvalues.min(),
    };
    FoundMember {
        subject,
        point: mode.clone(),
        covariance: covariance.clone(),
        predicted,
        estimates: of_curvature(group, mode, &curvature, population),
        log_prior: posterior.log_joint - posterior.log_likelihood,
        log_evidence: Some(posterior.log_evidence),
        importance_sampling: None,
        convergence: Convergence {
            converged: true,
            reason: search.reason.clone(),
            starts: search.starts,
            starts_agreeing: search.starts_agreeing,
            gap_to_second: None,
            gradient_norm: posterior.gradient_norm,
            hessian_condition: Some(curvature.condition),
            evaluations: search.evaluations,
        },
        responsibilities: Vec::new(),
    }
}
