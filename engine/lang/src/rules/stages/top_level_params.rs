//! SCF055: parameters outside the stages. The shape checks report them.

use crate::declare_rule;

declare_rule! {
    /// ## What it does
    /// Reports `params` at the top level.
    ///
    /// ## Why it matters
    /// Parameters belong to stages, and the file is refused.
    ///
    /// ## Example
    /// ```yaml top
    /// params:
    ///   default:
    ///     greeting: hello
    /// ```
    ///
    /// ## Use instead
    /// ```yaml top
    /// stages:
    ///   default:
    ///     params:
    ///       greeting: hello
    /// ```
    PARAMS_AT_TOP_LEVEL = "SCF055", "`params` at top level", Error, fix: Unsafe
}
