//! The tables of a population: what shapes its means and how it varies, and everybody's place in it.

use crate::error::Error;
use crate::frames::{ColumnNames, frame};
use actinf_fit::{
    FitRecord, MemberCoordinate, MemberRecord, NaturalEffect, PopulationRecord, WeightKind, WeightRecord,
};
use polars::prelude::*;

/// A row of the table of the population.
#[derive(Default)]
struct Row {
    name: String,
    coordinate: String,
    kind: &'static str,
    estimate: f64,
    standard_error: Option<f64>,
    interval: Option<[f64; 2]>,
    natural: Option<NaturalEffect>,
    t: Option<f64>,
    p: Option<f64>,
    direction: Option<f64>,
    practical_equivalence: Option<f64>,
    noise_fraction: Option<f64>,
}

/// Columns `name, coordinate, kind, estimate, standard_error, lower, upper, natural, natural_lower, natural_upper, t, p,
/// direction, practical_equivalence, noise_fraction`, one row per weight (kind `mean`, `difference`, `slope` or
/// `interaction`), then per standard deviation (`standard_deviation`) and correlation (`correlation`). All but `natural` are on
/// the unconstrained scale; intervals are of 95 %.
pub(crate) fn population(population: &PopulationRecord) -> Result<DataFrame, Error> {
    let rows = rows(population);
    let number = |name: &str, value: &dyn Fn(&Row) -> Option<f64>| {
        Column::new(name.into(), rows.iter().map(value).collect::<Vec<_>>())
    };
    let text = |name: &str, value: &dyn Fn(&Row) -> String| {
        Column::new(name.into(), rows.iter().map(value).collect::<Vec<_>>())
    };
    let end = |interval: Option<[f64; 2]>, side: usize| interval.map(|ends| ends[side]);
    frame(vec![
        text("name", &|row| row.name.clone()),
        text("coordinate", &|row| row.coordinate.clone()),
        text("kind", &|row| row.kind.to_owned()),
        number("estimate", &|row| Some(row.estimate)),
        number("standard_error", &|row| row.standard_error),
        number("lower", &|row| end(row.interval, 0)),
        number("upper", &|row| end(row.interval, 1)),
        number("natural", &|row| row.natural.map(|natural| natural.estimate)),
        number("natural_lower", &|row| end(row.natural.and_then(|natural| natural.interval), 0)),
        number("natural_upper", &|row| end(row.natural.and_then(|natural| natural.interval), 1)),
        number("t", &|row| row.t),
        number("p", &|row| row.p),
        number("direction", &|row| row.direction),
        number("practical_equivalence", &|row| row.practical_equivalence),
        number("noise_fraction", &|row| row.noise_fraction),
    ])
}

fn rows(population: &PopulationRecord) -> Vec<Row> {
    let weights = population.weights.iter().map(weight_row);
    let spreads = population.spreads.iter().map(|spread| Row {
        name: format!("sd({})", spread.coordinate),
        coordinate: spread.coordinate.clone(),
        kind: "standard_deviation",
        estimate: spread.estimate,
        interval: spread.interval,
        noise_fraction: spread.noise_fraction,
        ..Row::default()
    });
    let correlations = population.correlations.iter().map(|pair| Row {
        name: format!("cor({}, {})", pair.first, pair.second),
        coordinate: pair.first.clone(),
        kind: "correlation",
        estimate: pair.correlation,
        ..Row::default()
    });
    weights.chain(spreads).chain(correlations).collect()
}

fn weight_row(weight: &WeightRecord) -> Row {
    Row {
        name: weight.name.clone(),
        coordinate: weight.coordinate.clone(),
        kind: match weight.kind {
            WeightKind::Mean => "mean",
            WeightKind::Difference => "difference",
            WeightKind::Slope => "slope",
            WeightKind::Interaction => "interaction",
        },
        estimate: weight.estimate,
        standard_error: weight.standard_error,
        interval: weight.interval,
        natural: weight.natural,
        t: weight.t,
        p: weight.p,
        direction: weight.direction,
        practical_equivalence: weight.practical_equivalence,
        noise_fraction: None,
    }
}

/// Columns `subject, group, coordinate, alone, alone_standard_error, estimate, standard_error, predicted`, one row per member
/// and coordinate, on the unconstrained scale; then `responsibility.MODEL` per model that was compared.
pub(crate) fn members(record: &FitRecord, population: &PopulationRecord) -> Result<DataFrame, Error> {
    let names: Vec<&str> = population.spreads.iter().map(|spread| spread.coordinate.as_str()).collect();
    let group_of = |id: &str| record.subjects.iter().find(|s| s.id == id).and_then(|s| s.group.as_deref());
    let rows: Vec<(&MemberRecord, usize, &MemberCoordinate)> = population
        .members
        .iter()
        .flat_map(|member| member.coordinates.iter().enumerate().map(move |(c, own)| (member, c, own)))
        .collect();
    let number = |name: &str, value: fn(&MemberCoordinate) -> Option<f64>| {
        Column::new(name.into(), rows.iter().map(|(_, _, own)| value(own)).collect::<Vec<_>>())
    };
    let mut columns = vec![
        Column::new("subject".into(), rows.iter().map(|row| row.0.subject.as_str()).collect::<Vec<_>>()),
        Column::new("group".into(), rows.iter().map(|row| group_of(&row.0.subject)).collect::<Vec<_>>()),
        Column::new(
            "coordinate".into(),
            rows.iter().map(|row| names.get(row.1).copied()).collect::<Vec<_>>(),
        ),
        number("alone", |own| own.alone),
        number("alone_standard_error", |own| own.alone_standard_error),
        number("estimate", |own| Some(own.estimate)),
        number("standard_error", |own| Some(own.standard_error)),
        number("predicted", |own| Some(own.predicted)),
    ];
    let mut claimed = ColumnNames::default();
    for (k, model) in population.models.iter().enumerate() {
        let name = claimed.claim(&format!("responsibility.{}", model.name), "model");
        let values: Vec<_> = rows.iter().map(|row| row.0.responsibilities.get(k).copied()).collect();
        columns.push(Column::new(name.into(), values));
    }
    frame(columns)
}
