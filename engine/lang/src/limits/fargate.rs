//! Sizes of Fargate tasks. CPU in units (1024 a processor), memory in MiB.
//!
//! Source: <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html>

/// The sizes that a task can have, smallest first.
pub const SIZES: [Size; 7] = [
    Size { cpu: 256, memory: Memory::OneOf(&[512, 1024, 2048]) },
    Size { cpu: 512, memory: Memory::Steps { min: 1024, max: 4096, step: 1024 } },
    Size { cpu: 1024, memory: Memory::Steps { min: 2048, max: 8192, step: 1024 } },
    Size { cpu: 2048, memory: Memory::Steps { min: 4096, max: 16_384, step: 1024 } },
    Size { cpu: 4096, memory: Memory::Steps { min: 8192, max: 30_720, step: 1024 } },
    Size { cpu: 8192, memory: Memory::Steps { min: 16_384, max: 61_440, step: 4096 } },
    Size { cpu: 16_384, memory: Memory::Steps { min: 32_768, max: 122_880, step: 8192 } },
];

/// The CPU values of [`SIZES`].
pub const CPU_SIZES: &[u32] = &{
    let mut sizes = [0; SIZES.len()];
    let mut at = 0;
    while at < sizes.len() {
        sizes[at] = SIZES[at].cpu;
        at += 1;
    }
    sizes
};

/// The CPU value of a container that names none.
pub const DEFAULT_CPU: u32 = 256;
/// The memory of a container that names none.
pub const DEFAULT_MEMORY: u32 = 512;
/// The least memory of any size.
pub const LEAST_MEMORY: u32 = 512;
/// The most memory of any size.
pub const MOST_MEMORY: u32 = 122_880;
/// The longest task definition, in bytes of its JSON.
///
/// Source: <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html>
pub const TASK_DEFINITION_BYTES: usize = 64 * 1024;

/// A CPU value, and the memory that goes with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// CPU units.
    pub cpu: u32,
    memory: Memory,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Memory {
    OneOf(&'static [u32]),
    Steps { min: u32, max: u32, step: u32 },
}

/// The size with this CPU value.
pub fn size(cpu: f64) -> Option<Size> {
    SIZES.into_iter().find(|size| f64::from(size.cpu) == cpu)
}

/// The CPU value nearest to a number; the larger of two equally near ones.
pub fn nearest_cpu(cpu: f64) -> u32 {
    nearest(CPU_SIZES.iter().copied(), cpu)
}

/// The CPU values that go with this memory.
pub fn cpus_for(memory: f64) -> impl Iterator<Item = u32> {
    SIZES.into_iter().filter(move |size| size.accepts(memory)).map(|size| size.cpu)
}

impl Size {
    /// The memory values that go with it, smallest first.
    pub fn memories(self) -> impl Iterator<Item = u32> {
        let (list, min, max, step) = match self.memory {
            Memory::OneOf(list) => (list, 1, 0, 1),
            Memory::Steps { min, max, step } => (&[][..], min, max, step),
        };
        list.iter().copied().chain((min..=max).step_by(step as usize))
    }

    /// The least memory that goes with it.
    pub fn least_memory(self) -> u32 {
        self.memories().next().unwrap_or(LEAST_MEMORY)
    }

    /// The most memory that goes with it.
    pub fn most_memory(self) -> u32 {
        self.memories().last().unwrap_or(MOST_MEMORY)
    }

    /// Whether AWS runs a task of this size with so much memory.
    pub fn accepts(self, memory: f64) -> bool {
        self.memories().any(|own| f64::from(own) == memory)
    }

    /// Whether the original tool's schema lets the pair pass: with more than 256 units it looks at the step inside the
    /// range of the size, and not at the range.
    pub fn is_accepted_by_original(self, memory: f64) -> bool {
        let outside = memory < f64::from(self.least_memory()) || memory > f64::from(self.most_memory());
        self.accepts(memory) || (outside && matches!(self.memory, Memory::Steps { .. }))
    }

    /// The memory value nearest to a number; the larger of two equally near ones.
    pub fn nearest_memory(self, memory: f64) -> u32 {
        nearest(self.memories(), memory)
    }

    /// The largest memory value below a number, and the smallest above.
    pub fn memories_around(self, memory: f64) -> (Option<u32>, Option<u32>) {
        let below = self.memories().take_while(|own| f64::from(*own) < memory).last();
        let above = self.memories().find(|own| f64::from(*own) > memory);
        (below, above)
    }
}

fn nearest(values: impl Iterator<Item = u32>, wanted: f64) -> u32 {
    let mut best = None;
    for value in values {
        let distance = (f64::from(value) - wanted).abs();
        match best {
            // Not a number is near nothing, and then the first value stays.
            Some((_, least)) if distance.is_nan() || distance > least => {}
            _ => best = Some((value, distance)),
        }
    }
    best.map_or(0, |(value, _)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_cpu_has_its_memories() {
        let table: &[(u32, usize, &[u32])] = &[
            (256, 3, &[512, 1024, 2048]),
            (512, 4, &[1024, 2048, 3072, 4096]),
            (1024, 7, &[2048, 3072, 4096, 5120, 6144, 7168, 8192]),
            (2048, 13, &[4096, 5120]),
            (4096, 23, &[8192, 9216]),
            (8192, 12, &[16_384, 20_480]),
            (16_384, 12, &[32_768, 40_960]),
        ];
        assert_eq!(CPU_SIZES, table.iter().map(|(cpu, ..)| *cpu).collect::<Vec<_>>());
        for (cpu, count, first) in table {
            let memories: Vec<u32> = size(f64::from(*cpu)).unwrap().memories().collect();
            assert_eq!(memories.len(), *count, "{cpu}");
            assert_eq!(memories[..first.len()], **first, "{cpu}");
        }
        let most: Vec<u32> = SIZES.iter().map(|size| size.most_memory()).collect();
        assert_eq!(most, [2048, 4096, 8192, 16_384, 30_720, 61_440, 122_880]);
        assert_eq!(size(300.0), None);
        assert_eq!(size(256.5), None);
        assert_eq!(size(f64::NAN), None);
    }

    #[test]
    fn aws_and_the_original_tool_differ_outside_the_range() {
        for (cpu, memory, aws, original) in [
            (256.0, 512.0, true, true),
            (256.0, 1024.0, true, true),
            (256.0, 3072.0, false, false),
            (256.0, 512.5, false, false),
            (512.0, 512.0, false, true),
            (512.0, 1500.0, false, false),
            (512.0, 4096.0, true, true),
            (512.0, 8192.0, false, true),
            (1024.0, 512.0, false, true),
            (1024.0, 2048.0, true, true),
            (8192.0, 18_432.0, false, false),
            (8192.0, 20_480.0, true, true),
            (8192.0, 65_536.0, false, true),
            (16_384.0, 512.0, false, true),
            (16_384.0, 36_864.0, false, false),
            (16_384.0, 122_880.0, true, true),
        ] {
            let size = size(cpu).unwrap();
            assert_eq!(size.accepts(memory), aws, "{cpu} with {memory}");
            assert_eq!(size.is_accepted_by_original(memory), original, "{cpu} with {memory}");
        }
    }

    #[test]
    fn a_near_value_is_found() {
        for (cpu, expected) in [
            (300.0, 256),
            (0.0, 256),
            (-5.0, 256),
            (384.0, 512),
            (1e9, 16_384),
            (f64::INFINITY, 16_384),
            (f64::NAN, 256),
        ] {
            assert_eq!(nearest_cpu(cpu), expected, "{cpu}");
        }
        for (cpu, memory, expected, around) in [
            (512.0, 1500.0, 1024, (Some(1024), Some(2048))),
            (512.0, 1536.0, 2048, (Some(1024), Some(2048))),
            (1024.0, 512.0, 2048, (None, Some(2048))),
            (256.0, 4096.0, 2048, (Some(2048), None)),
            (16_384.0, 36_864.0, 40_960, (Some(32_768), Some(40_960))),
        ] {
            let size = size(cpu).unwrap();
            assert_eq!(size.nearest_memory(memory), expected, "{cpu} with {memory}");
            assert_eq!(size.memories_around(memory), around, "{cpu} with {memory}");
        }
        assert_eq!(cpus_for(2048.0).collect::<Vec<_>>(), [256, 512, 1024]);
        assert_eq!(cpus_for(1500.0).count(), 0);
    }
}
