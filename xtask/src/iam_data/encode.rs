//! Packs the table. What is written here is described, and read, in `engine/lang/src/iam/reference/decode.rs`.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use slipway_lang::iam::reference::{AccessLevel, KeyKind, MAGIC};

use super::table::Table;

/// Packs the table. The same table gives the same bytes.
pub(crate) fn encode(table: &Table) -> Result<Vec<u8>> {
    let mut unpacked = Vec::new();
    for column in columns(table)? {
        number(&mut unpacked, column.len());
        unpacked.extend(column);
    }
    let mut packed = MAGIC.to_vec();
    packed.extend(u32::try_from(unpacked.len()).context("the table is too large")?.to_le_bytes());
    packed.extend(miniz_oxide::deflate::compress_to_vec_zlib(&unpacked, 10));
    Ok(packed)
}

fn columns(table: &Table) -> Result<[Vec<u8>; 17]> {
    let services = &table.services;
    let types = || services.iter().flat_map(|service| &service.types);
    let actions = || services.iter().flat_map(|service| &service.actions);
    let prefixes = std::iter::once(table.date).chain(services.iter().map(|service| &*service.prefix));
    let mut key_kinds = Vec::new();
    for key in &table.keys {
        let kind = KeyKind::ALL.iter().position(|kind| *kind == key.kind).context("every kind is in the list")?;
        number(&mut key_kinds, kind << 1 | usize::from(key.multivalued));
    }
    let needed: BTreeSet<(usize, usize)> = actions().flat_map(|action| action.dependents.iter().copied()).collect();
    let needed_places: BTreeMap<(usize, usize), usize> = needed.iter().copied().zip(0..).collect();
    let mut dependents = Vec::new();
    for (service, action) in needed {
        number(&mut dependents, service);
        number(&mut dependents, action);
    }

    let [mut counts, mut service_keys, mut sets, mut type_keys] = [const { Vec::new() }; 4];
    let [mut levels, mut action_types, mut action_keys, mut action_dependents] = [const { Vec::new() }; 4];
    for service in services {
        for list in [service.actions.len(), service.types.len(), service.keys.len(), service.bare_names.len()] {
            number(&mut counts, list);
        }
        members(&mut service_keys, service.keys.iter().copied());
        let [mut key_sets, mut type_sets, mut dependent_sets] = [const { Interned::new() }; 3];
        for kind in &service.types {
            number(&mut counts, kind.formats.len());
            number(&mut type_keys, key_sets.place(kind.keys.iter().copied()));
        }
        for action in &service.actions {
            let level = AccessLevel::ALL.iter().position(|level| *level == action.level);
            number(&mut levels, level.context("every level is in the list")?);
            let own_types = action.types.iter().map(|(place, required)| place << 1 | usize::from(*required));
            number(&mut action_types, type_sets.place(own_types));
            number(&mut action_keys, key_sets.place(action.keys.iter().copied()));
            let own_dependents = action.dependents.iter().map(|needed| needed_places[needed]);
            number(&mut action_dependents, dependent_sets.place(own_dependents));
        }
        for interned in [key_sets, type_sets, dependent_sets] {
            interned.write(&mut sets);
        }
    }
    Ok([
        texts(prefixes),
        texts(services.iter().map(|service| &*service.title)),
        texts(table.keys.iter().map(|key| &*key.name)),
        key_kinds,
        texts(types().map(|kind| &*kind.name)),
        texts(types().flat_map(|kind| kind.formats.iter().map(|format| &**format))),
        texts(actions().map(|action| &*action.name)),
        texts(services.iter().flat_map(|service| service.bare_names.iter().map(|name| &**name))),
        counts,
        service_keys,
        sets,
        type_keys,
        levels,
        action_types,
        action_keys,
        action_dependents,
        dependents,
    ])
}

/// The different sets of one service, by first use.
struct Interned(Vec<Vec<usize>>);

impl Interned {
    const fn new() -> Self {
        Self(Vec::new())
    }

    fn place(&mut self, set: impl Iterator<Item = usize>) -> usize {
        let set: Vec<usize> = set.collect();
        self.0.iter().position(|other| *other == set).unwrap_or_else(|| {
            self.0.push(set);
            self.0.len() - 1
        })
    }

    fn write(&self, column: &mut Vec<u8>) {
        number(column, self.0.len());
        for set in &self.0 {
            number(column, set.len());
            members(column, set.iter().copied());
        }
    }
}

/// Rising numbers as differences.
fn members(column: &mut Vec<u8>, members: impl Iterator<Item = usize>) {
    let mut before = 0;
    for member in members {
        number(column, member - before);
        before = member;
    }
}

/// Texts, each after what it shares with the one before it.
fn texts<'t>(texts: impl Iterator<Item = &'t str>) -> Vec<u8> {
    let mut column = Vec::new();
    let mut before: &[u8] = &[];
    for text in texts.map(str::as_bytes) {
        let shared = text.iter().zip(before).take_while(|(one, other)| one == other).count();
        number(&mut column, shared);
        number(&mut column, text.len() - shared);
        column.extend(&text[shared..]);
        before = text;
    }
    column
}

fn number(column: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        column.push(number as u8 | 0x80);
        number >>= 7;
    }
    column.push(number as u8);
}
