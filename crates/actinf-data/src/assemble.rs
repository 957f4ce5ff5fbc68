//! Understood rows assembled into subjects.

use crate::columns::ColumnMapping;
use crate::constant::{not_constant, sole_value};
use crate::error::Error;
use crate::error_kind::ErrorKind;
use crate::grouping::{SessionRows, SubjectRows, TrialRows};
use crate::meanings::{Meanings, StepMeanings};
use crate::table::Table;
use actinf_agents::{Moment, Observation, Schema, Session, Step, Subject, Trial};

/// What subjects are assembled from.
pub(crate) struct Assembly<'a> {
    /// The table, for messages.
    pub(crate) table: &'a Table,
    /// Which column feeds what.
    pub(crate) mapping: &'a ColumnMapping,
    /// The variables of the model.
    pub(crate) schema: &'a Schema,
    /// The meanings of the cells.
    pub(crate) meanings: &'a Meanings<'a>,
}

impl Assembly<'_> {
    /// One subject's behaviour.
    ///
    /// # Errors
    ///
    /// If a trial is marked as aborted in part, or a response of a whole trial or session has several values.
    pub(crate) fn subject(&self, rows: &SubjectRows) -> Result<Subject, Error> {
        let sessions = rows.sessions.iter().map(|session| self.session(&rows.id, session));
        Ok(Subject { id: rows.id.clone(), sessions: sessions.collect::<Result<_, _>>()? })
    }

    fn session(&self, subject: &str, rows: &SessionRows) -> Result<Session, Error> {
        let mut trials = Vec::with_capacity(rows.trials.len());
        for trial in &rows.trials {
            let aborted = self.is_marked(subject, &rows.label, trial)? || self.is_all_missing(trial);
            let of_row = |&row: &usize| self.meanings.steps.iter().map(move |step| (row, step));
            let steps = trial.rows.iter().flat_map(of_row).map(|(row, step)| self.step(row, step)).collect();
            trials.push(Trial { label: trial.label.clone(), aborted, steps });
        }
        let mut session = Session { label: rows.label.clone(), trials };
        self.place_end_responses(subject, rows, &mut session)?;
        Ok(session)
    }

    /// A step; a row's responses belong to the last one that it holds.
    fn step(&self, row: usize, meanings: &StepMeanings) -> Step {
        let is_last = self.meanings.steps.last().is_some_and(|last| std::ptr::eq(last, meanings));
        let observed =
            |values: &Vec<Option<usize>>| values[row].map_or(Observation::Missing, Observation::Outcome);
        let responses = self.schema.responses.iter().zip(&self.meanings.responses);
        Step {
            row: self.table.row_in_file(row),
            actions: meanings.actions.iter().map(|values| values[row]).collect(),
            observations: meanings.observations.iter().map(observed).collect(),
            responses: responses
                .map(|(response, values)| {
                    (is_last && response.moment == Moment::Step).then(|| values[row]).flatten()
                })
                .collect(),
        }
    }

    /// Whether the rows of a trial are marked as aborted: all of them or none.
    fn is_marked(&self, subject: &str, session: &str, trial: &TrialRows) -> Result<bool, Error> {
        let aborted = |row: &&usize| self.meanings.aborted[**row];
        let marked = trial.rows.iter().find(aborted);
        let unmarked = trial.rows.iter().find(|row| !aborted(row));
        match (marked, unmarked) {
            (Some(&marked), Some(&unmarked)) => Err(ErrorKind::PartlyAborted {
                trial: trial.label.clone(),
                session: session.to_owned(),
                subject: subject.to_owned(),
                marked: self.table.row(marked),
                unmarked: self.table.row(unmarked),
            }
            .into()),
            (marked, _) => Ok(marked.is_some()),
        }
    }

    /// Whether nothing was done and nothing seen in a trial, in data that record actions or observations.
    fn is_all_missing(&self, trial: &TrialRows) -> bool {
        let mapping = self.mapping;
        let mut coded = mapping.coded().flat_map(|(a, o)| a.values().chain(o.values()));
        let records = coded.any(Option::is_some);
        let steps = self.meanings.steps.iter();
        let mut values = steps.flat_map(|step| step.actions.iter().chain(&step.observations));
        records && values.all(|values| trial.rows.iter().all(|&row| values[row].is_none()))
    }

    /// Writes the responses given at the end of trials and sessions to the last step of each.
    fn place_end_responses(
        &self,
        subject: &str,
        rows: &SessionRows,
        session: &mut Session,
    ) -> Result<(), Error> {
        let of_session = format!("session `{}` of subject `{subject}`", rows.label);
        for (index, response) in self.schema.responses.iter().enumerate() {
            match response.moment {
                Moment::Step => {}
                Moment::TrialEnd => {
                    let kept =
                        session.trials.iter_mut().zip(&rows.trials).filter(|(trial, _)| !trial.aborted);
                    for (trial, rows) in kept {
                        let within = format!("trial `{}` of {of_session}", rows.label);
                        let value = self.sole_response(index, rows.rows.iter().copied(), within)?;
                        set_last(trial, index, value);
                    }
                }
                Moment::SessionEnd => {
                    let value = self.sole_response(index, rows.rows(), of_session.clone())?;
                    if let Some(trial) = session.trials.iter_mut().rfind(|trial| !trial.aborted) {
                        set_last(trial, index, value);
                    }
                }
            }
        }
        Ok(())
    }

    fn sole_response(
        &self,
        index: usize,
        rows: impl Iterator<Item = usize>,
        within: String,
    ) -> Result<Option<f64>, Error> {
        sole_value(rows, &self.meanings.responses[index]).map_err(|pair| {
            let name = &self.schema.responses[index].name;
            let numeric = self.mapping.responses.get(name).and_then(Option::as_ref);
            not_constant(self.table, numeric.map_or(name, |numeric| &numeric.column), within, pair)
        })
    }
}

fn set_last(trial: &mut Trial, response: usize, value: Option<f64>) {
    if let Some(step) = trial.steps.last_mut() {
        step.responses[response] = value;
    }
}
