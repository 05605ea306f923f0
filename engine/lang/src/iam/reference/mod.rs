//! What the published IAM reference says: services, actions, resource types and condition keys.
//!
//! The table is made from public packages by `cargo xtask iam-data` and embedded in packed form; `engine/lang/data/iam/README.md`
//! says from which. It is unpacked at first use. Nothing that was written to be read, such as descriptions, is in it.

mod decode;
mod handles;
mod lookup;

use std::fmt;
use std::sync::OnceLock;

pub use super::key::{Key, KeyKind};
pub use decode::{MAGIC, Malformed};
pub use handles::{AccessLevel, Action, ResourceType, Service};

static REFERENCE: OnceLock<Reference> = OnceLock::new();

/// The reference in force: the installed one, else the embedded one.
///
/// # Panics
///
/// When the embedded table is damaged, which a test rules out.
pub fn reference() -> &'static Reference {
    REFERENCE.get_or_init(|| Reference::parse(EMBEDDED).expect("the embedded reference is whole"))
}

/// Puts another reference in force, for a program that was given a newer one. Only before the first use of [`reference()`]:
/// later it returns false and changes nothing, since findings that were already made would not agree with it.
#[must_use]
pub fn install(reference: Reference) -> bool {
    REFERENCE.set(reference).is_ok()
}

/// The packed table that the program carries.
pub const EMBEDDED: &[u8] = include_bytes!("../../../data/iam/reference.bin");

/// The whole table. Names are sorted without regard to ASCII case, which IAM does not regard either.
pub struct Reference {
    /// Every text of the table, one after the other.
    text: String,
    date: Text,
    services: Vec<ServiceRow>,
    actions: Vec<ActionRow>,
    types: Vec<TypeRow>,
    formats: Vec<Text>,
    keys: Vec<KeyRow>,
    /// The keys of all services, as places in `keys`.
    service_keys: Vec<u32>,
    /// `prefix:Name` of every action that another one depends on.
    dependents: Vec<Text>,
    /// Lower-case names of actions that are known to exist, and of which nothing else is known.
    bare_names: Vec<Text>,
    /// Sets of places in `types`, shifted left by one; the lowest bit says whether the type is required.
    type_sets: Sets,
    /// Sets of places in `keys`.
    key_sets: Sets,
    /// Sets of places in `dependents`.
    dependent_sets: Sets,
}

/// A part of [`Reference::text`].
#[derive(Clone, Copy)]
struct Text {
    start: u32,
    end: u32,
}

/// A part of one of the lists.
#[derive(Clone, Copy)]
struct Rows {
    start: u32,
    end: u32,
}

impl Rows {
    fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

struct ServiceRow {
    prefix: Text,
    title: Text,
    actions: Rows,
    types: Rows,
    keys: Rows,
    bare_names: Rows,
}

struct ActionRow {
    name: Text,
    service: u16,
    types: u16,
    keys: u16,
    dependents: u16,
    level: AccessLevel,
}

struct TypeRow {
    name: Text,
    formats: Rows,
    keys: u16,
}

struct KeyRow {
    name: Text,
    kind: KeyKind,
    multivalued: bool,
}

/// Interned sets of small numbers.
#[derive(Default)]
struct Sets {
    ends: Vec<u32>,
    items: Vec<u32>,
}

impl Sets {
    fn get(&self, set: u16) -> &[u32] {
        let set = usize::from(set);
        let start = if set == 0 { 0 } else { self.ends[set - 1] };
        &self.items[start as usize..self.ends[set] as usize]
    }
}

impl Reference {
    /// Reads a packed table.
    pub fn parse(packed: &[u8]) -> Result<Self, Malformed> {
        decode::decode(packed)
    }

    /// The day the data is from, as `2026-09-26`.
    pub fn date(&self) -> &str {
        self.text(self.date)
    }

    /// Every service, sorted by prefix.
    pub fn services(&self) -> impl ExactSizeIterator<Item = Service<'_>> + Clone {
        (0..self.services.len() as u32).map(|row| Service { reference: self, row })
    }

    /// The number of condition keys that services have.
    pub fn key_count(&self) -> usize {
        self.keys.len()
    }

    fn text(&self, text: Text) -> &str {
        self.text.get(text.start as usize..text.end as usize).unwrap_or_default()
    }

    fn key_at(&self, row: u32) -> Key<'_> {
        let row = &self.keys[row as usize];
        let name = self.text(row.name);
        if row.multivalued { Key::multivalued(name, row.kind) } else { Key::single(name, row.kind) }
    }

    /// The bytes that the table takes in memory.
    pub fn resident(&self) -> usize {
        fn of<T>(list: &Vec<T>) -> usize {
            list.capacity() * size_of::<T>()
        }
        let sets = [&self.type_sets, &self.key_sets, &self.dependent_sets];
        self.text.capacity()
            + of(&self.services)
            + of(&self.actions)
            + of(&self.types)
            + of(&self.formats)
            + of(&self.keys)
            + of(&self.service_keys)
            + of(&self.dependents)
            + of(&self.bare_names)
            + sets.iter().map(|sets| of(&sets.ends) + of(&sets.items)).sum::<usize>()
    }
}

impl fmt::Debug for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Reference({}, {} actions)", self.date(), self.actions.len())
    }
}
