//! Everybody alone: what each subject's own data and the parameters' own priors say, without the others.

use super::{GroupProgress, GroupRun};
use crate::dataset::Dataset;
use crate::fit::fit;
use crate::hierarchical::GroupProblem;
use crate::methods::MaximumAPosteriori;
use crate::normal_approximation::NormalApproximation;
use crate::results::Outcome;

/// The normal approximation of each subject of the group problem; all `None` if it is not asked for.
pub(super) fn alone(
    group: &GroupProblem<'_>,
    dataset: &Dataset,
    is_wanted: bool,
    run: GroupRun<'_>,
) -> Vec<Option<NormalApproximation>> {
    if !is_wanted {
        return vec![None; group.subjects().len()];
    }
    let tell = |progress| {
        let _ = (run.watch)(GroupProgress::Alone(progress));
    };
    let method = MaximumAPosteriori::default();
    let fitted = fit(group.problem(), dataset, &method, run.seed, run.workers, &tell);
    let approximation = |&position: &usize| match &fitted.subjects[position].outcome {
        Outcome::Fitted(fit) => fit.approximation.clone(),
        Outcome::Failed { .. } => None,
    };
    group.positions().iter().map(approximation).collect()
}
