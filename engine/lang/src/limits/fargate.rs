//! Stub until the table lands.
/// Sizes.
pub const CPU_SIZES: &[u32] = &[256, 512, 1024, 2048, 4096, 8192, 16_384];
