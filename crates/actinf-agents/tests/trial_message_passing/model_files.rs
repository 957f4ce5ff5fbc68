//! What model files may and may not say about the scheme.

use super::{Seen, subject, text};
use actinf_agents::task_model::{
    Counts, InferenceScheme, LearningBeliefs, LearningTime, PolicyExtent, TrialMessagePassing,
};
use actinf_agents::{ActiveInference, BehaviourModel, default_values, model_file, tasks};

#[test]
fn settings_are_read_and_their_defaults_are_those_of_spm() {
    let task = model_file::read(&text(false, "spm"), "m.toml").unwrap();
    let expected = TrialMessagePassing {
        policies: PolicyExtent::NextStep,
        time_constant: 3.0,
        reset: 2.0,
        ..TrialMessagePassing::default()
    };
    assert_eq!(task.inference, InferenceScheme::TrialMessagePassing(expected));
    assert_eq!((expected.pruning, expected.precision_sweeps), (Some(3.0), 16));
    let without = text(true, "spm").replace("reset = 2", "pruning = \"none\"\nprecision_sweeps = 0");
    let task = model_file::read(&without, "m.toml").unwrap();
    let InferenceScheme::TrialMessagePassing(settings) = task.inference else { panic!("another scheme") };
    assert_eq!((settings.pruning, settings.precision_sweeps, settings.reset), (None, 0, 4.0));
    assert_eq!(task.learning.time, LearningTime::TrialEnd);
    assert_eq!(task.learning.beliefs, LearningBeliefs::Smoothed);
    // The weights under `normalise` are the counts.
    let learning = task.factors[0].transition_learning.as_ref().unwrap();
    let Counts::Explicit(columns) = &learning.counts else { panic!("no counts") };
    assert_eq!(columns[1][1].as_constant(), Some(1.0));
    assert_eq!(columns[0][0].slots(), [5]);
}

#[test]
fn what_does_not_go_together_is_refused() {
    let cases = [
        ("time_constant = 3", "time_constant = 0.5", "`inference.time_constant` must be at least 1, not 0.5"),
        ("numerics = \"spm\"", "numerics = \"pymdp\"", "can be `exact` or `spm` under trial message passing"),
        ("reset = 2", "window = 3", "`inference.window` belongs to"),
        ("reset = 2", "pruning = \"sometimes\"", "cannot be `sometimes`"),
        ("carry = true", "time = \"step\"", "cannot have another `time` than `trial_end`"),
        ("horizon = 2", "horizon = 3", "is given for 3 steps, but a trial has 4"),
        (
            "{ when = { mood = \"bad\" }, p = { good = 0.2, bad = 0.8 } }",
            "{ when = { mood = \"bad\", place = \"p\" }, p = { good = 1 } }, { otherwise = true, p = { bad = 1 } }",
            "cannot depend on another factor",
        ),
    ];
    for (from, to, expected) in cases {
        let changed = text(true, "spm").replace(from, to);
        assert_ne!(changed, text(true, "spm"), "{from}");
        let message = model_file::read(&changed, "m.toml").expect_err(to).to_string();
        assert!(message.contains(expected), "{message}");
    }
    let search = "horizon = 1\nmonte_carlo_tree_search = { horizon = 2, simulations = 9 }";
    let searching = text(false, "spm").replace("horizon = 1", search);
    let message = model_file::read(&searching, "m.toml").unwrap_err().to_string();
    assert!(message.contains("`monte_carlo_tree_search` under trial message passing"), "{message}");
    let filtering = text(true, "exact")
        .replace("trial_message_passing\"\npolicies = \"whole_trial\"", "exact\"")
        .replace("time_constant = 3\nreset = 2", "")
        .replace("[{ x = \"wish\" }, { x = \"wish / 2\" }, { y = 1 }]", "{ x = \"wish\" }");
    let message = model_file::read(&filtering, "m.toml").unwrap_err().to_string();
    assert!(message.contains("preference_learning` needs scheme"), "{message}");
    let spm = "[inference]\nscheme = \"exact\"\nnumerics = \"spm\"\n[choice]";
    let message = model_file::read(&tasks::text("t_maze").unwrap().replace("[choice]", spm), "m.toml");
    assert!(message.unwrap_err().to_string().contains("can be `spm` only where"));
}

#[test]
fn trials_that_do_not_fit_the_policies_are_refused_with_their_place() {
    let model = ActiveInference::new(tasks::read("explore_exploit").unwrap());
    let values = default_values(model.parameters());
    let seen: Seen<'_> = &[Some(0), Some(0), Some(0)];
    let acts = [(seen, Some(2)), (seen, Some(0)), (seen, Some(0))];
    let error = model.trajectory(&subject(&[&acts]), &values).unwrap_err().to_string();
    assert!(error.contains("an action at the last step of the trial") && error.contains("step 3"), "{error}");
    let long = [(seen, Some(2)), (seen, Some(0)), (seen, None), (seen, None)];
    let error = model.trajectory(&subject(&[&long]), &values).unwrap_err().to_string();
    assert!(
        error.contains("more rows than the model's policies allow, 3") && error.contains("step 4"),
        "{error}"
    );
}
