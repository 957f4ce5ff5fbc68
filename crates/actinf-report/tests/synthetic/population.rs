//! Made-up populations: what each group method would have found of made-up subjects.

use super::{HOSTILE, Numbers};
use actinf_fit::sampling::Sample;
use actinf_fit::{
    CorrelatedPair, DrawnQuantity, FormulaRecord, MemberCoordinate, MemberRecord, ModelShareRecord,
    NaturalEffect, Outcome, PopulationConvergence, PopulationRecord, Results, Role, SamplingRecord,
    SpreadRecord, Transform, WeightKind, WeightRecord,
};

/// The method that is made up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GroupMethod {
    ExpectationMaximisation,
    BayesianInference,
    NoUTurn,
}

const CHAINS: usize = 4;
const DRAWS: usize = 500;

/// The same results with a population.
pub(crate) fn with_population(mut results: Results, method: GroupMethod) -> Results {
    let mut numbers = Numbers::new(77);
    let coordinates = coordinates(&results);
    let weights = weights(&results, &coordinates, method, &mut numbers);
    let spreads: Vec<SpreadRecord> = coordinates
        .iter()
        .enumerate()
        .map(|(k, (name, _))| SpreadRecord {
            coordinate: name.clone(),
            estimate: 0.35 + 0.1 * (k % 4) as f64,
            interval: (method == GroupMethod::NoUTurn).then_some([0.2, 0.8]),
            noise_fraction: Some(0.12 + 0.1 * k as f64),
        })
        .collect();
    let members = members(&results, &coordinates, &weights, method, &mut numbers);
    let sample = (method == GroupMethod::NoUTurn).then(|| sample(&weights, &spreads, &members, &mut numbers));
    let record = &mut results.record;
    record.method.name = match method {
        GroupMethod::ExpectationMaximisation => "hierarchical_expectation_maximisation",
        GroupMethod::BayesianInference => "hierarchical_bayesian_inference",
        GroupMethod::NoUTurn => "no_u_turn_sampler",
    }
    .into();
    let hostile = record.model.name.contains(HOSTILE);
    record.population = Some(PopulationRecord {
        formulas: formulas(&coordinates),
        correlations: if method == GroupMethod::BayesianInference { vec![] } else { correlations(&coordinates) },
        convergence: convergence(method),
        integrated_log_likelihood: (method == GroupMethod::ExpectationMaximisation).then_some(-17_234.5),
        integrated_bic: (method == GroupMethod::ExpectationMaximisation).then_some(34_800.2),
        models: if method == GroupMethod::BayesianInference { models(hostile) } else { vec![] },
        sampling: sample.as_ref().map(sampling),
        warnings: match method {
            GroupMethod::ExpectationMaximisation => vec![
                "the population variance of `prior_count` is collapsing: 92 % of it is estimation noise; fix it to one \
                 value for all"
                    .into(),
            ],
            _ => vec![],
        },
        weights,
        spreads,
        members,
    });
    results.draws = sample;
    results
}

/// Names and transforms of the free parameters.
fn coordinates(results: &Results) -> Vec<(String, Transform)> {
    let free = results.record.model.parameters.iter().filter(|p| matches!(p.role, Role::Free { .. }));
    free.map(|p| (p.parameter.name.clone(), Transform::of(p.parameter.support))).collect()
}

fn natural(transform: Transform, point: f64) -> f64 {
    let mut value = [0.0];
    transform.to_natural(&[point], &mut value);
    value[0]
}

/// The columns that stand for levels and covariates, with their kinds.
fn columns(results: &Results) -> Vec<(String, WeightKind)> {
    let mut levels: Vec<&str> = vec![];
    for level in results.record.subjects.iter().filter_map(|subject| subject.group.as_deref()) {
        if !levels.contains(&level) {
            levels.push(level);
        }
    }
    levels.sort_unstable();
    let column = results.record.group_column.clone().unwrap_or_default();
    let mut columns: Vec<(String, WeightKind)> =
        levels.iter().skip(1).map(|level| (format!("{column}[{level}]"), WeightKind::Difference)).collect();
    columns.push(("age".into(), WeightKind::Slope));
    if let Some((difference, _)) = columns.first().cloned().filter(|_| levels.len() > 1) {
        columns.push((format!("{difference}:age"), WeightKind::Interaction));
    }
    columns
}

fn weights(
    results: &Results,
    coordinates: &[(String, Transform)],
    method: GroupMethod,
    numbers: &mut Numbers,
) -> Vec<WeightRecord> {
    let columns = columns(results);
    let mut weights = vec![];
    for (k, (coordinate, transform)) in coordinates.iter().enumerate() {
        let mean = 0.3 * (k as f64 - 4.0) / 2.0 + 0.15;
        let error = 0.05 + 0.01 * k as f64;
        weights.push(weight(coordinate, "1", WeightKind::Mean, (mean, error), (*transform, 0.0), method));
        for (column, kind) in columns.iter().filter(|(_, kind)| k < 6 || *kind != WeightKind::Interaction) {
            let size = if *kind == WeightKind::Difference { 0.3 } else { 0.03 };
            let estimate = (size + 0.12 * numbers.normal()) * if k % 2 == 0 { 1.0 } else { -1.0 };
            weights.push(weight(
                coordinate,
                column,
                *kind,
                (estimate, 2.0 * error),
                (*transform, mean),
                method,
            ));
        }
    }
    weights
}

fn weight(
    coordinate: &str,
    column: &str,
    kind: WeightKind,
    (estimate, error): (f64, f64),
    (transform, from): (Transform, f64),
    method: GroupMethod,
) -> WeightRecord {
    let ends = [estimate - 1.96 * error, estimate + 1.96 * error];
    let moved = |point: f64| match kind {
        WeightKind::Mean => natural(transform, point),
        _ => natural(transform, from + point) - natural(transform, from),
    };
    let drawn = method == GroupMethod::NoUTurn;
    let p = (-0.7 * (estimate / error).abs()).exp();
    WeightRecord {
        name: format!("{coordinate} ~ {column}"),
        coordinate: coordinate.into(),
        column: column.into(),
        kind,
        estimate,
        standard_error: Some(error),
        interval: Some(ends),
        natural: Some(NaturalEffect { estimate: moved(estimate), interval: Some(ends.map(moved)) }),
        p: (!drawn).then_some(p),
        t: (!drawn).then_some(estimate / error),
        direction: drawn.then_some(1.0 - p / 2.0),
        practical_equivalence: drawn.then_some(p / 3.0),
    }
}

fn members(
    results: &Results,
    coordinates: &[(String, Transform)],
    weights: &[WeightRecord],
    method: GroupMethod,
    numbers: &mut Numbers,
) -> Vec<MemberRecord> {
    let mut members = vec![];
    for subject in &results.record.subjects {
        let Outcome::Fitted(fit) = &subject.outcome else { continue };
        let share = numbers.unit();
        let place = |(coordinate, transform): &(String, Transform)| {
            let estimate =
                fit.estimates.iter().find(|e| e.parameter == *coordinate).expect("a free parameter");
            let mut alone = [0.0];
            transform.to_unconstrained(&[estimate.estimate], &mut alone);
            let of = |weight: &&WeightRecord| weight.coordinate == *coordinate;
            let predicted = weights.iter().filter(of).fold(0.0, |sum, weight| match weight.kind {
                WeightKind::Mean => sum + weight.estimate,
                WeightKind::Difference => {
                    let level = subject.group.as_deref().unwrap_or_default();
                    sum + weight.estimate * (f64::from(u8::from(weight.column.contains(level))) - 0.5)
                }
                _ => sum,
            });
            let kept = 0.35 + 0.5 * numbers.unit();
            MemberCoordinate {
                alone: Some(alone[0]),
                alone_standard_error: Some(0.4),
                estimate: predicted + kept * (alone[0] - predicted),
                standard_error: 0.25,
                predicted,
            }
        };
        members.push(MemberRecord {
            subject: subject.id.clone(),
            coordinates: coordinates.iter().map(place).collect(),
            responsibilities: match method {
                GroupMethod::BayesianInference => vec![0.9 * share, 0.1 * share, 1.0 - share],
                _ => vec![],
            },
        });
    }
    members
}

fn formulas(coordinates: &[(String, Transform)]) -> Vec<FormulaRecord> {
    coordinates
        .iter()
        .map(|(parameter, _)| FormulaRecord {
            parameter: parameter.clone(),
            formula: "1 + diagnosis * age".into(),
            coding: vec!["age: minus 34.1, divided by 9.02".into(), "diagnosis: against controls".into()],
        })
        .collect()
}

fn correlations(coordinates: &[(String, Transform)]) -> Vec<CorrelatedPair> {
    let pairs = (0..coordinates.len()).flat_map(|i| (0..i).map(move |j| (i, j)));
    let pair = |(i, j): (usize, usize)| CorrelatedPair {
        first: coordinates[j].0.clone(),
        second: coordinates[i].0.clone(),
        correlation: (i as f64 * 1.7 + j as f64 * 0.9).sin() * 0.8,
    };
    pairs.map(pair).collect()
}

fn convergence(method: GroupMethod) -> PopulationConvergence {
    let climb = |round: i32| -17_234.5 - 900.0 * 0.4_f64.powi(round) - 3.0 * 0.8_f64.powi(round);
    let drawn = method == GroupMethod::NoUTurn;
    PopulationConvergence {
        converged: true,
        reason: if drawn { "all chains ended" } else { "the population moved by less than 0.001" }.into(),
        iterations: if drawn { 0 } else { 34 },
        objective: if drawn { vec![] } else { (0..34).map(climb).collect() },
        evaluations: Some(48_211),
    }
}

fn models(hostile: bool) -> Vec<ModelShareRecord> {
    let first = if hostile { format!("full {HOSTILE}") } else { "full".into() };
    let share = |(name, frequency, exceedance, protected_exceedance): (String, f64, f64, f64)| {
        ModelShareRecord { name, frequency, exceedance, protected_exceedance }
    };
    let all = [
        (first, 0.45, 0.62, 0.6),
        ("no learning".into(), 0.05, 0.0001, 0.01),
        ("no preference".into(), 0.5, 0.37, 0.39),
    ];
    all.map(share).to_vec()
}

/// Draws that wander slowly in one quantity and of which a few diverge.
fn sample(
    weights: &[WeightRecord],
    spreads: &[SpreadRecord],
    members: &[MemberRecord],
    numbers: &mut Numbers,
) -> Sample {
    let mut names: Vec<String> = weights.iter().map(|weight| weight.name.clone()).collect();
    names.extend(spreads.iter().map(|spread| format!("sd({})", spread.coordinate)));
    names.extend(members.iter().take(3).map(|m| format!("{}[{}]", spreads[0].coordinate, m.subject)));
    let mut centres: Vec<(f64, f64)> =
        weights.iter().map(|weight| (weight.estimate, weight.standard_error.unwrap_or(1.0))).collect();
    centres.resize(names.len(), (0.4, 0.1));
    let mut sample = Sample { names, ..Sample::default() };
    for chain in 0..CHAINS {
        let mut slow = 0.0;
        let (mut draws, mut diverging) = (vec![], vec![]);
        for _ in 0..DRAWS {
            slow = 0.97 * slow + 0.24 * numbers.normal() + 0.01 * chain as f64;
            let common = numbers.normal();
            let value = |(k, (mean, sd)): (usize, &(f64, f64))| {
                let own = 0.6 * numbers.normal() + if k % 3 == 0 { -0.8 } else { 0.8 } * common;
                mean + sd * if k == 1 { slow } else { own }
            };
            let values: Vec<f64> = centres.iter().enumerate().map(value).collect();
            diverging.push(common < -2.3);
            draws.push(values);
        }
        sample.draws.push(draws);
        sample.energy.push(vec![0.0; DRAWS]);
        sample.cut.push(vec![false; DRAWS]);
        sample.diverging.push(diverging);
    }
    sample
}

fn sampling(sample: &Sample) -> SamplingRecord {
    let quantity = |(k, name): (usize, &String)| DrawnQuantity {
        name: name.clone(),
        mean: sample.draws[0][0][k],
        sd: 0.1,
        quantiles: [-0.2, 0.0, 0.2],
        r_hat: if k == 1 { 1.043 } else { 1.001 },
        bulk_effective_size: if k == 1 { 88.0 } else { 1600.0 },
        tail_effective_size: if k == 1 { 120.0 } else { 1200.0 },
        complaints: if k == 1 { vec!["R-hat 1.043 is above 1.01".into()] } else { vec![] },
    };
    SamplingRecord {
        chains: CHAINS,
        draws: DRAWS,
        warm_up: 400,
        divergences: sample.divergences(),
        cut: 3,
        target_acceptance: 0.9,
        energy_bfmi: vec![0.81, 0.92, 0.77, 0.88],
        parametrisations: vec![
            ("policy_precision".into(), "centred".into()),
            ("outcome_preference".into(), "non_centred".into()),
        ],
        hyperpriors: vec![
            "means: Normal(0, 1.5) on the unconstrained scale".into(),
            "sd: half-Normal(1)".into(),
        ],
        quantities: sample.names.iter().enumerate().map(quantity).collect(),
        advice: vec!["run longer chains: the R-hat of 1 quantity is above 1.01".into()],
    }
}
