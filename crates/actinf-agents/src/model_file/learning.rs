//! How tables are learned: `learning`, `transition_learning`, `prior_learning`, `habit_learning`, and `[learning]`.

use super::claims::Requirement;
use super::context::Context;
use super::distribution::cells;
use super::labels::Labels;
use crate::document::{DocumentError, Section, Value};
use crate::expression::Expression;
use crate::task_model::{
    Counts, Distribution, Form, InferenceScheme, Learning, LearningBeliefs, LearningSettings, LearningTime,
};

const KEYS: [&str; 4] = ["prior_count", "counts", "rate", "forgetting"];

/// Reads how the likelihood of a modality is learned: as any table, but each outcome may have a learning rate of its own.
pub(super) fn of_likelihood<'a>(
    value: Value<'a>,
    labels: &Labels,
    columns: &[Distribution],
    context: &mut Context<'a>,
) -> Result<Learning, DocumentError> {
    let rate = value.section(&KEYS)?.optional("rate").filter(|rate| rate.is_table() || rate.is_list());
    let Some(at) = rate else { return of_table(value, columns, context) };
    if at.is_table() {
        let named = at.entries()?;
        if let Some(left_out) = labels.labels.iter().find(|label| named.iter().all(|n| n.key != **label)) {
            return Err(at.reject(format!("needs a rate for every outcome, also for `{left_out}`")));
        }
    }
    let outcome_rates = cells(at, labels, context)?;
    let subject = format!("the learning rates of {}", labels.title());
    context.claim(at, subject, labels.labels.clone(), Requirement::NotNegative, &outcome_rates);
    Ok(Learning { outcome_rates, ..counts_of_table(value, columns, context)? })
}

/// Refuses learning rates by outcome where they are not known.
pub(super) fn refuse_outcome_rates(
    value: Option<Value<'_>>,
    learning: Option<&Learning>,
    scheme: InferenceScheme,
) -> Result<(), DocumentError> {
    let has_rates = learning.is_some_and(|learning| !learning.outcome_rates.is_empty());
    match value {
        Some(at) if has_rates && matches!(scheme, InferenceScheme::TrialMessagePassing(_)) => Err(at.reject(
            "cannot have a rate for every outcome under trial message passing, which has one rate for all",
        )),
        _ => Ok(()),
    }
}

/// Reads how a likelihood or transitions are learned: counts are in proportion to the table, or its own weights.
pub(super) fn of_table<'a>(
    value: Value<'a>,
    columns: &[Distribution],
    context: &mut Context<'a>,
) -> Result<Learning, DocumentError> {
    let learning = counts_of_table(value, columns, context)?;
    let section = value.section(&KEYS)?;
    let learning_rate = rate(&section, "rate", 1.0, Requirement::NotNegative, context)?;
    Ok(Learning { learning_rate, ..learning })
}

/// The same without the learning rate, which is 1.
fn counts_of_table<'a>(
    value: Value<'a>,
    columns: &[Distribution],
    context: &mut Context<'a>,
) -> Result<Learning, DocumentError> {
    let section = value.section(&KEYS)?;
    let learning = |counts: Counts, context: &mut Context<'a>| {
        let forgetting_rate = rate(&section, "forgetting", 0.0, Requirement::Probability, context)?;
        let learning_rate = Expression::constant(1.0);
        Ok(Learning { counts, learning_rate, outcome_rates: Vec::new(), forgetting_rate })
    };
    let Some(counts) = section.optional("counts") else {
        let total = context.scalar(section.required("prior_count")?, Requirement::Positive)?;
        return learning(Counts::Scaled(total), context);
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
    learning(Counts::Explicit(weights), context)
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
    let section = value.section(&KEYS)?;
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
    Ok(Learning {
        counts,
        learning_rate: rate(section, "rate", 1.0, Requirement::NotNegative, context)?,
        outcome_rates: Vec::new(),
        forgetting_rate: rate(section, "forgetting", 0.0, Requirement::Probability, context)?,
    })
}

fn rate<'a>(
    section: &Section<'a>,
    key: &str,
    default: f64,
    requirement: Requirement,
    context: &mut Context<'a>,
) -> Result<Expression, DocumentError> {
    section
        .optional(key)
        .map_or(Ok(Expression::constant(default)), |value| context.scalar(value, requirement))
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
