//! Policies grouped by one choice, in plain numbers, for several decisions abreast: the sums of [`super::choice`].

use crate::elementary;
use crate::planning::{add_possible, add_product};
use crate::structure::Structure;

/// The policies grouped by one choice: of the joint action, or of one control's action.
pub(super) struct Grouping<const L: usize> {
    /// The group of every joint action.
    group_of_action: Vec<usize>,
    /// Every group holds one policy, and stands where the policy does.
    is_one_to_one: bool,
    /// `L` per group, less the largest; minus infinity for an empty group.
    log_sums: Vec<[f64; L]>,
    /// `p(g)`.
    probabilities: Vec<[f64; L]>,
    /// `ln Σ_g e^(α L_g)`, less `α` times the largest `L`.
    normaliser: [f64; L],
    /// The policies, group after group, and where each group's end.
    members: Vec<usize>,
    ends: Vec<usize>,
    /// `e^(ℓ - largest ℓ of the group)` per member.
    shares: Vec<[f64; L]>,
    /// The sum of shares of every group, and the largest logit.
    sums: Vec<[f64; L]>,
    largest: Vec<[f64; L]>,
    processor: pulp::Arch,
}

impl<const L: usize> Grouping<L> {
    pub(super) fn new(structure: &Structure, groups: usize, group_of_action: Vec<usize>) -> Self {
        let first = structure.policies.first_actions();
        let group_of: Vec<usize> = first.iter().map(|&action| group_of_action[action]).collect();
        let of =
            |group: usize| group_of.iter().enumerate().filter(move |(_, g)| **g == group).map(|(k, _)| k);
        let members: Vec<usize> = (0..groups).flat_map(of).collect();
        let end = |end: &mut usize, group: usize| {
            *end += of(group).count();
            Some(*end)
        };
        Grouping {
            ends: (0..groups).scan(0, end).collect(),
            processor: pulp::Arch::new(),
            is_one_to_one: first.len() == groups && members.iter().enumerate().all(|(k, &m)| k == m),
            log_sums: vec![[0.0; L]; groups],
            probabilities: vec![[0.0; L]; groups],
            normaliser: [0.0; L],
            shares: vec![[1.0; L]; first.len()],
            largest: vec![[0.0; L]; groups],
            sums: vec![[1.0; L]; groups],
            members,
            group_of_action,
        }
    }

    pub(super) fn choose(&mut self, logits: &[[f64; L]], alpha: f64) {
        if self.is_one_to_one {
            self.log_sums.copy_from_slice(logits);
        } else {
            self.sum(logits);
        }
        self.processor.dispatch(Sharpening { grouping: self, alpha });
        elementary::exp(self.processor, self.probabilities.as_flattened_mut());
        self.processor.dispatch(Normalising(self));
        elementary::ln(self.processor, &mut self.normaliser);
    }

    /// `L` of every group, and every member's share of its group.
    fn sum(&mut self, logits: &[[f64; L]]) {
        self.processor.dispatch(Shifting { grouping: self, logits });
        elementary::exp(self.processor, self.shares.as_flattened_mut());
        self.processor.dispatch(Summing(self));
        elementary::ln_or_zero(self.processor, self.log_sums.as_flattened_mut());
        for (log_sum, largest) in self.log_sums.iter_mut().zip(&self.largest) {
            add_product(log_sum, 1.0, *largest);
        }
    }

    /// The members of every group, with their shares.
    fn groups(&self) -> impl Iterator<Item = (&[usize], &[[f64; L]])> {
        let starts = std::iter::once(&0).chain(&self.ends);
        starts.zip(&self.ends).map(|(&start, &end)| (&self.members[start..end], &self.shares[start..end]))
    }

    /// `ln p` of the group of a joint action.
    pub(super) fn log_probability(&self, action: usize, alpha: f64, lane: usize) -> f64 {
        let log_sum = self.log_sums[self.group_of_action[action]][lane];
        if log_sum > f64::NEG_INFINITY { alpha * log_sum - self.normaliser[lane] } else { log_sum }
    }

    /// Adds the slopes of `ln p` of the group of every lane's joint action along `ℓ`, and returns the one along `α`.
    #[inline(always)]
    pub(super) fn add_slopes(&self, actions: &[usize; L], alpha: f64, slopes: &mut [[f64; L]]) -> [f64; L] {
        let chosen = actions.map(|action| self.group_of_action[action]);
        let mut along_precision = [0.0; L];
        for (lane, &group) in chosen.iter().enumerate() {
            along_precision[lane] = self.log_sums[group][lane];
        }
        for (group, (members, shares)) in self.groups().enumerate() {
            let (p, sum) = (&self.probabilities[group], &self.sums[group]);
            let mut scale = [0.0; L];
            for lane in 0..L {
                let of_group = if group == chosen[lane] { 1.0 } else { 0.0 } - p[lane];
                scale[lane] = if sum[lane] > 0.0 { alpha * of_group / sum[lane] } else { 0.0 };
            }
            for (&member, share) in members.iter().zip(shares) {
                add_product(&mut slopes[member], scale, *share);
            }
            add_possible(&mut along_precision, p.map(|p| -p), self.log_sums[group]);
        }
        along_precision
    }
}

/// `p = α (L - the largest L)`.
struct Sharpening<'a, const L: usize> {
    grouping: &'a mut Grouping<L>,
    alpha: f64,
}

impl<const L: usize> pulp::NullaryFnOnce for Sharpening<'_, L> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Grouping { log_sums, probabilities, .. } = self.grouping;
        let largest = largest_of(log_sums.iter());
        for (p, log_sum) in probabilities.iter_mut().zip(log_sums) {
            for lane in 0..L {
                let shifted = log_sum[lane] - largest[lane];
                log_sum[lane] = shifted;
                p[lane] = if shifted > f64::NEG_INFINITY { self.alpha * shifted } else { f64::NEG_INFINITY };
            }
        }
    }
}

/// Divides `e^(α L_g)` by its sum, and notes the sum.
struct Normalising<'a, const L: usize>(&'a mut Grouping<L>);

impl<const L: usize> pulp::NullaryFnOnce for Normalising<'_, L> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Grouping { probabilities, normaliser, .. } = self.0;
        *normaliser = [0.0; L];
        probabilities.iter().for_each(|p| add_product(normaliser, 1.0, *p));
        let mut inverse = [1.0; L];
        inverse.iter_mut().zip(&*normaliser).for_each(|(inverse, sum)| *inverse /= sum);
        for p in probabilities {
            p.iter_mut().zip(&inverse).for_each(|(p, inverse)| *p *= inverse);
        }
    }
}

/// `ℓ` less the largest of its group.
struct Shifting<'a, const L: usize> {
    grouping: &'a mut Grouping<L>,
    logits: &'a [[f64; L]],
}

impl<const L: usize> pulp::NullaryFnOnce for Shifting<'_, L> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Grouping { ends, largest, members, shares, .. } = self.grouping;
        let mut start = 0;
        for (&end, largest) in ends.iter().zip(largest) {
            let members = &members[start..end];
            *largest = largest_of(members.iter().map(|&k| &self.logits[k]));
            let shift = largest.map(|largest| if largest > f64::NEG_INFINITY { largest } else { 0.0 });
            for (share, &member) in shares[start..end].iter_mut().zip(members) {
                let logits = &self.logits[member];
                for lane in 0..L {
                    share[lane] = logits[lane] - shift[lane];
                }
            }
            start = end;
        }
    }
}

/// The sums of shares.
struct Summing<'a, const L: usize>(&'a mut Grouping<L>);

impl<const L: usize> pulp::NullaryFnOnce for Summing<'_, L> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Grouping { ends, shares, sums, log_sums, .. } = self.0;
        let mut start = 0;
        for ((&end, sum), log_sum) in ends.iter().zip(sums).zip(log_sums) {
            *sum = [0.0; L];
            shares[start..end].iter().for_each(|share| add_product(sum, 1.0, *share));
            *log_sum = *sum;
            start = end;
        }
    }
}

/// The largest of some numbers, none of which is not a number; minus infinity if there are none.
#[inline(always)]
fn largest_of<'a, const L: usize>(numbers: impl Iterator<Item = &'a [f64; L]>) -> [f64; L] {
    let mut largest = [f64::NEG_INFINITY; L];
    for number in numbers {
        for (largest, &x) in largest.iter_mut().zip(number) {
            *largest = if x > *largest { x } else { *largest };
        }
    }
    largest
}
