//! The figures: one file per plot behind one small contract.

mod attributions;
mod choice_rates;
mod composition;
mod contraction;
mod correlations;
mod effect_intervals;
mod effect_sizes;
mod estimates;
mod evidence_differences;
mod fit_quality;
mod forest;
mod frequencies;
mod lines;
mod model_tables;
mod objective;
mod pairs;
mod predicted_curve;
mod predicted_rates;
mod predicted_values;
mod ranks;
mod shrinkage;
mod trace;
mod trade_offs;

pub(crate) use attributions::Attributions;
pub(crate) use choice_rates::ChoiceRates;
pub(crate) use composition::Composition;
pub(crate) use contraction::Contraction;
pub(crate) use correlations::Correlations;
pub(crate) use effect_intervals::EffectIntervals;
pub(crate) use effect_sizes::EffectSizes;
pub(crate) use estimates::Estimates;
pub(crate) use evidence_differences::EvidenceDifferences;
pub(crate) use fit_quality::{FitQuality, Measure, chance};
pub(crate) use forest::{Forest, is_clear};
pub(crate) use frequencies::{Frequencies, Frequency};
pub(crate) use lines::Lines;
pub(crate) use model_tables::TableMap;
pub(crate) use objective::ObjectiveByRound;
pub(crate) use pairs::Pair;
pub(crate) use predicted_curve::{PredictedCurve, Series};
pub(crate) use predicted_rates::PredictedRates;
pub(crate) use predicted_values::PredictedValues;
pub(crate) use ranks::Ranks;
pub(crate) use shrinkage::Shrinkage;
pub(crate) use trace::Trace;
pub(crate) use trade_offs::TradeOffs;

use crate::canvas::{Canvas, drawing};
use crate::{Error, html};

/// A figure of the report.
pub(crate) trait Plot {
    /// The name of its file, without extension: letters, digits, `-` and `_`.
    fn name(&self) -> String;

    /// What it shows, in a few words.
    fn title(&self) -> String;

    /// How to read it, in sentences: its caption, and its description for those who do not see it.
    fn caption(&self) -> String;

    /// Width and height in CSS pixels.
    fn size(&self) -> (f64, f64);

    /// Draws it.
    fn draw(&self, canvas: &mut Canvas);

    /// The finished picture.
    ///
    /// # Errors
    ///
    /// If the drawing backend fails.
    fn svg(&self) -> Result<String, Error> {
        drawing(self.size(), &self.title(), &self.caption(), |canvas| self.draw(canvas))
            .map_err(|message| Error::Drawing { plot: self.name(), message })
    }
}

/// How much wider than drawn a figure may grow to fill its place on the page.
const LARGEST_SCALE: f64 = 1.1;

/// A picture and its place on the page.
#[derive(Clone, Debug)]
pub(crate) struct Figure {
    pub(crate) name: String,
    pub(crate) svg: String,
    pub(crate) html: String,
}

/// Draws a plot and frames it for the page.
///
/// # Errors
///
/// If the drawing backend fails.
pub(crate) fn figure(plot: &dyn Plot) -> Result<Figure, Error> {
    let svg = plot.svg()?;
    let width = plot.size().0;
    let wide = if width > crate::style::NARROW { " class=\"wide\"" } else { "" };
    let html = format!(
        "<figure{wide} data-name=\"{}\">\n<div class=\"picture\" style=\"max-width:{:.0}px\">\n{svg}</div>\n\
         <figcaption><b>{}.</b> {}</figcaption>\n</figure>\n",
        plot.name(),
        width * LARGEST_SCALE,
        html::escape(&plot.title()),
        html::escape(&plot.caption())
    );
    Ok(Figure { name: plot.name(), svg, html })
}
