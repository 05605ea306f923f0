//! SCF121 to SCF125: sizes of Fargate tasks.

use crate::config::{Value, number_text};
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Fix};
use crate::fix::Literal;
use crate::limits::fargate::{DEFAULT_CPU, DEFAULT_MEMORY, LEAST_MEMORY, MOST_MEMORY, Size, cpus_for, size};
use crate::model::{ComputeType, list_words};
use crate::rules::{RuleContext, edits};

declare_rule! {
    /// ## What it does
    /// Reports a CPU value that Fargate does not have.
    ///
    /// ## Why it matters
    /// There are seven: 256, 512, 1024, 2048, 4096, 8192 and 16384 units; 1024 units are one virtual CPU.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsFargateEcs
    ///   awsFargateEcs:
    ///     cpu: 300
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// compute:
    ///   type: awsFargateEcs
    ///   awsFargateEcs:
    ///     cpu: 256
    /// ```
    ///
    /// ## Source
    /// [Fargate task sizes](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html)
    CPU_VALUE = "SCF121", "CPU value", Error, fix: Mixed;

    /// ## What it does
    /// Reports a memory value between those that go with the CPU value. Without `cpu`, 256 counts.
    ///
    /// ## Why it matters
    /// Each CPU value goes with memory in certain steps. The original tool refuses the file.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsFargateEcs
    ///   awsFargateEcs:
    ///     cpu: 512
    ///     memory: 1500
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// compute:
    ///   type: awsFargateEcs
    ///   awsFargateEcs:
    ///     cpu: 512
    ///     memory: 2048
    /// ```
    ///
    /// ## Source
    /// [Fargate task sizes](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html)
    MEMORY_OFF_STEP = "SCF122", "Memory off step", Error, fix: Unsafe;

    /// ## What it does
    /// Reports a memory value that is too small or too large for the CPU value.
    ///
    /// ## Why it matters
    /// The original tool takes the file, and ECS then refuses the task: each CPU value goes with a range of memory.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsFargateEcs
    ///   awsFargateEcs:
    ///     cpu: 1024
    ///     memory: 512
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// compute:
    ///   type: awsFargateEcs
    ///   awsFargateEcs:
    ///     cpu: 1024
    ///     memory: 2048
    /// ```
    ///
    /// ## Source
    /// [Fargate task sizes](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html)
    MEMORY_OUT_OF_RANGE = "SCF123", "Memory out of range for CPU", Blocker, fix: Unsafe;

    /// ## What it does
    /// Reports a `cpu` without `memory` that needs more than the default of 512 MB.
    ///
    /// ## Why it matters
    /// The original tool takes the file, and ECS then refuses the task: only 256 CPU units go with 512 MB.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsFargateEcs
    ///   awsFargateEcs:
    ///     cpu: 1024
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// compute:
    ///   type: awsFargateEcs
    ///   awsFargateEcs:
    ///     cpu: 1024
    ///     memory: 2048
    /// ```
    ///
    /// ## Source
    /// [Fargate task sizes](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html)
    MEMORY_MISSING = "SCF124", "Memory missing for CPU", Blocker, fix: Unsafe;

    /// ## What it does
    /// Reports a memory value that no Fargate task can have: below 512 or above 122880 MB.
    ///
    /// ## Why it matters
    /// There is no such size, and the original tool refuses the file.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsFargateEcs
    ///   awsFargateEcs:
    ///     memory: 256
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// compute:
    ///   type: awsFargateEcs
    ///   awsFargateEcs:
    ///     memory: 512
    /// ```
    ///
    /// ## Source
    /// [Fargate task sizes](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html)
    MEMORY_RANGE = "SCF125", "Memory absolute range", Error, fix: Unsafe
}

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    for container in ctx.containers().filter(|container| container.compute_type() == Some(ComputeType::Fargate)) {
        acc.extend(container.fargate().and_then(|fargate| mismatch(ctx, fargate)));
    }
}

/// Memory that does not go with the CPU value, where both are possible by themselves.
fn mismatch(ctx: &RuleContext<'_>, fargate: Value<'_>) -> Option<Diagnostic> {
    let cpu = fargate.get("cpu");
    let units = cpu.map_or(Some(f64::from(DEFAULT_CPU)), Value::as_f64)?;
    let size = size(units)?;
    let Some(memory) = fargate.get("memory") else {
        let missing = fargate.is_map() && !size.accepts(f64::from(DEFAULT_MEMORY));
        return missing.then(|| missing_memory(ctx, fargate, size));
    };
    let megabytes =
        memory.as_f64().filter(|megabytes| (LEAST_MEMORY.into()..=MOST_MEMORY.into()).contains(megabytes))?;
    if size.accepts(megabytes) {
        return None;
    }
    let reported = if size.is_accepted_by_original(megabytes) { &MEMORY_OUT_OF_RANGE } else { &MEMORY_OFF_STEP };
    let origin = if cpu.is_some() { "" } else { ", the default of `cpu`," };
    let message = format!("{} CPU units{origin} take {}, not {}.", size.cpu, memories(size), number_text(megabytes));
    let (below, above) = size.memories_around(megabytes);
    let other_memories = [below, above].into_iter().flatten().filter_map(|megabytes| {
        let edits = edits::replace(ctx, memory, Literal::Number(megabytes.into()))?;
        Some(Fix::suggestion(format!("Use {megabytes} MB of memory"), edits))
    });
    let other_cpu = cpus_for(megabytes).next().and_then(|units| {
        let edits = match cpu {
            Some(cpu) => edits::replace(ctx, cpu, Literal::Number(units.into())),
            None => edits::add_first(ctx, fargate, "cpu", &units.to_string()),
        };
        Some(Fix::suggestion(format!("Use {units} CPU units"), edits?))
    });
    let mut diagnostic = reported.at(memory, message);
    diagnostic.fixes.extend(other_memories.chain(other_cpu));
    Some(match cpu {
        Some(cpu) => diagnostic.related(cpu.range(), "The CPU value is chosen here."),
        None => diagnostic,
    })
}

fn missing_memory(ctx: &RuleContext<'_>, fargate: Value<'_>, size: Size) -> Diagnostic {
    let least = size.least_memory();
    let message = format!(
        "{} CPU units take {}, but without `memory` the task gets {DEFAULT_MEMORY}. Add `memory: {least}` or more.",
        size.cpu,
        memories(size)
    );
    let fix = edits::add_entry(ctx, fargate, "memory", &least.to_string());
    let fix = fix.map(|edits| Fix::suggestion(format!("Add `memory: {least}`"), edits));
    MEMORY_MISSING.at(fargate.missing_place("memory"), message).fix(fix)
}

/// The memories of a size, for a message.
fn memories(size: Size) -> String {
    let memories: Vec<u32> = size.memories().collect();
    match memories.as_slice() {
        [first, second, .., last] if memories.len() > 3 => {
            format!("{first} to {last} MB of memory in steps of {}", second - first)
        }
        few => format!("{} MB of memory", list_words(few.iter().map(u32::to_string))),
    }
}
