//! The resolvers and the parameters that a document names under `stages`, read without resolving a variable.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::budget::Budget;
use super::entries::{Field, entries, follow};
use super::providers::{Provider, Service, provider_named};
use crate::yaml::{Document, NodeId, NodeKind};

/// The stage whose parameters and resolvers count for all.
pub const DEFAULT_STAGE_KEY: &str = "default";

/// Where a parameter of a stage is looked for, in this order. Two of the places are where the original tool's other formats
/// keep parameters: the file is wrong then, which is reported once and not at every use.
pub(crate) fn parameter_paths<'a>(stage: &'a str, name: &'a str) -> [Vec<&'a str>; 4] {
    [
        vec!["stages", stage, "params", name],
        vec!["params", stage, name],
        vec!["stages", DEFAULT_STAGE_KEY, "params", name],
        vec!["params", DEFAULT_STAGE_KEY, name],
    ]
}

/// What stands under `stages`.
#[derive(Debug, Default)]
pub struct Stages {
    /// Resolvers of `default` and of the stage in force.
    in_force: BTreeMap<String, NamedResolver>,
    /// Names of resolvers of other stages.
    elsewhere: BTreeSet<String>,
    /// Parameters by stage, in the order of the file.
    parameters: Vec<(String, BTreeSet<String>)>,
    /// Whether a variable holds a part of it, so that there may be more than is seen.
    pub(crate) open: bool,
    /// Stages that are not in force.
    pub(crate) out_of_force: HashSet<NodeId>,
}

/// A resolver that a document names.
#[derive(Debug, Clone, Default)]
pub struct NamedResolver {
    /// The provider of its `type`; `None` when that is missing, wrong, or a variable.
    pub provider: Option<&'static Provider>,
    /// Resolvers inside it, each with the service of its `type`.
    pub nested: BTreeMap<String, Option<&'static Service>>,
}

/// Who answers to the first word of a variable.
#[derive(Debug, Clone, Copy)]
pub enum Source<'a> {
    /// A provider.
    Provider(&'static Provider),
    /// A resolver in force.
    Named(&'a NamedResolver),
    /// A resolver of another stage.
    OtherStage,
    /// Perhaps a resolver that a variable brings in.
    Unknown,
    /// Nobody: the variable stays text.
    Nobody,
}

impl Source<'_> {
    /// The provider that resolves the variable in the end, if it is known.
    pub fn provider(self) -> Option<&'static Provider> {
        match self {
            Self::Provider(provider) => Some(provider),
            Self::Named(resolver) => resolver.provider,
            Self::OtherStage | Self::Unknown | Self::Nobody => None,
        }
    }

    /// The service of a provider that a second word names.
    pub fn service(self, name: &str) -> Option<&'static Service> {
        match self {
            Self::Named(resolver) if resolver.nested.contains_key(name) => resolver.nested[name],
            _ => self.provider()?.service(name),
        }
    }
}

impl Stages {
    /// Reads what a document says.
    pub(crate) fn read(document: &Document, stage: &str, budget: &mut Budget) -> Self {
        let mut stages = Self::default();
        Reader { document, budget }.read(stage, &mut stages);
        stages
    }

    /// Who answers to a name.
    pub fn source(&self, name: &str) -> Source<'_> {
        if let Some(resolver) = self.in_force.get(name) {
            return Source::Named(resolver);
        }
        match provider_named(name) {
            Some(provider) => Source::Provider(provider),
            None if self.elsewhere.contains(name) => Source::OtherStage,
            None if self.open => Source::Unknown,
            None => Source::Nobody,
        }
    }

    /// Whether the file names a source of values of its own, or may do so.
    pub fn is_resolver(&self, name: &str) -> bool {
        matches!(self.source(name), Source::Named(_) | Source::OtherStage | Source::Unknown)
    }

    /// The names of the resolvers in force.
    pub fn resolver_names(&self) -> impl Iterator<Item = &str> {
        self.in_force.keys().map(String::as_str)
    }

    /// The stages that have a parameter of this name.
    pub fn stages_with<'a>(&'a self, parameter: &str) -> impl Iterator<Item = &'a str> {
        self.parameters.iter().filter(move |(_, names)| names.contains(parameter)).map(|(stage, _)| stage.as_str())
    }

    /// The names of all parameters of some stages.
    pub fn parameter_names<'a>(&'a self, stages: &[&str]) -> impl Iterator<Item = &'a str> {
        self.parameters
            .iter()
            .filter(move |(stage, _)| stages.contains(&stage.as_str()))
            .flat_map(|(_, names)| names.iter().map(String::as_str))
    }
}

struct Reader<'a> {
    document: &'a Document,
    budget: &'a mut Budget,
}

impl Reader<'_> {
    fn read(&mut self, in_force: &str, stages: &mut Stages) {
        let Some(root) = self.document.tree().root() else { return };
        let Some(all) = self.child(root, "stages") else { return };
        let by_stage = self.fields(all, &mut stages.open);
        for Field { key: stage, value, .. } in by_stage {
            let counts = stage == in_force || stage == DEFAULT_STAGE_KEY;
            if !counts {
                stages.out_of_force.insert(value);
            }
            for field in self.fields(value, &mut stages.open) {
                match field.key.as_str() {
                    "params" => {
                        let names = self.fields(field.value, &mut stages.open).into_iter().map(|field| field.key);
                        stages.parameters.push((stage.clone(), names.collect()));
                    }
                    "resolvers" => {
                        for Field { key, value, .. } in self.fields(field.value, &mut stages.open) {
                            let resolver = self.resolver(value);
                            if stage == in_force {
                                stages.in_force.insert(key, resolver);
                            } else if counts {
                                stages.in_force.entry(key).or_insert(resolver);
                            } else {
                                stages.elsewhere.insert(key);
                            }
                        }
                    }
                    _ => {}
                }
            }
        }
    }

    fn resolver(&mut self, node: NodeId) -> NamedResolver {
        let fields = self.fields(node, &mut false);
        let kind = fields.iter().find(|field| field.key == "type").and_then(|field| self.text(field.value));
        let provider = kind.and_then(provider_named).filter(|provider| provider.resolver.is_some());
        let mut nested = BTreeMap::new();
        for field in fields {
            if let Some(kind) = self.child(field.value, "type") {
                let service = self.text(kind).and_then(|kind| provider?.service(kind));
                nested.insert(field.key, service);
            }
        }
        NamedResolver { provider, nested }
    }

    fn child(&mut self, mapping: NodeId, key: &str) -> Option<NodeId> {
        self.fields(mapping, &mut false).into_iter().find(|field| field.key == key).map(|field| field.value)
    }

    /// The entries of a mapping; notes in `open` when a variable stands in its place.
    fn fields(&mut self, node: NodeId, open: &mut bool) -> Vec<Field> {
        let tree = self.document.tree();
        let Some((node, _)) = follow(tree, node) else { return Vec::new() };
        match &tree.node(node).kind {
            NodeKind::Mapping { .. } => entries(self.document, node, self.budget, node).fields,
            NodeKind::Scalar(scalar) => {
                *open |= scalar.text.contains("${");
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    fn text(&self, node: NodeId) -> Option<&str> {
        let tree = self.document.tree();
        follow(tree, node).and_then(|(node, _)| tree.scalar_text(node))
    }
}
