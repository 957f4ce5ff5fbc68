//! `kind = bmr`: reductions of one normal posterior to other priors.

use super::super::differences::Differences;
use super::arrays::{flat, items};
use actinf_fit::empirical_bayes::{Gaussian, reduce, reduction::reduce_as_spm};
use serde_json::Value;

/// Of SPM's own formula.
const TOLERANCE: f64 = 1e-8;

/// How far SPM's evidence, with a prior variance of 1e-8, may be from the exact one, with none: 1e-8 times the squared slope of the
/// log likelihood where it is switched off, which is below 20 000 here.
const LIMIT: f64 = 2e-4;

pub(super) fn gaussian(mean: &Value, covariance: &Value) -> Result<Gaussian, String> {
    Gaussian::from_rows(&flat(mean), &flat(covariance)).map_err(|error| error.to_string())
}

pub(super) fn replay(document: &Value) -> Result<(), String> {
    let posterior = gaussian(&document["qE"], &document["qC"])?;
    let prior = gaussian(&document["pE"], &document["pC"])?;
    let number = |value: &Value| value.as_f64().unwrap_or(f64::NAN);
    let mut spm = Differences::absolute(TOLERANCE);
    let mut exact = Differences::absolute(LIMIT);
    for (i, reduction) in items(&document["reductions"]).iter().enumerate() {
        let new = gaussian(&reduction["rE"], &reduction["rC"])?;
        let theirs = reduce_as_spm(&posterior, &prior, &new, number(&document["tol_reduce"]));
        // SPM takes the determinant of a product from its singular values, which loses digits with every variance of 0: with
        // two of them the recorded evidence changes by 7e-5 when the parameters are put into another order.
        let switched_off = flat(&reduction["keep"]).iter().filter(|keep| **keep == 0.0).count();
        let rounding = if switched_off > 1 { &mut exact } else { &mut spm };
        rounding.compare(
            &format!("{i} F_reduce"),
            theirs.log_evidence_change,
            number(&reduction["F_reduce"]),
        );
        spm.compare_all(&format!("{i} sE"), theirs.posterior.mean.as_slice(), &flat(&reduction["sE"]));
        spm.compare_all(&format!("{i} sC"), theirs.posterior.covariance.as_slice(), &flat(&reduction["sC"]));
        let ours = reduce(&posterior, &prior, &new).map_err(|error| error.to_string())?;
        exact.compare(&format!("{i} F"), ours.log_evidence_change, number(&reduction["F_reduce"]));
        exact.compare_all(&format!("{i} mean"), ours.posterior.mean.as_slice(), &flat(&reduction["sE"]));
    }
    spm.finish()?;
    exact.finish()
}
