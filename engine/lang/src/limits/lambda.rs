//! Limits of Lambda functions.
//!
//! Source: <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>

use std::ops::RangeInclusive;

/// Memory in MB, whole numbers.
pub const MEMORY: RangeInclusive<u32> = 128..=10_240;
/// The memory of a container that names none, in MB.
pub const DEFAULT_MEMORY: u32 = 1024;
/// Seconds an invocation may take, whole numbers.
pub const TIMEOUT: RangeInclusive<u32> = 1..=900;
/// The timeout of a container that names none, in seconds.
pub const DEFAULT_TIMEOUT: u32 = 6;
/// Bytes of all environment variables together, names and values.
pub const ENVIRONMENT_BYTES: usize = 4096;
/// Bytes of a request body, and of a response as JSON, behind a load balancer.
///
/// Source: <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html>
pub const BALANCER_PAYLOAD_BYTES: usize = 1024 * 1024;
/// Bytes of a request body, and of a buffered response, behind a function URL.
pub const URL_PAYLOAD_BYTES: usize = 6 * 1024 * 1024;
/// Bytes of a streamed response behind a function URL.
pub const STREAM_BYTES: usize = 200 * 1024 * 1024;
