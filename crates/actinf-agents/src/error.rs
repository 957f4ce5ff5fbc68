//! Why behaviour could not be scored.

use crate::behaviour::Place;

/// What went wrong with a likelihood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LikelihoodErrorKind {
    /// The model gives the recorded action probability zero.
    ImpossibleAction,
    /// The model gives the recorded observation probability zero under every state the agent holds possible.
    ImpossibleObservation,
    /// A response value has density zero or is not finite.
    ImpossibleResponse,
    /// A probability, precision or other quantity of the model is not a number or out of its range.
    InvalidModel(String),
    /// The behaviour does not fit the model's schema: a wrong number of actions, an index out of range.
    InvalidBehaviour(String),
}

/// A likelihood that is zero or undefined, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LikelihoodError {
    /// What went wrong.
    pub kind: LikelihoodErrorKind,
    /// The step, where it is known.
    pub place: Option<Place>,
    /// The row of the data file, where it is known (1 is the first row of data).
    pub row: Option<usize>,
}

impl LikelihoodError {
    /// An error that belongs to no step.
    pub fn of_model(message: impl Into<String>) -> Self {
        LikelihoodError { kind: LikelihoodErrorKind::InvalidModel(message.into()), place: None, row: None }
    }

    /// Whether other parameter values may give a finite likelihood, so that a search may go on.
    pub fn is_recoverable(&self) -> bool {
        !matches!(self.kind, LikelihoodErrorKind::InvalidBehaviour(_))
    }
}

impl std::fmt::Display for LikelihoodError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.kind {
            LikelihoodErrorKind::ImpossibleAction => {
                write!(f, "the recorded action has probability 0 under the model")?;
            }
            LikelihoodErrorKind::ImpossibleObservation => {
                write!(
                    f,
                    "the recorded observation has probability 0 in every state the agent holds possible"
                )?;
            }
            LikelihoodErrorKind::ImpossibleResponse => {
                write!(f, "a recorded response has density 0 or is not finite under the model")?;
            }
            LikelihoodErrorKind::InvalidModel(message) | LikelihoodErrorKind::InvalidBehaviour(message) => {
                write!(f, "{message}")?;
            }
        }
        if let Some(place) = self.place {
            write!(f, " (session {}, trial {}, step {}", place.session + 1, place.trial + 1, place.step + 1)?;
            match self.row {
                Some(row) if row > 0 => write!(f, ", row {row})")?,
                _ => write!(f, ")")?,
            }
        }
        Ok(())
    }
}

impl std::error::Error for LikelihoodError {}
