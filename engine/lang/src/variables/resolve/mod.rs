//! Resolving variables without asking anybody: what the document, the environment, the options and the files at hand give.
//!
//! Every value is worked out once and remembered. What cannot be known here is [`Known::Unknown`], and so is what stands for a
//! fault that has been found, so that one fault does not lead to a second finding elsewhere.

mod files;
mod lookup;
mod text;
mod walk;

use std::collections::{HashMap, HashSet};
use std::ops::Deref;
use std::rc::Rc;
use std::sync::Arc;

use super::budget::Budget;
use super::entries::follow;
use super::finding::{Finding, FindingKind};
use super::grammar::{self, Alternative, AlternativeKind, Literal, Part, Piece, Template, Variable, VariableKind};
use super::stages::Stages;
use super::{Effective, Variables};
use crate::inputs::Inputs;
use crate::yaml::{Document, NodeId, NodeKind, Resolved};
pub(crate) use files::is_data;
pub use files::is_program;
pub(crate) use walk::position;

use files::FileContent;
use lookup::{Gap, Lookup};

/// References and variables inside one another are followed this far.
const MAX_DEPTH: usize = 128;
/// More findings than anybody reads are not kept.
const MAX_FINDINGS: usize = 1000;

/// A document: the one that is analysed, or a file that it reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct DocumentId(u32);

impl DocumentId {
    /// The document that is analysed.
    pub(crate) const MAIN: Self = Self(0);
}

/// A node of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct NodeRef {
    pub(crate) document: DocumentId,
    pub(crate) node: NodeId,
}

impl NodeRef {
    /// A node of the document that is analysed.
    pub(crate) fn main(node: NodeId) -> Self {
        Self { document: DocumentId::MAIN, node }
    }
}

/// A value as far as it is known, and whether it may be shown.
#[derive(Debug, Clone)]
pub(crate) struct Outcome {
    pub(crate) value: Known,
    pub(crate) secret: bool,
}

/// A value as far as it is known.
#[derive(Debug, Clone)]
pub(crate) enum Known {
    /// Nothing is there: the next alternative counts.
    Missing,
    /// Something that is only known later.
    Unknown,
    Null,
    Bool(bool),
    Number(f64),
    Text(Rc<str>),
    /// A list that is written out in a variable.
    Json(Rc<serde_json::Value>),
    /// A map or a list of a document, whose own variables are not resolved yet.
    Collection(NodeRef),
}

impl Outcome {
    pub(crate) const UNKNOWN: Self = Self { value: Known::Unknown, secret: false };
    pub(crate) const MISSING: Self = Self { value: Known::Missing, secret: false };

    fn new(value: Known) -> Self {
        Self { value, secret: false }
    }

    fn secret(mut self, secret: bool) -> Self {
        self.secret |= secret;
        self
    }
}

/// Where in the document a finding shows.
#[derive(Debug, Clone)]
pub(crate) struct Spot {
    pub(crate) node: NodeId,
    pub(crate) part: Option<Part>,
}

/// Where a text stands that is being resolved.
#[derive(Debug, Clone)]
enum Home {
    /// It is the text of this scalar of the document.
    Scalar(NodeId),
    /// A variable at this place brought it in.
    Brought(Spot),
}

impl Home {
    /// Where a part of the text shows in the document.
    fn spot(&self, part: &Part) -> Spot {
        match self {
            Self::Scalar(node) => Spot { node: *node, part: Some(part.clone()) },
            Self::Brought(spot) => spot.clone(),
        }
    }

    fn node(&self) -> NodeId {
        match self {
            Self::Scalar(node) | Self::Brought(Spot { node, .. }) => *node,
        }
    }
}

/// A text that is resolved once: those that may lead back to themselves.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Origin {
    Node(NodeRef),
    Environment(String),
    Option(String),
    Parameter(String),
    File(String),
}

enum Memory {
    /// It is being worked out, further up on the stack.
    Active,
    Done(Outcome),
}

/// A text on the stack, with the reference in it that is being followed.
struct Frame {
    origin: Origin,
    reference: Option<(String, Spot)>,
}

/// Resolves the variables of one document.
pub(crate) struct Evaluator<'a> {
    document: &'a Document,
    inputs: &'a Inputs<'a>,
    /// What has been found out, handed over in the end.
    pub(crate) variables: Variables,
    pub(crate) budget: Budget,
    /// Files that hold data; [`DocumentId`] counts them from 1.
    documents: Vec<Rc<Document>>,
    files: HashMap<String, FileContent>,
    memory: HashMap<Origin, Memory>,
    /// The texts that lead to the one being resolved.
    stack: Vec<Frame>,
    depth: usize,
    /// Whether an alternative is looked at that cannot count, because one before it has a value.
    idle: bool,
    /// The values of mappings by key, for those that paths lead through.
    fields: HashMap<NodeRef, Rc<HashMap<String, NodeId>>>,
    /// Texts that are part of a cycle that has been reported.
    cyclic: HashSet<Origin>,
    /// Scalars that bring in what they stand in, as far as they have been reported.
    endless: HashSet<NodeId>,
}

/// What a variable gives, and what keeps it from giving more.
struct Attempt {
    outcome: Outcome,
    /// Alternatives without a value, by their position.
    gaps: Vec<(usize, Option<Gap>)>,
}

/// A document, borrowed or shared, so that the evaluator can be changed while one is read.
enum Handle<'a> {
    Main(&'a Document),
    File(Rc<Document>),
}

impl Deref for Handle<'_> {
    type Target = Document;

    fn deref(&self) -> &Document {
        match self {
            Self::Main(document) => document,
            Self::File(document) => document,
        }
    }
}

impl<'a> Evaluator<'a> {
    pub(crate) fn new(document: &'a Document, inputs: &'a Inputs<'a>) -> Self {
        let mut budget = Budget::new(document.tree().nodes().count(), document.source().text().len());
        let stages = Stages::read(document, &inputs.stage, &mut budget);
        Self {
            document,
            inputs,
            variables: Variables::read(document, inputs.kind, stages),
            budget,
            documents: Vec::new(),
            files: HashMap::new(),
            memory: HashMap::new(),
            stack: Vec::new(),
            depth: 0,
            idle: false,
            fields: HashMap::new(),
            cyclic: HashSet::new(),
            endless: HashSet::new(),
        }
    }

    /// What has been found out.
    pub(crate) fn finish(mut self) -> Variables {
        if let Some(node) = self.budget.exhausted_at() {
            self.find(FindingKind::Expansion, Spot { node, part: None }, None);
        }
        self.variables
    }

    /// A document.
    pub(crate) fn document(&self, id: DocumentId) -> impl Deref<Target = Document> + use<'a> {
        self.handle(id)
    }

    /// Notes a finding.
    pub(crate) fn find(&mut self, kind: FindingKind, spot: Spot, replacement: Option<String>) {
        let grave = matches!(kind, FindingKind::Cycle { .. } | FindingKind::TooDeep | FindingKind::Expansion);
        if grave || !self.idle && self.variables.findings.len() < MAX_FINDINGS {
            self.variables.findings.push(Finding { kind, node: spot.node, part: spot.part, replacement });
        }
    }

    /// What a node means. `brought` is the place of the variable that brought the node in, if one did.
    pub(crate) fn node(&mut self, at: NodeRef, brought: Option<&Spot>) -> Outcome {
        let document = self.handle(at.document);
        let tree = document.tree();
        let Some((node, _)) = follow(tree, at.node) else { return Outcome::UNKNOWN };
        let at = NodeRef { node, ..at };
        let NodeKind::Scalar(scalar) = &tree.node(node).kind else { return Outcome::new(Known::Collection(at)) };
        if tree.function(node).is_some() {
            return Outcome::new(Known::Collection(at));
        }
        match tree.resolved(node) {
            Resolved::Null => Outcome::new(Known::Null),
            Resolved::Bool(value) => Outcome::new(Known::Bool(value)),
            Resolved::Number(number) => Outcome::new(Known::Number(number)),
            Resolved::Text => self.scalar(at, &scalar.text, brought),
        }
    }

    /// What the text of a scalar means.
    pub(crate) fn scalar(&mut self, at: NodeRef, text: &str, brought: Option<&Spot>) -> Outcome {
        let home = match (at.document, brought) {
            (DocumentId::MAIN, _) => Home::Scalar(at.node),
            (_, Some(spot)) => Home::Brought(spot.clone()),
            (_, None) => return Outcome::UNKNOWN,
        };
        if at.document == DocumentId::MAIN && self.is_of_other_stage(at.node) && text.contains("${") {
            return Outcome::UNKNOWN;
        }
        self.once(Origin::Node(at), home.node(), |this| match this.variables.templates.get(&at.node) {
            Some(template) if at.document == DocumentId::MAIN => {
                let template = Arc::clone(template);
                this.template(text, &template, &home)
            }
            _ => this.brought_text(text, &home),
        })
    }

    /// Works a text out, or remembers what came of it the first time.
    fn once(&mut self, origin: Origin, at: NodeId, work: impl FnOnce(&mut Self) -> Outcome) -> Outcome {
        match self.memory.get(&origin) {
            Some(Memory::Done(outcome)) => return outcome.clone(),
            Some(Memory::Active) => {
                self.cycle(&origin);
                return Outcome::UNKNOWN;
            }
            None => {}
        }
        if self.depth == MAX_DEPTH {
            self.too_deep(Spot { node: at, part: None });
            return Outcome::UNKNOWN;
        }
        self.memory.insert(origin.clone(), Memory::Active);
        self.stack.push(Frame { origin: origin.clone(), reference: None });
        self.depth += 1;
        // Whether the way here counts or not, this text is only looked at once.
        let idle = std::mem::take(&mut self.idle);
        let outcome = work(self);
        self.idle = idle;
        self.depth -= 1;
        self.stack.pop();
        self.memory.insert(origin, Memory::Done(outcome.clone()));
        outcome
    }

    fn too_deep(&mut self, spot: Spot) {
        // One way that leads too far is met again from every text along it.
        if !self.variables.findings.iter().any(|finding| finding.kind == FindingKind::TooDeep) {
            self.find(FindingKind::TooDeep, spot, None);
        }
    }

    /// Reports the cycle that `origin`, which is on the stack, closes.
    fn cycle(&mut self, origin: &Origin) {
        let Some(start) = self.stack.iter().position(|frame| frame.origin == *origin) else { return };
        let frames = &self.stack[start..];
        if frames.iter().any(|frame| self.cyclic.contains(&frame.origin)) {
            return;
        }
        let followed: Vec<_> = frames.iter().filter_map(|frame| frame.reference.clone()).collect();
        self.cyclic.extend(frames.iter().map(|frame| frame.origin.clone()));
        let Some((_, spot)) = followed.first().cloned() else { return };
        let references = followed.into_iter().map(|(reference, _)| reference).collect();
        self.find(FindingKind::Cycle { references }, spot, None);
    }

    /// Reports a variable that brings in a collection which holds the variable itself.
    pub(crate) fn endless(&mut self, text: &str, spot: Spot) {
        if self.endless.insert(spot.node) {
            self.find(FindingKind::Cycle { references: vec![text.to_owned()] }, spot, None);
        }
    }

    /// A text that a variable brought in, which is looked through for variables again.
    fn brought_text(&mut self, text: &str, home: &Home) -> Outcome {
        if text.contains("${") {
            let template = grammar::parse(text);
            let home = Home::Brought(home.spot(&template.range));
            self.template(text, &template, &home)
        } else {
            Outcome::new(Known::Text(text.into()))
        }
    }

    fn template(&mut self, text: &str, template: &Template, home: &Home) -> Outcome {
        match template.whole() {
            Some(variable) => self.variable(text, variable, home),
            None => match self.joined(text, template, home) {
                (Some(joined), secret) => Outcome { value: Known::Text(joined.into()), secret },
                (None, secret) => Outcome { value: Known::Unknown, secret },
            },
        }
    }

    /// A template as text, and whether a part of it is secret; `None` when a part is unknown.
    fn joined(&mut self, text: &str, template: &Template, home: &Home) -> (Option<String>, bool) {
        let mut joined = Some(String::new());
        let mut secret = false;
        for piece in &template.pieces {
            let range = match piece {
                Piece::Variable(variable) if variable.is_lookup() => {
                    let outcome = self.variable(text, variable, home);
                    secret |= outcome.secret;
                    let spot = home.spot(&variable.range);
                    joined = joined.and_then(|joined| self.append(joined, &outcome.value, &spot));
                    continue;
                }
                Piece::Variable(variable) => &variable.range,
                Piece::Text(range) => range,
            };
            if let Some(joined) = &mut joined {
                joined.push_str(&text[range.clone()]);
            }
        }
        (joined, secret)
    }

    /// What a variable gives; reports when it gives nothing.
    fn variable(&mut self, text: &str, variable: &Variable, home: &Home) -> Outcome {
        let attempt = self.attempt(text, variable, home);
        self.report_gaps(variable, &attempt, home);
        match attempt.outcome.value {
            Known::Missing => Outcome { value: Known::Unknown, ..attempt.outcome },
            _ => attempt.outcome,
        }
    }

    fn attempt(&mut self, text: &str, variable: &Variable, home: &Home) -> Attempt {
        let mut attempt = Attempt { outcome: Outcome::MISSING, gaps: Vec::new() };
        let VariableKind::Lookup(alternatives) = &variable.kind else {
            attempt.outcome = Outcome::UNKNOWN;
            return attempt;
        };
        if self.depth == MAX_DEPTH {
            self.too_deep(home.spot(&variable.range));
            attempt.outcome = Outcome::UNKNOWN;
            return attempt;
        }
        self.depth += 1;
        let idle = self.idle;
        // All alternatives are looked at, also behind one that has a value: a cycle is one in any of them.
        for (position, alternative) in alternatives.iter().enumerate() {
            let (outcome, gap) = self.alternative(text, alternative, home);
            if let Home::Scalar(node) = home {
                let effective = self.effective(&outcome);
                self.variables.outcomes.insert((*node, alternative.range.start), effective);
            }
            if matches!(outcome.value, Known::Missing) {
                attempt.gaps.push((position, gap));
            } else if matches!(attempt.outcome.value, Known::Missing) {
                attempt.outcome = outcome;
                self.idle = true;
            }
        }
        self.idle = idle;
        self.depth -= 1;
        if self.stays_text(text, variable) {
            attempt.outcome = Outcome::UNKNOWN;
        }
        attempt
    }

    /// What one alternative gives, and why it gives nothing.
    fn alternative(&mut self, text: &str, alternative: &Alternative, home: &Home) -> (Outcome, Option<Gap>) {
        match &alternative.kind {
            AlternativeKind::Reference(reference) => {
                let spot = home.spot(&alternative.range);
                if let Some(frame) = self.stack.last_mut() {
                    frame.reference = Some((text[alternative.range.clone()].to_owned(), spot));
                }
                self.reference(&Lookup { text, alternative, reference, home })
            }
            AlternativeKind::Nested(variable) => {
                let Attempt { outcome, mut gaps } = self.attempt(text, variable, home);
                (outcome, gaps.pop().and_then(|(_, gap)| gap))
            }
            AlternativeKind::Literal(literal) => (self.literal(literal, alternative, home), None),
            AlternativeKind::Bare(_) | AlternativeKind::Empty => (Outcome::UNKNOWN, None),
        }
    }

    fn literal(&mut self, literal: &Literal, alternative: &Alternative, home: &Home) -> Outcome {
        match &literal.value {
            None => Outcome::UNKNOWN,
            Some(serde_json::Value::Null) => Outcome::new(Known::Null),
            Some(serde_json::Value::Bool(value)) => Outcome::new(Known::Bool(*value)),
            Some(serde_json::Value::Number(number)) => {
                number.as_f64().map_or(Outcome::UNKNOWN, |number| Outcome::new(Known::Number(number)))
            }
            Some(serde_json::Value::String(value)) => {
                self.brought_text(value, &Home::Brought(home.spot(&alternative.range)))
            }
            Some(value) => Outcome::new(Known::Json(Rc::new(value.clone()))),
        }
    }

    /// What is worth remembering of an outcome, for hover.
    fn effective(&self, outcome: &Outcome) -> Effective {
        match &outcome.value {
            Known::Missing => Effective::Missing,
            Known::Unknown => Effective::Unknown,
            _ if outcome.secret => Effective::Secret,
            Known::Null => Effective::Value("null".to_owned()),
            Known::Bool(value) => Effective::Value(value.to_string()),
            Known::Number(number) => Effective::Value(crate::config::number_text(*number)),
            Known::Text(text) => Effective::text(text),
            Known::Json(_) => Effective::List,
            Known::Collection(at) => {
                let document = self.handle(at.document);
                match document.tree().node(at.node).kind {
                    NodeKind::Sequence { .. } => Effective::List,
                    _ => Effective::Map,
                }
            }
        }
    }

    /// Whether a scalar stands under a stage that is not in force. Its variables would be resolved for the wrong stage.
    fn is_of_other_stage(&self, node: NodeId) -> bool {
        let tree = self.document.tree();
        let others = &self.variables.stages.out_of_force;
        !others.is_empty()
            && std::iter::successors(Some(node), |node| tree.node(*node).parent).any(|node| others.contains(&node))
    }

    fn handle(&self, id: DocumentId) -> Handle<'a> {
        match id.0.checked_sub(1) {
            None => Handle::Main(self.document),
            Some(index) => Handle::File(Rc::clone(&self.documents[index as usize])),
        }
    }
}
