//! From recorded behaviour to estimates.

pub mod dataset;
pub mod prior;
pub mod results;

pub use dataset::{Covariate, DataSummary, Dataset, MissingCount};
pub use prior::Prior;
pub use results::*;
