//! Whole blocks: what stands under a key, and blocks that begin with a key or a dash.
//!
//! Blocks are YAML, from the model where that says enough. They are indented as the document is, and each of their values is a
//! place that the editor leads to.

use super::keys::{Writer, quoted};
use super::{Item, ItemKind};
use crate::fix::entry_lines;
use crate::ide::cursor::Role;
use crate::model::{Map, Object, Property, Shape, Tagged};
use crate::yaml::{Document, NodeId, NodeKind};

/// What stands behind a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Body {
    /// A value on the same line, still to be written.
    Inline,
    /// A map, as YAML from column 0, and whether the user names its keys; empty where nothing is sure.
    Map(String, Keys),
    /// A list, as YAML from column 0; empty where nothing is sure.
    List(String),
}

/// Who names the keys of a map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keys {
    /// The model.
    Fixed,
    /// The user.
    Named,
}

/// A block under a new name, beside those that follow from the model.
struct Block {
    /// The keys of the map that it stands in.
    map: &'static [&'static str],
    label: &'static str,
    doc: &'static str,
    /// Its first line is the name.
    yaml: &'static str,
}

const BLOCKS: &[Block] = &[
    Block {
        map: &["containers"],
        label: "Lambda container",
        doc: "A container on AWS Lambda: it starts on demand and is billed by use.",
        yaml: "service:\n  src: ./service\n  routing:\n    pathPattern: /*\n  compute:\n    type: awsLambda\n    awsLambda:\n      memory: 1024\n      timeout: 30",
    },
    Block {
        map: &["containers"],
        label: "Fargate container",
        doc: "A container on AWS Fargate: it always runs, and scales by policy.",
        yaml: "service:\n  src: ./service\n  routing:\n    pathPattern: /*\n    pathHealthCheck: /health\n  compute:\n    type: awsFargateEcs\n    awsFargateEcs:\n      cpu: 256\n      memory: 512\n      scale:\n        - type: min\n          min: 1\n        - type: max\n          max: 4\n        - type: target\n          target: cpu\n          value: 70",
    },
];

/// What stands behind the key of a property.
pub(super) fn of_property(property: &Property) -> Body {
    match of_shape(property.shape) {
        Body::Map(_, keys) if property.snippet.starts_with('\n') => Body::Map(outdented(property.snippet), keys),
        Body::List(_) if property.snippet.starts_with('\n') => Body::List(outdented(property.snippet)),
        body => body,
    }
}

/// What stands behind a key that the user names.
pub(super) fn of_entry(map: &Map) -> Body {
    if map.snippet.is_empty() { of_shape(map.value) } else { Body::Map(outdented(map.snippet), Keys::Fixed) }
}

fn of_shape(shape: Shape) -> Body {
    match shape {
        Shape::Object(object) => Body::Map(of_object(object), Keys::Fixed),
        Shape::Tagged(_) => Body::Map("type: ".to_owned(), Keys::Fixed),
        Shape::Map(map) => {
            let value = match of_entry(map) {
                Body::Map(yaml, _) | Body::List(yaml) => indented(&yaml),
                Body::Inline => " ".to_owned(),
            };
            Body::Map(format!("name:{value}"), Keys::Named)
        }
        Shape::List(_) => Body::List(String::new()),
        Shape::Either(shapes) => shapes.first().map_or(Body::Inline, |shape| of_shape(*shape)),
        _ => Body::Inline,
    }
}

/// The entries that an object needs or mostly has.
fn of_object(object: &Object) -> String {
    let wanted = object.properties.iter().filter(|property| property.required || property.typical);
    wanted.map(of_wanted).collect::<Vec<_>>().join("\n")
}

fn of_wanted(property: &Property) -> String {
    let value = match of_property(property) {
        Body::Inline if property.snippet.starts_with('\n') => property.snippet.to_owned(),
        Body::Inline => format!(" {}", property.snippet),
        Body::Map(yaml, _) | Body::List(yaml) => indented(&yaml),
    };
    format!("{}:{value}", property.name)
}

/// One variant of a tagged map: its `type` and what that needs.
fn variants(tagged: &'static Tagged) -> impl Iterator<Item = (&'static str, &'static str, String)> {
    tagged.variants.iter().map(|variant| {
        let entries = of_object(variant.object);
        let line_end = if entries.is_empty() { "" } else { "\n" };
        (variant.choice.value, variant.choice.doc, format!("type: {}{line_end}{entries}", variant.choice.value))
    })
}

/// Blocks that fill an item of a list whose mapping holds nothing yet.
pub(super) fn items_beside(writer: Writer<'_>, shape: Shape) -> Vec<Item> {
    let tree = writer.place.tree();
    let is_item = tree.node(writer.mapping).parent.is_some_and(|parent| !tree.items(parent).is_empty());
    if !is_item || tree.entries(writer.mapping).len() > 1 || !writer.takes_blocks() {
        return Vec::new();
    }
    match shape {
        Shape::Tagged(tagged) => variants(tagged)
            .map(|(value, doc, yaml)| block(writer, &format!("type: {value}"), doc, &yaml, Keys::Fixed))
            .collect(),
        Shape::Object(object) => {
            let wanted = object.properties.iter().filter(|property| property.required || property.typical);
            let names: Vec<&str> = wanted.map(|property| property.name).collect();
            let yaml = of_object(object);
            let is_more = names.len() > 1;
            is_more.then(|| block(writer, &names.join(", "), object.doc, &yaml, Keys::Fixed)).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

/// Blocks under a name that is still to be chosen.
pub(super) fn entries(writer: Writer<'_>, map: &'static Map) -> Vec<Item> {
    if !writer.takes_blocks() {
        return Vec::new();
    }
    let keys = writer.place.cursor.keys(writer.mapping);
    let written = BLOCKS.iter().filter(|block| keys == block.map);
    let mut items: Vec<Item> =
        written.map(|found| block(writer, found.label, found.doc, found.yaml, Keys::Named)).collect();
    if let Shape::Tagged(tagged) = map.value {
        let what = map.key.trim_end_matches(" name");
        items.extend(variants(tagged).map(|(value, doc, yaml)| {
            let yaml = format!("{value}:{}", indented(&yaml));
            block(writer, &format!("{value} {what}"), doc, &yaml, Keys::Named)
        }));
    }
    items
}

impl Writer<'_> {
    fn takes_blocks(self) -> bool {
        let cursor = self.place.cursor;
        matches!(cursor.role, Role::Key { colon: false, .. })
            && cursor.quote.is_none()
            && !cursor.is_in_flow(cursor.node)
    }

    /// How far the key is indented against its line: that is the width of the dashes before it.
    fn column(self) -> usize {
        let text = self.place.ctx.source().text();
        let line = &text[usize::from(self.place.line().start())..usize::from(self.place.cursor.range.start())];
        line.trim_start_matches([' ', '\t']).len()
    }
}

/// A block of entries in the place of the key at the cursor.
fn block(writer: Writer<'_>, label: &str, doc: &str, yaml: &str, keys: Keys) -> Item {
    let style = writer.place.style();
    let indent = writer.column();
    // The entries are indented as the value of a key, and the key is taken off.
    let lines = entry_lines("key", yaml, 0, style).unwrap_or_default();
    let width = lines.get(1).map_or(0, |first| first.len() - first.trim_start_matches(' ').len());
    let lines = lines.iter().skip(1).enumerate().map(|(index, line)| {
        let line = line.get(width..).unwrap_or_default();
        if index == 0 { line.to_owned() } else { format!("{:indent$}{line}", "") }
    });
    let text: Vec<String> = lines.collect();
    let new_text = with_places(&text.join("\n"), indent, keys);
    let cursor = writer.place.cursor;
    let item = Item::new(ItemKind::Snippet, label, cursor.range, new_text);
    Item { snippet: true, ..item }.documentation(doc).filter(quoted(cursor.quote, label))
}

/// A key and what stands below it, as a snippet.
pub(super) fn entry(writer: Writer<'_>, key: &str, body: &Body) -> String {
    let style = writer.place.style();
    let column = writer.column();
    let (yaml, keys, offset, open) = match body {
        Body::Inline => return format!("{}: ", escaped(key)),
        Body::Map(yaml, keys) => (yaml, *keys, style.unit, "$0"),
        Body::List(yaml) => (yaml, Keys::Fixed, style.dash_offset, "- $0"),
    };
    let head = escaped(key);
    let lines = entry_lines("key", yaml, column, style).unwrap_or_default();
    if yaml.is_empty() || lines.len() < 2 {
        return format!("{head}:\n{:1$}{open}", "", column + offset);
    }
    let value = with_places(&lines[1..].join("\n"), 0, keys);
    format!("{head}:\n{value}")
}

/// A text with every value in it, and every key of its first level that the user names, as a place to go to. Its first line may
/// lack the indentation that the others have.
fn with_places(yaml: &str, indent: usize, keys: Keys) -> String {
    let document = Document::new(format!("{:indent$}{yaml}", ""));
    let tree = document.tree();
    let text = document.source().text();
    let names: Vec<NodeId> = match (keys, tree.root()) {
        (Keys::Named, Some(root)) => tree.entries(root).iter().map(|entry| entry.key).collect(),
        _ => Vec::new(),
    };
    let mut snippet = String::with_capacity(text.len() + 64);
    let mut number = 0;
    let mut at = indent;
    for (id, node) in tree.nodes() {
        let is_key = tree.entry_of(id).is_some_and(|entry| entry.key == id);
        if !matches!(node.kind, NodeKind::Scalar(_)) || is_key && !names.contains(&id) {
            continue;
        }
        number += 1;
        let (start, end) = (usize::from(node.range.start()), usize::from(node.range.end()));
        snippet.push_str(&escaped(&text[at..start]));
        if start == end {
            let blank = usize::from(text[start..].starts_with(' '));
            snippet.push_str(&format!(" ${number}"));
            at = end + blank;
        } else {
            snippet.push_str(&format!("${{{number}:{}}}", escaped(&text[start..end])));
            at = end;
        }
    }
    snippet.push_str(&escaped(&text[at..]));
    snippet
}

/// Text as it stands in a snippet.
pub(super) fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('$', "\\$").replace('}', "\\}")
}

/// A snippet without its places: the text that each begins with stays.
pub(super) fn plain(snippet: &str) -> String {
    let mut plain = String::with_capacity(snippet.len());
    let mut characters = snippet.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' => plain.extend(characters.next()),
            '$' => {
                characters.next_if_eq(&'{');
                while characters.next_if(char::is_ascii_digit).is_some() {}
                characters.next_if_eq(&':');
            }
            '}' => {}
            other => plain.push(other),
        }
    }
    plain
}

/// The lines of a block behind a key, one level deeper.
fn indented(yaml: &str) -> String {
    yaml.lines().map(|line| format!("\n  {line}")).collect()
}

/// The lines of a block that stands behind a key, without the indentation that they share.
fn outdented(yaml: &str) -> String {
    let lines: Vec<&str> = yaml.lines().filter(|line| !line.is_empty()).collect();
    let width = lines.first().map_or(0, |first| first.len() - first.trim_start_matches(' ').len());
    lines.into_iter().map(|line| line.get(width..).unwrap_or_default()).collect::<Vec<_>>().join("\n")
}
