//! How two fits differ in what they explain, so that their evidences cannot be compared.

/// How two fits differ in what they explain.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Difference {
    /// Two fits of different tables.
    #[error(
        "model `{}` was fitted to `{}` (SHA-256 {}…) and model `{}` to `{}` ({}…), which are different tables; \
         evidences can only be compared on the same data: fit both to one file",
        .models[0], .files[0], .hashes[0], .models[1], .files[1], .hashes[1]
    )]
    Data {
        /// The models.
        models: [String; 2],
        /// The tables.
        files: [String; 2],
        /// The beginnings of their hashes.
        hashes: [String; 2],
    },
    /// Two fits of different subjects.
    #[error(
        "models `{}` and `{}` were not fitted to the same subjects: only the first has {}, only the second has {}; map the same \
         column of subjects in both fit files",
        .models[0], .models[1], some_of(&.only[0]), some_of(&.only[1])
    )]
    Subjects {
        /// The models.
        models: [String; 2],
        /// The subjects that only the one or the other has.
        only: [Vec<String>; 2],
    },
    /// Two fits whose likelihoods include different responses.
    #[error(
        "models `{}` and `{}` do not explain the same responses: the first has {}, the second {}; evidences of different responses \
         cannot be compared: leave them out with `NAME = false` under [data.responses], or use models that have both",
        .models[0], .models[1], .responses[0], .responses[1]
    )]
    Responses {
        /// The models.
        models: [String; 2],
        /// Their responses, in words.
        responses: [String; 2],
    },
    /// Two fits with different numbers of actions of a subject.
    #[error(
        "models `{}` and `{}` do not explain the same actions: of subject `{subject}` the first has {} and the second {}; map the \
         same column of actions, and the same aborted trials, in both fit files",
        .models[0], .models[1], .actions[0], .actions[1]
    )]
    Actions {
        /// The models.
        models: [String; 2],
        /// The subject.
        subject: String,
        /// The actions recorded of it.
        actions: [usize; 2],
    },
}

/// The first few names of a list.
fn some_of(names: &[String]) -> String {
    match names {
        [] => "none".to_owned(),
        [a, b, c, _, ..] => format!("{a}, {b}, {c} and {} more", names.len() - 3),
        few => few.join(", "),
    }
}
