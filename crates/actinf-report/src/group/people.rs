//! How people differ within the population, and what the population does to their estimates.

use crate::html::{heading, paragraph};
use crate::plots::{Correlations, Figure, Shrinkage, figure};
use crate::population::Population;
use crate::sections::{Section, gallery};
use crate::study::Study;
use crate::table::{Cell, Table};
use crate::{Error, number};
use actinf_fit::SpreadRecord;

/// Above this share of noise the data hardly show that people differ.
const MOSTLY_NOISE: f64 = 0.8;

pub(super) fn section(study: &Study) -> Result<Option<Section>, Error> {
    let Some(population) = &study.population else { return Ok(None) };
    let plots = population.coordinates.iter().enumerate();
    let shrinkage: Vec<Figure> = plots
        .filter_map(|(position, coordinate)| Shrinkage::new(study, population, position, coordinate))
        .map(|plot| figure(&plot))
        .collect::<Result<_, _>>()?;
    let correlations = Correlations::new(population).map(|plot| figure(&plot)).transpose()?;
    let html = format!(
        "{}{}{}{}",
        heading("Spreads"),
        spreads(population),
        shrinkage_words(&shrinkage),
        correlation_words(population, correlations.as_ref())
    );
    let figures = shrinkage.into_iter().chain(correlations).collect();
    Ok(Some(Section { id: "people", title: "How people differ", html, figures }))
}

fn spreads(population: &Population) -> String {
    let noise = population.record.spreads.iter().any(|spread| spread.noise_fraction.is_some());
    let mut table = Table::new(
        "Standard deviation of the population around its means, on the unconstrained scale, with its 95 % interval \
         where the method gives one.",
        &["parameter", "standard deviation"],
    )
    .sortable();
    if noise {
        table.column("noise fraction");
        table.column("reading");
    }
    for (spread, coordinate) in population.record.spreads.iter().zip(&population.coordinates) {
        let (low, high) = spread.interval.map_or((None, None), |[low, high]| (Some(low), Some(high)));
        let alone = number::three_digits(spread.estimate);
        let shown = spread.interval.map_or(alone, |_| number::with_interval(spread.estimate, low, high));
        let mut cells = vec![Cell::text(&coordinate.title), Cell::shown(spread.estimate, shown)];
        if noise {
            cells.extend([Cell::optional(spread.noise_fraction), Cell::text(reading(spread))]);
        }
        table.row(cells);
    }
    if !noise {
        return table.html();
    }
    let explained = "Noise fraction: how much of the spread's variance is uncertainty about individuals. Near 0 people are \
                     known one by one; near 1 the data hardly show that people differ, and all estimates are drawn to the \
                     mean.";
    format!("{}{}", table.html(), paragraph(explained))
}

fn reading(spread: &SpreadRecord) -> &'static str {
    match spread.noise_fraction {
        Some(share) if share > MOSTLY_NOISE => "hardly shown that people differ",
        Some(share) if share > 0.5 => "more noise than difference between people",
        Some(_) => "people differ by more than the noise",
        None => number::ABSENT,
    }
}

fn shrinkage_words(figures: &[Figure]) -> String {
    if figures.is_empty() {
        return paragraph("Nobody was estimated alone, so there is no shrinkage to show.");
    }
    format!(
        "{}{}{}",
        heading("Shrinkage"),
        paragraph(
            "Under the population every estimate is informed by everybody else: the less a person's own data say, the \
             further the estimate moves towards the mean that the population predicts for that person. Rings: estimates \
             from a person's own data alone; dots: the same people estimated together; bars: mean and one standard \
             deviation of the population. Point at a dot for the subject's name."
        ),
        gallery(figures)
    )
}

fn correlation_words(population: &Population, figure: Option<&Figure>) -> String {
    match figure {
        Some(figure) => format!("{}{}", heading("Correlations between people"), figure.html),
        None if population.coordinates.len() > 1 => paragraph(
            "The covariance of the population is diagonal: no correlations between parameters were estimated.",
        ),
        None => String::new(),
    }
}
