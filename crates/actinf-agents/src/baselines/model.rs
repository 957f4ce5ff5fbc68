//! A baseline as a model file states it, complete and checked.

use super::beliefs::BeliefKind;
use super::choice_kernel;
use super::kind::BaselineKind;
use super::rule::{Range, Trace};
use crate::expression::Expression;
use crate::parameter::Parameter;
use crate::schema::Schema;
use crate::task_model::{Process, Response};
use crate::trajectory::Quantity;

/// What a setting of a rule is at given parameter values.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SettingCell {
    /// Its name, for messages.
    pub(crate) name: &'static str,
    pub(crate) range: Range,
    /// One expression of the parameters, several for a simplex.
    pub(crate) cells: Vec<Expression>,
}

/// A baseline with its task.
#[derive(Clone, Debug, PartialEq)]
pub struct BaselineModel {
    /// The name of the model.
    pub name: String,
    /// One paragraph on what it is.
    pub description: String,
    /// Where it was published; empty where it was not.
    pub citation: String,
    /// Which baseline it is.
    pub kind: BaselineKind,
    /// What exploration is guided by; of no meaning for other kinds.
    pub beliefs: BeliefKind,
    /// The free parameters.
    pub parameters: Vec<Parameter>,
    /// The variables of the data.
    pub schema: Schema,
    pub(crate) settings: Vec<SettingCell>,
    /// Per modality, what each outcome is worth; `None` where outcomes are worth nothing.
    pub outcome_values: Vec<Option<Vec<Expression>>>,
    /// `ln` habits per joint action, up to a constant.
    pub habits: Vec<Expression>,
    /// Whether what was learned is carried to the next session.
    pub carry: bool,
    /// The task as it is, without which nothing can be simulated.
    pub process: Option<Process>,
    /// The responses beside the action, in the order of the schema.
    pub responses: Vec<Response>,
}

impl BaselineModel {
    /// What its trajectories record of every action. Choice traces that count for nothing are left out.
    pub(super) fn traces(&self) -> &'static [Trace] {
        let traces = self.kind.traces();
        let is_nothing = |setting: &SettingCell| {
            setting.name == "perseveration" && setting.cells[0].as_constant() == Some(0.0)
        };
        match traces {
            [others @ .., choice_kernel::TRACE] if self.settings.iter().any(is_nothing) => others,
            _ => traces,
        }
    }

    /// What its trajectories record: traces of every action, entropy of the choice, prediction error. All are what held when
    /// the action was chosen, except for the prediction error, which belongs to the row's own outcome.
    pub(crate) fn quantities(&self) -> Vec<Quantity> {
        let quantity = |family: &str, label: String, unit: &str| Quantity {
            family: family.to_owned(),
            label,
            unit: unit.to_owned(),
        };
        let actions = 0..self.schema.joint_actions();
        let label = |action| self.schema.joint_action_label(action);
        let of_actions = self.traces().iter().flat_map(|trace| {
            actions.clone().map(|action| quantity(trace.family, label(action), trace.unit))
        });
        let mut quantities: Vec<Quantity> = of_actions.collect();
        quantities.push(quantity("action", "entropy".into(), "nats"));
        if self.kind.expects_outcomes() {
            quantities.push(quantity("prediction_error", "outcome".into(), "value"));
        }
        quantities
    }
}
