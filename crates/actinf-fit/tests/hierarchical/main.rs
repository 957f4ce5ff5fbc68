//! Groups estimated together, on models with known answers and against recorded results of other programs.

#[path = "../toys/mod.rs"]
mod toys;

mod bayesian_inference;
mod design;
mod expectation_maximisation;
mod level;
mod no_u_turn;
mod peer_data;
mod peer_models;
