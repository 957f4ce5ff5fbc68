//! The mixture of t distributions that is drawn from, and how it moves to where the weights are.
//!
//! ```text
//! ρ_sk = α_k t(u_s; m_k, S_k) / q(u_s)        γ_sk = (ν + d) / (ν + (u_s - m_k)ᵀ S_k⁻¹ (u_s - m_k))
//! α_k ← Σ_s w_s ρ_sk                          m_k ← Σ_s w_s ρ_sk γ_sk u_s / Σ_s w_s ρ_sk γ_sk
//! S_k ← Σ_s w_s ρ_sk γ_sk (u_s - m_k)(u_s - m_k)ᵀ / α_k
//! ```
//!
//! with w normalised to one: one step of expectation maximisation towards the mixture that is closest to the posterior, estimated
//! from weighted draws (Cappé et al. 2008, section 4.2). Where few draws count, a component keeps part of the
//! scale it had.

use super::modes::Mode;
use super::student_t::{DEGREES, StudentT};
use nalgebra::{DMatrix, DVector};
use rand::{Rng, RngExt};

/// How much wider than the curvature says the second component of every mode is.
const WIDER: f64 = 2.0;
/// No component has less than this share, so that none is given up for lack of draws in one round.
const SMALLEST_SHARE: f64 = 0.01;

/// `q = Σ_k α_k t₅(m_k, S_k)`.
pub(super) struct Mixture {
    components: Vec<Component>,
}

struct Component {
    share: f64,
    distribution: StudentT,
}

impl Mixture {
    /// Two components around every mode. `None` if there is no mode with a positive definite curvature.
    pub(super) fn around(modes: &[Mode]) -> Option<Self> {
        let highest = modes.iter().map(|mode| mode.log_evidence).fold(f64::NEG_INFINITY, f64::max);
        let components = modes.iter().flat_map(|mode| {
            let share = (mode.log_evidence - highest).exp();
            [1.0, WIDER * WIDER].into_iter().filter_map(move |widening| {
                let distribution = StudentT::new(mode.point.clone(), &mode.covariance * widening)?;
                Some(Component { share, distribution })
            })
        });
        Self::of(components.collect())
    }

    /// With shares that add up to one.
    fn of(mut components: Vec<Component>) -> Option<Self> {
        let sum = |components: &[Component]| components.iter().map(|c| c.share).sum::<f64>();
        let total = sum(&components);
        components.iter_mut().for_each(|c| c.share = (c.share / total).max(SMALLEST_SHARE));
        let total = sum(&components);
        components.iter_mut().for_each(|c| c.share /= total);
        (total.is_finite() && !components.is_empty()).then_some(Mixture { components })
    }

    pub(super) fn draw(&self, rng: &mut dyn Rng) -> DVector<f64> {
        let mut left: f64 = rng.random();
        let is_it = |component: &&Component| {
            left -= component.share;
            left < 0.0
        };
        let last = &self.components[self.components.len() - 1];
        self.components.iter().find(is_it).unwrap_or(last).distribution.draw(rng)
    }

    pub(super) fn log_density(&self, point: &DVector<f64>) -> f64 {
        let logs = self.components.iter().map(|c| c.log_density(c.distribution.squared_distance(point)));
        log_sum(&logs.collect::<Vec<_>>())
    }

    /// The mixture after one step towards the posterior that the log weights of the points describe. `None` if no weight is
    /// positive or a component degenerates.
    pub(super) fn adapted(&self, points: &[DVector<f64>], log_weights: &[f64]) -> Option<Self> {
        let largest = log_weights.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let weights: Vec<f64> = log_weights.iter().map(|log| (log - largest).exp()).collect();
        let total: f64 = weights.iter().sum();
        let effective = total * total / weights.iter().map(|weight| weight * weight).sum::<f64>();
        let mut moments: Vec<Moments> =
            self.components.iter().map(|c| Moments::zero(c.distribution.centre.len())).collect();
        for (point, weight) in points.iter().zip(&weights).filter(|(_, weight)| **weight > 0.0) {
            self.add(&mut moments, point, weight / total);
        }
        let moved = self.components.iter().zip(moments).map(|(c, moments)| c.moved(moments, effective));
        Self::of(moved.collect::<Option<_>>()?)
    }

    /// Adds a weighted point to the moments of all components.
    fn add(&self, moments: &mut [Moments], point: &DVector<f64>, weight: f64) {
        let distance = |c: &Component| c.distribution.squared_distance(point);
        let distances: Vec<f64> = self.components.iter().map(distance).collect();
        let logs: Vec<f64> = self.components.iter().zip(&distances).map(|(c, d)| c.log_density(*d)).collect();
        let log_density = log_sum(&logs);
        for ((moments, log), distance) in moments.iter_mut().zip(&logs).zip(&distances) {
            let share = weight * (log - log_density).exp();
            let scaled = share * (DEGREES + point.len() as f64) / (DEGREES + distance);
            moments.share += share;
            moments.scaled += scaled;
            moments.first.axpy(scaled, point, 1.0);
            moments.second.ger(scaled, point, point, 1.0);
        }
    }
}

impl Component {
    /// `ln α + ln t(u)`.
    fn log_density(&self, squared_distance: f64) -> f64 {
        self.share.ln() + self.distribution.log_density(squared_distance)
    }

    /// After a step; with as many draws in it as there are dimensions, half of its scale is the old one.
    fn moved(&self, moments: Moments, effective: f64) -> Option<Self> {
        let Moments { share, scaled, first, second } = moments;
        let own = effective * share;
        if own < 1.0 {
            return Some(Component { share, distribution: self.distribution.clone() });
        }
        let centre = first / scaled;
        let spread = (second - &centre * centre.transpose() * scaled) / share;
        let old = centre.len() as f64;
        let scale = (spread * own + &self.distribution.scale * old) / (own + old);
        Some(Component { share, distribution: StudentT::new(centre, scale)? })
    }
}

/// Sums over weighted points.
struct Moments {
    /// `Σ w ρ`.
    share: f64,
    /// `Σ w ρ γ`.
    scaled: f64,
    /// `Σ w ρ γ u`.
    first: DVector<f64>,
    /// `Σ w ρ γ u uᵀ`.
    second: DMatrix<f64>,
}

impl Moments {
    fn zero(dimension: usize) -> Self {
        let (first, second) = (DVector::zeros(dimension), DMatrix::zeros(dimension, dimension));
        Moments { share: 0.0, scaled: 0.0, first, second }
    }
}

fn log_sum(logs: &[f64]) -> f64 {
    let largest = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    largest + logs.iter().map(|log| (log - largest).exp()).sum::<f64>().ln()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    fn mode(at: f64, log_evidence: f64) -> Mode {
        Mode { point: DVector::from_element(1, at), covariance: DMatrix::identity(1, 1), log_evidence }
    }

    /// By the rectangle rule on ±200 the density has mass 1, whatever the modes.
    #[test]
    fn the_density_is_normalised() {
        let mixture = Mixture::around(&[mode(-3.0, 0.0), mode(4.0, 1.0)]).unwrap();
        let density = |k: i32| mixture.log_density(&DVector::from_element(1, f64::from(k) * 0.01)).exp();
        let mass: f64 = (-20_000..20_000).map(density).sum::<f64>() * 0.01;
        assert!((mass - 1.0).abs() < 1e-6, "{mass}");
    }

    /// Draws that all count the same leave a mixture about where it is: the fixed point of the step is the mixture itself.
    /// Of 20,000 draws the mean has a standard error of 0.03, so 0.15 is five of them: a false alarm in two million seeds.
    #[test]
    fn a_posterior_that_is_the_mixture_does_not_move_it() {
        let mixture = Mixture::around(&[mode(-5.0, 0.0), mode(5.0, 0.0)]).unwrap();
        let mut rng = ChaCha8Rng::seed_from_u64(3);
        let points: Vec<_> = (0..20_000).map(|_| mixture.draw(&mut rng)).collect();
        let adapted = mixture.adapted(&points, &vec![0.0; points.len()]).unwrap();
        for (before, after) in mixture.components.iter().zip(&adapted.components) {
            assert!((before.share - after.share).abs() < 0.02);
            assert!((before.distribution.centre[0] - after.distribution.centre[0]).abs() < 0.15);
            assert!((before.distribution.scale[0] / after.distribution.scale[0]).ln().abs() < 0.15);
        }
    }

    #[test]
    fn there_is_no_mixture_around_nothing_and_none_without_weight() {
        assert!(Mixture::around(&[]).is_none());
        let mixture = Mixture::around(&[mode(0.0, 0.0)]).unwrap();
        assert!(mixture.adapted(&[DVector::zeros(1)], &[f64::NEG_INFINITY]).is_none());
    }
}
