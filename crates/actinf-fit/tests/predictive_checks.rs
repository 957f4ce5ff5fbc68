//! Predictive checks: worked out by hand, calibrated under the true model, and finding out a wrong one.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

use actinf_agents::{BehaviourModel, Design, Model, Observation, Session, Step, Subject, Trial};
use actinf_fit::predictive_checks::{GroupCheck, REPLICATES, RateCheck, StatisticKind};
use actinf_fit::{
    Dataset, FinishedFit, LaplaceApproximation, MaximumAPosteriori, Outcome, PredictiveChecks, Prior,
    Problem, Role, SubjectRecord, Workers, draw_values, fit, predictive_checks, simulate,
};
use std::num::NonZeroUsize;

fn fixed(model: &Model, values: &[f64]) -> Vec<Role> {
    let mut rest = values.iter().copied();
    let role =
        |p: &actinf_agents::Parameter| Role::Fixed { values: rest.by_ref().take(p.support.size()).collect() };
    model.parameters().iter().map(role).collect()
}

/// Two-armed bandit: left and right, loss and win; actions and outcomes in pairs.
fn subject(id: &str, steps: &[(Option<usize>, usize)]) -> Subject {
    let step = |(row, &(arm, outcome)): (usize, &(Option<usize>, usize))| Step {
        row: row + 1,
        actions: vec![arm],
        observations: vec![Observation::Outcome(outcome)],
        responses: vec![],
    };
    let steps = steps.iter().enumerate().map(step).collect();
    let trial = Trial { label: "1".into(), aborted: false, steps };
    Subject { id: id.into(), sessions: vec![Session { label: "1".into(), trials: vec![trial] }] }
}

/// Results with nothing in them but that everybody was fitted; with all parameters fixed, nothing else is looked at.
fn fitted(model: &Model, dataset: &Dataset) -> Vec<SubjectRecord> {
    let problem = Problem::new(model, Problem::default_roles(model)).unwrap();
    let method = MaximumAPosteriori { starts: 1, ..MaximumAPosteriori::default() };
    let mut subjects = fit(&problem, dataset, &method, 1, &Workers::serial(), &|_| {}).subjects;
    for subject in &mut subjects {
        let Outcome::Fitted(fit) = &mut subject.outcome else { continue };
        fit.estimates.clear();
        fit.approximation = None;
    }
    subjects
}

fn finished<'a>(
    problem: &'a Problem<'a>,
    dataset: &'a Dataset,
    subjects: &'a [SubjectRecord],
) -> FinishedFit<'a> {
    FinishedFit { problem, dataset, subjects, population: None }
}

fn at(model: &Model, values: &[f64], dataset: &Dataset, seed: u64) -> PredictiveChecks {
    let problem = Problem::all_may_be_fixed(model, fixed(model, values)).unwrap();
    let subjects = fitted(model, dataset);
    predictive_checks(finished(&problem, dataset, &subjects), seed, &Workers::serial(), &|_| {})
}

fn check<'a>(found: &'a PredictiveChecks, kind: StatisticKind, level: Option<&str>) -> &'a RateCheck {
    let is = |check: &&RateCheck| {
        check.rate.statistic == kind
            && check.rate.condition.as_ref().map(|condition| condition.level.as_str()) == level
            && check.rate.action.as_deref().is_none_or(|action| action == "left")
    };
    found.checks.iter().find(is).unwrap()
}

fn everybody(check: &RateCheck) -> &GroupCheck {
    check.everybody().unwrap()
}

/// Five steps: left win, left loss, right win, (missing) win, left win. Of the four actions three are left. Repeated is the
/// second (after a win), left the third (after a loss); the last has no action before it. A random responder with
/// p(left) = 0.7 stays after a win with 0.7, and after a loss on the left with 0.7.
#[test]
fn five_steps_of_a_random_responder_by_hand() {
    let steps = [(Some(0), 1), (Some(0), 0), (Some(1), 1), (None, 1), (Some(0), 1)];
    let dataset = Dataset { subjects: vec![subject("a", &steps)], groups: vec![None], ..Dataset::default() };
    let found = at(&Model::built_in("random_responder").unwrap(), &[0.7, 0.3], &dataset, 1);
    assert_eq!((found.replicates, found.at_estimate, found.unchecked.len()), (REPLICATES, 1, 0));

    let left = everybody(check(&found, StatisticKind::ChoiceRate, None));
    assert_eq!((left.persons, left.moments, left.observed), (1, 4, 0.75));
    // The mean of 200 rates of four actions has a standard error of 0.016: five of them.
    assert!((left.predicted - 0.7).abs() < 0.08, "{left:?}");
    // P(Binomial(4, 0.7) > 3) + ½ P(= 3) = 0.2401 + 0.2058, with a standard error below 0.036.
    assert!((left.p - 0.4459).abs() < 0.16, "{left:?}");

    let switching = everybody(check(&found, StatisticKind::Switching, None));
    assert_eq!((switching.moments, switching.observed), (2, 0.5));
    let win = everybody(check(&found, StatisticKind::StayAfterOutcome, Some("win")));
    let loss = everybody(check(&found, StatisticKind::StayAfterOutcome, Some("loss")));
    assert_eq!((win.moments, win.observed, loss.moments, loss.observed), (1, 1.0, 1, 0.0));
    // Means of 200 single actions: a standard error of 0.032.
    assert!((win.predicted - 0.7).abs() < 0.16 && (loss.predicted - 0.7).abs() < 0.16);
    assert_eq!(left.judged, 0, "four moments are too few to judge a person by");
}

fn simulated(model: &Model, values: &[f64], (subjects, steps): (usize, usize), seed: u64) -> Dataset {
    let design = Design { sessions: 1, trials: 1, steps };
    let truth = vec![values.to_vec(); subjects];
    let simulated = simulate(model, &truth, design, seed, &Workers::serial(), &|_| {});
    Dataset { groups: vec![None; subjects], subjects: simulated.subjects, ..Dataset::default() }
}

/// At the true values p is uniform but for being discrete: of 200 studies half have p in the middle half, give or take
/// 0.035; six of them make a false alarm in 5e8 per rate. And 95 % bands hold 95 %: 0.015, again six of them.
#[test]
fn at_the_truth_p_values_are_uniform_and_bands_hold_what_they_say() {
    let model = Model::built_in("win_stay_lose_shift").unwrap();
    let kinds = [
        (StatisticKind::ChoiceRate, None),
        (StatisticKind::Switching, None),
        (StatisticKind::StayAfterOutcome, Some("win")),
        (StatisticKind::ChoiceOverTime, Some("11-15")),
    ];
    let mut middle = [0; 4];
    let mut inside = [0; 4];
    for study in 0..200 {
        let dataset = simulated(&model, &[0.4], (8, 40), study);
        let found = at(&model, &[0.4], &dataset, study);
        for (index, (kind, level)) in kinds.into_iter().enumerate() {
            let found = everybody(check(&found, kind, level));
            middle[index] += usize::from((0.25..0.75).contains(&found.p));
            inside[index] += usize::from(!found.is_outside());
        }
    }
    for (middle, inside) in middle.into_iter().zip(inside) {
        let (middle, inside) = (middle as f64 / 200.0, inside as f64 / 200.0);
        assert!((middle - 0.5).abs() < 0.21, "{middle}");
        assert!((inside - 0.95).abs() < 0.09, "{inside}");
    }
}

fn checked(model: &Model, dataset: &Dataset, workers: &Workers) -> PredictiveChecks {
    let problem = Problem::new(model, Problem::default_roles(model)).unwrap();
    let method = LaplaceApproximation::default();
    let found = fit(&problem, dataset, &method, 3, workers, &|_| {});
    predictive_checks(finished(&problem, dataset, &found.subjects), 3, workers, &|_| {})
}

/// How many standard deviations of the replicates the observed rate is off.
fn distance(found: &GroupCheck) -> f64 {
    (found.observed - found.predicted) / ((found.band_95[1] - found.band_95[0]) / 3.92)
}

/// Under the model that made the data no rate is far off: about twenty rates at five standard deviations make a false alarm
/// in a hundred thousand seeds. Of the persons, judged by the data that they were fitted to, at most 5 % per rate are outside;
/// of about 500 judgements 10 % is six standard deviations, allowing for every person's being dependent.
#[test]
fn the_model_that_made_the_data_is_not_found_out() {
    let model = Model::built_in("win_stay_lose_shift").unwrap();
    let found = checked(&model, &simulated(&model, &[0.3], (30, 80), 5), &Workers::serial());
    assert!(found.checks.len() > 15 && found.unchecked.is_empty() && found.at_estimate == 0);
    for check in &found.checks {
        assert!(distance(everybody(check)).abs() < 5.0, "{check:?}");
    }
    let judged: usize = found.checks.iter().map(|check| everybody(check).judged).sum();
    let outside: usize = found.checks.iter().map(|check| everybody(check).outside).sum();
    assert!(judged > 500 && outside * 10 < judged, "{outside} of {judged}");
}

/// Sixty steps say little about the precision and the learning rate of the bandit, so that posteriors are skewed: replicates around
/// the maximum with the curvature there would be off by 2 % of actions, which 400 people tell apart. About twenty rates at five
/// standard deviations, as above.
#[test]
fn skewed_posteriors_make_no_false_alarm() {
    let model = Model::built_in("two_armed_bandit").unwrap();
    let role = |p: &actinf_agents::Parameter| match p.name.as_str() {
        "outcome_preference" | "prior_count" => Role::Fixed { values: p.default.clone() },
        _ => Role::Free { prior: Prior::default_for(p), default_prior: true },
    };
    let roles = model.parameters().iter().map(role).collect();
    let problem = Problem::new(&model, roles).unwrap();
    let truth = draw_values(&problem, 400, 8).unwrap();
    let design = Design { sessions: 1, trials: 1, steps: 60 };
    let simulated = simulate(&model, &truth, design, 8, &Workers::serial(), &|_| {});
    let dataset = Dataset { groups: vec![None; 400], subjects: simulated.subjects, ..Dataset::default() };
    let method = MaximumAPosteriori { starts: 2, ..MaximumAPosteriori::default() };
    let workers = Workers::new(NonZeroUsize::new(2)).unwrap();
    let subjects = fit(&problem, &dataset, &method, 3, &workers, &|_| {}).subjects;
    let found = predictive_checks(finished(&problem, &dataset, &subjects), 3, &workers, &|_| {});
    for check in &found.checks {
        assert!(distance(everybody(check)).abs() < 5.0, "{check:?}");
    }
}

/// People who repeat what won and leave what lost, fitted by a random responder that only has a bias. A rate six standard deviations off
/// would be found in one of 5e8 studies under a true model; here the two are 9 and 18 off.
#[test]
fn a_model_that_ignores_outcomes_is_found_out_by_what_people_do_after_them() {
    let people = Model::built_in("win_stay_lose_shift").unwrap();
    let responder = Model::built_in("random_responder").unwrap();
    let found = checked(&responder, &simulated(&people, &[0.2], (20, 60), 5), &Workers::serial());
    let win = everybody(check(&found, StatisticKind::StayAfterOutcome, Some("win")));
    let loss = everybody(check(&found, StatisticKind::StayAfterOutcome, Some("loss")));
    assert!(win.p < 1e-9 && win.is_outside() && loss.p > 1.0 - 1e-9 && loss.is_outside(), "{win:?} {loss:?}");
    assert!(
        distance(win) > 6.0 && distance(loss) < -6.0,
        "{win:?} {loss:?} {} {}",
        distance(win),
        distance(loss)
    );
    assert!(win.outside * 2 > win.judged, "{win:?}");
    // What the responder can say, how often each arm is chosen, it gets right.
    let left = everybody(check(&found, StatisticKind::ChoiceRate, None));
    assert!(!left.is_outside() && distance(left).abs() < 2.0, "{left:?}");
    let worst = &found.persons[0].outside[0];
    assert!(worst.check < found.checks.len() && worst.moments >= 10);
}

#[test]
fn threads_change_nothing_and_groups_are_judged_by_themselves() {
    let model = Model::built_in("win_stay_lose_shift").unwrap();
    let mut dataset = simulated(&model, &[0.3], (9, 30), 7);
    dataset.groups = (0..9).map(|k| (k != 4).then(|| if k < 4 { "a".into() } else { "b".into() })).collect();
    let serial = checked(&model, &dataset, &Workers::serial());
    assert_eq!(checked(&model, &dataset, &Workers::new(NonZeroUsize::new(3)).unwrap()), serial);
    let groups = &check(&serial, StatisticKind::ChoiceRate, None).groups;
    let named: Vec<(Option<&str>, usize)> = groups.iter().map(|g| (g.group.as_deref(), g.persons)).collect();
    assert_eq!(named, [(None, 9), (Some("a"), 4), (Some("b"), 4)]);
    let total = groups[0].observed * 9.0;
    let alone = serial_rate(&dataset.subjects[4]);
    assert!((total - 4.0 * (groups[1].observed + groups[2].observed) - alone).abs() < 1e-12);
}

/// How often the left arm was pulled.
fn serial_rate(subject: &Subject) -> f64 {
    let left = subject.steps().filter(|(_, step)| step.actions[0] == Some(0)).count();
    left as f64 / subject.steps().count() as f64
}

/// Two choices per trial: rates are told apart by step, and cues are what the first choice led to.
#[test]
fn routines_of_several_steps_are_looked_at_step_by_step() {
    let model = Model::built_in("two_step").unwrap();
    let values: Vec<f64> = model.parameters().iter().flat_map(|p| p.default.clone()).collect();
    let design = Design { sessions: 1, trials: 40, steps: 2 };
    let simulated = simulate(&model, &vec![values.clone(); 3], design, 2, &Workers::serial(), &|_| {});
    let dataset = Dataset { groups: vec![None; 3], subjects: simulated.subjects, ..Dataset::default() };
    let problem = Problem::all_may_be_fixed(&model, fixed(&model, &values)).unwrap();
    let record = |subject: &Subject| {
        let quick = Model::built_in("two_step").unwrap();
        let fits = Dataset { subjects: vec![subject.clone()], groups: vec![None], ..Dataset::default() };
        fitted(&quick, &fits).remove(0)
    };
    let subjects: Vec<SubjectRecord> = dataset.subjects[..1].iter().map(record).collect();
    let found = predictive_checks(finished(&problem, &dataset, &subjects), 1, &Workers::serial(), &|_| {});
    let first = everybody(check(&found, StatisticKind::ChoiceRate, Some("1")));
    let second = everybody(check(&found, StatisticKind::ChoiceRate, Some("2")));
    assert_eq!((first.moments, second.moments), (40, 40));
    let red = everybody(check(&found, StatisticKind::ChoiceByCue, Some("red")));
    let blue = everybody(check(&found, StatisticKind::ChoiceByCue, Some("blue")));
    assert_eq!(red.moments + blue.moments, 40);
    let win = everybody(check(&found, StatisticKind::StayAfterOutcome, Some("win")));
    let loss = everybody(check(&found, StatisticKind::StayAfterOutcome, Some("loss")));
    assert_eq!(win.moments + loss.moments, 39);
}
