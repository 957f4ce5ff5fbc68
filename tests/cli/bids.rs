//! Folders of the Brain Imaging Data Structure.

use crate::study::Study;

const FIT: &str = "\
model = \"coin.toml\"\nresults = \"results\"\n[data]\nfile = \"study\"\ngroup = \"group\"\n\
[data.actions]\nguess = \"response\"\n\
[data.observations]\nfeedback = \"feedback\"\n\
[fixed]\nliking = 1.0\nerror = 0.1\n[method]\nname = \"maximum_a_posteriori\"\nstarts = 1\n";

fn study() -> Study {
    let study = Study::new();
    study.write("fit.toml", FIT);
    for (person, session, rows) in [
        ("01", "1", "heads\tright\nheads\twrong\n"),
        ("01", "2", "tails\tright\nn/a\tn/a\n"),
        ("02", "1", "tails\twrong\ntails\tright\n"),
    ] {
        let folder = format!("study/sub-{person}/ses-{session}/beh");
        std::fs::create_dir_all(study.path(&folder)).unwrap();
        let table = format!("{folder}/sub-{person}_ses-{session}_task-coin_beh.tsv");
        study.write(&table, &format!("response\tfeedback\n{rows}"));
    }
    study.write("study/participants.tsv", "participant_id\tage\tgroup\nsub-01\t31\ta\nsub-02\tn/a\tb\n");
    study
}

#[test]
fn a_folder_is_fitted_as_a_table_is() {
    let study = study();
    study
        .actinf(&["check", "fit.toml"])
        .exits_with(0)
        .prints(&["6 rows: 2 subjects, 3 sessions", "action guess: 1 of 6 missing"]);
    study.actinf(&["fit", "fit.toml"]).exits_with(0).prints(&["2 of 2 subjects fitted"]);
    let subjects = study.read("results/subjects.csv");
    assert!(subjects.contains("sub-01") && subjects.contains("sub-02"), "{subjects}");
    assert!(study.read("results/fit.json").contains("\"file\": \"study\""));
    // The same rows as one table have the same log-likelihoods.
    study.write(
        "one.csv",
        "id,s,guess,feedback\nsub-01,1,heads,right\nsub-01,1,heads,wrong\nsub-01,2,tails,right\nsub-01,2,,\n\
         sub-02,1,tails,wrong\nsub-02,1,tails,right\n",
    );
    let one = FIT.replace("\"study\"\ngroup = \"group\"", "\"one.csv\"\nsubject = \"id\"\nsession = \"s\"");
    study.write("one.toml", &one.replace("\"response\"", "\"guess\""));
    study.write("at.csv", "precision\n1.5\n");
    let score = |fit: &str| study.actinf(&["score", fit, "--parameters", "at.csv"]).exits_with(0).printed;
    assert_eq!(score("fit.toml"), score("one.toml"));
}

#[test]
fn exports_of_jspsych_may_lie_in_such_a_folder() {
    let study = study();
    let known = FIT.replace("group =", "columns = \"jspsych\"\ngroup =");
    study.write("fit.toml", &known.replace("[data.actions]\nguess = \"response\"\n", ""));
    study.actinf(&["check", "fit.toml"]).exits_with(0).prints(&["6 rows: 2 subjects, 3 sessions"]);
}

#[test]
fn slips_are_named_with_their_file() {
    let study = study();
    let table = "study/sub-02/ses-1/beh/sub-02_ses-1_task-coin_beh.tsv";
    study.replace(table, "wrong", "wrongly");
    study
        .actinf(&["check", "fit.toml"])
        .exits_with(2)
        .complains(&["study: sub-02/ses-1/beh/sub-02_ses-1_task-coin_beh.tsv, row 1 (line 2)", "`wrongly`"]);
    study.write(&table.replace("coin", "urn"), "response\tfeedback\nheads\tright\n");
    study
        .actinf(&["check", "fit.toml"])
        .exits_with(2)
        .complains(&["several tasks: `coin`, `urn`", "task = "]);
    study.write("fit.toml", &FIT.replace("group =", "task = \"urn\"\ngroup ="));
    study.actinf(&["check", "fit.toml"]).exits_with(0).prints(&["1 row: 1 subject"]);
    study.write("fit.toml", &FIT.replace("\"study\"", "\"coin.csv\"\ntask = \"urn\"\nsubject = \"person\""));
    study.actinf(&["check", "fit.toml"]).exits_with(2).complains(&["coin.csv", "`task` chooses", "rows"]);
}
