//! What a rule about policies may look at: the policy, what is known beside it, and what its actions and resources come to.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::ops::{Deref, Range};

use super::{Judge, redundancy};
use crate::config::{Config, Value};
use crate::diagnostic::{Diagnostic, Place, Rule};
use crate::iam::arn::{Arn, Format};
use crate::iam::formats;
use crate::iam::policy::{Effect, Element, Policy, Reader, Statement, Text, Written};
use crate::iam::reference::{Action, Reference, ResourceType, reference};
use crate::text::TextRange;
use crate::yaml::{Document, NodeKind};

/// Most characters of a managed policy, blanks not counted.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>
pub(crate) const MANAGED_POLICY_SIZE: usize = 6144;

/// What is known beside a policy. Nothing known means that the rules concerned stay silent.
#[derive(Debug)]
pub(in crate::rules) struct PolicyFacts<'a> {
    /// The region of the deployment.
    pub region: Option<&'a str>,
    /// The account of the deployment.
    pub account_id: Option<&'a str>,
    /// The role that is given beside the policy, as far as its text is known.
    pub role_arn: Option<&'a str>,
    /// Whether the original tool has to read the policy, too.
    pub compat_upstream: bool,
    /// Parameters of Systems Manager that a deployment reads into the file.
    pub deploy_time_parameters: &'a BTreeSet<String>,
    /// Codes of rules that only report when asked to.
    pub enabled: &'a BTreeSet<String>,
    /// Most characters that the policy may have.
    pub size_limit: usize,
    /// Whether the policy stands in a configuration of containers, where other rules look at the text as well.
    pub in_configuration: bool,
}

/// A policy and what is known beside it. Its methods give the places of what is found.
pub(in crate::rules) struct PolicyScope<'a> {
    /// The text and its tree.
    pub document: &'a Document,
    /// What the text means.
    pub config: &'a Config,
    /// The policy.
    pub policy: &'a Policy<'a>,
    /// What is known beside it.
    pub facts: &'a PolicyFacts<'a>,
    /// What AWS lets a policy name.
    pub reference: &'static Reference,
}

/// A policy with what its statements come to. Everything of a [`PolicyScope`] is at hand as well.
pub(in crate::rules) struct PolicyContext<'a> {
    scope: PolicyScope<'a>,
    /// The statements, in the order of the text.
    pub statements: Vec<StatementContext<'a>>,
}

/// A statement with what its actions and resources come to.
pub(in crate::rules) struct StatementContext<'a> {
    /// The statement.
    pub statement: &'a Statement<'a>,
    /// The entries of `Action` or `NotAction`, faulty ones included.
    pub actions: Vec<ActionEntry<'a>>,
    /// The entries of `Resource` or `NotResource`, faulty ones included.
    pub resources: Vec<ResourceEntry<'a>>,
}

/// An entry of `Action` or `NotAction`.
pub(in crate::rules) struct ActionEntry<'a> {
    /// What is written.
    pub text: &'a Text<'a>,
    /// What it comes to.
    pub reach: Reach,
    /// The part of a `Deny` that takes all of it back, if one does.
    pub taken_back: Option<Value<'a>>,
}

/// What an entry of `Action` or `NotAction` comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::rules) enum Reach {
    /// A fault was reported, and it takes part in nothing else.
    Faulty,
    /// Only a deployment knows it.
    Unknown,
    /// `*` or `*:*`.
    Every,
    /// This action.
    One(Action<'static>),
    /// A name that exists and of which nothing else is known.
    Bare,
    /// A pattern that reaches these actions, at least one.
    Pattern(Vec<Action<'static>>),
}

/// An entry of `Resource` or `NotResource`.
pub(in crate::rules) struct ResourceEntry<'a> {
    /// What is written.
    pub text: &'a Text<'a>,
    /// What it comes to.
    pub target: Target<'a>,
    /// Formats that it was held against, and whether it overlaps and covers them.
    met: RefCell<HashMap<&'static str, Meeting>>,
}

/// What an entry of `Resource` or `NotResource` comes to.
#[derive(Clone, Debug)]
pub(in crate::rules) enum Target<'a> {
    /// An error was reported, and it takes part in nothing else.
    Faulty,
    /// Only a deployment knows it.
    Unknown,
    /// `*`.
    Every,
    /// A name.
    Arn(Box<Arn<'a>>),
}

#[derive(Clone, Copy)]
struct Meeting {
    overlaps: bool,
    covers: bool,
}

impl<'a> PolicyScope<'a> {
    /// Prepares to look at a policy.
    pub(super) fn new(
        document: &'a Document,
        config: &'a Config,
        policy: &'a Policy<'a>,
        facts: &'a PolicyFacts<'a>,
    ) -> Self {
        Self { document, config, policy, facts, reference: reference() }
    }

    /// Reads other parts of the document as the policy was read.
    pub fn reader(&self) -> Reader<'a> {
        Reader::new(self.document, self.config)
    }

    /// What is written in a place.
    pub fn written(&self, value: Value<'a>) -> Written<'a> {
        self.reader().written(value)
    }

    /// The place of a value: where it is written, also when an alias brought it to where it is used. Of text, the quotes are
    /// left out.
    pub fn at(&self, value: Value<'a>) -> Place {
        let tree = self.document.tree();
        let node = tree.node(value.node());
        let range = match &node.kind {
            NodeKind::Scalar(scalar) if !scalar.text.is_empty() => {
                tree.scalar_part(self.document.source(), value.node(), 0..scalar.text.len())
            }
            _ => node.range,
        };
        place(value, range)
    }

    /// The place of the key that a value stands under; for an item and for the policy itself, a short range that stands for it.
    pub fn key(&self, value: Value<'a>) -> Place {
        let range = value.written_key_range().unwrap_or_else(|| {
            let tree = self.document.tree();
            let first = tree.entries(value.node()).first().map(|entry| tree.node(entry.key).range);
            first.unwrap_or(tree.node(value.node()).range)
        });
        place(value, range)
    }

    /// The place of a key that is missing from a map. In a configuration the path is the one that the key would have, as for all
    /// its keys; in a policy that stands alone, that of the map.
    pub fn missing(&self, map: Value<'a>, key: &str) -> Place {
        let place = self.key(map);
        let path = if self.facts.in_configuration { map.child_path(key) } else { place.path };
        Place { path, ..place }
    }

    /// The place of a part of a text, as byte positions in the text.
    pub fn part(&self, text: &Text<'a>, part: Range<usize>) -> Place {
        let range = self.document.tree().scalar_part(self.document.source(), text.value.node(), part);
        place(text.value, range)
    }

    /// Starts a finding, with the place of use related where an alias brought the text there.
    #[allow(clippy::unused_self, reason = "whoever reports has a context, and it reads as what is done")]
    pub fn report(&self, rule: &'static Rule, place: Place, message: impl Into<String>) -> Diagnostic {
        let Place { range, path, definition } = place;
        let diagnostic = rule.at(Place { range, path, definition: None }, message);
        match definition {
            Some(used) => diagnostic.related(used, "It is used here."),
            None => diagnostic,
        }
    }
}

impl<'a> PolicyContext<'a> {
    /// Judges the actions and resources, and works out what those without a fault come to.
    pub(super) fn new(scope: PolicyScope<'a>, action: &[Judge], resource: &[Judge], acc: &mut Vec<Diagnostic>) -> Self {
        let policy = scope.policy;
        let statement = |statement: &'a Statement<'a>, acc: &mut Vec<Diagnostic>| {
            let mut sound =
                |judges: &[Judge], text: &'a Text<'a>| judges.iter().all(|judge| judge(&scope, statement, text, acc));
            let entries = |element: &'a Option<Element<'a>>| element.iter().flat_map(|element| &element.entries);
            let actions = entries(&statement.actions).map(|text| ActionEntry {
                text,
                reach: if text.is_unknown() {
                    Reach::Unknown
                } else if sound(action, text) {
                    reach(text)
                } else {
                    Reach::Faulty
                },
                taken_back: None,
            });
            let actions = actions.collect();
            let resources = entries(&statement.resources).map(|text| ResourceEntry {
                text,
                target: if text.is_unknown() {
                    Target::Unknown
                } else if sound(resource, text) {
                    target(text)
                } else {
                    Target::Faulty
                },
                met: RefCell::default(),
            });
            StatementContext { statement, actions, resources: resources.collect() }
        };
        let mut statements: Vec<_> = policy.statements.iter().map(|each| statement(each, acc)).collect();
        redundancy::mark_taken_back(&mut statements);
        Self { scope, statements }
    }
}

impl<'a> Deref for PolicyContext<'a> {
    type Target = PolicyScope<'a>;

    fn deref(&self) -> &PolicyScope<'a> {
        &self.scope
    }
}

impl<'a> StatementContext<'a> {
    /// What the statement does, where that is said rightly. Checks of what actions and resources mean need it.
    pub fn effect(&self) -> Option<Effect> {
        self.statement.effect
    }

    /// Whether it allows what it names. The checks of actions with resources, and those of security, are about such statements.
    pub fn allows(&self) -> bool {
        self.effect() == Some(Effect::Allow)
    }

    /// Whether it has `NotAction`.
    pub fn has_not_action(&self) -> bool {
        self.statement.actions.as_ref().is_some_and(|element| element.negated)
    }

    /// Whether it has `NotResource`.
    pub fn has_not_resource(&self) -> bool {
        self.statement.resources.as_ref().is_some_and(|element| element.negated)
    }

    /// Whether it holds under conditions, readable ones or not.
    pub fn has_condition(&self) -> bool {
        let condition = self.statement.value.get("Condition");
        condition.is_some_and(|condition| !condition.is_map() || condition.entries().next().is_some())
    }

    /// Whether it allows everything on everything, under no condition.
    pub fn is_admin(&self) -> bool {
        let every_action = self.actions.iter().any(|entry| entry.reach == Reach::Every);
        let about_all = every_action && !self.has_not_action() && self.star().is_some() && !self.has_not_resource();
        about_all && self.allows() && !self.has_condition()
    }

    /// Whether all that it names is known, and without a fault: then what is not there is missing.
    pub fn names_known_actions_only(&self) -> bool {
        let known = |entry: &ActionEntry<'_>| !matches!(entry.reach, Reach::Faulty | Reach::Unknown | Reach::Bare);
        self.statement.actions.as_ref().is_some_and(|element| !element.has_others) && self.actions.iter().all(known)
    }

    /// Whether its `Action` or `NotAction` is about an action; what is not known counts as no.
    pub fn is_about(&self, action: Action<'static>) -> bool {
        let named = self.actions.iter().any(|entry| entry.reach.reaches(action));
        if self.has_not_action() { !named && self.names_known_actions_only() } else { named }
    }

    /// Whether a resource has an error, or is known to a deployment only: then nothing can be said about what does not match.
    pub fn has_uncertain_resource(&self) -> bool {
        let uncertain = |entry: &ResourceEntry<'_>| matches!(entry.target, Target::Faulty | Target::Unknown);
        self.statement.resources.as_ref().is_none_or(|element| element.has_others)
            || self.resources.iter().any(uncertain)
    }

    /// The entry that is `*`, if one is.
    pub fn star(&self) -> Option<&ResourceEntry<'a>> {
        self.resources.iter().find(|entry| matches!(entry.target, Target::Every))
    }

    /// The names among the resources that have no error.
    pub fn arns(&self) -> impl Iterator<Item = (&ResourceEntry<'a>, &Arn<'a>)> {
        self.resources.iter().filter_map(|entry| match &entry.target {
            Target::Arn(arn) => Some((entry, &**arn)),
            _ => None,
        })
    }

    /// The actions that the sound entries of `Action` name or reach, each with its entry; nothing for `NotAction` and `*`.
    pub fn reached(&self) -> impl Iterator<Item = (&ActionEntry<'a>, Action<'static>)> {
        let entries = self.actions.iter().filter(|_| !self.has_not_action());
        entries.flat_map(|entry| entry.reach.actions().iter().map(move |action| (entry, *action)))
    }
}

impl Reach {
    /// The actions that are named or reached, as far as they can be listed: not for `*`.
    pub fn actions(&self) -> &[Action<'static>] {
        match self {
            Self::One(action) => std::slice::from_ref(action),
            Self::Pattern(actions) => actions,
            Self::Faulty | Self::Unknown | Self::Every | Self::Bare => &[],
        }
    }

    /// Whether it names or reaches an action.
    pub fn reaches(&self, action: Action<'static>) -> bool {
        match self {
            Self::Every => true,
            Self::One(one) => *one == action,
            Self::Pattern(actions) => actions.contains(&action),
            Self::Faulty | Self::Unknown | Self::Bare => false,
        }
    }
}

impl ResourceEntry<'_> {
    /// Whether it may be the name of a resource of this type. `*` is.
    pub fn overlaps(&self, kind: ResourceType<'static>) -> bool {
        self.meets(kind, |meeting| meeting.overlaps)
    }

    /// Whether it is the name of every resource of this type. `*` is.
    pub fn covers(&self, kind: ResourceType<'static>) -> bool {
        self.meets(kind, |meeting| meeting.covers)
    }

    fn meets(&self, kind: ResourceType<'static>, asked: impl Fn(Meeting) -> bool) -> bool {
        match &self.target {
            Target::Every => true,
            Target::Arn(arn) => kind.arn_formats().any(|format| asked(self.meeting(arn, format))),
            Target::Faulty | Target::Unknown => false,
        }
    }

    fn meeting(&self, arn: &Arn<'_>, format: &'static str) -> Meeting {
        *self.met.borrow_mut().entry(format).or_insert_with(|| {
            let service = format.split(':').nth(2).unwrap_or_default();
            // Most formats are of other services, which is told without reading them.
            if service != arn.service.text && !arn.service.pattern.has_wildcard() && !service.contains('$') {
                return Meeting::NONE;
            }
            match formats::of_service(service).iter().find(|known| std::ptr::eq(known.text, format)) {
                Some(known) if known.has_resource(arn) => Meeting::of(arn, &known.format),
                Some(_) => Meeting::NONE,
                None => Format::parse(format).map_or(Meeting::NONE, |format| Meeting::of(arn, &format)),
            }
        })
    }
}

impl Meeting {
    const NONE: Self = Self { overlaps: false, covers: false };

    fn of(arn: &Arn<'_>, format: &Format) -> Self {
        let overlaps = arn.overlaps(format);
        Self { overlaps, covers: overlaps && arn.covers(format) }
    }
}

/// The place of a value. `definition` is where the value is used, when that is elsewhere: [`PolicyScope::report`] says so.
fn place(value: Value<'_>, range: TextRange) -> Place {
    let used = value.definition().map(|_| value.range()).filter(|used| !used.contains_range(range));
    Place { range, path: value.path(), definition: used }
}

/// What an action without a fault comes to.
fn reach(text: &Text<'_>) -> Reach {
    let written = text.text;
    if matches!(written, "*" | "*:*") {
        return Reach::Every;
    }
    if text.has_deploy_time_variable() {
        return Reach::Unknown;
    }
    if written.contains(['*', '?']) {
        let actions: Vec<Action<'static>> = reference().matching(written).collect();
        return if actions.is_empty() { Reach::Bare } else { Reach::Pattern(actions) };
    }
    reference().action(written).map_or(Reach::Bare, Reach::One)
}

/// What a resource without an error comes to.
fn target<'a>(text: &Text<'a>) -> Target<'a> {
    if text.text == "*" {
        return Target::Every;
    }
    Arn::split(text.text).map_or(Target::Unknown, |arn| Target::Arn(Box::new(arn)))
}
