use super::layout::{Layout, Lines, Slot};
use super::relocate::Moved;
use super::scalar;
use super::snippet::{Snippet, gap_behind_dash};
use super::value;
use super::write::{self, Context};
use crate::text::{TextEdit, TextRange};
use crate::yaml::{CollectionStyle, Document, NodeId, NodeKind, Resolved, Style};

/// Where among its siblings something is put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placement {
    /// Before all others.
    First,
    /// After all others.
    Last,
    /// After an entry, named by its key or value, or after an item.
    After(NodeId),
}

/// Adds an entry to a mapping. An empty value and `{}` become a mapping with this one entry; in a document that is
/// written in indented lines, that one is too.
pub fn insert_entry(
    document: &Document,
    mapping: NodeId,
    key: &str,
    value: &str,
    placement: Placement,
) -> Option<Vec<TextEdit>> {
    insert_entries(document, mapping, &[(key, value)], placement)
}

/// Adds several entries to a mapping, in their order.
pub fn insert_entries(
    document: &Document,
    mapping: NodeId,
    entries: &[(&str, &str)],
    placement: Placement,
) -> Option<Vec<TextEdit>> {
    let layout = Layout::new(document);
    if entries.is_empty() || entries.iter().any(|(key, _)| layout.has_key(mapping, key)) {
        return None;
    }
    let entries: Option<_> = entries.iter().map(|(key, value)| Some((*key, Snippet::new(value)?))).collect();
    insert(layout, mapping, &Child::Entries(entries?), placement)
}

/// Adds an item to a sequence. An empty value and `[]` become a sequence with this one item.
pub fn insert_item(document: &Document, sequence: NodeId, value: &str, placement: Placement) -> Option<Vec<TextEdit>> {
    insert(Layout::new(document), sequence, &Child::Item(Snippet::new(value)?), placement)
}

/// What is put into a collection.
pub(super) enum Child<'a> {
    Entries(Vec<(&'a str, Snippet)>),
    Item(Snippet),
    Moved(Moved<'a>),
}

pub(super) fn insert(
    layout: Layout<'_>,
    collection: NodeId,
    child: &Child<'_>,
    placement: Placement,
) -> Option<Vec<TextEdit>> {
    if !layout.is_certain(collection) {
        return None;
    }
    let style = layout.document.style();
    let sibling = |placement| match placement {
        Placement::First => layout.slot_at(collection, 0),
        Placement::Last => layout.slot_at(collection, layout.len(collection).checked_sub(1)?),
        Placement::After(id) => layout.slot(id).filter(|slot| slot.parent == collection),
    };
    match (&layout.node(collection).kind, child) {
        (NodeKind::Scalar(_), _) if layout.tree.resolved(collection) == Resolved::Null => {
            fill(layout, collection, child, style)
        }
        (NodeKind::Mapping { .. }, Child::Entries(_) | Child::Moved(_))
        | (NodeKind::Sequence { .. }, Child::Item(_)) => {
            if layout.len(collection) == 0 {
                return fill(layout, collection, child, style);
            }
            let sibling = sibling(placement)?;
            let before = placement == Placement::First;
            match layout.collection_style(collection)? {
                CollectionStyle::Block => Some(vec![insert_block(layout, &sibling, child, before, style)?]),
                CollectionStyle::Flow => insert_flow(layout, &sibling, child, before, style),
            }
        }
        _ => None,
    }
}

impl Child<'_> {
    /// Its lines in a block collection whose keys or dashes stand in `column`.
    fn lines(&self, column: usize, gap: usize, style: &Style) -> Option<Lines> {
        match self {
            Child::Entries(entries) => {
                let mut all = Lines { lines: Vec::new(), is_open: false };
                for (key, value) in entries {
                    let entry = value.entry(key, column, style)?;
                    all.lines.extend(entry.lines);
                    all.is_open = entry.is_open;
                }
                Some(all)
            }
            Child::Item(value) => value.item(column, gap, style),
            Child::Moved(moved) => moved.lines(column, style),
        }
    }

    /// Its text in brackets.
    fn in_flow(&self, style: &Style) -> Option<String> {
        match self {
            Child::Entries(entries) => {
                let entry = |(key, value): &(&str, Snippet)| entry_in_flow(key, &value.in_flow(style)?, style);
                Some(entries.iter().map(entry).collect::<Option<Vec<_>>>()?.join(", "))
            }
            Child::Item(value) => value.in_flow(style),
            Child::Moved(moved) => moved.in_flow(style),
        }
    }

    fn is_item(&self) -> bool {
        matches!(self, Child::Item(_))
    }
}

pub(super) fn entry_in_flow(key: &str, value: &str, style: &Style) -> Option<String> {
    let key = write::text(key, Context { flow: true, key: true }, None, style)?;
    Some(format!("{key}: {value}"))
}

fn insert_block(
    layout: Layout<'_>,
    sibling: &Slot,
    child: &Child<'_>,
    before: bool,
    style: &Style,
) -> Option<TextEdit> {
    let block = layout.block(sibling)?;
    let gap = if child.is_item() { gap_behind_dash(layout, block.head) } else { 0 };
    let lines = child.lines(block.column, gap, style)?;
    if !before {
        return layout.insert_below(block.last, block.column, &lines);
    }
    if !block.behind_dash {
        return Some(layout.insert_above(block.first, &lines));
    }
    // The new first line takes the place behind the dash, and the old one goes below.
    let line_end = layout.source.line_end();
    let text = format!("{}{line_end}{:2$}", lines.behind_dash(line_end), "", block.column);
    Some(TextEdit::replace(TextRange::empty(block.head), text))
}

fn insert_flow(
    layout: Layout<'_>,
    sibling: &Slot,
    child: &Child<'_>,
    before: bool,
    style: &Style,
) -> Option<Vec<TextEdit>> {
    let flow = layout.flow(sibling)?;
    let text = child.in_flow(style)?;
    let (start, end) = (flow.range.start(), flow.range.end());
    let indent = layout.prefix(start);
    let has_own_line = indent.trim_start_matches([' ', '\t']).is_empty() && start > layout.line_start(0);
    let insertion = |at, text: String| TextEdit::replace(TextRange::empty(at), text);
    if before {
        return Some(vec![if has_own_line {
            layout.insert_above(layout.source.line_of(start), &Lines::one(format!("{indent}{text},")))
        } else {
            insertion(start, format!("{text}, "))
        }]);
    }
    let line = layout.source.line_of(end);
    let has_comma_below = flow.comma.is_some_and(|comma| layout.source.line_of(comma) != line);
    let rest = layout.rest_of_line(flow.comma.unwrap_or(end)).trim_start_matches([' ', '\t']);
    if !has_own_line || has_comma_below || !rest.is_empty() && !rest.starts_with('#') {
        return Some(vec![insertion(end, format!(", {text}"))]);
    }
    let comma = if flow.comma.is_some() { "," } else { "" };
    let line = layout.insert_below(line, indent.len(), &Lines::one(format!("{indent}{text}{comma}")))?;
    Some(if flow.comma.is_some() { vec![line] } else { vec![insertion(end, ",".to_owned()), line] })
}

/// Puts the first child into an empty collection, or in the place of nothing.
fn fill(layout: Layout<'_>, collection: NodeId, child: &Child<'_>, style: &Style) -> Option<Vec<TextEdit>> {
    let is_key = layout.slot(collection).is_some_and(|slot| slot.key == Some(collection));
    let node = layout.node(collection);
    // A tag would have to fit what comes in.
    if is_key || node.tag.is_some() || !layout.comments_in(node.range).is_empty() {
        return None;
    }
    if value::can_hold_lines(layout, collection) && !style.json {
        let offset = if child.is_item() { style.dash_offset } else { style.unit };
        return value::replace_by_lines(layout, collection, offset, |column| child.lines(column, DEFAULT_GAP, style));
    }
    let text = child.in_flow(style)?;
    let text = if child.is_item() { format!("[{text}]") } else { format!("{{{text}}}") };
    Some(vec![scalar::replacement(layout, collection, &text)?])
}

/// Columns from a dash to its text where no sibling shows the user's liking.
const DEFAULT_GAP: usize = 2;
