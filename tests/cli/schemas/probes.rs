//! Files in which every section and every choice of the grammar occurs once, with places for slips.

/// A slip: the place it is put, what is written there, and the part of the schema that says what should be. A slip of the
/// form `qqq = 1` is a key that no section has, one with `"qqq"` a name that no choice has. Parts are JSON pointers; behind
/// ` > ` stands the property of all forms of a part.
pub(super) type Slip = (&'static str, &'static str, &'static str);

/// A file with places for slips.
pub(super) struct Probes {
    /// `check` reads `fit.toml`, which names the model file `coin.toml`.
    pub(super) file: &'static str,
    /// The schema of the file.
    pub(super) of: &'static str,
    pub(super) template: &'static str,
    pub(super) slips: &'static [Slip],
}

pub(super) const METHODS: [&str; 7] = [
    "maximum_likelihood",
    "maximum_a_posteriori",
    "laplace_approximation",
    "spm_variational_laplace",
    "hierarchical_expectation_maximisation",
    "hierarchical_bayesian_inference",
    "no_u_turn_sampler",
];

pub(super) const AGENT: Probes = Probes {
    file: "coin.toml",
    of: "model",
    template: r#"
@agent|@
name = "coin"
order = @order|"act_then_observe"@

[parameters]
precision = { support = @support|"positive"@, default = 1.0 @parameter|@ }

[[controls]]
name = "guess"
actions = ["up", "down"]
@control|@

[[factors]]
name = "guessed"
states = ["nothing", "heads", "tails"]
prior = { nothing = 1 }
transitions = [
  { when = { guess = "up" }, p = { heads = 1 } @rule|@ },
  { otherwise = true, p = { tails = 1 } },
]
transition_learning = { prior_count = 1 @learning|@ }
@factor|@

[[factors]]
name = "place"
states = ["north", "south"]
prior = "uniform"
transitions = { control = "guess", map = ["north", "south"] @map|@ }

[[modalities]]
name = "feedback"
outcomes = ["wrong", "right"]
preferences = { right = 1 }
preference_form = @preference_form|"log_softmax"@
likelihood = [{ otherwise = true, p = "uniform" }]
@modality|@

[[modalities]]
name = "sight"
outcomes = ["north", "south"]
likelihood = { observes = "place" @observed|@ }
@preference_learning|@

[inference]
scheme = @scheme|"exact"@
@inference|@

[planning]
policies = @policies|"all"@
@planning|@

[choice]
policy_precision = "precision"
selection = @selection|"policy"@
missing_action = @missing_action|"stay"@
@choice|@

[learning]
time = @time|"step"@
beliefs = @beliefs|"filtered"@
@learning_settings|@

[[responses]]
name = "rating"
moment = @moment|"step"@
distribution = @distribution|"normal"@
mean = 0
standard_deviation = 1
@response|@

[process]
@process|@

[[process.modalities]]
name = "sight"
likelihood = [{ otherwise = true, p = "uniform" }]
@process_modality|@

[[process.changes]]
from_trial = 2
factor = "place"
prior = "uniform"
@change|@

[example]
@example|@
"#,
    slips: &[
        ("agent", "qqq = 1", "/$defs/agent"),
        ("parameter", ", qqq = 1", "/$defs/parameter"),
        ("control", "qqq = 1", "/$defs/control"),
        ("rule", ", qqq = 1", "/$defs/rule"),
        ("learning", ", qqq = 1", "/$defs/learning"),
        ("factor", "qqq = 1", "/$defs/factor"),
        ("map", ", qqq = 1", "/$defs/map"),
        ("modality", "qqq = 1", "/$defs/modality"),
        ("observed", ", qqq = 1", "/$defs/observed"),
        (
            "preference_learning",
            "preferences = { north = 1, south = 1 }\npreference_learning = { qqq = 1 }",
            "/$defs/preference_learning",
        ),
        ("inference", "qqq = 1", "/$defs/inference"),
        ("planning", "qqq = 1", "/$defs/planning"),
        ("planning", "induction = { qqq = 1 }", "/$defs/induction"),
        ("planning", "sophistication = { qqq = 1 }", "/$defs/sophistication"),
        ("planning", "monte_carlo_tree_search = { qqq = 1 }", "/$defs/monte_carlo_tree_search"),
        ("choice", "qqq = 1", "/$defs/choice"),
        ("learning_settings", "qqq = 1", "/$defs/learning_settings"),
        ("response", "qqq = 1", "/$defs/response"),
        ("process", "qqq = 1", "/$defs/process"),
        ("process_modality", "qqq = 1", "/$defs/process_modality"),
        ("change", "qqq = 1", "/$defs/change"),
        ("example", "qqq = 1", "/$defs/example"),
        ("order", "\"qqq\"", "/$defs/agent/properties/order"),
        ("support", "\"qqq\"", "/$defs/support"),
        ("preference_form", "\"qqq\"", "/$defs/modality/properties/preference_form"),
        ("scheme", "\"qqq\"", "/$defs/inference/properties/scheme"),
        ("scheme", "\"fixed_point_iteration\"\nschedule = \"qqq\"", "/$defs/inference/properties/schedule"),
        ("scheme", "\"exact\"\nnumerics = \"qqq\"", "/$defs/inference/properties/numerics"),
        ("scheme", "\"trial_message_passing\"\npolicies = \"qqq\"", "/$defs/inference/properties/policies"),
        ("scheme", "\"trial_message_passing\"\npruning = \"qqq\"", "/$defs/inference/properties/pruning"),
        ("policies", "\"qqq\"", "/$defs/planning/properties/policies"),
        ("selection", "\"qqq\"", "/$defs/choice/properties/selection"),
        ("missing_action", "\"qqq\"", "/$defs/choice/properties/missing_action"),
        ("time", "\"qqq\"", "/$defs/learning_settings/properties/time"),
        ("beliefs", "\"qqq\"", "/$defs/learning_settings/properties/beliefs"),
        ("moment", "\"qqq\"", "/$defs/normal_response/properties/moment"),
        ("distribution", "\"qqq\"", "/$defs/response > distribution"),
    ],
};

pub(super) const BASELINE: Probes = Probes {
    file: "coin.toml",
    of: "model",
    template: r#"
@baseline|@
name = "coin"
baseline = @kind|"hybrid_exploration"@
order = @order|"act_then_observe"@
beliefs = @beliefs|"kalman"@

[parameters]
lapse = { @setting|@ }

[[controls]]
name = "guess"
actions = ["heads", "tails"]

[[modalities]]
name = "feedback"
outcomes = ["wrong", "right"]
values = { right = 1 }
@modality|@
"#,
    slips: &[
        ("baseline", "qqq = 1", "/$defs/baseline"),
        ("setting", "qqq = 1", "/$defs/setting"),
        ("modality", "qqq = 1", "/$defs/baseline_modality"),
        ("kind", "\"qqq\"", "/$defs/baseline/properties/baseline"),
        ("order", "\"qqq\"", "/$defs/baseline/properties/order"),
        ("beliefs", "\"qqq\"", "/$defs/baseline/properties/beliefs"),
    ],
};

pub(super) const FITS: Probes = Probes {
    file: "fit.toml",
    of: "fit",
    template: r#"
@fit|@
model = "coin.toml"

[data]
file = "coin.csv"
@format|subject = "person"@
@data|@

[data.actions]
guess = { column = "guess" @coded|@ }

[data.responses]
rating = { column = "rating" @numeric|@ }

[[data.steps]]
@step|@

[priors]
precision = @distribution|{ distribution = "uniform" }@

[method]
name = @method_name|"no_u_turn_sampler"@
covariance = @covariance|"full"@
parametrisation = @parametrisation|"centred"@
on_divergences = @on_divergences|"report"@
@method|@

[simulate]
steps = 1
@simulate|@

[[simulate.groups]]
name = "a"
subjects = 1
@simulated_group|@
"#,
    slips: &[
        ("fit", "qqq = 1", ""),
        ("data", "qqq = 1", "/$defs/data"),
        ("coded", ", qqq = 1", "/$defs/coded"),
        ("numeric", ", qqq = 1", "/$defs/numeric"),
        ("step", "qqq = 1", "/$defs/step"),
        ("method", "qqq = 1", "/$defs/method"),
        ("simulate", "qqq = 1", "/$defs/simulate"),
        ("simulated_group", "qqq = 1", "/$defs/simulated_group"),
        ("format", "columns = \"qqq\"", "/$defs/data/properties/columns"),
        ("distribution", "{ distribution = \"qqq\" }", "/$defs/prior > distribution"),
        ("method_name", "\"qqq\"", "/$defs/method > name"),
        ("covariance", "\"qqq\"", "/$defs/no_u_turn_sampler/properties/covariance"),
        ("parametrisation", "\"qqq\"", "/$defs/no_u_turn_sampler/properties/parametrisation"),
        ("on_divergences", "\"qqq\"", "/$defs/no_u_turn_sampler/properties/on_divergences"),
    ],
};
