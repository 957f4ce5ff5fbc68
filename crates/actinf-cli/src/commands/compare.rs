//! `actinf compare`: which of several models explains the people best.

mod families;
mod joint;
mod printed;
mod sources;

use crate::arguments::{CompareArguments, EvidenceChoice, PriorChoice};
use crate::exit_code::Exit;
use crate::output::{Output, json_of};
use actinf_data::ExtraFile;
use actinf_fit::comparison::{
    Candidate, ComparisonProvenance, ComparisonRecord, EvidenceKind, FrequencyPrior, Question, compare,
};
use anyhow::Result;
use joint::Selected;

pub(crate) fn run(arguments: &CompareArguments, output: Output) -> Result<Exit> {
    let question = question(arguments)?;
    actinf_data::check_comparison_folder(&arguments.out)?;
    let (fits, joint) = match joint::fits(arguments, output)? {
        Some((fits, selection)) => (fits, Some(selection)),
        None => (sources::fits(arguments, output)?, None),
    };
    let candidates: Vec<Candidate<'_>> = fits
        .iter()
        .map(|fit| Candidate { name: &fit.name, source: &fit.source, record: &fit.record })
        .collect();
    let record = ComparisonRecord {
        format: "actinf-compare/1".to_string(),
        provenance: ComparisonProvenance {
            actinf_version: env!("CARGO_PKG_VERSION").to_string(),
            made: jiff::Timestamp::now().strftime("%Y-%m-%d %H:%M:%S").to_string(),
        },
        comparison: match joint {
            None => compare(&candidates, &question)?,
            Some(Selected { selection, subjects }) => {
                compare(&candidates, &question)?.with_selection(selection, &subjects)
            }
        },
    };
    actinf_data::write_comparison(&arguments.out, &record, &report_files(&record)?)?;
    output.found(
        || Ok(printed::summary(&record.comparison) + &super::places(&arguments.out)),
        || json_of(&arguments.out.join("comparison.json")),
    )?;
    let (left_out, kept) = (record.comparison.left_out.len(), record.comparison.subjects.len());
    Ok(Exit::of_failures(left_out, left_out + kept))
}

fn question(arguments: &CompareArguments) -> Result<Question> {
    Ok(Question {
        evidence: match arguments.evidence {
            EvidenceChoice::LogEvidence => EvidenceKind::LogEvidence,
            EvidenceChoice::ImportanceSampled => EvidenceKind::ImportanceSampled,
            EvidenceChoice::Bic => EvidenceKind::Bic,
            EvidenceChoice::Aic => EvidenceKind::Aic,
        },
        prior: match arguments.prior {
            PriorChoice::Spm => FrequencyPrior::OnePerModel,
            PriorChoice::Vba => FrequencyPrior::OneInTotal,
        },
        families: families::families(&arguments.families)?,
        group: arguments.group.clone(),
    })
}

/// The report and its plots, as files beside the tables.
fn report_files(record: &ComparisonRecord) -> Result<Vec<ExtraFile>> {
    let report = actinf_report::render_comparison(record)?;
    let mut files = vec![ExtraFile { path: "report.html".into(), bytes: report.html.into_bytes() }];
    let plot =
        |(name, svg): (String, String)| ExtraFile { path: format!("plots/{name}"), bytes: svg.into_bytes() };
    files.extend(report.plots.into_iter().map(plot));
    Ok(files)
}
