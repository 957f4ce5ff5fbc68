//! Whether the results of the group can be believed, and what to do if not.

use crate::html::{counted, definitions, escape, heading};
use crate::plots::{ObjectiveByRound, figure};
use crate::population::Population;
use crate::sections::Section;
use crate::sections::summary::boxed;
use crate::study::Study;
use crate::table::{Cell, Table};
use crate::{Error, number};
use actinf_fit::{DrawnQuantity, SamplingRecord};

/// The most complaints about single subjects that are listed.
const LISTED: usize = 50;

pub(super) fn section(study: &Study) -> Result<Option<Section>, Error> {
    let Some(population) = &study.population else { return Ok(None) };
    let plot = ObjectiveByRound::new(&population.record.convergence.objective);
    let figures = plot.map(|plot| figure(&plot)).transpose()?;
    let picture = figures.as_ref().map_or("", |figure| figure.html.as_str());
    let html = format!("{}{}{picture}{}", verdict(population), facts(population), sampling(population));
    let figures = figures.into_iter().collect();
    Ok(Some(Section { id: "trust", title: "Can the group results be trusted?", html, figures }))
}

/// Whether the estimation ended as it should and nothing asks for action.
pub(crate) fn is_trusted(population: &Population) -> bool {
    let record = population.record;
    let advice = record.sampling.as_ref().is_some_and(|sampling| !sampling.advice.is_empty());
    record.convergence.converged && record.warnings.is_empty() && !advice
}

fn verdict(population: &Population) -> String {
    let record = population.record;
    let mut items: Vec<String> =
        record.sampling.iter().flat_map(|sampling| sampling.advice.clone()).collect();
    items.extend(
        record.warnings.iter().filter(|warning| !items.contains(warning)).cloned().collect::<Vec<_>>(),
    );
    let text = match (record.convergence.converged, is_trusted(population)) {
        (true, true) => {
            format!("The estimation converged: {}. Nothing asks for action.", record.convergence.reason)
        }
        (true, false) => format!("The estimation converged: {}. What to do:", record.convergence.reason),
        (false, _) => {
            let known = items.iter().any(|item| item.contains(&record.convergence.reason));
            let what = if items.is_empty() { "" } else { " What to do:" };
            if known {
                format!("The estimation did not converge.{what}")
            } else {
                format!("The estimation did not converge: {}.{what}", record.convergence.reason)
            }
        }
    };
    let look = if is_trusted(population) {
        ("good", "✓", "Trusted")
    } else {
        ("check", "!", "Check before you interpret")
    };
    boxed(look, &text, &items)
}

fn facts(population: &Population) -> String {
    let record = population.record;
    let mut rows = vec![("People estimated", number::count(record.members.len()))];
    if record.convergence.iterations > 0 && record.sampling.is_none() {
        rows.push(("Rounds", number::count(record.convergence.iterations)));
    }
    if let Some(evaluations) = record.convergence.evaluations {
        rows.push(("Gradient evaluations", number::count(evaluations as usize)));
    }
    if let Some(nats) = record.integrated_log_likelihood {
        rows.push(("Integrated log-likelihood", format!("{} nats", number::one_decimal(nats))));
    }
    if let Some(criterion) = record.integrated_bic {
        rows.push(("Integrated BIC", format!("{} (smaller is better)", number::one_decimal(criterion))));
    }
    if let Some(sampling) = &record.sampling {
        rows.extend(draws(sampling));
    }
    definitions(&rows)
}

fn draws(sampling: &SamplingRecord) -> Vec<(&'static str, String)> {
    let worst = |of: fn(&DrawnQuantity) -> f64, fold: fn(f64, f64) -> f64| {
        let numbers = sampling.quantities.iter().map(of).filter(|value| value.is_finite());
        numbers.reduce(fold).map_or(number::ABSENT.to_string(), number::three_digits)
    };
    let chains = counted(sampling.chains, "chain");
    let energy = sampling.energy_bfmi.iter().copied().reduce(f64::min).unwrap_or(f64::NAN);
    vec![
        (
            "Draws",
            format!(
                "{chains} of {} after {} of warm-up",
                number::count(sampling.draws),
                number::count(sampling.warm_up)
            ),
        ),
        ("Largest R-hat", worst(|quantity| quantity.r_hat, f64::max)),
        ("Fewest effective draws, bulk", worst(|quantity| quantity.bulk_effective_size, f64::min)),
        ("Fewest effective draws, tails", worst(|quantity| quantity.tail_effective_size, f64::min)),
        ("Diverging draws", number::count(sampling.divergences)),
        ("Draws cut at the maximal depth", number::count(sampling.cut)),
        ("Lowest E-BFMI", number::three_digits(energy)),
        ("Target acceptance", number::three_digits(sampling.target_acceptance)),
    ]
}

fn sampling(population: &Population) -> String {
    let Some(sampling) = &population.record.sampling else { return String::new() };
    format!("{}{}", quantities(population, sampling), assumptions(sampling))
}

fn quantities(population: &Population, sampling: &SamplingRecord) -> String {
    let (own, of_people): (Vec<_>, Vec<_>) =
        sampling.quantities.iter().partition(|quantity| population.owns(&quantity.name));
    let doubtful: Vec<_> = of_people.iter().filter(|quantity| !quantity.complaints.is_empty()).collect();
    let people = people_in_words(doubtful.len(), of_people.len());
    let mut table = Table::new(
        format!("The quantities of the population, on the unconstrained scale. {people}"),
        &[
            "quantity",
            "mean",
            "sd",
            "95 % interval",
            "R-hat",
            "effective draws, bulk",
            "effective draws, tails",
            "what is wrong",
        ],
    )
    .sortable();
    for quantity in own.into_iter().chain(doubtful.into_iter().take(LISTED).copied()) {
        table.row(row(quantity));
    }
    format!("{}{}", heading("Diagnostics of the draws"), table.html())
}

fn people_in_words(doubtful: usize, all: usize) -> String {
    let all = number::count(all);
    match doubtful {
        0 => format!("None of the {all} quantities of single people asks for a look."),
        count if count > LISTED => format!(
            "Of {all} quantities of single people, {} ask for a look; the first {LISTED} follow.",
            number::count(count)
        ),
        count => format!("Of {all} quantities of single people, those that ask for a look follow ({count})."),
    }
}

fn row(quantity: &DrawnQuantity) -> Vec<Cell> {
    let [low, _, high] = quantity.quantiles;
    let wrong =
        if quantity.complaints.is_empty() { "nothing".to_string() } else { quantity.complaints.join("; ") };
    vec![
        Cell::code(&quantity.name),
        Cell::number(quantity.mean),
        Cell::number(quantity.sd),
        Cell::shown(quantity.mean, number::interval(low, high)),
        Cell::shown(quantity.r_hat, number::r_hat(quantity.r_hat)),
        Cell::number(quantity.bulk_effective_size),
        Cell::number(quantity.tail_effective_size),
        Cell::text(wrong),
    ]
}

fn assumptions(sampling: &SamplingRecord) -> String {
    let list = |title: &str, items: Vec<String>| {
        if items.is_empty() {
            return String::new();
        }
        let items: String = items.iter().map(|item| format!("<li>{}</li>\n", escape(item))).collect();
        format!("{}<ul>\n{items}</ul>\n", heading(title))
    };
    let ways = ["centred", "non_centred"].into_iter().filter_map(|way| {
        let names: Vec<&str> = sampling
            .parametrisations
            .iter()
            .filter(|(_, own)| own == way)
            .map(|(name, _)| name.as_str())
            .collect();
        (!names.is_empty()).then(|| format!("{}: {}", way.replace('_', "-"), names.join(", ")))
    });
    format!(
        "{}{}",
        list("Hyperpriors", sampling.hyperpriors.clone()),
        list("Parametrisation", ways.collect())
    )
}
