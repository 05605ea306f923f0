//! IAM164 and IAM165: statements that another one says as well. And IAM166, which is a proposal of editors only: statements that
//! can become one.

use std::collections::{BTreeSet, HashMap};

use super::{action_covers, resource_covers};
use crate::config::Value;
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Place, Rule};
use crate::iam::policy::{Effect, Element, Statement, Test};
use crate::rules::iam::context::{Reach, StatementContext, Target};
use crate::rules::iam::{PolicyContext, edits};

declare_rule! {
    /// ## What it does
    /// Marks a statement that says the same as one before it. `Sid` and the order of lists make no difference.
    ///
    /// ## Why it matters
    /// It changes nothing, and takes a part of the few characters that a policy may have.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: [s3:GetObject, s3:PutObject]
    ///     Resource: arn:aws:s3:::report-archive/*
    ///   - Effect: Allow
    ///     Action: [s3:PutObject, s3:GetObject]
    ///     Resource: arn:aws:s3:::report-archive/*
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: [s3:GetObject, s3:PutObject]
    ///     Resource: arn:aws:s3:::report-archive/*
    /// ```
    ///
    /// ## Source
    /// [Policy element `Statement`](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_statement.html)
    STATEMENT_REPEATED = "IAM164", "Repeated statement", Hint, fix: Safe;

    /// ## What it does
    /// Marks a statement whose actions and resources another one of the same effect takes in, under the same condition or
    /// none.
    ///
    /// ## Why it matters
    /// It changes nothing, and hides how much the other one takes in.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:GetObject
    ///     Resource: arn:aws:s3:::report-archive/daily/*
    ///   - Effect: Allow
    ///     Action: [s3:GetObject, s3:PutObject]
    ///     Resource: arn:aws:s3:::report-archive/*
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: [s3:GetObject, s3:PutObject]
    ///     Resource: arn:aws:s3:::report-archive/*
    /// ```
    ///
    /// ## Source
    /// [Policy element `Statement`](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_statement.html)
    STATEMENT_COVERED = "IAM165", "Covered statement", Hint, fix: Safe
}

/// What a statement says, in a form that can be compared.
struct Said<'a> {
    /// Whether all of it is known and without a fault. What is not may still take in another one by the rest that it has.
    is_whole: bool,
    effect: Effect,
    not_action: bool,
    actions: BTreeSet<String>,
    not_resource: bool,
    resources: BTreeSet<&'a str>,
    condition: Conditions<'a>,
}

/// Operator, key without regard to case, and values.
type Conditions<'a> = BTreeSet<(&'a str, String, BTreeSet<&'a str>)>;

pub(super) fn check(ctx: &PolicyContext<'_>, acc: &mut Vec<Diagnostic>) {
    let said: Vec<(&StatementContext<'_>, Said<'_>)> =
        ctx.statements.iter().filter_map(|statement| Some((statement, Said::by(statement)?))).collect();
    let mut first = HashMap::new();
    for (at, (statement, own)) in said.iter().enumerate().filter(|(_, (_, own))| own.is_whole) {
        let before = *first.entry(own.key()).or_insert(at);
        if before != at {
            let message = "Another statement says the same already. Remove this one.";
            acc.push(needless(ctx, &STATEMENT_REPEATED, statement.statement, said[before].0.statement, message));
            continue;
        }
        // Of two that take in each other, the first one stays.
        let covers = |(other, (_, wider)): &(usize, &(_, Said<'_>))| {
            let both_ways = || *other > at && wider.is_whole && own.covers(wider);
            *other != at && wider.covers(own) && (wider.key() != own.key() || !wider.is_whole) && !both_ways()
        };
        if let Some((_, (other, _))) = said.iter().enumerate().find(covers) {
            let message =
                "Another statement takes in all that this one is about, under no other condition. Remove this one.";
            acc.push(needless(ctx, &STATEMENT_COVERED, statement.statement, other.statement, message));
        }
    }
}

/// IAM166: two statements that can become one. They have the same effect and condition, and the same actions or the same
/// resources.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::rules::iam) struct Mergeable {
    /// The place of the first one in the policy.
    pub first: usize,
    /// The place of the other one.
    pub other: usize,
    /// Whether the actions are the same.
    pub same_actions: bool,
    /// Whether the resources are.
    pub same_resources: bool,
}

/// The pairs of statements that can become one.
pub(in crate::rules::iam) fn mergeable(ctx: &PolicyContext<'_>) -> Vec<Mergeable> {
    let said: Vec<_> = ctx.statements.iter().map(|statement| Said::by(statement).filter(|own| own.is_whole)).collect();
    let mut pairs = Vec::new();
    for (first, own) in said.iter().enumerate() {
        for (other, wider) in said.iter().enumerate().skip(first + 1) {
            if let (Some(own), Some(wider)) = (own, wider)
                && own.merges_with(wider)
            {
                pairs.push(Mergeable {
                    first,
                    other,
                    same_actions: own.actions == wider.actions,
                    same_resources: own.resources == wider.resources,
                });
            }
        }
    }
    pairs
}

impl<'a> Said<'a> {
    /// `None` for what cannot be compared at all.
    fn by(statement: &StatementContext<'a>) -> Option<Self> {
        let (actions, resources) = (statement.statement.actions.as_ref()?, statement.statement.resources.as_ref()?);
        let sound_actions: Vec<&str> = statement
            .actions
            .iter()
            .filter(|entry| !matches!(entry.reach, Reach::Faulty | Reach::Unknown))
            .map(|entry| entry.text.text)
            .collect();
        let sound_resources: BTreeSet<&'a str> = statement
            .resources
            .iter()
            .filter(|entry| !matches!(entry.target, Target::Faulty | Target::Unknown))
            .map(|entry| entry.text.text)
            .collect();
        if sound_actions.is_empty() || sound_resources.is_empty() {
            return None;
        }
        let is_whole_element = |element: &Element<'_>, all_sound: bool| all_sound && !element.has_others;
        let whole_actions = is_whole_element(actions, sound_actions.len() == statement.actions.len());
        let all_sound = statement.resources.iter().all(|entry| sound_resources.contains(entry.text.text));
        let whole_resources = is_whole_element(resources, all_sound);
        // Of what is spared, nothing may be unknown.
        if actions.negated && !whole_actions || resources.negated && !whole_resources {
            return None;
        }
        Some(Self {
            is_whole: whole_actions && whole_resources,
            effect: statement.effect()?,
            not_action: actions.negated,
            actions: sound_actions.iter().map(|text| text.to_ascii_lowercase()).collect(),
            not_resource: resources.negated,
            resources: sound_resources,
            condition: conditions(statement.statement)?,
        })
    }

    fn key(&self) -> (Effect, bool, &BTreeSet<String>, bool, &BTreeSet<&'a str>, &Conditions<'a>) {
        (self.effect, self.not_action, &self.actions, self.not_resource, &self.resources, &self.condition)
    }

    /// Whether it is about all that another one is about, under no other condition.
    fn covers(&self, other: &Self) -> bool {
        let same_kind = self.effect == other.effect
            && self.not_action == other.not_action
            && self.not_resource == other.not_resource
            && (self.condition.is_empty() || self.condition == other.condition);
        if !same_kind {
            return false;
        }
        // What is left out has to be less, not more.
        let (wide, narrow) = if self.not_resource { (other, self) } else { (self, other) };
        let resource = |text: &&str| {
            wide.resources.contains(text) || wide.resources.iter().any(|pattern| resource_covers(pattern, text))
        };
        if !narrow.resources.iter().all(resource) {
            return false;
        }
        let (wide, narrow) = if self.not_action { (other, self) } else { (self, other) };
        let covered = |action: &String| {
            wide.actions.contains(action) || wide.actions.iter().any(|pattern| action_covers(pattern, action))
        };
        narrow.actions.iter().all(covered)
    }

    fn merges_with(&self, other: &Self) -> bool {
        let same_resources = self.resources == other.resources;
        let (same_actions, one_differs) = (self.actions == other.actions, !self.not_action && !self.not_resource);
        self.effect == other.effect
            && self.condition == other.condition
            && self.not_action == other.not_action
            && self.not_resource == other.not_resource
            && (one_differs || same_actions && same_resources)
            && (same_actions || same_resources)
    }
}

/// The condition of a statement; `None` when not all of it can be read.
fn conditions<'a>(statement: &Statement<'a>) -> Option<Conditions<'a>> {
    let count = |value: Value<'_>| if value.is_list() { value.items().len() } else { 1 };
    if let Some(condition) = statement.value.get("Condition") {
        let whole = condition.is_map()
            && statement.condition.iter().all(|block| {
                block.value.is_map() && block.tests.iter().all(|test| test.values.len() == count(test.value))
            });
        if !whole {
            return None;
        }
    }
    let tests = statement.condition.iter().flat_map(|block| block.tests.iter().map(move |test| (block.name, test)));
    let test = |(name, test): (&'a str, &Test<'a>)| {
        (name, test.key.to_ascii_lowercase(), test.values.iter().map(|value| value.text.text).collect())
    };
    Some(tests.map(test).collect())
}

fn needless<'a>(
    ctx: &PolicyContext<'a>,
    rule: &'static Rule,
    statement: &Statement<'a>,
    other: &Statement<'a>,
    message: &str,
) -> Diagnostic {
    let value = statement.value;
    // What an alias repeats is repeated where the alias stands.
    let place = match value.definition() {
        Some(_) => Place { definition: None, ..value.place() },
        None => ctx.at(value),
    };
    let fix = edits::safe("Remove the statement", edits::remove(ctx, value));
    let diagnostic = ctx.report(rule, place, message).unnecessary();
    diagnostic.related(ctx.key(other.value).range, "It is this one.").fix(fix)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::config::build;
    use crate::iam::policy::Reader;
    use crate::inputs::{DocumentKind, Inputs};
    use crate::rules::iam::{PolicyFacts, PolicyScope};
    use crate::yaml::Document;

    #[test]
    fn statements_become_one_where_nothing_more_is_allowed() {
        let statement = |action: &str, resource: &str, more: &str| {
            format!("{{Effect: Allow, Action: [{action}], Resource: ['arn:aws:s3:::{resource}']{more}}}")
        };
        let condition = ", Condition: {Bool: {aws:SecureTransport: 'true'}}";
        for (one, other, merge) in [
            (statement("s3:GetObject", "a", ""), statement("s3:PutObject", "a", ""), true),
            (statement("s3:GetObject", "a", ""), statement("S3:getobject", "b", ""), true),
            (statement("s3:GetObject", "a", ""), statement("s3:PutObject", "b", ""), false),
            (statement("s3:GetObject", "a", ""), statement("s3:PutObject", "a", condition), false),
            (statement("s3:GetObject", "a", condition), statement("s3:PutObject", "a", condition), true),
            (
                statement("s3:GetObject", "a", ""),
                "{Effect: Deny, Action: [s3:*], Resource: ['arn:aws:s3:::a']}".to_owned(),
                false,
            ),
        ] {
            let document = Document::new(format!("Statement: [{one}, {other}]\n"));
            let config = build(&document, &Inputs { kind: DocumentKind::Policy, ..Inputs::default() });
            let policy = Reader::new(&document, &config).policy(config.root().unwrap());
            let facts = PolicyFacts {
                region: None,
                account_id: None,
                role_arn: None,
                compat_upstream: false,
                deploy_time_parameters: &BTreeSet::new(),
                enabled: &BTreeSet::new(),
                size_limit: 0,
                in_configuration: false,
            };
            let scope = PolicyScope::new(&document, &config, &policy, &facts);
            let context = PolicyContext::new(scope, &[], &[], &mut Vec::new());
            let pairs: Vec<_> = mergeable(&context).iter().map(|pair| (pair.first, pair.other)).collect();
            assert_eq!(pairs, if merge { vec![(0, 1)] } else { vec![] }, "{one} {other}");
        }
    }
}
