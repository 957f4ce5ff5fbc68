//! The kinds of baselines by name, each with its settings, traces and rule.

use super::beliefs::{BeliefKind, BetaCounts, Kalman};
use super::choice_kernel::{self, ChoiceKernel};
use super::exploration::{self, Exploration};
use super::pearce_hall::{self, PearceHall};
use super::random_responder::{self, RandomResponder};
use super::rescorla_wagner::{self, RescorlaWagner, Variant};
use super::rule::{self, Rule, Setting, Trace};
use super::win_stay_lose_shift::{self, WinStayLoseShift};
use crate::real::Real;

/// A kind of baseline, as `baseline = "..."` names it in a model file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BaselineKind {
    /// [Random responder](super::random_responder) with bias.
    RandomResponder,
    /// [Win-stay-lose-shift](super::win_stay_lose_shift) with lapse.
    WinStayLoseShift,
    /// [Choice kernel](super::choice_kernel).
    ChoiceKernel,
    /// [Rescorla-Wagner](super::rescorla_wagner) with one learning rate.
    RescorlaWagner,
    /// Rescorla-Wagner with a learning rate each for positive and negative prediction errors.
    RescorlaWagnerDual,
    /// Rescorla-Wagner that forgets options not chosen.
    RescorlaWagnerForgetting,
    /// Rescorla-Wagner that repeats the last choice.
    RescorlaWagnerPerseveration,
    /// Rescorla-Wagner with a choice kernel.
    RescorlaWagnerChoiceKernel,
    /// [Pearce-Hall](super::pearce_hall): learning rates that follow surprise.
    PearceHall,
    /// [Exploration](super::exploration) directed by uncertainty.
    DirectedExploration,
    /// Exploration that is the more random the more is uncertain.
    RandomExploration,
    /// Both kinds of exploration.
    HybridExploration,
}

/// The kinds by the names of model files.
pub(crate) const KINDS: [(&str, BaselineKind); 12] = [
    ("random_responder", BaselineKind::RandomResponder),
    ("win_stay_lose_shift", BaselineKind::WinStayLoseShift),
    ("choice_kernel", BaselineKind::ChoiceKernel),
    ("rescorla_wagner", BaselineKind::RescorlaWagner),
    ("rescorla_wagner_dual", BaselineKind::RescorlaWagnerDual),
    ("rescorla_wagner_forgetting", BaselineKind::RescorlaWagnerForgetting),
    ("rescorla_wagner_perseveration", BaselineKind::RescorlaWagnerPerseveration),
    ("rescorla_wagner_choice_kernel", BaselineKind::RescorlaWagnerChoiceKernel),
    ("pearce_hall", BaselineKind::PearceHall),
    ("directed_exploration", BaselineKind::DirectedExploration),
    ("random_exploration", BaselineKind::RandomExploration),
    ("hybrid_exploration", BaselineKind::HybridExploration),
];

impl BaselineKind {
    /// What its rule needs, in the order of the rule, and the lapse rate where it has one.
    pub(crate) fn settings(self, actions: usize, beliefs: BeliefKind) -> Vec<Setting> {
        let mut settings = match self {
            BaselineKind::RandomResponder => random_responder::settings(actions),
            BaselineKind::WinStayLoseShift => win_stay_lose_shift::settings(),
            BaselineKind::ChoiceKernel => choice_kernel::settings().to_vec(),
            BaselineKind::PearceHall => pearce_hall::settings(),
            BaselineKind::DirectedExploration => exploration::settings(true, true, false).to_vec(),
            BaselineKind::RandomExploration => exploration::settings(false, false, true).to_vec(),
            BaselineKind::HybridExploration => exploration::settings(true, true, true).to_vec(),
            _ => rescorla_wagner::settings(self.variant()),
        };
        if self.explores() {
            settings.extend(beliefs.settings());
        }
        if self.has_lapse() {
            settings.push(rule::lapse().free_or_at(self == BaselineKind::WinStayLoseShift, 0.0));
        }
        settings
    }

    /// Whether a lapse rate is its last setting.
    pub(crate) fn has_lapse(self) -> bool {
        self != BaselineKind::RandomResponder
    }

    /// Whether habits are added to its logits.
    pub(crate) fn has_habits(self) -> bool {
        !matches!(self, BaselineKind::RandomResponder | BaselineKind::WinStayLoseShift)
    }

    /// Whether it learns from what outcomes are worth.
    pub(crate) fn learns_outcomes(self) -> bool {
        !matches!(self, BaselineKind::RandomResponder | BaselineKind::ChoiceKernel)
    }

    /// Whether it expects an outcome, so that there are prediction errors.
    pub(super) fn expects_outcomes(self) -> bool {
        self.learns_outcomes() && self != BaselineKind::WinStayLoseShift
    }

    /// Whether it has beliefs with an uncertainty.
    pub(crate) fn explores(self) -> bool {
        use BaselineKind::{DirectedExploration, HybridExploration, RandomExploration};
        matches!(self, DirectedExploration | RandomExploration | HybridExploration)
    }

    /// What its trajectories record of every action.
    pub(super) fn traces(self) -> &'static [Trace] {
        match self {
            BaselineKind::RandomResponder | BaselineKind::WinStayLoseShift => &[],
            BaselineKind::ChoiceKernel => &[choice_kernel::TRACE],
            BaselineKind::PearceHall => &[rule::VALUE, pearce_hall::ASSOCIABILITY],
            _ if self.explores() => &[rule::VALUE, exploration::UNCERTAINTY],
            _ => &[rule::VALUE, choice_kernel::TRACE],
        }
    }

    /// Its rule for this number of joint actions.
    pub(super) fn rule<T: Real>(self, actions: usize, beliefs: BeliefKind) -> Box<dyn Rule<T>> {
        match (self, beliefs) {
            (BaselineKind::RandomResponder, _) => Box::new(RandomResponder::new(actions)),
            (BaselineKind::WinStayLoseShift, _) => Box::new(WinStayLoseShift::new()),
            (BaselineKind::ChoiceKernel, _) => Box::new(ChoiceKernel::new(actions)),
            (BaselineKind::PearceHall, _) => Box::new(PearceHall::new(actions)),
            (_, BeliefKind::Kalman) if self.explores() => {
                Box::new(Exploration::new(actions, Kalman::new(actions)))
            }
            (_, BeliefKind::Beta) if self.explores() => {
                Box::new(Exploration::new(actions, BetaCounts::new(actions)))
            }
            _ => Box::new(RescorlaWagner::new(self.variant().is_dual, actions)),
        }
    }

    fn variant(self) -> Variant {
        let plain = Variant::default();
        match self {
            BaselineKind::RescorlaWagnerDual => Variant { is_dual: true, ..plain },
            BaselineKind::RescorlaWagnerForgetting => Variant { forgets: true, ..plain },
            BaselineKind::RescorlaWagnerPerseveration => Variant { perseverates: true, ..plain },
            BaselineKind::RescorlaWagnerChoiceKernel => {
                Variant { perseverates: true, traces_choices: true, ..plain }
            }
            _ => plain,
        }
    }
}
