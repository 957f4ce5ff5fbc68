//! Where the results came from, how to get them again, and a paragraph for the paper.

use super::Section;
use super::summary::method_words;
use crate::html::{counted, definitions, escape, heading};
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

/// What is known of a method by its name in fit files.
struct Method {
    /// Completes "for each subject separately ...".
    words: &'static str,
    references: &'static [&'static str],
}

const MACKAY: &str = "MacKay, D. J. C. (2003). Information Theory, Inference, and Learning Algorithms, chapter 27. \
                      Cambridge University Press.";
const LIU_NOCEDAL: &str = "Liu, D. C., & Nocedal, J. (1989). On the limited memory BFGS method for large scale \
                           optimization. Mathematical Programming, 45, 503–528.";
const EFRON_HINKLEY: &str = "Efron, B., & Hinkley, D. V. (1978). Assessing the accuracy of the maximum likelihood \
                             estimator. Biometrika, 65, 457–483.";
const VEHTARI: &str = "Vehtari, A., Simpson, D., Gelman, A., Yao, Y., & Gabry, J. (2024). Pareto smoothed importance \
                       sampling. Journal of Machine Learning Research, 25(72), 1–58.";
const MCFADDEN: &str = "McFadden, D. (1974). Conditional logit analysis of qualitative choice behavior. In P. Zarembka \
                        (Ed.), Frontiers in Econometrics (pp. 105–142). Academic Press. (For the pseudo-R².)";

fn method(name: &str) -> Method {
    match name {
        "laplace_approximation" | "laplace" => Method {
            words: "with the Laplace approximation: the log posterior was maximised with L-BFGS (Liu & Nocedal, 1989) \
                    on the unconstrained scale, and its curvature at the maximum gave standard errors, 95 % intervals \
                    and the log evidence (MacKay, 2003, ch. 27), which was checked by importance sampling from a \
                    multivariate t distribution around the maximum (Pareto k of the weights: Vehtari et al., 2024)",
            references: &[LIU_NOCEDAL, MACKAY, VEHTARI],
        },
        "maximum_a_posteriori" => Method {
            words: "at the maximum of the log posterior, found with L-BFGS (Liu & Nocedal, 1989) on the unconstrained \
                    scale; its curvature there gave standard errors and 95 % intervals (Laplace approximation: \
                    MacKay, 2003, ch. 27)",
            references: &[LIU_NOCEDAL, MACKAY],
        },
        "maximum_likelihood" => Method {
            words: "at the maximum of the log-likelihood, found with L-BFGS (Liu & Nocedal, 1989); the observed \
                    information gave standard errors and 95 % intervals (Efron & Hinkley, 1978)",
            references: &[LIU_NOCEDAL, EFRON_HINKLEY],
        },
        _ => Method { words: "", references: &[] },
    }
}

fn methods(study: &Study) -> String {
    let record = &study.results.record;
    let known = method(&record.method.name);
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
        "The behaviour of {} ({} in {}) was modelled with the model “{}”. {} estimated for each subject \
         separately {how}.{starts}{} The analysis was done with actinf {} (seed {}).",
        counted(record.data.subjects, "subject"),
        counted(record.data.steps, "step"),
        counted(record.data.sessions, "session"),
        record.model.name,
        free_parameters(study),
        convergence(study),
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
    let known = method(&study.results.record.method.name);
    let citation = study.results.record.model.citation.as_str();
    let items: String = known
        .references
        .iter()
        .chain([&MCFADDEN])
        .copied()
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
