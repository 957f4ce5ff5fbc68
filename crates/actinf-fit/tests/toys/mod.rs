//! Toy models whose answers are known in closed form, and behaviour for them.
#![allow(dead_code, unreachable_pub, reason = "each test file uses some of these")]

use actinf_agents::{
    BehaviourModel, Design, LikelihoodError, LogLikelihood, Moment, Parameter, Quantity, ResponseVariable,
    RowOrder, Schema, Scorer, Session, Step, StepRecord, Subject, Support, Trajectory, Trial, Variable,
};
use actinf_fit::{Dataset, FittedSubject, FittingMethod, MaximumAPosteriori, Prior, Problem, Role};
use rand::{Rng, RngExt};

/// `ln L(values)` of a subject, and its gradient with respect to all values.
type LogLikelihoodFunction = fn(&Subject, &[f64], &mut [f64]) -> Result<f64, LikelihoodError>;

pub struct Toy {
    parameters: Vec<Parameter>,
    schema: Schema,
    log_likelihood: LogLikelihoodFunction,
}

pub fn parameter(name: &str, support: Support, default: &[f64]) -> Parameter {
    Parameter {
        name: name.into(),
        symbol: name.into(),
        meaning: String::new(),
        support,
        default: default.to_vec(),
    }
}

impl Toy {
    /// One control with actions "left" and "right", and one response at every step.
    pub fn new(parameters: Vec<Parameter>, log_likelihood: LogLikelihoodFunction) -> Self {
        let side = Variable { name: "side".into(), labels: vec!["left".into(), "right".into()] };
        let schema = Schema {
            controls: vec![side],
            modalities: vec![],
            responses: vec![ResponseVariable { name: "rating".into(), moment: Moment::Step }],
            row_order: RowOrder::ActThenObserve,
        };
        Toy { parameters, schema, log_likelihood }
    }
}

struct ToyScorer<'a> {
    toy: &'a Toy,
    subject: &'a Subject,
    values: Vec<f64>,
    free: Vec<usize>,
}

impl Scorer for ToyScorer<'_> {
    fn log_likelihood(&mut self, free_values: &[f64]) -> Result<f64, LikelihoodError> {
        self.log_likelihood_gradient(free_values, &mut vec![0.0; free_values.len()])
    }

    fn log_likelihood_gradient(
        &mut self,
        free_values: &[f64],
        gradient: &mut [f64],
    ) -> Result<f64, LikelihoodError> {
        for (&position, value) in self.free.iter().zip(free_values) {
            self.values[position] = *value;
        }
        let mut all = vec![0.0; self.values.len()];
        let value = (self.toy.log_likelihood)(self.subject, &self.values, &mut all)?;
        for (slope, &position) in gradient.iter_mut().zip(&self.free) {
            *slope = all[position];
        }
        Ok(value)
    }
}

impl BehaviourModel for Toy {
    fn name(&self) -> &str {
        "toy"
    }

    fn description(&self) -> &str {
        "A toy."
    }

    fn parameters(&self) -> &[Parameter] {
        &self.parameters
    }

    fn schema(&self) -> &Schema {
        &self.schema
    }

    fn quantities(&self) -> &[Quantity] {
        &[]
    }

    fn scorer<'a>(
        &'a self,
        subject: &'a Subject,
        fixed: &[f64],
        free: &[usize],
    ) -> Result<Box<dyn Scorer + 'a>, LikelihoodError> {
        Ok(Box::new(ToyScorer { toy: self, subject, values: fixed.to_vec(), free: free.to_vec() }))
    }

    fn trajectory(&self, subject: &Subject, values: &[f64]) -> Result<Trajectory, LikelihoodError> {
        let total = (self.log_likelihood)(subject, values, &mut vec![0.0; values.len()])?;
        let record = |(place, step): (_, &Step)| StepRecord {
            place,
            row: step.row,
            action: step.actions[0],
            log_probability: None,
            action_probabilities: vec![],
            quantities: vec![],
            response_log_densities: step.responses.iter().map(|r| r.map(|_| 0.0)).collect(),
        };
        let acts = subject.steps().any(|(_, step)| step.actions[0].is_some());
        let (actions, responses) = if acts { (total, 0.0) } else { (0.0, total) };
        Ok(Trajectory {
            steps: subject.steps().map(record).collect(),
            session_ends: vec![],
            log_likelihood: LogLikelihood { total, actions, responses: vec![responses] },
            impossible: None,
        })
    }

    /// Tosses a coin with the first value as its probability of "right".
    fn simulate(
        &self,
        values: &[f64],
        design: Design,
        rng: &mut dyn Rng,
    ) -> Result<Vec<Session>, LikelihoodError> {
        let mut toss = || step(Some(usize::from(rng.random::<f64>() < values[0])), None);
        Ok(vec![session((0..design.steps).map(|_| toss()).collect())])
    }
}

fn step(action: Option<usize>, response: Option<f64>) -> Step {
    Step { row: 0, actions: vec![action], observations: vec![], responses: vec![response] }
}

fn session(steps: Vec<Step>) -> Session {
    Session { label: "1".into(), trials: vec![Trial { label: "1".into(), aborted: false, steps }] }
}

/// A step with a choice and a number.
pub fn choice(action: usize, number: f64) -> Step {
    step(Some(action), Some(number))
}

/// A subject with one trial of these steps.
pub fn with_steps(id: &str, steps: Vec<Step>) -> Subject {
    Subject { id: id.into(), sessions: vec![session(steps)] }
}

/// A subject who went right and left so many times.
pub fn tosses(id: &str, right: usize, left: usize) -> Subject {
    let actions = std::iter::repeat_n(1, right).chain(std::iter::repeat_n(0, left));
    Subject { id: id.into(), sessions: vec![session(actions.map(|a| step(Some(a), None)).collect())] }
}

/// A subject who gave these ratings and no action.
pub fn ratings(id: &str, values: &[f64]) -> Subject {
    let steps = values.iter().map(|&y| step(None, Some(y))).collect();
    Subject { id: id.into(), sessions: vec![session(steps)] }
}

/// A subject of whom nothing was recorded.
pub fn silent(id: &str) -> Subject {
    Subject { id: id.into(), sessions: vec![session(vec![step(None, None)])] }
}

pub fn dataset(subjects: Vec<Subject>) -> Dataset {
    Dataset { subjects, ..Dataset::default() }
}

pub fn free(prior: Prior) -> Role {
    Role::Free { prior, default_prior: false }
}

pub fn fit_one(problem: &Problem<'_>, subject: &Subject) -> Result<FittedSubject, String> {
    MaximumAPosteriori::default().fit_subject(problem, subject, 0, 1)
}

fn impossible() -> LikelihoodError {
    LikelihoodError {
        kind: actinf_agents::LikelihoodErrorKind::ImpossibleAction,
        place: Some(actinf_agents::Place { session: 0, trial: 0, step: 2 }),
        row: Some(3),
    }
}

/// A coin with probability p of "right". A subject named "bad" is impossible everywhere; one named "wrong" does not
/// fit the schema.
pub fn coin() -> Toy {
    Toy::new(vec![parameter("p", Support::Unit, &[0.5])], coin_log_likelihood)
}

fn coin_log_likelihood(
    subject: &Subject,
    values: &[f64],
    gradient: &mut [f64],
) -> Result<f64, LikelihoodError> {
    if subject.id == "bad" {
        return Err(impossible());
    }
    if subject.id == "wrong" {
        let kind = actinf_agents::LikelihoodErrorKind::InvalidBehaviour("an index is out of range".into());
        return Err(LikelihoodError { kind, place: None, row: None });
    }
    toss_log_likelihood(subject, values, gradient)
}

/// `right ln p + left ln(1 - p)`.
pub fn toss_log_likelihood(
    subject: &Subject,
    values: &[f64],
    gradient: &mut [f64],
) -> Result<f64, LikelihoodError> {
    let p = values[0];
    let actions = subject.steps().filter_map(|(_, step)| step.actions[0]);
    let (right, left) =
        actions.fold((0.0, 0.0), |(r, l), a| if a == 1 { (r + 1.0, l) } else { (r, l + 1.0) });
    gradient[0] = right / p - left / (1.0 - p);
    Ok(right * p.ln() + left * (1.0 - p).ln())
}

/// A coin whose model breaks down below p = 0.4, next to where searches pass.
pub fn fragile_coin() -> Toy {
    Toy::new(vec![parameter("p", Support::Unit, &[0.5])], |subject, values, gradient| {
        if values[0] < 0.4 { Err(impossible()) } else { coin_log_likelihood(subject, values, gradient) }
    })
}

fn rated(subject: &Subject) -> Vec<f64> {
    subject.steps().filter_map(|(_, step)| step.responses[0]).collect()
}

/// Ratings around a line: `y_t ~ Normal(intercept + slope t, 1)` for t = 0, 1, ...
pub fn line() -> Toy {
    let parameters =
        vec![parameter("intercept", Support::Real, &[0.0]), parameter("slope", Support::Real, &[0.0])];
    Toy::new(parameters, |subject, values, gradient| {
        gradient.fill(0.0);
        let mut total = 0.0;
        for (t, step) in subject.steps().map(|(_, step)| step).enumerate() {
            let Some(y) = step.responses[0] else { continue };
            let error = y - values[0] - values[1] * t as f64;
            gradient[0] += error;
            gradient[1] += error * t as f64;
            total += -0.5 * error * error - 0.5 * (2.0 * std::f64::consts::PI).ln();
        }
        Ok(total)
    })
}

/// Ratings around a square: `y ~ Normal(x², 1)`: x and -x fit alike.
pub fn square() -> Toy {
    Toy::new(vec![parameter("x", Support::Real, &[0.5])], |subject, values, gradient| {
        gradient.fill(0.0);
        let mut total = 0.0;
        for y in rated(subject) {
            let error = y - values[0] * values[0];
            gradient[0] += 2.0 * values[0] * error;
            total -= 0.5 * error * error;
        }
        Ok(total)
    })
}

/// Ratings around a product: `y ~ Normal(first second, 1)` with both above zero: only the product is known.
pub fn product() -> Toy {
    let above_zero = |name| parameter(name, Support::Positive, &[1.0]);
    Toy::new(vec![above_zero("first"), above_zero("second")], |subject, values, gradient| {
        gradient.fill(0.0);
        let mut total = 0.0;
        for y in rated(subject) {
            let error = y - values[0] * values[1];
            gradient[0] += error * values[1];
            gradient[1] += error * values[0];
            total -= 0.5 * error * error;
        }
        Ok(total)
    })
}

/// Choices of a side at positions -3.5, -2.5, ..., 3.5: `p(right) = 1 / (1 + exp(-precision (position - bias)))`.
pub fn logistic_regression() -> Toy {
    let parameters =
        vec![parameter("precision", Support::Positive, &[1.0]), parameter("bias", Support::Real, &[0.0])];
    Toy::new(parameters, |subject, values, gradient| {
        gradient.fill(0.0);
        let mut total = 0.0;
        for (t, (_, step)) in subject.steps().enumerate() {
            let sign = if step.actions[0] == Some(1) { 1.0 } else { -1.0 };
            let distance = t as f64 - 3.5 - values[1];
            let margin: f64 = sign * values[0] * distance;
            let miss = 1.0 / (1.0 + margin.exp());
            total -= (-margin).exp().ln_1p();
            gradient[0] += sign * distance * miss;
            gradient[1] -= sign * values[0] * miss;
        }
        Ok(total)
    })
}

/// A subject who chose these sides, 0 for left.
pub fn sides(id: &str, actions: &[usize]) -> Subject {
    Subject { id: id.into(), sessions: vec![session(actions.iter().map(|&a| step(Some(a), None)).collect())] }
}

/// One parameter of every support, all in one.
pub fn every_support() -> Vec<Parameter> {
    vec![
        parameter("real", Support::Real, &[0.3]),
        parameter("positive", Support::Positive, &[2.0]),
        parameter("unit", Support::Unit, &[0.2]),
        parameter("interval", Support::Interval { lower: -1.0, upper: 4.0 }, &[0.5]),
        parameter("shares", Support::Simplex { size: 3 }, &[0.2, 0.5, 0.3]),
    ]
}

/// Says nothing about any of its parameters.
pub fn flat() -> Toy {
    Toy::new(every_support(), |_, _, gradient| {
        gradient.fill(0.0);
        Ok(0.0)
    })
}

/// A likelihood in which every value matters and interacts with the next: `Σ sin(x_k) - x_k x_{k+1}²`.
pub fn tangled() -> Toy {
    Toy::new(every_support(), |_, x, gradient| {
        let mut total = 0.0;
        for k in 0..x.len() {
            total += x[k].sin();
            gradient[k] = x[k].cos();
        }
        for k in 0..x.len() - 1 {
            total -= x[k] * x[k + 1] * x[k + 1];
            gradient[k] -= x[k + 1] * x[k + 1];
            gradient[k + 1] -= 2.0 * x[k] * x[k + 1];
        }
        Ok(total)
    })
}

pub fn near(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance, "found {found}, expected {expected}");
}
