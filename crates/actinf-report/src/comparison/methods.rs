//! A paragraph for the paper, its references, and where the comparison came from.

use super::summary::{evidence, prior};
use crate::html::{counted, definitions, escape, heading};
use crate::number;
use crate::sections::Section;
use actinf_fit::comparison::{Comparison, ComparisonRecord, EvidenceKind};

const STEPHAN: &str = "Stephan, K. E., Penny, W. D., Daunizeau, J., Moran, R. J., & Friston, K. J. (2009). Bayesian model \
                       selection for group studies. NeuroImage, 46(4), 1004–1017.";
const RIGOUX: &str = "Rigoux, L., Stephan, K. E., Friston, K. J., & Daunizeau, J. (2014). Bayesian model selection for group \
                      studies — revisited. NeuroImage, 84, 971–985.";
const PENNY: &str = "Penny, W. D., Stephan, K. E., Daunizeau, J., Rosa, M. J., Friston, K. J., Schofield, T. M., & Leff, A. P. \
                     (2010). Comparing families of dynamic causal models. PLoS Computational Biology, 6(3), e1000709.";
const SCHWARZ: &str =
    "Schwarz, G. (1978). Estimating the dimension of a model. The Annals of Statistics, 6(2), 461–464.";
const AKAIKE: &str = "Akaike, H. (1974). A new look at the statistical model identification. IEEE Transactions on Automatic \
                      Control, 19(6), 716–723.";

pub(super) fn section(record: &ComparisonRecord) -> Section {
    let html = format!(
        "{}<div class=\"copy\">\n<p>{}</p>\n</div>\n{}{}{}{}",
        heading("Methods paragraph to copy"),
        escape(&methods(record)),
        heading("References"),
        references(&record.comparison),
        heading("Provenance"),
        provenance(record)
    );
    Section::new("methods", "Methods and provenance", html)
}

fn methods(record: &ComparisonRecord) -> String {
    let comparison = &record.comparison;
    let names: Vec<String> = comparison.models.iter().map(|model| format!("“{}”", model.name)).collect();
    let out = match comparison.left_out.len() {
        0 => String::new(),
        count => format!(" ({} without an evidence under every model left out)", counted(count, "subject")),
    };
    let mut text = format!(
        "The models {} were compared over {}{out} by random-effects Bayesian model selection (Stephan et al., 2009; Rigoux et \
         al., 2014), with the {} as the evidence of each subject and a Dirichlet prior over model frequencies with {}. The \
         variational iterations were run to the fixed point; exceedance probabilities were computed by quadrature and \
         protected by the Bayes omnibus risk.",
        names.join(", "),
        counted(comparison.subjects.len(), "subject"),
        evidence(comparison.evidence),
        prior(comparison.prior),
    );
    if comparison.families.is_some() {
        text.push_str(" Families of models were given equal prior frequencies (Penny et al., 2010).");
    }
    if comparison.groups.is_some() {
        text.push_str(
            " Groups were compared by the posterior probability that they share one vector of frequencies (Rigoux et al., 2014).",
        );
    }
    text.push_str(&format!(
        " {} The analysis was done with actinf {}.",
        results(comparison),
        record.provenance.actinf_version
    ));
    text
}

fn results(comparison: &Comparison) -> String {
    let (selection, effects) = (&comparison.selection, &comparison.selection.random_effects);
    let each: Vec<String> = comparison
        .models
        .iter()
        .enumerate()
        .map(|(k, model)| {
            format!(
                "{} {:.3} (protected exceedance probability {})",
                model.name,
                effects.expected_frequencies[k],
                number::probability(selection.protected_exceedance[k])
            )
        })
        .collect();
    format!(
        "Expected frequencies were: {}; the Bayes omnibus risk was {}.",
        each.join(", "),
        number::probability(selection.omnibus_risk)
    )
}

fn references(comparison: &Comparison) -> String {
    let criterion = match comparison.evidence {
        EvidenceKind::LogEvidence | EvidenceKind::ImportanceSampled => None,
        EvidenceKind::Bic => Some(SCHWARZ),
        EvidenceKind::Aic => Some(AKAIKE),
    };
    let family = comparison.families.as_ref().map(|_| PENNY);
    let all = [Some(STEPHAN), Some(RIGOUX), family, criterion];
    let items: String = all.iter().flatten().map(|text| format!("<li>{}</li>\n", escape(text))).collect();
    format!("<ul>\n{items}</ul>\n")
}

fn provenance(record: &ComparisonRecord) -> String {
    let comparison = &record.comparison;
    let mut rows = vec![
        ("actinf", record.provenance.actinf_version.clone()),
        ("Made", format!("{} UTC", record.provenance.made)),
        ("Data file", comparison.data.file.clone()),
        ("SHA-256 of the data", comparison.data.sha256.clone()),
    ];
    for model in &comparison.models {
        rows.push((
            "Model",
            format!("{} from {}, model file {}", model.name, model.source, model.model_sha256),
        ));
    }
    rows.push(("Format", record.format.clone()));
    definitions(&rows)
}
