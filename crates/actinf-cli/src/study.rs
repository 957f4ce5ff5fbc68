//! A fit file with its model and data: what every command works on.

use crate::fit_file::{FitFile, Located, Method, SimulatedGroup, SimulationSettings, Truth};
use crate::nearest_file;
use actinf_agents::{BehaviourModel, Model, nearest_name};
use actinf_fit::hierarchical::GroupProblemError;
use actinf_fit::{
    Dataset, GroupMethodError, GroupQuestion, MethodRecord, ModelRecord, Prior, PriorError, Problem,
    ProblemError, Role,
};
use anyhow::{Context, Result, anyhow, bail};
use std::path::{Path, PathBuf};

/// A fit file and the model it names.
pub(crate) struct Study {
    pub(crate) fit_file: FitFile,
    pub(crate) model: Model,
    /// "built in", or the model file.
    pub(crate) model_source: String,
    /// The text of the model file.
    model_text: String,
}

impl Study {
    /// Reads a fit file and the model it names.
    pub(crate) fn open(path: &Path) -> Result<Study> {
        let text = text_of(path, "the fit file")?;
        let fit_file = FitFile::parse(&text, path)?;
        let (model_source, model_text) = model_text(&fit_file)?;
        let model = match model_source.as_str() {
            BUILT_IN => Model::built_in(&fit_file.model)?,
            file => Model::read(&model_text, file)?,
        };
        Ok(Study { fit_file, model, model_source, model_text })
    }

    /// The model with the role of each parameter, at least one of which is free.
    pub(crate) fn problem(&self) -> Result<Problem<'_>> {
        let problem = self.any_problem()?;
        if problem.free_positions().is_empty() {
            let error = actinf_fit::ProblemError::NothingFree;
            return Err(error).with_context(|| format!("in {}", self.fit_file.path.display()));
        }
        Ok(problem)
    }

    /// The same; all parameters may be fixed.
    pub(crate) fn any_problem(&self) -> Result<Problem<'_>> {
        self.problem_with(&self.fit_file.priors, &self.fit_file.fixed)
    }

    /// The model with other priors and fixed values than the fit file's.
    fn problem_with(&self, priors: &[Located<Prior>], fixed: &[Located<Vec<f64>>]) -> Result<Problem<'_>> {
        self.check_names("fixed", fixed)?;
        self.check_names("priors", priors)?;
        let mut roles = Problem::default_roles(&self.model);
        for (role, parameter) in roles.iter_mut().zip(self.model.parameters()) {
            let fixed = fixed.iter().find(|fixed| fixed.name == parameter.name);
            let prior = priors.iter().find(|prior| prior.name == parameter.name);
            match (fixed, prior) {
                (Some(fixed), None) => *role = Role::Fixed { values: fixed.value.clone() },
                (None, Some(prior)) => {
                    *role = Role::Free { prior: prior.value.clone(), default_prior: false };
                }
                (None, None) => {}
                (Some(_), Some(prior)) => {
                    let message = format!(
                        "parameter `{}` has a prior, but it is also under [fixed]; remove one of the two",
                        prior.name
                    );
                    return Err(self.fit_file.error(prior.line, "priors", message).into());
                }
            }
        }
        Problem::all_may_be_fixed(&self.model, roles)
            .map_err(|error| self.problem_error(error, priors, fixed))
    }

    /// An error of a prior or fixed value, with the line in which it stands.
    fn problem_error(
        &self,
        error: ProblemError,
        priors: &[Located<Prior>],
        fixed: &[Located<Vec<f64>>],
    ) -> anyhow::Error {
        let (table, line) = match &error {
            ProblemError::Prior(PriorError { parameter, .. }) => ("priors", line_of(priors, parameter)),
            ProblemError::OutsideSupport { parameter, .. } => ("fixed", line_of(fixed, parameter)),
            _ => ("", 0),
        };
        self.fit_file.error(line, table, error.to_string()).into()
    }

    /// What is to be simulated.
    pub(crate) fn simulation(&self) -> Result<&SimulationSettings> {
        self.fit_file.simulation.as_ref().with_context(|| {
            let file = self.fit_file.path.display();
            format!(
                "`{file}` has no [simulate] table; add one such as\n\n[simulate]\nsubjects = 20\nsteps = 100"
            )
        })
    }

    /// The model with the true values of a group, or the distributions that they are drawn from: its own, otherwise the
    /// fit file's priors and fixed values.
    pub(crate) fn truth(&self, group: &SimulatedGroup) -> Result<Problem<'_>> {
        let (mut priors, mut fixed) = (Vec::new(), Vec::new());
        let mut known: Vec<&str> = Vec::new();
        for Located { name, line, value } in &group.truth {
            if known.contains(&name.as_str()) {
                continue;
            }
            known.push(name);
            match value {
                Truth::Drawn(prior) => priors.push(located(name, *line, prior)),
                Truth::Exact(values) => fixed.push(located(name, *line, values)),
            }
        }
        let is_exact = |name: &str| fixed.iter().any(|exact: &Located<Vec<f64>>| exact.name == name);
        let others = self.fit_file.priors.iter().filter(|prior| !is_exact(&prior.name));
        priors.extend(others.map(|prior| located(&prior.name, prior.line, &prior.value)));
        fixed.extend(self.fit_file.fixed.iter().map(|own| located(&own.name, own.line, &own.value)));
        self.problem_with(&priors, &fixed)
    }

    fn check_names<T>(&self, table: &str, entries: &[Located<T>]) -> Result<()> {
        let names: Vec<&str> = self.model.parameters().iter().map(|p| p.name.as_str()).collect();
        let unknown = entries.iter().find(|entry| !names.contains(&entry.name.as_str()));
        let Some(entry) = unknown else { return Ok(()) };
        let nearest = nearest_name(&entry.name, names.iter().copied())
            .map_or(". ".to_owned(), |name| format!("; did you mean `{name}`? "));
        let message = format!(
            "model `{}` has no parameter `{}`{nearest}It has: {}",
            self.model.name(),
            entry.name,
            names.join(", ")
        );
        Err(self.fit_file.error(entry.line, table, message).into())
    }

    /// The folder that the fit file names for the results.
    pub(crate) fn results_folder(&self) -> Option<PathBuf> {
        self.fit_file.results.as_deref().map(|named| self.fit_file.resolve(named))
    }

    /// The data: the given file, or the one the fit file names.
    pub(crate) fn dataset(&self, instead: Option<&Path>) -> Result<Dataset> {
        let Some(data) = &self.fit_file.data else {
            bail!(
                "`{}` has no [data] table; add one that names the file and its columns",
                self.fit_file.path.display()
            );
        };
        let path = instead.map_or_else(|| self.fit_file.resolve(&data.file), PathBuf::from);
        let columns = match data.format {
            None => data.columns.clone(),
            Some(format) => {
                let headers = actinf_data::column_names(&path, data.columns.task.as_deref())?;
                format.mapping(&data.columns, self.model.schema(), &headers)?
            }
        };
        let mut dataset = actinf_data::read(&path, &columns, self.model.schema())
            .map_err(|error| self.data_error(&error, &path))?;
        // The record names the file as the user did, not as it is reached from here.
        dataset.summary.file = instead.map_or_else(|| data.file.clone(), |path| path.display().to_string());
        Ok(dataset)
    }

    /// An error of reading the data: about the fit file where its columns do not fit the model, about the table otherwise.
    fn data_error(&self, error: &actinf_data::Error, path: &Path) -> anyhow::Error {
        match error.kind() {
            actinf_data::ErrorKind::Mapping(_) => self.fit_file.error(0, "data", error.to_string()).into(),
            _ => anyhow!("{error}{}", nearest_file::suggestion(path)),
        }
    }

    /// What is asked of the group, for methods that estimate it together.
    pub(crate) fn group_question(&self) -> Result<GroupQuestion> {
        let FitFile { formulas, practical_equivalence, method, .. } = &self.fit_file;
        self.check_names("formulas", formulas)?;
        self.check_names("practical_equivalence", practical_equivalence)?;
        Ok(GroupQuestion {
            formulas: formulas.iter().map(|f| (f.name.clone(), f.value.clone())).collect(),
            practical_equivalence: practical_equivalence.iter().map(|r| (r.name.clone(), r.value)).collect(),
            individual: match &method.method {
                Method::Together(together) => together.individual,
                Method::Alone(_) => false,
            },
        })
    }

    /// An error of a group method, with the line of the formula that it is about.
    pub(crate) fn group_error(&self, error: GroupMethodError) -> anyhow::Error {
        let parameter = match &error {
            GroupMethodError::Problem(
                GroupProblemError::UnknownParameter { parameter, .. }
                | GroupProblemError::Design { parameter, .. },
            ) => parameter,
            _ => return self.fit_file.error(0, "", error.to_string()).into(),
        };
        let line = line_of(&self.fit_file.formulas, parameter);
        self.fit_file.error(line, "formulas", error.to_string()).into()
    }

    /// What is recorded of the method: its settings, and what is asked of the group.
    pub(crate) fn method_record(&self) -> MethodRecord {
        let mut record = self.fit_file.method.record();
        for formula in &self.fit_file.formulas {
            record.settings.push((format!("formula.{}", formula.name), formula.value.to_string()));
        }
        for region in &self.fit_file.practical_equivalence {
            let name = format!("practical_equivalence.{}", region.name);
            record.settings.push((name, region.value.to_string()));
        }
        record
    }

    /// What is recorded of the model in the results.
    pub(crate) fn model_record(&self, problem: &Problem<'_>) -> ModelRecord {
        ModelRecord {
            name: self.model.name().to_string(),
            source: self.model_source.clone(),
            description: self.model.description().trim().to_string(),
            citation: self.model.citation().to_string(),
            sha256: actinf_data::sha256(self.model_text.as_bytes()),
            parameters: problem.parameters().to_vec(),
            schema: self.model.schema().clone(),
            quantities: self.model.quantities().to_vec(),
        }
    }
}

/// The line in which something stands; 0 if it stands nowhere.
fn line_of<T>(entries: &[Located<T>], name: &str) -> usize {
    entries.iter().find(|entry| entry.name == name).map_or(0, |entry| entry.line)
}

fn located<T: Clone>(name: &str, line: usize, value: &T) -> Located<T> {
    Located { name: name.to_owned(), line, value: value.clone() }
}

const BUILT_IN: &str = "built in";

/// Where the model comes from and its text.
fn model_text(fit_file: &FitFile) -> Result<(String, String)> {
    if let Some(text) = Model::built_in_text(&fit_file.model) {
        return Ok((BUILT_IN.to_string(), text.to_string()));
    }
    let path = fit_file.resolve(&fit_file.model);
    if !fit_file.model.ends_with(".toml") {
        let names: Vec<&str> = Model::built_in_names().collect();
        let nearest = nearest_name(&fit_file.model, names.iter().copied())
            .map_or(String::new(), |name| format!("did you mean `{name}`? "));
        bail!(
            "{}: there is no built-in model `{}`; {nearest}They are: {}. A model file is named by its path, which ends in .toml",
            fit_file.path.display(),
            fit_file.model,
            names.join(", ")
        );
    }
    let text = text_of(&path, "the model file").with_context(|| fit_file.path.display().to_string())?;
    Ok((path.display().to_string(), text))
}

/// The endings of tables, which are given in place of fit files now and then.
const TABLES: [&str; 4] = ["csv", "tsv", "txt", "parquet"];

/// The text of a file that is called `what`.
fn text_of(path: &Path, what: &str) -> Result<String> {
    let shown = path.display();
    if path.is_dir() {
        bail!("{what} `{shown}` is a folder; name a file in it, which ends in .toml");
    }
    if path.extension().and_then(|extension| extension.to_str()).is_some_and(|e| TABLES.contains(&e)) {
        bail!(
            "{what} `{shown}` is a table; name the fit file (.toml) that has `file = \"{shown}\"` under [data]"
        );
    }
    let bytes = std::fs::read(path).map_err(|error| {
        let reason = match error.kind() {
            std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
            _ => error.to_string(),
        };
        anyhow!("cannot read {what} `{shown}`: {reason}{}", nearest_file::suggestion(path))
    })?;
    String::from_utf8(bytes).map_err(|error| {
        let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
        anyhow!("{what} `{shown}` is not UTF-8 text in line {line}; save it with the encoding UTF-8")
    })
}
