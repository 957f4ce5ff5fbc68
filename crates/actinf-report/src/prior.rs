//! Priors as the report shows them: the only place that looks into one.

use actinf_agents::Support;
use actinf_fit::Prior;

/// The prior in words.
pub(crate) fn words(prior: &Prior) -> String {
    prior.to_string()
}

/// The density of the prior at `value` on the natural scale; `None` where it has no density over single numbers.
pub(crate) fn density(prior: &Prior, support: Support, value: f64) -> Option<f64> {
    prior.density(support, value)
}
