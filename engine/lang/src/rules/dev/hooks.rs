//! SCF280 and SCF281: what `dev.hooks` holds.

use crate::declare_rule;
use crate::diagnostic::Diagnostic;
use crate::rules::RuleContext;

declare_rule! {
    /// ## What it does
    /// Says that the original tool refuses `dev` without `hooks.onreload`.
    ///
    /// ## Why it matters
    /// The hook is optional for Slipway. It matters only while somebody still uses the original tool with the same file.
    ///
    /// ## Example
    /// ```yaml container
    /// dev:
    ///   watchExtensions: [.ts]
    /// ```
    ///
    /// ## Use instead
    /// Nothing has to be done. For both tools to take the file, name a command that does nothing:
    /// ```yaml container
    /// dev:
    ///   hooks:
    ///     onreload: "true"
    ///   watchExtensions: [.ts]
    /// ```
    HOOKS_MISSING = "SCF280", "`hooks` missing", Info, fix: None;

    /// ## What it does
    /// Reports a hook that does not exist.
    ///
    /// ## Why it matters
    /// `onreload` is the only hook, and its name is lower case throughout. A command under another name would never run.
    ///
    /// ## Example
    /// ```yaml container
    /// dev:
    ///   hooks:
    ///     onReload: npm run seed
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// dev:
    ///   hooks:
    ///     onreload: npm run seed
    /// ```
    UNKNOWN_HOOK = "SCF281", "Unknown hook", Error, fix: Mixed
}

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    for dev in ctx.containers().filter_map(|container| container.get(&["dev"])).filter(|dev| dev.is_map()) {
        let place = match dev.get("hooks") {
            None => dev.missing_place("hooks"),
            Some(hooks) if hooks.is_map() && hooks.get("onreload").is_none() => hooks.missing_place("onreload"),
            Some(_) => continue,
        };
        let message = "`dev` has no `hooks.onreload`. Slipway needs none; the original tool refuses `dev` without it.";
        acc.push(HOOKS_MISSING.at(place, message));
    }
}
