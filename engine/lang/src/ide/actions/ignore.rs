use std::collections::HashMap;

use super::{Action, ActionKind};
use crate::diagnostic::{Diagnostic, Severity};
use crate::ignore_comments::IgnoreComments;
use crate::rules::RuleContext;

/// One comment for each code in each line. What no deployment can do without is not to be silenced.
pub(super) fn comments(ctx: &RuleContext<'_>, touched: &[(usize, &Diagnostic)]) -> Vec<Action> {
    let mut actions: Vec<Action> = Vec::new();
    let mut known: HashMap<(&str, u32), Option<usize>> = HashMap::new();
    let mut comments = None;
    for (index, found) in touched.iter().filter(|(_, found)| found.severity != Severity::Error) {
        let (code, line) = (found.rule.code, ctx.source().line_of(found.range.start()));
        let at = *known.entry((code, line)).or_insert_with(|| {
            let comments = comments.get_or_insert_with(|| IgnoreComments::of(ctx.document));
            let edits = comments.add(ctx.document, code, line)?;
            actions.push(Action {
                title: format!("Ignore {code} here"),
                kind: ActionKind::QuickFix,
                edits,
                diagnostics: Vec::new(),
                preferred: false,
            });
            Some(actions.len() - 1)
        });
        if let Some(at) = at {
            actions[at].diagnostics.push(*index);
        }
    }
    actions
}
