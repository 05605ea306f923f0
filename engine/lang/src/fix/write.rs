use std::fmt::Write as _;

use super::layout::Layout;
use crate::yaml::{Entry, NodeId, NodeKind, Quote, Resolved, Scalar, ScalarStyle, Style, is_timestamp, resolve_plain};

/// A scalar's value, to be written in whatever way reads as exactly this.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Literal<'a> {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number that JSON can hold.
    Number(f64),
    /// Text, whatever it looks like.
    Text(&'a str),
}

/// Where a scalar is to stand.
#[derive(Clone, Copy, Debug)]
pub(super) struct Context {
    /// In brackets.
    pub(super) flow: bool,
    /// Before a colon.
    pub(super) key: bool,
}

/// Longest key that is read without `?`, in characters.
const LONGEST_KEY: usize = 1024;

/// Writes a value, in `old` quotes when they fit; `None` when there is no way to write it there.
pub(super) fn literal(literal: Literal<'_>, context: Context, old: Option<Quote>, style: &Style) -> Option<String> {
    match literal {
        Literal::Null => Some("null".to_owned()),
        Literal::Bool(value) => Some(value.to_string()),
        Literal::Number(value) => number(value),
        Literal::Text(value) => text(value, context, old, style),
    }
}

/// Writes text: in `old` quotes when there are some, plain when that reads as the same text, else in the usual quotes.
pub(super) fn text(text: &str, context: Context, old: Option<Quote>, style: &Style) -> Option<String> {
    let written = match old {
        None if !style.json && is_plain_text(text, context) => text.to_owned(),
        quote => quoted(text, quote.unwrap_or(style.quote), style),
    };
    (!context.key || written.chars().count() <= LONGEST_KEY).then_some(written)
}

/// Writes text in quotes: the other ones where `quote` would need escapes and they would not.
pub(super) fn quoted(text: &str, quote: Quote, style: &Style) -> String {
    let must_be_double = style.json || text.chars().any(is_special);
    let costs_double = text.contains(['"', '\\']);
    let costs_single = text.contains('\'');
    let quote = match quote {
        _ if must_be_double => Quote::Double,
        Quote::Single if costs_single && !costs_double => Quote::Double,
        Quote::Double if costs_double && !costs_single => Quote::Single,
        quote => quote,
    };
    match quote {
        Quote::Single => format!("'{}'", text.replace('\'', "''")),
        Quote::Double => double_quoted(text),
    }
}

/// The escapes are those that YAML and JSON share.
fn double_quoted(text: &str) -> String {
    let mut written = String::with_capacity(text.len() + 2);
    written.push('"');
    for character in text.chars() {
        match character {
            '"' => written.push_str("\\\""),
            '\\' => written.push_str("\\\\"),
            '\n' => written.push_str("\\n"),
            '\r' => written.push_str("\\r"),
            '\t' => written.push_str("\\t"),
            special if is_special(special) => {
                let _ = write!(written, "\\u{:04x}", u32::from(special));
            }
            plain => written.push(plain),
        }
    }
    written.push('"');
    written
}

/// Characters that must be escaped, or that editors show as nothing or as a line break.
fn is_special(character: char) -> bool {
    character.is_control() || matches!(character, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

fn number(value: f64) -> Option<String> {
    let written = ryu_js::Buffer::new().format(value).to_owned();
    (resolve_plain(&written) == Resolved::Number(value + 0.0)).then_some(written)
}

/// Whether text can stand without quotes and is read as text.
pub(super) fn is_plain_text(text: &str, context: Context) -> bool {
    fits_plain(text, context) && text != "<<" && resolve_plain(text) == Resolved::Text && !is_timestamp(text)
}

/// Whether a scalar of this text can stand without quotes, whatever it is read as.
pub(super) fn fits_plain(text: &str, context: Context) -> bool {
    let first_fits = match text.chars().next() {
        None => false,
        // A dash, question mark or colon starts a plain scalar when it cannot be taken for an indicator. `---` is
        // quoted as well, because in column 0 it would end the document.
        Some('-' | '?' | ':') => text.chars().nth(1).is_some_and(|second| !second.is_whitespace() && second != '-'),
        Some(first) => !"!\"#%&'*,>@[]`{|}".contains(first) && !first.is_whitespace(),
    };
    let is_cut = text.ends_with(':') || text.ends_with(char::is_whitespace) || text.starts_with("...");
    let holds_indicator = text.contains(": ") || text.contains(" #");
    let upsets_flow = context.flow && (text.contains(FLOW_INDICATORS) || text.ends_with(" -"));
    first_fits && !is_cut && !holds_indicator && !upsets_flow && !text.chars().any(is_special)
}

/// What ends a plain scalar in brackets, or upsets the parser there.
const FLOW_INDICATORS: [char; 6] = [',', '[', ']', '{', '}', '?'];

/// Writes a node in one line for use in brackets; `None` where that would lose a comment, or say something else.
pub(super) fn in_flow(layout: Layout<'_>, id: NodeId, style: &Style) -> Option<String> {
    let node = layout.node(id);
    if style.json && (node.tag.is_some() || node.anchor.is_some()) {
        return None;
    }
    let bare = match &node.kind {
        NodeKind::Scalar(scalar) => scalar_in_flow(layout, id, scalar, Context { flow: true, key: false }, style)?,
        NodeKind::Alias { .. } if style.json => return None,
        NodeKind::Alias { .. } => layout.source.slice(node.range).to_owned(),
        NodeKind::Sequence { items, .. } => {
            let items: Option<Vec<String>> = items.iter().map(|item| in_flow(layout, *item, style)).collect();
            format!("[{}]", items?.join(", "))
        }
        NodeKind::Mapping { entries, .. } => {
            let entry = |entry: &Entry| {
                let NodeKind::Scalar(key) = &layout.node(entry.key).kind else { return None };
                let key = scalar_in_flow(layout, entry.key, key, Context { flow: true, key: true }, style)?;
                Some(format!("{key}: {}", in_flow(layout, entry.value, style)?))
            };
            let entries: Option<Vec<String>> = entries.iter().map(entry).collect();
            format!("{{{}}}", entries?.join(", "))
        }
    };
    let mut properties: Vec<_> = [&node.tag, &node.anchor].into_iter().flatten().collect();
    properties.sort_by_key(|property| property.range.start());
    let properties = properties.iter().map(|property| layout.source.slice(property.range));
    Some(properties.chain([bare.as_str()]).collect::<Vec<_>>().join(" "))
}

pub(super) fn scalar_in_flow(
    layout: Layout<'_>,
    id: NodeId,
    scalar: &Scalar,
    context: Context,
    style: &Style,
) -> Option<String> {
    let quote = match scalar.style {
        ScalarStyle::SingleQuoted => Some(Quote::Single),
        ScalarStyle::DoubleQuoted => Some(Quote::Double),
        ScalarStyle::Literal | ScalarStyle::Folded => Some(style.quote),
        ScalarStyle::Plain => None,
    };
    if quote.is_none() && !context.key {
        match resolve_plain(&scalar.text) {
            Resolved::Null => return Some("null".to_owned()),
            Resolved::Text => {}
            Resolved::Bool(value) if style.json => return Some(value.to_string()),
            Resolved::Number(value) if style.json => return number(value),
            // As the user wrote it: `0x1F` and `1.50` say more than their value.
            Resolved::Bool(_) | Resolved::Number(_) => return Some(scalar.text.clone()),
        }
    }
    let written = layout.source.slice(layout.node(id).range);
    let is_one_line = !written.contains(['\n', '\r']) && written.starts_with(['\'', '"']);
    match quote {
        Some(_) if is_one_line && !style.json => Some(written.to_owned()),
        // Unquoted it stays, even where new text would be quoted: a date, a merge key.
        None if !style.json && fits_plain(&scalar.text, context) => Some(scalar.text.clone()),
        quote => text(&scalar.text, context, quote, style),
    }
}
