//! A task model: the task as it is and as the agent believes it, with named free parameters.
//!
//! Every numeric cell is an [`Expression`] of the parameters; the tables of numbers that an agent works with are
//! made from it, at given parameter values, by [`crate::generative_model`]. Model files are read into this type
//! by [`crate::model_file`], which checks it; everything else may rely on its shapes.
//!
//! Configurations of several variables are numbered row-major: the last variable varies fastest.

use crate::expression::Expression;
use crate::parameter::Parameter;
use crate::schema::{ResponseVariable, Schema};

/// How the cells of a column become a probability distribution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// The cells are the probabilities; the model file was checked to give a sum of 1.
    Probabilities,
    /// The cells are non-negative weights, divided by their sum.
    Normalised,
    /// The cells are logits: `p_i = exp(x_i) / Σ_j exp(x_j)`.
    Softmax,
}

/// A probability distribution with one cell per outcome or state.
#[derive(Clone, Debug, PartialEq)]
pub struct Distribution {
    /// How the cells become probabilities.
    pub form: Form,
    /// One expression of the parameters per outcome or state.
    pub cells: Vec<Expression>,
}

/// How a factor moves from one step to the next: `B`.
#[derive(Clone, Debug, PartialEq)]
pub struct Transitions {
    /// The factors whose previous states it depends on; may be empty.
    pub parents: Vec<usize>,
    /// The controls it depends on; empty for an uncontrolled factor.
    pub controls: Vec<usize>,
    /// One distribution over next states per configuration of (controls, parents), controls slowest.
    pub columns: Vec<Distribution>,
}

/// One hidden-state factor.
#[derive(Clone, Debug, PartialEq)]
pub struct Factor {
    /// The name in the model file.
    pub name: String,
    /// The labels of its states.
    pub states: Vec<String>,
    /// The initial prior `D`.
    pub prior: Distribution,
    /// The transitions `B`.
    pub transitions: Transitions,
}

/// How the likelihood of one modality is learned at each step: `a ← a + η · o ⊗ q(parents)`.
#[derive(Clone, Debug, PartialEq)]
pub struct LikelihoodLearning {
    /// The sum of the initial Dirichlet counts of each column: counts start at this times `A`. In counts.
    pub prior_count: Expression,
    /// The learning rate `η` that multiplies each increment.
    pub learning_rate: Expression,
}

/// One outcome modality.
#[derive(Clone, Debug, PartialEq)]
pub struct Modality {
    /// The name in the model file.
    pub name: String,
    /// The labels of its outcomes.
    pub outcomes: Vec<String>,
    /// The factors it depends on; may be empty.
    pub parents: Vec<usize>,
    /// The likelihood `A`: one distribution over outcomes per configuration of the parents.
    pub likelihood: Vec<Distribution>,
    /// The logits of the preferences: `ln C = ln softmax(logits)`, one per outcome.
    pub preferences: Vec<Expression>,
    /// Whether information about states from this modality counts in the expected free energy.
    pub information_gain: bool,
    /// How its likelihood is learned, if it is.
    pub learning: Option<LikelihoodLearning>,
}

/// The generative process: the task as it is. It shares the model's controls and outcomes, not its states.
#[derive(Clone, Debug, PartialEq)]
pub struct Process {
    /// The true hidden-state factors.
    pub factors: Vec<Factor>,
    /// How true states generate the outcomes of each modality, in the order of the schema.
    pub likelihoods: Vec<ProcessLikelihood>,
}

/// How true states generate the outcomes of one modality.
#[derive(Clone, Debug, PartialEq)]
pub struct ProcessLikelihood {
    /// The factors of the process it depends on; may be empty.
    pub parents: Vec<usize>,
    /// One distribution over outcomes per configuration of the parents.
    pub columns: Vec<Distribution>,
}

/// How hidden states are inferred.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InferenceScheme {
    /// Exact filtering on the joint state of all factors.
    Exact,
    /// Mean field: coordinate ascent on one marginal per factor, a fixed number of sweeps.
    FixedPointIteration {
        /// The number of sweeps over all factors.
        sweeps: usize,
    },
}

/// Which policies are considered and how they are valued.
#[derive(Clone, Debug, PartialEq)]
pub struct Planning {
    /// The number of steps every policy looks ahead.
    pub horizon: usize,
    /// The policies: sequences of `horizon` joint actions (see [`Schema::joint_action`]), without repetition.
    pub policies: Vec<Vec<usize>>,
    /// The weight of utility in the expected free energy.
    pub utility_weight: Expression,
    /// The weight of state information gain in the expected free energy.
    pub state_information_gain_weight: Expression,
}

/// How an action follows from the policy posterior.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActionSelection {
    /// A policy is drawn from `softmax(α ln q(π))` and its first joint action taken.
    Policy,
    /// A joint action is drawn from `softmax(α ln q(u))`, with `q(u)` the sum of `q(π)` over policies that start with `u`.
    JointAction,
    /// Each control draws its action on its own from `softmax(α ln q(u_c))`, with `q(u_c)` its marginal.
    Marginal,
}

/// What beliefs assume was done at a step whose action is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MissingAction {
    /// Controlled factors stay where they were.
    Stay,
    /// Beliefs move with every joint action, weighted by the agent's own probability of it.
    Average,
}

/// How actions are chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// The policy precision `γ`.
    pub policy_precision: Expression,
    /// The action precision `α`.
    pub action_precision: Expression,
    /// The lapse rate `λ`: `p ← (1 - λ) p + λ / number of joint actions`.
    pub lapse: Expression,
    /// The logits of the habits, one per policy: `ln E = ln softmax(logits)`.
    pub habits: Vec<Expression>,
    /// How an action follows from the policy posterior.
    pub selection: ActionSelection,
    /// The transition used where the action is missing.
    pub missing_action: MissingAction,
}

/// The distribution of a response beside the action. Its expressions see the parameters' values followed by the
/// marginal beliefs of all factors, state by state, at the moment of the response.
#[derive(Clone, Debug, PartialEq)]
pub enum ResponseDistribution {
    /// `y ~ Normal(mean, standard_deviation²)`.
    Normal {
        /// The mean.
        mean: Expression,
        /// The standard deviation.
        standard_deviation: Expression,
    },
}

/// A response beside the action.
#[derive(Clone, Debug, PartialEq)]
pub struct Response {
    /// Its name and moment.
    pub variable: ResponseVariable,
    /// Its distribution given the beliefs.
    pub distribution: ResponseDistribution,
}

/// A task model, complete and checked.
#[derive(Clone, Debug, PartialEq)]
pub struct TaskModel {
    /// The name of the model.
    pub name: String,
    /// One paragraph on what it is.
    pub description: String,
    /// Where the task or model was published; empty where it was not.
    pub citation: String,
    /// The free parameters.
    pub parameters: Vec<Parameter>,
    /// The variables of the data.
    pub schema: Schema,
    /// The hidden-state factors.
    pub factors: Vec<Factor>,
    /// The outcome modalities, in the order of the schema.
    pub modalities: Vec<Modality>,
    /// The task as it is.
    pub process: Process,
    /// How states are inferred.
    pub inference: InferenceScheme,
    /// How policies are valued.
    pub planning: Planning,
    /// How actions are chosen.
    pub choice: Choice,
    /// Whether learned counts are carried over to the next session.
    pub carry_learning: bool,
    /// The responses beside the action, in the order of the schema.
    pub responses: Vec<Response>,
}
