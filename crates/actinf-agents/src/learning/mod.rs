//! Learning: Dirichlet counts of A, B, D and E, and the probabilities expected from them.
//!
//! ```text
//! A   a ← a + η Σ_t o_t ⊗ q(parents_t)              for every modality that learns      likelihood.rs
//! B   b ← b + η Σ_t q(s'_t+1, parents_t) for u_t    for every factor that does          transitions.rs
//! D   d ← d + η q(s_0)                              for every factor that does          initial_state.rs
//! E   e ← e + η Σ_t q(π_t)                          if habits are learned               habits.rs
//! p = a / Σ a, column by column; before every update a ← a + ω (a_0 - a)                dirichlet.rs
//! ```
//!
//! # When
//!
//! | [`LearningTime`] | sums are over |
//! |---|---|
//! | `Step` | the step that ends: an action is planned with what was learned up to the step before |
//! | `TrialEnd` | the steps of the trial, with the beliefs held during it; tables do not change in between |
//! | `SessionEnd` | the steps of all trials of the session, likewise |
//!
//! One update is one of these sums, so that `ω` is the share lost per step, trial or session. Within a step the order
//! is: perceive with what is known, plan and act, then learn A from what was seen, B from the move into the step's
//! belief, D after the trial's first step, E from the step's plan. Where the action comes first, the move is the one of
//! the same row; where the observation comes first, it is the one from the row before.
//!
//! # From which beliefs
//!
//! [`LearningBeliefs::Filtered`]: from those held when the outcome was seen. [`LearningBeliefs::Smoothed`]: from what is
//! believed about every step given the whole trial, see [`crate::state_inference::smoothing`].
//!
//! # What is carried
//!
//! Counts start at `a_0` with every session, unless the model carries them over from the session before.
//!
//! # References
//!
//! Friston, FitzGerald, Rigoli, Schwartenbeck, O'Doherty & Pezzulo (2016). Active inference and learning.
//! *Neuroscience & Biobehavioral Reviews* 68, 862-879.
//!
//! [`LearningTime`]: crate::task_model::LearningTime
//! [`LearningBeliefs::Filtered`]: crate::task_model::LearningBeliefs::Filtered
//! [`LearningBeliefs::Smoothed`]: crate::task_model::LearningBeliefs::Smoothed

mod dirichlet;
mod habits;
mod hindsight;
mod history;
mod initial_state;
mod knowledge;
mod learner;
mod likelihood;
mod transitions;

pub(crate) use dirichlet::{DirichletStart, Table};
pub(crate) use knowledge::Knowledge;
pub(crate) use learner::{Learner, Lived};
