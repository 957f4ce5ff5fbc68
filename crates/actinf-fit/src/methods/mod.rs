//! Fitting methods, one file each: how parameters are estimated, as a paper's Methods section would name it.

mod laplace_approximation;
mod maximum_a_posteriori;
mod maximum_likelihood;
mod spm_variational_laplace;

pub use laplace_approximation::LaplaceApproximation;
pub use maximum_a_posteriori::MaximumAPosteriori;
pub use maximum_likelihood::MaximumLikelihood;
pub use spm_variational_laplace::SpmVariationalLaplace;

use crate::optimisers::Maximum;
use crate::problem::Problem;
use crate::recorded::{NOTHING_RECORDED, is_anything_recorded};
use crate::results::SubjectFit;
use actinf_agents::{Subject, Trajectory};

/// One search: which subject, from which start.
#[derive(Clone, Copy)]
pub struct SearchTask<'a> {
    /// What is estimated.
    pub problem: &'a Problem<'a>,
    /// Whose parameters.
    pub subject: &'a Subject,
    /// The subject's position in the data, which chooses its random streams.
    pub position: usize,
    /// The start, from 0.
    pub start: usize,
    /// The seed of all random streams.
    pub seed: u64,
}

impl<'a> SearchTask<'a> {
    /// The subject whose search this is.
    pub fn of_subject(self) -> SubjectTask<'a> {
        let SearchTask { problem, subject, position, seed, .. } = self;
        SubjectTask { problem, subject, position, seed }
    }
}

/// One subject, with what chooses its random streams.
#[derive(Clone, Copy)]
pub struct SubjectTask<'a> {
    /// What is estimated.
    pub problem: &'a Problem<'a>,
    /// Whose parameters.
    pub subject: &'a Subject,
    /// The subject's position in the data, which chooses its random streams.
    pub position: usize,
    /// The seed of all random streams.
    pub seed: u64,
}

impl<'a> SubjectTask<'a> {
    /// One of the subject's searches.
    pub fn search(self, start: usize) -> SearchTask<'a> {
        let SubjectTask { problem, subject, position, seed } = self;
        SearchTask { problem, subject, position, start, seed }
    }
}

/// What a method gives for one subject.
#[derive(Clone, Debug, PartialEq)]
pub struct FittedSubject {
    /// The estimates and everything said about them.
    pub fit: SubjectFit,
    /// The model's trajectory at the estimates.
    pub trajectory: Trajectory,
}

/// A method that estimates each subject on its own, by searches that do not depend on one another.
///
/// Reasons for failure are given in words, as they are shown to the user.
pub trait FittingMethod: Send + Sync {
    /// The name as in fit files.
    fn name(&self) -> &'static str;

    /// Each setting by name, as text, for the record.
    fn settings(&self) -> Vec<(String, String)>;

    /// The number of searches per subject; at least 1.
    fn starts(&self) -> usize;

    /// One search. It may depend on nothing but the task.
    ///
    /// # Errors
    ///
    /// In words, why the search found nothing.
    fn search(&self, task: SearchTask<'_>) -> Result<Maximum, String>;

    /// Makes a subject's result of all its searches, in the order of their starts.
    ///
    /// # Errors
    ///
    /// In words, why the subject cannot be fitted.
    fn conclude(
        &self,
        task: SubjectTask<'_>,
        searches: &[Result<Maximum, String>],
    ) -> Result<FittedSubject, String>;

    /// Fits one subject on the calling thread: all searches, then the conclusion.
    ///
    /// # Errors
    ///
    /// In words, why the subject cannot be fitted.
    fn fit_subject(
        &self,
        problem: &Problem<'_>,
        subject: &Subject,
        position: usize,
        seed: u64,
    ) -> Result<FittedSubject, String> {
        let task = SubjectTask { problem, subject, position, seed };
        let searches: Vec<_> =
            (0..self.starts().max(1)).map(|start| self.checked_search(task.search(start))).collect();
        self.conclude(task, &searches)
    }

    /// [`FittingMethod::search`], unless the subject has nothing to fit.
    ///
    /// # Errors
    ///
    /// As [`FittingMethod::search`], or that nothing was recorded.
    fn checked_search(&self, task: SearchTask<'_>) -> Result<Maximum, String> {
        if !is_anything_recorded(task.problem.model().schema(), task.subject) {
            return Err(NOTHING_RECORDED.to_owned());
        }
        self.search(task)
    }
}
