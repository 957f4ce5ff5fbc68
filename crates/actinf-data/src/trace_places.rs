//! Places recovered from labels: where a step stands among a subject's sessions and trials.

use actinf_agents::Place;

/// Follows one subject's steps, in order, through its sessions and trials. Trials without steps are passed over.
pub(crate) struct Places<'a> {
    /// Every trial: positions of session and trial, labels of session and trial.
    trials: Vec<(usize, usize, &'a str, &'a str)>,
    /// The trial of the last step.
    current: usize,
    /// The last step within it.
    last: Option<usize>,
}

impl<'a> Places<'a> {
    /// Before the first step.
    pub(crate) fn new(sessions: &'a [String], trials: &'a [Vec<String>]) -> Self {
        let all = sessions.iter().zip(trials).enumerate().flat_map(|(session, (session_label, trials))| {
            let trials = trials.iter().enumerate();
            trials.map(move |(trial, label)| (session, trial, session_label.as_str(), label.as_str()))
        });
        Places { trials: all.collect(), current: 0, last: None }
    }

    /// The place of the next step: in the current trial if its labels agree and the step is a later one, otherwise in
    /// the next trial with these labels. `None` if there is none.
    pub(crate) fn next(&mut self, session: &str, trial: &str, step: usize) -> Option<Place> {
        if self.last.is_some_and(|last| step <= last) {
            self.current += 1;
        }
        let named = |entry: &&(usize, usize, &str, &str)| entry.2 == session && entry.3 == trial;
        let rest = self.trials.get(self.current..)?;
        let passed = rest.iter().take_while(|entry| !named(entry)).count();
        let &(session, trial, _, _) = rest.get(passed)?;
        self.current += passed;
        self.last = Some(step);
        Some(Place { session, trial, step })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_found_past_trials_without_steps_and_among_equal_labels() {
        let sessions = ["a".to_owned(), "a".to_owned()];
        let trials = [vec!["1".to_owned(), "2".to_owned(), "3".to_owned()], vec!["3".to_owned()]];
        let mut places = Places::new(&sessions, &trials);
        let mut place =
            |trial: &str, step| places.next("a", trial, step).map(|p| (p.session, p.trial, p.step));
        assert_eq!(place("1", 0), Some((0, 0, 0)));
        assert_eq!(place("3", 0), Some((0, 2, 0)));
        assert_eq!(place("3", 1), Some((0, 2, 1)));
        assert_eq!(place("3", 0), Some((1, 0, 0)));
        assert_eq!(place("2", 0), None);
    }
}
