//! `actinf effects`: what groups and covariates have to do with people's parameters.

mod printed;

use crate::arguments::{ComponentsChoice, EffectsArguments, FormulasChoice};
use crate::exit_code::Exit;
use crate::nearest_file;
use crate::output::{Output, json_of};
use actinf_data::ExtraFile;
use actinf_fit::empirical_bayes::{
    Components, Conventions, EffectsProvenance, EffectsQuestion, EffectsRecord, GroupSettings, effects,
};
use anyhow::{Context, Result, anyhow};

pub(crate) fn run(arguments: &EffectsArguments, output: Output) -> Result<Exit> {
    let question = question(arguments)?;
    actinf_data::check_effects_folder(&arguments.out)?;
    let fit = actinf_data::read_record(&arguments.results)
        .map_err(|error| anyhow!("{error}{}", nearest_file::suggestion(&arguments.results)))?;
    let workers = super::workers(arguments.threads)?;
    let found =
        effects(&fit, &question, &workers).with_context(|| format!("in {}", arguments.results.display()))?;
    let record = EffectsRecord {
        format: "actinf-effects/1".to_string(),
        provenance: EffectsProvenance {
            actinf_version: env!("CARGO_PKG_VERSION").to_string(),
            made: jiff::Timestamp::now().strftime("%Y-%m-%d %H:%M:%S").to_string(),
            results: arguments.results.display().to_string(),
            model: fit.model.name.clone(),
            method: fit.method.name.clone(),
            data: fit.data.file.clone(),
        },
        effects: found,
    };
    actinf_data::write_effects(&arguments.out, &record, &report_files(&record)?)?;
    output.found(
        || Ok(printed::summary(&record) + &super::places(&arguments.out)),
        || json_of(&arguments.out.join("effects.json")),
    )?;
    let (left_out, kept) = (record.effects.left_out.len(), record.effects.subjects);
    Ok(Exit::of_failures(left_out, left_out + kept))
}

fn question(arguments: &EffectsArguments) -> Result<EffectsQuestion> {
    Ok(EffectsQuestion {
        formula: arguments.design.parse().context("in --design")?,
        leave_one_out: arguments.leave_one_out.clone(),
        settings: GroupSettings {
            components: match arguments.variability {
                ComponentsChoice::Each => Components::Each,
                ComponentsChoice::Single => Components::Single,
                ComponentsChoice::Expected => Components::None,
            },
            conventions: match arguments.formulas {
                FormulasChoice::Exact => Conventions::Exact,
                FormulasChoice::Spm => Conventions::Spm,
            },
            ..GroupSettings::default()
        },
    })
}

/// The report and its plots, as files beside the tables.
fn report_files(record: &EffectsRecord) -> Result<Vec<ExtraFile>> {
    let report = actinf_report::render_effects(record)?;
    let mut files = vec![ExtraFile { path: "report.html".into(), bytes: report.html.into_bytes() }];
    let plot =
        |(name, svg): (String, String)| ExtraFile { path: format!("plots/{name}"), bytes: svg.into_bytes() };
    files.extend(report.plots.into_iter().map(plot));
    Ok(files)
}
