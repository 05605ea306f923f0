//! What is said of the packed table beside it.

use slipway_lang::iam::reference::{Action, Reference, ResourceType, Service};

use sha2::{Digest, Sha256};

use super::packages::ALL;
use crate::registry::Registry;

/// The manifest of a packed table.
pub(crate) fn render(reference: &Reference, blob: &[u8]) -> String {
    let mut text = "# Made by `cargo xtask iam-data`, together with reference.bin.\n".to_owned();
    text.push_str(&format!("date = \"{}\"\n", reference.date()));
    let sum: String = Sha256::digest(blob).iter().map(|byte| format!("{byte:02x}")).collect();
    text.push_str(&format!("sha256 = \"{sum}\"\nbytes = {}\n\n[counts]\n", blob.len()));
    let services = || reference.services();
    let actions = || services().flat_map(Service::actions);
    let types = || services().flat_map(Service::resource_types);
    for (name, count) in [
        ("services", services().len()),
        ("actions", actions().count()),
        ("bare_names", services().map(|service| service.bare_names().len()).sum()),
        ("resource_types", types().count()),
        ("arn_formats", types().map(|kind: ResourceType<'_>| kind.arn_formats().len()).sum()),
        ("keys", reference.key_count()),
        ("actions_and_types", actions().map(|action: Action<'_>| action.resource_types().len()).sum()),
        ("actions_and_dependents", actions().map(|action: Action<'_>| action.dependents().len()).sum()),
    ] {
        text.push_str(&format!("{name} = {count}\n"));
    }
    for package in ALL {
        let registry = match package.registry {
            Registry::Npm => "npm",
            Registry::PyPi => "PyPI",
        };
        text.push_str(&format!(
            "\n[[packages]]\nregistry = \"{registry}\"\nname = \"{}\"\nversion = \"{}\"\nlicence = \"{}\"\ndated = \"{}\"\ntaken = \"{}\"\n",
            package.name, package.version, package.licence, package.dated, package.taken
        ));
    }
    text
}
