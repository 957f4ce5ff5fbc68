//! Parameter values written and read back.

use crate::fixtures::*;
use actinf_data::{ErrorKind, ParameterValues, read_values, write_values};

fn components() -> Vec<String> {
    ["precision", "share[1]", "share[2]"].map(String::from).to_vec()
}

fn message_of(text: &str) -> String {
    shortened(&read_values(&file("values.csv", text).path, &components()).unwrap_err())
}

#[test]
fn values_per_subject_read_back_the_same_bits() {
    let rows = vec![
        ("007".to_owned(), vec![0.1 + 0.2, 1e-300, 1.0]),
        ("b,c".to_owned(), vec![-0.0, 1.0 / 3.0, 4.0]),
    ];
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("values.csv");
    write_values(&path, &components(), &rows).unwrap();
    let read = read_values(&path, &components()).unwrap();
    assert_eq!(read, ParameterValues::PerSubject(rows.clone()));
    let ParameterValues::PerSubject(read) = read else { panic!() };
    assert_eq!(read[0].1[0].to_bits(), rows[0].1[0].to_bits());
}

#[test]
fn one_row_without_subjects_holds_for_all_and_columns_may_stand_in_any_order() {
    let file = file("values.csv", "share[2],precision,share[1]\n0.75,2,0.25\n");
    let values = read_values(&file.path, &components()).unwrap();
    assert_eq!(values, ParameterValues::Shared(vec![2.0, 0.25, 0.75]));
}

#[test]
fn lacking_and_unknown_columns_are_pointed_out() {
    assert_eq!(
        message_of("precision\n1\n"),
        "values.csv: there is no column for `share[1]`, `share[2]`. \
         Add one column for each: `precision`, `share[1]`, `share[2]`"
    );
    assert_eq!(
        message_of("precison,share[1],share[2]\n1,1,1\n"),
        "values.csv: column `precison` is neither `subject` nor a parameter. \
         Did you mean `precision`? The parameters are: `precision`, `share[1]`, `share[2]`"
    );
}

#[test]
fn values_have_no_gaps_and_subjects_one_row() {
    assert!(
        message_of("precision,share[1],share[2]\n,1,x\n").starts_with("values.csv: 2 cells cannot be read:")
    );
    assert_eq!(
        message_of("precision,share[1],share[2]\n1,1,1\n2,2,2\n"),
        "values.csv: the file has 2 rows but no column `subject` to tell whose they are. \
         Add it, or keep one row for all subjects"
    );
    assert_eq!(
        message_of("subject,precision,share[1],share[2]\na,1,1,1\na,2,2,2\n"),
        "values.csv: subject `a` occurs at row 1 (line 2) and again at row 2 (line 3). Keep one row per subject"
    );
}

#[test]
fn rows_of_the_wrong_length_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("values.csv");
    let error = write_values(&path, &components(), &[("a".into(), vec![1.0])]).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Inconsistent { .. }), "{error}");
    assert!(!path.exists());
}
