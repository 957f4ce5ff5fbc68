//! The report of made-up results: what must stand on the page, whatever the data.

#![allow(clippy::unwrap_used)]

mod synthetic;

use actinf_fit::predictive_checks::Unchecked;
use actinf_fit::{Outcome, Results, SubjectFit};
use actinf_report::{Report, render};
use synthetic::{HOSTILE, PARAMETERS, Study, results, with_response};

fn report(study: Study) -> Report {
    render(&results(study)).unwrap()
}

fn fits(results: &mut Results) -> impl Iterator<Item = &mut SubjectFit> {
    results.record.subjects.iter_mut().filter_map(|subject| match &mut subject.outcome {
        Outcome::Fitted(fit) => Some(fit),
        Outcome::Failed { .. } => None,
    })
}

/// The page without its own script, so that what is left must hold none.
fn without_own_script(html: &str) -> String {
    let (before, rest) = html.rsplit_once("<script>").unwrap();
    let (_, after) = rest.split_once("</script>").unwrap();
    format!("{before}{after}")
}

/// Whether every element opened is closed in order; void elements and self-closed ones aside.
fn is_balanced(markup: &str) -> bool {
    let mut open: Vec<String> = vec![];
    for piece in markup.split('<').skip(1) {
        let tag = piece.split('>').next().unwrap_or_default();
        let name: String =
            tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
        if tag.starts_with('!') || tag.ends_with('/') || name == "meta" {
            continue;
        }
        if tag.starts_with('/') {
            if open.pop() != Some(name) {
                return false;
            }
        } else {
            open.push(name);
        }
    }
    open.is_empty()
}

#[test]
fn hostile_names_reach_neither_page_nor_plots_as_markup() {
    let report = report(Study::USUAL);
    let page = without_own_script(&report.html);
    for markup in ["<script", "<img", "<i>disorder", "<b>left", "onerror=alert(2)>\""] {
        assert!(!page.contains(markup), "{markup} stands on the page");
    }
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    assert!(page.contains("&quot;&gt;&lt;img src=x onerror=alert(2)&gt;"));
    for (name, svg) in &report.plots {
        assert!(!svg.contains(HOSTILE) && !svg.contains("<img") && !svg.contains("<i>"), "{name}");
    }
}

#[test]
fn a_hostile_name_in_every_text_of_the_record_leaves_the_markup_balanced() {
    let hostile = "</title></svg></table>\"'><script>alert(3)</script>\u{0}\u{202E}&amp;";
    let mut results = with_response(results(Study::SMALL));
    let record = &mut results.record;
    for text in [
        &mut record.format,
        &mut record.provenance.actinf_version,
        &mut record.provenance.fit_file,
        &mut record.provenance.started,
        &mut record.data.file,
        &mut record.data.sha256,
        &mut record.data.actions[0].variable,
        &mut record.model.name,
        &mut record.model.source,
        &mut record.model.description,
        &mut record.model.sha256,
        &mut record.model.schema.controls[0].name,
        &mut record.model.schema.modalities[0].labels[0],
        &mut record.model.schema.responses[0].name,
        &mut record.method.name,
        &mut record.method.settings[0].0,
    ] {
        *text = hostile.into();
    }
    record.method.settings[0].1 = hostile.into();
    for table in &mut record.tables {
        table.name = hostile.into();
        table.rows.iter_mut().chain(&mut table.columns).for_each(|label| label.push_str(hostile));
    }
    record.group_column = Some(hostile.into());
    for quantity in &mut record.model.quantities {
        quantity.family.push_str(hostile);
        quantity.label.push_str(hostile);
    }
    for parameter in &mut record.model.parameters {
        parameter.parameter.name.push_str(hostile);
        parameter.parameter.symbol = hostile.into();
        parameter.parameter.meaning = hostile.into();
    }
    for subject in &mut record.subjects {
        subject.covariates[0].0 = hostile.into();
        if let Outcome::Failed { reason } = &mut subject.outcome {
            *reason = hostile.into();
        }
    }
    for fit in fits(&mut results) {
        fit.convergence.reason = hostile.into();
        fit.verdict_reason = hostile.into();
        if let Some(approximation) = &mut fit.approximation {
            approximation.coordinates.iter_mut().for_each(|name| name.push_str(hostile));
        }
        fit.estimates.iter_mut().for_each(|estimate| estimate.parameter.push_str(hostile));
    }
    for steps in &mut results.steps {
        steps.sessions.iter_mut().for_each(|session| *session = hostile.into());
    }
    let checks = results.record.predictive_checks.as_mut().unwrap();
    checks.unchecked.push(Unchecked { subject: hostile.into(), reason: hostile.into() });
    checks.persons[0].subject = hostile.into();
    for check in &mut checks.checks {
        check.rate.control = hostile.into();
        check.rate.condition.iter_mut().for_each(|condition| condition.level.push_str(hostile));
        check.groups.iter_mut().skip(1).for_each(|group| group.group = Some(hostile.into()));
    }
    let report = render(&results).unwrap();
    let page = without_own_script(&report.html);
    assert!(!page.contains("<script") && !page.contains('\u{0}') && !page.contains('\u{202E}'));
    let body = page.split_once("</head>").unwrap().1.trim_end_matches("</html>\n");
    assert!(is_balanced(body));
    for (name, svg) in &report.plots {
        assert!(is_balanced(svg), "{name}");
        assert!(!svg.contains('\u{0}'), "{name}");
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_.".contains(c);
        assert!(name.chars().all(allowed) && name.ends_with(".svg"), "{name:?}");
    }
}

#[test]
fn the_page_asks_for_nothing_from_elsewhere() {
    let report = report(Study::USUAL);
    let page = report.html.replace("http://www.w3.org/2000/svg", "");
    for request in
        ["http://", "https://", "src=\"", "@import", "url(", "<link", "<iframe", "<object", "fetch("]
    {
        assert!(!page.contains(request), "{request} stands on the page");
    }
    assert!(page.contains("default-src &#39;none&#39;") || page.contains("default-src 'none'"));
}

#[test]
fn every_plot_is_titled_labelled_and_holds_marks() {
    let report = report(Study::USUAL);
    assert_eq!(report.plots.len(), 29);
    for (name, svg) in &report.plots {
        assert!(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\""), "{name}");
        assert!(svg.contains("role=\"img\" aria-label=\"") && svg.contains("<title>"), "{name}");
        assert!(svg.contains("viewBox=\"0 0 "), "{name}");
        assert!(svg.matches("<text").count() >= 5, "{name} has too few labels");
        let marks: usize =
            ["<circle", "<polyline", "<polygon"].iter().map(|tag| svg.matches(tag).count()).sum();
        assert!(marks >= 2, "{name} is empty");
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{name}");
        assert!(report.html.contains(svg.as_str()), "{name} is not on the page");
    }
    for (name, symbol, _, meaning) in PARAMETERS {
        let plot = report.plots.iter().find(|(file, _)| file.starts_with("estimates") && file.contains(name));
        assert!(plot.is_some_and(|(_, svg)| svg.contains(symbol) && svg.contains(meaning)), "{name}");
    }
}

#[test]
fn contents_lead_to_sections_and_failed_subjects_come_first() {
    let html = report(Study::USUAL).html;
    let sections = [
        "summary",
        "data",
        "model",
        "verdicts",
        "estimates",
        "fit-quality",
        "choices",
        "behaviour",
        "contraction",
        "trade-offs",
        "trajectory",
        "subjects",
        "individuals",
        "methods",
    ];
    let mut last = 0;
    for id in sections {
        assert!(html.contains(&format!("<a href=\"#{id}\">")), "{id} is not in the contents");
        let at = html.find(&format!("<section id=\"{id}\"")).unwrap();
        assert!(at > last, "{id} is out of order");
        last = at;
    }
    let subjects = html.split_once("<section id=\"subjects\"").unwrap().1;
    let failed = subjects.find("row 4711").unwrap();
    assert!(failed < subjects.find("sub-003").unwrap());
}

#[test]
fn the_same_results_give_the_same_bytes() {
    let results = results(Study::SMALL);
    assert_eq!(render(&results).unwrap(), render(&results).unwrap());
}

#[test]
fn one_subject_without_groups_has_every_plot() {
    let report = report(Study { subjects: 1, groups: 0, failed: 0, ..Study::SMALL });
    assert!(report.html.contains("1 fitted, 0 failed"));
    assert!(report.html.contains("all subjects"));
    assert!(!report.html.contains("descriptive, not a test"));
    assert!(report.plots.iter().any(|(name, _)| name.starts_with("choice-rates")));
    assert!(report.plots.iter().all(|(_, svg)| !svg.contains("NaN")));
}

#[test]
fn without_a_fitted_subject_the_page_says_so_and_why() {
    let report = report(Study { failed: 8, ..Study::SMALL });
    // Only the model itself is drawn.
    assert!(report.plots.iter().all(|(name, _)| name.starts_with("model-")));
    assert!(report.html.contains("None of 8 subjects could be fitted."));
    assert_eq!(report.html.matches("No subject was fitted, so there is nothing to show here.").count(), 9);
    assert!(report.html.contains("row 4711"));
}

#[test]
fn a_study_without_subjects_parameters_or_steps_still_has_a_page() {
    let mut empty = results(Study { subjects: 0, free_parameters: 0, ..Study::SMALL });
    empty.record.model.schema.controls.clear();
    empty.record.model.quantities.clear();
    assert!(render(&empty).unwrap().html.contains("None of 0 subjects could be fitted."));

    let mut stepless = results(Study { free_parameters: 0, ..Study::SMALL });
    stepless.steps.clear();
    let report = render(&stepless).unwrap();
    assert!(report.html.contains("The results hold no steps."));
    assert!(report.html.contains("The model has no free parameter in this fit."));
}

#[test]
fn one_action_or_six_are_drawn_and_of_more_the_most_frequent() {
    for actions in [1, 6, 9] {
        let report = report(Study { actions, hostile: false, ..Study::SMALL });
        let rates = &report.plots.iter().find(|(name, _)| name.starts_with("choice-rates")).unwrap().1;
        assert!(rates.contains("\nleft\n"), "{actions} actions");
        // One square in the legend per action, beside the paper.
        assert_eq!(rates.matches("<rect").count() - 1, actions.min(6), "{actions} actions");
        let shown = format!("Of {actions} actions, the 6 most frequent are shown.");
        assert_eq!(report.html.contains(&shown), actions > 6);
    }
}

#[test]
fn of_many_groups_four_are_drawn_and_all_are_in_the_tables() {
    let report = report(Study { subjects: 30, groups: 6, ..Study::SMALL });
    assert_eq!(report.plots.iter().filter(|(name, _)| name.starts_with("choice-rates")).count(), 4);
    assert!(report.html.contains("Of 6 groups, the 4 largest are shown."));
    for group in ["siblings", "depression", "group 4", "group 5"] {
        assert!(report.html.contains(group), "{group}");
    }
}

#[test]
fn numbers_that_are_missing_or_not_finite_break_nothing() {
    let mut results = results(Study::SMALL);
    for (position, fit) in fits(&mut results).enumerate() {
        for estimate in &mut fit.estimates {
            (estimate.lower, estimate.upper) = match position % 4 {
                0 => (None, None),
                1 => (Some(f64::NAN), Some(f64::NAN)),
                2 => (Some(f64::NEG_INFINITY), Some(f64::INFINITY)),
                _ => (Some(0.1), None),
            };
            estimate.contraction = [None, Some(f64::NAN), Some(f64::NEG_INFINITY), Some(-1e9)][position % 4];
            if position == 5 {
                estimate.estimate = f64::NAN;
            }
        }
        if position == 6 {
            fit.likelihood_per_action = f64::NAN;
            fit.pseudo_r2 = f64::NEG_INFINITY;
            fit.log_likelihood.total = f64::NEG_INFINITY;
            fit.actions = 0;
        }
    }
    for steps in &mut results.steps {
        steps.steps[0].action_probabilities.clear();
        steps.steps[1].quantities.clear();
        steps.steps[2].quantities[5] = f64::NAN;
        steps.steps[3].action = Some(99);
        steps.steps[4].action = None;
    }
    let checks = results.record.predictive_checks.as_mut().unwrap();
    for (position, check) in checks.checks.iter_mut().enumerate() {
        let group = &mut check.groups[position % 2];
        (group.observed, group.band_95, group.p) = (f64::NAN, [f64::NAN, f64::INFINITY], f64::NAN);
    }
    let report = render(&results).unwrap();
    for (name, svg) in &report.plots {
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{name}");
    }
    assert!(report.html.contains("[–]") && report.html.contains("−∞"));
    assert!(report.html.contains("Values below the axis are drawn at its end"));
}

#[test]
fn two_families_with_like_names_get_files_of_their_own() {
    let mut results = results(Study::SMALL);
    results.record.model.quantities[5].family = "value of/left".into();
    results.record.model.quantities[6].family = "value of left".into();
    let report = render(&results).unwrap();
    let mut names: Vec<&String> = report.plots.iter().map(|(name, _)| name).collect();
    let all = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), all);
    assert!(names.iter().any(|name| *name == "trajectory-value-of-left-2.svg"));
}

#[test]
fn evidence_is_compared_with_chance_only_where_there_are_no_other_responses() {
    let of_actions = results(Study::SMALL);
    assert!(render(&of_actions).unwrap().html.contains("favoured by the evidence"));
    assert!(!render(&with_response(of_actions)).unwrap().html.contains("favoured by the evidence"));
}

#[test]
fn what_people_do_that_the_model_does_not_predict_is_said_in_a_sentence() {
    let study = Study { hostile: false, groups: 0, ..Study::SMALL };
    let mut results = results(study);
    let html = render(&results).unwrap().html;
    assert!(html.contains("People changed their action in trials 1–2 more often than the model predicts"));
    // Of two actions one is shown, the more frequent.
    assert!(html.contains("chose left") != html.contains("chose right"));
    assert!(html.contains("the model does not behave like the people: see"));
    let checks = results.record.predictive_checks.as_mut().unwrap();
    for group in checks.checks.iter_mut().flat_map(|check| &mut check.groups) {
        group.observed = group.predicted;
    }
    let html = render(&results).unwrap().html;
    assert!(html.contains("In none of ") && !html.contains("more often than the model predicts"));
    results.record.predictive_checks = None;
    let html = render(&results).unwrap().html;
    assert!(html.contains("The fit was not checked against behaviour"));
}

/// A method that the paragraph does not know would be named in quotes.
#[test]
fn every_method_and_the_checks_have_words_for_a_paper() {
    let mut results = results(Study { hostile: false, ..Study::SMALL });
    let names =
        ["maximum_likelihood", "maximum_a_posteriori", "laplace_approximation", "spm_variational_laplace"];
    for name in names {
        results.record.method.name = name.into();
        let html = render(&results).unwrap().html;
        let paragraph = html.split_once("Methods paragraph to copy").unwrap().1;
        assert!(!paragraph.contains("with the method “"), "{name}");
        assert!(paragraph.contains("Posterior predictive checks (Gelman et al., 1996)"));
        assert!(paragraph.contains("Statistica Sinica, 6(4), 733–760"));
    }
    assert!(render(&results).unwrap().html.contains("NeuroImage, 34(1), 220–234"));
    results.record.predictive_checks = None;
    assert!(!render(&results).unwrap().html.contains("Statistica Sinica"));
}

/// On a telephone wide figures scroll: only those do whose columns are steps, people or parameters and would become illegible.
#[test]
fn few_figures_are_wider_than_a_telephone() {
    let html = report(Study::USUAL).html;
    let wide = html.split("<figure class=\"wide\" data-name=\"").skip(1);
    let names: Vec<&str> = wide.filter_map(|rest| rest.split('"').next()).collect();
    assert!(
        names.iter().all(|name| name.starts_with("trajectory-") || name.starts_with("individual-")),
        "{names:?}"
    );
    assert!(
        html.contains("<figure data-name=\"contraction\">")
            && html.contains("<figure data-name=\"trade-offs\">")
    );
}

#[test]
fn of_many_people_some_have_a_page_and_of_few_all() {
    let pages = |subjects| {
        let html = report(Study { subjects, failed: 0, ..Study::SMALL }).html;
        let pages = html.matches("<details class=\"person\"").count();
        // Each page is reached from the table of subjects.
        let table = html.split_once("<section id=\"subjects\"").unwrap().1;
        assert_eq!(table.matches("<a href=\"#person-").count(), pages);
        pages
    };
    assert_eq!((pages(8), pages(40), pages(41), pages(300)), (8, 40, 24, 24));
}

#[test]
fn tables_of_the_model_are_drawn_with_their_labels() {
    let report = report(Study { hostile: false, ..Study::SMALL });
    let svg = |file: &str| &report.plots.iter().find(|(name, _)| name == file).unwrap().1;
    assert!(
        svg("model-a-outcome.svg").contains("\n0.85\n") && svg("model-a-outcome.svg").contains("\npresent\n")
    );
    assert!(svg("model-b-context.svg").contains("\nleft, reversed\n"));
    assert!(svg("model-c-outcome.svg").contains("\n−∞\n") && svg("model-c-outcome.svg").contains("\n1.25\n"));
    assert!(report.html.contains("A, likelihood of outcome"));
}

#[test]
fn a_thousand_subjects_stay_under_ten_megabytes() {
    let report = report(Study { subjects: 1000, sessions: 2, ..Study::USUAL });
    assert!(report.html.len() < 10_000_000, "{} bytes", report.html.len());
    assert!(report.html.contains("evenly spaced ranks"));
    let subjects = report.html.split_once("<section id=\"subjects\"").unwrap().1;
    assert!(subjects.contains("sub-999") && subjects.contains("sub-500"), "all subjects are in the table");
}
