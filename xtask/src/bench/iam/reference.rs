//! The IAM reference as AWS publishes it, service by service: iam-policy-validator reads it from a folder.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Value, json};
use slipway_lang::iam::key::{Key, KeyKind};
use slipway_lang::iam::reference::{AccessLevel, Action, Service, reference};

/// Writes the embedded reference into a folder.
pub(super) fn write(folder: &Path) -> Result<()> {
    let mut services = Vec::new();
    for service in reference().services() {
        let file = format!("{}.json", service.prefix());
        services.push(json!({"service": service.prefix(), "url": format!("https://example.org/{file}")}));
        put(&folder.join(file), &of_service(service))?;
    }
    put(&folder.join("_services.json"), &services.into())
}

fn put(path: &Path, content: &Value) -> Result<()> {
    fs::write(path, content.to_string()).with_context(|| path.display().to_string())
}

fn of_service(service: Service<'_>) -> Value {
    let types = service.resource_types().map(|kind| {
        let formats: Vec<&str> = kind.arn_formats().collect();
        json!({"Name": kind.name(), "ARNFormats": formats, "ConditionKeys": kind.keys().map(Key::name).collect::<Vec<_>>()})
    });
    let keys = service.keys().map(|key| json!({"Name": key.name(), "Types": [type_of(key)]}));
    json!({
        "Name": service.prefix(),
        "Version": "v1.0",
        "Actions": service.actions().map(of_action).collect::<Vec<_>>(),
        "Resources": types.collect::<Vec<_>>(),
        "ConditionKeys": keys.collect::<Vec<_>>(),
    })
}

fn of_action(action: Action<'_>) -> Value {
    let is = |level: AccessLevel| action.level() == level;
    let changes = is(AccessLevel::Write) || is(AccessLevel::Tagging) || is(AccessLevel::PermissionsManagement);
    let types = action.resource_types().map(|(kind, _)| json!({"Name": kind.name()}));
    json!({
        "Name": action.name(),
        "ActionConditionKeys": action.keys().map(Key::name).collect::<Vec<_>>(),
        "Resources": types.collect::<Vec<_>>(),
        "Annotations": {"Properties": {
            "IsList": is(AccessLevel::List),
            "IsPermissionManagement": is(AccessLevel::PermissionsManagement),
            "IsTaggingOnly": is(AccessLevel::Tagging),
            "IsWrite": changes,
        }},
    })
}

fn type_of(key: Key<'_>) -> String {
    let kind = match key.kind() {
        KeyKind::String => "String",
        KeyKind::Arn => "ARN",
        KeyKind::Bool => "Bool",
        KeyKind::Numeric => "Numeric",
        KeyKind::Date => "Date",
        KeyKind::Ip => "IPAddress",
        KeyKind::Binary => "Binary",
    };
    if key.is_multivalued() { format!("ArrayOf{kind}") } else { kind.to_owned() }
}
