//! `actinf import`: models of SPM and pymdp, and that they say what they said there.

use crate::study::Study;
use std::path::{Path, PathBuf};

fn fixture(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/cli/import");
    folder.join(name).display().to_string()
}

/// The explore-exploit task with everything fixed, simulated by the built-in model.
const BUILT_IN: &str = r#"
model = "explore_exploit"

[data]
file = "data/behaviour.csv"
subject = "subject"
session = "session"
trial = "trial"

[data.actions]
choice = "choice"

[data.observations]
hint = "hint"
outcome = "outcome"
state = "state"

[simulate]
subjects = 2
trials = 12
steps = 3
"#;

/// The same data for the imported model, whose control and third modality have other names.
fn imported(model: &str) -> String {
    BUILT_IN
        .replace("\"explore_exploit\"", &format!("\"{model}\""))
        .replace("choice = \"choice\"", "state_action = \"choice\"")
        .replace("state = \"state\"", "state_seen = \"state\"")
}

/// The log-likelihoods of all subjects.
fn scores(study: &Study, fit: &str) -> Vec<f64> {
    let table = study.actinf(&["score", fit, "--parameters", "none.csv"]).exits_with(0).printed;
    let heading: Vec<&str> = table.lines().next().unwrap().split(',').collect();
    let column = heading.iter().position(|name| *name == "log_likelihood").unwrap();
    table.lines().skip(1).map(|line| line.split(',').nth(column).unwrap().parse().unwrap()).collect()
}

fn with_data() -> Study {
    let study = Study::new();
    study.write("built_in.toml", BUILT_IN);
    let names = "action_precision,precision_rate,loss_aversion,risk_seeking,learning_rate,context_count,believed_win_probability";
    study.write("values.csv", &format!("{names}\n32,1,1,4,0.5,0.25,0.8\n"));
    study.write("none.csv", "subject\nsimulated-1\nsimulated-2\n");
    study.actinf(&["simulate", "built_in.toml", "--out", "data"]).exits_with(0);
    study
}

#[test]
fn an_mdp_structure_scores_as_the_built_in_task() {
    let study = with_data();
    let fixed = "[fixed]\naction_precision = 32.0\nprecision_rate = 1.0\nloss_aversion = 1.0\nrisk_seeking = 4.0\nlearning_rate = 0.5\ncontext_count = 0.25\nbelieved_win_probability = 0.8\n\n[simulate]";
    study.write("fixed.toml", &BUILT_IN.replace("[simulate]", fixed));
    let expected = scores(&study, "fixed.toml");
    for name in ["explore_exploit", "explore_exploit_v6"] {
        let model = format!("{name}.toml");
        study
            .actinf(&["import", &fixture(&format!("{name}.mat")), "--out", &model])
            .exits_with(0)
            .prints(&["1 controls, 3 modalities"]);
        study.write("imported.toml", &imported(&model));
        study.actinf(&["check", "imported.toml"]).exits_with(0).prints(&["2 subjects"]);
        let found = scores(&study, "imported.toml");
        assert_eq!(found.len(), 2);
        for (found, expected) in found.iter().zip(&expected) {
            assert!((found - expected).abs() < 1e-10, "{name}: {found} instead of {expected}");
        }
    }
}

/// The arrays of `import/record.py`, written by hand.
const BY_HAND: &str = r#"
name = "by_hand"
order = "observe_then_act"

[[controls]]
name = "control2"
actions = ["action1", "action2", "action3", "action4"]

[[factors]]
name = "context"
states = ["left", "right"]
prior = "uniform"
transitions = "stay"

[[factors]]
name = "place"
states = ["state1", "state2", "state3", "state4"]
prior = { state1 = 1 }
transitions = [
  { when = { control2 = "action1" }, p = { state1 = 1 } },
  { when = { control2 = "action2" }, p = { state2 = 1 } },
  { when = { control2 = "action3" }, p = { state3 = 1 } },
  { when = { control2 = "action4" }, p = { state4 = 1 } },
]

[[modalities]]
name = "modality1"
outcomes = ["none", "left", "right"]
likelihood = [
  { when = { place = "state2", context = "left" }, p = { left = 1 } },
  { when = { place = "state2", context = "right" }, p = { right = 1 } },
  { otherwise = true, p = { none = 1 } },
]

[[modalities]]
name = "modality2"
outcomes = ["none", "loss", "win"]
preferences = { loss = -1, win = 4 }
preference_form = "utilities"
likelihood = [
  { when = { place = ["state1", "state2"] }, p = { none = 1 } },
  { when = { place = "state3", context = "left" }, p = { win = 0.8, loss = 0.2 } },
  { when = { place = "state4", context = "right" }, p = { win = 0.8, loss = 0.2 } },
  { otherwise = true, p = { win = 0.2, loss = 0.8 } },
]

[[modalities]]
name = "modality3"
outcomes = ["state1", "state2", "state3", "state4"]
likelihood = { observes = "place" }

[inference]
scheme = "fixed_point_iteration"
numerics = "pymdp"

[choice]
policy_precision = 2
selection = "marginal"
habits = { action1 = "ln(0.4)", action2 = "ln(0.3)", action3 = "ln(0.2)", action4 = "ln(0.1)" }
"#;

#[test]
fn arrays_of_pymdp_score_as_the_same_task_written_by_hand() {
    let study = with_data();
    study.write("by_hand.toml", BY_HAND);
    let fit = |model: &str| {
        let coded = |column: &str, labels: &[&str], prefix: &str| {
            let pairs: Vec<String> = labels
                .iter()
                .enumerate()
                .map(|(k, label)| format!("{label} = \"{prefix}{}\"", k + 1))
                .collect();
            format!("{{ column = \"{column}\", labels = {{ {} }} }}", pairs.join(", "))
        };
        let places = ["start", "hint", "left", "right"];
        let hand = model == "by_hand.toml";
        let own = |column: &str, labels: &[&str]| match hand {
            true => format!("\"{column}\""),
            false => coded(column, labels, "outcome"),
        };
        BUILT_IN
            .replace("\"explore_exploit\"", &format!("\"{model}\""))
            .replace("choice = \"choice\"", &format!("control2 = {}", coded("choice", &places, "action")))
            .replace("hint = \"hint\"", &format!("modality1 = {}", own("hint", &["none", "left", "right"])))
            .replace(
                "\noutcome = \"outcome\"",
                &format!("\nmodality2 = {}", own("outcome", &["none", "loss", "win"])),
            )
            .replace(
                "state = \"state\"",
                &format!("modality3 = {}", coded("state", &places, if hand { "state" } else { "outcome" })),
            )
    };
    study.write("hand_fit.toml", &fit("by_hand.toml"));
    let expected = scores(&study, "hand_fit.toml");
    for name in ["explore_exploit", "explore_exploit_compressed"] {
        let model = format!("{name}.toml");
        study.actinf(&["import", &fixture(&format!("{name}.npz")), "--out", &model]).exits_with(0);
        study.write("npz_fit.toml", &fit(&model));
        for (found, expected) in scores(&study, "npz_fit.toml").iter().zip(&expected) {
            assert!((found - expected).abs() < 1e-12, "{name}: {found} instead of {expected}");
        }
    }
}

#[test]
fn what_is_no_model_is_named_and_nothing_is_overwritten() {
    let study = Study::new();
    let mat = fixture("explore_exploit.mat");
    let bytes = std::fs::read(&mat).unwrap();
    std::fs::write(study.path("cut.mat"), &bytes[..bytes.len() / 2]).unwrap();
    let cut: PathBuf = study.path("cut.mat");
    study.actinf(&["import", cut.to_str().unwrap()]).exits_with(2).complains(&["cut.mat", "damaged"]);
    study.write("text.mat", "no MAT-file");
    study.actinf(&["import", "text.mat"]).exits_with(2).complains(&["no MAT-file of version 5", "-v7"]);
    study.actinf(&["import", "coin.toml"]).exits_with(2).complains(&["neither in .mat nor in .npz"]);
    study.write("hdf.mat", "MATLAB 7.3 MAT-file");
    study.actinf(&["import", "hdf.mat"]).exits_with(2).complains(&["version 7.3", "-v7"]);
    study.actinf(&["import", &mat, "--out", "coin.toml"]).exits_with(2).complains(&["already"]);
    let printed = study.actinf(&["import", &mat]).exits_with(0).printed;
    assert!(printed.contains("[[process.factors]]") && printed.contains("left_better"), "{printed}");
}
