//! The section `[method]`: how parameters are estimated.

use actinf_agents::document::{DocumentError, Section};
use actinf_fit::{
    FittingMethod, ImportanceDraws, LaplaceApproximation, MaximumAPosteriori, MaximumLikelihood,
    SpmVariationalLaplace,
};

/// The method and its settings.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MethodSettings {
    pub(crate) name: MethodName,
    /// Starts of the search per subject.
    pub(crate) starts: usize,
    /// The seed of all random streams.
    pub(crate) seed: u64,
    /// The draws of the importance-sampled evidence.
    pub(crate) importance: ImportanceDraws,
    /// Whether profile intervals are made.
    pub(crate) profiles: bool,
}

/// The methods, as fit files name them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MethodName {
    MaximumLikelihood,
    MaximumAPosteriori,
    LaplaceApproximation,
    SpmVariationalLaplace,
}

const NAMES: [(&str, MethodName); 4] = [
    ("maximum_likelihood", MethodName::MaximumLikelihood),
    ("maximum_a_posteriori", MethodName::MaximumAPosteriori),
    ("laplace_approximation", MethodName::LaplaceApproximation),
    ("spm_variational_laplace", MethodName::SpmVariationalLaplace),
];

/// Settings that only the Laplace approximation has.
const IMPORTANCE: [&str; 3] = ["importance_draws", "importance_adaptations", "smoothed_weights"];

impl Default for MethodSettings {
    /// Maximum a posteriori from eight starts.
    fn default() -> Self {
        MethodSettings {
            name: MethodName::MaximumAPosteriori,
            starts: 8,
            seed: 1,
            importance: LaplaceApproximation::default().importance,
            profiles: false,
        }
    }
}

impl MethodSettings {
    /// The method that estimates.
    pub(crate) fn method(&self) -> Box<dyn FittingMethod> {
        let MethodSettings { name, starts, importance, profiles, .. } = *self;
        match name {
            MethodName::MaximumLikelihood => {
                Box::new(MaximumLikelihood { starts, profiles, ..MaximumLikelihood::default() })
            }
            MethodName::MaximumAPosteriori => {
                Box::new(MaximumAPosteriori { starts, profiles, ..MaximumAPosteriori::default() })
            }
            MethodName::LaplaceApproximation => {
                let default = LaplaceApproximation::default();
                Box::new(LaplaceApproximation { starts, profiles, importance, ..default })
            }
            MethodName::SpmVariationalLaplace => Box::new(SpmVariationalLaplace::default()),
        }
    }
}

/// Reads the section, which may be missing.
pub(super) fn method(top: &Section<'_>) -> Result<MethodSettings, DocumentError> {
    let mut settings = MethodSettings::default();
    let Some(table) = top.optional("method") else { return Ok(settings) };
    let section = table.section(&[&["name", "starts", "seed", "profiles"], &IMPORTANCE[..]].concat())?;
    settings.name = section.required("name")?.choice(&NAMES)?;
    if let Some(starts) = section.optional("starts") {
        settings.starts = starts.count(1)?;
    }
    if let Some(seed) = section.optional("seed") {
        settings.seed = seed.count(0)? as u64;
    }
    if let Some(profiles) = section.optional("profiles") {
        settings.profiles = profiles.boolean()?;
    }
    importance(&section, &mut settings)?;
    if settings.name == MethodName::SpmVariationalLaplace {
        single_search(&section, &mut settings)?;
    }
    Ok(settings)
}

/// SPM's schedule is run once and has no profiles.
fn single_search(section: &Section<'_>, settings: &mut MethodSettings) -> Result<(), DocumentError> {
    for key in ["starts", "profiles"] {
        if let Some(value) = section.optional(key) {
            let message = format!(
                "`spm_variational_laplace` searches once, from the prior means, as SPM does; remove `{key}`"
            );
            return Err(value.error(message));
        }
    }
    settings.starts = 1;
    Ok(())
}

/// Reads those of the Laplace approximation.
fn importance(section: &Section<'_>, settings: &mut MethodSettings) -> Result<(), DocumentError> {
    for key in IMPORTANCE {
        let Some(value) = section.optional(key) else { continue };
        if settings.name != MethodName::LaplaceApproximation {
            let message = format!(
                "`{key}` belongs to `laplace_approximation`; remove it, or name that method to get the log evidence \
                 by importance sampling"
            );
            return Err(value.error(message));
        }
        match key {
            "importance_draws" => settings.importance.draws = value.count(0)?,
            "importance_adaptations" => settings.importance.adaptations = value.count(0)?,
            _ => settings.importance.smoothed = value.boolean()?,
        }
    }
    Ok(())
}
