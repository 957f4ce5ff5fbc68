//! What a cell means: a missing value, a label, a code, a number, a mark.

use crate::columns::{CodedColumn, NumericColumn};
use actinf_agents::Variable;

/// How cells of one kind are understood.
pub(crate) trait Reading {
    /// What a cell stands for.
    type Value: Copy;

    /// The meaning of a cell that is not missing, without surrounding blanks; `None` if it has none.
    fn meaning(&self, cell: &str) -> Option<Self::Value>;

    /// What would be accepted, in words.
    fn accepted(&self) -> String;
}

/// Texts that mean a missing value.
#[derive(Clone, Copy)]
pub(crate) struct Missing<'a>(pub(crate) &'a [String]);

impl Missing<'_> {
    /// Whether a cell without surrounding blanks is a missing value.
    pub(crate) fn contains(self, cell: &str) -> bool {
        cell.is_empty() || self.0.iter().any(|text| text == cell)
    }
}

/// An index into the labels of a variable, from a label or a code.
pub(crate) struct Coded<'a> {
    /// The variable.
    pub(crate) variable: &'a Variable,
    /// How the column writes it.
    pub(crate) column: &'a CodedColumn,
}

impl Coded<'_> {
    fn index_of_label(&self, label: &str) -> Option<usize> {
        self.variable.labels.iter().position(|known| known == label)
    }
}

impl Reading for Coded<'_> {
    type Value = usize;

    fn meaning(&self, cell: &str) -> Option<usize> {
        if let Some(label) = self.column.labels.get(cell) {
            return self.index_of_label(label);
        }
        if !self.column.cuts.is_empty() {
            let amount = cell.parse::<f64>().ok().map(|amount| amount * self.column.scale)?;
            let below = self.column.cuts.iter().filter(|cut| **cut <= amount).count();
            return amount.is_finite().then_some(below);
        }
        self.index_of_label(cell).or_else(|| {
            let index = usize::try_from(code(cell)?.checked_sub(self.column.first_code)?).ok()?;
            (index < self.variable.labels.len()).then_some(index)
        })
    }

    fn accepted(&self) -> String {
        if !self.column.cuts.is_empty() {
            return "a finite amount with a decimal point, or an empty cell if it is missing".into();
        }
        let mut texts: Vec<&String> = self.column.labels.keys().collect();
        texts.extend(self.variable.labels.iter().filter(|label| !self.column.labels.contains_key(*label)));
        let quoted: Vec<String> = texts.iter().take(20).map(|text| format!("`{text}`")).collect();
        let rest = if texts.len() > 20 { ", ..." } else { "" };
        let first = self.column.first_code;
        let last = i128::from(first) + self.variable.labels.len() as i128 - 1;
        format!(
            "{}{rest}, a code from {first} to {last}, or an empty cell if it is missing",
            quoted.join(", ")
        )
    }
}

/// An integer written as `2`, `2.0` or `true`.
fn code(cell: &str) -> Option<i64> {
    /// Above 2^53 not every whole number has a value of its own.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if let Ok(code) = cell.parse() {
        return Some(code);
    }
    if let Some(truth) = truth(cell) {
        return Some(i64::from(truth));
    }
    let number: f64 = cell.parse().ok()?;
    (number.fract() == 0.0 && number.abs() <= EXACT).then_some(number as i64)
}

fn truth(cell: &str) -> Option<bool> {
    match cell {
        _ if cell.eq_ignore_ascii_case("true") => Some(true),
        _ if cell.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

impl Reading for NumericColumn {
    type Value = f64;

    fn meaning(&self, cell: &str) -> Option<f64> {
        let number: f64 = cell.parse().ok()?;
        let value = number * self.scale + self.offset;
        value.is_finite().then_some(value)
    }

    fn accepted(&self) -> String {
        "a finite number with a decimal point, or an empty cell if it is missing".into()
    }
}

/// Whether a row is marked as part of an aborted trial.
pub(crate) struct Mark;

impl Reading for Mark {
    type Value = bool;

    fn meaning(&self, cell: &str) -> Option<bool> {
        match code(cell)? {
            1 => Some(true),
            0 => Some(false),
            _ => None,
        }
    }

    fn accepted(&self) -> String {
        "`1` or `true` in an aborted trial, `0`, `false` or an empty cell elsewhere".into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deck(first_code: i64) -> (Variable, CodedColumn) {
        let labels = ["2", "win", "lose"].map(String::from).to_vec();
        let mut column = CodedColumn::new("x");
        column.first_code = first_code;
        column.labels.insert("win".into(), "lose".into());
        (Variable { name: "deck".into(), labels }, column)
    }

    #[test]
    fn mapped_texts_come_before_labels_and_labels_before_codes() {
        let (variable, column) = deck(0);
        let coded = Coded { variable: &variable, column: &column };
        assert_eq!(coded.meaning("win"), Some(2));
        assert_eq!(coded.meaning("2"), Some(0));
        assert_eq!(coded.meaning("2.0"), Some(2));
        assert_eq!(coded.meaning("1"), Some(1));
    }

    #[test]
    fn codes_out_of_range_mean_nothing() {
        let (variable, column) = deck(1);
        let coded = Coded { variable: &variable, column: &column };
        assert_eq!(coded.meaning("3"), Some(2));
        for cell in ["0", "4", "-1", "1.5", "1e300", "-9223372036854775808", "inf", "wins"] {
            assert_eq!(coded.meaning(cell), None, "{cell}");
        }
        assert_eq!(
            coded.accepted(),
            "`win`, `2`, `lose`, a code from 1 to 3, or an empty cell if it is missing"
        );
    }

    #[test]
    fn amounts_are_cut_after_scaling() {
        let (variable, _) = deck(0);
        let mut column = CodedColumn::new("loss");
        (column.cuts, column.scale) = (vec![1.0, 100.0], -1.0);
        let coded = Coded { variable: &variable, column: &column };
        for (cell, index) in [
            ("0", Some(0)),
            ("-1", Some(1)),
            ("-99.5", Some(1)),
            ("-100", Some(2)),
            ("-1e9", Some(2)),
            ("50", Some(0)),
        ] {
            assert_eq!(coded.meaning(cell), index, "{cell}");
        }
        for cell in ["inf", "win", "NaN"] {
            assert_eq!(coded.meaning(cell), None, "{cell}");
        }
    }

    #[test]
    fn truth_values_count_as_codes() {
        assert_eq!(code("TRUE"), Some(1));
        assert_eq!(code("False"), Some(0));
        assert_eq!(Mark.meaning("1.0"), Some(true));
        assert_eq!(Mark.meaning("2"), None);
    }

    #[test]
    fn numbers_are_scaled_and_must_be_finite() {
        let percent = NumericColumn { column: "x".into(), scale: 0.01, offset: 0.5 };
        assert_eq!(percent.meaning("-50"), Some(0.0));
        assert_eq!(percent.meaning("inf"), None);
        assert_eq!(percent.meaning("0,5"), None);
    }
}
