//! What was believed, done and seen in a trial so far, for learning in hindsight.

use crate::behaviour::Observation;
use crate::real::Real;
use crate::state_inference::Move;
use crate::state_inference::smoothing::Taken;
use crate::structure::Structure;

/// The move into a slot.
#[derive(Clone, Copy, Debug)]
enum Stored {
    /// None: the trial began.
    Began,
    Known(Move),
    /// An average; its probabilities start here.
    Averaged(usize),
}

/// The slots of a trial: one per belief. Where the action comes first, the belief before it is a slot of its own, in
/// which nothing was observed. Space is reused from trial to trial.
pub(super) struct History<T> {
    belief_size: usize,
    joint_actions: usize,
    /// The first slot is the belief before the first action.
    begins_unseen: bool,
    /// Where each modality's weights start within a slot's; the last entry is how many there are.
    offsets: Vec<usize>,
    moves: Vec<Stored>,
    /// `[slot, belief]`, the filtered beliefs.
    beliefs: Vec<T>,
    /// `[slot, modality's outcome]`: 1 for the outcome seen, or the distribution over outcomes; 0 where nothing was.
    outcomes: Vec<f64>,
    /// `[average, joint action]`.
    probabilities: Vec<T>,
}

impl<T: Real> History<T> {
    pub(super) fn new(structure: &Structure, belief_size: usize) -> Self {
        let mut offsets = vec![0];
        for modality in &structure.modalities {
            offsets.push(offsets[offsets.len() - 1] + modality.outcomes);
        }
        History {
            belief_size,
            joint_actions: structure.joint_actions,
            begins_unseen: false,
            offsets,
            moves: Vec::new(),
            beliefs: Vec::new(),
            outcomes: Vec::new(),
            probabilities: Vec::new(),
        }
    }

    pub(super) fn clear(&mut self) {
        self.begins_unseen = false;
        self.moves.clear();
        self.beliefs.clear();
        self.outcomes.clear();
        self.probabilities.clear();
    }

    /// The number of slots.
    pub(super) fn len(&self) -> usize {
        self.moves.len()
    }

    /// The first slot in which something could be observed.
    pub(super) fn first_perceived(&self) -> usize {
        usize::from(self.begins_unseen)
    }

    /// Adds the belief before the first action as a slot.
    pub(super) fn push_unseen(&mut self, belief: &[T]) {
        self.push(None, belief, &[]);
        self.begins_unseen = true;
    }

    /// Adds a slot: the move into it (none for the first one), the filtered belief and what was observed.
    pub(super) fn push(&mut self, taken: Option<Taken<'_, T>>, belief: &[T], observations: &[Observation]) {
        self.moves.push(match taken {
            None => Stored::Began,
            Some(Taken::Known(action)) => Stored::Known(action),
            Some(Taken::Averaged(probabilities)) => {
                self.probabilities.extend_from_slice(probabilities);
                Stored::Averaged(self.probabilities.len() - probabilities.len())
            }
        });
        self.beliefs.extend_from_slice(belief);
        let start = self.outcomes.len();
        self.outcomes.resize(start + self.offsets[self.offsets.len() - 1], 0.0);
        let slot = &mut self.outcomes[start..];
        for (observation, &offset) in observations.iter().zip(&self.offsets) {
            match observation {
                Observation::Missing => {}
                Observation::Outcome(outcome) | Observation::Masked { outcome, .. } => {
                    slot[offset + outcome] = 1.0;
                }
                Observation::Distribution(weights) => {
                    slot[offset..offset + weights.len()].copy_from_slice(weights);
                }
            }
        }
    }

    /// The filtered belief of a slot.
    pub(super) fn belief(&self, slot: usize) -> &[T] {
        &self.beliefs[slot * self.belief_size..(slot + 1) * self.belief_size]
    }

    /// The weights of a modality's outcomes in a slot.
    pub(super) fn outcomes(&self, slot: usize, modality: usize) -> &[f64] {
        let start = slot * self.offsets[self.offsets.len() - 1];
        &self.outcomes[start + self.offsets[modality]..start + self.offsets[modality + 1]]
    }

    /// The move into a slot; `None` for the first one.
    pub(super) fn taken(&self, slot: usize) -> Option<Taken<'_, T>> {
        match self.moves[slot] {
            Stored::Began => None,
            Stored::Known(action) => Some(Taken::Known(action)),
            Stored::Averaged(start) => {
                Some(Taken::Averaged(&self.probabilities[start..start + self.joint_actions]))
            }
        }
    }
}
