//! The ways in which reading or writing fails, each with what its sentence needs.

use crate::bad_cell::{BadCell, TableRow};
use crate::bids::BidsError;
use crate::mapping_error::MappingError;
use crate::sentences::{columns_and_nearest, extension_shown, joined, list, nearest_of, quoted_pair};

/// What went wrong, with what is needed to put it right.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// There is no such file.
    #[error(
        "the file was not found. A path in a fit file is relative to the folder the fit file is in; \
         correct the path or move the file there"
    )]
    NotFound,
    /// The file exists but could not be read.
    #[error("the file could not be read: {reason}")]
    Unreadable {
        /// What the operating system or the decoder said.
        reason: String,
    },
    /// The extension says nothing about the format.
    #[error(
        "{} is not a format that can be read. Use .csv (commas), .tsv (tabs), .txt (either) or .parquet",
        extension_shown(.extension)
    )]
    UnknownFormat {
        /// The extension found, without the dot; empty if there is none.
        extension: String,
    },
    /// The file holds nothing.
    #[error("the file is empty. The first line should name the columns, and every further line is one step")]
    Empty,
    /// The file names columns and holds no rows.
    #[error("the file has no rows of data, only the names of its columns. Add a line for every step")]
    NoRows,
    /// A delimited file is not UTF-8 text.
    #[error(
        "line {line} is not UTF-8 text. Save the file with the encoding UTF-8 \
         (in a spreadsheet program: \"CSV UTF-8\")"
    )]
    NotUtf8 {
        /// The line, counted from 1.
        line: usize,
    },
    /// A quoted cell never ends.
    #[error(
        "the quotation mark that opens a cell on line {line} is never closed. \
         Close it, or write it twice if it belongs to the text"
    )]
    UnclosedQuote {
        /// The line on which the cell begins, counted from 1.
        line: usize,
    },
    /// Two columns that are needed have the same name.
    #[error("column `{column}` occurs twice (positions {first} and {second}). Rename one of the two")]
    DuplicateColumn {
        /// The name.
        column: String,
        /// Its first position, counted from 1.
        first: usize,
        /// Its second position.
        second: usize,
    },
    /// A column that is needed does not exist.
    #[error("there is no column `{column}` ({purpose}). {}", columns_and_nearest(.nearest.as_deref(), .columns))]
    UnknownColumn {
        /// The column asked for.
        column: String,
        /// What it is needed for.
        purpose: String,
        /// The existing column with the most similar name.
        nearest: Option<String>,
        /// All columns of the file.
        columns: Vec<String>,
    },
    /// No row is one of those that are to be read.
    #[error(
        "no row is read, for none has {} in column `{column}`. {}",
        list(.wanted), nearest_of(.nearest.as_deref(), .found, "Write one of the texts there")
    )]
    NoChosenRows {
        /// The column that chooses the rows.
        column: String,
        /// The texts asked for.
        wanted: Vec<String>,
        /// The most similar text in the column.
        nearest: Option<String>,
        /// The texts in the column; of many the first ones.
        found: Vec<String>,
    },
    /// A row has more or fewer cells than there are columns.
    #[error(
        "{row} has {found} cells where the first line names {expected} columns. \
         Quote cells that contain the separator, and keep empty cells"
    )]
    RaggedRow {
        /// The row.
        row: TableRow,
        /// Cells found.
        found: usize,
        /// Columns named.
        expected: usize,
    },
    /// A Parquet column is of a type that is neither text, number nor truth value.
    #[error(
        "column `{column}` is of type {found}. Store it as text, a whole number of 32 or 64 bits, a decimal number or true/false"
    )]
    UnsupportedType {
        /// The column.
        column: String,
        /// Its type.
        found: String,
    },
    /// Cells that mean nothing to the model.
    #[error("{}", joined(.cells, *.more))]
    BadCells {
        /// The first of them, by row.
        cells: Vec<BadCell>,
        /// How many more there are.
        more: usize,
    },
    /// A session or trial is taken up again after another one.
    #[error(
        "{level} `{label}` of subject `{subject}` is interrupted: it ends at {last} and is taken up again at \
         {again}, after {level} `{between}`. Sort the rows in the order in which they happened; if the labels of \
         {level}s restart, {advice}"
    )]
    Interrupted {
        /// `session` or `trial`.
        level: &'static str,
        /// Its label.
        label: String,
        /// The subject.
        subject: String,
        /// The last row before the interruption.
        last: TableRow,
        /// The row that takes it up again.
        again: TableRow,
        /// The label of what stands just before that row.
        between: String,
        /// What to do if labels restart.
        advice: &'static str,
    },
    /// A value that must be the same throughout a subject, session or trial is not.
    #[error(
        "column `{column}` should hold one value throughout {within}, but {} differ. \
         Correct one of them (empty cells are allowed)",
        quoted_pair(.first, .first_value, .second, .second_value)
    )]
    NotConstant {
        /// The column.
        column: String,
        /// Throughout what, with its label and subject.
        within: String,
        /// A row.
        first: TableRow,
        /// Its value.
        first_value: String,
        /// Another row.
        second: TableRow,
        /// Its different value.
        second_value: String,
    },
    /// Some rows of a trial are marked as aborted and others are not.
    #[error(
        "trial `{trial}` of subject `{subject}` (session `{session}`) is marked as aborted at {marked} but not at \
         {unmarked}. An aborted trial is skipped whole: mark all its rows or none. If only single steps lack an \
         action, leave those cells empty instead; if there is a column that numbers the trials, map it"
    )]
    PartlyAborted {
        /// The trial.
        trial: String,
        /// Its session.
        session: String,
        /// The subject.
        subject: String,
        /// A row that is marked.
        marked: TableRow,
        /// A row that is not.
        unmarked: TableRow,
    },
    /// The mapping of columns does not fit the model.
    #[error(transparent)]
    Mapping(#[from] MappingError),
    /// The folder is not what the Brain Imaging Data Structure says, or not enough is said of it.
    #[error(transparent)]
    Bids(#[from] BidsError),
    /// A table of parameter values lacks columns.
    #[error("there is no column for {}. Add one column for each: {}", list(.missing), list(.needed))]
    MissingValues {
        /// The components without a column.
        missing: Vec<String>,
        /// All components of the model.
        needed: Vec<String>,
    },
    /// A table of parameter values has a column that is no parameter.
    #[error("column `{column}` is neither `subject` nor a parameter. {}", nearest_of(.nearest.as_deref(), .needed, "The parameters are"))]
    UnexpectedColumn {
        /// The column.
        column: String,
        /// The component with the most similar name.
        nearest: Option<String>,
        /// All components of the model.
        needed: Vec<String>,
    },
    /// A table of parameter values without subjects has several rows.
    #[error(
        "the file has {rows} rows but no column `subject` to tell whose they are. Add it, or keep one row for all subjects"
    )]
    SeveralRows {
        /// The rows found.
        rows: usize,
    },
    /// A table of parameter values has a subject twice.
    #[error("subject `{subject}` occurs at {first} and again at {second}. Keep one row per subject")]
    RepeatedSubject {
        /// The subject.
        subject: String,
        /// Its first row.
        first: TableRow,
        /// Its second row.
        second: TableRow,
    },
    /// What should be written does not fit together; a fault of the caller, not of the data.
    #[error("nothing was written: {reason}")]
    Inconsistent {
        /// What does not fit.
        reason: String,
    },
    /// A file or folder could not be written.
    #[error("could not be written: {reason}. What was there before is unchanged")]
    CannotWrite {
        /// What the operating system or the encoder said.
        reason: String,
    },
    /// The old result was moved aside and could be neither replaced nor moved back.
    #[error("could not be replaced: {reason}. The previous result is in {previous}, the new one in {new}")]
    Displaced {
        /// What the operating system said.
        reason: String,
        /// Where the previous result is now.
        previous: String,
        /// Where the new result is now.
        new: String,
    },
    /// The folder to be replaced holds something that is not a result.
    #[error(
        "the folder is not empty and holds no {record}, so it was not written by this command and is not replaced. \
         Choose another folder, or empty this one"
    )]
    NotReplaceable {
        /// The file that such a result holds.
        record: &'static str,
    },
    /// The name of an additional file cannot be used.
    #[error("the file `{path}` cannot be written into a result: {reason}")]
    UnusableExtraFile {
        /// The path asked for.
        path: String,
        /// Why not.
        reason: &'static str,
    },
    /// The folder holds no result.
    #[error("{reason}. Give the folder that `actinf fit` wrote")]
    NotAResult {
        /// What is missing.
        reason: String,
    },
    /// The folder holds a result that cannot be read.
    #[error("the result cannot be read: {reason}. Run the fit again to replace it")]
    DamagedResult {
        /// What is wrong with it.
        reason: String,
    },
}
