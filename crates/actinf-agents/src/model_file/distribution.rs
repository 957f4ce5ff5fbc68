//! Distributions and other lists of cells, one cell per label.

use super::context::Context;
use super::labels::Labels;
use crate::document::{DocumentError, Entry, Value};
use crate::expression::Expression;
use crate::task_model::{Distribution, Form};

/// Reads a distribution over `labels`, in any of its forms.
pub(super) fn distribution<'a>(
    value: Value<'a>,
    labels: &Labels,
    context: &mut Context<'a>,
) -> Result<Distribution, DocumentError> {
    if value.is_text() && value.text()? == "uniform" {
        return Ok(uniform(labels.len()));
    }
    if !value.is_table() && !value.is_list() {
        let found = if value.is_text() {
            format!("cannot be `{}`", value.text()?)
        } else {
            format!("cannot be {}", value.kind())
        };
        return Err(value.reject(format!(
            "{found}; write \"uniform\", a table such as {{ {} = 1 }}, a list, {{ softmax = ... }} or \
             {{ normalise = ... }}",
            labels.labels.first().map_or("label", String::as_str)
        )));
    }
    let (form, inner) = form(value)?;
    Ok(Distribution { form, cells: cells(inner, labels, context)? })
}

/// The same probability for each of `size` outcomes or states.
pub(super) fn uniform(size: usize) -> Distribution {
    let cells = vec![Expression::constant(1.0 / size as f64); size];
    Distribution { form: Form::Probabilities, cells }
}

/// Certainty of the outcome or state `index`.
pub(super) fn certain(index: usize, size: usize) -> Distribution {
    let cell = |k| Expression::constant(if k == index { 1.0 } else { 0.0 });
    Distribution { form: Form::Probabilities, cells: (0..size).map(cell).collect() }
}

/// The form of a distribution and the value that holds its cells. A table with the single key `softmax` or
/// `normalise` is a form unless its value is a cell: then that key is a label.
fn form(value: Value<'_>) -> Result<(Form, Value<'_>), DocumentError> {
    if value.is_table()
        && let [Entry { key, value: inner }] = value.entries()?[..]
        && (inner.is_table() || inner.is_list())
    {
        match key {
            "softmax" => return Ok((Form::Softmax, inner)),
            "normalise" => return Ok((Form::Normalised, inner)),
            _ => {}
        }
    }
    Ok((Form::Probabilities, value))
}

/// Reads one cell per label: a list, or a table in which labels that are not named get 0.
pub(super) fn cells<'a>(
    value: Value<'a>,
    labels: &Labels,
    context: &mut Context<'a>,
) -> Result<Vec<Expression>, DocumentError> {
    if value.is_list() {
        let items = value.list()?;
        if items.len() != labels.len() {
            let (found, word) = (items.len(), labels.kind.label_word());
            return Err(value.reject(format!(
                "has {found} {}, but {} has {} {word}s",
                if found == 1 { "cell" } else { "cells" },
                labels.title(),
                labels.len()
            )));
        }
        return items.into_iter().map(|item| context.cell(item)).collect();
    }
    let mut cells = vec![Expression::constant(0.0); labels.len()];
    for Entry { key, value } in value.entries()? {
        cells[labels.find(key, value)?] = context.cell(value)?;
    }
    Ok(cells)
}
