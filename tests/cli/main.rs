//! The program as a user meets it. Each test writes a small study to a folder of its own and runs `actinf` there.
//! Registered by the crate that owns the program.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod bad_input;
mod bad_input_tour;
mod bids;
mod compare;
mod documents;
mod effects;
mod good_input;
mod group;
mod help;
mod import;
mod known_formats;
mod printing;
mod projects;
mod schemas;
mod shells;
mod study;
mod tested_pages;
