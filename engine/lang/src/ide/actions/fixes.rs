use std::collections::HashMap;

use super::{Action, ActionKind};
use crate::diagnostic::Diagnostic;
use crate::fix_all::fix_all;
use crate::rules::RuleContext;
use crate::text::TextEdit;

/// The fixes of findings, given with their indexes. A fix that mends several of them is one action.
pub(super) fn of_findings(touched: &[(usize, &Diagnostic)]) -> Vec<Action> {
    let mut actions: Vec<Action> = Vec::new();
    let mut known: HashMap<(&str, &[TextEdit]), usize> = HashMap::new();
    for (index, found) in touched {
        // One of several ways is no more meant than the others.
        let preferred = found.fixes.iter().position(|fix| fix.safe);
        for (position, fix) in found.fixes.iter().enumerate() {
            let next = actions.len();
            let at = *known.entry((&fix.title, &fix.edits)).or_insert(next);
            if at == next {
                actions.push(Action {
                    title: fix.title.clone(),
                    kind: ActionKind::QuickFix,
                    edits: fix.edits.clone(),
                    diagnostics: Vec::new(),
                    preferred: false,
                });
            }
            actions[at].diagnostics.push(*index);
            actions[at].preferred |= preferred == Some(position);
        }
    }
    actions
}

/// All that is safe, in the whole document.
pub(super) fn of_everything(ctx: &RuleContext<'_>, diagnostics: &[Diagnostic]) -> Option<Action> {
    let fixed = fix_all(ctx.document, diagnostics, ctx.inputs);
    (!fixed.edits.is_empty()).then(|| Action {
        title: "Fix everything that is certain".to_owned(),
        kind: ActionKind::SourceFixAll,
        edits: fixed.edits,
        diagnostics: fixed.mended,
        preferred: false,
    })
}
