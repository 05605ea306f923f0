//! `slipway schema`: the JSON Schema of the configuration file.

use slipway_lang::schema;

use super::args::{Draft, SchemaArgs};
use super::output::Output;
use crate::error::{Error, Exit};

/// Prints the schema exactly as it is checked in.
pub(crate) fn run(args: &SchemaArgs, output: &mut Output) -> Result<Exit, Error> {
    let text = match args.draft {
        Draft::Draft07 => schema::draft07(),
        Draft::Draft202012 => schema::draft2020_12(),
    };
    output.result(&text)?;
    Ok(Exit::Success)
}
