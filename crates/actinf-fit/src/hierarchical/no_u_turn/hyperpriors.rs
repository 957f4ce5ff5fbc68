//! What is believed about a population before the data: weakly informative unless stated.
//!
//! | of | hyperprior | default |
//! |---|---|---|
//! | a mean (intercept, or level without intercept) | normal | centre and width of the parameter's own prior on the unconstrained scale |
//! | any other weight (contrast, covariate) | normal | mean 0, the same width |
//! | a population standard deviation | half-normal or half-Student-t | half-normal, scale the same width |
//! | the correlations, where they are estimated | LKJ | none; with shape 2, small correlations are a little more probable |
//!
//! With the default priors of this crate the width is 2 for a real parameter, 1 for a positive one (a factor of 2.7) and 1.5 for
//! a probability, per contrast and per standard deviation of a covariate.

use super::correlations::count;
use crate::hierarchical::design::Coding;
use crate::hierarchical::group_problem::GroupProblem;

/// A normal hyperprior of a weight.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NormalHyperprior {
    /// The mean.
    pub mean: f64,
    /// The standard deviation.
    pub sd: f64,
}

/// A hyperprior of a population's standard deviation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ScaleHyperprior {
    /// The absolute value of a normal around 0.
    HalfNormal {
        /// The standard deviation of the normal that is folded.
        scale: f64,
    },
    /// The absolute value of a Student t around 0.
    HalfStudentT {
        /// Degrees of freedom; 3 is heavy in the tail, 1 is the half-Cauchy.
        degrees: f64,
        /// The scale.
        scale: f64,
    },
}

impl ScaleHyperprior {
    /// The log density of `ln sd`, up to a constant, and its derivative with respect to `ln sd`.
    ///
    /// ```text
    /// half-normal       -½ (sd/s)² + ln sd
    /// half-Student-t    -½ (ν + 1) ln(1 + (sd/s)²/ν) + ln sd
    /// ```
    ///
    /// # Example
    ///
    /// ```
    /// use actinf_fit::hierarchical::ScaleHyperprior;
    /// let (value, slope) = ScaleHyperprior::HalfNormal { scale: 2.0 }.of_log_sd(0.0);
    /// assert_eq!((value, slope), (-0.125, 0.75));
    /// ```
    pub fn of_log_sd(self, log_sd: f64) -> (f64, f64) {
        match self {
            ScaleHyperprior::HalfNormal { scale } => {
                let square = (log_sd.exp() / scale).powi(2);
                (log_sd - 0.5 * square, 1.0 - square)
            }
            ScaleHyperprior::HalfStudentT { degrees, scale } => {
                let ratio = (log_sd.exp() / scale).powi(2) / degrees;
                let value = log_sd - 0.5 * (degrees + 1.0) * ratio.ln_1p();
                (value, 1.0 - (degrees + 1.0) * ratio / (1.0 + ratio))
            }
        }
    }

    fn is_valid(self) -> bool {
        let is_positive = |x: f64| x.is_finite() && x > 0.0;
        match self {
            ScaleHyperprior::HalfNormal { scale } => is_positive(scale),
            ScaleHyperprior::HalfStudentT { degrees, scale } => is_positive(degrees) && is_positive(scale),
        }
    }
}

/// All hyperpriors of a group problem.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupHyperpriors {
    /// One per weight, in the order of [`GroupProblem::weights`].
    pub weights: Vec<NormalHyperprior>,
    /// One per coordinate.
    pub scales: Vec<ScaleHyperprior>,
    /// The shape η of the LKJ prior of the correlations; `None` where coordinates are independent in the population.
    pub correlation_shape: Option<f64>,
}

impl GroupHyperpriors {
    /// How many free numbers the correlations of `dimension` coordinates have.
    pub(super) fn correlations_of(&self, dimension: usize) -> usize {
        self.correlation_shape.map_or(0, |_| count(dimension))
    }

    /// The defaults: the table at the top.
    pub fn weakly_informative(group: &GroupProblem<'_>) -> Self {
        let weight = |weight: &crate::hierarchical::Weight| {
            let coordinate = &group.coordinates()[weight.coordinate];
            let column = &group.design_of(weight.coordinate).columns[weight.column];
            let is_mean = matches!(column.coding, Coding::Intercept | Coding::Level { .. });
            NormalHyperprior {
                mean: if is_mean { coordinate.prior_mean } else { 0.0 },
                sd: coordinate.prior_sd,
            }
        };
        GroupHyperpriors {
            weights: group.weights().iter().map(weight).collect(),
            scales: group
                .coordinates()
                .iter()
                .map(|c| ScaleHyperprior::HalfNormal { scale: c.prior_sd })
                .collect(),
            correlation_shape: None,
        }
    }

    /// Whether there is one of each for the group problem, with positive scales.
    pub(super) fn check(&self, group: &GroupProblem<'_>) -> Result<(), String> {
        let (weights, scales) = (group.weights().len(), group.coordinates().len());
        if self.weights.len() != weights || self.scales.len() != scales {
            return Err(format!(
                "{} hyperpriors of weights and {} of standard deviations were given, but {weights} and {scales} are needed",
                self.weights.len(),
                self.scales.len()
            ));
        }
        if self.correlation_shape.is_some_and(|shape| !(shape.is_finite() && shape > 0.0)) {
            return Err("the shape of the prior of the correlations is not positive".to_owned());
        }
        let is_valid = |w: &NormalHyperprior| w.mean.is_finite() && w.sd.is_finite() && w.sd > 0.0;
        match self.weights.iter().all(is_valid) && self.scales.iter().all(|scale| scale.is_valid()) {
            true => Ok(()),
            false => {
                Err("a hyperprior has a mean that is not finite or a scale that is not positive".to_owned())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slopes_agree_with_central_differences() {
        let student = ScaleHyperprior::HalfStudentT { degrees: 3.0, scale: 0.7 };
        for hyperprior in [ScaleHyperprior::HalfNormal { scale: 0.4 }, student] {
            for log_sd in [-2.0, 0.3, 1.5] {
                let (above, below) =
                    (hyperprior.of_log_sd(log_sd + 1e-5).0, hyperprior.of_log_sd(log_sd - 1e-5).0);
                assert!((hyperprior.of_log_sd(log_sd).1 - (above - below) / 2e-5).abs() < 1e-7);
            }
        }
    }
}
