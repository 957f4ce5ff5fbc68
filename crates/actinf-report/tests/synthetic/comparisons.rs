//! Made-up comparisons: one fit, and others in which each subject's evidence is shifted.

use super::{Numbers, Study, results};
use actinf_fit::comparison::{
    Candidate, ComparisonProvenance, ComparisonRecord, EvidenceKind, Question, compare,
};
use actinf_fit::{FitRecord, Outcome};

/// `models` fits of a study, each best for a share of the subjects; names are hostile if the study is.
pub(crate) fn comparison(study: Study, models: usize) -> ComparisonRecord {
    let record = results(study).record;
    let fits: Vec<FitRecord> = (0..models).map(|k| shifted(&record, k, models)).collect();
    let name = |k: usize| match (study.hostile, k) {
        (true, 0) => "<b>learning</b> with \"a long name that does not fit\"".to_string(),
        _ => format!("model {k}"),
    };
    let names: Vec<String> = (0..models).map(name).collect();
    let candidates: Vec<Candidate<'_>> = fits
        .iter()
        .zip(&names)
        .map(|(record, name)| Candidate { name, source: "fit.toml", record })
        .collect();
    let half = names.len() / 2;
    let question = Question {
        evidence: EvidenceKind::LogEvidence,
        families: vec![
            ("first".into(), names[..half].to_vec()),
            ("<i>second".into(), names[half..].to_vec()),
        ],
        group: record.group_column.clone(),
        ..Question::default()
    };
    ComparisonRecord {
        format: "actinf-compare/1".into(),
        provenance: ComparisonProvenance {
            actinf_version: "0.1.0".into(),
            made: "2026-01-01 12:00:00".into(),
        },
        comparison: compare(&candidates, &question).expect("the fits are of one table"),
    }
}

fn shifted(record: &FitRecord, k: usize, models: usize) -> FitRecord {
    let mut shifted = record.clone();
    let mut numbers = Numbers::new(40 + k as u64);
    for (position, subject) in shifted.subjects.iter_mut().enumerate() {
        if let Outcome::Fitted(fit) = &mut subject.outcome {
            let own = if position % 10 < 6 { 0 } else { position % models };
            let gain = if own == k { 4.0 } else { 0.0 };
            fit.log_evidence = Some(-200.0 - 40.0 * (position % 7) as f64 + gain + 2.0 * numbers.normal());
            fit.bic += 2.0 * k as f64 - 2.0 * gain;
        }
    }
    shifted
}
