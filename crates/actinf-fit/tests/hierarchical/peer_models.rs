//! The example models of other programs, written anew: two learners with and without separate rates for gains and losses, and
//! the learners of the two-step task (Daw et al. 2011, as in the examples of Piray et al. 2019); the delta rule of hBayesDM.

use crate::toys::parameter;
use actinf_agents::{
    BehaviourModel, Design, Dual, LikelihoodError, LogLikelihood, Parameter, Quantity, Real, RowOrder,
    Schema, Scorer, Session, StepRecord, Subject, Support, Trajectory, Variable,
};
use rand::Rng;

/// One trial: choices from 0, the state that the first choice led to, and the outcome.
#[derive(Clone, Copy, Debug)]
pub struct Turn {
    pub first: usize,
    pub state: usize,
    pub second: usize,
    pub outcome: f64,
}

/// A model of choices in N numbers.
pub trait Rule<const N: usize>: Copy + Send + Sync + 'static {
    fn parameters(self) -> Vec<Parameter>;
    fn log_likelihood<R: Real>(self, turns: &[Turn], values: [R; N]) -> R;
}

/// `ln(p + ε)` with ε = 2⁻⁵², as the program CBM adds it.
fn guarded_ln<R: Real>(p: R) -> R {
    (p + f64::EPSILON).ln()
}

fn logistic<R: Real>(x: R) -> R {
    R::ONE / ((-x).exp() + 1.0)
}

/// Learning with one rate, or with one for better and one for worse outcomes than expected.
#[derive(Clone, Copy)]
pub struct Learner {
    pub rates: usize,
}

impl<const N: usize> Rule<N> for Learner {
    fn parameters(self) -> Vec<Parameter> {
        let rate = |k: usize| parameter(&format!("learning_rate_{k}"), Support::Unit, &[0.5]);
        let precision = parameter("choice_precision", Support::Positive, &[1.0]);
        (0..self.rates).map(rate).chain([precision]).collect()
    }

    fn log_likelihood<R: Real>(self, turns: &[Turn], values: [R; N]) -> R {
        let precision = values[self.rates];
        let (mut q, mut total) = ([R::ZERO; 2], R::ZERO);
        for turn in turns {
            let chosen = turn.first;
            total += guarded_ln(logistic(precision * (q[chosen] - q[1 - chosen])));
            let error = -q[chosen] + turn.outcome;
            let rate = if error.value() >= 0.0 { values[0] } else { values[self.rates - 1] };
            q[chosen] += rate * error;
        }
        total
    }
}

/// The learners of the two-step task.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum TwoStep {
    Hybrid,
    ModelBased,
    ModelFree,
}

/// What the two-step learners compute with.
struct TwoStepValues<R> {
    rates: [R; 2],
    trace: R,
    precisions: [R; 2],
    weight: R,
    stickiness: R,
}

impl TwoStep {
    fn names(self) -> &'static [(&'static str, Support)] {
        use Support::{Positive, Real, Unit};
        match self {
            TwoStep::Hybrid => &[
                ("rate_1", Unit),
                ("rate_2", Unit),
                ("trace", Unit),
                ("precision_1", Positive),
                ("model_based_weight", Unit),
                ("stickiness", Real),
                ("precision_2", Positive),
            ],
            TwoStep::ModelBased => &[
                ("rate_2", Unit),
                ("precision_1", Positive),
                ("stickiness", Real),
                ("precision_2", Positive),
            ],
            TwoStep::ModelFree => &[
                ("rate_1", Unit),
                ("rate_2", Unit),
                ("trace", Unit),
                ("precision_1", Positive),
                ("stickiness", Real),
                ("precision_2", Positive),
            ],
        }
    }

    fn values<R: Real>(self, v: &[R]) -> TwoStepValues<R> {
        let of = |rates, trace, weight, (a, b, stickiness)| TwoStepValues {
            rates,
            trace,
            precisions: [a, b],
            weight,
            stickiness,
        };
        match self {
            TwoStep::Hybrid => of([v[0], v[1]], v[2], v[4], (v[3], v[6], v[5])),
            TwoStep::ModelBased => of([R::ZERO, v[0]], R::ZERO, R::ONE, (v[1], v[3], v[2])),
            TwoStep::ModelFree => of([v[0], v[1]], v[2], R::ZERO, (v[3], v[5], v[4])),
        }
    }
}

/// `P(first state | first choice)`: which choice is believed to lead where commonly follows the count of transitions.
fn transition(counts: [[usize; 2]; 2]) -> [f64; 2] {
    let (straight, crossed) = (counts[0][0] + counts[1][1], counts[0][1] + counts[1][0]);
    match straight.cmp(&crossed) {
        std::cmp::Ordering::Greater => [0.7, 0.3],
        std::cmp::Ordering::Equal => [0.5, 0.5],
        std::cmp::Ordering::Less => [0.3, 0.7],
    }
}

fn larger<R: Real>(pair: [R; 2]) -> R {
    if pair[0].value() >= pair[1].value() { pair[0] } else { pair[1] }
}

impl<const N: usize> Rule<N> for TwoStep {
    fn parameters(self) -> Vec<Parameter> {
        let default = |support: Support| if support == Support::Real { 0.0 } else { 0.5 };
        self.names().iter().map(|(name, support)| parameter(name, *support, &[default(*support)])).collect()
    }

    fn log_likelihood<R: Real>(self, turns: &[Turn], values: [R; N]) -> R {
        let v = self.values(&values);
        let (mut first, mut second, mut total) = ([R::ZERO; 2], [[R::ZERO; 2]; 2], R::ZERO);
        let (mut counts, mut last) = ([[0_usize; 2]; 2], None);
        for turn in turns {
            let (a, s, b) = (turn.first, turn.state, turn.second);
            let best = [larger(second[0]), larger(second[1])];
            let value = |choice: usize| {
                let p = transition(counts)[choice];
                let model_based = best[0] * p + best[1] * (1.0 - p);
                v.weight * model_based + (-v.weight + 1.0) * first[choice]
            };
            let stay = last.map_or(0.0, |last| if last == a { 1.0 } else { -1.0 });
            let drive = v.precisions[0] * (value(a) - value(1 - a)) + v.stickiness * stay;
            total += guarded_ln(logistic(drive));
            total += guarded_ln(logistic(v.precisions[1] * (second[s][b] - second[s][1 - b])));
            let errors = [second[s][b] - first[a], -second[s][b] + turn.outcome];
            first[a] += v.rates[0] * errors[0] + v.rates[0] * v.trace * errors[1];
            second[s][b] += v.rates[1] * errors[1];
            counts[a][s] += 1;
            last = Some(a);
        }
        total
    }
}

/// hBayesDM's `bandit2arm_delta`: `A = Φ(x₁)`, `tau = 5 Φ(x₂)` with Stan's approximation
/// `Φ(x) ≈ 1 / (1 + exp(-(0.07056 x³ + 1.5976 x)))`.
#[derive(Clone, Copy)]
pub struct BanditDelta;

pub fn phi<R: Real>(x: R) -> R {
    logistic(x * x * x * 0.07056 + x * 1.5976)
}

impl Rule<2> for BanditDelta {
    fn parameters(self) -> Vec<Parameter> {
        vec![parameter("A", Support::Real, &[0.0]), parameter("tau", Support::Real, &[0.0])]
    }

    fn log_likelihood<R: Real>(self, turns: &[Turn], values: [R; 2]) -> R {
        let (rate, precision) = (phi(values[0]), phi(values[1]) * 5.0);
        let (mut q, mut total) = ([R::ZERO; 2], R::ZERO);
        for turn in turns {
            let chosen = turn.first;
            total += logistic(precision * (q[chosen] - q[1 - chosen])).ln();
            q[chosen] += rate * (-q[chosen] + turn.outcome);
        }
        total
    }
}

/// A rule as a behaviour model.
pub struct Peer<T, const N: usize> {
    rule: T,
    parameters: Vec<Parameter>,
    schema: Schema,
}

impl<T: Rule<N>, const N: usize> Peer<T, N> {
    pub fn new(rule: T) -> Self {
        let variable = |name: &str| Variable { name: name.into(), labels: vec!["a".into(), "b".into()] };
        let schema = Schema {
            controls: vec![variable("first"), variable("second")],
            modalities: vec![],
            responses: vec![],
            row_order: RowOrder::ActThenObserve,
        };
        Peer { rule, parameters: rule.parameters(), schema }
    }
}

/// The trials in which nothing is missing. The state is the second label of the session, the outcome a response.
fn turns(subject: &Subject) -> Vec<Turn> {
    let turn = |step: &actinf_agents::Step| {
        let state = match step.observations[0] {
            actinf_agents::Observation::Outcome(state) => state,
            _ => 0,
        };
        let second = step.actions[1].unwrap_or(0);
        Some(Turn { first: step.actions[0]?, state, second, outcome: step.responses[0]? })
    };
    subject.steps().filter_map(|(_, step)| turn(step)).collect()
}

struct PeerScorer<T, const N: usize> {
    rule: T,
    turns: Vec<Turn>,
}

impl<T: Rule<N>, const N: usize> Scorer for PeerScorer<T, N> {
    fn log_likelihood(&mut self, values: &[f64]) -> Result<f64, LikelihoodError> {
        Ok(self.rule.log_likelihood(&self.turns, std::array::from_fn(|k| values[k])))
    }

    fn log_likelihood_gradient(
        &mut self,
        values: &[f64],
        gradient: &mut [f64],
    ) -> Result<f64, LikelihoodError> {
        let duals = std::array::from_fn(|k| Dual::<N>::variable(values[k], k));
        let total = self.rule.log_likelihood(&self.turns, duals);
        gradient.copy_from_slice(total.derivatives());
        Ok(total.value())
    }
}

impl<T: Rule<N>, const N: usize> BehaviourModel for Peer<T, N> {
    fn name(&self) -> &str {
        "peer"
    }

    fn description(&self) -> &str {
        "A model of another program."
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
        _fixed: &[f64],
        _free: &[usize],
    ) -> Result<Box<dyn Scorer + 'a>, LikelihoodError> {
        Ok(Box::new(PeerScorer::<T, N> { rule: self.rule, turns: turns(subject) }))
    }

    fn trajectory(&self, subject: &Subject, values: &[f64]) -> Result<Trajectory, LikelihoodError> {
        let total = self.scorer(subject, values, &[])?.log_likelihood(values)?;
        let record = |(place, step): (_, &actinf_agents::Step)| StepRecord {
            place,
            row: step.row,
            action: step.actions[0].filter(|_| step.responses[0].is_some()),
            log_probability: None,
            action_probabilities: vec![],
            quantities: vec![],
            response_log_densities: vec![],
        };
        Ok(Trajectory {
            steps: subject.steps().map(record).collect(),
            session_ends: vec![],
            log_likelihood: LogLikelihood { total, actions: total, responses: vec![] },
            impossible: None,
        })
    }

    fn simulate(&self, _: &[f64], _: Design, _: &mut dyn Rng) -> Result<Vec<Session>, LikelihoodError> {
        Ok(vec![])
    }
}
