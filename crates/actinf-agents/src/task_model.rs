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
    /// How its transitions are learned, if they are.
    pub transition_learning: Option<Learning>,
    /// How its initial prior is learned, if it is.
    pub prior_learning: Option<Learning>,
}

/// Where Dirichlet counts start.
#[derive(Clone, Debug, PartialEq)]
pub enum Counts {
    /// At this number times the table itself, so that every column sums to it. In counts.
    Scaled(Expression),
    /// At one number per cell, column by column as the table's own cells. In counts. The table's own cells hold until
    /// the first update, which replaces them all.
    Explicit(Vec<Vec<Expression>>),
}

/// How a table (A, B, D or E) is learned: `a ← a + η · increment`, with forgetting `a ← a + ω (a_0 - a)` before it.
#[derive(Clone, Debug, PartialEq)]
pub struct Learning {
    /// Where counts start: `a_0`.
    pub counts: Counts,
    /// The learning rate `η` that multiplies each increment; 0 keeps the counts as they are.
    pub learning_rate: Expression,
    /// One learning rate per outcome, which then take the place of `learning_rate`; for likelihoods only, empty otherwise.
    pub outcome_rates: Vec<Expression>,
    /// The forgetting rate `ω`, between 0 and 1: the share of what was learned that is lost with each update.
    pub forgetting_rate: Expression,
}

/// When counts are updated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LearningTime {
    /// After every step.
    Step,
    /// At the end of every trial, from all its steps.
    TrialEnd,
    /// At the end of every session, from all its steps.
    SessionEnd,
}

/// Which beliefs counts are updated with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LearningBeliefs {
    /// What was believed when the outcome was seen.
    Filtered,
    /// What is believed in hindsight, given everything seen in the trial; for updates at the end of trials or sessions.
    Smoothed,
    /// As pymdp does at every step with schemes that smooth: all steps of the trial so far (of the window, where the scheme
    /// has one) are counted again, with what is now believed of them in hindsight, so that the first of T steps counts T
    /// times. For updates at every step, and
    /// for nothing but parity.
    SmoothedRecount,
}

/// What all learning of a model shares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LearningSettings {
    /// When counts are updated.
    pub time: LearningTime,
    /// Which beliefs they are updated with.
    pub beliefs: LearningBeliefs,
    /// Whether learned counts are carried over to the next session.
    pub carry: bool,
}

/// The preferences `C` over the outcomes of a modality.
#[derive(Clone, Debug, PartialEq)]
pub struct Preferences {
    /// How the cells become log preferences.
    pub form: PreferenceForm,
    /// One expression per outcome, for every step ahead; a single list holds for all of them. Under
    /// [`InferenceScheme::TrialMessagePassing`] the steps are those of the trial, the first of them the trial's first.
    pub steps: Vec<Vec<Expression>>,
    /// How they are learned, if they are (only under [`InferenceScheme::TrialMessagePassing`]): the cells are then Dirichlet
    /// counts and `ln C = ln softmax(ψ(c) - ψ(Σ c))`, whatever the form.
    pub learning: Option<Learning>,
}

impl Preferences {
    /// Whether no parameter takes part in them.
    pub(crate) fn is_settled(&self) -> bool {
        self.steps.iter().flatten().all(|cell| cell.as_constant().is_some())
    }
}

/// How the cells of preferences become log preferences.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PreferenceForm {
    /// `ln C = ln softmax(cells)`, a log-probability.
    LogSoftmax,
    /// `ln C = cells`: utilities in nats, as in pymdp.
    Utilities,
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
    /// The preferences `C`.
    pub preferences: Preferences,
    /// Whether information about states from this modality counts in the expected free energy.
    pub information_gain: bool,
    /// How its likelihood is learned, if it is.
    pub learning: Option<Learning>,
}

/// The generative process: the task as it is. It shares the model's controls and outcomes, not its states.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Process {
    /// The true hidden-state factors.
    pub factors: Vec<Factor>,
    /// How true states generate the outcomes of each modality, in the order of the schema.
    pub likelihoods: Vec<ProcessLikelihood>,
    /// The states that end a trial once they are reached and seen.
    pub ends: Vec<TrialEnd>,
    /// Changes of the task within a session, such as a reversal, in the order of their trials.
    pub changes: Vec<ProcessChange>,
}

/// From some trial of a session on, trials start in other states.
#[derive(Clone, Debug, PartialEq)]
pub struct ProcessChange {
    /// The first trial, counted from 0, that it holds for.
    pub from_trial: usize,
    /// The factor of the process.
    pub factor: usize,
    /// The distribution of its state at the start of a trial.
    pub prior: Distribution,
}

/// States of one factor of the process that end a trial.
#[derive(Clone, Debug, PartialEq)]
pub struct TrialEnd {
    /// The factor of the process.
    pub factor: usize,
    /// Whether a state ends the trial, by state.
    pub states: Vec<bool>,
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
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum InferenceScheme {
    /// Exact filtering on the joint state of all factors.
    Exact,
    /// Mean field: coordinate ascent on one marginal per factor, a fixed number of sweeps.
    FixedPointIteration {
        /// The number of sweeps over all factors.
        sweeps: usize,
        /// In which order factors are updated.
        schedule: Schedule,
    },
    /// Marginal message passing over a window of past steps (pymdp's `mmp`).
    MarginalMessagePassing {
        /// The number of sweeps over all factors and steps.
        sweeps: usize,
        /// The number of steps in the window, the present one included; the whole trial if there is none.
        window: Option<usize>,
    },
    /// Variational message passing over a window of past steps (pymdp's `vmp`).
    VariationalMessagePassing {
        /// The number of sweeps over all factors and steps.
        sweeps: usize,
        /// The number of steps in the window, the present one included; the whole trial if there is none.
        window: Option<usize>,
    },
    /// Marginal message passing over all steps of the trial, past and to come, for every policy (SPM's `spm_MDP_VB_X`); see
    /// [`crate::trial_message_passing`].
    TrialMessagePassing(TrialMessagePassing),
}

/// The settings of [`InferenceScheme::TrialMessagePassing`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TrialMessagePassing {
    /// What a policy prescribes.
    pub policies: PolicyExtent,
    /// The number of sweeps over all steps and factors, for each policy; SPM's `Ni`.
    pub sweeps: usize,
    /// The time constant `τ` of the descent, at least 1; SPM's `tau`.
    pub time_constant: f64,
    /// How far beliefs fall back towards uniform before each new observation: `x ← softmax(ln x / reset)`, at least 1; SPM's
    /// `erp`.
    pub reset: f64,
    /// A policy is dropped for the rest of the trial once its log-probability is this far below the best one's, in nats; SPM's
    /// `zeta`. `None`: never.
    pub pruning: Option<f64>,
    /// The number of updates of the policy precision at each step; 0 leaves it as the model gives it.
    pub precision_sweeps: usize,
    /// The weight of the information gain about the initial priors D that are learned.
    pub initial_state_information_gain: f64,
}

impl Default for TrialMessagePassing {
    /// SPM's defaults.
    fn default() -> Self {
        TrialMessagePassing {
            policies: PolicyExtent::WholeTrial,
            sweeps: 16,
            time_constant: 4.0,
            reset: 4.0,
            pruning: Some(3.0),
            precision_sweeps: 16,
            initial_state_information_gain: 1.0,
        }
    }
}

/// What a policy prescribes under [`InferenceScheme::TrialMessagePassing`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PolicyExtent {
    /// The actions of the whole trial, whose steps are as many as the actions and one more; SPM's `V`.
    WholeTrial,
    /// The next action, after the ones that were really taken; SPM's `U`. Neither precision nor the set of policies changes
    /// during a trial.
    NextStep,
}

/// The order of the updates within a sweep of fixed-point iteration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schedule {
    /// One factor after the other, starting from the prediction: every update lowers the free energy.
    Sequential,
    /// All factors at once, starting from uniform marginals, as in pymdp; may oscillate.
    Parallel,
}

/// What is done about logarithms of 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numerics {
    /// Nothing: what is impossible stays impossible, and takes part in no sum.
    Exact,
    /// Probabilities below 2^-52 count as 2^-52 in every logarithm and in learned tables, as in pymdp.
    Pymdp,
    /// As in SPM, for [`InferenceScheme::TrialMessagePassing`] only; see [`crate::trial_message_passing`].
    Spm,
}

/// The weights of the terms of the expected free energy.
#[derive(Clone, Debug, PartialEq)]
pub struct TermWeights {
    /// The weight of utility.
    pub utility: Expression,
    /// The weight of the information gain about states.
    pub state_information_gain: Expression,
    /// The weight of the information gain about the likelihood A (novelty).
    pub likelihood_information_gain: Expression,
    /// The weight of the information gain about the transitions B (novelty).
    pub transition_information_gain: Expression,
    /// The weight of the inductive value.
    pub inductive_value: Expression,
}

/// Goals that are planned for backwards: inductive inference.
#[derive(Clone, Debug, PartialEq)]
pub struct Induction {
    /// Per factor, which states are goals; `None` for a factor without goals.
    pub goals: Vec<Option<Vec<bool>>>,
    /// How many sets of states are worked out: the goals, the states one step before them, and so on.
    pub depth: usize,
    /// A transition counts as possible if its probability is above this.
    pub threshold: f64,
    /// States from which the goal is out of reach cost the logarithm of this, in nats.
    pub epsilon: f64,
}

/// Planning as a tree of actions and outcomes: sophisticated inference. It replaces the evaluation of policies, which must
/// be single actions.
#[derive(Clone, Debug, PartialEq)]
pub struct Sophistication {
    /// The number of steps looked ahead.
    pub horizon: usize,
    /// Actions whose probability is not above this are not followed further; 0 follows all.
    pub action_threshold: f64,
    /// Outcomes whose probability is not above this are not followed further; 0 follows all.
    pub outcome_threshold: f64,
    /// The expected free energy of an action that is not followed, in nats.
    pub penalty: f64,
    /// The tree grows no deeper once the entropy of the actions at its root is not above this, in nats; it always grows
    /// to the horizon if this is negative.
    pub entropy_stop: f64,
}

/// Planning by imagined futures that grow a tree of actions and outcomes: Monte Carlo tree search. It replaces the evaluation of
/// policies, which must be single actions.
#[derive(Clone, Debug, PartialEq)]
pub struct MonteCarloTreeSearch {
    /// The number of steps looked ahead.
    pub horizon: usize,
    /// The number of imagined futures, at least as many as there are actions.
    pub simulations: usize,
    /// How much actions that were tried less are favoured, in nats: `c` in `G - c √(ln N / n)`.
    pub exploration: f64,
    /// Where the stream of random numbers of every plan starts.
    pub seed: u64,
}

/// Which policies are considered and how they are valued.
#[derive(Clone, Debug, PartialEq)]
pub struct Planning {
    /// The number of steps every policy looks ahead.
    pub horizon: usize,
    /// The policies: sequences of `horizon` joint actions (see [`Schema::joint_action`]), without repetition.
    pub policies: Vec<Vec<usize>>,
    /// The weights of the terms of the expected free energy.
    pub weights: TermWeights,
    /// Goals that are planned for backwards, if any.
    pub induction: Option<Induction>,
    /// Planning by a tree instead of policies, if asked for.
    pub sophistication: Option<Sophistication>,
    /// Planning by imagined futures instead of policies, if asked for; not beside a tree.
    pub monte_carlo_tree_search: Option<MonteCarloTreeSearch>,
}

impl Planning {
    /// How many steps planning looks ahead.
    pub fn steps_ahead(&self) -> usize {
        let sophisticated = self.sophistication.as_ref().map(|sophistication| sophistication.horizon);
        let searched = self.monte_carlo_tree_search.as_ref().map(|search| search.horizon);
        sophisticated.or(searched).unwrap_or(self.horizon)
    }
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
    /// The habits `E`, one cell per policy.
    pub habits: Distribution,
    /// How habits are learned, if they are.
    pub habit_learning: Option<Learning>,
    /// How an action follows from the policy posterior.
    pub selection: ActionSelection,
    /// The transition used where the action is missing.
    pub missing_action: MissingAction,
}

/// The distribution of a response beside the action. Its expressions see the parameters' values followed by the
/// marginal beliefs of all factors, state by state, at the moment of the response, and by [`crate::response::PLAN`].
#[derive(Clone, Debug, PartialEq)]
pub enum ResponseDistribution {
    /// `y ~ Normal(mean, standard_deviation²)`.
    Normal {
        /// The mean.
        mean: Expression,
        /// The standard deviation.
        standard_deviation: Expression,
    },
    /// `y ~ Beta(mean · precision, (1 - mean) · precision)`, for ratings between 0 and 1.
    Beta {
        /// The mean, between 0 and 1.
        mean: Expression,
        /// The precision, above 0: the variance is `mean (1 - mean) / (1 + precision)`.
        precision: Expression,
        /// The `n` by which values are squeezed away from 0 and 1, above 1; see [`crate::response`].
        squeeze: Option<f64>,
    },
    /// `ln(y - shift) ~ Normal(location, scale²)`, for reaction times.
    LogNormal {
        /// The mean of the logarithm.
        location: Expression,
        /// The standard deviation of the logarithm.
        scale: Expression,
        /// The part that does not vary, in the unit of the values: the non-decision time of reaction times.
        shift: Expression,
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
    /// What all learning shares.
    pub learning: LearningSettings,
    /// What is done about logarithms of 0.
    pub numerics: Numerics,
    /// The responses beside the action, in the order of the schema.
    pub responses: Vec<Response>,
}
