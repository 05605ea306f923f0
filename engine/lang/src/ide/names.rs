//! What names what: anchors and aliases, keys and the variables that read them, parameters, environment variables, files.
//!
//! One list of mentions serves definition, references, highlights and renaming.

use std::collections::HashMap;

use crate::rules::RuleContext;
use crate::text::{TextRange, TextSize};
use crate::variables::references;
use crate::yaml::{NodeId, NodeKind};

/// What is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    /// The value that an anchor is on.
    Anchor(NodeId),
    /// A key of the file, by the keys from the top.
    Key(Vec<String>),
    /// A parameter.
    Param(String),
    /// A variable of the environment.
    Env(String),
    /// A file or folder of the project.
    File(String),
}

/// A place that names something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mention {
    /// The name, without marks around it.
    pub(super) range: TextRange,
    /// What it names.
    pub(super) subject: Subject,
    /// Whether this is what the others lead to.
    pub(super) defines: bool,
}

/// Every mention of the document, keys that nothing reads left out.
pub(super) fn mentions(ctx: &RuleContext<'_>) -> Vec<Mention> {
    let mut all = variables(ctx);
    all.extend(anchors(ctx));
    all.extend(params(ctx));
    all.extend(sources(ctx));
    let keys: Vec<Mention> = all.iter().filter_map(|mention| defined_key(ctx, &mention.subject)).collect();
    all.extend(keys);
    all.sort_by_key(|mention| (mention.range.start(), mention.range.end()));
    all.dedup();
    all
}

/// What stands at `offset`: a mention, else a key with its path.
pub(super) fn at(ctx: &RuleContext<'_>, all: &[Mention], offset: TextSize) -> Option<Mention> {
    let here = |mention: &&Mention| mention.range.contains_inclusive(offset);
    let found = all.iter().filter(here).min_by_key(|mention| mention.range.len()).cloned();
    found.or_else(|| {
        let tree = ctx.tree();
        let id = tree.node_at(offset)?;
        let is_key = tree.entry_of(id).is_some_and(|entry| entry.key == id);
        let subject = Subject::Key(route(ctx, id)?);
        is_key.then(|| Mention { range: inner(ctx, id), subject, defines: true })
    })
}

/// Those of the mentions that name a subject; for a key also what leads to something below it.
pub(super) fn of<'m>(all: &'m [Mention], subject: &Subject) -> impl Iterator<Item = &'m Mention> {
    all.iter().filter(move |mention| match (&mention.subject, subject) {
        (Subject::Key(own), Subject::Key(wanted)) if !mention.defines => own.starts_with(wanted),
        (own, wanted) => own == wanted,
    })
}

/// The keys from the top to a node, of a key its own included; `None` inside a list.
fn route(ctx: &RuleContext<'_>, id: NodeId) -> Option<Vec<String>> {
    let tree = ctx.tree();
    let mut route = Vec::new();
    let mut at = id;
    while let Some(parent) = tree.node(at).parent {
        route.push(tree.key_text(tree.entry_of(at)?.key)?.into_owned());
        at = parent;
    }
    route.reverse();
    Some(route)
}

/// A scalar without its quotes.
pub(super) fn inner(ctx: &RuleContext<'_>, id: NodeId) -> TextRange {
    let length = ctx.tree().scalar_text(id).map_or(0, str::len);
    ctx.tree().scalar_part(ctx.source(), id, 0..length)
}

fn variables(ctx: &RuleContext<'_>) -> Vec<Mention> {
    let mut mentions = Vec::new();
    for variable in references(ctx.document, ctx.config.variables()) {
        let text = ctx.source().slice(variable.range);
        let part = |name: &str| {
            let at = text.rfind(name)?;
            Some(TextRange::at(variable.range.start() + TextSize::new(at as u32), TextSize::of(name)))
        };
        let (subject, name) = match (variable.provider, variable.key, variable.params) {
            ("self", Some(key), _) => (Subject::Key(key.split('.').map(str::to_owned).collect()), key),
            ("env", Some(key), _) => (Subject::Env(key.to_owned()), key),
            ("param", Some(key), _) => (Subject::Param(key.to_owned()), key),
            ("file", _, Some(path)) => (Subject::File(path.to_owned()), path),
            _ => continue,
        };
        if !name.is_empty() && !name.contains("${") {
            mentions.extend(part(name).map(|range| Mention { range, subject, defines: false }));
        }
    }
    mentions
}

fn anchors(ctx: &RuleContext<'_>) -> Vec<Mention> {
    let mark = TextSize::new(1);
    let name = |range: TextRange| TextRange::new(range.start() + mark, range.end());
    let mut mentions = Vec::new();
    for (id, node) in ctx.tree().nodes() {
        if let Some(anchor) = &node.anchor {
            mentions.push(Mention { range: name(anchor.range), subject: Subject::Anchor(id), defines: true });
        }
        if let NodeKind::Alias { target: Some(target), .. } = &node.kind {
            mentions.push(Mention { range: name(node.range), subject: Subject::Anchor(*target), defines: false });
        }
    }
    mentions
}

fn params(ctx: &RuleContext<'_>) -> Vec<Mention> {
    let stages = ctx.get(&["stages"]).into_iter().flat_map(|stages| stages.entries());
    let params = stages.filter_map(|(_, stage)| stage.get("params")).flat_map(|params| params.entries());
    let keys = params.filter_map(|(name, value)| {
        let key = ctx.tree().entry_of(value.node())?.key;
        Some(Mention { range: inner(ctx, key), subject: Subject::Param(name.to_owned()), defines: true })
    });
    keys.collect()
}

fn sources(ctx: &RuleContext<'_>) -> Vec<Mention> {
    let values = ctx.containers().filter_map(|container| container.get(&["src"]));
    let written = values.filter(|value| value.is_written_here() && value.as_str().is_some_and(|path| !path.is_empty()));
    let mention = written.map(|value| Mention {
        range: inner(ctx, value.node()),
        subject: Subject::File(value.as_str().unwrap_or_default().to_owned()),
        defines: false,
    });
    mention.collect()
}

/// The key that a variable reads.
fn defined_key(ctx: &RuleContext<'_>, subject: &Subject) -> Option<Mention> {
    let Subject::Key(route) = subject else { return None };
    let (tree, mut at) = (ctx.tree(), ctx.tree().root()?);
    let mut key = None;
    for name in route {
        let entry =
            tree.entries(at).iter().find(|entry| tree.key_text(entry.key).is_some_and(|text| *text == **name))?;
        (key, at) = (Some(entry.key), entry.value);
    }
    Some(Mention { range: inner(ctx, key?), subject: subject.clone(), defines: true })
}

/// Where a file defines names of the environment: `NAME=` at the start of a line.
pub(super) fn assignments(text: &str) -> HashMap<&str, TextRange> {
    let mut found = HashMap::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim_start();
        let name = trimmed.strip_prefix("export ").unwrap_or(trimmed).trim_start();
        let start = at + line.len() - name.len();
        let name = name.split(['=', ':']).next().unwrap_or_default().trim_end();
        if !name.is_empty() && !name.starts_with('#') && line.contains(['=', ':']) {
            found.insert(name, TextRange::at(TextSize::new(start as u32), TextSize::of(name)));
        }
        at += line.len();
    }
    found
}
