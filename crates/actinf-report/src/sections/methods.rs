//! Where the results came from, how to get them again, and a paragraph for the paper.

use super::Section;
use super::method_facts::{GELMAN_MENG_STERN, MCFADDEN, method};
use super::summary::method_words;
use crate::html::{counted, definitions, escape, heading};
use crate::population::Population;
use crate::study::Study;
use crate::table::{Cell, Table};
use crate::{Error, number};

pub(crate) fn section(study: &Study) -> Result<Section, Error> {
    let html = format!(
        "{}<div class=\"copy\">\n<p>{}</p>\n</div>\n{}{}{}{}{}{}",
        heading("Methods paragraph to copy"),
        escape(&methods(study)),
        heading("References"),
        references(study),
        heading("Provenance"),
        provenance(study),
        settings(study),
        reproduce(study)
    );
    Ok(Section::new("methods", "Methods and provenance", html))
}

fn methods(study: &Study) -> String {
    let record = &study.results.record;
    let known = method(&record.method.name, study.population.is_some());
    let how = if known.words.is_empty() {
        format!("with the method “{}”", method_words(&record.method.name))
    } else {
        known.words.to_string()
    };
    let starts = study.fitted.iter().map(|subject| subject.fit.convergence.starts).max().unwrap_or(0);
    let starts = match starts {
        0 | 1 => String::new(),
        several => {
            format!(" The search was started from {several} points per subject and the best optimum kept.")
        }
    };
    format!(
        "The behaviour of {} ({} in {}) was modelled with the model “{}”. {} estimated {} {how}.{starts}{}{}{} The analysis was done with actinf {} (seed {}).",
        counted(record.data.subjects, "subject"),
        counted(record.data.steps, "step"),
        counted(record.data.sessions, "session"),
        record.model.name,
        free_parameters(study),
        if study.population.is_some() { "for all subjects together" } else { "for each subject separately" },
        study.population.as_ref().map_or(String::new(), population),
        convergence(study),
        super::behaviour::methods(study),
        record.provenance.actinf_version,
        record.provenance.seed
    )
}

fn free_parameters(study: &Study) -> String {
    let titles: Vec<String> = study.components.iter().map(|component| component.title()).collect();
    match titles.len() {
        0 => "No parameter was".to_string(),
        1 => format!("Its free parameter ({}) was", titles[0]),
        several => format!(
            "Its {several} free parameters ({}; priors in the table of parameters) were",
            titles.join(", ")
        ),
    }
}

/// What the population means depended on, and what the draws were worth.
fn population(population: &Population) -> String {
    let formulas = &population.record.formulas;
    let moved: Vec<String> = formulas
        .iter()
        .filter(|formula| formula.formula.trim() != "1")
        .map(|formula| format!("{} ({})", formula.parameter, formula.formula))
        .collect();
    let mut words = match moved.len() {
        0 => " Everybody was drawn from one population.".to_string(),
        _ => format!(
            " Population means depended on groups and covariates by these formulas: {}.",
            moved.join(", ")
        ),
    };
    if let Some(sampling) = &population.record.sampling {
        let worst = sampling.quantities.iter().map(|q| q.r_hat).filter(|r| r.is_finite()).fold(1.0, f64::max);
        words.push_str(&format!(
            " {} of {} draws after {} of warm-up were made; the largest R-hat was {worst:.3} and {} diverged.",
            counted(sampling.chains, "chain"),
            number::count(sampling.draws),
            number::count(sampling.warm_up),
            counted(sampling.divergences, "draw"),
        ));
    }
    words
}

fn convergence(study: &Study) -> String {
    let converged = study.how_many(|subject| subject.fit.convergence.converged);
    let failed = match study.failed.len() {
        0 => String::new(),
        count => format!("; {} could not be fitted", counted(count, "subject")),
    };
    let fitted = counted(study.fitted.len(), "fitted subject");
    format!(" The search converged for {} of {fitted}{failed}.", number::count(converged))
}

fn references(study: &Study) -> String {
    let known = method(&study.results.record.method.name, study.population.is_some());
    let citation = study.results.record.model.citation.as_str();
    let items: String = known
        .references
        .iter()
        .chain([&MCFADDEN])
        .copied()
        .chain(study.results.record.predictive_checks.is_some().then_some(GELMAN_MENG_STERN))
        .chain((!citation.is_empty()).then_some(citation))
        .map(|reference| format!("<li>{}</li>\n", escape(reference)))
        .collect();
    format!("<ul>\n{items}</ul>\n")
}

fn provenance(study: &Study) -> String {
    let record = &study.results.record;
    let origin = &record.provenance;
    definitions(&[
        ("actinf", origin.actinf_version.clone()),
        ("Fit file", origin.fit_file.clone()),
        ("Seed", origin.seed.to_string()),
        ("Threads", format!("{} (results do not depend on it)", origin.threads)),
        ("Started", format!("{} UTC", origin.started)),
        ("Wall time", number::duration(origin.wall_seconds)),
        ("Data file", record.data.file.clone()),
        ("SHA-256 of the data", record.data.sha256.clone()),
        ("Model", format!("{} ({})", record.model.name, record.model.source)),
        ("SHA-256 of the model", record.model.sha256.clone()),
        ("Format", record.format.clone()),
    ])
}

fn settings(study: &Study) -> String {
    let method = &study.results.record.method;
    let mut table = Table::new(
        format!("Settings of the method ({}).", method_words(&method.name)),
        &["setting", "value"],
    );
    for (name, value) in &method.settings {
        table.row(vec![Cell::code(name), Cell::text(value)]);
    }
    table.html()
}

fn reproduce(study: &Study) -> String {
    let origin = &study.results.record.provenance;
    format!(
        "{}<p>With actinf {} and the files whose SHA-256 are given above, this command gives the same numbers on any \
         number of threads:</p>\n<pre tabindex=\"0\">actinf fit {}</pre>\n",
        heading("How to reproduce"),
        escape(&origin.actinf_version),
        escape(&origin.fit_file)
    )
}
