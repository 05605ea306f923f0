//! What a document means: aliases and merge keys followed, variables resolved, each value with its place in the text.
//!
//! Rules, completion and the deployment engine read the file through [`Value`]. A value that is only known at deploy time
//! is [`Data::Unknown`]: every typed accessor answers `None` for it, so that a rule that asks for what it needs stays
//! silent by itself.

mod build;
#[cfg(test)]
mod tests;

pub use build::build;

use crate::diagnostic::Place;
use crate::text::TextRange;
use crate::variables::Variables;
use crate::yaml::{Document, NodeId};

/// The meaning of a document.
#[derive(Debug, Default)]
pub struct Config {
    pub(crate) values: Vec<ValueData>,
    /// The value that stands at each node of the tree itself.
    pub(crate) by_node: Vec<Option<ValueId>>,
    pub(crate) variables: Variables,
}

/// Identifies a value of one [`Config`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ValueId(pub(crate) u32);

/// What a value is, in JSON's terms.
#[derive(Debug, Clone, PartialEq)]
pub enum Data {
    /// `null`, also for an empty value.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number; the file's numbers are doubles.
    Number(f64),
    /// Text.
    String(String),
    /// A list.
    List(Vec<ValueId>),
    /// A map in the order of the file. Of a repeated key the first entry counts.
    Map(Vec<ValueId>),
    /// Known at deploy time only, or unreadable.
    Unknown,
}

/// How a value hangs in its parent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// It is the document.
    Root,
    /// Under this key.
    Key(String),
    /// At this position of a list.
    Index(u32),
}

#[derive(Debug)]
pub(crate) struct ValueData {
    pub(crate) data: Data,
    pub(crate) parent: Option<ValueId>,
    pub(crate) step: Step,
    /// The node that shows the value; for what a variable brought in, the scalar that holds the variable.
    pub(crate) node: NodeId,
    /// That node's range.
    pub(crate) range: TextRange,
    /// The key's range, when it stands under a key that is written in the text.
    pub(crate) key_range: Option<TextRange>,
    /// The alias (`*name`) at the place of use, when the value came through one.
    pub(crate) alias: Option<TextRange>,
    /// Whether a variable gave the value.
    pub(crate) variable: bool,
    /// Whether it must never be shown.
    pub(crate) secret: bool,
}

impl Config {
    /// The document's own value; `None` for an empty document.
    pub fn root(&self) -> Option<Value<'_>> {
        (!self.values.is_empty()).then_some(Value { config: self, id: ValueId(0) })
    }

    /// A value by its id.
    pub fn value(&self, id: ValueId) -> Value<'_> {
        Value { config: self, id }
    }

    /// The value that a node of the text stands for where it is written; `None` for keys, for aliases, and for what has no
    /// effect.
    pub fn value_at(&self, node: NodeId) -> Option<Value<'_>> {
        self.by_node.get(node.0 as usize).copied().flatten().map(|id| self.value(id))
    }

    /// The variables of the document.
    pub fn variables(&self) -> &Variables {
        &self.variables
    }

    /// The value at a route of keys from the root.
    pub fn get(&self, keys: &[&str]) -> Option<Value<'_>> {
        keys.iter().try_fold(self.root()?, |value, key| value.get(key))
    }

    /// All values, parents before children.
    pub fn values(&self) -> impl Iterator<Item = Value<'_>> {
        (0..self.values.len()).map(|index| self.value(ValueId(index as u32)))
    }
}

/// A value with its place. Cheap to copy.
#[derive(Clone, Copy, Debug)]
pub struct Value<'a> {
    config: &'a Config,
    id: ValueId,
}

impl PartialEq for Value<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl<'a> Value<'a> {
    fn own(self) -> &'a ValueData {
        &self.config.values[self.id.0 as usize]
    }

    /// Its id.
    pub fn id(self) -> ValueId {
        self.id
    }

    /// What it is.
    pub fn data(self) -> &'a Data {
        &self.own().data
    }

    /// The text, if it is text.
    pub fn as_str(self) -> Option<&'a str> {
        match self.data() {
            Data::String(text) => Some(text),
            _ => None,
        }
    }

    /// The number, if it is one; text that a variable brought in counts when it reads as a number.
    pub fn as_f64(self) -> Option<f64> {
        match self.data() {
            Data::Number(number) => Some(*number),
            Data::String(text) if self.own().variable => {
                text.trim().parse().ok().filter(|number: &f64| number.is_finite())
            }
            _ => None,
        }
    }

    /// The boolean, if it is one; the texts `true` and `false` count when a variable brought them in.
    pub fn as_bool(self) -> Option<bool> {
        match self.data() {
            Data::Bool(value) => Some(*value),
            Data::String(text) if self.own().variable => text.parse().ok(),
            _ => None,
        }
    }

    /// True for `null`.
    pub fn is_null(self) -> bool {
        *self.data() == Data::Null
    }

    /// True for a map.
    pub fn is_map(self) -> bool {
        matches!(self.data(), Data::Map(_))
    }

    /// True for a list.
    pub fn is_list(self) -> bool {
        matches!(self.data(), Data::List(_))
    }

    /// True when the value is only known at deploy time.
    pub fn is_unknown(self) -> bool {
        *self.data() == Data::Unknown
    }

    /// Whether a variable gave the value, wholly or in part.
    pub fn is_variable(self) -> bool {
        self.own().variable
    }

    /// Whether the value must never be shown.
    pub fn is_secret(self) -> bool {
        self.own().secret
    }

    /// The value under a key, if this is a map that has it.
    pub fn get(self, key: &str) -> Option<Value<'a>> {
        self.entries().find(|(name, _)| *name == key).map(|(_, value)| value)
    }

    /// Keys and values of a map, in the order of the file; nothing for anything else.
    pub fn entries(self) -> impl Iterator<Item = (&'a str, Value<'a>)> {
        let ids: &'a [ValueId] = match self.data() {
            Data::Map(ids) => ids,
            _ => &[],
        };
        ids.iter().map(move |id| self.config.value(*id)).map(|value| (value.key().unwrap_or_default(), value))
    }

    /// The items of a list; nothing for anything else.
    pub fn items(self) -> impl ExactSizeIterator<Item = Value<'a>> {
        let ids: &'a [ValueId] = match self.data() {
            Data::List(ids) => ids,
            _ => &[],
        };
        ids.iter().map(move |id| self.config.value(*id))
    }

    /// The collection it stands in.
    pub fn parent(self) -> Option<Value<'a>> {
        self.own().parent.map(|id| self.config.value(id))
    }

    /// The key it stands under.
    pub fn key(self) -> Option<&'a str> {
        match &self.own().step {
            Step::Key(key) => Some(key),
            Step::Root | Step::Index(_) => None,
        }
    }

    /// The node that shows it in the text: for what a variable brought in, the scalar that holds the variable; for what
    /// came through an alias, the node behind the anchor.
    pub fn node(self) -> NodeId {
        self.own().node
    }

    /// True when the text shows the value itself where it is used, so that an edit of its node changes it alone.
    pub fn is_written_here(self) -> bool {
        !self.own().variable && self.own().alias.is_none()
    }

    /// Where the value is used: its own range, or the alias through which it came.
    pub fn range(self) -> TextRange {
        self.own().alias.unwrap_or(self.own().range)
    }

    /// Where the value is written, when that is another place than where it is used.
    pub fn definition(self) -> Option<TextRange> {
        self.own().alias.map(|_| self.own().range)
    }

    /// The range of its key; its own range where it has none.
    pub fn key_range(self) -> TextRange {
        let own = self.own();
        own.alias.or(own.key_range).unwrap_or(own.range)
    }

    /// The range of the key that it stands under, where that is written in the text, also when the value came through an alias.
    pub fn written_key_range(self) -> Option<TextRange> {
        self.own().key_range
    }

    /// The dotted path: keys joined by dots, positions as `[0]`, keys that are not plain words in double quotes.
    pub fn path(self) -> String {
        let mut steps = Vec::new();
        let mut at = Some(self);
        while let Some(value) = at {
            steps.push(&value.own().step);
            at = value.parent();
        }
        let mut path = String::new();
        for step in steps.into_iter().rev() {
            push_step(&mut path, step);
        }
        path
    }

    /// The path that a key of this map has, or would have.
    pub fn child_path(self, key: &str) -> String {
        let mut path = self.path();
        push_step(&mut path, &Step::Key(key.to_owned()));
        path
    }

    /// Its place, for a diagnostic about the value.
    pub fn place(self) -> Place {
        Place { range: self.range(), path: self.path(), definition: self.definition() }
    }

    /// Its place, for a diagnostic about the key.
    pub fn key_place(self) -> Place {
        Place { range: self.key_range(), path: self.path(), definition: self.definition() }
    }

    /// The place of a key that is missing from this map: the map's own key, with the path the missing key would have.
    pub fn missing_place(self, key: &str) -> Place {
        Place { range: self.heading(), path: self.child_path(key), definition: self.definition() }
    }

    /// A short range that stands for the whole value: its key, else, for a list item or the document, its first line.
    pub fn heading(self) -> TextRange {
        let own = self.own();
        own.alias.or(own.key_range).unwrap_or_else(|| match &own.data {
            Data::Map(ids) | Data::List(ids) => {
                ids.first().map_or(own.range, |first| self.config.value(*first).key_range())
            }
            _ => own.range,
        })
    }

    /// The text that a container gets when the value stands in `environment`: text as it is, numbers in their shortest
    /// form, collections as compact JSON. `None` when the value, or a part of it, is unknown or null.
    pub fn env_text(self) -> Option<String> {
        match self.data() {
            Data::String(text) => Some(text.clone()),
            Data::Bool(value) => Some(value.to_string()),
            Data::Number(number) => Some(number_text(*number)),
            Data::List(_) | Data::Map(_) => self.json().map(|json| json.to_string()),
            Data::Null | Data::Unknown => None,
        }
    }

    /// The value as JSON; `None` when a part of it is unknown. Whole numbers are written without a fraction.
    pub fn json(self) -> Option<serde_json::Value> {
        Some(match self.data() {
            Data::Null => serde_json::Value::Null,
            Data::Bool(value) => (*value).into(),
            Data::Number(number) => json_number(*number),
            Data::String(text) => text.clone().into(),
            Data::List(_) => self.items().map(Value::json).collect::<Option<Vec<_>>>()?.into(),
            Data::Map(_) => {
                let entries = self.entries().map(|(key, value)| Some((key.to_owned(), value.json()?)));
                serde_json::Value::Object(entries.collect::<Option<_>>()?)
            }
            Data::Unknown => return None,
        })
    }
}

impl From<Value<'_>> for Place {
    fn from(value: Value<'_>) -> Self {
        value.place()
    }
}

/// A number as JavaScript prints it.
pub fn number_text(number: f64) -> String {
    ryu_js::Buffer::new().format(number).to_owned()
}

fn json_number(number: f64) -> serde_json::Value {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if number.fract() == 0.0 && number.abs() <= EXACT {
        (number as i64).into()
    } else {
        serde_json::Number::from_f64(number).map_or(serde_json::Value::Null, serde_json::Value::Number)
    }
}

fn push_step(path: &mut String, step: &Step) {
    match step {
        Step::Root => {}
        Step::Index(index) => {
            path.push_str(&format!("[{index}]"));
        }
        Step::Key(key) => {
            if !path.is_empty() {
                path.push('.');
            }
            push_key(path, key);
        }
    }
}

/// Writes a key as a path shows it.
fn push_key(path: &mut String, key: &str) {
    let quoted = key.is_empty() || key.contains(['.', '"', '\'', '[', ']']) || key.contains(char::is_whitespace);
    if quoted {
        path.push_str(&serde_json::Value::from(key).to_string());
    } else {
        path.push_str(key);
    }
}

/// The path of a route of keys from the root, as [`Value::path`] writes it.
pub fn key_path(keys: &[&str]) -> String {
    let mut path = String::new();
    for key in keys {
        push_step(&mut path, &Step::Key((*key).to_owned()));
    }
    path
}

/// The path of a node in the tree, as [`Value::path`] writes it. For what no value stands for: a second key of the same name,
/// a scalar behind a tag.
pub fn tree_path(document: &Document, node: NodeId) -> String {
    let tree = document.tree();
    let mut steps = Vec::new();
    let mut at = node;
    while let Some(parent) = tree.node(at).parent {
        if let Some(entry) = tree.entry_of(at) {
            steps.push(Step::Key(tree.scalar_text(entry.key).unwrap_or_default().to_owned()));
        } else if let Some(index) = tree.items(parent).iter().position(|item| *item == at) {
            steps.push(Step::Index(index as u32));
        }
        at = parent;
    }
    let mut path = String::new();
    steps.iter().rev().for_each(|step| push_step(&mut path, step));
    path
}
