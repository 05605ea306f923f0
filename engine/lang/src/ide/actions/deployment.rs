use super::{Action, ActionKind, refactoring, together};
use crate::diagnostic::Diagnostic;
use crate::fix::{self, Literal};
use crate::ide::described::Described;
use crate::model::DeploymentType;
use crate::rules::RuleContext;
use crate::yaml::NodeId;

/// The rules that report what only the newer architecture has, and the older one itself.
const MENDED: [&str; 3] = ["SCF018", "SCF072", "SCF301"];

/// Longest name of a project.
const LONGEST_NAME: usize = 16;
const SUFFIX: &str = "-2";

/// Moves a project from `awsApi@1.0` to `aws@1.0`, which has all of its settings. A deployed project cannot change over in
/// place, so the second way also gives it another name.
pub(super) fn convert(ctx: &RuleContext<'_>, diagnostics: &[Diagnostic], node: NodeId) -> Vec<Action> {
    let Some(written) = ctx.get(&["deployment", "type"]).filter(|written| written.is_written_here()) else {
        return Vec::new();
    };
    if ctx.deployment_type() != Some(DeploymentType::AwsApi) || !is_concerned(ctx, node) {
        return Vec::new();
    }
    let target = DeploymentType::Aws.name();
    let change = || fix::replace_scalar(ctx.document, written.node(), Literal::Text(target));
    let mended = || diagnostics.iter().enumerate().filter(|(_, found)| MENDED.contains(&found.rule.code));
    let action = |title: String, edits| Action {
        diagnostics: mended().map(|(index, _)| index).collect(),
        ..refactoring(ActionKind::RefactorRewrite, title, edits)
    };
    let in_place = change().map(|edits| action(format!("Convert to `{target}`"), edits));
    let renamed = new_name(ctx).and_then(|(name, new)| {
        let rename = fix::replace_scalar(ctx.document, name, Literal::Text(&new));
        let edits = together([rename, change()])?;
        Some(action(format!("Convert to `{target}` under the new name `{new}`, as a deployed project needs"), edits))
    });
    in_place.into_iter().chain(renamed).collect()
}

/// Whether the cursor is in the block of the deployment, or at something that only the newer architecture has.
fn is_concerned(ctx: &RuleContext<'_>, node: NodeId) -> bool {
    let needs_newer = || {
        let (_, owner) = Described::with_owner(ctx.tree(), node)?;
        owner.filter(|owner| owner.only == Some(DeploymentType::Aws))
    };
    let at = ctx.tree().node(node).range;
    let in_block = ctx
        .get(&["deployment"])
        .is_some_and(|block| block.key_range().contains_range(at) || block.range().contains_range(at));
    in_block || needs_newer().is_some()
}

fn new_name(ctx: &RuleContext<'_>) -> Option<(NodeId, String)> {
    let name = ctx.get(&["name"]).filter(|name| name.is_written_here())?;
    let old = name.as_str()?;
    let kept = &old[..old.floor_char_boundary(LONGEST_NAME - SUFFIX.len())];
    Some((name.node(), format!("{}{SUFFIX}", kept.trim_end_matches(['-', '_']))))
}
