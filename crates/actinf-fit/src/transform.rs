//! Between a parameter's natural values and unconstrained coordinates, where searches and Laplace's method work.
//!
//! | support  | coordinate u                    | natural value x                              | `ln abs(dx/du)`                 |
//! |----------|---------------------------------|----------------------------------------------|---------------------------------|
//! | real     | `x`                             | `u`                                          | 0                               |
//! | positive | `ln x`                          | `exp(u)`                                     | `u`                             |
//! | unit     | `ln(x / (1 - x))`               | `1 / (1 + exp(-u))`                          | `ln x + ln(1 - x)`              |
//! | interval | `ln((x - lower) / (upper - x))` | `lower + (upper - lower) / (1 + exp(-u))`    | the same, `+ ln(upper - lower)` |
//! | simplex  | `ln(x_k / x_K)`, for k < K      | `exp(u_k) / Σ exp(u_j)`, with `u_K = 0`      | `Σ ln x_k`                      |
//!
//! For coordinates beyond about ±37 (unit) or ±700 (positive) the natural value is rounded to the edge of the
//! support; nothing is clamped, the caller sees the edge.

use actinf_agents::Support;

/// `1 / (1 + exp(-u))`, without overflow.
pub(crate) fn logistic(u: f64) -> f64 {
    if u >= 0.0 { 1.0 / (1.0 + (-u).exp()) } else { u.exp() / (1.0 + u.exp()) }
}

/// `ln(p / (1 - p))`.
pub(crate) fn logit(p: f64) -> f64 {
    p.ln() - (-p).ln_1p()
}

/// `ln logistic(u)`, without overflow or cancellation.
fn ln_logistic(u: f64) -> f64 {
    u.min(0.0) - (-u.abs()).exp().ln_1p()
}

/// The way between the natural values of one parameter and its unconstrained coordinates. Slices of coordinates hold
/// [`Transform::coordinates`] numbers, slices of natural values [`Support::size`]; those to be written are the caller's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Transform {
    support: Support,
}

impl Transform {
    /// The transform of a support.
    pub fn of(support: Support) -> Self {
        Transform { support }
    }

    /// The number of unconstrained coordinates: 1, or one less than the number of components of a simplex.
    pub fn coordinates(self) -> usize {
        match self.support {
            Support::Simplex { size } => size.saturating_sub(1),
            _ => 1,
        }
    }

    /// Writes the natural values at `coordinates`.
    ///
    /// # Example
    ///
    /// ```
    /// use actinf_agents::Support;
    /// use actinf_fit::Transform;
    /// let mut x = [0.0];
    /// Transform::of(Support::Interval { lower: 2.0, upper: 6.0 }).to_natural(&[0.0], &mut x);
    /// assert_eq!(x, [4.0]);
    /// ```
    pub fn to_natural(self, coordinates: &[f64], natural: &mut [f64]) {
        match self.support {
            Support::Real => natural.copy_from_slice(coordinates),
            Support::Positive => natural[0] = coordinates[0].exp(),
            Support::Unit => natural[0] = logistic(coordinates[0]),
            Support::Interval { lower, upper } => {
                natural[0] = lower + (upper - lower) * logistic(coordinates[0]);
            }
            Support::Simplex { .. } => softmax_with_zero(coordinates, natural),
        }
    }

    /// Writes the coordinates of natural values inside the support.
    pub fn to_unconstrained(self, natural: &[f64], coordinates: &mut [f64]) {
        match self.support {
            Support::Real => coordinates.copy_from_slice(natural),
            Support::Positive => coordinates[0] = natural[0].ln(),
            Support::Unit => coordinates[0] = logit(natural[0]),
            Support::Interval { lower, upper } => {
                coordinates[0] = (natural[0] - lower).ln() - (upper - natural[0]).ln();
            }
            Support::Simplex { size } => {
                let ln_last = natural[size - 1].ln();
                for (u, x) in coordinates.iter_mut().zip(natural) {
                    *u = x.ln() - ln_last;
                }
            }
        }
    }

    /// `ln abs(det(dx/du))`, in nats; for a simplex, of all components but the last.
    pub fn log_jacobian(self, coordinates: &[f64]) -> f64 {
        match self.support {
            Support::Real => 0.0,
            Support::Positive => coordinates[0],
            Support::Unit => ln_logistic(coordinates[0]) + ln_logistic(-coordinates[0]),
            Support::Interval { lower, upper } => {
                ln_logistic(coordinates[0]) + ln_logistic(-coordinates[0]) + (upper - lower).ln()
            }
            Support::Simplex { size } => {
                coordinates.iter().sum::<f64>() - size as f64 * ln_sum_exp_with_zero(coordinates)
            }
        }
    }

    /// Adds `∂ ln abs(det(dx/du)) / ∂u` to `gradient`.
    pub fn add_log_jacobian_gradient(self, coordinates: &[f64], gradient: &mut [f64]) {
        match self.support {
            Support::Real => {}
            Support::Positive => gradient[0] += 1.0,
            Support::Unit | Support::Interval { .. } => gradient[0] += 1.0 - 2.0 * logistic(coordinates[0]),
            Support::Simplex { size } => {
                let ln_total = ln_sum_exp_with_zero(coordinates);
                for (slope, u) in gradient.iter_mut().zip(coordinates) {
                    *slope += 1.0 - size as f64 * (u - ln_total).exp();
                }
            }
        }
    }

    /// Adds `Σ_k (∂f/∂x_k) (∂x_k/∂u)` to `gradient`: the chain rule, for any function f of the natural values. The
    /// components of a simplex may be varied freely in `natural_gradient`.
    pub fn add_pulled_back(
        self,
        coordinates: &[f64],
        natural: &[f64],
        natural_gradient: &[f64],
        gradient: &mut [f64],
    ) {
        if let Support::Simplex { .. } = self.support {
            let mean: f64 = natural.iter().zip(natural_gradient).map(|(x, g)| x * g).sum();
            for ((slope, x), g) in gradient.iter_mut().zip(natural).zip(natural_gradient) {
                *slope += x * (g - mean);
            }
        } else {
            gradient[0] += natural_gradient[0] * self.slope(coordinates[0]);
        }
    }

    /// `dx/du` of a support with one coordinate.
    fn slope(self, u: f64) -> f64 {
        match self.support {
            Support::Positive => u.exp(),
            Support::Unit => logistic(u) * logistic(-u),
            Support::Interval { lower, upper } => (upper - lower) * logistic(u) * logistic(-u),
            Support::Real | Support::Simplex { .. } => 1.0,
        }
    }

    /// The derivative of one natural component with respect to every coordinate.
    pub fn component_gradient(self, coordinates: &[f64], natural: &[f64], component: usize) -> Vec<f64> {
        let mut direction = vec![0.0; natural.len()];
        direction[component] = 1.0;
        let mut gradient = vec![0.0; coordinates.len()];
        self.add_pulled_back(coordinates, natural, &direction, &mut gradient);
        gradient
    }
}

/// `ln(1 + Σ exp(u))`, without overflow.
fn ln_sum_exp_with_zero(coordinates: &[f64]) -> f64 {
    let largest = coordinates.iter().fold(0.0, |a: f64, &b| a.max(b));
    let sum: f64 = (-largest).exp() + coordinates.iter().map(|u| (u - largest).exp()).sum::<f64>();
    largest + sum.ln()
}

/// `exp(u_k) / (1 + Σ exp(u))`, and for the last component `1 / (1 + Σ exp(u))`.
fn softmax_with_zero(coordinates: &[f64], natural: &mut [f64]) {
    let ln_total = ln_sum_exp_with_zero(coordinates);
    for (x, u) in natural.iter_mut().zip(coordinates.iter().chain(std::iter::once(&0.0))) {
        *x = (u - ln_total).exp();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nalgebra::DMatrix;

    fn cases() -> Vec<(Support, Vec<f64>)> {
        vec![
            (Support::Real, vec![-3.5]),
            (Support::Positive, vec![-2.0]),
            (Support::Unit, vec![1.3]),
            (Support::Unit, vec![-20.0]),
            (Support::Interval { lower: -1.0, upper: 4.0 }, vec![0.7]),
            (Support::Simplex { size: 2 }, vec![-0.4]),
            (Support::Simplex { size: 4 }, vec![0.3, -1.2, 2.0]),
        ]
    }

    fn natural(transform: Transform, u: &[f64], size: usize) -> Vec<f64> {
        let mut x = vec![0.0; size];
        transform.to_natural(u, &mut x);
        x
    }

    fn moved(u: &[f64], k: usize, by: f64) -> Vec<f64> {
        let mut u = u.to_vec();
        u[k] += by;
        u
    }

    #[test]
    fn coordinates_come_back_from_their_natural_values() {
        for (support, u) in cases() {
            let transform = Transform::of(support);
            let x = natural(transform, &u, support.size());
            assert!(support.contains(&x), "{support}: {x:?}");
            let mut back = vec![0.0; u.len()];
            transform.to_unconstrained(&x, &mut back);
            for (a, b) in u.iter().zip(&back) {
                assert!((a - b).abs() < 1e-12 * a.abs().max(1.0), "{support}: {a} came back as {b}");
            }
        }
    }

    #[test]
    fn log_jacobian_is_the_determinant_of_central_differences() {
        let h = 1e-5;
        for (support, u) in cases() {
            let transform = Transform::of(support);
            let differences = DMatrix::from_fn(u.len(), u.len(), |row, column| {
                let above = natural(transform, &moved(&u, column, h), support.size());
                let below = natural(transform, &moved(&u, column, -h), support.size());
                (above[row] - below[row]) / (2.0 * h)
            });
            let expected = differences.determinant().abs().ln();
            assert!((transform.log_jacobian(&u) - expected).abs() < 1e-7, "{support}");
        }
    }

    #[test]
    fn log_jacobian_gradient_agrees_with_central_differences() {
        let h = 1e-5;
        for (support, u) in cases() {
            let transform = Transform::of(support);
            let mut gradient = vec![0.0; u.len()];
            transform.add_log_jacobian_gradient(&u, &mut gradient);
            for (k, slope) in gradient.iter().enumerate() {
                let above = transform.log_jacobian(&moved(&u, k, h));
                let below = transform.log_jacobian(&moved(&u, k, -h));
                assert!((slope - (above - below) / (2.0 * h)).abs() < 1e-8, "{support}");
            }
        }
    }

    #[test]
    fn component_gradients_agree_with_central_differences() {
        let h = 1e-5;
        for (support, u) in cases() {
            let transform = Transform::of(support);
            let x = natural(transform, &u, support.size());
            for component in 0..x.len() {
                let gradient = transform.component_gradient(&u, &x, component);
                for (k, slope) in gradient.iter().enumerate() {
                    let above = natural(transform, &moved(&u, k, h), x.len())[component];
                    let below = natural(transform, &moved(&u, k, -h), x.len())[component];
                    assert!((slope - (above - below) / (2.0 * h)).abs() < 1e-9, "{support}");
                }
            }
        }
    }

    #[test]
    fn far_coordinates_overflow_nowhere() {
        for u in [-1e4, -800.0, 800.0, 1e4] {
            assert!((0.0..=1.0).contains(&logistic(u)));
            for support in [Support::Unit, Support::Interval { lower: 0.0, upper: 2.0 }] {
                assert!((Transform::of(support).log_jacobian(&[u]) + u.abs()).abs() < 1.0);
            }
            let simplex = Transform::of(Support::Simplex { size: 3 });
            assert!(natural(simplex, &[u, -u], 3).iter().all(|x| x.is_finite()));
            assert!(simplex.log_jacobian(&[u, -u]).is_finite());
        }
    }
}
