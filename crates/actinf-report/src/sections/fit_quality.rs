//! How well the model describes the subjects.

use super::{NOBODY, Section, gallery};
use crate::Error;
use crate::html::paragraph;
use crate::number;
use crate::plots::{FitQuality, Measure, figure};
use crate::statistics::{median, summary};
use crate::study::{Fitted, Group, Study};
use crate::table::{Cell, Table};

/// A log Bayes factor of `ln 20` or more is commonly called strong.
const STRONG_BAYES_FACTOR: f64 = 20.0;

pub(crate) fn section(study: &Study) -> Result<Section, Error> {
    let (id, title) = ("fit-quality", "Fit quality");
    if study.fitted.is_empty() {
        return Ok(Section::new(id, title, paragraph(NOBODY)));
    }
    let figures = vec![
        figure(&FitQuality::new(study, Measure::LikelihoodPerAction))?,
        figure(&FitQuality::new(study, Measure::PseudoR2))?,
    ];
    let html = format!("{}{}", gallery(&figures), table(study));
    Ok(Section { id, title, html, figures })
}

/// Whether the evidence is of the actions alone, so that it can be compared with a responder that only acts.
fn evidence_is_comparable(study: &Study) -> bool {
    study.results.record.model.schema.responses.is_empty()
        && study.fitted.iter().any(|subject| subject.fit.log_evidence.is_some())
}

fn table(study: &Study) -> String {
    let evidence = evidence_is_comparable(study);
    let mut caption = String::from(
        "Fit quality by group. Above chance: a higher likelihood of the actions than under a uniformly random responder.",
    );
    if evidence {
        caption.push_str(
            " Favoured by the evidence: a Bayes factor of at least 20 over that responder, which pays for the \
             parameters.",
        );
    }
    let mut table = Table::new(
        caption,
        &["group", "n", "likelihood per action (median)", "chance", "pseudo-R² (mean)", "above chance"],
    );
    if evidence {
        table.column("favoured by the evidence");
    }
    for group in &study.groups {
        table.row(row(study, group, evidence));
    }
    table.html()
}

fn row(study: &Study, group: &Group, evidence: bool) -> Vec<Cell> {
    let n = group.members.len();
    let share = |property: &dyn Fn(&Fitted) -> bool| {
        let count = group.members.iter().filter(|&&member| property(&study.fitted[member])).count();
        Cell::shown(
            count as f64 / n as f64,
            format!("{} of {} ({})", number::count(count), number::count(n), number::percent(count, n)),
        )
    };
    let typical = |property: fn(&Fitted) -> f64| Cell::optional(median(&study.values_in(group, property)));
    let mut cells = vec![
        Cell::text(&group.label),
        Cell::count(n),
        typical(|subject| subject.fit.likelihood_per_action),
        typical(crate::plots::chance),
        Cell::number(summary(&study.values_in(group, |subject| subject.fit.pseudo_r2)).mean),
        share(&|subject| subject.fit.pseudo_r2 > 0.0),
    ];
    if evidence {
        cells.push(share(&|subject| {
            let advantage = |evidence: f64| evidence - subject.fit.chance_log_likelihood;
            subject.fit.log_evidence.map(advantage).is_some_and(|nats| nats >= STRONG_BAYES_FACTOR.ln())
        }));
    }
    cells
}
