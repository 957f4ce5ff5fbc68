//! hBayesDM's `bandit2arm_delta`: the joint log density and its gradient on Stan's unconstrained scale.
//!
//! ```text
//! u = [mu_pr (2), ln sigma (2), raw_A (N), raw_tau (N)]
//! A_i = Φ(mu_pr_1 + sigma_1 raw_A_i)        tau_i = 5 Φ(mu_pr_2 + sigma_2 raw_tau_i)
//! lp  = Σ_i ln p(choices_i | A_i, tau_i) - ½ Σ mu_pr² + Σ (ln sigma - ½ (sigma / 0.2)²) - ½ Σ raw²
//! ```
//!
//! with Stan's approximation `Φ(x) = 1 / (1 + exp(-(0.07056 x³ + 1.5976 x)))`.

use super::super::Case;
use super::super::differences::Differences;
use super::{bandit, numbers, subjects_of_table};
use actinf_agents::BehaviourModel;
use serde_json::Value;
use std::path::Path;

const TOLERANCE: f64 = 1e-10;

/// One case per point.
pub(super) fn cases(name: &str, file: &Path, document: &Value) -> Result<Vec<Case>, String> {
    let points = document["density_test_points"]["points"].as_array().ok_or("there are no points")?;
    let case = |(k, point): (usize, &Value)| {
        let (document, point, file) = (document.clone(), point.clone(), file.to_owned());
        Case {
            name: format!("{name} density point {}", k + 1),
            replay: Box::new(move || replay(&point, &file, &document)),
        }
    };
    Ok(points.iter().enumerate().map(case).collect())
}

/// Stan's approximation of the normal distribution function and its derivative.
fn phi(x: f64) -> (f64, f64) {
    let p = 1.0 / (1.0 + (-(0.07056 * x.powi(3) + 1.5976 * x)).exp());
    (p, p * (1.0 - p) * (3.0 * 0.07056 * x * x + 1.5976))
}

fn replay(point: &Value, file: &Path, document: &Value) -> Result<(), String> {
    let model = bandit("rescorla_wagner", "{ win = 1, loss = -1 }", "")?;
    let subjects = subjects_of_table(file, document)?;
    let (u, n) = (numbers(&point["u"])?, subjects.len());
    if u.len() != 4 + 2 * n {
        return Err(format!("the point has {} numbers for {n} subjects", u.len()));
    }
    let (mu, sigma) = ([u[0], u[1]], [u[2].exp(), u[3].exp()]);
    let mut log_density = -0.5 * mu.iter().map(|m| m * m).sum::<f64>();
    let mut gradient: Vec<f64> = u.iter().map(|x| -x).collect();
    for (k, s) in sigma.iter().enumerate() {
        log_density += s.ln() - 0.5 * (s / 0.2).powi(2);
        gradient[2 + k] = 1.0 - (s / 0.2).powi(2);
    }
    for (i, subject) in subjects.iter().enumerate() {
        let raw = [u[4 + i], u[4 + n + i]];
        let [(rate, rate_slope), (tau, tau_slope)] = [0, 1].map(|k| phi(mu[k] + sigma[k] * raw[k]));
        let values = [5.0 * tau, rate];
        let mut of_values = [0.0; 2];
        let mut scorer = model.scorer(subject, &values, &[0, 1]).map_err(|error| error.to_string())?;
        let log_likelihood = scorer.log_likelihood_gradient(&values, &mut of_values);
        log_density += log_likelihood.map_err(|error| error.to_string())?;
        log_density -= 0.5 * raw.iter().map(|r| r * r).sum::<f64>();
        for (k, slope) in [of_values[1] * rate_slope, 5.0 * of_values[0] * tau_slope].into_iter().enumerate()
        {
            gradient[k] += slope;
            gradient[2 + k] += slope * raw[k] * sigma[k];
            gradient[4 + k * n + i] += slope * sigma[k];
        }
    }
    let mut differences = Differences::relative(TOLERANCE);
    differences.compare("lp", log_density, point["lp"].as_f64().unwrap_or(f64::NAN));
    differences.compare_all("gradient", &gradient, &numbers(&point["grad"])?);
    differences.finish()
}
