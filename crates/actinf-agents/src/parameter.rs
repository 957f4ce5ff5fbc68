//! Free parameters: what a method may estimate.

use serde::{Deserialize, Serialize};

/// The set of values a parameter may take on its natural scale.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Support {
    /// Any real number.
    Real,
    /// Above zero.
    Positive,
    /// Strictly between 0 and 1.
    Unit,
    /// Strictly between two finite bounds.
    Interval {
        /// The excluded lower bound.
        lower: f64,
        /// The excluded upper bound.
        upper: f64,
    },
    /// A probability vector: positive components that sum to 1.
    Simplex {
        /// The number of components, at least 2.
        size: usize,
    },
}

impl Support {
    /// The number of natural values: 1, or the number of components of a simplex.
    pub fn size(self) -> usize {
        if let Support::Simplex { size } = self { size } else { 1 }
    }

    /// Whether `values` (as many as [`Support::size`]) lie in the support.
    ///
    /// # Example
    ///
    /// ```
    /// use actinf_agents::Support;
    /// assert!(Support::Unit.contains(&[0.3]));
    /// assert!(!Support::Positive.contains(&[0.0]));
    /// assert!(Support::Simplex { size: 2 }.contains(&[0.25, 0.75]));
    /// ```
    pub fn contains(self, values: &[f64]) -> bool {
        if values.len() != self.size() || values.iter().any(|value| !value.is_finite()) {
            return false;
        }
        match self {
            Support::Real => true,
            Support::Positive => values[0] > 0.0,
            Support::Unit => values[0] > 0.0 && values[0] < 1.0,
            Support::Interval { lower, upper } => values[0] > lower && values[0] < upper,
            Support::Simplex { .. } => {
                values.iter().all(|&p| p > 0.0) && (values.iter().sum::<f64>() - 1.0).abs() < 1e-9
            }
        }
    }
}

impl std::fmt::Display for Support {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Support::Real => write!(f, "real"),
            Support::Positive => write!(f, "positive"),
            Support::Unit => write!(f, "between 0 and 1"),
            Support::Interval { lower, upper } => write!(f, "between {lower} and {upper}"),
            Support::Simplex { size } => write!(f, "{size} probabilities that sum to 1"),
        }
    }
}

/// A named quantity of a model that a method may estimate or a fit file may fix.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Parameter {
    /// The name used in model files, fit files and results.
    pub name: String,
    /// The letter used in the literature, for plots and tables; the name where there is none.
    pub symbol: String,
    /// What it means, in words.
    pub meaning: String,
    /// The values it may take.
    pub support: Support,
    /// The default, as many numbers as [`Support::size`].
    pub default: Vec<f64>,
}

impl Parameter {
    /// The names of its scalar components: its own name, or `name[1]`, `name[2]`, ... for a simplex.
    ///
    /// # Example
    ///
    /// ```
    /// use actinf_agents::{Parameter, Support};
    /// let shares = Parameter {
    ///     name: "share".into(),
    ///     symbol: "d".into(),
    ///     meaning: String::new(),
    ///     support: Support::Simplex { size: 2 },
    ///     default: vec![0.5, 0.5],
    /// };
    /// assert_eq!(shares.component_names(), ["share[1]", "share[2]"]);
    /// ```
    pub fn component_names(&self) -> Vec<String> {
        match self.support {
            Support::Simplex { size } => (1..=size).map(|k| format!("{}[{k}]", self.name)).collect(),
            _ => vec![self.name.clone()],
        }
    }
}

/// The default values of all `parameters`, one after the other: the layout every `values` slice has.
pub fn default_values(parameters: &[Parameter]) -> Vec<f64> {
    parameters.iter().flat_map(|parameter| parameter.default.iter().copied()).collect()
}
