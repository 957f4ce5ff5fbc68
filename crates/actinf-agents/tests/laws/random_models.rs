//! Random task models and random behaviour to try laws on.

use actinf_agents::task_model::{
    ActionSelection, Choice, Counts, Distribution, Factor, Form, InferenceScheme, Learning, LearningBeliefs,
    LearningSettings, LearningTime, MissingAction, Modality, Numerics, Planning, PreferenceForm, Preferences,
    Process, ProcessLikelihood, Response, ResponseDistribution, TermWeights, Transitions,
};
use actinf_agents::{
    Expression, Moment, Observation, Parameter, ResponseVariable, RowOrder, Schema, Session, Step, Subject,
    Support, TaskModel, Trial, Variable,
};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

/// The parameters every random model has, with a value inside the support of each.
pub(crate) const PARAMETERS: [(&str, Support, f64); 10] = [
    ("policy_precision", Support::Positive, 1.3),
    ("preference", Support::Real, 0.8),
    ("habit", Support::Real, -0.4),
    ("reliability", Support::Unit, 0.7),
    ("prior_count", Support::Positive, 2.0),
    ("learning_rate", Support::Positive, 0.6),
    ("action_precision", Support::Positive, 0.8),
    ("lapse", Support::Unit, 0.05),
    ("rating_sd", Support::Positive, 0.5),
    ("forgetting_rate", Support::Unit, 0.2),
];

pub(crate) fn values() -> Vec<f64> {
    PARAMETERS.iter().map(|(_, _, value)| *value).collect()
}

/// What a random model looks like.
#[derive(Clone, Debug)]
pub(crate) struct Shape {
    pub(crate) factors: Vec<usize>,
    /// Per modality the outcomes and the factors it depends on.
    pub(crate) modalities: Vec<(usize, Vec<usize>)>,
    pub(crate) controls: Vec<usize>,
    /// Whether factor f also depends on the past of factor f - 1.
    pub(crate) crossed: bool,
    pub(crate) horizon: usize,
    pub(crate) scheme: InferenceScheme,
    pub(crate) order: RowOrder,
    pub(crate) selection: ActionSelection,
    /// Whether likelihoods are learned.
    pub(crate) learns: bool,
    /// Whether transitions, priors and habits are learned as well.
    pub(crate) learns_all: bool,
    pub(crate) learning: LearningSettings,
}

impl Shape {
    fn learns_more(&self) -> bool {
        self.learns && self.learns_all
    }

    pub(crate) fn small(rng: &mut ChaCha8Rng) -> Shape {
        let factors: Vec<usize> = (0..rng.random_range(1..=3)).map(|_| rng.random_range(2..=3)).collect();
        let modality = |rng: &mut ChaCha8Rng| {
            let parents: Vec<usize> = (0..factors.len()).filter(|_| rng.random_bool(0.7)).collect();
            (rng.random_range(2..=3), parents)
        };
        let modalities = (0..rng.random_range(1..=2)).map(|_| modality(rng)).collect();
        let selections = [ActionSelection::Policy, ActionSelection::JointAction, ActionSelection::Marginal];
        Shape {
            modalities,
            controls: (0..rng.random_range(1..=2)).map(|_| rng.random_range(2..=3)).collect(),
            crossed: rng.random_bool(0.5),
            horizon: rng.random_range(1..=2),
            scheme: InferenceScheme::Exact,
            order: if rng.random_bool(0.5) { RowOrder::ActThenObserve } else { RowOrder::ObserveThenAct },
            selection: selections[rng.random_range(0..3)],
            learns: rng.random_bool(0.7),
            learns_all: rng.random_bool(0.7),
            learning: learning_settings(rng),
            factors,
        }
    }
}

fn learning_settings(rng: &mut ChaCha8Rng) -> LearningSettings {
    let time = [LearningTime::Step, LearningTime::TrialEnd, LearningTime::SessionEnd][rng.random_range(0..3)];
    let beliefs = match (time, rng.random_bool(0.5)) {
        (LearningTime::Step, _) | (_, false) => LearningBeliefs::Filtered,
        (_, true) => LearningBeliefs::Smoothed,
    };
    LearningSettings { time, beliefs, carry: rng.random_bool(0.5) }
}

/// Counts in proportion to the table.
fn learning() -> Learning {
    Learning {
        counts: Counts::Scaled(cell("prior_count")),
        learning_rate: cell("learning_rate"),
        outcome_rates: vec![],
        forgetting_rate: cell("forgetting_rate"),
    }
}

/// Counts given cell by cell, the first of them in terms of a parameter.
fn explicit_learning(size: usize) -> Learning {
    let count = |k: usize| if k == 0 { cell("prior_count") } else { Expression::constant(k as f64) };
    Learning { counts: Counts::Explicit(vec![(0..size).map(count).collect()]), ..learning() }
}

pub(crate) fn cell(text: &str) -> Expression {
    let mut names: Vec<String> = PARAMETERS.iter().map(|(name, _, _)| name.to_string()).collect();
    names.push("first_belief".into());
    Expression::parse(text, &names).unwrap()
}

pub(crate) fn random_distribution(size: usize, rng: &mut ChaCha8Rng) -> Distribution {
    let weights: Vec<f64> = (0..size).map(|_| rng.random_range(0.05..1.0)).collect();
    let sum: f64 = weights.iter().sum();
    let cells = weights.iter().map(|weight| Expression::constant(weight / sum)).collect();
    Distribution { form: Form::Probabilities, cells }
}

/// A column whose first cell is the parameter `reliability`, the others sharing the rest.
fn parametric_distribution(size: usize) -> Distribution {
    let rest = format!("(1 - reliability) / {}", size - 1);
    let cells = (0..size).map(|k| cell(if k == 0 { "reliability" } else { &rest })).collect();
    Distribution { form: Form::Probabilities, cells }
}

fn labels(prefix: &str, count: usize) -> Vec<String> {
    (0..count).map(|k| format!("{prefix}{k}")).collect()
}

fn factor(f: usize, shape: &Shape, rng: &mut ChaCha8Rng) -> Factor {
    let size = shape.factors[f];
    let parents = if shape.crossed && f > 0 { vec![f - 1, f] } else { vec![f] };
    let controls = if f < shape.controls.len() { vec![f] } else { vec![] };
    let columns = parents.iter().map(|&p| shape.factors[p]).product::<usize>()
        * controls.iter().map(|&c| shape.controls[c]).product::<usize>();
    Factor {
        name: format!("factor{f}"),
        states: labels("s", size),
        prior: random_distribution(size, rng),
        transitions: Transitions {
            parents,
            controls,
            columns: (0..columns).map(|_| random_distribution(size, rng)).collect(),
        },
        transition_learning: shape.learns_more().then(learning),
        prior_learning: shape
            .learns_more()
            .then(|| if f == 0 { explicit_learning(size) } else { learning() }),
    }
}

fn modality(m: usize, shape: &Shape, rng: &mut ChaCha8Rng) -> Modality {
    let (outcomes, parents) = shape.modalities[m].clone();
    let columns: usize = parents.iter().map(|&p| shape.factors[p]).product();
    let likelihood = (0..columns).map(|column| {
        if column == 0 { parametric_distribution(outcomes) } else { random_distribution(outcomes, rng) }
    });
    let preference = |k| if k == 0 { cell("preference") } else { Expression::constant(0.0) };
    Modality {
        name: format!("modality{m}"),
        outcomes: labels("o", outcomes),
        likelihood: likelihood.collect(),
        parents,
        preferences: Preferences {
            form: PreferenceForm::LogSoftmax,
            steps: vec![(0..outcomes).map(preference).collect()],
            learning: None,
        },
        information_gain: true,
        learning: shape.learns.then(learning),
    }
}

fn all_policies(joint_actions: usize, horizon: usize) -> Vec<Vec<usize>> {
    (0..horizon).fold(vec![vec![]], |policies, _| {
        let extend = |policy: Vec<usize>| (0..joint_actions).map(move |u| [policy.clone(), vec![u]].concat());
        policies.into_iter().flat_map(extend).collect()
    })
}

fn parameters() -> Vec<Parameter> {
    let parameter = |(name, support, value): &(&str, Support, f64)| Parameter {
        name: name.to_string(),
        symbol: name.to_string(),
        meaning: String::new(),
        support: *support,
        default: vec![*value],
    };
    PARAMETERS.iter().map(parameter).collect()
}

/// A random model of a shape, its numbers drawn from `rng`.
pub(crate) fn model(shape: &Shape, rng: &mut ChaCha8Rng) -> TaskModel {
    let factors: Vec<Factor> = (0..shape.factors.len()).map(|f| factor(f, shape, rng)).collect();
    let modalities: Vec<Modality> = (0..shape.modalities.len()).map(|m| modality(m, shape, rng)).collect();
    let rating = ResponseVariable { name: "rating".into(), moment: Moment::TrialEnd };
    let variable = |name: String, labels: &[String]| Variable { name, labels: labels.to_vec() };
    let schema = Schema {
        controls: (0..shape.controls.len())
            .map(|c| variable(format!("control{c}"), &labels("u", shape.controls[c])))
            .collect(),
        modalities: modalities.iter().map(|m| variable(m.name.clone(), &m.outcomes)).collect(),
        responses: vec![rating.clone()],
        row_order: shape.order,
    };
    let policies = all_policies(schema.joint_actions(), shape.horizon);
    let habits = (0..policies.len()).map(|k| if k == 0 { cell("habit") } else { Expression::constant(0.0) });
    TaskModel {
        name: "random".into(),
        description: String::new(),
        citation: String::new(),
        parameters: parameters(),
        process: Process {
            factors: factors.clone(),
            likelihoods: modalities
                .iter()
                .map(|m| ProcessLikelihood { parents: m.parents.clone(), columns: m.likelihood.clone() })
                .collect(),
            ends: vec![],
            changes: vec![],
        },
        factors,
        modalities,
        schema,
        inference: shape.scheme,
        choice: Choice {
            policy_precision: cell("policy_precision"),
            action_precision: cell("action_precision"),
            lapse: cell("lapse"),
            habits: Distribution { form: Form::Softmax, cells: habits.collect() },
            habit_learning: shape.learns_more().then(learning),
            selection: shape.selection,
            missing_action: MissingAction::Average,
        },
        planning: Planning {
            horizon: shape.horizon,
            policies,
            weights: TermWeights {
                utility: Expression::constant(1.0),
                state_information_gain: Expression::constant(1.0),
                likelihood_information_gain: Expression::constant(0.0),
                transition_information_gain: Expression::constant(0.0),
                inductive_value: Expression::constant(0.0),
            },
            induction: None,
            sophistication: None,
            monte_carlo_tree_search: None,
        },
        learning: shape.learning,
        numerics: Numerics::Exact,
        responses: vec![Response {
            variable: rating,
            distribution: ResponseDistribution::Normal {
                mean: cell("2 * first_belief - 1"),
                standard_deviation: cell("rating_sd"),
            },
        }],
    }
}

/// Random behaviour that fits the model's schema, some of it missing.
pub(crate) fn subject(model: &TaskModel, steps: usize, missing: f64, rng: &mut ChaCha8Rng) -> Subject {
    let index =
        |size: usize, rng: &mut ChaCha8Rng| (!rng.random_bool(missing)).then(|| rng.random_range(0..size));
    let trial = |label: &str, rng: &mut ChaCha8Rng| {
        let mut all: Vec<Step> = (0..steps)
            .map(|_| Step {
                row: 0,
                actions: model.schema.controls.iter().map(|c| index(c.labels.len(), rng)).collect(),
                observations: model
                    .schema
                    .modalities
                    .iter()
                    .map(|m| index(m.labels.len(), rng).map_or(Observation::Missing, Observation::Outcome))
                    .collect(),
                responses: vec![None],
            })
            .collect();
        all[steps - 1].responses[0] = Some(rng.random_range(-1.0..1.0));
        Trial { label: label.into(), aborted: false, steps: all }
    };
    let session = |label: &str, rng: &mut ChaCha8Rng| Session {
        label: label.into(),
        trials: vec![trial("1", rng), trial("2", rng)],
    };
    Subject { id: "random".into(), sessions: vec![session("1", rng), session("2", rng)] }
}
