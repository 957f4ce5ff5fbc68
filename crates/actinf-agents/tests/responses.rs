//! Ratings and reaction times of agents: what they see, by hand; exact gradients; values that cannot be.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use actinf_agents::{
    ActiveInference, BehaviourModel, Design, LikelihoodErrorKind, Model, Observation, Session, Step, Subject,
    Trial, default_values, tasks,
};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

const PARAMETERS: &str = r#"
slowing = { support = "real", default = 0.7 }
certainty = { support = "real", default = -0.4 }
confidence = { support = "positive", default = 6.0 }
time_sd = { support = "positive", default = 0.3 }
wait = { support = [0.0, 0.2], default = 0.1 }
"#;

const RESPONSES: &str = r#"
[[responses]]
name = "reaction_time"
moment = "step"
distribution = "log_normal"
location = "slowing * policy.entropy + certainty * expected_free_energy.difference"
scale = "time_sd"
shift = "wait"

[[responses]]
name = "confidence"
moment = "trial_end"
distribution = "beta"
mean = "logistic(1 - action.entropy)"
precision = "confidence"
squeeze = 50

[[responses]]
name = "belief"
moment = "session_end"
distribution = "beta"
mean = "0.1 + 0.8 * BELIEF"
precision = "confidence"
"#;

/// A built-in task with the responses; `belief` is one of its beliefs.
fn task(name: &str, belief: &str) -> ActiveInference {
    let text = tasks::text(name).unwrap().replacen("[parameters]\n", &format!("[parameters]{PARAMETERS}"), 1);
    let responses = RESPONSES.replace("BELIEF", belief);
    let text = text.replacen("\n[[process", &format!("{responses}\n[[process"), 1);
    match Model::read(&text, name).unwrap_or_else(|error| panic!("{error}")) {
        Model::Agent(agent) => agent,
        Model::Baseline(_) => unreachable!("the file is that of an agent"),
    }
}

fn simulated(model: &ActiveInference, values: &[f64], design: Design) -> Subject {
    let sessions = model.simulate(values, design, &mut ChaCha8Rng::seed_from_u64(3)).unwrap();
    Subject { id: "one".into(), sessions }
}

#[test]
fn gradients_through_plans_and_beliefs_are_those_of_differences() {
    let design = Design { sessions: 2, trials: 3, steps: 4 };
    for (name, belief) in [("two_armed_bandit", "arm_pulled.left"), ("t_maze", "context.reward_left")] {
        let model = task(name, belief);
        let values = default_values(model.parameters());
        let subject = simulated(&model, &values, design);
        let free: Vec<usize> = (0..values.len()).collect();
        let mut scorer = model.scorer(&subject, &values, &free).unwrap();
        let mut gradient = vec![0.0; values.len()];
        let value = scorer.log_likelihood_gradient(&values, &mut gradient).unwrap();
        assert_eq!(value.to_bits(), scorer.log_likelihood(&values).unwrap().to_bits());
        let total = model.trajectory(&subject, &values).unwrap().log_likelihood.total;
        assert!((total - value).abs() < 1e-12 * value.abs());
        for k in free {
            let step = 1e-4 * values[k].abs().max(0.1);
            let mut at = |steps: f64| {
                let mut shifted = values.clone();
                shifted[k] += steps * step;
                scorer.log_likelihood(&shifted).unwrap()
            };
            let difference = (8.0 * (at(1.0) - at(-1.0)) - (at(2.0) - at(-2.0))) / (12.0 * step);
            let parameter = &model.parameters()[k].name;
            let error = (gradient[k] - difference).abs() / difference.abs().max(1.0);
            assert!(error < 1e-6, "{name} {parameter}: {} {difference}", gradient[k]);
        }
    }
}

fn two_pulls(responses: [[Option<f64>; 3]; 2]) -> Subject {
    let step = |(row, responses): (usize, [Option<f64>; 3])| Step {
        row: row + 1,
        actions: vec![Some(0)],
        observations: vec![Observation::Outcome(1)],
        responses: responses.to_vec(),
    };
    let steps = responses.into_iter().enumerate().map(step).collect();
    let trial = Trial { label: "1".into(), aborted: false, steps };
    Subject { id: "one".into(), sessions: vec![Session { label: "1".into(), trials: vec![trial] }] }
}

/// At the first step both arms are alike: entropy `ln 2`, no difference. One win later with `prior_count = 1` and a learning rate
/// of 1 the left arm wins with probability 1.5 / 2, the right with 1/2; log preferences differ by `c = 1`, so that expected free
/// energies differ by 0.25 and choices by `γ 0.25`.
#[test]
fn a_reaction_time_follows_the_entropy_of_policies_and_the_difference_of_expected_free_energies() {
    let model = task("two_armed_bandit", "arm_pulled.left");
    let named = [
        ("learning_rate", 1.0 - 1e-15),
        ("prior_count", 1.0),
        ("policy_precision", 2.0),
        ("outcome_preference", 1.0),
    ];
    let mut values = default_values(model.parameters());
    for (name, value) in named {
        values[model.parameters().iter().position(|p| p.name == name).unwrap()] = value;
    }
    let subject = two_pulls([[Some(1.2), None, None], [Some(1.5), None, None]]);
    let trajectory = model.trajectory(&subject, &values).unwrap();
    let density = |time: f64, location: f64| {
        let above = time - 0.1;
        let z = (above.ln() - location) / 0.3;
        -above.ln() - 0.3_f64.ln() - 0.5 * (2.0 * std::f64::consts::PI).ln() - 0.5 * z * z
    };
    let p = 1.0 / (1.0 + (-0.5_f64).exp());
    let entropy = -p * p.ln() - (1.0 - p) * (1.0 - p).ln();
    let expected = [density(1.2, 0.7 * 2.0_f64.ln()), density(1.5, 0.7 * entropy - 0.4 * 0.25)];
    for (step, expected) in trajectory.steps.iter().zip(expected) {
        let found = step.response_log_densities[0].unwrap();
        assert!((found - expected).abs() < 1e-12, "{found} {expected}");
    }
    assert!((trajectory.log_likelihood.responses[0] - expected[0] - expected[1]).abs() < 1e-12);
}

#[test]
fn what_has_no_density_is_refused_with_its_row_and_what_to_do() {
    let model = task("two_armed_bandit", "arm_pulled.left");
    let values = default_values(model.parameters());
    let refusal =
        |responses| model.scorer(&two_pulls(responses), &values, &[]).err().map(|error| error.to_string());
    let none = [None; 3];
    // Confidence is squeezed and may be 1; the belief is not.
    assert_eq!(refusal([none, [None, Some(1.0), Some(0.4)]]), None);
    let belief = refusal([none, [None, None, Some(1.0)]]).unwrap();
    assert!(
        belief.starts_with("the response `belief` is 1; it must lie between 0 and 1, both excluded: "),
        "{belief}"
    );
    assert!(
        belief.contains("squeeze") && belief.ends_with("(session 1, trial 1, step 2, row 2)"),
        "{belief}"
    );
    let time = refusal([[Some(0.0), None, None], none]).unwrap();
    assert!(time.starts_with("the response `reaction_time` is 0; it must be above 0"), "{time}");
    assert!(time.ends_with("row 1)"));
    // It is read at the end of the session only.
    assert_eq!(refusal([[None, None, Some(1.0)], none]), None);
}

#[test]
fn a_time_below_the_shift_is_impossible_at_these_values_only() {
    let model = task("two_armed_bandit", "arm_pulled.left");
    let values = default_values(model.parameters());
    let subject = two_pulls([[Some(0.05), None, None], [None; 3]]);
    let error = model.scorer(&subject, &values, &[]).unwrap().log_likelihood(&[]).unwrap_err();
    assert_eq!(error.kind, LikelihoodErrorKind::ImpossibleResponse);
    assert!(error.is_recoverable());
}
