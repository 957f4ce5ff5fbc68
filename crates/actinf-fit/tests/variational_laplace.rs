//! SPM's schedule, against closed forms. Recorded runs of SPM are golden cases.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

mod toys;

use actinf_agents::LikelihoodError;
use actinf_fit::optimisers::{Derivatives, VariationalLaplace};
use actinf_fit::{
    FittedSubject, FittingMethod, LaplaceApproximation, Objective, Prior, Problem, SpmVariationalLaplace,
    Verdict,
};
use nalgebra::{DMatrix, DVector};
use toys::{coin, free, near, tosses};

/// `-½ Σ w_k (x_k - c_k)²`.
struct Bowl {
    centre: [f64; 2],
    weights: [f64; 2],
}

impl Objective for Bowl {
    fn evaluate(&mut self, p: &[f64], gradient: &mut [f64]) -> Result<f64, LikelihoodError> {
        let mut total = 0.0;
        for k in 0..2 {
            let error = p[k] - self.centre[k];
            gradient[k] = -self.weights[k] * error;
            total -= 0.5 * self.weights[k] * error * error;
        }
        Ok(total)
    }
}

#[test]
fn a_conjugate_normal_has_its_posterior_and_evidence() {
    let mut bowl = Bowl { centre: [3.0, -2.0], weights: [40.0, 25.0] };
    let prior = DMatrix::from_row_slice(2, 2, &[2.0, 0.6, 0.6, 1.0]);
    for derivatives in [Derivatives::Exact, VariationalLaplace::default().derivatives] {
        let engine = VariationalLaplace { derivatives, ..VariationalLaplace::default() };
        let found = engine.maximise(&mut bowl, &[0.5, 0.0], &prior).unwrap();
        let data = DMatrix::from_diagonal(&DVector::from_vec(bowl.weights.to_vec()));
        let precision = prior.clone().try_inverse().unwrap();
        let covariance = (&precision + &data).try_inverse().unwrap();
        let pull = &precision * DVector::from_vec(vec![0.5, 0.0]);
        let mean = &covariance * (pull + &data * DVector::from_vec(bowl.centre.to_vec()));
        // It stops when the next step promises less than 0.1 nats: within √(2 · 0.1) standard deviations.
        for k in 0..2 {
            near(found.mean[k], mean[k], 0.45 * covariance[(k, k)].sqrt());
            near(found.covariance[(k, k)], covariance[(k, k)], 1e-5);
        }
        // ln ∫ exp(-½ wᵀ(x - c)²) Normal(x): -½ (c - m)ᵀ (S + W⁻¹)⁻¹ (c - m) - ½ ln det(1 + S W).
        let spread = &prior + data.clone().try_inverse().unwrap();
        let offset = DVector::from_vec(vec![2.5, -2.0]);
        let square = (offset.transpose() * spread.try_inverse().unwrap() * &offset)[(0, 0)];
        let evidence = -0.5 * square - 0.5 * (DMatrix::identity(2, 2) + &prior * data).determinant().ln();
        assert!(found.free_energy <= evidence + 1e-5);
        near(found.free_energy, evidence, 0.1);
    }
}

#[test]
fn a_parameter_without_prior_variance_stays_where_it_is() {
    let mut bowl = Bowl { centre: [3.0, -2.0], weights: [4.0, 25.0] };
    let prior = DMatrix::from_row_slice(2, 2, &[0.0, 0.0, 0.0, 1.0]);
    let found = VariationalLaplace::default().maximise(&mut bowl, &[0.5, 0.0], &prior).unwrap();
    near(found.mean[0], 0.5, 0.0);
    near(found.covariance[(0, 0)], 0.0, 0.0);
}

/// The trap: where less than about a nat is to be gained it stops after four iterations, near the prior mean.
#[test]
fn a_small_gain_is_not_taken() {
    let mut bowl = Bowl { centre: [0.5, 0.0], weights: [4.0, 4.0] };
    let found =
        VariationalLaplace::default().maximise(&mut bowl, &[0.0, 0.0], &DMatrix::identity(2, 2)).unwrap();
    assert_eq!(found.trace.len(), 4);
    assert!(found.mean[0] < 0.1, "{} instead of 0.4", found.mean[0]);
}

fn fitted(prior: Prior, right: usize, left: usize) -> Result<FittedSubject, String> {
    let coin = coin();
    let problem = Problem::new(&coin, vec![free(prior)]).unwrap();
    SpmVariationalLaplace::default().fit_subject(&problem, &tosses("ada", right, left), 0, 1)
}

/// The schedule's estimate is reported as it is, and where the optimum is stands beside it.
#[test]
fn a_fit_that_stopped_early_says_where_the_optimum_is() {
    let prior = Prior::LogitNormal { mean: 0.0, sd: 0.7 };
    let fit = fitted(prior.clone(), 5, 2).unwrap().fit;
    let coin = coin();
    let problem = Problem::new(&coin, vec![free(prior)]).unwrap();
    let laplace = LaplaceApproximation::default();
    let optimum = laplace.fit_subject(&problem, &tosses("ada", 5, 2), 0, 1).unwrap().fit;
    let gap = optimum.log_posterior - fit.log_posterior;
    assert_eq!(fit.verdict, Verdict::NotConverged);
    assert!(gap > 0.1 && fit.estimates[0].estimate < optimum.estimates[0].estimate - 0.02, "{gap}");
    let place = format!(
        "{gap:.2} nats higher, at {} = {:.4}",
        optimum.estimates[0].parameter, optimum.estimates[0].estimate
    );
    assert!(fit.verdict_reason.contains("after 4 iterations"), "{}", fit.verdict_reason);
    assert!(fit.verdict_reason.contains(&place), "{} instead of {place}", fit.verdict_reason);
}

#[test]
fn a_fit_that_came_to_the_optimum_has_the_verdict_and_evidence_of_the_optimum() {
    let prior = Prior::LogitNormal { mean: 0.0, sd: 1.5 };
    let fit = fitted(prior.clone(), 450, 50).unwrap().fit;
    let coin = coin();
    let problem = Problem::new(&coin, vec![free(prior)]).unwrap();
    let laplace = LaplaceApproximation::default();
    let optimum = laplace.fit_subject(&problem, &tosses("ada", 450, 50), 0, 1).unwrap().fit;
    assert_eq!(fit.verdict, optimum.verdict);
    assert!(fit.verdict_reason.contains("at the optimum"), "{}", fit.verdict_reason);
    near(fit.log_evidence.unwrap(), optimum.log_evidence.unwrap(), 0.02);
}

#[test]
fn a_prior_that_is_not_normal_on_the_line_is_refused_by_name() {
    let reason = fitted(Prior::Uniform, 3, 4).unwrap_err();
    assert!(reason.contains("normal on the unconstrained scale") && reason.contains("Uniform"), "{reason}");
}
