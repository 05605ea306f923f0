//! SCF368: variables whose provider has not been told where to look.

use super::{Use, replace, uses};
use crate::config::Value;
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Fix, Severity};
use crate::fix;
use crate::rules::RuleContext;
use crate::suggest::nearest;
use crate::variables::providers::Provider;
use crate::variables::stages::{DEFAULT_STAGE_KEY, Source};

declare_rule! {
    /// ## What it does
    /// Reports a variable whose provider lacks what it needs: `terraform` without a resolver that says where the state is
    /// kept (a blocker, because a file around this one may bring it in), `doppler` without a project, a word between two
    /// colons that is no resolver. A token that is neither in a resolver nor in the environment is a warning: it may be
    /// there when the project is deployed.
    ///
    /// ## Why it matters
    /// The value cannot be fetched, and the deployment stops.
    ///
    /// ## Example
    /// ```yaml container
    /// environment:
    ///   TABLE: ${terraform:outputs:table}
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// name: demo
    /// deployment:
    ///   type: aws@1.0
    /// stages:
    ///   default:
    ///     resolvers:
    ///       terraform:
    ///         type: terraform
    ///         backend: s3
    ///         bucket: acme-state
    ///         key: shop.tfstate
    /// containers:
    ///   api:
    ///     src: ./api
    ///     routing:
    ///       pathPattern: /*
    ///     compute:
    ///       type: awsLambda
    ///     environment:
    ///       TABLE: ${terraform:outputs:table}
    /// ```
    RESOLVER_NOT_CONFIGURED = "SCF368", "Resolver not configured", Error, fix: Unsafe
}

const TERRAFORM: &str = "type: terraform\nbackend: s3\nbucket: ''\nkey: ''";

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    for found in uses(ctx) {
        let Some(provider) = found.source.provider() else { continue };
        if let Some(diagnostic) = second_word(ctx, found, provider) {
            acc.push(diagnostic);
            continue;
        }
        let range = &found.alternative.range;
        let at = |message: String| RESOLVER_NOT_CONFIGURED.at(found.place(ctx, range), message);
        match provider.name {
            "terraform" if matches!(found.source, Source::Provider(_)) => {
                let message = "`terraform` needs a resolver that says where the state is kept: add one of this name under `resolvers` of a stage.";
                // A file that lists several projects may bring the resolver in, so that the file itself is not wrong.
                acc.push(at(message.to_owned()).severity(Severity::Blocker).fix(configure(ctx)));
            }
            "doppler" if lacks_project(ctx, found) => {
                let message = "Nothing says which Doppler project this secret is in. Write `doppler:project/SECRET`, or add a resolver with `project`.";
                acc.push(at(message.to_owned()));
            }
            "vault" | "doppler" => acc.extend(token(provider, ctx, found).map(|variable| {
                let message = format!(
                    "There is no token for `{}`: neither in a resolver, nor as `{variable}` in the environment or a `.env` file.",
                    provider.name
                );
                at(message).severity(Severity::Warning)
            })),
            _ => {}
        }
    }
}

/// A word between two colons that names nothing.
fn second_word(ctx: &RuleContext<'_>, found: Use<'_>, provider: &'static Provider) -> Option<Diagnostic> {
    let part = found.reference.resolver.as_ref()?;
    let word = found.resolver()?;
    let mut known: Vec<&str> = vec![provider.default_resolver];
    known.extend(provider.services.iter().map(|service| service.name));
    if let Source::Named(resolver) = found.source {
        known.extend(resolver.nested.keys().map(String::as_str));
    }
    // A blank in front of it is reported as such.
    if known.contains(&word) || word.contains("${") || word.starts_with(char::is_whitespace) {
        return None;
    }
    let name = found.site.provider(found.reference);
    let nearest = nearest(word, known.iter().copied());
    let advice = match nearest {
        Some(nearest) => format!(" Did you mean `{nearest}`?"),
        None => " A default stands behind a comma, in quotes.".to_owned(),
    };
    let message = format!("`{name}` has no resolver `{word}`, which is what stands between two colons.{advice}");
    let edits = nearest.and_then(|nearest| replace(ctx, found.site.node, part, nearest));
    let fix = edits.map(|edits| Fix::suggestion(format!("Change to `{}`", nearest.unwrap_or_default()), edits));
    Some(RESOLVER_NOT_CONFIGURED.at(found.place(ctx, part), message).fix(fix))
}

/// The settings of the resolver that answers, where the document holds one.
fn settings<'a>(ctx: &RuleContext<'a>, found: Use<'_>) -> Option<Value<'a>> {
    let name = found.site.provider(found.reference);
    [ctx.stage(), DEFAULT_STAGE_KEY].iter().find_map(|stage| ctx.get(&["stages", stage, "resolvers", name]))
}

fn lacks_project(ctx: &RuleContext<'_>, found: Use<'_>) -> bool {
    let settings = settings(ctx, found);
    found.key().is_some_and(|key| !key.contains('/'))
        && settings.is_none_or(|settings| settings.is_map() && settings.get("project").is_none())
}

/// The environment variable in which a token was looked for in vain.
fn token(provider: &'static Provider, ctx: &RuleContext<'_>, found: Use<'_>) -> Option<&'static str> {
    let option = provider.resolver?.options.iter().find(|option| option.secret.is_some())?;
    let variable = option.secret?;
    let environment = ctx.inputs.env.as_ref()?;
    let settings = settings(ctx, found);
    let set = environment.contains_key(variable)
        || settings.is_some_and(|settings| !settings.is_map() || settings.get(option.name).is_some());
    (!set).then_some(variable)
}

/// Adds a resolver to be filled in, below as much of the way to it as is there.
fn configure(ctx: &RuleContext<'_>) -> Option<Fix> {
    let way = ["stages", DEFAULT_STAGE_KEY, "resolvers", "terraform"];
    let (depth, parent) = (0..way.len()).rev().find_map(|depth| Some((depth, ctx.get(&way[..depth])?)))?;
    let snippet = way[depth + 1..]
        .iter()
        .rev()
        .fold(TERRAFORM.to_owned(), |inside, key| format!("{key}:\n  {}", inside.replace('\n', "\n  ")));
    let edits = fix::insert_entry(ctx.document, parent.node(), way[depth], &snippet, fix::Placement::Last);
    let edits = edits.filter(|_| parent.is_map() && parent.is_written_here())?;
    Some(Fix::suggestion("Add a resolver", edits))
}
