//! Gradients of the likelihood: derivatives carried along with dual numbers, or worked out at the end where a parameter
//! reaches no beliefs.

use super::histories::apart::Apart;
use super::{Known, Lane, TaskScorer, Way, memory};
use crate::dual::Dual;
use crate::error::LikelihoodError;
use crate::planning::foresight::abreast::APART;
use crate::real::Real;
use crate::task_model::TaskModel;

/// A lane of dual numbers of some width.
pub(super) trait GradientLane {
    /// Writes the derivatives with respect to all free values, and returns the value.
    fn evaluate(
        &mut self,
        scorer: &TaskScorer<'_>,
        free_values: &[f64],
        gradient: &mut [f64],
    ) -> Result<f64, LikelihoodError>;
}

/// A lane with what it needs for derivatives that need not be carried along.
struct Differentiating<T> {
    lane: Lane<T>,
    apart: Option<Box<Apart>>,
}

impl<const N: usize> Differentiating<Dual<N>> {
    fn new(scorer: &TaskScorer<'_>) -> Result<Self, LikelihoodError> {
        let TaskScorer { task, structure, fixed, directions, .. } = scorer;
        let apart = if directions.apart.is_empty() {
            None
        } else {
            Some(Box::new(Apart::new(task, structure, fixed)?))
        };
        Ok(Differentiating { lane: Lane::new(scorer)?, apart })
    }

    /// The derivatives along the directions that are carried along, as many at a time as the lane is wide.
    fn carry(
        &mut self,
        scorer: &TaskScorer<'_>,
        free_values: &[f64],
        gradient: &mut [f64],
    ) -> Result<f64, LikelihoodError> {
        let carried = &scorer.directions.carried;
        // Without a direction there is still a value.
        let none = carried.is_empty().then_some(&[][..]);
        let mut value = 0.0;
        for directions in carried.chunks(N).chain(none) {
            set(self.lane.slots.values_mut(), scorer, free_values, directions);
            let result = self.lane.evaluate(scorer)?;
            value = result.value();
            directions.iter().zip(result.derivatives()).for_each(|(&k, &d)| gradient[k] = d);
        }
        Ok(value)
    }
}

/// Sets the free slots: variables along `directions`, the others constants.
fn set<const N: usize>(
    values: &mut [Dual<N>],
    scorer: &TaskScorer<'_>,
    free_values: &[f64],
    directions: &[usize],
) {
    for (&slot, &value) in scorer.free.iter().zip(free_values) {
        values[slot] = Dual::constant(value);
    }
    for (direction, &k) in directions.iter().enumerate() {
        values[scorer.free[k]] = Dual::variable(free_values[k], direction);
    }
}

impl<const N: usize> GradientLane for Differentiating<Dual<N>> {
    fn evaluate(
        &mut self,
        scorer: &TaskScorer<'_>,
        free_values: &[f64],
        gradient: &mut [f64],
    ) -> Result<f64, LikelihoodError> {
        let value = self.carry(scorer, free_values, gradient)?;
        let (Some(apart), Way::Told(told)) = (&mut self.apart, &self.lane.way) else { return Ok(value) };
        let Known::Histories(histories) = &scorer.known else { return Ok(value) };
        for directions in scorer.directions.apart.chunks(APART) {
            set(apart.values_mut(), scorer, free_values, directions);
            let result = apart.derivatives(told, scorer.task, histories)?;
            directions.iter().zip(result.derivatives()).for_each(|(&k, &d)| gradient[k] = d);
        }
        Ok(value)
    }
}

/// A lane for the derivatives of a scorer; where there are more than the widest lane has, they are taken in several passes.
pub(super) fn gradient_lane(scorer: &TaskScorer<'_>) -> Result<Box<dyn GradientLane>, LikelihoodError> {
    Ok(match scorer.directions.carried.len() {
        0..=2 => Box::new(Differentiating::<Dual<2>>::new(scorer)?),
        3..=4 => Box::new(Differentiating::<Dual<4>>::new(scorer)?),
        5..=8 => Box::new(Differentiating::<Dual<8>>::new(scorer)?),
        9..=12 => Box::new(Differentiating::<Dual<12>>::new(scorer)?),
        _ => Box::new(Differentiating::<Dual<16>>::new(scorer)?),
    })
}

/// The free values, by position, by how their derivatives are come by.
#[derive(Default)]
pub(super) struct Directions {
    /// They are carried from step to step.
    pub(super) carried: Vec<usize>,
    /// They reach no beliefs, and are worked out when all steps are over.
    pub(super) apart: Vec<usize>,
}

impl Directions {
    pub(super) fn new(task: &TaskModel, known: &Known, free: &[usize]) -> Directions {
        let is_carried =
            |k: &usize| !matches!(known, Known::Histories(_)) || memory::reaches_beliefs(task, free[*k]);
        let (carried, apart) = (0..free.len()).partition(is_carried);
        Directions { carried, apart }
    }
}
