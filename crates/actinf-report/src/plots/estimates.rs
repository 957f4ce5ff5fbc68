//! The estimates of one free component: subjects sorted within their groups.

use super::Plot;
use crate::axis::Scale;
use crate::canvas::{Canvas, Dot};
use crate::html::{capitalised, slug};
use crate::statistics::{quantile, sorted_finite};
use crate::strips::{Mark, Strip, Strips};
use crate::study::{Component, Fitted, Study};
use crate::{number, prior};
use actinf_agents::Support;

/// A positive parameter whose estimates span more than this factor is drawn on a logarithmic axis.
const LOGARITHMIC_FROM: f64 = 20.0;
/// Points along the axis at which the prior's density is drawn.
const PRIOR_POINTS: u32 = 96;

/// One component's estimates by group.
pub(crate) struct Estimates {
    title: String,
    file: String,
    meaning: String,
    strips: Strips,
}

impl Estimates {
    /// The plot of component number `position`.
    pub(crate) fn new(study: &Study, position: usize, component: &Component) -> Estimates {
        let of = |subject: &Fitted| mark(subject, component);
        let marks = |members: &[usize]| members.iter().filter_map(|&m| of(&study.fitted[m])).collect();
        let all: Vec<Mark> = study.fitted.iter().filter_map(of).collect();
        let scale = scale(component.support(), &all);
        let strips =
            study.groups.iter().map(|group| Strip::new(&group.label, marks(&group.members))).collect();
        let axis = component.title();
        Estimates {
            title: format!("Estimates of {axis}"),
            file: format!("estimates-{:02}-{}", position + 1, slug(&component.name)),
            meaning: component.parameter.meaning.clone(),
            strips: Strips { axis, scale, strips, reference: None, prior: prior_outline(component, scale) },
        }
    }
}

fn mark(subject: &Fitted, component: &Component) -> Option<Mark> {
    let estimate = subject.estimate(&component.name)?;
    let interval = match (estimate.lower, estimate.upper) {
        (Some(lower), Some(upper)) if !lower.is_nan() && !upper.is_nan() => Some((lower, upper)),
        _ => None,
    };
    let doubtful = estimate.at_bound || !subject.fit.convergence.converged;
    let shown = number::with_interval(estimate.estimate, estimate.lower, estimate.upper);
    Some(Mark {
        value: estimate.estimate,
        interval,
        dot: if doubtful { Dot::Ring } else { Dot::Full },
        note: format!("{}: {shown}", subject.record.id),
    })
}

/// An axis that holds all estimates, and the intervals as far as they reach no further beyond the estimates than the
/// estimates spread, or than a typical interval is long.
fn scale(support: Support, marks: &[Mark]) -> Scale {
    let values = sorted_finite(&marks.iter().map(|mark| mark.value).collect::<Vec<_>>());
    let (Some(&least), Some(&most)) = (values.first(), values.last()) else { return Scale::linear(0.0, 1.0) };
    let logarithmic = support == Support::Positive && least > 0.0 && most / least > LOGARITHMIC_FROM;
    let forth = |value: f64| if logarithmic { value.ln() } else { value };
    let back = |value: f64| if logarithmic { value.exp() } else { value };
    let ends: Vec<(f64, f64)> =
        marks.iter().filter_map(|mark| mark.interval).map(|(low, high)| (forth(low), forth(high))).collect();
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

/// The prior's density along the axis: per unit of what the axis is even in.
fn prior_outline(component: &Component, scale: Scale) -> Vec<(f64, f64)> {
    let at = |point: u32| {
        // Half a point away from the ends, where a density may be infinite.
        let value = scale.value((f64::from(point) + 0.5) / f64::from(PRIOR_POINTS));
        let density = prior::density(component.prior, component.support(), value)?;
        let per_axis = if scale.is_logarithmic() { density * value } else { density };
        (per_axis.is_finite() && per_axis >= 0.0).then_some((value, per_axis))
    };
    (0..PRIOR_POINTS).map(at).collect::<Option<Vec<_>>>().unwrap_or_default()
}

impl Plot for Estimates {
    fn name(&self) -> String {
        self.file.clone()
    }

    fn title(&self) -> String {
        self.title.clone()
    }

    fn caption(&self) -> String {
        let mut caption = String::new();
        if !self.meaning.is_empty() {
            caption.push_str(&format!("{}. ", capitalised(self.meaning.trim_end_matches('.'))));
        }
        if self.strips.scale.is_logarithmic() {
            caption.push_str("Logarithmic axis. ");
        }
        if self.strips.has_rings() {
            caption.push_str("Rings: at a bound or not converged. ");
        }
        match self.strips.cut_intervals() {
            0 => {}
            1 => caption.push_str("One interval reaches beyond the axis. "),
            cut => caption.push_str(&format!("{cut} intervals reach beyond the axis. ")),
        }
        if self.strips.is_thinned() {
            caption.push_str("Of large groups, evenly spaced ranks are shown. ");
        }
        caption.trim_end().to_string()
    }

    fn size(&self) -> (f64, f64) {
        self.strips.size()
    }

    fn draw(&self, canvas: &mut Canvas) {
        self.strips.draw(canvas);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks(values: &[(f64, f64, f64)]) -> Vec<Mark> {
        let of = |&(value, low, high): &(f64, f64, f64)| Mark {
            value,
            interval: Some((low, high)),
            dot: Dot::Full,
            note: String::new(),
        };
        values.iter().map(of).collect()
    }

    #[test]
    fn one_endless_interval_does_not_flatten_the_others() {
        let axis =
            scale(Support::Positive, &marks(&[(1.0, 0.5, 1.5), (2.0, 1.5, 2.5), (1.5, 0.0, f64::INFINITY)]));
        assert!(axis.high() < 4.0 && axis.low() >= 0.0);
    }

    #[test]
    fn the_axis_stays_in_the_support() {
        let axis = scale(Support::Unit, &marks(&[(0.01, 0.001, 0.3), (0.99, 0.7, 0.999)]));
        assert!(axis.low() >= 0.0 && axis.high() <= 1.0);
    }

    #[test]
    fn positive_estimates_over_decades_get_a_logarithmic_axis() {
        assert!(scale(Support::Positive, &marks(&[(0.1, 0.05, 0.2), (10.0, 5.0, 20.0)])).is_logarithmic());
        assert!(!scale(Support::Positive, &marks(&[(1.0, 0.5, 2.0), (10.0, 5.0, 20.0)])).is_logarithmic());
    }
}
