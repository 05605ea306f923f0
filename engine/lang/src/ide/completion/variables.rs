//! Variables (`${…}`) that are being written, also without an end.

use std::collections::BTreeSet;

use super::snippets::escaped;
use super::{Item, ItemKind, paths, range};
use crate::config::{Data, Value};
use crate::ide::cursor::WORD;
use crate::ide::shown::{MASK, lone_value};
use crate::inputs::normalize_path;
use crate::rules::RuleContext;
use crate::text::{TextRange, TextSize};
use crate::variables::grammar::{self, Template};
use crate::variables::providers::{PROVIDERS, Provider, Reach, looks_secret};
use crate::variables::references;
use crate::variables::stages::{DEFAULT_STAGE_KEY, Source};
use crate::yaml::{Document, NodeId, Tree};

/// Options of the command line that every command takes.
const OPTIONS: [(&str, &str); 3] = [
    ("stage", "The stage given with `--stage`."),
    ("region", "The region given with `--region`."),
    ("aws-profile", "The profile given with `--aws-profile`."),
];

/// What can be written in the variable at the cursor; `None` outside of variables.
pub(super) fn at(ctx: &RuleContext<'_>, offset: usize) -> Option<Vec<Item>> {
    let variable = Open::find(ctx.source().text(), offset)?;
    let part = Part::of(variable.inside)?;
    Some(match part {
        Part::Source(typed) => sources(ctx, &variable, typed),
        Part::Parameters("file", typed) => {
            let word = variable.word(typed, |next| !matches!(next, ')' | '}' | ',' | '\'' | '"'));
            let parenthesis = if word.rest.starts_with(')') { "" } else { ")" };
            let end = if parenthesis.is_empty() { "" } else { word.brace() };
            paths::files(ctx, typed, word.replaced, &format!("{parenthesis}{end}"))
        }
        Part::Parameters(..) => Vec::new(),
        Part::Key { source, resolver, parameters, typed } => keys(ctx, &variable, source, resolver, parameters, typed),
    })
}

/// A variable around the cursor that is read up to it.
struct Open<'a> {
    text: &'a str,
    offset: usize,
    /// From `${` to the cursor.
    inside: &'a str,
    /// Where the text ends that the variable may stand in: the line, or the quotes around it.
    end: usize,
}

impl<'a> Open<'a> {
    fn find(text: &'a str, offset: usize) -> Option<Self> {
        let start = text[..offset].rfind(['\n', '\r']).map_or(0, |at| at + 1);
        let line = &text[start..offset];
        let mut open = Vec::new();
        for (at, character) in line.char_indices() {
            match character {
                '$' if line[at..].starts_with("${") => open.push(at),
                '}' => {
                    open.pop();
                }
                _ => {}
            }
        }
        if line.ends_with('$') && !line.ends_with("$$") {
            open.push(line.len() - 1);
        }
        let open = open.pop()?;
        let line_end = text[offset..].find(['\n', '\r']).map_or(text.len(), |length| offset + length);
        let end = match quote_before(&line[..open]) {
            Some(quote) => text[offset..line_end].find(quote).map_or(line_end, |length| offset + length),
            None => line_end,
        };
        Some(Self { text, offset, inside: &line[open..], end })
    }

    /// The word that is typed up to the cursor, and goes on behind it as far as its characters do.
    fn word(&self, typed: &str, is_part: impl Fn(char) -> bool) -> Word<'a> {
        let behind = &self.text[self.offset..self.end];
        let ends = |next: char| next.is_whitespace() || next == '$' || !is_part(next);
        let (word, rest) = behind.split_at(behind.find(ends).unwrap_or(behind.len()));
        Word { replaced: range(self.offset - typed.len(), self.offset + word.len()), rest }
    }
}

/// A word of a variable, to be replaced.
#[derive(Clone, Copy)]
struct Word<'a> {
    replaced: TextRange,
    /// What follows it.
    rest: &'a str,
}

impl Word<'_> {
    /// The brace that closes the variable, where it is missing.
    fn brace(self) -> &'static str {
        if is_closed(self.rest) { "" } else { "}" }
    }

    /// An item that ends the variable.
    fn last(self, label: &str) -> Item {
        Item::new(ItemKind::Variable, label, self.replaced, format!("{label}{}", self.brace()))
    }

    /// An item behind which the variable goes on: with the cursor between `before` and `after`.
    fn first(self, kind: ItemKind, label: &str, before: &str, after: &str) -> Item {
        let end = format!("{after}{}", self.brace());
        let snippet = !end.is_empty();
        let new_text = if snippet { format!("{}$0{}", escaped(before), escaped(&end)) } else { before.to_owned() };
        Item { snippet, more: true, ..Item::new(kind, label, self.replaced, new_text) }
    }
}

/// Whether the brace that closes a variable is in what follows on its line.
fn is_closed(rest: &str) -> bool {
    let mut open = 0_usize;
    for (at, character) in rest.char_indices() {
        match character {
            '$' if rest[at..].starts_with("${") => open += 1,
            '}' if open == 0 => return true,
            '}' => open -= 1,
            _ => {}
        }
    }
    false
}

/// The quotes that are open at the end of a line.
fn quote_before(line: &str) -> Option<char> {
    let mut quote = None;
    let mut characters = line.char_indices();
    while let Some((at, character)) = characters.next() {
        match (quote, character) {
            (Some('"'), '\\') => {
                characters.next();
            }
            (Some(open), _) if character == open => quote = None,
            (None, '#') if line[..at].ends_with(' ') => return None,
            // Inside of a word a quote is an apostrophe.
            (None, '"' | '\'') if !line[..at].ends_with(char::is_alphanumeric) => quote = Some(character),
            _ => {}
        }
    }
    quote
}

/// The part of a variable that is being written.
#[derive(Debug, PartialEq, Eq)]
enum Part<'a> {
    /// The name of the source.
    Source(&'a str),
    /// What stands in parentheses behind the name of the source.
    Parameters(&'a str, &'a str),
    /// The key.
    Key { source: &'a str, resolver: Option<&'a str>, parameters: Option<&'a str>, typed: &'a str },
}

impl<'a> Part<'a> {
    /// Reads a variable that ends at the cursor: with a word there, and each of the ways that could follow.
    fn of(inside: &'a str) -> Option<Self> {
        let start = if inside == "$" { "${" } else { inside };
        ["}", ":x}", ")}"].into_iter().find_map(|end| {
            let probe = format!("{start}{WORD}{end}");
            let template = grammar::parse(&probe);
            let variable = template.own_variables().next()?;
            variable.references().find_map(|(_, reference)| {
                // A part that holds the word is typed from its start to the cursor.
                let typed = |part: &grammar::Part| {
                    (part.start <= start.len() && start.len() < part.end).then(|| inside.get(part.start..)).flatten()
                };
                let source = &reference.provider;
                let written = |part: &grammar::Part| inside.get(part.clone());
                let template = |template: &Option<Template>| template.as_ref().map(|template| template.range.clone());
                if let Some(typed) = typed(source) {
                    return Some(Self::Source(typed)).filter(|_| !typed.contains(['\'', '"', '[', '(']));
                }
                if inside == "$" {
                    return (source.start == 2 && source.end > 2).then_some(Self::Source(""));
                }
                if let Some(typed) = template(&reference.params).as_ref().and_then(typed) {
                    return Some(Self::Parameters(written(source)?, typed));
                }
                let typed = template(&reference.key).as_ref().and_then(typed)?;
                Some(Self::Key {
                    source: written(source)?,
                    resolver: reference.resolver.as_ref().and_then(written),
                    parameters: template(&reference.params).as_ref().and_then(written),
                    typed,
                })
            })
        })
    }
}

fn sources(ctx: &RuleContext<'_>, variable: &Open<'_>, typed: &str) -> Vec<Item> {
    let is_name = |next: char| next.is_alphanumeric() || matches!(next, '-' | '_');
    let word = variable.word(typed, is_name);
    let lead = if variable.inside == "$" { "{" } else { "" };
    let mut items = Vec::new();
    let mut add = |name: &str, parentheses: bool, detail: &str, documentation: String, deprecated: bool| {
        let (behind, after) = match (word.rest.chars().next(), parentheses) {
            (Some(':' | '('), _) => ("", ""),
            (_, true) => ("(", ")"),
            (_, false) => (":", ""),
        };
        let before = format!("{lead}{name}{behind}");
        let item = word.first(ItemKind::Source, name, &before, after);
        items.push(Item { deprecated, ..item.detail(detail).documentation(documentation) });
    };
    let named = ctx.config.variables().stages();
    for name in named.resolver_names() {
        let provider = named.source(name).provider();
        let doc = provider.map(|provider| provider.doc.to_owned()).unwrap_or_default();
        add(name, false, "a resolver of the stage", doc, false);
    }
    let mut providers: Vec<&Provider> =
        PROVIDERS.iter().filter(|provider| provider.reach != Reach::Unsupported).collect();
    providers.sort_by_key(|provider| provider.replaced_by.is_some());
    for provider in providers {
        let forms: String = provider.forms.iter().map(|(form, gives)| format!("\n- `{form}`: {gives}")).collect();
        let detail = match (provider.replaced_by, provider.reach) {
            (Some(newer), _) => format!("older spelling of `{newer}`"),
            (None, Reach::Document) => String::new(),
            (None, Reach::Machine) => "read from the repository".to_owned(),
            (None, _) => "known when the project is deployed".to_owned(),
        };
        let parentheses = provider.forms.iter().all(|(form, _)| form[2..].starts_with(&format!("{}(", provider.name)));
        let documentation = format!("{}\n{forms}", provider.doc);
        add(provider.name, parentheses, &detail, documentation, provider.replaced_by.is_some());
    }
    items
}

fn keys(
    ctx: &RuleContext<'_>,
    variable: &Open<'_>,
    source: &str,
    resolver: Option<&str>,
    parameters: Option<&str>,
    typed: &str,
) -> Vec<Item> {
    let answers = ctx.config.variables().stages().source(source);
    let Some(provider) = answers.provider() else { return Vec::new() };
    let is_key = |next: char| !matches!(next, '}' | ',' | '\'' | '"' | ')');
    let word = variable.word(typed, is_key);
    let key = |name: &str| word.last(name);
    match (provider.name, resolver) {
        ("env", _) => environment(ctx, provider, key),
        ("param", _) => parameters_of(ctx, key),
        ("self", _) => {
            let root = ctx.root();
            let here = TextSize::new(variable.offset as u32);
            steps(variable, typed, |route| Some(children(value_at(root?, route)?, here)))
        }
        ("file", _) => {
            let Some(document) =
                parameters.and_then(|path| ctx.files()?.read(&normalize_path(path))).map(Document::new)
            else {
                return Vec::new();
            };
            steps(variable, typed, |route| Some(nodes(document.tree(), node_at(document.tree(), route)?)))
        }
        ("opt", _) => {
            let known = OPTIONS.iter().map(|(name, doc)| key(name).documentation(*doc));
            let others = ctx.inputs.options.keys().filter(|name| OPTIONS.iter().all(|(known, _)| known != name));
            known.chain(others.map(|name| key(name).detail("given on the command line"))).collect()
        }
        (_, None) => {
            let listed = provider.keys.iter().chain(provider.facts);
            let keys = listed.map(|(name, doc)| key(name).documentation(*doc));
            let services = provider.services.iter().map(|service| {
                let before = format!("{}:", service.name);
                let item = word.first(ItemKind::Source, service.name, &before, "");
                item.documentation(service.doc)
            });
            let nested = match answers {
                Source::Named(resolver) => resolver.nested.keys().collect::<Vec<_>>(),
                _ => Vec::new(),
            };
            let nested = nested.into_iter().map(|name| {
                let item = word.first(ItemKind::Source, name, &format!("{name}:"), "");
                item.detail("a resolver of the stage")
            });
            nested.chain(keys).chain(services).collect()
        }
        _ => Vec::new(),
    }
}

/// Names of environment variables: those that the document names elsewhere first. Their values are never shown.
fn environment(ctx: &RuleContext<'_>, provider: &Provider, key: impl Fn(&str) -> Item) -> Vec<Item> {
    let uses = references(ctx.document, ctx.config.variables());
    let named: BTreeSet<&str> = uses
        .iter()
        .filter(|reference| reference.provider == provider.name)
        .filter_map(|reference| reference.key)
        .filter(|name| !name.contains('$') && !name.contains(WORD))
        .collect();
    let set = ctx.inputs.env.as_ref();
    let is_set = |name: &str| set.is_some_and(|set| set.contains_key(name));
    let mentioned = named.iter().map(|name| {
        let detail = if set.is_none() || is_set(name) { "named in this file" } else { "named in this file, not set" };
        key(name).detail(detail)
    });
    let others = set.into_iter().flatten().map(|(name, _)| name.as_str()).filter(|name| !named.contains(name));
    let others = others.map(|name| key(name).detail(if looks_secret(name) { "set, secret" } else { "set" }));
    mentioned.chain(others).collect()
}

/// Parameters: those of the command line, of the stage in force and of all stages first.
fn parameters_of(ctx: &RuleContext<'_>, key: impl Fn(&str) -> Item) -> Vec<Item> {
    let mut seen = BTreeSet::new();
    let given = ctx.inputs.params.keys().map(|name| (name.as_str(), "given on the command line".to_owned(), None));
    let stages: Vec<(&str, Value<'_>)> = ctx.get(&["stages"]).into_iter().flat_map(Value::entries).collect();
    let mut ranked: Vec<&(&str, Value<'_>)> = stages.iter().collect();
    ranked.sort_by_key(|(stage, _)| match *stage {
        stage if stage == ctx.stage() => 0,
        DEFAULT_STAGE_KEY => 1,
        _ => 2,
    });
    let written = ranked.into_iter().flat_map(|(stage, value)| {
        let params = value.get("params").into_iter().flat_map(Value::entries);
        params.map(move |(name, value)| (name, format!("of the stage `{stage}`"), Some(value)))
    });
    let all: Vec<_> = given.chain(written).collect();
    let first = all.into_iter().filter(|(name, ..)| seen.insert(*name));
    first
        .map(|(name, detail, value)| {
            let documentation = value.and_then(|value| shown(name, value)).map(|text| format!("`{text}`"));
            key(name).detail(detail).documentation(documentation.unwrap_or_default())
        })
        .collect()
}

/// A name on a path, what it leads to in words, and whether the path goes on there.
struct Step {
    name: String,
    detail: String,
    goes_on: bool,
}

/// The next steps of a path of keys joined by dots.
fn steps(variable: &Open<'_>, typed: &str, at: impl Fn(&[&str]) -> Option<Vec<Step>>) -> Vec<Item> {
    let (route, last) = typed.rsplit_once('.').map_or((None, typed), |(route, last)| (Some(route), last));
    let route: Vec<&str> = route.into_iter().flat_map(|route| route.split('.')).collect();
    let word = variable.word(last, |next| !matches!(next, '}' | ',' | '\'' | '"' | ')' | '.'));
    let steps = at(&route).unwrap_or_default().into_iter();
    let usable =
        steps.filter(|step| !step.name.is_empty() && !step.name.contains(['.', '}', '$', ',', ':', '\'', '"', ' ']));
    let items = usable.map(|step| {
        let item = if step.goes_on {
            word.first(ItemKind::Variable, &step.name, &step.name, "")
        } else if word.rest.starts_with('.') {
            Item::new(ItemKind::Variable, step.name.as_str(), word.replaced, step.name.as_str())
        } else {
            word.last(&step.name)
        };
        item.detail(step.detail)
    });
    items.collect()
}

fn value_at<'a>(root: Value<'a>, route: &[&str]) -> Option<Value<'a>> {
    route.iter().try_fold(root, |value, step| match value.data() {
        Data::List(_) => value.items().nth(step.parse().ok()?),
        _ => value.get(step),
    })
}

/// What lies below a value. The lone value that the variable itself stands in is left out.
fn children(value: Value<'_>, here: TextSize) -> Vec<Step> {
    let step = |name: String, value: Value<'_>| {
        let (detail, goes_on) = match value.data() {
            Data::Map(_) => ("a map".to_owned(), true),
            Data::List(_) => ("a list".to_owned(), true),
            Data::Unknown => ("known when the project is deployed".to_owned(), false),
            _ => (shown(&name, value).unwrap_or_default(), false),
        };
        Step { name, detail, goes_on }
    };
    let is_own = |value: Value<'_>| !value.is_map() && !value.is_list() && value.range().contains_inclusive(here);
    let entries = value.entries().filter(|(_, value)| !is_own(*value));
    let entries = entries.map(|(name, value)| step(name.to_owned(), value));
    let items = value.items().enumerate().filter(|(_, value)| !is_own(*value));
    entries.chain(items.map(|(index, value)| step(index.to_string(), value))).collect()
}

/// A lone value in one line; a mask for what must not be shown.
fn shown(name: &str, value: Value<'_>) -> Option<String> {
    if looks_secret(name) { Some(MASK.to_owned()) } else { lone_value(value) }
}

fn node_at(tree: &Tree, route: &[&str]) -> Option<NodeId> {
    route.iter().try_fold(tree.root()?, |node, step| {
        let entry = tree.entries(node).iter().find(|entry| tree.scalar_text(entry.key) == Some(*step));
        entry.map(|entry| entry.value).or_else(|| tree.items(node).get(step.parse::<usize>().ok()?).copied())
    })
}

fn nodes(tree: &Tree, node: NodeId) -> Vec<Step> {
    let step = |name: String, node: NodeId| {
        let goes_on = !tree.entries(node).is_empty() || !tree.items(node).is_empty();
        Step { name, detail: String::new(), goes_on }
    };
    let entries = tree.entries(node).iter();
    let entries = entries.map(|entry| step(tree.scalar_text(entry.key).unwrap_or_default().to_owned(), entry.value));
    let items = tree.items(node).iter().enumerate().map(|(index, item)| step(index.to_string(), *item));
    entries.chain(items).collect()
}
