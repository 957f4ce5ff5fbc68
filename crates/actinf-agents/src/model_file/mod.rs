//! Model files: a task model as one TOML file.
//!
//! # Top level
//!
//! | key            | value                                                                              |
//! |----------------|------------------------------------------------------------------------------------|
//! | `name`         | the name of the model                                                              |
//! | `description`  | one paragraph on what it is (optional)                                             |
//! | `citation`     | where it was published (optional)                                                  |
//! | `order`        | `"act_then_observe"` or `"observe_then_act"`: what comes first within a row of data |
//! | `[parameters]` | the free parameters (optional)                                                     |
//! | `[[controls]]` | what the subject does                                                              |
//! | `[[factors]]`  | hidden-state factors, with prior and transitions                                   |
//! | `[[modalities]]` | what the subject sees, with likelihood and preferences                           |
//! | `[inference]`, `[planning]`, `[choice]`, `[learning]` | how the agent works (all optional)          |
//! | `[[responses]]` | what else the subject reports (optional)                                          |
//! | `[process]`    | the task as it is, where it differs from the model (optional)                      |
//! | `[example]`    | a small study with the task, for its [card](crate::Card) (optional)                |
//!
//! A key that stands in none of the tables below is an error. Names are written with letters, digits and `_`; labels of
//! actions and outcomes may be any text.
//! Controls and factors must have different names, and so must controls, modalities and responses.
//!
//! # Cells
//!
//! A **cell** is a number, or an expression of parameters in quotes: `0.5`, `"1 - p_win"`, `"2 * reward"`. Operators
//! are `+ - * / ^`, functions `exp`, `ln`, `sqrt`, `logistic`, `softplus`. A simplex parameter `start` is used by
//! component: `start[1]`, `start[2]`, ...
//!
//! # Distributions
//!
//! | form                                  | meaning                                                          |
//! |---------------------------------------|------------------------------------------------------------------|
//! | `"uniform"`                           | the same probability for each label                              |
//! | `{ present = "p", absent = "1 - p" }` | probabilities by label; labels not named get 0                   |
//! | `["1 - p", "p"]`                      | probabilities in the order of the labels                         |
//! | `{ normalise = ... }`                 | a list or table of weights, divided by their sum                 |
//! | `{ softmax = ... }`                   | a list or table of logits; labels not named get 0                |
//!
//! Probabilities must sum to 1 at all values of the parameters; the file is tried at the defaults and at several
//! hundred points that cover the supports, bounds included, and refused where a sum is off by more than 1e-9, a
//! cell is negative, or anything is not finite.
//!
//! # `[parameters]`
//!
//! `name = { support = ..., default = ..., symbol = "γ", meaning = "..." }`, in the order in which values are passed.
//!
//! | `support`        | values                     | `default`                                          |
//! |------------------|----------------------------|----------------------------------------------------|
//! | `"real"`         | any number                 | a number                                           |
//! | `"positive"`     | above 0                    | a number                                           |
//! | `"unit"`         | between 0 and 1            | a number                                           |
//! | `[lower, upper]` | between the bounds         | a number                                           |
//! | `"simplex"`      | probabilities that sum to 1 | a list, whose length is the number of components  |
//!
//! `symbol` (default: the name) and `meaning` are for tables and plots. Bounds themselves are excluded. A parameter
//! that no cell uses is an error.
//!
//! # `[[controls]]`
//!
//! `name`, and `actions`: the labels of at least two actions; `meaning` says in words what the column holds (optional, also for
//! modalities and responses). A **joint action** is one action per control; its label
//! joins theirs with `+`, in the order of the controls.
//!
//! # `[[factors]]`
//!
//! | key           | value                                                                                  |
//! |---------------|----------------------------------------------------------------------------------------|
//! | `name`        | the name                                                                               |
//! | `states`      | the labels of its states: letters, digits and `_`                                      |
//! | `prior`       | a distribution over states at the start of each trial                                  |
//! | `transitions` | `"stay"`, `"uniform"` (whatever the state was), rules, or a map                         |
//! | `transition_learning`, `prior_learning` | see [learning](#learning); default: not learned             |
//!
//! **Rules** are a list of `{ when = { variable = "label", ... }, p = distribution }`. The first rule that holds gives
//! the distribution; a variable that a rule does not name may have any label; a list of labels means any of them;
//! `{ otherwise = true, p = ... }` may stand last. Rules must cover all configurations of the variables they
//! name. In transitions the variables are controls and factors (their previous states), and `p = "stay"` keeps the
//! factor's state. What the rules name decides what the factor depends on.
//!
//! **Maps** are transitions drawn: `{ map = [row, ...], control = "step", slip = 0.1 }`, each row a string of states
//! separated by spaces, with `#` for a wall. Every state stands on the map once, and all rows have the same number of
//! places. The control's actions are called `up`, `down`, `left`, `right` and `stay`, as many of them as are needed; a step into
//! a wall or over the edge leaves the state as it is. `slip` is a cell, default 0: the probability that a step fails and
//! leaves the state as it is too. A corridor with a dead end, for example:
//!
//! ```toml
//! transitions = { control = "step", map = [
//!   "west  middle  east",
//!   "#     end     #",
//! ] }
//! ```
//!
//! # `[[modalities]]`
//!
//! | key                | value                                                                             |
//! |--------------------|-----------------------------------------------------------------------------------|
//! | `name`             | the name                                                                          |
//! | `outcomes`         | the labels of at least two outcomes                                               |
//! | `meaning`          | in words, what the column holds (optional)                                        |
//! | `likelihood`       | rules over factors, or `{ observes = "factor" }`: the factor's state is seen without noise |
//! | `preferences`      | cells by label (labels not named get 0) or listed; or a list of these, one for each step ahead (under trial message passing: for each step of the trial); default none |
//! | `preference_form`  | `"log_softmax"`: cells are logits, `ln C = ln softmax(cells)`; `"utilities"`: `ln C = cells`, in nats, as in pymdp; default `"log_softmax"` |
//! | `preference_learning` | `{ rate = ..., forgetting = ... }`, under trial message passing: the preferences are then counts, above 0; default: not learned |
//! | `learning`         | how the likelihood is learned, see [learning](#learning); default: not learned    |
//! | `information_gain` | whether this modality's information about states and about its likelihood counts in planning; default `true` |
//!
//! # How the agent works
//!
//! | key                               | value                                              | default         |
//! |-----------------------------------|----------------------------------------------------|-----------------|
//! | `inference.scheme`                | `"exact"` (joint state of all factors), `"fixed_point_iteration"` (mean field), or, over past steps as well, `"marginal_message_passing"` or `"variational_message_passing"`; see [`crate::state_inference`]; or `"trial_message_passing"`, over all steps of a trial, as in SPM, see [`crate::trial_message_passing`] | `"exact"` |
//! | `inference.sweeps`                | sweeps of all schemes but the exact one            | 16              |
//! | `inference.schedule`              | of fixed-point iteration: `"sequential"` or `"parallel"`; see [`crate::task_model::Schedule`] | `"sequential"` |
//! | `inference.window`                | of message passing: how many past steps are kept, the present one included | the whole trial |
//! | `inference.numerics`              | `"exact"`: `ln 0 = -∞`; `"pymdp"`: in every logarithm that approximate inference, habits and choice take, and in learned tables, what is below 2^-52 counts as 2^-52; `"spm"`: as in SPM, for trial message passing | `"exact"` |
//! | `inference.policies`              | of trial message passing: `"whole_trial"` (a policy prescribes every action of a trial of `horizon + 1` steps) or `"next_step"` | `"whole_trial"` |
//! | `inference.time_constant`, `.reset`, `.pruning`, `.precision_sweeps`, `.initial_state_information_gain` | of trial message passing, see [`crate::task_model::TrialMessagePassing`]; `pruning` may be `"none"` | 4, 4, 3, 16, 1 |
//! | `planning.horizon`                | steps every policy looks ahead                     | 1               |
//! | `planning.policies`               | `"all"`, or a list of policies, each a list of `horizon` joint actions (`"left"`, `"left+fast"` or `{ hand = "left", speed = "fast" }`) | `"all"` |
//! | `planning.utility`                | cell: the weight of utility                        | 1               |
//! | `planning.state_information_gain` | cell: the weight of information about states       | 1               |
//! | `planning.likelihood_information_gain` | cell: the weight of information about learned likelihoods (novelty) | 0 |
//! | `planning.transition_information_gain` | cell: the weight of information about learned transitions (novelty) | 0 |
//! | `planning.inductive_value`        | cell: the weight of the inductive value            | 1 with goals    |
//! | `planning.induction`              | goals that are planned for backwards, see below    | none            |
//! | `planning.sophistication`         | planning by a tree of actions and outcomes, see below | none         |
//! | `planning.monte_carlo_tree_search` | planning by imagined futures, see below           | none            |
//! | `choice.policy_precision`         | cell: `γ`                                          | 1               |
//! | `choice.action_precision`         | cell: `α`                                          | 1               |
//! | `choice.lapse`                    | cell: the probability of a random action           | 0               |
//! | `choice.habits`                   | logits by the policy's first joint action (not named: 0), or one per policy listed | none |
//! | `choice.selection`                | `"policy"`, `"joint_action"` or `"marginal"`; see [`crate::task_model::ActionSelection`] | `"policy"` |
//! | `choice.missing_action`           | `"stay"` or `"average"`; see [`crate::task_model::MissingAction`] | `"stay"` |
//! | `choice.habit_learning`           | how habits are learned, see [learning](#learning)  | not learned     |
//! | `learning.time`                   | when tables are updated: `"step"`, `"trial_end"` or `"session_end"` (which needs `carry`) | `"step"`; `"trial_end"` under trial message passing |
//! | `learning.beliefs`                | from which beliefs: `"filtered"`, those held at the time, or `"smoothed"`, in hindsight at the end of the trial or session | `"filtered"`; `"smoothed"` under trial message passing |
//! | `learning.carry`                  | whether counts are carried to the next session     | `false`         |
//!
//! # Learning
//!
//! Likelihoods (`learning` of a modality), transitions (`transition_learning` of a factor), initial priors (`prior_learning`
//! of a factor) and habits (`habit_learning` of the choice) are learned by Dirichlet counts, see [`crate::learning`]:
//!
//! | key           | value                                                                                  |
//! |---------------|----------------------------------------------------------------------------------------|
//! | `prior_count` | cell above 0: counts start at this number times the table, so that every column sums to it |
//! | `counts`      | instead, for priors and habits: the counts one by one, as a table by label or a list; `prior` or `habits` are then left out and start in these proportions |
//! |               | for likelihoods and transitions `"weights"`: the table's own cells are the counts, those under `normalise` before they are divided by their sum |
//! | `rate`        | cell, at least 0: how many observations each observation counts for; default 1         |
//! |               | for likelihoods also a table or list with a rate for every outcome, such as `{ win = "η_win", loss = "η_loss" }` (not under trial message passing) |
//! | `forgetting`  | cell between 0 and 1: the share of what was learned that is lost with each update; default 0 |
//!
//! Counts of a prior that are not named are 0; counts of habits are named for every action that a policy starts with, or
//! listed policy by policy, and must be above 0.
//!
//! # `[planning.induction]`
//!
//! Goals that are planned for backwards; see [`crate::expected_free_energy::inductive_value`].
//!
//! | key         | value                                                                       | default |
//! |-------------|-----------------------------------------------------------------------------|---------|
//! | `goals`     | `{ place = "home", tool = ["pen", "brush"] }`: states by factor             |         |
//! | `depth`     | how many sets of states are worked out, the goals being the first           |         |
//! | `threshold` | a transition counts as possible if its probability is above this            | 0.1     |
//! | `epsilon`   | states from which the goal is out of reach cost the logarithm of this, in nats | 0.001 |
//!
//! # `[planning.sophistication]`
//!
//! Planning by a tree of actions and outcomes; see [`crate::planning::sophisticated_inference`]. Policies must then be single
//! actions, so that `planning.horizon` is left out.
//!
//! | key                 | value                                                                    | default |
//! |---------------------|--------------------------------------------------------------------------|---------|
//! | `horizon`           | how many steps the tree looks ahead                                      |         |
//! | `action_threshold`  | actions whose probability is not above this are not followed further      | 0       |
//! | `outcome_threshold` | outcome combinations whose probability is not above this are not followed | 0      |
//! | `penalty`           | the expected free energy of an action that is not followed, in nats       | 512     |
//! | `entropy_stop`      | the tree grows no deeper once the entropy of its first actions is not above this, in nats | never stops |
//!
//! With both thresholds 0 and no `entropy_stop` nothing is pruned and the recursion is exact.
//!
//! # `[planning.monte_carlo_tree_search]`
//!
//! Planning by imagined futures; see [`crate::planning::monte_carlo_tree_search`]. Policies must then be single actions, so
//! that `planning.horizon` is left out, and `planning.sophistication` is too.
//!
//! | key                 | value                                                                    | default |
//! |---------------------|--------------------------------------------------------------------------|---------|
//! | `horizon`           | how many steps every future looks ahead                                  |         |
//! | `simulations`       | how many futures are imagined before every action, at least one for each action | |
//! | `exploration`       | how much actions that were tried less are favoured, in nats               | 1       |
//! | `seed`              | where the random numbers start, a whole number: the same for every plan   | 0       |
//!
//! # `[[responses]]`
//!
//! What the subject reports beside the action, or how long it took. Each adds to the log-likelihood; see [`crate::response`].
//!
//! | key            | value                                                                                 |
//! |----------------|---------------------------------------------------------------------------------------|
//! | `name`         | the name                                                                              |
//! | `meaning`      | in words, what the column holds (optional)                                            |
//! | `moment`       | `"step"`, `"trial_end"` or `"session_end"`                                            |
//! | `distribution` | `"normal"`, `"beta"` (ratings between 0 and 1) or `"log_normal"` (reaction times)      |
//! | `mean`, `standard_deviation` | of `"normal"`: cells                                                    |
//! | `mean`, `precision`, `squeeze` | of `"beta"`: cells, the mean between 0 and 1, the precision above 0; and a number `n` above 1 where values may be exactly 0 or 1, which are then squeezed to `(y (n - 1) + 1/2) / n` |
//! | `location`, `scale`, `shift` | of `"log_normal"`: cells, mean and standard deviation of the logarithm of what is above the shift; the shift is 0 if left out |
//!
//! These cells may use, beside parameters, beliefs as `factor.state`, and of the plan behind the row's action (in nats)
//! `policy.entropy`, `action.entropy` and `expected_free_energy.difference`; see [`crate::response::PLAN`].
//!
//! ```toml
//! [[responses]]
//! name = "reaction_time"
//! moment = "step"
//! distribution = "log_normal"
//! location = "log_time + slowing * policy.entropy"
//! scale = "time_sd"
//! shift = 0.15
//! ```
//!
//! # `[process]`
//!
//! `[[process.factors]]` are written as factors. One with the name of a model factor replaces it, others are added,
//! and all further factors are taken over. `[[process.modalities]]` have `name` and `likelihood`, now over the
//! process's factors; the likelihoods of all further modalities are taken over. `[[process.changes]]` have `from_trial` (of a
//! session, from 1), `factor` and `prior`: from that trial on, trials start in other states, as in a reversal.
//!
//! `ends = { factor = ["state", ...] }` says which states of the process end a trial: once one of them is reached and what it
//! shows was seen, no further step is simulated, and where the observation comes first, no action either.
//!
//! # `[example]`
//!
//! A small study with the task, from which behaviour is simulated to be fitted.
//!
//! | key                            | value                                                                    | default |
//! |--------------------------------|--------------------------------------------------------------------------|---------|
//! | `sessions`, `trials`, `steps`  | how much behaviour: sessions per subject, trials per session, steps per trial | 1  |
//! | `fixed`                        | the names of parameters that are better kept at their defaults, for the data do not tell them from others | none |
//! | `note`                         | what can and cannot be told from such data, in words                     |         |
//!
//! # Baselines
//!
//! A file with `baseline = "..."` is a [baseline](crate::baselines), read by [`read_baseline`]; [`crate::Model::read`] reads either.
//!
//! | key            | value                                                                              |
//! |----------------|------------------------------------------------------------------------------------|
//! | `name`, `description`, `citation`, `order`, `[[controls]]`, `[[responses]]` | as above                |
//! | `baseline`     | its kind: `"random_responder"`, `"win_stay_lose_shift"`, `"choice_kernel"`, `"rescorla_wagner"`, `"rescorla_wagner_dual"`, `"rescorla_wagner_forgetting"`, `"rescorla_wagner_perseveration"`, `"rescorla_wagner_choice_kernel"`, `"pearce_hall"`, `"directed_exploration"`, `"random_exploration"` or `"hybrid_exploration"` |
//! | `[[modalities]]` | `name`, `outcomes`, and `values`: cells by label (labels not named get 0) or listed, what each outcome is worth; without `values` a modality is seen and worth nothing |
//! | `[parameters]` | optional; see below                                                                |
//! | `habits`       | logits by joint action (not named: 0) or listed; default none                      |
//! | `beliefs`      | of the kinds of exploration: `"kalman"` or `"beta"`; default `"kalman"`            |
//! | `carry`        | whether what was learned is carried to the next session; default `false`           |
//! | `[process]`    | the task as it is, with all its factors and the likelihoods of all modalities; needed to simulate only |
//!
//! A kind has **settings**, such as `learning_rate`; its page lists them. Most are parameters of the same name, others fixed (`lapse`
//! at 0, `initial_value` at 0). Under `[parameters]`, a table frees a setting or changes what is said of it (all keys are
//! optional), a number or expression fixes it, and further parameters are declared for such expressions to use:
//!
//! ```toml
//! baseline = "rescorla_wagner"
//! ...
//! [parameters]
//! learning_rate = { default = 0.2 }     # free anyway; other default
//! lapse = {}                            # free too
//! initial_value = 0.5                   # fixed
//! loss_aversion = { support = "positive", default = 1.0 }
//!
//! [[modalities]]
//! name = "outcome"
//! outcomes = ["loss", "win"]
//! values = { win = 1, loss = "-loss_aversion" }
//! ```
//!
//! In the cells of responses a baseline's quantities stand for beliefs: `value.left`, `action.entropy` (in nats),
//! `prediction_error.outcome`, and others that its trajectory records.
//!
//! # Example
//!
//! ```
//! let model = actinf_agents::model_file::read(
//!     r#"
//!     name = "button"
//!     order = "act_then_observe"
//!
//!     [parameters]
//!     control = { support = "unit", default = 0.8, meaning = "how often a press is believed to light the lamp" }
//!     wish    = { support = "real", default = 1.0, meaning = "how much the light is preferred" }
//!
//!     [[controls]]
//!     name = "button"
//!     actions = ["release", "press"]
//!
//!     [[factors]]
//!     name = "finger"
//!     states = ["up", "down"]
//!     prior = { up = 1 }
//!     transitions = [
//!       { when = { button = "press" }, p = { down = 1 } },
//!       { otherwise = true, p = { up = 1 } },
//!     ]
//!
//!     [[modalities]]
//!     name = "lamp"
//!     outcomes = ["off", "on"]
//!     preferences = { on = "wish" }
//!     likelihood = [
//!       { when = { finger = "down" }, p = { on = "control", off = "1 - control" } },
//!       { otherwise = true, p = { off = 1 } },
//!     ]
//!     "#,
//!     "button.toml",
//! )?;
//! assert_eq!(model.modalities[0].parents, [0]);
//! assert_eq!(model.modalities[0].likelihood[1].cells[0].evaluate(&[0.75, 1.0]), 0.25);
//! assert_eq!(model.planning.policies, [[0], [1]]);
//! # Ok::<(), actinf_agents::document::DocumentError>(())
//! ```

mod baseline;
mod choice;
mod claims;
mod context;
mod declarations;
mod distribution;
mod example;
mod factors;
mod induction;
mod inference;
mod labels;
mod learning;
mod map;
mod modalities;
mod monte_carlo_tree_search;
mod parameters;
mod planning;
mod policies;
mod process;
mod responses;
mod rules;
mod sophistication;
mod test_points;
mod trial_message_passing;

use crate::baselines::BaselineModel;
use crate::behaviour_model::Design;
use crate::document::{Document, DocumentError, Section};
use crate::parameter::Parameter;
use crate::schema::{RowOrder, Schema};
use crate::task_model::{Factor, Modality, Response, TaskModel};
use context::Context;
use declarations::Declarations;
use labels::Labels;
use rules::Scope;
use test_points::TestPoints;

const KEYS: [&str; 15] = [
    "name",
    "description",
    "citation",
    "order",
    "parameters",
    "controls",
    "factors",
    "modalities",
    "inference",
    "planning",
    "choice",
    "learning",
    "responses",
    "process",
    "example",
];

const ORDERS: [(&str, RowOrder); 2] =
    [("act_then_observe", RowOrder::ActThenObserve), ("observe_then_act", RowOrder::ObserveThenAct)];

/// Reads a model file from its text; `file` is its name in messages.
///
/// # Errors
///
/// If the text is not TOML, has a key or name that is not known, lacks a key, or describes something that is not
/// a probability distribution or out of its range at some values of the parameters. The error names the line.
pub fn read(text: &str, file: &str) -> Result<TaskModel, DocumentError> {
    let document = Document::parse(text, file)?;
    let root = document.section(&KEYS)?;
    let (_, order) = (root.required("name")?, root.required("order")?.choice(&ORDERS)?);
    name_of(&root)?;
    let (parameters, places): (Vec<Parameter>, Vec<_>) =
        parameters::read(root.optional("parameters"))?.into_iter().unzip();
    let mut context = Context::new(&parameters);
    let mut declared = Declarations::read(&root)?;
    let model = body(&root, order, &mut declared, parameters, &mut context)?;
    check(&context, &model, &declared.factor_labels())?;
    context.refuse_unused(&model.parameters, &places)?;
    example::example(root.optional("example"), &model.parameters)?;
    Ok(model)
}

/// Reads the model file of a baseline from its text; `file` is its name in messages.
///
/// # Errors
///
/// As [`read`].
pub fn read_baseline(text: &str, file: &str) -> Result<BaselineModel, DocumentError> {
    let document = Document::parse(text, file)?;
    baseline::read(&document.section(&baseline::KEYS)?)
}

/// The example of a model file that was read, given its text and its parameters; one session of 100 steps where it names none.
pub(crate) fn example_of(
    text: &str,
    file: &str,
    parameters: &[Parameter],
) -> Result<(Design, Vec<String>, String), DocumentError> {
    let document = Document::parse(text, file)?;
    let entries = document.value().entries()?;
    let at = entries.into_iter().find(|entry| entry.key == "example").map(|entry| entry.value);
    example::example(at, parameters)
}

/// What a model file says of its columns in words: the meanings of controls, modalities and responses that have one, by name.
pub(crate) fn meanings_of(text: &str, file: &str) -> Result<Vec<(String, String)>, DocumentError> {
    let document = Document::parse(text, file)?;
    let mut meanings = Vec::new();
    for part in document.value().entries()? {
        if !["controls", "modalities", "responses"].contains(&part.key) {
            continue;
        }
        for item in part.value.list()? {
            let entries = item.entries()?;
            let text =
                |key: &str| entries.iter().find(|entry| entry.key == key).map(|entry| entry.value.text());
            if let (Some(name), Some(meaning)) = (text("name"), text("meaning")) {
                meanings.push((format!("{}.{}", part.key, name?), paragraph(Some(meaning?))));
            }
        }
    }
    Ok(meanings)
}

fn name_of(root: &Section<'_>) -> Result<String, DocumentError> {
    let name = root.required("name")?;
    if name.text()?.trim().is_empty() {
        return Err(name.reject("must not be empty"));
    }
    name.text().map(str::to_owned)
}

/// Reads everything that uses cells.
fn body<'a>(
    root: &Section<'a>,
    row_order: RowOrder,
    declared: &mut Declarations<'a>,
    parameters: Vec<Parameter>,
    context: &mut Context<'a>,
) -> Result<TaskModel, DocumentError> {
    let labels = declared.factor_labels();
    let (factors, modalities) = generative_model(declared, &labels, context)?;
    let inputs = responses::input_names(&labels);
    let responses =
        responses::responses(root.optional("responses"), &inputs, &mut declared.columns, context)?;
    let schema = schema(declared, &responses, row_order);
    let at = root.optional("inference");
    let (inference, numerics) = inference::inference(at)?;
    inference::refuse_logarithms_of_zero(at, (inference, numerics), &factors, &modalities)?;
    declared.refuse_large_joint_states(root, inference)?;
    let planning = planning::planning(root, &schema, (&factors, &modalities), context)?;
    trial_message_passing::check(root, inference, (&declared.factors, &factors), &planning)?;
    modalities::check_preferences(&declared.modalities, &modalities, (inference, &planning))?;
    let choice = choice::choice(root.optional("choice"), &schema, &planning, context)?;
    let process = match root.optional("process") {
        None => process::same_as_model(&factors, &modalities),
        Some(at) => process::read(at, &declared.factors, &declared.modalities, &declared.controls, context)?,
    };
    process::refuse_ends(root.optional("process"), &process, inference)?;
    Ok(TaskModel {
        name: name_of(root)?,
        description: paragraph(root.optional_text("description")?),
        citation: paragraph(root.optional_text("citation")?),
        parameters,
        schema,
        factors,
        modalities,
        process,
        inference,
        planning,
        choice,
        learning: learning::settings(root.optional("learning"), inference)?,
        numerics,
        responses,
    })
}

fn schema(declared: &Declarations<'_>, responses: &[Response], row_order: RowOrder) -> Schema {
    Schema {
        controls: declared.controls.iter().map(Labels::variable).collect(),
        modalities: declared.modalities.iter().map(|modality| modality.labels.variable()).collect(),
        responses: responses.iter().map(|response| response.variable.clone()).collect(),
        row_order,
    }
}

fn generative_model<'a>(
    declared: &Declarations<'a>,
    labels: &[Labels],
    context: &mut Context<'a>,
) -> Result<(Vec<Factor>, Vec<Modality>), DocumentError> {
    let scope = Scope { controls: &declared.controls, factors: labels };
    let mut factors = Vec::new();
    for (index, factor) in declared.factors.iter().enumerate() {
        let mut read = factors::factor(factor.value, index, scope, context)?;
        factors::learning(factor.value, &mut read, context)?;
        factors.push(read);
    }
    let mut modalities = Vec::new();
    for modality in &declared.modalities {
        modalities.push(modalities::modality(modality.value, &modality.labels, scope, context)?);
    }
    Ok((factors, modalities))
}

/// Checks everything that must hold at all values of the parameters.
fn check(context: &Context<'_>, model: &TaskModel, factors: &[Labels]) -> Result<(), DocumentError> {
    let names = context.names().iter().cloned().chain(responses::input_names(factors)).collect();
    let points = TestPoints::new(&model.parameters, names, &responses::inputs(factors));
    context.claims.iter().try_for_each(|claim| claim.check(&points))
}

/// Text without line breaks and indentation.
fn paragraph(text: Option<&str>) -> String {
    text.unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
