//! SCF371: variables in the keys of maps.

use super::place;
use crate::declare_rule;
use crate::diagnostic::Diagnostic;
use crate::rules::RuleContext;
use crate::variables::stages::Source;

declare_rule! {
    /// ## What it does
    /// Reports a variable in the key of a map.
    ///
    /// ## Why it matters
    /// Only values are resolved. The key keeps the variable as text, and is called `${…}`.
    ///
    /// ## Example
    /// ```yaml container
    /// environment:
    ///   "${sls:stage}_HOST": example.com
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// environment:
    ///   HOST: ${sls:stage}.example.com
    /// ```
    VARIABLE_IN_KEY = "SCF371", "Variable in a key", Warning, fix: None
}

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    let variables = ctx.config.variables();
    for (node, template) in variables.keys() {
        let Some(text) = ctx.tree().scalar_text(node) else { continue };
        for variable in template.own_variables() {
            let is_meant = variable.references().any(|(_, reference)| {
                !matches!(variables.stages().source(&text[reference.provider.clone()]), Source::Nobody)
            });
            if is_meant {
                let message = "Variables in keys are not resolved: the key keeps this text. Write the key out.";
                acc.push(VARIABLE_IN_KEY.at(place(ctx, node, &variable.range), message));
            }
        }
    }
}
