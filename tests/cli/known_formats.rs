//! Tables in known formats.

use crate::study::Study;
use std::path::PathBuf;

fn fit_file(model: &str, file: &str) -> String {
    format!(
        "model = \"{model}\"\nresults = \"results\"\n[data]\nfile = \"{file}\"\ncolumns = \"hbayesdm\"\n\
         [method]\nname = \"maximum_a_posteriori\"\nstarts = 1\n"
    )
}

#[test]
fn a_table_of_hbayesdm_needs_no_columns_named() {
    let study = Study::new();
    study.write("reversal.txt", "SubjID\tchoice\tOutcome\n1\t1\t25\n1\t2\t-25\n1\tNA\t\n");
    study.write("fit.toml", &fit_file("reversal_learning", "reversal.txt"));
    study
        .actinf(&["check", "fit.toml"])
        .exits_with(0)
        .prints(&["3 rows: 1 subject", "action choice: 1 of 3 missing"]);
    study.actinf(&["fit", "fit.toml"]).exits_with(0).prints(&["1 of 1 subjects fitted"]);
}

/// The same person, as hBayesDM writes it and as actinf's own table, has the same log-likelihoods.
#[test]
fn a_row_of_the_two_step_task_holds_both_choices() {
    let study = Study::new();
    study.write(
        "hbayesdm.tsv",
        "subjID\tlevel1_choice\tlevel2_choice\treward\n1\t1\t2\t1\n1\t2\t3\t0\n1\t2\t1\t1\n",
    );
    study.write(
        "own.csv",
        "subjID,trial,choice,place,outcome\n1,1,left,red,none\n1,1,right,option,win\n1,2,right,blue,none\n\
         1,2,left,option,loss\n1,3,right,red,none\n1,3,left,option,win\n",
    );
    study.write("theirs.toml", &fit_file("two_step", "hbayesdm.tsv"));
    let own = "[data]\nfile = \"own.csv\"\nsubject = \"subjID\"\ntrial = \"trial\"\n[data.actions]\nchoice = \"choice\"\n\
               [data.observations]\nplace = \"place\"\noutcome = \"outcome\"\n[method]\nname = \"maximum_likelihood\"\n";
    study.write("own.toml", &format!("model = \"two_step\"\n{own}"));
    study.write(
        "at.csv",
        "win_preference,curiosity,learning_rate,forgetting_rate,believed_usual_transition,habit_right\n4,1,1,0.2,0.7,0.3\n",
    );
    let score = |fit: &str| study.actinf(&["score", fit, "--parameters", "at.csv"]).exits_with(0).printed;
    assert_eq!(score("theirs.toml"), score("own.toml"));
    study
        .actinf(&["check", "theirs.toml"])
        .exits_with(0)
        .prints(&["3 rows: 1 subject, 1 session, 3 trials", "6 steps"]);
}

#[test]
fn what_a_format_does_not_hold_is_named() {
    let study = Study::new();
    study.write("fit.toml", &fit_file("reversal_learning", "coin.csv"));
    study.actinf(&["fit", "fit.toml"]).exits_with(2).complains(&[
        "coin.csv",
        "`subjID`",
        "`person`, `group`, `guess`, `correct`",
    ]);
    study.write("fit.toml", &fit_file("agency", "coin.csv"));
    study.actinf(&["fit", "fit.toml"]).exits_with(2).complains(&[
        "hbayesdm",
        "subjID, choice, outcome",
        "one by one",
    ]);
    study.write(
        "fit.toml",
        &fit_file("urn", "coin.csv").replace("columns =", "subject = \"person\"\ncolumns ="),
    );
    study.actinf(&["fit", "fit.toml"]).exits_with(2).complains(&[
        "fit.toml:5",
        "`data.subject`",
        "must be left out",
    ]);
    study.write("fit.toml", &fit_file("urn", "coin.csv").replace("hbayesdm", "hbayesdn"));
    study.actinf(&["fit", "fit.toml"]).exits_with(2).complains(&["`hbayesdn`", "did you mean `hbayesdm`?"]);
    study.write("iowa.csv", "subjID,deck,gain,loss\n1,1,50,much\n");
    study.write("fit.toml", &fit_file("iowa_gambling", "iowa.csv"));
    study
        .actinf(&["fit", "fit.toml"])
        .exits_with(2)
        .complains(&["iowa.csv", "row 1", "`loss`", "`much`", "amount"]);
}

/// The real tables, where a folder with them is named: `ACTINF_DATA=DIR` with `hbayesdm` and `igt` in it.
#[test]
fn the_example_data_of_hbayesdm_and_of_the_iowa_task_are_read() {
    let Some(folder) = std::env::var_os("ACTINF_DATA").map(PathBuf::from) else { return };
    let study = Study::new();
    for (model, file, subjects) in [
        ("two_armed_bandit", "hbayesdm/bandit2arm_exampleData.txt", 20),
        ("rescorla_wagner", "hbayesdm/bandit2arm_exampleData.txt", 20),
        ("reversal_learning", "hbayesdm/prl_exampleData.txt", 20),
        ("reversal_learning", "hbayesdm/prl_multipleB_exampleData.txt", 3),
        ("two_step", "hbayesdm/ts_exampleData.txt", 10),
        ("iowa_gambling", "igt/IGTdata_healthy_control.txt", 48),
        ("iowa_gambling", "igt/IGTdata_amphetamine.txt", 38),
        ("iowa_gambling", "igt/IGTdata_heroin.txt", 43),
    ] {
        study.write("fit.toml", &fit_file(model, folder.join(file).to_str().unwrap()));
        let run = study.actinf(&["check", "fit.toml"]).exits_with(0);
        run.prints(&[&format!(" {subjects} subjects"), "0 of "]);
    }
}

/// An export of jsPsych: instructions and questionnaires stand between the choices.
const JSPSYCH: &str = "\
\"rt\",\"stimulus\",\"response\",\"trial_type\",\"trial_index\",\"task\",\"subject_id\",\"correct\"
\"2100\",\"<p>Welcome</p>\",\"null\",\"html-keyboard-response\",\"0\",\"instructions\",\"007\",\"\"
\"650\",\"<p>?</p>\",\"f\",\"html-keyboard-response\",\"1\",\"choice\",\"007\",\"true\"
\"810\",\"<p>?</p>\",\"j\",\"html-keyboard-response\",\"2\",\"choice\",\"007\",\"false\"
\"9000\",\"\",\"{\"\"Q0\"\":\"\"none, thanks\"\"}\",\"survey-text\",\"3\",\"survey\",\"007\",\"\"
\"700\",\"<p>?</p>\",\"f\",\"html-keyboard-response\",\"4\",\"choice\",\"007\",\"true\"
";

fn jspsych_fit(more: &str) -> String {
    format!(
        "model = \"coin.toml\"\nresults = \"results\"\n[data]\nfile = \"jspsych.csv\"\ncolumns = \"jspsych\"\n{more}\n\
         [data.actions]\nguess = {{ column = \"response\", labels = {{ f = \"heads\", j = \"tails\" }} }}\n\
         [fixed]\nliking = 1.0\nerror = 0.1\n[method]\nname = \"maximum_a_posteriori\"\nstarts = 1\n"
    )
}

#[test]
fn an_export_of_jspsych_is_read_once_its_choices_are_told_from_other_rows() {
    let study = Study::new();
    study.write("jspsych.csv", JSPSYCH);
    study.write("fit.toml", &jspsych_fit("rows = { task = \"choice\" }"));
    study.actinf(&["check", "fit.toml"]).exits_with(0).prints(&[
        "3 rows: 1 subject",
        "action guess: 0 of 3 missing",
        "observation feedback: 0 of 3 missing",
    ]);
    study.actinf(&["fit", "fit.toml", "--json"]).exits_with(0).prints(&["\"007\""]);
    study.write("fit.toml", &jspsych_fit("rows = { task = [\"choice\", \"survey\"] }"));
    // Rows are named as they stand in the file.
    study.actinf(&["check", "fit.toml"]).exits_with(2).complains(&[
        "row 4 (line 5)",
        "`response`",
        "none, thanks",
    ]);
    study.write("fit.toml", &jspsych_fit("rows = { task = \"choise\" }"));
    let all =
        ["jspsych.csv", "`choise` in column `task`", "Did you mean `choice`?", "`instructions`, `survey`"];
    study.actinf(&["check", "fit.toml"]).exits_with(2).complains(&all);
    study.write("fit.toml", &jspsych_fit("rows = { taks = \"choice\" }"));
    study.actinf(&["check", "fit.toml"]).exits_with(2).complains(&[
        "`taks`",
        "chooses the rows",
        "Did you mean `task`?",
    ]);
}

/// jsPsych measures in milliseconds, models in seconds.
#[test]
fn reaction_times_of_jspsych_are_seconds() {
    let study = Study::new();
    study.write("jspsych.csv", JSPSYCH);
    let time = "\n[[responses]]\nname = \"reaction_time\"\nmoment = \"step\"\ndistribution = \"log_normal\"\n\
                location = -0.4\nscale = 0.5\nshift = 0.65\n";
    study.write("coin.toml", &(study.read("coin.toml") + time));
    study.write("fit.toml", &jspsych_fit("rows = { task = \"choice\" }"));
    study.write("at.csv", "precision\n1\n");
    // 0.65 s is the shift itself, at which the density is 0; 650 s would be far above it.
    let run = study.actinf(&["score", "fit.toml", "--parameters", "at.csv"]).exits_with(0);
    run.complains(&["recorded response has density 0", "row 2)"]);
}

/// The same rows, chosen or alone in the file, have the same log-likelihood.
#[test]
fn chosen_rows_score_as_a_table_of_them_alone() {
    let study = Study::new();
    study.write("at.csv", "precision\n1.5\n");
    let score = |fit: &str| study.actinf(&["score", fit, "--parameters", "at.csv"]).exits_with(0).printed;
    study.write("one.toml", &study.read("fit.toml").replace("group = \"group\"", "rows = { group = \"a\" }"));
    let alone: String = crate::study::DATA.lines().take(5).map(|line| format!("{line}\n")).collect();
    study.write("alone.csv", &alone);
    study.write("alone.toml", &study.read("fit.toml").replace("coin.csv", "alone.csv"));
    assert_eq!(score("one.toml"), score("alone.toml"));
}
