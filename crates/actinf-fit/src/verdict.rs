//! What a subject's estimate is worth, in one word and one sentence.
//!
//! The first of these that holds, in this order:
//!
//! | verdict              | when                                                                                          |
//! |----------------------|-----------------------------------------------------------------------------------------------|
//! | `unbounded`          | the likelihood keeps rising towards infinity (perfectly separable choices): no estimate exists, or the prior alone holds it |
//! | `at_a_bound`         | the likelihood keeps rising towards the end of a support, or the estimate lies at it             |
//! | `no_information`     | the likelihood has neither slope nor curvature: the estimate is where the prior (or the start) was |
//! | `not_converged`      | no optimum was reached: a slope is left, or the likelihood is undefined next to the estimate, or it is a saddle |
//! | `flat`               | along some direction the likelihood has next to no slope and no curvature: the data add less than 5 % to the prior precision |
//! | `several_optima`     | another optimum lies within 3 nats, elsewhere                                                   |
//! | `weakly_determined`  | the data take away less than half of the prior variance of some parameter                       |
//! | `well_determined`    | none of the above                                                                               |

use crate::hessian::Curvature;
use crate::likelihood_information::LikelihoodInformation;
use crate::log_posterior::{LogPosterior, Target};
use crate::multi_start::GRADIENT_CONVERGED;
use crate::optimisers::Maximum;
use crate::problem::Problem;
use crate::results::Estimate;
use crate::rising_likelihood::{RunAway, run_away};
use nalgebra::{DMatrix, DVector};
use serde::{Deserialize, Serialize};

/// Data that add less than this to a prior precision of 1 leave a direction flat.
const FLAT: f64 = 0.05;
/// With a slope along it of more than this, in nats per prior standard deviation, a direction is not flat.
const LEVEL: f64 = 0.1;
/// Data that add less than this, with no more slope than this, say nothing.
const NOTHING: f64 = 0.01;
/// A parameter whose contraction is below this is weakly determined.
const WEAK: f64 = 0.5;
/// Optima within this many nats of the best one are rivals: posterior odds of 20.
const RIVAL: f64 = 3.0;
/// Optima farther apart than this, in posterior standard deviations, are different ones.
const ELSEWHERE: f64 = 0.5;
/// What a runaway likelihood must gain, in nats: for an estimate under a prior, and for one of maximum likelihood,
/// which the search has already taken to where there is hardly anything left to gain.
const GAIN: [f64; 2] = [1e-2, 1e-9];
/// What has at least this share in the length of a direction is named.
const SHARE: f64 = 0.3;

/// What an estimate is worth; the table is at the top of [`crate::verdict`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The data determine every parameter.
    WellDetermined,
    /// The data say little about some parameter.
    WeaklyDetermined,
    /// The data say nothing along some direction.
    Flat,
    /// Two different estimates explain the data about equally well.
    SeveralOptima,
    /// The estimate lies at the end of a support, or runs towards it.
    AtABound,
    /// The likelihood rises towards infinity.
    Unbounded,
    /// The data say nothing about any parameter.
    NoInformation,
    /// The search reached no optimum.
    NotConverged,
}

impl Verdict {
    /// The verdict in words, for tables.
    pub fn words(self) -> &'static str {
        match self {
            Verdict::WellDetermined => "well determined",
            Verdict::WeaklyDetermined => "weakly determined",
            Verdict::Flat => "flat",
            Verdict::SeveralOptima => "several optima",
            Verdict::AtABound => "at a bound",
            Verdict::Unbounded => "unbounded",
            Verdict::NoInformation => "no information",
            Verdict::NotConverged => "not converged",
        }
    }

    /// Whether a normal approximation around the estimate of maximum likelihood means anything.
    pub(crate) fn has_a_peak(self) -> bool {
        matches!(self, Verdict::WellDetermined | Verdict::WeaklyDetermined | Verdict::SeveralOptima)
    }
}

/// A verdict and its reason.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Judgement {
    pub(crate) verdict: Verdict,
    pub(crate) reason: String,
}

/// An optimum to be judged.
pub(crate) struct Judged<'a, 'o> {
    pub(crate) problem: &'a Problem<'a>,
    pub(crate) objective: &'a mut LogPosterior<'o>,
    pub(crate) best: &'a Maximum,
    pub(crate) hessian: Option<&'a DMatrix<f64>>,
    pub(crate) curvature: Option<&'a Curvature>,
    pub(crate) estimates: &'a [Estimate],
    pub(crate) searches: &'a [Result<Maximum, String>],
}

impl Judged<'_, '_> {
    /// The first verdict that holds.
    pub(crate) fn judge(mut self) -> Judgement {
        let Some(information) = self.information() else {
            let reason = "the log-likelihood is undefined next to the estimate, so that it is no optimum";
            return judgement(Verdict::NotConverged, reason.to_owned());
        };
        self.running_away(&information)
            .or_else(|| self.no_information(&information))
            .or_else(|| self.at_a_bound())
            .or_else(|| self.not_converged(&information))
            .or_else(|| self.flat(&information))
            .or_else(|| self.several_optima(&information))
            .or_else(|| self.weak(&information))
            .unwrap_or_else(|| {
                let reason = "the data take away more than half of the prior variance of every parameter";
                judgement(Verdict::WellDetermined, reason.to_owned())
            })
    }

    fn information(&self) -> Option<LikelihoodInformation> {
        let Maximum { point, gradient, .. } = self.best;
        let target = self.objective.target();
        LikelihoodInformation::at(self.problem, target, point, gradient, self.hessian?).ok()
    }

    fn running_away(&mut self, information: &LikelihoodInformation) -> Option<Judgement> {
        let has_prior = self.objective.target() == Target::Posterior;
        let suspects: Vec<usize> = (0..self.best.point.len())
            .filter(|&k| self.contraction(information, k).is_none_or(|share| share < WEAK))
            .collect();
        let least_gain = GAIN[usize::from(!has_prior)];
        let point = &self.best.point;
        let RunAway { coordinates, towards_infinity, gain } =
            run_away(self.problem, self.objective, point, information, &suspects, least_gain)?;
        let names = self.names(&coordinates);
        let (verdict, end) = match towards_infinity {
            true => (Verdict::Unbounded, "infinity"),
            false => (Verdict::AtABound, "the end of its support"),
        };
        if has_prior && verdict == Verdict::AtABound {
            return None;
        }
        let what = match has_prior {
            true => "the prior alone holds the estimate",
            false => "there is no estimate, the search stopped on the way",
        };
        let reason = format!(
            "the likelihood keeps rising (by {gain:.2e} nats within 8 prior standard deviations) as {names} runs \
             towards {end}; {what}"
        );
        Some(judgement(verdict, reason))
    }

    fn no_information(&self, information: &LikelihoodInformation) -> Option<Judgement> {
        let small = |x: &f64| x.abs() < NOTHING;
        let is_nothing = information.eigenvalues.iter().all(small) && information.slopes.iter().all(small);
        is_nothing.then(|| {
            let place = match self.objective.target() {
                Target::Posterior => "the estimate is that of the prior",
                Target::Likelihood => "the estimate is where the search began",
            };
            let reason = format!("the likelihood does not depend on the parameters; {place}");
            judgement(Verdict::NoInformation, reason)
        })
    }

    fn at_a_bound(&self) -> Option<Judgement> {
        let at_bound = self.estimates.iter().filter(|estimate| estimate.at_bound);
        let names: Vec<&str> = at_bound.map(|estimate| estimate.parameter.as_str()).collect();
        (!names.is_empty()).then(|| {
            let reason = format!("{} lies at the end of its support", names.join(", "));
            judgement(Verdict::AtABound, reason)
        })
    }

    fn not_converged(&self, information: &LikelihoodInformation) -> Option<Judgement> {
        let norm = self.best.gradient_norm();
        if norm >= GRADIENT_CONVERGED {
            let reason = format!("a slope of {norm:.1e} nats per unit is left ({})", self.best.reason);
            return Some(judgement(Verdict::NotConverged, reason));
        }
        let is_saddle = match self.objective.target() {
            Target::Posterior => self.curvature.is_none(),
            Target::Likelihood => information.eigenvalues[0] < -FLAT,
        };
        is_saddle.then(|| {
            let reason = "the curvature is not positive definite: the search ended on a saddle or a ridge";
            judgement(Verdict::NotConverged, reason.to_owned())
        })
    }

    fn flat(&self, information: &LikelihoodInformation) -> Option<Judgement> {
        let slope = |direction: &DVector<f64>| {
            information.slopes.iter().zip(direction.iter()).map(|(a, b)| a * b).sum::<f64>().abs()
        };
        let all = information.eigenvalues.iter().zip(&information.directions);
        let (flattest, direction) =
            all.filter(|(value, _)| value.abs() < FLAT).find(|(_, direction)| slope(direction) < LEVEL)?;
        let moving: Vec<usize> = (0..direction.len()).filter(|&k| direction[k].abs() >= SHARE).collect();
        let reason = format!(
            "the likelihood is flat along {} (information {flattest:.3}, where the prior's is 1)",
            match moving[..] {
                [_] => self.names(&moving),
                _ => format!("{} together", self.names(&moving)),
            }
        );
        Some(judgement(Verdict::Flat, reason))
    }

    fn several_optima(&self, information: &LikelihoodInformation) -> Option<Judgement> {
        let ends = self.searches.iter().flatten().filter(|end| end.gradient_norm() < 10.0 * 1e-3);
        let rivals = ends.filter(|end| self.is_elsewhere(end, information));
        let gap = rivals.map(|end| (self.best.value - end.value).max(0.0)).reduce(f64::min)?;
        (gap < RIVAL).then(|| {
            let reason = format!("another optimum lies {gap:.3} nats below, elsewhere");
            judgement(Verdict::SeveralOptima, reason)
        })
    }

    /// Whether an end of a search is another optimum than the best one.
    fn is_elsewhere(&self, end: &Maximum, information: &LikelihoodInformation) -> bool {
        let offset = DVector::from_iterator(
            end.point.len(),
            end.point.iter().zip(&self.best.point).map(|(a, b)| a - b),
        );
        let squared = match self.hessian {
            Some(hessian) if self.curvature.is_some() => -(offset.transpose() * hessian * &offset)[(0, 0)],
            _ => offset.iter().zip(&information.scales).map(|(x, sd)| (x / sd).powi(2)).sum(),
        };
        squared > ELSEWHERE * ELSEWHERE
    }

    fn weak(&self, information: &LikelihoodInformation) -> Option<Judgement> {
        let contraction = |k: usize| self.contraction(information, k).unwrap_or(0.0);
        let weak: Vec<usize> = (0..self.best.point.len()).filter(|&k| contraction(k) < WEAK).collect();
        (!weak.is_empty()).then(|| {
            let least = weak.iter().map(|&k| contraction(k)).fold(f64::INFINITY, f64::min);
            let reason = format!(
                "the data take away less than half of the prior variance of {} (at least {:.0} %)",
                self.names(&weak),
                100.0 * least.max(0.0)
            );
            judgement(Verdict::WeaklyDetermined, reason)
        })
    }

    /// `1 - variance / prior variance` of a coordinate; `None` without a curvature.
    fn contraction(&self, information: &LikelihoodInformation, k: usize) -> Option<f64> {
        self.curvature.map(|c| 1.0 - c.covariance[(k, k)] / information.scales[k].powi(2))
    }

    /// The parameters that own these coordinates.
    fn names(&self, coordinates: &[usize]) -> String {
        let owners =
            self.problem.free().iter().filter(|p| coordinates.iter().any(|k| p.coordinates.contains(k)));
        let names: Vec<&str> = owners.map(|p| p.parameter.name.as_str()).collect();
        names.join(", ")
    }
}

fn judgement(verdict: Verdict, reason: String) -> Judgement {
    Judgement { verdict, reason }
}
