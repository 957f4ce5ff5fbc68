//! The report of an analysis of effects: its sections, one file each.

mod found;
mod methods;
mod models;
mod people;
mod prediction;
mod summary;

use crate::page::{Head, file_name, page};
use crate::sections::Section;
use crate::{Error, Report};
use actinf_fit::empirical_bayes::EffectsRecord;

pub(crate) fn render(record: &EffectsRecord) -> Result<Report, Error> {
    let head = Head {
        kicker: "actinf effects",
        title: format!(
            "Effects on the parameters of {} in {}",
            record.provenance.model,
            file_name(&record.provenance.data)
        ),
        made: &record.provenance.made,
        version: &record.provenance.actinf_version,
    };
    let effects = &record.effects;
    let sections: [Option<Section>; 6] = [
        Some(summary::section(record)),
        Some(found::section(effects)?),
        models::section(effects),
        prediction::section(effects)?,
        Some(people::section(effects)),
        Some(methods::section(record)),
    ];
    Ok(page(&head, sections.into_iter().flatten().collect()))
}
