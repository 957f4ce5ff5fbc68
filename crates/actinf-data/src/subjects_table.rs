//! The table of subjects: one row per subject, fitted or not.

use crate::error::Error;
use crate::frames::{ColumnNames, frame};
use actinf_fit::{CorrelatedPair, FitRecord, ImportanceSampling, Outcome, SubjectFit, SubjectRecord};
use polars::prelude::*;

/// The columns before and after those that depend on the study.
const FIXED: [&str; 30] = [
    "subject",
    "group",
    "status",
    "reason",
    "log_likelihood",
    "log_likelihood_actions",
    "log_prior",
    "log_posterior",
    "log_evidence",
    "aic",
    "bic",
    "chance_log_likelihood",
    "pseudo_r2",
    "likelihood_per_action",
    "actions",
    "converged",
    "stopped_because",
    "starts",
    "starts_agreeing",
    "gap_to_second",
    "gradient_norm",
    "hessian_condition",
    "evaluations",
    "verdict",
    "verdict_reason",
    "strongly_correlated",
    "importance_log_evidence",
    "importance_standard_error",
    "importance_pareto_k",
    "laplace_error",
];

/// Columns `subject, group`, one per covariate, `status` (`fitted` or `failed`), `reason` (of the failure), the parts
/// of the log-likelihood and what follows from them, how the search ended, the verdict, pairs of coordinates whose
/// errors correlate by more than 0.9, and the log evidence by importance sampling with its checks. Of a subject that could not be fitted
/// everything after `reason` is missing. A covariate or response whose name is taken gets a prefix.
pub(crate) fn subjects(record: &FitRecord) -> Result<DataFrame, Error> {
    let rows = Rows(&record.subjects);
    let mut names = ColumnNames::reserving(&FIXED);
    let mut columns = rows.identities(&mut names);
    columns.extend(rows.outcomes());
    columns.push(rows.number("log_likelihood", |fit| Some(fit.log_likelihood.total)));
    columns.push(rows.number("log_likelihood_actions", |fit| Some(fit.log_likelihood.actions)));
    for (index, response) in record.model.schema.responses.iter().enumerate() {
        let name = names.claim(&format!("log_likelihood_{}", response.name), "response");
        columns.push(rows.number(&name, move |fit| fit.log_likelihood.responses.get(index).copied()));
    }
    columns.extend(rows.scores());
    columns.extend(rows.convergence());
    columns.extend(rows.verdicts());
    columns.extend(rows.importance_sampling());
    frame(columns)
}

struct Rows<'a>(&'a [SubjectRecord]);

impl Rows<'_> {
    fn fits(&self) -> impl Iterator<Item = Option<&SubjectFit>> {
        self.0.iter().map(|subject| match &subject.outcome {
            Outcome::Fitted(fit) => Some(fit),
            Outcome::Failed { .. } => None,
        })
    }

    fn number(&self, name: &str, value: impl Fn(&SubjectFit) -> Option<f64>) -> Column {
        Column::new(name.into(), self.fits().map(|fit| fit.and_then(&value)).collect::<Vec<_>>())
    }

    fn count(&self, name: &str, value: impl Fn(&SubjectFit) -> usize) -> Column {
        Column::new(name.into(), self.fits().map(|fit| fit.map(|fit| value(fit) as u64)).collect::<Vec<_>>())
    }

    fn identities(&self, names: &mut ColumnNames) -> Vec<Column> {
        let mut columns = vec![
            Column::new(
                "subject".into(),
                self.0.iter().map(|subject| subject.id.as_str()).collect::<Vec<_>>(),
            ),
            Column::new("group".into(), self.0.iter().map(|s| s.group.as_deref()).collect::<Vec<_>>()),
        ];
        let mut covariates: Vec<&str> = Vec::new();
        for (covariate, _) in self.0.iter().flat_map(|subject| &subject.covariates) {
            if !covariates.contains(&covariate.as_str()) {
                covariates.push(covariate);
            }
        }
        for covariate in covariates {
            let value = |subject: &SubjectRecord| {
                subject.covariates.iter().find(|(name, _)| name == covariate).and_then(|(_, value)| *value)
            };
            let name = names.claim(covariate, "covariate");
            columns.push(Column::new(name.into(), self.0.iter().map(value).collect::<Vec<_>>()));
        }
        columns
    }

    fn outcomes(&self) -> [Column; 2] {
        let (mut status, mut reasons) = (Vec::new(), Vec::new());
        for subject in self.0 {
            let (word, reason) = match &subject.outcome {
                Outcome::Fitted(_) => ("fitted", None),
                Outcome::Failed { reason } => ("failed", Some(reason.as_str())),
            };
            status.push(word);
            reasons.push(reason);
        }
        [Column::new("status".into(), status), Column::new("reason".into(), reasons)]
    }

    fn scores(&self) -> [Column; 9] {
        [
            self.number("log_prior", |fit| Some(fit.log_prior)),
            self.number("log_posterior", |fit| Some(fit.log_posterior)),
            self.number("log_evidence", |fit| fit.log_evidence),
            self.number("aic", |fit| Some(fit.aic)),
            self.number("bic", |fit| Some(fit.bic)),
            self.number("chance_log_likelihood", |fit| Some(fit.chance_log_likelihood)),
            self.number("pseudo_r2", |fit| Some(fit.pseudo_r2)),
            self.number("likelihood_per_action", |fit| Some(fit.likelihood_per_action)),
            self.count("actions", |fit| fit.actions),
        ]
    }

    fn convergence(&self) -> [Column; 8] {
        let converged: Vec<_> = self.fits().map(|fit| fit.map(|fit| fit.convergence.converged)).collect();
        let reasons: Vec<_> = self.fits().map(|fit| fit.map(|fit| fit.convergence.reason.as_str())).collect();
        [
            Column::new("converged".into(), converged),
            Column::new("stopped_because".into(), reasons),
            self.count("starts", |fit| fit.convergence.starts),
            self.count("starts_agreeing", |fit| fit.convergence.starts_agreeing),
            self.number("gap_to_second", |fit| fit.convergence.gap_to_second),
            self.number("gradient_norm", |fit| Some(fit.convergence.gradient_norm)),
            self.number("hessian_condition", |fit| fit.convergence.hessian_condition),
            self.count("evaluations", |fit| fit.convergence.evaluations),
        ]
    }

    fn text(&self, name: &str, value: impl Fn(&SubjectFit) -> String) -> Column {
        Column::new(name.into(), self.fits().map(|fit| fit.map(&value)).collect::<Vec<_>>())
    }

    fn verdicts(&self) -> [Column; 3] {
        [
            self.text("verdict", |fit| fit.verdict.words().to_owned()),
            self.text("verdict_reason", |fit| fit.verdict_reason.clone()),
            self.text("strongly_correlated", |fit| {
                let pairs = fit.approximation.iter().flat_map(|found| &found.strongly_correlated);
                let pair = |p: &CorrelatedPair| format!("{} ~ {} ({:.3})", p.first, p.second, p.correlation);
                pairs.map(pair).collect::<Vec<_>>().join("; ")
            }),
        ]
    }

    fn importance_sampling(&self) -> [Column; 4] {
        let of = |name: &str, value: fn(&ImportanceSampling) -> Option<f64>| {
            self.number(name, move |fit| fit.importance_sampling.as_ref().and_then(value))
        };
        [
            of("importance_log_evidence", |sampled| Some(sampled.log_evidence)),
            of("importance_standard_error", |sampled| Some(sampled.standard_error)),
            of("importance_pareto_k", |sampled| sampled.pareto_k),
            of("laplace_error", |sampled| Some(sampled.laplace_error)),
        ]
    }
}
