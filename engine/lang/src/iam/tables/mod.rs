//! What the published reference does not say, one table a file. All are sorted, without regard to ASCII case.

pub mod api_operations;
pub mod closed_services;
pub mod credential_actions;
pub mod default_grants;
pub mod documentation_accounts;
pub mod escalations;
pub mod everyday_services;
pub mod global_keys;
pub mod identifier_keys;
pub mod never_present;
pub mod nicknames;
pub mod type_prefixes;

use std::cmp::Ordering;

/// The order of the tables, and of the reference: by bytes, ASCII letters as lower case.
pub(super) fn compare(name: impl AsRef<[u8]>, other: impl AsRef<[u8]>) -> Ordering {
    let fold = |byte: &u8| byte.to_ascii_lowercase();
    name.as_ref().iter().map(fold).cmp(other.as_ref().iter().map(fold))
}

/// Whether a sorted table of names has this one, case ignored.
pub fn contains(table: &[&str], name: &str) -> bool {
    find(table, name, |own| own).is_some()
}

/// The row of a sorted table that has this name, case ignored.
fn find<'t, T>(table: &'t [T], name: &str, name_of: impl Fn(&T) -> &str) -> Option<&'t T> {
    let found = table.binary_search_by(|row| compare(name_of(row), name)).ok()?;
    table.get(found)
}

/// Each name comes after the one before it.
#[cfg(test)]
fn assert_sorted<'t>(names: impl Iterator<Item = &'t str>) {
    let names: Vec<&str> = names.collect();
    for pair in names.windows(2) {
        assert_eq!(compare(pair[0], pair[1]), Ordering::Less, "{} before {}", pair[0], pair[1]);
    }
}

/// Each name is one of an action, as published.
#[cfg(test)]
fn assert_actions<'t>(names: impl Iterator<Item = &'t str>) {
    for name in names {
        let known = super::reference::reference().action(name).map(|action| action.to_string());
        assert_eq!(known.as_deref(), Some(name));
    }
}
