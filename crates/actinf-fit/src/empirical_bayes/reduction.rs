//! Bayesian model reduction: evidence and posterior under another prior, from those under the full one.
//!
//! ```text
//! likelihood   Λ = P_q - P_p              η = P_q m_q - P_p m_p              of the posterior q under the prior p
//! new prior r  θ = m_r + L z, L Lᵀ = C_r, z ~ N(0, I)                        L has a column per direction with variance
//!              H = I + Lᵀ Λ L             g = Lᵀ (η - Λ m_r)
//! posterior    m_s = m_r + L H⁻¹ g        C_s = L H⁻¹ Lᵀ
//! evidence     ln p(y | r) - ln p(y | p) = m_rᵀ η - ½ m_rᵀ Λ m_r + ½ gᵀ H⁻¹ g - ½ ln|H|
//!                                          - ½ (m_qᵀ P_q m_q - m_pᵀ P_p m_p + ln|C_q| - ln|C_p|)
//! ```
//!
//! Exact where the posterior is normal. A parameter is switched off by a prior variance of 0. SPM's formula,
//! `½ ln|P_r P_q C_s C_p| - ½ (m_qᵀ P_q m_q + m_rᵀ P_r m_r - m_pᵀ P_p m_p - m_sᵀ P_s m_s)` with `P_s = P_q + P_r - P_p`, is the
//! same where `C_r` is positive definite; it has no precision for a variance of 0 and adds a small number to it instead.

use super::error::EmpiricalBayesError;
use super::gaussian::{Gaussian, inverse, log_determinant, root, spm_inverse, symmetric};
use nalgebra::{Cholesky, DMatrix};

/// What changes under another prior.
#[derive(Clone, Debug, PartialEq)]
pub struct Reduced {
    /// The log evidence under the new prior minus the one under the full prior, in nats.
    pub log_evidence_change: f64,
    /// The posterior under the new prior.
    pub posterior: Gaussian,
}

/// Reduces a model to the prior `reduced`, whose covariance may be singular.
///
/// # Errors
///
/// If a distribution has the wrong size, posterior or full prior are not positive definite, or the likelihood that they imply
/// is so far from normal that the new prior gives no posterior.
///
/// # Example
///
/// A parameter with prior N(0, 1) and posterior N(0.6, 0.2²) is switched off: the evidence changes by the ratio of posterior
/// and prior density at 0 (Savage and Dickey), `ln 5 - ½ · 9`.
///
/// ```
/// use actinf_fit::empirical_bayes::{Gaussian, reduce};
/// let posterior = Gaussian::from_rows(&[0.6], &[0.04])?;
/// let prior = Gaussian::from_rows(&[0.0], &[1.0])?;
/// let off = Gaussian::from_rows(&[0.0], &[0.0])?;
/// let reduced = reduce(&posterior, &prior, &off)?;
/// assert!((reduced.log_evidence_change - (5.0_f64.ln() - 4.5)).abs() < 1e-12);
/// assert_eq!(reduced.posterior.mean[0], 0.0);
/// # Ok::<(), actinf_fit::empirical_bayes::EmpiricalBayesError>(())
/// ```
pub fn reduce(
    posterior: &Gaussian,
    prior: &Gaussian,
    reduced: &Gaussian,
) -> Result<Reduced, EmpiricalBayesError> {
    Full::new(posterior, prior)?.reduce(reduced)
}

/// A full model, prepared to be reduced many times.
#[derive(Clone, Debug)]
pub(super) struct Full {
    /// `Λ`.
    precision: DMatrix<f64>,
    /// `η`.
    information: nalgebra::DVector<f64>,
    /// The terms of the evidence that belong to the full model.
    constant: f64,
}

impl Full {
    pub(super) fn new(posterior: &Gaussian, prior: &Gaussian) -> Result<Full, EmpiricalBayesError> {
        let size = posterior.size();
        posterior.check("the posterior", size)?;
        prior.check("the prior", size)?;
        let posterior_precision = inverse(&posterior.covariance, "the covariance of the posterior")?;
        let prior_precision = inverse(&prior.covariance, "the covariance of the prior")?;
        let quadratic =
            |precision: &DMatrix<f64>, of: &Gaussian| (of.mean.transpose() * precision * &of.mean)[0];
        let constant = quadratic(&posterior_precision, posterior) - quadratic(&prior_precision, prior)
            + log_determinant(&posterior.covariance, "the covariance of the posterior")?
            - log_determinant(&prior.covariance, "the covariance of the prior")?;
        Ok(Full {
            information: &posterior_precision * &posterior.mean - &prior_precision * &prior.mean,
            precision: posterior_precision - prior_precision,
            constant: 0.5 * constant,
        })
    }

    pub(super) fn reduce(&self, reduced: &Gaussian) -> Result<Reduced, EmpiricalBayesError> {
        reduced.check("the new prior", self.information.len())?;
        let root = root(&reduced.covariance);
        let free = root.ncols();
        let h = DMatrix::identity(free, free) + root.transpose() * &self.precision * &root;
        let factor = Cholesky::new(symmetric(&h));
        let factor = factor.ok_or_else(|| {
            EmpiricalBayesError::not_positive_definite("the posterior precision under the new prior")
        })?;
        let mean = &reduced.mean;
        let slope = &self.information - &self.precision * mean;
        let g = root.transpose() * &slope;
        let step = factor.solve(&g);
        let log_determinant = 2.0 * factor.l_dirty().diagonal().map(f64::ln).sum();
        let at_mean = mean.dot(&self.information) - 0.5 * (mean.transpose() * &self.precision * mean)[0];
        Ok(Reduced {
            log_evidence_change: at_mean + 0.5 * g.dot(&step) - 0.5 * log_determinant - self.constant,
            posterior: Gaussian {
                mean: mean + &root * &step,
                covariance: &root * factor.inverse() * root.transpose(),
            },
        })
    }
}

/// What SPM adds to covariances in `spm_log_evidence_reduce`.
pub(super) const SPM_REDUCE: f64 = 1e-8;

/// What SPM adds to covariances in `spm_log_evidence`, which its search over models uses: `e^-16`.
pub(super) const SPM_SEARCH: f64 = 1.125_351_747_192_591_2e-7;

/// As [`reduce`], by SPM's formula, `added` to the diagonal of every matrix that is inverted.
pub fn reduce_as_spm(posterior: &Gaussian, prior: &Gaussian, reduced: &Gaussian, added: f64) -> Reduced {
    let inverse = |matrix: &DMatrix<f64>| spm_inverse(matrix, Some(added));
    let (qp, pp, rp) =
        (inverse(&posterior.covariance), inverse(&prior.covariance), inverse(&reduced.covariance));
    let sp = &qp + &rp - &pp;
    let covariance = inverse(&sp);
    let information = &qp * &posterior.mean + &rp * &reduced.mean - &pp * &prior.mean;
    let mean = &covariance * &information;
    let quadratic = |matrix: &DMatrix<f64>, of: &nalgebra::DVector<f64>| of.dot(&(matrix * of));
    let exponent = quadratic(&qp, &posterior.mean) + quadratic(&rp, &reduced.mean)
        - quadratic(&pp, &prior.mean)
        - quadratic(&covariance, &information);
    let product = rp * qp * &covariance * inverse(&pp);
    Reduced {
        log_evidence_change: 0.5 * (product.determinant().abs().ln() - exponent),
        posterior: Gaussian { mean, covariance },
    }
}

/// The change of the log evidence as SPM's search over models computes it: among those parameters alone whose prior changes,
/// which is the same but for what is added.
pub(super) fn evidence_change_as_spm(posterior: &Gaussian, prior: &Gaussian, reduced: &Gaussian) -> f64 {
    let size = posterior.size();
    let changes = |k: usize| {
        let same = |a: f64, b: f64| a.to_bits() == b.to_bits();
        !same(prior.mean[k], reduced.mean[k])
            || (0..size).any(|l| !same(prior.covariance[(k, l)], reduced.covariance[(k, l)]))
    };
    let mut changed: Vec<usize> = (0..size).filter(|&k| changes(k)).collect();
    if changed.is_empty() {
        changed = (0..size).collect();
    }
    let [posterior, prior, reduced] = [posterior, prior, reduced].map(|of| of.marginal(&changed));
    reduce_as_spm(&posterior, &prior, &reduced, SPM_SEARCH).log_evidence_change
}

/// Bayesian model reduction of Dirichlet counts: the change of the log evidence, in nats, and the counts of the posterior, where
/// prior counts `prior` are replaced by `reduced`.
///
/// ```text
/// ln B(q + r - p) - ln B(q) - ln B(r) + ln B(p)         posterior counts q + r - p
/// ```
///
/// SPM's `spm_MDP_log_evidence` returns it with the sign reversed. `None` if a count would not be above 0.
///
/// # Example
///
/// Two outcomes were seen once each under a flat prior, which makes the sequence `1/6` likely; had the prior been (2, 2), it
/// would have been `2/4 · 2/5 = 1/5`:
///
/// ```
/// use actinf_fit::empirical_bayes::reduce_dirichlet;
/// let (change, posterior) = reduce_dirichlet(&[2.0, 2.0], &[1.0, 1.0], &[2.0, 2.0]).unwrap();
/// assert!((change - (6.0_f64 / 5.0).ln()).abs() < 1e-12);
/// assert_eq!(posterior, [3.0, 3.0]);
/// ```
pub fn reduce_dirichlet(posterior: &[f64], prior: &[f64], reduced: &[f64]) -> Option<(f64, Vec<f64>)> {
    let counts: Vec<f64> = posterior.iter().zip(prior).zip(reduced).map(|((q, p), r)| q + r - p).collect();
    let all = [posterior, prior, reduced, &counts];
    if all.iter().any(|counts| {
        counts.len() != posterior.len() || counts.iter().any(|&count| count.is_nan() || count <= 0.0)
    }) {
        return None;
    }
    let [q, p, r, s] = all.map(ln_beta);
    Some((s - q - r + p, counts))
}

fn ln_beta(counts: &[f64]) -> f64 {
    use statrs::function::gamma::ln_gamma;
    counts.iter().copied().map(ln_gamma).sum::<f64>() - ln_gamma(counts.iter().sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> (Gaussian, Gaussian) {
        let posterior = Gaussian::from_rows(&[0.4, -0.7], &[0.05, 0.02, 0.02, 0.08]).unwrap();
        let prior = Gaussian::from_rows(&[0.1, 0.3], &[0.5, 0.1, 0.1, 0.7]).unwrap();
        (posterior, prior)
    }

    #[test]
    fn the_full_prior_changes_nothing() {
        let (posterior, prior) = example();
        let reduced = reduce(&posterior, &prior, &prior).unwrap();
        assert!(reduced.log_evidence_change.abs() < 1e-12);
        assert!((reduced.posterior.mean - posterior.mean).abs().max() < 1e-12);
        assert!((reduced.posterior.covariance - posterior.covariance).abs().max() < 1e-12);
    }

    /// There and back again.
    #[test]
    fn reductions_can_be_undone() {
        let (posterior, prior) = example();
        let other = Gaussian::from_rows(&[-0.2, 0.0], &[0.3, -0.05, -0.05, 0.2]).unwrap();
        let there = reduce(&posterior, &prior, &other).unwrap();
        let back = reduce(&there.posterior, &other, &prior).unwrap();
        assert!((there.log_evidence_change + back.log_evidence_change).abs() < 1e-11);
        assert!((back.posterior.mean - posterior.mean).abs().max() < 1e-11);
    }

    /// The other formula, where both apply; and a variance of 0 is the limit of small ones.
    #[test]
    fn the_formula_of_spm_is_the_same_without_what_it_adds() {
        let (posterior, prior) = example();
        let other = Gaussian::from_rows(&[-0.2, 0.0], &[0.3, -0.05, -0.05, 0.2]).unwrap();
        let (ours, theirs) =
            (reduce(&posterior, &prior, &other).unwrap(), reduce_as_spm(&posterior, &prior, &other, 0.0));
        assert!((ours.log_evidence_change - theirs.log_evidence_change).abs() < 1e-11);
        assert!((ours.posterior.covariance - theirs.posterior.covariance).abs().max() < 1e-11);
        let off = |variance| Gaussian::from_rows(&[0.1, 0.0], &[0.5, 0.0, 0.0, variance]).unwrap();
        let (none, small) = (
            reduce(&posterior, &prior, &off(0.0)).unwrap(),
            reduce(&posterior, &prior, &off(1e-10)).unwrap(),
        );
        assert!((none.log_evidence_change - small.log_evidence_change).abs() < 1e-6);
    }

    #[test]
    fn what_is_no_distribution_is_refused() {
        let (posterior, prior) = example();
        let flat = Gaussian::from_rows(&[0.0, 0.0], &[0.5, 0.0, 0.0, 0.0]).unwrap();
        assert!(matches!(
            reduce(&posterior, &flat, &prior),
            Err(EmpiricalBayesError::NotPositiveDefinite { .. })
        ));
        let short = Gaussian::from_rows(&[0.0], &[1.0]).unwrap();
        assert!(matches!(reduce(&posterior, &prior, &short), Err(EmpiricalBayesError::Size { .. })));
        assert_eq!(reduce_dirichlet(&[1.0, 1.0], &[2.0, 1.0], &[1.0, 1.0]), None);
    }
}
