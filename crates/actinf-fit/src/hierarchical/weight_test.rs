//! Standard errors and t tests of a population's weights.

use super::group_problem::GroupProblem;
use super::integrated_likelihood::IntegratedLikelihood;
use super::population::{Population, subject_design};
use nalgebra::{Cholesky, DMatrix};
use statrs::distribution::{ContinuousCDF, StudentsT};

/// A weight of the population with its test against zero.
#[derive(Clone, Debug, PartialEq)]
pub struct WeightEstimate {
    /// `learning_rate ~ group[b]`.
    pub name: String,
    /// The coordinate whose mean it shapes.
    pub coordinate: usize,
    /// Its column in the coordinate's design matrix.
    pub column: usize,
    /// The estimate, on the unconstrained scale.
    pub estimate: f64,
    /// Its standard error and test; `None` where the data do not determine it.
    pub test: Option<TTest>,
}

/// A t test of an estimate against a value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TTest {
    /// The standard error of the estimate.
    pub standard_error: f64,
    /// `(estimate - value) / standard error`.
    pub t: f64,
    /// Degrees of freedom.
    pub degrees_of_freedom: f64,
    /// The two-sided p value.
    pub p: f64,
}

impl TTest {
    /// The test of `estimate` against `value`; `None` unless standard error and degrees of freedom are positive.
    ///
    /// # Example
    ///
    /// With one degree of freedom the t distribution is Cauchy's, so t = 1 is exceeded in half of all cases:
    ///
    /// ```
    /// use actinf_fit::hierarchical::TTest;
    /// let test = TTest::new(3.0, 1.0, 2.0, 1.0).unwrap();
    /// assert_eq!(test.t, 1.0);
    /// assert!((test.p - 0.5).abs() < 1e-12);
    /// ```
    pub fn new(estimate: f64, value: f64, standard_error: f64, degrees_of_freedom: f64) -> Option<Self> {
        let t = (estimate - value) / standard_error;
        if !(standard_error > 0.0 && t.is_finite()) {
            return None;
        }
        let distribution = StudentsT::new(0.0, 1.0, degrees_of_freedom).ok()?;
        Some(TTest { standard_error, t, degrees_of_freedom, p: 2.0 * distribution.sf(t.abs()) })
    }
}

/// All weights with their tests: the standard errors come from the information in the integrated likelihood with the
/// covariance held at its estimate, the degrees of freedom are the subjects less the columns of the coordinate's design.
pub(crate) fn weight_estimates(
    group: &GroupProblem<'_>,
    population: &Population,
    members: usize,
    covariance: Option<&DMatrix<f64>>,
) -> Vec<WeightEstimate> {
    let estimate = |(index, weight): (usize, &super::group_problem::Weight)| {
        let estimate = population.weights[index];
        let columns = group.weights_of(weight.coordinate).len();
        let degrees = members as f64 - columns as f64;
        let variance = covariance.map(|covariance| covariance[(index, index)]);
        WeightEstimate {
            name: weight.name.clone(),
            coordinate: weight.coordinate,
            column: weight.column,
            estimate,
            test: variance.and_then(|variance| TTest::new(estimate, 0.0, variance.sqrt(), degrees)),
        }
    };
    group.weights().iter().enumerate().map(estimate).collect()
}

/// The inverse of the subjects' summed information; `None` if it is not positive definite.
pub(crate) fn weight_covariance(
    group: &GroupProblem<'_>,
    population: &Population,
    members: &[(usize, &IntegratedLikelihood)],
) -> Option<DMatrix<f64>> {
    let spread = population.spread().ok()?;
    let size = group.weights().len();
    let mut information = DMatrix::zeros(size, size);
    for (subject, integrated) in members {
        information += integrated.information(&subject_design(group, *subject), &spread);
    }
    Cholesky::new(information).map(|factor| factor.inverse())
}
