//! Learning as pymdp (inferactively-pymdp 1.0.4) does it: two recorded agents, with the numbers it produced.
//!
//! Every table starts in proportion to the counts that stand in the model, and the counts start at these numbers.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use actinf_agents::task_model::{
    Counts, Distribution, InferenceScheme, Learning, LearningBeliefs, LearningTime, Schedule,
};
use actinf_agents::{
    ActiveInference, Inspection, Observation, Session, Step, Subject, TaskModel, Trial, model_file,
};
use ndarray::Array2;

/// Takes the cells of a table for its counts.
fn count(learning: Option<&mut Learning>, columns: &[Distribution]) {
    let cells = columns.iter().map(|column| column.cells.clone()).collect();
    learning.unwrap().counts = Counts::Explicit(cells);
}

fn read(text: &str, time: LearningTime, beliefs: LearningBeliefs) -> TaskModel {
    let mut model = model_file::read(text, "pymdp.toml").unwrap();
    (model.learning.time, model.learning.beliefs) = (time, beliefs);
    for modality in &mut model.modalities {
        count(modality.learning.as_mut(), &modality.likelihood);
    }
    for factor in &mut model.factors {
        count(factor.transition_learning.as_mut(), &factor.transitions.columns);
    }
    model
}

/// One session whose trials are lists of observed outcomes and the action after them.
fn inspect(model: TaskModel, trials: &[&[(&[usize], usize)]]) -> Vec<Inspection> {
    let step = |(outcomes, action): &(&[usize], usize)| Step {
        row: 0,
        actions: vec![Some(*action)],
        observations: outcomes.iter().map(|&outcome| Observation::Outcome(outcome)).collect(),
        responses: vec![],
    };
    let trial = |steps: &&[(&[usize], usize)]| Trial {
        label: String::new(),
        aborted: false,
        steps: steps.iter().map(step).collect(),
    };
    let session = Session { label: String::new(), trials: trials.iter().map(trial).collect() };
    let subject = Subject { id: "recorded".into(), sessions: vec![session] };
    ActiveInference::new(model).inspect(&subject, &[]).unwrap()
}

#[track_caller]
fn assert_table(found: &Array2<f64>, expected: &[f64]) {
    assert_eq!(found.len(), expected.len());
    for (a, b) in found.iter().zip(expected) {
        assert!((a - b).abs() < 1e-11, "{a} is not {b}");
    }
}

#[track_caller]
fn assert_actions(steps: &[Inspection], actions: &[usize], expected: &[f64]) {
    assert_eq!(steps.len(), expected.len());
    for ((step, &action), log) in steps.iter().zip(actions).zip(expected) {
        let found = step.log_action_probabilities[action];
        assert!((found - log).abs() < 1e-11, "{found} is not {log}");
    }
}

const EXACT: &str = r#"
name = "exact"
order = "observe_then_act"
[[controls]]
name = "u"
actions = ["0", "1"]
[[factors]]
name = "f0"
states = ["s0", "s1", "s2"]
prior = { normalise = [0.594039054456865, 0.123050857617531, 0.282910087925604] }
transitions = [
  { when = { u = "0", f0 = "s0" }, p = { normalise = [1.926, 1.774, 2.479] } },
  { when = { u = "0", f0 = "s1" }, p = { normalise = [1.451, 0.824, 0.904] } },
  { when = { u = "0", f0 = "s2" }, p = { normalise = [1.437, 0.989, 1.71] } },
  { when = { u = "1", f0 = "s0" }, p = { normalise = [1.858, 1.859, 2.939] } },
  { when = { u = "1", f0 = "s1" }, p = { normalise = [1.326, 0.564, 1.644] } },
  { when = { u = "1", f0 = "s2" }, p = { normalise = [2.04, 1.788, 2.993] } },
]
transition_learning = { prior_count = 1 }
[[modalities]]
name = "m0"
outcomes = ["0", "1", "2"]
preferences = [-1.377, 0.495, 1.912]
learning = { prior_count = 1 }
likelihood = [
  { when = { f0 = "s0" }, p = { normalise = [2.391, 1.217, 1.163] } },
  { when = { f0 = "s1" }, p = { normalise = [2.622, 1.629, 1.108] } },
  { when = { f0 = "s2" }, p = { normalise = [1.412, 1.214, 1.751] } },
]
"#;

/// Two blocks; A and B are learned at the end of each, from beliefs smoothed over it.
#[test]
fn block_end_learning_from_smoothed_beliefs() {
    let model = read(EXACT, LearningTime::TrialEnd, LearningBeliefs::Smoothed);
    let steps = inspect(
        model,
        &[
            &[(&[0], 0), (&[0], 1), (&[1], 1), (&[2], 1), (&[2], 0)],
            &[(&[2], 1), (&[2], 1), (&[0], 0), (&[1], 1), (&[2], 1)],
        ],
    );
    let likelihood = [
        0.5215264487954,
        0.227690711529,
        0.2507828396756,
        0.4790341057009,
        0.295537966924,
        0.2254279273751,
        0.2939552026149,
        0.2560023360477,
        0.4500424613375,
    ];
    let transitions = [
        0.3172885499803,
        0.2907611612586,
        0.3919502887611,
        0.4589038876524,
        0.2600449742609,
        0.2810511380868,
        0.3504896462782,
        0.2406222585448,
        0.408888095177,
        0.2739252412657,
        0.2747976666215,
        0.4512770921129,
        0.365090030928,
        0.155906627064,
        0.479003342008,
        0.2907004553782,
        0.2529086080198,
        0.456390936602,
    ];
    // What the second block is lived with is what was learned from the first.
    assert_table(&steps[5].likelihood[0], &likelihood);
    assert_table(&steps[5].transitions[0], &transitions);
    assert_actions(
        &steps,
        &[0, 1, 1, 1, 0, 1, 1, 0, 1, 1],
        &[
            -0.7094598198487,
            -0.6702740658086,
            -0.6730987680001,
            -0.677664107633,
            -0.7091649835793,
            -0.6694623644036,
            -0.6663720780047,
            -0.7273889961091,
            -0.6591024822746,
            -0.667203095193,
        ],
    );
}

const FACTORS: &str = r#"
name = "ovf"
order = "observe_then_act"
[[controls]]
name = "u"
actions = ["0", "1"]
[[factors]]
name = "f0"
states = ["s0", "s1", "s2"]
prior = { normalise = [0.3270944196290128, 0.09237064496929262, 0.5805349354016945] }
transitions = [
  { when = { u = "0", f0 = "s0" }, p = { normalise = [1.978, 2.634, 0.671] } },
  { when = { u = "0", f0 = "s1" }, p = { normalise = [0.83, 0.655, 0.961] } },
  { when = { u = "0", f0 = "s2" }, p = { normalise = [2.692, 0.442, 1.048] } },
  { when = { u = "1", f0 = "s0" }, p = { normalise = [2.025, 1.479, 1.335] } },
  { when = { u = "1", f0 = "s1" }, p = { normalise = [2.429, 2.825, 1.135] } },
  { when = { u = "1", f0 = "s2" }, p = { normalise = [1.239, 1.844, 0.378] } },
]
transition_learning = { prior_count = 1 }
[[factors]]
name = "f1"
states = ["s0", "s1"]
prior = { normalise = [0.4523818849031096, 0.5476181150968903] }
transitions = [
  { when = { f1 = "s0" }, p = { normalise = [2.329, 1.8] } },
  { when = { f1 = "s1" }, p = { normalise = [2.948, 2.468] } },
]
transition_learning = { prior_count = 1 }
[[modalities]]
name = "m0"
outcomes = ["0", "1", "2"]
preferences = [-0.84, -1.195, -1.25]
learning = { prior_count = 1 }
likelihood = [
  { when = { f0 = "s0", f1 = "s0" }, p = { normalise = [0.36, 1.122, 1.095] } },
  { when = { f0 = "s0", f1 = "s1" }, p = { normalise = [0.356, 0.399, 1.529] } },
  { when = { f0 = "s1", f1 = "s0" }, p = { normalise = [1.42, 1.078, 2.612] } },
  { when = { f0 = "s1", f1 = "s1" }, p = { normalise = [0.466, 0.974, 1.943] } },
  { when = { f0 = "s2", f1 = "s0" }, p = { normalise = [0.736, 0.755, 2.602] } },
  { when = { f0 = "s2", f1 = "s1" }, p = { normalise = [2.98, 1.216, 1.339] } },
]
[[modalities]]
name = "m1"
outcomes = ["0", "1"]
preferences = [-0.662, 0.859]
learning = { prior_count = 1 }
likelihood = [
  { when = { f0 = "s0", f1 = "s0" }, p = { normalise = [2.764, 1.124] } },
  { when = { f0 = "s0", f1 = "s1" }, p = { normalise = [0.311, 0.635] } },
  { when = { f0 = "s1", f1 = "s0" }, p = { normalise = [2.171, 0.486] } },
  { when = { f0 = "s1", f1 = "s1" }, p = { normalise = [2.67, 0.346] } },
  { when = { f0 = "s2", f1 = "s0" }, p = { normalise = [1.805, 0.747] } },
  { when = { f0 = "s2", f1 = "s1" }, p = { normalise = [0.373, 2.574] } },
]
"#;

/// Two factors; every step counts the whole trial so far again.
#[test]
fn online_learning_that_recounts_the_smoothed_trial() {
    let mut model = read(FACTORS, LearningTime::Step, LearningBeliefs::SmoothedRecount);
    model.inference = InferenceScheme::FixedPointIteration { sweeps: 16, schedule: Schedule::Parallel };
    let steps = inspect(model, &[&[(&[2, 0], 0), (&[2, 0], 1), (&[1, 1], 1), (&[0, 0], 0)]]);
    let last = steps.last().unwrap();
    assert_table(
        &last.likelihood[0],
        &[
            0.0948832310223,
            0.2953425352472,
            0.6097742337306,
            0.1167426796933,
            0.2537095679429,
            0.6295477523637,
            0.2634758921937,
            0.1852294366068,
            0.5512946711995,
            0.1560243053973,
            0.2794638398212,
            0.5645118547815,
            0.1367167774972,
            0.1616546160211,
            0.7016286064817,
            0.4690226747598,
            0.2377234120714,
            0.2932539131688,
        ],
    );
    assert_table(
        &last.likelihood[1],
        &[
            0.7626729163386,
            0.2373270836614,
            0.5048283918483,
            0.4951716081517,
            0.8464897321444,
            0.1535102678556,
            0.8554134100402,
            0.1445865899598,
            0.7884062793282,
            0.2115937206718,
            0.2589557819607,
            0.7410442180393,
        ],
    );
    assert_table(
        &last.transitions[0],
        &[
            0.367287372062,
            0.5155710137974,
            0.1171416141406,
            0.3423094257108,
            0.2840716198901,
            0.3736189543991,
            0.6543297494759,
            0.1183287805091,
            0.2273414700151,
            0.4181435098612,
            0.2904043596227,
            0.2914521305161,
            0.386879608277,
            0.4277427673626,
            0.1853776243604,
            0.355067355791,
            0.5320704691518,
            0.1128621750572,
        ],
    );
    assert_table(&last.transitions[1], &[0.5852438973793, 0.4147561026207, 0.5497820705851, 0.4502179294149]);
    assert_actions(
        &steps,
        &[0, 1, 1, 0],
        &[-0.6402116300641, -0.7061768783892, -0.7013774626732, -0.6516210705698],
    );
}
