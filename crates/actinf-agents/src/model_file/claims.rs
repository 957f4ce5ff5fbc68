//! What must hold of the cells of a model at all parameter values, checked at the test points.

use super::test_points::TestPoints;
use crate::document::{DocumentError, Value};
use crate::expression::Expression;
use crate::task_model::Form;

/// How far the sum of probabilities may be from 1, for rounding.
const TOLERANCE: f64 = 1e-9;

/// What must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Requirement {
    /// The cells give a probability distribution in this form.
    Distribution(Form),
    /// Every cell is finite.
    Finite,
    /// Every cell is finite and at least 0.
    NotNegative,
    /// Every cell is finite and above 0.
    Positive,
    /// Every cell is at least 0 and at most 1.
    Probability,
}

/// Something that must hold of some cells.
pub(super) struct Claim<'a> {
    pub(super) at: Value<'a>,
    /// What the cells are, for messages: "the likelihood of modality `outcome` at context = reversed".
    pub(super) subject: String,
    /// One label per cell, or none for a single cell.
    pub(super) labels: Vec<String>,
    pub(super) requirement: Requirement,
    pub(super) cells: Vec<Expression>,
}

impl Claim<'_> {
    /// Evaluates the cells at every test point (only at the first if they are constant).
    pub(super) fn check(&self, points: &TestPoints) -> Result<(), DocumentError> {
        let constant = self.cells.iter().all(|cell| cell.as_constant().is_some());
        let tested = if constant { 1 } else { points.values.len() };
        for point in &points.values[..tested] {
            let values: Vec<f64> = self.cells.iter().map(|cell| cell.evaluate(point)).collect();
            if let Some(problem) = self.problem(&values) {
                let place = self.place(points, point);
                return Err(self.at.error(format!("{}: {}", self.subject, problem.replace("{at}", &place))));
            }
        }
        Ok(())
    }

    /// What is wrong with these values of the cells; `{at}` stands for the parameter values.
    fn problem(&self, values: &[f64]) -> Option<String> {
        if let Some(cell) = values.iter().position(|value| !value.is_finite()) {
            return Some(format!("{} is {}{{at}}; it must be finite", self.cell(cell), values[cell]));
        }
        match self.requirement {
            Requirement::Distribution(form) => self.distribution_problem(form, values),
            Requirement::Finite => None,
            Requirement::NotNegative => self.refuse(values, |x| x < 0.0, "must not be negative"),
            Requirement::Positive => self.refuse(values, |x| x <= 0.0, "must be above 0"),
            Requirement::Probability => {
                self.refuse(values, |x| !(0.0..=1.0).contains(&x), "must be between 0 and 1")
            }
        }
    }

    fn distribution_problem(&self, form: Form, values: &[f64]) -> Option<String> {
        let sum: f64 = values.iter().sum();
        match form {
            Form::Softmax => None,
            Form::Probabilities => {
                self.refuse(values, |x| x < 0.0, "probabilities must not be negative").or_else(|| {
                    ((sum - 1.0).abs() > TOLERANCE).then(|| {
                        format!(
                            "the probabilities sum to {}{{at}}; they must sum to 1 at all values of the parameters \
                             (weights can be divided by their sum with {{ normalise = ... }})",
                            short(sum)
                        )
                    })
                })
            }
            Form::Normalised => self.refuse(values, |x| x < 0.0, "weights must not be negative").or_else(|| {
                (sum <= 0.0).then(|| "all weights are 0{at}; at least one must be above 0".to_owned())
            }),
        }
    }

    fn refuse(&self, values: &[f64], is_wrong: impl Fn(f64) -> bool, rule: &str) -> Option<String> {
        let cell = values.iter().position(|&value| is_wrong(value))?;
        let rule = if self.labels.is_empty() { format!("it {rule}") } else { rule.to_owned() };
        Some(format!("{} is {}{{at}}; {rule}", self.cell(cell), short(values[cell])))
    }

    fn cell(&self, cell: usize) -> String {
        self.labels.get(cell).map_or_else(|| "the value".to_owned(), |label| format!("the cell of `{label}`"))
    }

    /// " at x = 0.5, y = 2" with the slots the cells depend on; nothing if they are constant.
    fn place(&self, points: &TestPoints, point: &[f64]) -> String {
        let mut slots: Vec<usize> = self.cells.iter().flat_map(Expression::slots).collect();
        slots.sort_unstable();
        slots.dedup();
        let values: Vec<String> = slots
            .into_iter()
            .map(|slot| format!("{} = {}", points.names[slot], short(point[slot])))
            .collect();
        if values.is_empty() { String::new() } else { format!(" at {}", values.join(", ")) }
    }
}

/// A number to seven decimals, or in full where that would hide what is wrong with it.
pub(super) fn short(value: f64) -> String {
    let rounded = format!("{value:.7}");
    let rounded = rounded.trim_end_matches('0').trim_end_matches('.');
    let hides = matches!(rounded, "0" | "-0" | "1") && rounded != value.to_string();
    if hides { value.to_string() } else { rounded.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_numbers_do_not_hide_a_small_excess() {
        assert_eq!(short(0.9), "0.9");
        assert_eq!(short(1.0), "1");
        assert_eq!(short(12.345_678_91), "12.3456789");
        assert_eq!(short(1.000_000_01), "1.00000001");
        assert_eq!(short(-1e-8), "-0.00000001");
        assert_eq!(short(0.0), "0");
        assert_eq!(short(10.0), "10");
    }
}
