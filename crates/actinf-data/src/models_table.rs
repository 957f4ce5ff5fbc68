//! The table of compared models: one row per model.

use crate::error::Error;
use crate::frames::frame;
use actinf_fit::comparison::{ComparedModel, Comparison, Criteria};
use polars::prelude::*;

/// Columns `model, task_model, source, method, free_parameters, subjects`; the criteria summed over subjects; what
/// random effects say of the model; its probability under fixed effects; and its family, if there are families.
pub(crate) fn models(comparison: &Comparison) -> Result<DataFrame, Error> {
    let rows = Rows(&comparison.models);
    let (selection, effects) = (&comparison.selection, &comparison.selection.random_effects);
    let list = |name: &str, numbers: &[f64]| Column::new(name.into(), numbers.to_vec());
    let end =
        |end: usize| effects.frequency_intervals.iter().map(|interval| interval[end]).collect::<Vec<_>>();
    let subjects = vec![comparison.subjects.len() as u64; comparison.models.len()];
    let mut columns = vec![
        rows.text("model", |model| &model.name),
        rows.text("task_model", |model| &model.model),
        rows.text("source", |model| &model.source),
        rows.text("method", |model| &model.method),
        rows.count("free_parameters", |criteria| criteria.free_parameters),
        Column::new("subjects".into(), subjects),
    ];
    columns.extend(rows.criteria());
    columns.extend([
        list("count", &effects.counts),
        list("expected_frequency", &effects.expected_frequencies),
        list("frequency_lower", &end(0)),
        list("frequency_upper", &end(1)),
        list("exceedance", &selection.exceedance),
        list("protected_exceedance", &selection.protected_exceedance),
        list("fixed_effects_probability", &comparison.fixed_effects.probabilities),
    ]);
    if let Some(found) = &comparison.families {
        let family =
            |k: usize| found.families.iter().find(|f| f.members.contains(&k)).map(|f| f.name.as_str());
        let names: Vec<Option<&str>> = (0..comparison.models.len()).map(family).collect();
        columns.push(Column::new("family".into(), names));
    }
    frame(columns)
}

struct Rows<'a>(&'a [ComparedModel]);

impl Rows<'_> {
    fn text(&self, name: &str, text: impl Fn(&ComparedModel) -> &String) -> Column {
        Column::new(name.into(), self.0.iter().map(|model| text(model).as_str()).collect::<Vec<_>>())
    }

    fn number(&self, name: &str, number: impl Fn(&Criteria) -> Option<f64>) -> Column {
        Column::new(name.into(), self.0.iter().map(|model| number(&model.criteria)).collect::<Vec<_>>())
    }

    fn count(&self, name: &str, count: impl Fn(&Criteria) -> usize) -> Column {
        Column::new(name.into(), self.0.iter().map(|m| count(&m.criteria) as u64).collect::<Vec<_>>())
    }

    fn criteria(&self) -> [Column; 9] {
        [
            self.number("log_evidence", |criteria| criteria.log_evidence),
            self.number("log_likelihood", |criteria| Some(criteria.log_likelihood)),
            self.number("bic", |criteria| Some(criteria.bic)),
            self.number("aic", |criteria| Some(criteria.aic)),
            self.number("pseudo_r2", |criteria| Some(criteria.pseudo_r2)),
            self.number("likelihood_per_action", |criteria| Some(criteria.likelihood_per_action)),
            self.count("actions", |criteria| criteria.actions),
            self.count("best_for", |criteria| criteria.best_for),
            self.count("not_converged", |criteria| criteria.not_converged),
        ]
    }
}
