//! What the benches share: the models they are measured on, and how time and memory are measured.
//!
//! See the README of this folder.

pub mod cases;
pub mod measure;
