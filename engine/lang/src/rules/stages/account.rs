//! SCF053 and SCF058: resolvers whose credentials are those of the deployment.

use std::collections::HashSet;

use crate::config::Value;
use crate::declare_rule;
use crate::diagnostic::Diagnostic;
use crate::rules::RuleContext;
use crate::variables::stages::DEFAULT_STAGE_KEY;

declare_rule! {
    /// ## What it does
    /// Reports more than one resolver of type `aws` in the stage in force and `default` together. The same name in both counts
    /// once: the stage's own resolver replaces that of `default`.
    ///
    /// ## Why it matters
    /// The credentials of the `aws` resolver are those of the deployment. With several, nobody can say which account is meant.
    ///
    /// ## Example
    /// ```yaml top
    /// stages:
    ///   default:
    ///     resolvers:
    ///       test:
    ///         type: aws
    ///         profile: test
    ///       production:
    ///         type: aws
    ///         profile: production
    /// ```
    ///
    /// ## Use instead
    /// ```yaml top
    /// stages:
    ///   default:
    ///     resolvers:
    ///       account:
    ///         type: aws
    ///         profile: test
    ///   prod:
    ///     resolvers:
    ///       account:
    ///         type: aws
    ///         profile: production
    /// ```
    SEVERAL_AWS_RESOLVERS = "SCF053", "Several `aws` resolvers", Error, fix: None;

    /// ## What it does
    /// Says that the project is deployed with the credentials of its `aws` resolver.
    ///
    /// ## Why it matters
    /// One `aws` resolver in force decides about the account, also when it was only meant for a few variables. `--aws-profile` and
    /// `AWS_PROFILE` have no effect then.
    ///
    /// ## Example
    /// ```yaml top
    /// stages:
    ///   default:
    ///     resolvers:
    ///       account:
    ///         type: aws
    ///         profile: production
    /// ```
    ///
    /// ## Use instead
    /// Nothing has to be done when the account is the one that is meant.
    RESOLVER_CHANGES_ACCOUNT = "SCF058", "Resolver changes the account", Info, fix: None
}

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    let resolvers = |stage| ctx.get(&["stages", stage, "resolvers"]).into_iter().flat_map(Value::entries);
    let own: HashSet<&str> = resolvers(ctx.stage()).map(|(name, _)| name).collect();
    let inherited = resolvers(DEFAULT_STAGE_KEY).filter(|(name, _)| !own.contains(name));
    let all = resolvers(ctx.stage()).chain(inherited).map(|(_, resolver)| resolver);
    let in_force: Vec<Value<'_>> =
        all.filter(|resolver| resolver.get("type").and_then(Value::as_str) == Some("aws")).collect();
    match in_force.as_slice() {
        [] => {}
        [only] => {
            let name = only.key().unwrap_or_default();
            let message = format!("The project is deployed with the credentials of the resolver `{name}`.");
            acc.push(RESOLVER_CHANGES_ACCOUNT.at(only.key_place(), message));
        }
        [first, others @ ..] => {
            let first_name = first.key().unwrap_or_default();
            for other in others {
                let name = other.key().unwrap_or_default();
                let message = format!(
                    "`{name}` and `{first_name}` are both `aws` resolvers in force, and the credentials of one of them would be those of the \
                     deployment. Keep one, or give both the same name in different stages."
                );
                let related = format!("`{first_name}` is the other one");
                acc.push(SEVERAL_AWS_RESOLVERS.at(other.key_place(), message).related(first.key_range(), related));
            }
        }
    }
}
