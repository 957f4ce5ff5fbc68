//! Terms of planning against numbers recorded from pymdp (inferactively-pymdp 1.0.4), transcribed: novelty of A and B, the
//! inductive value, and sophisticated inference with and without pruning.

#![allow(clippy::unwrap_used, reason = "a test may panic")]
#![allow(clippy::excessive_precision, reason = "numbers are transcribed as they were recorded")]

mod recorded_models;

use actinf_agents::task_model::{Counts, Learning};
use actinf_agents::{
    ActiveInference, BehaviourModel, ExpectedFreeEnergy, Expression, Inspection, Observation, Session, Step,
    Subject, TaskModel, Trial,
};
use recorded_models::{COUNTED_TRANSITIONS, RING, SPARSE_COUNTS, TREE, model};

/// What the agent held at each step, given what it saw (`None` for nothing) and did.
fn inspect(task: TaskModel, steps: &[(Option<usize>, &[usize])]) -> Vec<Inspection> {
    let step = |(seen, actions): &(Option<usize>, &[usize])| Step {
        row: 0,
        actions: actions.iter().copied().map(Some).collect(),
        observations: vec![seen.map_or(Observation::Missing, Observation::Outcome)],
        responses: vec![],
    };
    let trial = Trial { label: "1".into(), aborted: false, steps: steps.iter().map(step).collect() };
    let session = Session { label: "1".into(), trials: vec![trial] };
    let subject = Subject { id: "recorded".into(), sessions: vec![session] };
    ActiveInference::new(task).inspect(&subject, &[]).unwrap()
}

fn assert_close(what: &str, computed: impl IntoIterator<Item = f64>, recorded: &[f64], tolerance: f64) {
    let computed: Vec<f64> = computed.into_iter().collect();
    assert_eq!(computed.len(), recorded.len(), "{what}");
    for (computed, recorded) in computed.iter().zip(recorded) {
        assert!((computed - recorded).abs() < tolerance, "{what}: computed {computed}, recorded {recorded}");
    }
}

fn assert_terms(
    what: &str,
    step: &Inspection,
    term: impl Fn(&ExpectedFreeEnergy<f64>) -> f64,
    recorded: &[f64],
) {
    assert_close(what, step.terms.iter().map(term), recorded, 1e-12);
}

fn known_counts(columns: &[&[f64]]) -> Option<Learning> {
    let column = |column: &&[f64]| column.iter().copied().map(Expression::constant).collect();
    Some(Learning {
        counts: Counts::Explicit(columns.iter().map(column).collect()),
        learning_rate: Expression::constant(0.0),
        outcome_rates: vec![],
        forgetting_rate: Expression::constant(0.0),
    })
}

#[test]
fn novelty_of_the_likelihood_leaves_out_cells_without_counts() {
    let mut task = model(&SPARSE_COUNTS, "");
    task.planning.weights.likelihood_information_gain = Expression::constant(1.0);
    task.modalities[0].learning = known_counts(&[&[1.0, 0.0, 1e-06], &[0.0, 2.0, 0.5], &[0.01, 0.02, 3.0]]);
    let steps = inspect(task, &[(Some(0), &[2]), (Some(2), &[0])]);
    assert_terms(
        "utility",
        &steps[0],
        |terms| terms.utility,
        &[-0.6704979646641996, -0.5227140498682755, -0.4323822498969892],
    );
    let gain = |terms: &ExpectedFreeEnergy<f64>| terms.state_information_gain;
    assert_terms("states", &steps[0], gain, &[0.860524274437186, 0.81808476492195, 0.5683408317191727]);
    let novelty = |terms: &ExpectedFreeEnergy<f64>| terms.likelihood_information_gain;
    assert_terms("novelty", &steps[0], novelty, &[1.901963732305069, 2.867393490301661, 1.136536627100978]);
    assert_terms(
        "-G",
        &steps[0],
        |terms| terms.utility + gain(terms) + novelty(terms),
        &[2.0919900420780557, 3.1627642053553355, 1.2724952089231616],
    );
    assert_terms(
        "utility",
        &steps[1],
        |terms| terms.utility,
        &[-0.6690168124407578, -0.5864486421948681, -0.7709065135268769],
    );
    assert_terms("states", &steps[1], gain, &[0.8810193443060051, 0.8565421546445573, 0.7800074867773414]);
    assert_terms(
        "novelty",
        &steps[1],
        novelty,
        &[3.2210865804265922, 1.9226299658411015, 1.8896025841064652],
    );
    assert_terms(
        "-G",
        &steps[1],
        |terms| terms.utility + gain(terms) + novelty(terms),
        &[3.4330891122918397, 2.1927234782907905, 1.8987035573569297],
    );
}

#[test]
fn novelty_of_transitions_is_that_of_the_columns_of_the_action() {
    let mut task = model(&COUNTED_TRANSITIONS, "");
    task.planning.weights.transition_information_gain = Expression::constant(1.0);
    task.factors[0].transition_learning = known_counts(&[
        &[2.71, 0.704, 2.393],
        &[0.563, 0.76, 0.639],
        &[1.257, 1.97, 0.744],
        &[0.873, 0.775, 0.531],
        &[0.876, 0.723, 1.558],
        &[0.924, 2.667, 1.208],
    ]);
    task.factors[1].transition_learning =
        known_counts(&[&[2.9, 2.406], &[1.503, 2.743], &[1.485, 0.769], &[2.227, 0.966]]);
    let steps = inspect(task, &[(None, &[0, 0])]);
    assert_terms(
        "utility",
        &steps[0],
        |terms| terms.utility,
        &[0.4753001348863115, 0.48937305347211846, 0.43563224349578245, 0.44063025917592674],
    );
    let novelty = |terms: &ExpectedFreeEnergy<f64>| terms.transition_information_gain;
    assert_terms(
        "novelty",
        &steps[0],
        novelty,
        &[0.29533978393037447, 0.3805222612263139, 0.3874171288578383, 0.4725996061537777],
    );
}

#[test]
fn the_inductive_value_is_anchored_at_the_belief_that_planning_starts_from() {
    let planning = "[planning]\nhorizon = 2\n[planning.induction]\ngoals = { f0 = \"s2\" }\ndepth = 3\n\
                    threshold = 0.05\nepsilon = 0.05\n[choice]\npolicy_precision = 0.5";
    let steps = inspect(model(&RING, planning), &[(Some(4), &[2]), (Some(4), &[0])]);
    assert_terms(
        "value",
        &steps[0],
        |terms| terms.inductive_value,
        &[
            -1.2132715707893662,
            -1.7974393641323942,
            -3.3701988077482397,
            -3.594878728264789,
            -5.392318092397184,
            -4.942958251364086,
            -4.718278330847537,
            -4.493598410330987,
            -2.830966998508522,
        ],
    );
    assert_close(
        "-G",
        steps[0].expected_free_energies.iter().map(|g| -g),
        &[
            -0.01143423609067129,
            -0.6488326198666083,
            -2.1519472485080753,
            -2.512059336345565,
            -4.375286052824522,
            -3.842408787260397,
            -3.482296699422908,
            -3.309531521696272,
            -1.5900579315531973,
        ],
        1e-12,
    );
    let posterior = steps[0].log_policy_posterior.iter().map(|log_q| log_q.exp());
    assert_close(
        "q",
        posterior,
        &[
            0.2907620650767297,
            0.21141142047647135,
            0.0997082857887512,
            0.08327869355510263,
            0.032804948685430865,
            0.042820545024394016,
            0.05126837320157219,
            0.055893977880248365,
            0.1320516903112995,
        ],
        1e-12,
    );
    assert_terms(
        "value",
        &steps[1],
        |terms| terms.inductive_value,
        &[
            -1.3760396909857997,
            -2.047083720261894,
            -3.5419541247653354,
            -3.769629777555439,
            -5.492175834848983,
            -4.937965364241496,
            -4.710289711451392,
            -4.383754893634007,
            -2.6567152379301313,
        ],
    );
    assert_close(
        "-G",
        steps[1].expected_free_energies.iter().map(|g| -g),
        &[
            -0.21766656749130686,
            -0.9436506125433235,
            -2.360396179732537,
            -2.7330590657185287,
            -4.522467518893734,
            -3.875706750823981,
            -3.50304386483799,
            -3.2289459827542277,
            -1.4408127386385519,
        ],
        1e-12,
    );
    let posterior = steps[1].log_policy_posterior.iter().map(|log_q| log_q.exp());
    assert_close(
        "q",
        posterior,
        &[
            0.28113199851364473,
            0.1955531642026379,
            0.09629915061013526,
            0.07992814595614661,
            0.03266890894880697,
            0.04514159986137355,
            0.05438757113442801,
            0.06237625019058914,
            0.15251321058223788,
        ],
        1e-12,
    );
}

fn tree_posteriors(tree: &str, precision: f64) -> Vec<Vec<f64>> {
    let planning =
        format!("[planning.sophistication]\nhorizon = 3\n{tree}\n[choice]\npolicy_precision = {precision:?}");
    let steps = inspect(
        model(&TREE, &planning),
        &[(Some(2), &[1]), (Some(0), &[0]), (Some(1), &[1]), (Some(2), &[1])],
    );
    steps.iter().map(|step| step.log_policy_posterior.iter().map(|log_q| log_q.exp()).collect()).collect()
}

#[test]
fn an_exact_tree_of_three_steps() {
    let posteriors = tree_posteriors("", 1.0);
    assert_close("q", posteriors[0].clone(), &[0.5209311842918396, 0.4790688157081604], 2e-6);
    assert_close("q", posteriors[1].clone(), &[0.5235323309898376, 0.4764676094055176], 2e-6);
    assert_close("q", posteriors[2].clone(), &[0.5222828984260559, 0.4777170419692993], 2e-6);
    assert_close("q", posteriors[3].clone(), &[0.5294564962387085, 0.4705435335636139], 2e-6);
}

#[test]
fn a_pruned_tree_of_three_steps_that_may_stop_early() {
    let tree = "action_threshold = 0.0625\noutcome_threshold = 0.0625\nentropy_stop = 0.5";
    let posteriors = tree_posteriors(tree, 4.0);
    assert_close("q", posteriors[0].clone(), &[0.5817840695381165, 0.41821590065956116], 2e-6);
    assert_close("q", posteriors[1].clone(), &[0.5892708897590637, 0.4107290506362915], 2e-6);
    assert_close("q", posteriors[2].clone(), &[0.5856157541275024, 0.41438427567481995], 2e-6);
    assert_close("q", posteriors[3].clone(), &[0.6111948490142822, 0.388805091381073], 2e-6);
}

fn recorded_terms(task: TaskModel) -> Vec<String> {
    let model = ActiveInference::new(task);
    let terms = model.quantities().iter().filter(|quantity| quantity.family == "expected_free_energy");
    terms.map(|quantity| quantity.label.clone()).collect()
}

#[test]
fn only_terms_that_can_differ_from_zero_are_quantities() {
    let plain = ["total", "utility", "state_information_gain"];
    assert_eq!(recorded_terms(model(&SPARSE_COUNTS, "")), plain);
    let mut task = model(&SPARSE_COUNTS, "");
    task.planning.weights.likelihood_information_gain = Expression::constant(1.0);
    assert_eq!(recorded_terms(task.clone()), plain);
    task.modalities[0].learning = known_counts(&[&[1.0, 1.0, 1.0]; 3].map(|column: &[f64; 3]| &column[..]));
    assert_eq!(recorded_terms(task.clone()), [&plain[..], &["likelihood_information_gain"]].concat());
    task.modalities[0].information_gain = false;
    assert_eq!(recorded_terms(task), plain);
    let goals = "[planning.induction]\ngoals = { f0 = \"s2\" }\ndepth = 3";
    assert_eq!(recorded_terms(model(&RING, goals)), [&plain[..], &["inductive_value"]].concat());
    let unweighted = format!("[planning]\ninductive_value = 0\n{goals}");
    assert_eq!(recorded_terms(model(&RING, &unweighted)), plain);
}
