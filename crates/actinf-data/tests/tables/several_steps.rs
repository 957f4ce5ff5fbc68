//! Rows that hold several steps, and amounts that are cut into outcomes.

use crate::fixtures::*;
use actinf_agents::{Observation, Step};
use actinf_data::{CodedColumn, ColumnMapping, NumericColumn, StepColumns, column_names, read};

/// Two choices in a row, of which the second is followed by an amount, and the time of the second.
fn two_in_a_row() -> ColumnMapping {
    let mut mapping = mapping();
    mapping.actions.clear();
    mapping.observations.clear();
    mapping.responses.insert("time".into(), Some(NumericColumn::new("seconds")));
    let mut amount = CodedColumn::new("amount");
    (amount.cuts, amount.scale) = (vec![0.0, 10.0], -1.0);
    for (column, outcome) in [("first", None), ("second", Some(amount))] {
        let mut step = StepColumns::default();
        step.actions.insert("choice".into(), Some(CodedColumn::new(column)));
        step.observations.insert("outcome".into(), outcome);
        mapping.steps.push(step);
    }
    mapping
}

#[test]
fn each_row_is_a_trial_of_several_steps() {
    let file = file("x.csv", "id,first,second,amount,seconds\na,left,right,-20,1.5\nb,0,0,5,2\na,1,,-10,\n");
    let dataset = read(&file.path, &two_in_a_row(), &schema()).unwrap();
    let trials = &dataset.subjects[0].sessions[0].trials;
    assert_eq!(trials.iter().map(|trial| trial.label.as_str()).collect::<Vec<_>>(), ["1", "2"]);
    let step = |row, action, outcome, time| Step {
        row,
        actions: vec![action],
        observations: vec![outcome],
        responses: vec![time, None, None],
    };
    let (missing, win) = (Observation::Missing, Observation::Outcome(2));
    let first = [step(1, Some(0), missing.clone(), None), step(1, Some(1), win.clone(), Some(1.5))];
    assert_eq!(trials[0].steps, first);
    assert_eq!(trials[1].steps, [step(3, Some(1), missing, None), step(3, None, win, None)]);
    assert_eq!(dataset.subjects[1].sessions[0].trials[0].steps[1].observations, [Observation::Outcome(0)]);
    assert_eq!((dataset.summary.rows, dataset.summary.steps), (3, 6));
    assert_eq!((dataset.summary.actions[0].expected, dataset.summary.actions[0].missing), (6, 1));
}

#[test]
fn a_column_of_trials_joins_rows() {
    let file = file("x.csv", "id,t,first,second,amount,seconds\na,x,0,1,1,1\na,x,1,1,1,1\n");
    let mut mapping = two_in_a_row();
    mapping.trial = Some("t".into());
    let dataset = read(&file.path, &mapping, &schema()).unwrap();
    assert_eq!(dataset.subjects[0].sessions[0].trials[0].steps.len(), 4);
}

#[test]
fn what_cannot_be_cut_or_is_mapped_twice_is_refused() {
    let refused = |change: &dyn Fn(&mut ColumnMapping)| {
        let mut mapping = two_in_a_row();
        change(&mut mapping);
        mapping.check(&schema()).unwrap_err().to_string()
    };
    let amount = |mapping: &mut ColumnMapping, change: &dyn Fn(&mut CodedColumn)| {
        change(mapping.steps[1].observations.get_mut("outcome").unwrap().as_mut().unwrap());
    };
    let expected = "the modality `outcome` has the labels lose, draw, win; amounts are cut into them by 2 cuts that rise, not by [0.0], \
                    after a finite scale that is not 0";
    assert_eq!(refused(&|mapping| amount(mapping, &|column| column.cuts.truncate(1))), expected);
    assert!(refused(&|mapping| amount(mapping, &|column| column.cuts.reverse())).contains("that rise"));
    assert!(refused(&|mapping| amount(mapping, &|column| column.scale = 0.0)).contains("not 0"));
    let twice = refused(&|mapping| drop(mapping.actions.insert("choice".into(), None)));
    assert!(
        twice.starts_with("columns are mapped for the only step of a row and for each of several"),
        "{twice}"
    );
    let unmapped = refused(&|mapping| mapping.steps[0].actions.clear());
    assert!(unmapped.starts_with("the model's control `choice` is mapped to no column"), "{unmapped}");
}

#[test]
fn the_columns_of_a_table_can_be_asked_for() {
    let file = file("x.csv", "id,first,second\na,0,1\n");
    assert_eq!(column_names(&file.path, None).unwrap(), ["id", "first", "second"]);
}
