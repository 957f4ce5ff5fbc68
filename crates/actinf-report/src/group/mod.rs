//! The sections about a group that was estimated together, one file each. They stand on the page only where there is
//! something to show.

mod draws;
mod effects;
mod headlines;
mod models;
mod people;
mod trust;

pub(crate) use headlines::Headlines;
pub(crate) use trust::is_trusted;

use crate::Error;
use crate::sections::Section;
use crate::study::Study;

type Make = fn(&Study) -> Result<Option<Section>, Error>;

/// All sections, in order: first whether the results can be believed, then what they are.
const SECTIONS: [Make; 5] =
    [trust::section, effects::section, people::section, models::section, draws::section];

/// Makes the sections that have something to show.
///
/// # Errors
///
/// If the drawing backend fails.
pub(crate) fn sections(study: &Study) -> Result<Vec<Section>, Error> {
    SECTIONS.iter().filter_map(|make| make(study).transpose()).collect()
}
