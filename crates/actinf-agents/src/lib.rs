//! Active inference agents for fitting to recorded behaviour.

mod behaviour;
mod behaviour_model;
pub mod document;
mod error;
mod expression;
pub mod model_file;
mod nearest_name;
mod parameter;
mod real;
mod schema;
pub mod task_model;
pub mod tasks;
mod trajectory;

pub use behaviour::{Observation, Place, Session, Step, Subject, Trial};
pub use behaviour_model::{BehaviourModel, Design, Scorer};
pub use error::{LikelihoodError, LikelihoodErrorKind};
pub use expression::{Expression, ExpressionError};
pub use nearest_name::nearest_name;
pub use parameter::{Parameter, Support, default_values};
pub use real::Real;
pub use schema::{Moment, ResponseVariable, RowOrder, Schema, Variable};
pub use task_model::TaskModel;
pub use trajectory::{LogLikelihood, Quantity, StepRecord, Trajectory};
