//! What is to be said of a value by its form: schedules, resource names, sizes of tasks.

use super::markdown;
use crate::config::{Value, number_text};
use crate::limits::arn::{Arn, Role, WebAcl};
use crate::limits::fargate::{self, Size};
use crate::model::{Listed, Property, Shape, list_words};
use crate::schedule::Schedule;

/// What a text means by its form, if it is a schedule or the name of a resource.
pub(super) fn in_words(property: Option<&Property>, text: &str) -> Option<String> {
    if property.is_some_and(|property| property.name == "schedule") {
        return Schedule::parse(text).ok().map(|schedule| format!("{}.", schedule.words()));
    }
    arn(text)
}

/// A resource name in its parts.
fn arn(text: &str) -> Option<String> {
    let arn = Arn::parse(text).ok()?;
    let part = |title: &str, text: &str| {
        let text = if text.is_empty() { "none".to_owned() } else { markdown::code(text) };
        Some(format!("{title}: {text}"))
    };
    let known = if let Ok(role) = Role::parse(text) {
        part("Role", role.name)
    } else if let Ok(acl) = WebAcl::parse(text) {
        part("Web ACL", acl.name)
    } else {
        None
    };
    markdown::list([
        part("Service", arn.service),
        part("Region", arn.region),
        part("Account", arn.account),
        part("Partition", arn.partition),
        part("Resource", arn.resource),
        known,
    ])
}

/// The sizes that a Fargate task can have: all of them at `cpu`, those that go with the `cpu` in force at `memory`.
pub(super) fn task_sizes(property: &Property, value: Option<Value<'_>>) -> Option<String> {
    match property.shape {
        Shape::NumberChoice(fargate::CPU_SIZES) => {
            let rows = fargate::SIZES.iter().map(|size| {
                format!("| {} | {} | {} |", size.cpu, number_text(f64::from(size.cpu) / 1024.0), memories(*size))
            });
            Some(format!(
                "| CPU units | Virtual CPUs | Memory in MB |\n| --- | --- | --- |\n{}",
                rows.collect::<Vec<_>>().join("\n")
            ))
        }
        Shape::Number(number) if number.listed == Some(Listed::FargateMemory) => {
            let cpu = match value?.parent()?.get("cpu") {
                Some(cpu) => cpu.as_f64()?,
                None => f64::from(fargate::DEFAULT_CPU),
            };
            let size = fargate::size(cpu)?;
            Some(format!("With `cpu: {}`: {} MB.", size.cpu, memories(size)))
        }
        _ => None,
    }
}

fn memories(size: Size) -> String {
    const MOST_LISTED: usize = 4;
    let all: Vec<u32> = size.memories().collect();
    match all[..] {
        [first, second, .., last] if all.len() > MOST_LISTED => {
            format!("{first} to {last} in steps of {}", second - first)
        }
        _ => list_words(all.iter().map(ToString::to_string)),
    }
}
