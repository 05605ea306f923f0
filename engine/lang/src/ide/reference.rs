//! What is named where: the one notion behind definition, references, highlights, renaming and links.

use std::collections::{HashMap, HashSet};

use super::described::{Content, Described};
use super::paths::{Paths, Step, written_out};
use crate::config::Value;
use crate::dockerfile::{Dockerfile, Instruction};
use crate::inputs::normalize_path;
use crate::model::{Shape, TextKind};
use crate::rules::{self, RuleContext};
use crate::text::{TextRange, TextSize};
use crate::variables::Site;
use crate::variables::grammar::{Part, Piece, Reference, Template, Variable};
use crate::variables::stages::Source;
use crate::yaml::{NodeId, NodeKind};

/// Something that has a name, or is one place.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Subject {
    /// The node behind an anchor.
    Anchor(NodeId),
    /// An entry of the document, by the node of its key.
    Entry(NodeId),
    /// A parameter: the entries of all stages that have its name.
    Parameter(String),
    /// A resolver: the entries of all stages that have its name.
    Resolver(String),
    /// A variable of the environment.
    Environment(String),
    /// A folder of the project, as a path in its shortest form.
    Folder(String),
    /// A file, or what stands in it at a path of keys.
    File {
        /// The file's path in its shortest form.
        path: String,
        /// The keys; none for the file itself.
        keys: Vec<String>,
    },
    /// A stage of a Dockerfile.
    BuildStage {
        /// The Dockerfile.
        recipe: Recipe,
        /// The stage's name in lower case: Docker takes it in any.
        name: String,
    },
}

/// A Dockerfile.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Recipe {
    /// The text of this scalar.
    Inline(NodeId),
    /// The file at this path.
    File(String),
}

/// A place in the document that concerns a subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mention {
    /// What it concerns.
    pub(super) subject: Subject,
    /// Where.
    pub(super) range: TextRange,
    /// The node that holds it; of a key that is the key itself.
    pub(super) node: NodeId,
    /// In which way.
    pub(super) role: Role,
}

/// What a place does to a subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// It gives the subject its name.
    Declaration,
    /// It names the subject.
    Use,
    /// It leads to the subject without being its name: the rest of a variable, or a merge key.
    Around,
}

/// All mentions of a document.
pub(super) struct Mentions {
    all: Vec<Mention>,
}

impl Mentions {
    /// Goes through the document.
    pub(super) fn of(ctx: &RuleContext<'_>) -> Self {
        let mut collector = Collector { ctx, paths: Paths::of(ctx), shared: HashMap::new(), all: Vec::new() };
        collector.shared();
        collector.nodes();
        collector.variables();
        collector.build_stages();
        Self { all: collector.all }
    }

    /// What is named at a place: the narrowest of what touches it. Between two words the later one is meant.
    pub(super) fn at(&self, offset: TextSize) -> Option<&Mention> {
        let touching = self.all.iter().filter(|mention| mention.range.contains_inclusive(offset));
        touching
            .min_by_key(|mention| (!mention.range.contains(offset), mention.range.len(), mention.role == Role::Around))
    }

    /// Where a subject is named, in the order of the text.
    pub(super) fn naming(&self, subject: &Subject) -> Vec<&Mention> {
        let is_wanted = |mention: &&Mention| mention.role != Role::Around && mention.subject == *subject;
        let mut found: Vec<_> = self.all.iter().filter(is_wanted).collect();
        found.sort_by_key(|mention| (mention.range.start(), mention.range.end()));
        found.dedup_by_key(|mention| mention.range);
        found
    }

    /// Whether anything names a subject but what declares it.
    pub(super) fn is_used(&self, subject: &Subject) -> bool {
        self.all.iter().any(|mention| mention.role == Role::Use && mention.subject == *subject)
    }

    /// All of them.
    pub(super) fn all(&self) -> &[Mention] {
        &self.all
    }
}

/// A part of a scalar's text and what it concerns.
type Parts = Vec<(Part, Subject, Role)>;

struct Collector<'a> {
    ctx: &'a RuleContext<'a>,
    paths: Paths<'a>,
    /// Keys that stand for something else than their own entry.
    shared: HashMap<NodeId, Subject>,
    all: Vec<Mention>,
}

impl<'a> Collector<'a> {
    /// Finds the keys that are names of parameters and of resolvers.
    fn shared(&mut self) {
        for (top, below, subject) in [
            ("stages", Some("params"), Subject::Parameter as fn(String) -> Subject),
            ("params", None, Subject::Parameter),
            ("stages", Some("resolvers"), Subject::Resolver),
        ] {
            let top = self.paths.end(&[top]).and_then(|step| self.paths.entries(step.value));
            for stage in top.iter().flat_map(|stages| stages.values()) {
                let names = match below {
                    None => Some(stage.value),
                    Some(key) => {
                        self.paths.entries(stage.value).and_then(|entries| entries.get(key).map(|step| step.value))
                    }
                };
                let names = names.and_then(|node| self.paths.entries(node));
                for (name, Step { key, .. }) in names.iter().flat_map(|names| names.iter()) {
                    self.shared.extend(key.map(|key| (key, subject(name.clone()))));
                }
            }
        }
    }

    /// What a key stands for.
    fn subject_of(&self, key: NodeId) -> Subject {
        self.shared.get(&key).cloned().unwrap_or(Subject::Entry(key))
    }

    fn push(&mut self, node: NodeId, range: TextRange, subject: Subject, role: Role) {
        if !range.is_empty() {
            self.all.push(Mention { subject, range, node, role });
        }
    }

    /// Anchors, aliases, keys and folders.
    fn nodes(&mut self) {
        let tree = self.ctx.tree();
        let mut described: Vec<Option<Described>> = vec![None; tree.nodes().count()];
        if let Some(root) = tree.root() {
            described[root.0 as usize] = Some(Described::DOCUMENT);
        }
        for (id, node) in tree.nodes() {
            if let Some(anchor) = &node.anchor {
                self.push(id, anchor.range, Subject::Anchor(id), Role::Declaration);
            }
            let shape = described[id.0 as usize].map(|described| described.shape);
            let content = shape.and_then(|shape| Content::of(tree, id, shape));
            match &node.kind {
                NodeKind::Alias { target, .. } => {
                    if let Some(target) = target {
                        self.push(id, node.range, Subject::Anchor(*target), Role::Use);
                    }
                }
                NodeKind::Mapping { entries, .. } => {
                    for entry in entries {
                        let key = tree.scalar_text(entry.key);
                        described[entry.value.0 as usize] =
                            content.zip(key).and_then(|(content, key)| content.under(key));
                        self.key(entry.key, entry.value);
                    }
                }
                NodeKind::Sequence { items, .. } => {
                    let item = content.and_then(Content::item);
                    for node in items {
                        described[node.0 as usize] = item;
                    }
                }
                NodeKind::Scalar(_) => {
                    if let Some(Shape::Text(text)) = shape
                        && text.kind == TextKind::Folder
                    {
                        self.folder(id);
                    }
                }
            }
        }
    }

    fn key(&mut self, key: NodeId, value: NodeId) {
        let tree = self.ctx.tree();
        let range = tree.node(key).range;
        if tree.scalar_text(key).is_none() {
            return;
        }
        if tree.key_text(key).is_some() {
            self.push(key, range, self.subject_of(key), Role::Declaration);
        } else if let NodeKind::Alias { target: Some(target), .. } = tree.node(value).kind {
            self.push(key, range, Subject::Anchor(target), Role::Around);
        }
    }

    fn folder(&mut self, id: NodeId) {
        let tree = self.ctx.tree();
        let value = self.ctx.config.value_at(id);
        if let Some((path, written)) = value.and_then(Value::as_str).zip(tree.scalar_text(id))
            && !path.is_empty()
        {
            let range = tree.scalar_part(self.ctx.source(), id, 0..written.len());
            self.push(id, range, Subject::Folder(normalize_path(path)), Role::Use);
        }
    }

    /// What variables name.
    fn variables(&mut self) {
        let mut pending: Option<(NodeId, Parts)> = None;
        let config = self.ctx.config;
        for site in config.variables().sites(self.ctx.document) {
            if pending.as_ref().is_none_or(|(node, _)| *node != site.node) {
                self.parts(pending.take());
            }
            let (_, parts) = pending.get_or_insert_with(|| (site.node, Vec::new()));
            let mut found = self.variable(site);
            parts.append(&mut found);
        }
        self.parts(pending);
    }

    /// Notes parts of one scalar, all at once so that its text is gone through once.
    fn parts(&mut self, parts: Option<(NodeId, Parts)>) {
        let Some((node, parts)) = parts else { return };
        let places: Vec<Part> = parts.iter().map(|(part, ..)| part.clone()).collect();
        let ranges = self.ctx.tree().scalar_parts(self.ctx.source(), node, &places);
        for ((_, subject, role), range) in parts.into_iter().zip(ranges) {
            self.push(node, range, subject, role);
        }
    }

    fn variable(&mut self, site: Site<'a>) -> Parts {
        let stages = self.ctx.config.variables().stages();
        let stays_text = |reference| matches!(stages.source(site.provider(reference)), Source::Nobody);
        let Variable { range, .. } = site.variable;
        let mut parts = Vec::new();
        // Where nobody answers to one of the alternatives, the whole variable is text.
        if site.variable.references().any(|(_, reference)| stays_text(reference)) {
            return parts;
        }
        let is_lone = site.variable.alternatives().len() == 1;
        for (alternative, reference) in site.variable.references() {
            let around = if is_lone { range } else { &alternative.range };
            self.reference(site, reference, around, &mut parts);
        }
        parts
    }

    fn reference(&mut self, site: Site<'a>, reference: &Reference, around: &Part, parts: &mut Parts) {
        let name = site.provider(reference);
        let source = self.ctx.config.variables().stages().source(name);
        if matches!(source, Source::Named(_) | Source::OtherStage) {
            parts.push((reference.provider.clone(), Subject::Resolver(name.to_owned()), Role::Use));
        }
        let Some(provider) = source.provider() else { return };
        let resolver = reference.resolver.as_ref().map(|resolver| site.part(resolver));
        if resolver.is_some_and(|resolver| resolver != provider.default_resolver) {
            return;
        }
        let before = parts.len();
        let key = reference.key.as_ref();
        match provider.name {
            "env" => parts.extend(whole(site.text, key, Subject::Environment)),
            "param" => parts.extend(whole(site.text, key, Subject::Parameter)),
            "self" => parts.extend(key.into_iter().flat_map(|key| self.own_path(site.text, key))),
            "file" => parts.extend(file(site.text, reference)),
            _ => {}
        }
        // A path that leads nowhere has no end to lead to.
        let is_complete = |part: &Part| provider.name != "self" || key.is_some_and(|key| part.end == key.range.end);
        if let Some((_, subject, _)) = parts[before..].last().filter(|(part, ..)| is_complete(part)) {
            let subject = subject.clone();
            parts.push((around.clone(), subject, Role::Around));
        }
    }

    /// The entries on the way of a path of this document.
    fn own_path(&mut self, text: &str, key: &Template) -> Parts {
        let words = path_words(text, key);
        let steps = self.paths.follow(words.iter().map(|word| &text[word.clone()]));
        let named = words.into_iter().zip(steps);
        named.filter_map(|(word, step)| Some((word, self.subject_of(step.key?), Role::Use))).collect()
    }

    /// Stages of Dockerfiles, as far as they are named here.
    fn build_stages(&mut self) {
        let ctx = self.ctx;
        for container in ctx.containers() {
            let inline = container.get(&["build", "dockerFileString"]).filter(|text| !text.is_null());
            let recipe = match (inline, container.src()) {
                (Some(text), _) => Recipe::Inline(text.node()),
                (None, Some(src)) => Recipe::File(rules::join_paths(src, "Dockerfile")),
                (None, None) => continue,
            };
            if let Some((name, range)) = rules::named_target(ctx, container) {
                let name = name.to_ascii_lowercase();
                self.push(
                    container.value.node(),
                    range,
                    Subject::BuildStage { recipe: recipe.clone(), name },
                    Role::Use,
                );
            }
            if let Some((inline, text)) =
                inline.filter(|text| text.is_written_here()).zip(inline.and_then(Value::as_str))
            {
                let named = stages_named(&Dockerfile::parse(text));
                let part = |(name, range, role): (String, TextRange, Role)| {
                    (
                        range.into(),
                        Subject::BuildStage { recipe: recipe.clone(), name: name.to_ascii_lowercase() },
                        role,
                    )
                };
                self.parts(Some((inline.node(), named.into_iter().map(part).collect())));
            }
        }
    }
}

/// Where the name of a stage stands in its `FROM`.
pub(super) fn stage_name(from: &Instruction) -> Option<TextRange> {
    let (_, part) = from.words().nth(2)?;
    Some(from.range_of(part))
}

/// Names of stages in a Dockerfile: behind `AS`, in later `FROM`s and in `--from`.
fn stages_named(file: &Dockerfile) -> Vec<(String, TextRange, Role)> {
    let mut named = Vec::new();
    let mut known: HashSet<String> = HashSet::new();
    for stage in &file.stages {
        for (position, instruction) in file.instructions_of(stage).iter().enumerate() {
            let used = match (position, instruction.words().next()) {
                (0, base) => base,
                _ => instruction.flag("from").map(|name| {
                    let start = name.as_ptr() as usize - instruction.arguments.as_ptr() as usize;
                    (name, start..start + name.len())
                }),
            };
            if let Some((name, part)) = used.filter(|(name, _)| known.contains(&name.to_ascii_lowercase())) {
                named.push((name.to_owned(), instruction.range_of(part), Role::Use));
            }
        }
        let from = file.instructions_of(stage).first();
        if let Some((name, range)) = stage.name.clone().zip(from.and_then(stage_name)) {
            named.push((name.clone(), range, Role::Declaration));
            known.insert(name.to_ascii_lowercase());
        }
    }
    named
}

/// A key without variables, as the name of something.
fn whole(text: &str, key: Option<&Template>, subject: fn(String) -> Subject) -> Option<(Part, Subject, Role)> {
    let key = key?;
    let name = written_out(text, key)?;
    Some((key.range.clone(), subject(name.to_owned()), Role::Use))
}

/// The file of a reference and the keys on the way into it. Path and keys may stand in one word with `#` between them.
fn file(text: &str, reference: &Reference) -> Parts {
    let (word, key) = match (&reference.params, &reference.key) {
        (Some(word), key) => (word, key.as_ref()),
        (None, Some(word)) => (word, None),
        (None, None) => return Vec::new(),
    };
    let Some(written) = written_out(text, word).filter(|written| !written.is_empty()) else { return Vec::new() };
    let start = word.range.start;
    let path_end = written.find('#').map_or(word.range.end, |at| start + at);
    let words = match key {
        _ if path_end < word.range.end => split(text, path_end + 1..word.range.end),
        Some(key) => path_words(text, key),
        None => Vec::new(),
    };
    let path = normalize_path(&text[start..path_end]);
    let mut keys = Vec::new();
    let mut parts = vec![(start..path_end, Subject::File { path: path.clone(), keys: keys.clone() }, Role::Use)];
    for word in words {
        keys.push(text[word.clone()].to_owned());
        parts.push((word, Subject::File { path: path.clone(), keys: keys.clone() }, Role::Use));
    }
    parts
}

/// The keys of a dotted path, up to the first that a variable has a part in.
fn path_words(text: &str, path: &Template) -> Vec<Part> {
    let Some(Piece::Text(part)) = path.pieces.first() else { return Vec::new() };
    let mut words = split(text, part.clone());
    if path.pieces.len() > 1 {
        words.pop();
    }
    words
}

fn split(text: &str, part: Part) -> Vec<Part> {
    let mut start = part.start;
    let words = text[part].split('.').map(|word| {
        let range = start..start + word.len();
        start = range.end + 1;
        range
    });
    words.collect()
}
