//! Every way in which a file cannot be read, and what the message says.

use crate::fixtures::*;
use actinf_data::{ErrorKind, NumericColumn, TableRow, read};

const HEADER: &str = "id,choice,outcome\n";

fn line(row: usize, line: usize) -> TableRow {
    TableRow { file: None, row, line: Some(line) }
}

#[test]
fn a_file_that_does_not_exist_is_named() {
    let error = read("data/none.csv".as_ref(), &mapping(), &schema()).unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::NotFound);
    assert_eq!(
        error.to_string(),
        "data/none.csv: the file was not found. A path in a fit file is relative to the folder the fit file is in; \
         correct the path or move the file there"
    );
}

#[test]
fn a_folder_is_not_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data.csv");
    std::fs::create_dir(&path).unwrap();
    let error = read(&path, &mapping(), &schema()).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Unreadable { .. }), "{error}");
}

#[test]
fn an_unknown_extension_names_the_known_ones() {
    for (name, shown) in [("data.xlsx", "`.xlsx`"), ("data", "a name without an extension")] {
        let file = file(name, "x");
        let text = shortened(&read(&file.path, &mapping(), &schema()).unwrap_err());
        let rest =
            "is not a format that can be read. Use .csv (commas), .tsv (tabs), .txt (either) or .parquet";
        assert_eq!(text, format!("{name}: {shown} {rest}"));
    }
}

#[test]
fn empty_files_and_files_without_rows_are_told_apart() {
    for text in ["", "\n\r\n", "\u{feff}"] {
        assert_eq!(read_csv(text, &mapping()).unwrap_err().kind(), &ErrorKind::Empty, "{text:?}");
    }
    assert_eq!(
        message(HEADER, &mapping()),
        "data.csv: the file has no rows of data, only the names of its columns. Add a line for every step"
    );
}

#[test]
fn text_that_is_not_utf8_names_the_line_and_the_remedy() {
    let file = file("data.csv", b"id,choice,outcome\na,0,0\nM\xfcller,0,0\n");
    let error = read(&file.path, &mapping(), &schema()).unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::NotUtf8 { line: 3 });
    assert!(error.to_string().contains("Save the file with the encoding UTF-8"), "{error}");
}

#[test]
fn an_unknown_column_lists_the_nearest_and_all() {
    assert_eq!(
        message("id,choise,outcome\na,0,0\n", &mapping()),
        "data.csv: there is no column `choice` (mapped to the control `choice`). \
         Did you mean `choise`? The columns are: `id`, `choise`, `outcome`"
    );
    assert!(message("id;choice;outcome\na;0;0\n", &mapping()).contains("another separator is used"));
}

#[test]
fn a_needed_column_must_not_occur_twice_but_others_may() {
    assert_eq!(
        message("id,choice,outcome,choice\na,0,0,1\n", &mapping()),
        "data.csv: column `choice` occurs twice (positions 2 and 4). Rename one of the two"
    );
    assert!(read_csv("id,choice,outcome,,\na,0,0,1,1\n", &mapping()).is_ok());
}

#[test]
fn ragged_rows_name_row_and_line() {
    assert_eq!(
        message("id,choice,outcome\na,0,0\n\na,0\n", &mapping()),
        "data.csv: row 2 (line 4) has 2 cells where the first line names 3 columns. \
         Quote cells that contain the separator, and keep empty cells"
    );
}

#[test]
fn a_bad_cell_says_what_would_be_accepted() {
    assert_eq!(
        message("id,choice,outcome\na,0,0\na,0,wim\n", &mapping()),
        "data.csv: row 2 (line 3), column `outcome`: found `wim`; accepted: `lose`, `draw`, `win`, \
         a code from 0 to 2, or an empty cell if it is missing"
    );
}

#[test]
fn ten_bad_cells_are_shown_in_order_of_rows_and_the_rest_counted() {
    let text = HEADER.to_owned() + &"a,7,x\n".repeat(20);
    let error = read_csv(&text, &mapping()).unwrap_err();
    let ErrorKind::BadCells { cells, more } = error.kind() else { panic!("{error}") };
    let places: Vec<_> = cells.iter().map(|cell| (cell.row.row, cell.column.as_str())).collect();
    assert_eq!(places[..4], [(1, "choice"), (1, "outcome"), (2, "choice"), (2, "outcome")]);
    assert_eq!((cells.len(), *more), (10, 30));
    let text = error.to_string();
    assert!(
        text.contains("40 cells cannot be read:\n  row 1 (line 2), column `choice`: found `7`"),
        "{text}"
    );
    assert!(text.ends_with("\n  and 30 more"), "{text}");
}

#[test]
fn every_row_needs_a_subject() {
    let text = message("id,choice,outcome\na,0,0\n,0,0\n", &mapping());
    assert_eq!(
        text,
        "data.csv: row 2 (line 3), column `id`: found ``; accepted: any text that does not mean missing \
         (identifies the subject; every row needs it)"
    );
}

#[test]
fn covariates_must_be_numbers() {
    let mut mapping = mapping();
    mapping.covariates = vec!["age".into()];
    let text = message("id,age,choice,outcome\na,\"30,5\",0,0\n", &mapping);
    assert!(
        text.contains("column `age`: found `30,5`; accepted: a finite number with a decimal point"),
        "{text}"
    );
}

#[test]
fn an_interrupted_trial_names_its_rows() {
    let text = "id,session,trial,choice,outcome\na,x,1,0,0\nb,x,1,0,0\na,x,2,0,0\na,x,1,0,0\n";
    assert_eq!(
        message(text, &long_mapping()),
        "data.csv: trial `1` of subject `a` is interrupted: it ends at row 1 (line 2) and is taken up again at \
         row 4 (line 5), after trial `2`. Sort the rows in the order in which they happened; if the labels of \
         trials restart, check the column of sessions"
    );
    let mut without_sessions = long_mapping();
    without_sessions.session = None;
    assert!(message(text, &without_sessions).contains("map the column that labels the sessions"));
}

#[test]
fn an_interrupted_session_names_its_rows() {
    let text = "id,session,trial,choice,outcome\na,x,1,0,0\na,y,1,0,0\na,x,2,0,0\n";
    let error = read_csv(text, &long_mapping()).unwrap_err();
    let ErrorKind::Interrupted { level, last, again, .. } = error.kind() else { panic!("{error}") };
    assert_eq!((*level, last, again), ("session", &line(1, 2), &line(3, 4)));
}

#[test]
fn a_group_or_covariate_that_changes_names_both_rows() {
    let mut mapping = mapping();
    mapping.group = Some("arm".into());
    mapping.covariates = vec!["age".into()];
    assert_eq!(
        message("id,arm,age,choice,outcome\na,x,1,0,0\nb,y,2,0,0\na,y,1,0,0\n", &mapping),
        "data.csv: column `arm` should hold one value throughout subject `a`, but `x` at row 1 (line 2) and `y` at \
         row 3 (line 4) differ. Correct one of them (empty cells are allowed)"
    );
    let text = message("id,arm,age,choice,outcome\na,x,1,0,0\na,x,2,0,0\n", &mapping);
    assert!(text.contains("column `age` should hold one value throughout subject `a`"), "{text}");
}

#[test]
fn a_response_that_changes_within_its_trial_or_session_names_both_rows() {
    let header = "id,session,trial,choice,outcome,time,confidence,mood\n";
    let text = format!("{header}a,x,1,0,0,1,1,1\na,x,1,0,0,2,2,1\n");
    let text = message(&text, &full_mapping());
    assert!(
        text.contains(
            "column `confidence` should hold one value throughout trial `1` of session `x` of subject `a`, \
             but `1` at row 1 (line 2) and `2` at row 2 (line 3) differ"
        ),
        "{text}"
    );
    let text = format!("{header}a,x,1,0,0,1,1,1\na,x,2,0,0,2,2,3\n");
    let text = message(&text, &full_mapping());
    assert!(text.contains("throughout session `x` of subject `a`, but `1` at row 1"), "{text}");
}

#[test]
fn a_partly_aborted_trial_names_both_rows() {
    let mut mapping = mapping();
    mapping.aborted = Some("bad".into());
    let text = message("id,choice,outcome,bad\na,0,0,0\na,0,0,1\n", &mapping);
    assert!(
        text.starts_with(
            "data.csv: trial `1` of subject `a` (session `1`) is marked as aborted at row 2 (line 3) but not at \
             row 1 (line 2)."
        ),
        "{text}"
    );
}

#[test]
fn a_value_that_scaling_makes_infinite_is_a_bad_cell() {
    let mut mapping = full_mapping();
    let huge = NumericColumn { column: "time".into(), scale: 1e300, offset: 0.0 };
    mapping.responses.insert("time".into(), Some(huge));
    let text = "id,session,trial,choice,outcome,time,confidence,mood\na,x,1,0,0,1e300,1,1\n";
    assert!(message(text, &mapping).contains("column `time`: found `1e300`"));
}
