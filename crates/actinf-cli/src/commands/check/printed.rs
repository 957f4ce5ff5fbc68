//! What would be fitted, in words.

use super::{Apart, Groups, Intended, LeftOut, Population};
use crate::output::{counted, first_ones};
use actinf_fit::{DataSummary, MissingCount, ParameterRecord, Role};

pub(super) fn in_words(intended: &Intended) -> String {
    let model = &intended.model;
    let mut lines = vec![format!("Model   {} ({})", model.name, model.source)];
    lines.extend(model.parameters.iter().map(|record| format!("        {}", parameter(record))));
    lines.extend(data(&intended.data));
    lines.extend(intended.groups.as_ref().map(groups));
    lines.push(method(intended));
    lines.extend(intended.population.iter().flat_map(population));
    if intended.can_be_fitted {
        lines.extend(apart(&intended.apart));
    }
    let fit = &intended.fit_file;
    lines.push(match intended.can_be_fitted {
        true => format!(
            "\nEverything needed is there: `actinf fit {fit}{}` would fit it.{}",
            if intended.results.is_some() { "" } else { " --out DIR" },
            advice(&intended.apart)
        ),
        false => {
            "\nNo parameter is free, so that there is nothing to fit; `actinf score` and `simulate` would work."
                .to_owned()
        }
    });
    lines.join("\n") + "\n"
}

fn parameter(record: &ParameterRecord) -> String {
    let parameter = &record.parameter;
    let role = match &record.role {
        Role::Free { prior, default_prior } => {
            format!("free, {}prior {prior}", if *default_prior { "default " } else { "" })
        }
        Role::Fixed { values } => {
            let values: Vec<String> = values.iter().map(f64::to_string).collect();
            format!("fixed at {}", values.join(", "))
        }
    };
    format!("{} ({}): {role}", parameter.name, parameter.symbol)
}

fn data(summary: &DataSummary) -> Vec<String> {
    let DataSummary { file, rows, subjects, sessions, trials, aborted_trials, steps, .. } = summary;
    let mut lines = vec![
        format!("Data    {file}"),
        format!(
            "        {}: {}, {}, {} ({aborted_trials} aborted), {}",
            counted(*rows, "row"),
            counted(*subjects, "subject"),
            counted(*sessions, "session"),
            counted(*trials, "trial"),
            counted(*steps, "step")
        ),
    ];
    for (kind, counts) in [
        ("action", &summary.actions),
        ("observation", &summary.observations),
        ("response", &summary.responses),
    ] {
        for MissingCount { variable, expected, missing } in counts {
            lines.push(format!("        {kind} {variable}: {missing} of {expected} missing"));
        }
    }
    lines
}

fn groups(Groups { column, sizes }: &Groups) -> String {
    let sizes: Vec<String> = sizes.iter().map(|(group, size)| format!("{group} {size}")).collect();
    format!("Groups  by {column}: {}", sizes.join(", "))
}

fn method(intended: &Intended) -> String {
    let starts = intended.starts.map_or(String::new(), |starts| format!(", {starts} starts per subject"));
    format!("Method  {}{starts}, seed {}", intended.method.name, intended.seed)
}

/// What the mean of every free parameter depends on, how it was coded, and who is left out.
fn population(population: &Population) -> Vec<String> {
    let mut lines = Vec::new();
    for mean in &population.means {
        lines.push(format!("Means   {} ~ {}", mean.parameter, mean.formula));
        lines.extend(mean.columns.iter().map(|sentence| format!("        {sentence}")));
    }
    lines.push(format!("        {} subjects are estimated together", population.subjects));
    let out = |out: &LeftOut| format!("        subject {} is left out: {}", out.subject, out.reason);
    let out: Vec<String> = population.left_out.iter().map(out).collect();
    lines.extend(first_ones(&out, "what `--json` prints").lines().map(str::to_owned));
    lines
}

/// What to do about parameters that cannot be told apart.
fn advice(apart: &Apart) -> &'static str {
    match apart {
        Apart::Confused(sentences) if !sentences.is_empty() => {
            " First name what\ncannot be known (of a pair, one) under [fixed], with a value for everybody; otherwise \
             the prior decides its estimates."
        }
        Apart::Confused(_) | Apart::Unknown(_) => "",
    }
}

fn apart(apart: &Apart) -> Vec<String> {
    match apart {
        Apart::Unknown(reason) => {
            vec![format!("Apart   which parameters can be told apart was not looked at: {reason}")]
        }
        Apart::Confused(sentences) if sentences.is_empty() => {
            vec!["Apart   all parameters can be told apart in people simulated from the priors".to_owned()]
        }
        Apart::Confused(sentences) => {
            let first = "Apart   in people simulated from the priors, with as much behaviour as these:";
            let rest = sentences.iter().map(|sentence| format!("        {sentence}"));
            std::iter::once(first.to_owned()).chain(rest).collect()
        }
    }
}
