//! A key or a value: what the model says of it, and what is in force.

use super::markdown::{self, code};
use super::route::Routes;
use super::{container, value};
use crate::config::{Value, tree_path};
use crate::ide::described::{Described, Name};
use crate::ide::shown;
use crate::model::{Choice, DeploymentType, Map, Property, Shape, Tagged, Text, TextKind, list_words};
use crate::names::environment::{engine_variable, webhook_variable};
use crate::names::{Kind, Parts};
use crate::rules::{Container, RuleContext};
use crate::variables::providers::{OptionKind, ResolverOption, provider_named};
use crate::variables::stages::DEFAULT_STAGE_KEY;
use crate::webhook::{self, Caller};
use crate::yaml::NodeId;

/// What is known about a key, by the node of its value.
pub(super) fn of_key(ctx: &RuleContext<'_>, node: NodeId) -> Option<String> {
    Page { ctx, node, on_key: true }.write()
}

/// What is known about a scalar value.
pub(super) fn of_value(ctx: &RuleContext<'_>, node: NodeId) -> Option<String> {
    Page { ctx, node, on_key: false }.write()
}

struct Page<'a> {
    ctx: &'a RuleContext<'a>,
    /// The value's node.
    node: NodeId,
    on_key: bool,
}

impl<'a> Page<'a> {
    fn write(&self) -> Option<String> {
        let tree = self.ctx.tree();
        let Some((described, owner)) = Described::with_owner(tree, self.node) else { return self.of_resolver_option() };
        let paragraphs = match described.name {
            Name::Document => return None,
            Name::Property(property) => self.of_property(property, owner),
            Name::Tag(tagged) => self.of_tag(tagged),
            Name::Chosen(map) => self.of_chosen(map, described.shape)?,
            Name::Item => self.of_item()?,
        };
        Some(paragraphs.join("\n\n"))
    }

    fn value(&self) -> Option<Value<'a>> {
        self.ctx.config.value_at(self.node)
    }

    /// The text that stands there, as far as it may be shown.
    fn text(&self) -> Option<&'a str> {
        self.value().filter(|value| !value.is_secret())?.as_str()
    }

    /// The heading of every page.
    fn path(&self) -> String {
        code(&tree_path(self.ctx.document, self.node))
    }

    fn of_property(&self, property: &'static Property, owner: Option<&'static Property>) -> Vec<String> {
        let mut paragraphs = vec![self.path()];
        if let Shape::Choice(choices) = property.shape {
            paragraphs.extend(self.of_choices(choices.iter()));
        }
        paragraphs.extend(self.text().and_then(|text| value::in_words(Some(property), text)));
        paragraphs.push(property.doc.to_owned());
        paragraphs.extend(self.facts(property, owner));
        paragraphs.extend(value::task_sizes(property, self.value()));
        if is_route(property.shape) {
            let route = self.container().and_then(|container| Routes::of(self.ctx)?.describe(container));
            paragraphs.extend(route);
        }
        paragraphs
    }

    /// Type, default, and where the property has its place.
    fn facts(&self, property: &'static Property, owner: Option<&'static Property>) -> Option<String> {
        let owner = owner.unwrap_or(property);
        let deployment = property.only.or(owner.only);
        markdown::list([
            Some(format!("Type: {}", type_in_words(property.shape))),
            property.required.then(|| "Required".to_owned()),
            property.default.map(|default| format!("Default: {}", code(default))),
            self.in_force(),
            deployment.map(|only| self.availability(only)),
            owner.goes_with.map(|(key, value)| format!("Goes with `{key}: {value}`")),
        ])
    }

    /// What is in force, where that is not what is written.
    fn in_force(&self) -> Option<String> {
        let value = self.value().filter(|value| value.is_variable())?;
        shown::lone_value(value).map(|shown| format!("In force: {}", code(&shown)))
    }

    fn availability(&self, only: DeploymentType) -> String {
        match self.ctx.deployment_type() {
            Some(deployment) if deployment != only => {
                format!("Only with `deployment.type: {}`, and this project has `{}`", only.name(), deployment.name())
            }
            _ => format!("Only with `deployment.type: {}`", only.name()),
        }
    }

    fn of_tag(&self, tagged: &'static Tagged) -> Vec<String> {
        let mut paragraphs = vec![self.path()];
        paragraphs.extend(self.of_choices(tagged.variants.iter().map(|variant| &variant.choice)));
        paragraphs.push(tagged.doc.to_owned());
        let words = list_words(tagged.variants.iter().map(|variant| format!("`{}`", variant.choice.value)));
        paragraphs.extend(markdown::list([Some(format!("Type: {words}")), Some("Required".to_owned())]));
        paragraphs
    }

    /// The meaning of the word that stands there; at the key, of all that may.
    fn of_choices(&self, choices: impl Iterator<Item = &'static Choice>) -> Option<String> {
        let written = self.text().filter(|_| !self.on_key);
        let mut choices = choices.filter(|choice| written.is_none_or(|written| written == choice.value));
        match written {
            Some(_) => choices.next().map(|choice| choice.doc.to_owned()),
            None => markdown::list(choices.map(|choice| Some(format!("`{}`: {}", choice.value, choice.doc)))),
        }
    }

    /// An item of a list: what the list is for.
    fn of_item(&self) -> Option<Vec<String>> {
        let tree = self.ctx.tree();
        let list = Described::of(tree, tree.node(self.node).parent?)?;
        let Name::Property(property) = list.name else { return None };
        let mut paragraphs = vec![self.path()];
        paragraphs.extend(self.text().and_then(|text| value::in_words(None, text)));
        paragraphs.push(property.doc.to_owned());
        paragraphs.extend(markdown::list([self.in_force()]));
        Some(paragraphs)
    }

    /// Something that the user named.
    fn of_chosen(&self, map: &'static Map, shape: Shape) -> Option<Vec<String>> {
        let tree = self.ctx.tree();
        let above = Described::of(tree, tree.node(self.node).parent?)?;
        let Name::Property(property) = above.name else { return None };
        let key = tree.scalar_text(tree.entry_of(self.node)?.key)?;
        let mut paragraphs = vec![self.path()];
        match property.name {
            "containers" => {
                let named = self.ctx.containers().find(|container| container.name == key)?;
                paragraphs = vec![container::page(self.ctx, named)];
            }
            "stages" => paragraphs.push(self.of_stage(key)),
            "params" => paragraphs.push(self.of_parameter(key)),
            "resolvers" => paragraphs.extend(self.of_resolver()),
            "environment" => paragraphs.push(self.of_variable(key)),
            "integrations" => paragraphs.extend(self.of_integration(key)),
            _ => paragraphs.push(format!("The {} {}. {}", map.key, code(key), property.doc)),
        }
        if !matches!(shape, Shape::Object(_)) {
            paragraphs.extend(markdown::list([self.in_force()]));
        }
        Some(paragraphs)
    }

    fn of_stage(&self, stage: &str) -> String {
        let name = code(stage);
        if stage == DEFAULT_STAGE_KEY {
            format!("What is in force in every stage that says nothing else. {STAGE}")
        } else if stage == self.ctx.stage() {
            format!("The stage {name}, which is in force. {STAGE}")
        } else {
            format!("The stage {name}. The one in force is {}. {STAGE}", code(self.ctx.stage()))
        }
    }

    fn of_parameter(&self, name: &str) -> String {
        let in_force = if self.ctx.inputs.params.contains_key(name) {
            format!("`--param {name}` wins over it")
        } else {
            let stages = [self.ctx.stage(), DEFAULT_STAGE_KEY];
            let of = |stage: &str| self.ctx.get(&["stages", stage, "params", name]).filter(|value| !value.is_null());
            let counting = stages.into_iter().find_map(|stage| Some((stage, of(stage)?)));
            match counting {
                Some((_, value)) if value.node() == self.node => "It is in force".to_owned(),
                Some((stage, _)) => format!("In force is that of `stages.{stage}`"),
                None => "It is not in force".to_owned(),
            }
        };
        format!("A parameter, read with {}. {in_force}.", code(&format!("${{param:{name}}}")))
    }

    fn of_resolver(&self) -> Option<String> {
        let kind = self.value()?.get("type")?.as_str()?;
        let provider = provider_named(kind)?;
        Some(format!("A resolver of the type `{}`. {}", provider.name, provider.doc))
    }

    /// An environment variable of a container.
    fn of_variable(&self, name: &str) -> String {
        let whose = self.container().map(|container| format!(" of the container {}", code(container.name)));
        let mut text = format!("The environment variable {}{}.", code(name), whose.unwrap_or_default());
        if let Some(engine) = engine_variable(name) {
            let replaced =
                if engine.can_be_replaced { "what is written here replaces it" } else { "it cannot be replaced" };
            text.push_str(&format!(
                " Slipway gives containers one of this name that holds {}; {replaced}.",
                engine.value
            ));
        }
        text
    }

    fn of_integration(&self, name: &str) -> Vec<String> {
        let Some(value) = self.value() else { return Vec::new() };
        let kind = value.get("type").and_then(Value::as_str);
        let caller = match kind {
            Some("schedule") => Some(Caller::Schedule),
            Some("awsEventBridge") => Some(Caller::EventBridge),
            _ => None,
        };
        let schedule = value.get("schedule").filter(|schedule| !schedule.is_secret()).and_then(Value::as_str);
        let words =
            schedule.and_then(|text| crate::schedule::Schedule::parse(text).ok()).map(|schedule| schedule.words());
        let path = caller.map(|caller| match value.get("webhookPath") {
            Some(path) => path.as_str().map(str::to_owned),
            None => Some(webhook::default_path(name, caller)),
        });
        let rule = self.ctx.name().zip(self.container()).map(|(project, container)| {
            let parts = Parts::project(project, self.ctx.stage()).container(container.name).integration(name);
            parts.name(Kind::EventRule).hashed()
        });
        let list = markdown::list([
            kind.map(|kind| format!("Type: {}", code(kind))),
            words,
            path.flatten().map(|path| format!("Calls {}", code(&path))),
            caller.map(|_| format!("The path stands in the variable {}", code(&webhook_variable(name)))),
            caller.and(rule).map(|rule| format!("Its event rule is called {}", code(&rule))),
        ]);
        let mut paragraphs = vec![format!("The integration {}, which calls the container.", code(name))];
        paragraphs.extend(list);
        paragraphs
    }

    /// An option of a resolver, which the provider describes.
    fn of_resolver_option(&self) -> Option<String> {
        let tree = self.ctx.tree();
        let entry = tree.entry_of(self.node)?;
        let resolver = tree.node(self.node).parent?;
        let map = tree.node(resolver).parent?;
        let Name::Property(property) = Described::of(tree, map)?.name else { return None };
        let key = tree.scalar_text(entry.key).filter(|_| property.name == "resolvers")?;
        let kind = self.ctx.config.value_at(resolver)?.get("type")?.as_str()?;
        let provider = provider_named(kind)?;
        if key == "type" {
            return Some(format!("{}\n\nThe provider that the resolver asks. {}", self.path(), provider.doc));
        }
        let known = provider.resolver?;
        let backends = known.backends.iter().flat_map(|backend| backend.options);
        let option = known.options.iter().chain(backends).find(|option| option.name == key)?;
        let facts = markdown::list([
            Some(format!("Type: {}", option_type(option))),
            option.required.then(|| "Required".to_owned()),
        ]);
        Some(format!("{}\n\n{}\n\n{}", self.path(), option.doc, facts.unwrap_or_default()))
    }

    /// The container around the value.
    fn container(&self) -> Option<Container<'a>> {
        let tree = self.ctx.tree();
        let route: Vec<NodeId> = std::iter::successors(Some(self.node), |node| tree.node(*node).parent).collect();
        let [.., named, containers, _] = route[..] else { return None };
        let key = |node| tree.scalar_text(tree.entry_of(node)?.key);
        let name = key(named).filter(|_| key(containers) == Some("containers"))?;
        self.ctx.containers().find(|container| container.name == name)
    }
}

const STAGE: &str = "Its parameters are read with `${param:name}`.";

fn is_route(shape: Shape) -> bool {
    matches!(shape, Shape::Text(Text { kind: TextKind::PathPattern | TextKind::Domain, .. }))
}

fn option_type(option: &ResolverOption) -> String {
    match option.kind {
        OptionKind::Text if option.secret.is_some() => "text, a secret".to_owned(),
        OptionKind::Text => "text".to_owned(),
        OptionKind::Bool => "`true` or `false`".to_owned(),
        OptionKind::Choice(words) => list_words(words.iter().map(|word| format!("`{word}`"))),
    }
}

/// What may stand there, with what is asked of it.
fn type_in_words(shape: Shape) -> String {
    match shape {
        Shape::Text(text) => {
            let length = match (text.min, text.max) {
                (0, u32::MAX) => String::new(),
                (min, u32::MAX) => format!(" of at least {min} characters"),
                (0, max) => format!(" of at most {max} characters"),
                (min, max) => format!(" of {min} to {max} characters"),
            };
            let pattern = text.pattern.map(|pattern| format!(", which {}", pattern.words)).unwrap_or_default();
            format!("text{length}{pattern}")
        }
        Shape::List(list) => format!("a list, of which each item is {}", type_in_words(list.item)),
        Shape::Map(map) => format!("a map by {}", map.key),
        other => other.expectation(),
    }
}
