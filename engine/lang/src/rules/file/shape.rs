//! SCF004 to SCF008, SCF016, SCF017, SCF019: found by the shape checks.

use crate::declare_rule;

declare_rule! {
    /// ## What it does
    /// Reports a key that does not exist in its place.
    ///
    /// ## Why it matters
    /// A misspelt key would otherwise be ignored, and the default would be deployed in its place without a word.
    ///
    /// ## Example
    /// ```yaml container
    /// enviroment:
    ///   MODE: fast
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// environment:
    ///   MODE: fast
    /// ```
    UNKNOWN_PROPERTY = "SCF004", "Unknown property", Error, fix: Mixed;

    /// ## What it does
    /// Reports a required key that is absent.
    ///
    /// ## Why it matters
    /// There is no default for it, so nothing could be deployed.
    ///
    /// ## Example
    /// ```yaml
    /// name: shop
    /// deployment:
    ///   type: aws@1.0
    /// containers:
    ///   api:
    ///     src: ./api
    ///     compute:
    ///       type: awsLambda
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
    /// ```
    MISSING_PROPERTY = "SCF005", "Missing property", Error, fix: Unsafe;

    /// ## What it does
    /// Reports a value of the wrong type, such as a text where a number belongs. In YAML `"256"` is text, and so are `yes` and
    /// `no`; `4.39` is a number.
    ///
    /// ## Why it matters
    /// The value cannot be used as it stands, and the original tool refuses the file.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsLambda
    ///   awsLambda:
    ///     memory: "512"
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// compute:
    ///   type: awsLambda
    ///   awsLambda:
    ///     memory: 512
    /// ```
    WRONG_TYPE = "SCF006", "Wrong type", Error, fix: Safe;

    /// ## What it does
    /// Reports a word or number that is none of those that are possible in its place. Case counts.
    ///
    /// ## Why it matters
    /// The value has no meaning, and the original tool refuses the file.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsFargateEcs
    ///   awsFargateEcs:
    ///     scale:
    ///       - type: max
    ///         max: 4
    ///       - type: target
    ///         target: requests
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// compute:
    ///   type: awsFargateEcs
    ///   awsFargateEcs:
    ///     scale:
    ///       - type: max
    ///         max: 4
    ///       - type: target
    ///         target: albRequestsPerTarget
    /// ```
    VALUE_NOT_IN_LIST = "SCF007", "Value not in list", Error, fix: Safe;

    /// ## What it does
    /// Reports a key without a value where a value is needed.
    ///
    /// ## Why it matters
    /// YAML reads a key without a value as null, which the original tool refuses almost everywhere.
    ///
    /// ## Example
    /// ```yaml container
    /// environment:
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// environment: {}
    /// ```
    EMPTY_VALUE = "SCF008", "Empty value", Error, fix: Mixed;

    /// ## What it does
    /// Reports a file that does not say which architecture to deploy.
    ///
    /// ## Why it matters
    /// There is no default: the two architectures cannot be changed into each other later.
    ///
    /// ## Example
    /// ```yaml
    /// name: shop
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// name: shop
    /// deployment:
    ///   type: aws@1.0
    /// ```
    DEPLOYMENT_TYPE_MISSING = "SCF016", "Deployment type missing", Error, fix: Unsafe;

    /// ## What it does
    /// Reports an architecture that does not exist.
    ///
    /// ## Why it matters
    /// Only `aws@1.0` and `awsApi@1.0` can be deployed.
    ///
    /// ## Example
    /// ```yaml
    /// name: shop
    /// deployment:
    ///   type: aws
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// name: shop
    /// deployment:
    ///   type: aws@1.0
    /// ```
    UNKNOWN_DEPLOYMENT_TYPE = "SCF017", "Unknown deployment type", Error, fix: Safe;

    /// ## What it does
    /// Reports a key that is not known in a place where other keys are dropped silently.
    ///
    /// ## Why it matters
    /// The key has no effect. It is misspelt, or belongs elsewhere.
    ///
    /// ## Example
    /// ```yaml container
    /// integrations:
    ///   nightly:
    ///     type: schedule
    ///     schedule: rate(1 day)
    ///     webhookpath: /nightly
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// integrations:
    ///   nightly:
    ///     type: schedule
    ///     schedule: rate(1 day)
    ///     webhookPath: /nightly
    /// ```
    IGNORED_PROPERTY = "SCF019", "Ignored property", Warning, fix: Mixed
}
