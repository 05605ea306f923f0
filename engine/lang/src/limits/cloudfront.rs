//! Limits of distributions, their functions and key-value stores.
//!
//! Source: <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html>

/// Characters of one value in a key-value store.
pub const VALUE_LENGTH: usize = 1024;
/// Bytes of a key in a key-value store.
pub const KEY_BYTES: usize = 512;
/// Bytes of a function's code.
pub const FUNCTION_BYTES: usize = 10 * 1024;
/// Seconds that a distribution waits for the first byte of an origin, as both tools set it.
pub const FIRST_BYTE_SECONDS: u32 = 30;
/// Bytes of a URL.
pub const URL_BYTES: usize = 8192;
/// Bytes of a request line and its headers.
pub const REQUEST_BYTES: usize = 20_480;
/// The region in which a distribution's certificate and web ACL must be.
pub const CERTIFICATE_REGION: &str = "us-east-1";
