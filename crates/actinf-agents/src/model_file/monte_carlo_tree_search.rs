//! `[planning.monte_carlo_tree_search]`: planning by imagined futures.

use super::planning::number_between;
use super::sophistication::refuse_horizon;
use crate::document::{DocumentError, Value};
use crate::task_model::{Modality, MonteCarloTreeSearch};

/// How much an action that was tried less is favoured, in nats, where the file gives nothing.
const DEFAULT_EXPLORATION: f64 = 1.0;

/// The most valued steps a search may take.
const MOST_STEPS: f64 = 1e6;

/// The most combinations of outcomes that are told apart: all whole numbers up to here are.
const MOST_COMBINATIONS: f64 = 9_007_199_254_740_992.0;

/// Reads the settings of the search; `horizon` is that of policies, which must be left out or 1.
pub(super) fn read(
    value: Value<'_>,
    horizon: Option<Value<'_>>,
    policies: &[Vec<usize>],
    modalities: &[Modality],
) -> Result<MonteCarloTreeSearch, DocumentError> {
    let section = value.section(&["horizon", "simulations", "exploration", "seed"])?;
    refuse_horizon(value, horizon, policies)?;
    let simulations_at = section.required("simulations")?;
    let exploration = section.optional("exploration");
    let search = MonteCarloTreeSearch {
        horizon: section.required("horizon")?.count(1)?,
        simulations: simulations_at.count(policies.len())?,
        exploration: exploration
            .map_or(Ok(DEFAULT_EXPLORATION), |value| number_between(value, 0.0, f64::INFINITY))?,
        seed: section.optional("seed").map_or(Ok(0), |value| value.count(0))? as u64,
    };
    if (search.horizon as f64) * (search.simulations as f64) * (policies.len() as f64) > MOST_STEPS {
        return Err(simulations_at.reject(format!(
            "times `horizon` times the number of actions gives more than {MOST_STEPS} steps; lower one of them"
        )));
    }
    let combinations: f64 = modalities.iter().map(|modality| modality.outcomes.len() as f64).product();
    if combinations > MOST_COMBINATIONS {
        return Err(value.reject("cannot tell apart so many combinations of outcomes; drop modalities"));
    }
    Ok(search)
}
