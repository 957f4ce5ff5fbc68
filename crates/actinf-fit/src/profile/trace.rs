//! From the maximum outwards: a bracketed search for where the profile has fallen far enough.
//!
//! The search is for `r(c) = √(2 (f(û) - g(c)))`, which grows from 0 at the maximum and is a straight line where the
//! profile is a parabola, so that the secant finds the end in a few steps. Every point found serves the next one as
//! its beginning, also from one level to the next.

use super::slice::{Held, Slice};

/// The search ends where r is this near to the threshold: 2e-6 nats and less.
const NEAR: f64 = 1e-6;
/// How far it goes, in prior standard deviations.
const FARTHEST: f64 = 20.0;
/// Steps outwards at most, and secants at most.
const MAX_STEPS: usize = 60;
/// A profile that rises above the maximum by more than this many nats has found a better one.
const BETTER: f64 = 1e-3;

/// An end on the unconstrained scale.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum End {
    At(f64),
    Open,
    Unknown(String),
}

/// Where the profile was evaluated. `root` is infinite where the objective is undefined.
#[derive(Clone, Debug)]
struct Place {
    root: f64,
    held: Held,
}

pub(super) struct Tracer<'o> {
    slice: Slice<'o>,
    highest: f64,
    scale: f64,
}

impl<'o> Tracer<'o> {
    pub(super) fn new(slice: Slice<'o>, highest: f64, scale: f64) -> Self {
        Tracer { slice, highest, scale }
    }

    /// The ends on one side (`side` is -1 or 1) for ascending thresholds of r.
    pub(super) fn ends(&mut self, side: f64, thresholds: &[f64]) -> Vec<End> {
        let mut inner = Place { root: 0.0, held: self.slice.centre.clone() };
        let mut outer = None;
        let mut ends = Vec::new();
        for &threshold in thresholds {
            let end = match ends.last() {
                Some(End::Open) => End::Open,
                Some(End::Unknown(reason)) => End::Unknown(String::clone(reason)),
                _ => self.end(side, threshold, &mut inner, &mut outer).unwrap_or_else(|end| end),
            };
            ends.push(end);
        }
        ends
    }

    /// Brackets the threshold between `inner` and `outer`, then closes in on it.
    fn end(
        &mut self,
        side: f64,
        threshold: f64,
        inner: &mut Place,
        outer: &mut Option<Place>,
    ) -> Result<End, End> {
        let mut above = match outer.take().filter(|place| place.root >= threshold) {
            Some(place) => place,
            None => self.step_out(side, threshold, inner)?,
        };
        *outer = Some(above.clone());
        for _ in 0..MAX_STEPS {
            let (a, b) = (inner.held.held, above.held.held);
            if (threshold - inner.root).abs() <= NEAR {
                return Ok(End::At(a));
            }
            if (above.root - threshold).abs() <= NEAR || (b - a).abs() <= 1e-12 * a.abs().max(1.0) {
                return Ok(End::At(b));
            }
            let place = self.place(between(threshold, inner, &above), inner)?;
            if place.root < threshold { *inner = place } else { above = place }
        }
        Ok(End::At(above.held.held))
    }

    /// Steps outwards from `inner`, which follows, to the first place at or beyond the threshold.
    fn step_out(&mut self, side: f64, threshold: f64, inner: &mut Place) -> Result<Place, End> {
        let centre = self.slice.centre.held;
        let limit = FARTHEST * self.scale;
        let mut step = (threshold - inner.root) * self.slice.deviation.min(self.scale);
        for _ in 0..MAX_STEPS {
            let gone = (inner.held.held - centre).abs();
            if gone >= limit {
                return Err(End::Open);
            }
            let next = centre + side * (gone + step).min(limit);
            let place = self.place(next, inner)?;
            if place.root >= threshold {
                return Ok(place);
            }
            *inner = place;
            step *= 1.6;
        }
        Err(End::Open)
    }

    fn place(&mut self, held: f64, near: &Place) -> Result<Place, End> {
        let found = match self.slice.best_at(held, &near.held) {
            Ok(found) => found,
            Err(error) if error.is_recoverable() => {
                let held = Held { held, ..near.held.clone() };
                return Ok(Place { root: f64::INFINITY, held });
            }
            Err(error) => return Err(End::Unknown(error.to_string())),
        };
        let fall = self.highest - found.value;
        if fall < -BETTER {
            let better = "a higher maximum was found on the way; fit with more starts";
            return Err(End::Unknown(better.to_owned()));
        }
        Ok(Place { root: (2.0 * fall.max(0.0)).sqrt(), held: found })
    }
}

/// Where the secant crosses the threshold, kept off both ends; the middle where r is infinite.
fn between(threshold: f64, inner: &Place, outer: &Place) -> f64 {
    let share = (threshold - inner.root) / (outer.root - inner.root);
    let share = if outer.root.is_finite() && share.is_finite() { share } else { 0.5 };
    let (a, b) = (inner.held.held, outer.held.held);
    a + share.clamp(1e-3, 1.0 - 1e-3) * (b - a)
}
