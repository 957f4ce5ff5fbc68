//! What is believed about the population of one model: a normal-gamma posterior per coordinate.
//!
//! | symbol | here | |
//! |---|---|---|
//! | `N_k` | `subjects` | responsibilities summed |
//! | `w \| τ ~ Normal(a0, (τ B0)⁻¹)`, `τ ~ Gamma(v, s)` | [`Hyperprior`] | what is believed before |
//! | `w \| τ ~ Normal(a, (τ B)⁻¹)`, `τ ~ Gamma(ν, σ)` | [`CoordinatePosterior`] | and after |
//!
//! ```text
//! B = B0 + Xᵀ R X      a = B⁻¹ (B0 a0 + Xᵀ R θ̂)      ν = v + N_k / 2
//! σ = s + ½ [ Σ_i r_i ((θ̂_i - x_i·a)² + A_i⁻¹) + (a - a0)ᵀ B0 (a - a0) ]
//! ```
//!
//! with R the diagonal of the responsibilities r and B0 the diagonal of `b` for the first weight and `b_w` for all others. For
//! the formula `1` this is the update of Piray et al. (2019). With `b` for differences and slopes too, each round would pull
//! them towards 0 like a subject without any: of a difference of 1 between two groups of twelve, 0.6 was found.

use crate::hierarchical::first_level::SubjectPosterior;
use crate::hierarchical::gaussian::Spread;
use crate::hierarchical::group_problem::GroupProblem;
use nalgebra::{Cholesky, DMatrix, DVector};
use statrs::function::gamma::{digamma, ln_gamma};
use std::f64::consts::PI;

/// What is believed about every model's population before the data.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hyperprior {
    /// `b`: how many subjects the prior mean of the first weight, the population's mean, counts for.
    pub mean_strength: f64,
    /// `b_w`: the same for every other weight, the differences and slopes.
    pub weight_strength: f64,
    /// `v`: the shape of the gamma prior of the population's precisions.
    pub precision_shape: f64,
    /// `s`: its rate.
    pub precision_rate: f64,
    /// `α0`: the count of the Dirichlet prior of the model frequencies, per model.
    pub model_count: f64,
}

impl Default for Hyperprior {
    /// Those of Piray et al. (2019): b = 1, v = 0.5, s = 0.01, α0 = 1; and `b_w` = 0.01, which leaves differences to the data.
    fn default() -> Self {
        Hyperprior {
            mean_strength: 1.0,
            weight_strength: 0.01,
            precision_shape: 0.5,
            precision_rate: 0.01,
            model_count: 1.0,
        }
    }
}

impl Hyperprior {
    pub(super) fn is_proper(&self) -> bool {
        let Hyperprior { mean_strength, weight_strength, precision_shape, precision_rate, model_count } =
            self;
        let numbers = [mean_strength, weight_strength, precision_shape, precision_rate, model_count];
        numbers.iter().all(|number| number.is_finite() && **number > 0.0)
    }

    /// The diagonal of `B0`, for so many weights.
    fn strengths(&self, weights: usize) -> DVector<f64> {
        DVector::from_fn(weights, |j, _| if j == 0 { self.mean_strength } else { self.weight_strength })
    }
}

/// The posterior of one coordinate's weights and precision.
#[derive(Clone, Debug, PartialEq)]
pub struct CoordinatePosterior {
    /// `a0`: the prior mean of the weights.
    pub prior_weights: Vec<f64>,
    /// `a`: the posterior mean of the weights.
    pub weights: Vec<f64>,
    /// `B⁻¹`: the covariance of the weights, times the precision.
    pub weight_covariance: DMatrix<f64>,
    /// `σ`: the rate of the gamma posterior of the precision.
    pub rate: f64,
    /// The covariance of the weights, times the precision, if what behaviour leaves open about every subject is counted too:
    /// `(B0 + Σ_i r_i (1 - τ A_i⁻¹) x_i x_iᵀ)⁻¹` with `τ = ν / σ`, the information of the complete data less the missing one
    /// (Louis 1982, *Journal of the Royal Statistical Society B* 44, 226-233).
    pub observed_covariance: DMatrix<f64>,
    log_determinant: f64,
}

/// The posterior of one model's population.
#[derive(Clone, Debug, PartialEq)]
pub struct PopulationPosterior {
    /// `N_k`: the responsibilities summed.
    pub subjects: f64,
    /// `ν`: the shape of the gamma posterior of the precisions.
    pub shape: f64,
    /// One posterior per coordinate.
    pub coordinates: Vec<CoordinatePosterior>,
}

/// One subject as the update sees it: its place in the group, its responsibility and its posterior.
pub(crate) type Share<'a> = (usize, f64, &'a SubjectPosterior);

impl PopulationPosterior {
    /// Updates from the subjects' shares; `None` if an update is not finite.
    pub(crate) fn of_shares(
        group: &GroupProblem<'_>,
        hyperprior: &Hyperprior,
        prior_weights: &[f64],
        shares: &[Share<'_>],
    ) -> Option<Self> {
        let subjects: f64 = shares.iter().map(|(_, r, _)| r).sum();
        let shape = hyperprior.precision_shape + 0.5 * subjects;
        let coordinate = |c: usize| {
            let prior = prior_weights[group.weights_of(c)].to_vec();
            CoordinatePosterior::of_shares(group, hyperprior, prior, c, (shape, shares))
        };
        let coordinates = (0..group.coordinates().len()).map(coordinate).collect::<Option<_>>()?;
        Some(PopulationPosterior { subjects, shape, coordinates })
    }

    /// `sqrt(σ J_jj / ν)`, J the [observed covariance](CoordinatePosterior::observed_covariance): the standard error of a weight.
    ///
    /// The [error bar](PopulationPosterior::error_bar) takes every subject as if it were known; where behaviour says little, as
    /// in 60 choices of a learner, it is about half as wide as estimates vary from one group of people to the next.
    pub fn standard_error(&self, coordinate: usize, column: usize) -> f64 {
        let own = &self.coordinates[coordinate];
        (own.rate * own.observed_covariance[(column, column)] / self.shape).sqrt()
    }

    /// `E[τ]` of a coordinate.
    pub fn precision(&self, coordinate: usize) -> f64 {
        self.shape / self.coordinates[coordinate].rate
    }

    /// `sqrt(σ B⁻¹_jj / ν)`: the error bar of a weight (Piray et al. 2019, there for the group mean).
    ///
    /// With [`TTest`](crate::hierarchical::TTest) and `2 ν` degrees of freedom it tests the weight.
    pub fn error_bar(&self, coordinate: usize, column: usize) -> f64 {
        let own = &self.coordinates[coordinate];
        (own.rate * own.weight_covariance[(column, column)] / self.shape).sqrt()
    }

    /// The weights of all coordinates in the order of the group problem.
    pub fn weights(&self) -> Vec<f64> {
        self.coordinates.iter().flat_map(|coordinate| coordinate.weights.iter().copied()).collect()
    }

    /// The population as the next search sees it: `Normal(x·a, 1/E[τ])`.
    pub(crate) fn spread(&self) -> Option<Spread> {
        let variances: Vec<f64> = (0..self.coordinates.len()).map(|c| 1.0 / self.precision(c)).collect();
        Spread::of_variances(&variances)
    }

    /// `λ_i = ½ Σ_c [ψ(ν) - ln ν - x_icᵀ B_c⁻¹ x_ic]`: the cost of not knowing weights and precisions exactly, in nats.
    pub(crate) fn uncertainty(&self, group: &GroupProblem<'_>, subject: usize) -> f64 {
        let precision = digamma(self.shape) - self.shape.ln();
        let weights = |(c, own): (usize, &CoordinatePosterior)| {
            let row = DVector::from_iterator(own.weights.len(), group.design_of(c).row(subject));
            row.dot(&(&own.weight_covariance * &row))
        };
        self.coordinates.iter().enumerate().map(|c| 0.5 * (precision - weights(c))).sum()
    }

    /// `E ln p(w, τ) - E ln q(w, τ)`: the population's part of the bound, in nats.
    pub(crate) fn bound(&self, hyperprior: &Hyperprior) -> f64 {
        let (nu, v, s) = (self.shape, hyperprior.precision_shape, hyperprior.precision_rate);
        let part = |own: &CoordinatePosterior| {
            let p = own.weights.len() as f64;
            let (precision, log_precision) = (nu / own.rate, digamma(nu) - own.rate.ln());
            let strengths = hyperprior.strengths(own.weights.len());
            let variances = own.weight_covariance.diagonal();
            let weights = own.weights.iter().zip(&own.prior_weights).zip(variances.iter());
            let log_p_weights: f64 = strengths
                .iter()
                .zip(weights)
                .map(|(b, ((a, a0), variance))| {
                    let distance = (a - a0) * (a - a0);
                    0.5 * ((b / (2.0 * PI)).ln() + log_precision)
                        - 0.5 * b * (precision * distance + variance)
                })
                .sum();
            let log_p_precision = (v - 1.0) * log_precision - s * precision + v * s.ln() - ln_gamma(v);
            let log_q_weights = 0.5 * p * (log_precision - (2.0 * PI).ln() - 1.0) + 0.5 * own.log_determinant;
            let log_q_precision = (nu - 1.0) * log_precision - nu + nu * own.rate.ln() - ln_gamma(nu);
            log_p_weights + log_p_precision - log_q_weights - log_q_precision
        };
        self.coordinates.iter().map(part).sum()
    }
}

impl CoordinatePosterior {
    fn of_shares(
        group: &GroupProblem<'_>,
        hyperprior: &Hyperprior,
        prior_weights: Vec<f64>,
        coordinate: usize,
        (shape, shares): (f64, &[Share<'_>]),
    ) -> Option<Self> {
        let size = prior_weights.len();
        let strengths = hyperprior.strengths(size);
        let a0 = DVector::from_column_slice(&prior_weights);
        let row = |i: usize| DVector::from_iterator(size, group.design_of(coordinate).row(i));
        let mut strength = DMatrix::from_diagonal(&strengths);
        let mut pull = a0.component_mul(&strengths);
        for (subject, r, posterior) in shares {
            let x = row(*subject);
            strength += &x * x.transpose() * *r;
            pull += x * (r * posterior.mode[coordinate]);
        }
        let factor = Cholesky::new(strength)?;
        let a = factor.solve(&pull);
        let spread = |(subject, r, posterior): &Share<'_>| {
            let error = posterior.mode[coordinate] - row(*subject).dot(&a);
            r * (error * error + posterior.covariance[(coordinate, coordinate)])
        };
        let moved = &a - &a0;
        let squares = shares.iter().map(spread).sum::<f64>() + moved.dot(&moved.component_mul(&strengths));
        let rate = hyperprior.precision_rate + 0.5 * squares;
        let mut information = DMatrix::from_diagonal(&strengths);
        for (subject, r, posterior) in shares {
            let x = row(*subject);
            let missing = shape / rate * posterior.covariance[(coordinate, coordinate)];
            information += &x * x.transpose() * (r * (1.0 - missing).clamp(0.0, 1.0));
        }
        let observed_covariance = Cholesky::new(information)?.inverse();
        rate.is_finite().then(|| CoordinatePosterior {
            observed_covariance,
            prior_weights,
            weights: a.as_slice().to_vec(),
            weight_covariance: factor.inverse(),
            rate,
            log_determinant: 2.0 * factor.l_dirty().diagonal().map(f64::ln).sum(),
        })
    }
}

/// `θ̄ / sqrt(S)` per coordinate, with θ̄ the responsibility-weighted mean of the modes and S the weighted variance with the
/// estimation noise in it, then every further weight over `sqrt(S)`: what stands still at the end.
pub(crate) fn watched(posterior: &PopulationPosterior, shares: &[Share<'_>]) -> Vec<f64> {
    let mut watched = Vec::new();
    for (c, own) in posterior.coordinates.iter().enumerate() {
        let mean = shares.iter().map(|(_, r, p)| r * p.mode[c]).sum::<f64>() / posterior.subjects;
        let square = |(_, r, p): &Share<'_>| r * ((p.mode[c] - mean).powi(2) + p.covariance[(c, c)]);
        let sd = (shares.iter().map(square).sum::<f64>() / posterior.subjects).sqrt();
        watched.push(mean / sd);
        watched.extend(own.weights.iter().skip(1).map(|weight| weight / sd));
    }
    watched
}
