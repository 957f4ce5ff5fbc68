//! One subject's beliefs, action probabilities and other quantities along its first steps.

use super::model::families;
use super::{NOBODY, Section};
use crate::Error;
use crate::html::paragraph;
use crate::number;
use crate::plots::{Composition, Figure, Lines, figure};
use crate::study::Study;
use crate::window::Window;

/// The most families drawn.
const FAMILIES: usize = 8;
/// How far from 1 probabilities may sum and still be called a distribution.
const ROUNDING: f64 = 1e-6;

pub(crate) fn section(study: &Study) -> Result<Section, Error> {
    let (id, title) = ("trajectory", "One subject's trajectory");
    if study.fitted.is_empty() {
        return Ok(Section::new(id, title, paragraph(NOBODY)));
    }
    let Some(window) = Window::of_typical_subject(study) else {
        return Ok(Section::new(id, title, paragraph("The results hold no steps.")));
    };
    let model = &study.results.record.model;
    let families = families(&model.quantities);
    let mut figures: Vec<Figure> = vec![];
    let labels: Vec<String> =
        (0..model.schema.joint_actions()).map(|action| model.schema.joint_action_label(action)).collect();
    if window.steps.iter().any(|step| step.action_probabilities.len() > 1) {
        figures.push(figure(&Composition::actions(&window, &labels))?);
    }
    for (family, columns) in families.iter().take(FAMILIES) {
        let figure = if is_distribution(&window, columns) {
            figure(&Composition::quantities(&window, family, columns))
        } else {
            figure(&Lines::new(&window, &model.quantities, family, columns))
        };
        figures.push(figure?);
    }
    let pictures: String = figures.iter().map(|figure| figure.html.as_str()).collect();
    let html = format!("{}{pictures}", paragraph(&notes(&window, families.len())));
    Ok(Section { id, title, html, figures })
}

/// Whether a family's quantities are probabilities that sum to 1 at every step.
fn is_distribution(window: &Window, columns: &[(String, usize)]) -> bool {
    columns.len() > 1
        && window.steps.iter().all(|step| {
            let values = || columns.iter().filter_map(|(_, column)| step.quantities.get(*column).copied());
            values().all(|value| value >= 0.0) && (values().sum::<f64>() - 1.0).abs() < ROUNDING
        })
}

fn notes(window: &Window, families: usize) -> String {
    let extent = if window.steps.len() < window.all {
        format!("Shown are the first {} of {} steps", window.steps.len(), number::count(window.all))
    } else {
        format!("Shown are all {} steps", number::count(window.all))
    };
    let mut notes = format!(
        "Subject {} has the median likelihood per action: neither the best nor the worst described. {extent}, at the \
         subject's estimates; vertical rules separate sessions. The trajectories of all subjects are in the steps \
         table beside this report.",
        window.subject
    );
    if families > FAMILIES {
        notes.push_str(&format!(" Of {families} families of quantities, the first {FAMILIES} are drawn."));
    }
    notes
}
