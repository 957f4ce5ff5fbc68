//! The way up: to the maximum of J by Newton's method, or as far as SPM's schedule goes.

use super::super::Conventions;
use super::super::ascent::flow_step;
use super::super::error::EmpiricalBayesError;
use super::super::gaussian::{FirstLevel, Gaussian, inverse, spm_inverse};
use super::GroupFit;
use super::group::{Evaluation, Group, Point};
use nalgebra::{Cholesky, DMatrix, DVector};

impl Group<'_> {
    /// Newton's method with halved steps where J would not rise.
    pub(super) fn maximise(&self) -> Result<GroupFit, EmpiricalBayesError> {
        let mut point = self.start();
        let mut at = self.evaluate(&point)?;
        let mut value = at.log_likelihood - self.complexity(&point);
        for iteration in 1..=200 {
            let step = ascent_direction(&at);
            let gain = step.dot(&at.gradient);
            if gain < 1e-14 * (1.0 + value.abs()) {
                return self.finish(&point, &at, value, (iteration, true));
            }
            let mut length = 1.0;
            loop {
                let next = moved(&point, &step, length);
                let tried = self.evaluate(&next);
                let rises = tried.map(|tried| {
                    let next_value = tried.log_likelihood - self.complexity(&next);
                    (next_value > value).then_some((tried, next_value))
                });
                if let Ok(Some((tried, next_value))) = rises {
                    (point, at, value) = (next, tried, next_value);
                    break;
                }
                length *= 0.5;
                if length < 1e-12 {
                    return self.finish(&point, &at, value, (iteration, gain < 1e-8 * (1.0 + value.abs())));
                }
            }
        }
        self.finish(&point, &at, value, (200, false))
    }

    /// SPM's schedule. Where the free energy falls, the search goes back to the best point, but steps on from there along the
    /// gradient and curvature of the point that was rejected. The free energy, covariances and subjects that are returned belong
    /// to the point before the last step.
    pub(super) fn follow_flow(&self) -> Result<GroupFit, EmpiricalBayesError> {
        let mut point = self.start();
        let mut best = (f64::NEG_INFINITY, point.clone());
        let (mut rate, mut rise) = (-4.0_f64, 0.0);
        let mut iteration = 0;
        loop {
            iteration += 1;
            let at = self.evaluate(&point)?;
            let value = at.log_likelihood - self.complexity(&point);
            let free_energy = value + self.occam(&at.curvature)?;
            if iteration == 1 || free_energy >= best.0 {
                rise = if iteration == 1 { 0.0 } else { free_energy - best.0 };
                best = (free_energy, point);
                rate = (rate + 0.25).min(2.0);
            } else {
                rate = (rate - 1.0).max(-4.0);
            }
            point = flowed(&best.1, &at, rate);
            let converged = iteration > 4 && (rate <= -4.0 || rise < 1e-4);
            if converged || iteration == 64 {
                return self.finish(&point, &at, value, (iteration, converged));
            }
        }
    }

    fn finish(
        &self,
        point: &Point,
        at: &Evaluation,
        value: f64,
        (iterations, converged): (usize, bool),
    ) -> Result<GroupFit, EmpiricalBayesError> {
        let effects = point.effects.len();
        let size = at.between_covariance.nrows();
        let (effect_covariance, log_precision_covariance) = self.covariances(at)?;
        let log_evidence = value + self.occam(&at.curvature)?;
        Ok(GroupFit {
            effects: DMatrix::from_column_slice(size, effects / size, point.effects.as_slice()),
            effect_covariance,
            effect_prior: self.prior.clone(),
            log_precisions: point.log_precisions.clone(),
            log_precision_covariance,
            between_covariance: at.between_covariance.clone(),
            log_evidence,
            subjects: self.subjects_at(at, log_evidence)?,
            iterations,
            converged,
        })
    }

    /// The subjects under their empirical priors.
    fn subjects_at(
        &self,
        at: &Evaluation,
        log_evidence: f64,
    ) -> Result<Vec<FirstLevel>, EmpiricalBayesError> {
        // SPM takes each subject's share of the group's complexity off its evidence.
        let share = match self.settings.conventions {
            Conventions::Exact => 0.0,
            Conventions::Spm => (at.log_likelihood - log_evidence) / self.first_level.len() as f64,
        };
        let subject = |i: usize| -> Result<FirstLevel, EmpiricalBayesError> {
            let first = &self.first_level[i];
            let prior = Gaussian { mean: at.priors[i].clone(), covariance: at.between_covariance.clone() };
            let reduced = self.report(i, &prior)?;
            Ok(FirstLevel {
                subject: first.subject.clone(),
                prior,
                posterior: reduced.posterior,
                log_evidence: first.log_evidence + reduced.log_evidence_change - share,
            })
        };
        (0..self.first_level.len()).map(subject).collect()
    }

    /// The covariances of effects and of log precisions. SPM inverts the two blocks of the curvature on their own.
    fn covariances(&self, at: &Evaluation) -> Result<(DMatrix<f64>, DMatrix<f64>), EmpiricalBayesError> {
        let effects = self.prior.size();
        let precisions = self.components.len();
        let blocks = |matrix: &DMatrix<f64>| {
            let of_effects = matrix.view((0, 0), (effects, effects)).into_owned();
            let of_precisions = matrix.view((effects, effects), (precisions, precisions)).into_owned();
            (of_effects, of_precisions)
        };
        match self.settings.conventions {
            Conventions::Exact => {
                Ok(blocks(&inverse(&(-&at.curvature), "the curvature at the group's maximum")?))
            }
            Conventions::Spm => {
                let (of_effects, of_precisions) = blocks(&(-&at.curvature));
                Ok((spm_inverse(&of_effects, None), spm_inverse(&of_precisions, None)))
            }
        }
    }
}

/// Newton's step where the curvature is that of a maximum, otherwise the step of SPM's flow, which always leads uphill.
fn ascent_direction(at: &Evaluation) -> DVector<f64> {
    match Cholesky::new(-&at.curvature) {
        Some(factor) => factor.solve(&at.gradient),
        None => flow_step(&at.curvature, &at.gradient, 0.0),
    }
}

fn moved(point: &Point, step: &DVector<f64>, length: f64) -> Point {
    let effects = point.effects.len();
    Point {
        effects: &point.effects + step.rows(0, effects) * length,
        log_precisions: &point.log_precisions + step.rows(effects, step.len() - effects) * length,
    }
}

/// SPM's step: log precisions move by no more than 1, and long steps are taken in effects and precisions on their own.
fn flowed(point: &Point, at: &Evaluation, rate: f64) -> Point {
    let effects = point.effects.len();
    let precisions = at.gradient.len() - effects;
    let joint = flow_step(&at.curvature, &at.gradient, rate);
    let (of_effects, of_precisions) = if joint.lp_norm(1) < 8.0 {
        (joint.rows(0, effects).into_owned(), joint.rows(effects, precisions).into_owned())
    } else {
        let block = |start: usize, size: usize| {
            let curvature = at.curvature.view((start, start), (size, size)).into_owned();
            flow_step(&curvature, &at.gradient.rows(start, size).into_owned(), rate)
        };
        (block(0, effects), block(effects, precisions))
    };
    Point {
        effects: &point.effects + of_effects,
        log_precisions: &point.log_precisions + of_precisions.map(f64::tanh),
    }
}
