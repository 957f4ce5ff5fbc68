//! `[process]`: the task as it is, where it differs from the task as the agent believes it.

use super::claims::Requirement;
use super::context::Context;
use super::distribution::distribution;
use super::labels::{Labels, Namespace};
use super::rules::Scope;
use super::{factors, modalities};
use crate::document::{DocumentError, Entry, Value};
use crate::nearest_name::suggestion;
use crate::task_model::{
    Factor, InferenceScheme, Modality, Process, ProcessChange, ProcessLikelihood, TrialEnd,
};

/// The keys of `[process]`.
pub(super) const KEYS: [&str; 4] = ["factors", "modalities", "changes", "ends"];

/// A part of the file and the labels it declares.
#[derive(Clone)]
pub(super) struct Declared<'a> {
    pub(super) value: Value<'a>,
    pub(super) labels: Labels,
}

/// The process of a file without `[process]`: the model itself.
pub(super) fn same_as_model(factors: &[Factor], modalities: &[Modality]) -> Process {
    let likelihood = |modality: &Modality| ProcessLikelihood {
        parents: modality.parents.clone(),
        columns: modality.likelihood.clone(),
    };
    let unlearned =
        |factor: &Factor| Factor { transition_learning: None, prior_learning: None, ..factor.clone() };
    Process {
        factors: factors.iter().map(unlearned).collect(),
        likelihoods: modalities.iter().map(likelihood).collect(),
        ..Process::default()
    }
}

/// Reads `[process]`. What it does not replace is read again from the model's part of the file, now over the
/// process's factors, whose states and order may differ.
pub(super) fn read<'a>(
    value: Value<'a>,
    model_factors: &[Declared<'a>],
    model_modalities: &[Declared<'a>],
    controls: &[Labels],
    context: &mut Context<'a>,
) -> Result<Process, DocumentError> {
    let section = value.section(&KEYS)?;
    context.part = "in the process, ";
    let declared = declared_factors(section.optional("factors"), model_factors, controls)?;
    let labels: Vec<Labels> = declared.iter().map(|(declared, _)| declared.labels.clone()).collect();
    let scope = Scope { controls, factors: &labels };
    let mut factors = Vec::new();
    for (index, (declared, taken_over)) in declared.iter().enumerate() {
        let factor = factors::factor(declared.value, index, scope, context);
        factors.push(factor.map_err(|error| explained(error, *taken_over))?);
    }
    let own = own_likelihoods(section.optional("modalities"), model_modalities)?;
    let mut likelihoods = Vec::new();
    for (modality, own) in model_modalities.iter().zip(own) {
        let taken_over = own.is_none();
        let at = match own {
            Some(at) => at,
            None => modality.value.section(&modalities::KEYS)?.required("likelihood")?,
        };
        let table = modalities::likelihood(at, &modality.labels, scope, context);
        let table = table.map_err(|error| explained(error, taken_over))?;
        likelihoods.push(ProcessLikelihood { parents: table.parents, columns: table.columns });
    }
    let changes = section.optional("changes").map_or(Ok(Vec::new()), |at| changes(at, &labels, context))?;
    context.part = "";
    let ends = ends(section.optional("ends"), &labels)?;
    Ok(Process { factors, likelihoods, changes, ends })
}

/// Reads `ends = { factor = ["state", ...] }`.
fn ends(value: Option<Value<'_>>, factors: &[Labels]) -> Result<Vec<TrialEnd>, DocumentError> {
    let mut ends = Vec::new();
    for Entry { key, value } in value.map_or(Ok(Vec::new()), Value::entries)? {
        let Some(factor) = factors.iter().position(|factor| factor.name == key) else {
            let names: Vec<&str> = factors.iter().map(|factor| factor.name.as_str()).collect();
            let hint = suggestion(key, &names, "Its factors are");
            return Err(value.error(format!("the process has no factor `{key}`{hint}")));
        };
        let mut states = vec![false; factors[factor].len()];
        for item in if value.is_list() { value.list()? } else { vec![value] } {
            states[factors[factor].find(item.text()?, item)?] = true;
        }
        ends.push(TrialEnd { factor, states });
    }
    Ok(ends)
}

/// Refuses ends of trials whose number of steps is planned.
pub(super) fn refuse_ends(
    value: Option<Value<'_>>,
    process: &Process,
    scheme: InferenceScheme,
) -> Result<(), DocumentError> {
    match value {
        Some(at) if !process.ends.is_empty() && matches!(scheme, InferenceScheme::TrialMessagePassing(_)) => {
            Err(at.reject(
                "cannot have `ends` under trial message passing, which plans the number of steps of a trial",
            ))
        }
        _ => Ok(()),
    }
}

/// `[[process.changes]]`: from a trial on, a factor starts elsewhere.
fn changes<'a>(
    value: Value<'a>,
    factors: &[Labels],
    context: &mut Context<'a>,
) -> Result<Vec<ProcessChange>, DocumentError> {
    let mut changes = Vec::new();
    for value in value.list()? {
        let section = value.section(&["from_trial", "factor", "prior"])?;
        let at = section.required("factor")?;
        let name = at.text()?;
        let Some(factor) = factors.iter().position(|labels| labels.name == name) else {
            let names: Vec<&str> = factors.iter().map(|labels| labels.name.as_str()).collect();
            let hint = suggestion(name, &names, "The process's factors are");
            return Err(at.error(format!("the process has no factor `{name}`{hint}")));
        };
        let (labels, at) = (&factors[factor], section.required("prior")?);
        let prior = distribution(at, labels, context)?;
        let subject = format!("the changed prior of {}", labels.title());
        let requirement = Requirement::Distribution(prior.form);
        context.claim(at, subject, labels.labels.clone(), requirement, &prior.cells);
        let from_trial = section.required("from_trial")?.count(1)? - 1;
        changes.push(ProcessChange { from_trial, factor, prior });
    }
    changes.sort_by_key(|change| change.from_trial);
    Ok(changes)
}

/// What the model's part says may make no sense over the process's factors; say so.
fn explained(error: DocumentError, taken_over: bool) -> DocumentError {
    if !taken_over {
        return error;
    }
    let message = format!(
        "the process takes this over from the model, where its own factors differ: {}",
        error.message
    );
    DocumentError { message, ..error }
}

/// The process's factors, each with whether it is taken over from the model: the model's in their order, those of
/// the same name replaced, and then the added ones.
fn declared_factors<'a>(
    own: Option<Value<'a>>,
    model: &[Declared<'a>],
    controls: &[Labels],
) -> Result<Vec<(Declared<'a>, bool)>, DocumentError> {
    let mut declared: Vec<(Declared<'a>, bool)> =
        model.iter().cloned().map(|factor| (factor, true)).collect();
    let mut names = Namespace::default();
    for value in own.map_or(Ok(Vec::new()), Value::list)? {
        let labels = factors::labels(value)?;
        factors::refuse_learning(value)?;
        let at = value.section(&factors::KEYS)?.required("name")?;
        names.take(&labels.name, "factor", at)?;
        if controls.iter().any(|control| control.name == labels.name) {
            return Err(at.reject(format!("cannot be `{}`: a control has that name", labels.name)));
        }
        let new = Declared { value, labels };
        match declared.iter_mut().find(|(old, _)| old.labels.name == new.labels.name) {
            Some(old) => *old = (new, false),
            None => declared.push((new, false)),
        }
    }
    Ok(declared)
}

/// For each modality of the model, the likelihood that `[process]` gives it, if it does.
fn own_likelihoods<'a>(
    own: Option<Value<'a>>,
    model: &[Declared<'a>],
) -> Result<Vec<Option<Value<'a>>>, DocumentError> {
    let mut likelihoods = vec![None; model.len()];
    for value in own.map_or(Ok(Vec::new()), Value::list)? {
        let section = value.section(&["name", "likelihood"])?;
        let at = section.required("name")?;
        let name = at.text()?;
        let Some(index) = model.iter().position(|modality| modality.labels.name == name) else {
            let names: Vec<&str> = model.iter().map(|modality| modality.labels.name.as_str()).collect();
            let hint = suggestion(name, &names, "The modalities are");
            return Err(at.error(format!("the model has no modality `{name}`{hint}")));
        };
        if likelihoods[index].is_some() {
            return Err(at.reject(format!("repeats the modality `{name}`")));
        }
        likelihoods[index] = Some(section.required("likelihood")?);
    }
    Ok(likelihoods)
}
