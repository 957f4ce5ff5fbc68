//! From persons to groups: sums over persons of their rates, replicate by replicate.

use super::record::{CheckedRate, OutsideRate, PersonChecks, PredictiveChecks, Unchecked};
use super::replicate::Tallies;
use super::summarise::{self, Replicated};
use super::{PARAMETER_DRAWS, REPLICATES};
use crate::results::SubjectRecord;

/// A person with fewer moments than this is not judged by a rate: hardly anything would be unusual.
const FEWEST_MOMENTS: u32 = 10;

/// The sums of one rate over some persons.
#[derive(Clone)]
pub(super) struct Sum {
    pub(super) persons: usize,
    pub(super) moments: u64,
    pub(super) observed: f64,
    /// One sum per replicate.
    pub(super) replicated: Vec<f64>,
    pub(super) judged: usize,
    pub(super) outside: usize,
    /// Whether anybody's replicates differ from what was observed.
    pub(super) varies: bool,
}

/// All sums, as persons are added in the order of the data.
pub(super) struct Totals<'a> {
    rates: &'a [CheckedRate],
    groups: Vec<String>,
    /// Rates × (everybody, then groups).
    sums: Vec<Sum>,
    found: PredictiveChecks,
    /// The rates by which each of the persons found was judged.
    judged: Vec<Vec<usize>>,
}

impl<'a> Totals<'a> {
    pub(super) fn new(rates: &'a [CheckedRate], subjects: &[SubjectRecord]) -> Self {
        let mut groups: Vec<String> = Vec::new();
        for group in subjects.iter().filter_map(|subject| subject.group.as_ref()) {
            if !groups.contains(group) {
                groups.push(group.clone());
            }
        }
        if groups.len() < 2 {
            groups.clear();
        }
        let empty = Sum {
            persons: 0,
            moments: 0,
            observed: 0.0,
            replicated: vec![0.0; REPLICATES],
            judged: 0,
            outside: 0,
            varies: false,
        };
        let found = PredictiveChecks {
            replicates: REPLICATES,
            parameter_draws: PARAMETER_DRAWS,
            at_estimate: 0,
            unchecked: Vec::new(),
            checks: Vec::new(),
            persons: Vec::new(),
        };
        Totals {
            rates,
            sums: vec![empty; rates.len() * (groups.len() + 1)],
            groups,
            found,
            judged: Vec::new(),
        }
    }

    /// Adds a person.
    pub(super) fn add(&mut self, subject: &SubjectRecord, tallies: Result<Tallies, String>) {
        let tallies = match tallies {
            Ok(tallies) => tallies,
            Err(reason) => {
                self.found.unchecked.push(Unchecked { subject: subject.id.clone(), reason });
                return;
            }
        };
        self.found.at_estimate += usize::from(tallies.at_estimate);
        let group = subject.group.as_ref().and_then(|own| self.groups.iter().position(|group| group == own));
        let mut person = PersonChecks { subject: subject.id.clone(), judged: 0, outside: Vec::new() };
        let mut judged_by = Vec::new();
        for rate in (0..self.rates.len()).filter(|&rate| tallies.moments[rate] > 0) {
            let own = own_rate(rate, &tallies);
            let found = own.replicated.judged(own.observed);
            let judged = own.moments >= FEWEST_MOMENTS && own.replicated.varies();
            let outside = judged && found.is_outside(own.observed);
            judged_by.extend(judged.then_some(rate));
            if outside {
                person.outside.push(OutsideRate {
                    check: rate,
                    moments: own.moments,
                    observed: own.observed,
                    predicted: found.mean,
                    band_95: found.band_95,
                    p: found.p,
                });
            }
            for column in std::iter::once(0).chain(group.map(|group| group + 1)) {
                self.sums[rate * (self.groups.len() + 1) + column].add(&own, judged, outside);
            }
        }
        if !person.outside.is_empty() {
            self.found.persons.push(person);
            self.judged.push(judged_by);
        }
    }

    /// Everything that was found.
    pub(super) fn summarised(self) -> PredictiveChecks {
        let Totals { rates, groups, sums, mut found, judged } = self;
        let places = summarise::add_checks(rates, &groups, &sums, &mut found);
        for (person, judged) in found.persons.iter_mut().zip(judged) {
            person.judged = judged.into_iter().filter(|&rate| places[rate].is_some()).count();
            let placed =
                |outside: OutsideRate| Some(OutsideRate { check: places[outside.check]?, ..outside });
            person.outside = std::mem::take(&mut person.outside).into_iter().filter_map(placed).collect();
        }
        found.persons.retain(|person| !person.outside.is_empty());
        found
    }
}

/// One person's rate.
struct OwnRate {
    moments: u32,
    observed: f64,
    replicated: Replicated,
}

fn own_rate(rate: usize, tallies: &Tallies) -> OwnRate {
    let (rates, moments) = (tallies.moments.len(), tallies.moments[rate]);
    let share = |events: u32| f64::from(events) / f64::from(moments);
    let replicated =
        tallies.replicated.iter().skip(rate).step_by(rates).map(|&events| share(events)).collect();
    OwnRate { moments, observed: share(tallies.observed[rate]), replicated: Replicated::new(replicated) }
}

impl Sum {
    fn add(&mut self, own: &OwnRate, judged: bool, outside: bool) {
        self.persons += 1;
        self.moments += u64::from(own.moments);
        self.observed += own.observed;
        for (sum, rate) in self.replicated.iter_mut().zip(own.replicated.rates()) {
            *sum += rate;
        }
        self.judged += usize::from(judged);
        self.outside += usize::from(outside);
        self.varies |= own.replicated.differs_from(own.observed);
    }
}
