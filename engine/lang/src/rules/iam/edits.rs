//! The edits of [`fix`] for the values of a policy. What an alias brought in stands elsewhere, where an edit would change more than
//! the value concerned; there is none for it.

use super::PolicyScope;
use super::context::StatementContext;
use crate::config::Value;
use crate::diagnostic::Fix;
use crate::fix::{self, Context, Literal, Placement, write_text};
use crate::iam::policy::{Element, Statement, Text};
use crate::iam::templates;
use crate::text::TextEdit;
use crate::yaml::{Document, NodeKind, ScalarStyle};

/// Puts another text in the place of a scalar.
pub(in crate::rules) fn replace(scope: &PolicyScope<'_>, value: Value<'_>, text: &str) -> Option<Vec<TextEdit>> {
    here(value).then(|| fix::replace_scalar(scope.document, value.node(), Literal::Text(text)))?
}

/// Puts other text in the place of a part of a text, where the part stands in the document as it is.
pub(in crate::rules) fn replace_part(
    scope: &PolicyScope<'_>,
    text: &Text<'_>,
    part: std::ops::Range<usize>,
    new: &str,
) -> Option<Vec<TextEdit>> {
    let tree = scope.document.tree();
    let NodeKind::Scalar(scalar) = &tree.node(text.value.node()).kind else { return None };
    let range = tree.scalar_part(scope.document.source(), text.value.node(), part.clone());
    let stands_there = scope.document.source().slice(range) == text.text.get(part.clone())?;
    let written = match scalar.style {
        ScalarStyle::SingleQuoted => new.replace('\'', "''"),
        ScalarStyle::DoubleQuoted => new.replace('\\', "\\\\").replace('"', "\\\""),
        // What plain text may hold depends on all of it.
        ScalarStyle::Plain => {
            let whole = format!("{}{new}{}", &text.text[..part.start], &text.text[part.end..]);
            return replace(scope, text.value, &whole);
        }
        ScalarStyle::Literal | ScalarStyle::Folded => new.to_owned(),
    };
    (here(text.value) && stands_there && !new.contains('\n')).then(|| vec![TextEdit::replace(range, written)])
}

/// Puts several texts in the place of one, be it an item of a list or a value by itself; none, and it goes.
pub(in crate::rules) fn replace_by_several(
    scope: &PolicyScope<'_>,
    value: Value<'_>,
    texts: &[&str],
) -> Option<Vec<TextEdit>> {
    if texts.is_empty() { remove(scope, value) } else { several(scope.document, value, texts) }
}

/// The same for at least one text, where there is no policy at hand.
pub(in crate::rules) fn several(document: &Document, value: Value<'_>, texts: &[&str]) -> Option<Vec<TextEdit>> {
    let [first, others @ ..] = texts else { return None };
    let list = value.parent().filter(|_| value.key().is_none());
    if others.is_empty() {
        return here(value).then(|| fix::replace_scalar(document, value.node(), Literal::Text(first)))?;
    }
    let Some(list) = list else {
        let snippet = yaml_of(&texts.into(), document)?;
        return (here(value) && value.parent().is_some())
            .then(|| fix::replace_value(document, value.node(), &snippet))?;
    };
    if !here(value) {
        return None;
    }
    let replaced = fix::replace_scalar(document, value.node(), Literal::Text(first))?;
    let added = insert_items(document, list, others.iter().copied(), Placement::After(value.node()))?;
    Some([replaced, added].concat())
}

/// Adds texts to a list, all of them in one place and in their order.
fn insert_items<'t>(
    document: &Document,
    list: Value<'_>,
    texts: impl Iterator<Item = &'t str>,
    placement: Placement,
) -> Option<Vec<TextEdit>> {
    let mut edits: Vec<TextEdit> = Vec::new();
    for text in texts {
        let snippet = yaml_of(&text.into(), document)?;
        for edit in fix::insert_item(document, list.node(), &snippet, placement)? {
            // All stand behind the same item; one edit keeps them in their order.
            match edits.iter_mut().find(|other| other.range == edit.range) {
                Some(other) => other.new_text.push_str(&edit.new_text),
                None => edits.push(edit),
            }
        }
    }
    Some(edits)
}

/// Removes an entry or an item.
pub(in crate::rules) fn remove(scope: &PolicyScope<'_>, value: Value<'_>) -> Option<Vec<TextEdit>> {
    here(value).then(|| fix::remove(scope.document, value.node()))?
}

/// Gives a value another key.
pub(in crate::rules) fn rename(scope: &PolicyScope<'_>, value: Value<'_>, key: &str) -> Option<Vec<TextEdit>> {
    here(value).then(|| fix::rename_key(scope.document, value.node(), key))?
}

/// Adds an entry to a map.
pub(in crate::rules) fn add(
    scope: &PolicyScope<'_>,
    map: Value<'_>,
    key: &str,
    snippet: &str,
    placement: Placement,
) -> Option<Vec<TextEdit>> {
    here(map).then(|| fix::insert_entry(scope.document, map.node(), key, snippet, placement))?
}

/// Puts a snippet of YAML, written from column 0, in the place of any value, also of the whole document.
pub(in crate::rules) fn rewrite(scope: &PolicyScope<'_>, value: Value<'_>, snippet: &str) -> Option<Vec<TextEdit>> {
    if !here(value) {
        return None;
    }
    if value.parent().is_some() {
        return fix::replace_value(scope.document, value.node(), snippet);
    }
    let source = scope.document.source();
    let range = source.trim_end(scope.document.tree().node(value.node()).range);
    let at_start = source.text()[..usize::from(range.start())].lines().last().is_none_or(str::is_empty);
    at_start.then(|| vec![TextEdit::replace(range, snippet.replace('\n', source.line_end()))])
}

/// Adds entries to an element, which becomes a list if it is none.
pub(in crate::rules) fn add_entries(
    scope: &PolicyScope<'_>,
    element: &Element<'_>,
    new: &[String],
) -> Option<Vec<TextEdit>> {
    if !element.value.is_list() {
        let all: Vec<String> =
            element.entries.iter().map(|entry| entry.text.to_owned()).chain(new.iter().cloned()).collect();
        return rewrite(scope, element.value, &list_of(&all, scope.document)?);
    }
    let new = new.iter().map(String::as_str);
    here(element.value).then(|| insert_items(scope.document, element.value, new, Placement::Last))?
}

/// Removes an entry of an element; the statement with it when there is no other, unless that is the last one.
pub(in crate::rules) fn remove_entry(
    scope: &PolicyScope<'_>,
    statement: &Statement<'_>,
    entry: &Text<'_>,
) -> Option<Vec<TextEdit>> {
    let several = |value: Value<'_>| value.key().is_none() && value.parent().is_some_and(|list| list.items().len() > 1);
    match () {
        () if several(entry.value) => remove(scope, entry.value),
        () if several(statement.value) => remove(scope, statement.value),
        () => None,
    }
}

/// Moves an action from among others to a statement of its own, with these resources and this condition.
pub(in crate::rules) fn move_to_own_statement(
    scope: &PolicyScope<'_>,
    statement: &Statement<'_>,
    action: &Text<'_>,
    resources: &[String],
    condition: Option<serde_json::Value>,
) -> Option<Vec<TextEdit>> {
    let list = statement.value.parent().filter(|list| list.is_list() && here(*list))?;
    let is_one_of_several = action.value.parent().is_some_and(|list| list.is_list() && list.items().len() > 1);
    if !is_one_of_several || !here(statement.value) {
        return None;
    }
    let resource = match resources {
        [one] => one.as_str().into(),
        several => serde_json::Value::from(several),
    };
    let elements = [("Effect", "Allow".into()), ("Action", action.text.into()), ("Resource", resource)];
    let elements = elements.into_iter().chain(condition.map(|condition| ("Condition", condition)));
    let lines: Option<Vec<String>> =
        elements.map(|(name, value)| yaml_of(&serde_json::json!({ name: value }), scope.document)).collect();
    let added =
        fix::insert_item(scope.document, list.node(), &lines?.join("\n"), Placement::After(statement.value.node()))?;
    let removed = remove(scope, action.value)?;
    let touch = |removed: &TextEdit| added.iter().any(|added| removed.range.end() >= added.range.start());
    (!removed.iter().any(touch)).then(|| [removed, added].concat())
}

/// A list of texts, from column 0.
fn list_of(texts: &[String], document: &Document) -> Option<String> {
    yaml_of(&texts.into(), document)
}

/// A fix that keeps the meaning, or mends it in the only possible way.
pub(in crate::rules) fn safe(title: impl Into<String>, edits: Option<Vec<TextEdit>>) -> Option<Fix> {
    edits.map(|edits| Fix::safe(title, edits))
}

/// A proposal.
pub(in crate::rules) fn suggestion(title: impl Into<String>, edits: Option<Vec<TextEdit>>) -> Option<Fix> {
    edits.map(|edits| Fix::suggestion(title, edits))
}

/// Resources for the actions of a statement, to be filled in, as a snippet of YAML: `*` where only that grants them. `None` where
/// there are no actions, or too many to begin with.
pub(in crate::rules) fn resources_for(document: &Document, statement: &StatementContext<'_>) -> Option<String> {
    const MOST: usize = 10;
    statement.reached().next()?;
    let templates = templates::of_actions(statement.reached().map(|(_, action)| action));
    let names: Vec<String> = templates.iter().map(ToString::to_string).collect();
    let resources = match &names[..] {
        [] => serde_json::Value::from("*"),
        [only] => serde_json::Value::from(&**only),
        several if several.len() <= MOST => serde_json::Value::from(several),
        _ => return None,
    };
    yaml_of(&resources, document)
}

/// JSON as YAML in lines, from column 0; `None` for what cannot be written so.
pub(in crate::rules) fn yaml_of(value: &serde_json::Value, document: &Document) -> Option<String> {
    let mut lines = String::new();
    push(value, 0, document, &mut lines)?;
    Some(lines.trim_matches('\n').trim_start().to_owned())
}

/// The source of a node, its lines moved to column 0.
pub(in crate::rules) fn unindented(document: &Document, value: Value<'_>) -> String {
    let source = document.source();
    let range = source.trim_end(document.tree().node(value.node()).range);
    let start = usize::from(range.start());
    let line = source.text()[..start].rfind('\n').map_or(0, |end| end + 1);
    let margin = " ".repeat(start - line);
    let lines = source.slice(range).lines().map(|line| line.strip_prefix(&margin).unwrap_or(line.trim_start()));
    lines.collect::<Vec<_>>().join("\n")
}

/// A scalar of one line, or a list of such, as a snippet from column 0 with the quotes that it has.
pub(in crate::rules) fn snippet_of(document: &Document, value: Value<'_>) -> Option<String> {
    let scalar = |value: Value<'_>| {
        let node = document.tree().node(value.node());
        let text = document.source().slice(node.range);
        (here(value) && matches!(node.kind, NodeKind::Scalar(_)) && !text.contains('\n')).then_some(text)
    };
    if !value.is_list() {
        return scalar(value).map(str::to_owned);
    }
    let items: Option<Vec<String>> = value.items().map(|item| Some(format!("- {}", scalar(item)?))).collect();
    items.filter(|items| here(value) && !items.is_empty()).map(|items| items.join("\n"))
}

/// Whether a value stands where it is used. Nothing looks into what a variable brought into a policy, so that a text with
/// variables in it is the only kind that they have a part in, and it stands there as well.
fn here(value: Value<'_>) -> bool {
    value.definition().is_none()
}

fn push(value: &serde_json::Value, depth: usize, document: &Document, lines: &mut String) -> Option<()> {
    const DEEPEST: usize = 128;
    if depth == DEEPEST {
        return None;
    }
    let margin = "  ".repeat(depth);
    let scalar = |text: &str, key: bool| write_text(text, Context { flow: false, key }, None, document.style());
    match value {
        serde_json::Value::Object(fields) if !fields.is_empty() => {
            for (key, value) in fields {
                lines.push_str(&format!("\n{margin}{}:", scalar(key, true)?));
                push(value, depth + 1, document, lines)?;
            }
        }
        serde_json::Value::Array(items) if !items.is_empty() => {
            for item in items {
                let mut inner = String::new();
                push(item, depth + 1, document, &mut inner)?;
                // The first line of an item stands behind its dash.
                lines.push_str(&format!("\n{margin}- {}", inner.trim_start()));
            }
        }
        serde_json::Value::String(text) => lines.push_str(&format!(" {}", scalar(text, false)?)),
        other => lines.push_str(&format!(" {other}")),
    }
    Some(())
}
