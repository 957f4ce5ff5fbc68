//! Model files of baselines.

mod modalities;
mod settings;

use super::claims::Requirement;
use super::context::Context;
use super::declarations;
use super::labels::{Labels, Namespace};
use super::policies::labelled_joint_action;
use super::process::{self, Declared};
use super::test_points::{Input, TestPoints};
use super::{ORDERS, name_of, paragraph, responses};
use crate::baselines::beliefs::BeliefKind;
use crate::baselines::{BaselineKind, BaselineModel, KINDS};
use crate::document::{DocumentError, Entry, Section, Value};
use crate::expression::Expression;
use crate::parameter::Parameter;
use crate::schema::{RowOrder, Schema};
use crate::task_model::Process;
use crate::trajectory::Quantity;

pub(super) const KEYS: [&str; 13] = [
    "name",
    "description",
    "citation",
    "baseline",
    "order",
    "parameters",
    "controls",
    "modalities",
    "beliefs",
    "habits",
    "carry",
    "responses",
    "process",
];

/// Reads the file whose top level is `root`.
pub(super) fn read(root: &Section<'_>) -> Result<BaselineModel, DocumentError> {
    let kind = root.required("baseline")?.choice(&KINDS)?;
    let order = root.required("order")?.choice(&ORDERS)?;
    let mut columns = Namespace::default();
    let controls = declarations::controls(root, &mut Namespace::default(), &mut columns)?;
    let modalities = modalities::declared(root, &mut columns)?;
    let beliefs = beliefs(root, kind)?;
    let schema = schema(&controls, &modalities, order);
    let settings = settings::read(root, kind.settings(schema.joint_actions(), beliefs))?;
    let parameters: Vec<Parameter> = settings.parameters().cloned().collect();
    let mut context = Context::new(&parameters);
    let mut model = BaselineModel {
        name: name_of(root)?,
        description: paragraph(root.optional_text("description")?),
        citation: paragraph(root.optional_text("citation")?),
        settings: settings.cells(root, &mut context)?,
        outcome_values: modalities::values(root, (kind, beliefs), &modalities, &mut context)?,
        habits: habits(root, kind, &schema, &mut context)?,
        carry: root.optional("carry").map_or(Ok(false), Value::boolean)?,
        process: process(root, &modalities, &controls, &mut context)?,
        responses: Vec::new(),
        kind,
        beliefs,
        parameters,
        schema,
    };
    respond(root, &mut model, &mut columns, &mut context)?;
    check(&context, &model)?;
    context.refuse_unused(&model.parameters, &settings.places(root))?;
    Ok(model)
}

/// Reads the responses, whose expressions see what the model records.
fn respond<'a>(
    root: &Section<'a>,
    model: &mut BaselineModel,
    columns: &mut Namespace,
    context: &mut Context<'a>,
) -> Result<(), DocumentError> {
    let inputs: Vec<String> = model.quantities().iter().map(Quantity::column).collect();
    model.responses = responses::responses(root.optional("responses"), &inputs, columns, context)?;
    model.schema.responses = model.responses.iter().map(|response| response.variable.clone()).collect();
    Ok(())
}

/// What exploration is guided by; other kinds have no say in it.
fn beliefs(root: &Section<'_>, kind: BaselineKind) -> Result<BeliefKind, DocumentError> {
    let Some(at) = root.optional("beliefs") else { return Ok(BeliefKind::Kalman) };
    if !kind.explores() {
        return Err(at.reject("belongs to the kinds of exploration only; leave it out"));
    }
    at.choice(&[("kalman", BeliefKind::Kalman), ("beta", BeliefKind::Beta)])
}

fn schema(controls: &[Labels], modalities: &[Declared<'_>], row_order: RowOrder) -> Schema {
    Schema {
        controls: controls.iter().map(Labels::variable).collect(),
        modalities: modalities.iter().map(|modality| modality.labels.variable()).collect(),
        responses: Vec::new(),
        row_order,
    }
}

/// One logit per joint action: by label (not named: 0), or listed.
fn habits<'a>(
    root: &Section<'a>,
    kind: BaselineKind,
    schema: &Schema,
    context: &mut Context<'a>,
) -> Result<Vec<Expression>, DocumentError> {
    let actions = schema.joint_actions();
    let mut habits = vec![Expression::constant(0.0); actions];
    let Some(value) = root.optional("habits") else { return Ok(habits) };
    if !kind.has_habits() {
        return Err(value
            .reject("cannot be: this baseline has probabilities of its own, to which habits add nothing"));
    }
    if !value.is_list() {
        for Entry { key, value } in value.entries()? {
            habits[labelled_joint_action(key, value, schema)?] =
                context.scalar(value, Requirement::Finite)?;
        }
        return Ok(habits);
    }
    let items = value.list()?;
    if items.len() != actions {
        return Err(value.reject(format!("has {} cells for {actions} joint actions", items.len())));
    }
    items.into_iter().map(|item| context.scalar(item, Requirement::Finite)).collect()
}

/// The task as it is. Without modalities there is nothing to say about it.
fn process<'a>(
    root: &Section<'a>,
    modalities: &[Declared<'a>],
    controls: &[Labels],
    context: &mut Context<'a>,
) -> Result<Option<Process>, DocumentError> {
    let Some(at) = root.optional("process") else {
        let nothing = || Process { factors: Vec::new(), likelihoods: Vec::new(), ..Process::default() };
        return Ok(modalities.is_empty().then(nothing));
    };
    let own = at.section(&process::KEYS)?.optional("modalities");
    let mut named = Vec::new();
    for value in own.map_or(Ok(Vec::new()), Value::list)? {
        named.push(value.section(&["name", "likelihood"])?.text("name")?);
    }
    let without = modalities.iter().find(|modality| !named.contains(&modality.labels.name.as_str()));
    if let Some(without) = without {
        return Err(at.error(format!(
            "the process says nothing of modality `{}`; add [[process.modalities]] with its likelihood",
            without.labels.name
        )));
    }
    process::read(at, &[], modalities, controls, context).map(Some)
}

/// Checks everything that must hold at all values of the parameters.
fn check(context: &Context<'_>, model: &BaselineModel) -> Result<(), DocumentError> {
    let quantities = model.quantities();
    let names = context.names().iter().cloned().chain(quantities.iter().map(Quantity::column)).collect();
    let tried: Vec<Input> = quantities.iter().map(tried).collect();
    let points = TestPoints::new(&model.parameters, names, &tried);
    context.claims.iter().try_for_each(|claim| claim.check(&points))
}

/// Where a quantity that responses see is tried.
fn tried(quantity: &Quantity) -> Input {
    Input::Number(match quantity.family.as_str() {
        "value" | "prediction_error" => vec![0.0, 1.0, -1.0],
        "uncertainty" | "associability" => vec![1.0, 0.01],
        _ => vec![0.5, 0.0, 1.0],
    })
}
