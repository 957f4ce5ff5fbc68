//! `kind = peb`: parametric empirical Bayes of a group, comparison of hypotheses, and the search over reduced models.

use super::super::differences::Differences;
use super::arrays::{counts, flat, items};
use super::reduction::gaussian;
use actinf_fit::empirical_bayes::{
    Components, Conventions, Design, FirstLevel, Gaussian, GroupFit, GroupSettings, ModelSearch,
    compare_hypotheses, fit_group, search,
};
use nalgebra::DMatrix;
use serde_json::Value;

/// Of numbers that SPM's own schedule gives.
const TOLERANCE: f64 = 1e-7;

/// Of probabilities and evidences of reduced models, which depend on what SPM adds to variances of 0.
const EVIDENCE: f64 = 1e-5;

/// The standard errors of an average of 1000 draws within which SPM's must be.
const STANDARD_ERRORS: f64 = 5.0;

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or(f64::NAN)
}

fn settings(document: &Value) -> Result<GroupSettings, String> {
    let recorded = &document["settings"];
    Ok(GroupSettings {
        within_between_ratio: number(&recorded["beta"]),
        group_ratio: number(&recorded["alpha"]),
        components: match recorded["Q"].as_str() {
            Some("all") => Components::Each,
            Some("single") => Components::Single,
            other => return Err(format!("unknown components {other:?}")),
        },
        log_precision_mean: number(&recorded["hE"]),
        log_precision_variance: number(&recorded["hC"]),
        conventions: Conventions::Spm,
    })
}

fn subject((i, subject): (usize, &Value)) -> Result<FirstLevel, String> {
    Ok(FirstLevel {
        subject: i.to_string(),
        prior: gaussian(&subject["pE"], &subject["pC"])?,
        posterior: gaussian(&subject["Ep"], &subject["Cp"])?,
        log_evidence: number(&subject["F"]),
    })
}

pub(super) fn replay(document: &Value) -> Result<(), String> {
    let subjects: Vec<FirstLevel> =
        items(&document["subjects"]).iter().enumerate().map(subject).collect::<Result<_, _>>()?;
    let rows = items(&document["X"]);
    let covariates = items(&rows[0]).len();
    let design = Design {
        rows: DMatrix::from_row_slice(rows.len(), covariates, &flat(&document["X"])),
        names: (0..covariates).map(|k| k.to_string()).collect(),
    };
    let settings = settings(document)?;
    let fit = fit_group(&subjects, &design, &settings).map_err(|error| error.to_string())?;
    compare_group(&document["expected"], &fit)?;
    // What follows starts from the recorded group.
    let expected = &document["expected"];
    let effects: Vec<f64> = columns_first(&expected["Ep"]);
    let posterior =
        Gaussian::from_rows(&effects, &flat(&expected["Cp"])).map_err(|error| error.to_string())?;
    let prior = gaussian(&expected["M_pE"], &expected["M_pC"])?;
    compare_models(&document["bmc_models"], &posterior, &prior)?;
    compare_search(&document["bmr_all"], &posterior, &prior)?;
    // The right formulas agree with SPM's where these are right: in the effects, up to SPM's shrinkage and its early stop.
    let exact = GroupSettings { conventions: Conventions::Exact, ..settings };
    let ours = fit_group(&subjects, &design, &exact).map_err(|error| error.to_string())?;
    if !ours.converged {
        return Err("the exact search did not converge".into());
    }
    let mut differences = Differences::absolute(0.1);
    differences.compare_all("exact effects", ours.effects.as_slice(), &effects);
    differences.finish()
}

/// A matrix `[row][column]`, rows fastest.
fn columns_first(value: &Value) -> Vec<f64> {
    let rows = items(value);
    (0..items(&rows[0]).len()).flat_map(|column| rows.iter().map(move |row| number(&row[column]))).collect()
}

fn compare_group(expected: &Value, fit: &GroupFit) -> Result<(), String> {
    let mut differences = Differences::absolute(TOLERANCE);
    differences.compare("iterations", fit.iterations as f64, number(&expected["iterations"]));
    differences.compare_all("M_pE", fit.effect_prior.mean.as_slice(), &flat(&expected["M_pE"]));
    differences.compare_all("M_pC", fit.effect_prior.covariance.as_slice(), &flat(&expected["M_pC"]));
    differences.compare_all("Ep", fit.effects.as_slice(), &columns_first(&expected["Ep"]));
    differences.compare_all("Eh", fit.log_precisions.as_slice(), &flat(&expected["Eh"]));
    differences.compare_all("Cp", fit.effect_covariance.as_slice(), &flat(&expected["Cp"]));
    differences.compare_all("Ch", fit.log_precision_covariance.as_slice(), &flat(&expected["Ch"]));
    differences.compare_all("Ce", fit.between_covariance.as_slice(), &flat(&expected["Ce"]));
    differences.compare("F", fit.log_evidence, number(&expected["F"]));
    for (i, (ours, recorded)) in fit.subjects.iter().zip(items(&expected["first_level"])).enumerate() {
        differences.compare_all(&format!("{i} pE"), ours.prior.mean.as_slice(), &flat(&recorded["pE"]));
        differences.compare_all(&format!("{i} Ep"), ours.posterior.mean.as_slice(), &flat(&recorded["Ep"]));
        let covariance = ours.posterior.covariance.as_slice();
        differences.compare_all(&format!("{i} Cp"), covariance, &flat(&recorded["Cp"]));
        differences.compare(&format!("{i} F"), ours.log_evidence, number(&recorded["F"]));
    }
    differences.finish()
}

fn compare_models(recorded: &Value, posterior: &Gaussian, prior: &Gaussian) -> Result<(), String> {
    let hypotheses: Vec<Vec<bool>> = items(&recorded["models_K"])
        .iter()
        .map(|model| counts(model).into_iter().map(|on| on == 1).collect())
        .collect();
    let found = compare_hypotheses(posterior, prior, &hypotheses, Conventions::Spm);
    let found = found.map_err(|error| error.to_string())?;
    let mut differences = Differences::relative(EVIDENCE);
    differences.compare_all("bmc F", found.log_evidence_changes.as_slice(), &columns_first(&recorded["F"]));
    differences.compare_all("bmc P", found.probabilities.as_slice(), &columns_first(&recorded["P"]));
    differences.compare_all("bmc Pw", &found.means, &flat(&recorded["Pw"]));
    differences.compare_all("bmc Px", &found.covariate, &flat(&recorded["Px"]));
    differences.finish()
}

fn compare_search(recorded: &Value, posterior: &Gaussian, prior: &Gaussian) -> Result<(), String> {
    let all = ModelSearch { candidates: (0..posterior.size()).collect(), conventions: Conventions::Spm };
    let found = search(posterior, prior, &all).map_err(|error| error.to_string())?;
    let mut differences = Differences::relative(EVIDENCE);
    if found.parameters != counts(&recorded["params"]) {
        differences.note(format!("parameters {:?} were searched last", found.parameters));
    }
    let off: Vec<f64> = found.off.iter().flatten().map(|&off| f64::from(u8::from(off))).collect();
    differences.compare_all("K_off", &off, &flat(&recorded["K_off"]));
    differences.compare_all("bmr F", &found.log_evidence_changes, &flat(&recorded["F"]));
    differences.compare_all("bmr P", &found.probabilities, &flat(&recorded["P"]));
    differences.compare_all("bmr Pp", &found.inclusion, &flat(&recorded["Pp"]));
    let average = &found.average.posterior;
    for (k, &sampled) in flat(&recorded["BMA_Ep_sampled"]).iter().enumerate() {
        let error = (average.covariance[(k, k)].max(0.0) / 1000.0).sqrt();
        if (average.mean[k] - sampled).abs() > STANDARD_ERRORS * error + 1e-6 {
            differences
                .note(format!("average of effect {k}: {} computed, {sampled} sampled", average.mean[k]));
        }
    }
    differences.finish()
}
