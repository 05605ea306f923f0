//! SCF300 and SCF301: found by the shape checks.

use crate::declare_rule;

declare_rule! {
    /// ## What it does
    /// Reports an integration without a `type`, or with one that does not exist.
    ///
    /// ## Why it matters
    /// There are `schedule`, `awsEventBridge` and `slack`. The original tool refuses every other.
    ///
    /// ## Example
    /// ```yaml container
    /// integrations:
    ///   nightly:
    ///     type: cron
    ///     schedule: cron(0 2 * * ? *)
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// integrations:
    ///   nightly:
    ///     type: schedule
    ///     schedule: cron(0 2 * * ? *)
    /// ```
    UNKNOWN_INTEGRATION_TYPE = "SCF300", "Unknown integration type", Error, fix: Mixed;

    /// ## What it does
    /// Reports `integrations` in a project of the type `awsApi@1.0`.
    ///
    /// ## Why it matters
    /// Only `aws@1.0` has them. The original tool refuses the file.
    ///
    /// ## Example
    /// ```yaml
    /// name: shop
    /// deployment:
    ///   type: awsApi@1.0
    /// containers:
    ///   api:
    ///     src: ./api
    ///     compute:
    ///       type: awsLambda
    ///     routing:
    ///       pathPattern: /*
    ///     integrations:
    ///       nightly:
    ///         type: schedule
    ///         schedule: rate(1 day)
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// name: shop
    /// deployment:
    ///   type: aws@1.0
    /// containers:
    ///   api:
    ///     src: ./api
    ///     compute:
    ///       type: awsLambda
    ///     routing:
    ///       pathPattern: /*
    ///     integrations:
    ///       nightly:
    ///         type: schedule
    ///         schedule: rate(1 day)
    /// ```
    NEEDS_AWS = "SCF301", "Needs `aws@1.0`", Error, fix: Unsafe
}
