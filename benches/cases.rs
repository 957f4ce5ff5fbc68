//! The models the benches are measured on, each with two sets of three free parameters and simulated subjects.

mod builder;
mod three_factors;
mod wide_step;

use actinf_agents::document::DocumentError;
use actinf_agents::task_model::{InferenceScheme, Numerics, Schedule};
use actinf_agents::{
    ActiveInference, BehaviourModel, Design, Expression, LikelihoodError, Subject, TaskModel, default_values,
    model_file,
};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// Anything that keeps a case from being built or simulated.
pub type Error = Box<dyn std::error::Error>;

/// Whose equations are used where ours and pymdp's defaults differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Equations {
    /// Ours: exact filtering on joint states, no floor under probabilities.
    Exact,
    /// pymdp's: sixteen parallel sweeps of mean field, probabilities floored at 2^-52.
    Pymdp,
}

/// A model ready to be measured.
#[derive(Clone, Debug)]
pub struct Case {
    /// The name, which is that of the model.
    pub name: String,
    /// The model.
    pub model: ActiveInference,
    /// The parameters' values: the defaults.
    pub values: Vec<f64>,
    /// The positions of three parameters that reach perception.
    pub perception: Vec<usize>,
    /// The positions of three parameters that reach planning and choice only.
    pub choice: Vec<usize>,
}

impl Case {
    /// A case from a model whose first three parameters reach choice only and whose others reach perception.
    fn new(task: TaskModel) -> Case {
        let values = default_values(&task.parameters);
        Case {
            name: task.name.clone(),
            perception: (3..values.len()).collect(),
            choice: (0..3).collect(),
            model: ActiveInference::new(task),
            values,
        }
    }

    /// The same case under other equations.
    pub fn with(&self, equations: Equations) -> Case {
        let mut task = self.model.task().clone();
        (task.inference, task.numerics) = match equations {
            Equations::Exact => (InferenceScheme::Exact, Numerics::Exact),
            Equations::Pymdp => (
                InferenceScheme::FixedPointIteration { sweeps: 16, schedule: Schedule::Parallel },
                Numerics::Pymdp,
            ),
        };
        Case { model: ActiveInference::new(task), ..self.clone() }
    }

    /// Simulated subjects; subject k is drawn from seed k, whatever their number.
    ///
    /// # Errors
    ///
    /// If the model cannot be simulated at its default values.
    pub fn subjects(&self, number: u64, design: Design) -> Result<Vec<Subject>, LikelihoodError> {
        let subject = |k| {
            let sessions = self.model.simulate(&self.values, design, &mut ChaCha8Rng::seed_from_u64(k))?;
            Ok(Subject { id: format!("simulated {k}"), sessions })
        };
        (0..number).map(subject).collect()
    }
}

/// T-maze: 4 locations by 2 contexts, 3 modalities, 16 policies of length 2, nothing learned.
///
/// # Errors
///
/// If the model file is wrong.
pub fn t_maze() -> Result<Case, DocumentError> {
    Ok(Case::new(model_file::read(include_str!("models/t_maze.toml"), "t_maze.toml")?))
}

/// Three-armed bandit: A learned at every trial, information about A counts, 3 policies of length 1.
///
/// # Errors
///
/// If the model file is wrong.
pub fn bandit() -> Result<Case, DocumentError> {
    let mut task = model_file::read(include_str!("models/bandit.toml"), "bandit.toml")?;
    task.planning.weights.likelihood_information_gain = Expression::constant(1.0);
    Ok(Case::new(task))
}

/// Three factors with 4, 4 and 3 states, three modalities that depend on all of them, policies of length 3: 64 with one
/// controlled factor of four actions, 4096 with two.
///
/// # Errors
///
/// If a cell is wrong.
pub fn three_factors(controlled: usize) -> Result<Case, Error> {
    Ok(Case::new(three_factors::task(controlled)?))
}

/// One factor with 64 states, one modality with 100 outcomes, 1000 policies of length 3.
///
/// # Errors
///
/// If a cell is wrong.
pub fn wide_step() -> Result<Case, Error> {
    Ok(Case::new(wide_step::task()?))
}

/// The three models of the comparison with pymdp.
///
/// # Errors
///
/// If one of them is wrong.
pub fn compared() -> Result<Vec<Case>, Error> {
    Ok(vec![t_maze()?, bandit()?, three_factors(1)?])
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHORT: Design = Design { sessions: 1, trials: 1, steps: 12 };

    #[test]
    fn every_case_scores_its_own_subjects_under_both_equations_with_gradients_that_match_differences() {
        for case in compared().unwrap() {
            let subjects = case.subjects(1, SHORT).unwrap();
            for equations in [Equations::Exact, Equations::Pymdp] {
                let case = case.with(equations);
                for free in [&case.perception, &case.choice] {
                    let mut scorer = case.model.scorer(&subjects[0], &case.values, free).unwrap();
                    let at: Vec<f64> = free.iter().map(|&k| case.values[k]).collect();
                    let mut gradient = [0.0; 3];
                    scorer.log_likelihood_gradient(&at, &mut gradient).unwrap();
                    for k in 0..3 {
                        let mut shifted = |by: f64| {
                            let mut moved = at.clone();
                            moved[k] += by;
                            scorer.log_likelihood(&moved).unwrap()
                        };
                        let difference = (shifted(1e-5) - shifted(-1e-5)) / 2e-5;
                        let error = (gradient[k] - difference).abs();
                        assert!(error < 1e-5 * (1.0 + difference.abs()), "{} {k}: {error}", case.name);
                    }
                }
            }
        }
    }

    #[test]
    fn policies_are_as_many_as_the_comparison_says() {
        let count = |case: Case| case.model.task().planning.policies.len();
        assert_eq!(count(t_maze().unwrap()), 16);
        assert_eq!(count(bandit().unwrap()), 3);
        assert_eq!(count(three_factors(1).unwrap()), 64);
        assert_eq!(count(three_factors(2).unwrap()), 4096);
        assert_eq!(count(wide_step().unwrap()), 1000);
    }
}
