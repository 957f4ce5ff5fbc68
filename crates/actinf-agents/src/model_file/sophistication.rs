//! `[planning.sophistication]`: planning by a tree of actions and outcomes.

use super::planning::number_between;
use crate::document::{DocumentError, Value};
use crate::task_model::{Modality, Sophistication};

/// The expected free energy of an action that is not followed, where the file gives none: pymdp's number.
const DEFAULT_PENALTY: f64 = 512.0;

/// No entropy is below this: the tree is never stopped early.
const NEVER_STOP: f64 = -1.0;

/// The most valued steps a tree may have.
const MOST_STEPS: f64 = 1e6;

/// Reads the settings of the tree; `horizon` is that of policies, which must be left out or 1.
pub(super) fn read(
    value: Value<'_>,
    horizon: Option<Value<'_>>,
    policies: &[Vec<usize>],
    modalities: &[Modality],
) -> Result<Sophistication, DocumentError> {
    let section =
        value.section(&["horizon", "action_threshold", "outcome_threshold", "penalty", "entropy_stop"])?;
    refuse_horizon(value, horizon, policies)?;
    let number = |key: &str, default: f64, upper: f64| {
        section.optional(key).map_or(Ok(default), |value| number_between(value, 0.0, upper))
    };
    let at = section.required("horizon")?;
    let settings = Sophistication {
        horizon: at.count(1)?,
        action_threshold: number("action_threshold", 0.0, 1.0)?,
        outcome_threshold: number("outcome_threshold", 0.0, 1.0)?,
        penalty: section.optional("penalty").map_or(Ok(DEFAULT_PENALTY), Value::number)?,
        entropy_stop: number("entropy_stop", NEVER_STOP, f64::INFINITY)?,
    };
    if most_steps(&settings, policies.len(), modalities) > MOST_STEPS {
        return Err(at.reject(format!(
            "gives a tree that may have more than {MOST_STEPS} steps; shorten it, or raise `action_threshold` or \
             `outcome_threshold`"
        )));
    }
    Ok(settings)
}

/// Refuses policies of several steps beside a tree, whose settings stand at `tree`.
pub(super) fn refuse_horizon(
    tree: Value<'_>,
    horizon: Option<Value<'_>>,
    policies: &[Vec<usize>],
) -> Result<(), DocumentError> {
    match (horizon, policies.iter().all(|policy| policy.len() == 1)) {
        (Some(at), false) => Err(at.reject(format!(
            "must be left out: with [{}] policies are single actions, and the tree has its own `horizon`",
            tree.path()
        ))),
        _ => Ok(()),
    }
}

/// How many steps the tree may have at most: of the probabilities of a distribution, fewer than 1/t are above t.
fn most_steps(settings: &Sophistication, actions: usize, modalities: &[Modality]) -> f64 {
    let actions = actions as f64;
    let combinations: f64 = modalities.iter().map(|modality| modality.outcomes.len() as f64).product();
    let followed = actions.min(1.0 / settings.action_threshold);
    let kept = combinations.min(1.0 / settings.outcome_threshold);
    // Beyond a thousand levels there are either too many nodes already, or one more per level.
    let nodes: f64 = (0..settings.horizon.min(1_000)).map(|depth| (followed * kept).powi(depth as i32)).sum();
    actions * nodes.max(settings.horizon as f64)
}
