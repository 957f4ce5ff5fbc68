//! The report of made-up comparisons: what must stand on the page, whatever the models.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod synthetic;

use actinf_report::{Report, render_comparison};
use synthetic::comparisons::comparison;
use synthetic::{HOSTILE, Study};

fn report(study: Study, models: usize) -> Report {
    render_comparison(&comparison(study, models)).unwrap()
}

#[test]
fn every_section_and_figure_is_there() {
    let report = report(Study::USUAL, 4);
    for id in ["summary", "models", "frequencies", "families", "groups", "criteria", "subjects", "methods"] {
        assert!(report.html.contains(&format!("<section id=\"{id}\"")), "{id}");
    }
    let names: Vec<&str> = report.plots.iter().map(|(name, _)| name.as_str()).collect();
    let expected =
        ["model-frequencies.svg", "family-frequencies.svg", "evidence-differences.svg", "attributions.svg"];
    assert_eq!(names, expected);
}

#[test]
fn hostile_names_reach_neither_page_nor_plots_as_markup() {
    let report = report(Study::USUAL, 3);
    let (page, _) = report.html.rsplit_once("<script>").unwrap();
    for markup in ["<script", "<img", "<b>learning", "<i>second"] {
        assert!(!page.contains(markup), "{markup} stands on the page");
    }
    assert!(page.contains("&lt;b&gt;learning&lt;/b&gt;"));
    for (name, svg) in &report.plots {
        assert!(!svg.contains(HOSTILE) && !svg.contains("<b>") && !svg.contains("<i>"), "{name}");
    }
}

#[test]
fn the_numbers_of_the_comparison_stand_on_the_page() {
    let record = comparison(Study { hostile: false, ..Study::USUAL }, 3);
    let report = render_comparison(&record).unwrap();
    // Probabilities near 0 and 1 hold a sign that a page must escape.
    let verdict = record.comparison.verdict().replace('<', "&lt;").replace('>', "&gt;");
    assert!(report.html.contains(&verdict), "{verdict}");
    let frequency = record.comparison.selection.random_effects.expected_frequencies[0];
    assert!(report.html.contains(&format!("model 0 {frequency:.3} (protected")));
    // The subject that could not be fitted is named with its reason.
    let out = &record.comparison.left_out[0];
    assert!(report.html.contains(&out.id) && report.html.contains("Left out"));
}

#[test]
fn a_comparison_without_groups_or_failures_has_no_such_parts() {
    let mut record = comparison(Study { hostile: false, failed: 0, ..Study::SMALL }, 2);
    record.comparison.groups = None;
    record.comparison.families = None;
    let report = render_comparison(&record).unwrap();
    for absent in ["id=\"groups\"", "id=\"families\"", "Left out"] {
        assert!(!report.html.contains(absent), "{absent}");
    }
}

#[test]
fn many_models_and_many_subjects_are_drawn() {
    let report = report(Study { subjects: 900, sessions: 1, trials: 1, ..Study::SMALL }, 12);
    let (_, attributions) = report.plots.iter().find(|(name, _)| name == "attributions.svg").unwrap();
    assert!(attributions.contains("380 at evenly spaced ranks"));
    assert!(report.html.len() < 8_000_000, "{}", report.html.len());
}

#[test]
fn the_same_comparison_gives_the_same_bytes() {
    assert_eq!(report(Study::SMALL, 3), report(Study::SMALL, 3));
}
