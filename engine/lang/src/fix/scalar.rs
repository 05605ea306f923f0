use super::layout::Layout;
use super::style::{Quote, Style};
use super::write::{self, Literal, Spot};
use crate::text::{TextEdit, TextRange, TextSize};
use crate::yaml::{Document, NodeId, NodeKind, Scalar, ScalarStyle};

/// Gives an entry another key; `id` is its key or its value. Quotes stay when the old key has some.
pub fn rename_key(document: &Document, id: NodeId, new: &str) -> Option<Vec<TextEdit>> {
    let layout = Layout::new(document);
    let slot = layout.slot(id)?;
    let key = slot.key?;
    let node = layout.node(key);
    let NodeKind::Scalar(scalar) = &node.kind else { return None };
    let is_elsewhere = scalar.text != new && layout.has_key(slot.parent, new);
    let is_usual = !node.range.is_empty() && node.tag.is_none() && !layout.is_merge_key(key);
    if !is_usual || is_elsewhere || !layout.is_certain(key) {
        return None;
    }
    let spot = Spot { flow: layout.in_flow(key), key: true };
    let written = write::text(new, spot, quote_of(scalar), &Style::of(document))?;
    Some(vec![TextEdit::replace(node.range, written)])
}

/// Puts a value in the place of a scalar. The user's quotes stay when the new value is text too; a tag goes.
pub fn replace_scalar(document: &Document, id: NodeId, new: Literal<'_>) -> Option<Vec<TextEdit>> {
    let layout = Layout::new(document);
    let NodeKind::Scalar(scalar) = &layout.node(id).kind else { return None };
    let spot = Spot { flow: layout.in_flow(id), key: is_key(layout, id) };
    if spot.key || !layout.is_certain(id) {
        return None;
    }
    let written = write::literal(new, spot, quote_of(scalar), &Style::of(document))?;
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
    if scalar.style != ScalarStyle::Plain || node.tag.is_some() || !layout.is_certain(id) {
        return None;
    }
    let style = Style::of(document);
    Some(vec![replacement(layout, id, &write::quoted(&scalar.text, style.quote, &style))?])
}

/// Takes the quotes off a scalar where it can stand without, whatever it is read as then.
pub fn unquote(document: &Document, id: NodeId) -> Option<Vec<TextEdit>> {
    let layout = Layout::new(document);
    let node = layout.node(id);
    let NodeKind::Scalar(scalar) = &node.kind else { return None };
    let spot = Spot { flow: layout.in_flow(id), key: is_key(layout, id) };
    let is_quoted = quote_of(scalar).is_some() && node.tag.is_none();
    if !is_quoted || !write::fits_plain(&scalar.text, spot) || !layout.is_certain(id) {
        return None;
    }
    // `{"a":1}` is a key and a value, `{a:1}` is one text.
    let behind = layout.source.text()[usize::from(node.range.end())..].as_bytes();
    if spot.key && behind.first() == Some(&b':') && !matches!(behind.get(1), None | Some(b' ' | b'\t' | b'\r' | b'\n'))
    {
        return None;
    }
    Some(vec![TextEdit::replace(node.range, scalar.text.clone())])
}

/// Puts text in the place of a scalar, its anchor left where it is. An empty value gets the space it needs.
pub(super) fn replacement(layout: Layout<'_>, id: NodeId, written: &str) -> Option<TextEdit> {
    let node = layout.node(id);
    let NodeKind::Scalar(scalar) = &node.kind else { return None };
    if node.range.is_empty() {
        return Some(insertion(layout, id, written));
    }
    let end = layout.end(id).max(node.range.start());
    let range = TextRange::new(node.range.start(), end);
    let header_comment = match scalar.style {
        ScalarStyle::Literal | ScalarStyle::Folded => layout.comments_in(range).first(),
        _ => None,
    };
    Some(match header_comment {
        Some(comment) => TextEdit::replace(range, format!("{written} {}", layout.source.slice(*comment))),
        None => TextEdit::replace(range, written),
    })
}

/// Puts text in the place of nothing: behind the colon, the dash, the anchor, or behind a key that has no colon.
fn insertion(layout: Layout<'_>, id: NodeId, written: &str) -> TextEdit {
    let node = layout.node(id);
    let properties = [&node.tag, &node.anchor].into_iter().flatten();
    let at = properties.fold(node.range.end(), |at, property| property.range.end().max(at));
    let before = &layout.source.text()[..usize::from(at)];
    let colon = match layout.slot(id).and_then(|slot| slot.key) {
        Some(key) if layout.end(key) == at => ":",
        _ => "",
    };
    let space = if before.ends_with([' ', '\t']) && colon.is_empty() { "" } else { " " };
    // In `{a: , b: 1}` the space has been waiting for the value.
    let rest = layout.rest_of_line(at);
    let content = rest.trim_start_matches([' ', '\t']);
    let taken = if layout.in_flow(id) && content.starts_with(',') { rest.len() - content.len() } else { 0 };
    TextEdit::replace(TextRange::at(at, TextSize::new(taken as u32)), format!("{colon}{space}{written}"))
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
