//! A multivariate t distribution: draws, density, and how far a point is.

use nalgebra::{Cholesky, DMatrix, DVector};
use rand::Rng;
use rand_distr::{ChiSquared, Distribution, StandardNormal};
use statrs::function::gamma::ln_gamma;
use std::f64::consts::PI;

/// Degrees of freedom.
pub(super) const DEGREES: f64 = 5.0;

/// `t₅(m, S)`.
#[derive(Clone)]
pub(super) struct StudentT {
    pub(super) centre: DVector<f64>,
    pub(super) scale: DMatrix<f64>,
    factor: DMatrix<f64>,
    log_constant: f64,
    chi_squared: ChiSquared<f64>,
}

impl StudentT {
    /// `None` unless the scale is positive definite.
    pub(super) fn new(centre: DVector<f64>, scale: DMatrix<f64>) -> Option<Self> {
        let d = centre.len() as f64;
        let factor = Cholesky::new(scale.clone())?.unpack();
        let log_constant = ln_gamma(0.5 * (DEGREES + d))
            - ln_gamma(0.5 * DEGREES)
            - 0.5 * d * (DEGREES * PI).ln()
            - factor.diagonal().map(f64::ln).sum();
        let chi_squared = ChiSquared::new(DEGREES).ok()?;
        log_constant.is_finite().then_some(StudentT { centre, scale, factor, log_constant, chi_squared })
    }

    pub(super) fn draw(&self, rng: &mut dyn Rng) -> DVector<f64> {
        let normal = DVector::from_fn(self.centre.len(), |_, _| StandardNormal.sample(rng));
        let shrink: f64 = self.chi_squared.sample(rng) / DEGREES;
        &self.centre + &self.factor * &normal / shrink.sqrt()
    }

    /// `(u - m)ᵀ S⁻¹ (u - m)`.
    pub(super) fn squared_distance(&self, point: &DVector<f64>) -> f64 {
        let offset = point - &self.centre;
        self.factor.solve_lower_triangular(&offset).map_or(f64::INFINITY, |white| white.norm_squared())
    }

    pub(super) fn log_density(&self, squared_distance: f64) -> f64 {
        let exponent = 0.5 * (DEGREES + self.centre.len() as f64);
        self.log_constant - exponent * (squared_distance / DEGREES).ln_1p()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `Γ(3) / (Γ(5/2) √(5π)) = 0.3796` at the centre of the standard t₅, half of that with scale 4, and
    /// `(1 + 1/5)⁻³ = 0.5787` of it at distance 1.
    #[test]
    fn the_density_is_that_of_t_with_five_degrees() {
        let t = |scale: f64| StudentT::new(DVector::zeros(1), DMatrix::from_element(1, 1, scale)).unwrap();
        let at = |scale: f64, u: f64| {
            let t = t(scale);
            t.log_density(t.squared_distance(&DVector::from_element(1, u))).exp()
        };
        assert!((at(1.0, 0.0) - 0.379_606_689_822_494_5).abs() < 1e-12);
        assert!((at(4.0, 0.0) - 0.5 * at(1.0, 0.0)).abs() < 1e-12);
        assert!((at(1.0, 1.0) / at(1.0, 0.0) - 1.2_f64.powi(-3)).abs() < 1e-12);
    }
}
