use super::rejected::check;

#[test]
fn cells() {
    check(&[
        (
            "off = \"1 - hit\"",
            "off = \"1 - hitt\"",
            "25: `modalities[1].likelihood[1].p.off` cannot be \"1 - hitt\": `hitt` is not known here; did you mean \
             `hit`? (at character 5)",
        ),
        (
            "on = 2",
            "on = true",
            "23: `modalities[1].preferences.on` must be a number or an expression in quotes, not true or false",
        ),
        ("on = 2", "on = inf", "23: `modalities[1].preferences.on` must be a finite number, not inf"),
        (
            "on = 2",
            "onn = 2",
            "23: modality `lamp` has no outcome `onn`; did you mean `on`? Its outcomes are: `off`, `on`",
        ),
        (
            "{ on = 2 }",
            "[1, 2, 3]",
            "23: `modalities[1].preferences` has 3 cells, but modality `lamp` has 2 outcomes",
        ),
        (
            "mean = \"context.normal\"",
            "mean = \"context.norml\"",
            "40: `responses[1].mean` cannot be \"context.norml\": `context.norml` is not known here; did you mean \
             `context.normal`? (at character 1)",
        ),
        (
            "on = 2",
            "on = \"context.normal\"",
            "23: `modalities[1].preferences.on` cannot be \"context.normal\": `context.normal` is not known here; known \
             are `gamma`, `hit`, `start[1]`, `start[2]` (at character 1)",
        ),
    ]);
}

#[test]
fn distributions() {
    check(&[
        (
            "p = { on = \"hit\", off = \"1 - hit\" }",
            "p = { on = \"hit\", off = \"1.2 - hit\" }",
            "25: the likelihood of modality `lamp` at context = normal, finger = down: the probabilities sum to 1.2 at \
             hit = 0.9; they must sum to 1 at all values of the parameters (weights can be divided by their sum with \
             { normalise = ... })",
        ),
        (
            "p = { on = \"hit\", off = \"1 - hit\" }",
            "p = { on = \"hit / 0.9\", off = \"1 - hit / 0.9\" }",
            "25: the likelihood of modality `lamp` at context = normal, finger = down: the cell of `off` is -0.1111106 at \
             hit = 0.9999995; probabilities must not be negative",
        ),
        (
            "p = { on = \"hit\", off = \"1 - hit\" }",
            "p = { on = \"hit\", off = \"0.1 + 0 * gamma\" }",
            "25: the likelihood of modality `lamp` at context = normal, finger = down: the probabilities sum to 0.6000005 \
             at gamma = 1, hit = 0.5000005; they must sum to 1 at all values of the parameters (weights can be \
             divided by their sum with { normalise = ... })",
        ),
        (
            "{ up = 1 }",
            "{ up = 1, down = 0.1 }",
            "18: the prior of factor `finger`: the probabilities sum to 1.1; they must sum to 1 at all values of the \
             parameters (weights can be divided by their sum with { normalise = ... })",
        ),
        (
            "{ up = 1 }",
            "{ normalise = [0, 0] }",
            "18: the prior of factor `finger`: all weights are 0; at least one must be above 0",
        ),
        (
            "{ up = 1 }",
            "{ normalise = { up = 2, down = -1 } }",
            "18: the prior of factor `finger`: the cell of `down` is -1; weights must not be negative",
        ),
        (
            "{ up = 1 }",
            "{ softmax = { up = \"exp(exp(gamma))\" } }",
            "18: the prior of factor `finger`: the cell of `up` is inf at gamma = 50; it must be finite",
        ),
        (
            "{ up = 1 }",
            "\"unifrm\"",
            "18: `factors[2].prior` cannot be `unifrm`; write \"uniform\", a table such as { up = 1 }, a list, \
             { softmax = ... } or { normalise = ... }",
        ),
        (
            "{ up = 1 }",
            "3",
            "18: `factors[2].prior` cannot be a number; write \"uniform\", a table such as { up = 1 }, a list, \
             { softmax = ... } or { normalise = ... }",
        ),
        (
            "p = { on = 1 }",
            "p = { on = 0.5 }",
            "45: in the process, the likelihood of modality `lamp` at finger = down: the probabilities sum to 0.5; they \
             must sum to 1 at all values of the parameters (weights can be divided by their sum with \
             { normalise = ... })",
        ),
    ]);
}

#[test]
fn ranges() {
    check(&[
        (
            "policy_precision = \"gamma\"",
            "policy_precision = \"gamma - 0.5\"",
            "35: `choice.policy_precision`: the value is -0.499999 at gamma = 0.000001; it must not be negative",
        ),
        (
            "policy_precision = \"gamma\"",
            "lapse = \"gamma\"",
            "35: `choice.lapse`: the value is 50 at gamma = 50; it must be between 0 and 1",
        ),
        (
            "standard_deviation = 0.5",
            "standard_deviation = \"context.normal\"",
            "41: the standard deviation of response `rating`: the value is 0 at context.normal = 0; it must be above 0",
        ),
        (
            "preferences = { on = 2 }",
            "learning = { prior_count = 0, rate = 1 }",
            "23: `modalities[1].learning.prior_count`: the value is 0; it must be above 0",
        ),
        (
            "preferences = { on = 2 }",
            "learning = { prior_count = 1, rate = -1 }",
            "23: `modalities[1].learning.rate`: the value is -1; it must not be negative",
        ),
    ]);
}

#[test]
fn rules() {
    let otherwise = "  { otherwise = true, p = \"uniform\" },\n";
    check(&[
        (
            otherwise,
            "",
            "24: `modalities[1].likelihood` has no rule for context = normal, finger = up; add one, or end with \
             { otherwise = true, p = ... }",
        ),
        (
            otherwise,
            "  { otherwise = true, p = \"uniform\" },\n  { when = { finger = \"up\" }, p = \"uniform\" },\n",
            "28: `modalities[1].likelihood[4]` stands after the rule `otherwise`, which must be the last one",
        ),
        (
            otherwise,
            "  { when = { finger = \"down\", context = \"reversed\" }, p = \"uniform\" },\n  { otherwise = true, p = \"uniform\" },\n",
            "27: `modalities[1].likelihood[3]` is never used: the rules before it cover everything it names",
        ),
        (
            otherwise,
            "  { p = \"uniform\" },\n",
            "27: `modalities[1].likelihood[3]` needs `when = { ... }` or `otherwise = true`",
        ),
        (
            "otherwise = true, p = \"uniform\"",
            "otherwise = true, when = { finger = \"up\" }, p = \"uniform\"",
            "27: `modalities[1].likelihood[3]` has both `when` and `otherwise`; keep one",
        ),
        (
            "otherwise = true, p = \"uniform\"",
            "otherwise = false, p = \"uniform\"",
            "27: `modalities[1].likelihood[3].otherwise` must be true, or be left out",
        ),
        (
            "{ when = { finger = \"down\" }, p",
            "{ when = { fingr = \"down\" }, p",
            "26: there is no factor `fingr`; did you mean `finger`? Known are: `context`, `finger`",
        ),
        (
            "{ when = { button = \"press\" }, p",
            "{ when = { buton = \"press\" }, p",
            "19: there is no factor or control `buton`; did you mean `button`? Known are: `context`, `finger`, `button`",
        ),
        (
            "{ when = { finger = \"down\" }, p",
            "{ when = { button = \"press\" }, p",
            "26: `button` is a control, and a likelihood depends on factors only; let the control set a factor and name \
             that factor",
        ),
        (
            "{ when = { finger = \"down\" }, p",
            "{ when = { finger = [\"down\", \"dwn\"] }, p",
            "26: factor `finger` has no state `dwn`; did you mean `down`? Its states are: `up`, `down`",
        ),
        (
            "{ when = { finger = \"down\" }, p",
            "{ when = { finger = [] }, p",
            "26: `modalities[1].likelihood[2].when.finger` must name at least one label",
        ),
        (
            "transitions = \"stay\"",
            "transitions = \"sta\"",
            "14: `factors[1].transitions` cannot be `sta`; write \"stay\", \"uniform\", a list of rules or a map",
        ),
        (
            "transitions = \"stay\"",
            "transitions = []",
            "14: `factors[1].transitions` needs at least one rule",
        ),
        (
            "p = \"uniform\" },\n]",
            "p = \"stay\" },\n]",
            "27: `modalities[1].likelihood[3].p` cannot be `stay`; write \"uniform\", a table such as { off = 1 }, a list, \
             { softmax = ... } or { normalise = ... }",
        ),
    ]);
}

#[test]
fn observed_factors() {
    let modality = |likelihood: &str| {
        format!(
            "[[modalities]]\nname = \"seen\"\noutcomes = [\"up\", \"low\"]\nlikelihood = {likelihood}\n[inference]"
        )
    };
    check(&[
        (
            "[inference]",
            &modality("{ observes = \"finger\" }"),
            "32: modality `seen` observes factor `finger`, so its outcomes must be the factor's states: up, down",
        ),
        (
            "[inference]",
            &modality("{ observes = \"fingers\" }"),
            "32: there is no factor `fingers`; did you mean `finger`? The factors are: `context`, `finger`",
        ),
        (
            "[inference]",
            &modality("\"uniform\""),
            "32: `modalities[2].likelihood` must be a list of rules or { observes = \"factor\" }, not a string",
        ),
    ]);
}

#[test]
fn maps_that_cannot_be_walked_are_refused() {
    let from = "transitions = \"stay\"";
    let map = |rows: &str| format!("transitions = {{ control = \"button\", map = [{rows}] }}");
    check(&[
        (from, "transitions = { control = \"button\" }", "14: `factors[1].transitions` needs the key `map`"),
        (
            from,
            "transitions = { map = [\"normal reversed\"] }",
            "14: `factors[1].transitions` needs the key `control`",
        ),
        (
            from,
            "transitions = { normal = 1 }",
            "14: `factors[1].transitions` has no key `normal`; it accepts: `map`, `control`, `slip`",
        ),
        (
            from,
            &map("\"normal\", \"reversed #\""),
            "14: `factors[1].transitions.map[2]` has 2 places, but the first row has 1",
        ),
        (
            from,
            &map("\"normal revrsed\""),
            "14: factor `context` has no state `revrsed`; did you mean `reversed`? Its states are: `normal`, `reversed`",
        ),
        (
            from,
            &map("\"normal normal\""),
            "14: `factors[1].transitions.map[1]` places the state `normal` a second time",
        ),
        (
            from,
            &map("\"normal #\""),
            "14: `factors[1].transitions.map` lacks the state `reversed` of factor `context`",
        ),
        (from, &map("1"), "14: `factors[1].transitions.map[1]` must be a string, not a number"),
        (
            from,
            &map("\"normal reversed\""),
            "14: the action `release` of control `button` is no move on a map; the moves are: `up`, `down`, `left`, \
             `right`, `stay`",
        ),
        (
            from,
            "transitions = { control = \"buton\", map = [\"normal reversed\"] }",
            "14: there is no control `buton`; did you mean `button`? Known are: `button`",
        ),
    ]);
    let from = "actions = [\"release\", \"press\"]\n[[factors]]\nname = \"context\"\nstates = [\"normal\", \"reversed\"]\n\
                prior = [\"start[1]\", \"start[2]\"]\ntransitions = \"stay\"";
    let to = from.replace("\"release\", \"press\"", "\"left\", \"press\"");
    let to = to.replace("\"stay\"", "{ control = \"button\", map = [\"normal reversed\"] }");
    check(&[(
        from,
        &to,
        "14: the action `press` of control `button` is no move on a map; the moves are: `up`, `down`, `left`, `right`, \
         `stay`",
    )]);
    let from = "[[controls]]\nname = \"button\"\nactions = [\"release\", \"press\"]\n[[factors]]\nname = \"context\"\n\
                states = [\"normal\", \"reversed\"]\nprior = [\"start[1]\", \"start[2]\"]\ntransitions = \"stay\"";
    let controls = "[[controls]]\nname = \"step\"\nactions = [\"left\", \"right\"]\n";
    let to =
        from.replace("\"stay\"", "{ control = \"step\", map = [\"normal reversed\"], slip = \"gamma\" }");
    check(&[(
        from,
        &(controls.to_owned() + &to),
        "17: `factors[1].transitions.slip`: the value is 50 at gamma = 50; it must be between 0 and 1",
    )]);
}
