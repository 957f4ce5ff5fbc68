//! Which of several models people use, where models were compared while estimating.

use crate::Error;
use crate::html::{escape, heading};
use crate::number;
use crate::plots::{Attributions, Frequencies, Frequency, figure};
use crate::sections::Section;
use crate::study::Study;
use crate::table::{Cell, Table};
use actinf_fit::PopulationRecord;

pub(super) fn section(study: &Study) -> Result<Option<Section>, Error> {
    let Some(population) = study.population.as_ref().filter(|p| !p.record.models.is_empty()) else {
        return Ok(None);
    };
    let record = population.record;
    let rows = record.models.iter().map(|model| Frequency {
        name: model.name.clone(),
        expected: model.frequency,
        interval: None,
        protected_exceedance: model.protected_exceedance,
    });
    let mut figures = vec![figure(&Frequencies::of_models(rows.collect()))?];
    let responsibilities: Vec<(&str, &[f64])> = record
        .members
        .iter()
        .filter(|member| member.responsibilities.len() == record.models.len())
        .map(|member| (member.subject.as_str(), member.responsibilities.as_slice()))
        .collect();
    if !responsibilities.is_empty() {
        let names = record.models.iter().map(|model| model.name.as_str()).collect();
        figures.push(figure(&Attributions::new(names, responsibilities))?);
    }
    let pictures: String = figures.iter().map(|figure| figure.html.as_str()).collect();
    let html = format!(
        "<p class=\"lead\">{}</p>\n{pictures}{}{}{}",
        escape(&headline(record)),
        models(record),
        heading("Everybody's model"),
        people(record)
    );
    Ok(Some(Section { id: "models", title: "Which model people use", html, figures }))
}

fn headline(record: &PopulationRecord) -> String {
    let best = record.models.iter().max_by(|a, b| a.frequency.total_cmp(&b.frequency));
    best.map_or(String::new(), |best| {
        format!(
            "The most frequent model is “{}”: its share of people is {} (protected exceedance probability {}).",
            best.name,
            number::three_digits(best.frequency),
            number::probability(best.protected_exceedance)
        )
    })
}

fn models(record: &PopulationRecord) -> String {
    let mut table = Table::new(
        "Share of people who use each model; exceedance: how probable it is that no model is more frequent; protected: the \
         same, allowing for all being equally frequent.",
        &["model", "share", "exceedance", "protected exceedance"],
    );
    for model in &record.models {
        let probability = |p: f64| Cell::shown(p, number::probability(p));
        table.row(vec![
            Cell::text(&model.name),
            Cell::number(model.frequency),
            probability(model.exceedance),
            probability(model.protected_exceedance),
        ]);
    }
    table.html()
}

fn people(record: &PopulationRecord) -> String {
    let mut table =
        Table::new("The probability that a person uses each model.", &["subject", "most probable"])
            .sortable();
    for model in &record.models {
        table.column(&model.name);
    }
    for member in &record.members {
        let best = member.responsibilities.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1));
        let name = best.and_then(|(k, _)| record.models.get(k)).map_or(number::ABSENT, |m| m.name.as_str());
        let mut cells = vec![Cell::text(&member.subject), Cell::text(name)];
        cells.extend(member.responsibilities.iter().map(|p| Cell::shown(*p, number::probability(*p))));
        table.row(cells);
    }
    table.html()
}
