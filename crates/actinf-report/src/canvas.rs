//! A surface measured in CSS pixels, drawn by plotters, finished as an accessible SVG that scales.

use crate::html::{clean, escape};
use crate::style;
use plotters::backend::{DrawingBackend, SVGBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontDesc, FontFamily, FontStyle, RGBColor, ShapeStyle, TextStyle};
use std::fmt::Write;

/// A point in CSS pixels from the upper left corner.
pub(crate) type Point = (f64, f64);

/// Drawing units per CSS pixel: plotters draws on whole units, and quarter pixels keep curves smooth.
const UNITS: f64 = 4.0;
/// plotters divides the size of a font by this when it writes SVG.
const FONT_SCALE: f64 = 1.24;

/// How a line looks: colour, opacity and width in CSS pixels.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stroke {
    pub(crate) colour: RGBColor,
    pub(crate) opacity: f64,
    pub(crate) width: f64,
}

impl Stroke {
    /// An opaque line.
    pub(crate) fn new(colour: RGBColor, width: f64) -> Stroke {
        Stroke { colour, opacity: 1.0, width }
    }

    /// The same line, seen through.
    pub(crate) fn opacity(self, opacity: f64) -> Stroke {
        Stroke { opacity, ..self }
    }

    fn style(self) -> ShapeStyle {
        let width = (self.width * UNITS).round().max(1.0) as u32;
        ShapeStyle { color: self.colour.mix(self.opacity), filled: false, stroke_width: width }
    }
}

/// Whether a dot is full or only a ring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dot {
    Full,
    Ring,
}

/// How a text looks.
#[derive(Clone, Copy)]
pub(crate) struct Type {
    size: f64,
    colour: RGBColor,
    anchor: Pos,
}

impl Type {
    /// Text of an axis or a legend.
    pub(crate) fn label() -> Type {
        let anchor = Pos::new(HPos::Left, VPos::Center);
        Type { size: style::LABEL_SIZE, colour: style::INK, anchor }
    }

    /// Text of ticks and notes.
    pub(crate) fn tick() -> Type {
        Type { size: style::TICK_SIZE, colour: style::MUTED, ..Type::label() }
    }

    /// The same, centred on its point.
    pub(crate) fn centred(self) -> Type {
        Type { anchor: Pos::new(HPos::Center, VPos::Center), ..self }
    }

    /// The same, ending at its point.
    pub(crate) fn ending(self) -> Type {
        Type { anchor: Pos::new(HPos::Right, VPos::Center), ..self }
    }

    /// The same in another colour.
    pub(crate) fn colour(self, colour: RGBColor) -> Type {
        Type { colour, ..self }
    }
}

/// The surface. What is not finite is not drawn. The first error of the backend is kept until the end.
pub(crate) struct Canvas<'a> {
    backend: SVGBackend<'a>,
    notes: String,
    failure: Option<String>,
}

/// Draws on a surface of `width` by `height` CSS pixels and returns the SVG, with a short title and a long
/// description for those who do not see it.
///
/// # Errors
///
/// The message of the first drawing operation that failed.
pub(crate) fn drawing(
    (width, height): (f64, f64),
    title: &str,
    description: &str,
    draw: impl FnOnce(&mut Canvas),
) -> Result<String, String> {
    let mut raw = String::new();
    let size = (units(width) as u32, units(height) as u32);
    let notes = drawn(SVGBackend::with_string(&mut raw, size), draw)?;
    let body =
        raw.split_once('>').and_then(|(_, rest)| rest.rsplit_once("</svg>")).map_or("", |(body, _)| body);
    let body = without_defaults(body);
    let (title, description) = (escape(title), escape(description));
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {} {}\" \
         role=\"img\" aria-label=\"{title}. {description}\">\n<title>{title}</title>\n<desc>{description}</desc>\n\
         <rect class=\"paper\" width=\"100%\" height=\"100%\" fill=\"#FFFFFF\"/>\
         {body}<g fill=\"#FFFFFF\" fill-opacity=\"0\">\n{notes}</g>\n</svg>\n",
        size.0, size.1
    ))
}

/// The drawing without the attributes that say what holds anyway. Texts hold no quotation mark, so no text is touched.
fn without_defaults(body: &str) -> String {
    body.replace(" opacity=\"1\"", "")
        .replace(" stroke=\"none\" stroke-width=\"0\"", "")
        .replace(" \"/>", "\"/>")
}

/// Draws on a backend until it is complete and returns the notes.
fn drawn(backend: SVGBackend, draw: impl FnOnce(&mut Canvas)) -> Result<String, String> {
    let mut canvas = Canvas { backend, notes: String::new(), failure: None };
    draw(&mut canvas);
    canvas.backend.present().map_err(|error| error.to_string())?;
    canvas.failure.map_or(Ok(canvas.notes), Err)
}

fn units(pixels: f64) -> i32 {
    (pixels * UNITS).round() as i32
}

fn grid((x, y): Point) -> (i32, i32) {
    (units(x), units(y))
}

fn finite(points: &[Point]) -> bool {
    points.iter().all(|(x, y)| x.is_finite() && y.is_finite())
}

fn filled(colour: RGBColor, opacity: f64) -> ShapeStyle {
    ShapeStyle { color: colour.mix(opacity), filled: true, stroke_width: 0 }
}

impl Canvas<'_> {
    fn keep<E: std::fmt::Display>(&mut self, outcome: Result<(), E>) {
        if let Err(error) = outcome {
            self.failure.get_or_insert_with(|| error.to_string());
        }
    }

    /// A straight line.
    pub(crate) fn line(&mut self, from: Point, to: Point, stroke: Stroke) {
        if finite(&[from, to]) {
            let outcome = self.backend.draw_line(grid(from), grid(to), &stroke.style());
            self.keep(outcome);
        }
    }

    /// A straight line in dashes.
    pub(crate) fn dashes(&mut self, from: Point, to: Point, stroke: Stroke) {
        const DASH: f64 = 5.0;
        const GAP: f64 = 4.0;
        let length = (to.0 - from.0).hypot(to.1 - from.1);
        if !length.is_finite() || length <= 0.0 {
            return;
        }
        let along = |share: f64| (from.0 + share * (to.0 - from.0), from.1 + share * (to.1 - from.1));
        let count = (length / (DASH + GAP)).ceil() as usize;
        for dash in 0..count {
            let start = dash as f64 * (DASH + GAP) / length;
            self.line(along(start), along((start + DASH / length).min(1.0)), stroke);
        }
    }

    /// A line through points; it breaks where a point is not finite.
    pub(crate) fn path(&mut self, points: &[Point], stroke: Stroke) {
        for run in points.split(|&point| !finite(&[point])) {
            if run.len() > 1 {
                let outcome = self.backend.draw_path(run.iter().map(|&point| grid(point)), &stroke.style());
                self.keep(outcome);
            }
        }
    }

    /// A filled polygon.
    pub(crate) fn polygon(&mut self, points: &[Point], colour: RGBColor, opacity: f64) {
        if points.len() > 2 && finite(points) {
            let style = filled(colour, opacity);
            let outcome = self.backend.fill_polygon(points.iter().map(|&point| grid(point)), &style);
            self.keep(outcome);
        }
    }

    /// A filled rectangle between two opposite corners.
    pub(crate) fn rectangle(&mut self, a: Point, b: Point, colour: RGBColor, opacity: f64) {
        if finite(&[a, b]) {
            let (upper_left, lower_right) = ((a.0.min(b.0), a.1.min(b.1)), (a.0.max(b.0), a.1.max(b.1)));
            let style = filled(colour, opacity);
            let outcome = self.backend.draw_rect(grid(upper_left), grid(lower_right), &style, true);
            self.keep(outcome);
        }
    }

    /// A dot. A ring hides what lies under it.
    pub(crate) fn dot(&mut self, at: Point, radius: f64, colour: RGBColor, dot: Dot) {
        if !finite(&[at]) {
            return;
        }
        let inside = if dot == Dot::Full { colour } else { style::PAPER };
        let outcome = self.backend.draw_circle(grid(at), units(radius) as u32, &filled(inside, 1.0), true);
        self.keep(outcome);
        if dot == Dot::Ring {
            let stroke = Stroke::new(colour, 1.25).style();
            let outcome = self.backend.draw_circle(grid(at), units(radius) as u32, &stroke, false);
            self.keep(outcome);
        }
    }

    /// A text, kept free of characters that no document may hold; plotters escapes it.
    pub(crate) fn text(&mut self, text: &str, at: Point, look: Type) {
        if !finite(&[at]) || text.is_empty() {
            return;
        }
        let size = look.size * UNITS * FONT_SCALE;
        let font = FontDesc::new(FontFamily::SansSerif, size, FontStyle::Normal);
        let style = TextStyle { font, color: look.colour.to_backend_color(), pos: look.anchor };
        let outcome = self.backend.draw_text(&clean(text), &style, grid(at));
        self.keep(outcome);
    }

    /// A note that shows while the pointer rests near a point.
    pub(crate) fn note(&mut self, at: Point, radius: f64, text: &str) {
        if finite(&[at]) {
            let (x, y) = grid(at);
            let radius = units(radius);
            // Writing to a string does not fail.
            let _ = writeln!(
                self.notes,
                "<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\"><title>{}</title></circle>",
                escape(text)
            );
        }
    }
}

/// The width `text` will take at about `size`, in CSS pixels: an estimate, since the browser chooses the font.
pub(crate) fn text_width(text: &str, size: f64) -> f64 {
    text.chars().count() as f64 * size * style::LETTER_WIDTH
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawing_is_titled_and_its_words_are_escaped() {
        let svg = drawing((10.0, 10.0), "<b>", "a & b", |canvas| {
            canvas.text("<script>", (1.0, 1.0), Type::label());
            canvas.note((1.0, 1.0), 2.0, "</title><script>");
        })
        .unwrap();
        assert!(svg.contains("<title>&lt;b&gt;</title>"));
        assert!(svg.contains("a &amp; b"));
        assert!(!svg.contains("<script>") && !svg.contains("<b>"));
    }

    #[test]
    fn defaults_are_left_out_and_texts_are_untouched() {
        let svg = drawing((10.0, 10.0), "t", "d", |canvas| {
            canvas.dot((5.0, 5.0), 2.0, style::INK, Dot::Full);
            canvas.text(" opacity=\"1\"", (1.0, 1.0), Type::label());
        })
        .unwrap();
        assert!(svg.contains("<circle cx=\"20\" cy=\"20\" r=\"8\" fill=\"#1F2328\"/>"), "{svg}");
        assert!(svg.contains(" opacity=&quot;1&quot;"), "{svg}");
    }

    #[test]
    fn what_is_not_finite_is_not_drawn_and_breaks_a_path() {
        let stroke = Stroke::new(style::INK, 1.0);
        let svg = drawing((10.0, 10.0), "t", "d", |canvas| {
            canvas.dot((f64::NAN, 1.0), 1.0, style::INK, Dot::Full);
            canvas.path(&[(0.0, 0.0), (1.0, 1.0), (f64::NAN, 2.0), (3.0, 3.0), (4.0, 4.0)], stroke);
        })
        .unwrap();
        assert!(!svg.contains("<circle"));
        assert_eq!(svg.matches("<polyline").count(), 2);
    }
}
