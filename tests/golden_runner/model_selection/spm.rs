//! Format aif-spm-fixture/1, kind bms: `spm_BMS` of SPM12 run in Octave. Counts are those of its own rule of stopping.

use super::super::Case;
use super::super::differences::Differences;
use super::numbers::{list, number, rows, table};
use actinf_fit::comparison::*;
use serde_json::Value;

/// Numbers that SPM computes without sampling.
const EXACT: f64 = 1e-10;
/// Exceedance probabilities beside the recording's own quadrature.
const QUADRATURE: f64 = 1e-6;
/// Exceedance probabilities that SPM samples with a million draws: 4 standard errors at worst.
const SAMPLED: f64 = 2e-3;

pub(super) fn case(name: &str, document: Value) -> Case {
    Case { name: name.to_string(), replay: Box::new(move || replay(&document)) }
}

fn replay(document: &Value) -> Result<(), String> {
    let evidences = table(rows(&document["lme"])?)?;
    let prior = list(&document["alpha0"])?;
    let expected = &document["expected"];
    let effects =
        random_effects(&evidences, &prior, Stopping::CountChange(number(&document["tol"])?)).map_err(text)?;
    let risk = omnibus_risk(effects.free_energy, null_free_energy(&evidences, &prior));
    let exceedance = exceedance_probabilities(&effects.counts);
    let protected = protected_exceedance(&exceedance, risk);
    let mut exact = Differences::relative(EXACT);
    exact.compare_all("alpha", &effects.counts, &list(&expected["alpha"])?);
    exact.compare_all("exp_r", &effects.expected_frequencies, &list(&expected["exp_r"])?);
    exact.compare("bor", risk, number(&expected["bor"])?);
    exact.finish()?;
    let mut quadrature = Differences::absolute(QUADRATURE);
    quadrature.compare_all("xp_exact", &exceedance, &list(&expected["xp_exact"])?);
    quadrature.compare_all("pxp_exact", &protected, &list(&expected["pxp_exact"])?);
    quadrature.finish()?;
    let mut sampled = Differences::absolute(SAMPLED);
    sampled.compare_all("xp", &exceedance, &list(&expected["xp"])?);
    sampled.compare_all("pxp", &protected, &list(&expected["pxp"])?);
    sampled.finish()
}

fn text(error: ComparisonError) -> String {
    error.to_string()
}
