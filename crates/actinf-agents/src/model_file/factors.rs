//! `[[factors]]`: hidden-state factors with their prior and transitions.

use super::claims::Requirement;
use super::context::Context;
use super::distribution::{cells, certain, distribution, uniform};
use super::labels::{Kind, Labels};
use super::rules::{self, Scope, Target};
use super::{learning, map};
use crate::document::{DocumentError, Section, Value};
use crate::task_model::{Distribution, Factor, Form, Transitions};

pub(super) const KEYS: [&str; 6] =
    ["name", "states", "prior", "transitions", "transition_learning", "prior_learning"];

/// Reads the name and states of a factor.
pub(super) fn labels(value: Value<'_>) -> Result<Labels, DocumentError> {
    let section = value.section(&KEYS)?;
    Labels::read(Kind::Factor, section.required("name")?, section.required("states")?)
}

/// Reads the factor that has position `index` among the factors of `scope`, without its learning.
pub(super) fn factor<'a>(
    value: Value<'a>,
    index: usize,
    scope: Scope<'_>,
    context: &mut Context<'a>,
) -> Result<Factor, DocumentError> {
    let section = value.section(&KEYS)?;
    let labels = &scope.factors[index];
    let prior = prior(&section, labels, context)?;
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

/// Reads how the factor is learned.
pub(super) fn learning<'a>(
    value: Value<'a>,
    factor: &mut Factor,
    context: &mut Context<'a>,
) -> Result<(), DocumentError> {
    let section = value.section(&KEYS)?;
    if let Some(at) = section.optional("transition_learning") {
        factor.transition_learning = Some(learning::of_table(at, &factor.transitions.columns, context)?);
    }
    if let Some(at) = section.optional("prior_learning") {
        factor.prior_learning = Some(learning::of_distribution(at, &factor.prior.cells, context)?);
    }
    Ok(())
}

/// Refuses learning of a factor of the process.
pub(super) fn refuse_learning(value: Value<'_>) -> Result<(), DocumentError> {
    let section = value.section(&KEYS)?;
    match section.optional("transition_learning").or(section.optional("prior_learning")) {
        Some(at) => Err(at.reject("belongs to the model: only the agent learns, the process is what it is")),
        None => Ok(()),
    }
}

/// The prior as it is given, or in proportion to the counts it is learned from.
fn prior<'a>(
    section: &Section<'a>,
    labels: &Labels,
    context: &mut Context<'a>,
) -> Result<Distribution, DocumentError> {
    let counts = learning::counts_of(section.optional("prior_learning"))?;
    let (at, prior, what) = match (section.optional("prior"), counts) {
        (Some(at), Some(counts)) => {
            return Err(at.reject(format!("is given a second time by {}; keep one", counts.place())));
        }
        (None, Some(at)) => {
            let prior = Distribution { form: Form::Normalised, cells: cells(at, labels, context)? };
            (at, prior, "prior counts")
        }
        (_, None) => {
            let at = section.required("prior")?;
            (at, distribution(at, labels, context)?, "prior")
        }
    };
    let subject = format!("the {what} of {}", labels.title());
    let requirement = Requirement::Distribution(prior.form);
    context.claim(at, subject, labels.labels.clone(), requirement, &prior.cells);
    Ok(prior)
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
    if value.is_table() {
        return map::read(value, index, scope, context);
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
            Err(value
                .reject(format!("cannot be {found}; write \"stay\", \"uniform\", a list of rules or a map")))
        }
    }
}
