//! Posterior predictive checks: whether a fitted model behaves like the people it was fitted to.
//!
//! ```text
//! θ_d ~ p(θ | y)                  d = 1 .. 20, on the unconstrained scale
//! a_t ~ p(a_t | h_t, θ_d)         ten times for every d, h_t = what the person saw and did before t, as recorded
//! T   = mean over persons of  Σ_t e(a_t, h_t) / n
//! p   = P(T_replicated > T_observed) + ½ P(T_replicated = T_observed)
//! ```
//!
//! Every statistic is the rate of an event e, such as an action or a change of action, over moments that are picked by
//! what the person had recorded until then. Replicates are one step ahead: they are given the person's own history,
//! because what a task would have shown after other actions is in general not known. So they ask whether the model
//! predicts the next action in this respect, not whether it would produce such a history by itself.
//!
//! The p value is of the posterior predictive kind: the data serve twice, to fit and to check, so that under a true model
//! it lies closer to ½ than a uniform number would. It is conservative: what it finds is there; what it does not find may be.
//!
//! Parameters are drawn by importance around the estimate, with the prior that the estimate was made with (that of the
//! parameters, the population that was estimated, or none), so that a skewed posterior is not taken for a normal one: with
//! many people the difference would be found. Where a subject has no covariance, all replicates are made at its estimate;
//! where there are several optima, draws are made around the best.
//!
//! | file | holds |
//! |---|---|
//! | `record` | what is written to `fit.json` |
//! | `statistic`, `moment`, `layout` | the contract of statistics, what they look at, how the data are laid out |
//! | `choice_rate`, `choice_over_time`, `choice_by_cue`, `choice_by_session`, `switching`, `stay_after_outcome` | one statistic each |
//! | `plan` | which moments of a subject count in which rates |
//! | `prior`, `posterior_draws`, `replicate` | parameters drawn, actions drawn |
//! | `totals`, `summarise` | from persons to groups, bands and p values |
//!
//! # References
//!
//! Gelman, Meng & Stern (1996). Posterior predictive assessment of model fitness via realized discrepancies. *Statistica
//! Sinica* 6, 733–760. Palminteri, Wyart & Koechlin (2017). The importance of falsification in computational cognitive
//! modeling. *Trends in Cognitive Sciences* 21, 425–433. Wilson & Collins (2019). Ten simple rules for the computational
//! modeling of behavioral data. *eLife* 8, e49547.

mod choice_by_cue;
mod choice_by_session;
mod choice_over_time;
mod choice_rate;
mod layout;
mod moment;
mod plan;
mod posterior_draws;
mod prior;
mod record;
mod replicate;
mod statistic;
mod stay_after_outcome;
mod summarise;
mod switching;
mod totals;

pub use record::{
    CheckedRate, Condition, GroupCheck, OutsideRate, PersonChecks, PredictiveChecks, RateCheck,
    StatisticKind, Unchecked,
};

use crate::dataset::Dataset;
use crate::population_record::PopulationRecord;
use crate::problem::Problem;
use crate::progress::{Meter, ProgressCallback};
use crate::results::{Outcome, SubjectFit, SubjectRecord};
use crate::subjects::Workers;
use layout::Layout;
use plan::Plan;
use prior::Prior;
use replicate::Tallies;
use totals::Totals;

/// Parameters drawn per person.
pub const PARAMETER_DRAWS: usize = 20;
/// Actions drawn per moment and drawn parameters.
pub const ACTION_DRAWS: usize = 10;
/// Replicates of everybody's behaviour.
pub const REPLICATES: usize = PARAMETER_DRAWS * ACTION_DRAWS;
/// Persons whose tallies are kept at a time.
const AT_A_TIME: usize = 128;

/// A finished fit.
#[derive(Clone, Copy)]
pub struct FinishedFit<'a> {
    /// What was estimated.
    pub problem: &'a Problem<'a>,
    /// The behaviour.
    pub dataset: &'a Dataset,
    /// The results, in the order of the data.
    pub subjects: &'a [SubjectRecord],
    /// The population, where a group was estimated together.
    pub population: Option<&'a PopulationRecord>,
}

/// Checks a fit. A person that cannot be replicated is named with the reason and loses no other; the result depends on the seed,
/// not on the number of workers.
pub fn predictive_checks(
    finished: FinishedFit<'_>,
    seed: u64,
    workers: &Workers,
    progress: ProgressCallback<'_>,
) -> PredictiveChecks {
    let FinishedFit { problem, dataset, subjects, population } = finished;
    let schema = problem.model().schema();
    let layout = Layout::of(dataset);
    let plan = Plan::new(schema, &layout);
    let fits = fits(subjects, dataset.subjects.len());
    let meter = Meter::new(fits.len(), 1, progress);
    let mut totals = Totals::new(plan.rates(), subjects);
    for (chunk, some) in fits.chunks(AT_A_TIME).enumerate() {
        let tallies: Vec<Result<Tallies, String>> = workers.map(some.len(), |index| {
            let (position, fit) = some[index];
            let prior = Prior::of(fit, &subjects[position].id, population);
            let subject = &dataset.subjects[position];
            let replicated = replicate::replicate(problem, &plan, subject, (fit, &prior), (seed, position));
            meter.finished(chunk * AT_A_TIME + index, replicated)
        });
        for (&(position, _), tallies) in some.iter().zip(tallies) {
            totals.add(&subjects[position], tallies);
        }
    }
    totals.summarised()
}

/// Those who were fitted, with their places among `count` subjects.
fn fits(subjects: &[SubjectRecord], count: usize) -> Vec<(usize, &SubjectFit)> {
    let places = subjects.iter().take(count).enumerate();
    places
        .filter_map(|(position, subject)| match &subject.outcome {
            Outcome::Fitted(fit) => Some((position, fit)),
            Outcome::Failed { .. } => None,
        })
        .collect()
}
