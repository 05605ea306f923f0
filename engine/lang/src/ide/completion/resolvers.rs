//! Resolvers of a stage: their types and what each type may be told.

use super::keys::Writer;
use super::snippets::Body;
use super::{Item, Place};
use crate::ide::cursor::sibling;
use crate::variables::providers::{OptionKind, Reach, Resolver, ResolverOption, provider_named, resolver_types};
use crate::yaml::{NodeId, Tree};

/// The keys of a resolver; `None` where none stands.
pub(super) fn keys(writer: Writer<'_>) -> Option<Vec<Item>> {
    let tree = writer.place.tree();
    let keys = writer.place.cursor.keys(writer.mapping);
    let ["stages", _, "resolvers", _, inner @ ..] = keys.as_slice() else { return None };
    let mut options = Vec::new();
    match inner {
        [] => {
            let kind = resolver(tree, writer.mapping);
            if let Some(kind) = kind {
                options.extend(kind.options);
                options.extend(backend(tree, writer.mapping, kind));
            }
            options.sort_by_key(|option| !option.required);
            let has_backends = kind.is_some_and(|kind| !kind.backends.is_empty());
            let head =
                [("type", "The provider that it asks.", true), ("backend", "Where the state is kept.", has_backends)];
            let head = head.into_iter().filter(|(name, _, fits)| *fits && !writer.has(name));
            let head = head.map(|(name, doc, _)| writer.key(name, &Body::Inline).detail("required").documentation(doc));
            Some(head.chain(items(writer, &options)).collect())
        }
        [_] => {
            let outer = tree.node(writer.mapping).parent?;
            let provider = sibling(tree, outer, "type").and_then(provider_named)?;
            let service = sibling(tree, writer.mapping, "type").and_then(|name| provider.service(name));
            if let Some(service) = service {
                options.extend(service.options);
            }
            let kind = (!provider.services.is_empty() && !writer.has("type"))
                .then(|| writer.key("type", &Body::Inline).documentation("The service that it asks."));
            Some(kind.into_iter().chain(items(writer, &options)).collect())
        }
        _ => None,
    }
}

/// The values of a resolver's options; `None` where none stands.
pub(super) fn values(place: Place<'_>) -> Option<Vec<Item>> {
    let tree = place.tree();
    let keys = place.cursor.keys(place.cursor.node);
    let ["stages", _, "resolvers", _, inner @ ..] = keys.as_slice() else { return None };
    let mapping = tree.node(place.cursor.node).parent?;
    let words = |words: &[&str]| words.iter().map(|word| place.text(word)).collect();
    match inner {
        ["type"] => {
            // Of those that cannot be told anything, one resolver is as good as none.
            let mut types: Vec<_> = resolver_types().filter(|(kind, _)| kind.reach != Reach::Unsupported).collect();
            types.sort_by_key(|(_, kind)| kind.options.is_empty() && kind.backends.is_empty());
            let types = types.into_iter().map(|(kind, _)| place.text(kind.name).documentation(kind.doc));
            Some(types.collect())
        }
        ["backend"] => {
            let backends = resolver(tree, mapping)?.backends.iter();
            Some(backends.map(|backend| place.text(backend.name).documentation(backend.doc)).collect())
        }
        [_, "type"] => {
            let provider = tree.node(mapping).parent.and_then(|outer| sibling(tree, outer, "type"));
            let services = provider_named(provider?)?.services.iter();
            Some(services.map(|service| place.text(service.name).documentation(service.doc)).collect())
        }
        [name] => {
            let kind = resolver(tree, mapping)?;
            let mut options = kind.options.iter().chain(backend(tree, mapping, kind));
            let option = options.find(|option| option.name == *name)?;
            Some(match (option.kind, option.secret) {
                (OptionKind::Choice(choices), _) => words(choices),
                (OptionKind::Bool, _) => vec![place.literal("true"), place.literal("false")],
                (OptionKind::Text, Some(variable)) => vec![place.text(&format!("${{env:{variable}}}"))],
                (OptionKind::Text, None) => Vec::new(),
            })
        }
        _ => None,
    }
}

fn items<'a>(writer: Writer<'a>, options: &'a [&'static ResolverOption]) -> impl Iterator<Item = Item> + 'a {
    let missing = options.iter().filter(move |option| !writer.has(option.name));
    missing.map(move |option| {
        let detail = match (option.required, option.kind) {
            (true, _) => "required",
            (false, OptionKind::Bool) => "`true` or `false`",
            (false, _) => "text",
        };
        writer.key(option.name, &Body::Inline).detail(detail).documentation(option.doc)
    })
}

/// What a resolver may be told, by its `type`.
fn resolver(tree: &Tree, mapping: NodeId) -> Option<&'static Resolver> {
    provider_named(sibling(tree, mapping, "type")?)?.resolver
}

/// The options of its `backend`.
fn backend(tree: &Tree, mapping: NodeId, kind: &'static Resolver) -> &'static [ResolverOption] {
    let named = sibling(tree, mapping, "backend");
    kind.backends.iter().find(|backend| Some(backend.name) == named).map_or(&[], |backend| backend.options)
}
