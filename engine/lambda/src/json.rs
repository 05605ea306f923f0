//! JSON as AWS reads it.

use serde::{Deserialize, de::Error};

/// Reads an object. (Deserialising a struct alone would take an array of its fields, too.)
pub(crate) fn object<'a, T: Deserialize<'a>>(text: &'a [u8]) -> serde_json::Result<T> {
    let first = text.iter().find(|byte| !byte.is_ascii_whitespace());
    match first {
        None | Some(b'{') => serde_json::from_slice(text),
        Some(_) => {
            serde_json::from_slice::<serde::de::IgnoredAny>(text)?;
            Err(serde_json::Error::custom("it is not an object"))
        }
    }
}
