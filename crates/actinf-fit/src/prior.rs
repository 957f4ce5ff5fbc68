//! Priors on the natural scale of a parameter.

use serde::{Deserialize, Serialize};

/// A prior distribution on the natural scale.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "distribution", rename_all = "snake_case")]
pub enum Prior {
    /// Normal, on the real line.
    Normal {
        /// The mean.
        mean: f64,
        /// The standard deviation.
        sd: f64,
    },
}
