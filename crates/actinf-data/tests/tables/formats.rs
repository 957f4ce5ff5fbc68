//! The same table in every format.

use crate::fixtures::*;
use actinf_data::{ColumnMapping, ErrorKind, read};
use actinf_fit::Dataset;
use polars::prelude::*;

fn parquet(columns: Vec<Column>) -> File {
    let mut frame = DataFrame::new_infer_height(columns).unwrap();
    let mut bytes = Vec::new();
    ParquetWriter::new(&mut bytes).finish(&mut frame).unwrap();
    file("data.parquet", bytes)
}

fn full() -> ColumnMapping {
    let mut mapping = full_mapping();
    mapping.aborted = Some("bad".into());
    mapping.group = Some("arm".into());
    mapping.covariates = vec!["age".into()];
    mapping
}

/// The dataset without what names the file.
fn read_anonymous(file: &File) -> Dataset {
    let mut dataset = read(&file.path, &full(), &schema()).unwrap();
    dataset.summary.file.clear();
    dataset.summary.sha256.clear();
    dataset
}

const CSV: &str = "id,arm,age,session,trial,bad,choice,outcome,time,confidence,mood\n\
    7,x,30.5,1,1,false,left,1,0.25,3,-1.5\n\
    7,x,30.5,1,1,false,,2,,3,-1.5\n\
    7,x,30.5,2,1,true,right,0,0.1,3,0\n\
    8,,,1,1,false,right,,1e-3,4,2\n";

#[test]
fn csv_tsv_txt_and_parquet_give_the_same_dataset() {
    let typed = parquet(vec![
        Column::new("id".into(), [7_i64, 7, 7, 8]),
        Column::new("arm".into(), [Some("x"), Some("x"), Some("x"), None]),
        Column::new("age".into(), [Some(30.5_f64), Some(30.5), Some(30.5), None]),
        Column::new("session".into(), [1_u32, 1, 2, 1]),
        Column::new("trial".into(), [1.0_f64, 1.0, 1.0, 1.0]),
        Column::new("bad".into(), [false, false, true, false]),
        Column::new("choice".into(), [Some("left"), None, Some("right"), Some("right")]),
        Column::new("outcome".into(), [Some(1.0_f64), Some(2.0), Some(0.0), None]),
        Column::new("time".into(), [Some(0.25_f64), None, Some(0.1), Some(1e-3)]),
        Column::new("confidence".into(), [3_i32, 3, 3, 4]),
        Column::new("mood".into(), [-1.5_f32, -1.5, 0.0, 2.0]),
    ]);
    let comma = read_anonymous(&file("data.csv", CSV));
    assert_eq!(comma.subjects[0].sessions[0].trials[0].steps[1].responses, [None, Some(3.0), Some(-1.5)]);
    assert_eq!(comma.summary.aborted_trials, 1);
    let tabs = CSV.replace(',', "\t");
    assert_eq!(read_anonymous(&file("data.tsv", &tabs)), comma);
    assert_eq!(read_anonymous(&file("data.txt", &tabs)), comma);
    assert_eq!(read_anonymous(&file("data.txt", CSV)), comma);
    assert_eq!(read_anonymous(&file("data.CSV", CSV.replace('\n', "\r\n"))), comma);
    assert_eq!(read_anonymous(&typed), comma);
}

#[test]
fn text_of_parquet_keeps_its_leading_zeros() {
    let file = parquet(vec![
        Column::new("id".into(), ["007", "7"]),
        Column::new("choice".into(), [true, false]),
        Column::new("outcome".into(), [1_u32, 2]),
    ]);
    let dataset = read(&file.path, &mapping(), &schema()).unwrap();
    assert_eq!(dataset.subjects[0].id, "007");
    assert_eq!(dataset.subjects[0].sessions[0].trials[0].steps[0].actions, [Some(1)]);
}

#[test]
fn parquet_rows_have_no_lines() {
    let file = parquet(vec![
        Column::new("id".into(), ["a"]),
        Column::new("choice".into(), [9_i64]),
        Column::new("outcome".into(), [0.5_f32]),
    ]);
    let text = shortened(&read(&file.path, &mapping(), &schema()).unwrap_err());
    assert!(text.contains("row 1, column `choice`: found `9`"), "{text}");
    assert!(text.contains("row 1, column `outcome`: found `0.5`"), "{text}");
}

#[test]
fn unusable_parquet_types_are_named_only_where_they_are_needed() {
    let binary = |name: &str| Column::new(name.into(), [&b"x"[..]]);
    let columns =
        |odd: &str| vec![Column::new("id".into(), ["a"]), Column::new("choice".into(), [0]), binary(odd)];
    let error = read(&parquet(columns("outcome")).path, &mapping(), &schema()).unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::UnsupportedType { column, .. } if column == "outcome"),
        "{error}"
    );
    let mut mapping = mapping();
    mapping.observations.insert("outcome".into(), None);
    assert!(read(&parquet(columns("photo")).path, &mapping, &schema()).is_ok());
}

#[test]
fn parquet_without_rows_or_columns_is_reported() {
    let none: [&str; 0] = [];
    let file = parquet(vec![Column::new("id".into(), none)]);
    let error = read(&file.path, &mapping(), &schema()).unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::NoRows);
    let file = parquet(vec![Column::new("x".into(), ["a"])]);
    let error = read(&file.path, &mapping(), &schema()).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::UnknownColumn { column, .. } if column == "id"), "{error}");
}
