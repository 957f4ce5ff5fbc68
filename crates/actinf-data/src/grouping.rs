//! Rows grouped into subjects, sessions and trials.

use crate::error::Error;
use crate::error_kind::ErrorKind;
use crate::table::Table;
use std::collections::HashMap;

/// The rows of one trial, in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct TrialRows {
    /// Its label.
    pub(crate) label: String,
    /// Positions in the table, from 0.
    pub(crate) rows: Vec<usize>,
}

/// The trials of one session, in order of first appearance.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct SessionRows {
    /// Its label.
    pub(crate) label: String,
    /// Its trials.
    pub(crate) trials: Vec<TrialRows>,
}

impl SessionRows {
    /// All rows of the session, in order.
    pub(crate) fn rows(&self) -> impl Iterator<Item = usize> {
        self.trials.iter().flat_map(|trial| trial.rows.iter().copied())
    }
}

/// The sessions of one subject, in order of first appearance.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct SubjectRows {
    /// The identity.
    pub(crate) id: String,
    /// Its sessions.
    pub(crate) sessions: Vec<SessionRows>,
}

impl SubjectRows {
    /// All rows of the subject, in order of sessions and trials.
    pub(crate) fn rows(&self) -> impl Iterator<Item = usize> {
        self.sessions.iter().flat_map(SessionRows::rows)
    }
}

/// The labels that group the rows, one per row.
pub(crate) struct Labels<'a> {
    /// Subjects.
    pub(crate) subject: Vec<&'a str>,
    /// Sessions; `None` if each subject has one.
    pub(crate) session: Option<Vec<&'a str>>,
    /// Trials; `None` if each session has one.
    pub(crate) trial: Option<Vec<&'a str>>,
}

/// Groups the rows by subject, session and trial, each in order of first appearance. The rows of different subjects
/// may alternate; the sessions of one subject may not, nor the trials of one session. Where rows hold whole trials, each is one
/// unless trials have labels.
///
/// # Errors
///
/// If a session or trial is taken up again after another one of the same subject.
pub(crate) fn group(table: &Table, labels: &Labels, by_row: bool) -> Result<Vec<SubjectRows>, Error> {
    by_label((0..table.rows).collect(), Some(&labels.subject))
        .into_iter()
        .map(|(id, rows)| {
            let context = Context { table, subject: id, labels, by_row };
            Ok(SubjectRows { id: id.to_owned(), sessions: context.sessions(rows)? })
        })
        .collect()
}

/// Rows gathered by label, in order of first appearance.
fn by_label<'a>(rows: Vec<usize>, labels: Option<&Vec<&'a str>>) -> Vec<(&'a str, Vec<usize>)> {
    let Some(labels) = labels else { return vec![("1", rows)] };
    let mut position: HashMap<&str, usize> = HashMap::new();
    let mut groups: Vec<(&str, Vec<usize>)> = Vec::new();
    for row in rows {
        let label = labels[row];
        let index = *position.entry(label).or_insert_with(|| {
            groups.push((label, Vec::new()));
            groups.len() - 1
        });
        groups[index].1.push(row);
    }
    groups
}

struct Context<'a> {
    table: &'a Table,
    subject: &'a str,
    labels: &'a Labels<'a>,
    /// Each row is a trial, unless trials have labels.
    by_row: bool,
}

impl Context<'_> {
    fn sessions(&self, rows: Vec<usize>) -> Result<Vec<SessionRows>, Error> {
        let advice = "map a column that tells them apart";
        self.check_runs("session", advice, &rows, self.labels.session.as_ref())?;
        let sessions = by_label(rows, self.labels.session.as_ref()).into_iter();
        sessions
            .map(|(label, rows)| Ok(SessionRows { label: label.into(), trials: self.trials(rows)? }))
            .collect()
    }

    fn trials(&self, rows: Vec<usize>) -> Result<Vec<TrialRows>, Error> {
        let advice = match self.labels.session {
            Some(_) => "check the column of sessions",
            None => "map the column that labels the sessions",
        };
        if self.by_row && self.labels.trial.is_none() {
            let trial =
                |(number, row): (usize, usize)| TrialRows { label: number.to_string(), rows: vec![row] };
            return Ok((1..).zip(rows).map(trial).collect());
        }
        self.check_runs("trial", advice, &rows, self.labels.trial.as_ref())?;
        let trials = by_label(rows, self.labels.trial.as_ref()).into_iter();
        Ok(trials.map(|(label, rows)| TrialRows { label: label.into(), rows }).collect())
    }

    /// Checks that equal labels stand in one run of `rows`.
    fn check_runs(
        &self,
        level: &'static str,
        advice: &'static str,
        rows: &[usize],
        labels: Option<&Vec<&str>>,
    ) -> Result<(), Error> {
        let Some(labels) = labels else { return Ok(()) };
        let mut last_row: HashMap<&str, usize> = HashMap::new();
        let mut before: Option<&str> = None;
        for &row in rows {
            let label = labels[row];
            let last = last_row.insert(label, row);
            if let (Some(last), Some(between)) = (last, before)
                && between != label
            {
                let (label, between) = (label.to_owned(), between.to_owned());
                let (last, again) = (self.table.row(last), self.table.row(row));
                let subject = self.subject.to_owned();
                return Err(
                    ErrorKind::Interrupted { level, label, subject, last, again, between, advice }.into()
                );
            }
            before = Some(label);
        }
        Ok(())
    }
}
