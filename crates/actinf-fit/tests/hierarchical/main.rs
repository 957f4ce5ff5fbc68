//! Groups estimated together, on models with known answers and against recorded results of other programs.

#[path = "../toys/mod.rs"]
mod toys;

mod design;
mod expectation_maximisation;
mod level;
mod peer_data;
mod peer_models;
