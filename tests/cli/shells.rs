//! Completions and manual pages, made from the definition of the command line.

use crate::study::Study;
use std::process::Command;

/// The commands that the help lists.
pub(crate) fn commands(study: &Study) -> Vec<String> {
    let help = study.actinf(&["--help"]).exits_with(0).printed;
    let listed = help.split("Commands:").nth(1).unwrap().split("\n\n").next().unwrap();
    let names = listed.lines().filter_map(|line| line.strip_prefix("  ")?.split_whitespace().next());
    names.filter(|name| *name != "help" && name.chars().all(char::is_lowercase)).map(String::from).collect()
}

/// What bash offers for the last of these words; `None` where there is no bash.
fn offered(study: &Study, words: &[&str]) -> Option<Vec<String>> {
    let line = words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" ");
    let (last, before) = (words[words.len() - 1], words[words.len() - 2]);
    let script = format!(
        "source ./actinf.bash && COMP_WORDS=({line}) && COMP_CWORD={} && _actinf actinf '{last}' '{before}' && \
         printf '%s\\n' \"${{COMPREPLY[@]}}\"",
        words.len() - 1
    );
    let output =
        Command::new("bash").args(["--norc", "-c", &script]).current_dir(study.path("")).output().ok()?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).unwrap().lines().map(String::from).collect())
}

#[test]
fn bash_completes_commands_options_and_names_of_tasks() {
    let study = Study::empty();
    study.write("actinf.bash", &study.actinf(&["completions", "bash"]).exits_with(0).printed);
    let Some(all) = offered(&study, &["actinf", ""]) else { return };
    for command in commands(&study) {
        assert!(all.contains(&command), "{command} is not offered: {all:?}");
    }
    let offered = |words: &[&str]| offered(&study, words).unwrap();
    assert_eq!(offered(&["actinf", "sim"]), ["simulate"]);
    assert_eq!(offered(&["actinf", "fit", "--thr"]), ["--threads"]);
    assert_eq!(offered(&["actinf", "new", "two_"]), ["two_armed_bandit", "two_step"]);
    assert_eq!(offered(&["actinf", "tasks", "show", "rescorla_wagner_d"]), ["rescorla_wagner_dual"]);
    assert_eq!(offered(&["actinf", "compare", "--evidence", "importance"]), ["importance_sampled"]);
}

#[test]
fn every_shell_has_completions_and_others_are_named() {
    let study = Study::empty();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        study.actinf(&["completions", shell]).exits_with(0).prints(&["simulate", "leave-one-out"]);
    }
    study.actinf(&["completions", "zsh"]).exits_with(0).prints(&["two_armed_bandit"]);
    study.actinf(&["completions", "fsh"]).exits_with(2).complains(&["'fsh'", "'fish'"]);
}

#[test]
fn the_manual_has_a_page_per_command_with_its_options_and_examples() {
    let study = Study::empty();
    study.actinf(&["manual", "man1"]).exits_with(0).prints(&["pages to man1"]);
    let whole = study.read("man1/actinf.1");
    for command in commands(&study) {
        assert!(whole.contains(&format!("actinf\\-{command}(1)")), "{command} is not in actinf.1");
        assert!(study.read(&format!("man1/actinf-{command}.1")).contains(".SH OPTIONS"), "{command}");
    }
    let page = study.read("man1/actinf-effects.1");
    for piece in
        [".SH NAME", ".SH SYNOPSIS", "\\-\\-leave\\-one\\-out", ".nf", "actinf effects results \\-\\-design"]
    {
        assert!(page.contains(piece), "{piece} is not in {page}");
    }
    assert!(study.path("man1/actinf-tasks-show.1").is_file());
    study.write("file", "");
    study.actinf(&["manual", "file"]).exits_with(2).complains(&["`file`"]);
}
