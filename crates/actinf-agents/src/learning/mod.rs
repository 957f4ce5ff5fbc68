//! Learning: Dirichlet counts of A, B, D and E, and the probabilities expected from them.
//!
//! ```text
//! A   a ← a + η Σ_t o_t ⊗ q(parents_t)              for every modality that learns
//! B   b ← b + η Σ_t q(s'_t+1, parents_t) for u_t    for every factor that does
//! D   d ← d + η q(s_0)                              for every factor that does
//! E   e ← e + η Σ_t q(π_t)                          if habits are learned
//! p = a / Σ a, column by column; before every update a ← a + ω (a_0 - a)
//! ```
//!
//! | symbol | what it is | shape | page |
//! |---|---|---|---|
//! | `a` | counts of the likelihood A | per modality `[parents' configuration, outcome]` | [`likelihood`] |
//! | `b` | counts of the transitions B | per factor `[controls' and parents' configuration, next state]` | [`transitions`] |
//! | `d` | counts of the initial prior D | per factor `[state]` | [`initial_state`] |
//! | `e` | counts of the habits E | `[policy]` | [`habits`] |
//! | `a_0`, `ω`, `p` | counts at the start, forgetting rate, expected probabilities | those of the table | [`dirichlet`] |
//! | `η` | learning rate | one number per table | |
//! | `o_t`, `u_t` | outcome seen and action taken at step `t` | | |
//! | `q` | belief about states, or posterior over policies | | [`crate::state_inference`], [`crate::planning`] |
//!
//! Counts are in observations: with `η = 1` what is seen once adds 1.
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
//! Da Costa, Parr, Sajid, Veselic, Neacsu & Friston (2020). Active inference on discrete state-spaces: a synthesis.
//! *Journal of Mathematical Psychology* 99, 102447.
//!
//! [`LearningTime`]: crate::task_model::LearningTime
//! [`LearningBeliefs::Filtered`]: crate::task_model::LearningBeliefs::Filtered
//! [`LearningBeliefs::Smoothed`]: crate::task_model::LearningBeliefs::Smoothed

pub mod dirichlet;
pub mod habits;
mod hindsight;
mod history;
pub mod initial_state;
mod knowledge;
mod learner;
pub mod likelihood;
pub mod transitions;

pub(crate) use dirichlet::{DirichletStart, Table};
pub(crate) use knowledge::Knowledge;
pub(crate) use learner::{Learner, Lived};
