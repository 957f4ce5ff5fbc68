//! The sections of the page, one file each, in the order a paper needs them.

mod behaviour;
mod choices;
mod contraction;
mod data;
mod estimates;
mod fit_quality;
mod individuals;
mod method_facts;
mod methods;
mod model;
mod subjects;
pub(crate) mod summary;
mod trade_offs;
mod trajectory;
mod verdicts;

use crate::Error;
use crate::plots::Figure;
use crate::study::Study;

/// A section: its anchor, its title, its content and the figures in it.
#[derive(Clone, Debug)]
pub(crate) struct Section {
    pub(crate) id: &'static str,
    pub(crate) title: &'static str,
    pub(crate) html: String,
    pub(crate) figures: Vec<Figure>,
}

impl Section {
    /// A section without figures.
    pub(crate) fn new(id: &'static str, title: &'static str, html: String) -> Section {
        Section { id, title, html, figures: vec![] }
    }
}

type Make = fn(&Study) -> Result<Section, Error>;

/// What comes before what is known of a group.
const OPENING: [Make; 3] = [summary::section, data::section, model::section];

/// What comes after it.
const INDIVIDUALS: [Make; 11] = [
    verdicts::section,
    estimates::section,
    fit_quality::section,
    choices::section,
    behaviour::section,
    contraction::section,
    trade_offs::section,
    trajectory::section,
    subjects::section,
    individuals::section,
    methods::section,
];

/// Makes all sections, in order.
///
/// # Errors
///
/// If the drawing backend fails.
pub(crate) fn sections(study: &Study) -> Result<Vec<Section>, Error> {
    let make = |sections: &[Make]| sections.iter().map(|make| make(study)).collect::<Result<Vec<_>, _>>();
    let mut all = make(&OPENING)?;
    all.extend(crate::group::sections(study)?);
    all.extend(make(&INDIVIDUALS)?);
    Ok(all)
}

/// What stands in a section that needs a fitted subject when there is none.
const NOBODY: &str = "No subject was fitted, so there is nothing to show here.";

/// Figures side by side.
pub(crate) fn gallery(figures: &[Figure]) -> String {
    let figures: String = figures.iter().map(|figure| figure.html.as_str()).collect();
    format!("<div class=\"gallery\">\n{figures}</div>\n")
}
