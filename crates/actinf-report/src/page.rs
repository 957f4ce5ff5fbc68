//! The page: head, contents, sections.

use crate::html::escape;
use crate::sections::{Section, sections};
use crate::study::Study;
use crate::{Error, Report};
use std::collections::HashSet;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");
/// Nothing may be loaded, whatever a text in the page might say; pictures may be made of the page's own text (to save
/// figures as PNG).
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; \
                      base-uri 'none'; form-action 'none'";

/// Makes the page and collects its figures.
///
/// # Errors
///
/// If the drawing backend fails.
pub(crate) fn render(study: &Study) -> Result<Report, Error> {
    let sections = sections(study)?;
    let record = &study.results.record;
    let head = Head {
        kicker: "actinf report",
        title: format!("{} fitted to {}", record.model.name, file_name(&record.data.file)),
        made: &record.provenance.started,
        version: &record.provenance.actinf_version,
    };
    Ok(page(&head, sections))
}

/// What stands at the top of a page.
pub(crate) struct Head<'a> {
    /// What kind of page it is.
    pub(crate) kicker: &'a str,
    pub(crate) title: String,
    /// When it was made, in UTC.
    pub(crate) made: &'a str,
    /// The version of actinf.
    pub(crate) version: &'a str,
}

/// The page of these sections, and their figures.
pub(crate) fn page(head: &Head, sections: Vec<Section>) -> Report {
    let body: String = sections.iter().map(section).collect();
    let html = format!(
        "<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta name=\"generator\" content=\"actinf {version}\">\n<title>{title}</title>\n<style>\n{STYLE}</style>\n\
         </head>\n<body>\n<a class=\"skip\" href=\"#summary\">Skip to the summary</a>\n\
         <header><p class=\"kicker\">{kicker}</p>\n<h1>{title}</h1>\n<p class=\"when\">{made} UTC</p></header>\n\
         <div class=\"columns\">\n{contents}<main>\n{body}</main>\n</div>\n<script>\n{SCRIPT}</script>\n</body>\n</html>\n",
        kicker = escape(head.kicker),
        version = escape(head.version),
        title = escape(&head.title),
        made = escape(head.made),
        contents = contents(&sections),
    );
    Report { html, plots: plots(sections) }
}

/// The last part of a path.
pub(crate) fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

fn contents(sections: &[Section]) -> String {
    let items: String = sections
        .iter()
        .map(|section| format!("<li><a href=\"#{}\">{}</a></li>\n", section.id, escape(section.title)))
        .collect();
    format!("<nav aria-label=\"Contents\">\n<ol>\n{items}</ol>\n</nav>\n")
}

fn section(section: &Section) -> String {
    let Section { id, title, html, .. } = section;
    let title = escape(title);
    format!(
        "<section id=\"{id}\" aria-labelledby=\"{id}-title\">\n<h2 id=\"{id}-title\">{title}</h2>\n{html}</section>\n"
    )
}

/// The figures under distinct file names.
fn plots(sections: Vec<Section>) -> Vec<(String, String)> {
    let mut taken = HashSet::new();
    let mut plots = vec![];
    for figure in sections.into_iter().flat_map(|section| section.figures) {
        let mut name = figure.name.clone();
        let mut copy = 2;
        while !taken.insert(name.clone()) {
            name = format!("{}-{copy}", figure.name);
            copy += 1;
        }
        plots.push((format!("{name}.svg"), figure.svg));
    }
    plots
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::style;
    use plotters::style::RGBColor;

    #[test]
    fn the_style_sheet_maps_every_colour_of_the_figures() {
        let hex = |RGBColor(r, g, b): RGBColor| format!("#{r:02X}{g:02X}{b:02X}");
        let surfaces = [style::INK, style::MUTED, style::GRID, style::SHADE, style::PAPER];
        for colour in surfaces.into_iter().chain(style::CATEGORIES) {
            assert!(STYLE.contains(&format!("[fill=\"{}\"]", hex(colour))), "{} has no rule", hex(colour));
        }
    }
}
