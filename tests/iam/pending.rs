//! Rules of the catalogue that are still to be written.

/// Their codes. What the cases expect of them is left out; the list only ever gets shorter.
pub const PENDING: &[&str] = &[];
