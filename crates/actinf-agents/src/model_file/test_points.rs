//! Parameter values at which a model is tried before it is accepted.
//!
//! The points are the defaults; every scalar near its lower and its upper bound with the others at their defaults;
//! all of them near their lower bounds, and all near their upper bounds; and 256 points spread evenly over all
//! supports by an additive recurrence with irrational steps (Roberts 2018, "The unreasonable effectiveness of
//! quasirandom sequences"). They are the same on every run.
//!
//! | support        | near the bounds             | spread                      |
//! |----------------|-----------------------------|-----------------------------|
//! | real           | -10, 10                     | evenly from -10 to 10       |
//! | positive       | 0.000001, 50                | from 0.001 to 50, evenly in its logarithm |
//! | between bounds | a millionth of the width in | evenly                      |
//! | simplex        | one component 0.000001 or all others | evenly over the simplex |

use crate::parameter::{Parameter, Support};

/// How many points are spread over the supports.
const SPREAD: usize = 256;

/// How near a bound the nearest points are, relative to the width of the support.
const NEAR: f64 = 1e-6;

/// The points, with the names of their coordinates.
pub(super) struct TestPoints {
    /// The component names of all parameters, followed by the names of what else responses see.
    pub(super) names: Vec<String>,
    /// One value per name.
    pub(super) values: Vec<Vec<f64>>,
}

/// What responses see beside the parameters.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Input {
    /// Beliefs about so many states: in turn even and certain of one of them.
    Beliefs(usize),
    /// A number, which is in turn each of these.
    Number(Vec<f64>),
}

impl Input {
    /// Its numbers at the point of this index.
    fn at(&self, index: usize, point: &mut Vec<f64>) {
        match self {
            Input::Beliefs(size) => point.extend((0..*size).map(|state| match index % 2 {
                0 => 1.0 / *size as f64,
                _ => f64::from(u8::from(state == index / 2 % size)),
            })),
            Input::Number(numbers) => point.push(numbers[index % numbers.len()]),
        }
    }
}

impl TestPoints {
    /// The test points of `parameters`, followed by those of the `inputs` of responses.
    pub(super) fn new(parameters: &[Parameter], names: Vec<String>, inputs: &[Input]) -> TestPoints {
        let mut values = parameter_points(parameters);
        for (index, point) in values.iter_mut().enumerate() {
            inputs.iter().for_each(|input| input.at(index, point));
        }
        TestPoints { names, values }
    }
}

fn parameter_points(parameters: &[Parameter]) -> Vec<Vec<f64>> {
    let defaults: Vec<Vec<f64>> = parameters.iter().map(|parameter| parameter.default.clone()).collect();
    let mut points = vec![defaults.concat()];
    for (index, parameter) in parameters.iter().enumerate() {
        for component in 0..parameter.support.size() {
            for end in [NEAR, 1.0 - NEAR] {
                let mut point = defaults.clone();
                point[index] = near_bound(parameter.support, component, end);
                points.push(point.concat());
            }
        }
    }
    if !parameters.is_empty() {
        for end in [NEAR, 1.0 - NEAR] {
            points.push(parameters.iter().flat_map(|p| near_bound(p.support, 0, end)).collect());
        }
        points.extend(spread(parameters));
    }
    points
}

/// The values with one component near its lower (`end` near 0) or upper (`end` near 1) bound.
fn near_bound(support: Support, component: usize, end: f64) -> Vec<f64> {
    match support {
        Support::Real => vec![if end < 0.5 { -10.0 } else { 10.0 }],
        Support::Positive => vec![if end < 0.5 { 1e-6 } else { 50.0 }],
        Support::Unit => vec![end],
        Support::Interval { lower, upper } => vec![lower + end * (upper - lower)],
        Support::Simplex { size } => {
            let other = (1.0 - end) / (size - 1) as f64;
            (0..size).map(|k| if k == component { end } else { other }).collect()
        }
    }
}

fn spread(parameters: &[Parameter]) -> impl Iterator<Item = Vec<f64>> {
    let steps = steps(parameters.iter().map(|parameter| parameter.support.size()).sum());
    (1..=SPREAD).map(move |point| {
        let mut coordinates = steps.iter().map(|step| (0.5 + point as f64 * step).fract());
        parameters
            .iter()
            .flat_map(|parameter| {
                let unit: Vec<f64> = coordinates.by_ref().take(parameter.support.size()).collect();
                inside(parameter.support, &unit)
            })
            .collect()
    })
}

/// The steps `φ^-1, φ^-2, ...` with `φ` the positive root of `x^(n+1) = x + 1`.
fn steps(dimensions: usize) -> Vec<f64> {
    let mut root = 2.0_f64;
    for _ in 0..64 {
        root = (1.0 + root).powf(1.0 / (dimensions + 1) as f64);
    }
    (1..=dimensions).map(|k| root.powf(-(k as f64))).collect()
}

/// Maps coordinates in the unit cube into a support.
fn inside(support: Support, unit: &[f64]) -> Vec<f64> {
    let u = unit[0].clamp(NEAR, 1.0 - NEAR);
    match support {
        Support::Real => vec![20.0 * u - 10.0],
        Support::Positive => vec![(1e-3_f64.ln() * (1.0 - u) + 50.0_f64.ln() * u).exp()],
        Support::Unit => vec![u],
        Support::Interval { lower, upper } => vec![lower + u * (upper - lower)],
        Support::Simplex { .. } => {
            let weights: Vec<f64> = unit.iter().map(|u| -u.clamp(NEAR, 1.0 - NEAR).ln()).collect();
            let sum: f64 = weights.iter().sum();
            weights.into_iter().map(|weight| weight / sum).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameter(support: Support, default: &[f64]) -> Parameter {
        Parameter {
            name: "x".into(),
            symbol: "x".into(),
            meaning: String::new(),
            support,
            default: default.to_vec(),
        }
    }

    #[test]
    fn all_points_lie_inside_the_supports_and_reach_the_bounds() {
        let parameters = [
            parameter(Support::Real, &[0.0]),
            parameter(Support::Positive, &[1.0]),
            parameter(Support::Unit, &[0.5]),
            parameter(Support::Interval { lower: -3.0, upper: 5.0 }, &[0.0]),
            parameter(Support::Simplex { size: 3 }, &[0.2, 0.3, 0.5]),
        ];
        let points = parameter_points(&parameters);
        assert_eq!(points.len(), 1 + 2 * 7 + 2 + SPREAD);
        for point in &points {
            for (parameter, range) in parameters.iter().zip([0..1, 1..2, 2..3, 3..4, 4..7]) {
                assert!(
                    parameter.support.contains(&point[range.clone()]),
                    "{:?} {point:?}",
                    parameter.support
                );
            }
        }
        let lowest = |slot: usize| points.iter().map(|point| point[slot]).fold(f64::INFINITY, f64::min);
        assert!(lowest(2) < 1e-5 && lowest(3) < -2.9999 && lowest(6) < 1e-5);
    }

    #[test]
    fn the_spread_visits_every_sixteenth_of_every_axis_and_every_quarter_of_every_plane() {
        let parameters = vec![parameter(Support::Unit, &[0.5]); 10];
        let points: Vec<Vec<f64>> = spread(&parameters).collect();
        for axis in 0..10 {
            for part in 0..16 {
                assert!(points.iter().any(|point| (point[axis] * 16.0) as usize == part));
            }
            for other in 0..axis {
                for quarter in 0..4 {
                    let inside = |p: &Vec<f64>| {
                        usize::from(p[axis] > 0.5) + 2 * usize::from(p[other] > 0.5) == quarter
                    };
                    assert!(points.iter().any(inside), "{axis} {other}");
                }
            }
        }
    }

    #[test]
    fn beliefs_follow_the_parameters_and_are_distributions() {
        let inputs = [Input::Beliefs(2), Input::Beliefs(3)];
        let points = TestPoints::new(&[parameter(Support::Unit, &[0.5])], vec![], &inputs);
        for point in &points.values {
            assert_eq!(point.len(), 6);
            assert!((point[1..3].iter().sum::<f64>() - 1.0).abs() < 1e-12);
            assert!((point[3..6].iter().sum::<f64>() - 1.0).abs() < 1e-12);
        }
        for slot in 1..6 {
            assert!(points.values.iter().any(|point| point[slot] > 0.99));
        }
    }

    #[test]
    fn without_parameters_there_is_one_point() {
        assert_eq!(parameter_points(&[]), [Vec::<f64>::new()]);
    }
}
