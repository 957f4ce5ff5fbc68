//! Priors as the report shows them: the only place that looks into one.

use actinf_fit::Prior;

/// The prior in words.
pub(crate) fn words(prior: &Prior) -> String {
    format!("{prior:?}")
}

/// The density of the prior at `value` on the natural scale; `None` where it has no density over single numbers.
pub(crate) fn density(prior: &Prior, value: f64) -> Option<f64> {
    match prior {
        Prior::Normal { mean, sd } => {
            let z = (value - mean) / sd;
            Some((-0.5 * z * z).exp() / (sd * std::f64::consts::TAU.sqrt()))
        }
        #[allow(unreachable_patterns)]
        _ => None,
    }
}
