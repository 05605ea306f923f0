//! Services, actions and resource types as small values that point into the table.

use std::fmt;

use super::{ActionRow, Key, Reference, ServiceRow, Text, TypeRow};

/// A service, by the prefix that its actions have in a policy.
#[derive(Clone, Copy)]
pub struct Service<'r> {
    pub(super) reference: &'r Reference,
    pub(super) row: u32,
}

impl<'r> Service<'r> {
    /// The prefix, as `s3`.
    pub fn prefix(self) -> &'r str {
        self.reference.text(self.data().prefix)
    }

    /// The name of the service, as `Amazon S3`; the prefix where nothing but names of actions is known.
    pub fn title(self) -> &'r str {
        self.reference.text(self.data().title)
    }

    /// Its actions, sorted by name.
    pub fn actions(self) -> impl ExactSizeIterator<Item = Action<'r>> + DoubleEndedIterator + Clone + use<'r> {
        let rows = self.data().actions;
        (rows.start..rows.end).map(move |row| Action { reference: self.reference, row })
    }

    /// Its resource types, sorted by name.
    pub fn resource_types(self) -> impl ExactSizeIterator<Item = ResourceType<'r>> + Clone + use<'r> {
        let rows = self.data().types;
        (rows.start..rows.end).map(move |row| ResourceType { reference: self.reference, row })
    }

    /// The condition keys that its actions and resource types support, sorted by name. Some are global.
    pub fn keys(self) -> impl ExactSizeIterator<Item = Key<'r>> + Clone + use<'r> {
        let rows = self.reference.service_keys[self.data().keys.range()].iter();
        rows.map(move |row| self.reference.key_at(*row))
    }

    /// Lower-case names of actions that are known to exist, and of which nothing else is known, sorted.
    pub fn bare_names(self) -> impl ExactSizeIterator<Item = &'r str> + Clone + use<'r> {
        let names = self.reference.bare_names[self.data().bare_names.range()].iter();
        names.map(move |name| self.reference.text(*name))
    }

    pub(super) fn data(self) -> &'r ServiceRow {
        &self.reference.services[self.row as usize]
    }
}

/// An action of a service.
#[derive(Clone, Copy)]
pub struct Action<'r> {
    pub(super) reference: &'r Reference,
    pub(super) row: u32,
}

impl<'r> Action<'r> {
    /// The service it belongs to.
    pub fn service(self) -> Service<'r> {
        Service { reference: self.reference, row: u32::from(self.data().service) }
    }

    /// The published name without the prefix, as `GetObject`.
    pub fn name(self) -> &'r str {
        self.reference.text(self.data().name)
    }

    /// What it does to what it is used on.
    pub fn level(self) -> AccessLevel {
        self.data().level
    }

    /// The types of resources it can be limited to, and whether the reference marks the type as required. None means that
    /// only `*` grants it.
    pub fn resource_types(self) -> impl ExactSizeIterator<Item = (ResourceType<'r>, bool)> + Clone + use<'r> {
        let set = self.reference.type_sets.get(self.data().types).iter();
        set.map(move |item| (ResourceType { reference: self.reference, row: item >> 1 }, item & 1 == 1))
    }

    /// The condition keys that it supports whatever resource it is used on. Those of its resource types come on top.
    pub fn keys(self) -> impl ExactSizeIterator<Item = Key<'r>> + Clone + use<'r> {
        self.reference.keys_of(self.data().keys)
    }

    /// The actions, as `iam:PassRole`, that a caller needs besides this one, at least for some calls.
    pub fn dependents(self) -> impl ExactSizeIterator<Item = &'r str> + Clone + use<'r> {
        let set = self.reference.dependent_sets.get(self.data().dependents).iter();
        set.map(move |row| self.reference.text(self.reference.dependents[*row as usize]))
    }

    fn data(self) -> &'r ActionRow {
        &self.reference.actions[self.row as usize]
    }
}

impl fmt::Display for Action<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.service().prefix(), self.name())
    }
}

/// A type of resource that actions of a service can be limited to.
#[derive(Clone, Copy)]
pub struct ResourceType<'r> {
    reference: &'r Reference,
    row: u32,
}

impl<'r> ResourceType<'r> {
    /// Its name in the service, as `bucket`.
    pub fn name(self) -> &'r str {
        self.reference.text(self.data().name)
    }

    /// The forms its ARNs have, with placeholders, as `arn:${Partition}:s3:::${BucketName}`. At least one.
    pub fn arn_formats(self) -> impl ExactSizeIterator<Item = &'r str> + Clone + use<'r> {
        let formats: &[Text] = &self.reference.formats[self.data().formats.range()];
        formats.iter().map(move |format| self.reference.text(*format))
    }

    /// The condition keys that every action on a resource of this type supports.
    pub fn keys(self) -> impl ExactSizeIterator<Item = Key<'r>> + Clone + use<'r> {
        self.reference.keys_of(self.data().keys)
    }

    fn data(self) -> &'r TypeRow {
        &self.reference.types[self.row as usize]
    }
}

impl Reference {
    fn keys_of(&self, set: u16) -> impl ExactSizeIterator<Item = Key<'_>> + Clone {
        self.key_sets.get(set).iter().map(|row| self.key_at(*row))
    }
}

/// What an action does to what it is used on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AccessLevel {
    /// Tells which resources there are.
    List,
    /// Reads what is in a resource, or its settings.
    Read,
    /// Makes, changes or removes resources.
    Write,
    /// Changes nothing but tags.
    Tagging,
    /// Grants or changes permissions.
    PermissionsManagement,
}

impl AccessLevel {
    /// Every level, from harmless to dangerous. The place of one is its number in the packed reference.
    pub const ALL: [Self; 5] = [Self::List, Self::Read, Self::Write, Self::Tagging, Self::PermissionsManagement];

    /// The published name, as `Permissions management`.
    pub fn name(self) -> &'static str {
        match self {
            Self::List => "List",
            Self::Read => "Read",
            Self::Write => "Write",
            Self::Tagging => "Tagging",
            Self::PermissionsManagement => "Permissions management",
        }
    }
}

impl fmt::Display for AccessLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Two handles of one table are equal when they point at the same row.
macro_rules! identity {
    ($($handle:ident: $shown:expr;)*) => {$(
        impl PartialEq for $handle<'_> {
            fn eq(&self, other: &Self) -> bool {
                std::ptr::eq(self.reference, other.reference) && self.row == other.row
            }
        }

        impl Eq for $handle<'_> {}

        impl std::hash::Hash for $handle<'_> {
            fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
                self.row.hash(state);
            }
        }

        impl fmt::Debug for $handle<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($handle), $shown(*self))
            }
        }
    )*};
}

identity! {
    Service: Service::prefix;
    Action: |action: Action<'_>| action.to_string();
    ResourceType: ResourceType::name;
}
