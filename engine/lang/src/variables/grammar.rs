//! How variables are written: a text as pieces, each with its place in the text.
//!
//! ```text
//! variable    = "${" alternative *( "," alternative ) "}"
//! alternative = reference / variable / literal
//! reference   = provider [ "(" params ")" ] [ ":" [ resolver ":" ] key ]
//! literal     = "'" text "'" / JSON
//! ```
//!
//! Variables may stand inside the keys, the parameters and the quoted literals of other variables. Places are byte
//! ranges of the text that was parsed: of a scalar that is its text after quotes, escapes and folding.

use std::collections::HashSet;
use std::ops::Range;

/// A byte range of the parsed text.
pub type Part = Range<usize>;

/// Variables nested deeper are not looked into.
pub const MAX_DEPTH: usize = 32;

/// A text with the variables in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    /// Its place.
    pub range: Part,
    /// Text and variables in turn, without gaps.
    pub pieces: Vec<Piece>,
}

/// A piece of a [`Template`].
#[derive(Debug, Clone, PartialEq)]
pub enum Piece {
    /// Text that stays as it is.
    Text(Part),
    /// `${…}`.
    Variable(Variable),
}

/// `${…}`, also one that stays text.
#[derive(Debug, Clone, PartialEq)]
pub struct Variable {
    /// Its place, from `$` to behind the brace.
    pub range: Part,
    /// Whether its closing brace is there. Without it the rest of the text is part of it, and all of it stays text.
    pub closed: bool,
    /// What it is.
    pub kind: VariableKind,
}

/// The kinds of [`Variable`].
#[derive(Debug, Clone, PartialEq)]
pub enum VariableKind {
    /// Gives the first of these that has a value.
    Lookup(Vec<Alternative>),
    /// Without a colon and without parentheses: stays text.
    Text,
    /// Meant for another program, such as `${AWS::Region}`: stays text.
    Foreign,
    /// Nested too deep to be understood.
    TooDeep,
}

/// One of the values that a variable may give.
#[derive(Debug, Clone, PartialEq)]
pub struct Alternative {
    /// Its place, without blanks around it.
    pub range: Part,
    /// What it is.
    pub kind: AlternativeKind,
}

/// The kinds of [`Alternative`].
#[derive(Debug, Clone, PartialEq)]
pub enum AlternativeKind {
    /// `provider:key`.
    Reference(Reference),
    /// A whole variable.
    Nested(Box<Variable>),
    /// A literal.
    Literal(Literal),
    /// A word that is neither of them, with the variables in it.
    Bare(Vec<Variable>),
    /// Nothing.
    Empty,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct Reference {
    /// The provider's name, or that of a resolver.
    pub provider: Part,
    /// What stands between the parentheses.
    pub params: Option<Template>,
    /// What stands between the first and the second colon.
    pub resolver: Option<Part>,
    /// What stands behind the last of these colons.
    pub key: Option<Template>,
}

/// A value that is written out.
#[derive(Debug, Clone, PartialEq)]
pub struct Literal {
    /// The value; `None` where it is in double quotes and not a JSON string.
    pub value: Option<serde_json::Value>,
    /// Variables inside the quotes.
    pub nested: Vec<Variable>,
    /// Whether older tools, which split at commas and braces without regard to quotes, read the same.
    pub older_tools_agree: bool,
}

impl Template {
    /// The variable that makes up the whole text and may give a value of any type.
    pub fn whole(&self) -> Option<&Variable> {
        match self.pieces.as_slice() {
            [Piece::Variable(variable)] if variable.is_lookup() => Some(variable),
            _ => None,
        }
    }

    /// The variables that stand in the text itself, not those inside them.
    pub fn own_variables(&self) -> impl Iterator<Item = &Variable> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Variable(variable) => Some(variable),
            Piece::Text(_) => None,
        })
    }

    /// All variables, outer ones before those inside them.
    pub fn variables(&self) -> Vec<&Variable> {
        let mut all = Vec::new();
        self.collect(&mut all);
        all
    }

    /// Makes text of the variables that stand in the text itself and are not to be looked at.
    pub fn leave_alone(&mut self, is_text: impl Fn(&Variable) -> bool) {
        for piece in &mut self.pieces {
            if let Piece::Variable(variable) = piece
                && is_text(variable)
            {
                *piece = Piece::Text(variable.range.clone());
            }
        }
    }

    /// Whether anything in the text is looked up, so that its value is more than the text.
    pub fn is_variable(&self) -> bool {
        self.own_variables().any(Variable::is_lookup)
    }

    fn collect<'a>(&'a self, all: &mut Vec<&'a Variable>) {
        self.own_variables().for_each(|variable| variable.collect(all));
    }
}

impl Alternative {
    /// The reference, if it is one.
    pub fn reference(&self) -> Option<&Reference> {
        match &self.kind {
            AlternativeKind::Reference(reference) => Some(reference),
            _ => None,
        }
    }
}

impl Variable {
    /// Whether it gives a value, known or not; else it stays text.
    pub fn is_lookup(&self) -> bool {
        self.closed && matches!(self.kind, VariableKind::Lookup(_) | VariableKind::TooDeep)
    }

    /// The alternatives, if it is closed and has any.
    pub fn alternatives(&self) -> &[Alternative] {
        match &self.kind {
            VariableKind::Lookup(alternatives) if self.closed => alternatives,
            _ => &[],
        }
    }

    /// The references among its alternatives.
    pub fn references(&self) -> impl Iterator<Item = (&Alternative, &Reference)> {
        self.alternatives().iter().filter_map(|alternative| Some((alternative, alternative.reference()?)))
    }

    fn collect<'a>(&'a self, all: &mut Vec<&'a Variable>) {
        all.push(self);
        let VariableKind::Lookup(alternatives) = &self.kind else { return };
        for alternative in alternatives {
            match &alternative.kind {
                AlternativeKind::Reference(reference) => {
                    for template in reference.params.iter().chain(&reference.key) {
                        template.collect(all);
                    }
                }
                AlternativeKind::Nested(variable) => variable.collect(all),
                AlternativeKind::Literal(Literal { nested, .. }) | AlternativeKind::Bare(nested) => {
                    for variable in nested {
                        variable.collect(all);
                    }
                }
                AlternativeKind::Empty => {}
            }
        }
    }
}

/// Reads a text. Takes any text, in time that grows with its length.
pub fn parse(text: &str) -> Template {
    Parser { text, at: 0, end: text.len(), hopeless: HashSet::new() }.template(0)
}

/// Names that are other programs' business when they stand alone.
const FOREIGN_PROVIDERS: [&str; 3] = ["AWS", "PROP", "iot"];

/// Providers whose keys hold colons of their own.
const PROVIDERS_WITHOUT_RESOLVERS: [&str; 4] = ["ssm", "s3", "cf", "output"];

struct Parser<'a> {
    text: &'a str,
    at: usize,
    /// Nothing from here on is read.
    end: usize,
    /// Quotes that no other quote closes; remembered so that the text is not searched again for each of them.
    hopeless: HashSet<usize>,
}

/// What a scan over an alternative saw outside nested variables.
#[derive(Default)]
struct Marks {
    /// The first two colons outside parentheses.
    colons: Vec<usize>,
    /// The first opening parenthesis, if no colon stands before it.
    open: Option<usize>,
    /// The one that closes it.
    close: Option<usize>,
}

impl Parser<'_> {
    /// Reads on to the end.
    fn template(&mut self, depth: usize) -> Template {
        let range = self.at..self.end;
        let mut pieces = Vec::new();
        while self.at < self.end {
            let found = self.text[self.at..self.end].find("${").map_or(self.end, |found| self.at + found);
            if found > self.at {
                pieces.push(Piece::Text(self.at..found));
            }
            self.at = found;
            if self.at < self.end {
                pieces.push(Piece::Variable(self.variable(depth)));
            }
        }
        Template { range, pieces }
    }

    /// Reads the variable that starts here.
    fn variable(&mut self, depth: usize) -> Variable {
        let start = self.at;
        if depth == MAX_DEPTH {
            let closed = self.skip_variable();
            return Variable { range: start..self.at, closed, kind: VariableKind::TooDeep };
        }
        self.at += 2;
        let mut alternatives = Vec::new();
        let closed = loop {
            alternatives.push(self.alternative(depth));
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => {
                    self.at += 1;
                    break true;
                }
                _ => break false,
            }
        };
        let range = start..self.at;
        let kind = self.kind(&range, alternatives);
        Variable { range, closed, kind }
    }

    fn kind(&self, range: &Part, alternatives: Vec<Alternative>) -> VariableKind {
        let inside = &self.text[range.start + 2..range.end];
        let asks = inside.contains(':') || inside.contains('(') && inside.contains(')');
        if !asks {
            return VariableKind::Text;
        }
        let provider = |alternative: &Alternative| match &alternative.kind {
            AlternativeKind::Reference(reference) => &self.text[reference.provider.clone()],
            _ => "",
        };
        let foreign = match alternatives.as_slice() {
            [only] if FOREIGN_PROVIDERS.contains(&provider(only)) => true,
            [first, ..] => provider(first).starts_with('!'),
            [] => false,
        };
        if foreign { VariableKind::Foreign } else { VariableKind::Lookup(alternatives) }
    }

    /// Walks over a variable without looking into it; false when it has no end.
    fn skip_variable(&mut self) -> bool {
        let mut open = 0;
        while self.at < self.end {
            if self.starts_variable() {
                open += 1;
                self.at += 2;
                continue;
            }
            open -= usize::from(self.peek() == Some(b'}'));
            self.at += 1;
            if open == 0 {
                return true;
            }
        }
        self.at = self.end;
        false
    }

    /// Reads up to the comma or the brace behind the alternative, or to the end.
    fn alternative(&mut self, depth: usize) -> Alternative {
        self.skip_blanks();
        let start = self.at;
        if let Some(literal) = self.quoted(depth).or_else(|| self.list()) {
            let range = start..self.at;
            self.skip_blanks();
            return Alternative { range, kind: AlternativeKind::Literal(literal) };
        }
        let mut marks = Marks::default();
        let mut nested = Vec::new();
        let mut parentheses = 0_usize;
        while let Some(byte) = self.peek() {
            if self.starts_variable() {
                nested.push(self.variable(depth + 1));
                continue;
            }
            match byte {
                b'}' => break,
                b',' if parentheses == 0 => break,
                b'(' => {
                    if marks.open.is_none() && marks.colons.is_empty() {
                        marks.open = Some(self.at);
                    }
                    parentheses += 1;
                }
                b')' => {
                    parentheses = parentheses.saturating_sub(1);
                    if parentheses == 0 && marks.open.is_some() && marks.close.is_none() {
                        marks.close = Some(self.at);
                    }
                }
                b':' if parentheses == 0 && marks.colons.len() < 2 => marks.colons.push(self.at),
                _ => {}
            }
            self.at += 1;
        }
        let range = start..start + self.text[start..self.at].trim_end().len();
        let kind = self.classify(&range, &marks, nested);
        Alternative { range, kind }
    }

    fn classify(&self, range: &Part, marks: &Marks, mut nested: Vec<Variable>) -> AlternativeKind {
        if range.is_empty() {
            return AlternativeKind::Empty;
        }
        if nested.len() == 1 && nested[0].range == *range {
            return AlternativeKind::Nested(Box::new(nested.remove(0)));
        }
        let Some(provider_end) = marks.open.or(marks.colons.first().copied()) else {
            return self.word(range, nested);
        };
        // A parenthesis ends the provider, and so does one that closes nothing.
        if provider_end == range.start || self.text[range.start..provider_end].contains(')') {
            return AlternativeKind::Bare(nested);
        }
        let params = match (marks.open, marks.close) {
            (Some(open), Some(close)) => Some(open + 1..close),
            (Some(_), None) => return AlternativeKind::Bare(nested),
            (None, _) => None,
        };
        let rest_start = match (&params, marks.colons.first()) {
            (Some(params), _) if params.end + 1 == range.end => None,
            (Some(params), Some(colon)) if params.end + 1 == *colon => Some(colon + 1),
            (Some(_), _) => return AlternativeKind::Bare(nested),
            (None, colon) => colon.map(|colon| colon + 1),
        };
        let provider = range.start..provider_end;
        let has_resolvers = !PROVIDERS_WITHOUT_RESOLVERS.contains(&&self.text[provider.clone()]);
        let resolver = match (rest_start, marks.colons.get(1)) {
            (Some(start), Some(colon)) if has_resolvers && *colon < range.end => Some(start..*colon),
            _ => None,
        };
        let key_start = resolver.as_ref().map(|resolver| resolver.end + 1).or(rest_start);
        AlternativeKind::Reference(Reference {
            provider,
            params: params.filter(|params| !params.is_empty()).map(|params| part(params, &mut nested)),
            resolver,
            key: key_start.filter(|start| *start < range.end).map(|start| part(start..range.end, &mut nested)),
        })
    }

    fn word(&self, range: &Part, nested: Vec<Variable>) -> AlternativeKind {
        match serde_json::from_str(&self.text[range.clone()]) {
            Ok(value) if nested.is_empty() => {
                AlternativeKind::Literal(Literal { value: Some(value), nested, older_tools_agree: true })
            }
            _ => AlternativeKind::Bare(nested),
        }
    }

    /// Reads a literal in quotes, if there is one.
    fn quoted(&mut self, depth: usize) -> Option<Literal> {
        let open = self.at;
        let close = self.closing_quote(open)?;
        let content = open + 1..close;
        let value = if self.text.as_bytes()[open] == b'\'' {
            Some(self.text[content.clone()].into())
        } else {
            serde_json::from_str(&self.text[open..=close]).ok()
        };
        let end = std::mem::replace(&mut self.end, close);
        self.at = content.start;
        let inside = self.template(depth + 1);
        self.end = end;
        self.at = close + 1;
        let older_tools_agree = self.older_tools_find_end(&inside);
        let nested = inside.pieces.into_iter().filter_map(|piece| match piece {
            Piece::Variable(variable) => Some(variable),
            Piece::Text(_) => None,
        });
        Some(Literal { value, nested: nested.collect(), older_tools_agree })
    }

    /// The quote that ends the literal: the first one behind which a comma, a brace or the end follows. A quote inside a
    /// nested variable belongs to that.
    fn closing_quote(&mut self, open: usize) -> Option<usize> {
        let bytes = &self.text.as_bytes()[..self.end];
        let quote = *bytes.get(open).filter(|byte| matches!(byte, b'\'' | b'"'))?;
        if self.hopeless.contains(&open) {
            return None;
        }
        let mut passed = vec![open];
        let mut braces = 0_usize;
        let mut at = open + 1;
        while let Some(byte) = bytes.get(at) {
            match byte {
                b'\\' if quote == b'"' => at += 1,
                b'$' if bytes.get(at + 1) == Some(&b'{') => {
                    braces += 1;
                    at += 1;
                }
                b'}' => braces = braces.saturating_sub(1),
                byte if *byte == quote && braces == 0 => {
                    let rest = self.text[at + 1..self.end].trim_start();
                    if rest.is_empty() || rest.starts_with([',', '}']) {
                        return Some(at);
                    }
                    passed.push(at);
                }
                _ => {}
            }
            at += 1;
        }
        self.hopeless.extend(passed);
        None
    }

    fn older_tools_find_end(&self, inside: &Template) -> bool {
        let mut parentheses = 0_usize;
        let texts = inside.pieces.iter().filter_map(|piece| match piece {
            Piece::Text(range) => Some(&self.text[range.clone()]),
            Piece::Variable(_) => None,
        });
        texts.flat_map(str::chars).all(|character| {
            match character {
                '(' => parentheses += 1,
                ')' => parentheses = parentheses.saturating_sub(1),
                _ => {}
            }
            character != '}' && (character != ',' || parentheses > 0)
        })
    }

    /// Reads a list in brackets, if there is one.
    fn list(&mut self) -> Option<Literal> {
        let rest = &self.text[self.at..self.end];
        if !rest.starts_with('[') {
            return None;
        }
        let mut values = serde_json::Deserializer::from_str(rest).into_iter::<serde_json::Value>();
        let value = values.next()?.ok()?;
        let written = &rest[..values.byte_offset()];
        let behind = rest[written.len()..].trim_start();
        if !behind.is_empty() && !behind.starts_with([',', '}']) {
            return None;
        }
        self.at += written.len();
        let older_tools_agree = !written.contains([',', ':', '(', '}']);
        Some(Literal { value: Some(value), nested: Vec::new(), older_tools_agree })
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes()[..self.end].get(self.at).copied()
    }

    fn starts_variable(&self) -> bool {
        self.text.as_bytes()[self.at..self.end].starts_with(b"${")
    }

    fn skip_blanks(&mut self) {
        let rest = &self.text[self.at..self.end];
        self.at += rest.len() - rest.trim_start().len();
    }
}

/// Cuts a stretch into pieces, taking the variables that stand in it out of `nested`.
fn part(range: Part, nested: &mut Vec<Variable>) -> Template {
    let mut pieces = Vec::new();
    let mut at = range.start;
    let inside =
        nested.extract_if(.., |variable| range.start <= variable.range.start && variable.range.end <= range.end);
    for variable in inside {
        if at < variable.range.start {
            pieces.push(Piece::Text(at..variable.range.start));
        }
        at = variable.range.end;
        pieces.push(Piece::Variable(variable));
    }
    if at < range.end {
        pieces.push(Piece::Text(at..range.end));
    }
    Template { range, pieces }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Writes a template so that every piece shows the text of its range.
    fn dump(text: &str) -> String {
        dump_pieces(text, &parse(text).pieces)
    }

    fn dump_pieces(text: &str, pieces: &[Piece]) -> String {
        let pieces = pieces.iter().map(|piece| match piece {
            Piece::Text(range) => format!("‹{}›", &text[range.clone()]),
            Piece::Variable(variable) => dump_variable(text, variable),
        });
        pieces.collect()
    }

    fn dump_variable(text: &str, variable: &Variable) -> String {
        let inner = match &variable.kind {
            VariableKind::Lookup(alternatives) => alternatives
                .iter()
                .map(|alternative| dump_alternative(text, alternative))
                .collect::<Vec<_>>()
                .join(" | "),
            VariableKind::Text => format!("text {}", &text[variable.range.clone()]),
            VariableKind::Foreign => format!("foreign {}", &text[variable.range.clone()]),
            VariableKind::TooDeep => "too deep".to_owned(),
        };
        format!("{{{inner}{}", if variable.closed { "}" } else { "…" })
    }

    fn dump_alternative(text: &str, alternative: &Alternative) -> String {
        match &alternative.kind {
            AlternativeKind::Reference(Reference { provider, params, resolver, key }) => {
                let mut dump = text[provider.clone()].to_owned();
                if let Some(params) = params {
                    dump.push_str(&format!("({})", dump_pieces(text, &params.pieces)));
                }
                if let Some(resolver) = resolver {
                    dump.push_str(&format!(" ‹{}›", &text[resolver.clone()]));
                }
                if let Some(key) = key {
                    dump.push_str(&format!(" {}", dump_pieces(text, &key.pieces)));
                }
                dump
            }
            AlternativeKind::Nested(variable) => dump_variable(text, variable),
            AlternativeKind::Literal(literal) => {
                let value = literal.value.as_ref().map_or("unreadable".to_owned(), ToString::to_string);
                let nested: String = literal.nested.iter().map(|variable| dump_variable(text, variable)).collect();
                format!("{value}{}{nested}", if literal.older_tools_agree { "" } else { "!" })
            }
            AlternativeKind::Bare(nested) => {
                let nested: String = nested.iter().map(|variable| dump_variable(text, variable)).collect();
                format!("bare {}{nested}", &text[alternative.range.clone()])
            }
            AlternativeKind::Empty => "empty".to_owned(),
        }
    }

    #[test]
    fn texts_and_their_pieces() {
        let table = [
            ("", ""),
            ("plain", "‹plain›"),
            ("a ${env:A} b ${env:B}", "‹a ›{env ‹A›}‹ b ›{env ‹B›}"),
            // What stays text.
            ("${FOO}", "{text ${FOO}}"),
            ("${}", "{text ${}}"),
            ("${file(}", "{text ${file(}}"),
            ("$FOO ${ $}", "‹$FOO ›{text ${ $}}"),
            ("${AWS::Region}", "{foreign ${AWS::Region}}"),
            ("${PROP('Dim.X')}", "{foreign ${PROP('Dim.X')}}"),
            ("${iot:Connection.Thing}", "{foreign ${iot:Connection.Thing}}"),
            ("${!a:b}", "{foreign ${!a:b}}"),
            ("${AWS:x, 'y'}", "{AWS ‹x› | \"y\"}"),
            ("${FOO:-x}", "{FOO ‹-x›}"),
            // References.
            ("${self:a.b.0}", "{self ‹a.b.0›}"),
            ("${ env:A }", "{env ‹A›}"),
            ("${env: A}", "{env ‹ A›}"),
            ("${file(./p.json)}", "{file(‹./p.json›)}"),
            ("${file(./p.json):a.b}", "{file(‹./p.json›) ‹a.b›}"),
            ("${file(./a(b).json):c}", "{file(‹./a(b).json›) ‹c›}"),
            ("${file(./a,b.json)}", "{file(‹./a,b.json›)}"),
            ("${file(./p.json)x}", "{bare file(./p.json)x}"),
            ("${file(./p.json}", "{text ${file(./p.json}}"),
            ("${file()}", "{file}"),
            ("${ssm(eu-west-1, raw):/a:b}", "{ssm(‹eu-west-1, raw›) ‹/a:b›}"),
            ("${ssm:arn:aws:x}", "{ssm ‹arn:aws:x›}"),
            ("${aws:ssm:/p}", "{aws ‹ssm› ‹/p›}"),
            ("${aws:ssm:/p:1}", "{aws ‹ssm› ‹/p:1›}"),
            ("${prod:secrets:a(b:c)}", "{prod ‹secrets› ‹a(b:c)›}"),
            ("${env:}", "{env}"),
            ("${aws:ssm:}", "{aws ‹ssm›}"),
            ("${:x}", "{bare :x}"),
            ("${a)b:c}", "{bare a)b:c}"),
            // Alternatives.
            ("${env:A, 'x'}", "{env ‹A› | \"x\"}"),
            ("${env:A,env:B}", "{env ‹A› | env ‹B›}"),
            ("${env:A, \"x\\n\"}", "{env ‹A› | \"x\\n\"}"),
            ("${env:A, \"x\\q\"}", "{env ‹A› | unreadable}"),
            ("${env:A, 5}", "{env ‹A› | 5}"),
            ("${env:A, true}", "{env ‹A› | true}"),
            ("${env:A, null}", "{env ‹A› | null}"),
            ("${env:A, [1]}", "{env ‹A› | [1]}"),
            ("${env:A, [1, \"b\"], 2}", "{env ‹A› | [1,\"b\"]! | 2}"),
            ("${env:A, [1}", "{env ‹A› | bare [1}"),
            ("${env:A, dev}", "{env ‹A› | bare dev}"),
            ("${env:A,}", "{env ‹A› | empty}"),
            ("${env:A,,1}", "{env ‹A› | empty | 1}"),
            ("${env:A, {\"a\":1}}", "{env ‹A› | {\"a\" ‹1›}‹}›"),
            ("${env:A, ''}", "{env ‹A› | \"\"}"),
            // Quotes.
            ("${env:A, 'a,b'}", "{env ‹A› | \"a,b\"!}"),
            ("${env:A, 'a}b'}", "{env ‹A› | \"a}b\"!}"),
            ("${env:A, \"a}, b\"}", "{env ‹A› | \"a}, b\"!}"),
            ("${env:A, 'http://x:80'}", "{env ‹A› | \"http://x:80\"}"),
            ("${env:A, 'a)b'}", "{env ‹A› | \"a)b\"}"),
            ("${env:A, 'it's'}", "{env ‹A› | \"it's\"}"),
            ("${env:A, 'f(a,b)'}", "{env ‹A› | \"f(a,b)\"}"),
            ("${env:A, '${env:B, 'x'}'}", "{env ‹A› | \"${env:B, 'x'}\"{env ‹B› | \"x\"}}"),
            ("${env:A, 'x} ${env:B, 'y'}", "{env ‹A› | bare 'x}‹ ›{env ‹B› | \"y\"}"),
            ("${env:it's}", "{env ‹it's›}"),
            ("${'a' 'b':c}", "{'a' 'b' ‹c›}"),
            // Variables inside variables.
            ("${self:a.${opt:s}.b}", "{self ‹a.›{opt ‹s›}‹.b›}"),
            ("${file(./${opt:s}.json):${env:K}}", "{file(‹./›{opt ‹s›}‹.json›) {env ‹K›}}"),
            ("${strToBool(${env:X, 'true'})}", "{strToBool({env ‹X› | \"true\"})}"),
            ("${opt:a, ${env:B}}", "{opt ‹a› | {env ‹B›}}"),
            ("${${env:A}}", "{{env ‹A›}}"),
            ("${opt:a, x-${env:B}}", "{opt ‹a› | bare x-${env:B}{env ‹B›}}"),
            ("${${env:P}:x}", "{${env:P} ‹x›}"),
            // No end.
            ("${env:A", "{env ‹A›…"),
            ("a ${env:A b ${env:B} c", "‹a ›{env ‹A b ›{env ‹B›}‹ c›…"),
            ("${self:a.${", "{self ‹a.›{text ${……"),
            ("${", "{text ${…"),
            ("${env:A, 'x'", "{env ‹A› | \"x\"…"),
        ];
        for (text, expected) in table {
            assert_eq!(dump(text), expected, "{text}");
        }
    }

    #[test]
    fn only_a_lone_closed_lookup_is_the_whole_text() {
        for (text, whole) in [
            ("${env:A}", true),
            (" ${env:A}", false),
            ("${env:A}${env:B}", false),
            ("${FOO}", false),
            ("${env:A", false),
            ("", false),
        ] {
            assert_eq!(parse(text).whole().is_some(), whole, "{text}");
        }
    }

    #[test]
    fn variables_are_listed_from_the_outside_in() {
        let text = "${self:${env:A}, '${env:B}', ${env:C}} ${env:D}";
        let listed: Vec<&str> = parse(text).variables().iter().map(|variable| &text[variable.range.clone()]).collect();
        assert_eq!(listed, ["${self:${env:A}, '${env:B}', ${env:C}}", "${env:A}", "${env:B}", "${env:C}", "${env:D}"]);
    }

    #[test]
    fn deep_nesting_ends_at_the_limit() {
        let nested = |depth: usize| format!("{}x{}", "${env:".repeat(depth), "}".repeat(depth));
        let too_deep = |text: &str| {
            parse(text).variables().iter().filter(|variable| variable.kind == VariableKind::TooDeep).count()
        };
        assert_eq!(too_deep(&nested(MAX_DEPTH)), 0);
        assert_eq!(too_deep(&nested(MAX_DEPTH + 1)), 1);
        let deep = parse(&nested(10_000));
        assert!(deep.pieces.len() == 1 && deep.whole().is_some());
    }

    #[test]
    fn long_texts_take_time_in_proportion_to_their_length() {
        for pattern in
            ["${", "${a:'", "${a:b, 'x ", "'x, ", "${a:${b:'", "[", "${a:b,[1,", "${a:b, \"\\", "(", ":", "${a:b, 'x'"]
        {
            let text = format!("${{a:b, {}", pattern.repeat(200_000 / pattern.len()));
            let started = std::time::Instant::now();
            parse(&text);
            // Seconds below what a quadratic reading takes.
            assert!(started.elapsed().as_secs() < 5, "{pattern} took {:?}", started.elapsed());
        }
    }

    fn check_ranges(text: &str, pieces: &[Piece], range: &Part) {
        let mut at = range.start;
        for piece in pieces {
            let piece_range = match piece {
                Piece::Text(range) => range,
                Piece::Variable(variable) => &variable.range,
            };
            assert_eq!(piece_range.start, at, "no gaps in {text:?}");
            assert!(text.get(piece_range.clone()).is_some(), "{piece_range:?} in {text:?}");
            at = piece_range.end;
        }
        assert_eq!(at, range.end, "{text:?} is covered");
    }

    proptest! {
        #[test]
        fn any_text_is_cut_at_characters(text in "([a-z]|[$]\\{|\\$|\\{|\\}|'|\"|,|:|\\(|\\)|\\[|\\]|\\\\| |é|😀|env:|file\\(|AWS::){0,40}") {
            let template = parse(&text);
            check_ranges(&text, &template.pieces, &template.range);
            for variable in template.variables() {
                let written = &text[variable.range.clone()];
                let delimited = written.starts_with("${") && (!variable.closed || written.ends_with('}'));
                prop_assert!(delimited);
                for alternative in variable.alternatives() {
                    prop_assert_eq!(text[alternative.range.clone()].trim(), &text[alternative.range.clone()]);
                }
                for (_, reference) in variable.references() {
                    prop_assert!(!text[reference.provider.clone()].is_empty());
                    for inside in reference.params.iter().chain(&reference.key) {
                        check_ranges(&text, &inside.pieces, &inside.range);
                    }
                }
            }
        }

        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,60}") {
            parse(&text);
        }
    }
}
