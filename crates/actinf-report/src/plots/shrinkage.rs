//! What the group does to everybody's estimate: alone on the left, under the population on the right.

use super::Plot;
use crate::axis::{Frame, Scale};
use crate::canvas::{Canvas, Dot, Stroke, Type};
use crate::html::slug;
use crate::legend::legend;
use crate::natural_axis::natural_axis;
use crate::population::{Coordinate, Population};
use crate::statistics::summary;
use crate::strips::evenly_spaced;
use crate::study::Study;
use crate::{number, style};
use actinf_fit::MemberRecord;

const LEFT: f64 = 56.0;
const HEIGHT: f64 = 330.0;
/// The part of the width on the right where the population stands.
const POPULATION: f64 = 0.26;
/// More columns of populations than this would not be told apart.
const MOST_GROUPS: usize = 4;

struct Member {
    alone: f64,
    under: f64,
    group: usize,
    note: String,
}

/// A group's population: its mean and one standard deviation to either side, on the natural scale.
struct Band {
    label: String,
    mean: f64,
    ends: [f64; 2],
}

/// The estimates of one coordinate, alone and under the population.
pub(crate) struct Shrinkage {
    title: String,
    file: String,
    axis: String,
    members: Vec<Member>,
    bands: Vec<Band>,
    scale: Scale,
}

impl Shrinkage {
    /// The plot of coordinate number `position`; `None` where nobody was estimated alone.
    pub(crate) fn new(
        study: &Study,
        population: &Population,
        position: usize,
        coordinate: &Coordinate,
    ) -> Option<Shrinkage> {
        let members = members(study, population, position, coordinate);
        if members.is_empty() {
            return None;
        }
        let sd = population.record.spreads.get(position)?.estimate;
        let bands = bands(study, coordinate, &members, sd);
        let members: Vec<Member> = members.into_iter().map(|(member, _)| member).collect();
        let scale = scale(coordinate, &members, &bands);
        Some(Shrinkage {
            title: format!("Shrinkage of {}", coordinate.title),
            file: format!("shrinkage-{:02}-{}", position + 1, slug(&coordinate.name)),
            axis: coordinate.title.clone(),
            members,
            bands,
            scale,
        })
    }

    fn frame(&self) -> Frame {
        let right = style::NARROW - 10.0;
        let (top, bottom) = (30.0, HEIGHT - 46.0);
        Frame { left: LEFT, right, top, bottom, x: Scale::linear(0.0, 1.0), y: self.scale }
    }

    fn draw_members(&self, canvas: &mut Canvas, frame: &Frame) {
        let (from, to) = (frame.at_x(0.08), frame.at_x(1.0 - POPULATION - 0.08));
        let shown = evenly_spaced(self.members.len(), style::MARKS_PER_STRIP);
        let opacity = if shown.len() > 60 { 0.3 } else { 0.5 };
        let place = |x: f64, value: f64| (x, frame.at_y(frame.y.inside(value)));
        for member in shown.iter().map(|&rank| &self.members[rank]) {
            let stroke = Stroke::new(style::category(member.group), 1.0).opacity(opacity);
            canvas.line(place(from, member.alone), place(to, member.under), stroke);
        }
        for member in shown.iter().map(|&rank| &self.members[rank]) {
            let colour = style::category(member.group);
            canvas.dot(place(from, member.alone), 2.25, colour, Dot::Ring);
            canvas.dot(place(to, member.under), 2.25, colour, Dot::Full);
            canvas.note(place(from, member.alone), 3.5, &member.note);
            canvas.note(place(to, member.under), 3.5, &member.note);
        }
        let name = |canvas: &mut Canvas, x: f64, text: &str| {
            canvas.text(text, (x, frame.bottom + 17.0), Type::label().centred());
        };
        name(canvas, from, "alone");
        name(canvas, to, "together");
    }

    fn draw_bands(&self, canvas: &mut Canvas, frame: &Frame) {
        let (from, to) = (frame.at_x(1.0 - POPULATION), frame.right);
        let width = (to - from) / self.bands.len().max(1) as f64;
        for (position, band) in self.bands.iter().enumerate() {
            let x = from + (position as f64 + 0.5) * width;
            let half = (0.3 * width).min(14.0);
            let colour = if self.bands.len() > 1 { style::category(position) } else { style::category(0) };
            let [low, high] = band.ends.map(|end| frame.at_y(frame.y.inside(end)));
            canvas.rectangle((x - half, high), (x + half, low), colour, 0.3);
            let y = frame.at_y(frame.y.inside(band.mean));
            canvas.line((x - half, y), (x + half, y), Stroke::new(style::INK, 2.0));
            let [mean, below, above] = [band.mean, band.ends[0], band.ends[1]].map(number::three_digits);
            let note = format!("{}: mean {mean}, one standard deviation {below} to {above}", band.label);
            canvas.note((x, y), half.max(5.0), &note);
        }
        if self.bands.len() > 1 {
            let named = |(position, band): (usize, &Band)| (band.label.clone(), style::category(position));
            let entries: Vec<_> = self.bands.iter().enumerate().map(named).collect();
            legend(canvas, &entries, (frame.left, frame.bottom + 35.0), frame.right - frame.left);
        }
        let centre = (from + to) / 2.0;
        canvas.text("population", (centre, frame.bottom + 17.0), Type::label().centred());
    }
}

/// The place of everybody's group.
struct GroupOf<'a>(Vec<(&'a str, usize)>);

impl<'a> GroupOf<'a> {
    fn new(study: &Study<'a>) -> GroupOf<'a> {
        let mut places: Vec<(&str, usize)> = vec![];
        for (place, group) in study.groups.iter().enumerate() {
            places.extend(group.members.iter().map(|&m| (study.fitted[m].record.id.as_str(), place)));
        }
        places.sort_unstable();
        GroupOf(places)
    }

    fn of(&self, subject: &str) -> usize {
        self.0.binary_search_by(|(id, _)| (*id).cmp(subject)).map_or(0, |found| self.0[found].1)
    }
}

/// Everybody who was estimated alone, by the estimate under the population, with what it predicts for them.
fn members(
    study: &Study,
    population: &Population,
    position: usize,
    coordinate: &Coordinate,
) -> Vec<(Member, f64)> {
    let groups = GroupOf::new(study);
    let member = |record: &MemberRecord| {
        let found = record.coordinates.get(position)?;
        let (alone, under) = (coordinate.value(found.alone?), coordinate.value(found.estimate));
        let [before, after] = [alone, under].map(number::three_digits);
        let note = format!("{}: {before} alone, {after} together", record.subject);
        let member = Member { alone, under, group: groups.of(&record.subject), note };
        (alone.is_finite() && under.is_finite()).then_some((member, found.predicted))
    };
    let mut members: Vec<(Member, f64)> = population.record.members.iter().filter_map(member).collect();
    members.sort_by(|a, b| a.0.under.total_cmp(&b.0.under));
    members
}

/// One population per group where its members are predicted to differ, otherwise one of all.
fn bands(study: &Study, coordinate: &Coordinate, members: &[(Member, f64)], sd: f64) -> Vec<Band> {
    let of = |label: &str, predicted: &[f64]| {
        let mean = summary(predicted).mean;
        let ends = coordinate.values([mean - sd, mean + sd]);
        Band { label: label.to_string(), mean: coordinate.value(mean), ends }
    };
    let all: Vec<f64> = members.iter().map(|(_, predicted)| *predicted).collect();
    let by_group: Vec<Vec<f64>> = (0..study.groups.len())
        .map(|group| members.iter().filter(|(m, _)| m.group == group).map(|(_, p)| *p).collect())
        .collect();
    let usable =
        (2..=MOST_GROUPS).contains(&by_group.len()) && by_group.iter().all(|values| !values.is_empty());
    if !usable {
        return vec![of("population", &all)];
    }
    study.groups.iter().zip(&by_group).map(|(group, values)| of(&group.label, values)).collect()
}

fn scale(coordinate: &Coordinate, members: &[Member], bands: &[Band]) -> Scale {
    let under = members.iter().map(|member| member.under);
    let values: Vec<f64> = under.chain(bands.iter().map(|band| band.mean)).collect();
    let alone = members.iter().map(|member| (member.alone, member.alone));
    let ends = bands.iter().map(|band| (band.ends[0], band.ends[1]));
    natural_axis(coordinate.support(), &values, &alone.chain(ends).collect::<Vec<_>>())
}

impl Plot for Shrinkage {
    fn name(&self) -> String {
        self.file.clone()
    }

    fn title(&self) -> String {
        self.title.clone()
    }

    fn caption(&self) -> String {
        let beyond = |member: &&Member| member.alone < self.scale.low() || member.alone > self.scale.high();
        let cut = match self.members.iter().filter(beyond).count() {
            0 => String::new(),
            1 => " One estimate alone lies beyond the axis and is drawn at its end.".to_string(),
            count => format!(" {count} estimates alone lie beyond the axis and are drawn at its end."),
        };
        let thinned = match self.members.len() > style::MARKS_PER_STRIP {
            true => " Evenly spaced ranks are shown.",
            false => "",
        };
        let logarithmic = if self.scale.is_logarithmic() { " Logarithmic axis." } else { "" };
        format!("Alone, together, and the population.{logarithmic}{cut}{thinned}")
    }

    fn size(&self) -> (f64, f64) {
        (style::NARROW, HEIGHT)
    }

    fn draw(&self, canvas: &mut Canvas) {
        let frame = self.frame();
        frame.draw_y_axis(canvas, &self.axis, 5);
        self.draw_members(canvas, &frame);
        self.draw_bands(canvas, &frame);
    }
}
