//! Edits on documents that nobody thought of: the outcome is read again, and only the intended place has changed.

#[path = "support/documents.rs"]
mod documents;

use documents::{Choice, Writer, bytes, config};
use proptest::prelude::*;
use slipway_lang::fix::{self, Literal, Placement};
use slipway_lang::text::{TextEdit, apply_edits};
use slipway_lang::yaml::{CollectionStyle, Document, NodeId, NodeKind, Resolved, ScalarStyle, resolve_plain};

const NASTY: [&str; 24] = [
    "",
    "a",
    "x y",
    "1",
    "010",
    "true",
    "null",
    "~",
    "a: b",
    "a #b",
    "#a",
    "- a",
    "-a",
    "a, b",
    "{a",
    "]",
    "it's",
    "\"",
    "\\",
    "a\nb",
    "2012-10-17",
    "日本",
    " a ",
    "${env:A, 'b'}",
];

const SNIPPETS: [&str; 14] = [
    "",
    "1",
    "'q'",
    "x y",
    "[]",
    "{}",
    "[a, {b: c}]",
    "k: 1\nl: 2\n",
    "k:\n  l:\n    m: 1\n",
    "- 1\n- k: 2\n  l: 3\n",
    "k:\n- a\n-\n  b: 1\n",
    "|\n  text\n\n    more\n",
    ">-\n  text\n",
    "k: |\n  text\nl: 'two\n\n  lines'\n",
];

// What a document says.

#[derive(Clone, Debug, PartialEq)]
enum Value {
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
    Alias(String),
    Tagged(String, Box<Value>),
    List(Vec<Value>),
    Map(Vec<(Value, Value)>),
}

fn value(document: &Document, id: NodeId) -> Value {
    let tree = document.tree();
    let node = tree.node(id);
    let bare = match &node.kind {
        NodeKind::Scalar(scalar) if scalar.style == ScalarStyle::Plain => match resolve_plain(&scalar.text) {
            Resolved::Null => Value::Null,
            Resolved::Bool(value) => Value::Bool(value),
            Resolved::Number(value) => Value::Number(value),
            Resolved::Text => Value::Text(scalar.text.clone()),
        },
        // The parser finds a line in an empty block scalar that ends the text, and none in others.
        NodeKind::Scalar(scalar) if scalar.text.bytes().all(|byte| byte == b'\n') => Value::Text(String::new()),
        NodeKind::Scalar(scalar) => Value::Text(scalar.text.clone()),
        NodeKind::Alias { name, .. } => Value::Alias(name.clone()),
        NodeKind::Sequence { items, .. } => Value::List(items.iter().map(|item| value(document, *item)).collect()),
        NodeKind::Mapping { entries, .. } => {
            Value::Map(entries.iter().map(|entry| (value(document, entry.key), value(document, entry.value))).collect())
        }
    };
    match &node.tag {
        Some(tag) => Value::Tagged(tag.text.clone(), Box::new(bare)),
        None => bare,
    }
}

fn root_value(document: &Document) -> Value {
    document.tree().root().map_or(Value::Null, |root| value(document, root))
}

/// The positions of a node's ancestors and its own among their siblings; of an entry, for its key and its value.
fn path(document: &Document, id: NodeId) -> Vec<usize> {
    let tree = document.tree();
    let mut path = Vec::new();
    let mut at = id;
    while let Some(parent) = tree.node(at).parent {
        let in_entries = tree.entries(parent).iter().position(|entry| entry.key == at || entry.value == at);
        let index = in_entries.or_else(|| tree.items(parent).iter().position(|item| *item == at)).unwrap();
        path.push(index);
        at = parent;
    }
    path.reverse();
    path
}

fn go<'a>(value: &'a mut Value, path: &[usize]) -> &'a mut Value {
    path.iter().fold(value, |value, index| {
        let mut value = value;
        while let Value::Tagged(_, inner) = value {
            value = inner;
        }
        match value {
            Value::List(items) => &mut items[*index],
            Value::Map(entries) => &mut entries[*index].1,
            other => panic!("no child in {other:?}"),
        }
    })
}

fn untagged(value: &mut Value) -> &mut Value {
    match value {
        Value::Tagged(_, inner) => untagged(inner),
        bare => bare,
    }
}

fn take(root: &mut Value, path: &[usize]) -> (Option<Value>, Value) {
    let (index, parent) = path.split_last().unwrap();
    match untagged(go(root, parent)) {
        Value::List(items) => (None, items.remove(*index)),
        Value::Map(entries) => {
            let (key, value) = entries.remove(*index);
            (Some(key), value)
        }
        other => panic!("no child in {other:?}"),
    }
}

fn put(root: &mut Value, collection: &[usize], index: Option<usize>, key: Option<&str>, child: Value) {
    let collection = untagged(go(root, collection));
    if *collection == Value::Null {
        *collection = if key.is_some() { Value::Map(Vec::new()) } else { Value::List(Vec::new()) };
    }
    match (collection, key) {
        (Value::Map(entries), Some(key)) => {
            entries.insert(index.unwrap_or(entries.len()), (Value::Text(key.to_owned()), child));
        }
        (Value::List(items), None) => items.insert(index.unwrap_or(items.len()), child),
        (other, _) => panic!("cannot put {child:?} into {other:?}"),
    }
}

fn comments(document: &Document) -> Vec<&str> {
    document.tree().comments().iter().map(|comment| document.source().slice(*comment).trim_end()).collect()
}

// Operations.

#[derive(Clone, Debug)]
enum Operation {
    Remove(NodeId),
    Rename(NodeId, String),
    Replace(NodeId, &'static str),
    ReplaceValue(NodeId, &'static str),
    Quote(NodeId),
    Unquote(NodeId),
    Wrap(NodeId),
    InsertEntry(NodeId, String, &'static str, Placement),
    InsertItem(NodeId, &'static str, Placement),
    Move(NodeId, NodeId, String),
    ToBlock(NodeId),
    ToFlow(NodeId),
    /// Puts the entries the other way round.
    Reverse(NodeId),
}

impl Operation {
    fn choose(document: &Document, choice: &mut Choice<'_>) -> Option<Self> {
        let nodes: Vec<NodeId> = document.tree().nodes().map(|(id, _)| id).collect();
        if nodes.is_empty() {
            return None;
        }
        let mut node = || nodes[choice.below(nodes.len())];
        let (id, other, sibling) = (node(), node(), node());
        let key = format!("new{}", NASTY[choice.below(NASTY.len())]);
        let key = if choice.below(2) == 0 { key } else { format!("{}new", NASTY[choice.below(NASTY.len())]) };
        let snippet = SNIPPETS[choice.below(SNIPPETS.len())];
        let placement = [Placement::First, Placement::Last, Placement::After(sibling)][choice.below(3)];
        Some(match choice.below(12) {
            0..=2 => Self::Remove(id),
            3 => Self::Rename(id, key),
            4 => Self::Replace(id, NASTY[choice.below(NASTY.len())]),
            5 => Self::ReplaceValue(id, snippet),
            6 => {
                let choices = [
                    Self::Quote(id),
                    Self::Unquote(id),
                    Self::Wrap(id),
                    Self::ToBlock(id),
                    Self::ToFlow(id),
                    Self::Reverse(id),
                ];
                choices[choice.below(6)].clone()
            }
            7 | 8 => Self::InsertEntry(id, key, snippet, placement),
            9 => Self::InsertItem(id, snippet, placement),
            _ => Self::Move(id, other, key),
        })
    }

    fn edits(&self, document: &Document) -> Option<Vec<TextEdit>> {
        match self {
            Self::Remove(id) => fix::remove(document, *id),
            Self::Rename(id, key) => fix::rename_key(document, *id, key),
            Self::Replace(id, text) => fix::replace_scalar(document, *id, Literal::Text(text)),
            Self::ReplaceValue(id, snippet) => fix::replace_value(document, *id, snippet),
            Self::Quote(id) => fix::quote(document, *id),
            Self::Unquote(id) => fix::unquote(document, *id),
            Self::Wrap(id) => fix::wrap_in_list(document, *id),
            Self::InsertEntry(id, key, snippet, placement) => {
                fix::insert_entry(document, *id, key, snippet, *placement)
            }
            Self::InsertItem(id, snippet, placement) => fix::insert_item(document, *id, snippet, *placement),
            Self::Move(id, to, key) => fix::move_entry(document, *id, *to, key),
            Self::ToBlock(id) => fix::to_block(document, *id),
            Self::ToFlow(id) => fix::to_flow(document, *id),
            Self::Reverse(id) => {
                let order: Vec<usize> = (0..document.tree().entries(*id).len()).rev().collect();
                fix::reorder(document, *id, &order)
            }
        }
    }

    /// What the document must say afterwards.
    fn expected(&self, document: &Document) -> Value {
        let tree = document.tree();
        let mut root = root_value(document);
        let is_key = |id: NodeId| tree.entry_of(id).is_some_and(|entry| entry.key == id);
        // A key is reached through its entry.
        let change = |root: &mut Value, id: NodeId, change: &dyn Fn(&mut Value)| {
            if !is_key(id) {
                return change(go(root, &path(document, id)));
            }
            let path = path(document, id);
            let (index, parent) = path.split_last().unwrap();
            if let Value::Map(entries) = untagged(go(root, parent)) {
                change(&mut entries[*index].0);
            }
        };
        let index = |collection: NodeId, placement: &Placement| match placement {
            Placement::First => Some(0),
            Placement::Last => None,
            Placement::After(sibling) => {
                let empty = tree.entries(collection).is_empty() && tree.items(collection).is_empty();
                (!empty).then(|| path(document, *sibling).last().unwrap() + 1)
            }
        };
        let text = |id: NodeId| Value::Text(tree.scalar_text(id).unwrap().to_owned());
        let read = |snippet: &str| root_value(&Document::new(snippet));
        match self {
            Self::Remove(id) => drop(take(&mut root, &path(document, *id))),
            Self::Rename(id, key) => {
                let key_node = tree.entry_of(*id).unwrap().key;
                change(&mut root, key_node, &|old| *old = Value::Text(key.clone()));
            }
            Self::Replace(id, new) => change(&mut root, *id, &|old| *old = Value::Text((*new).to_owned())),
            Self::ReplaceValue(id, snippet) => change(&mut root, *id, &|old| *old = read(snippet)),
            Self::Quote(id) => change(&mut root, *id, &|old| *old = text(*id)),
            Self::Unquote(id) => {
                let plain = root_value(&Document::new(tree.scalar_text(*id).unwrap()));
                change(&mut root, *id, &|old| *old = plain.clone());
            }
            Self::Wrap(id) => change(&mut root, *id, &|old| *old = Value::List(vec![old.clone()])),
            Self::InsertEntry(id, key, snippet, placement) => {
                put(&mut root, &path(document, *id), index(*id, placement), Some(key), read(snippet));
            }
            Self::InsertItem(id, snippet, placement) => {
                put(&mut root, &path(document, *id), index(*id, placement), None, read(snippet));
            }
            Self::Move(id, to, key) => {
                // Into the target first: removal shifts positions.
                let from = path(document, *id);
                let moved = go(&mut root, &from).clone();
                put(&mut root, &path(document, *to), None, Some(key), moved);
                take(&mut root, &from);
            }
            Self::ToBlock(_) | Self::ToFlow(_) => {}
            Self::Reverse(id) => match untagged(go(&mut root, &path(document, *id))) {
                Value::Map(entries) => entries.reverse(),
                other => panic!("no entries in {other:?}"),
            },
        }
        root
    }

    /// Whether nothing stands in the way of it, in a document without anchors.
    fn must_succeed(&self, document: &Document) -> bool {
        let tree = document.tree();
        let kind = |id: NodeId| &tree.node(id).kind;
        let is_value =
            |id: NodeId| tree.node(id).parent.is_some() && tree.entry_of(id).is_none_or(|entry| entry.key != id);
        let is_null = |id: NodeId| is_value(id) && value(document, id) == Value::Null;
        let is_block = |id: NodeId| {
            matches!(
                kind(id),
                NodeKind::Mapping { style: CollectionStyle::Block, .. }
                    | NodeKind::Sequence { style: CollectionStyle::Block, .. }
            )
        };
        // A block scalar would take in comments and blanks below.
        let is_closed = |snippet: &str| !snippet.contains(['|', '>']);
        match self {
            Self::Remove(id) => tree.node(*id).parent.is_some(),
            Self::Rename(id, _) => tree.entry_of(*id).is_some(),
            Self::Replace(id, _) => is_value(*id) && matches!(kind(*id), NodeKind::Scalar(_)),
            Self::ReplaceValue(id, snippet) => is_value(*id) && !snippet.is_empty() && is_closed(snippet),
            Self::Wrap(id) => {
                is_value(*id) && matches!(kind(*id), NodeKind::Scalar(_)) && !tree.node(*id).range.is_empty()
            }
            Self::InsertEntry(id, _, snippet, placement) => {
                let fits = matches!(kind(*id), NodeKind::Mapping { .. }) || is_null(*id);
                fits && is_closed(snippet) && !matches!(placement, Placement::After(_))
            }
            Self::InsertItem(id, snippet, placement) => {
                let fits = matches!(kind(*id), NodeKind::Sequence { .. }) || is_null(*id);
                fits && is_closed(snippet) && !matches!(placement, Placement::After(_))
            }
            Self::Move(id, to, _) => {
                let Some(entry) = tree.entry_of(*id) else { return false };
                let parent = tree.node(*id).parent;
                let is_inside =
                    std::iter::successors(Some(*to), |at| tree.node(*at).parent).any(|at| at == entry.value);
                let text = document.source().slice(tree.node(entry.value).range);
                // At the end of the text, a block scalar above can be in the way.
                let is_closed = is_closed(document.source().text());
                let fits =
                    matches!(kind(*to), NodeKind::Mapping { .. }) && is_block(*to) || is_null(*to) && !text.is_empty();
                let in_lines = tree.node(*to).parent.is_none_or(is_block);
                fits && in_lines && parent.is_some_and(is_block) && parent != Some(*to) && !is_inside && is_closed
            }
            Self::Quote(_) | Self::Unquote(_) | Self::ToBlock(_) | Self::ToFlow(_) | Self::Reverse(_) => false,
        }
    }

    /// The node whose comments may go.
    fn gives_up(&self) -> Option<NodeId> {
        match self {
            Self::Remove(id) | Self::ReplaceValue(id, _) => Some(*id),
            _ => None,
        }
    }
}

/// Whether there is something that the parser reads in some surroundings only: a pair without key or with a collection
/// as its key in brackets, and brackets over several lines that are not indented as they should be.
fn is_brittle(document: &Document) -> bool {
    let tree = document.tree();
    tree.nodes().any(|(id, node)| match node.kind {
        NodeKind::Mapping { style: CollectionStyle::Flow, .. }
        | NodeKind::Sequence { style: CollectionStyle::Flow, .. } => {
            let is_name = |key: NodeId| tree.scalar_text(key).is_some() && !tree.node(key).range.is_empty();
            !tree.entries(id).iter().all(|entry| is_name(entry.key))
                || document.source().slice(node.range).contains(['\n', '\r'])
        }
        _ => false,
    })
}

/// The edits of an operation; a panic is reported with the text that led to it.
fn edits(document: &Document, operation: &Operation) -> Result<Option<Vec<TextEdit>>, TestCaseError> {
    let edits = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| operation.edits(document)));
    edits.map_err(|_| TestCaseError::fail(format!("{operation:?} panics in {:?}", document.source().text())))
}

fn check(document: &Document, operation: &Operation) -> Result<Option<Document>, TestCaseError> {
    let Some(edits) = edits(document, operation)? else { return Ok(None) };
    let before = document.source().text();
    let after = apply_edits(before, &edits)
        .map_err(|error| TestCaseError::fail(format!("{error}: {operation:?} gives {edits:?} in {before:?}")))?;
    let result = Document::new(after);
    let after = result.source().text();
    if !document.tree().problems().is_empty() {
        // What the reader takes such a text for can hang on any letter of it.
        return Ok(None);
    }
    prop_assert!(
        result.tree().problems().is_empty(),
        "{:?}\n{:?}\n{}\n=>\n{}",
        operation,
        result.tree().problems(),
        before,
        after
    );
    let expected = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| operation.expected(document)));
    let Ok(expected) = expected else {
        return Err(TestCaseError::fail(format!("{operation:?} must be refused in {before:?}, gives {after:?}")));
    };
    prop_assert_eq!(
        &root_value(&result),
        &expected,
        "{:?}\n{}\n=>\n{}\n{:?}\n{:?}",
        operation,
        before,
        after,
        before,
        after
    );
    let (old, new) = (comments(document), comments(&result));
    if operation.gives_up().is_some() {
        let mut rest = old.iter();
        prop_assert!(
            new.iter().all(|comment| rest.any(|other| other == comment)),
            "{:?}\n{}\n=>\n{}",
            operation,
            before,
            after
        );
    } else if matches!(operation, Operation::Move(..) | Operation::Reverse(_)) {
        let (mut old, mut new) = (old, new);
        old.sort_unstable();
        new.sort_unstable();
        prop_assert_eq!(old, new, "{:?}\n{}\n=>\n{}", operation, before, after);
    } else {
        prop_assert_eq!(old, new, "{:?}\n{}\n=>\n{}", operation, before, after);
    }
    Ok(Some(result))
}

/// The number of the child that a node is, or is the key of, in the order of the text.
fn child_number(document: &Document, id: NodeId) -> Option<usize> {
    let tree = document.tree();
    let target = tree.entry_of(id).map_or(id, |entry| entry.key);
    let starts_child = |node: NodeId| match tree.node(node).parent.map(|parent| &tree.node(parent).kind) {
        Some(NodeKind::Mapping { entries, .. }) => entries.iter().any(|entry| entry.key == node),
        Some(NodeKind::Sequence { .. }) => true,
        _ => false,
    };
    let mut children = tree.nodes().map(|(node, _)| node).filter(|node| starts_child(*node));
    children.position(|node| node == target).map(|index| index + 1)
}

proptest! {
    #![proptest_config(config(2000))]

    #[test]
    fn an_edit_changes_the_intended_place_alone(bytes in bytes(0..400), seed in bytes(24..25)) {
        let text = Writer::document(&mut Choice(bytes.0.iter()));
        let document = Document::new(text.clone());
        prop_assert!(document.tree().problems().is_empty(), "{:?}\n{}", document.tree().problems(), text);
        let Some(operation) = Operation::choose(&document, &mut Choice(seed.0.iter())) else { return Ok(()) };
        let Some(result) = check(&document, &operation)? else {
            let is_refused = operation.must_succeed(&document) && !text.contains(['&', '!']);
            prop_assert!(!is_refused, "{operation:?}\n{text}\n{text:?}");
            return Ok(());
        };
        if let Operation::Remove(id) = operation {
            // Exactly the comments of the child and of what it holds are gone.
            let number = child_number(&document, id).unwrap().to_string();
            let kept = |comment: &&str| !comment.trim_start_matches("# ").split('/').any(|part| part == number);
            let expected: Vec<&str> = comments(&document).into_iter().filter(kept).collect();
            prop_assert_eq!(comments(&result), expected, "{:?}\n{}\n=>\n{}", number, text, result.source().text());
        }
    }

    #[test]
    fn damaged_documents_are_edited_safely(
        bytes in bytes(0..300),
        seed in bytes(24..25),
        damage in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..24), 1..4),
    ) {
        let mut characters: Vec<char> = Writer::document(&mut Choice(bytes.0.iter())).chars().collect();
        for (place, kind) in damage {
            let at = place.index(characters.len() + 1);
            let with = ["", " ", "\n", ":", ": ", "- ", "? ", "#", " # c", "&a ", "*a", "!Ref ", "!!str ", "{", "}", "[", "]", ",", "'", "\"", "|", "\t", "---\n", "<<: "][kind];
            match kind {
                0 if at < characters.len() => drop(characters.remove(at)),
                _ => drop(characters.splice(at..at, with.chars())),
            }
        }
        let text: String = characters.into_iter().collect();
        let document = std::panic::catch_unwind(|| Document::new(text.clone()))
            .map_err(|_| TestCaseError::fail(format!("reading panics in {text:?}")))?;
        let Some(operation) = Operation::choose(&document, &mut Choice(seed.0.iter())) else { return Ok(()) };
        if is_brittle(&document) {
            let edits = edits(&document, &operation)?.unwrap_or_default();
            prop_assert!(apply_edits(document.source().text(), &edits).is_ok());
        } else {
            check(&document, &operation)?;
        }
    }
}

#[test]
fn every_operation_takes_every_node_of_every_text() {
    let texts = [
        "",
        "\n",
        "#",
        "a",
        "a:",
        "- ",
        "{",
        "[",
        "{a",
        "[a, {b",
        "a: |",
        "a: >+\n\n\n",
        "'a",
        "? a",
        "? a\n: b",
        ": b",
        "*a",
        "&a",
        "&a *a",
        "!x",
        "{? a : b, : c, d: , e}",
        "[? a, b: c, : d]",
        "<<<<<<< a\nb: 1\n=======\nb: 2\n>>>>>>> c\n",
        "😀",
        "😀: 😀 # 😀\n",
        "\u{feff}",
        "\u{feff}{}",
        "a: &a\n  b: *a\n",
        "- - - - a\n- - - b\n",
        "a:\tb\n-\tc\n",
        "%YAML 1.2\n---\na: 1\n...\n",
        "--- {a: 1}\n",
        "--- a\n",
        "--- |\n a\n",
        "a: 1\r\rb: 2\r\n\n\rc:\r",
        "\"a\": \"b\\\n  c\"\n",
        "a: {b: 1}: c\n",
        "{a: 1}: b\n",
        "[a]: b\nc: d\n",
    ];
    for text in texts {
        let document = Document::new(text);
        let nodes: Vec<NodeId> = document.tree().nodes().map(|(id, _)| id).collect();
        for id in &nodes {
            let mut operations =
                vec![Operation::Remove(*id), Operation::Quote(*id), Operation::Unquote(*id), Operation::Wrap(*id)];
            operations.extend([Operation::ToBlock(*id), Operation::ToFlow(*id), Operation::Reverse(*id)]);
            operations.extend(NASTY.map(|text| Operation::Replace(*id, text)));
            operations.extend(NASTY.map(|text| Operation::Rename(*id, format!("new{text}"))));
            for snippet in SNIPPETS {
                operations.push(Operation::ReplaceValue(*id, snippet));
                for placement in
                    [Placement::First, Placement::Last].into_iter().chain(nodes.iter().map(|id| Placement::After(*id)))
                {
                    operations.push(Operation::InsertEntry(*id, "new".to_owned(), snippet, placement));
                    operations.push(Operation::InsertItem(*id, snippet, placement));
                }
            }
            operations.extend(nodes.iter().map(|to| Operation::Move(*id, *to, "new".to_owned())));
            for operation in operations {
                check(&document, &operation).unwrap();
            }
        }
    }
}
