//! An identity policy as a document has it: its elements, each with its place, however they are written.
//!
//! What stands in a wrong place or is of a wrong type is left out here; the rules find it in the values themselves. What only a
//! deployment knows is [`Text::is_unknown`], or is left out where it would be more than a text.

mod condition;
mod operator;

pub use condition::{Block, ConditionValue, Test};
pub use operator::{Family, Fit, OPERATORS, Operator, Qualifier};

use crate::config::{Config, Value};
use crate::iam::glob::Pattern;
use crate::iam::variables::{self, Kind, Variable};
use crate::yaml::{Document, NodeKind, Resolved};

/// An identity policy.
#[derive(Debug)]
pub struct Policy<'a> {
    /// All of it, whatever it is.
    pub value: Value<'a>,
    /// The statements that are maps, in the order of the text.
    pub statements: Vec<Statement<'a>>,
}

/// A statement.
#[derive(Debug)]
pub struct Statement<'a> {
    /// All of it.
    pub value: Value<'a>,
    /// Its name.
    pub sid: Option<Text<'a>>,
    /// What it does; `None` where that is missing, wrong, or known only to a deployment.
    pub effect: Option<Effect>,
    /// `Action` or `NotAction`; `None` where neither is there, or both are.
    pub actions: Option<Element<'a>>,
    /// `Resource` or `NotResource`, likewise.
    pub resources: Option<Element<'a>>,
    /// The operators of its `Condition`.
    pub condition: Vec<Block<'a>>,
}

/// What a statement does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Effect {
    /// It grants.
    Allow,
    /// It takes away, whatever grants.
    Deny,
}

/// The actions or the resources of a statement.
#[derive(Debug)]
pub struct Element<'a> {
    /// What stands under the key.
    pub value: Value<'a>,
    /// Whether all are meant but these: `NotAction`, `NotResource`.
    pub negated: bool,
    /// The texts, in their order.
    pub entries: Vec<Text<'a>>,
    /// Whether something of another kind stands among them or in their place, so that there is more than is seen.
    pub has_others: bool,
}

/// A text.
#[derive(Clone, Debug)]
pub struct Text<'a> {
    /// The value that it is.
    pub value: Value<'a>,
    /// What is written, its quotes and line breaks resolved, its variables not.
    pub text: &'a str,
    /// What stands in `${…}`.
    pub variables: Vec<Variable<'a>>,
}

/// What is written in a place, its variables not resolved.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Written<'a> {
    /// Nothing, or `null`.
    Null,
    /// `true` or `false`, as written.
    Bool(&'a str),
    /// A number, as written.
    Number(&'a str),
    /// Text.
    Text(&'a str),
    /// A list.
    List,
    /// A map.
    Map,
    /// A function of CloudFormation, by its tag: `!Sub`.
    Function(&'a str),
    /// It is more than can be looked at.
    Unknown,
}

/// Reads what documents hold of policies.
#[derive(Clone, Copy)]
pub struct Reader<'a> {
    document: &'a Document,
    config: &'a Config,
}

impl<'a> Reader<'a> {
    /// Prepares to read a document.
    pub fn new(document: &'a Document, config: &'a Config) -> Self {
        Self { document, config }
    }

    /// Reads a policy.
    pub fn policy(self, value: Value<'a>) -> Policy<'a> {
        let statements = match self.written(value) {
            Written::Map => value.get("Statement").map(|statements| self.statements(statements)),
            _ => None,
        };
        Policy { value, statements: statements.unwrap_or_default() }
    }

    /// What is written in a place.
    pub fn written(self, value: Value<'a>) -> Written<'a> {
        let tree = self.document.tree();
        let node = tree.node(value.node());
        if let Some(tag) = &node.tag
            && tree.function(value.node()).is_some()
        {
            return Written::Function(&tag.text);
        }
        match &node.kind {
            NodeKind::Scalar(scalar) => match tree.resolved(value.node()) {
                Resolved::Null => Written::Null,
                Resolved::Bool(_) => Written::Bool(&scalar.text),
                Resolved::Number(_) => Written::Number(&scalar.text),
                Resolved::Text => Written::Text(&scalar.text),
            },
            NodeKind::Sequence { .. } if value.is_list() => Written::List,
            NodeKind::Mapping { .. } if value.is_map() => Written::Map,
            NodeKind::Sequence { .. } | NodeKind::Mapping { .. } | NodeKind::Alias { .. } => Written::Unknown,
        }
    }

    /// The text that is written in a place, if it is text.
    pub fn text(self, value: Value<'a>) -> Option<Text<'a>> {
        match self.written(value) {
            Written::Text(text) => Some(self.text_of(value, text)),
            _ => None,
        }
    }

    /// Whether only a deployment knows what stands in a place.
    pub fn is_unknown(self, value: Value<'a>) -> bool {
        match self.written(value) {
            Written::Unknown => true,
            Written::Text(text) => text.contains("${") && self.text_of(value, text).is_unknown(),
            _ => false,
        }
    }

    /// The variables of a text: of a value, or of a key.
    pub fn variables(self, text: &'a str) -> Vec<Variable<'a>> {
        let stages = self.config.variables().stages();
        variables::variables(text, &|name| stages.is_resolver(name))
    }

    fn text_of(self, value: Value<'a>, text: &'a str) -> Text<'a> {
        Text { value, text, variables: self.variables(text) }
    }

    fn statements(self, value: Value<'a>) -> Vec<Statement<'a>> {
        match self.written(value) {
            Written::Map => vec![self.statement(value)],
            Written::List => {
                let maps = value.items().filter(|item| self.written(*item) == Written::Map);
                maps.map(|item| self.statement(item)).collect()
            }
            _ => Vec::new(),
        }
    }

    fn statement(self, value: Value<'a>) -> Statement<'a> {
        let effect = value.get("Effect").and_then(|effect| match self.written(effect) {
            Written::Text("Allow") => Some(Effect::Allow),
            Written::Text("Deny") => Some(Effect::Deny),
            _ => None,
        });
        Statement {
            value,
            sid: value.get("Sid").and_then(|sid| self.text(sid)),
            effect,
            actions: self.element(value, "Action", "NotAction"),
            resources: self.element(value, "Resource", "NotResource"),
            condition: value.get("Condition").map(|condition| condition::read(self, condition)).unwrap_or_default(),
        }
    }

    fn element(self, statement: Value<'a>, name: &str, opposite: &str) -> Option<Element<'a>> {
        let (value, negated) = match (statement.get(name), statement.get(opposite)) {
            (Some(value), None) => (value, false),
            (None, Some(value)) => (value, true),
            (Some(_), Some(_)) | (None, None) => return None,
        };
        let candidates: Vec<Value<'a>> = match self.written(value) {
            Written::List => value.items().collect(),
            _ => vec![value],
        };
        let entries: Vec<Text<'a>> = candidates.iter().filter_map(|entry| self.text(*entry)).collect();
        Some(Element { value, negated, has_others: entries.len() < candidates.len(), entries })
    }
}

impl Text<'_> {
    /// Whether all of it is one variable that a deployment resolves.
    pub fn is_unknown(&self) -> bool {
        matches!(&self.variables[..], [only] if only.kind == Kind::DeployTime && only.range == (0..self.text.len()))
    }

    /// Whether a deployment resolves a part of it.
    pub fn has_deploy_time_variable(&self) -> bool {
        self.variables.iter().any(|variable| variable.kind == Kind::DeployTime)
    }

    /// What it stands for.
    pub fn pattern(&self) -> Pattern {
        variables::pattern(self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::build;
    use crate::inputs::Inputs;

    /// A policy in a few words, with the source text of each entry.
    fn outline(text: &str) -> Vec<String> {
        let document = Document::new(text);
        let config = build(&document, &Inputs { kind: crate::inputs::DocumentKind::Policy, ..Inputs::default() });
        let reader = Reader::new(&document, &config);
        let Some(root) = config.root() else { return Vec::new() };
        let policy = reader.policy(root);
        let names = |element: &Option<Element<'_>>| {
            element.as_ref().map_or("-".to_owned(), |element| {
                let not = if element.negated { "not " } else { "" };
                let others = if element.has_others { " …" } else { "" };
                let texts: Vec<&str> = element.entries.iter().map(|entry| entry.text).collect();
                format!("{not}{}{others}", texts.join(" "))
            })
        };
        let blocks = |statement: &Statement<'_>| {
            let tests = statement.condition.iter().flat_map(|block| {
                block.tests.iter().map(move |test| format!(" | {} {} {}", block.name, test.key, test.values.len()))
            });
            tests.collect::<String>()
        };
        let statements = policy.statements.iter().map(|statement| {
            format!(
                "{:?} {} on {}{}",
                statement.effect,
                names(&statement.actions),
                names(&statement.resources),
                blocks(statement)
            )
        });
        statements.collect()
    }

    #[test]
    fn every_way_of_writing_it_is_read() {
        let expected = ["Some(Allow) s3:GetObject s3:PutObject on arn:aws:s3:::a/*"];
        for text in [
            "Statement:\n- Effect: Allow\n  Action: [s3:GetObject, s3:PutObject]\n  Resource: arn:aws:s3:::a/*\n",
            "Statement: {Effect: Allow, Action: [s3:GetObject, 's3:PutObject'], Resource: \"arn:aws:s3:::a/*\"}",
            "{\"Statement\": [{\"Effect\": \"Allow\", \"Action\": [\"s3:GetObject\", \"s3:PutObject\"], \"Resource\": \"arn:aws:s3:::a/*\"}]}",
            "Statement:\n- Effect: Allow\n  Action: &a\n  - s3:GetObject\n  - >-\n    s3:PutObject\n  Resource: arn:aws:s3:::a/*\n",
            "Id: &a [s3:GetObject, s3:PutObject]\nStatement:\n- &s {Effect: Allow, Action: *a, Resource: arn:aws:s3:::a/*}\n",
        ] {
            assert_eq!(outline(text), expected, "{text}");
        }
        let twice = "Statement:\n- &s {Effect: Deny, NotAction: a:b, Resource: '*'}\n- {<<: *s, Effect: Allow}\n- *s\n";
        assert_eq!(outline(twice), ["Some(Deny) not a:b on *", "Some(Allow) not a:b on *", "Some(Deny) not a:b on *"]);
    }

    #[test]
    fn what_is_wrong_or_unknown_is_left_out() {
        for (text, expected) in [
            ("", &[][..]),
            ("x", &[]),
            ("Statement: ${file(a.yml)}", &[]),
            ("Statement: [x, {Effect: allow}]", &["None - on -"]),
            ("Statement: {Action: [a:b, 1, ''], Resource: {Ref: x}}", &["None a:b  … on  …"]),
            ("Statement:\n  Action: ${self:custom.a}\n  Resource: !Sub x\n", &["None ${self:custom.a} on  …"]),
            ("Statement: {Action: a, NotAction: b}", &["None - on -"]),
            (
                "Statement: {Condition: {Bool: {aws:SecureTransport: true}, StringLike: {a:b: [x, 1, {}]}, Null: x}}",
                &["None - on - | Bool aws:SecureTransport 1 | StringLike a:b 2"],
            ),
        ] {
            assert_eq!(outline(text), expected, "{text}");
        }
    }
}
