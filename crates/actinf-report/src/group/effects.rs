//! What moves the population's means: headlines, forest plots, weights with tests.

use super::headlines::Headlines;
use crate::html::{escape, heading, paragraph};
use crate::plots::{EffectSizes, Figure, Forest, Plot, figure};
use crate::population::Population;
use crate::sections::{Section, gallery};
use crate::study::Study;
use crate::table::{Cell, Table};
use crate::{Error, number};
use actinf_fit::{WeightKind, WeightRecord};

const SIZES: &str = "Each effect on the population means on the unconstrained scale, divided by the standard deviation of the \
                     population, so that parameters can be compared. Lines: 95 % intervals (the standard deviation taken \
                     as known). Blue dots: the interval excludes zero; grey rings: it does not.";
const FORESTS: &str = "On the parameter's own scale. Blue and grey lines: 95 % intervals; grey shape: one standard deviation \
                       of people to either side of the mean. Changes are those of a person at the population mean; blue \
                       dots: the interval of the weight excludes zero; grey rings: it does not.";

pub(super) fn section(study: &Study) -> Result<Option<Section>, Error> {
    let Some(population) = &study.population else { return Ok(None) };
    let sizes = figures(EffectSizes::of_columns(population))?;
    let forests = population.coordinates.iter().enumerate();
    let forests = figures(
        forests
            .map(|(position, coordinate)| Forest::new(population, position, coordinate))
            .filter(|plot| !plot.is_empty())
            .collect(),
    )?;
    let html = format!(
        "{}{}{}{}{}{}",
        headlines(population),
        titled("Which effects are large", SIZES, &sizes),
        titled("Population means and what moves them", FORESTS, &forests),
        heading("Weights and tests"),
        weights(population),
        formulas(population)
    );
    let title = if population.effects().is_empty() { "Population means" } else { "Group effects" };
    let figures = sizes.into_iter().chain(forests).collect();
    Ok(Some(Section { id: "effects", title, html, figures }))
}

fn figures<P: Plot>(plots: Vec<P>) -> Result<Vec<Figure>, Error> {
    plots.iter().map(|plot| figure(plot)).collect()
}

fn titled(title: &str, reading: &str, figures: &[Figure]) -> String {
    match figures {
        [] => String::new(),
        _ => format!("{}{}{}", heading(title), paragraph(reading), gallery(figures)),
    }
}

fn headlines(population: &Population) -> String {
    let headlines = Headlines::new(population);
    let Some(count) = headlines.count() else {
        return paragraph(
            "No formula names a group or covariate, so everybody is drawn from one population; its means follow.",
        );
    };
    let clear = headlines.clear_list(usize::MAX);
    let items: String = headlines.unclear.iter().map(|text| format!("<li>{}</li>\n", escape(text))).collect();
    let unclear = match headlines.unclear.len() {
        0 => String::new(),
        _ => format!(
            "<details>\n<summary>Effects whose interval includes zero</summary>\n<ul>\n{items}</ul>\n</details>\n"
        ),
    };
    format!("{clear}{}{unclear}", paragraph(&count))
}

/// Which columns a method fills.
struct Filled {
    test: bool,
    direction: bool,
    equivalence: bool,
}

fn weights(population: &Population) -> String {
    let all = &population.record.weights;
    let filled = Filled {
        test: all.iter().any(|weight| weight.p.is_some()),
        direction: all.iter().any(|weight| weight.direction.is_some()),
        equivalence: all.iter().any(|weight| weight.practical_equivalence.is_some()),
    };
    let mut table = Table::new(
        "Weights of the population's means on the unconstrained scale, and as values of the parameter: a mean as it is, a \
         difference or slope as the change of the value from the population mean. Brackets: 95 % intervals.",
        &["parameter", "effect", "weight", "standard error", "parameter's own scale"],
    )
    .sortable();
    let optional = [
        (filled.test, "t"),
        (filled.test, "p"),
        (filled.direction, "probability of direction"),
        (filled.equivalence, "practically zero"),
    ];
    for (_, name) in optional.iter().filter(|(shown, _)| *shown) {
        table.column(*name);
    }
    for weight in all {
        table.row(row(population, weight, &filled));
    }
    table.html()
}

fn row(population: &Population, weight: &WeightRecord, filled: &Filled) -> Vec<Cell> {
    let estimate = |value: f64, interval: Option<[f64; 2]>| {
        let (low, high) = interval.map_or((None, None), |[low, high]| (Some(low), Some(high)));
        Cell::shown(value, number::with_interval(value, low, high))
    };
    let title = population.coordinate(&weight.coordinate).map_or(&weight.coordinate, |c| &c.title);
    let mut cells = vec![
        Cell::text(title),
        Cell::text(population.column_in_words(weight)),
        estimate(weight.estimate, weight.interval),
        Cell::optional(weight.standard_error),
        weight.natural.map_or(Cell::optional(None), |natural| estimate(natural.estimate, natural.interval)),
    ];
    // A mean is not compared with zero: on the unconstrained scale that is an arbitrary value.
    let tested = weight.kind != WeightKind::Mean;
    let probability = |value: Option<f64>| match value.filter(|_| tested) {
        Some(p) => Cell::shown(p, number::probability(p)),
        None => Cell::optional(None),
    };
    if filled.test {
        cells.extend([Cell::optional(weight.t.filter(|_| tested)), probability(weight.p)]);
    }
    if filled.direction {
        cells.push(probability(weight.direction));
    }
    if filled.equivalence {
        cells.push(probability(weight.practical_equivalence));
    }
    cells
}

fn formulas(population: &Population) -> String {
    let mut table = Table::new(
        "What each parameter's population mean depends on, and how the columns were coded.",
        &["parameter", "formula", "coding"],
    );
    for formula in &population.record.formulas {
        table.row(vec![
            Cell::code(&formula.parameter),
            Cell::code(&formula.formula),
            Cell::text(formula.coding.join("; ")),
        ]);
    }
    let table = table.html();
    if table.is_empty() { table } else { format!("{}{table}", heading("Formulas")) }
}
