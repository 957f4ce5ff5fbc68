//! `transitions = { map = [...], control = "..." }`: moves between the places of a map.

use super::claims::Requirement;
use super::context::Context;
use super::distribution::certain;
use super::labels::Labels;
use super::rules::Scope;
use crate::document::{DocumentError, Value};
use crate::expression::Expression;
use crate::nearest_name::suggestion;
use crate::task_model::{Distribution, Form, Transitions};

/// What stands on a map where nobody can go.
const WALL: &str = "#";

/// The moves by their labels, in rows down and columns to the right.
const MOVES: [(&str, (isize, isize)); 5] =
    [("up", (-1, 0)), ("down", (1, 0)), ("left", (0, -1)), ("right", (0, 1)), ("stay", (0, 0))];

/// The states of a factor, drawn as they lie; `None` is a wall.
struct Map {
    rows: Vec<Vec<Option<usize>>>,
}

/// Reads the transitions of the factor `index` on a map.
pub(super) fn read<'a>(
    value: Value<'a>,
    index: usize,
    scope: Scope<'_>,
    context: &mut Context<'a>,
) -> Result<Transitions, DocumentError> {
    let section = value.section(&["map", "control", "slip"])?;
    let labels = &scope.factors[index];
    let map = Map::read(section.required("map")?, labels)?;
    let (control, moves) = control(section.required("control")?, scope.controls)?;
    let slip = match section.optional("slip") {
        None => Expression::constant(0.0),
        Some(at) => context.scalar(at, Requirement::Probability)?,
    };
    let columns = moves.iter().flat_map(|&step| {
        let (map, slip) = (&map, &slip);
        (0..labels.len()).map(move |from| column(from, map.destination(from, step), labels.len(), slip))
    });
    Ok(Transitions { parents: vec![index], controls: vec![control], columns: columns.collect() })
}

/// The next state: `to`, or with probability `slip` still `from`.
fn column(from: usize, to: usize, size: usize, slip: &Expression) -> Distribution {
    if from == to || slip.as_constant() == Some(0.0) {
        return certain(to, size);
    }
    let mut cells = vec![Expression::constant(0.0); size];
    cells[from] = slip.clone();
    cells[to] = slip.complement();
    Distribution { form: Form::Probabilities, cells }
}

/// The control that moves, and where each of its actions leads.
fn control(at: Value<'_>, controls: &[Labels]) -> Result<(usize, Vec<(isize, isize)>), DocumentError> {
    let name = at.text()?;
    let Some(index) = controls.iter().position(|control| control.name == name) else {
        let names: Vec<&str> = controls.iter().map(|control| control.name.as_str()).collect();
        return Err(
            at.error(format!("there is no control `{name}`{}", suggestion(name, &names, "Known are")))
        );
    };
    let known: Vec<&str> = MOVES.iter().map(|(label, _)| *label).collect();
    let step = |label: &String| {
        MOVES.iter().find(|(known, _)| known == label).map(|(_, step)| *step).ok_or_else(|| {
            let hint = suggestion(label, &known, "The moves are");
            at.error(format!("the action `{label}` of control `{name}` is no move on a map{hint}"))
        })
    };
    Ok((index, controls[index].labels.iter().map(step).collect::<Result<_, _>>()?))
}

impl Map {
    fn read(at: Value<'_>, labels: &Labels) -> Result<Map, DocumentError> {
        let mut placed = vec![false; labels.len()];
        let mut rows: Vec<Vec<Option<usize>>> = Vec::new();
        for row in at.list()? {
            let mut places = Vec::new();
            for word in row.text()?.split_whitespace() {
                places.push(place(word, row, labels, &mut placed)?);
            }
            let wanted = rows.first().map_or(places.len(), Vec::len);
            if places.len() != wanted {
                let found = places.len();
                return Err(row.reject(format!("has {found} places, but the first row has {wanted}")));
            }
            rows.push(places);
        }
        match placed.iter().position(|&is_placed| !is_placed) {
            None => Ok(Map { rows }),
            Some(state) => {
                let state = &labels.labels[state];
                Err(at.reject(format!("lacks the state `{state}` of {}", labels.title())))
            }
        }
    }

    /// Where a step from the state `from` leads: where there is a wall, or the map ends, nowhere else.
    fn destination(&self, from: usize, (down, right): (isize, isize)) -> usize {
        let places = self.rows.iter().enumerate();
        let find = |(r, row): (usize, &Vec<Option<usize>>)| {
            row.iter().position(|&place| place == Some(from)).map(|c| (r, c))
        };
        let to = places.filter_map(find).next().and_then(|(row, column)| {
            let row = self.rows.get(row.checked_add_signed(down)?)?;
            *row.get(column.checked_add_signed(right)?)?
        });
        to.unwrap_or(from)
    }
}

/// The state that a word of a row names; `None` for a wall.
fn place(
    word: &str,
    row: Value<'_>,
    labels: &Labels,
    placed: &mut [bool],
) -> Result<Option<usize>, DocumentError> {
    if word == WALL {
        return Ok(None);
    }
    let state = labels.find(word, row)?;
    if std::mem::replace(&mut placed[state], true) {
        return Err(row.reject(format!("places the state `{word}` a second time")));
    }
    Ok(Some(state))
}
