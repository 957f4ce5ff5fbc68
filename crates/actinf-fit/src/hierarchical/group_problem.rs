//! What is to be estimated for a group: a problem, the subjects that can be fitted, and what each coordinate's mean
//! depends on.
//!
//! ```text
//! θ_i ~ Normal(μ_i, Σ),   μ_ic = Σ_j X_c[i, j] w_cj
//! ```
//!
//! θ_i are the unconstrained coordinates of subject i, X_c the design matrix of the parameter that coordinate c belongs to,
//! w its weights, and Σ the covariance of the population. The problem's own priors do not enter the likelihood of the
//! group; they say where searches start and set the width of hyperpriors.

use super::design::{DesignMatrix, is_missing};
use super::formula::Formula;
use super::group_problem_error::GroupProblemError;
use crate::dataset::Dataset;
use crate::log_posterior::{LogPosterior, Target};
use crate::prior::Prior;
use crate::problem::{FreeParameter, Problem};
use crate::recorded::{NOTHING_RECORDED, is_anything_recorded};
use actinf_agents::{Subject, nearest_name};
use statrs::function::gamma::digamma;
use std::collections::BTreeMap;
use std::ops::Range;

/// A subject that is left out, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excluded {
    /// The identity in the data.
    pub subject: String,
    /// In words.
    pub reason: String,
}

/// One unconstrained coordinate of a subject.
#[derive(Clone, Debug, PartialEq)]
pub struct Coordinate {
    /// The parameter's name; for a simplex, the name of the component that is compared with the last one.
    pub name: String,
    /// Which of the group problem's design matrices its mean follows.
    pub design: usize,
    /// The centre of the parameter's own prior, on the unconstrained scale.
    pub prior_mean: f64,
    /// The standard deviation of the parameter's own prior, on the unconstrained scale.
    pub prior_sd: f64,
}

/// A weight of the population: one column of one coordinate's design.
#[derive(Clone, Debug, PartialEq)]
pub struct Weight {
    /// The coordinate whose mean it shapes.
    pub coordinate: usize,
    /// Its column in the coordinate's design matrix.
    pub column: usize,
    /// `learning_rate ~ group[b]`.
    pub name: String,
}

/// A problem for a group of subjects.
pub struct GroupProblem<'a> {
    problem: &'a Problem<'a>,
    subjects: Vec<&'a Subject>,
    positions: Vec<usize>,
    excluded: Vec<Excluded>,
    designs: Vec<DesignMatrix>,
    coordinates: Vec<Coordinate>,
    weights: Vec<Weight>,
    first_weight: Vec<usize>,
}

impl<'a> GroupProblem<'a> {
    /// A problem for all subjects of a dataset who can be fitted, with a formula per parameter; a parameter without one
    /// has the same mean for everybody. Subjects without data, whose behaviour does not fit the model, or without a value
    /// of a variable that a formula uses are left out and listed with the reason.
    ///
    /// # Errors
    ///
    /// If a formula cannot be used or too few subjects are left.
    pub fn new(
        problem: &'a Problem<'a>,
        dataset: &'a Dataset,
        formulas: &BTreeMap<String, Formula>,
    ) -> Result<Self, GroupProblemError> {
        let mut problems = Self::of_models(&[(problem, formulas)], dataset)?;
        Ok(problems.swap_remove(0))
    }

    /// One group problem per model, all for the same subjects: whoever cannot be fitted under one model is left out of all.
    ///
    /// # Errors
    ///
    /// As [`GroupProblem::new`].
    pub fn of_models(
        models: &[(&'a Problem<'a>, &BTreeMap<String, Formula>)],
        dataset: &'a Dataset,
    ) -> Result<Vec<Self>, GroupProblemError> {
        let models: Vec<_> =
            models.iter().map(|(problem, formulas)| (*problem, *formulas, dataset)).collect();
        Self::of_datasets(&models)
    }

    /// The same for models that see the same behaviour through schemas of their own: one dataset per model, of the same subjects.
    ///
    /// # Errors
    ///
    /// As [`GroupProblem::new`], or if the subjects differ.
    pub fn of_datasets(
        models: &[(&'a Problem<'a>, &BTreeMap<String, Formula>, &'a Dataset)],
    ) -> Result<Vec<Self>, GroupProblemError> {
        let Some((_, _, first)) = models.first() else { return Ok(Vec::new()) };
        check_same_subjects(first, models.iter().map(|(_, _, dataset)| *dataset))?;
        let mut excluded = Vec::new();
        let mut positions = Vec::new();
        for (position, subject) in first.subjects.iter().enumerate() {
            match models.iter().find_map(|(p, f, dataset)| why_excluded(p, f, dataset, position)) {
                None => positions.push(position),
                Some(reason) => excluded.push(Excluded { subject: subject.id.clone(), reason }),
            }
        }
        models.iter().map(|(p, f, dataset)| Self::of_subjects(p, f, dataset, &positions, &excluded)).collect()
    }

    fn of_subjects(
        problem: &'a Problem<'a>,
        formulas: &BTreeMap<String, Formula>,
        dataset: &'a Dataset,
        positions: &[usize],
        excluded: &[Excluded],
    ) -> Result<Self, GroupProblemError> {
        check_names(problem, formulas)?;
        let formula = |name: &str| formulas.get(name).cloned().unwrap_or_else(Formula::intercept_only);
        let mut designs = Vec::new();
        for p in problem.free() {
            let parameter = p.parameter.name.clone();
            let design = DesignMatrix::new(&formula(&parameter), dataset, positions)
                .map_err(|error| GroupProblemError::Design { parameter, error })?;
            designs.push(design);
        }
        check_enough(&designs, positions.len(), excluded)?;
        let coordinates = coordinates(problem);
        let (weights, first_weight) = weights(&coordinates, &designs);
        let subjects = positions.iter().map(|&position| &dataset.subjects[position]).collect();
        let (positions, excluded) = (positions.to_vec(), excluded.to_vec());
        Ok(GroupProblem {
            problem,
            subjects,
            positions,
            excluded,
            designs,
            coordinates,
            weights,
            first_weight,
        })
    }

    /// The problem of one subject.
    pub fn problem(&self) -> &'a Problem<'a> {
        self.problem
    }

    /// The subjects that are fitted, in the order of the data.
    pub fn subjects(&self) -> &[&'a Subject] {
        &self.subjects
    }

    /// The positions of these subjects in the dataset, which choose their random streams.
    pub fn positions(&self) -> &[usize] {
        &self.positions
    }

    /// The subjects that are left out.
    pub fn excluded(&self) -> &[Excluded] {
        &self.excluded
    }

    /// One design matrix per free parameter.
    pub fn designs(&self) -> &[DesignMatrix] {
        &self.designs
    }

    /// The unconstrained coordinates of a subject.
    pub fn coordinates(&self) -> &[Coordinate] {
        &self.coordinates
    }

    /// The weights of the population, coordinate by coordinate.
    pub fn weights(&self) -> &[Weight] {
        &self.weights
    }

    /// Where the weights of a coordinate stand.
    pub fn weights_of(&self, coordinate: usize) -> Range<usize> {
        let first = self.first_weight[coordinate];
        first..first + self.design_of(coordinate).columns.len()
    }

    /// The design matrix of a coordinate.
    pub fn design_of(&self, coordinate: usize) -> &DesignMatrix {
        &self.designs[self.coordinates[coordinate].design]
    }

    /// The population mean of one coordinate for one subject: `Σ_j X_c[i, j] w_cj`.
    pub fn mean(&self, subject: usize, coordinate: usize, weights: &[f64]) -> f64 {
        let own = &weights[self.weights_of(coordinate)];
        self.design_of(coordinate).row(subject).zip(own).map(|(x, w)| x * w).sum()
    }

    /// The population means of all coordinates for one subject.
    pub fn means(&self, subject: usize, weights: &[f64]) -> Vec<f64> {
        (0..self.coordinates.len()).map(|coordinate| self.mean(subject, coordinate, weights)).collect()
    }

    /// Weights under which everybody's mean is `means`: that value on the intercept or on every level.
    pub fn weights_with_means(&self, means: &[f64]) -> Vec<f64> {
        use super::design::Coding;
        let weight = |weight: &Weight| match self.design_of(weight.coordinate).columns[weight.column].coding {
            Coding::Intercept | Coding::Level { .. } => means[weight.coordinate],
            _ => 0.0,
        };
        self.weights.iter().map(weight).collect()
    }
}

fn check_same_subjects<'d>(
    first: &Dataset,
    others: impl Iterator<Item = &'d Dataset>,
) -> Result<(), GroupProblemError> {
    for (model, other) in others.enumerate() {
        let ids = |dataset: &Dataset| dataset.subjects.iter().map(|s| s.id.clone()).collect::<Vec<_>>();
        if ids(first) != ids(other) {
            return Err(GroupProblemError::DifferentSubjects { model: model + 1 });
        }
    }
    Ok(())
}

fn why_excluded(
    problem: &Problem<'_>,
    formulas: &BTreeMap<String, Formula>,
    dataset: &Dataset,
    position: usize,
) -> Option<String> {
    let subject = &dataset.subjects[position];
    if !is_anything_recorded(problem.model().schema(), subject) {
        return Some(NOTHING_RECORDED.to_owned());
    }
    if let Err(error) = LogPosterior::of(Target::Likelihood, problem, subject) {
        return Some(error.to_string());
    }
    let mut used = formulas.values().flat_map(Formula::variables);
    used.find(|name| is_missing(dataset, name, position))
        .map(|name| format!("has no value of `{name}`, which a formula uses"))
}

fn check_names(problem: &Problem<'_>, formulas: &BTreeMap<String, Formula>) -> Result<(), GroupProblemError> {
    let names: Vec<&str> = problem.free().iter().map(|p| p.parameter.name.as_str()).collect();
    let Some(unknown) = formulas.keys().find(|name| !names.contains(&name.as_str())) else {
        return Ok(());
    };
    let near = nearest_name(unknown, names.iter().copied());
    Err(GroupProblemError::UnknownParameter {
        parameter: unknown.clone(),
        available: format!("`{}`", names.join("`, `")),
        suggestion: near.map_or_else(String::new, |near| format!("; did you mean `{near}`?")),
    })
}

fn check_enough(
    designs: &[DesignMatrix],
    subjects: usize,
    excluded: &[Excluded],
) -> Result<(), GroupProblemError> {
    let weights = designs.iter().map(|design| design.columns.len()).max().unwrap_or(1);
    let needed = weights + 2;
    if subjects >= needed {
        return Ok(());
    }
    let example = |e: &Excluded| {
        format!("; {} were left out, the first (`{}`) because it {}", excluded.len(), e.subject, e.reason)
    };
    let first_reason = excluded.first().map_or_else(String::new, example);
    Err(GroupProblemError::TooFewSubjects { left: subjects, weights, needed, first_reason })
}

fn coordinates(problem: &Problem<'_>) -> Vec<Coordinate> {
    let mut coordinates = Vec::new();
    for (design, p) in problem.free().iter().enumerate() {
        let names = p.parameter.component_names();
        let means = prior_centres(p);
        let variances = p.prior.coordinate_variances();
        for (index, _) in p.coordinates.clone().enumerate() {
            let (prior_mean, prior_sd) = (means[index], variances[index].sqrt());
            coordinates.push(Coordinate { name: names[index].clone(), design, prior_mean, prior_sd });
        }
    }
    coordinates
}

/// The median of a parameter's prior on the unconstrained scale; for a simplex, the mean of `ln(x_k / x_K)`.
fn prior_centres(p: &FreeParameter) -> Vec<f64> {
    if let Prior::Dirichlet { concentration } = &p.prior {
        let last = concentration.last().copied().unwrap_or(1.0);
        return concentration.iter().map(|&a| digamma(a) - digamma(last)).take(p.coordinates.len()).collect();
    }
    let median = p.prior.quantile(p.parameter.support, 0.5).unwrap_or(f64::NAN);
    let mut centre = vec![0.0];
    p.transform.to_unconstrained(&[median], &mut centre);
    centre
}

fn weights(coordinates: &[Coordinate], designs: &[DesignMatrix]) -> (Vec<Weight>, Vec<usize>) {
    let (mut weights, mut first_weight) = (Vec::new(), Vec::new());
    for (index, coordinate) in coordinates.iter().enumerate() {
        first_weight.push(weights.len());
        for (column, design_column) in designs[coordinate.design].columns.iter().enumerate() {
            let name = format!("{} ~ {}", coordinate.name, design_column.name);
            weights.push(Weight { coordinate: index, column, name });
        }
    }
    (weights, first_weight)
}
