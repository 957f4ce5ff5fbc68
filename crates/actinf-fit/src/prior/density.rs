//! What a prior says on the support of a parameter: densities, slopes, variances and draws.

use super::error::{PriorError, PriorErrorKind};
use super::scalar::Line;
use super::{Prior, dirichlet};
use actinf_agents::{Parameter, Support};
use rand::Rng;

/// How often a draw is repeated that was rounded to the edge of the support.
const DRAW_ATTEMPTS: usize = 1000;

impl Prior {
    /// Whether the prior is a distribution on the parameter's support.
    ///
    /// # Errors
    ///
    /// If a number of the prior is out of range or the distribution belongs to another support; the message names
    /// the parameter and the distributions that would fit.
    pub fn check(&self, parameter: &Parameter) -> Result<(), PriorError> {
        self.check_support(parameter.support)
            .map_err(|kind| PriorError { parameter: parameter.name.clone(), kind })
    }

    fn check_support(&self, support: Support) -> Result<(), PriorErrorKind> {
        let wrong_support = || PriorErrorKind::WrongSupport {
            distribution: self.name(),
            support,
            accepted: accepted(support),
        };
        match (self, line(support)) {
            (Prior::Dirichlet { concentration }, None) => dirichlet::check(concentration, support.size()),
            (_, None) | (Prior::Dirichlet { .. }, Some(_)) => Err(wrong_support()),
            (_, Some(line)) => self
                .scalar(|d| if d.line() == line { d.check() } else { Err(wrong_support()) })
                .unwrap_or_else(|| Err(wrong_support())),
        }
    }

    /// `ln p(values)` on the natural scale, in nats; minus infinity outside the support. For a simplex the density
    /// is that of all components but the last.
    ///
    /// # Example
    ///
    /// ```
    /// use actinf_agents::Support;
    /// use actinf_fit::Prior;
    /// let interval = Support::Interval { lower: 1.0, upper: 3.0 };
    /// assert_eq!(Prior::Uniform.log_density(interval, &[1.5]), -(2.0_f64.ln()));
    /// ```
    pub fn log_density(&self, support: Support, values: &[f64]) -> f64 {
        if !support.contains(values) {
            return f64::NEG_INFINITY;
        }
        if let Prior::Dirichlet { concentration } = self {
            return dirichlet::log_density(concentration, values);
        }
        let (lower, width) = stretch(support);
        self.scalar(|d| d.log_density((values[0] - lower) / width) - width.ln()).unwrap_or(f64::NEG_INFINITY)
    }

    /// Adds `∂ ln p / ∂ value` to `gradient`, one number per natural value, inside the support. The components of
    /// a simplex are varied freely.
    pub fn add_log_density_gradient(&self, support: Support, values: &[f64], gradient: &mut [f64]) {
        if let Prior::Dirichlet { concentration } = self {
            return dirichlet::add_gradient(concentration, values, gradient);
        }
        let (lower, width) = stretch(support);
        for (slope, value) in gradient.iter_mut().zip(values) {
            *slope += self.scalar(|d| d.log_density_slope((value - lower) / width) / width).unwrap_or(0.0);
        }
    }

    /// `p(x)` on the natural scale, for plots; `None` for a Dirichlet.
    pub fn density(&self, support: Support, x: f64) -> Option<f64> {
        if matches!(self, Prior::Dirichlet { .. }) {
            return None;
        }
        Some(self.log_density(support, &[x]).exp())
    }

    /// The value below which a fraction `probability` (in 0..=1) of the prior lies; `None` for a Dirichlet or
    /// where `probability` is not a probability.
    ///
    /// # Example
    ///
    /// ```
    /// use actinf_agents::Support;
    /// use actinf_fit::Prior;
    /// let prior = Prior::LogitNormal { mean: 0.0, sd: 1.5 };
    /// let median = prior.quantile(Support::Interval { lower: 0.5, upper: 1.0 }, 0.5);
    /// assert_eq!(median, Some(0.75));
    /// ```
    pub fn quantile(&self, support: Support, probability: f64) -> Option<f64> {
        if !(0.0..=1.0).contains(&probability) {
            return None;
        }
        let (lower, width) = stretch(support);
        self.scalar(|d| lower + width * d.quantile(probability))
    }

    /// The prior variance of each unconstrained coordinate (see [`crate::transform`]): of the value itself, its
    /// logarithm, its logit, or, for a simplex, of `ln(x_k / x_K)`.
    ///
    /// ```text
    /// Normal, LogNormal, LogitNormal  sd²          Beta         ψ'(a) + ψ'(b)
    /// Gamma                           ψ'(shape)    Uniform      π²/3
    /// Exponential                     π²/6         HalfNormal   π²/8
    /// Dirichlet                       ψ'(a_k) + ψ'(a_K)
    /// ```
    pub fn coordinate_variances(&self) -> Vec<f64> {
        match self {
            Prior::Dirichlet { concentration } => dirichlet::coordinate_variances(concentration),
            _ => self.scalar(|d| d.unconstrained_variance()).into_iter().collect(),
        }
    }

    /// The prior variance of each component as Laplace's method sees it: the inverse curvature of the log prior at
    /// its mode, on the unconstrained scale of the component (the logit, for a component of a simplex).
    ///
    /// A posterior variance that comes from a curvature must be compared with this one: if the data say nothing the
    /// two are equal, which holds for the exact variance only where the unconstrained prior is normal.
    ///
    /// ```text
    /// Normal, LogNormal, LogitNormal  sd²          Beta         1/a + 1/b
    /// Gamma                           1/shape      Uniform      2
    /// Exponential                     1            HalfNormal   1/2
    /// Dirichlet                       1/a_k + 1/(Σ a - a_k)
    /// ```
    pub fn laplace_variances(&self) -> Vec<f64> {
        match self {
            Prior::Dirichlet { concentration } => dirichlet::laplace_variances(concentration),
            _ => self.scalar(|d| d.laplace_variance()).into_iter().collect(),
        }
    }

    /// A draw on the natural scale. A draw that rounding put on the edge of the support is made again.
    ///
    /// # Errors
    ///
    /// If a thousand draws in a row lie on the edge: the prior is too extreme for floating point numbers.
    pub fn sample(&self, support: Support, rng: &mut dyn Rng) -> Result<Vec<f64>, PriorErrorKind> {
        for _ in 0..DRAW_ATTEMPTS {
            if let Some(values) = self.sample_once(support, rng).filter(|values| support.contains(values)) {
                return Ok(values);
            }
        }
        Err(PriorErrorKind::DrawsAtEdge { prior: self.to_string(), attempts: DRAW_ATTEMPTS })
    }

    fn sample_once(&self, support: Support, rng: &mut dyn Rng) -> Option<Vec<f64>> {
        if let Prior::Dirichlet { concentration } = self {
            return dirichlet::sample(concentration, rng);
        }
        let (lower, width) = stretch(support);
        let draw = self.scalar(|d| d.sample(rng))??;
        Some(vec![lower + width * draw])
    }
}

/// The standard line of a support; `None` for a simplex.
fn line(support: Support) -> Option<Line> {
    match support {
        Support::Real => Some(Line::Real),
        Support::Positive => Some(Line::Positive),
        Support::Unit | Support::Interval { .. } => Some(Line::Unit),
        Support::Simplex { .. } => None,
    }
}

/// Where the standard line starts and how far it is stretched.
fn stretch(support: Support) -> (f64, f64) {
    match support {
        Support::Interval { lower, upper } => (lower, upper - lower),
        _ => (0.0, 1.0),
    }
}

fn accepted(support: Support) -> &'static str {
    match line(support) {
        Some(Line::Real) => "normal",
        Some(Line::Positive) => "log_normal, gamma, exponential, half_normal",
        Some(Line::Unit) => "logit_normal, beta, uniform",
        None => "dirichlet",
    }
}
