//! What an analysis of effects found: the record that is written to `effects.json`.

use super::Conventions;
use serde::{Deserialize, Serialize};

/// One effect: of a column of the design on a coordinate of the parameters.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Effect {
    /// The coordinate, such as `ln(action_precision)`.
    pub coordinate: String,
    /// The column of the design, such as `1` or `group[patient]`.
    pub column: String,
    /// The posterior mean under the full model.
    pub mean: f64,
    /// The posterior standard deviation under the full model.
    pub sd: f64,
    /// The prior mean.
    pub prior_mean: f64,
    /// The prior standard deviation.
    pub prior_sd: f64,
    /// The probability that it is not 0; `None` where it was not searched (the means).
    pub probability: Option<f64>,
    /// The posterior mean averaged over models with and without effects.
    pub averaged_mean: f64,
    /// The standard deviation of that average.
    pub averaged_sd: f64,
}

/// How much people differ in a coordinate beyond what the design explains.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Variability {
    /// The coordinate.
    pub coordinate: String,
    /// The standard deviation between people.
    pub sd: f64,
    /// What was expected before the data.
    pub expected_sd: f64,
}

/// A model without some of the effects.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReducedModel {
    /// The effects that it does without, as `coordinate: column`.
    pub without: Vec<String>,
    /// Its log evidence minus that of the full model, in nats.
    pub log_evidence_change: f64,
    /// Its posterior probability, all models equally likely before.
    pub probability: f64,
}

/// A person's coordinates, alone and as a member of the group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Person {
    /// The identity in the data.
    pub subject: String,
    /// The estimates of the fit, on the unconstrained scale.
    pub alone: Vec<f64>,
    /// Their standard deviations.
    pub alone_sd: Vec<f64>,
    /// The estimates under the group's empirical prior.
    pub in_group: Vec<f64>,
    /// Their standard deviations.
    pub in_group_sd: Vec<f64>,
}

/// What was predicted of a person from the others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Predicted {
    /// The identity in the data.
    pub subject: String,
    /// The column's true value, as it stands in the design.
    pub value: f64,
    /// Its posterior mean.
    pub mean: f64,
    /// Its posterior standard deviation.
    pub sd: f64,
    /// The probability of the true value among those that occur.
    pub probability: f64,
}

/// Leave-one-out prediction of a column of the design.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Prediction {
    /// The column.
    pub column: String,
    /// The number of different values.
    pub levels: usize,
    /// Everybody.
    pub people: Vec<Predicted>,
    /// The correlation of predictions (posterior means) and true values; `None` where one of them does not vary.
    pub correlation: Option<f64>,
    /// The share of people whose true value was the most probable one of those that occur.
    pub accuracy: f64,
}

/// A subject that takes no part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// The identity in the data.
    pub subject: String,
    /// Why, in words.
    pub reason: String,
}

/// The effects of a design on the parameters of people.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Effects {
    /// The formula of the design.
    pub formula: String,
    /// Whose formulas were used.
    pub conventions: Conventions,
    /// How many subjects take part.
    pub subjects: usize,
    /// The others.
    pub left_out: Vec<LeftOut>,
    /// The log evidence of the full hierarchical model, in nats.
    pub log_evidence: f64,
    /// Whether its search came to an end.
    pub converged: bool,
    /// All effects, coordinate by coordinate.
    pub effects: Vec<Effect>,
    /// The variability between people.
    pub variability: Vec<Variability>,
    /// The models that were compared last, the most probable first.
    pub models: Vec<ReducedModel>,
    /// The people.
    pub people: Vec<Person>,
    /// Leave-one-out prediction, if asked for.
    pub prediction: Option<Prediction>,
}

/// Where an analysis of effects came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EffectsProvenance {
    /// The version of actinf.
    pub actinf_version: String,
    /// When it was made, in UTC, `YYYY-MM-DD hh:mm:ss`.
    pub made: String,
    /// The results folder, as the user named it.
    pub results: String,
    /// The model that was fitted.
    pub model: String,
    /// How it was fitted.
    pub method: String,
    /// The data file of the fit.
    pub data: String,
}

/// An analysis of effects and where it came from: what `effects.json` holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EffectsRecord {
    /// `actinf-effects/1`.
    pub format: String,
    /// Where it came from.
    pub provenance: EffectsProvenance,
    /// What was found.
    #[serde(flatten)]
    pub effects: Effects,
}
