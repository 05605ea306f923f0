//! Variables (`${…}`): how they are written, where their values come from, what they yield.
//!
//! [`grammar`] cuts a text into pieces, [`providers`] describes the sources of values, and the evaluator resolves what can be
//! resolved without asking anybody. What it meets on the way is kept here: the rules make diagnostics of it, the editor shows it.

pub mod finding;
pub mod grammar;
pub mod providers;
pub mod stages;

mod budget;
mod entries;
mod policies;
mod resolve;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

pub(crate) use budget::Budget;
pub(crate) use entries::{entries, follow};
pub(crate) use policies::{POLICY_DEPTH, is_in_policy};
pub use resolve::is_program;
pub(crate) use resolve::{DocumentId, Evaluator, Known, NodeRef, Outcome, Spot, is_data, position};

use crate::iam::variables::is_left_alone;
use crate::inputs::DocumentKind;
use crate::text::TextRange;
use crate::yaml::{Document, NodeId, Resolved};
use finding::Finding;
use grammar::{Alternative, Reference, Template, Variable};
use stages::Stages;

/// The variables of a document.
#[derive(Debug, Default)]
pub struct Variables {
    /// Texts with something in `${…}`.
    templates: BTreeMap<NodeId, Arc<Template>>,
    /// Keys with something in `${…}`, which are never resolved.
    keys: BTreeMap<NodeId, Template>,
    stages: Stages,
    findings: Vec<Finding>,
    /// What the alternative gives that starts at this byte of the scalar's text.
    outcomes: HashMap<(NodeId, usize), Effective>,
    parameters_read: BTreeSet<String>,
}

/// What a reference gives, as far as it may be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effective {
    /// This text or value, cut where it is long.
    Value(String),
    /// A list.
    List,
    /// A map.
    Map,
    /// Nothing: the next alternative counts.
    Missing,
    /// A value that is known and must not be shown.
    Secret,
    /// Something that is only known when the project is deployed, or a fault.
    Unknown,
}

impl Effective {
    /// Text, cut where it is long.
    fn text(text: &str) -> Self {
        const LONGEST: usize = 200;
        let cut = text.floor_char_boundary(LONGEST);
        Self::Value(if cut < text.len() { format!("{}…", &text[..cut]) } else { text.to_owned() })
    }
}

/// A variable where it stands.
#[derive(Debug, Clone, Copy)]
pub struct Site<'a> {
    /// The scalar that holds it.
    pub node: NodeId,
    /// The scalar's text, to which all ranges of the variable refer.
    pub text: &'a str,
    /// The variable.
    pub variable: &'a Variable,
}

/// A reference where it stands, with what it gives.
#[derive(Debug, Clone)]
pub struct ReferenceUse<'a> {
    /// The scalar that holds it.
    pub node: NodeId,
    /// Its place in the text of the document.
    pub range: TextRange,
    /// The place of the variable around it.
    pub variable: TextRange,
    /// The name of the provider or resolver.
    pub provider: &'a str,
    /// What stands in parentheses, as written.
    pub params: Option<&'a str>,
    /// The resolver, as written.
    pub resolver: Option<&'a str>,
    /// The key, as written.
    pub key: Option<&'a str>,
    /// What it gives.
    pub effective: Effective,
}

impl Variables {
    /// Reads how the variables of a document are written. What stands in `${…}` in a policy and is not for a deployment to
    /// resolve is text here.
    fn read(document: &Document, kind: DocumentKind, stages: Stages) -> Self {
        let tree = document.tree();
        let policies = policies::nodes(document, kind);
        let is_resolver = |name: &str| stages.is_resolver(name);
        let parse = |id: &NodeId, text: &str| {
            let mut template = grammar::parse(text);
            if policies.contains(id) {
                template
                    .leave_alone(|variable| is_left_alone(text, variable.range.clone(), variable.closed, &is_resolver));
            }
            template
        };
        let is_plain =
            |id: &NodeId, template: &Template| policies.contains(id) && template.own_variables().next().is_none();
        let keys: HashSet<NodeId> = tree.nodes().flat_map(|(id, _)| tree.entries(id)).map(|entry| entry.key).collect();
        let mut variables = Self::default();
        for (id, _) in tree.nodes() {
            let Some(text) = tree.scalar_text(id).filter(|text| text.contains("${")) else { continue };
            let is_key = keys.contains(&id);
            if !is_key && tree.resolved(id) != Resolved::Text {
                continue;
            }
            let template = parse(&id, text);
            if is_plain(&id, &template) {
                continue;
            }
            if is_key {
                variables.keys.insert(id, template);
            } else {
                variables.templates.insert(id, Arc::new(template));
            }
        }
        Self { stages, ..variables }
    }

    /// How the text of a scalar is made up, if there is something in `${…}`.
    pub fn template(&self, node: NodeId) -> Option<&Template> {
        self.templates.get(&node).map(Arc::as_ref)
    }

    /// All variables in values, outer ones before those inside them.
    pub fn sites<'a>(&'a self, document: &'a Document) -> impl Iterator<Item = Site<'a>> {
        self.templates.iter().flat_map(move |(node, template)| {
            let text = document.tree().scalar_text(*node).unwrap_or_default();
            template.variables().into_iter().map(move |variable| Site { node: *node, text, variable })
        })
    }

    /// Keys with variables in them.
    pub fn keys(&self) -> impl Iterator<Item = (NodeId, &Template)> {
        self.keys.iter().map(|(node, template)| (*node, template))
    }

    /// Stages, resolvers and parameters by name.
    pub fn stages(&self) -> &Stages {
        &self.stages
    }

    /// What came to light when they were resolved.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Whether something read a parameter.
    pub fn reads_parameter(&self, name: &str) -> bool {
        self.parameters_read.contains(name)
    }

    /// What an alternative gives.
    pub fn effective(&self, node: NodeId, alternative: &Alternative) -> Effective {
        self.outcomes.get(&(node, alternative.range.start)).cloned().unwrap_or(Effective::Unknown)
    }
}

impl<'a> Site<'a> {
    /// The part of the scalar's text.
    pub fn part(self, part: &grammar::Part) -> &'a str {
        &self.text[part.clone()]
    }

    /// The name of a reference's provider.
    pub fn provider(self, reference: &Reference) -> &'a str {
        self.part(&reference.provider)
    }
}

/// All references of a document, in the order of the text.
pub fn references<'a>(document: &'a Document, variables: &'a Variables) -> Vec<ReferenceUse<'a>> {
    let range = |node, part: &grammar::Part| document.tree().scalar_part(document.source(), node, part.clone());
    let mut uses = Vec::new();
    for site in variables.sites(document) {
        for (alternative, reference) in site.variable.references() {
            uses.push(ReferenceUse {
                node: site.node,
                range: range(site.node, &alternative.range),
                variable: range(site.node, &site.variable.range),
                provider: site.provider(reference),
                params: reference.params.as_ref().map(|params| site.part(&params.range)),
                resolver: reference.resolver.as_ref().map(|resolver| site.part(resolver)),
                key: reference.key.as_ref().map(|key| site.part(&key.range)),
                effective: variables.effective(site.node, alternative),
            });
        }
    }
    uses.sort_by_key(|reference| reference.range.start());
    uses
}
