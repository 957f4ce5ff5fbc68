//! A row of colours with their names.

use crate::canvas::{Canvas, Type, text_width};
use crate::html::shortened;
use crate::style;
use plotters::style::RGBColor;

const SWATCH: f64 = 11.0;
const GAP: f64 = 18.0;

/// Draws the entries from left to right, their names cut to share `width` evenly where they do not fit.
pub(crate) fn legend(canvas: &mut Canvas, entries: &[(String, RGBColor)], (left, y): (f64, f64), width: f64) {
    let room = |letters: usize| -> f64 {
        entries.iter().map(|(name, _)| entry_width(&shortened(name, letters))).sum::<f64>()
    };
    let letters = (4..=40).rev().find(|&letters| room(letters) <= width).unwrap_or(3);
    let mut x = left;
    for (name, colour) in entries {
        let name = shortened(name, letters);
        canvas.rectangle((x, y - SWATCH / 2.0), (x + SWATCH, y + SWATCH / 2.0), *colour, 1.0);
        canvas.text(&name, (x + SWATCH + 5.0, y), Type::tick().colour(style::INK));
        x += entry_width(&name);
    }
}

fn entry_width(name: &str) -> f64 {
    SWATCH + 5.0 + text_width(name, style::TICK_SIZE) + GAP
}
