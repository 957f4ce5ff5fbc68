//! Gradients against differences with every setting free, behaviour incomplete, and both orders of rows.

use super::*;
use crate::Support;
use crate::baselines::beliefs::BeliefKind;
use crate::baselines::{BaselineKind, KINDS};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// A bandit with three arms and a bonus, in which every setting of the kind is free.
fn all_free(name: &str, kind: BaselineKind, beliefs: BeliefKind, order: &str) -> Model {
    let settings: Vec<String> =
        kind.settings(3, beliefs).iter().map(|setting| format!("{} = {{}}", setting.name)).collect();
    let word = if beliefs == BeliefKind::Beta { "beta" } else { "kalman" };
    let beliefs = if kind.explores() { format!("beliefs = \"{word}\"") } else { String::new() };
    let habits = if kind.has_habits() { "habits = { b = 0.3, c = -0.2 }" } else { "" };
    let text = format!(
        "name = \"all\"\nbaseline = \"{name}\"\norder = \"{order}\"\n{beliefs}\n{habits}\n[parameters]\n{}\n\
         [[controls]]\nname = \"arm\"\nactions = [\"a\", \"b\", \"c\"]\n\
         [[modalities]]\nname = \"outcome\"\noutcomes = [\"no\", \"some\", \"much\"]\nvalues = [0, 0.4, 1]\n",
        settings.join("\n")
    );
    Model::read(&text, name).unwrap_or_else(|error| panic!("{error}"))
}

/// Three sessions of two trials with six steps; every fifth action and every seventh outcome is missing.
fn behaviour(rng: &mut ChaCha8Rng) -> Subject {
    let mut count = 0;
    let mut step = || {
        count += 1;
        let outcome =
            if count % 7 == 0 { Observation::Missing } else { Observation::Outcome(rng.random_range(0..3)) };
        let arm = (count % 5 != 0).then(|| rng.random_range(0..3));
        Step { row: 0, actions: vec![arm], observations: vec![outcome], responses: vec![] }
    };
    let mut trial =
        || Trial { label: String::new(), aborted: false, steps: (0..6).map(|_| step()).collect() };
    let mut session = || Session { label: String::new(), trials: vec![trial(), trial()] };
    Subject { id: "one".into(), sessions: vec![session(), session(), session()] }
}

#[test]
fn gradients_are_those_of_differences_with_everything_free() {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    for (name, kind) in KINDS {
        for order in ["act_then_observe", "observe_then_act"] {
            for beliefs in [BeliefKind::Kalman, BeliefKind::Beta] {
                check(&all_free(name, kind, beliefs, order), &behaviour(&mut rng), &mut rng);
            }
        }
    }
}

fn check(model: &Model, subject: &Subject, rng: &mut ChaCha8Rng) {
    // Away from the defaults, where prediction errors of exactly 0 would have kinks.
    let mut parameters = model.parameters().to_vec();
    for Parameter { support, default, .. } in &mut parameters {
        match support {
            Support::Positive => default[0] *= rng.random_range(0.7..1.3),
            Support::Unit => default[0] *= rng.random_range(0.5..0.9),
            Support::Real => default[0] += rng.random_range(0.1..0.3),
            Support::Interval { .. } | Support::Simplex { .. } => {}
        }
    }
    let values = default_values(&parameters);
    let free: Vec<usize> = (0..values.len()).collect();
    let mut scorer = model.scorer(subject, &values, &free).unwrap();
    let mut gradient = vec![0.0; values.len()];
    let value = scorer.log_likelihood_gradient(&values, &mut gradient).unwrap();
    assert_eq!(value.to_bits(), scorer.log_likelihood(&values).unwrap().to_bits());
    assert_eq!(value.to_bits(), model.trajectory(subject, &values).unwrap().log_likelihood.total.to_bits());
    for k in free {
        let mut at = |step: f64| {
            let mut shifted = values.clone();
            shifted[k] += step;
            scorer.log_likelihood(&shifted).unwrap()
        };
        let difference = (8.0 * (at(1e-4) - at(-1e-4)) - (at(2e-4) - at(-2e-4))) / 12e-4;
        let error = (gradient[k] - difference).abs() / difference.abs().max(1.0);
        let name = &model.parameters()[k.min(model.parameters().len() - 1)].name;
        assert!(error < 1e-7, "{} {name}: {} {difference}", model.description(), gradient[k]);
    }
}
