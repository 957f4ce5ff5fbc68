//! `[[factors]]`: hidden-state factors with their prior and transitions.

use super::claims::Requirement;
use super::context::Context;
use super::distribution::{certain, distribution, uniform};
use super::labels::{Kind, Labels};
use super::rules::{self, Scope, Target};
use crate::document::{DocumentError, Value};
use crate::task_model::{Factor, Transitions};

pub(super) const KEYS: [&str; 4] = ["name", "states", "prior", "transitions"];

/// Reads the name and states of a factor.
pub(super) fn labels(value: Value<'_>) -> Result<Labels, DocumentError> {
    let section = value.section(&KEYS)?;
    Labels::read(Kind::Factor, section.required("name")?, section.required("states")?)
}

/// Reads the factor that has position `index` among the factors of `scope`.
pub(super) fn factor<'a>(
    value: Value<'a>,
    index: usize,
    scope: Scope<'_>,
    context: &mut Context<'a>,
) -> Result<Factor, DocumentError> {
    let section = value.section(&KEYS)?;
    let labels = &scope.factors[index];
    let at = section.required("prior")?;
    let prior = distribution(at, labels, context)?;
    let subject = format!("the prior of {}", labels.title());
    let requirement = Requirement::Distribution(prior.form);
    context.claim(at, subject, labels.labels.clone(), requirement, &prior.cells);
    let transitions = transitions(section.required("transitions")?, index, scope, context)?;
    Ok(Factor {
        name: labels.name.clone(),
        states: labels.labels.clone(),
        prior,
        transitions,
        transition_learning: None,
        prior_learning: None,
    })
}

fn transitions<'a>(
    value: Value<'a>,
    index: usize,
    scope: Scope<'_>,
    context: &mut Context<'a>,
) -> Result<Transitions, DocumentError> {
    let labels = &scope.factors[index];
    if value.is_list() {
        let subject = format!("the transitions of {}", labels.title());
        let target = Target { labels, moves: Some(index), subject };
        let table = rules::read(value, scope, &target, context)?;
        return Ok(Transitions { parents: table.parents, controls: table.controls, columns: table.columns });
    }
    let size = labels.len();
    match value.is_text().then(|| value.text()).transpose()? {
        Some("stay") => {
            let columns = (0..size).map(|state| certain(state, size)).collect();
            Ok(Transitions { parents: vec![index], controls: vec![], columns })
        }
        Some("uniform") => {
            Ok(Transitions { parents: vec![], controls: vec![], columns: vec![uniform(size)] })
        }
        other => {
            let found = other.map_or_else(|| value.kind().to_owned(), |text| format!("`{text}`"));
            Err(value.reject(format!("cannot be {found}; write \"stay\", \"uniform\" or a list of rules")))
        }
    }
}
