//! `columns = "hbayesdm"`: the tables of hBayesDM.

use super::Headers;
use actinf_agents::{Schema, Variable};
use actinf_data::{CodedColumn, ColumnMapping, StepColumns};
use anyhow::{Result, bail};
use std::collections::BTreeMap;

/// What the layouts of hBayesDM hold, for messages.
const LAYOUTS: &str = "\
one control with any number of actions and the modality `outcome` with `loss` and `win` (columns subjID, choice, outcome); \
the Iowa gambling task (subjID, choice or deck, gain, loss); \
the two-step task (subjID, level1_choice, level2_choice, reward)";

/// The mapping for a model whose variables are those of one of the layouts.
pub(super) fn mapping(given: &ColumnMapping, schema: &Schema, headers: Headers<'_>) -> Result<ColumnMapping> {
    let mut mapping = given.clone();
    mapping.subject = headers.find(&["subjID", "participant_id"]);
    if mapping.session.is_none() && headers.has("block") {
        mapping.session = Some(headers.find(&["block"]));
    }
    match Layout::of(schema) {
        Some(Layout::Bandit { control }) => {
            mapping.actions = one(control, from_one(headers.find(&["choice"])));
            mapping.observations = one("outcome", wins(headers.find(&["outcome"])));
        }
        Some(Layout::IowaGambling) => {
            mapping.actions = one("deck", from_one(headers.find(&["choice", "deck"])));
            mapping.observations = iowa_outcomes(headers);
        }
        Some(Layout::TwoStep) => mapping.steps = two_steps(headers),
        None => bail!(
            "columns = \"hbayesdm\" is known for models with {LAYOUTS}. This model has other variables: name its columns one by one \
             instead, under [data.actions] and [data.observations]"
        ),
    }
    Ok(mapping)
}

/// The tables of hBayesDM, by what they hold.
enum Layout<'a> {
    Bandit { control: &'a str },
    IowaGambling,
    TwoStep,
}

impl<'a> Layout<'a> {
    /// The layout whose variables are those of a model.
    fn of(schema: &'a Schema) -> Option<Layout<'a>> {
        let is = |variable: &Variable, name: &str, labels: &[&str]| {
            variable.name == name && variable.labels.iter().eq(labels)
        };
        let [control] = &schema.controls[..] else { return None };
        match &schema.modalities[..] {
            [outcome] if is(outcome, "outcome", &["loss", "win"]) => {
                Some(Layout::Bandit { control: &control.name })
            }
            [gain, loss]
                if is(control, "deck", &["A", "B", "C", "D"])
                    && is(gain, "gain", &["around_50", "around_100"])
                    && is(loss, "loss", &["none", "around_50", "around_250", "around_1250"]) =>
            {
                Some(Layout::IowaGambling)
            }
            [place, outcome]
                if is(control, "choice", &["left", "right"])
                    && is(place, "place", &["red", "blue", "option"])
                    && is(outcome, "outcome", &["none", "loss", "win"]) =>
            {
                Some(Layout::TwoStep)
            }
            _ => None,
        }
    }
}

type Columns = BTreeMap<String, Option<CodedColumn>>;

fn one(variable: &str, column: CodedColumn) -> Columns {
    BTreeMap::from([(variable.to_owned(), Some(column))])
}

/// Choices are counted from 1.
fn from_one(column: String) -> CodedColumn {
    CodedColumn { first_code: 1, ..CodedColumn::new(column) }
}

/// Outcomes are wins above 0, whatever their amount.
fn wins(column: String) -> CodedColumn {
    CodedColumn { cuts: vec![f64::MIN_POSITIVE], ..CodedColumn::new(column) }
}

/// Gains are told apart at 80, losses, which are written as negative numbers, at 1, 112 and 800; see the model.
fn iowa_outcomes(headers: Headers<'_>) -> Columns {
    let gain = CodedColumn { cuts: vec![80.0], ..CodedColumn::new(headers.find(&["gain"])) };
    let cuts = vec![1.0, 112.0, 800.0];
    let loss = CodedColumn { cuts, scale: -1.0, ..CodedColumn::new(headers.find(&["loss"])) };
    BTreeMap::from([("gain".to_owned(), Some(gain)), ("loss".to_owned(), Some(loss))])
}

/// A row holds both choices. The options of the second one are counted through: 1 and 2 at the first place, 3 and 4 at the
/// second.
fn two_steps(headers: Headers<'_>) -> Vec<StepColumns> {
    let second = headers.find(&["level2_choice"]);
    let options = |labels: [&str; 4]| {
        let labels = ["1", "2", "3", "4"].into_iter().zip(labels);
        let labels = labels.map(|(cell, label)| (cell.to_owned(), label.to_owned())).collect();
        CodedColumn { labels, ..CodedColumn::new(second.clone()) }
    };
    let both = |column: String, labels: [&str; 2]| {
        let labels = ["0", "1"].into_iter().zip(labels);
        let labels = labels.map(|(cell, label)| (cell.to_owned(), label.to_owned())).collect();
        CodedColumn { labels, ..CodedColumn::new(column) }
    };
    let reward = headers.find(&["reward"]);
    let observations = |place: CodedColumn, outcome: CodedColumn| {
        BTreeMap::from([("place".to_owned(), Some(place)), ("outcome".to_owned(), Some(outcome))])
    };
    vec![
        StepColumns {
            actions: one("choice", from_one(headers.find(&["level1_choice"]))),
            observations: observations(
                options(["red", "red", "blue", "blue"]),
                both(reward.clone(), ["none", "none"]),
            ),
        },
        StepColumns {
            actions: one("choice", options(["left", "right", "left", "right"])),
            observations: observations(options(["option"; 4]), both(reward, ["loss", "win"])),
        },
    ]
}
