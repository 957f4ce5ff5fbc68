//! The tree of a subject's histories: what was done and seen since a trial began. Where nothing is learned, beliefs depend on
//! nothing else, so that what happened more than once stands there once. Where something is learned, no two moments are alike.

use crate::behaviour::{Observation, Step, Subject};
use crate::schema::{self, RowOrder};
use crate::state_inference::Move;
use crate::state_inference::partly_known::KnownFactors;
use crate::task_model::TaskModel;
use std::collections::BTreeMap;
use std::ops::Range;

/// What a moment's belief starts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::likelihood) enum From {
    /// The initial prior.
    Prior,
    /// The moment before it in the list.
    Last,
    /// A belief that was kept.
    Kept(usize),
}

/// A moment at which the agent believes something.
#[derive(Debug)]
pub(in crate::likelihood) struct Moment {
    pub(in crate::likelihood) from: From,
    /// What was learned before is forgotten first.
    pub(in crate::likelihood) forgets: bool,
    /// The move that led to it, if there was one.
    pub(in crate::likelihood) action: Option<Move>,
    /// Where known factors are.
    pub(in crate::likelihood) known: usize,
    /// The outcomes seen, in [`Tree::outcomes`].
    pub(in crate::likelihood) outcomes: Range<usize>,
    /// Where its belief is kept for other moments that follow it.
    pub(in crate::likelihood) keeps: Option<usize>,
    /// The actions taken, in [`Tree::decisions`].
    pub(in crate::likelihood) decisions: Range<usize>,
    /// The responses given, in [`Tree::responses`].
    pub(in crate::likelihood) responses: Range<usize>,
}

/// A response given.
#[derive(Clone, Copy, Debug)]
pub(in crate::likelihood) struct Given {
    /// Its number in the schema.
    pub(in crate::likelihood) response: usize,
    pub(in crate::likelihood) value: f64,
    /// It was the so-manieth recorded response.
    pub(in crate::likelihood) number: usize,
}

/// All moments, each after the one it follows.
#[derive(Debug, Default)]
pub(in crate::likelihood) struct Tree {
    pub(in crate::likelihood) moments: Vec<Moment>,
    /// Outcomes with their modalities.
    pub(in crate::likelihood) outcomes: Vec<(usize, usize)>,
    /// Joint actions and how many times each was taken at its moment.
    pub(in crate::likelihood) decisions: Vec<(usize, f64)>,
    /// For every recorded action in order, its decision.
    pub(in crate::likelihood) order: Vec<usize>,
    pub(in crate::likelihood) responses: Vec<Given>,
    /// How many beliefs are kept at a time.
    pub(in crate::likelihood) kept: usize,
}

/// A moment of the tree as it grows.
#[derive(Debug, Default)]
struct Bud {
    forgets: bool,
    action: Option<Move>,
    known: usize,
    outcomes: Vec<(usize, usize)>,
    followers: Vec<usize>,
    /// Joint actions with the numbers of the recorded actions.
    decisions: Vec<(usize, Vec<usize>)>,
    responses: Vec<Given>,
}

/// What tells a moment from others: the one before it, the move and the outcomes.
type Key = (Option<usize>, Option<Option<usize>>, Vec<(usize, usize)>);

/// The tree as it grows.
struct Growing<'a> {
    task: &'a TaskModel,
    factors: &'a KnownFactors,
    learns: bool,
    buds: Vec<Bud>,
    first: Vec<usize>,
    by_key: BTreeMap<Key, usize>,
    actions: usize,
    responses: usize,
}

impl Tree {
    /// The tree of a subject's histories; `None` if it was shown anything but single outcomes, or nothing in a trial.
    pub(in crate::likelihood) fn new(
        task: &TaskModel,
        factors: &KnownFactors,
        subject: &Subject,
        learns: bool,
    ) -> Option<Tree> {
        let (buds, first, by_key) = (Vec::new(), Vec::new(), BTreeMap::new());
        let (actions, responses) = (0, 0);
        let mut growing = Growing { task, factors, learns, buds, first, by_key, actions, responses };
        for (position, session) in subject.sessions.iter().enumerate() {
            // Nothing is known before the first session.
            let mut forgets = learns && !task.learning.carry && position > 0;
            let mut latest = None;
            for trial in session.trials.iter().filter(|trial| !trial.aborted) {
                latest = Some((growing.add_trial(&trial.steps, &mut forgets)?, trial.steps.last()?));
            }
            if let Some((now, step)) = latest {
                growing.respond(now, step, schema::Moment::SessionEnd);
            }
        }
        Some(growing.finish())
    }
}

impl Growing<'_> {
    /// The moment with which a trial ends.
    fn add_trial(&mut self, steps: &[Step], forgets: &mut bool) -> Option<usize> {
        let acts_first = self.task.schema.row_order == RowOrder::ActThenObserve;
        let mut now = None;
        let mut last_action = None;
        if acts_first && !steps.is_empty() {
            now = Some(self.follow(None, None, Vec::new(), forgets));
        }
        for (s, step) in steps.iter().enumerate() {
            let action = self.task.schema.joint_action(&step.actions);
            let outcomes = outcomes(&step.observations)?;
            let moment = if acts_first {
                self.decide(now, action);
                self.follow(now, Some(action), outcomes, forgets)
            } else {
                let moment = self.follow(now, last_action, outcomes, forgets);
                self.decide(Some(moment), action);
                last_action = Some(action);
                moment
            };
            self.respond(moment, step, schema::Moment::Step);
            if s + 1 == steps.len() {
                self.respond(moment, step, schema::Moment::TrialEnd);
            }
            now = Some(moment);
        }
        now
    }

    /// The moment that follows `before` by a move and what was then seen.
    fn follow(
        &mut self,
        before: Option<usize>,
        action: Option<Option<usize>>,
        outcomes: Vec<(usize, usize)>,
        forgets: &mut bool,
    ) -> usize {
        let key = (before, action, outcomes);
        if let Some(&bud) = self.by_key.get(&key).filter(|_| !self.learns) {
            return bud;
        }
        let bud = self.buds.len();
        let action = action.map(|action| action.map_or(Move::Stay, Move::Action));
        let known = before.map_or(self.factors.start, |before| self.buds[before].known);
        self.buds.push(Bud {
            forgets: std::mem::take(forgets),
            action,
            known: action.map_or(known, |action| self.factors.after(known, action)),
            outcomes: key.2.clone(),
            followers: Vec::new(),
            decisions: Vec::new(),
            responses: Vec::new(),
        });
        match before {
            Some(before) => self.buds[before].followers.push(bud),
            None => self.first.push(bud),
        }
        if !self.learns {
            self.by_key.insert(key, bud);
        }
        bud
    }

    fn decide(&mut self, now: Option<usize>, action: Option<usize>) {
        let (Some(now), Some(action)) = (now, action) else { return };
        let decisions = &mut self.buds[now].decisions;
        match decisions.iter_mut().find(|(known, _)| *known == action) {
            Some((_, numbers)) => numbers.push(self.actions),
            None => decisions.push((action, vec![self.actions])),
        }
        self.actions += 1;
    }

    /// Takes in the responses of a step that are given at a kind of moment.
    fn respond(&mut self, now: usize, step: &Step, when: schema::Moment) {
        for (response, value) in step.responses.iter().enumerate() {
            if let Some(value) = *value
                && self.task.responses[response].variable.moment == when
            {
                self.buds[now].responses.push(Given { response, value, number: self.responses });
                self.responses += 1;
            }
        }
    }

    /// Lists all moments, each directly followed by the first that follows it.
    fn finish(self) -> Tree {
        let mut tree = Tree { order: vec![0; self.actions], ..Tree::default() };
        // Moments still to be listed, with what they start from and how many beliefs are kept by then.
        let mut ahead: Vec<(usize, From, usize)> =
            self.first.iter().rev().map(|&bud| (bud, From::Prior, 0)).collect();
        while let Some((bud, from, kept)) = ahead.pop() {
            let bud = &self.buds[bud];
            let keeps = (bud.followers.len() > 1).then_some(kept);
            let kept = kept + usize::from(keeps.is_some());
            tree.kept = tree.kept.max(kept);
            tree.add(bud, from, keeps);
            for (k, &follower) in bud.followers.iter().enumerate().rev() {
                let from = match keeps {
                    Some(place) if k > 0 => From::Kept(place),
                    _ => From::Last,
                };
                ahead.push((follower, from, kept));
            }
        }
        tree
    }
}

impl Tree {
    fn add(&mut self, bud: &Bud, from: From, keeps: Option<usize>) {
        let (first_outcome, first_decision) = (self.outcomes.len(), self.decisions.len());
        let first_response = self.responses.len();
        self.responses.extend(&bud.responses);
        self.outcomes.extend(&bud.outcomes);
        for (action, numbers) in &bud.decisions {
            numbers.iter().for_each(|&number| self.order[number] = self.decisions.len());
            self.decisions.push((*action, numbers.len() as f64));
        }
        self.moments.push(Moment {
            from,
            forgets: bud.forgets,
            action: bud.action,
            known: bud.known,
            outcomes: first_outcome..self.outcomes.len(),
            keeps,
            decisions: first_decision..self.decisions.len(),
            responses: first_response..self.responses.len(),
        });
    }
}

/// The outcomes seen with their modalities; `None` if anything else was shown.
fn outcomes(observations: &[Observation]) -> Option<Vec<(usize, usize)>> {
    let mut outcomes = Vec::with_capacity(observations.len());
    for (modality, observation) in observations.iter().enumerate() {
        match observation {
            Observation::Missing => {}
            Observation::Outcome(outcome) => outcomes.push((modality, *outcome)),
            Observation::Distribution(_) | Observation::Masked { .. } => return None,
        }
    }
    Some(outcomes)
}
