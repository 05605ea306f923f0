//! SCF365 and SCF366: keys of providers that have a few only.

use super::{replace, uses};
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Fix, Rule};
use crate::model::list_words;
use crate::rules::RuleContext;
use crate::suggest::nearest;

declare_rule! {
    /// ## What it does
    /// Reports a key of `sls` other than `stage` and `instanceId`.
    ///
    /// ## Why it matters
    /// There is no such value, and the deployment stops, also with a default.
    ///
    /// ## Example
    /// ```yaml container
    /// environment:
    ///   STAGE: ${sls:stages}
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// environment:
    ///   STAGE: ${sls:stage}
    /// ```
    UNKNOWN_SLS_KEY = "SCF365", "Unknown `sls` key", Error, fix: Unsafe;

    /// ## What it does
    /// Reports a key of `git` that does not exist.
    ///
    /// ## Why it matters
    /// There is no such value, and the deployment stops, also with a default.
    ///
    /// ## Example
    /// ```yaml container
    /// environment:
    ///   COMMIT: ${git:sha}
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// environment:
    ///   COMMIT: ${git:sha1}
    /// ```
    UNKNOWN_GIT_KEY = "SCF366", "Unknown `git` key", Error, fix: Unsafe
}

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    for found in uses(ctx) {
        let rule: &'static Rule = match found.provider() {
            "sls" => &UNKNOWN_SLS_KEY,
            "git" => &UNKNOWN_GIT_KEY,
            _ => continue,
        };
        let (Some(provider), Some(key), Some(word)) = (found.source.provider(), found.key(), &found.reference.key)
        else {
            continue;
        };
        if provider.has_key(key) || key.starts_with(char::is_whitespace) {
            continue;
        }
        let keys = provider.keys.iter().map(|(key, _)| *key);
        let nearest = nearest(key, keys.clone());
        let advice = match nearest {
            Some(nearest) => format!("Did you mean `{nearest}`?"),
            None => format!("It has {}.", list_words(keys.map(|key| format!("`{key}`")))),
        };
        let message = format!("`{}` has no key `{key}`. {advice}", provider.name);
        let edits = nearest.and_then(|nearest| replace(ctx, found.site.node, &word.range, nearest));
        let fix = edits.map(|edits| Fix::suggestion(format!("Change to `{}`", nearest.unwrap_or_default()), edits));
        acc.push(rule.at(found.place(ctx, &word.range), message).fix(fix));
    }
}
