//! Pieces of task models that are too large to be written down cell by cell.

use actinf_agents::task_model::{
    ActionSelection, Choice, Distribution, Factor, Form, InferenceScheme, LearningBeliefs, LearningSettings,
    LearningTime, MissingAction, Modality, Numerics, Planning, PreferenceForm, Preferences, Process,
    ProcessLikelihood, TermWeights,
};
use actinf_agents::{Expression, ExpressionError, Parameter, RowOrder, Schema, Support, TaskModel, Variable};

/// The columns of a fixed arbitrary table: weights `0.05 + x / 2^31` of the sequence `x ← (1103515245 x + 12345) mod
/// 2^31`, divided by their sum column by column. peers/pymdp_models.py draws the same numbers.
pub(super) fn drawn_columns(seed: u64, columns: usize, outcomes: usize) -> Vec<Vec<f64>> {
    const MODULUS: u64 = 1 << 31;
    let mut x = seed;
    let mut weight = || {
        x = (1_103_515_245 * x + 12_345) % MODULUS;
        0.05 + x as f64 / MODULUS as f64
    };
    let mut column = || {
        let weights: Vec<f64> = (0..outcomes).map(|_| weight()).collect();
        let sum: f64 = weights.iter().sum();
        weights.iter().map(|weight| weight / sum).collect()
    };
    (0..columns).map(|_| column()).collect()
}

/// A distribution whose cells are expressions of the parameters.
pub(super) fn distribution(
    cells: impl IntoIterator<Item = String>,
    parameters: &[Parameter],
) -> Result<Distribution, ExpressionError> {
    let names: Vec<&str> = parameters.iter().map(|parameter| parameter.name.as_str()).collect();
    let cells = cells.into_iter().map(|cell| Expression::parse(&cell, &names)).collect::<Result<_, _>>()?;
    Ok(Distribution { form: Form::Probabilities, cells })
}

pub(super) fn parameter(name: &str, support: Support, default: f64) -> Parameter {
    Parameter {
        name: name.into(),
        symbol: name.into(),
        meaning: String::new(),
        support,
        default: vec![default],
    }
}

pub(super) fn labels(prefix: &str, count: usize) -> Vec<String> {
    (0..count).map(|k| format!("{prefix}{k}")).collect()
}

/// The utilities of a modality's outcomes at every step ahead.
pub(super) fn utilities(cells: &[&str], parameters: &[Parameter]) -> Result<Preferences, ExpressionError> {
    let cells = distribution(cells.iter().map(|cell| cell.to_string()), parameters)?.cells;
    Ok(Preferences { form: PreferenceForm::Utilities, steps: vec![cells], learning: None })
}

/// All sequences of `horizon` joint actions, the last one fastest.
pub(super) fn all_policies(joint_actions: usize, horizon: usize) -> Vec<Vec<usize>> {
    let policy = |index: usize| {
        let digit = |step: usize| index / joint_actions.pow(step as u32) % joint_actions;
        (0..horizon).rev().map(digit).collect()
    };
    (0..joint_actions.pow(horizon as u32)).map(policy).collect()
}

/// A model of these factors and modalities that considers all policies, and whose habit is that of the first action.
/// Its first three parameters are the policy precision, a preference and the logit of the habit.
pub(super) fn task(
    name: &str,
    parameters: Vec<Parameter>,
    controls: Vec<Variable>,
    (factors, modalities): (Vec<Factor>, Vec<Modality>),
    horizon: usize,
) -> Result<TaskModel, ExpressionError> {
    let schema = Schema {
        controls,
        modalities: modalities
            .iter()
            .map(|modality| Variable { name: modality.name.clone(), labels: modality.outcomes.clone() })
            .collect(),
        responses: Vec::new(),
        row_order: RowOrder::ObserveThenAct,
    };
    let policies = all_policies(schema.joint_actions(), horizon);
    let habit = |policy: &Vec<usize>| if policy[0] == 0 { parameters[2].name.clone() } else { "0".into() };
    let habits = distribution(policies.iter().map(habit), &parameters)?.cells;
    let precision = distribution([parameters[0].name.clone()], &parameters)?.cells.remove(0);
    let likelihood =
        |m: &Modality| ProcessLikelihood { parents: m.parents.clone(), columns: m.likelihood.clone() };
    Ok(TaskModel {
        name: name.into(),
        description: String::new(),
        citation: String::new(),
        process: Process {
            factors: factors.clone(),
            likelihoods: modalities.iter().map(likelihood).collect(),
            ..Process::default()
        },
        parameters,
        schema,
        factors,
        modalities,
        inference: InferenceScheme::Exact,
        planning: planning(horizon, policies),
        choice: choice(precision, habits),
        learning: LearningSettings {
            time: LearningTime::Step,
            beliefs: LearningBeliefs::Filtered,
            carry: false,
        },
        numerics: Numerics::Exact,
        responses: Vec::new(),
    })
}

fn planning(horizon: usize, policies: Vec<Vec<usize>>) -> Planning {
    let weight = Expression::constant;
    Planning {
        horizon,
        policies,
        weights: TermWeights {
            utility: weight(1.0),
            state_information_gain: weight(1.0),
            likelihood_information_gain: weight(0.0),
            transition_information_gain: weight(0.0),
            inductive_value: weight(0.0),
        },
        induction: None,
        sophistication: None,
        monte_carlo_tree_search: None,
    }
}

fn choice(policy_precision: Expression, habits: Vec<Expression>) -> Choice {
    Choice {
        policy_precision,
        action_precision: Expression::constant(1.0),
        lapse: Expression::constant(0.0),
        habits: Distribution { form: Form::Softmax, cells: habits },
        habit_learning: None,
        selection: ActionSelection::Policy,
        missing_action: MissingAction::Stay,
    }
}
