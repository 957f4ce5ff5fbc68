//! How well a model predicts behaviour, without a prior.
//!
//! ```text
//! AIC        = 2 d - 2 ln L               BIC = d ln n - 2 ln L
//! pseudo-R²  = 1 - ln L_actions / ln L_chance,   ln L_chance = -N ln J
//! likelihood per action = exp(ln L_actions / N)
//! ```
//!
//! with d free coordinates, n recorded actions and responses, N recorded actions and J joint actions to choose among.
//! L is the likelihood at the estimate: of a maximum a posteriori estimate it is lower than the largest, so both
//! criteria are then a little too high.
//!
//! # References
//!
//! Akaike (1974), *IEEE Transactions on Automatic Control* 19, 716-723. Schwarz (1978), *Annals of Statistics* 6,
//! 461-464. McFadden (1974), in *Frontiers in Econometrics*, 105-142.

use crate::recorded::Recorded;
use actinf_agents::LogLikelihood;

/// The criteria of one subject.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InformationCriteria {
    /// Akaike's information criterion.
    pub aic: f64,
    /// The Bayesian information criterion.
    pub bic: f64,
    /// The log-likelihood of the actions under the random responder, in nats.
    pub chance_log_likelihood: f64,
    /// 0 where chance is certain (no recorded action, or only one to take).
    pub pseudo_r2: f64,
    /// The typical probability of the action taken; 1, the empty product, where no action was recorded.
    pub likelihood_per_action: f64,
}

impl InformationCriteria {
    /// Of a log-likelihood with `dimension` free coordinates and `joint_actions` to choose among.
    pub(crate) fn of(
        log_likelihood: &LogLikelihood,
        dimension: usize,
        recorded: Recorded,
        joint_actions: usize,
    ) -> Self {
        let (d, n) = (dimension as f64, recorded.total() as f64);
        let acted = recorded.actions as f64;
        let chance = -acted * (joint_actions.max(1) as f64).ln();
        let explained = 1.0 - log_likelihood.actions / chance;
        let per_action = (log_likelihood.actions / acted).exp();
        InformationCriteria {
            aic: 2.0 * d - 2.0 * log_likelihood.total,
            bic: d * n.ln() - 2.0 * log_likelihood.total,
            chance_log_likelihood: chance,
            pseudo_r2: if chance < 0.0 { explained } else { 0.0 },
            likelihood_per_action: if recorded.actions > 0 { per_action } else { 1.0 },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three choices between two, each predicted with probability 0.8, and a rating with log density -1.
    #[test]
    fn the_criteria_of_three_choices_are_those_of_the_formulas() {
        let actions = 3.0 * 0.8_f64.ln();
        let likelihood = LogLikelihood { total: actions - 1.0, actions, responses: vec![-1.0] };
        let criteria = InformationCriteria::of(&likelihood, 2, Recorded { actions: 3, responses: 1 }, 2);
        assert!((criteria.aic - (4.0 + 2.0 - 2.0 * actions)).abs() < 1e-12);
        assert!((criteria.bic - (2.0 * 4.0_f64.ln() + 2.0 - 2.0 * actions)).abs() < 1e-12);
        assert!((criteria.pseudo_r2 - (1.0 - 0.8_f64.ln() / 0.5_f64.ln())).abs() < 1e-12);
        assert!((criteria.likelihood_per_action - 0.8).abs() < 1e-12);
    }

    #[test]
    fn without_actions_there_is_nothing_to_explain() {
        let likelihood = LogLikelihood { total: -1.0, actions: 0.0, responses: vec![-1.0] };
        let criteria = InformationCriteria::of(&likelihood, 1, Recorded { actions: 0, responses: 1 }, 2);
        assert_eq!((criteria.pseudo_r2, criteria.likelihood_per_action), (0.0, 1.0));
    }
}
