//! Which sequences of actions are considered, arranged so that policies with the same beginning share its evaluation.

/// One step of one or more policies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PolicyStep {
    /// How many steps ahead it lies, from 0.
    pub depth: usize,
    /// The joint action taken.
    pub action: usize,
    /// The policy that ends with this step, if one does.
    pub ends: Option<usize>,
}

/// A set of policies of one length, as a tree of shared beginnings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policies {
    horizon: usize,
    first_actions: Vec<usize>,
    steps: Vec<PolicyStep>,
}

impl Policies {
    /// Arranges `policies`, sequences of `horizon` joint actions without repetition.
    ///
    /// # Example
    ///
    /// Two policies that start alike share their first step:
    ///
    /// ```
    /// use actinf_agents::Policies;
    /// let policies = Policies::new(2, &[vec![0, 1], vec![0, 2]]);
    /// assert_eq!(policies.steps().len(), 3);
    /// assert_eq!(policies.first_actions(), &[0, 0]);
    /// ```
    pub fn new(horizon: usize, policies: &[Vec<usize>]) -> Policies {
        let mut order: Vec<usize> = (0..policies.len()).collect();
        order.sort_by(|&a, &b| policies[a].cmp(&policies[b]));
        let mut steps = Vec::new();
        let mut previous: &[usize] = &[];
        for &policy in &order {
            let sequence = &policies[policy];
            let shared = sequence.iter().zip(previous).take_while(|(a, b)| a == b).count();
            for (depth, &action) in sequence.iter().enumerate().skip(shared) {
                let ends = (depth + 1 == horizon).then_some(policy);
                steps.push(PolicyStep { depth, action, ends });
            }
            previous = sequence;
        }
        let first_actions = policies.iter().map(|sequence| sequence[0]).collect();
        Policies { horizon, first_actions, steps }
    }

    /// The number of steps every policy looks ahead.
    pub fn horizon(&self) -> usize {
        self.horizon
    }

    /// The number of policies.
    pub fn len(&self) -> usize {
        self.first_actions.len()
    }

    /// Whether there is no policy.
    pub fn is_empty(&self) -> bool {
        self.first_actions.is_empty()
    }

    /// The first joint action of every policy.
    pub fn first_actions(&self) -> &[usize] {
        &self.first_actions
    }

    /// The steps of the tree, each after the step it continues and before that step's next sibling.
    pub fn steps(&self) -> &[PolicyStep] {
        &self.steps
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn walking_the_tree_visits_every_policy_once_with_its_own_actions() {
        let listed: Vec<Vec<usize>> = (0..27).rev().map(|k| vec![k / 9, k / 3 % 3, k % 3]).collect();
        let policies = Policies::new(3, &listed);
        assert_eq!(policies.steps().len(), 3 + 9 + 27);
        let mut path = [0; 3];
        let mut seen = [0; 27];
        for step in policies.steps() {
            path[step.depth] = step.action;
            if let Some(policy) = step.ends {
                assert_eq!(path.as_slice(), listed[policy].as_slice());
                seen[policy] += 1;
            }
        }
        assert!(seen.iter().all(|&count| count == 1));
    }
}
