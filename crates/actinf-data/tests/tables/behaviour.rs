//! Behaviour written and read back.

use crate::fixtures::*;
use actinf_agents::{Moment, Observation, ResponseVariable, Schema, Session, Step, Subject, Trial};
use actinf_data::{ErrorKind, behaviour_mapping, read, write_behaviour};

fn step(action: Option<usize>, outcome: Option<usize>, responses: [Option<f64>; 3]) -> Step {
    let observation = outcome.map_or(Observation::Missing, Observation::Outcome);
    Step { row: 0, actions: vec![action], observations: vec![observation], responses: responses.to_vec() }
}

fn trial(label: &str, aborted: bool, steps: Vec<Step>) -> Trial {
    Trial { label: label.into(), aborted, steps }
}

fn subjects() -> Vec<Subject> {
    let first = vec![
        trial("1", false, vec![step(Some(0), Some(2), [Some(0.1), None, None]), step(None, None, [None; 3])]),
        trial("2", false, vec![step(Some(1), None, [Some(1.0 / 3.0), Some(-1e-17), None])]),
    ];
    let second = vec![
        trial("1", false, vec![step(None, Some(1), [None, None, Some(2.5)])]),
        trial("x, \"y\"", true, vec![step(Some(1), None, [None; 3])]),
    ];
    let session = |label: &str, trials| Session { label: label.into(), trials };
    vec![
        Subject { id: "007".into(), sessions: vec![session("1", first), session("2", second)] },
        Subject {
            id: "NA".into(),
            sessions: vec![session("1", vec![trial("1", false, vec![step(Some(0), Some(0), [None; 3])])])],
        },
    ]
}

/// The rows of a table, numbered.
fn numbered(mut subjects: Vec<Subject>) -> Vec<Subject> {
    let sessions = subjects.iter_mut().flat_map(|subject| &mut subject.sessions);
    let steps = sessions.flat_map(|session| &mut session.trials).flat_map(|trial| &mut trial.steps);
    steps.zip(1..).for_each(|(step, row)| step.row = row);
    subjects
}

#[test]
fn what_is_written_reads_back_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new").join("behaviour.csv");
    let mapping = write_behaviour(&path, &schema(), &subjects(), &[]).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(
        text.starts_with(
            "subject,session,trial,step,choice,outcome,time,confidence,mood,aborted\n\
             007,1,1,1,left,win,0.1,,,false\n\
             007,1,1,2,,,,,,false\n"
        ),
        "{text}"
    );
    let dataset = read(&path, &mapping, &schema()).unwrap();
    assert_eq!(dataset.subjects, numbered(subjects()));
    let left: Vec<_> = std::fs::read_dir(path.parent().unwrap()).unwrap().collect();
    assert_eq!(left.len(), 1, "nothing temporary is left");
}

#[test]
fn without_aborted_trials_the_usual_mapping_reads_it() {
    let mut subjects = subjects();
    subjects[0].sessions[1].trials.pop();
    let file = file("behaviour.csv", "replaced");
    write_behaviour(&file.path, &schema(), &subjects, &[]).unwrap();
    assert!(!std::fs::read_to_string(&file.path).unwrap().contains("aborted"));
    let dataset = read(&file.path, &behaviour_mapping(&schema()), &schema()).unwrap();
    assert_eq!(dataset.subjects, numbered(subjects));
}

#[test]
fn shared_names_are_prefixed_and_labels_may_look_like_missing_values() {
    let schema = Schema {
        controls: vec![variable("step", &["NA", "null"])],
        modalities: vec![variable("side", &["1", "0"])],
        responses: vec![ResponseVariable { name: "side".into(), moment: Moment::Step }],
        row_order: schema().row_order,
    };
    let step = |action, outcome, response| Step {
        row: 0,
        actions: vec![Some(action)],
        observations: vec![Observation::Outcome(outcome)],
        responses: vec![Some(response)],
    };
    let trials = vec![trial("1", false, vec![step(0, 0, 0.5), step(1, 1, 1.5)])];
    let subjects = vec![Subject { id: "a".into(), sessions: vec![Session { label: "1".into(), trials }] }];
    let file = file("behaviour.csv", "");
    let mapping = write_behaviour(&file.path, &schema, &subjects, &[]).unwrap();
    let text = std::fs::read_to_string(&file.path).unwrap();
    assert!(
        text.starts_with("subject,session,trial,step,action.step,observation.side,response.side\n"),
        "{text}"
    );
    assert_eq!(read(&file.path, &mapping, &schema).unwrap().subjects, numbered(subjects));
}

#[test]
fn behaviour_that_does_not_fit_the_model_is_refused_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("behaviour.csv");
    let mut subjects = subjects();
    subjects[1].sessions[0].trials[0].steps[0].actions[0] = Some(2);
    let error = write_behaviour(&path, &schema(), &subjects, &[]).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Inconsistent { .. }), "{error}");
    assert!(
        error.to_string().contains("step 1 of trial `1`, session `1`, subject `NA` does not fit"),
        "{error}"
    );
    assert!(!path.exists());
}
