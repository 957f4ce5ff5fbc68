//! `actinf schema`: what model files and fit files may say, for editors.
//!
//! The schemas are files of their own. `tests/cli/schemas.rs` asks the parser for its keys and names, section by section, and
//! compares both.

use crate::arguments::{SchemaArguments, SchemaOf};
use crate::exit_code::Exit;
use crate::output::Output;
use anyhow::Result;

pub(crate) fn run(arguments: &SchemaArguments, output: Output) -> Result<Exit> {
    let schema = match arguments.of {
        SchemaOf::Model => include_str!("../schemas/model.schema.json"),
        SchemaOf::Fit => include_str!("../schemas/fit.schema.json"),
    };
    output.found(|| Ok(schema.to_owned()), || Ok(schema.to_owned()))?;
    Ok(Exit::Done)
}
