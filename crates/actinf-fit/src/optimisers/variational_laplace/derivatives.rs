//! Value, gradient and curvature of a log-likelihood in the reduced space, exact or as SPM makes them.

use super::Iteration;
use super::reduced_space::{Accepted, ReducedSpace};
use crate::hessian::hessian;
use crate::optimisers::Objective;
use actinf_agents::LikelihoodError;
use nalgebra::{DMatrix, DVector};

/// How derivatives of the log-likelihood are made.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Derivatives {
    /// Nested forward differences of the value with this step, as SPM makes them.
    ForwardDifferences {
        /// The step; SPM's is exp(-8).
        step: f64,
    },
    /// The objective's gradient, and central differences of it.
    Exact,
}

impl Derivatives {
    /// Value and derivatives at a point.
    pub(super) fn at(
        self,
        objective: &mut dyn Objective,
        space: &ReducedSpace,
        point: &[f64],
    ) -> Result<Expansion, LikelihoodError> {
        match self {
            Derivatives::ForwardDifferences { step } => {
                Expansion::by_differences(objective, space, point, step)
            }
            Derivatives::Exact => Expansion::exact(objective, space, point),
        }
    }
}

/// The log-likelihood around a point: value and derivatives with respect to p.
#[derive(Clone, Debug, PartialEq)]
pub struct Expansion {
    /// The log-likelihood, in nats.
    pub value: f64,
    /// Its gradient.
    pub gradient: DVector<f64>,
    /// The matrix of its second derivatives, symmetric.
    pub curvature: DMatrix<f64>,
}

impl Expansion {
    /// `g_i = [l(i) - l] / h`, `K_ij = [l(i, j) - l(i) - l(j) + l] / h²`, with l(i, j) moved by h along i and j.
    fn by_differences(
        objective: &mut dyn Objective,
        space: &ReducedSpace,
        point: &[f64],
        step: f64,
    ) -> Result<Self, LikelihoodError> {
        let size = space.basis.ncols();
        let mut slopes = vec![0.0; point.len()];
        let mut moved = |along: &[usize]| {
            let mut offset = DVector::zeros(size);
            along.iter().for_each(|&k| offset[k] += step);
            let shift = &space.basis * offset;
            let moved: Vec<f64> = point.iter().zip(shift.iter()).map(|(x, shift)| x + shift).collect();
            objective.evaluate(&moved, &mut slopes)
        };
        let value = moved(&[])?;
        let single: Vec<f64> = (0..size).map(|k| moved(&[k])).collect::<Result<_, _>>()?;
        let mut curvature = DMatrix::zeros(size, size);
        for i in 0..size {
            for j in 0..=i {
                let second = (moved(&[i, j])? - single[i] - single[j] + value) / (step * step);
                curvature[(i, j)] = second;
                curvature[(j, i)] = second;
            }
        }
        let gradient = DVector::from_iterator(size, single.iter().map(|moved| (moved - value) / step));
        Ok(Expansion { value, gradient, curvature })
    }

    fn exact(
        objective: &mut dyn Objective,
        space: &ReducedSpace,
        point: &[f64],
    ) -> Result<Self, LikelihoodError> {
        let mut gradient = vec![0.0; point.len()];
        let value = objective.evaluate(point, &mut gradient)?;
        let curvature = hessian(objective, point)?;
        let basis = &space.basis;
        Ok(Expansion {
            value,
            gradient: basis.transpose() * DVector::from_vec(gradient),
            curvature: basis.transpose() * curvature * basis,
        })
    }

    pub(super) fn iteration(
        self,
        point: Vec<f64>,
        here: &Accepted,
        best: &Accepted,
        accepted: bool,
        log_rate: f64,
        predicted_gain: f64,
    ) -> Iteration {
        Iteration {
            point,
            log_likelihood: self.value,
            free_energy: here.free_energy,
            accepted_free_energy: best.free_energy,
            accepted,
            log_rate,
            gradient: self.gradient.as_slice().to_vec(),
            curvature: self.curvature.row_iter().map(|row| row.iter().copied().collect()).collect(),
            predicted_gain,
        }
    }
}
