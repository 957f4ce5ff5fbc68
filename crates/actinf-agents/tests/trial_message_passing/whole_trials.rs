//! Laws of inference over whole trials.

use super::{Seen, agent, simulated, subject, text};
use actinf_agents::task_model::Numerics;
use actinf_agents::{ActiveInference, BehaviourModel, Design, Subject, default_values, model_file, tasks};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

fn every_model() -> Vec<ActiveInference> {
    let mut models: Vec<ActiveInference> = [(true, "spm"), (true, "exact"), (false, "spm"), (false, "exact")]
        .into_iter()
        .map(|(whole_trial, numerics)| agent(&text(whole_trial, numerics)))
        .collect();
    models.extend(
        ["three_arm_maze", "explore_exploit"].map(|name| ActiveInference::new(tasks::read(name).unwrap())),
    );
    let acts_first = text(true, "exact").replace("observe_then_act", "act_then_observe");
    models.push(agent(&acts_first));
    models
}

#[test]
fn simulate_then_score_gives_the_same_probabilities_bit_for_bit() {
    for model in every_model() {
        let values = default_values(model.parameters());
        let design = Design { sessions: 2, trials: 3, steps: 3 };
        let mut rng = ChaCha8Rng::seed_from_u64(7);
        let (sessions, drawn) = model.simulate_with_log_probabilities(&values, design, &mut rng).unwrap();
        let subject = Subject { id: "simulated".into(), sessions };
        let trajectory = model.trajectory(&subject, &values).unwrap();
        let scored = trajectory.steps.iter().filter_map(|step| step.log_probability.map(f64::to_bits));
        assert_eq!(scored.collect::<Vec<u64>>(), drawn.iter().map(|log| log.to_bits()).collect::<Vec<u64>>());
        let mut scorer = model.scorer(&subject, &values, &[]).unwrap();
        let value = scorer.log_likelihood(&[]).unwrap();
        assert!((value - trajectory.log_likelihood.total).abs() < 1e-12 * value.abs().max(1.0));
    }
}

#[test]
fn probabilities_sum_to_one_and_beliefs_are_distributions() {
    for model in every_model() {
        let values = default_values(model.parameters());
        let sizes: Vec<usize> = model.task().factors.iter().map(|factor| factor.states.len()).collect();
        let subject = simulated(&model, 3);
        for step in model.trajectory(&subject, &values).unwrap().steps {
            let sum: f64 = step.action_probabilities.iter().sum();
            assert!((sum - 1.0).abs() < 1e-12 || (sum == 0.0 && step.action.is_none()), "{sum}");
            let mut beliefs = step.quantities.as_slice();
            for &size in &sizes {
                let (marginal, rest) = beliefs.split_at(size);
                assert!((marginal.iter().sum::<f64>() - 1.0).abs() < 1e-12);
                beliefs = rest;
            }
        }
    }
}

/// With one factor, one message and no inertia the update is Bayes' rule: at the last step of a trial whose policies are the
/// next step, the belief is the prediction times the likelihood.
#[test]
fn the_last_belief_of_a_trial_is_bayes_rule_where_nothing_comes_after() {
    let one_factor = r#"
        name = "one"
        order = "observe_then_act"
        [[controls]]
        name = "u"
        actions = ["0", "1"]
        [[factors]]
        name = "s"
        states = ["a", "b"]
        prior = [0.25, 0.75]
        transitions = "stay"
        [[modalities]]
        name = "o"
        outcomes = ["x", "y"]
        likelihood = [{ when = { s = "a" }, p = [0.9, 0.1] }, { when = { s = "b" }, p = [0.3, 0.7] }]
        [inference]
        scheme = "trial_message_passing"
        policies = "next_step"
        time_constant = 1
        reset = 1
    "#;
    let model = agent(one_factor);
    let subject = subject(&[&[(&[Some(0)], None)]]);
    let trials = model.inspect_trials(&subject, &[]).unwrap();
    // ¼ · 0.9 against ¾ · 0.3: even. Its evidence is ln 0.45.
    assert!((trials[0].beliefs[0][0] - 0.5).abs() < 1e-14);
    assert!((trials[0].steps[0].evidence_of_policies[0] - 0.45_f64.ln()).abs() < 1e-14);
    // SPM counts half of it.
    let spm = agent(&one_factor.replace("reset = 1", "reset = 1\nnumerics = \"spm\""));
    let trials = spm.inspect_trials(&subject, &[]).unwrap();
    assert!((trials[0].steps[0].evidence_of_policies[0] - 0.5 * 0.45_f64.ln()).abs() < 1e-14);
}

/// An action that no considered policy prescribes is impossible: minus infinity in the trajectory, an error in the likelihood.
#[test]
fn actions_that_no_policy_prescribes_are_impossible() {
    let model = ActiveInference::new(tasks::read("explore_exploit").unwrap());
    let values = default_values(model.parameters());
    let (nothing, hint): (Seen<'_>, Seen<'_>) = (&[Some(0), Some(0), Some(0)], &[Some(1), Some(0), Some(1)]);
    // After the hint the plan is over for those who chose at once; nobody takes the hint twice.
    let trial = [(nothing, Some(1)), (hint, Some(1)), (hint, None)];
    let subject = subject(&[&trial]);
    let trajectory = model.trajectory(&subject, &values).unwrap();
    assert!(trajectory.log_likelihood.actions.is_infinite() && trajectory.impossible.is_some());
    let error = model.scorer(&subject, &values, &[]).unwrap().log_likelihood(&[]).unwrap_err();
    assert!(error.is_recoverable() && error.to_string().contains("step 2"), "{error}");
}

/// Without floors, policies that cannot have led to what was seen drop out, and what nobody can have seen is an error.
#[test]
fn without_floors_contradicted_policies_drop_out_and_contradictions_are_errors() {
    let exact = tasks::text("explore_exploit").unwrap().replace("numerics = \"spm\"", "numerics = \"exact\"");
    let model = ActiveInference::new(model_file::read(&exact, "m.toml").unwrap());
    let values = default_values(model.parameters());
    let (start, left): (Seen<'_>, Seen<'_>) = (&[Some(0), Some(0), Some(0)], &[Some(0), Some(2), Some(2)]);
    let trials = model.inspect_trials(&subject(&[&[(start, Some(2)), (left, Some(0))]]), &values).unwrap();
    let posterior: Vec<f64> = trials[0].steps[1].log_policy_posterior.iter().map(|log| log.exp()).collect();
    assert_eq!(posterior, [0.0, 0.0, 0.0, 1.0, 0.0]);
    // A win and a hint at once do not exist.
    let both: Seen<'_> = &[Some(1), Some(2), Some(1)];
    let error = model.trajectory(&subject(&[&[(start, Some(2)), (both, Some(0))]]), &values).unwrap_err();
    assert!(error.to_string().contains("probability 0 in every state"), "{error}");
}

/// The floors matter only where something is impossible: in a dense model both numerics believe the same, and differ in their
/// free energies.
#[test]
fn both_numerics_believe_the_same_where_nothing_is_impossible() {
    let [spm, exact] = ["spm", "exact"].map(|numerics| agent(&text(true, numerics)));
    let values = default_values(spm.parameters());
    let mut subject = simulated(&spm, 5);
    subject.sessions.truncate(1);
    subject.sessions[0].trials.truncate(1);
    let inspect = |model: &ActiveInference| model.inspect_trials(&subject, &values).unwrap().remove(0);
    let (a, b) = (inspect(&spm), inspect(&exact));
    let (a, b) = (a.beliefs_of_policies.concat().concat(), b.beliefs_of_policies.concat().concat());
    // SPM may leave out sweeps three and four of sixteen.
    assert!(a.iter().zip(&b).all(|(a, b)| (a - b).abs() < 0.02));
}

#[test]
fn missing_observations_are_no_evidence_and_aborted_trials_leave_no_trace() {
    let model = agent(&text(true, "exact"));
    let values = default_values(model.parameters());
    let recorded = simulated(&model, 8);
    let mut aborted = recorded.clone();
    let mut junk = aborted.sessions[0].trials[0].clone();
    junk.aborted = true;
    aborted.sessions[0].trials.insert(1, junk);
    let likelihood = |subject: &Subject| model.trajectory(subject, &values).unwrap().log_likelihood.total;
    assert_eq!(likelihood(&recorded).to_bits(), likelihood(&aborted).to_bits());
    let nothing: Seen<'_> = &[None, None];
    let unseen = model.inspect_trials(&subject(&[&[(nothing, None), (nothing, None)]]), &values).unwrap();
    assert_eq!(unseen[0].counts.likelihood, unseen[0].counts_before.likelihood);
    let prior = &unseen[0].steps[0];
    assert!(prior.evidence_of_policies.iter().all(|evidence| evidence.abs() < 0.5));
}

#[test]
fn complexities_are_divergences_of_what_was_learned() {
    let model = agent(&text(true, "exact"));
    let values = default_values(model.parameters());
    let trials = model.inspect_trials(&simulated(&model, 2), &values).unwrap();
    let learned = trials[0].initial_state_complexities(Numerics::Exact);
    assert!(learned.iter().all(|complexity| complexity.unwrap() > 0.0));
    assert!(trials[0].likelihood_complexities(Numerics::Exact)[1].is_none());
    assert!(trials[0].habit_complexity(Numerics::Exact).unwrap() > 0.0);
}

/// Tutorial task, first trial: the probabilities of actions that SPM recorded under these numbers.
#[test]
fn the_tutorial_task_is_the_tutorials() {
    let model = ActiveInference::new(tasks::read("explore_exploit").unwrap());
    let values = default_values(model.parameters());
    let (start, hint, win): (Seen<'_>, Seen<'_>, Seen<'_>) =
        (&[Some(0), Some(0), Some(0)], &[Some(1), Some(0), Some(1)], &[Some(0), Some(2), Some(2)]);
    let recorded = subject(&[&[(start, Some(1)), (hint, Some(2)), (win, None)]]);
    let trajectory = model.trajectory(&recorded, &values).unwrap();
    for (step, expected) in trajectory.steps.iter().zip(RECORDED) {
        for (p, expected) in step.action_probabilities.iter().zip(expected) {
            assert!((p - expected).abs() < 1e-10, "{p} {expected}");
        }
    }
}

/// Of SPM's tutorial engine at its default values (`mdpx_d01` of the golden cases).
const RECORDED: [[f64; 4]; 2] = [
    [
        1.278_532_273_319_338_5e-29,
        0.999_991_438_894_544_6,
        4.280_552_727_633_427e-6,
        4.280_552_727_632_941e-6,
    ],
    [0.0, 0.0, 1.0, 4.092_482_063_704_180_6e-38],
];
