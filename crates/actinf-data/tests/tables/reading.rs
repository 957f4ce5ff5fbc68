//! What rows and cells mean.

use crate::fixtures::*;
use actinf_agents::{Moment, Observation, Subject};
use actinf_data::{CodedColumn, NumericColumn};
use actinf_fit::MissingCount;

fn actions(subject: &Subject) -> Vec<Option<usize>> {
    subject.steps().map(|(_, step)| step.actions[0]).collect()
}

fn responses(subject: &Subject, index: usize) -> Vec<Option<f64>> {
    let trials = subject.sessions.iter().flat_map(|session| &session.trials);
    trials.flat_map(|trial| &trial.steps).map(|step| step.responses[index]).collect()
}

fn missing(variable: &str, expected: usize, missing: usize) -> MissingCount {
    MissingCount { variable: variable.into(), expected, missing }
}

#[test]
fn labels_codes_and_missing_cells_are_understood() {
    let mut mapping = mapping();
    let coded = mapping.actions.get_mut("choice").unwrap().as_mut().unwrap();
    coded.first_code = 1;
    coded.labels.insert("R".into(), "right".into());
    let text = "id,choice,outcome\n007,left,win\n007,2,0\n007,R,\n007,1.0,1\n007,NA,2.0\n007, right ,n/a\n";
    let dataset = read_csv(text, &mapping).unwrap();
    assert_eq!(dataset.subjects[0].id, "007");
    assert_eq!(actions(&dataset.subjects[0]), [Some(0), Some(1), Some(1), Some(0), None, Some(1)]);
    let seen: Vec<_> = dataset.subjects[0].steps().map(|(_, step)| step.observations[0].clone()).collect();
    let outcome = Observation::Outcome;
    assert_eq!(
        seen,
        [outcome(2), outcome(0), Observation::Missing, outcome(1), outcome(2), Observation::Missing]
    );
    assert_eq!(dataset.summary.actions, [missing("choice", 6, 1)]);
    assert_eq!(dataset.summary.observations, [missing("outcome", 6, 2)]);
}

#[test]
fn alternating_subjects_are_told_apart_in_order_of_appearance() {
    let text = "id,choice,outcome\nb,0,0\na,1,0\nb,1,0\na,0,0\nb,0,0\n";
    let dataset = read_csv(text, &mapping()).unwrap();
    let ids: Vec<&str> = dataset.subjects.iter().map(|subject| subject.id.as_str()).collect();
    assert_eq!(ids, ["b", "a"]);
    assert_eq!(actions(&dataset.subjects[0]), [Some(0), Some(1), Some(0)]);
    let rows: Vec<usize> = dataset.subjects[1].steps().map(|(_, step)| step.row).collect();
    assert_eq!(rows, [2, 4]);
}

#[test]
fn sessions_and_trials_follow_their_columns() {
    let text = "id,session,trial,choice,outcome\n\
        a,x,1,0,0\na,x,1,1,0\na,x,2,0,0\na,y,1,0,0\nb,x,1,0,0\n";
    let dataset = read_csv(text, &long_mapping()).unwrap();
    let sessions = &dataset.subjects[0].sessions;
    assert_eq!(sessions.iter().map(|s| s.label.as_str()).collect::<Vec<_>>(), ["x", "y"]);
    assert_eq!(sessions[0].trials.iter().map(|t| t.steps.len()).collect::<Vec<_>>(), [2, 1]);
    let summary = &dataset.summary;
    assert_eq!((summary.subjects, summary.sessions, summary.trials, summary.steps), (2, 3, 4, 5));
    assert_eq!(summary.rows, 5);
}

#[test]
fn a_trial_in_which_nothing_is_recorded_is_aborted() {
    let text = "id,session,trial,choice,outcome\na,x,1,0,0\na,x,2,,\na,x,2,NA,\na,x,3,,0\n";
    let dataset = read_csv(text, &long_mapping()).unwrap();
    let aborted: Vec<bool> =
        dataset.subjects[0].sessions[0].trials.iter().map(|trial| trial.aborted).collect();
    assert_eq!(aborted, [false, true, false]);
    assert_eq!((dataset.summary.aborted_trials, dataset.summary.steps), (1, 2));
    assert_eq!(dataset.summary.actions, [missing("choice", 2, 1)]);
}

#[test]
fn marked_trials_are_aborted_whatever_their_cells_hold() {
    let mut mapping = long_mapping();
    mapping.aborted = Some("bad".into());
    let text = "id,session,trial,choice,outcome,bad\na,x,1,0,0,\na,x,2,-1,timeout,TRUE\na,x,2,1,win,1\n";
    let dataset = read_csv(text, &mapping).unwrap();
    let trial = &dataset.subjects[0].sessions[0].trials[1];
    assert!(trial.aborted);
    assert_eq!(trial.steps.iter().map(|step| step.actions[0]).collect::<Vec<_>>(), [None, Some(1)]);
}

#[test]
fn one_column_may_feed_an_action_and_an_observation() {
    let mut mapping = mapping();
    mapping.observations.insert("outcome".into(), Some(CodedColumn::new("choice")));
    let dataset = read_csv("id,choice\na,1\na,0\n", &mapping).unwrap();
    assert_eq!(actions(&dataset.subjects[0]), [Some(1), Some(0)]);
    let step = &dataset.subjects[0].sessions[0].trials[0].steps[0];
    assert_eq!(step.observations, [Observation::Outcome(1)]);
}

#[test]
fn responses_stand_on_the_step_of_their_moment() {
    let mut mapping = full_mapping();
    let percent = NumericColumn { column: "mood".into(), scale: 0.01, offset: 0.5 };
    mapping.responses.insert("mood".into(), Some(percent));
    let text = "id,session,trial,choice,outcome,time,confidence,mood\n\
        a,x,1,0,0,0.5,3,50\n\
        a,x,1,1,0,,3,\n\
        a,x,2,0,0,0.7,,50\n\
        a,x,3,,,0.8,9,\n";
    let dataset = read_csv(text, &mapping).unwrap();
    let subject = &dataset.subjects[0];
    assert_eq!(responses(subject, 0), [Some(0.5), None, Some(0.7), Some(0.8)]);
    assert_eq!(responses(subject, 1), [None, Some(3.0), None, None], "trial 3 is aborted");
    assert_eq!(responses(subject, 2), [None, None, Some(1.0), None], "50 * 0.01 + 0.5");
    let counts = &dataset.summary.responses;
    assert_eq!(counts[..], [missing("time", 3, 1), missing("confidence", 2, 1), missing("mood", 1, 0)]);
}

#[test]
fn a_session_of_aborted_trials_expects_no_response() {
    let text = "id,session,trial,choice,outcome,time,confidence,mood\na,x,1,,,1,1,1\na,y,1,0,0,1,1,1\n";
    let dataset = read_csv(text, &full_mapping()).unwrap();
    assert_eq!(dataset.summary.responses[2], missing("mood", 1, 0));
    assert_eq!(schema().responses[2].moment, Moment::SessionEnd);
}

#[test]
fn variables_declared_absent_are_always_missing_and_abort_nothing() {
    let mut mapping = mapping();
    mapping.observations.insert("outcome".into(), None);
    let dataset = read_csv("id,choice\na,0\na,\n", &mapping).unwrap();
    assert_eq!(dataset.summary.observations, [missing("outcome", 2, 2)]);
    assert_eq!(dataset.summary.aborted_trials, 0);
}

#[test]
fn groups_and_covariates_belong_to_subjects() {
    let mut mapping = mapping();
    mapping.group = Some("arm".into());
    mapping.covariates = vec!["age".into(), "iq".into()];
    let text = "id,arm,age,iq,choice,outcome\na,x,,90.5,0,0\nb,,30,,0,0\na,x,41,90.50,0,0\na,,,,0,0\n";
    let dataset = read_csv(text, &mapping).unwrap();
    assert_eq!(dataset.group_column.as_deref(), Some("arm"));
    assert_eq!(dataset.groups, [Some("x".into()), None]);
    assert_eq!(dataset.covariates[0].values, [Some(41.0), Some(30.0)]);
    assert_eq!(dataset.covariates[1].values, [Some(90.5), None]);
}

#[test]
fn the_summary_names_the_file_and_its_hash() {
    let file = file("data.csv", "id,choice,outcome\na,0,0\n");
    let dataset = actinf_data::read(&file.path, &mapping(), &schema()).unwrap();
    // sha256sum of the same bytes.
    let expected = "e646e8789de03a1fa70fe4a1b1ad2f3a3a2ac640d45d1679e2dfb0303d2d1daf";
    assert_eq!(dataset.summary.sha256, expected);
    assert_eq!(dataset.summary.file, file.path.display().to_string());
}
