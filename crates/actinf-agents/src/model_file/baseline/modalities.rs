//! `[[modalities]]` of baselines: what outcomes are worth.

use crate::baselines::BaselineKind;
use crate::baselines::beliefs::BeliefKind;
use crate::document::{DocumentError, Section, Value};
use crate::expression::Expression;
use crate::model_file::claims::Requirement;
use crate::model_file::context::Context;
use crate::model_file::distribution::cells;
use crate::model_file::labels::{Kind, Labels, Namespace};
use crate::model_file::process::Declared;

const KEYS: [&str; 3] = ["name", "outcomes", "values"];

/// Reads names and outcomes.
pub(super) fn declared<'a>(
    root: &Section<'a>,
    columns: &mut Namespace,
) -> Result<Vec<Declared<'a>>, DocumentError> {
    let mut modalities = Vec::new();
    for value in root.optional("modalities").map_or(Ok(Vec::new()), Value::list)? {
        let section = value.section(&KEYS)?;
        let name = section.required("name")?;
        let labels = Labels::read(Kind::Modality, name, section.required("outcomes")?)?;
        columns.take(&labels.name, "modality", name)?;
        modalities.push(Declared { value, labels });
    }
    Ok(modalities)
}

/// Per modality, what each outcome is worth; `None` where outcomes are worth nothing.
pub(super) fn values<'a>(
    root: &Section<'a>,
    (kind, beliefs): (BaselineKind, BeliefKind),
    modalities: &[Declared<'a>],
    context: &mut Context<'a>,
) -> Result<Vec<Option<Vec<Expression>>>, DocumentError> {
    let mut all = Vec::new();
    for Declared { value, labels } in modalities {
        let at = value.section(&KEYS)?.optional("values");
        let values = at.map(|at| cells(at, labels, context)).transpose()?;
        if let (Some(at), Some(values)) = (at, &values) {
            let subject = format!("the values of {}", labels.title());
            context.claim(at, subject, labels.labels.clone(), Requirement::Finite, values);
        }
        all.push(values);
    }
    if kind.learns_outcomes() && all.iter().all(Option::is_none) {
        let at = root.optional("modalities").unwrap_or(root.required("baseline")?);
        return Err(at.error(
            "this baseline learns from outcomes: give a modality values = { ... }, what each outcome is worth".to_owned(),
        ));
    }
    check(beliefs, kind, modalities, &all, context)?;
    Ok(all)
}

/// Checks that values suit the kind: wins must not depend on parameters, and beta beliefs need values from 0 to 1.
fn check<'a>(
    beliefs: BeliefKind,
    kind: BaselineKind,
    modalities: &[Declared<'a>],
    values: &[Option<Vec<Expression>>],
    context: &mut Context<'a>,
) -> Result<(), DocumentError> {
    for (Declared { value, labels }, values) in modalities.iter().zip(values) {
        let (Some(at), Some(values)) = (value.section(&KEYS)?.optional("values"), values) else { continue };
        if kind == BaselineKind::WinStayLoseShift && values.iter().any(|cell| cell.as_constant().is_none()) {
            return Err(at.reject(
                "must be numbers: whether an outcome is a win (worth more than 0) cannot depend on a parameter",
            ));
        }
        if kind.explores() && beliefs == BeliefKind::Beta {
            let subject = format!("with beta beliefs, the values of {}", labels.title());
            context.claim(at, subject, labels.labels.clone(), Requirement::Probability, values);
        }
    }
    let worth = values.iter().flatten().count();
    match modalities.iter().zip(values).rfind(|(_, values)| values.is_some()) {
        Some((last, _)) if worth > 1 && kind.explores() && beliefs == BeliefKind::Beta => {
            Err(last.value.error("with beta beliefs one modality only can have values, between 0 and 1"))
        }
        _ => Ok(()),
    }
}
