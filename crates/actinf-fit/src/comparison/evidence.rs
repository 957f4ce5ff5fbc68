//! Which number of a fitted subject counts as its log evidence. This is the only place that chooses.

use crate::results::SubjectFit;
use serde::{Deserialize, Serialize};

/// What stands for a subject's log evidence under a model.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EvidenceKind {
    /// The log evidence that the fitting method gave.
    #[default]
    LogEvidence,
    /// The log evidence by importance sampling, which the Laplace approximation puts beside its own: right where the posterior
    /// is not normal, as far as its draws can be trusted (Pareto k below 0.7).
    ImportanceSampled,
    /// `-BIC / 2`, an approximation for many observations that knows no prior (Schwarz 1978).
    Bic,
    /// `-AIC / 2`, an estimate of out-of-sample fit rather than of evidence (Akaike 1974).
    Aic,
}

impl EvidenceKind {
    /// What it is, in words.
    pub fn in_words(self) -> &'static str {
        match self {
            EvidenceKind::LogEvidence => "log evidence",
            EvidenceKind::ImportanceSampled => "importance-sampled log evidence",
            EvidenceKind::Bic => "-BIC/2",
            EvidenceKind::Aic => "-AIC/2",
        }
    }

    /// The log evidence of a fitted subject, in nats.
    ///
    /// # Errors
    ///
    /// In words, why there is no finite one.
    pub fn of(self, fit: &SubjectFit) -> Result<f64, String> {
        let value = match self {
            EvidenceKind::LogEvidence => fit.log_evidence.ok_or_else(|| {
                let reason = &fit.convergence.reason;
                format!("it has no log evidence, as the search found no maximum with curvature ({reason})")
            })?,
            EvidenceKind::ImportanceSampled => {
                let missing = || {
                    "it has no importance-sampled log evidence; fit with the method `laplace_approximation` and with \
                     `importance_draws` above 0"
                        .to_owned()
                };
                fit.importance_sampling.as_ref().ok_or_else(missing)?.log_evidence
            }
            EvidenceKind::Bic => -0.5 * fit.bic,
            EvidenceKind::Aic => -0.5 * fit.aic,
        };
        if value.is_finite() { Ok(value) } else { Err(format!("its {} is {value}", self.in_words())) }
    }
}
