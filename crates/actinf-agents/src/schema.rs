//! What a model expects a table of behaviour to contain.

use serde::{Deserialize, Serialize};

/// Whether a row's observation comes before or after its action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowOrder {
    /// The row's observation precedes its action, as in pymdp and SPM.
    ObserveThenAct,
    /// The row's observation follows its action, as in tables of choices and outcomes.
    ActThenObserve,
}

/// A categorical variable and its labels: a control with its actions or a modality with its outcomes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Variable {
    /// The name in the model file.
    pub name: String,
    /// The labels, in the order of their indices.
    pub labels: Vec<String>,
}

/// When a response beside the action is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Moment {
    /// At every step.
    Step,
    /// At the last step of every trial.
    TrialEnd,
    /// At the last step of every session.
    SessionEnd,
}

/// A numeric response beside the action, such as a rating.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResponseVariable {
    /// The name in the model file.
    pub name: String,
    /// When it is given.
    pub moment: Moment,
}

/// The variables of a table of behaviour as a model names them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schema {
    /// What the subject does, one variable per control.
    pub controls: Vec<Variable>,
    /// What the subject sees, one variable per modality.
    pub modalities: Vec<Variable>,
    /// What else the subject reports.
    pub responses: Vec<ResponseVariable>,
    /// The order of observation and action within a row.
    pub row_order: RowOrder,
}

impl Schema {
    /// The number of joint actions: the product over controls of their numbers of actions.
    pub fn joint_actions(&self) -> usize {
        self.controls.iter().map(|control| control.labels.len()).product()
    }

    /// The index of a joint action; the first control varies slowest. `None` if any action is missing.
    ///
    /// # Example
    ///
    /// ```
    /// use actinf_agents::{RowOrder, Schema, Variable};
    /// let hand = Variable { name: "hand".into(), labels: vec!["left".into(), "right".into()] };
    /// let foot = Variable { name: "foot".into(), labels: vec!["a".into(), "b".into(), "c".into()] };
    /// let schema = Schema {
    ///     controls: vec![hand, foot],
    ///     modalities: vec![],
    ///     responses: vec![],
    ///     row_order: RowOrder::ActThenObserve,
    /// };
    /// assert_eq!(schema.joint_action(&[Some(1), Some(2)]), Some(5));
    /// assert_eq!(schema.joint_action(&[Some(1), None]), None);
    /// assert_eq!(schema.joint_action_label(5), "right+c");
    /// ```
    pub fn joint_action(&self, actions: &[Option<usize>]) -> Option<usize> {
        self.controls
            .iter()
            .zip(actions)
            .try_fold(0, |index, (control, action)| Some(index * control.labels.len() + (*action)?))
    }

    /// The actions of all controls in joint action `index`.
    pub fn actions_of(&self, mut index: usize) -> Vec<usize> {
        let mut actions = vec![0; self.controls.len()];
        for (control, action) in self.controls.iter().zip(&mut actions).rev() {
            *action = index % control.labels.len();
            index /= control.labels.len();
        }
        actions
    }

    /// The labels of joint action `index`, joined by `+`.
    pub fn joint_action_label(&self, index: usize) -> String {
        let labels: Vec<&str> = self
            .controls
            .iter()
            .zip(self.actions_of(index))
            .map(|(control, action)| control.labels[action].as_str())
            .collect();
        labels.join("+")
    }
}
