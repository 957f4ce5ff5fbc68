//! The report of a comparison of models: its sections, one file each.

mod criteria;
mod families;
mod frequencies;
mod groups;
mod methods;
mod models;
mod subjects;
mod summary;

use crate::page::{Head, file_name, page};
use crate::sections::Section;
use crate::{Error, Report};
use actinf_fit::comparison::ComparisonRecord;

/// Makes the page and its figures.
///
/// # Errors
///
/// If the drawing backend fails.
pub(crate) fn render(record: &ComparisonRecord) -> Result<Report, Error> {
    let comparison = &record.comparison;
    let head = Head {
        kicker: "actinf comparison",
        title: format!("{} models of {}", comparison.models.len(), file_name(&comparison.data.file)),
        made: &record.provenance.made,
        version: &record.provenance.actinf_version,
    };
    let sections: [Option<Section>; 8] = [
        Some(summary::section(comparison)),
        Some(models::section(comparison)),
        Some(frequencies::section(comparison)?),
        families::section(comparison)?,
        groups::section(comparison)?,
        Some(criteria::section(comparison)?),
        Some(subjects::section(comparison)?),
        Some(methods::section(record)),
    ];
    Ok(page(&head, sections.into_iter().flatten().collect()))
}
