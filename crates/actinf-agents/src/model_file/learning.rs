//! How tables are learned: `learning`, `transition_learning`, `prior_learning`, `habit_learning`, and `[learning]`.

use super::claims::Requirement;
use super::context::Context;
use crate::document::{DocumentError, Section, Value};
use crate::expression::Expression;
use crate::task_model::{
    Counts, Distribution, Form, InferenceScheme, Learning, LearningBeliefs, LearningSettings, LearningTime,
};

/// Reads how a likelihood or transitions are learned: counts are in proportion to the table, or its own weights.
pub(super) fn of_table<'a>(
    value: Value<'a>,
    columns: &[Distribution],
    context: &mut Context<'a>,
) -> Result<Learning, DocumentError> {
    let section = value.section(&["prior_count", "counts", "rate", "forgetting"])?;
    let Some(counts) = section.optional("counts") else {
        let total = context.scalar(section.required("prior_count")?, Requirement::Positive)?;
        return rates(&section, Counts::Scaled(total), context);
    };
    if !(counts.is_text() && counts.text()? == "weights") {
        return Err(counts.reject("can only be \"weights\" here: the cells of the table itself"));
    }
    if section.optional("prior_count").is_some() {
        return Err(value.reject("has both `prior_count` and `counts`; keep one"));
    }
    if columns.iter().any(|column| column.form == Form::Softmax) {
        return Err(counts.reject("cannot be the weights of a table that is given by logits"));
    }
    let weights = columns.iter().map(|column| column.cells.clone()).collect();
    rates(&section, Counts::Explicit(weights), context)
}

/// Reads how preferences are learned, which are the counts themselves.
pub(super) fn of_preferences<'a>(
    value: Value<'a>,
    steps: &[Vec<Expression>],
    context: &mut Context<'a>,
) -> Result<Learning, DocumentError> {
    rates(&value.section(&["rate", "forgetting"])?, Counts::Explicit(steps.to_vec()), context)
}

/// Reads how a single distribution is learned, a prior or habits. Its counts may be given one by one at `counts`; they have
/// been read into `cells` by whoever knows what they belong to.
pub(super) fn of_distribution<'a>(
    value: Value<'a>,
    cells: &[Expression],
    context: &mut Context<'a>,
) -> Result<Learning, DocumentError> {
    let section = value.section(&["prior_count", "counts", "rate", "forgetting"])?;
    let counts = match (section.optional("prior_count"), section.optional("counts")) {
        (Some(total), None) => Counts::Scaled(context.scalar(total, Requirement::Positive)?),
        (None, Some(_)) => Counts::Explicit(vec![cells.to_vec()]),
        (Some(_), Some(_)) => return Err(value.reject("has both `prior_count` and `counts`; keep one")),
        (None, None) => return Err(value.reject("needs the key `prior_count` or `counts`")),
    };
    rates(&section, counts, context)
}

/// The counts given one by one, if they are.
pub(super) fn counts_of(value: Option<Value<'_>>) -> Result<Option<Value<'_>>, DocumentError> {
    let Some(value) = value else { return Ok(None) };
    let counts = value.entries()?.into_iter().find(|entry| entry.key == "counts");
    Ok(counts.map(|entry| entry.value))
}

fn rates<'a>(
    section: &Section<'a>,
    counts: Counts,
    context: &mut Context<'a>,
) -> Result<Learning, DocumentError> {
    let mut rate = |key: &str, default: f64, requirement: Requirement| match section.optional(key) {
        None => Ok(Expression::constant(default)),
        Some(value) => context.scalar(value, requirement),
    };
    Ok(Learning {
        counts,
        learning_rate: rate("rate", 1.0, Requirement::NotNegative)?,
        forgetting_rate: rate("forgetting", 0.0, Requirement::Probability)?,
    })
}

/// Reads `[learning]`: what all learning shares.
///
/// Whole trials are learned from at their end and in hindsight, whatever the defaults of other schemes are.
pub(super) fn settings(
    value: Option<Value<'_>>,
    scheme: InferenceScheme,
) -> Result<LearningSettings, DocumentError> {
    let times = [
        ("step", LearningTime::Step),
        ("trial_end", LearningTime::TrialEnd),
        ("session_end", LearningTime::SessionEnd),
    ];
    let kinds = [("filtered", LearningBeliefs::Filtered), ("smoothed", LearningBeliefs::Smoothed)];
    let section = value.map(|value| value.section(&["time", "beliefs", "carry"])).transpose()?;
    let at = |key: &str| section.as_ref().and_then(|section| section.optional(key));
    let (time, beliefs) = match scheme {
        InferenceScheme::TrialMessagePassing(_) => (LearningTime::TrialEnd, LearningBeliefs::Smoothed),
        _ => (LearningTime::Step, LearningBeliefs::Filtered),
    };
    let settings = LearningSettings {
        time: at("time").map_or(Ok(time), |value| value.choice(&times))?,
        beliefs: at("beliefs").map_or(Ok(beliefs), |value| value.choice(&kinds))?,
        carry: at("carry").map_or(Ok(false), Value::boolean)?,
    };
    if let (InferenceScheme::TrialMessagePassing(_), Some(section)) = (scheme, &section)
        && (settings.time, settings.beliefs) != (time, beliefs)
    {
        return Err(section.value().reject(
            "cannot have another `time` than `trial_end` nor other `beliefs` than `smoothed` under trial message passing",
        ));
    }
    match (settings.time, settings.beliefs, at("beliefs"), at("time")) {
        (LearningTime::Step, LearningBeliefs::Smoothed, Some(beliefs), _) => Err(beliefs.reject(
            "cannot be `smoothed` while learning takes place at every step: nothing is known in hindsight yet; write \
             time = \"trial_end\" or \"session_end\"",
        )),
        (LearningTime::SessionEnd, _, _, Some(time)) if !settings.carry => Err(time.reject(
            "cannot be `session_end` without carry = true: what is learned at the end of a session would never be used",
        )),
        _ => Ok(settings),
    }
}
