//! Made-up predictive checks: a model that switches too little at first and does not know what follows a loss.

use super::{Numbers, Study};
use actinf_fit::predictive_checks::{
    CheckedRate, Condition, GroupCheck, OutsideRate, PersonChecks, PredictiveChecks, RateCheck, StatisticKind,
};
use actinf_fit::{ModelRecord, Outcome, SubjectRecord};

pub(crate) fn checks(study: Study, model: &ModelRecord, subjects: &[SubjectRecord]) -> PredictiveChecks {
    let mut numbers = Numbers::new(11);
    let checks: Vec<RateCheck> =
        rates(study, model).into_iter().map(|rate| check(study, rate, subjects, &mut numbers)).collect();
    let person = |(position, subject): (usize, &SubjectRecord)| PersonChecks {
        subject: subject.id.clone(),
        judged: checks.len(),
        outside: (0..1 + position % 3)
            .map(|k| OutsideRate {
                check: (position + 5 * k) % checks.len(),
                moments: 24,
                observed: 0.75,
                predicted: 0.5,
                band_95: [0.375, 0.667],
                p: 0.01,
            })
            .collect(),
    };
    let fitted = subjects.iter().filter(|subject| matches!(subject.outcome, Outcome::Fitted(_)));
    PredictiveChecks {
        replicates: 200,
        parameter_draws: 20,
        at_estimate: 0,
        unchecked: vec![],
        persons: fitted.enumerate().filter(|(position, _)| position % 4 == 0).map(person).collect(),
        checks,
    }
}

fn rates(study: Study, model: &ModelRecord) -> Vec<CheckedRate> {
    let control = &model.schema.controls[0];
    let rate = |statistic, action: Option<&String>, condition: Option<(&str, String)>| CheckedRate {
        statistic,
        control: control.name.clone(),
        action: action.cloned(),
        condition: condition.map(|(variable, level)| Condition { variable: variable.into(), level }),
    };
    let width = study.trials.div_ceil(8).max(1);
    let block = |k: usize| format!("{}-{}", k * width + 1, (k + 1) * width);
    let mut all: Vec<CheckedRate> =
        control.labels.iter().map(|a| rate(StatisticKind::ChoiceRate, Some(a), None)).collect();
    for k in 0..study.trials / width {
        let over_time = |a| rate(StatisticKind::ChoiceOverTime, Some(a), Some(("trial", block(k))));
        all.extend(control.labels.iter().map(over_time));
    }
    for outcome in &model.schema.modalities[0].labels {
        let cue = |a| rate(StatisticKind::ChoiceByCue, Some(a), Some(("outcome", outcome.clone())));
        all.extend(control.labels.iter().map(cue));
    }
    all.push(rate(StatisticKind::Switching, None, None));
    for k in 0..study.trials / width {
        all.push(rate(StatisticKind::SwitchingOverTime, None, Some(("trial", block(k)))));
    }
    for outcome in &model.schema.modalities[0].labels {
        all.push(rate(StatisticKind::StayAfterOutcome, None, Some(("outcome", outcome.clone()))));
    }
    all
}

fn check(study: Study, rate: CheckedRate, subjects: &[SubjectRecord], numbers: &mut Numbers) -> RateCheck {
    let mut groups: Vec<Option<String>> = vec![None];
    for group in subjects.iter().filter_map(|subject| subject.group.clone()).map(Some) {
        if study.groups > 1 && !groups.contains(&group) {
            groups.push(group);
        }
    }
    let is_early = rate.condition.as_ref().is_some_and(|condition| condition.level.starts_with("1-"));
    let bias = match rate.statistic {
        StatisticKind::SwitchingOverTime if is_early => 0.12,
        StatisticKind::StayAfterOutcome => -0.08,
        _ => 0.0,
    };
    let predicted = if rate.action.is_some() { 1.0 / study.actions.max(1) as f64 } else { 0.3 };
    let groups = groups
        .into_iter()
        .enumerate()
        .map(|(k, group)| {
            let predicted = (predicted + 0.03 * k as f64).min(1.0);
            let spread = 0.02 + 0.01 * k as f64;
            let observed = (predicted + bias + 0.6 * spread * numbers.normal()).clamp(0.0, 1.0);
            GroupCheck {
                group,
                persons: if k == 0 { subjects.len() } else { subjects.len() / 2 },
                moments: 1000,
                observed,
                predicted,
                band_50: [predicted - 0.7 * spread, predicted + 0.7 * spread]
                    .map(|end: f64| end.clamp(0.0, 1.0)),
                band_95: [predicted - 2.0 * spread, predicted + 2.0 * spread]
                    .map(|end: f64| end.clamp(0.0, 1.0)),
                p: (0.5 - 0.24 * (observed - predicted) / spread).clamp(0.0, 1.0),
                judged: subjects.len(),
                outside: subjects.len() / 20,
            }
        })
        .collect();
    RateCheck { rate, groups }
}
