//! Active inference agents for fitting to recorded behaviour.
//!
//! An agent is a discrete partially observable Markov decision process that perceives, plans, acts and learns. This crate
//! makes one from a [task model](task_model) (a TOML file, see [`model_file`]), gives recorded behaviour its
//! [likelihood] with the exact gradient, and [simulates](mod@simulate). It knows no files, threads, priors or optimisers.
//!
//! # One step, and where to read about it
//!
//! | | equation | page |
//! |---|---|---|
//! | perceive | `q(s) ∝ A(o \| s) Σ_s' B(s \| s', u) q(s')` | [`state_inference`]: [exact](state_inference::exact), [mean field](state_inference::fixed_point_iteration), [message passing](state_inference::message_passing); their [free energy](state_inference::free_energy) |
//! | plan | `G(π) = - Σ weight · term`, `q(π) = softmax(-γ G + ln E)` | [`expected_free_energy`], [`planning`]: [policies](planning::policy_tree), [sophisticated](planning::sophisticated_inference), [tree search](planning::monte_carlo_tree_search) |
//! | act | `p(u) = Σ_{π starts with u} softmax(α ln q(π))` | [`action_selection`] |
//! | learn | `a ← a + η · o ⊗ q(s)` | [`learning`] |
//! | respond | `y ~ Normal(μ(q), σ²)`, beta or log-normal | [`response`] |
//!
//! What an agent must do better than is on the page of the [baselines]; [`Model`] reads a file of either kind.
//!
//! # Notation
//!
//! | symbol | word | symbol | word |
//! |---|---|---|---|
//! | `A` | likelihood | `G` | expected free energy |
//! | `B` | transitions | `γ` | policy precision |
//! | `C` | preferences | `α` | action precision |
//! | `D` | initial state prior | `λ` | lapse |
//! | `E` | habits | `η` | learning rate |
//! | `s`, `o`, `u`, `π` | state, outcome, action, policy | `a` | Dirichlet counts |
//! | `q` | belief, or posterior over policies | `F` | variational free energy |
//!
//! Everything is in nats. There is no floor or epsilon: what is impossible has probability 0 and log-probability minus
//! infinity. Every equation is written once, for any [`Real`]; [`Dual`] numbers make its derivatives exact.
//!
//! # Example
//!
//! A built-in task, its own behaviour simulated and scored:
//!
//! ```
//! use actinf_agents::{ActiveInference, BehaviourModel, Design, Subject, default_values, tasks};
//! use rand::SeedableRng;
//!
//! let model = ActiveInference::new(tasks::read("two_armed_bandit")?);
//! let values = default_values(model.parameters());
//! let design = Design { sessions: 1, trials: 1, steps: 20 };
//! let sessions = model.simulate(&values, design, &mut rand_chacha::ChaCha8Rng::seed_from_u64(1))?;
//! let subject = Subject { id: "simulated".into(), sessions };
//! let trajectory = model.trajectory(&subject, &values)?;
//! let sum: f64 = trajectory.steps.iter().filter_map(|step| step.log_probability).sum();
//! assert_eq!(trajectory.log_likelihood.actions, sum);
//! // The agent knows nothing yet, so the first choice is a coin flip.
//! assert!((trajectory.steps[0].action_probabilities[0] - 0.5).abs() < 1e-12);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # References
//!
//! Da Costa, Parr, Sajid, Veselic, Neacsu & Friston (2020). Active inference on discrete state-spaces: a synthesis.
//! *Journal of Mathematical Psychology* 99, 102447.

pub mod action_selection;
mod active_inference;
mod agent;
pub mod baselines;
mod behaviour;
mod behaviour_model;
mod card;
pub mod categorical;
mod digamma;
pub mod document;
mod dual;
mod elementary;
mod error;
pub mod expected_free_energy;
mod expression;
pub mod generative_model;
mod generative_process;
mod inspection;
pub mod learning;
pub mod likelihood;
mod ln_gamma;
mod model;
pub mod model_arrays;
pub mod model_file;
mod model_tables;
mod nearest_name;
mod numerics;
mod parameter;
pub mod planning;
pub mod policies;
mod real;
mod recording;
pub mod response;
mod schema;
mod settings;
pub mod simulate;
pub mod state_inference;
mod structure;
pub mod task_model;
pub mod tasks;
mod trajectory;
pub mod trial_message_passing;
mod walk;

pub use active_inference::ActiveInference;
pub use behaviour::{Observation, Place, Session, Step, Subject, Trial};
pub use behaviour_model::{BehaviourModel, Design, Scorer};
pub use card::{Card, Column, ColumnKind, Example, Recovery};
pub use dual::Dual;
pub use error::{LikelihoodError, LikelihoodErrorKind};
pub use expected_free_energy::ExpectedFreeEnergy;
pub use expression::{Expression, ExpressionError};
pub use generative_model::GenerativeModel;
pub use inspection::Inspection;
pub use model::Model;
pub use model_tables::ModelTable;
pub use nearest_name::nearest_name;
pub use parameter::{Parameter, Support, default_values};
pub use policies::{Policies, PolicyStep};
pub use real::Real;
pub use schema::{Moment, ResponseVariable, RowOrder, Schema, Variable};
pub use task_model::TaskModel;
pub use trajectory::{LogLikelihood, Quantity, StepRecord, Trajectory};
