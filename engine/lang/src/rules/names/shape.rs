//! SCF030, SCF031, SCF043, SCF045: found by the shape checks.

use crate::declare_rule;

declare_rule! {
    /// ## What it does
    /// Reports a project's name with fewer than 3 or more than 16 characters.
    ///
    /// ## Why it matters
    /// The name begins the names of all cloud resources, the shortest of which may have 32 characters. The original tool
    /// refuses other lengths.
    ///
    /// ## Example
    /// ```yaml top
    /// name: the-name-of-the-shop
    /// ```
    ///
    /// ## Use instead
    /// ```yaml top
    /// name: shop
    /// ```
    NAME_LENGTH = "SCF030", "Name length", Error, fix: None;

    /// ## What it does
    /// Reports a project's name with characters other than letters, digits, hyphens and underscores.
    ///
    /// ## Why it matters
    /// The name becomes part of the names of cloud resources, which take no other characters.
    ///
    /// ## Example
    /// ```yaml top
    /// name: my shop
    /// ```
    ///
    /// ## Use instead
    /// ```yaml top
    /// name: my-shop
    /// ```
    NAME_CHARACTERS = "SCF031", "Name characters", Error, fix: None;

    /// ## What it does
    /// Reports a key under `stages` with fewer than 3 or more than 16 characters, or with characters other than letters,
    /// digits, hyphens and underscores.
    ///
    /// ## Why it matters
    /// It can never be the name of a stage, so what stands under it is never used. The original tool refuses the file.
    ///
    /// ## Example
    /// ```yaml top
    /// stages:
    ///   p:
    ///     params:
    ///       memory: 2048
    /// ```
    ///
    /// ## Use instead
    /// ```yaml top
    /// stages:
    ///   prod:
    ///     params:
    ///       memory: 2048
    /// ```
    STAGE_KEY_INVALID = "SCF043", "Invalid stage key", Error, fix: None;

    /// ## What it does
    /// Reports an `org` that is empty or has characters other than letters, digits, hyphens and underscores.
    ///
    /// ## Why it matters
    /// Slipway ignores the key, but the original tool refuses the file.
    ///
    /// ## Example
    /// ```yaml top
    /// org: acme.inc
    /// ```
    ///
    /// ## Use instead
    /// ```yaml top
    /// org: acmeinc
    /// ```
    ORG_CHARACTERS = "SCF045", "Organisation characters", Error, fix: None
}
