//! `[[responses]]`: what else the subject reports, and how long it takes.

use super::claims::Requirement;
use super::context::Context;
use super::labels::{Labels, Namespace, identifier};
use super::test_points::Input;
use crate::document::{DocumentError, Section, Value};
use crate::expression::Expression;
use crate::response::PLAN;
use crate::schema::{Moment, ResponseVariable};
use crate::task_model::{Response, ResponseDistribution};

const MOMENTS: [(&str, Moment); 3] =
    [("step", Moment::Step), ("trial_end", Moment::TrialEnd), ("session_end", Moment::SessionEnd)];

/// The keys that every response has.
const KEYS: [&str; 4] = ["name", "meaning", "moment", "distribution"];

/// The distributions with the keys each takes.
const DISTRIBUTIONS: [(&str, &[&str]); 3] = [
    ("normal", &["mean", "standard_deviation"]),
    ("beta", &["mean", "precision", "squeeze"]),
    ("log_normal", &["location", "scale", "shift"]),
];

/// The names under which expressions of an agent's responses see its beliefs (`factor.state`, factor by factor) and plan.
pub(super) fn input_names(factors: &[Labels]) -> Vec<String> {
    let of_factor = |factor: &Labels| {
        factor.labels.iter().map(|state| format!("{}.{state}", factor.name)).collect::<Vec<_>>()
    };
    factors.iter().flat_map(of_factor).chain(PLAN.map(String::from)).collect()
}

/// Where an agent's beliefs and plan are tried.
pub(super) fn inputs(factors: &[Labels]) -> Vec<Input> {
    let beliefs = factors.iter().map(|factor| Input::Beliefs(factor.len()));
    let entropy = || Input::Number(vec![std::f64::consts::LN_2, 0.0, 5.0]);
    beliefs.chain([entropy(), entropy(), Input::Number(vec![1.0, 0.0, 20.0])]).collect()
}

/// Reads the responses, whose expressions see `inputs` beside the parameters; their names must differ from those of
/// controls and modalities.
pub(super) fn responses<'a>(
    value: Option<Value<'a>>,
    inputs: &[String],
    columns: &mut Namespace,
    context: &mut Context<'a>,
) -> Result<Vec<Response>, DocumentError> {
    let Some(value) = value else { return Ok(Vec::new()) };
    if let Some(name) = PLAN.iter().find(|name| inputs.iter().filter(|input| input == *name).count() > 1) {
        return Err(value.error(format!("`{name}` is a belief and the plan's; give the factor another name")));
    }
    value.list()?.into_iter().map(|item| response(item, inputs, columns, context)).collect()
}

fn response<'a>(
    value: Value<'a>,
    inputs: &[String],
    columns: &mut Namespace,
    context: &mut Context<'a>,
) -> Result<Response, DocumentError> {
    let (kind, section) = distribution(value)?;
    let at = section.required("name")?;
    let name = identifier(at)?;
    columns.take(name, "response", at)?;
    section.optional_text("meaning")?;
    let moment = section.required("moment")?.choice(&MOMENTS)?;
    let mut cells = Cells { section, name, inputs, context };
    let distribution = match kind {
        "normal" => ResponseDistribution::Normal {
            mean: cells.required("mean", Requirement::Finite)?,
            standard_deviation: cells.required("standard_deviation", Requirement::Positive)?,
        },
        "beta" => ResponseDistribution::Beta {
            mean: cells.required("mean", Requirement::Probability)?,
            precision: cells.required("precision", Requirement::Positive)?,
            squeeze: section.optional("squeeze").map(squeeze).transpose()?,
        },
        _ => ResponseDistribution::LogNormal {
            location: cells.required("location", Requirement::Finite)?,
            scale: cells.required("scale", Requirement::Positive)?,
            shift: cells.or_zero("shift", Requirement::NotNegative)?,
        },
    };
    Ok(Response { variable: ResponseVariable { name: name.to_owned(), moment }, distribution })
}

/// The cells of one response.
struct Cells<'c, 'a> {
    section: Section<'a>,
    name: &'a str,
    inputs: &'c [String],
    context: &'c mut Context<'a>,
}

impl Cells<'_, '_> {
    fn required(&mut self, key: &str, requirement: Requirement) -> Result<Expression, DocumentError> {
        let at = self.section.required(key)?;
        let expression = self.context.cell_of_beliefs(at, self.inputs)?;
        let subject = format!("the {} of response `{}`", key.replace('_', " "), self.name);
        self.context.claim(at, subject, vec![], requirement, std::slice::from_ref(&expression));
        Ok(expression)
    }

    fn or_zero(&mut self, key: &str, requirement: Requirement) -> Result<Expression, DocumentError> {
        match self.section.optional(key) {
            Some(_) => self.required(key, requirement),
            None => Ok(Expression::constant(0.0)),
        }
    }
}

/// The name of the distribution, and the response with the keys that go with it.
fn distribution<'a>(value: Value<'a>) -> Result<(&'static str, Section<'a>), DocumentError> {
    let all = DISTRIBUTIONS.iter().flat_map(|(_, keys)| keys.iter());
    let known: Vec<&str> = KEYS.iter().chain(all).copied().collect();
    let named = value.section(&known)?.required("distribution")?;
    let kinds: Vec<(&str, (&'static str, &[&str]))> =
        DISTRIBUTIONS.iter().map(|&(name, keys)| (name, (name, keys))).collect();
    let (kind, own) = named.choice(&kinds)?;
    let keys: Vec<&str> = KEYS.iter().chain(own).copied().collect();
    Ok((kind, value.section(&keys)?))
}

fn squeeze(value: Value<'_>) -> Result<f64, DocumentError> {
    let number = value.number()?;
    if number > 1.0 {
        return Ok(number);
    }
    Err(value.reject(format!("must be above 1, such as the number of ratings, not {number}")))
}
