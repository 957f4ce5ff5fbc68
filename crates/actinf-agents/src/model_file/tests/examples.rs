//! What model files say beside the model: ends of trials, meanings, the example.

use super::super::{example_of, meanings_of, read};
use super::rejected::check;
use super::{MODEL, changed};
use crate::behaviour_model::Design;

#[test]
fn states_of_the_process_end_a_trial() {
    let model = read(
        &changed("[process]", "[process]\nends = { finger = [\"down\"], context = \"reversed\" }"),
        "m.toml",
    );
    let ends = model.unwrap().process.ends;
    let found: Vec<_> = ends.iter().map(|end| (end.factor, end.states.as_slice())).collect();
    assert_eq!(found, [(1, &[false, true][..]), (0, &[false, true][..])]);
    check(&[
        (
            "[process]",
            "[process]\nends = { fingr = [\"down\"] }",
            "43: the process has no factor `fingr`; did you mean `finger`? Its factors are: `context`, `finger`",
        ),
        (
            "[process]",
            "[process]\nends = { finger = \"done\" }",
            "43: factor `finger` has no state `done`; its states are: `up`, `down`",
        ),
    ]);
    let scheme = changed("scheme = \"exact\"", "scheme = \"trial_message_passing\"");
    let error = read(&scheme.replacen("[process]", "[process]\nends = { finger = \"down\" }", 1), "m.toml");
    assert_eq!(
        error.unwrap_err().to_string(),
        "m.toml:42: `process` cannot have `ends` under trial message passing, which plans the number of steps of a trial"
    );
}

#[test]
fn an_example_says_how_much_behaviour_and_what_is_fixed() {
    let parameters = read(MODEL, "m.toml").unwrap().parameters;
    let example =
        "[example]\ntrials = 3\nsteps = 7\nfixed = [\"hit\"]\nnote = \"\"\"\nOne\n  two.\"\"\"\n[process]";
    let text = changed("[process]", example);
    assert!(read(&text, "m.toml").is_ok());
    let (design, fixed, note) = example_of(&text, "m.toml", &parameters).unwrap();
    assert_eq!(design, Design { sessions: 1, trials: 3, steps: 7 });
    assert_eq!((fixed, note.as_str()), (vec!["hit".to_owned()], "One two."));
    assert_eq!(example_of(MODEL, "m.toml", &parameters).unwrap().0.steps, 100);
    check(&[
        (
            "[process]",
            "[example]\nsteps = 7\nfixed = [\"hits\"]\n[process]",
            "44: the model has no parameter `hits`; did you mean `hit`? They are: `gamma`, `hit`, `start`",
        ),
        ("[process]", "[example]\nsteps = 0\n[process]", "43: `example.steps` must be at least 1, not 0"),
    ]);
}

#[test]
fn columns_are_explained_by_their_meanings() {
    let text = changed("actions = [", "meaning = \"the  button\"\nactions = [");
    assert!(read(&text, "m.toml").is_ok());
    assert_eq!(
        meanings_of(&text, "m.toml").unwrap(),
        [("controls.button".to_owned(), "the button".to_owned())]
    );
}
