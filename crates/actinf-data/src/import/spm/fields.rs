//! The fields of an MDP structure.

use super::super::ImportError;
use super::super::matlab::MatValue;
use actinf_agents::model_arrays::Tensor;

/// The fields of the first structure.
pub(super) struct Fields<'a> {
    fields: &'a [(String, MatValue)],
}

impl<'a> Fields<'a> {
    /// The structure called MDP or mdp, or the first one that has a likelihood and transitions.
    pub(super) fn of_file(variables: &'a [(String, MatValue)]) -> Result<Fields<'a>, ImportError> {
        let structures = variables.iter().filter_map(|(name, value)| match value {
            MatValue::Structures(structures) => structures.first().map(|fields| (name, Fields { fields })),
            _ => None,
        });
        let mut models: Vec<_> = structures.filter(|(_, fields)| fields.is_model()).collect();
        models.sort_by_key(|(name, _)| !name.eq_ignore_ascii_case("mdp"));
        models.into_iter().next().map(|(_, fields)| fields).ok_or_else(|| {
            let names: Vec<&str> = variables.iter().map(|(name, _)| name.as_str()).collect();
            ImportError::new(format!(
                "it has no structure with the fields A (or a) and B (or b) of an MDP; it holds: {}",
                names.join(", ")
            ))
        })
    }

    fn is_model(&self) -> bool {
        (self.has("A") || self.has("a")) && (self.has("B") || self.has("b"))
    }

    pub(super) fn get(&self, field: &str) -> Option<&'a MatValue> {
        let (_, value) = self.fields.iter().find(|(name, _)| name == field)?;
        let is_empty = match value {
            MatValue::Numbers { numbers, .. } => numbers.is_empty(),
            MatValue::Cells(cells) => cells.is_empty(),
            MatValue::Structures(structures) => structures.is_empty(),
            MatValue::Text(text) => text.is_empty(),
            MatValue::Other => true,
        };
        (!is_empty).then_some(value)
    }

    pub(super) fn has(&self, field: &str) -> bool {
        self.get(field).is_some()
    }

    /// A single number, or the default.
    pub(super) fn number(&self, field: &str, default: f64) -> Result<f64, ImportError> {
        match self.get(field) {
            None => Ok(default),
            Some(MatValue::Numbers { numbers, .. }) if numbers.len() == 1 => Ok(numbers[0]),
            Some(_) => Err(ImportError::new(format!("the field {field} is no single number"))),
        }
    }

    /// The array of a factor or modality: its cell, or the field itself where there is but one.
    pub(super) fn table(&self, field: &str, position: usize) -> Result<Option<Tensor>, ImportError> {
        let value = match self.get(field) {
            None => return Ok(None),
            Some(MatValue::Cells(cells)) => match cells.get(position) {
                Some(cell) => cell,
                None => return Ok(None),
            },
            Some(value) if position == 0 => value,
            Some(_) => return Ok(None),
        };
        match value {
            MatValue::Numbers { numbers, .. } if numbers.is_empty() => Ok(None),
            MatValue::Numbers { shape, numbers } => Ok(Tensor::of_columns(shape.clone(), numbers)),
            _ => Err(ImportError::new(format!("the field {field} holds something else than numbers"))),
        }
    }

    /// The same as a list, whether it stands upright or lies.
    pub(super) fn list(&self, field: &str, position: usize) -> Result<Option<Vec<f64>>, ImportError> {
        Ok(self.table(field, position)?.map(|table| table.cells))
    }

    /// The arrays of all factors or modalities, the counts' where there are counts. In the older engines transitions are one
    /// cell per action.
    pub(super) fn tables(&self, counts: &str, table: &str) -> Result<Vec<Tensor>, ImportError> {
        let count = |field: &str| match self.get(field) {
            Some(MatValue::Cells(cells)) => cells.len(),
            Some(_) => 1,
            None => 0,
        };
        let one = |position: usize| {
            let found = match self.table(counts, position)? {
                Some(found) => Some(found),
                None => self.table(table, position)?,
            };
            let found = found.map(|found| found.with_dimensions(2));
            found.ok_or_else(|| ImportError::new(format!("cell {} of {table} is empty", position + 1)))
        };
        (0..count(counts).max(count(table))).map(one).collect()
    }
}
