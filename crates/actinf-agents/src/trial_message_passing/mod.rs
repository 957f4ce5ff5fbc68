//! Trial message passing: all steps of a trial, past and to come, inferred at once for every policy. This is the agent of
//! SPM's `spm_MDP_VB_X`.
//!
//! ```text
//! at every step of a trial
//!   observe       L_t(s) = Π_g A_g(o_g,t | s)                                       evidence
//!   drop          policies whose ln π is further than ζ below the best one's
//!   reset         x ← softmax(ln x / reset)
//!   infer         x_f,t(s | π) for all steps t, by message passing, with F(π)        messages, free_energy
//!   value         G(π) from the present step to the last                             expected_free_energy
//!   judge         π = softmax(ln E - γ G + F), γ updated                             precision
//!   act           p(u) = softmax(α ln Σ_{π prescribes u} π)                          crate::action_selection
//! at its end
//!   learn         counts of A, B, C, D, E from beliefs in hindsight                  learning
//! ```
//!
//! Beliefs about states and the precision start anew with every trial; counts are carried through the session. Unlike a
//! filtering agent, which knows what it did, this one infers it: what was done shows in the outcomes, and policies that do not
//! fit have little free energy `F`. Only where policies prescribe the next action alone ([`PolicyExtent::NextStep`]) do past
//! actions enter as they were. Recorded actions and outcomes are taken as they are; nothing is drawn.
//!
//! # Model files
//!
//! ```toml
//! [inference]
//! scheme = "trial_message_passing"
//! policies = "whole_trial"       # SPM's V; "next_step" is SPM's U
//! numerics = "spm"               # or "exact"
//! time_constant = 4              # τ
//! reset = 4                      # erp
//! pruning = 3                    # ζ, or "none"
//!
//! [planning]
//! horizon = 2                    # a trial has horizon + 1 steps; the last has no action
//! likelihood_information_gain = 1
//!
//! [choice]
//! policy_precision = "1 / beta"  # γ = 1 / β
//! action_precision = "alpha"
//! selection = "joint_action"
//! ```
//!
//! Preferences may be given step by step of the trial, its first step first, and may be learned. Counts that are given cell
//! by cell are the model: probabilities are made from them from the start. Transitions may depend on no other factor.
//!
//! # Numerics
//!
//! | | `"exact"` | `"spm"` |
//! |---|---|---|
//! | logarithms of beliefs and messages | `ln 0 = -∞`; impossible states and policies drop out | `ln(p + 1e-16)` |
//! | logarithms in information gain | as above | `ln(p + e^-16)`; joint states with `q ≤ e^-16` are left out |
//! | free energy of policies | likelihood counted once at every step | more often at the first, half at the last step ([`free_energy`]) |
//! | sweeps | all | the third and fourth left out once `F` rises by no more than `e^-8` |
//! | novelty of B | of the action that a policy prescribes | of the action whose number is the policy's, transposed ([`expected_free_energy`]) |
//! | novelty of D, counts of 0 | none | as if `1e-16` were there |
//! | forgetting | once per trial | once per step (A), per step and policy (B) ([`learning`]) |
//! | `ψ(c)` of preferences and complexity | as it is | arguments shifted by 1/32 |
//!
//! # References
//!
//! Friston, FitzGerald, Rigoli, Schwartenbeck & Pezzulo (2017). Active inference: a process theory. *Neural Computation* 29,
//! 1-49. Parr, Markovic, Kiebel & Friston (2019). Neuronal message passing using mean-field, Bethe, and marginal
//! approximations. *Scientific Reports* 9, 1889. Smith, Friston & Whyte (2022). A step-by-step tutorial on active inference
//! and its application to empirical data. *Journal of Mathematical Psychology* 107, 102632.
//!
//! [`PolicyExtent::NextStep`]: crate::task_model::PolicyExtent::NextStep

mod beliefs;
pub mod complexity;
mod counts;
mod evidence;
pub mod expected_free_energy;
pub mod free_energy;
mod inspection;
mod kernel;
mod knowledge;
mod layout;
pub mod learning;
pub mod messages;
mod mind;
mod outcomes;
mod outlook;
mod pace;
pub mod precision;
mod route;

pub use complexity::dirichlet_divergence;
pub(crate) use inspection::inspect;
pub use inspection::{Counts, TrialInspection, TrialStep};
pub(crate) use mind::TrialMind;

use crate::behaviour::{Place, Subject};
use crate::error::{LikelihoodError, LikelihoodErrorKind};
use crate::schema::RowOrder;
use crate::task_model::{InferenceScheme, PolicyExtent, TaskModel};

/// Checks that trials are no longer than policies and have no action where none is due; nothing for other schemes.
pub(crate) fn check(task: &TaskModel, subject: &Subject) -> Result<(), LikelihoodError> {
    let InferenceScheme::TrialMessagePassing(settings) = task.inference else { return Ok(()) };
    let most = (settings.policies == PolicyExtent::WholeTrial).then(|| most_rows(task));
    let observes_first = task.schema.row_order == RowOrder::ObserveThenAct;
    for (place, step) in subject.steps() {
        let rows = subject.sessions[place.session].trials[place.trial].steps.len();
        let points = if observes_first { most.unwrap_or(rows) } else { rows + 1 };
        let has_action = step.actions.iter().any(Option::is_some);
        let what = if most.is_some_and(|most| place.step >= most) {
            format!("the trial has more rows than the model's policies allow, {}", most.unwrap_or(0))
        } else if observes_first && has_action && place.step + 1 == points {
            "there is an action at the last step of the trial, where the model has none; leave the cell empty"
                .into()
        } else {
            continue;
        };
        return Err(at(place, step.row, what));
    }
    Ok(())
}

/// The rows of a trial whose policies prescribe all its actions.
fn most_rows(task: &TaskModel) -> usize {
    task.planning.horizon + usize::from(task.schema.row_order == RowOrder::ObserveThenAct)
}

fn at(place: Place, row: usize, what: String) -> LikelihoodError {
    LikelihoodError { kind: LikelihoodErrorKind::InvalidBehaviour(what), place: Some(place), row: Some(row) }
}
