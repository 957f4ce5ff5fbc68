//! Parameters that data of a given size cannot tell apart, found before any fit.
//!
//! ```text
//! J(θ) = S E_y[ ∂ ln p(y|u)/∂u  ∂ ln p(y|u)/∂uᵀ ] S      u = coordinates of θ, S = diag(prior standard deviations)
//! ```
//!
//! the expected information at parameters θ drawn from the priors, as a mean over people simulated with them. In units of the
//! prior an eigenvalue λ is what the data of one person add, along its eigenvector, to the prior precision of 1. Directions with
//! λ below 0.05 are those along which the data say next to nothing: where two parameters matter by their product only, raising one
//! and lowering the other changes no probability, so that the score along it is 0 for every simulated person. Such directions
//! depend on θ; what is reported is what holds at more than half of the draws.
//!
//! # References
//!
//! Rothenberg (1971). Identification in parametric models. *Econometrica* 39, 577-591: a parameter is locally identified where the
//! information matrix has full rank.

use crate::likelihood_information::prior_scales;
use crate::log_posterior::{LogPosterior, Target};
use crate::normal_approximation::coordinate_names;
use crate::problem::Problem;
use crate::random_stream::{Purpose, random_stream};
use crate::subjects::Workers;
use actinf_agents::{Design, Subject};
use nalgebra::{DMatrix, DVector, SymmetricEigen};

/// Sets of parameters drawn from the priors.
const DRAWS: usize = 7;
/// People simulated with each, per coordinate; at least twenty.
const PEOPLE_PER_COORDINATE: usize = 4;
const FEWEST_PEOPLE: usize = 20;
/// Less information than this, relative to the prior's, is next to none.
const LITTLE: f64 = 0.05;
/// Less than this is none: the score is 0 but for rounding.
const NONE: f64 = 1e-6;
/// A coordinate takes part in a direction of length 1 from this weight on.
const TAKES_PART: f64 = 0.2;
/// Relative changes are opposite or equal within this.
const SAME: f64 = 0.05;

/// Why nothing can be said.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("behaviour could not be simulated from the priors: {0}")]
pub struct IdentifiabilityError(String);

/// Coordinates that cannot be told apart, or one about which the data say next to nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct Unidentified {
    /// The coordinates that take part, with the weights of the direction (of length 1, in prior standard deviations) at the first
    /// draw that has it.
    pub direction: Vec<(String, f64)>,
    /// The largest information along it over the draws that have it, relative to the prior's.
    pub information: f64,
    /// At how many draws it was found.
    pub draws: usize,
    /// What it means, in a sentence.
    pub words: String,
}

/// The design of the median subject: its sessions, the trials of a session and the steps of a trial.
pub fn typical_design(subjects: &[Subject]) -> Design {
    let median = |mut counts: Vec<usize>| {
        counts.sort_unstable();
        counts.get(counts.len() / 2).copied().unwrap_or(1).max(1)
    };
    let sessions = || subjects.iter().flat_map(|subject| &subject.sessions);
    let trials = || sessions().flat_map(|session| &session.trials);
    Design {
        sessions: median(subjects.iter().map(|subject| subject.sessions.len()).collect()),
        trials: median(sessions().map(|session| session.trials.len()).collect()),
        steps: median(trials().map(|trial| trial.steps.len()).collect()),
    }
}

/// One direction at one draw.
struct Direction {
    weights: DVector<f64>,
    information: f64,
    relation: Option<&'static str>,
}

/// The directions that people with behaviour of this design say next to nothing about at more than half of the draws from the
/// priors; none if everything can be told apart. The result depends on the seed, not on the number of workers.
///
/// # Errors
///
/// If behaviour cannot be simulated or scored at most draws.
pub fn unidentified(
    problem: &Problem<'_>,
    design: Design,
    seed: u64,
    workers: &Workers,
) -> Result<Vec<Unidentified>, IdentifiabilityError> {
    let names: Vec<String> = problem.free().iter().flat_map(coordinate_names).collect();
    let at = workers.map(DRAWS, |draw| directions_at(problem, design, seed, draw));
    let mut found: Vec<Unidentified> = Vec::new();
    let mut failed: Vec<String> = Vec::new();
    for directions in at {
        match directions {
            Ok(directions) => directions.iter().for_each(|direction| add(&mut found, &names, direction)),
            Err(reason) => failed.push(reason),
        }
    }
    if 2 * failed.len() >= DRAWS {
        return Err(IdentifiabilityError(failed.swap_remove(0)));
    }
    found.retain(|direction| 2 * direction.draws > DRAWS);
    Ok(found)
}

/// Counts a direction among those with the same coordinates.
fn add(found: &mut Vec<Unidentified>, names: &[String], direction: &Direction) {
    let taking_part = names.iter().zip(direction.weights.iter()).filter(|(_, w)| w.abs() > TAKES_PART);
    let own: Vec<(String, f64)> = taking_part.map(|(name, weight)| (name.clone(), *weight)).collect();
    let says_nothing = direction.information < NONE;
    let same = |known: &&mut Unidentified| {
        let names = known.direction.iter().map(|(name, _)| name).eq(own.iter().map(|(name, _)| name));
        names && (known.information < NONE) == says_nothing
    };
    match found.iter_mut().find(same) {
        Some(known) => {
            known.draws += 1;
            known.information = known.information.max(direction.information);
        }
        None => {
            let words = in_words(&own, direction);
            found.push(Unidentified { direction: own, information: direction.information, draws: 1, words });
        }
    }
}

fn in_words(own: &[(String, f64)], direction: &Direction) -> String {
    let names: Vec<&str> = own.iter().map(|(name, _)| name.as_str()).collect();
    let weights: Vec<String> = own.iter().map(|(name, weight)| format!("{weight:+.2} {name}")).collect();
    let weights = weights.join(" ");
    let information = match direction.information {
        none if none < NONE => "the data say nothing about it".to_owned(),
        little => format!("the data say next to nothing about it (information {little:.3} of the prior's)"),
    };
    match (names.as_slice(), direction.relation) {
        ([only], _) => format!("{only}: {information}"),
        ([first @ .., last], relation) if direction.information < NONE => {
            let what = match relation {
                Some(relation) => format!("only their {relation} matters"),
                None => "they can make up for one another".to_owned(),
            };
            format!(
                "{} and {last} cannot be told apart: {what} (along {weights} {information})",
                first.join(", ")
            )
        }
        _ => format!("along {weights}: {information}"),
    }
}

/// The directions without information at one draw from the priors.
fn directions_at(
    problem: &Problem<'_>,
    design: Design,
    seed: u64,
    draw: usize,
) -> Result<Vec<Direction>, String> {
    let mut rng = random_stream(seed, Purpose::Identifiability, draw, 0);
    let values = problem.draw(&mut rng).map_err(|error| error.to_string())?;
    let point = problem.coordinates_of(&values);
    let information = information(problem, design, (&values, &point), (seed, draw))?;
    let eigen = SymmetricEigen::new(information);
    let scales = prior_scales(problem);
    // What says nothing is looked at apart from what says little, which would blur it.
    let between = |low: f64, high: f64| {
        let order = (0..point.len()).filter(|&k| (low..high).contains(&eigen.eigenvalues[k]));
        let (values, mut rows): (Vec<f64>, Vec<DVector<f64>>) =
            order.map(|k| (eigen.eigenvalues[k].max(0.0), eigen.eigenvectors.column(k).into_owned())).unzip();
        make_sparse(&mut rows);
        let information = values.into_iter().fold(0.0, f64::max);
        let direction = |weights: DVector<f64>| {
            let relation = relation(problem, &point, &weights, &scales);
            Direction { weights, information, relation }
        };
        rows.into_iter().map(direction).collect::<Vec<_>>()
    };
    let mut found = between(f64::NEG_INFINITY, NONE);
    found.extend(between(NONE, LITTLE));
    Ok(found)
}

/// `J(θ)`, of as many people as suit the number of coordinates.
fn information(
    problem: &Problem<'_>,
    design: Design,
    (values, point): (&[f64], &[f64]),
    (seed, draw): (u64, usize),
) -> Result<DMatrix<f64>, String> {
    let people = (PEOPLE_PER_COORDINATE * point.len()).max(FEWEST_PEOPLE);
    let scales = prior_scales(problem);
    let mut sum = DMatrix::zeros(point.len(), point.len());
    let mut gradient = vec![0.0; point.len()];
    for person in 0..people {
        let mut rng = random_stream(seed, Purpose::Identifiability, draw, person + 1);
        let sessions =
            problem.model().simulate(values, design, &mut rng).map_err(|error| error.to_string())?;
        let subject = Subject { id: String::new(), sessions };
        let mut objective =
            LogPosterior::of(Target::Likelihood, problem, &subject).map_err(|error| error.to_string())?;
        objective.parts(point, &mut gradient).map_err(|error| error.to_string())?;
        let score = DVector::from_iterator(point.len(), gradient.iter().zip(&scales).map(|(g, sd)| g * sd));
        sum.ger(1.0, &score, &score, 1.0);
    }
    Ok(sum / people as f64)
}

/// Rows that span the same space, each with as few coordinates as elimination leaves, of length 1 and with a positive largest
/// weight.
fn make_sparse(rows: &mut [DVector<f64>]) {
    let size = rows.first().map_or(0, DVector::len);
    let mut taken = vec![false; size];
    for own in 0..rows.len() {
        let free = (0..size).filter(|&column| !taken[column]);
        let Some(pivot) = free.max_by(|&a, &b| rows[own][a].abs().total_cmp(&rows[own][b].abs())) else {
            return;
        };
        if rows[own][pivot].abs() < 1e-9 {
            continue;
        }
        taken[pivot] = true;
        let row = &rows[own] / rows[own][pivot];
        for (other, changed) in rows.iter_mut().enumerate() {
            if other != own {
                let factor = changed[pivot];
                changed.axpy(-factor, &row, 1.0);
            }
        }
        rows[own] = row;
    }
    for row in rows {
        let length = row.norm();
        let sign =
            row.iter().find(|weight| weight.abs() > 1e-6 * length).map_or(1.0, |weight| weight.signum());
        if length > 0.0 {
            *row *= sign / length;
        }
    }
}

/// Whether along a direction two values change by opposite or equal shares of themselves.
fn relation(
    problem: &Problem<'_>,
    point: &[f64],
    weights: &DVector<f64>,
    scales: &[f64],
) -> Option<&'static str> {
    const STEP: f64 = 1e-5;
    let moved = |sign: f64| -> Vec<f64> {
        let along = weights.iter().zip(scales).map(|(weight, sd)| sign * STEP * weight * sd);
        let moved: Vec<f64> = point.iter().zip(along).map(|(u, step)| u + step).collect();
        problem.values_at(&moved)
    };
    let part: Vec<usize> = (0..weights.len()).filter(|&k| weights[k].abs() > TAKES_PART).collect();
    let parameter = |coordinate: &usize| {
        let own = problem.free().iter().find(|p| p.coordinates.contains(coordinate))?;
        (own.coordinates.len() == 1 && own.natural.len() == 1)
            .then(|| problem.free_positions()[own.natural.start])
    };
    let positions: Vec<usize> = part.iter().map(parameter).collect::<Option<_>>()?;
    let (up, down, here) = (moved(1.0), moved(-1.0), problem.values_at(point));
    let shares: Vec<f64> = positions.iter().map(|&k| (up[k] - down[k]) / (2.0 * STEP * here[k])).collect();
    let [first, second] = shares.as_slice() else { return None };
    let size = first.abs().max(second.abs());
    match () {
        () if (first + second).abs() < SAME * size => Some("product"),
        () if (first - second).abs() < SAME * size => Some("ratio"),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The plane of (1, -1, 0, 0) and (0, 0, 1, 1), given by mixtures of both, is spanned by the two again.
    #[test]
    fn a_plane_is_spanned_by_its_sparsest_rows() {
        let rows = |a: f64, b: f64| DVector::from_vec(vec![a, -a, b, b]);
        let mut mixed = [rows(0.6, 0.8), rows(-0.8, 0.6)];
        make_sparse(&mut mixed);
        let half = 0.5_f64.sqrt();
        let expected = [vec![0.0, 0.0, half, half], vec![half, -half, 0.0, 0.0]];
        for (row, expected) in mixed.iter().zip(expected) {
            assert!((row - DVector::from_vec(expected)).norm() < 1e-12, "{row}");
        }
    }
}
