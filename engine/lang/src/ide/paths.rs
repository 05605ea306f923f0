//! Following a path of keys to where it is written: through aliases, merge keys, and variables that stand for another part
//! of the same document.

use std::collections::HashMap;
use std::rc::Rc;

use crate::rules::RuleContext;
use crate::variables::grammar::{Piece, Template};
use crate::variables::stages::parameter_paths;
use crate::variables::{Budget, Effective, entries, follow, position};
use crate::yaml::{Document, NodeId, NodeKind};

/// Variables are followed this far.
const MAX_DEPTH: usize = 32;

/// Follows paths in one document, and remembers what it meets.
pub(super) struct Paths<'a> {
    document: &'a Document,
    /// Gives variables a meaning; in files beside the document they have none here.
    ctx: Option<&'a RuleContext<'a>>,
    budget: Budget,
    /// Keys and values of mappings by what the keys are called.
    fields: HashMap<NodeId, Rc<HashMap<String, Step>>>,
    /// What stands behind variables; nothing while that is being worked out.
    behind: HashMap<NodeId, Option<NodeId>>,
    depth: usize,
}

/// Where a key of a path leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Step {
    /// The key's node; `None` for an item of a list.
    pub(super) key: Option<NodeId>,
    /// The value's node.
    pub(super) value: NodeId,
}

impl<'a> Paths<'a> {
    /// Paths in the document that is being edited.
    pub(super) fn of(ctx: &'a RuleContext<'a>) -> Self {
        Self { ctx: Some(ctx), ..Self::beside(ctx.document) }
    }

    /// Paths in a file beside it.
    pub(super) fn beside(document: &'a Document) -> Self {
        let budget = Budget::new(document.tree().nodes().count(), document.source().text().len());
        Self { document, ctx: None, budget, fields: HashMap::new(), behind: HashMap::new(), depth: 0 }
    }

    /// The steps of a path from the top of the document, as far as it leads.
    pub(super) fn follow<'k>(&mut self, keys: impl IntoIterator<Item = &'k str>) -> Vec<Step> {
        let mut steps = Vec::new();
        let mut at = self.document.tree().root();
        for key in keys {
            let Some(step) = at.and_then(|at| self.step(at, key)) else { break };
            at = Some(step.value);
            steps.push(step);
        }
        steps
    }

    /// The last step of a path that leads all the way.
    pub(super) fn end(&mut self, keys: &[&str]) -> Option<Step> {
        let steps = self.follow(keys.iter().copied());
        steps.last().copied().filter(|_| steps.len() == keys.len())
    }

    /// The entry that gives a parameter its value in the stage in force.
    pub(super) fn parameter(&mut self, stage: &str, name: &str) -> Option<Step> {
        parameter_paths(stage, name).iter().find_map(|path| self.end(path))
    }

    /// The entries of what stands at a node, if that is a mapping.
    pub(super) fn entries(&mut self, node: NodeId) -> Option<Rc<HashMap<String, Step>>> {
        let node = self.collection(node)?;
        matches!(self.document.tree().node(node).kind, NodeKind::Mapping { .. }).then(|| self.fields(node))
    }

    fn step(&mut self, at: NodeId, key: &str) -> Option<Step> {
        let at = self.collection(at)?;
        let tree = self.document.tree();
        if tree.function(at).is_some() {
            return None;
        }
        match &tree.node(at).kind {
            NodeKind::Sequence { items, .. } => {
                position(key).and_then(|at| items.get(at)).map(|item| Step { key: None, value: *item })
            }
            NodeKind::Mapping { .. } => self.fields(at).get(key).copied(),
            NodeKind::Scalar(_) | NodeKind::Alias { .. } => None,
        }
    }

    /// The node behind aliases and variables.
    fn collection(&mut self, node: NodeId) -> Option<NodeId> {
        let (node, _) = follow(self.document.tree(), node)?;
        match self.document.tree().node(node).kind {
            NodeKind::Scalar(_) => self.behind(node),
            _ => Some(node),
        }
    }

    /// What a scalar that is one variable stands for.
    fn behind(&mut self, node: NodeId) -> Option<NodeId> {
        if let Some(found) = self.behind.get(&node) {
            return *found;
        }
        if self.depth == MAX_DEPTH {
            return None;
        }
        self.behind.insert(node, None);
        self.depth += 1;
        let found = self.variable(node).and_then(|step| self.collection(step.value));
        self.depth -= 1;
        self.behind.insert(node, found);
        found
    }

    fn variable(&mut self, node: NodeId) -> Option<Step> {
        let ctx = self.ctx?;
        let variables = ctx.config.variables();
        let variable = variables.template(node)?.whole()?;
        let text = self.document.tree().scalar_text(node)?;
        let counts = |alternative| variables.effective(node, alternative) != Effective::Missing;
        let reference = variable.alternatives().iter().find(|alternative| counts(alternative))?.reference()?;
        let provider = variables.stages().source(&text[reference.provider.clone()]).provider()?;
        let key = written_out(text, reference.key.as_ref()?)?;
        match provider.name {
            _ if reference.resolver.is_some() => None,
            "self" => self.end(&key.split('.').collect::<Vec<_>>()),
            "param" => self.parameter(ctx.stage(), key),
            _ => None,
        }
    }

    fn fields(&mut self, mapping: NodeId) -> Rc<HashMap<String, Step>> {
        if let Some(fields) = self.fields.get(&mapping) {
            return Rc::clone(fields);
        }
        let found = entries(self.document, mapping, &mut self.budget, mapping).fields;
        let step = |key_node, value| Step { key: Some(key_node), value };
        let fields = found.into_iter().map(|field| (field.key, step(field.key_node, field.value))).collect();
        let fields = Rc::new(fields);
        self.fields.insert(mapping, Rc::clone(&fields));
        fields
    }
}

/// The text of a word that holds no variable.
pub(super) fn written_out<'t>(text: &'t str, word: &Template) -> Option<&'t str> {
    match word.pieces.as_slice() {
        [Piece::Text(part)] => text.get(part.clone()),
        _ => None,
    }
}
