//! Made-up evidences (`lme_subjects_by_models`) through VBA's `VBA_groupBMC`, SPM's `spm_BMS` and an independent fixed
//! point. VBA samples exceedance probabilities with 1e5 draws, SPM with 1e6; 4.5 standard errors are allowed.

use super::super::Case;
use super::super::differences::Differences;
use super::numbers::{list, number, rows, table};
use actinf_fit::comparison::*;
use serde_json::Value;

/// Where both sides stop after the same sweep.
const SAME_SWEEP: f64 = 1e-9;
/// Where the recording stopped at a free energy that changed by less than 1e-13, which leaves counts inexact.
const FIXED_POINT: f64 = 2e-5;
/// Exceedance probabilities at the same counts.
const QUADRATURE: f64 = 1e-9;
/// VBA's and SPM's draws.
const VBA_DRAWS: f64 = 1e5;
const SPM_DRAWS: f64 = 1e6;

/// One case per matrix and setting.
pub(super) fn cases(name: &str, document: &Value) -> Vec<Case> {
    let mut found = Vec::new();
    for (matrix, recorded) in document.as_object().into_iter().flatten() {
        for (setting, replay) in SETTINGS {
            if recorded.get(setting).is_some() {
                let recorded = recorded.clone();
                let replay = Box::new(move || replay(&recorded));
                found.push(Case { name: format!("{name} {matrix} {setting}"), replay });
            }
        }
    }
    found
}

type Replay = fn(&Value) -> Result<(), String>;

const SETTINGS: [(&str, Replay); 5] = [
    ("vba_default", vba_default),
    ("vba_tight", |recorded| fixed_point(recorded, "vba_tight", FrequencyPrior::OneInTotal)),
    ("vba_tight_prior1", |recorded| fixed_point(recorded, "vba_tight_prior1", FrequencyPrior::OnePerModel)),
    ("vba_families", vba_families),
    ("spm", spm),
];

fn evidences(recorded: &Value) -> Result<EvidenceTable, String> {
    table(rows(&recorded["lme_subjects_by_models"])?)
}

fn text(error: ComparisonError) -> String {
    error.to_string()
}

/// Sampled probabilities within 4.5 standard errors of the exact ones.
fn compare_sampled(what: &str, exact: &[f64], sampled: &[f64], draws: f64) -> Result<(), String> {
    for (k, (&exact, &sampled)) in exact.iter().zip(sampled).enumerate() {
        let error = 4.5 * (exact * (1.0 - exact) / draws).sqrt() + 4.5 / draws;
        if (exact - sampled).abs() > error {
            return Err(format!("{what}[{k}]: computed {exact}, sampled {sampled}, error {error}"));
        }
    }
    Ok(())
}

fn vba_default(recorded: &Value) -> Result<(), String> {
    let (evidences, expected) = (evidences(recorded)?, &recorded["vba_default"]);
    let selection = select_models(&evidences, FrequencyPrior::OneInTotal, Stopping::VBA).map_err(text)?;
    let effects = &selection.random_effects;
    let mut same = Differences::relative(SAME_SWEEP);
    same.compare("iterations", effects.sweeps as f64, number(&expected["iterations"])?);
    same.compare_all("alpha", &effects.counts, &list(&expected["alpha"])?);
    same.compare_all("Ef", &effects.expected_frequencies, &list(&expected["Ef"])?);
    for (i, row) in rows(&expected["r_subjects_by_models"])?.iter().enumerate() {
        same.compare_all(&format!("r[{i}]"), &effects.attributions[i], row);
    }
    same.compare("F", effects.free_energy, number(&expected["F"])?);
    same.compare("F0", selection.null_free_energy, number(&expected["F0"])?);
    same.compare("bor", selection.omnibus_risk, number(&expected["bor"])?);
    let fixed = fixed_effects(&evidences, &effects.prior_counts);
    same.compare("Fffx", fixed.log_evidence, number(&expected["Fffx"])?);
    same.finish()?;
    compare_sampled("ep", &selection.exceedance, &list(&expected["ep"])?, VBA_DRAWS)
}

/// VBA with a tolerance of 1e-13, and the independent fixed point beside it.
fn fixed_point(recorded: &Value, setting: &str, prior: FrequencyPrior) -> Result<(), String> {
    let (expected, own) = (&recorded[setting], &recorded["own_check"][setting]);
    let selection = select_models(&evidences(recorded)?, prior, Stopping::Converged).map_err(text)?;
    let effects = &selection.random_effects;
    let mut near = Differences::relative(FIXED_POINT);
    near.compare_all("alpha", &effects.counts, &list(&expected["alpha"])?);
    near.compare_all("own alpha", &effects.counts, &list(&own["own_alpha"])?);
    near.finish()?;
    // The free energy is flat at the fixed point, so it is exact where counts are not.
    let mut exact = Differences::relative(SAME_SWEEP);
    exact.compare("F", effects.free_energy, number(&expected["F"])?);
    exact.compare("own F", effects.free_energy, number(&own["own_F"])?);
    exact.compare("bor", selection.omnibus_risk, number(&expected["bor"])?);
    exact.finish()?;
    let at_own = exceedance_probabilities(&list(&own["own_alpha"])?);
    let mut quadrature = Differences::absolute(QUADRATURE);
    quadrature.compare_all("exact_xp", &at_own, &list(&own["exact_xp"])?);
    quadrature.finish()
}

/// VBA with families and a tolerance of 1e-13.
fn vba_families(recorded: &Value) -> Result<(), String> {
    let (evidences, expected) = (evidences(recorded)?, &recorded["vba_families"]);
    let families = families(&recorded["families_1based"])?;
    let found = select_families(&evidences, &families, FrequencyPrior::OneInTotal, Stopping::Converged);
    let found = found.map_err(text)?;
    let mut near = Differences::relative(FIXED_POINT);
    near.compare_all("alpha", &found.models.counts, &list(&expected["alpha"])?);
    near.compare_all("families_alpha", &found.counts, &list(&expected["families_alpha"])?);
    near.compare_all("families_Ef", &found.expected_frequencies, &list(&expected["families_Ef"])?);
    near.finish()?;
    let prior_counts = &found.models.prior_counts;
    let mut exact = Differences::relative(SAME_SWEEP);
    exact.compare_all("prior_a", prior_counts, &list(&expected["prior_a"])?);
    exact.compare("F", found.models.free_energy, number(&expected["F"])?);
    let models_null = null_free_energy(&evidences, &vec![1.0; evidences.models().len()]);
    exact.compare("F0_models", models_null, number(&expected["F0_models"])?);
    let null = null_free_energy_of_vba(&evidences, prior_counts);
    exact.compare("F0_families", null, number(&expected["F0_families"])?);
    exact.compare("bor", omnibus_risk(found.models.free_energy, null), number(&expected["bor"])?);
    let fixed = fixed_effects(&evidences, prior_counts);
    exact.compare("Fffx_families", fixed.log_evidence, number(&expected["Fffx_families"])?);
    exact.finish()?;
    if found.null_free_energy < null {
        return Err(format!(
            "the null free energy {} lies below its own bound {null}",
            found.null_free_energy
        ));
    }
    let mut quadrature = Differences::absolute(QUADRATURE);
    let own = list(&recorded["own_check"]["families_exact_ep"])?;
    quadrature.compare_all(
        "families_exact_ep",
        &exceedance_probabilities(&list(&expected["families_alpha"])?),
        &own,
    );
    quadrature.finish()?;
    compare_sampled("families_ep", &found.exceedance, &list(&expected["families_ep"])?, VBA_DRAWS)
}

/// VBA's free energy of equally frequent families, `Σ_ik s_ik (L_ik + ln w_k - ln s_ik)` with s the softmax of L alone.
/// Where weights differ, s is not the posterior, and this lies below the log evidence that actinf gives.
fn null_free_energy_of_vba(evidences: &EvidenceTable, weights: &[f64]) -> f64 {
    let total: f64 = weights.iter().sum();
    let of_subject = |row: &[f64]| -> f64 {
        let largest = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let sum: f64 = row.iter().map(|l| (l - largest).exp()).sum();
        let term = |(l, w): (&f64, &f64)| {
            let s = (l - largest).exp() / sum;
            s * (l + (w / total).ln() - s.ln())
        };
        row.iter().zip(weights).map(term).sum()
    };
    evidences.rows().map(of_subject).sum()
}

fn families(value: &Value) -> Result<Vec<Family>, String> {
    let members = |family: &Value| -> Result<Vec<usize>, String> {
        // A family of one is recorded as a number.
        let numbers = if family.is_array() { list(family)? } else { vec![number(family)?] };
        Ok(numbers.into_iter().map(|k| k as usize - 1).collect())
    };
    let families = value.as_array().ok_or("families_1based is no list")?.iter().enumerate();
    families
        .map(|(k, family)| Ok(Family { name: format!("family {}", k + 1), members: members(family)? }))
        .collect()
}

fn spm(recorded: &Value) -> Result<(), String> {
    let (expected, own) = (&recorded["spm"], &recorded["own_check"]["spm"]);
    let selection =
        select_models(&evidences(recorded)?, FrequencyPrior::OnePerModel, Stopping::SPM).map_err(text)?;
    let mut same = Differences::relative(SAME_SWEEP);
    same.compare_all("alpha", &selection.random_effects.counts, &list(&expected["alpha"])?);
    same.compare_all("exp_r", &selection.random_effects.expected_frequencies, &list(&expected["exp_r"])?);
    same.compare("bor", selection.omnibus_risk, number(&expected["bor"])?);
    same.finish()?;
    let mut quadrature = Differences::absolute(QUADRATURE);
    quadrature.compare_all("exact_xp", &selection.exceedance, &list(&own["exact_xp_at_spm_alpha"])?);
    quadrature.finish()?;
    compare_sampled("xp", &selection.exceedance, &list(&expected["xp"])?, SPM_DRAWS)
}
