//! The draws of one quantity, chain by chain, in the order they were made.

use super::Plot;
use crate::axis::{Frame, Scale};
use crate::canvas::{Canvas, Stroke};
use crate::html::slug;
use crate::statistics::sorted_finite;
use crate::strips::evenly_spaced;
use crate::style;

/// Points drawn of one chain.
const POINTS: usize = 300;

/// One quantity's chains.
pub(crate) struct Trace {
    quantity: String,
    /// What says how far the chains agree.
    agreement: String,
    /// Chains × draws.
    chains: Vec<Vec<f64>>,
    /// Draws that diverged, over all chains.
    diverging: Vec<usize>,
}

impl Trace {
    /// The plot of a quantity's chains; `diverging` by chain and draw.
    pub(crate) fn new(
        quantity: &str,
        agreement: String,
        chains: Vec<Vec<f64>>,
        diverging: &[Vec<bool>],
    ) -> Trace {
        let length = chains.first().map_or(0, Vec::len);
        let marked = |chain: &Vec<bool>| {
            let draws = chain.iter().take(length).enumerate();
            draws.filter(|(_, diverged)| **diverged).map(|(draw, _)| draw).collect::<Vec<_>>()
        };
        let diverging = diverging.iter().flat_map(marked).collect();
        Trace { quantity: quantity.to_string(), agreement, chains, diverging }
    }
}

impl Plot for Trace {
    fn name(&self) -> String {
        format!("trace-{}", slug(&self.quantity))
    }

    fn title(&self) -> String {
        format!("Trace of {}", self.quantity)
    }

    fn caption(&self) -> String {
        let diverging = match self.diverging.len() {
            0 => String::new(),
            count => format!(" Ticks at the bottom: draws that diverged ({count})."),
        };
        format!("{}{diverging}", self.agreement)
    }

    fn size(&self) -> (f64, f64) {
        (style::NARROW, 220.0)
    }

    fn draw(&self, canvas: &mut Canvas) {
        let (width, height) = self.size();
        let length = self.chains.first().map_or(0, Vec::len);
        let sorted = sorted_finite(&self.chains.concat());
        let (least, most) = (sorted.first().copied().unwrap_or(0.0), sorted.last().copied().unwrap_or(1.0));
        let margin = 0.06 * (most - least);
        let frame = Frame {
            left: 56.0,
            right: width - 12.0,
            top: 30.0,
            bottom: height - 46.0,
            x: Scale::linear(1.0, length.max(2) as f64),
            y: Scale::linear(least - margin, most + margin),
        };
        frame.draw_y_axis(canvas, &crate::html::shortened(&self.quantity, 44), 4);
        frame.draw_x_axis(canvas, "draw", 5);
        for (position, chain) in self.chains.iter().enumerate() {
            let points: Vec<(f64, f64)> = evenly_spaced(chain.len(), POINTS)
                .into_iter()
                .map(|draw| frame.at(draw as f64 + 1.0, chain[draw]))
                .collect();
            canvas.path(&points, Stroke::new(style::category(position), 1.0).opacity(0.65));
        }
        for &draw in &self.diverging {
            let x = frame.at_x(draw as f64 + 1.0);
            canvas.line((x, frame.bottom), (x, frame.bottom - 9.0), Stroke::new(style::INK, 1.25));
        }
    }
}
