//! A page for each person: what was estimated of them, and what they did. Of many, a selection.

use super::Section;
use crate::html::{capitalised, counted, escape, paragraph, slug};
use crate::plots::{Composition, figure};
use crate::strips::evenly_spaced;
use crate::study::{Fitted, Study};
use crate::table::{Cell, Table};
use crate::window::Window;
use crate::{Error, number};
use actinf_fit::MemberRecord;

/// With more people than this, only some have a page.
const ALL: usize = 40;
/// People with a page where there are many.
const CHOSEN: usize = 24;
/// Of these, people whose search did not converge.
const DOUBTFUL: usize = 6;

pub(crate) fn section(study: &Study) -> Result<Section, Error> {
    let (id, title) = ("individuals", "Individuals");
    if study.fitted.is_empty() {
        return Ok(Section::new(id, title, paragraph(super::NOBODY)));
    }
    let chosen = chosen(study);
    let pages: Vec<String> = chosen
        .iter()
        .map(|&position| page(study, position, &study.fitted[position]))
        .collect::<Result<_, _>>()?;
    let which = match chosen.len() == study.fitted.len() {
        true => "Open a person to see their estimates and choices.".to_string(),
        false => format!(
            "Open a person to see their estimates and choices. Of {}, {} have a page: some whose search did not converge, and \
             the others at even ranks of the likelihood per action, the worst and the best described among them. All are \
             under Subjects and in the tables beside this report.",
            counted(study.fitted.len(), "fitted subject"),
            number::count(chosen.len())
        ),
    };
    Ok(Section::new(id, title, format!("{}{}", paragraph(&which), pages.concat())))
}

/// The id of the page of the person at this position among those fitted.
pub(super) fn anchor(position: usize) -> String {
    format!("person-{}", position + 1)
}

/// The positions of those with a page, ascending.
pub(super) fn chosen(study: &Study) -> Vec<usize> {
    let all = 0..study.fitted.len();
    if all.len() <= ALL {
        return all.collect();
    }
    let converged = |position: &usize| study.fitted[*position].fit.convergence.converged;
    let mut chosen: Vec<usize> = all.clone().filter(|position| !converged(position)).take(DOUBTFUL).collect();
    let mut rest: Vec<usize> = all.filter(|position| !chosen.contains(position)).collect();
    let described = |position: &usize| study.fitted[*position].fit.likelihood_per_action;
    rest.sort_by(|a, b| described(a).total_cmp(&described(b)));
    let ranks = evenly_spaced(rest.len(), CHOSEN - chosen.len());
    chosen.extend(ranks.into_iter().map(|rank| rest[rank]));
    chosen.sort_unstable();
    chosen
}

fn page(study: &Study, position: usize, subject: &Fitted) -> Result<String, Error> {
    let fit = subject.fit;
    let group = subject.record.group.as_deref().map_or(String::new(), |group| format!(", {group}"));
    let status = if fit.convergence.converged { fit.verdict.words() } else { "not converged" };
    let described = number::three_digits(fit.likelihood_per_action);
    let facts = format!("{group} · {status} · likelihood per action {described}");
    let covariates: Vec<String> = subject
        .record
        .covariates
        .iter()
        .map(|(name, value)| {
            format!("{name} {}", value.map_or(number::ABSENT.to_string(), number::three_digits))
        })
        .collect();
    let covariates =
        if covariates.is_empty() { String::new() } else { paragraph(&format!("{}.", covariates.join(", "))) };
    Ok(format!(
        "<details class=\"person\" id=\"{}\">\n<summary><b>{}</b>{}</summary>\n{covariates}{}{}{}</details>\n",
        anchor(position),
        escape(&subject.record.id),
        escape(&facts),
        paragraph(&format!(
            "Verdict: {}. {}.",
            fit.verdict.words(),
            capitalised(fit.verdict_reason.trim_end_matches('.'))
        )),
        estimates(study, subject),
        choices(study, subject)?
    ))
}

fn estimates(study: &Study, subject: &Fitted) -> String {
    let member = study.population.as_ref().and_then(|population| {
        population.record.members.iter().find(|member| member.subject == subject.record.id)
    });
    let mut table = Table::new(
        format!("Estimates of {}; rank: from the lowest estimate of all fitted subjects.", subject.record.id),
        &["parameter", "estimate [95 %]", "contraction", "rank"],
    );
    if member.is_some() {
        table.column("alone");
    }
    for component in &study.components {
        let Some(estimate) = subject.estimate(&component.name) else { continue };
        let of = |other: &Fitted| other.estimate(&component.name).map_or(f64::NAN, |found| found.estimate);
        let lower = study.how_many(|other| of(other) < estimate.estimate);
        let shown = number::with_interval(estimate.estimate, estimate.lower, estimate.upper);
        let mut cells = vec![
            Cell::text(component.title()),
            Cell::shown(estimate.estimate, shown),
            Cell::optional(estimate.contraction),
            Cell::shown(lower as f64 + 1.0, format!("{} of {}", lower + 1, study.fitted.len())),
        ];
        if let Some(member) = member {
            cells.push(Cell::optional(alone(study, member, &component.name)));
        }
        table.row(cells);
    }
    table.html()
}

/// The estimate from a person's own data alone, on the natural scale.
fn alone(study: &Study, member: &MemberRecord, component: &str) -> Option<f64> {
    let coordinates = &study.population.as_ref()?.coordinates;
    let place = coordinates.iter().position(|c| c.natural.is_some() && c.is_of(component))?;
    Some(coordinates[place].value(member.coordinates.get(place)?.alone?))
}

fn choices(study: &Study, subject: &Fitted) -> Result<String, Error> {
    let schema = &study.results.record.model.schema;
    let labels: Vec<String> =
        (0..schema.joint_actions()).map(|action| schema.joint_action_label(action)).collect();
    match Window::of_subject(subject) {
        Some(window) if window.steps.iter().any(|step| step.action_probabilities.len() > 1) => {
            let name = format!("individual-{}-actions", slug(&subject.record.id));
            Ok(figure(&Composition::actions(&window, &labels).named(&name))?.html)
        }
        _ => Ok(String::new()),
    }
}
