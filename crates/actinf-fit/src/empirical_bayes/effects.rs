//! The effects of groups and covariates on people's parameters, from the record of a fit: the group, the search over reduced
//! models and their average, and prediction.
//!
//! The columns of the design are those of [`DesignMatrix`]: the group is coded around 0 and covariates are centred and scaled, so
//! that the column `1` is the group's mean. It is not searched: "off" would be a particular value of the parameter, not no effect.

use super::Conventions;
use super::effects_error::EffectsError;
use super::first_levels::FirstLevels;
use super::gaussian::Gaussian;
use super::hierarchy::{Design, GroupFit, GroupSettings, fit_group};
use super::prediction::{Left, leave_one_out};
use super::record::{Effect, Effects, Person, Predicted, Prediction, ReducedModel, Variability};
use super::search::{ModelSearch, Searched, search};
use crate::dataset::{Covariate, Dataset};
use crate::hierarchical::{DesignMatrix, Formula, is_missing};
use crate::results::{FitRecord, SubjectRecord};
use crate::subjects::Workers;
use actinf_agents::nearest_name;
use nalgebra::{DMatrix, DVector};

/// What is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct EffectsQuestion {
    /// The design.
    pub formula: Formula,
    /// The column, or the variable with a single column, to predict with everybody left out in turn.
    pub leave_one_out: Option<String>,
    /// How the group is fitted.
    pub settings: GroupSettings,
}

/// Answers it.
///
/// # Errors
///
/// If the subjects were estimated together, a prior is not normal on the unconstrained scale, the fit has no log evidences, the formula fits no data, the column to be
/// predicted is not in the design, or the group cannot be fitted.
pub fn effects(
    record: &FitRecord,
    question: &EffectsQuestion,
    workers: &Workers,
) -> Result<Effects, EffectsError> {
    if record.population.is_some() {
        return Err(EffectsError::Together { method: record.method.name.clone() });
    }
    let (levels, design) = prepared(record, question)?;
    let settings = &question.settings;
    let column = question.leave_one_out.as_ref().map(|name| column(&design, name)).transpose()?;
    let group = fit_group(&levels.subjects, &design, settings)?;
    let size = levels.coordinates.len();
    let first = if question.formula.has_intercept() { size } else { 0 };
    let candidates: Vec<usize> = (first..size * design.names.len()).collect();
    let searched = ModelSearch { candidates, conventions: settings.conventions };
    let found = search(&group.effect_posterior(), &group.effect_prior, &searched)?;
    let predict = |column: usize| -> Result<Prediction, EffectsError> {
        let left = leave_one_out(&levels.subjects, &design, column, settings, workers)?;
        Ok(prediction(design.names[column].clone(), &left))
    };
    let named = Named { coordinates: &levels.coordinates, columns: &design.names };
    Ok(Effects {
        formula: question.formula.to_string(),
        conventions: settings.conventions,
        subjects: levels.subjects.len(),
        log_evidence: group.log_evidence,
        converged: group.converged,
        effects: named.effects(&group, &found, &searched.candidates),
        variability: named.variability(&group, &levels, settings),
        models: named.models(&found),
        people: people(&levels, &group),
        prediction: column.map(predict).transpose()?,
        left_out: levels.left_out.clone(),
        straightened: levels.straightened.clone(),
    })
}

/// The subjects that have all variables, and the design.
fn prepared(record: &FitRecord, question: &EffectsQuestion) -> Result<(FirstLevels, Design), EffectsError> {
    let mut levels = FirstLevels::of(record)?;
    let dataset = dataset(record);
    let variables = question.formula.variables();
    levels.leave_out(|position| {
        let missing = variables.iter().find(|name| is_missing(&dataset, name, position));
        missing.map(|name| format!("it has no value of `{name}`"))
    });
    if question.settings.conventions == Conventions::Exact {
        levels.straighten();
    }
    let matrix = DesignMatrix::new(&question.formula, &dataset, &levels.positions)?;
    let value = |i: usize, j: usize| matrix.columns[j].values[i];
    let design = Design {
        rows: DMatrix::from_fn(levels.positions.len(), matrix.columns.len(), value),
        names: matrix.columns.iter().map(|column| column.name.clone()).collect(),
    };
    Ok((levels, design))
}

/// The groups and covariates of a record's subjects, as a table of data without behaviour.
fn dataset(record: &FitRecord) -> Dataset {
    let names: Vec<&String> = record
        .subjects
        .first()
        .map_or_else(Vec::new, |s| s.covariates.iter().map(|(name, _)| name).collect());
    let value = |subject: &SubjectRecord, name: &String| {
        subject.covariates.iter().find(|(own, _)| own == name).and_then(|(_, value)| *value)
    };
    let covariate = |name: &String| Covariate {
        name: name.clone(),
        values: record.subjects.iter().map(|subject| value(subject, name)).collect(),
    };
    Dataset {
        subjects: Vec::new(),
        group_column: record.group_column.clone(),
        groups: record.subjects.iter().map(|subject| subject.group.clone()).collect(),
        covariates: names.into_iter().map(covariate).collect(),
        summary: record.data.clone(),
    }
}

/// The column of this name, or the only one that a variable has.
fn column(design: &Design, name: &str) -> Result<usize, EffectsError> {
    let of_variable = |column: &String| {
        column.strip_prefix(name).is_some_and(|rest| rest.starts_with('[') && !rest.contains(':'))
    };
    let exact = design.names.iter().position(|column| column == name && name != "1");
    let own: Vec<usize> = (0..design.names.len()).filter(|&k| of_variable(&design.names[k])).collect();
    match (exact, own.as_slice()) {
        (Some(column), _) | (None, &[column]) => Ok(column),
        _ => {
            let near = nearest_name(name, design.names.iter().map(String::as_str));
            Err(EffectsError::UnknownColumn {
                column: name.to_owned(),
                available: format!("`{}`", design.names.join("`, `")),
                suggestion: near.map_or_else(String::new, |near| format!("; did you mean `{near}`?")),
            })
        }
    }
}

/// Effects by name: parameters vary fastest.
struct Named<'a> {
    coordinates: &'a [String],
    columns: &'a [String],
}

impl Named<'_> {
    fn effects(&self, group: &GroupFit, found: &Searched, candidates: &[usize]) -> Vec<Effect> {
        let (posterior, average) = (group.effect_posterior(), &found.average.posterior);
        let size = self.coordinates.len();
        let effect = |coordinate: usize, column: usize| {
            let k = column * size + coordinate;
            Effect {
                coordinate: self.coordinates[coordinate].clone(),
                column: self.columns[column].clone(),
                mean: posterior.mean[k],
                sd: deviation(&posterior, k),
                prior_mean: group.effect_prior.mean[k],
                prior_sd: deviation(&group.effect_prior, k),
                probability: candidates.contains(&k).then(|| found.inclusion[k]),
                averaged_mean: average.mean[k],
                averaged_sd: deviation(average, k),
            }
        };
        let pairs = (0..size).flat_map(|p| (0..self.columns.len()).map(move |c| (p, c)));
        pairs.map(|(coordinate, column)| effect(coordinate, column)).collect()
    }

    fn variability(
        &self,
        group: &GroupFit,
        levels: &FirstLevels,
        settings: &GroupSettings,
    ) -> Vec<Variability> {
        let prior = &levels.subjects[0].prior;
        let of = |(k, coordinate): (usize, &String)| Variability {
            coordinate: coordinate.clone(),
            sd: group.between_covariance[(k, k)].sqrt(),
            expected_sd: deviation(prior, k) / settings.within_between_ratio.sqrt(),
        };
        self.coordinates.iter().enumerate().map(of).collect()
    }

    /// The models of the last round of the search, the most probable first.
    fn models(&self, found: &Searched) -> Vec<ReducedModel> {
        let size = self.coordinates.len();
        let name = |k: usize| format!("{}: {}", self.coordinates[k % size], self.columns[k / size]);
        let removed: Vec<usize> = (0..found.inclusion.len())
            .filter(|k| found.inclusion[*k] == 0.0 && !found.parameters.contains(k))
            .collect();
        let model = |k: usize| {
            let off = found.parameters.iter().zip(&found.off[k]).filter(|(_, off)| **off);
            ReducedModel {
                without: removed
                    .iter()
                    .chain(off.map(|(parameter, _)| parameter))
                    .map(|&k| name(k))
                    .collect(),
                log_evidence_change: found.log_evidence_changes[k],
                probability: found.probabilities[k],
            }
        };
        let mut models: Vec<ReducedModel> = (0..found.off.len()).map(model).collect();
        models.sort_by(|a, b| b.probability.total_cmp(&a.probability));
        models
    }
}

fn deviation(of: &Gaussian, k: usize) -> f64 {
    of.covariance[(k, k)].max(0.0).sqrt()
}

fn people(levels: &FirstLevels, group: &GroupFit) -> Vec<Person> {
    let deviations = |of: &Gaussian| (0..of.size()).map(|k| deviation(of, k)).collect();
    let numbers = |mean: &DVector<f64>| mean.iter().copied().collect();
    let pairs = levels.subjects.iter().zip(&group.subjects);
    pairs
        .map(|(alone, in_group)| Person {
            subject: alone.subject.clone(),
            alone: numbers(&alone.posterior.mean),
            alone_sd: deviations(&alone.posterior),
            in_group: numbers(&in_group.posterior.mean),
            in_group_sd: deviations(&in_group.posterior),
        })
        .collect()
}

fn prediction(column: String, left: &[Left]) -> Prediction {
    let people: Vec<Predicted> = left.iter().map(predicted).collect();
    let most_probable = |left: &Left| left.levels.iter().all(|(_, p)| *p <= predicted(left).probability);
    let right = left.iter().filter(|left| most_probable(left)).count();
    Prediction {
        column,
        levels: left.first().map_or(0, |left| left.levels.len()),
        correlation: correlation(&people),
        accuracy: right as f64 / left.len().max(1) as f64,
        people,
    }
}

fn predicted(left: &Left) -> Predicted {
    let is_true = |level: f64| level.to_bits() == left.value.to_bits();
    Predicted {
        subject: left.subject.clone(),
        value: left.value,
        mean: left.mean,
        sd: left.standard_deviation,
        probability: left.levels.iter().find(|(level, _)| is_true(*level)).map_or(0.0, |(_, p)| *p),
    }
}

/// Pearson's correlation of true values and posterior means.
fn correlation(people: &[Predicted]) -> Option<f64> {
    let count = people.len() as f64;
    let centred = |of: &dyn Fn(&Predicted) -> f64| -> Vec<f64> {
        let mean = people.iter().map(of).sum::<f64>() / count;
        people.iter().map(|person| of(person) - mean).collect()
    };
    let (x, y) = (centred(&|person| person.value), centred(&|person| person.mean));
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let scale = (dot(&x, &x) * dot(&y, &y)).sqrt();
    (scale > 0.0).then(|| dot(&x, &y) / scale)
}
