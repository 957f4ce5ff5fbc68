//! What a model file declares before anything is read that refers to it: controls, factors, modalities.

use super::labels::{Kind, Labels, Namespace};
use super::process::Declared;
use super::{factors, modalities};
use crate::document::{DocumentError, Section, Value};
use crate::task_model::InferenceScheme;

/// The most joint states that exact inference is offered for.
const MOST_JOINT_STATES: usize = 100_000;

/// The most joint actions a model may have.
const MOST_JOINT_ACTIONS: usize = 100_000;

/// Controls, factors and modalities with their labels.
pub(super) struct Declarations<'a> {
    pub(super) controls: Vec<Labels>,
    pub(super) factors: Vec<Declared<'a>>,
    pub(super) modalities: Vec<Declared<'a>>,
    /// The names of controls and modalities, and later of responses: what columns of data are called by.
    pub(super) columns: Namespace,
}

impl<'a> Declarations<'a> {
    pub(super) fn read(root: &Section<'a>) -> Result<Declarations<'a>, DocumentError> {
        let (mut causes, mut columns) = (Namespace::default(), Namespace::default());
        let controls = controls(root, &mut causes, &mut columns)?;
        let mut factors = Vec::new();
        for value in declared(root, "factors")? {
            let labels = factors::labels(value)?;
            causes.take(&labels.name, "factor", value.section(&factors::KEYS)?.required("name")?)?;
            factors.push(Declared { value, labels });
        }
        let mut modalities = Vec::new();
        for value in declared(root, "modalities")? {
            let labels = modalities::labels(value)?;
            columns.take(&labels.name, "modality", value.section(&modalities::KEYS)?.required("name")?)?;
            modalities.push(Declared { value, labels });
        }
        Ok(Declarations { controls, factors, modalities, columns })
    }

    /// The labels of the factors.
    pub(super) fn factor_labels(&self) -> Vec<Labels> {
        self.factors.iter().map(|factor| factor.labels.clone()).collect()
    }

    /// Refuses exact inference over more joint states than can be held.
    pub(super) fn refuse_large_joint_states(
        &self,
        root: &Section<'a>,
        scheme: InferenceScheme,
    ) -> Result<(), DocumentError> {
        let sizes = self.factors.iter().map(|factor| factor.labels.len());
        if scheme != InferenceScheme::Exact || product(sizes).is_some_and(|count| count <= MOST_JOINT_STATES)
        {
            return Ok(());
        }
        let at = root.optional("inference").unwrap_or(root.required("factors")?);
        Err(at.error(format!(
            "the factors have more than {MOST_JOINT_STATES} joint states, too many for exact inference; write \
             scheme = \"fixed_point_iteration\" under [inference]"
        )))
    }
}

/// Reads the controls.
pub(super) fn controls(
    root: &Section<'_>,
    causes: &mut Namespace,
    columns: &mut Namespace,
) -> Result<Vec<Labels>, DocumentError> {
    let mut controls = Vec::new();
    for value in declared(root, "controls")? {
        let section = value.section(&["name", "actions", "meaning"])?;
        section.optional_text("meaning")?;
        let (name, actions) = (section.required("name")?, section.required("actions")?);
        let control = Labels::read(Kind::Control, name, actions)?;
        causes.take(&control.name, "control", name)?;
        columns.take(&control.name, "control", name)?;
        controls.push(control);
    }
    refuse_ambiguous_actions(root, &controls)?;
    Ok(controls)
}

fn declared<'a>(root: &Section<'a>, key: &str) -> Result<Vec<Value<'a>>, DocumentError> {
    let value = root.required(key)?;
    let items = value.list()?;
    if items.is_empty() {
        return Err(value.reject("must not be empty"));
    }
    Ok(items)
}

fn refuse_ambiguous_actions(root: &Section<'_>, controls: &[Labels]) -> Result<(), DocumentError> {
    let at = root.required("controls")?;
    if product(controls.iter().map(Labels::len)).is_none_or(|count| count > MOST_JOINT_ACTIONS) {
        return Err(at.error(format!("the controls have more than {MOST_JOINT_ACTIONS} joint actions")));
    }
    let with_plus = |control: &Labels| control.labels.iter().find(|label| label.contains('+')).cloned();
    match controls.iter().find_map(with_plus) {
        Some(label) if controls.len() > 1 => Err(at.error(format!(
            "the action `{label}` cannot have a `+` in its label, which joins the actions of several controls"
        ))),
        _ => Ok(()),
    }
}

fn product(mut sizes: impl Iterator<Item = usize>) -> Option<usize> {
    sizes.try_fold(1_usize, |product, size| product.checked_mul(size))
}
