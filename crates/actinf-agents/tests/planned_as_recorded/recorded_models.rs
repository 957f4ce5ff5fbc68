//! The recorded models, as model files.

use actinf_agents::{TaskModel, model_file};

/// A factor with its own control: the prior, and the columns of its transitions, actions slowest.
pub(crate) type Factor = (&'static [f64], &'static [&'static [f64]]);

/// A recorded model: its factors, the likelihood (one column per joint state) and preferences of its one modality.
pub(crate) struct Recorded {
    pub(crate) factors: &'static [Factor],
    pub(crate) likelihood: &'static [&'static [f64]],
    pub(crate) preferences: &'static [f64],
}

fn labels(prefix: &str, count: usize) -> String {
    let labels: Vec<String> = (0..count).map(|k| format!("\"{prefix}{k}\"")).collect();
    format!("[{}]", labels.join(", "))
}

/// One factor with its control; `number` is that of both.
fn factor(number: usize, (prior, columns): &Factor) -> String {
    let (states, actions) = (prior.len(), columns.len() / prior.len());
    let rule = |(k, column): (usize, &&[f64])| {
        let (action, state) = (k / states, k % states);
        format!("  {{ when = {{ c{number} = \"u{action}\", f{number} = \"s{state}\" }}, p = {column:?} }},\n")
    };
    let rules: String = columns.iter().enumerate().map(rule).collect();
    format!(
        "[[controls]]\nname = \"c{number}\"\nactions = {}\n[[factors]]\nname = \"f{number}\"\nstates = {}\n\
         prior = {prior:?}\ntransitions = [\n{rules}]\n",
        labels("u", actions),
        labels("s", states)
    )
}

/// The conditions of all joint states, the last factor fastest.
fn joint_states(factors: &[Factor]) -> Vec<String> {
    factors.iter().enumerate().fold(vec![String::new()], |before, (f, (prior, _))| {
        let extend = |before: String| (0..prior.len()).map(move |s| format!("{before}f{f} = \"s{s}\", "));
        before.into_iter().flat_map(extend).collect()
    })
}

/// The model as a model file, with these lines about planning and choice.
pub(crate) fn model(recorded: &Recorded, planning: &str) -> TaskModel {
    let factors: String = recorded.factors.iter().enumerate().map(|(f, given)| factor(f, given)).collect();
    let rule = |(states, column): (String, &&[f64])| {
        format!("  {{ when = {{ {} }}, p = {column:?} }},\n", states.trim_end_matches(", "))
    };
    let rules: String =
        joint_states(recorded.factors).into_iter().zip(recorded.likelihood).map(rule).collect();
    let text = format!(
        "name = \"recorded\"\norder = \"observe_then_act\"\n{factors}[[modalities]]\nname = \"seen\"\n\
         outcomes = {}\npreferences = {:?}\npreference_form = \"utilities\"\nlikelihood = [\n{rules}]\n{planning}",
        labels("o", recorded.preferences.len()),
        recorded.preferences
    );
    model_file::read(&text, "recorded.toml").unwrap()
}

/// Counts of 0 and of a millionth in A.
pub(crate) const SPARSE_COUNTS: Recorded = Recorded {
    factors: &[(
        &[0.2318701837694351, 0.5757644835532058, 0.19236533267735909],
        &[
            &[0.4660390068631957, 0.37284288981333524, 0.16111810332346913],
            &[0.6470490627614621, 0.14453324778105062, 0.20841768945748726],
            &[0.43224126397078355, 0.1666704876747222, 0.4010882483544942],
            &[0.2600571347207771, 0.1767959235816442, 0.5631469416975787],
            &[0.699252509627646, 0.2962925705082032, 0.004454919864150887],
            &[0.18665834187246097, 0.509391189390575, 0.30395046873696396],
            &[0.063974171104634, 0.6048162906136533, 0.3312095382817128],
            &[0.6622958994632313, 0.006059486222397356, 0.3316446143143713],
            &[0.6330374384545518, 0.3067365661778176, 0.06022599536763054],
        ],
    )],
    likelihood: &[
        &[0.9999990000010001, 0.0, 9.99999000001e-07],
        &[0.0, 0.8, 0.2],
        &[0.003300330033003301, 0.006600660066006602, 0.9900990099009902],
    ],
    preferences: &[-0.983, -0.443, -0.339],
};

/// Two factors with counts of B, from the posterior of the recorded first step.
pub(crate) const COUNTED_TRANSITIONS: Recorded = Recorded {
    factors: &[
        (
            &[0.7133025271006987, 0.003035729952878075, 0.28366174294642305],
            &[
                &[0.46667814706388844, 0.1212329946616153, 0.4120888582744963],
                &[0.28695208970438324, 0.3873598369011213, 0.3256880733944954],
                &[0.3165449508939813, 0.49609670108285064, 0.18735834802316798],
                &[0.4006424965580541, 0.3556677374942634, 0.2436897659476824],
                &[0.2774786189420336, 0.2290148875514729, 0.4935064935064935],
                &[0.1925401125234424, 0.5557407793290269, 0.25171910814753073],
            ],
        ),
        (
            &[0.9940261834930944, 0.005973816506905747],
            &[
                &[0.5465510742555597, 0.4534489257444403],
                &[0.3539802166745172, 0.6460197833254828],
                &[0.6588287488908607, 0.3411712511091393],
                &[0.6974632007516443, 0.3025367992483558],
            ],
        ),
    ],
    likelihood: &[
        &[0.5081560866493073, 0.3790476345574147, 0.11279627879327803],
        &[0.013136477066142205, 0.0012050499657853932, 0.9856584729680724],
        &[0.9967634829762981, 0.0017605047556633082, 0.001476012268038558],
        &[0.2044345259055879, 0.08274786769395873, 0.7128176064004534],
        &[0.368244775844952, 0.540749555008811, 0.09100566914623705],
        &[0.03945311538344811, 0.0009327679815489197, 0.959614116635003],
    ],
    preferences: &[0.221, 1.068, 0.407],
};

/// Five places in a ring; actions stay put or move either way, and fail one time in ten.
pub(crate) const RING: Recorded = Recorded {
    factors: &[(
        &[0.6, 0.1, 0.1, 0.1, 0.1],
        &[
            &[0.1, 0.0, 0.0, 0.0, 0.9],
            &[0.9, 0.1, 0.0, 0.0, 0.0],
            &[0.0, 0.9, 0.1, 0.0, 0.0],
            &[0.0, 0.0, 0.9, 0.1, 0.0],
            &[0.0, 0.0, 0.0, 0.9, 0.1],
            &[1.0, 0.0, 0.0, 0.0, 0.0],
            &[0.0, 1.0, 0.0, 0.0, 0.0],
            &[0.0, 0.0, 1.0, 0.0, 0.0],
            &[0.0, 0.0, 0.0, 1.0, 0.0],
            &[0.0, 0.0, 0.0, 0.0, 1.0],
            &[0.1, 0.9, 0.0, 0.0, 0.0],
            &[0.0, 0.1, 0.9, 0.0, 0.0],
            &[0.0, 0.0, 0.1, 0.9, 0.0],
            &[0.0, 0.0, 0.0, 0.1, 0.9],
            &[0.9, 0.0, 0.0, 0.0, 0.1],
        ],
    )],
    likelihood: &[
        &[0.8400000000000001, 0.04, 0.04, 0.04, 0.04],
        &[0.04, 0.8400000000000001, 0.04, 0.04, 0.04],
        &[0.04, 0.04, 0.8400000000000001, 0.04, 0.04],
        &[0.04, 0.04, 0.04, 0.8400000000000001, 0.04],
        &[0.04, 0.04, 0.04, 0.04, 0.8400000000000001],
    ],
    preferences: &[0.0, 0.0, 0.0, 0.0, 0.0],
};

/// Recorded in single precision; columns are divided by their sums.
pub(crate) const TREE: Recorded = Recorded {
    factors: &[(
        &[0.702448308467865, 0.09280972182750702, 0.204741969704628],
        &[
            &[0.768186103823574, 0.19883477984122605, 0.032979116335200016],
            &[0.8693722084769355, 0.06581358758688541, 0.06481420393617907],
            &[0.8227076083820298, 0.0053628204433014606, 0.17192957117466875],
            &[0.3349507649257551, 0.4051616071116445, 0.25988762796260034],
            &[0.23222074366792628, 0.7564614563115785, 0.011317800020495244],
            &[0.6817411336691931, 0.2805467906716494, 0.03771207565915754],
        ],
    )],
    likelihood: &[
        &[0.6117620054412486, 0.2553348021309019, 0.13290319242784954],
        &[0.31985207677218147, 0.5755454173189681, 0.10460250590885045],
        &[0.37528192577568525, 0.5989716582115182, 0.02574641601279658],
    ],
    preferences: &[0.2840000092983246, -0.5479999780654907, -0.24899999797344208],
};
