//! One subject's beliefs, action probabilities and other quantities along its first steps.

use super::model::families;
use super::{NOBODY, Section};
use crate::Error;
use crate::html::paragraph;
use crate::number;
use crate::plots::{Composition, Figure, Lines, figure};
use crate::study::Study;
use crate::window::Window;
use actinf_agents::Quantity;

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
        if is_distribution(&window, columns) {
            figures.push(figure(&Composition::quantities(&window, family, columns))?);
            continue;
        }
        for (name, columns) in by_unit(family, columns, &model.quantities) {
            figures.push(figure(&Lines::new(&window, &model.quantities, &name, &columns))?);
        }
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

/// A family by the units of its quantities, which no axis can share: those of the first unit under the family's name, others
/// under that of their first quantity.
fn by_unit(
    family: &str,
    columns: &[(String, usize)],
    quantities: &[Quantity],
) -> Vec<(String, Vec<(String, usize)>)> {
    let unit = |column: usize| quantities.get(column).map_or("", |quantity| quantity.unit.as_str());
    let mut parts: Vec<(String, Vec<(String, usize)>)> = vec![];
    for (label, column) in columns {
        let own = |(_, part): &&mut (String, Vec<(String, usize)>)| unit(part[0].1) == unit(*column);
        match parts.iter_mut().find(own) {
            Some((_, part)) => part.push((label.clone(), *column)),
            None => {
                let name = if parts.is_empty() { family.to_owned() } else { format!("{family} {label}") };
                parts.push((name, vec![(label.clone(), *column)]));
            }
        }
    }
    parts
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_of_different_units_share_no_axis() {
        let quantity = |label: &str, unit: &str| Quantity {
            family: "policy".into(),
            label: label.into(),
            unit: unit.into(),
        };
        let quantities =
            [quantity("entropy", "nats"), quantity("precision", "1/nats"), quantity("gap", "nats")];
        let columns: Vec<(String, usize)> =
            quantities.iter().enumerate().map(|(k, quantity)| (quantity.label.clone(), k)).collect();
        let parts = by_unit("policy", &columns, &quantities);
        let names: Vec<&str> = parts.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["policy", "policy precision"]);
        assert_eq!(parts[0].1, [("entropy".to_owned(), 0), ("gap".to_owned(), 2)]);
    }
}
