//! How much the data say about each parameter.

use super::{NOBODY, Section};
use crate::Error;
use crate::html::paragraph;
use crate::plots::{Contraction, figure};
use crate::study::Study;

pub(crate) fn section(study: &Study) -> Result<Section, Error> {
    let (id, title) = ("contraction", "What the data say about each parameter");
    if study.fitted.is_empty() {
        return Ok(Section::new(id, title, paragraph(NOBODY)));
    }
    let plot = Contraction::new(study);
    if plot.is_empty() {
        return Ok(Section::new(id, title, paragraph("The method gives no posterior variances.")));
    }
    let figure = figure(&plot)?;
    Ok(Section { id, title, html: figure.html.clone(), figures: vec![figure] })
}
