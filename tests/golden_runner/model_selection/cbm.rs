//! SPM, VBA and a fixed point on the Laplace log evidences that are shipped with CBM's two examples: `bms`, with
//! rounded numbers. The evidences are in the file (`lme`) or in `golden_cbm.json` beside it.

use super::super::Case;
use super::super::differences::Differences;
use super::numbers::{list, number, table};
use actinf_fit::comparison::*;
use serde_json::Value;
use std::path::Path;

/// The fits of each example, in the order of the models.
const EXAMPLES: [(&str, &[&str]); 2] =
    [("rl", &["lap_RL", "lap_dualRL"]), ("2step", &["lap_hybrid", "lap_mb", "lap_mf"])];
/// The rows of a recording: its key, the prior, where it stops, and to how much its numbers were rounded.
const ROWS: [(&str, FrequencyPrior, Stopping, f64); 4] = [
    ("spm12", FrequencyPrior::OnePerModel, Stopping::SPM, 1e-7),
    ("vba", FrequencyPrior::OneInTotal, Stopping::VBA, 1e-7),
    ("converged_alpha0_1", FrequencyPrior::OnePerModel, Stopping::Converged, 1e-5),
    ("converged_alpha0_1overK", FrequencyPrior::OneInTotal, Stopping::Converged, 1e-5),
];
/// 4.5 standard errors of a probability that VBA samples with 1e5 draws, and rounds to 4 digits.
const SAMPLED: f64 = 8e-3;

/// One case per example and row, and the test between groups.
pub(super) fn cases(name: &str, file: &Path, document: &Value) -> Result<Vec<Case>, String> {
    let mut found = Vec::new();
    for (example, fits) in EXAMPLES {
        let evidences = evidences(file, document, example, fits)?;
        for (key, prior, stopping, rounding) in ROWS {
            let (evidences, expected) = (evidences.clone(), document["bms"][example][key].clone());
            let replay = Box::new(move || replay(&evidences, prior, stopping, rounding, &expected));
            found.push(Case { name: format!("{name} {example} {key}"), replay });
        }
        if example == "rl" {
            let expected = document["bms"]["btw_groups_rl_1to20_vs_21to40"].clone();
            let replay = Box::new(move || replay_groups(&evidences, &expected));
            found.push(Case { name: format!("{name} {example} between groups"), replay });
        }
    }
    Ok(found)
}

fn evidences(file: &Path, document: &Value, example: &str, fits: &[&str]) -> Result<EvidenceTable, String> {
    let columns = match document["lme"].get(example) {
        Some(lme) => {
            lme.as_array().ok_or("lme is no list")?.iter().map(list).collect::<Result<Vec<_>, _>>()?
        }
        None => {
            let fitted = file.with_file_name("golden_cbm.json");
            let text =
                std::fs::read_to_string(&fitted).map_err(|error| format!("{}: {error}", fitted.display()))?;
            let fitted: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
            fits.iter().map(|fit| list(&fitted[*fit]["log_evidence"])).collect::<Result<Vec<_>, _>>()?
        }
    };
    let subjects = columns.first().map_or(0, Vec::len);
    table((0..subjects).map(|i| columns.iter().map(|column| column[i]).collect()).collect())
}

fn replay(
    evidences: &EvidenceTable,
    prior: FrequencyPrior,
    stopping: Stopping,
    rounding: f64,
    expected: &Value,
) -> Result<(), String> {
    let selection = select_models(evidences, prior, stopping).map_err(|error| error.to_string())?;
    let effects = &selection.random_effects;
    let fixed = fixed_effects(evidences, &effects.prior_counts);
    let mut rounded = Differences::absolute(rounding);
    let mut six_digits = Differences::absolute(2e-6);
    let mut sampled = Differences::absolute(SAMPLED);
    rounded.compare_all("alpha", &effects.counts, &list(&expected["alpha"])?);
    for (key, frequencies) in
        [("exp_r", &effects.expected_frequencies), ("Ef", &effects.expected_frequencies)]
    {
        if expected.get(key).is_some() {
            rounded.compare_all(key, frequencies, &list(&expected[key])?);
        }
    }
    six_digits.compare("bor", selection.omnibus_risk, number(&expected["bor"])?);
    for (key, energy) in [
        ("F", effects.free_energy),
        ("F1", effects.free_energy),
        ("F0", selection.null_free_energy),
        ("Fffx", fixed.log_evidence),
    ] {
        if expected.get(key).is_some() {
            six_digits.compare(key, energy, number(&expected[key])?);
        }
    }
    if expected.get("xp").is_some() {
        six_digits.compare_all("xp", &selection.exceedance, &list(&expected["xp"])?);
    }
    if expected.get("pxp").is_some() {
        let differences = if stopping == Stopping::VBA { &mut sampled } else { &mut six_digits };
        differences.compare_all("pxp", &selection.protected_exceedance, &list(&expected["pxp"])?);
    }
    rounded.finish()?;
    six_digits.finish()?;
    sampled.finish()
}

/// The first half of the subjects against the second.
fn replay_groups(evidences: &EvidenceTable, expected: &Value) -> Result<(), String> {
    let subjects = evidences.subjects().len();
    let groups: Vec<_> =
        (0..subjects).map(|i| Some(if i < subjects / 2 { "first" } else { "second" })).collect();
    let mut differences = Differences::absolute(1e-8);
    for (key, prior, stopping) in [
        ("vba_p_same", FrequencyPrior::OneInTotal, Stopping::VBA),
        ("converged_1overK", FrequencyPrior::OneInTotal, Stopping::Converged),
        ("converged_1", FrequencyPrior::OnePerModel, Stopping::Converged),
    ] {
        let test = between_groups(evidences, &groups, prior, stopping).map_err(|error| error.to_string())?;
        differences.compare(key, test.probability_same, number(&expected[key])?);
    }
    differences.finish()
}
