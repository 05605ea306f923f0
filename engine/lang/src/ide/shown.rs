//! What of a value may be shown, and where it comes from.

use crate::config::{Config, Data, Value};
use crate::dotenv;
use crate::inputs::{FileKind, Files};
use crate::rules::RuleContext;
use crate::secrets::{secret_in, secret_value};
use crate::variables::grammar::{Alternative, Piece, Reference, Template, Variable};
use crate::variables::stages::DEFAULT_STAGE_KEY;
use crate::variables::{Effective, stages::Source};
use crate::yaml::NodeId;

/// Stands for a secret.
pub(super) const MASK: &str = "••••••";
/// Longer texts are cut, in characters.
const LONGEST: usize = 60;

/// A lone value as text of one line; [`MASK`] for a secret. `None` for what is unknown, null, a map or a list.
pub(super) fn lone_value(value: Value<'_>) -> Option<String> {
    if matches!(value.data(), Data::Null | Data::Unknown | Data::Map(_) | Data::List(_)) {
        return None;
    }
    if is_secret(value) { Some(MASK.to_owned()) } else { value.env_text().map(|text| one_line(&text)) }
}

/// Whether a lone value must not be shown, by where it comes from, its key or its form.
pub(super) fn is_secret(value: Value<'_>) -> bool {
    let looks_secret = |text: &str| secret_in(value.key().unwrap_or_default(), text).is_some();
    value.is_secret() || value.as_str().is_some_and(looks_secret)
}

/// What an alternative of a variable gives, as far as it may be shown.
pub(super) fn alternative(config: &Config, node: NodeId, alternative: &Alternative) -> Effective {
    let effective = config.variables().effective(node, alternative);
    let is_secret = |text: &str| secret_value(text).is_some() || config.value_at(node).is_some_and(Value::is_secret);
    match effective {
        Effective::Value(text) if is_secret(&text) => Effective::Secret,
        Effective::Value(text) => Effective::Value(one_line(&text)),
        other => other,
    }
}

/// What a variable gives, as far as it may be shown.
pub(super) fn variable(config: &Config, node: NodeId, variable: &Variable) -> Effective {
    let all = variable.alternatives().iter().map(|each| alternative(config, node, each));
    all.into_iter().find(|effective| *effective != Effective::Missing).unwrap_or(Effective::Missing)
}

/// Where a reference's value comes from, as a sentence; `None` where that goes without saying or is not known. `text` is the
/// scalar's text.
pub(super) fn origin(ctx: &RuleContext<'_>, text: &str, reference: &Reference) -> Option<String> {
    let written = |template: &Option<Template>| {
        let template = template.as_ref()?;
        match template.pieces.as_slice() {
            [Piece::Text(part)] => text.get(part.clone()),
            _ => None,
        }
    };
    let source = ctx.config.variables().stages().source(&text[reference.provider.clone()]);
    let key = written(&reference.key);
    match source.provider()?.name {
        "env" => environment(ctx, key?),
        "param" => parameter(ctx, key?),
        "self" => ctx.config.get(&key?.split('.').collect::<Vec<_>>()).map(|value| {
            let line = ctx.source().line_of(value.range().start()) + 1;
            format!("It stands in line {line}.")
        }),
        "file" => {
            let path = written(&reference.params).or(key)?;
            let path = path.split('#').next().unwrap_or_default();
            let there = ctx.files()?.kind(path) == FileKind::File;
            Some(if there { format!("It stands in `{path}`.") } else { format!("There is no file `{path}`.") })
        }
        "opt" => Some("It is an option of the command line.".to_owned()),
        "sls" if key == Some("stage") => Some("It is the stage in force.".to_owned()),
        _ => match source {
            Source::Named(_) => Some(format!("`{}` is a resolver of this file.", &text[reference.provider.clone()])),
            _ => None,
        },
    }
}

fn environment(ctx: &RuleContext<'_>, name: &str) -> Option<String> {
    let env = ctx.inputs.env.as_ref()?;
    if !env.contains_key(name) {
        return Some("It is not set.".to_owned());
    }
    let files = dotenv::file_names(ctx.stage());
    let setting = ctx.files().and_then(|disk| files.iter().find(|file| sets(disk, file, name)));
    Some(match setting {
        Some(file) => format!("`{file}` sets it; a variable of the process would win over that."),
        None => "It is set in the environment of the process.".to_owned(),
    })
}

/// Whether an environment file sets a variable.
fn sets(files: &dyn Files, file: &str, name: &str) -> bool {
    files.read(file).is_some_and(|text| dotenv::settings(&text).iter().any(|setting| setting.name == name))
}

fn parameter(ctx: &RuleContext<'_>, name: &str) -> Option<String> {
    if ctx.inputs.params.contains_key(name) {
        return Some(format!("`--param {name}` gives it."));
    }
    let has = |stage: &&str| ctx.config.get(&["stages", stage, "params", name]).is_some_and(|value| !value.is_null());
    let stage = [ctx.stage(), DEFAULT_STAGE_KEY].into_iter().find(has)?;
    Some(format!("It stands in `stages.{stage}.params`."))
}

/// A text on one line, cut where it is long.
pub(super) fn one_line(text: &str) -> String {
    let mut line = text.replace(['\n', '\r', '\t'], " ");
    if let Some((end, _)) = line.char_indices().nth(LONGEST) {
        line.truncate(end);
        line.push('…');
    }
    line
}
