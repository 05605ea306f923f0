//! SCF056 and SCF059: parameters that nobody reads, and those that only some stages have.

use std::collections::HashMap;

use super::stages;
use crate::config::Value;
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Fix};
use crate::fix;
use crate::rules::RuleContext;
use crate::variables::Effective;
use crate::variables::grammar::Piece;
use crate::variables::stages::DEFAULT_STAGE_KEY;

declare_rule! {
    /// ## What it does
    /// Points out a parameter that no `${param:…}` reads.
    ///
    /// ## Why it matters
    /// It has no effect. Nothing is reported where a file that cannot be read here, or a name that a variable puts together,
    /// might read it.
    ///
    /// ## Example
    /// ```yaml top
    /// stages:
    ///   default:
    ///     params:
    ///       greeting: hello
    /// ```
    ///
    /// ## Use instead
    /// Remove the parameter, or read it.
    UNUSED_PARAMETER = "SCF056", "Unused parameter", Hint, fix: Unsafe;

    /// ## What it does
    /// Reports a parameter that is read, and that some stages define, but neither `default` nor all of them.
    ///
    /// ## Why it matters
    /// In every other stage the variable has no value, and the deployment stops.
    ///
    /// ## Example
    /// ```yaml
    /// name: demo
    /// deployment:
    ///   type: aws@1.0
    /// stages:
    ///   prod:
    ///     params:
    ///       table: users
    /// containers:
    ///   api:
    ///     src: ./api
    ///     routing:
    ///       pathPattern: /*
    ///     compute:
    ///       type: awsLambda
    ///     environment:
    ///       TABLE: ${param:table}
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// name: demo
    /// deployment:
    ///   type: aws@1.0
    /// stages:
    ///   default:
    ///     params:
    ///       table: users-test
    ///   prod:
    ///     params:
    ///       table: users
    /// containers:
    ///   api:
    ///     src: ./api
    ///     routing:
    ///       pathPattern: /*
    ///     compute:
    ///       type: awsLambda
    ///     environment:
    ///       TABLE: ${param:table}
    /// ```
    PARAMETER_IN_ONE_STAGE = "SCF059", "Parameter only in one stage", Warning, fix: Unsafe
}

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    let uses = Uses::of(ctx);
    let mut definitions: HashMap<&str, Vec<(&str, Value<'_>)>> = HashMap::new();
    let mut order = Vec::new();
    for (stage, value) in stages(ctx) {
        for (name, parameter) in value.get("params").into_iter().flat_map(Value::entries) {
            let known = definitions.entry(name).or_default();
            if known.is_empty() {
                order.push(name);
            }
            known.push((stage, parameter));
        }
    }
    let named = stages(ctx).filter(|(stage, _)| *stage != DEFAULT_STAGE_KEY).count();
    for name in order {
        let definitions = &definitions[name];
        match uses.names.get(name) {
            None if !uses.open && !ctx.config.variables().reads_parameter(name) => {
                acc.extend(definitions.iter().map(|(_, parameter)| unused(ctx, name, *parameter)));
            }
            Some(Need { without_default: true })
                if !ctx.inputs.params.contains_key(name) && !ctx.config.variables().stages().open =>
            {
                let everywhere = named > 1 && definitions.len() >= named;
                let has_default = definitions.iter().any(|(stage, _)| *stage == DEFAULT_STAGE_KEY);
                if !everywhere && !has_default {
                    let (stage, parameter) = definitions[0];
                    acc.push(in_one_stage(ctx, name, stage, definitions.len(), parameter));
                }
            }
            _ => {}
        }
    }
}

/// How parameters are read.
struct Uses<'a> {
    names: HashMap<&'a str, Need>,
    /// Whether there may be more than is seen.
    open: bool,
}

struct Need {
    /// Whether a variable has no other value.
    without_default: bool,
}

impl<'a> Uses<'a> {
    fn of(ctx: &RuleContext<'a>) -> Self {
        let variables = ctx.config.variables();
        let mut uses = Self { names: HashMap::new(), open: variables.stages().open };
        for site in variables.sites(ctx.document) {
            let last = site.variable.alternatives().len().saturating_sub(1);
            for (position, alternative) in site.variable.alternatives().iter().enumerate() {
                let Some(reference) = alternative.reference() else { continue };
                let provider = variables.stages().source(site.provider(reference)).provider();
                match provider.map(|provider| provider.name) {
                    Some("param") => {}
                    // What a file holds may read parameters, and a program may read anything.
                    Some("file") => {
                        uses.open |= variables.effective(site.node, alternative) == Effective::Unknown;
                        continue;
                    }
                    _ => continue,
                }
                match reference.key.as_ref().map(|key| key.pieces.as_slice()) {
                    Some([Piece::Text(range)]) => {
                        let need = uses.names.entry(site.part(range)).or_insert(Need { without_default: false });
                        need.without_default |= position == last;
                    }
                    Some(_) => uses.open = true,
                    None => {}
                }
            }
        }
        uses
    }
}

fn unused(ctx: &RuleContext<'_>, name: &str, parameter: Value<'_>) -> Diagnostic {
    let message = format!("Nothing reads the parameter `{name}`.");
    let edits = fix::remove(ctx.document, parameter.node()).filter(|_| parameter.is_written_here());
    let fix = edits.map(|edits| Fix::suggestion(format!("Remove `{name}`"), edits));
    UNUSED_PARAMETER.at(parameter.key_place(), message).unnecessary().fix(fix)
}

fn in_one_stage(ctx: &RuleContext<'_>, name: &str, stage: &str, count: usize, parameter: Value<'_>) -> Diagnostic {
    let others = if count > 1 { format!(" and {} more", count - 1) } else { String::new() };
    let message = format!(
        "`{name}` is read in every stage, but only `{stage}`{others} defines it. In other stages the variable has no value; add it to \
         `stages.{DEFAULT_STAGE_KEY}.params`, or give the variable a default."
    );
    let params =
        ctx.get(&["stages", DEFAULT_STAGE_KEY, "params"]).filter(|params| params.is_map() && params.is_written_here());
    let edits =
        params.and_then(|params| fix::insert_entry(ctx.document, params.node(), name, "''", fix::Placement::Last));
    let fix = edits.map(|edits| Fix::suggestion(format!("Add `{name}` to the parameters of every stage"), edits));
    PARAMETER_IN_ONE_STAGE.at(parameter.key_place(), message).fix(fix)
}
