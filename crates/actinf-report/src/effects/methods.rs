//! A paragraph for the paper, its references, and where the analysis came from.

use crate::html::{counted, definitions, escape, heading};
use crate::sections::Section;
use crate::sections::summary::method_words;
use actinf_fit::empirical_bayes::{Conventions, EffectsRecord};

const FRISTON: &str = "Friston, K. J., Litvak, V., Oswal, A., Razi, A., Stephan, K. E., van Wijk, B. C. M., Ziegler, G., & Zeidman, \
                       P. (2016). Bayesian model reduction and empirical Bayes for group (DCM) studies. NeuroImage, 128, 413–431.";
const ZEIDMAN: &str = "Zeidman, P., Jafarian, A., Seghier, M. L., Litvak, V., Cagnan, H., Price, C. J., & Friston, K. J. (2019). A \
                       guide to group effective connectivity analysis, part 2: Second level analysis with PEB. NeuroImage, 200, \
                       12–25.";

pub(super) fn section(record: &EffectsRecord) -> Section {
    let references: String =
        [FRISTON, ZEIDMAN].iter().map(|text| format!("<li>{}</li>\n", escape(text))).collect();
    let html = format!(
        "{}<div class=\"copy\">\n<p>{}</p>\n</div>\n{}<ul>\n{references}</ul>\n{}{}",
        heading("Methods paragraph to copy"),
        escape(&methods(record)),
        heading("References"),
        heading("Provenance"),
        provenance(record)
    );
    Section::new("methods", "Methods and provenance", html)
}

fn methods(record: &EffectsRecord) -> String {
    let effects = &record.effects;
    let formulas = match effects.conventions {
        Conventions::Exact => "",
        Conventions::Spm => " with the formulas of SPM's spm_dcm_peb",
    };
    let prediction = effects.prediction.as_ref().map_or_else(String::new, |prediction| {
        format!(" {} was predicted for every subject from all others.", prediction.column)
    });
    format!(
        "Effects on the parameters of the model “{}”, fitted by {}, were estimated over {} by parametric empirical Bayes \
         (Friston et al., 2016; Zeidman et al., 2019){formulas}, with the design {}. Groups were coded around zero and covariates \
         centred and divided by their standard deviations. Models without some of the effects were compared by Bayesian model \
         reduction and averaged.{prediction} The analysis was done with actinf {}.",
        record.provenance.model,
        method_words(&record.provenance.method),
        counted(effects.subjects, "subject"),
        effects.formula,
        record.provenance.actinf_version
    )
}

fn provenance(record: &EffectsRecord) -> String {
    definitions(&[
        ("actinf", record.provenance.actinf_version.clone()),
        ("Made", format!("{} UTC", record.provenance.made)),
        ("Results", record.provenance.results.clone()),
        ("Data file", record.provenance.data.clone()),
        ("Format", record.format.clone()),
    ])
}
