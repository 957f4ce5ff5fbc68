//! Priors and other distributions of parameter values, as fit files state them.

use actinf_agents::document::{DocumentError, Section, Value};
use actinf_fit::Prior;

/// The names of distributions and the keys each takes.
const DISTRIBUTIONS: [(&str, &[&str]); 9] = [
    ("normal", &["mean", "sd"]),
    ("log_normal", &["median", "sd"]),
    ("gamma", &["shape", "rate"]),
    ("exponential", &["rate"]),
    ("half_normal", &["sd"]),
    ("beta", &["a", "b"]),
    ("logit_normal", &["mean", "sd"]),
    ("uniform", &[]),
    ("dirichlet", &["concentration"]),
];

/// `{ distribution = "log_normal", median = 1.0, sd = 0.5 }`.
pub(super) fn prior(value: Value<'_>) -> Result<Prior, DocumentError> {
    let name = distribution(&value)?;
    let keys =
        DISTRIBUTIONS.iter().find(|(known, _)| *known == name).map_or(&[] as &[&str], |(_, keys)| keys);
    let accepted: Vec<&str> = std::iter::once("distribution").chain(keys.iter().copied()).collect();
    let section = value.section(&accepted)?;
    let number = |key: &str| section.required(key)?.number();
    Ok(match name {
        "normal" => Prior::Normal { mean: number("mean")?, sd: number("sd")? },
        "log_normal" => Prior::LogNormal { median: number("median")?, sd: number("sd")? },
        "gamma" => Prior::Gamma { shape: number("shape")?, rate: number("rate")? },
        "exponential" => Prior::Exponential { rate: number("rate")? },
        "half_normal" => Prior::HalfNormal { sd: number("sd")? },
        "beta" => Prior::Beta { a: number("a")?, b: number("b")? },
        "logit_normal" => Prior::LogitNormal { mean: number("mean")?, sd: number("sd")? },
        "uniform" => Prior::Uniform,
        _ => Prior::Dirichlet { concentration: concentration(&section)? },
    })
}

/// The name of the distribution, before the other keys can be checked against it.
fn distribution(value: &Value<'_>) -> Result<&'static str, DocumentError> {
    let entries = value.entries()?;
    let Some(entry) = entries.into_iter().find(|entry| entry.key == "distribution") else {
        let example = "{ distribution = \"normal\", mean = 0.0, sd = 1.0 }";
        return Err(value.reject(format!("must name its distribution, as in {example}")));
    };
    let choices: Vec<(&str, &'static str)> = DISTRIBUTIONS.iter().map(|(name, _)| (*name, *name)).collect();
    entry.value.choice(&choices)
}

fn concentration(section: &Section<'_>) -> Result<Vec<f64>, DocumentError> {
    section.required("concentration")?.list()?.into_iter().map(Value::number).collect()
}
