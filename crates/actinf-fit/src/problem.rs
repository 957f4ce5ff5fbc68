//! What is to be estimated: a model, and for each of its parameters whether it is free or fixed.
//!
//! Three layouts of numbers occur. *Values* are the components of all parameters one after the other, as the model
//! expects them. *Free values* are those of the free parameters alone, on the natural scale. *Coordinates* are the
//! free values on the unconstrained scale; a simplex has one coordinate less than components.

use crate::prior::{Prior, PriorError};
use crate::results::{ParameterRecord, Role};
use crate::transform::Transform;
use actinf_agents::{BehaviourModel, Parameter, Support, default_values};
use rand::Rng;
use std::ops::Range;

/// A free parameter and where its numbers stand.
#[derive(Clone, Debug)]
pub(crate) struct FreeParameter {
    pub(crate) parameter: Parameter,
    pub(crate) prior: Prior,
    pub(crate) transform: Transform,
    /// Where its components stand among the free values.
    pub(crate) natural: Range<usize>,
    /// Where its coordinates stand.
    pub(crate) coordinates: Range<usize>,
}

/// A model with the role of each parameter, checked.
pub struct Problem<'m> {
    model: &'m dyn BehaviourModel,
    parameters: Vec<ParameterRecord>,
    values: Vec<f64>,
    free_positions: Vec<usize>,
    free: Vec<FreeParameter>,
    dimension: usize,
}

/// Why a model and roles make no problem.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ProblemError {
    /// Not one role per parameter.
    #[error("the model has {expected} parameters, but {found} roles were given; give one per parameter")]
    RoleCount {
        /// Parameters of the model.
        expected: usize,
        /// Roles given.
        found: usize,
    },
    /// A support that holds no values.
    #[error(
        "parameter `{parameter}` has the empty support \"{support}\"; an interval needs finite bounds with \
         lower < upper, a simplex at least 2 components"
    )]
    EmptySupport {
        /// The parameter.
        parameter: String,
        /// Its support.
        support: Support,
    },
    /// A value outside its support.
    #[error(
        "{what} of parameter `{parameter}` is {}, but it must be {support}; write {} in this range{}",
        listed(.values),
        if *expected == 1 { "a number".to_owned() } else { format!("a list of {expected} numbers") },
        if is_an_end(.values, *support) { ", whose ends do not belong to it; one close by does as well, as 0.999 for 1" } else { "" }
    )]
    OutsideSupport {
        /// "the default", "the fixed value" or "the value".
        what: &'static str,
        /// The parameter.
        parameter: String,
        /// The values found.
        values: Vec<f64>,
        /// What would be accepted.
        support: Support,
        /// How many numbers are needed.
        expected: usize,
    },
    /// Another number of values than the model has.
    #[error("{found} parameter values were given, but the model has {expected}")]
    ValueCount {
        /// Values of the model.
        expected: usize,
        /// Values given.
        found: usize,
    },
    /// A prior that does not fit.
    #[error(transparent)]
    Prior(#[from] PriorError),
    /// Every parameter is fixed.
    #[error("every parameter is fixed, so there is nothing to estimate; leave at least one parameter free")]
    NothingFree,
}

/// Whether a value lies at an end of a support, which is open.
fn is_an_end(values: &[f64], support: Support) -> bool {
    let ends = match support {
        Support::Positive => vec![0.0],
        Support::Unit => vec![0.0, 1.0],
        Support::Interval { lower, upper } => vec![lower, upper],
        Support::Real | Support::Simplex { .. } => vec![],
    };
    values.iter().any(|value| ends.iter().any(|end| (value - end).abs() < 1e-12))
}

fn listed(values: &[f64]) -> String {
    values.iter().map(f64::to_string).collect::<Vec<_>>().join(", ")
}

impl<'m> Problem<'m> {
    /// A model with one role per parameter, in the order of the parameters.
    ///
    /// # Errors
    ///
    /// If a value lies outside its support, a prior does not fit its parameter, or nothing is free.
    pub fn new(model: &'m dyn BehaviourModel, roles: Vec<Role>) -> Result<Self, ProblemError> {
        let problem = Problem::all_may_be_fixed(model, roles)?;
        if problem.free.is_empty() { Err(ProblemError::NothingFree) } else { Ok(problem) }
    }

    /// The same, for what needs nothing free: simulation and scoring.
    ///
    /// # Errors
    ///
    /// If a value lies outside its support, or a prior does not fit its parameter.
    pub fn all_may_be_fixed(model: &'m dyn BehaviourModel, roles: Vec<Role>) -> Result<Self, ProblemError> {
        let parameters = model.parameters();
        if roles.len() != parameters.len() {
            return Err(ProblemError::RoleCount { expected: parameters.len(), found: roles.len() });
        }
        let mut problem = Problem {
            model,
            parameters: Vec::new(),
            values: default_values(parameters),
            free_positions: Vec::new(),
            free: Vec::new(),
            dimension: 0,
        };
        let mut position = 0;
        for (parameter, role) in parameters.iter().zip(roles) {
            problem.add(parameter, role, position)?;
            position += parameter.support.size();
        }
        Ok(problem)
    }

    /// Every parameter free under the default prior of its support: roles to start from.
    pub fn default_roles(model: &dyn BehaviourModel) -> Vec<Role> {
        let role = |p: &Parameter| Role::Free { prior: Prior::default_for(p), default_prior: true };
        model.parameters().iter().map(role).collect()
    }

    fn add(&mut self, parameter: &Parameter, role: Role, position: usize) -> Result<(), ProblemError> {
        check_support(parameter)?;
        check_values_of(parameter, &parameter.default, "the default")?;
        match &role {
            Role::Fixed { values } => {
                check_values_of(parameter, values, "the fixed value")?;
                self.values[position..position + values.len()].copy_from_slice(values);
            }
            Role::Free { prior, .. } => {
                prior.check(parameter)?;
                self.add_free(parameter, prior, position);
            }
        }
        self.parameters.push(ParameterRecord { parameter: parameter.clone(), role });
        Ok(())
    }

    fn add_free(&mut self, parameter: &Parameter, prior: &Prior, position: usize) {
        let transform = Transform::of(parameter.support);
        let first = self.free_positions.len();
        self.free_positions.extend(position..position + parameter.support.size());
        self.free.push(FreeParameter {
            parameter: parameter.clone(),
            prior: prior.clone(),
            transform,
            natural: first..self.free_positions.len(),
            coordinates: self.dimension..self.dimension + transform.coordinates(),
        });
        self.dimension += transform.coordinates();
    }

    /// The model.
    pub fn model(&self) -> &'m dyn BehaviourModel {
        self.model
    }

    /// All parameters with their roles, in the order of the model.
    pub fn parameters(&self) -> &[ParameterRecord] {
        &self.parameters
    }

    /// The number of unconstrained coordinates: what AIC and BIC count.
    pub fn dimension(&self) -> usize {
        self.dimension
    }

    /// All values, fixed ones as stated and free ones at their defaults.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The positions among the values that are free.
    pub fn free_positions(&self) -> &[usize] {
        &self.free_positions
    }

    pub(crate) fn free(&self) -> &[FreeParameter] {
        &self.free
    }

    /// Writes the free values at `coordinates`.
    pub(crate) fn write_free_values(&self, coordinates: &[f64], free_values: &mut [f64]) {
        for p in &self.free {
            p.transform.to_natural(&coordinates[p.coordinates.clone()], &mut free_values[p.natural.clone()]);
        }
    }

    /// All values at `coordinates`: fixed ones as stated.
    pub(crate) fn values_at(&self, coordinates: &[f64]) -> Vec<f64> {
        let mut free_values = vec![0.0; self.free_positions.len()];
        self.write_free_values(coordinates, &mut free_values);
        let mut values = self.values.clone();
        for (&position, value) in self.free_positions.iter().zip(free_values) {
            values[position] = value;
        }
        values
    }

    /// The coordinates of the free ones among `values` (all values, inside their supports).
    pub(crate) fn coordinates_of(&self, values: &[f64]) -> Vec<f64> {
        let free_values: Vec<f64> = self.free_positions.iter().map(|&position| values[position]).collect();
        let mut coordinates = vec![0.0; self.dimension];
        for p in &self.free {
            p.transform
                .to_unconstrained(&free_values[p.natural.clone()], &mut coordinates[p.coordinates.clone()]);
        }
        coordinates
    }

    /// All values with the free ones drawn from their priors, in the order of the parameters.
    ///
    /// # Errors
    ///
    /// If a prior is so extreme that its draws are rounded to the edge of the support.
    pub fn draw(&self, rng: &mut dyn Rng) -> Result<Vec<f64>, PriorError> {
        let mut values = self.values.clone();
        for p in &self.free {
            let draw = p
                .prior
                .sample(p.parameter.support, rng)
                .map_err(|kind| PriorError { parameter: p.parameter.name.clone(), kind })?;
            for (&position, value) in self.free_positions[p.natural.clone()].iter().zip(draw) {
                values[position] = value;
            }
        }
        Ok(values)
    }
}

/// Whether `values` are as many as the parameters' components and inside their supports.
///
/// # Errors
///
/// If not; the message names the first parameter that is wrong.
pub fn check_values(parameters: &[Parameter], values: &[f64]) -> Result<(), ProblemError> {
    let expected = parameters.iter().map(|parameter| parameter.support.size()).sum();
    if values.len() != expected {
        return Err(ProblemError::ValueCount { expected, found: values.len() });
    }
    let mut rest = values;
    for parameter in parameters {
        let (own, others) = rest.split_at(parameter.support.size());
        check_values_of(parameter, own, "the value")?;
        rest = others;
    }
    Ok(())
}

fn check_values_of(parameter: &Parameter, values: &[f64], what: &'static str) -> Result<(), ProblemError> {
    if parameter.support.contains(values) {
        return Ok(());
    }
    Err(ProblemError::OutsideSupport {
        what,
        parameter: parameter.name.clone(),
        values: values.to_vec(),
        support: parameter.support,
        expected: parameter.support.size(),
    })
}

fn check_support(parameter: &Parameter) -> Result<(), ProblemError> {
    let holds_values = match parameter.support {
        Support::Interval { lower, upper } => lower.is_finite() && upper.is_finite() && lower < upper,
        Support::Simplex { size } => size >= 2,
        Support::Real | Support::Positive | Support::Unit => true,
    };
    if holds_values {
        return Ok(());
    }
    Err(ProblemError::EmptySupport { parameter: parameter.name.clone(), support: parameter.support })
}
