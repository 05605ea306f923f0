use super::{Config, Data, Step, ValueData, ValueId};
use crate::inputs::Inputs;
use crate::text::TextRange;
use crate::variables::finding::FindingKind;
use crate::variables::grammar::Template;
use crate::variables::providers::looks_secret;
use crate::variables::{DocumentId, Evaluator, Known, NodeRef, Outcome, Spot, entries, follow};
use crate::yaml::{Document, NodeId, NodeKind, Resolved};

/// Collections are nested this far; what aliases and variables nest deeper is left out.
const MAX_DEPTH: usize = 128;

/// Works out what a document means.
pub fn build(document: &Document, inputs: &Inputs<'_>) -> Config {
    let tree = document.tree();
    let mut builder = Builder {
        document,
        evaluator: Evaluator::new(document, inputs),
        values: Vec::new(),
        by_node: vec![None; tree.nodes().count()],
        open: Vec::new(),
    };
    if let Some(root) = tree.root() {
        builder.add(NodeRef::main(root), Slot { parent: None, step: Step::Root, key_range: None }, &Way::default());
    }
    Config { values: builder.values, by_node: builder.by_node, variables: builder.evaluator.finish() }
}

struct Builder<'a> {
    document: &'a Document,
    evaluator: Evaluator<'a>,
    values: Vec<ValueData>,
    by_node: Vec<Option<ValueId>>,
    /// The collections around the value that is being made, outermost first.
    open: Vec<NodeRef>,
}

/// Where a value hangs.
struct Slot {
    parent: Option<ValueId>,
    step: Step,
    key_range: Option<TextRange>,
}

/// The way on which a value came to where it is used.
#[derive(Default, Clone)]
struct Way {
    /// The alias at the place of use.
    alias: Option<TextRange>,
    /// The node that asks for a copy of what is written elsewhere.
    copied_for: Option<NodeId>,
    /// The variable that brought it.
    brought: Option<Brought>,
}

/// What a variable brought in shows as the scalar that holds the variable.
#[derive(Clone)]
struct Brought {
    spot: Spot,
    range: TextRange,
    secret: bool,
}

impl Builder<'_> {
    /// Makes the value of a node.
    fn add(&mut self, at: NodeRef, slot: Slot, way: &Way) -> ValueId {
        let document = self.evaluator.document(at.document);
        let tree = document.tree();
        let Some((node, alias)) = follow(tree, at.node) else { return self.push(at.node, slot, way) };
        let mut way = way.clone();
        if let (Some(alias), None) = (alias, &way.brought) {
            way.alias.get_or_insert(alias);
            way.copied_for.get_or_insert(at.node);
        }
        let id = self.push(node, slot, &way);
        if alias.is_none() && way.copied_for.is_none() {
            self.by_node[node.0 as usize] = Some(id);
        }
        let length = tree.scalar_text(node).map_or(0, str::len);
        if way.copied_for.is_none_or(|asker| self.evaluator.budget.spend(1, length, asker)) {
            let data = self.data(NodeRef { node, ..at }, id, &way);
            self.set(id, data);
        }
        id
    }

    /// Makes an unknown value.
    fn push(&mut self, node: NodeId, slot: Slot, way: &Way) -> ValueId {
        let id = ValueId(self.values.len() as u32);
        let (node, range) = match &way.brought {
            Some(brought) => (brought.spot.node, brought.range),
            None => (node, self.document.tree().node(node).range),
        };
        self.values.push(ValueData {
            data: Data::Unknown,
            parent: slot.parent,
            step: slot.step,
            node,
            range,
            key_range: slot.key_range.filter(|_| way.brought.is_none()),
            alias: way.alias,
            variable: way.brought.is_some(),
            secret: way.brought.as_ref().is_some_and(|brought| brought.secret),
        });
        id
    }

    fn set(&mut self, id: ValueId, data: Data) {
        let value = &mut self.values[id.0 as usize];
        let lone = !matches!(data, Data::Map(_) | Data::List(_));
        value.secret |= lone && matches!(&value.step, Step::Key(key) if looks_secret(key));
        value.data = data;
    }

    fn data(&mut self, at: NodeRef, id: ValueId, way: &Way) -> Data {
        let document = self.evaluator.document(at.document);
        let tree = document.tree();
        match tree.function(at.node) {
            Some(function) => {
                let slot = Slot { parent: Some(id), step: Step::Key(function.clone()), key_range: None };
                let child = self.push(at.node, slot, way);
                let data = match tree.scalar_text(at.node) {
                    Some(text) if function == "Fn::GetAtt" => self.attribute(text, at, child, way),
                    _ => self.content(at, child, way),
                };
                self.set(child, data);
                Data::Map(vec![child])
            }
            None => self.content(at, id, way),
        }
    }

    /// What a node means without its tag for a function.
    fn content(&mut self, at: NodeRef, id: ValueId, way: &Way) -> Data {
        let document = self.evaluator.document(at.document);
        let tree = document.tree();
        let NodeKind::Scalar(scalar) = &tree.node(at.node).kind else { return self.collection(at, id, way) };
        match tree.resolved(at.node) {
            Resolved::Null => Data::Null,
            Resolved::Bool(value) => Data::Bool(value),
            Resolved::Number(number) => Data::Number(number),
            Resolved::Text if self.holds_variable(at, &scalar.text) => self.resolved(at, &scalar.text, id, way),
            Resolved::Text => Data::String(scalar.text.clone()),
        }
    }

    /// The two parts of `!GetAtt resource.attribute`.
    fn attribute(&mut self, text: &str, at: NodeRef, id: ValueId, way: &Way) -> Data {
        let (resource, attribute) = text.split_once('.').unwrap_or((text, ""));
        let parts = [resource, attribute].into_iter().enumerate().map(|(position, part)| {
            let slot = Slot { parent: Some(id), step: Step::Index(position as u32), key_range: None };
            let child = self.push(at.node, slot, way);
            self.set(child, Data::String(part.to_owned()));
            child
        });
        Data::List(parts.collect())
    }

    fn collection(&mut self, at: NodeRef, id: ValueId, way: &Way) -> Data {
        if self.open.len() == MAX_DEPTH {
            self.evaluator.budget.exhaust(way.copied_for.unwrap_or(self.values[id.0 as usize].node));
            return Data::Unknown;
        }
        self.open.push(at);
        let document = self.evaluator.document(at.document);
        let tree = document.tree();
        let data = match &tree.node(at.node).kind {
            NodeKind::Sequence { items, .. } => {
                let items = items.iter().enumerate().map(|(position, item)| {
                    let slot = Slot { parent: Some(id), step: Step::Index(position as u32), key_range: None };
                    self.add(NodeRef { node: *item, ..at }, slot, way)
                });
                Data::List(items.collect())
            }
            NodeKind::Mapping { .. } => Data::Map(self.fields(&document, at, id, way)),
            NodeKind::Scalar(_) | NodeKind::Alias { .. } => Data::Unknown,
        };
        self.open.pop();
        data
    }

    fn fields(&mut self, document: &Document, at: NodeRef, id: ValueId, way: &Way) -> Vec<ValueId> {
        let tree = document.tree();
        let asker = way.copied_for.unwrap_or(at.node);
        let found = entries(document, at.node, &mut self.evaluator.budget, asker);
        if way.copied_for.is_none() {
            for node in found.unmergeable {
                self.evaluator.find(FindingKind::Unmergeable, Spot { node, part: None }, None);
            }
        }
        let mut ids = Vec::with_capacity(found.fields.len());
        for field in found.fields {
            let key_range = (at.document == DocumentId::MAIN).then(|| tree.node(field.key_node).range);
            let slot = Slot { parent: Some(id), step: Step::Key(field.key), key_range };
            let mut way = way.clone();
            if let (Some(alias), None) = (field.alias, &way.brought) {
                way.alias.get_or_insert(alias);
                way.copied_for.get_or_insert(at.node);
            }
            ids.push(self.add(NodeRef { node: field.value, ..at }, slot, &way));
        }
        ids
    }

    fn holds_variable(&self, at: NodeRef, text: &str) -> bool {
        match at.document {
            DocumentId::MAIN => self.evaluator.variables.template(at.node).is_some_and(Template::is_variable),
            _ => text.contains("${"),
        }
    }

    /// The value of a text with variables.
    fn resolved(&mut self, at: NodeRef, text: &str, id: ValueId, way: &Way) -> Data {
        let spot = way.brought.as_ref().map(|brought| brought.spot.clone());
        let outcome = self.evaluator.scalar(at, text, spot.as_ref());
        let value = &mut self.values[id.0 as usize];
        value.variable = true;
        value.secret |= outcome.secret;
        let spot = spot.unwrap_or(Spot { node: at.node, part: Some(0..text.len()) });
        let brought = Brought { range: value.range, secret: value.secret, spot };
        let way = Way { copied_for: Some(brought.spot.node), brought: Some(brought), ..way.clone() };
        self.outcome(outcome, text, id, &way)
    }

    fn outcome(&mut self, outcome: Outcome, text: &str, id: ValueId, way: &Way) -> Data {
        match outcome.value {
            Known::Missing | Known::Unknown => Data::Unknown,
            Known::Null => Data::Null,
            Known::Bool(value) => Data::Bool(value),
            Known::Number(number) => Data::Number(number),
            Known::Text(value) => {
                if self.afford(0, value.len(), way) {
                    Data::String(value.to_string())
                } else {
                    Data::Unknown
                }
            }
            Known::Json(value) => self.json(&value, id, way),
            Known::Collection(at) if self.open.contains(&at) => {
                if let Some(brought) = &way.brought {
                    self.evaluator.endless(text, brought.spot.clone());
                }
                Data::Unknown
            }
            Known::Collection(at) => self.data(at, id, way),
        }
    }

    /// A list that is written out in a variable.
    fn json(&mut self, value: &serde_json::Value, id: ValueId, way: &Way) -> Data {
        let mut child = |step: Step, value: &serde_json::Value| {
            let child =
                self.push(self.values[id.0 as usize].node, Slot { parent: Some(id), step, key_range: None }, way);
            if self.afford(1, 0, way) {
                let data = self.json(value, child, way);
                self.set(child, data);
            }
            child
        };
        match value {
            serde_json::Value::Null => Data::Null,
            serde_json::Value::Bool(value) => Data::Bool(*value),
            serde_json::Value::Number(number) => number.as_f64().map_or(Data::Unknown, Data::Number),
            serde_json::Value::String(value) if value.contains("${") => Data::Unknown,
            serde_json::Value::String(value) => Data::String(value.clone()),
            serde_json::Value::Array(items) => {
                Data::List(items.iter().enumerate().map(|(at, item)| child(Step::Index(at as u32), item)).collect())
            }
            serde_json::Value::Object(fields) => {
                Data::Map(fields.iter().map(|(key, value)| child(Step::Key(key.clone()), value)).collect())
            }
        }
    }

    fn afford(&mut self, values: usize, bytes: usize, way: &Way) -> bool {
        way.copied_for.is_none_or(|asker| self.evaluator.budget.spend(values, bytes, asker))
    }
}
