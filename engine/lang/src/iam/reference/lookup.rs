//! Finding services, actions, resource types and keys by name.

use super::{Action, ActionRow, Key, KeyRow, Reference, ResourceType, Service};
use crate::iam::glob::matches_ignoring_case as matches;
use crate::iam::tables::{compare, global_keys};
use crate::suggest;

impl Reference {
    /// The service with this prefix.
    pub fn service(&self, prefix: &str) -> Option<Service<'_>> {
        let found = self.services.binary_search_by(|row| compare(self.text(row.prefix), prefix)).ok()?;
        Some(Service { reference: self, row: found as u32 })
    }

    /// The action that `s3:GetObject` names.
    pub fn action(&self, name: &str) -> Option<Action<'_>> {
        let (prefix, name) = name.split_once(':')?;
        self.service(prefix)?.action(name)
    }

    /// The actions that a pattern such as `s3:Get*`, `s?:*` or `*` reaches, sorted.
    pub fn matching<'r, 'p>(&'r self, pattern: &'p str) -> impl Iterator<Item = Action<'r>> + use<'r, 'p> {
        let (prefix, name) = split(pattern);
        self.services_matching(prefix).flat_map(move |service| service.matching(name))
    }

    /// The names that such a pattern reaches among those of which nothing else is known.
    pub fn matching_bare_names<'r, 'p>(
        &'r self,
        pattern: &'p str,
    ) -> impl Iterator<Item = (Service<'r>, &'r str)> + use<'r, 'p> {
        let (prefix, name) = split(pattern);
        self.services_matching(prefix).flat_map(move |service| {
            service.bare_names().filter(move |bare| matches(name, bare)).map(move |bare| (service, bare))
        })
    }

    fn services_matching<'r, 'p>(&'r self, prefix: &'p str) -> impl Iterator<Item = Service<'r>> + use<'r, 'p> {
        let one = if is_pattern(prefix) { None } else { self.service(prefix) };
        let several =
            is_pattern(prefix).then(|| self.services().filter(move |service| matches(prefix, service.prefix())));
        one.into_iter().chain(several.into_iter().flatten())
    }

    /// The condition key of this name, global or any service's; `aws:RequestTag/team` finds `aws:RequestTag/${TagKey}`.
    pub fn key(&self, name: &str) -> Option<Key<'_>> {
        if let Some(key) = global_keys::find(name) {
            return Some(key);
        }
        // The service that the prefix names knows its own keys best; the kinds that others give for them differ now and then.
        let own = name.split_once(':').and_then(|(prefix, _)| self.service(prefix)?.key(name));
        own.or_else(|| self.find_key(name))
    }

    /// The service whose prefix is nearest to a misspelt one.
    pub fn nearest_service(&self, prefix: &str) -> Option<Service<'_>> {
        let near = suggest::closest(prefix, self.services().map(Service::prefix), reach(prefix))?;
        self.service(near)
    }

    /// The condition key whose name is nearest to a misspelt one, up to three letters away: a global one, or one of the
    /// service that the prefix names or comes near to. Of a key with a placeholder, what is before it counts.
    pub fn nearest_key(&self, name: &str) -> Option<Key<'_>> {
        let (prefix, own_name) = name.split_once(':')?;
        let service = self.service(prefix).or_else(|| self.nearest_service(prefix));
        let keys = global_keys::KEYS.iter().copied().chain(service.into_iter().flat_map(Service::keys));
        let (plain, tagged): (Vec<Key<'_>>, Vec<Key<'_>>) = keys.partition(|key| key.around_placeholder().is_none());
        let plain_names = plain.iter().map(|key| key.name());
        let near = suggest::closest(name, plain_names, key_reach(own_name)).and_then(|near| self.key(near));
        near.or_else(|| {
            let head = &name[..=name.find('/')?];
            let heads = tagged.iter().filter_map(|key| Some(key.around_placeholder()?.0));
            let near = suggest::closest(head, heads, key_reach(own_name))?;
            tagged.iter().copied().find(|key| key.name().starts_with(near))
        })
    }

    fn find_key(&self, name: &str) -> Option<Key<'_>> {
        let prefix = &name[..=name.find(':')?];
        let beginning = |row: &KeyRow| compare(start_of(self.text(row.name), prefix.len()), prefix);
        let first = self.keys.partition_point(|row| beginning(row).is_lt());
        let count = self.keys[first..].partition_point(|row| beginning(row).is_eq());
        most_exact((first..first + count).map(|row| self.key_at(row as u32)), name)
    }
}

/// How far a word may be from what it means: one letter in a short one, two in others. A single letter means nothing.
fn reach(word: &str) -> usize {
    match word.len() {
        0..=1 => 0,
        2..=5 => 1,
        _ => 2,
    }
}

/// Keys are long, and differ from each other by more than actions do; still half of the name has to be right.
fn key_reach(name: &str) -> usize {
    3.min(name.len() / 2)
}

impl<'r> Service<'r> {
    /// The action of this name.
    pub fn action(self, name: &str) -> Option<Action<'r>> {
        let rows = self.data().actions;
        let reference = self.reference;
        let found =
            reference.actions[rows.range()].binary_search_by(|row| compare(reference.text(row.name), name)).ok()?;
        Some(Action { reference, row: rows.start + found as u32 })
    }

    /// The actions whose names begin so, sorted.
    pub fn starting_with(self, start: &str) -> impl ExactSizeIterator<Item = Action<'r>> + Clone + use<'r> {
        let reference = self.reference;
        let rows = self.data().actions;
        let names = &reference.actions[rows.range()];
        let beginning = |row: &ActionRow| compare(start_of(reference.text(row.name), start.len()), start);
        let first = names.partition_point(|row| beginning(row).is_lt());
        let count = names[first..].partition_point(|row| beginning(row).is_eq());
        let first = rows.start + first as u32;
        (first..first + count as u32).map(move |row| Action { reference, row })
    }

    /// The actions that a pattern of the name, such as `Get*`, reaches, sorted.
    pub fn matching<'p>(self, pattern: &'p str) -> impl Iterator<Item = Action<'r>> + Clone + use<'r, 'p> {
        // What is before the first wildcard leaves few to look at.
        let fixed = pattern.find(WILDCARDS).unwrap_or(pattern.len());
        self.starting_with(&pattern[..fixed]).filter(move |action| matches(pattern, action.name()))
    }

    /// The resource type of this name.
    pub fn resource_type(self, name: &str) -> Option<ResourceType<'r>> {
        self.resource_types().find(|kind| kind.name().eq_ignore_ascii_case(name))
    }

    /// The condition key of this name among those that its actions and resource types support.
    pub fn key(self, name: &str) -> Option<Key<'r>> {
        most_exact(self.keys(), name)
    }

    /// Whether there is an action of this name, be it that nothing else is known of it.
    pub fn knows(self, name: &str) -> bool {
        let reference = self.reference;
        let bare_names = &reference.bare_names[self.data().bare_names.range()];
        self.action(name).is_some() || bare_names.binary_search_by(|bare| compare(reference.text(*bare), name)).is_ok()
    }

    /// The action whose name is nearest to a misspelt one.
    pub fn nearest(self, name: &str) -> Option<Action<'r>> {
        let near = suggest::closest(name, self.actions().map(Action::name), reach(name))?;
        self.action(near)
    }
}

/// The first bytes of a name, as many as it has.
fn start_of(name: &str, length: usize) -> &[u8] {
    &name.as_bytes()[..name.len().min(length)]
}

/// Of the keys that a name can mean, the one that spells out most of it.
fn most_exact<'r>(keys: impl Iterator<Item = Key<'r>>, name: &str) -> Option<Key<'r>> {
    let spelt_out = |key: &Key<'_>| key.around_placeholder().map_or(usize::MAX, |(head, tail)| head.len() + tail.len());
    keys.filter(|key| key.is_named(name)).max_by_key(spelt_out)
}

const WILDCARDS: [char; 2] = ['*', '?'];

/// The prefix and the name of a pattern.
fn split(pattern: &str) -> (&str, &str) {
    pattern.split_once(':').unwrap_or(if pattern == "*" { ("*", "*") } else { ("", "") })
}

fn is_pattern(text: &str) -> bool {
    text.contains(WILDCARDS)
}
