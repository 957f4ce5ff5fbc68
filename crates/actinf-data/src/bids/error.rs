//! What can be wrong with a folder of the Brain Imaging Data Structure.

use crate::sentences::{list, nearest_of};

/// How a folder of tables is not what the Brain Imaging Data Structure says, or not enough is said of it.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum BidsError {
    /// There are persons and no tables of what they did.
    #[error(
        "the folder holds no table of behaviour. They are looked for as sub-*/beh/*_beh.tsv, then sub-*/beh/*_events.tsv, then \
         sub-*/func/*_events.tsv, with a folder ses-* below sub-* or without"
    )]
    NoTables,
    /// There are several tasks, and none is chosen.
    #[error("the folder holds several tasks: {}. Choose one with `task = \"...\"` under [data]", list(.tasks))]
    SeveralTasks {
        /// The tasks.
        tasks: Vec<String>,
    },
    /// There is no such task.
    #[error("the folder holds no task `{task}`. {}", nearest_of(.nearest.as_deref(), .tasks, "Its tasks are"))]
    UnknownTask {
        /// The task asked for.
        task: String,
        /// The most similar one.
        nearest: Option<String>,
        /// The tasks there are.
        tasks: Vec<String>,
    },
    /// A task is chosen, but the data are a file.
    #[error(
        "`task` chooses the tables of a BIDS folder, but this is a file. Leave it out; `rows = {{ COLUMN = \"...\" }}` chooses the rows \
         of a file"
    )]
    TaskOfAFile,
    /// The name of a file says something else than its folders.
    #[error(
        "the name of the file should begin with `{folder}_`, as its folder is called. Rename it or move it"
    )]
    InAnotherFolder {
        /// The folders' names, as they should begin the file's.
        folder: String,
    },
    /// A column is in some tables only.
    #[error(
        "there is no column `{column}`, which `{other}` has. Add it, with `n/a` in its cells if nothing was recorded"
    )]
    NotInEveryTable {
        /// The column.
        column: String,
        /// A table that has it.
        other: String,
    },
    /// A column is in the tables of behaviour and in `participants.tsv`.
    #[error("column `{column}` is in the tables of behaviour and in participants.tsv. Rename one of the two")]
    ColumnTwice {
        /// The column.
        column: String,
    },
    /// `participants.tsv` does not name the persons.
    #[error("there is no column `participant_id`, which names the persons. {}", nearest_of(None, .columns, "The columns are"))]
    NoParticipantColumn {
        /// Its columns.
        columns: Vec<String>,
    },
    /// A person has a folder and no row.
    #[error(
        "there is no row for `{participant}`, whose behaviour is in `{file}`. {}",
        nearest_of(.nearest.as_deref(), .known, "Add it, with `n/a` where nothing is known. The rows are for")
    )]
    NoParticipantRow {
        /// The person.
        participant: String,
        /// A table of the person.
        file: String,
        /// The person with the most similar name.
        nearest: Option<String>,
        /// The persons there are; of many the first ones.
        known: Vec<String>,
    },
}
