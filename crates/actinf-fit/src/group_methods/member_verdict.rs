//! What a member's estimate is worth: how much of it comes from its own data.

use crate::results::{Convergence, Estimate};
use crate::verdict::Verdict;

/// Data that take away less than this of the population's variance say nothing.
const NOTHING: f64 = 0.01;
/// Data that take away less than this of it leave a parameter flat.
const FLAT: f64 = 0.05;
/// A parameter whose contraction is below this is weakly determined.
const WEAK: f64 = 0.5;

/// The first verdict that holds, with its reason.
pub(super) fn judge(estimates: &[Estimate], convergence: &Convergence) -> (Verdict, String) {
    let below = |limit: f64| -> Vec<&str> {
        let is_below = |e: &&Estimate| e.contraction.is_none_or(|c| c < limit);
        estimates.iter().filter(is_below).map(|e| e.parameter.as_str()).collect()
    };
    let at_bound: Vec<&str> = estimates.iter().filter(|e| e.at_bound).map(|e| e.parameter.as_str()).collect();
    let (flat, weak) = (below(FLAT), below(WEAK));
    if !convergence.converged {
        return (Verdict::NotConverged, convergence.reason.clone());
    }
    if below(NOTHING).len() == estimates.len() {
        let reason = "the subject's own data say nothing; the estimate is the mean of the population";
        return (Verdict::NoInformation, reason.to_owned());
    }
    if !at_bound.is_empty() {
        return (Verdict::AtABound, format!("{} lies at the end of its support", at_bound.join(", ")));
    }
    if !flat.is_empty() {
        let reason = format!("the subject's own data say next to nothing about {}", flat.join(", "));
        return (Verdict::Flat, reason);
    }
    if !weak.is_empty() {
        let least = estimates.iter().filter_map(|e| e.contraction).fold(f64::INFINITY, f64::min);
        let reason = format!(
            "the subject's own data take away less than half of the population's variance of {} (at least {:.0} %)",
            weak.join(", "),
            100.0 * least.max(0.0)
        );
        return (Verdict::WeaklyDetermined, reason);
    }
    let reason =
        "the subject's own data take away more than half of the population's variance of every parameter";
    (Verdict::WellDetermined, reason.to_owned())
}
