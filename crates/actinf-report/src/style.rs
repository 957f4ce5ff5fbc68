//! Colours, sizes and type of all figures.
//!
//! Figures are drawn once, in the colours of the light page. The page's style sheet maps each of the colours named
//! here to its counterpart on a dark page by its hexadecimal value, so a colour changed here must be changed there
//! (a test compares the two).

use plotters::style::RGBColor;

/// Text and axes.
pub(crate) const INK: RGBColor = RGBColor(0x1F, 0x23, 0x28);
/// Secondary text: tick labels, notes.
pub(crate) const MUTED: RGBColor = RGBColor(0x59, 0x63, 0x6E);
/// Grid lines and rules.
pub(crate) const GRID: RGBColor = RGBColor(0xE4, 0xE7, 0xEB);
/// Shapes in the background: priors.
pub(crate) const SHADE: RGBColor = RGBColor(0xC4, 0xCA, 0xD2);
/// The surface a figure is drawn on.
pub(crate) const PAPER: RGBColor = RGBColor(0xFF, 0xFF, 0xFF);

/// The palette of Okabe and Ito, which stays distinguishable under the common colour-vision deficiencies; the
/// order puts the pairs that differ most first, and the yellow, faint on paper, last.
pub(crate) const CATEGORIES: [RGBColor; 8] = [
    RGBColor(0x00, 0x72, 0xB2),
    RGBColor(0xD5, 0x5E, 0x00),
    RGBColor(0x00, 0x9E, 0x73),
    RGBColor(0xCC, 0x79, 0xA7),
    RGBColor(0xE6, 0x9F, 0x00),
    RGBColor(0x56, 0xB4, 0xE9),
    RGBColor(0x8A, 0x8F, 0x98),
    RGBColor(0xF0, 0xE4, 0x42),
];

/// The colour of category `index`; the palette starts again after its last colour.
pub(crate) fn category(index: usize) -> RGBColor {
    CATEGORIES[index % CATEGORIES.len()]
}

/// Width of a figure that stands beside others, in CSS pixels.
pub(crate) const NARROW: f64 = 440.0;
/// Width of a figure that stands alone, in CSS pixels.
pub(crate) const WIDE: f64 = 920.0;

/// Size of axis labels and legends, in CSS pixels.
pub(crate) const LABEL_SIZE: f64 = 13.0;
/// Size of tick labels and notes, in CSS pixels.
pub(crate) const TICK_SIZE: f64 = 12.0;
/// The mean width of a letter as a share of the type size; browsers draw the text, so it is only an estimate.
pub(crate) const LETTER_WIDTH: f64 = 0.56;

/// The most marks drawn in one strip: more would only thicken the same band.
pub(crate) const MARKS_PER_STRIP: usize = 150;
/// The most steps drawn of one subject's trajectory.
pub(crate) const TRAJECTORY_STEPS: usize = 120;
/// The most panels of one figure.
pub(crate) const PANELS: usize = 4;
/// The most categories told apart by colour in one figure.
pub(crate) const COLOURS_TOLD_APART: usize = 6;
