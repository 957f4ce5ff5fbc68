//! How the sampler moves subjects' coordinates: as they are, or as standard normals that the population stretches.
//!
//! Where each subject's own data say much, the coordinates themselves are nearly independent of the population and are best
//! moved directly (centred). Where they say little, coordinates and population hang together in a funnel, and the standard normals
//! are nearly independent instead (non-centred) (Papaspiliopoulos, Roberts & Sköld 2007, *Statistical Science* 22, 59-73).

use crate::hierarchical::estimates::GroupEstimates;

/// How a coordinate is moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parametrisation {
    /// The coordinate itself.
    Centred,
    /// Its distance from the population mean, in population standard deviations.
    NonCentred,
}

impl Parametrisation {
    /// The name as in fit files.
    pub fn name(self) -> &'static str {
        match self {
            Parametrisation::Centred => "centred",
            Parametrisation::NonCentred => "non_centred",
        }
    }
}

/// How the parametrisation of each coordinate is chosen.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum ParametrisationChoice {
    /// Centred where subjects' data determine the coordinate: a mean contraction `1 - mean(A_i⁻¹) / Σ` above 0.7 under the
    /// population that expectation maximisation finds.
    #[default]
    ByContraction,
    /// The same for all coordinates.
    All(Parametrisation),
    /// One per coordinate.
    Each(Vec<Parametrisation>),
}

/// A contraction above which a coordinate is centred.
const CENTRED_ABOVE: f64 = 0.7;

impl ParametrisationChoice {
    /// What is recorded of it.
    pub fn in_words(&self) -> String {
        match self {
            ParametrisationChoice::ByContraction => "by_contraction".to_owned(),
            ParametrisationChoice::All(one) => one.name().to_owned(),
            ParametrisationChoice::Each(each) => {
                each.iter().map(|one| one.name()).collect::<Vec<_>>().join(", ")
            }
        }
    }

    /// One parametrisation per coordinate.
    pub(super) fn decide(&self, estimates: &GroupEstimates) -> Vec<Parametrisation> {
        let by_contraction = |noise: &f64| match 1.0 - noise > CENTRED_ABOVE {
            true => Parametrisation::Centred,
            false => Parametrisation::NonCentred,
        };
        match self {
            ParametrisationChoice::ByContraction => {
                estimates.noise_fractions.iter().map(by_contraction).collect()
            }
            ParametrisationChoice::All(one) => vec![*one; estimates.noise_fractions.len()],
            ParametrisationChoice::Each(each) => each.clone(),
        }
    }
}
