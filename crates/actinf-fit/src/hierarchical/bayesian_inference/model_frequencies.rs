//! How frequent the models are: a Dirichlet posterior, or the assumption that they are equally frequent.

use statrs::function::gamma::{digamma, ln_gamma};

/// What is assumed about the frequencies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Frequencies {
    /// Estimated, from this many counts per model.
    Estimated { prior_count: f64 },
    /// All equal: the null hypothesis. Responsibilities are equal too.
    Equal,
}

impl Frequencies {
    /// The Dirichlet counts `α_k = α0 + N_k`.
    pub(super) fn counts(self, subjects: &[f64]) -> Vec<f64> {
        let prior = match self {
            Frequencies::Estimated { prior_count } => prior_count,
            Frequencies::Equal => 1.0,
        };
        subjects.iter().map(|n| prior + n).collect()
    }

    /// `E ln m_k`: `ψ(α_k) - ψ(Σ α)`, or `-ln K`.
    pub(super) fn expected_log(self, counts: &[f64]) -> Vec<f64> {
        match self {
            Frequencies::Equal => vec![-(counts.len() as f64).ln(); counts.len()],
            Frequencies::Estimated { .. } => {
                let total = digamma(counts.iter().sum());
                counts.iter().map(|&a| digamma(a) - total).collect()
            }
        }
    }

    /// Responsibilities of one subject from `ln ρ_k`; 0 for models under which it could not be searched.
    pub(super) fn responsibilities(self, log_rho: &[Option<f64>]) -> Vec<f64> {
        let possible = log_rho.iter().flatten().count() as f64;
        if self == Frequencies::Equal {
            return log_rho.iter().map(|rho| rho.map_or(0.0, |_| 1.0 / possible)).collect();
        }
        let largest = log_rho.iter().flatten().copied().fold(f64::NEG_INFINITY, f64::max);
        let weights: Vec<f64> =
            log_rho.iter().map(|rho| rho.map_or(0.0, |rho| (rho - largest).exp())).collect();
        let total: f64 = weights.iter().sum();
        weights.iter().map(|w| if total > 0.0 { w / total } else { 0.0 }).collect()
    }

    /// `E ln p(m) - E ln q(m)`, in nats; 0 under the null hypothesis, where nothing is estimated.
    pub(super) fn bound(self, counts: &[f64]) -> f64 {
        let Frequencies::Estimated { prior_count } = self else {
            return 0.0;
        };
        let expected = self.expected_log(counts);
        let log_normaliser =
            |alpha: &[f64]| ln_gamma(alpha.iter().sum()) - alpha.iter().map(|&a| ln_gamma(a)).sum::<f64>();
        let moment = |alpha: &[f64]| alpha.iter().zip(&expected).map(|(a, e)| (a - 1.0) * e).sum::<f64>();
        let prior = vec![prior_count; counts.len()];
        log_normaliser(&prior) + moment(&prior) - log_normaliser(counts) - moment(counts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn responsibilities_are_shares_of_the_evidence() {
        let estimated = Frequencies::Estimated { prior_count: 1.0 };
        let found = estimated.responsibilities(&[Some(-1000.0), Some(-1000.0 + 3.0_f64.ln()), None]);
        assert!(
            (found[0] - 0.25).abs() < 1e-12 && (found[1] - 0.75).abs() < 1e-12 && found[2].abs() < 1e-300
        );
        assert_eq!(Frequencies::Equal.responsibilities(&[Some(-5.0), None, Some(9.0)]), [0.5, 0.0, 0.5]);
    }

    #[test]
    fn counts_that_say_nothing_new_cost_nothing() {
        let estimated = Frequencies::Estimated { prior_count: 1.0 };
        assert!(estimated.bound(&estimated.counts(&[0.0, 0.0])).abs() < 1e-15);
        assert!(estimated.bound(&[5.0, 2.0]) < 0.0);
    }
}
