//! Methods that estimate a group together.

use actinf_agents::document::{DocumentError, Section, Value};
use actinf_fit::GroupMethod;
use actinf_fit::group_methods::NoUTurnSampling;
use actinf_fit::hierarchical::{
    CovarianceForm, ExpectationMaximisation, HierarchicalBayesianInference, HierarchicalSampler,
    Parametrisation, ParametrisationChoice, Remedies,
};
use actinf_fit::sampling::NoUTurnSampler;

/// The methods.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TogetherName {
    ExpectationMaximisation,
    BayesianInference,
    NoUTurnSampler,
}

/// Such a method and its settings.
#[derive(Clone, Debug)]
pub(crate) struct TogetherSettings {
    method: TogetherMethod,
    /// Whether everybody is estimated alone too.
    pub(crate) individual: bool,
}

#[derive(Clone, Debug)]
enum TogetherMethod {
    ExpectationMaximisation(ExpectationMaximisation),
    BayesianInference(HierarchicalBayesianInference),
    NoUTurnSampler(NoUTurnSampling),
}

const COVARIANCES: [(&str, CovarianceForm); 2] =
    [("diagonal", CovarianceForm::Diagonal), ("full", CovarianceForm::Full)];

impl TogetherSettings {
    /// Reads the settings of one of these methods.
    pub(super) fn read(name: TogetherName, section: &Section<'_>) -> Result<Self, DocumentError> {
        let individual = section.optional("individual").map_or(Ok(true), Value::boolean)?;
        let method = match name {
            TogetherName::ExpectationMaximisation => {
                TogetherMethod::ExpectationMaximisation(expectation_maximisation(section)?)
            }
            TogetherName::BayesianInference => {
                TogetherMethod::BayesianInference(bayesian_inference(section)?)
            }
            TogetherName::NoUTurnSampler => TogetherMethod::NoUTurnSampler(no_u_turn_sampler(section)?),
        };
        Ok(TogetherSettings { method, individual })
    }

    /// The method that estimates.
    pub(crate) fn method(&self) -> &dyn GroupMethod {
        match &self.method {
            TogetherMethod::ExpectationMaximisation(method) => method,
            TogetherMethod::BayesianInference(method) => method,
            TogetherMethod::NoUTurnSampler(method) => method,
        }
    }

    /// Hierarchical Bayesian inference, which alone can estimate several models at once.
    pub(crate) fn bayesian_inference(&self) -> Option<&HierarchicalBayesianInference> {
        match &self.method {
            TogetherMethod::BayesianInference(method) => Some(method),
            _ => None,
        }
    }
}

fn expectation_maximisation(section: &Section<'_>) -> Result<ExpectationMaximisation, DocumentError> {
    let mut method = ExpectationMaximisation::default();
    set(section, "starts", &mut method.starts, |value| value.count(1))?;
    set(section, "covariance", &mut method.covariance, |value| value.choice(&COVARIANCES))?;
    set(section, "tolerance", &mut method.tolerance, positive)?;
    set(section, "max_iterations", &mut method.max_iterations, |value| value.count(1))?;
    set(section, "importance_draws", &mut method.importance_draws, |value| value.count(1))?;
    Ok(method)
}

fn bayesian_inference(section: &Section<'_>) -> Result<HierarchicalBayesianInference, DocumentError> {
    let as_cbm = section.optional("as_cbm").map_or(Ok(false), Value::boolean)?;
    let mut method = match as_cbm {
        true => HierarchicalBayesianInference::as_cbm(),
        false => HierarchicalBayesianInference::default(),
    };
    set(section, "starts", &mut method.starts, |value| value.count(1))?;
    set(section, "tolerance", &mut method.tolerance, positive)?;
    set(section, "max_rounds", &mut method.max_rounds, |value| value.count(1))?;
    Ok(method)
}

fn no_u_turn_sampler(section: &Section<'_>) -> Result<NoUTurnSampling, DocumentError> {
    let mut start = NoUTurnSampling::default().start;
    set(section, "covariance", &mut start.covariance, |value| value.choice(&COVARIANCES))?;
    set(section, "starts", &mut start.starts, |value| value.count(1))?;
    let mut sampler = NoUTurnSampler::default();
    set(section, "chains", &mut sampler.chains, |value| value.count(2))?;
    set(section, "draws", &mut sampler.draws, |value| value.count(4))?;
    set(section, "warm_up", &mut sampler.warm_up, |value| value.count(20))?;
    set(section, "target_acceptance", &mut sampler.target_acceptance, target)?;
    set(section, "max_depth", &mut sampler.max_depth, |value| value.count(1))?;
    let mut whole =
        HierarchicalSampler { sampler, covariance: start.covariance, ..HierarchicalSampler::default() };
    set(section, "parametrisation", &mut whole.parametrisation, parametrisation)?;
    let remedies = [("draw_again", Remedies::DrawAgain), ("report", Remedies::None)];
    set(section, "on_divergences", &mut whole.remedies, |value| value.choice(&remedies))?;
    Ok(NoUTurnSampling { start, sampler: whole })
}

/// Replaces a setting by what the section says, if it says anything.
fn set<'a, T>(
    section: &Section<'a>,
    key: &str,
    setting: &mut T,
    read: impl Fn(Value<'a>) -> Result<T, DocumentError>,
) -> Result<(), DocumentError> {
    if let Some(value) = section.optional(key) {
        *setting = read(value)?;
    }
    Ok(())
}

fn positive(value: Value<'_>) -> Result<f64, DocumentError> {
    let number = value.number()?;
    if number > 0.0 { Ok(number) } else { Err(value.reject(format!("must be above 0, not {number}"))) }
}

fn target(value: Value<'_>) -> Result<f64, DocumentError> {
    let number = value.number()?;
    match (0.5..1.0).contains(&number) {
        true => Ok(number),
        false => Err(value.reject(format!("must be from 0.5 to below 1, not {number}; 0.8 is usual"))),
    }
}

fn parametrisation(value: Value<'_>) -> Result<ParametrisationChoice, DocumentError> {
    value.choice(&[
        ("by_contraction", ParametrisationChoice::ByContraction),
        ("centred", ParametrisationChoice::All(Parametrisation::Centred)),
        ("non_centred", ParametrisationChoice::All(Parametrisation::NonCentred)),
    ])
}
