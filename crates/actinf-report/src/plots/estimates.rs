//! The estimates of one free component: subjects sorted within their groups.

use super::Plot;
use crate::axis::Scale;
use crate::canvas::{Canvas, Dot};
use crate::html::{capitalised, slug};
use crate::natural_axis::natural_axis;
use crate::strips::{Mark, Strip, Strips};
use crate::study::{Component, Fitted, Study};
use crate::{number, prior};
use actinf_agents::Support;

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
        // Under a population the individual prior draws nobody anywhere.
        let prior = if study.population.is_some() { vec![] } else { prior_outline(component, scale) };
        Estimates {
            title: format!("Estimates of {axis}"),
            file: format!("estimates-{:02}-{}", position + 1, slug(&component.name)),
            meaning: component.parameter.meaning.clone(),
            strips: Strips { axis, scale, strips, reference: None, prior },
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

/// An axis for the estimates and their intervals.
fn scale(support: Support, marks: &[Mark]) -> Scale {
    let values: Vec<f64> = marks.iter().map(|mark| mark.value).collect();
    let intervals: Vec<(f64, f64)> = marks.iter().filter_map(|mark| mark.interval).collect();
    natural_axis(support, &values, &intervals)
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
