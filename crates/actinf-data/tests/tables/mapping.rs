//! Mappings that do not fit the model.

use crate::fixtures::*;
use actinf_data::{CodedColumn, ColumnMapping, NumericColumn};

fn refused(change: impl FnOnce(&mut ColumnMapping)) -> String {
    let mut mapping = mapping();
    change(&mut mapping);
    let error = mapping.check(&schema()).unwrap_err();
    assert_eq!(error.file(), None);
    error.to_string()
}

fn choice(mapping: &mut ColumnMapping) -> &mut CodedColumn {
    mapping.actions.get_mut("choice").unwrap().as_mut().unwrap()
}

#[test]
fn what_fits_is_accepted() {
    assert_eq!(full_mapping().check(&schema()), Ok(()));
}

#[test]
fn every_variable_must_be_mapped_or_declared_absent() {
    assert_eq!(
        refused(|mapping| drop(mapping.responses.remove("mood"))),
        "the model's response `mood` is mapped to no column. Name it under [data.responses], as in `mood = \"COLUMN\"`, \
         or write `mood = false` there if the data do not have it"
    );
    assert!(refused(|mapping| mapping.actions.clear()).starts_with("the model's control `choice`"));
}

#[test]
fn unknown_variables_are_refused_with_the_nearest_name() {
    assert_eq!(
        refused(|mapping| drop(mapping.observations.insert("outcomes".into(), None))),
        "the model has no modality `outcomes`. Did you mean `outcome`? It has: `outcome`"
    );
    assert_eq!(
        refused(|mapping| drop(mapping.responses.insert("pupil_diameter".into(), None))),
        "the model has no response `pupil_diameter`. It has: `time`, `confidence`, `mood`"
    );
}

#[test]
fn texts_must_stand_for_labels_the_model_has() {
    assert_eq!(
        refused(|mapping| drop(choice(mapping).labels.insert("L".into(), "lefft".into()))),
        "the control `choice` has no label `lefft`, to which the cell text `L` is mapped. \
         Did you mean `left`? The labels are: `left`, `right`"
    );
}

#[test]
fn a_text_cannot_be_a_label_and_mean_missing() {
    assert_eq!(
        refused(|mapping| mapping.missing.push("left".into())),
        "the text `left` is a label of the control `choice` and also means that a value is missing. \
         Set the list of texts that mean missing in the fit file so that it does not contain `left`"
    );
    let text = refused(|mapping| drop(choice(mapping).labels.insert("null".into(), "left".into())));
    assert!(text.starts_with("the text `null` is a label"), "{text}");
}

#[test]
fn scales_must_be_usable() {
    for (scale, offset) in [(0.0, 0.0), (f64::NAN, 0.0), (1.0, f64::INFINITY)] {
        let column = NumericColumn { column: "x".into(), scale, offset };
        let text = refused(|mapping| drop(mapping.responses.insert("time".into(), Some(column))));
        assert!(text.starts_with("the response `time` has scale"), "{text}");
    }
}

#[test]
fn a_covariate_is_listed_once() {
    let text = refused(|mapping| mapping.covariates = vec!["age".into(), "age".into()]);
    assert_eq!(text, "the covariate `age` is listed twice. Remove one of the two");
}
