//! The report in a real browser: it opens without a complaint and without a request, its tables sort, its people open,
//! and what is saved is right.
//!
//! Needs Chromium or Chrome: the program named by `ACTINF_BROWSER`, or the first of the usual names on the path. Without
//! one the tests are skipped and say so.

#![allow(clippy::unwrap_used)]

#[path = "browser/chromium.rs"]
mod chromium;
mod synthetic;

use chromium::{Chromium, Visit};
use libtest_mimic::{Arguments, Failed, Trial};
use std::process::ExitCode;
use synthetic::population::{GroupMethod, with_population};
use synthetic::{Study, results};

type Check = fn(&Chromium) -> Result<(), Failed>;

const CHECKS: [(&str, Check); 6] = [
    ("the_report_opens_without_error_and_without_request", opens_quietly),
    ("errors_and_requests_would_be_noticed", would_notice),
    ("tables_sort_by_number_and_say_so", sorts),
    ("a_name_in_the_table_opens_the_person", opens_a_person),
    ("tables_and_figures_can_be_saved", saves),
    ("a_thousand_people_open_within_two_seconds", opens_fast),
];

fn main() -> ExitCode {
    let browser = Chromium::find();
    if browser.is_none() {
        eprintln!(
            "no Chromium or Chrome was found, so the tests in a browser are skipped; name one in ACTINF_BROWSER"
        );
    }
    let trial = |(name, check): (&'static str, Check)| match browser.clone() {
        Some(browser) => Trial::test(name, move || check(&browser)),
        None => Trial::test(name, || Ok(())).with_ignored_flag(true),
    };
    libtest_mimic::run(&Arguments::from_args(), CHECKS.map(trial).into_iter().collect()).exit_code()
}

fn page(study: Study) -> String {
    let results = with_population(results(study), GroupMethod::NoUTurn);
    actinf_report::render(&results).unwrap().html
}

fn quiet(visit: &Visit) -> Result<(), Failed> {
    if visit.complaints.is_empty() && visit.requests.is_empty() {
        return Ok(());
    }
    Err(format!("complaints: {:#?}\nrequests: {:#?}", visit.complaints, visit.requests).into())
}

fn expect(what: &str, found: &str, wanted: &str) -> Result<(), Failed> {
    if found == wanted { Ok(()) } else { Err(format!("{what}: {found:?} instead of {wanted:?}").into()) }
}

fn opens_quietly(browser: &Chromium) -> Result<(), Failed> {
    for method in [GroupMethod::ExpectationMaximisation, GroupMethod::BayesianInference, GroupMethod::NoUTurn]
    {
        let html = actinf_report::render(&with_population(results(Study::SMALL), method)).unwrap().html;
        let visit =
            browser.visit(&html, "tell('sections', document.querySelectorAll('main > section').length);");
        quiet(&visit)?;
        if visit.told("sections").parse::<usize>().is_ok_and(|sections| sections > 10) {
            continue;
        }
        return Err(format!("{method:?}: {} sections", visit.told("sections")).into());
    }
    Ok(())
}

/// The same page with a fault in it: a check that cannot fail would prove nothing.
fn would_notice(browser: &Chromium) -> Result<(), Failed> {
    let html = page(Study::SMALL);
    let faults = [
        "<img src=\"http://example.invalid/picture.png\">",
        "<script>nobody.knows.this();</script>",
        "<script>console.error('trouble');</script>",
    ];
    for fault in faults {
        let visit = browser.visit(&html.replace("</main>", &format!("{fault}</main>")), "");
        if visit.complaints.is_empty() {
            return Err(format!("nobody complained about {fault}").into());
        }
    }
    let open = html.replace("default-src 'none'", "default-src *").replace("img-src data:", "img-src *");
    let visit = browser.visit(&open.replace("</main>", &format!("{}</main>", faults[0])), "");
    if visit.requests.is_empty() {
        return Err("the request for a picture was not noticed".into());
    }
    Ok(())
}

const SORT: &str = r#"
    var table = document.querySelector('#subjects table.sortable');
    var headings = Array.from(table.tHead.rows[0].cells);
    var column = headings.findIndex(function (h) { return h.textContent.includes('BIC'); });
    var button = headings[column].querySelector('button');
    button.focus();
    tell('focused', document.activeElement === button);
    function order() {
      return Array.from(table.tBodies[0].rows).map(function (row) { return Number(row.cells[column].dataset.v); });
    }
    function sorted(sign) {
      return order().every(function (v, k, all) { return k === 0 || sign * (v - all[k - 1]) >= 0; });
    }
    button.click();
    tell('ascending', sorted(1) + ' ' + headings[column].getAttribute('aria-sort'));
    button.click();
    tell('descending', sorted(-1) + ' ' + headings[column].getAttribute('aria-sort'));
    headings[0].querySelector('button').click();
    tell('others', headings[column].getAttribute('aria-sort') + ' ' + headings[0].getAttribute('aria-sort'));
    tell('rows', table.tBodies[0].rows.length);
"#;

fn sorts(browser: &Chromium) -> Result<(), Failed> {
    let visit = browser.visit(&page(Study { subjects: 30, failed: 2, ..Study::SMALL }), SORT);
    quiet(&visit)?;
    expect("the heading takes the focus", &visit.told("focused"), "true")?;
    expect("first click", &visit.told("ascending"), "true ascending")?;
    expect("second click", &visit.told("descending"), "true descending")?;
    expect("another column", &visit.told("others"), "none ascending")?;
    expect("no row is lost", &visit.told("rows"), "28")
}

const OPEN: &str = r#"
    var link = document.querySelector('#subjects td a, #subjects th a');
    var person = document.getElementById(link.getAttribute('href').slice(1));
    tell('before', person.open);
    link.click();
    setTimeout(function () {
      tell('after', person.open);
      tell('picture', person.querySelector('svg').getBoundingClientRect().height > 50);
      tell('name', person.querySelector('summary').textContent.includes(link.textContent));
      tell('markup', document.querySelectorAll('i, b > script, main img').length);
    }, 50);
"#;

fn opens_a_person(browser: &Chromium) -> Result<(), Failed> {
    let visit = browser.visit(&page(Study::SMALL), OPEN);
    quiet(&visit)?;
    expect("closed at first", &visit.told("before"), "false")?;
    expect("open after the click", &visit.told("after"), "true")?;
    expect("its picture is visible", &visit.told("picture"), "true")?;
    expect("it is the person named", &visit.told("name"), "true")?;
    expect("hostile names are text", &visit.told("markup"), "0")
}

const SAVE: &str = r#"
    var saved = [];
    var made = URL.createObjectURL;
    var blobs = [];
    URL.createObjectURL = function (blob) { blobs.push(blob); return made.call(URL, blob); };
    HTMLAnchorElement.prototype.click = function () { saved.push(this.download); };
    function tool(place, text) {
      return Array.from(document.querySelectorAll(place + ' button.tool')).find(function (b) { return b.textContent === text; });
    }
    tool('#subjects', 'CSV').click();
    tool('#effects figure', 'SVG').click();
    tool('#effects figure', 'PNG').click();
    setTimeout(function () {
      tell('files', saved.length + ' ' + saved.map(function (name) { return name.split('.').pop(); }).join(' '));
      waiting.push(Promise.all([blobs[0].text(), blobs[1].text(), createImageBitmap(blobs[2])]).then(function (found) {
        var lines = found[0].replace('\uFEFF', '').trim().split('\r\n');
        tell('lines', lines.length);
        tell('columns', lines[0].includes('γ policy_precision,γ policy_precision lower,γ policy_precision upper'));
        tell('formula', lines.some(function (line) { return line.startsWith("'=cmd()"); }));
        tell('svg', new DOMParser().parseFromString(found[1], 'image/svg+xml').documentElement.tagName);
        tell('png', found[2].width);
      }));
    }, 200);
"#;

fn saves(browser: &Chromium) -> Result<(), Failed> {
    let study = Study { failed: 0, ..Study::SMALL };
    let mut results = with_population(results(study), GroupMethod::NoUTurn);
    results.record.subjects[3].id = "=cmd()".into();
    let visit = browser.visit(&actinf_report::render(&results).unwrap().html, SAVE);
    quiet(&visit)?;
    expect("files", &visit.told("files"), "3 csv svg png")?;
    expect("a line per row and the headings", &visit.told("lines"), "9")?;
    expect("intervals have columns of their own", &visit.told("columns"), "true")?;
    expect("a name that looks like a formula is defused", &visit.told("formula"), "true")?;
    expect("the figure is SVG on its own", &visit.told("svg"), "svg")?;
    expect("the picture has publication size", &visit.told("png"), "1320")
}

fn opens_fast(browser: &Chromium) -> Result<(), Failed> {
    let html = page(Study { subjects: 1000, sessions: 1, trials: 200, ..Study::USUAL });
    let seconds: Vec<f64> = (0..3).map(|_| browser.seconds_to_open(&html)).collect();
    let best = seconds.iter().copied().fold(f64::INFINITY, f64::min);
    println!("{:.2} MB, opened in {seconds:.2?} s", html.len() as f64 / 1e6);
    if html.len() > 10_000_000 || best > 2.0 {
        return Err(format!("{} bytes, opened in {seconds:.2?} s", html.len()).into());
    }
    Ok(())
}
