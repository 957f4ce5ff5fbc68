//! `[[responses]]`: what else the subject reports.

use super::claims::Requirement;
use super::context::Context;
use super::labels::{Labels, Namespace, identifier};
use crate::document::{DocumentError, Value};
use crate::schema::{Moment, ResponseVariable};
use crate::task_model::{Response, ResponseDistribution};

const MOMENTS: [(&str, Moment); 3] =
    [("step", Moment::Step), ("trial_end", Moment::TrialEnd), ("session_end", Moment::SessionEnd)];

/// The names under which expressions of responses see the beliefs: `factor.state`, factor by factor.
pub(super) fn belief_names(factors: &[Labels]) -> Vec<String> {
    let of_factor = |factor: &Labels| {
        factor.labels.iter().map(|state| format!("{}.{state}", factor.name)).collect::<Vec<_>>()
    };
    factors.iter().flat_map(of_factor).collect()
}

/// Reads the responses; their names must differ from those of controls and modalities.
pub(super) fn responses<'a>(
    value: Option<Value<'a>>,
    beliefs: &[String],
    columns: &mut Namespace,
    context: &mut Context<'a>,
) -> Result<Vec<Response>, DocumentError> {
    let items = value.map_or(Ok(Vec::new()), Value::list)?;
    items.into_iter().map(|item| response(item, beliefs, columns, context)).collect()
}

fn response<'a>(
    value: Value<'a>,
    beliefs: &[String],
    columns: &mut Namespace,
    context: &mut Context<'a>,
) -> Result<Response, DocumentError> {
    let section = value.section(&["name", "moment", "distribution", "mean", "standard_deviation"])?;
    let at = section.required("name")?;
    let name = identifier(at)?;
    columns.take(name, "response", at)?;
    let moment = section.required("moment")?.choice(&MOMENTS)?;
    section.required("distribution")?.choice(&[("normal", ())])?;
    let mut cell = |key: &str, requirement: Requirement| {
        let at = section.required(key)?;
        let expression = context.cell_of_beliefs(at, beliefs)?;
        let subject = format!("the {} of response `{name}`", key.replace('_', " "));
        context.claim(at, subject, vec![], requirement, std::slice::from_ref(&expression));
        Ok(expression)
    };
    let mean = cell("mean", Requirement::Finite)?;
    let standard_deviation = cell("standard_deviation", Requirement::Positive)?;
    Ok(Response {
        variable: ResponseVariable { name: name.to_owned(), moment },
        distribution: ResponseDistribution::Normal { mean, standard_deviation },
    })
}
