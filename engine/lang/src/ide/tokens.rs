//! What the words of a document stand for, beyond what a grammar of YAML can tell.

use super::described::{Content, Described, Name};
use crate::ignore_comments::IgnoreComments;
use crate::model::{Map, Shape, TextKind};
use crate::rules::{self, RuleContext};
use crate::text::TextRange;
use crate::variables::grammar::{
    Alternative, AlternativeKind, Literal, Part, Piece, Reference, Template, Variable, VariableKind,
};
use crate::variables::stages::Source;
use crate::yaml::{Node, NodeId, NodeKind, Resolved};

/// A stretch of text and what it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// The stretch; never empty, and within one line.
    pub range: TextRange,
    /// What it stands for.
    pub kind: TokenKind,
    /// More about it.
    pub modifiers: Modifiers,
}

/// What a stretch of text stands for, in the words of the language server protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the protocol has the names, and the table of `ALL` says what each is used for")]
pub enum TokenKind {
    Comment,
    String,
    Number,
    Keyword,
    Operator,
    Namespace,
    Type,
    Class,
    EnumMember,
    Property,
    Variable,
    Parameter,
    Function,
    Regexp,
    Decorator,
    Macro,
}

impl TokenKind {
    /// The legend.
    pub const ALL: [Self; 16] = [
        Self::Comment,    // not used: grammars see comments
        Self::String,     // texts inside variables
        Self::Number,     // numbers, also those of schedules
        Self::Keyword,    // booleans, null, words of schedules
        Self::Operator,   // braces of variables, commas, wildcards
        Self::Namespace,  // providers, resolvers, stages, domains
        Self::Type,       // resource names, services of providers
        Self::Class,      // containers
        Self::EnumMember, // words from a list
        Self::Property,   // keys that the model knows
        Self::Variable,   // environment variables, keys of variables
        Self::Parameter,  // parameters of stages and of builds
        Self::Function,   // integrations, `rate` and `cron`
        Self::Regexp,     // path patterns
        Self::Decorator,  // anchors and aliases
        Self::Macro,      // tags, variables of other programs
    ];

    /// Its name in the protocol.
    pub fn name(self) -> &'static str {
        match self {
            Self::Comment => "comment",
            Self::String => "string",
            Self::Number => "number",
            Self::Keyword => "keyword",
            Self::Operator => "operator",
            Self::Namespace => "namespace",
            Self::Type => "type",
            Self::Class => "class",
            Self::EnumMember => "enumMember",
            Self::Property => "property",
            Self::Variable => "variable",
            Self::Parameter => "parameter",
            Self::Function => "function",
            Self::Regexp => "regexp",
            Self::Decorator => "decorator",
            Self::Macro => "macro",
        }
    }
}

/// More about a token, in the words of the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Modifier {
    /// It gives something its name.
    Declaration,
    /// It is looked up and never written.
    Readonly,
    /// It has no effect here, or has a newer spelling.
    Deprecated,
    /// It is part of the language.
    DefaultLibrary,
}

impl Modifier {
    /// The legend.
    pub const ALL: [Self; 4] = [Self::Declaration, Self::Readonly, Self::Deprecated, Self::DefaultLibrary];

    /// Its name in the protocol.
    pub fn name(self) -> &'static str {
        match self {
            Self::Declaration => "declaration",
            Self::Readonly => "readonly",
            Self::Deprecated => "deprecated",
            Self::DefaultLibrary => "defaultLibrary",
        }
    }
}

/// Several modifiers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Modifiers(u32);

impl Modifiers {
    /// One bit for each, by its position in [`Modifier::ALL`].
    pub fn bits(self) -> u32 {
        self.0
    }

    /// Whether one is among them.
    pub fn contains(self, modifier: Modifier) -> bool {
        self.0 & 1 << modifier as u32 != 0
    }

    fn with(self, modifier: Modifier) -> Self {
        Self(self.0 | 1 << modifier as u32)
    }
}

impl From<Modifier> for Modifiers {
    fn from(modifier: Modifier) -> Self {
        Self::default().with(modifier)
    }
}

/// The tokens of a document, or of the part of it that `range` touches, in the order of the text and without overlaps.
pub fn tokens(ctx: &RuleContext<'_>, range: Option<TextRange>) -> Vec<Token> {
    let count = ctx.tree().nodes().count();
    let mut collector =
        Collector { ctx, wanted: range, described: vec![None; count], is_key: vec![false; count], tokens: Vec::new() };
    if let Some(root) = ctx.tree().root() {
        collector.described[root.0 as usize] = Some(Described::DOCUMENT);
    }
    for (id, node) in ctx.tree().nodes() {
        collector.node(id, node);
    }
    collector.comments();
    let mut tokens = collector.tokens;
    tokens.sort_by_key(|token| token.range.start());
    let mut end = None;
    tokens.retain(|token| {
        let is_clear = end.is_none_or(|end| token.range.start() >= end);
        if is_clear {
            end = Some(token.range.end());
        }
        is_clear
    });
    tokens
}

struct Collector<'a> {
    ctx: &'a RuleContext<'a>,
    wanted: Option<TextRange>,
    /// What the model says of each node; parents are looked at before their children.
    described: Vec<Option<Described>>,
    is_key: Vec<bool>,
    tokens: Vec<Token>,
}

/// A part of a scalar's text and what it stands for.
type Parts = Vec<(Part, TokenKind, Modifiers)>;

impl Collector<'_> {
    fn node(&mut self, id: NodeId, node: &Node) {
        if let Some(anchor) = &node.anchor {
            self.push(anchor.range, TokenKind::Decorator, Modifier::Declaration.into());
        }
        if let Some(tag) = &node.tag {
            self.push(tag.range, TokenKind::Macro, Modifiers::default());
        }
        let described = self.described[id.0 as usize];
        match &node.kind {
            NodeKind::Alias { .. } => self.push(node.range, TokenKind::Decorator, Modifiers::default()),
            NodeKind::Mapping { entries, .. } => {
                let content = described.and_then(|described| Content::of(self.ctx.tree(), id, described.shape));
                for entry in entries {
                    self.is_key[entry.key.0 as usize] = true;
                    let Some(key) = self.ctx.tree().scalar_text(entry.key) else { continue };
                    let described = content.and_then(|content| content.under(key));
                    self.described[entry.value.0 as usize] = described;
                    self.key(entry.key, key, described);
                }
            }
            NodeKind::Sequence { items, .. } => {
                let content = described.and_then(|described| Content::of(self.ctx.tree(), id, described.shape));
                for item in items {
                    self.described[item.0 as usize] = content.and_then(Content::item);
                }
            }
            NodeKind::Scalar(scalar) => {
                if !self.is_key[id.0 as usize] && self.is_wanted(node.range) {
                    self.scalar(id, node, &scalar.text, described);
                }
            }
        }
    }

    fn key(&mut self, node: NodeId, key: &str, described: Option<Described>) {
        let range = self.ctx.tree().node(node).range;
        let (kind, modifiers) = match described.map(|described| described.name) {
            Some(Name::Property(property)) => {
                let deployment = self.ctx.deployment_type();
                let is_elsewhere = property.only.is_some_and(|only| deployment.is_some_and(|own| own != only));
                let modifiers = if is_elsewhere { Modifier::Deprecated.into() } else { Modifiers::default() };
                (TokenKind::Property, modifiers)
            }
            Some(Name::Tag(_)) => (TokenKind::Property, Modifiers::default()),
            Some(Name::Chosen(map)) => (of_chosen(map), Modifier::Declaration.into()),
            Some(Name::Document | Name::Item) | None if key == "<<" => (TokenKind::Operator, Modifiers::default()),
            Some(Name::Document | Name::Item) | None => return,
        };
        self.push(range, kind, modifiers);
    }

    fn scalar(&mut self, id: NodeId, node: &Node, text: &str, described: Option<Described>) {
        match self.ctx.tree().resolved(id) {
            Resolved::Number(_) => self.push(node.range, TokenKind::Number, Modifiers::default()),
            Resolved::Bool(_) | Resolved::Null => self.push(node.range, TokenKind::Keyword, Modifiers::default()),
            Resolved::Text => {
                let mut parts = Parts::new();
                match self.ctx.config.variables().template(id) {
                    Some(template) => self.template(text, template, described, &mut parts),
                    None => plain(text, 0..text.len(), described, &mut parts),
                }
                self.parts(id, text, &parts);
            }
        }
    }

    fn template(&self, text: &str, template: &Template, described: Option<Described>, acc: &mut Parts) {
        for piece in &template.pieces {
            match piece {
                Piece::Text(part) => plain(text, part.clone(), described, acc),
                Piece::Variable(variable) => self.variable(text, variable, acc),
            }
        }
    }

    fn variable(&self, text: &str, variable: &Variable, acc: &mut Parts) {
        let Part { start, end } = variable.range;
        if !variable.closed {
            return;
        }
        match &variable.kind {
            VariableKind::Foreign => acc.push((start..end, TokenKind::Macro, Modifiers::default())),
            VariableKind::Text | VariableKind::TooDeep => {}
            VariableKind::Lookup(alternatives) => {
                let operator = |part: Part| (part, TokenKind::Operator, Modifiers::default());
                acc.push(operator(start..start + 2));
                let mut before = None;
                for alternative in alternatives {
                    let comma = before.and_then(|before| {
                        let between = text.get(before..alternative.range.start)?;
                        between.find(',').map(|at| before + at)
                    });
                    acc.extend(comma.map(|at| operator(at..at + 1)));
                    self.alternative(text, alternative, acc);
                    before = Some(alternative.range.end);
                }
                acc.push(operator(end - 1..end));
            }
        }
    }

    fn alternative(&self, text: &str, alternative: &Alternative, acc: &mut Parts) {
        match &alternative.kind {
            AlternativeKind::Reference(reference) => self.reference(text, reference, acc),
            AlternativeKind::Nested(variable) => self.variable(text, variable, acc),
            AlternativeKind::Literal(literal) => self.literal(text, literal, &alternative.range, acc),
            AlternativeKind::Bare(nested) => nested.iter().for_each(|variable| self.variable(text, variable, acc)),
            AlternativeKind::Empty => {}
        }
    }

    fn reference(&self, text: &str, reference: &Reference, acc: &mut Parts) {
        let source = self.ctx.config.variables().stages().source(&text[reference.provider.clone()]);
        let modifiers = match source {
            Source::Provider(provider) if provider.replaced_by.is_some() => {
                Modifiers::from(Modifier::DefaultLibrary).with(Modifier::Deprecated)
            }
            Source::Provider(_) => Modifier::DefaultLibrary.into(),
            _ => Modifiers::default(),
        };
        if !matches!(source, Source::Nobody) {
            acc.push((reference.provider.clone(), TokenKind::Namespace, modifiers));
        }
        if let Some(params) = &reference.params {
            self.word(text, params, (TokenKind::String, Modifiers::default()), acc);
        }
        if let Some(resolver) = &reference.resolver {
            acc.push((resolver.clone(), TokenKind::Type, Modifiers::default()));
        }
        if let Some(key) = &reference.key {
            let kind = match source.provider().map(|provider| provider.name) {
                Some("param") => TokenKind::Parameter,
                Some("self") => TokenKind::Property,
                _ => TokenKind::Variable,
            };
            self.word(text, key, (kind, Modifier::Readonly.into()), acc);
        }
    }

    /// A key or a parameter, with the variables in it.
    fn word(&self, text: &str, word: &Template, (kind, modifiers): (TokenKind, Modifiers), acc: &mut Parts) {
        for piece in &word.pieces {
            match piece {
                Piece::Text(part) => acc.push((part.clone(), kind, modifiers)),
                Piece::Variable(variable) => self.variable(text, variable, acc),
            }
        }
    }

    fn literal(&self, text: &str, literal: &Literal, range: &Part, acc: &mut Parts) {
        let kind = match &literal.value {
            Some(serde_json::Value::Number(_)) => TokenKind::Number,
            Some(serde_json::Value::Bool(_) | serde_json::Value::Null) => TokenKind::Keyword,
            _ => TokenKind::String,
        };
        let mut at = range.start;
        for variable in &literal.nested {
            acc.push((at..variable.range.start, kind, Modifiers::default()));
            self.variable(text, variable, acc);
            at = variable.range.end;
        }
        acc.push((at..range.end, kind, Modifiers::default()));
    }

    /// Brings parts of a scalar's text to the document, as far as they stand there as they are.
    fn parts(&mut self, id: NodeId, text: &str, parts: &Parts) {
        if parts.is_empty() {
            return;
        }
        let ranges: Vec<Part> = parts.iter().map(|(part, ..)| part.clone()).collect();
        let places = self.ctx.tree().scalar_parts(self.ctx.source(), id, &ranges);
        for ((part, kind, modifiers), range) in parts.iter().zip(places) {
            if text.get(part.clone()) == Some(self.ctx.source().slice(range)) {
                self.push(range, *kind, *modifiers);
            }
        }
    }

    /// The codes in comments that silence diagnostics.
    fn comments(&mut self) {
        let ignored = IgnoreComments::of(self.ctx.document);
        let codes = ignored.comments().iter().flat_map(|comment| &comment.codes);
        for code in codes.filter(|code| rules::by_code(&code.text).is_some()) {
            self.push(code.range, TokenKind::EnumMember, Modifiers::default());
        }
    }

    fn push(&mut self, range: TextRange, kind: TokenKind, modifiers: Modifiers) {
        let spans_lines = || self.ctx.source().slice(range).contains(['\n', '\r']);
        if !range.is_empty() && self.is_wanted(range) && !spans_lines() {
            self.tokens.push(Token { range, kind, modifiers });
        }
    }

    fn is_wanted(&self, range: TextRange) -> bool {
        self.wanted.is_none_or(|wanted| wanted.intersect(range).is_some())
    }
}

/// What a key stands for that the user named.
fn of_chosen(map: &Map) -> TokenKind {
    match map.key {
        "container name" => TokenKind::Class,
        "stage name" | "resolver name" => TokenKind::Namespace,
        "parameter name" | "argument name" => TokenKind::Parameter,
        "integration name" => TokenKind::Function,
        _ => TokenKind::Variable,
    }
}

/// A part of a text without variables.
fn plain(text: &str, part: Part, described: Option<Described>, acc: &mut Parts) {
    let mut whole = |kind| acc.push((part.clone(), kind, Modifiers::default()));
    if text.starts_with("arn:") {
        return whole(TokenKind::Type);
    }
    let Some(described) = described else { return };
    match (described.shape, described.name) {
        (Shape::Choice(choices), _) if choices.iter().any(|choice| choice.value == text) => {
            whole(TokenKind::EnumMember);
        }
        (Shape::Tagged(tagged), Name::Tag(_)) if tagged.variant(text).is_some() => whole(TokenKind::EnumMember),
        (Shape::Text(_), Name::Property(property)) if property.name == "schedule" => schedule(text, part, acc),
        (Shape::Text(shape), _) => match shape.kind {
            TextKind::PathPattern => path_pattern(text, part, acc),
            TextKind::Domain => whole(TokenKind::Namespace),
            _ => {}
        },
        _ => {}
    }
}

fn path_pattern(text: &str, part: Part, acc: &mut Parts) {
    let is_wildcard = |character: char| matches!(character, '*' | '?');
    runs(text, part, is_wildcard, |run, is_wildcard| {
        let kind = if is_wildcard { TokenKind::Operator } else { TokenKind::Regexp };
        acc.push((run, kind, Modifiers::default()));
    });
}

fn schedule(text: &str, part: Part, acc: &mut Parts) {
    #[derive(PartialEq)]
    enum Sort {
        Word,
        Digit,
        Operator,
        Other,
    }
    let sort = |character: char| match character {
        _ if character.is_ascii_alphabetic() => Sort::Word,
        _ if character.is_ascii_digit() => Sort::Digit,
        '*' | '?' | '/' | '-' | ',' | '#' => Sort::Operator,
        _ => Sort::Other,
    };
    runs(text, part, sort, |run, sort| {
        let kind = match sort {
            Sort::Word if matches!(&text[run.clone()], "rate" | "cron") => TokenKind::Function,
            Sort::Word => TokenKind::Keyword,
            Sort::Digit => TokenKind::Number,
            Sort::Operator => TokenKind::Operator,
            Sort::Other => return,
        };
        acc.push((run, kind, Modifiers::default()));
    });
}

/// Visits the stretches of a part whose characters are of one sort.
fn runs<S: PartialEq>(text: &str, part: Part, sort: impl Fn(char) -> S, mut visit: impl FnMut(Part, S)) {
    let mut start = part.start;
    while let Some(first) = text.get(start..part.end).and_then(|rest| rest.chars().next()) {
        let own = sort(first);
        let rest = &text[start..part.end];
        let length = rest.find(|character| sort(character) != own).unwrap_or(rest.len());
        visit(start..start + length, own);
        start += length;
    }
}
