//! SCF250 and SCF251: found by the shape checks.

use crate::declare_rule;

declare_rule! {
    /// ## What it does
    /// Reports a variable without a value, and a null inside a structured value.
    ///
    /// ## Why it matters
    /// YAML reads a key without a value as null, and an environment has no null. The original tool refuses the file.
    ///
    /// ## Example
    /// ```yaml container
    /// environment:
    ///   TRACE_TO:
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// environment:
    ///   TRACE_TO: ""
    /// ```
    NULL_VALUE = "SCF250", "Null value", Error, fix: Unsafe;

    /// ## What it does
    /// Reports an `environment` that is not a map, such as a list of `NAME=value`.
    ///
    /// ## Why it matters
    /// Other tools take lists here; this one does not, and the original tool refuses the file.
    ///
    /// ## Example
    /// ```yaml container
    /// environment:
    ///   - MODE=fast
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// environment:
    ///   MODE: fast
    /// ```
    NOT_A_MAP = "SCF251", "Environment is not a map", Error, fix: Safe
}
