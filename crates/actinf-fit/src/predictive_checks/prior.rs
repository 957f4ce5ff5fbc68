//! What a person's parameters were expected to be before the data: the prior that a posterior is drawn with.

use crate::population_record::{MemberRecord, PopulationRecord};
use crate::results::SubjectFit;
use nalgebra::{Cholesky, DMatrix, DVector, Dyn};

/// A prior on the unconstrained scale.
pub(super) enum Prior {
    /// The parameters' own.
    OfParameters,
    /// None: maximum likelihood.
    Flat,
    /// The population that was estimated with the person in it.
    Population(PopulationPrior),
}

/// `Normal(predicted, Σ)`.
pub(super) struct PopulationPrior {
    centre: DVector<f64>,
    /// Of Σ.
    factor: Cholesky<f64, Dyn>,
}

impl Prior {
    /// The prior of a subject's fit. A log prior of exactly 0 is that of a method without one.
    pub(super) fn of(fit: &SubjectFit, id: &str, population: Option<&PopulationRecord>) -> Prior {
        let member =
            population.and_then(|p| Some((p, p.members.iter().find(|member| member.subject == id)?)));
        match member {
            Some((population, member)) => match PopulationPrior::of(population, member) {
                Some(prior) => Prior::Population(prior),
                None => Prior::Flat,
            },
            None if fit.log_prior.abs() > 0.0 => Prior::OfParameters,
            None => Prior::Flat,
        }
    }

    /// What must be added to the log target: but for a constant, the log density of the population.
    pub(super) fn beside_target(&self, point: &[f64]) -> f64 {
        match self {
            Prior::OfParameters | Prior::Flat => 0.0,
            Prior::Population(PopulationPrior { centre, factor }) => {
                let offset = DVector::from_column_slice(point) - centre;
                -0.5 * offset.dot(&factor.solve(&offset))
            }
        }
    }
}

impl PopulationPrior {
    /// `None` if the population does not spread in every coordinate.
    fn of(population: &PopulationRecord, member: &MemberRecord) -> Option<Self> {
        let spreads = &population.spreads;
        if spreads.len() != member.coordinates.len() {
            return None;
        }
        let correlation = |first: usize, second: usize| {
            let (a, b) = (&spreads[first].coordinate, &spreads[second].coordinate);
            let is_it =
                |first: &String, second: &String| (first == a && second == b) || (first == b && second == a);
            let pair = population.correlations.iter().find(|pair| is_it(&pair.first, &pair.second));
            if first == second { 1.0 } else { pair.map_or(0.0, |pair| pair.correlation) }
        };
        let covariance = DMatrix::from_fn(spreads.len(), spreads.len(), |row, column| {
            correlation(row, column) * spreads[row].estimate * spreads[column].estimate
        });
        let centre = DVector::from_iterator(spreads.len(), member.coordinates.iter().map(|c| c.predicted));
        Some(PopulationPrior { centre, factor: Cholesky::new(covariance)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Variances 4 and 1, correlation ½, Σ = (4 1; 1 1): at (2, 0) from the centre, uᵀ Σ⁻¹ u = 4 / 3.
    #[test]
    fn the_density_of_a_population_is_normal() {
        let factor = Cholesky::new(DMatrix::from_row_slice(2, 2, &[4.0, 1.0, 1.0, 1.0])).unwrap();
        let prior = Prior::Population(PopulationPrior { centre: DVector::from_vec(vec![1.0, 1.0]), factor });
        assert!((prior.beside_target(&[3.0, 1.0]) + 2.0 / 3.0).abs() < 1e-15);
        assert!(prior.beside_target(&[1.0, 1.0]).abs() < 1e-15);
    }
}
