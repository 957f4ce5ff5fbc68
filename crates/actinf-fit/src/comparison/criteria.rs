//! Information criteria and fit of one model, over subjects.

use crate::results::SubjectFit;
use serde::{Deserialize, Serialize};

/// A model's criteria, summed over the compared subjects.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Criteria {
    /// Free coordinates per subject.
    pub free_parameters: usize,
    /// Recorded actions.
    pub actions: usize,
    /// The summed log-likelihood of actions and responses at the estimates, in nats.
    pub log_likelihood: f64,
    /// The summed log evidence in nats; `None` if a subject has none.
    pub log_evidence: Option<f64>,
    /// The summed Bayesian information criterion; lower is better.
    pub bic: f64,
    /// The summed Akaike information criterion; lower is better.
    pub aic: f64,
    /// `1 - ln L(actions) / ln L(actions, random responder)`, both summed; 0 where chance is certain.
    pub pseudo_r2: f64,
    /// `exp(ln L(actions) / actions)`: the typical probability of the action taken; 1 without any action.
    pub likelihood_per_action: f64,
    /// Subjects for whom this model has the highest evidence (of equals, the first).
    pub best_for: usize,
    /// Subjects whose search did not converge: their evidence is doubtful.
    pub not_converged: usize,
}

impl Criteria {
    /// Sums over fitted subjects; `best_for` is given, as it needs the other models.
    pub fn of(free_parameters: usize, fits: &[&SubjectFit], best_for: usize) -> Criteria {
        let sum = |value: fn(&SubjectFit) -> f64| fits.iter().map(|fit| value(fit)).sum::<f64>();
        let (own, chance) = (sum(|fit| fit.log_likelihood.actions), sum(|fit| fit.chance_log_likelihood));
        let actions: usize = fits.iter().map(|fit| fit.actions).sum();
        Criteria {
            free_parameters,
            actions,
            log_likelihood: sum(|fit| fit.log_likelihood.total),
            log_evidence: fits.iter().map(|fit| fit.log_evidence).sum(),
            bic: sum(|fit| fit.bic),
            aic: sum(|fit| fit.aic),
            pseudo_r2: if chance < 0.0 { 1.0 - own / chance } else { 0.0 },
            likelihood_per_action: if actions > 0 { (own / actions as f64).exp() } else { 1.0 },
            best_for,
            not_converged: fits.iter().filter(|fit| !fit.convergence.converged).count(),
        }
    }
}
