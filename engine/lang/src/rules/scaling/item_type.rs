//! SCF150: found by the shape checks.

use crate::declare_rule;

declare_rule! {
    /// ## What it does
    /// Reports an item of `scale` without a `type`, or with one that does not exist.
    ///
    /// ## Why it matters
    /// The type says which keys the item has and what it does. Without it the item cannot be read.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsFargateEcs
    ///   awsFargateEcs:
    ///     scale:
    ///       - min: 1
    ///       - type: max
    ///         max: 4
    ///       - type: target
    ///         target: cpu
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// compute:
    ///   type: awsFargateEcs
    ///   awsFargateEcs:
    ///     scale:
    ///       - type: min
    ///         min: 1
    ///       - type: max
    ///         max: 4
    ///       - type: target
    ///         target: cpu
    /// ```
    SCALE_ITEM_TYPE = "SCF150", "Scale item type", Error, fix: Mixed
}
