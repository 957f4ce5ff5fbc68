//! Results written, replaced and read back.

use crate::fixtures::shortened;
use crate::result_fixture::results;
use actinf_data::{ErrorKind, ExtraFile, read_results, write_results};
use actinf_fit::Outcome;
use std::path::Path;

fn text_of(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join(name)).unwrap()
}

/// Names of everything in a folder, hidden entries included.
fn entries(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn what_is_written_reads_back_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("made").join("results");
    write_results(&target, &results(), &[]).unwrap();
    assert_eq!(read_results(&target).unwrap(), results());
    let names = [
        "estimates.csv",
        "estimates.parquet",
        "fit.json",
        "predictive_checks.csv",
        "predictive_checks.parquet",
        "predictive_checks_persons.csv",
        "predictive_checks_persons.parquet",
        "profiles.csv",
        "profiles.parquet",
        "steps.csv",
        "steps.parquet",
        "subjects.csv",
        "subjects.parquet",
    ];
    assert_eq!(entries(&target), names);
}

#[test]
fn a_result_without_a_fitted_subject_reads_back_too() {
    let mut results = results();
    results.record.subjects.retain(|subject| matches!(subject.outcome, Outcome::Failed { .. }));
    results.steps.clear();
    let folder = tempfile::tempdir().unwrap();
    write_results(folder.path(), &results, &[]).unwrap();
    assert_eq!(read_results(folder.path()).unwrap(), results);
    assert_eq!(text_of(folder.path(), "estimates.csv").lines().count(), 1);
}

#[test]
fn the_tables_hold_what_their_headers_say() {
    let folder = tempfile::tempdir().unwrap();
    write_results(folder.path(), &results(), &[]).unwrap();
    assert_eq!(
        text_of(folder.path(), "estimates.csv").lines().take(2).collect::<Vec<_>>(),
        [
            "subject,group,parameter,estimate,standard_error,lower,upper,contraction,at_bound",
            "007,x,precision,0.3333333333333333,,1e-300,2.5,0.30000000000000004,true"
        ]
    );
    assert_eq!(
        text_of(folder.path(), "subjects.csv").lines().take(3).collect::<Vec<_>>(),
        [
            "subject,group,age,covariate.status,status,reason,log_likelihood,log_likelihood_actions,\
             log_likelihood_time,log_likelihood_confidence,log_likelihood_mood,log_prior,log_posterior,log_evidence,\
             aic,bic,chance_log_likelihood,pseudo_r2,likelihood_per_action,actions,converged,stopped_because,starts,\
             starts_agreeing,gap_to_second,gradient_norm,hessian_condition,evaluations,verdict,verdict_reason,\
             strongly_correlated,importance_log_evidence,importance_standard_error,importance_pareto_k,laplace_error",
            "007,x,30.5,1.0,fitted,,-12.345678901234567,-10.0,-1.0,0.0,0.1,-0.7,-13.0,,26.0,27.0,-20.0,0.5,0.6,30,\
             true,\"the gradient vanished, \"\"nearly\"\"\",8,7,0.25,1e-9,1.5,123,\
             at a bound,precision lies at the end of its support,ln(precision) ~ rate (0.950),-14.25,0.01,0.3,-0.125",
            "b,,,1.0,failed,\"impossible, at row 3\",,,,,,,,,,,,,,,,,,,,,,,,,,,,,"
        ]
    );
    assert_eq!(
        text_of(folder.path(), "profiles.csv").lines().collect::<Vec<_>>(),
        [
            "subject,group,parameter,level,lower,upper,lower_is,upper_is",
            "007,x,precision,0.95,0.30000000000000004,,found,open",
            "c,y,precision,0.95,0.30000000000000004,,found,open"
        ]
    );
    assert_eq!(
        text_of(folder.path(), "predictive_checks.csv").lines().collect::<Vec<_>>(),
        [
            "statistic,control,action,variable,level,group,persons,moments,observed,predicted,lower_95,lower_50,\
             upper_50,upper_95,p,judged,outside",
            "switching,side,,,,,2,30,0.30000000000000004,0.5,0.25,0.4,0.6,0.75,0.995,2,1",
            "choice_over_time,side,left,trial,1-5,,2,30,0.30000000000000004,0.5,0.25,0.4,0.6,0.75,0.995,2,1",
            "choice_over_time,side,left,trial,1-5,x,2,30,0.30000000000000004,0.5,0.25,0.4,0.6,0.75,0.995,2,1",
        ]
    );
    assert_eq!(
        text_of(folder.path(), "predictive_checks_persons.csv").lines().collect::<Vec<_>>(),
        [
            "subject,group,statistic,control,action,variable,level,moments,observed,predicted,lower_95,upper_95,p",
            "007,x,choice_over_time,side,left,trial,1-5,15,0.0,0.5,0.2,0.8,1.0",
        ]
    );
    assert_eq!(
        text_of(folder.path(), "steps.csv").lines().take(4).collect::<Vec<_>>(),
        [
            "subject,session,trial,step,row,action,log_probability,p.left,p.right,belief.side.left,belief.side.right,\
             log_density.time,log_density.confidence,log_density.mood",
            "007,x,1,1,7,left,0.30000000000000004,1.0,0.0,0.3333333333333333,-1e-17,-0.5,,",
            "007,x,1,2,8,,,1.0,0.0,0.3333333333333333,-1e-17,-0.5,,",
            "007,x,3,1,7,right,-inf,1.0,0.0,0.3333333333333333,-1e-17,-0.5,,"
        ]
    );
}

#[test]
fn writing_twice_gives_the_same_bytes() {
    let [first, second] = [(); 2].map(|()| tempfile::tempdir().unwrap());
    for folder in [&first, &second] {
        write_results(folder.path(), &results(), &[]).unwrap();
    }
    for name in entries(first.path()) {
        let bytes = |folder: &Path| std::fs::read(folder.join(&name)).unwrap();
        assert_eq!(bytes(first.path()), bytes(second.path()), "{name}");
    }
}

#[test]
fn numbers_that_json_lacks_read_back_as_nan() {
    let mut results = results();
    let Outcome::Fitted(fit) = &mut results.record.subjects[0].outcome else { panic!() };
    fit.likelihood_per_action = f64::NAN;
    fit.pseudo_r2 = f64::NEG_INFINITY;
    let folder = tempfile::tempdir().unwrap();
    write_results(folder.path(), &results, &[]).unwrap();
    assert!(text_of(folder.path(), "subjects.csv").contains(",-inf,NaN,"));
    let read = read_results(folder.path()).unwrap();
    let Outcome::Fitted(fit) = &read.record.subjects[0].outcome else { panic!() };
    assert!(fit.likelihood_per_action.is_nan() && fit.pseudo_r2.is_nan());
    assert_eq!(fit.log_evidence, None);
}

#[test]
fn an_old_result_is_replaced_whole() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("results");
    let extra = |path: &str| ExtraFile { path: path.into(), bytes: b"x".to_vec() };
    write_results(&target, &results(), &[extra("plots/a.svg"), extra("./report.html")]).unwrap();
    assert!(target.join("plots/a.svg").is_file() && target.join("report.html").is_file());
    write_results(&target, &results(), &[extra("plots/b.svg")]).unwrap();
    assert_eq!(entries(&target.join("plots")), ["b.svg"]);
    assert!(!target.join("report.html").exists());
    assert_eq!(entries(folder.path()), ["results"], "nothing temporary is left");
}

#[test]
fn a_failing_write_leaves_the_old_result_untouched() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("results");
    write_results(&target, &results(), &[]).unwrap();
    let before = std::fs::read(target.join("fit.json")).unwrap();
    let mut other = results();
    other.record.provenance.seed = 1;
    let extra = |path: &str| ExtraFile { path: path.into(), bytes: vec![] };
    // A file cannot also be a folder: the second write fails when most files are written.
    let error = write_results(&target, &other, &[extra("plots"), extra("plots/a.svg")]).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::CannotWrite { .. }), "{error}");
    assert!(error.to_string().ends_with("What was there before is unchanged"), "{error}");
    other.steps[0].steps[0].quantities.pop();
    let error = write_results(&target, &other, &[]).unwrap_err();
    assert!(
        error.to_string().contains("session 1, trial 1, step 1 of subject `007` does not fit"),
        "{error}"
    );
    assert_eq!(std::fs::read(target.join("fit.json")).unwrap(), before);
    assert_eq!(read_results(&target).unwrap(), results());
    assert_eq!(entries(folder.path()), ["results"], "nothing temporary is left");
}

#[test]
fn a_folder_of_something_else_is_not_replaced() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("thesis.tex"), "").unwrap();
    let error = write_results(folder.path(), &results(), &[]).unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::NotReplaceable { record: "fit.json" });
    assert!(error.to_string().contains("holds no fit.json"), "{error}");
    assert_eq!(entries(folder.path()), ["thesis.tex"]);
    let error = write_results(&folder.path().join("thesis.tex"), &results(), &[]).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::CannotWrite { .. }), "{error}");
}

#[test]
fn extra_files_stay_within_the_folder_and_replace_nothing() {
    let folder = tempfile::tempdir().unwrap();
    for path in ["", ".", "../x", "/x", "a/../../x", "fit.json", "./steps.csv"] {
        let extra = ExtraFile { path: path.into(), bytes: vec![] };
        let error = write_results(&folder.path().join("results"), &results(), &[extra]).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::UnusableExtraFile { .. }), "{path}: {error}");
    }
    assert!(entries(folder.path()).is_empty());
}

#[cfg(unix)]
#[test]
fn a_symbolic_link_keeps_pointing_to_the_result() {
    let folder = tempfile::tempdir().unwrap();
    let (real, link) = (folder.path().join("real"), folder.path().join("link"));
    std::fs::create_dir(&real).unwrap();
    std::os::unix::fs::symlink(&real, &link).unwrap();
    write_results(&link, &results(), &[]).unwrap();
    assert!(link.is_symlink() && real.join("fit.json").is_file());
}

#[test]
fn a_folder_without_a_result_is_explained() {
    let folder = tempfile::tempdir().unwrap();
    let message = |path: &Path| shortened(&read_results(path).unwrap_err());
    let absent = folder.path().join("absent");
    assert_eq!(message(&absent), "absent: there is no such folder. Give the folder that `actinf fit` wrote");
    let empty = folder.path().join("empty");
    std::fs::create_dir(&empty).unwrap();
    assert_eq!(
        message(&empty),
        "empty: the folder holds no fit.json. Give the folder that `actinf fit` wrote"
    );
    std::fs::write(empty.join("fit.json"), "{}").unwrap();
    assert!(message(&empty).contains("has no field `format`"));
}

#[test]
fn a_damaged_result_says_what_is_wrong_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let damaged = |name: &str, bytes: &[u8]| {
        write_results(path, &results(), &[]).unwrap();
        std::fs::write(path.join(name), bytes).unwrap();
        let error = read_results(path).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::DamagedResult { .. }), "{error}");
        assert!(error.to_string().ends_with(". Run the fit again to replace it"), "{error}");
        error.to_string()
    };
    assert!(damaged("fit.json", b"{").contains("fit.json is not JSON"));
    assert!(
        damaged("fit.json", br#"{"format": "actinf-fit/9"}"#).contains("this version reads `actinf-fit/1`")
    );
    assert!(damaged("fit.json", br#"{"format": "actinf-fit/1"}"#).contains("missing field"));
    assert!(damaged("steps.parquet", b"PAR1").contains("steps.parquet: "));
    let whole = std::fs::read(path.join("estimates.parquet")).unwrap();
    assert!(damaged("steps.parquet", &whole).contains("lacks the labels"));
    write_results(path, &results(), &[]).unwrap();
    let json = text_of(path, "fit.json").replace("\"belief.side\"", "\"belief.door\"");
    assert!(damaged("fit.json", json.as_bytes()).contains("belief.door.left"));
    std::fs::remove_file(path.join("steps.parquet")).unwrap();
    assert!(read_results(path).unwrap_err().to_string().contains("steps.parquet: "));
}
