//! Names and labels: those of `MDP.label` where they can be used, otherwise numbers.

use super::super::matlab::MatValue;
use super::super::numbered;
use super::fields::Fields;
use std::collections::HashSet;

/// `MDP.label`: the names of factors and modalities, of states, outcomes and actions.
pub(super) struct Labels {
    factors: Vec<String>,
    states: Vec<Vec<String>>,
    modalities: Vec<String>,
    outcomes: Vec<Vec<String>>,
    actions: Vec<Vec<String>>,
}

impl Labels {
    pub(super) fn of(fields: &Fields<'_>) -> Labels {
        let none = Vec::new();
        let label = match fields.get("label") {
            Some(MatValue::Structures(structures)) => structures.first().unwrap_or(&none),
            _ => &none,
        };
        let field = |name: &str| label.iter().find(|(own, _)| own == name).map(|(_, value)| value);
        let lists = |name: &str| match field(name) {
            Some(MatValue::Cells(cells)) => cells.iter().map(texts).collect(),
            _ => Vec::new(),
        };
        Labels {
            factors: field("factor").map(texts).unwrap_or_default(),
            states: lists("name"),
            modalities: field("modality").map(texts).unwrap_or_default(),
            outcomes: lists("outcome"),
            actions: lists("action"),
        }
    }

    pub(super) fn factor(&self, f: usize) -> String {
        usable(&self.factors, f).unwrap_or_else(|| format!("factor{}", f + 1))
    }

    pub(super) fn control(&self, f: usize) -> String {
        format!("{}_action", self.factor(f))
    }

    pub(super) fn modality(&self, g: usize) -> String {
        usable(&self.modalities, g).unwrap_or_else(|| format!("modality{}", g + 1))
    }

    pub(super) fn states(&self, f: usize, count: usize) -> Vec<String> {
        all(self.states.get(f), count, "state")
    }

    pub(super) fn outcomes(&self, g: usize, count: usize) -> Vec<String> {
        all(self.outcomes.get(g), count, "outcome")
    }

    pub(super) fn actions(&self, f: usize, count: usize) -> Vec<String> {
        all(self.actions.get(f), count, "action")
    }
}

fn texts(value: &MatValue) -> Vec<String> {
    match value {
        MatValue::Cells(cells) => cells.iter().flat_map(texts).collect(),
        MatValue::Text(text) => vec![word(text)],
        _ => vec![String::new()],
    }
}

/// Letters, digits and `_`.
fn word(text: &str) -> String {
    let word: String = text.trim().chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
    if word.starts_with(|c: char| c.is_ascii_digit()) { format!("_{word}") } else { word }
}

/// A name that no other has.
fn usable(names: &[String], position: usize) -> Option<String> {
    let name = names.get(position).filter(|name| !name.is_empty())?;
    (names.iter().filter(|other| *other == name).count() == 1).then(|| name.clone())
}

/// The labels if there are as many as needed and no two alike.
fn all(labels: Option<&Vec<String>>, count: usize, prefix: &str) -> Vec<String> {
    let different = |labels: &&Vec<String>| labels.iter().collect::<HashSet<_>>().len() == labels.len();
    let known = labels.filter(|labels| labels.len() == count && !labels.iter().any(String::is_empty));
    known.filter(different).cloned().unwrap_or_else(|| numbered(prefix, count))
}
