use super::super::read;
use super::{MODEL, changed};

/// The message for the small model with `from` replaced by `to`.
fn refusal(from: &str, to: &str) -> String {
    read(&changed(from, to), "m.toml").expect_err(to).to_string()
}

/// Each case: what to replace in the small model, by what, and the message without the file's name.
#[track_caller]
pub(super) fn check(cases: &[(&str, &str, &str)]) {
    for (from, to, expected) in cases {
        assert_eq!(refusal(from, to), format!("m.toml:{expected}"), "for {to}");
    }
}

#[test]
fn the_small_model_is_accepted() {
    assert!(read(MODEL, "m.toml").is_ok());
}

#[test]
fn unknown_and_missing_keys() {
    check(&[
        (
            "order",
            "ordr",
            "2: the top level has no key `ordr`; did you mean `order`? It accepts: `name`, `description`, \
             `citation`, `order`, `parameters`, `controls`, `factors`, `modalities`, `inference`, `planning`, \
             `choice`, `learning`, `responses`, `process`, `example`",
        ),
        ("name = \"lamp\"\norder", "order", " the top level needs the key `name`"),
        ("name = \"lamp\"\norder", "name = \" \"\norder", "1: `name` must not be empty"),
        (
            "\"act_then_observe\"",
            "\"act_then_observ\"",
            "2: `order` cannot be `act_then_observ`; did you mean `act_then_observe`? It accepts: \
             `act_then_observe`, `observe_then_act`",
        ),
        (
            "likelihood",
            "likelyhood",
            "24: `modalities[1]` has no key `likelyhood`; did you mean `likelihood`? It accepts: `name`, `outcomes`, \
             `meaning`, `likelihood`, `preferences`, `preference_form`, `preference_learning`, `learning`, `information_gain`",
        ),
        (
            "preferences = { on = 2 }\n",
            "learning = { rate = 1 }\n",
            "23: `modalities[1].learning` needs the key `prior_count`",
        ),
        (
            "scheme = \"exact\"",
            "scheme = \"exat\"",
            "30: `inference.scheme` cannot be `exat`; did you mean `exact`? It accepts: `exact`, `fixed_point_iteration`, \
             `marginal_message_passing`, `variational_message_passing`, `trial_message_passing`",
        ),
    ]);
}

#[test]
fn parameters() {
    check(&[
        (
            "support = \"positive\"",
            "support = \"postive\"",
            "4: `parameters.gamma.support` cannot be `postive`; did you mean `positive`? It accepts: `real`, `positive`, \
             `unit`, `simplex`, `[lower, upper]`",
        ),
        (
            "default = 1.0",
            "default = 0",
            "4: `parameters.gamma.default` is 0, which is not inside the support (positive); write a value inside, or another support",
        ),
        (
            "default = 0.9",
            "default = 1.0",
            "5: `parameters.hit.default` is 1, which is not inside the support (between 0.5 and 1, bounds excluded); write a value inside, or another support",
        ),
        (
            "[0.25, 0.75]",
            "[0.25, 0.7]",
            "6: `parameters.start.default` is 0.25, 0.7, which is not inside the support (2 probabilities that sum to 1); write a value inside, or another support",
        ),
        ("[0.25, 0.75]", "[1]", "6: `parameters.start.default` must have at least two components"),
        (
            "[0.25, 0.75]",
            "2",
            "6: `parameters.start.default` must be a list of probabilities, whose number is the size of the simplex, \
             not a number",
        ),
        (
            "[0.5, 1.0]",
            "[1.0, 0.5]",
            "5: `parameters.hit.support` must have the lower bound before the upper bound",
        ),
        ("[0.5, 1.0]", "[0.5]", "5: `parameters.hit.support` must be a list of two bounds, not of 1"),
        (
            "[0.5, 1.0]",
            "1",
            "5: `parameters.hit.support` must be a name or a list of two bounds, not a number",
        ),
        (
            "gamma =",
            "\"γ\" =",
            "4: `γ` cannot name a parameter: names are written with letters, digits and `_` and do not start with a \
             digit",
        ),
        (
            "policy_precision = \"gamma\"",
            "",
            "4: parameter `gamma` is used nowhere; use it in a cell or delete it",
        ),
    ]);
}

#[test]
fn names_and_labels() {
    check(&[
        (
            "name = \"finger\"",
            "name = \"button\"",
            "16: `factors[2].name` cannot be `button`: the control in line 8 has that name",
        ),
        (
            "name = \"finger\"",
            "name = \"context\"",
            "16: `factors[2].name` cannot be `context`: the factor in line 11 has that name",
        ),
        (
            "name = \"rating\"",
            "name = \"lamp\"",
            "37: `responses[1].name` cannot be `lamp`: the modality in line 21 has that name",
        ),
        (
            "name = \"finger\"",
            "name = \"2nd\"",
            "16: `factors[2].name` cannot be `2nd`: names are written with letters, digits and `_` and do not start \
             with a digit",
        ),
        (
            "[\"up\", \"down\"]",
            "[\"up\", \"up\"]",
            "17: `factors[2].states[2]` repeats the state `up`; give every state its own label",
        ),
        ("[\"up\", \"down\"]", "[\"up\", \"\"]", "17: `factors[2].states[2]` must not be empty"),
        ("[\"up\", \"down\"]", "[]", "17: `factors[2].states` needs at least 1 state"),
        ("[\"release\", \"press\"]", "[\"press\"]", "9: `controls[1].actions` needs at least 2 actions"),
        (
            "[\"up\", \"down\"]",
            "[\"up\", \"all down\"]",
            "17: `factors[2].states[2]` cannot be `all down`: states are written with letters, digits and `_` only, so \
             that expressions can name them",
        ),
        (
            "[[controls]]",
            "[[controls]]\nname = \"foot\"\nactions = [\"a+b\", \"c\"]\n[[controls]]",
            "7: the action `a+b` cannot have a `+` in its label, which joins the actions of several controls",
        ),
    ]);
}

#[test]
fn planning_and_choice() {
    let all = "policies = \"all\"";
    check(&[
        ("horizon = 2", "horizon = 0", "32: `planning.horizon` must be at least 1, not 0"),
        (
            "horizon = 2",
            "horizon = 17",
            "32: 2 joint actions over 17 steps give more than 100000 policies; shorten `horizon` or list the policies",
        ),
        (
            all,
            "policies = \"al\"",
            "33: `planning.policies` cannot be `al`; did you mean `all`? It accepts: `all`",
        ),
        (all, "policies = []", "33: `planning.policies` must list from 1 to 100000 policies, not 0"),
        (all, "policies = [[\"press\"]]", "33: `planning.policies[1]` has 1 step, but the horizon is 2"),
        (
            all,
            "policies = [[\"press\", \"pres\"]]",
            "33: there is no action `pres`; did you mean `press`? The actions are: `release`, `press`",
        ),
        (
            all,
            "policies = [[\"press\", { button = \"hold\" }]]",
            "33: control `button` has no action `hold`; its actions are: `release`, `press`",
        ),
        (
            all,
            "policies = [[\"press\", {}]]",
            "33: `planning.policies[1][2]` must give an action for each control: button",
        ),
        (
            all,
            "policies = [[\"press\", \"press\"], [\"press\", \"press\"]]",
            "33: `planning.policies[2]` repeats a policy listed before",
        ),
        (
            "[choice]",
            "[choice]\nhabits = [1]",
            "35: `choice.habits` has 1 cell for 4 policies; give one per policy, or a table by first action",
        ),
        (
            "[choice]",
            "[choice]\nhabits = { hold = 1 }",
            "35: there is no action `hold`; the actions are: `release`, `press`",
        ),
        (
            "policies = \"all\"\n[choice]",
            "policies = [[\"press\", \"press\"]]\n[choice]\nhabits = { release = 1 }",
            "35: no policy starts with `release`, so it can have no habit",
        ),
    ]);
}

#[test]
fn inference() {
    let exact = "scheme = \"exact\"";
    check(&[
        (
            exact,
            "scheme = \"exact\"\nsweeps = 4",
            "31: `inference.sweeps` belongs to `fixed_point_iteration`, `marginal_message_passing`, \
             `variational_message_passing`, `trial_message_passing`; `exact` has none",
        ),
        (
            exact,
            "scheme = \"marginal_message_passing\"\nschedule = \"parallel\"",
            "31: `inference.schedule` belongs to `fixed_point_iteration`; `marginal_message_passing` has none",
        ),
        (
            exact,
            "scheme = \"fixed_point_iteration\"\nwindow = 4",
            "31: `inference.window` belongs to `marginal_message_passing`, `variational_message_passing`; \
             `fixed_point_iteration` has none",
        ),
        (
            exact,
            "scheme = \"marginal_message_passing\"\nwindow = 0",
            "31: `inference.window` must be at least 1, not 0",
        ),
        (
            exact,
            "scheme = \"marginal_message_passing\"\nsweeps = 0",
            "31: `inference.sweeps` must be at least 1, not 0",
        ),
        (
            exact,
            "scheme = \"fixed_point_iteration\"\nschedule = \"parallell\"",
            "31: `inference.schedule` cannot be `parallell`; did you mean `parallel`? It accepts: `sequential`, `parallel`",
        ),
        (
            exact,
            "scheme = \"exact\"\nnumerics = \"spm\"",
            "31: `inference.numerics` can be `spm` only where scheme = \"trial_message_passing\"",
        ),
        (exact, "numerics = \"pymdp\"", "29: `inference` needs the key `scheme`"),
        (
            exact,
            "scheme = \"variational_message_passing\"",
            "29: variational message passing takes expected logarithms of transitions, and those of factor `context` have \
             probabilities of 0; write numerics = \"pymdp\" (0 counts as 2^-52) or scheme = \"marginal_message_passing\" \
             under [inference]",
        ),
    ]);
}

#[test]
fn zeros_in_expected_logarithms() {
    let message = "m.toml:29: inference that starts from uniform marginals takes expected logarithms over all combinations of \
                   states, and the likelihood of modality `lamp`, which depends on several factors, has probabilities of 0; \
                   write numerics = \"pymdp\" (0 counts as 2^-52), scheme = \"exact\" or, with \"fixed_point_iteration\", \
                   schedule = \"sequential\" under [inference]";
    let dark = |scheme: &str| {
        changed("{ otherwise = true, p = \"uniform\" }", "{ otherwise = true, p = { off = 1 } }")
            .replace("scheme = \"exact\"", scheme)
    };
    for scheme in [
        "scheme = \"marginal_message_passing\"",
        "scheme = \"fixed_point_iteration\"\nschedule = \"parallel\"",
    ] {
        assert_eq!(read(&dark(scheme), "m.toml").unwrap_err().to_string(), message);
        assert!(read(&dark(&format!("{scheme}\nnumerics = \"pymdp\"")), "m.toml").is_ok());
    }
    assert!(read(&dark("scheme = \"fixed_point_iteration\""), "m.toml").is_ok());
}

#[test]
fn responses() {
    check(&[
        (
            "\"trial_end\"",
            "\"end\"",
            "38: `responses[1].moment` cannot be `end`; it accepts: `step`, `trial_end`, `session_end`",
        ),
        (
            "\"normal\"\nmean",
            "\"norml\"\nmean",
            "39: `responses[1].distribution` cannot be `norml`; did you mean `normal`? It accepts: `normal`, \
             `beta`, `log_normal`",
        ),
        ("standard_deviation = 0.5", "", "36: `responses[1]` needs the key `standard_deviation`"),
    ]);
}

#[test]
fn process() {
    let replaced = "[[process.factors]]\nname = \"finger\"\nstates = [\"up\", \"out\"]\nprior = { up = 1 }\ntransitions = \"stay\"\n[[process.modalities]]";
    check(&[
        (
            "[[process.modalities]]\nname = \"lamp\"",
            "[[process.modalities]]\nname = \"lmp\"",
            "44: the model has no modality `lmp`; did you mean `lamp`? The modalities are: `lamp`",
        ),
        (
            "[[process.modalities]]",
            "[[process.modalities]]\nname = \"lamp\"\nlikelihood = [{ otherwise = true, p = \"uniform\" }]\n[[process.modalities]]",
            "47: `process.modalities[2].name` repeats the modality `lamp`",
        ),
        (
            "[[process.modalities]]",
            "[[process.factors]]\nname = \"button\"\nstates = [\"a\"]\nprior = \"uniform\"\ntransitions = \"stay\"\n[[process.modalities]]",
            "44: `process.factors[1].name` cannot be `button`: a control has that name",
        ),
        (
            &MODEL[MODEL.find("[[process.modalities]]").unwrap()..],
            replaced.trim_end_matches("[[process.modalities]]"),
            "25: the process takes this over from the model, where its own factors differ: factor `finger` has no state \
             `down`; its states are: `up`, `out`",
        ),
    ]);
}

#[test]
fn sizes_that_cannot_be_held() {
    let states: Vec<String> = (0..800).map(|k| format!("\"s{k}\"")).collect();
    let large = format!("[{}]", states.join(", "));
    let text = changed("[\"normal\", \"reversed\"]", &large).replace("[\"up\", \"down\"]", &large);
    let text = text
        .replace("[\"start[1]\", \"start[2]\"]", "\"uniform\"")
        .replace("{ up = 1 }", "{ s0 = 1 }")
        .replace("{ down = 1 }", "{ s1 = 1 }")
        .replace("\"normal\"", "\"s0\"")
        .replace("\"down\"", "\"s1\"");
    assert_eq!(
        read(&text, "m.toml").unwrap_err().to_string(),
        "m.toml:24: `modalities[1].likelihood` makes a table of more than 1000000 cells; name fewer variables"
    );
    let text = text
        .replace("context = \"s0\", ", "")
        .replace("  { when = { finger = \"s1\" }, p = { off = \"hit\", on = \"1 - hit\" } },\n", "");
    let text = text.replace(
        "distribution = \"s0\"\nmean = \"context.normal\"",
        "distribution = \"normal\"\nmean = \"context.s0\"",
    );
    assert_eq!(
        read(&text, "m.toml").unwrap_err().to_string(),
        "m.toml:28: the factors have more than 100000 joint states, too many for exact inference; write scheme = \
         \"fixed_point_iteration\" under [inference]"
    );
}

#[test]
fn too_many_labels() {
    let labels: Vec<String> = (0..1001).map(|k| format!("\"s{k}\"")).collect();
    let large = format!("[{}]", labels.join(", "));
    check(&[("[\"up\", \"down\"]", &large, "17: `factors[2].states` must not have more than 1000 states")]);
}
