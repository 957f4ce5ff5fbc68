//! An axis for values of a parameter: within its support, even in logarithms over decades, not ruled by one endless
//! interval.

use crate::axis::Scale;
use crate::statistics::{quantile, sorted_finite};
use actinf_agents::Support;

/// A positive parameter whose estimates span more than this factor is drawn on a logarithmic axis.
const LOGARITHMIC_FROM: f64 = 20.0;

/// An axis that holds all `values`, and the intervals as far as they reach no further beyond the values than the values
/// spread, or than a typical interval is long.
pub(crate) fn natural_axis(support: Support, values: &[f64], intervals: &[(f64, f64)]) -> Scale {
    let values = sorted_finite(values);
    let (Some(&least), Some(&most)) = (values.first(), values.last()) else { return Scale::linear(0.0, 1.0) };
    let logarithmic = support == Support::Positive && least > 0.0 && most / least > LOGARITHMIC_FROM;
    let forth = |value: f64| if logarithmic { value.ln() } else { value };
    let back = |value: f64| if logarithmic { value.exp() } else { value };
    let ends: Vec<(f64, f64)> = intervals.iter().map(|&(low, high)| (forth(low), forth(high))).collect();
    let lengths = sorted_finite(&ends.iter().map(|(low, high)| high - low).collect::<Vec<_>>());
    let typical = if lengths.is_empty() { 0.0 } else { quantile(&lengths, 0.5) };
    let (least, most) = (forth(least), forth(most));
    let reach = (most - least).max(typical);
    let low = ends.iter().map(|(low, _)| *low).fold(least, f64::min).max(least - reach);
    let high = ends.iter().map(|(_, high)| *high).fold(most, f64::max).min(most + reach);
    let margin = 0.04 * (high - low);
    let (low, high) = within(support, back(low - margin), back(high + margin));
    if logarithmic { Scale::logarithmic(low, high) } else { Scale::linear(low, high) }
}

/// The part of an axis that lies in the support.
fn within(support: Support, low: f64, high: f64) -> (f64, f64) {
    match support {
        Support::Real => (low, high),
        Support::Positive => (low.max(0.0), high),
        Support::Unit | Support::Simplex { .. } => (low.max(0.0), high.min(1.0)),
        Support::Interval { lower, upper } => (low.max(lower), high.min(upper)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(support: Support, marks: &[(f64, f64, f64)]) -> Scale {
        let values: Vec<f64> = marks.iter().map(|mark| mark.0).collect();
        let intervals: Vec<(f64, f64)> = marks.iter().map(|mark| (mark.1, mark.2)).collect();
        natural_axis(support, &values, &intervals)
    }

    #[test]
    fn one_endless_interval_does_not_flatten_the_others() {
        let axis = axis(Support::Positive, &[(1.0, 0.5, 1.5), (2.0, 1.5, 2.5), (1.5, 0.0, f64::INFINITY)]);
        assert!(axis.high() < 4.0 && axis.low() >= 0.0);
    }

    #[test]
    fn the_axis_stays_in_the_support() {
        let axis = axis(Support::Unit, &[(0.01, 0.001, 0.3), (0.99, 0.7, 0.999)]);
        assert!(axis.low() >= 0.0 && axis.high() <= 1.0);
    }

    #[test]
    fn positive_estimates_over_decades_get_a_logarithmic_axis() {
        assert!(axis(Support::Positive, &[(0.1, 0.05, 0.2), (10.0, 5.0, 20.0)]).is_logarithmic());
        assert!(!axis(Support::Positive, &[(1.0, 0.5, 2.0), (10.0, 5.0, 20.0)]).is_logarithmic());
    }
}
