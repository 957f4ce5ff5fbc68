//! Every cell of a table of behaviour, understood.

use crate::cells::{Coded, Mark, Missing};
use crate::columns::{CodedColumn, ColumnMapping, NumericColumn};
use crate::error::Error;
use crate::grouping::Labels;
use crate::mapping_error::VariableKind;
use crate::resolve::Resolver;
use crate::table::Table;
use actinf_agents::{Schema, Variable};
use std::collections::BTreeMap;

/// One list per variable, with one entry per row of the table.
type PerRow<T> = Vec<Vec<Option<T>>>;

/// The meanings of the cells of a table.
pub(crate) struct Meanings<'a> {
    /// Subjects, sessions and trials.
    pub(crate) labels: Labels<'a>,
    /// Whether each row is marked as part of an aborted trial.
    pub(crate) aborted: Vec<bool>,
    /// For each of the steps that a row holds.
    pub(crate) steps: Vec<StepMeanings>,
    /// Values per response.
    pub(crate) responses: PerRow<f64>,
    /// The group named in each row, if there is a column of groups.
    pub(crate) group: Option<Vec<Option<&'a str>>>,
    /// Values per covariate.
    pub(crate) covariates: PerRow<f64>,
}

/// The meanings of the cells of one of the steps that a row holds.
pub(crate) struct StepMeanings {
    /// Actions per control.
    pub(crate) actions: PerRow<usize>,
    /// Outcomes per modality.
    pub(crate) observations: PerRow<usize>,
}

impl<'a> Meanings<'a> {
    /// Understands all cells of `table` that `mapping` needs. In rows marked as aborted, a control, modality or
    /// response may hold anything.
    ///
    /// # Errors
    ///
    /// If a column does not exist, or cells mean nothing (the first of them are listed).
    pub(crate) fn of(table: &'a Table, mapping: &'a ColumnMapping, schema: &Schema) -> Result<Self, Error> {
        let bad = Default::default();
        let mut resolver = Resolver { table, missing: Missing(&mapping.missing), bad };
        let labels = labels(&mut resolver, mapping)?;
        let aborted = marks(&mut resolver, mapping)?;
        let mut steps = Vec::new();
        for (actions, observations) in mapping.coded() {
            let (controls, modalities) = (&schema.controls, &schema.modalities);
            steps.push(StepMeanings {
                actions: coded(&mut resolver, VariableKind::Control, actions, controls, &aborted)?,
                observations: coded(
                    &mut resolver,
                    VariableKind::Modality,
                    observations,
                    modalities,
                    &aborted,
                )?,
            });
        }
        let responses = responses(&mut resolver, mapping, schema, &aborted)?;
        let group =
            mapping.group.as_ref().map(|name| resolver.texts(name, "names the groups")).transpose()?;
        let covariates = mapping
            .covariates
            .iter()
            .map(|name| resolver.column(name, "a covariate", &NumericColumn::new(name), &[]))
            .collect::<Result<_, _>>()?;
        resolver.bad.into_result()?;
        Ok(Meanings { labels, aborted, steps, responses, group, covariates })
    }
}

fn labels<'a>(resolver: &mut Resolver<'a>, mapping: &ColumnMapping) -> Result<Labels<'a>, Error> {
    let subject = resolver.labels(&mapping.subject, "identifies the subject")?;
    let mut optional = |name: &Option<String>, purpose: &str| {
        name.as_ref().map(|name| resolver.labels(name, purpose)).transpose()
    };
    let session = optional(&mapping.session, "labels the session")?;
    let trial = optional(&mapping.trial, "labels the trial")?;
    Ok(Labels { subject, session, trial })
}

/// Whether each row is marked as part of an aborted trial.
fn marks(resolver: &mut Resolver, mapping: &ColumnMapping) -> Result<Vec<bool>, Error> {
    let Some(name) = &mapping.aborted else { return Ok(vec![false; resolver.table.rows]) };
    let marks = resolver.column(name, "marks aborted trials", &Mark, &[])?;
    Ok(marks.into_iter().map(Option::unwrap_or_default).collect())
}

fn coded(
    resolver: &mut Resolver,
    kind: VariableKind,
    mapped: &BTreeMap<String, Option<CodedColumn>>,
    variables: &[Variable],
    excused: &[bool],
) -> Result<PerRow<usize>, Error> {
    let mut values = Vec::new();
    for variable in variables {
        let name = &variable.name;
        values.push(match mapped.get(name).and_then(Option::as_ref) {
            Some(column) => {
                let purpose = format!("mapped to the {kind} `{name}`");
                resolver.column(&column.column, &purpose, &Coded { variable, column }, excused)?
            }
            None => vec![None; resolver.table.rows],
        });
    }
    Ok(values)
}

fn responses(
    resolver: &mut Resolver,
    mapping: &ColumnMapping,
    schema: &Schema,
    excused: &[bool],
) -> Result<PerRow<f64>, Error> {
    let mut values = Vec::new();
    for response in &schema.responses {
        values.push(match mapping.responses.get(&response.name).and_then(Option::as_ref) {
            Some(numeric) => {
                let purpose = format!("mapped to the {} `{}`", VariableKind::Response, response.name);
                resolver.column(&numeric.column, &purpose, numeric, excused)?
            }
            None => vec![None; resolver.table.rows],
        });
    }
    Ok(values)
}
