//! `[inference]`: how hidden states are inferred, and what is done about logarithms of 0.

use super::trial_message_passing;
use crate::document::{DocumentError, Section, Value};
use crate::nearest_name::listed;
use crate::task_model::{Distribution, Factor, Form, InferenceScheme, Modality, Numerics, Schedule};

/// The sweeps where the file gives none: pymdp's number.
const DEFAULT_SWEEPS: usize = 16;

#[derive(Clone, Copy, PartialEq)]
enum Scheme {
    Exact,
    FixedPoint,
    Marginal,
    Variational,
    Trial,
}

const SCHEMES: [(&str, Scheme); 5] = [
    ("exact", Scheme::Exact),
    ("fixed_point_iteration", Scheme::FixedPoint),
    ("marginal_message_passing", Scheme::Marginal),
    ("variational_message_passing", Scheme::Variational),
    ("trial_message_passing", Scheme::Trial),
];

const KEYS: [&str; 5] = ["scheme", "sweeps", "schedule", "window", "numerics"];

const SCHEDULES: [(&str, Schedule); 2] =
    [("sequential", Schedule::Sequential), ("parallel", Schedule::Parallel)];

const NUMERICS: [(&str, Numerics); 3] =
    [("exact", Numerics::Exact), ("pymdp", Numerics::Pymdp), ("spm", Numerics::Spm)];

/// Which schemes a key belongs to.
const OWNERS: [(&str, &[Scheme]); 3] = [
    ("sweeps", &[Scheme::FixedPoint, Scheme::Marginal, Scheme::Variational, Scheme::Trial]),
    ("schedule", &[Scheme::FixedPoint]),
    ("window", &[Scheme::Marginal, Scheme::Variational]),
];

/// Reads `[inference]`; exact inference without any floor where there is none.
pub(super) fn inference(value: Option<Value<'_>>) -> Result<(InferenceScheme, Numerics), DocumentError> {
    let Some(value) = value else { return Ok((InferenceScheme::Exact, Numerics::Exact)) };
    let keys: Vec<&str> = KEYS.into_iter().chain(trial_message_passing::KEYS).collect();
    let section = value.section(&keys)?;
    let numerics = section.optional("numerics").map_or(Ok(Numerics::Exact), |v| v.choice(&NUMERICS))?;
    let scheme = scheme(&section)?;
    let infers_trials = matches!(scheme, InferenceScheme::TrialMessagePassing(_));
    match (section.optional("numerics"), numerics, infers_trials) {
        (Some(at), Numerics::Spm, false) => {
            Err(at.reject("can be `spm` only where scheme = \"trial_message_passing\""))
        }
        (Some(at), Numerics::Pymdp, true) => {
            Err(at.reject("can be `exact` or `spm` under trial message passing, not `pymdp`"))
        }
        _ => Ok((scheme, numerics)),
    }
}

fn scheme(section: &Section<'_>) -> Result<InferenceScheme, DocumentError> {
    let scheme = section.required("scheme")?.choice(&SCHEMES)?;
    let of_trials = trial_message_passing::KEYS.map(|key| (key, &[Scheme::Trial][..]));
    for (key, owners) in OWNERS.into_iter().chain(of_trials) {
        if let (Some(value), false) = (section.optional(key), owners.contains(&scheme)) {
            let names = |wanted: &[Scheme]| {
                listed(SCHEMES.iter().filter(|(_, scheme)| wanted.contains(scheme)).map(|(name, _)| *name))
            };
            return Err(value.reject(format!("belongs to {}; {} has none", names(owners), names(&[scheme]))));
        }
    }
    let sweeps = section.optional("sweeps").map_or(Ok(DEFAULT_SWEEPS), |sweeps| sweeps.count(1))?;
    let window = section.optional("window").map(|window| window.count(1)).transpose()?;
    let schedule = section
        .optional("schedule")
        .map_or(Ok(Schedule::Sequential), |schedule| schedule.choice(&SCHEDULES))?;
    Ok(match scheme {
        Scheme::Exact => InferenceScheme::Exact,
        Scheme::FixedPoint => InferenceScheme::FixedPointIteration { sweeps, schedule },
        Scheme::Marginal => InferenceScheme::MarginalMessagePassing { sweeps, window },
        Scheme::Variational => InferenceScheme::VariationalMessagePassing { sweeps, window },
        Scheme::Trial => InferenceScheme::TrialMessagePassing(trial_message_passing::settings(section)?),
    })
}

/// Refuses schemes that start from uniform marginals where, without a floor, a probability of 0 would exclude states that are
/// possible: in expected logarithms every combination of states counts, also those that cannot be.
pub(super) fn refuse_logarithms_of_zero(
    section: Option<Value<'_>>,
    (scheme, numerics): (InferenceScheme, Numerics),
    factors: &[Factor],
    modalities: &[Modality],
) -> Result<(), DocumentError> {
    let starts_uniform = match scheme {
        InferenceScheme::Exact | InferenceScheme::TrialMessagePassing(_) => false,
        InferenceScheme::FixedPointIteration { schedule, .. } => schedule == Schedule::Parallel,
        InferenceScheme::MarginalMessagePassing { .. }
        | InferenceScheme::VariationalMessagePassing { .. } => true,
    };
    let (Some(at), true, Numerics::Exact) = (section, starts_uniform, numerics) else { return Ok(()) };
    let zero = |columns: &[Distribution]| columns.iter().any(has_zero);
    if let InferenceScheme::VariationalMessagePassing { .. } = scheme {
        let moves =
            |factor: &&Factor| !factor.transitions.parents.is_empty() && zero(&factor.transitions.columns);
        if let Some(factor) = factors.iter().find(moves) {
            return Err(at.error(format!(
                "variational message passing takes expected logarithms of transitions, and those of factor `{}` have \
                 probabilities of 0; write numerics = \"pymdp\" (0 counts as 2^-52) or scheme = \
                 \"marginal_message_passing\" under [inference]",
                factor.name
            )));
        }
    }
    let seen = |modality: &&Modality| modality.parents.len() > 1 && zero(&modality.likelihood);
    match modalities.iter().find(seen) {
        None => Ok(()),
        Some(modality) => Err(at.error(format!(
            "inference that starts from uniform marginals takes expected logarithms over all combinations of states, and the \
             likelihood of modality `{}`, which depends on several factors, has probabilities of 0; write numerics = \
             \"pymdp\" (0 counts as 2^-52), scheme = \"exact\" or, with \"fixed_point_iteration\", schedule = \
             \"sequential\" under [inference]",
            modality.name
        ))),
    }
}

fn has_zero(column: &Distribution) -> bool {
    column.form != Form::Softmax && column.cells.iter().any(|cell| cell.as_constant() == Some(0.0))
}
