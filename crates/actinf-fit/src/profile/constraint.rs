//! One component held at a value, and the coordinates that are left.
//!
//! | component                    | held is        | left are                                      |
//! |------------------------------|----------------|-----------------------------------------------|
//! | of a support with one number | its coordinate | the other coordinates                         |
//! | k < K of a simplex           | `c = logit(x_k)` | the others; `u_k = c + ln Σ_{j≠k} exp(u_j)`   |
//! | the last one, K              | `c = logit(x_K)` | `z_j = u_j - u_{K-1}`; `u_j = z_j - ln Σ exp(z) - c` |

use crate::problem::FreeParameter;
use actinf_agents::Support;
use std::ops::Range;

/// What is held; `c` below is its value on the unconstrained scale.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Constraint {
    /// A coordinate.
    Coordinate(usize),
    /// The logit of a component of a simplex that is not the last; the block of the simplex and the component's coordinate.
    Share(Range<usize>, usize),
    /// The logit of the last component of a simplex with this block of coordinates.
    LastShare(Range<usize>),
}

impl Constraint {
    pub(super) fn of(p: &FreeParameter, component: usize) -> Self {
        let block = p.coordinates.clone();
        match p.parameter.support {
            Support::Simplex { size } if component + 1 == size => Constraint::LastShare(block),
            Support::Simplex { .. } => Constraint::Share(block.clone(), block.start + component),
            _ => Constraint::Coordinate(block.start),
        }
    }

    /// The coordinate that is not among those left.
    fn removed(&self) -> usize {
        match self {
            Constraint::Coordinate(k) | Constraint::Share(_, k) => *k,
            Constraint::LastShare(block) => block.end - 1,
        }
    }

    /// The held value at a point.
    pub(super) fn held(&self, point: &[f64]) -> f64 {
        match self {
            Constraint::Coordinate(k) => point[*k],
            Constraint::Share(block, k) => point[*k] - ln_sum_of_others(point, block, *k),
            Constraint::LastShare(block) => -ln_sum_exp(block.clone().map(|j| point[j])),
        }
    }

    /// The coordinates left at a point.
    pub(super) fn left(&self, point: &[f64]) -> Vec<f64> {
        let removed = self.removed();
        let relative = |j: usize| match self {
            Constraint::LastShare(block) if block.contains(&j) => point[j] - point[removed],
            _ => point[j],
        };
        (0..point.len()).filter(|&j| j != removed).map(relative).collect()
    }

    /// The point with `held` and `left`.
    pub(super) fn point(&self, held: f64, left: &[f64]) -> Vec<f64> {
        let removed = self.removed();
        let mut point = left.to_vec();
        point.insert(removed, 0.0);
        match self {
            Constraint::Coordinate(_) => point[removed] = held,
            Constraint::Share(block, k) => point[*k] = held + ln_sum_of_others(&point, block, *k),
            Constraint::LastShare(block) => {
                let shift = ln_sum_exp(block.clone().map(|j| point[j])) + held;
                block.clone().for_each(|j| point[j] -= shift);
            }
        }
        point
    }

    /// The slopes with respect to what is left, from those with respect to the coordinates of `point`.
    pub(super) fn slopes(&self, point: &[f64], gradient: &[f64]) -> Vec<f64> {
        let removed = self.removed();
        let slope = |j: usize| {
            let moved = match self {
                Constraint::Coordinate(_) => 0.0,
                Constraint::Share(block, k) if block.contains(&j) => {
                    gradient[*k] * (point[j] - ln_sum_of_others(point, block, *k)).exp()
                }
                Constraint::LastShare(block) if block.contains(&j) => {
                    let total = ln_sum_exp(block.clone().map(|j| point[j]));
                    let all: f64 = block.clone().map(|j| gradient[j]).sum();
                    -all * (point[j] - total).exp()
                }
                _ => 0.0,
            };
            gradient[j] + moved
        };
        (0..point.len()).filter(|&j| j != removed).map(slope).collect()
    }

    /// How the point moves with the held value, what is left staying.
    pub(super) fn tangent(&self, dimension: usize) -> Vec<f64> {
        let mut tangent = vec![0.0; dimension];
        match self {
            Constraint::Coordinate(k) | Constraint::Share(_, k) => tangent[*k] = 1.0,
            Constraint::LastShare(block) => tangent[block.clone()].fill(-1.0),
        }
        tangent
    }
}

/// `ln(1 + Σ exp(u_j))` over the coordinates j of a simplex but one.
fn ln_sum_of_others(point: &[f64], block: &Range<usize>, but: usize) -> f64 {
    let others = block.clone().filter(|&j| j != but).map(|j| point[j]);
    ln_sum_exp(others.chain(std::iter::once(0.0)))
}

fn ln_sum_exp(terms: impl Iterator<Item = f64> + Clone) -> f64 {
    let largest = terms.clone().fold(f64::NEG_INFINITY, f64::max);
    largest + terms.map(|term| (term - largest).exp()).sum::<f64>().ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    const POINT: [f64; 4] = [0.4, -0.3, 1.1, 0.2];

    fn constraints() -> [Constraint; 3] {
        [Constraint::Coordinate(0), Constraint::Share(1..4, 2), Constraint::LastShare(1..4)]
    }

    #[test]
    fn held_and_left_give_the_point_back() {
        for constraint in constraints() {
            let back = constraint.point(constraint.held(&POINT), &constraint.left(&POINT));
            for (a, b) in back.iter().zip(POINT) {
                assert!((a - b).abs() < 1e-14, "{constraint:?}");
            }
        }
    }

    #[test]
    fn the_held_value_is_the_logit_of_the_component() {
        let total = 1.0 + POINT[1..].iter().map(|u| u.exp()).sum::<f64>();
        let logit = |x: f64| (x / (1.0 - x)).ln();
        let [_, share, last] = constraints();
        assert!((share.held(&POINT) - logit(POINT[2].exp() / total)).abs() < 1e-14);
        assert!((last.held(&POINT) - logit(1.0 / total)).abs() < 1e-14);
    }

    #[test]
    fn slopes_and_tangent_agree_with_central_differences() {
        let function = |u: &[f64]| u[0].sin() + u[1] * u[2] + 0.5 * u[3] * u[3] * u[1];
        let gradient = [POINT[0].cos(), POINT[2] + 0.5 * POINT[3] * POINT[3], POINT[1], POINT[3] * POINT[1]];
        let h = 1e-6;
        for constraint in constraints() {
            let (held, left) = (constraint.held(&POINT), constraint.left(&POINT));
            let slopes = constraint.slopes(&POINT, &gradient);
            for (j, slope) in slopes.iter().enumerate() {
                let at = |by: f64| {
                    let mut moved = left.clone();
                    moved[j] += by;
                    function(&constraint.point(held, &moved))
                };
                assert!((slope - (at(h) - at(-h)) / (2.0 * h)).abs() < 1e-8, "{constraint:?}");
            }
            let along: f64 = constraint.tangent(4).iter().zip(gradient).map(|(t, g)| t * g).sum();
            let at = |by: f64| function(&constraint.point(held + by, &left));
            assert!((along - (at(h) - at(-h)) / (2.0 * h)).abs() < 1e-8, "{constraint:?}");
        }
    }
}
