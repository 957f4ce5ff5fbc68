//! Methods that estimate everybody alone.

use actinf_agents::document::{DocumentError, Section};
use actinf_fit::{
    FittingMethod, ImportanceDraws, LaplaceApproximation, MaximumAPosteriori, MaximumLikelihood,
    SpmVariationalLaplace,
};

/// The methods.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AloneName {
    MaximumLikelihood,
    MaximumAPosteriori,
    LaplaceApproximation,
    SpmVariationalLaplace,
}

/// Such a method and its settings.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AloneSettings {
    name: AloneName,
    starts: usize,
    importance: ImportanceDraws,
    profiles: bool,
}

impl AloneSettings {
    /// Eight starts, no profiles.
    pub(super) fn new(name: AloneName) -> Self {
        let importance = LaplaceApproximation::default().importance;
        AloneSettings { name, starts: 8, importance, profiles: false }
    }

    /// Reads the settings of one of these methods.
    pub(super) fn read(name: AloneName, section: &Section<'_>) -> Result<Self, DocumentError> {
        let mut settings = AloneSettings::new(name);
        if let Some(starts) = section.optional("starts") {
            settings.starts = starts.count(1)?;
        }
        if let Some(profiles) = section.optional("profiles") {
            settings.profiles = profiles.boolean()?;
        }
        if let Some(draws) = section.optional("importance_draws") {
            settings.importance.draws = draws.count(0)?;
        }
        if let Some(adaptations) = section.optional("importance_adaptations") {
            settings.importance.adaptations = adaptations.count(0)?;
        }
        if let Some(smoothed) = section.optional("smoothed_weights") {
            settings.importance.smoothed = smoothed.boolean()?;
        }
        Ok(settings)
    }

    /// The method that estimates.
    pub(crate) fn method(&self) -> Box<dyn FittingMethod> {
        let AloneSettings { name, starts, importance, profiles } = *self;
        match name {
            AloneName::MaximumLikelihood => {
                Box::new(MaximumLikelihood { starts, profiles, ..MaximumLikelihood::default() })
            }
            AloneName::MaximumAPosteriori => {
                Box::new(MaximumAPosteriori { starts, profiles, ..MaximumAPosteriori::default() })
            }
            AloneName::LaplaceApproximation => {
                let default = LaplaceApproximation::default();
                Box::new(LaplaceApproximation { starts, profiles, importance, ..default })
            }
            AloneName::SpmVariationalLaplace => Box::new(SpmVariationalLaplace::default()),
        }
    }
}
