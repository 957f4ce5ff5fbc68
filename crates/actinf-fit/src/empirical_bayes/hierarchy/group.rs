//! A group as a function of its effects and log precisions: J, its gradient and its curvature.

use super::super::Conventions;
use super::super::error::EmpiricalBayesError;
use super::super::gaussian::{FirstLevel, Gaussian, inverse, log_determinant, spm_inverse, symmetric};
use super::super::reduction::{Full, Reduced, SPM_REDUCE, reduce_as_spm};
use super::{Components, Design, GroupSettings};
use nalgebra::{DMatrix, DVector};

/// The least precision between people, relative to what is expected: `e^-8`.
const LEAST_PRECISION: f64 = 0.000_335_462_627_902_511_84;

/// The group's effects and log precisions at one point of the search.
#[derive(Clone)]
pub(super) struct Point {
    pub(super) effects: DVector<f64>,
    pub(super) log_precisions: DVector<f64>,
}

/// J, its derivatives and what it is made of at a point.
pub(super) struct Evaluation {
    /// `Σ ln p(y_i | b, γ)`.
    pub(super) log_likelihood: f64,
    /// Of effects, then of log precisions.
    pub(super) gradient: DVector<f64>,
    pub(super) curvature: DMatrix<f64>,
    /// The means of the subjects' empirical priors.
    pub(super) priors: Vec<DVector<f64>>,
    /// Their covariance.
    pub(super) between_covariance: DMatrix<f64>,
}

/// A subject, prepared to be reduced under either convention.
enum Subject {
    Exact(Full),
    Spm { posterior: Gaussian, prior: Gaussian },
}

/// The variability between people at one point.
struct Between {
    /// `exp(γ_m) Q_m` per component.
    scaled: Vec<DMatrix<f64>>,
    /// `Π`.
    precision: DMatrix<f64>,
    /// `Π⁻¹`.
    covariance: DMatrix<f64>,
}

impl Evaluation {
    /// Adds what one subject, with this posterior under its empirical prior, says about effects and log precisions.
    fn add_subject(
        &mut self,
        design: &DMatrix<f64>,
        between: &Between,
        prior: &Gaussian,
        posterior: &Gaussian,
    ) {
        let Between { scaled, precision, covariance } = between;
        let (error, within) = (&posterior.mean - &prior.mean, &posterior.covariance);
        let effects = design.ncols();
        let mut of_effects = self.gradient.rows_mut(0, effects);
        of_effects += design.transpose() * precision * &error;
        let mut of_effects = self.curvature.view_mut((0, 0), (effects, effects));
        of_effects += design.transpose() * (precision * within * precision - precision) * design;
        for (j, q) in scaled.iter().enumerate() {
            let slope = 0.5 * ((covariance - within) * q).trace() - 0.5 * error.dot(&(q * &error));
            self.gradient[effects + j] += slope;
            self.curvature[(effects + j, effects + j)] += slope;
            let cross = (design - within * precision * design).transpose() * q * &error;
            for (row, &value) in cross.iter().enumerate() {
                self.curvature[(row, effects + j)] += value;
                self.curvature[(effects + j, row)] += value;
            }
            for (k, r) in scaled.iter().enumerate() {
                let spread = 0.5 * ((covariance * r * covariance - within * r * within) * q).trace();
                self.curvature[(effects + j, effects + k)] -= spread - error.dot(&(r * within * q * &error));
            }
        }
    }
}

/// A group, prepared.
pub(super) struct Group<'a> {
    pub(super) first_level: &'a [FirstLevel],
    subjects: Vec<Subject>,
    /// `X_i ⊗ I` per subject.
    designs: Vec<DMatrix<f64>>,
    pub(super) prior: Gaussian,
    prior_precision: DMatrix<f64>,
    /// `P`: the expected precision between people.
    expected_precision: DMatrix<f64>,
    pub(super) components: Vec<DMatrix<f64>>,
    pub(super) settings: &'a GroupSettings,
}

impl<'a> Group<'a> {
    pub(super) fn new(
        subjects: &'a [FirstLevel],
        design: &Design,
        settings: &'a GroupSettings,
    ) -> Result<Group<'a>, EmpiricalBayesError> {
        let Some(first) = subjects.first() else {
            return Err(EmpiricalBayesError::Design { what: "there is nobody in the group".into() });
        };
        let size = first.posterior.size();
        EmpiricalBayesError::size("the design matrix", design.rows.nrows(), subjects.len())?;
        for subject in subjects {
            subject.posterior.check(&format!("the posterior of {}", subject.subject), size)?;
            subject.prior.check(&format!("the prior of {}", subject.subject), size)?;
        }
        let average = average_prior(subjects);
        let expected = inverse(
            &(&average.covariance / settings.within_between_ratio),
            "the average covariance of the subjects' priors",
        )?;
        let prior = effect_prior(&average, design, settings)?;
        let identity = DMatrix::identity(size, size);
        let components = components(&settings.components, &expected, size)?;
        let prepare = |subject: &FirstLevel| prepare(subject, settings.conventions);
        Ok(Group {
            subjects: subjects.iter().map(prepare).collect::<Result<_, _>>()?,
            designs: design.rows.row_iter().map(|row| row.kronecker(&identity)).collect(),
            prior_precision: inverse(&prior.covariance, "the prior covariance of the effects")?,
            prior,
            expected_precision: expected,
            components,
            first_level: subjects,
            settings,
        })
    }

    pub(super) fn start(&self) -> Point {
        Point {
            effects: self.prior.mean.clone(),
            log_precisions: DVector::from_element(self.components.len(), self.settings.log_precision_mean),
        }
    }

    /// `Π` at these log precisions.
    fn precision(&self, log_precisions: &DVector<f64>) -> DMatrix<f64> {
        if self.components.is_empty() {
            return self.expected_precision.clone();
        }
        let mut precision = &self.expected_precision * LEAST_PRECISION;
        for (component, log_precision) in self.components.iter().zip(log_precisions.iter()) {
            precision += component * log_precision.exp();
        }
        precision
    }

    /// J and its derivatives at a point.
    pub(super) fn evaluate(&self, point: &Point) -> Result<Evaluation, EmpiricalBayesError> {
        let precision = self.precision(&point.log_precisions);
        let between = self.invert(&precision, "the precision between people")?;
        let components = self.components.iter().zip(point.log_precisions.iter());
        let between = Between {
            scaled: components.map(|(component, log)| component * log.exp()).collect(),
            precision,
            covariance: between,
        };
        let mut evaluation = self.evaluate_priors(point);
        for (i, design) in self.designs.iter().enumerate() {
            let prior = Gaussian { mean: design * &point.effects, covariance: between.covariance.clone() };
            let reduced = self.reduce(i, &prior)?;
            evaluation.log_likelihood += self.first_level[i].log_evidence + reduced.log_evidence_change;
            evaluation.add_subject(design, &between, &prior, &reduced.posterior);
            evaluation.priors.push(prior.mean);
        }
        evaluation.between_covariance = between.covariance;
        Ok(evaluation)
    }

    /// The part of the priors alone.
    fn evaluate_priors(&self, point: &Point) -> Evaluation {
        let (effects, precisions) = (point.effects.len(), self.components.len());
        let mut gradient = DVector::zeros(effects + precisions);
        let mut curvature = DMatrix::zeros(effects + precisions, effects + precisions);
        let deviation = &point.effects - &self.prior.mean;
        gradient.rows_mut(0, effects).copy_from(&(-(&self.prior_precision * deviation)));
        curvature.view_mut((0, 0), (effects, effects)).copy_from(&(-&self.prior_precision));
        for j in 0..precisions {
            let deviation = point.log_precisions[j] - self.settings.log_precision_mean;
            gradient[effects + j] = -deviation / self.settings.log_precision_variance;
            curvature[(effects + j, effects + j)] = -1.0 / self.settings.log_precision_variance;
        }
        Evaluation {
            log_likelihood: 0.0,
            gradient,
            curvature,
            priors: Vec::with_capacity(self.subjects.len()),
            between_covariance: DMatrix::zeros(0, 0),
        }
    }

    fn reduce(&self, subject: usize, prior: &Gaussian) -> Result<Reduced, EmpiricalBayesError> {
        match &self.subjects[subject] {
            Subject::Exact(full) => full.reduce(prior),
            Subject::Spm { posterior, prior: full } => Ok(reduce_as_spm(posterior, full, prior, SPM_REDUCE)),
        }
    }

    fn invert(&self, matrix: &DMatrix<f64>, what: &str) -> Result<DMatrix<f64>, EmpiricalBayesError> {
        match self.settings.conventions {
            Conventions::Exact => inverse(matrix, what),
            Conventions::Spm => Ok(spm_inverse(matrix, None)),
        }
    }

    /// `½ (b - b_0)ᵀ B⁻¹ (b - b_0) + ½ (γ - γ_0)ᵀ C⁻¹ (γ - γ_0)`; SPM leaves out `b_0` and `γ_0`.
    pub(super) fn complexity(&self, point: &Point) -> f64 {
        let (effects, log_precisions) = match self.settings.conventions {
            Conventions::Exact => (
                &point.effects - &self.prior.mean,
                point.log_precisions.add_scalar(-self.settings.log_precision_mean),
            ),
            Conventions::Spm => (point.effects.clone(), point.log_precisions.clone()),
        };
        let of_effects = effects.dot(&(&self.prior_precision * &effects));
        0.5 * of_effects + 0.5 * log_precisions.norm_squared() / self.settings.log_precision_variance
    }

    /// `½ ln|prior precision · posterior covariance|`, the posterior covariance being the inverse of minus the curvature.
    pub(super) fn occam(&self, curvature: &DMatrix<f64>) -> Result<f64, EmpiricalBayesError> {
        let of_precisions = self.components.len() as f64 * self.settings.log_precision_variance.ln();
        let prior = log_determinant(&self.prior_precision, "the prior precision of the effects")?;
        let posterior = match self.settings.conventions {
            Conventions::Exact => log_determinant(&(-curvature), "the curvature at the group's maximum")?,
            // On SPM's way the curvature need not be that of a maximum yet.
            Conventions::Spm => {
                symmetric(curvature).symmetric_eigenvalues().map(|value| value.abs().ln()).sum()
            }
        };
        Ok(0.5 * (prior - of_precisions - posterior))
    }

    /// A subject under its empirical prior, to be reported: SPM shrinks posteriors only on the way.
    pub(super) fn report(&self, subject: usize, prior: &Gaussian) -> Result<Reduced, EmpiricalBayesError> {
        match self.settings.conventions {
            Conventions::Exact => self.reduce(subject, prior),
            Conventions::Spm => {
                let first = &self.first_level[subject];
                Ok(reduce_as_spm(&first.posterior, &first.prior, prior, SPM_REDUCE))
            }
        }
    }
}

fn prepare(subject: &FirstLevel, conventions: Conventions) -> Result<Subject, EmpiricalBayesError> {
    Ok(match conventions {
        Conventions::Exact => Subject::Exact(Full::new(&subject.posterior, &subject.prior)?),
        Conventions::Spm => {
            let precision = spm_inverse(&subject.posterior.covariance, None)
                + spm_inverse(&subject.prior.covariance, None) / 16.0;
            let covariance = spm_inverse(&precision, None);
            Subject::Spm {
                posterior: Gaussian { mean: subject.posterior.mean.clone(), covariance },
                prior: subject.prior.clone(),
            }
        }
    })
}

fn average_prior(subjects: &[FirstLevel]) -> Gaussian {
    let size = subjects[0].prior.size();
    let mut average = Gaussian { mean: DVector::zeros(size), covariance: DMatrix::zeros(size, size) };
    for subject in subjects {
        average.mean += &subject.prior.mean;
        average.covariance += &subject.prior.covariance;
    }
    average.mean /= subjects.len() as f64;
    average.covariance /= subjects.len() as f64;
    average
}

/// The prior of the effects: wide where a covariate is small.
fn effect_prior(
    average: &Gaussian,
    design: &Design,
    settings: &GroupSettings,
) -> Result<Gaussian, EmpiricalBayesError> {
    let covariates = design.rows.ncols();
    let mut scale = DMatrix::zeros(covariates, covariates);
    for (k, column) in design.rows.column_iter().enumerate() {
        let squares = column.norm_squared();
        if !squares.is_finite() || squares <= 0.0 {
            let name = design.names.get(k).map_or("", String::as_str);
            let what =
                format!("covariate {} `{name}` is 0 for everybody, or not finite; leave it out", k + 1);
            return Err(EmpiricalBayesError::Design { what });
        }
        scale[(k, k)] = design.rows.nrows() as f64 / squares;
    }
    let mut first = DVector::zeros(covariates);
    first[0] = 1.0;
    Ok(Gaussian {
        mean: first.kronecker(&average.mean),
        covariance: scale.kronecker(&(&average.covariance / settings.group_ratio)),
    })
}

fn components(
    wanted: &Components,
    expected: &DMatrix<f64>,
    size: usize,
) -> Result<Vec<DMatrix<f64>>, EmpiricalBayesError> {
    let block = |positions: &[usize]| {
        let is_in = |k: usize| positions.contains(&k);
        DMatrix::from_fn(size, size, |i, j| if is_in(i) && is_in(j) { expected[(i, j)] } else { 0.0 })
    };
    Ok(match wanted {
        Components::None => vec![],
        Components::Single => vec![expected.clone()],
        Components::Each => (0..size).map(|k| block(&[k])).collect(),
        Components::Groups(groups) => {
            if let Some(&position) = groups.iter().flatten().find(|&&position| position >= size) {
                EmpiricalBayesError::size("a group of parameters", position + 1, size)?;
            }
            groups.iter().map(|group| block(group)).collect()
        }
    })
}
