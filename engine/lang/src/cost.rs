//! What a project costs: an estimate from public prices, see [`prices`].
//!
//! Traffic, storage and logs are left out, since the file does not tell them.

use std::ops::RangeInclusive;

use crate::config::Value;
use crate::limits::{fargate, lambda, prices};
use crate::model::ComputeType;
use crate::rules::Container;

/// Hours of a month, as AWS counts them.
pub const HOURS: f64 = 730.0;

/// What a container takes, as far as its price depends on it.
#[derive(Clone, Debug, PartialEq)]
pub enum Workload {
    /// Tasks that run all the time.
    Fargate {
        /// CPU units of a task; 1024 are one virtual CPU.
        cpu: f64,
        /// Memory of a task in MB.
        memory: f64,
        /// Fewest and most tasks.
        tasks: RangeInclusive<f64>,
    },
    /// A function that costs nothing but its use.
    Lambda {
        /// Memory in MB.
        memory: f64,
    },
}

impl Workload {
    /// What the file says of a container, with what is in force where it says nothing; `None` where a part of it is
    /// unknown, or AWS has no such size.
    pub fn of(container: Container<'_>) -> Option<Self> {
        Some(match container.compute_type()? {
            ComputeType::Lambda => {
                Self::Lambda { memory: number(container.lambda(), "memory", f64::from(lambda::DEFAULT_MEMORY))? }
            }
            ComputeType::Fargate => {
                let sizes = container.fargate();
                let cpu = number(sizes, "cpu", f64::from(fargate::DEFAULT_CPU))?;
                let memory = number(sizes, "memory", f64::from(fargate::DEFAULT_MEMORY))?;
                fargate::size(cpu).filter(|size| size.accepts(memory))?;
                Self::Fargate { cpu, memory, tasks: tasks(container)? }
            }
        })
    }

    /// US dollars a month without any traffic, with the fewest tasks.
    pub fn monthly(&self) -> f64 {
        match self {
            Self::Fargate { cpu, memory, tasks } => fargate_month(*cpu, *memory, *tasks.start()),
            Self::Lambda { .. } => 0.0,
        }
    }
}

/// US dollars for a month of Fargate tasks of a size: CPU units, and MB of memory.
pub fn fargate_month(cpu: f64, memory: f64, tasks: f64) -> f64 {
    let hour = cpu / 1024.0 * prices::FARGATE_CPU_HOUR + memory / 1024.0 * prices::FARGATE_GB_HOUR;
    tasks * hour * HOURS
}

/// US dollars for requests to a function with so many MB of memory, of so many seconds each.
pub fn lambda_requests(memory: f64, requests: f64, seconds: f64) -> f64 {
    requests * (prices::LAMBDA_REQUEST + memory / 1024.0 * seconds * prices::LAMBDA_GB_SECOND)
}

/// US dollars for a month of a load balancer without traffic.
pub fn balancer_month() -> f64 {
    prices::BALANCER_HOUR * HOURS
}

/// An amount as people read it: cents below ten dollars, whole dollars from there on.
pub fn dollars(amount: f64) -> String {
    if amount < 0.005 {
        "$0".to_owned()
    } else if amount < 9.995 {
        format!("${amount:.2}")
    } else {
        format!("${amount:.0}")
    }
}

/// How many tasks run, fewest and most. Without a policy that scales, it is a fixed number.
pub fn tasks(container: Container<'_>) -> Option<RangeInclusive<f64>> {
    let Some(scale) = container.fargate().and_then(|sizes| sizes.get("scale")) else { return Some(1.0..=1.0) };
    let (mut least, mut most, mut desired, mut scales) = (None, None, None, false);
    for item in Some(scale).filter(|scale| scale.is_list())?.items() {
        let kind = item.get("type")?.as_str()?;
        let count = || number(Some(item), kind, 1.0).filter(|count| *count >= 0.0);
        match kind {
            "min" => least = Some(count()?),
            "max" => most = Some(count()?),
            "desired" => desired = Some(count()?),
            _ => scales = true,
        }
    }
    if scales {
        let least = least.unwrap_or(1.0);
        let most = most.or(desired).unwrap_or(1.0);
        Some(least..=most.max(least))
    } else {
        let count = desired.unwrap_or(1.0);
        Some(count..=count)
    }
}

/// The number under a key, or the default where the key is absent.
fn number(map: Option<Value<'_>>, key: &str, default: f64) -> Option<f64> {
    match map.and_then(|map| map.get(key)) {
        Some(value) => value.as_f64(),
        None => Some(default),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::build;
    use crate::inputs::Inputs;
    use crate::rules::RuleContext;
    use crate::yaml::Document;

    fn workload(compute: &str) -> Option<Workload> {
        let document = Document::new(format!("containers: {{api: {{compute: {compute}}}}}"));
        let inputs = Inputs::default();
        let config = build(&document, &inputs);
        let ctx = RuleContext::new(&document, &config, &inputs);
        ctx.containers().next().and_then(Workload::of)
    }

    #[test]
    fn what_a_container_takes_is_read_with_its_defaults() {
        let fargate = |cpu, memory, tasks| Some(Workload::Fargate { cpu, memory, tasks });
        let scaled = |scale: &str| workload(&format!("{{type: awsFargateEcs, awsFargateEcs: {{scale: {scale}}}}}"));
        assert_eq!(workload("{type: awsLambda}"), Some(Workload::Lambda { memory: 1024.0 }));
        assert_eq!(workload("{awsLambda: {memory: 256}}"), Some(Workload::Lambda { memory: 256.0 }));
        assert_eq!(workload("{awsLambda: {memory: '${aws:ssm:x}'}}"), None);
        assert_eq!(workload("{type: awsFargateEcs}"), fargate(256.0, 512.0, 1.0..=1.0));
        assert_eq!(workload("{type: awsFargateEcs, awsFargateEcs: {cpu: 512}}"), None, "512 units need 1024 MB");
        assert_eq!(workload("{type: x}"), None);
        for (scale, expected) in [
            ("[]", Some(1.0..=1.0)),
            ("[{type: desired, desired: 3}]", Some(3.0..=3.0)),
            ("[{type: desired}]", Some(1.0..=1.0)),
            ("[{type: desired, desired: 0}]", Some(0.0..=0.0)),
            ("[{type: desired, desired: -1}]", None),
            ("[{type: min, min: 2}, {type: max, max: 4}, {type: target, target: cpu}]", Some(2.0..=4.0)),
            ("[{type: max, max: 4}, {type: target, target: cpu}]", Some(1.0..=4.0)),
            ("[{type: min, min: 2}, {type: target, target: cpu}]", Some(2.0..=2.0)),
            ("[{type: '${aws:ssm:x}'}]", None),
            ("3", None),
        ] {
            assert_eq!(scaled(scale), expected.and_then(|tasks| fargate(256.0, 512.0, tasks)), "{scale}");
        }
    }

    #[test]
    fn months_are_added_up() {
        for (amount, expected) in [
            // 730 × (0.5 × 0.04048 + 1 × 0.004445)
            (fargate_month(512.0, 1024.0, 1.0), "$18"),
            (fargate_month(256.0, 512.0, 1.0), "$9.01"),
            (fargate_month(1024.0, 4096.0, 3.0), "$128"),
            (fargate_month(256.0, 512.0, 0.0), "$0"),
            // 0.20 + 100,000 GB-seconds
            (lambda_requests(1024.0, 1e6, 0.1), "$1.87"),
            (balancer_month(), "$16"),
            (9.994, "$9.99"),
            (9.996, "$10"),
        ] {
            assert_eq!(dollars(amount), expected);
        }
        assert!((fargate_month(1024.0, 2048.0, 1.0) - 36.0401).abs() < 1e-9);
        let scaled = Workload::Fargate { cpu: 256.0, memory: 512.0, tasks: 2.0..=9.0 };
        assert_eq!(dollars(scaled.monthly()), "$18");
        assert_eq!(dollars(Workload::Lambda { memory: 1024.0 }.monthly()), "$0");
    }
}
