//! `[parameters]` of baselines: which settings of the rule are free, and further parameters.

use crate::baselines::{Range, Setting, SettingCell};
use crate::document::{DocumentError, Entry, Section, Value};
use crate::expression::Expression;
use crate::model_file::claims::Requirement;
use crate::model_file::context::Context;
use crate::model_file::parameters;
use crate::nearest_name::suggestion;
use crate::parameter::{Parameter, Support};

/// What the file says of one setting.
enum Stated<'a> {
    /// It is a parameter, with its entry if there is one.
    Free(Parameter, Option<Value<'a>>),
    /// It is a cell.
    Cell(Value<'a>),
    /// The file says nothing and it is this number.
    Fixed(f64),
}

/// The settings of a rule and the parameters of the file beside them.
pub(super) struct Settings<'a> {
    settings: Vec<(Setting, Stated<'a>)>,
    others: Vec<(Parameter, Value<'a>)>,
}

/// Reads `[parameters]` of a rule that has these settings.
pub(super) fn read<'a>(root: &Section<'a>, settings: Vec<Setting>) -> Result<Settings<'a>, DocumentError> {
    let entries = root.optional("parameters").map_or(Ok(Vec::new()), Value::entries)?;
    let stated = |setting: Setting| {
        let value = entries.iter().find(|entry| entry.key == setting.name).map(|entry| entry.value);
        let stated = match (value, setting.fixed_at) {
            (Some(value), _) if value.is_table() => Stated::Free(overridden(&setting, value)?, Some(value)),
            (Some(value), _) => Stated::Cell(value),
            (None, Some(number)) => Stated::Fixed(number),
            (None, None) => Stated::Free(own(&setting), None),
        };
        Ok((setting, stated))
    };
    let settings: Vec<(Setting, Stated<'a>)> =
        settings.into_iter().map(stated).collect::<Result<_, DocumentError>>()?;
    let is_setting = |name: &str| settings.iter().any(|(setting, _)| setting.name == name);
    let mut others = Vec::new();
    for &entry in entries.iter().filter(|entry| !is_setting(entry.key)) {
        others.push((other(entry, &settings)?, entry.value));
    }
    Ok(Settings { settings, others })
}

/// A further parameter, for cells to use.
fn other(entry: Entry<'_>, settings: &[(Setting, Stated<'_>)]) -> Result<Parameter, DocumentError> {
    if entry.value.is_table() {
        return parameters::parameter(entry);
    }
    let names: Vec<&str> = settings.iter().map(|(setting, _)| setting.name).collect();
    let hint = suggestion(entry.key, &names, "It has");
    Err(entry.value.error(format!("this baseline has no setting `{}`{hint}", entry.key)))
}

/// The parameter that a setting is by itself.
fn own(setting: &Setting) -> Parameter {
    Parameter {
        name: setting.name.to_owned(),
        symbol: setting.symbol.to_owned(),
        meaning: setting.meaning.to_owned(),
        support: setting.support,
        default: setting.default.clone(),
    }
}

/// The parameter that a setting is, with what the file says of it.
fn overridden(setting: &Setting, value: Value<'_>) -> Result<Parameter, DocumentError> {
    let section = value.section(&parameters::KEYS)?;
    let mut parameter = own(setting);
    if section.optional("support").is_some() {
        (parameter.support, parameter.default) = parameters::support_and_default(&section)?;
    } else if let Some(default) = section.optional("default") {
        parameter.default = match setting.support {
            Support::Simplex { .. } => {
                default.list()?.into_iter().map(Value::number).collect::<Result<_, _>>()?
            }
            _ => vec![default.number()?],
        };
    }
    if parameter.support.size() != setting.support.size() {
        let rule = format!("must be a simplex of {}, one for each action", setting.support.size());
        return Err(value.reject(if setting.support.size() == 1 {
            "cannot be a simplex".into()
        } else {
            rule
        }));
    }
    if let Some(symbol) = section.optional_text("symbol")? {
        symbol.clone_into(&mut parameter.symbol);
    }
    if let Some(meaning) = section.optional_text("meaning")? {
        meaning.clone_into(&mut parameter.meaning);
    }
    parameters::refuse_outside(&section, parameter.support, &parameter.default)?;
    Ok(parameter)
}

impl<'a> Settings<'a> {
    /// The free parameters: those of the rule in its order, then the others in the order of the file.
    pub(super) fn parameters(&self) -> impl Iterator<Item = &Parameter> {
        let of_rule = self.settings.iter().filter_map(|(_, stated)| match stated {
            Stated::Free(parameter, _) => Some(parameter),
            Stated::Cell(_) | Stated::Fixed(_) => None,
        });
        of_rule.chain(self.others.iter().map(|(parameter, _)| parameter))
    }

    /// Where each of the parameters stands, for messages.
    pub(super) fn places(&self, root: &Section<'a>) -> Vec<Value<'a>> {
        let of_rule = self.settings.iter().filter_map(|(_, stated)| match stated {
            Stated::Free(_, place) => Some(place.unwrap_or(root.value())),
            Stated::Cell(_) | Stated::Fixed(_) => None,
        });
        of_rule.chain(self.others.iter().map(|(_, place)| *place)).collect()
    }

    /// The settings as cells.
    pub(super) fn cells(
        &self,
        root: &Section<'a>,
        context: &mut Context<'a>,
    ) -> Result<Vec<SettingCell>, DocumentError> {
        let mut all = Vec::new();
        for (setting, stated) in &self.settings {
            let (cells, at) = match stated {
                Stated::Fixed(number) => {
                    (vec![Expression::constant(*number); setting.support.size()], root.value())
                }
                Stated::Free(parameter, place) => {
                    (context.components(parameter), place.unwrap_or(root.value()))
                }
                Stated::Cell(value) => (cells(setting, *value, context)?, *value),
            };
            let subject = format!("the setting `{}`", setting.name);
            context.claim(at, subject, vec![], requirement(setting.range), &cells);
            all.push(SettingCell { name: setting.name, range: setting.range, cells });
        }
        Ok(all)
    }
}

/// A setting that the file gives as a number, an expression, or a list of them.
fn cells<'a>(
    setting: &Setting,
    value: Value<'a>,
    context: &mut Context<'a>,
) -> Result<Vec<Expression>, DocumentError> {
    if setting.support.size() == 1 {
        return Ok(vec![context.cell(value)?]);
    }
    let items = value.list()?;
    if items.len() != setting.support.size() {
        return Err(value.reject(format!("must have {} cells, one for each action", setting.support.size())));
    }
    let cells = items.into_iter().map(|item| context.cell(item)).collect::<Result<Vec<_>, _>>()?;
    let form = Requirement::Distribution(crate::task_model::Form::Probabilities);
    context.claim(value, format!("the setting `{}`", setting.name), vec![], form, &cells);
    Ok(cells)
}

fn requirement(range: Range) -> Requirement {
    match range {
        Range::Finite => Requirement::Finite,
        Range::NotNegative => Requirement::NotNegative,
        Range::Positive => Requirement::Positive,
        Range::Probability => Requirement::Probability,
    }
}
