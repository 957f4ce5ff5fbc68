//! Predicted against observed choices.

use super::{NOBODY, Section, gallery};
use crate::Error;
use crate::html::{counted, paragraph};
use crate::plots::{ChoiceRates, Figure, figure};
use crate::rates::{Along, Positions, actions_by_frequency, positions};
use crate::study::{Group, Study};
use crate::style;

pub(crate) fn section(study: &Study) -> Result<Section, Error> {
    let (id, title) = ("choices", "Predicted and observed choices");
    if study.fitted.is_empty() {
        return Ok(Section::new(id, title, paragraph(NOBODY)));
    }
    let by_frequency = actions_by_frequency(study);
    let recorded = by_frequency.iter().any(|&(_, count)| count > 0);
    let (Some(positions), true) = (positions(study), recorded) else {
        return Ok(Section::new(id, title, paragraph("The results hold no step with a recorded action.")));
    };
    let actions = shown_actions(&by_frequency);
    let panels = largest_groups(study);
    let figures: Vec<Figure> = panels
        .iter()
        .map(|&(position, group)| figure(&ChoiceRates::new(study, (position, group), positions, &actions)))
        .collect::<Result<_, _>>()?;
    let notes = notes(study, positions, actions.len(), panels.len());
    let html = format!("{}{}", paragraph(&notes), gallery(&figures));
    Ok(Section { id, title, html, figures })
}

/// The actions to draw, ascending: the more frequent of two (the other mirrors it), or the most frequent of many.
fn shown_actions(by_frequency: &[(usize, usize)]) -> Vec<usize> {
    let wanted = if by_frequency.len() == 2 { 1 } else { style::COLOURS_TOLD_APART };
    let mut shown: Vec<usize> = by_frequency.iter().take(wanted).map(|&(action, _)| action).collect();
    shown.sort_unstable();
    shown
}

/// The largest groups with their positions, in the order of the groups.
fn largest_groups<'a>(study: &'a Study) -> Vec<(usize, &'a Group)> {
    let mut groups: Vec<(usize, &Group)> =
        study.groups.iter().enumerate().filter(|(_, group)| !group.members.is_empty()).collect();
    groups.sort_by_key(|(position, group)| (std::cmp::Reverse(group.members.len()), *position));
    groups.truncate(style::PANELS);
    groups.sort_by_key(|(position, _)| *position);
    groups
}

fn notes(study: &Study, positions: Positions, actions: usize, panels: usize) -> String {
    let along = match positions.along {
        Along::Trials => "each trial of a session, averaged over sessions",
        Along::SessionSteps => "each step of a session, averaged over sessions",
        Along::TrialSteps => "each step of a trial, averaged over trials and sessions",
    };
    let mut notes =
        format!("How often each action was taken, and how probable the model held it, at {along}.");
    let all = study.results.record.model.schema.joint_actions();
    if all == 2 {
        notes.push_str(" Of the two actions, one is shown; the other is its mirror image.");
    } else if actions < all {
        notes.push_str(&format!(" Of {} actions, the {actions} most frequent are shown.", all));
    }
    let groups = study.groups.iter().filter(|group| !group.members.is_empty()).count();
    if panels < groups {
        notes.push_str(&format!(" Of {}, the {panels} largest are shown.", counted(groups, "group")));
    }
    notes
}
