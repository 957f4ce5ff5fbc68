//! What is gathered while a model file is read: which parameters are used, and what must hold for all values.

use super::claims::{Claim, Requirement};
use crate::document::{DocumentError, Value, shortened};
use crate::expression::Expression;
use crate::parameter::Parameter;

/// The names that cells may use, and what is gathered along the way.
pub(super) struct Context<'a> {
    /// The component names of all parameters: their positions are the slots of every expression.
    names: Vec<String>,
    used: Vec<bool>,
    /// What must hold of the cells read so far.
    pub(super) claims: Vec<Claim<'a>>,
    /// Which part of the file is being read, for messages: empty, or "in the process, ".
    pub(super) part: &'static str,
}

impl<'a> Context<'a> {
    pub(super) fn new(parameters: &[Parameter]) -> Context<'a> {
        let names: Vec<String> = parameters.iter().flat_map(Parameter::component_names).collect();
        Context { used: vec![false; names.len()], names, claims: Vec::new(), part: "" }
    }

    /// Reads a numeric cell: a number or an expression of the parameters.
    pub(super) fn cell(&mut self, value: Value<'a>) -> Result<Expression, DocumentError> {
        if value.is_number() {
            return value.number().map(Expression::constant);
        }
        let names = std::mem::take(&mut self.names);
        let expression = self.expression(value, &names);
        self.names = names;
        expression
    }

    /// Reads a numeric cell that may use `beliefs` beside the parameters.
    pub(super) fn cell_of_beliefs(
        &mut self,
        value: Value<'a>,
        beliefs: &[String],
    ) -> Result<Expression, DocumentError> {
        if value.is_number() {
            return value.number().map(Expression::constant);
        }
        let names: Vec<String> = self.names.iter().chain(beliefs).cloned().collect();
        self.expression(value, &names)
    }

    /// The cells that are the components of a parameter.
    pub(super) fn components(&mut self, parameter: &Parameter) -> Vec<Expression> {
        let slot = |name: &String| self.names.iter().position(|known| known == name);
        let slots: Vec<usize> = parameter.component_names().iter().filter_map(slot).collect();
        slots.iter().for_each(|&slot| self.used[slot] = true);
        slots.into_iter().map(Expression::of_slot).collect()
    }

    fn expression(&mut self, value: Value<'a>, names: &[String]) -> Result<Expression, DocumentError> {
        if !value.is_text() {
            return Err(
                value.reject(format!("must be a number or an expression in quotes, not {}", value.kind()))
            );
        }
        let text = value.text()?;
        let expression = Expression::parse(text, names)
            .map_err(|error| value.reject(format!("cannot be \"{}\": {error}", shortened(text))))?;
        for slot in expression.slots() {
            if let Some(used) = self.used.get_mut(slot) {
                *used = true;
            }
        }
        Ok(expression)
    }

    /// Reads a single number with the range it must keep at all values of the parameters.
    pub(super) fn scalar(
        &mut self,
        value: Value<'a>,
        requirement: Requirement,
    ) -> Result<Expression, DocumentError> {
        let expression = self.cell(value)?;
        self.claim(value, value.place(), vec![], requirement, std::slice::from_ref(&expression));
        Ok(expression)
    }

    /// Notes what must hold of `cells`; it is checked once the whole file is read.
    pub(super) fn claim(
        &mut self,
        at: Value<'a>,
        subject: String,
        labels: Vec<String>,
        requirement: Requirement,
        cells: &[Expression],
    ) {
        let subject = format!("{}{subject}", self.part);
        self.claims.push(Claim { at, subject, labels, requirement, cells: cells.to_vec() });
    }

    /// The component names of all parameters.
    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    /// Refuses parameters that no cell uses; `places` are their entries in the file.
    pub(super) fn refuse_unused(
        &self,
        parameters: &[Parameter],
        places: &[Value<'a>],
    ) -> Result<(), DocumentError> {
        let mut first = 0;
        for (parameter, place) in parameters.iter().zip(places) {
            let components = first..first + parameter.support.size();
            first = components.end;
            if !self.used[components].contains(&true) {
                let name = &parameter.name;
                return Err(
                    place.error(format!("parameter `{name}` is used nowhere; use it in a cell or delete it"))
                );
            }
        }
        Ok(())
    }
}
