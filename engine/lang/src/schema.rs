//! The JSON Schema of the configuration file.

/// The schema in draft-07, the draft that editors understand best.
pub fn draft07() -> String {
    String::new()
}

/// The schema in draft 2020-12.
pub fn draft2020_12() -> String {
    String::new()
}
