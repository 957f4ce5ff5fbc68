//! True values of a column of the design against those predicted from everybody else.

use super::Plot;
use crate::axis::{Frame, Scale};
use crate::canvas::{Canvas, Dot, Stroke};
use crate::{number, style};
use actinf_fit::empirical_bayes::Prediction;

pub(crate) struct PredictedValues<'a> {
    prediction: &'a Prediction,
}

const HEIGHT: f64 = 380.0;

impl<'a> PredictedValues<'a> {
    pub(crate) fn new(prediction: &'a Prediction) -> PredictedValues<'a> {
        PredictedValues { prediction }
    }

    fn scale(&self, of: impl Fn(&actinf_fit::empirical_bayes::Predicted) -> [f64; 2]) -> Scale {
        let ends = self.prediction.people.iter().flat_map(of);
        let start = (f64::INFINITY, f64::NEG_INFINITY);
        let (low, high) = ends.fold(start, |(low, high), end| (low.min(end), high.max(end)));
        let margin = 0.08 * (high - low);
        Scale::linear(low - margin, high + margin)
    }
}

impl Plot for PredictedValues<'_> {
    fn name(&self) -> String {
        "prediction".to_string()
    }

    fn title(&self) -> String {
        format!("{} predicted for everybody from the others", self.prediction.column)
    }

    fn caption(&self) -> String {
        "Dots: people; bars: one posterior standard deviation to either side; dashes: predicted as true."
            .to_string()
    }

    fn size(&self) -> (f64, f64) {
        (style::NARROW, HEIGHT)
    }

    fn draw(&self, canvas: &mut Canvas) {
        let (width, height) = self.size();
        let frame = Frame {
            left: 64.0,
            right: width - 16.0,
            top: 14.0,
            bottom: height - 50.0,
            x: self.scale(|person| [person.value; 2]),
            y: self.scale(|person| [person.mean - person.sd, person.mean + person.sd]),
        };
        frame.draw_x_axis(canvas, "true value", 5);
        frame.draw_y_axis(canvas, "predicted value", 5);
        let low = frame.x.low().max(frame.y.low());
        let high = frame.x.high().min(frame.y.high());
        if low < high {
            canvas.dashes(frame.at(low, low), frame.at(high, high), Stroke::new(style::MUTED, 1.25));
        }
        let colour = style::category(0);
        for person in &self.prediction.people {
            let (lower, upper) = (person.mean - person.sd, person.mean + person.sd);
            let stroke = Stroke::new(colour, 2.0).opacity(0.35);
            canvas.line(frame.at(person.value, lower), frame.at(person.value, upper), stroke);
            let at = frame.at(person.value, person.mean);
            canvas.dot(at, 4.5, colour, Dot::Full);
            let shown = number::with_interval(person.mean, Some(lower), Some(upper));
            canvas.note(at, 8.0, &format!("{}: {shown}", person.subject));
        }
    }
}
