//! What the weights of a population say: intervals, directions, practical equivalence, and effects on the natural scale.
//!
//! ```text
//! mean          g(w)
//! difference    g(reference + w) - g(reference)     reference = intercept - Σ_k w_k / levels
//! slope         g(mean + w) - g(mean)               mean = intercept, or the mean of the levels
//! ```
//!
//! with g from the unconstrained to the natural scale and the sum over the contrasts of the group. Intervals of effects are those
//! of joint draws of the weights, so they hold the uncertainty of the place from which the change is made. A simplex has no
//! natural value of one coordinate, and an interaction no one place, so they have no natural effect.

use super::coding::kind;
use crate::hierarchical::{Coding, GroupProblem, TTest, Weight};
use crate::population_record::{NaturalEffect, WeightKind, WeightRecord};
use crate::sampling::quantile;
use crate::transform::Transform;
use statrs::distribution::{ContinuousCDF, StudentsT};
use std::collections::BTreeMap;

/// The ends of a 95 % interval.
const ENDS: [f64; 2] = [0.025, 0.975];

/// What a method knows of the weights.
#[derive(Clone, Debug, PartialEq)]
pub struct WeightsFound {
    /// One per weight.
    pub marginals: Vec<Marginal>,
    /// Joint draws, draws × weights; empty where the data do not determine them.
    pub draws: Vec<Vec<f64>>,
}

/// What is known of one weight.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Marginal {
    /// A Student t distribution around the estimate, and the test against zero that goes with it; `None` where the data do not
    /// determine it.
    StudentT {
        /// The estimate.
        estimate: f64,
        /// Its standard error, degrees of freedom and test.
        test: Option<TTest>,
    },
    /// What the draws say.
    Drawn,
}

/// One weight as its record needs it.
struct Summary {
    estimate: f64,
    standard_error: Option<f64>,
    interval: Option<[f64; 2]>,
    test: Option<TTest>,
    direction: Option<f64>,
    within: Option<f64>,
}

/// The records of all weights.
pub(super) fn weight_records(
    group: &GroupProblem<'_>,
    practical_equivalence: &BTreeMap<String, f64>,
    found: &WeightsFound,
) -> Vec<WeightRecord> {
    let record = |(index, weight): (usize, &Weight)| {
        let coordinate = &group.coordinates()[weight.coordinate];
        let column = &group.design_of(weight.coordinate).columns[weight.column];
        let kind = kind(&column.coding);
        let parameter = &group.problem().free()[coordinate.design].parameter.name;
        let region = practical_equivalence.get(parameter).filter(|_| kind != WeightKind::Mean).copied();
        let summary = found.summary(index, region);
        WeightRecord {
            name: weight.name.clone(),
            coordinate: coordinate.name.clone(),
            column: column.name.clone(),
            kind,
            estimate: summary.estimate,
            standard_error: summary.standard_error,
            interval: summary.interval,
            natural: natural_effect(group, weight, index, found, summary.interval),
            p: summary.test.map(|test| test.p),
            t: summary.test.map(|test| test.t),
            direction: summary.direction,
            practical_equivalence: summary.within,
        }
    };
    group.weights().iter().enumerate().map(record).collect()
}

impl WeightsFound {
    fn column(&self, index: usize) -> Vec<f64> {
        self.draws.iter().map(|draw| draw[index]).collect()
    }

    fn estimates(&self) -> Vec<f64> {
        let estimate = |(index, marginal): (usize, &Marginal)| match marginal {
            Marginal::StudentT { estimate, .. } => *estimate,
            Marginal::Drawn => mean(&self.column(index)),
        };
        self.marginals.iter().enumerate().map(estimate).collect()
    }

    fn summary(&self, index: usize, region: Option<f64>) -> Summary {
        match self.marginals[index] {
            Marginal::StudentT { estimate, test } => of_test(estimate, test, region),
            Marginal::Drawn => of_draws(&self.column(index), region),
        }
    }
}

/// From a t distribution: the probability of direction is `F(|t|)`.
fn of_test(estimate: f64, test: Option<TTest>, region: Option<f64>) -> Summary {
    let known = test.and_then(|test| {
        let t = StudentsT::new(0.0, 1.0, test.degrees_of_freedom).ok()?;
        Some((test, t))
    });
    let Some((test, t)) = known else {
        let (standard_error, interval, direction, within) = (None, None, None, None);
        return Summary { estimate, standard_error, interval, test: None, direction, within };
    };
    let below = |x: f64| t.cdf((x - estimate) / test.standard_error);
    Summary {
        estimate,
        standard_error: Some(test.standard_error),
        interval: Some(ENDS.map(|p| estimate + test.standard_error * t.inverse_cdf(p))),
        test: Some(test),
        direction: Some(t.cdf(test.t.abs())),
        within: region.map(|region| below(region) - below(-region)),
    }
}

fn of_draws(draws: &[f64], region: Option<f64>) -> Summary {
    let (centre, count) = (mean(draws), draws.len() as f64);
    let share =
        |is_in: &dyn Fn(f64) -> bool| draws.iter().filter(|draw| is_in(**draw)).count() as f64 / count;
    let variance = draws.iter().map(|x| (x - centre).powi(2)).sum::<f64>() / (count - 1.0);
    Summary {
        estimate: centre,
        standard_error: Some(variance.sqrt()),
        interval: Some(ENDS.map(|p| quantile(draws, p))),
        test: None,
        direction: Some(share(&|x| x * centre > 0.0)),
        within: region.map(|region| share(&|x| x.abs() < region)),
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn natural_effect(
    group: &GroupProblem<'_>,
    weight: &Weight,
    index: usize,
    found: &WeightsFound,
    interval: Option<[f64; 2]>,
) -> Option<NaturalEffect> {
    let p = &group.problem().free()[group.coordinates()[weight.coordinate].design];
    let kind = kind(&group.design_of(weight.coordinate).columns[weight.column].coding);
    if p.coordinates.len() != 1 || kind == WeightKind::Interaction {
        return None;
    }
    let natural = |u: f64| to_natural(p.transform, u);
    let estimates = found.estimates();
    if kind == WeightKind::Mean {
        let interval = interval.map(|ends| ends.map(natural));
        return Some(NaturalEffect { estimate: natural(estimates[index]), interval });
    }
    let change = |weights: &[f64]| {
        let from = base(group, weight, kind, weights);
        natural(from + weights[index]) - natural(from)
    };
    let changes: Vec<f64> = found.draws.iter().map(|draw| change(draw)).collect();
    let interval = (!changes.is_empty()).then(|| ENDS.map(|end| quantile(&changes, end)));
    Some(NaturalEffect { estimate: change(&estimates), interval })
}

fn to_natural(transform: Transform, u: f64) -> f64 {
    let mut natural = [0.0];
    transform.to_natural(&[u], &mut natural);
    natural[0]
}

/// The place from which a change is made: the reference level for a difference, the mean for a slope.
fn base(group: &GroupProblem<'_>, weight: &Weight, kind: WeightKind, weights: &[f64]) -> f64 {
    let own = &weights[group.weights_of(weight.coordinate)];
    let columns = &group.design_of(weight.coordinate).columns;
    let sum = |is_in: &dyn Fn(&Coding) -> bool| {
        let chosen = columns.iter().zip(own).filter(|(column, _)| is_in(&column.coding));
        chosen.fold((0.0, 0.0), |(total, count), (_, w)| (total + w, count + 1.0))
    };
    let (intercept, _) = sum(&|coding| matches!(coding, Coding::Intercept));
    let (levels, level_count) = sum(&|coding| matches!(coding, Coding::Level { .. }));
    let centre = if level_count > 0.0 { levels / level_count } else { intercept };
    if kind != WeightKind::Difference {
        return centre;
    }
    let (contrasts, count) = sum(&|coding| matches!(coding, Coding::Contrast { .. }));
    centre - contrasts / (count + 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_t_distribution_gives_interval_direction_and_practical_equivalence() {
        // With one degree of freedom: Cauchy, F(x) = 1/2 + atan(x)/π.
        let test = TTest::new(1.0, 0.0, 1.0, 1.0);
        let found = of_test(1.0, test, Some(1.0));
        assert!((found.direction.unwrap() - 0.75).abs() < 1e-9);
        // Between -1 and 1 around 1: F(0) - F(-2).
        let expected = (2.0_f64).atan() / std::f64::consts::PI;
        assert!((found.within.unwrap() - expected).abs() < 1e-9);
        let [lower, upper] = found.interval.unwrap();
        assert!((upper - 1.0 - 12.706_204_736).abs() < 1e-6 && (lower + upper - 2.0).abs() < 1e-6);
    }

    #[test]
    fn draws_give_shares() {
        let found = of_draws(&[-0.5, 0.2, 1.0, 2.0, 3.0], Some(0.6));
        assert!((found.estimate - 1.14).abs() < 1e-12);
        assert!((found.direction.unwrap() - 0.8).abs() < 1e-12);
        assert!((found.within.unwrap() - 0.4).abs() < 1e-12);
    }
}
