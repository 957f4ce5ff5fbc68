//! The report of a group that was estimated together: which sections stand on the page, and what they say.

#![allow(clippy::unwrap_used)]

mod synthetic;

use actinf_fit::{PopulationRecord, Results, WeightKind};
use actinf_report::{Report, render};
use synthetic::population::{GroupMethod, with_population};
use synthetic::{Study, results};

const QUIET: Study = Study { hostile: false, failed: 0, ..Study::SMALL };

fn made(study: Study, method: GroupMethod) -> Results {
    with_population(results(study), method)
}

fn population(results: &mut Results) -> &mut PopulationRecord {
    results.record.population.as_mut().unwrap()
}

fn has_section(report: &Report, id: &str) -> bool {
    report.html.contains(&format!("<section id=\"{id}\""))
}

fn plots_of<'a>(report: &'a Report, start: &str) -> Vec<&'a str> {
    report.plots.iter().map(|(name, _)| name.as_str()).filter(|name| name.starts_with(start)).collect()
}

#[test]
fn individual_fits_have_no_section_about_a_group() {
    let report = render(&results(QUIET)).unwrap();
    for id in ["trust", "effects", "people", "models", "draws"] {
        assert!(!has_section(&report, id), "{id}");
    }
}

#[test]
fn each_method_has_the_sections_of_what_it_found() {
    let found = |method| {
        let report = render(&made(QUIET, method)).unwrap();
        ["trust", "effects", "people", "models", "draws"].map(|id| has_section(&report, id))
    };
    assert_eq!(found(GroupMethod::ExpectationMaximisation), [true, true, true, false, false]);
    assert_eq!(found(GroupMethod::BayesianInference), [true, true, true, true, false]);
    assert_eq!(found(GroupMethod::NoUTurn), [true, true, true, false, true]);
}

#[test]
fn each_coordinate_has_a_forest_and_a_shrinkage_plot() {
    let report = render(&made(QUIET, GroupMethod::ExpectationMaximisation)).unwrap();
    assert_eq!(plots_of(&report, "population-0").len(), 3);
    assert_eq!(plots_of(&report, "shrinkage-").len(), 3);
    assert_eq!(plots_of(&report, "population-correlations").len(), 1);
    assert_eq!(plots_of(&report, "objective-by-round").len(), 1);
    // One column of the group, one of age, one of both.
    assert_eq!(plots_of(&report, "effect-sizes-").len(), 3);
}

#[test]
fn draws_have_traces_ranks_and_pairs_of_the_population_only() {
    let report = render(&made(QUIET, GroupMethod::NoUTurn)).unwrap();
    let traces = plots_of(&report, "trace-");
    assert_eq!((traces.len(), plots_of(&report, "ranks-").len()), (6, 6));
    // The slow quantity comes first, and no draw of one person is among them.
    assert_eq!(traces[0], "trace-policy_precision-diagnosis-schizophrenia-schizoaffective-i-d.svg");
    assert!(traces.iter().all(|name| !name.contains("sub-0")));
    assert_eq!(plots_of(&report, "pair-").len(), 4);
    assert!(report.html.contains("Crosses: the draws that diverged"));
}

#[test]
fn a_clear_effect_is_a_headline_and_an_unclear_one_is_not() {
    let mut results = made(QUIET, GroupMethod::ExpectationMaximisation);
    let weights = &mut population(&mut results).weights;
    weights.retain(|w| w.coordinate == "policy_precision");
    weights.retain(|w| matches!(w.kind, WeightKind::Mean | WeightKind::Difference | WeightKind::Slope));
    let difference = weights.iter_mut().find(|w| w.kind == WeightKind::Difference).unwrap();
    (difference.estimate, difference.interval) = (-0.5, Some([-0.9, -0.1]));
    let natural = difference.natural.as_mut().unwrap();
    (natural.estimate, natural.interval) = (-0.25, Some([-0.45, -0.05]));
    difference.p = Some(0.02);
    let slope = weights.iter_mut().find(|w| w.kind == WeightKind::Slope).unwrap();
    (slope.estimate, slope.interval, slope.p) = (0.1, Some([-0.1, 0.3]), Some(0.4));
    let html = render(&results).unwrap().html;
    let (summary, rest) = html.split_once("<section id=\"data\"").unwrap();
    assert!(summary.contains("disorder&lt;/i&gt; compared with controls:</p>"), "the column is named");
    assert!(summary.contains("Policy precision lower by 0.250 (95 % interval 0.0500 to 0.450, p = 0.020)."));
    assert!(summary.contains("Of 2 effects, 1 has a 95 % interval that excludes zero"));
    assert!(!summary.contains("per standard deviation of age"));
    assert!(rest.contains("Policy precision, per standard deviation of age: "));
}

#[test]
fn advice_and_warnings_stand_before_any_result() {
    let results = made(QUIET, GroupMethod::NoUTurn);
    let html = render(&results).unwrap().html;
    let at = |text: &str| html.find(text).unwrap_or_else(|| panic!("{text} is missing"));
    let section = at("<section id=\"trust\"");
    let advice = section + html[section..].find("run longer chains").unwrap();
    assert!(advice < at("Largest R-hat") && advice < at("<section id=\"effects\""));
    assert!(at("The estimation of the group asks for action") < at("<section id=\"data\""));

    let mut results = made(QUIET, GroupMethod::ExpectationMaximisation);
    population(&mut results).warnings.clear();
    let html = render(&results).unwrap().html;
    assert!(html.contains("Nothing asks for action."));
    assert!(!html.contains("The estimation of the group asks for action"));
    population(&mut results).convergence.converged = false;
    let html = render(&results).unwrap().html;
    assert!(html.contains("The estimation of the group asks for action"));
}

#[test]
fn a_population_with_nothing_in_it_still_has_a_page() {
    let mut results = made(QUIET, GroupMethod::NoUTurn);
    let record = population(&mut results);
    record.weights.clear();
    record.spreads.clear();
    record.members.clear();
    record.formulas.clear();
    record.sampling.as_mut().unwrap().quantities.clear();
    record.sampling.as_mut().unwrap().energy_bfmi.clear();
    results.draws.as_mut().unwrap().draws.clear();
    assert!(has_section(&render(&results).unwrap(), "effects"));
}

#[test]
fn numbers_that_are_missing_or_not_finite_break_no_group_plot() {
    let mut results = made(QUIET, GroupMethod::NoUTurn);
    let record = population(&mut results);
    for (position, weight) in record.weights.iter_mut().enumerate() {
        match position % 4 {
            0 => weight.interval = None,
            1 => weight.natural = None,
            2 => weight.estimate = f64::NAN,
            _ => weight.interval = Some([f64::NEG_INFINITY, f64::INFINITY]),
        }
    }
    record.spreads[0].estimate = f64::NAN;
    record.spreads[1].estimate = 0.0;
    record.members[0].coordinates.truncate(1);
    record.members[1].coordinates[0].alone = None;
    record.members[2].coordinates[0].estimate = f64::INFINITY;
    record.members[3].coordinates[1].predicted = f64::NAN;
    record.convergence.objective = vec![f64::NEG_INFINITY, -3.0, f64::NAN, -2.0];
    results.draws.as_mut().unwrap().draws[0][0][0] = f64::NAN;
    let report = render(&results).unwrap();
    for (name, svg) in &report.plots {
        assert!(!svg.contains("NaN") && !svg.contains("inf\""), "{name}");
    }
}

#[test]
fn hostile_groups_covariates_formulas_and_models_leave_the_markup_alone() {
    let hostile = "</title></svg></details></table>\"'><script>alert(3)</script><img src=x onerror=alert(4)>";
    for method in [GroupMethod::ExpectationMaximisation, GroupMethod::BayesianInference, GroupMethod::NoUTurn]
    {
        let mut results = made(Study { hostile: true, ..Study::SMALL }, method);
        let record = population(&mut results);
        for weight in &mut record.weights {
            weight.column = format!("{hostile}[{hostile}]");
            weight.name.push_str(hostile);
        }
        for formula in &mut record.formulas {
            formula.parameter = hostile.into();
            formula.formula = hostile.into();
            formula.coding = vec![hostile.into()];
        }
        record.spreads[0].coordinate = hostile.into();
        record.correlations.iter_mut().for_each(|pair| pair.first = hostile.into());
        record.models.iter_mut().for_each(|model| model.name = hostile.into());
        record.members.iter_mut().for_each(|member| member.subject.push_str(hostile));
        record.convergence.reason = hostile.into();
        record.warnings = vec![hostile.into()];
        if let Some(sampling) = &mut record.sampling {
            sampling.advice = vec![hostile.into()];
            sampling.hyperpriors = vec![hostile.into()];
            sampling.parametrisations = vec![(hostile.into(), "centred".into())];
            sampling.quantities.iter_mut().for_each(|quantity| {
                quantity.name = hostile.into();
                quantity.complaints = vec![hostile.into()];
            });
        }
        if let Some(sample) = &mut results.draws {
            sample.names.iter_mut().for_each(|name| name.push_str(hostile));
        }
        let report = render(&results).unwrap();
        let own = report.html.matches("<script>").count();
        assert_eq!(own, 1, "{method:?}: only the page's own script");
        assert!(!report.html.contains("<img"), "{method:?}");
        for (name, svg) in &report.plots {
            assert!(!svg.contains("<script") && !svg.contains("<img"), "{name}");
            assert_eq!(svg.matches("</svg>").count(), 1, "{name}");
        }
    }
}

#[test]
fn searches_from_several_starts_are_spoken_of_only_where_there_were_any() {
    let says = |method| render(&made(QUIET, method)).unwrap().html.contains("two starts reached the same");
    assert!(says(GroupMethod::ExpectationMaximisation));
    assert!(!says(GroupMethod::NoUTurn), "draws have chains, not starts");
}

#[test]
fn the_summary_counts_the_verdicts() {
    let html = render(&made(QUIET, GroupMethod::NoUTurn)).unwrap().html;
    let (summary, _) = html.split_once("<section id=\"data\"").unwrap();
    assert!(summary.contains("<dt>Estimates</dt>") && summary.contains("determined"), "{summary}");
}
