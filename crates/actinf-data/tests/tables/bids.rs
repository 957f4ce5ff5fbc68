//! Folders of the Brain Imaging Data Structure.

use crate::fixtures::*;
use actinf_agents::Subject;
use actinf_data::{BidsError, ColumnMapping, Error, ErrorKind, column_names, read, sha256};
use actinf_fit::Dataset;
use std::path::Path;
use tempfile::TempDir;

const PARTICIPANTS: &str = "participant_id\tage\tgroup\nsub-10\tn/a\tcontrol\nsub-2\t31\tpatient\n";

/// A folder of these files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

/// Two persons, one task.
fn study() -> TempDir {
    folder(&[
        ("participants.tsv", PARTICIPANTS),
        ("sub-2/beh/sub-2_task-bandit_beh.tsv", "choice\toutcome\nleft\twin\nn/a\tn/a\n"),
        ("sub-10/beh/sub-10_task-bandit_beh.tsv", "outcome\tchoice\nlose\tright\n"),
    ])
}

/// No column of the person is named.
fn anybody() -> ColumnMapping {
    ColumnMapping { subject: String::new(), ..mapping() }
}

fn read_folder(folder: &Path, mapping: &ColumnMapping) -> Result<Dataset, Error> {
    read(folder, mapping, &schema())
}

fn problem(folder: &Path, mapping: &ColumnMapping) -> BidsError {
    match read_folder(folder, mapping).unwrap_err().kind() {
        ErrorKind::Bids(error) => error.clone(),
        other => panic!("{other}"),
    }
}

fn actions(subject: &Subject) -> Vec<Option<usize>> {
    subject.steps().map(|(_, step)| step.actions[0]).collect()
}

fn sessions(subject: &Subject) -> Vec<(&str, usize)> {
    let steps = |s: &actinf_agents::Session| s.trials.iter().map(|trial| trial.steps.len()).sum();
    subject.sessions.iter().map(|session| (session.label.as_str(), steps(session))).collect()
}

#[test]
fn the_persons_rows_are_joined_and_what_is_not_known_is_missing() {
    let mut mapping = anybody();
    (mapping.group, mapping.covariates) = (Some("group".into()), vec!["age".into()]);
    // `n/a` is missing whatever else is.
    mapping.missing = vec!["-1".into()];
    let dataset = read_folder(study().path(), &mapping).unwrap();
    let ids: Vec<&str> = dataset.subjects.iter().map(|subject| subject.id.as_str()).collect();
    assert_eq!(ids, ["sub-2", "sub-10"]);
    assert_eq!(dataset.groups, [Some("patient".to_owned()), Some("control".to_owned())]);
    assert_eq!(dataset.covariates[0].values, [Some(31.0), None]);
    assert_eq!(actions(&dataset.subjects[0]), [Some(0), None]);
    assert_eq!(actions(&dataset.subjects[1]), [Some(1)]);
    assert_eq!(sessions(&dataset.subjects[0]), [("1", 2)]);
}

#[test]
fn every_file_that_is_read_counts_for_the_hash() {
    let study = study();
    let names =
        ["participants.tsv", "sub-2/beh/sub-2_task-bandit_beh.tsv", "sub-10/beh/sub-10_task-bandit_beh.tsv"];
    let line =
        |name: &&str| format!("{}  {name}\n", sha256(&std::fs::read(study.path().join(name)).unwrap()));
    let printed: String = names.iter().map(line).collect();
    assert_eq!(read_folder(study.path(), &anybody()).unwrap().summary.sha256, sha256(printed.as_bytes()));
}

#[test]
fn a_table_of_behaviour_without_a_row_of_its_person_is_an_error() {
    let study = study();
    std::fs::write(study.path().join("participants.tsv"), "participant_id\tage\nsub-2\t31\n").unwrap();
    let error = read_folder(study.path(), &anybody()).unwrap_err();
    assert!(error.file().unwrap().ends_with("participants.tsv"), "{error}");
    assert!(error.to_string().contains("no row for `sub-10`"), "{error}");
    assert!(error.to_string().contains("sub-10_task-bandit_beh.tsv"), "{error}");
}

#[test]
fn a_person_without_behaviour_is_not_read_and_the_file_of_persons_may_be_absent() {
    let study = study();
    std::fs::write(study.path().join("participants.tsv"), format!("{PARTICIPANTS}sub-3\t20\tcontrol\n"))
        .unwrap();
    std::fs::create_dir_all(study.path().join("sub-3/anat")).unwrap();
    assert_eq!(read_folder(study.path(), &anybody()).unwrap().subjects.len(), 2);
    std::fs::remove_file(study.path().join("participants.tsv")).unwrap();
    assert_eq!(read_folder(study.path(), &anybody()).unwrap().subjects.len(), 2);
}

#[test]
fn a_person_twice_or_persons_without_a_name_are_errors_about_their_file() {
    let study = study();
    let told = |text: &str| {
        std::fs::write(study.path().join("participants.tsv"), text).unwrap();
        read_folder(study.path(), &anybody()).unwrap_err()
    };
    let error = told(&format!("{PARTICIPANTS}sub-2\t3\tcontrol\n"));
    assert!(
        error.to_string().contains("`sub-2` occurs at row 2 (line 3) and again at row 3 (line 4)"),
        "{error}"
    );
    let error = told("person\nsub-2\n");
    assert!(error.file().unwrap().ends_with("participants.tsv"));
    assert_eq!(
        error.kind(),
        &ErrorKind::Bids(BidsError::NoParticipantColumn { columns: vec!["person".into()] })
    );
}

#[test]
fn one_of_several_tasks_is_chosen() {
    let study = study();
    let other = "sub-2/beh/sub-2_task-urn_beh.tsv";
    std::fs::write(study.path().join(other), "choice\toutcome\nright\tdraw\n").unwrap();
    let tasks = vec!["bandit".to_owned(), "urn".to_owned()];
    let mut mapping = anybody();
    assert_eq!(problem(study.path(), &mapping), BidsError::SeveralTasks { tasks: tasks.clone() });
    assert!(column_names(study.path(), None).is_err());
    mapping.task = Some("urn".into());
    let dataset = read_folder(study.path(), &mapping).unwrap();
    assert_eq!((dataset.subjects.len(), actions(&dataset.subjects[0])), (1, vec![Some(1)]));
    mapping.task = Some("bandits".into());
    let nearest = Some("bandit".into());
    assert_eq!(
        problem(study.path(), &mapping),
        BidsError::UnknownTask { task: "bandits".into(), nearest, tasks }
    );
    let table = file("data.csv", "id,choice,outcome\na,0,0\n");
    assert_eq!(problem(&table.path, &mapping), BidsError::TaskOfAFile);
}

#[test]
fn several_sessions_are_told_apart_and_the_runs_of_one_follow_as_people_count() {
    let table = "choice\toutcome\nleft\twin\n";
    let study = folder(&[
        ("sub-1/ses-10/beh/sub-1_ses-10_task-b_run-1_beh.tsv", table),
        ("sub-1/ses-9/beh/sub-1_ses-9_task-b_run-10_beh.tsv", "choice\toutcome\nright\twin\n"),
        ("sub-1/ses-9/beh/sub-1_ses-9_task-b_run-9_beh.tsv", table),
    ]);
    let dataset = read_folder(study.path(), &anybody()).unwrap();
    assert_eq!(sessions(&dataset.subjects[0]), [("9", 2), ("10", 1)]);
    assert_eq!(actions(&dataset.subjects[0]), [Some(0), Some(1), Some(0)]);
    let mut mapping = anybody();
    mapping.trial = Some("run".into());
    let trials = &read_folder(study.path(), &mapping).unwrap().subjects[0].sessions[0].trials;
    assert_eq!(trials.iter().map(|trial| trial.label.as_str()).collect::<Vec<_>>(), ["9", "10"]);
    assert_eq!(
        column_names(study.path(), None).unwrap(),
        ["participant_id", "choice", "outcome", "session", "run", "task"]
    );
}

/// Of a scanner's folders the tables of events are read, if there are none of behaviour alone.
#[test]
fn events_are_read_where_no_behaviour_stands_alone() {
    let events = "onset\tduration\tchoice\toutcome\n0\t1\tleft\twin\n";
    let study = folder(&[("sub-1/func/sub-1_task-b_events.tsv", events)]);
    assert_eq!(read_folder(study.path(), &anybody()).unwrap().summary.steps, 1);
    std::fs::create_dir_all(study.path().join("sub-1/beh")).unwrap();
    let own = "choice\toutcome\nleft\twin\nleft\twin\n";
    std::fs::write(study.path().join("sub-1/beh/sub-1_task-b_beh.tsv"), own).unwrap();
    assert_eq!(read_folder(study.path(), &anybody()).unwrap().summary.steps, 2);
}

#[test]
fn messages_name_the_file_and_the_row_in_it() {
    let study = study();
    let path = study.path().join("sub-10/beh/sub-10_task-bandit_beh.tsv");
    std::fs::write(&path, "outcome\tchoice\nlose\tright\n\nlose\tup\n").unwrap();
    let place = "sub-10/beh/sub-10_task-bandit_beh.tsv, row 2 (line 4), column `choice`: found `up`";
    let error = read_folder(study.path(), &anybody()).unwrap_err();
    assert!(error.to_string().contains(place), "{error}");
    let mut mapping = anybody();
    mapping.rows.insert("choice".into(), vec!["up".into()]);
    let error = read_folder(study.path(), &mapping).unwrap_err();
    assert!(error.to_string().contains(place), "{error}");
    std::fs::write(&path, "outcome\tchoice\nlose\n").unwrap();
    let error = read_folder(study.path(), &anybody()).unwrap_err();
    assert!(error.file().unwrap().ends_with("sub-10_task-bandit_beh.tsv"), "{error}");
}

#[test]
fn a_column_is_in_every_table_and_in_one_place() {
    let study = study();
    let path = study.path().join("sub-10/beh/sub-10_task-bandit_beh.tsv");
    std::fs::write(&path, "choice\tage\nleft\t3\n").unwrap();
    let other = "sub-2/beh/sub-2_task-bandit_beh.tsv".to_owned();
    let missing = BidsError::NotInEveryTable { column: "outcome".into(), other };
    assert_eq!(problem(study.path(), &anybody()), missing);
    let mut mapping = anybody();
    mapping.covariates = vec!["age".into()];
    assert_eq!(problem(study.path(), &mapping), BidsError::ColumnTwice { column: "age".into() });
}

#[test]
fn a_file_in_the_folder_of_somebody_else_is_an_error() {
    let study = study();
    let path = study.path().join("sub-10/beh/sub-1_task-bandit_beh.tsv");
    std::fs::write(&path, "choice\toutcome\nleft\twin\n").unwrap();
    assert_eq!(problem(study.path(), &anybody()), BidsError::InAnotherFolder { folder: "sub-10".into() });
}

#[test]
fn a_folder_of_something_else_is_named_as_one() {
    let error = read_folder(folder(&[("data.csv", "")]).path(), &anybody()).unwrap_err();
    assert!(error.to_string().contains("it is a folder; name a file in it"), "{error}");
    assert_eq!(
        problem(folder(&[("participants.tsv", PARTICIPANTS)]).path(), &anybody()),
        BidsError::NoTables
    );
}

/// Exports of experiments have a column `task` of their own, which says more than the name of the file.
#[test]
fn the_tables_own_column_holds_where_the_name_of_the_file_says_it_too() {
    let study = study();
    for (name, rows) in [("sub-2", "go\tleft\twin\nbreak\tn/a\tn/a\n"), ("sub-10", "go\tright\twin\n")] {
        let path = study.path().join(format!("{name}/beh/{name}_task-bandit_beh.tsv"));
        std::fs::write(path, format!("task\tchoice\toutcome\n{rows}")).unwrap();
    }
    let mut mapping = anybody();
    mapping.task = Some("bandit".into());
    mapping.rows.insert("task".into(), vec!["go".into()]);
    assert_eq!(read_folder(study.path(), &mapping).unwrap().summary.steps, 2);
}
