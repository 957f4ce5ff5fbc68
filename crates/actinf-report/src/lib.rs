//! Numbers to plots, tables and one self-contained page.
//!
//! [`render`] turns the results of a fit into an HTML page that opens offline, with its figures inside, and into the
//! same figures as separate SVG pictures for a paper. It returns text and touches no file.
//!
//! | to change                | look in                                    |
//! |--------------------------|--------------------------------------------|
//! | a section of the page    | `sections/`, one file each                 |
//! | a section about a group  | `group/`, one file each                    |
//! | a section of a comparison | `comparison/`, one file each              |
//! | a section of an analysis of effects | `effects/`, one file each       |
//! | a figure                 | `plots/`, one file each, behind `Plot`     |
//! | colours, sizes, type     | `style.rs`, and `page.css` for the page    |
//! | how numbers are written  | `number.rs`                                |
//! | how a prior is shown     | `prior.rs`                                 |
//!
//! Every text that comes from data or model files is escaped, in HTML and in SVG; the page's own policy forbids it to
//! load anything.

mod axis;
mod canvas;
mod checked_rates;
mod comparison;
mod dot_rows;
mod effects;
mod group;
mod heat_map;
mod html;
mod legend;
mod natural_axis;
mod number;
mod page;
mod plots;
mod population;
mod prior;
mod rates;
mod sections;
mod statistics;
mod strips;
mod study;
mod style;
mod table;
mod trade_offs;
mod window;

#[cfg(test)]
#[path = "../tests/synthetic/mod.rs"]
mod synthetic;

use actinf_fit::Results;
use actinf_fit::comparison::ComparisonRecord;
use actinf_fit::empirical_bayes::EffectsRecord;

/// A report: the page, and its figures on their own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The whole page: style, script and figures included, nothing to load.
    pub html: String,
    /// File name (such as `contraction.svg`) and SVG of every figure, in the order of the page. The names are distinct
    /// and hold only lower-case letters, digits, `-`, `_` and the dot of the extension.
    pub plots: Vec<(String, String)>,
}

/// Why a report could not be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The drawing backend failed.
    #[error("the plot {plot:?} could not be drawn: {message}; please report this with the fit's fit.json")]
    Drawing {
        /// The plot's name.
        plot: String,
        /// What the backend said.
        message: String,
    },
}

/// Makes the report of a fit. The same results give the same bytes.
///
/// A subject that could not be fitted is listed with its reason; a report comes out even if no subject was fitted.
///
/// # Errors
///
/// If the drawing backend fails.
///
/// # Example
///
/// ```
/// use actinf_agents::{RowOrder, Schema};
/// use actinf_fit::*;
///
/// let results = Results {
///     record: FitRecord {
///         format: "actinf-fit/1".into(),
///         provenance: Provenance {
///             actinf_version: "0.1.0".into(),
///             fit_file: "fit.toml".into(),
///             seed: 1,
///             threads: 2,
///             started: "2026-01-01 12:00:00".into(),
///             wall_seconds: 0.5,
///         },
///         data: DataSummary { file: "choices.csv".into(), ..DataSummary::default() },
///         group_column: None,
///         model: ModelRecord {
///             name: "two_armed_bandit".into(),
///             source: "built in".into(),
///             description: String::new(),
///             citation: String::new(),
///             sha256: String::new(),
///             parameters: vec![],
///             schema: Schema {
///                 controls: vec![],
///                 modalities: vec![],
///                 responses: vec![],
///                 row_order: RowOrder::ActThenObserve,
///             },
///             quantities: vec![],
///         },
///         method: MethodRecord { name: "laplace_approximation".into(), settings: vec![] },
///         subjects: vec![SubjectRecord {
///             id: "s<1>".into(),
///             group: None,
///             covariates: vec![],
///             outcome: Outcome::Failed { reason: "no action was recorded".into() },
///         }],
///         tables: vec![],
///         population: None,
///         predictive_checks: None,
///     },
///     steps: vec![],
///     draws: None,
/// };
/// let report = actinf_report::render(&results)?;
/// assert!(report.html.contains("s&lt;1&gt;"));
/// assert!(report.html.contains("no action was recorded"));
/// # Ok::<(), actinf_report::Error>(())
/// ```
pub fn render(results: &Results) -> Result<Report, Error> {
    page::render(&study::Study::new(results))
}

/// Makes the report of a comparison of models. The same comparison gives the same bytes.
///
/// # Errors
///
/// If the drawing backend fails.
pub fn render_comparison(record: &ComparisonRecord) -> Result<Report, Error> {
    comparison::render(record)
}

/// Renders the page of an analysis of effects.
///
/// # Errors
///
/// If a figure cannot be drawn, which would be a mistake in this crate.
pub fn render_effects(record: &EffectsRecord) -> Result<Report, Error> {
    effects::render(record)
}
