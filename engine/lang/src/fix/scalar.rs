use super::layout::Layout;
use super::write::{self, Context, Literal};
use crate::text::{TextEdit, TextRange, TextSize};
use crate::yaml::{Document, NodeId, NodeKind, Quote, Scalar, ScalarStyle};

/// Gives an entry another key; `id` is its key or its value. Quotes stay when the old key has some.
pub fn rename_key(document: &Document, id: NodeId, new: &str) -> Option<Vec<TextEdit>> {
    let layout = Layout::new(document);
    let slot = layout.slot(id)?;
    let key = slot.key?;
    let node = layout.node(key);
    let NodeKind::Scalar(scalar) = &node.kind else { return None };
    let is_new = |other: NodeId| other != key && layout.tree.key_text(other).as_deref() == Some(new);
    let is_elsewhere = layout.tree.entries(slot.parent).iter().any(|entry| is_new(entry.key));
    let is_written_usually = !layout.is_block(slot.parent) || layout.colon(&slot).is_some();
    let is_usual = !node.range.is_empty() && node.tag.is_none() && is_written_usually && !layout.is_merge_key(key);
    if !is_usual || is_elsewhere || !layout.is_certain(key) {
        return None;
    }
    let context = Context { flow: layout.in_flow(key), key: true };
    let written = write::text(new, context, quote_of(scalar), document.style())?;
    Some(vec![TextEdit::replace(node.range, written)])
}

/// Puts a value in the place of a scalar. The user's quotes stay when the new value is text too; a tag goes.
pub fn replace_scalar(document: &Document, id: NodeId, new: Literal<'_>) -> Option<Vec<TextEdit>> {
    let layout = Layout::new(document);
    let NodeKind::Scalar(scalar) = &layout.node(id).kind else { return None };
    let context = Context { flow: layout.in_flow(id), key: is_key(layout, id) };
    if context.key || !layout.is_certain(id) {
        return None;
    }
    let written = write::literal(new, context, quote_of(scalar), document.style())?;
    let node = layout.node(id);
    match &node.tag {
        None => Some(vec![replacement(layout, id, &written)?]),
        Some(tag) if node.range.is_empty() => {
            let anchor_follows = node.anchor.as_ref().is_some_and(|anchor| anchor.range.start() > tag.range.start());
            (!anchor_follows).then(|| vec![TextEdit::replace(tag.range, written)])
        }
        Some(tag) => Some(vec![removal_of_tag(layout, tag.range)?, replacement(layout, id, &written)?]),
    }
}

/// Puts quotes around a plain scalar, so that it is read as the text that stands there.
pub fn quote(document: &Document, id: NodeId) -> Option<Vec<TextEdit>> {
    let layout = Layout::new(document);
    let node = layout.node(id);
    let NodeKind::Scalar(scalar) = &node.kind else { return None };
    let is_empty_key = is_key(layout, id) && node.range.is_empty();
    if scalar.style != ScalarStyle::Plain || node.tag.is_some() || is_empty_key || !layout.is_certain(id) {
        return None;
    }
    let style = document.style();
    Some(vec![replacement(layout, id, &write::quoted(&scalar.text, style.quote, style))?])
}

/// Takes the quotes off a scalar where it can stand without, whatever it is read as then.
pub fn unquote(document: &Document, id: NodeId) -> Option<Vec<TextEdit>> {
    let layout = Layout::new(document);
    let node = layout.node(id);
    let NodeKind::Scalar(scalar) = &node.kind else { return None };
    let context = Context { flow: layout.in_flow(id), key: is_key(layout, id) };
    let is_quoted = quote_of(scalar).is_some() && node.tag.is_none();
    if !is_quoted || !write::fits_plain(&scalar.text, context) || !layout.is_certain(id) {
        return None;
    }
    // `{"a":1}` is a key and a value, `{a:1}` is one text; `'a'#b` ends with a comment, `a#b` does not.
    let is_joined = match &layout.source.text().as_bytes()[usize::from(node.range.end())..] {
        [b'#', ..] => true,
        [b':', next, ..] => context.key && !matches!(next, b' ' | b'\t' | b'\r' | b'\n'),
        _ => false,
    };
    if is_joined {
        return None;
    }
    Some(vec![TextEdit::replace(node.range, scalar.text.clone())])
}

/// Puts text in the place of a scalar or of a collection in brackets, its anchor left where it is. An empty value gets
/// the space it needs.
pub(super) fn replacement(layout: Layout<'_>, id: NodeId, written: &str) -> Option<TextEdit> {
    let node = layout.node(id);
    if layout.collection_style(id).is_some() && layout.brackets(id).is_none() {
        return None;
    }
    let (start, lead) = if node.range.is_empty() { place_of_nothing(layout, id)? } else { (node.range.start(), "") };
    let mut end = layout.end(id).max(start);
    let mut comment = None;
    if layout.last_block_scalar(id).is_some() {
        end = layout.line_end(layout.owned_blank_lines(id, layout.source.line_of(end)));
        comment = layout.comments_in(TextRange::new(start, end)).first().copied();
    }
    let rest = layout.rest_of_line(end);
    let content = rest.trim_start_matches([' ', '\t']);
    let blanks = TextSize::new((rest.len() - content.len()) as u32);
    // Behind a block scalar, blanks and comments would be taken for its text. And in `{a: , b: 1}` the blank has been
    // waiting for the value.
    let is_block_scalar = written.starts_with(['|', '>']);
    if is_block_scalar && content.starts_with('#') {
        comment = Some(TextRange::at(end + blanks, TextSize::of(content)));
        end += TextSize::of(rest);
    } else if content.is_empty() || node.range.is_empty() && content.starts_with(',') {
        end += blanks;
    }
    if is_block_scalar {
        let column = layout.block(&layout.slot(id)?)?.column;
        if layout.would_swallow_below(layout.source.line_of(end), column) {
            return None;
        }
    }
    let comment = comment.map(|comment| layout.source.slice(comment).trim_end());
    let text = match (comment, written.split_once(layout.source.line_end())) {
        (None, _) => format!("{lead}{written}"),
        (Some(comment), Some((header, lines))) if is_block_scalar => {
            format!("{lead}{header} {comment}{}{lines}", layout.source.line_end())
        }
        (Some(comment), _) => format!("{lead}{written} {comment}"),
    };
    // A comment may touch a quote, but nothing else.
    let space = if layout.rest_of_line(end).starts_with('#') { " " } else { "" };
    Some(TextEdit::replace(TextRange::new(start, end), text + space))
}

/// Where the value of an empty node goes, and what it needs before it: behind the colon, the dash or the anchor, or
/// behind a key that has no colon.
fn place_of_nothing(layout: Layout<'_>, id: NodeId) -> Option<(TextSize, &'static str)> {
    let node = layout.node(id);
    let properties = [&node.tag, &node.anchor].into_iter().flatten();
    let at = properties.fold(node.range.end(), |at, property| property.range.end().max(at));
    let space = if layout.prefix(at).ends_with([' ', '\t']) { "" } else { " " };
    match layout.slot(id) {
        Some(slot) if slot.key.is_some() && layout.is_block(slot.parent) => layout.colon(&slot).map(|_| (at, space)),
        Some(slot) if slot.key.is_some_and(|key| layout.end(key) == at) => Some((at, ": ")),
        _ => Some((at, space)),
    }
}

/// Removes a tag with the blanks behind it; `None` when it stands on a line of its own.
fn removal_of_tag(layout: Layout<'_>, tag: TextRange) -> Option<TextEdit> {
    let rest = layout.rest_of_line(tag.end());
    let content = rest.trim_start_matches([' ', '\t']);
    if content.is_empty() || content.starts_with('#') {
        return None;
    }
    let blanks = TextSize::new((rest.len() - content.len()) as u32);
    Some(TextEdit::replace(TextRange::new(tag.start(), tag.end() + blanks), ""))
}

fn is_key(layout: Layout<'_>, id: NodeId) -> bool {
    layout.slot(id).is_some_and(|slot| slot.key == Some(id))
}

fn quote_of(scalar: &Scalar) -> Option<Quote> {
    match scalar.style {
        ScalarStyle::SingleQuoted => Some(Quote::Single),
        ScalarStyle::DoubleQuoted => Some(Quote::Double),
        ScalarStyle::Plain | ScalarStyle::Literal | ScalarStyle::Folded => None,
    }
}
