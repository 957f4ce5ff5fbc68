//! The card of a model: what one needs to know to use it, taken from its model file.

use crate::behaviour_model::{BehaviourModel, Design};
use crate::document::DocumentError;
use crate::model::Model;
use crate::model_file;
use crate::nearest_name::suggestion;
use crate::parameter::Parameter;
use crate::schema::{Moment, RowOrder, Schema};
use crate::tasks;
use serde::Serialize;

/// What a column of the data holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum ColumnKind {
    /// The action of a control.
    Action,
    /// The outcome of a modality.
    Observation,
    /// A response beside the action.
    Response(Moment),
}

/// A column of the data that a model expects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Column {
    /// The name of the control, modality or response.
    pub name: String,
    /// What it holds.
    pub kind: ColumnKind,
    /// The labels of its cells; empty for responses, which are numbers.
    pub labels: Vec<String>,
    /// The same in words; empty where the file says nothing.
    pub meaning: String,
}

/// A small study: how much behaviour, and what is estimated from it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Example {
    /// How much behaviour of every subject.
    pub design: Design,
    /// The parameters that are kept at their defaults.
    pub fixed: Vec<String>,
    /// What can and cannot be told from such data; empty where the file says nothing.
    pub note: String,
}

/// How well a parameter of a task is recovered from example data.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Recovery {
    /// The parameter.
    pub parameter: String,
    /// Pearson's correlation of true values and estimates, on the scale of the search: the logarithm of a positive parameter, the
    /// logit of a bounded one.
    pub correlation: f64,
    /// The mean of estimate - truth, on that scale, in standard deviations of the true values.
    pub bias: f64,
    /// The share of 95 % intervals that cover the truth.
    pub coverage: f64,
}

/// What one needs to know to use a model.
///
/// # Example
///
/// ```
/// use actinf_agents::{Card, ColumnKind};
/// let card = Card::built_in("reversal_learning")?;
/// assert!(card.citation.starts_with("Hampton"));
/// assert_eq!(card.columns[0].kind, ColumnKind::Action);
/// assert_eq!(card.columns[0].labels, ["left", "right"]);
/// assert_eq!(card.columns[1].meaning, "whether the option won");
/// assert_eq!(card.example.design.steps, 200);
/// # Ok::<(), actinf_agents::document::DocumentError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Card {
    /// The name of the model.
    pub name: String,
    /// One paragraph on what it is.
    pub description: String,
    /// Where it was published; empty where it was not.
    pub citation: String,
    /// What comes first within a row of data.
    pub row_order: RowOrder,
    /// The variables of the data.
    pub schema: Schema,
    /// The columns of the data.
    pub columns: Vec<Column>,
    /// The parameters.
    pub parameters: Vec<Parameter>,
    /// A small study.
    pub example: Example,
    /// How well parameters are recovered from it, for the built-in [tasks](crate::tasks).
    pub recovery: Vec<Recovery>,
}

impl Card {
    /// The card of the model file with this text; `file` is its name in messages.
    ///
    /// # Errors
    ///
    /// As [`Model::read`].
    pub fn read(text: &str, file: &str) -> Result<Card, DocumentError> {
        let model = Model::read(text, file)?;
        let (design, fixed, note) = model_file::example_of(text, file, model.parameters())?;
        Ok(Card {
            name: model.name().to_owned(),
            description: model.description().to_owned(),
            citation: model.citation().to_owned(),
            row_order: model.schema().row_order,
            columns: columns(model.schema(), &model_file::meanings_of(text, file)?),
            schema: model.schema().clone(),
            recovery: Vec::new(),
            parameters: model.parameters().to_vec(),
            example: Example { design, fixed, note },
        })
    }

    /// The card of the built-in model of this name.
    ///
    /// # Errors
    ///
    /// If there is none; the nearest name is suggested.
    pub fn built_in(name: &str) -> Result<Card, DocumentError> {
        let Some(text) = Model::built_in_text(name) else {
            let known: Vec<&str> = Model::built_in_names().collect();
            let hint = suggestion(name, &known, "The models are");
            let message = format!("there is no built-in model `{name}`{hint}");
            return Err(DocumentError { file: String::new(), line: 0, path: String::new(), message });
        };
        let card = Card::read(text, &format!("{name} (built in)"))?;
        Ok(Card { recovery: tasks::recovery(name), ..card })
    }

    /// The first sentence of the description.
    pub fn summary(&self) -> &str {
        self.description.split_inclusive(". ").next().unwrap_or_default().trim()
    }
}

fn columns(schema: &Schema, meanings: &[(String, String)]) -> Vec<Column> {
    let meaning = |part: &str, name: &str| {
        let key = format!("{part}.{name}");
        meanings.iter().find(|(known, _)| *known == key).map(|(_, meaning)| meaning.clone())
    };
    let column = |part: &str, name: &str, kind: ColumnKind, labels: &[String]| Column {
        name: name.to_owned(),
        kind,
        labels: labels.to_vec(),
        meaning: meaning(part, name).unwrap_or_default(),
    };
    let controls = schema.controls.iter();
    let actions = controls.map(|c| column("controls", &c.name, ColumnKind::Action, &c.labels));
    let modalities = schema.modalities.iter();
    let observations = modalities.map(|m| column("modalities", &m.name, ColumnKind::Observation, &m.labels));
    let responses = schema.responses.iter();
    let responses = responses.map(|r| column("responses", &r.name, ColumnKind::Response(r.moment), &[]));
    actions.chain(observations).chain(responses).collect()
}
