//! What can be told of a person from the others.

use crate::Error;
use crate::html::paragraph;
use crate::number;
use crate::plots::{PredictedValues, figure};
use crate::sections::{Section, gallery};
use crate::table::{Cell, Table};
use actinf_fit::empirical_bayes::{Effects, Prediction};

pub(super) fn section(effects: &Effects) -> Result<Option<Section>, Error> {
    let Some(prediction) = &effects.prediction else { return Ok(None) };
    let figures = vec![figure(&PredictedValues::new(prediction))?];
    let mut table = Table::new(
        "The value of the design's column, what was predicted from the person's behaviour and all others, and the probability \
         of the true value among those that occur.",
        &["subject", "true", "predicted", "sd", "probability"],
    )
    .sortable();
    for person in &prediction.people {
        table.row(vec![
            Cell::text(&person.subject),
            Cell::number(person.value),
            Cell::number(person.mean),
            Cell::number(person.sd),
            Cell::shown(person.probability, number::probability(person.probability)),
        ]);
    }
    let html = format!("{}{}{}", paragraph(&sentence(prediction)), gallery(&figures), table.html());
    Ok(Some(Section { id: "prediction", title: "Leave-one-out prediction", html, figures }))
}

fn sentence(prediction: &Prediction) -> String {
    let correlation = prediction.correlation.map_or("undefined".to_string(), number::three_digits);
    let share = if prediction.levels < prediction.people.len() {
        let right = (prediction.accuracy * prediction.people.len() as f64).round() as usize;
        format!(
            " The true value was the most probable one for {} of {} people.",
            right,
            prediction.people.len()
        )
    } else {
        String::new()
    };
    format!(
        "Everybody was left out in turn and {} predicted from the others: the correlation of predicted and true values is \
         {correlation}.{share}",
        prediction.column
    )
}
