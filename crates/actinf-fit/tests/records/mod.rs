//! A record of a fit whose subjects were measured.
#![allow(unreachable_pub, reason = "a module of a test")]

use actinf_agents::{LogLikelihood, Parameter, RowOrder, Schema, Support};
use actinf_fit::{
    Convergence, DataSummary, FitRecord, MethodRecord, ModelRecord, NormalApproximation, Outcome,
    ParameterRecord, Prior, Provenance, Role, SubjectFit, SubjectRecord, Verdict,
};

/// What was measured of each subject's only parameter, the variance of the measurement, and the group.
pub const VALUES: [(f64, f64, &str); 8] = [
    (-0.9, 0.02, "a"),
    (-1.2, 0.01, "a"),
    (-1.0, 0.02, "a"),
    (-0.7, 0.01, "a"),
    (0.8, 0.02, "b"),
    (1.1, 0.01, "b"),
    (1.3, 0.02, "b"),
    (0.9, 0.01, "b"),
];

/// The prior is N(0, 1).
fn fit(m: f64, variance: f64) -> SubjectFit {
    let precision = 1.0 + 1.0 / variance;
    let spread = 1.0 + variance;
    let log_evidence = -0.5 * (m * m / spread + spread.ln() + (2.0 * std::f64::consts::PI).ln());
    SubjectFit {
        estimates: vec![],
        log_likelihood: LogLikelihood { total: 0.0, actions: 0.0, responses: vec![] },
        log_prior: 0.0,
        log_posterior: 0.0,
        log_evidence: Some(log_evidence),
        aic: 0.0,
        bic: 0.0,
        chance_log_likelihood: 0.0,
        pseudo_r2: 0.0,
        likelihood_per_action: 1.0,
        actions: 1,
        convergence: Convergence {
            converged: true,
            reason: String::new(),
            starts: 1,
            starts_agreeing: 1,
            gap_to_second: None,
            gradient_norm: 0.0,
            hessian_condition: None,
            evaluations: 1,
        },
        verdict: Verdict::WellDetermined,
        verdict_reason: String::new(),
        approximation: Some(NormalApproximation {
            coordinates: vec!["x".into()],
            mean: vec![m / variance / precision],
            covariance: vec![vec![1.0 / precision]],
            strongly_correlated: vec![],
        }),
        importance_sampling: None,
        profiles: vec![],
    }
}

fn subject(id: String, group: &str, outcome: Outcome) -> SubjectRecord {
    SubjectRecord { id, group: Some(group.into()), covariates: vec![], outcome }
}

/// A record of the measured subjects, and of one whose fit failed.
pub fn measured_groups() -> FitRecord {
    let measured = VALUES
        .iter()
        .enumerate()
        .map(|(k, &(m, variance, group))| subject(format!("s{k}"), group, Outcome::Fitted(fit(m, variance))));
    let mut subjects: Vec<SubjectRecord> = measured.collect();
    subjects.push(subject("nobody".into(), "a", Outcome::Failed { reason: "nothing was recorded".into() }));
    let parameter = Parameter {
        name: "x".into(),
        symbol: "x".into(),
        meaning: String::new(),
        support: Support::Real,
        default: vec![0.0],
    };
    let role = Role::Free { prior: Prior::Normal { mean: 0.0, sd: 1.0 }, default_prior: false };
    FitRecord {
        format: "actinf-fit/1".into(),
        provenance: Provenance {
            actinf_version: "0".into(),
            fit_file: "fit.toml".into(),
            seed: 1,
            threads: 1,
            started: String::new(),
            wall_seconds: 0.0,
        },
        data: DataSummary::default(),
        group_column: Some("group".into()),
        model: ModelRecord {
            name: "measured".into(),
            source: String::new(),
            description: String::new(),
            citation: String::new(),
            sha256: String::new(),
            parameters: vec![ParameterRecord { parameter, role }],
            schema: Schema {
                controls: vec![],
                modalities: vec![],
                responses: vec![],
                row_order: RowOrder::ActThenObserve,
            },
            quantities: vec![],
        },
        method: MethodRecord { name: "laplace_approximation".into(), settings: vec![] },
        tables: vec![],
        subjects,
        population: None,
        predictive_checks: None,
    }
}
