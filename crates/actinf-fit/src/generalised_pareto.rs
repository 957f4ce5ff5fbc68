//! The shape k of the tail of importance weights, and weights with a smoothed tail.
//!
//! A generalised Pareto distribution with shape k has finite moments up to order 1/k, so the k of the largest weights says
//! whether an average of them can be trusted: good below `min(1 - 1/log10 S, 0.7)` for S draws, bad up to 1, useless
//! above.
//!
//! ```text
//! M    = min(S/5, 3 √S) largest weights; exceedances x over the largest weight that is not among them
//! θ_j  = 1/x_M + (1 - √(m/(j - ½))) / (3 x_{M/4}),   j = 1..m,   m = 30 + ⌊√M⌋
//! k(θ) = mean ln(1 - θ x),   l(θ) = M [ln(-θ/k) - k - 1],   θ̂ = Σ θ_j exp l(θ_j) / Σ exp l(θ_j)
//! k̂    = (M k(θ̂) + 10 · ½) / (M + 10),   σ̂ = -k(θ̂)/θ̂
//! ```
//!
//! # References
//!
//! Zhang & Stephens (2009). A new and efficient estimation method for the generalized Pareto distribution.
//! *Technometrics* 51, 316-325. Vehtari, Simpson, Gelman, Yao & Gabry (2024). Pareto smoothed importance sampling.
//! *Journal of Machine Learning Research* 25 (72), 1-58.

/// A tail needs at least this many weights.
const LEAST_TAIL: usize = 5;

/// A generalised Pareto distribution above 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GeneralisedPareto {
    /// The shape k.
    pub shape: f64,
    /// The scale σ.
    pub scale: f64,
}

impl GeneralisedPareto {
    /// Fits exceedances sorted in ascending order, all above 0; the shape is drawn towards 0.5 with the weight of ten.
    /// `None` for fewer than five.
    pub fn of_exceedances(sorted: &[f64]) -> Option<Self> {
        let size = sorted.len();
        if size < LEAST_TAIL {
            return None;
        }
        let candidates = 30 + (size as f64).sqrt().floor() as usize;
        let quartile = sorted[(size as f64 / 4.0 + 0.5).floor() as usize - 1];
        let theta = |j: usize| {
            let spread = 1.0 - (candidates as f64 / (j as f64 - 0.5)).sqrt();
            1.0 / sorted[size - 1] + spread / (3.0 * quartile)
        };
        let thetas: Vec<f64> = (1..=candidates).map(theta).collect();
        let profile = |theta: f64| {
            let k = mean_log(sorted, theta);
            size as f64 * ((-theta / k).ln() - k - 1.0)
        };
        let heights: Vec<f64> = thetas.iter().map(|&theta| profile(theta)).collect();
        let highest = heights.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let weights: Vec<f64> = heights.iter().map(|height| (height - highest).exp()).collect();
        let total: f64 = weights.iter().sum();
        let theta = thetas.iter().zip(&weights).map(|(theta, weight)| theta * weight).sum::<f64>() / total;
        let k = mean_log(sorted, theta);
        let n = size as f64;
        let fitted = GeneralisedPareto { shape: (n * k + 5.0) / (n + 10.0), scale: -k / theta };
        (fitted.shape.is_finite() && fitted.scale.is_finite()).then_some(fitted)
    }

    /// The value below which a fraction `probability` lies: `σ ((1 - p)^-k - 1) / k`.
    ///
    /// # Example
    ///
    /// ```
    /// let tail = actinf_fit::generalised_pareto::GeneralisedPareto { shape: 1.0, scale: 2.0 };
    /// assert_eq!(tail.quantile(0.75), 6.0);
    /// ```
    pub fn quantile(&self, probability: f64) -> f64 {
        let log_above = (-probability).ln_1p();
        if self.shape.abs() < 1e-12 {
            return -self.scale * log_above;
        }
        self.scale * (-self.shape * log_above).exp_m1() / self.shape
    }
}

fn mean_log(exceedances: &[f64], theta: f64) -> f64 {
    exceedances.iter().map(|x| (-theta * x).ln_1p()).sum::<f64>() / exceedances.len() as f64
}

/// Log weights with a smoothed tail, and the tail's shape.
#[derive(Clone, Debug, PartialEq)]
pub struct SmoothedWeights {
    /// k̂; `None` where fewer than five weights exceed the rest, so that there is no tail to speak of.
    pub pareto_k: Option<f64>,
    /// The log weights: those of the tail are the expected order statistics of the fitted distribution, at most the
    /// largest raw one.
    pub log_weights: Vec<f64>,
}

/// Fits the tail of importance weights, given by their logarithms (minus infinity for weight 0), and smooths it.
pub fn smooth(log_weights: &[f64]) -> SmoothedWeights {
    let unsmoothed = SmoothedWeights { pareto_k: None, log_weights: log_weights.to_vec() };
    let size = log_weights.len();
    let largest = log_weights.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let tail_size = (size as f64 / 5.0).min(3.0 * (size as f64).sqrt()).ceil() as usize;
    if !largest.is_finite() || tail_size + 1 > size {
        return unsmoothed;
    }
    let mut order: Vec<usize> = (0..size).collect();
    order.sort_by(|&a, &b| log_weights[a].total_cmp(&log_weights[b]));
    let relative = |index: usize| log_weights[index] - largest;
    let cutoff = relative(order[size - tail_size - 1]).max(f64::MIN_POSITIVE.ln());
    let tail: Vec<usize> = order.into_iter().filter(|&index| relative(index) > cutoff).collect();
    let threshold = cutoff.exp();
    let exceedances: Vec<f64> = tail.iter().map(|&index| relative(index).exp() - threshold).collect();
    let Some(fitted) = GeneralisedPareto::of_exceedances(&exceedances) else { return unsmoothed };
    let mut log_weights = log_weights.to_vec();
    for (rank, &index) in tail.iter().enumerate() {
        let expected = fitted.quantile((rank as f64 + 0.5) / tail.len() as f64) + threshold;
        log_weights[index] = expected.ln().min(0.0) + largest;
    }
    SmoothedWeights { pareto_k: Some(fitted.shape), log_weights }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The quantiles of a Pareto distribution with this shape, in a scattered order.
    fn pareto(shape: f64) -> Vec<f64> {
        let size = 1000;
        let quantile = |k: usize| -shape * (-((k * 389 % size) as f64 + 0.5) / size as f64).ln_1p();
        (0..size).map(quantile).collect()
    }

    /// k̂ and the largest smoothed log weights, normalised, of `arviz.psislw` (ArviZ 0.23.4) for the same weights.
    #[test]
    fn shapes_and_smoothed_weights_are_those_of_arviz() {
        let recorded = [
            (0.3, 0.3235606438260692, [-5.436216185774991, -5.274677268393777, -4.983915800174816]),
            (0.7, 0.6706577683143559, [-3.893518300221661, -3.5495259615970087, -2.810945535612846]),
            (1.2, 1.1046739292502503, [-2.9172606044214278, -2.3521012700282307, -1.1376930189987966]),
        ];
        for (shape, k, largest) in recorded {
            let SmoothedWeights { pareto_k, mut log_weights } = smooth(&pareto(shape));
            assert!((pareto_k.unwrap() - k).abs() < 1e-10, "{pareto_k:?}");
            let total = log_weights.iter().map(|weight| weight.exp()).sum::<f64>().ln();
            log_weights.sort_by(f64::total_cmp);
            for (found, expected) in log_weights[997..].iter().zip(largest) {
                assert!((found - total - expected).abs() < 1e-10, "{} {expected}", found - total);
            }
        }
    }

    #[test]
    fn weights_without_a_tail_have_no_shape() {
        assert_eq!(smooth(&[0.0; 100]).pareto_k, None);
        assert_eq!(smooth(&[f64::NEG_INFINITY; 100]).pareto_k, None);
        assert_eq!(smooth(&[1.0, 2.0]).pareto_k, None);
        assert_eq!(smooth(&[]).pareto_k, None);
    }

    #[test]
    fn draws_of_weight_zero_do_not_disturb_the_tail() {
        let mut weights = pareto(0.5);
        weights.extend([f64::NEG_INFINITY; 10]);
        let smoothed = smooth(&weights);
        assert!(smoothed.pareto_k.is_some());
        assert!(smoothed.log_weights[1000].is_infinite());
    }
}
