//! Whether a mapping of columns fits a model.

use crate::columns::{CodedColumn, ColumnMapping};
use crate::error::Error;
use crate::mapping_error::{MappingError, VariableKind};
use crate::sentences::nearest;
use actinf_agents::{Schema, Variable};
use std::collections::BTreeMap;

impl ColumnMapping {
    /// Checks the mapping against a model: every control, modality and response is mapped or declared absent,
    /// nothing else is mapped, and the labels exist.
    ///
    /// # Errors
    ///
    /// The first thing that does not fit, with the nearest name that would.
    pub fn check(&self, schema: &Schema) -> Result<(), Error> {
        if !(self.steps.is_empty() || self.actions.is_empty() && self.observations.is_empty()) {
            return Err(MappingError::StepsTwice.into());
        }
        for (actions, observations) in self.coded() {
            self.check_coded(VariableKind::Control, actions, &schema.controls)?;
            self.check_coded(VariableKind::Modality, observations, &schema.modalities)?;
        }
        let names: Vec<&str> = schema.responses.iter().map(|response| response.name.as_str()).collect();
        check_names(VariableKind::Response, self.responses.keys(), &names)?;
        for (name, numeric) in &self.responses {
            let Some(numeric) = numeric else { continue };
            let (scale, offset) = (numeric.scale, numeric.offset);
            if !(scale.is_finite() && scale.abs() > 0.0 && offset.is_finite()) {
                return Err(MappingError::UnusableScale { name: name.clone(), scale, offset }.into());
            }
        }
        for (index, column) in self.covariates.iter().enumerate() {
            if self.covariates[..index].contains(column) {
                return Err(MappingError::RepeatedCovariate { column: column.clone() }.into());
            }
        }
        Ok(())
    }

    fn check_coded(
        &self,
        kind: VariableKind,
        mapped: &BTreeMap<String, Option<CodedColumn>>,
        variables: &[Variable],
    ) -> Result<(), Error> {
        let names: Vec<&str> = variables.iter().map(|variable| variable.name.as_str()).collect();
        check_names(kind, mapped.keys(), &names)?;
        for variable in variables {
            if let Some(Some(coded)) = mapped.get(&variable.name) {
                check_labels(kind, variable, coded)?;
                check_cuts(kind, variable, coded)?;
                self.check_missing(kind, variable, coded)?;
            }
        }
        Ok(())
    }

    fn check_missing(
        &self,
        kind: VariableKind,
        variable: &Variable,
        coded: &CodedColumn,
    ) -> Result<(), Error> {
        let mut texts = variable.labels.iter().chain(coded.labels.keys());
        match texts.find(|text| text.trim().is_empty() || self.missing.contains(text)) {
            Some(text) => {
                let (name, text) = (variable.name.clone(), text.clone());
                Err(MappingError::LabelMeansMissing { kind, name, text }.into())
            }
            None => Ok(()),
        }
    }
}

fn check_names<'a>(
    kind: VariableKind,
    mapped: impl Iterator<Item = &'a String> + Clone,
    names: &[&str],
) -> Result<(), Error> {
    if let Some(unknown) = mapped.clone().find(|name| !names.contains(&name.as_str())) {
        let nearest = nearest(unknown, names.iter().copied()).map(str::to_owned);
        let known = names.iter().map(ToString::to_string).collect();
        return Err(MappingError::UnknownVariable { kind, name: unknown.clone(), nearest, known }.into());
    }
    match names.iter().find(|name| !mapped.clone().any(|mapped| mapped == *name)) {
        Some(name) => Err(MappingError::UnmappedVariable { kind, name: name.to_string() }.into()),
        None => Ok(()),
    }
}

fn check_cuts(kind: VariableKind, variable: &Variable, coded: &CodedColumn) -> Result<(), Error> {
    let cuts = &coded.cuts;
    let rise = cuts.windows(2).all(|pair| pair[0] < pair[1]) && cuts.iter().all(|cut| cut.is_finite());
    let is_usable = rise && cuts.len() + 1 == variable.labels.len() && coded.scale.is_finite();
    if cuts.is_empty() || is_usable && coded.scale.abs() > 0.0 {
        return Ok(());
    }
    let (name, labels, found) = (variable.name.clone(), variable.labels.clone(), cuts.clone());
    Err(MappingError::UnusableCuts { kind, name, labels, found }.into())
}

fn check_labels(kind: VariableKind, variable: &Variable, coded: &CodedColumn) -> Result<(), Error> {
    match coded.labels.iter().find(|(_, label)| !variable.labels.contains(label)) {
        Some((cell, label)) => {
            let nearest = nearest(label, variable.labels.iter().map(String::as_str)).map(str::to_owned);
            let (name, labels) = (variable.name.clone(), variable.labels.clone());
            let (cell, label) = (cell.clone(), label.clone());
            Err(MappingError::UnknownLabel { kind, name, cell, label, nearest, labels }.into())
        }
        None => Ok(()),
    }
}
