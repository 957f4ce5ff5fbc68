//! Groups estimated together, on models with known answers and against recorded results of other programs.
#![allow(
    unreachable_pub,
    clippy::unwrap_used,
    clippy::panic,
    reason = "the modules of a test are one program"
)]

#[path = "../toys/mod.rs"]
mod toys;

mod bayesian_inference;
mod cbm;
mod correlated;
mod design;
mod expectation_maximisation;
mod group_methods;
mod level;
mod no_u_turn;
mod peer_data;
mod peer_models;
mod simulated_groups;
