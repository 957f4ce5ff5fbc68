//! Made-up steps: a learner that comes to prefer one action in each session.

use super::{Numbers, Study};
use actinf_agents::{Place, StepRecord};
use actinf_fit::SubjectSteps;

pub(crate) fn steps(study: Study, id: &str, skill: f64, numbers: &mut Numbers) -> SubjectSteps {
    let mut steps = vec![];
    for session in 0..study.sessions {
        let mut learned = 0.0;
        for trial in 0..study.trials {
            for step in 0..study.steps {
                let place = Place { session, trial, step };
                learned += skill * (0.12 + 0.08 * numbers.normal());
                steps.push(record(study, place, steps.len() + 1, learned, numbers));
            }
        }
    }
    let labels = |count: usize| (1..=count).map(|k| k.to_string()).collect::<Vec<_>>();
    SubjectSteps {
        subject: id.to_string(),
        sessions: labels(study.sessions),
        trials: vec![labels(study.trials); study.sessions],
        steps,
    }
}

fn record(study: Study, place: Place, row: usize, learned: f64, numbers: &mut Numbers) -> StepRecord {
    let weights: Vec<f64> =
        (0..study.actions).map(|action| (-(action as f64) * learned * 0.6).exp()).collect();
    let total: f64 = weights.iter().sum();
    let action_probabilities: Vec<f64> = weights.iter().map(|weight| weight / total).collect();
    let mut draw = numbers.unit();
    let drawn = action_probabilities.iter().position(|p| {
        draw -= p;
        draw < 0.0
    });
    let action = (numbers.unit() > 0.02).then_some(drawn.unwrap_or(0));
    let controlled = 1.0 / (1.0 + (-1.4 * learned - 0.3 * numbers.normal()).exp());
    let (left, right) = (0.6 * controlled, 0.3 * (1.0 - controlled));
    StepRecord {
        place,
        row,
        action,
        log_probability: action.map(|action| action_probabilities[action].ln()),
        action_probabilities,
        quantities: vec![
            controlled,
            1.0 - controlled,
            1.0 - left - right,
            left,
            right,
            -1.2 * controlled,
            0.4 * controlled - 0.8,
            1.0 + 0.5 * learned.tanh(),
        ],
        response_log_densities: vec![],
    }
}
