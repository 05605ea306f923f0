//! What is known about the thing at a place of the text.

mod container;
mod markdown;
mod policy;
mod property;
pub(super) mod route;
mod structure;
mod value;
mod variable;

use crate::rules::RuleContext;
use crate::text::{TextRange, TextSize};
use crate::yaml::NodeKind;

/// What is known about something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hover {
    /// The thing: a key, a scalar, a variable in it, an anchor, a comment.
    pub range: TextRange,
    /// What is known, in Markdown.
    pub markdown: String,
}

/// What is known about the thing at `offset`.
pub fn hover(ctx: &RuleContext<'_>, offset: TextSize) -> Option<Hover> {
    if let Some(comment) = ctx.tree().comments().iter().find(|comment| comment.contains(offset)) {
        return structure::comment(ctx, *comment, offset);
    }
    structure::anchor_or_tag(ctx, offset).or_else(|| node(ctx, offset))
}

fn node(ctx: &RuleContext<'_>, offset: TextSize) -> Option<Hover> {
    let tree = ctx.tree();
    let at = tree.node_at(offset)?;
    let range = tree.node(at).range;
    let hover = |range: TextRange, markdown: String| Hover { range, markdown };
    match &tree.node(at).kind {
        NodeKind::Alias { .. } => structure::alias(ctx, at).map(|markdown| hover(range, markdown)),
        NodeKind::Scalar(scalar) => match tree.entry_of(at) {
            Some(entry) if entry.key == at && scalar.text == "<<" => {
                Some(hover(range, structure::merge(ctx, entry.value)))
            }
            Some(entry) if entry.key == at => policy::of_text(ctx, at)
                .or_else(|| property::of_key(ctx, entry.value).map(|markdown| hover(range, markdown))),
            // Behind the colon of a key without a value the key is meant.
            Some(entry) if range.is_empty() => {
                property::of_key(ctx, at).map(|markdown| hover(tree.node(entry.key).range, markdown))
            }
            _ => variable::at(ctx, at, offset)
                .or_else(|| policy::of_text(ctx, at))
                .or_else(|| property::of_value(ctx, at).map(|markdown| hover(range, markdown))),
        },
        NodeKind::Mapping { .. } | NodeKind::Sequence { .. } => None,
    }
}
