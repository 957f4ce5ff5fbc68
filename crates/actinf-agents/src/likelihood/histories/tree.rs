//! The tree of a subject's histories: what was done and seen since a trial began. Where nothing is learned, beliefs depend on
//! nothing else, so that what happened more than once stands there once. Where something is learned, no two moments are alike.

use crate::behaviour::{Observation, Step, Subject};
use crate::schema::RowOrder;
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
}

impl Tree {
    /// The tree of a subject's histories; `None` if it was shown anything but single outcomes.
    pub(in crate::likelihood) fn new(
        task: &TaskModel,
        factors: &KnownFactors,
        subject: &Subject,
        learns: bool,
    ) -> Option<Tree> {
        let (buds, first, by_key) = (Vec::new(), Vec::new(), BTreeMap::new());
        let mut growing = Growing { task, factors, learns, buds, first, by_key, actions: 0 };
        for (position, session) in subject.sessions.iter().enumerate() {
            // Nothing is known before the first session.
            let mut forgets = learns && !task.learning.carry && position > 0;
            for trial in session.trials.iter().filter(|trial| !trial.aborted) {
                growing.add_trial(&trial.steps, &mut forgets)?;
            }
        }
        Some(growing.finish())
    }
}

impl Growing<'_> {
    fn add_trial(&mut self, steps: &[Step], forgets: &mut bool) -> Option<()> {
        let acts_first = self.task.schema.row_order == RowOrder::ActThenObserve;
        let mut now = None;
        let mut last_action = None;
        if acts_first && !steps.is_empty() {
            now = Some(self.follow(None, None, Vec::new(), forgets));
        }
        for step in steps {
            let action = self.task.schema.joint_action(&step.actions);
            let outcomes = outcomes(&step.observations)?;
            if acts_first {
                self.decide(now, action);
                now = Some(self.follow(now, Some(action), outcomes, forgets));
            } else {
                now = Some(self.follow(now, last_action, outcomes, forgets));
                self.decide(now, action);
                last_action = Some(action);
            }
        }
        Some(())
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
