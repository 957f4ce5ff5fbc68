//! Tables in, results out: the only room with polars.
//!
//! # In
//!
//! [`read`] turns a long table of behaviour (one row per step) into a [`Dataset`](actinf_fit::Dataset), guided by a
//! [`ColumnMapping`] and the variables of a model.
//!
//! - **Subjects, sessions, trials.** Subjects stand in order of first appearance, sessions within subjects and trials
//!   within sessions likewise, steps in the order of the rows. The rows of several subjects may alternate; a session
//!   or trial that another one of the same subject interrupts is an error.
//! - **A missing action** or **a missing observation** is an empty cell, or one of the texts that mean missing. Each
//!   variable may be missing by itself.
//! - **An aborted trial** is marked as such by a column, or has neither an action nor an observation in any row. It
//!   is kept in the data and skipped whole by every model; its marked rows may hold anything.
//! - **A response** at every step is read at every row. One at the end of a trial or session may stand on any or all
//!   rows of it, as long as they agree; it is kept on the last step (of the session's last trial that was not
//!   aborted) and nowhere else.
//! - **Groups and covariates** must not change within a subject; empty cells do not contradict.
//! - **Cells.** Blanks around a cell do not count. Codes may be written `1`, `1.0` or `true`. Delimited files are
//!   read as text throughout, so that an identity such as `007` survives; of Parquet files, whole numbers become
//!   text in decimal (`7.0` as `7`), truth values `true` and `false`.
//! - **A folder** of the Brain Imaging Data Structure is read as one table: a column `participant_id`, those of its tables of
//!   behaviour, `session`, `run` and `task` from the names of the files, and those of `participants.tsv`.
//!
//! # Out
//!
//! [`write_results`] writes the folder of a fit in one step, [`read_results`] reads it back, [`read_record`] without
//! the steps. [`write_comparison`] writes the folder of a comparison of fits. [`write_behaviour`]
//! writes simulated behaviour so that [`read`] gives the same subjects; [`write_values`] and [`read_values`] do the
//! same for parameter values.
//!
//! # Files
//!
//! | file | holds |
//! |---|---|
//! | `columns`, `mapping_check` | which column feeds which variable, and whether that fits the model |
//! | `table`, `delimited`, `parquet`, `text_list` | a file as columns of text |
//! | `bids` | a folder of the Brain Imaging Data Structure as one table |
//! | `rows` | which rows are read |
//! | `cells`, `resolve`, `meanings` | what cells mean |
//! | `grouping`, `assemble`, `constant`, `summary`, `read` | rows to subjects, and what is missing |
//! | `frames`, `replace` | tables to bytes, bytes to files and folders |
//! | `estimates_table`, `subjects_table`, `steps_table`, `results_folder` | what a fit writes |
//! | `predictive_checks_table` | whether the model behaves like the people |
//! | `population_table`, `draws_table`, `chain_folder` | what a fit of a group writes beside |
//! | `read_results`, `trace_places`, `non_finite` | the same, read back |
//! | `models_table`, `compared_subjects_table`, `comparison_folder` | what a comparison writes |
//! | `write_behaviour`, `values` | simulations and their parameters |
//! | `error`, `error_kind`, `mapping_error`, `bad_cell`, `sentences` | what can go wrong, in sentences |
//!
//! # Example
//!
//! ```
//! use actinf_agents::{Observation, RowOrder, Schema, Variable};
//! use actinf_data::{CodedColumn, ColumnMapping, read};
//!
//! let labels = |labels: [&str; 2]| labels.map(String::from).to_vec();
//! let schema = Schema {
//!     controls: vec![Variable { name: "choice".into(), labels: labels(["left", "right"]) }],
//!     modalities: vec![Variable { name: "outcome".into(), labels: labels(["lose", "win"]) }],
//!     responses: vec![],
//!     row_order: RowOrder::ActThenObserve,
//! };
//! let folder = tempfile::tempdir()?;
//! let path = folder.path().join("bandit.csv");
//! std::fs::write(&path, "id,key,won\n007,1,win\n007,2,lose\n007,NA,win\n")?;
//!
//! let mut mapping = ColumnMapping::new("id");
//! let mut key = CodedColumn::new("key");
//! key.first_code = 1;
//! mapping.actions.insert("choice".into(), Some(key));
//! mapping.observations.insert("outcome".into(), Some(CodedColumn::new("won")));
//! let dataset = read(&path, &mapping, &schema)?;
//!
//! assert_eq!(dataset.subjects[0].id, "007");
//! let steps = &dataset.subjects[0].sessions[0].trials[0].steps;
//! assert_eq!(steps[1].actions, [Some(1)]);
//! assert_eq!(steps[1].observations, [Observation::Outcome(0)]);
//! assert_eq!(steps[2].actions, [None]);
//! assert_eq!(dataset.summary.actions[0].missing, 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod assemble;
mod bad_cell;
mod bids;
mod cells;
mod chain_folder;
mod columns;
mod compared_subjects_table;
mod comparison_folder;
mod constant;
mod delimited;
mod draws_table;
mod effects_folder;
mod error;
mod error_kind;
mod estimates_table;
mod frames;
mod grouping;
mod import;
mod mapping_check;
mod mapping_error;
mod meanings;
mod models_table;
mod non_finite;
mod parquet;
mod population_table;
mod predictive_checks_table;
mod profiles_table;
mod read;
mod read_results;
mod replace;
mod resolve;
mod results_folder;
mod rows;
mod scores_table;
mod sentences;
mod steps_table;
mod subjects_table;
mod summary;
mod table;
mod text_list;
mod trace_places;
mod values;
mod write_behaviour;

pub use bad_cell::{BadCell, TableRow};
pub use bids::BidsError;
pub use chain_folder::ChainFolder;
pub use columns::{CodedColumn, ColumnMapping, NumericColumn, StepColumns};
pub use comparison_folder::{check_comparison_folder, write_comparison};
pub use effects_folder::{check_effects_folder, write_effects};
pub use error::Error;
pub use error_kind::ErrorKind;
pub use import::{ImportError, import};
pub use mapping_error::{MappingError, VariableKind};
pub use read::read;
pub use read_results::{read_record, read_results};
pub use results_folder::{ExtraFile, check_results_folder, write_results};
pub use scores_table::{scores_table, write_scores};
pub use steps_table::write_steps;
pub use table::{column_names, sha256};
pub use values::{ParameterValues, read_values, read_values_or, write_values};
pub use write_behaviour::{behaviour_mapping, write_behaviour};
