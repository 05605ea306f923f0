//! What can be done about a part of the text: fixes, and comments that silence.

use crate::diagnostic::{Diagnostic, Severity};
use crate::fix_all::compatible_fixes;
use crate::ignore_comments::IgnoreComments;
use crate::rules::RuleContext;
use crate::text::{TextEdit, TextRange};

/// A change that is offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// What it does, as an imperative.
    pub title: String,
    /// Where editors offer it.
    pub kind: ActionKind,
    /// The edits, which do not overlap.
    pub edits: Vec<TextEdit>,
    /// The diagnostics that it mends, as indexes of those passed in.
    pub diagnostics: Vec<usize>,
    /// Whether it is the one that is meant when nothing is chosen.
    pub preferred: bool,
}

/// The kinds of action, as the editor protocol names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActionKind {
    /// Mends a diagnostic.
    QuickFix,
    /// Mends all that is certain in the whole document.
    SourceFixAll,
}

/// What can be done about the text in `range`; `diagnostics` are those of the whole document. The best comes first.
pub fn actions(ctx: &RuleContext<'_>, diagnostics: &[Diagnostic], range: TextRange) -> Vec<Action> {
    let touches = |found: &TextRange| found.start() <= range.end() && range.start() <= found.end();
    let touched: Vec<_> = diagnostics.iter().enumerate().filter(|(_, found)| touches(&found.range)).collect();
    let mut actions = Vec::new();
    for (index, found) in &touched {
        for fix in &found.fixes {
            actions.push(Action {
                title: fix.title.clone(),
                kind: ActionKind::QuickFix,
                edits: fix.edits.clone(),
                diagnostics: vec![*index],
                preferred: fix.safe,
            });
        }
    }
    actions.extend(fix_all(diagnostics));
    actions.extend(ignores(ctx, &touched));
    actions
}

fn fix_all(diagnostics: &[Diagnostic]) -> Option<Action> {
    let chosen = compatible_fixes(diagnostics);
    (!chosen.is_empty()).then(|| Action {
        title: "Fix everything that is certain".to_owned(),
        kind: ActionKind::SourceFixAll,
        edits: chosen.iter().flat_map(|(_, fix)| fix.edits.iter().cloned()).collect(),
        diagnostics: chosen.iter().map(|(index, _)| *index).collect(),
        preferred: false,
    })
}

/// One comment for each code in each line. What no deployment can do without is not to be silenced.
fn ignores(ctx: &RuleContext<'_>, touched: &[(usize, &Diagnostic)]) -> Vec<Action> {
    let comments = IgnoreComments::of(ctx.document);
    let mut seen = Vec::new();
    let mut actions = Vec::new();
    for (index, found) in touched.iter().filter(|(_, found)| found.severity != Severity::Error) {
        let place = (found.rule.code, ctx.source().line_of(found.range.start()));
        if seen.contains(&place) {
            continue;
        }
        seen.push(place);
        if let Some(edits) = comments.add(ctx.document, place.0, place.1) {
            actions.push(Action {
                title: format!("Ignore {} here", place.0),
                kind: ActionKind::QuickFix,
                edits,
                diagnostics: vec![*index],
                preferred: false,
            });
        }
    }
    actions
}
