//! Anchors, aliases, merge keys, tags and comments that silence diagnostics.

use super::Hover;
use super::markdown::{self, code};
use crate::ide::shown;
use crate::ignore_comments::IgnoreComments;
use crate::rules::{self, RuleContext};
use crate::text::{Encoding, TextRange, TextSize};
use crate::yaml::{NodeId, NodeKind};

/// A comment that silences diagnostics: what these say.
pub(super) fn comment(ctx: &RuleContext<'_>, range: TextRange, offset: TextSize) -> Option<Hover> {
    let all = IgnoreComments::of(ctx.document);
    let comment = all.comments().iter().find(|comment| comment.range == range)?;
    let pointed = comment.codes.iter().find(|code| code.range.contains_inclusive(offset));
    let codes = match pointed {
        Some(code) => std::slice::from_ref(code),
        None => &comment.codes[..],
    };
    let lines = codes.iter().map(|written| {
        Some(match rules::by_code(&written.text) {
            Some(rule) => format!("`{}`: {}", rule.code, rule.title),
            None => format!("{}: no diagnostic has this code", code(&written.text)),
        })
    });
    let list = markdown::list(lines)?;
    let text = "Silences these diagnostics, on its own line or, where it stands alone, on the next one:";
    Some(Hover { range: pointed.map_or(range, |code| code.range), markdown: format!("{text}\n\n{list}") })
}

/// An anchor or a tag, which stand before a node.
pub(super) fn anchor_or_tag(ctx: &RuleContext<'_>, offset: TextSize) -> Option<Hover> {
    let tree = ctx.tree();
    tree.nodes().find_map(|(id, node)| {
        let anchor = node.anchor.as_ref().filter(|anchor| anchor.range.contains_inclusive(offset));
        let tag = node.tag.as_ref().filter(|tag| tag.range.contains_inclusive(offset));
        let (range, markdown) = match (anchor, tag) {
            (Some(anchor), _) => (anchor.range, of_anchor(ctx, id, &anchor.text)),
            (None, Some(tag)) => (tag.range, of_tag(ctx, id, &tag.text)),
            (None, None) => return None,
        };
        Some(Hover { range, markdown })
    })
}

fn of_anchor(ctx: &RuleContext<'_>, id: NodeId, name: &str) -> String {
    let is_use = |kind: &NodeKind| matches!(kind, NodeKind::Alias { target: Some(target), .. } if *target == id);
    let uses = match ctx.tree().nodes().filter(|(_, node)| is_use(&node.kind)).count() {
        0 => "Nothing uses it".to_owned(),
        1 => "It is used once".to_owned(),
        uses => format!("It is used {uses} times"),
    };
    let alias = code(&format!("*{name}"));
    format!("The anchor {}: what follows can be used elsewhere as {alias}. {uses}.", code(&format!("&{name}")))
}

fn of_tag(ctx: &RuleContext<'_>, id: NodeId, tag: &str) -> String {
    match ctx.tree().function(id) {
        Some(function) => format!(
            "The tag {} is short for the function `{function}` of AWS stack templates: the value means a map with that one key.",
            code(tag)
        ),
        None => format!("The tag {} says as what the value is read.", code(tag)),
    }
}

/// An alias: what it stands for.
pub(super) fn alias(ctx: &RuleContext<'_>, id: NodeId) -> Option<String> {
    let tree = ctx.tree();
    let NodeKind::Alias { name, target } = &tree.node(id).kind else { return None };
    let alias = code(&format!("*{name}"));
    let Some(target) = target else {
        return Some(format!("The alias {alias} stands for nothing: no anchor before it has its name."));
    };
    let range = tree.node(*target).range;
    let start = ctx.source().position(range.start(), Encoding::Utf8);
    let text = markdown::block(&without_secrets(ctx, range), start.character as usize);
    Some(format!("The alias {alias} stands for what is written in line {}:\n\n{text}", start.line + 1))
}

/// A merge key: what it does.
pub(super) fn merge(ctx: &RuleContext<'_>, value: NodeId) -> String {
    let mut text = "Brings in the entries of other maps. What is written beside it wins over them.".to_owned();
    if let Some(alias) = alias(ctx, value) {
        text.push_str("\n\n");
        text.push_str(&alias);
    }
    text
}

/// The text of a range, with a mask in the place of each secret.
fn without_secrets(ctx: &RuleContext<'_>, range: TextRange) -> String {
    let (tree, source) = (ctx.tree(), ctx.source());
    let mut text = String::new();
    let mut at = range.start();
    for (id, node) in tree.nodes().filter(|(_, node)| range.contains_range(node.range)) {
        let is_secret = ctx.config.value_at(id).is_some_and(shown::is_secret);
        if is_secret && node.range.start() >= at {
            text.push_str(source.slice(TextRange::new(at, node.range.start())));
            text.push_str(shown::MASK);
            at = node.range.end();
        }
    }
    text + source.slice(TextRange::new(at, range.end()))
}
