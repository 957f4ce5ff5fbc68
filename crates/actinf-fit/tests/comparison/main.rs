//! Laws of model comparison, and its numbers against independent ones.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod exceedance;
mod families_groups_conditions;
mod fits;
mod populations;
mod random_effects;
mod rejected;
