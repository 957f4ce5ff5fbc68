//! The section `[method]`: how parameters are estimated. One file per family of methods.

mod alone;
mod together;

use actinf_agents::document::{DocumentError, Section, Value};
use actinf_fit::MethodRecord;
use alone::AloneName;
pub(crate) use alone::AloneSettings;
use together::TogetherName;
pub(crate) use together::TogetherSettings;

/// The method and its settings.
#[derive(Clone, Debug)]
pub(crate) struct MethodSettings {
    /// The seed of all random streams.
    pub(crate) seed: u64,
    /// The method.
    pub(crate) method: Method,
}

/// The two kinds of methods.
#[expect(clippy::large_enum_variant, reason = "a fit file has one method")]
#[derive(Clone, Debug)]
pub(crate) enum Method {
    /// Everybody is estimated alone.
    Alone(AloneSettings),
    /// The group is estimated together.
    Together(TogetherSettings),
}

/// The methods, as fit files name them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum MethodName {
    Alone(AloneName),
    Together(TogetherName),
}

const NAMES: [(&str, MethodName); 7] = [
    ("maximum_likelihood", MethodName::Alone(AloneName::MaximumLikelihood)),
    ("maximum_a_posteriori", MethodName::Alone(AloneName::MaximumAPosteriori)),
    ("laplace_approximation", MethodName::Alone(AloneName::LaplaceApproximation)),
    ("spm_variational_laplace", MethodName::Alone(AloneName::SpmVariationalLaplace)),
    (EM, MethodName::Together(TogetherName::ExpectationMaximisation)),
    (HBI, MethodName::Together(TogetherName::BayesianInference)),
    (NUTS, MethodName::Together(TogetherName::NoUTurnSampler)),
];

const EM: &str = "hierarchical_expectation_maximisation";
const HBI: &str = "hierarchical_bayesian_inference";
const NUTS: &str = "no_u_turn_sampler";
const EACH_ALONE: &[&str] = &["maximum_likelihood", "maximum_a_posteriori", "laplace_approximation"];

/// The settings that not every method has, and the methods that have them.
const SETTINGS: [(&str, &[&str]); 18] = [
    ("starts", &["maximum_likelihood", "maximum_a_posteriori", "laplace_approximation", EM, HBI, NUTS]),
    ("profiles", EACH_ALONE),
    ("importance_draws", &["laplace_approximation", EM]),
    ("importance_adaptations", &["laplace_approximation"]),
    ("smoothed_weights", &["laplace_approximation"]),
    ("individual", &[EM, HBI, NUTS]),
    ("covariance", &[EM, NUTS]),
    ("tolerance", &[EM, HBI]),
    ("max_iterations", &[EM]),
    ("max_rounds", &[HBI]),
    ("chains", &[NUTS]),
    ("draws", &[NUTS]),
    ("warm_up", &[NUTS]),
    ("target_acceptance", &[NUTS]),
    ("max_depth", &[NUTS]),
    ("parametrisation", &[NUTS]),
    ("on_divergences", &[NUTS]),
    ("as_cbm", &[HBI]),
];

impl Default for MethodSettings {
    /// Maximum a posteriori from eight starts.
    fn default() -> Self {
        let method = Method::Alone(AloneSettings::new(AloneName::MaximumAPosteriori));
        MethodSettings { seed: 1, method }
    }
}

impl MethodSettings {
    /// What is recorded of the method itself.
    pub(crate) fn record(&self) -> MethodRecord {
        let (name, settings) = match &self.method {
            Method::Alone(alone) => {
                let method = alone.method();
                (method.name(), method.settings())
            }
            Method::Together(together) => {
                let method = together.method();
                let mut settings = method.settings();
                settings.push(("individual".to_owned(), together.individual.to_string()));
                (method.name(), settings)
            }
        };
        MethodRecord { name: name.to_owned(), settings }
    }
}

/// Reads the section, which may be missing.
pub(super) fn method(top: &Section<'_>) -> Result<MethodSettings, DocumentError> {
    let Some(table) = top.optional("method") else { return Ok(MethodSettings::default()) };
    let keys: Vec<&str> = ["name", "seed"].into_iter().chain(SETTINGS.iter().map(|(key, _)| *key)).collect();
    let section = table.section(&keys)?;
    let name = section.required("name")?;
    let kind = name.choice(&NAMES)?;
    check_settings(table, name.text()?)?;
    let seed = section.optional("seed").map_or(Ok(1), |seed| seed.count(0))? as u64;
    let method = match kind {
        MethodName::Alone(name) => Method::Alone(AloneSettings::read(name, &section)?),
        MethodName::Together(name) => Method::Together(TogetherSettings::read(name, &section)?),
    };
    Ok(MethodSettings { seed, method })
}

/// Refuses the settings of other methods.
fn check_settings(table: Value<'_>, method: &str) -> Result<(), DocumentError> {
    for entry in table.entries()? {
        let known = SETTINGS.iter().find(|(key, _)| *key == entry.key);
        let Some((key, methods)) = known.filter(|(_, methods)| !methods.contains(&method)) else { continue };
        let message = format!(
            "`{key}` is no setting of `{method}` but of `{}`; remove it, or name another method",
            methods.join("`, `")
        );
        return Err(entry.value.error(message));
    }
    Ok(())
}
