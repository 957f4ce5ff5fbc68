//! Simulates subjects with known parameter values, each from a random stream of its own.

use crate::prior::PriorError;
use crate::problem::{Problem, check_values};
use crate::progress::{Meter, ProgressCallback};
use crate::random_stream::{Purpose, random_stream};
use crate::subjects::Workers;
use actinf_agents::{BehaviourModel, Design, Subject};

/// Simulated subjects and the values they were simulated with.
#[derive(Clone, Debug, PartialEq)]
pub struct Simulated {
    /// The subjects, named `simulated-1`, `simulated-2`, ... (with leading zeros), in order.
    pub subjects: Vec<Subject>,
    /// The true values of each of them: all components of all parameters.
    pub values: Vec<Vec<f64>>,
    /// The names of subjects that could not be simulated, with the reason; they are not among the others.
    pub failures: Vec<(String, String)>,
}

/// One set of values per subject: free parameters drawn from their priors, fixed ones as stated.
///
/// # Errors
///
/// If a prior is so extreme that its draws are rounded to the edge of the support.
pub fn draw_values(problem: &Problem<'_>, subjects: usize, seed: u64) -> Result<Vec<Vec<f64>>, PriorError> {
    let draw = |position| problem.draw(&mut random_stream(seed, Purpose::TrueValues, position, 0));
    (0..subjects).map(draw).collect()
}

/// Simulates one subject per set of `values`. The result depends on the seed, not on the number of threads, and a
/// subject's behaviour not on how many others there are.
pub fn simulate(
    model: &dyn BehaviourModel,
    values: &[Vec<f64>],
    design: Design,
    seed: u64,
    workers: &Workers,
    progress: ProgressCallback<'_>,
) -> Simulated {
    let meter = Meter::new(values.len(), 1, progress);
    let sessions = workers.map(values.len(), |position| {
        let own = &values[position];
        let mut rng = random_stream(seed, Purpose::Behaviour, position, 0);
        let checked = check_values(model.parameters(), own).map_err(|error| error.to_string());
        let simulated =
            checked.and_then(|()| model.simulate(own, design, &mut rng).map_err(|error| error.to_string()));
        meter.finished(position, simulated)
    });
    let digits = values.len().to_string().len();
    let mut result = Simulated { subjects: Vec::new(), values: Vec::new(), failures: Vec::new() };
    for (position, sessions) in sessions.into_iter().enumerate() {
        let id = format!("simulated-{:0digits$}", position + 1);
        match sessions {
            Ok(sessions) => {
                result.subjects.push(Subject { id, sessions });
                result.values.push(values[position].clone());
            }
            Err(reason) => result.failures.push((id, reason)),
        }
    }
    result
}
