//! SCF200, SCF201, SCF234: found by the shape checks.

use crate::declare_rule;

declare_rule! {
    /// ## What it does
    /// Reports a container without a path pattern.
    ///
    /// ## Why it matters
    /// Nothing says which requests the container answers.
    ///
    /// ## Example
    /// ```yaml container
    /// routing:
    ///   pathHealthCheck: /health
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// routing:
    ///   pathPattern: /*
    /// ```
    PATH_PATTERN_MISSING = "SCF200", "Path pattern missing", Error, fix: Unsafe;

    /// ## What it does
    /// Reports a path pattern that does not start with `/`, or holds blanks, `<`, `>`, `\` or `"`.
    ///
    /// ## Why it matters
    /// A pattern is a path as it stands in a request: without scheme and host, which have their own key `domain`.
    ///
    /// ## Example
    /// ```yaml container
    /// routing:
    ///   pathPattern: api/*
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// routing:
    ///   pathPattern: /api/*
    /// ```
    PATH_PATTERN_SYNTAX = "SCF201", "Path pattern syntax", Error, fix: Safe;

    /// ## What it does
    /// Reports a priority given to a route.
    ///
    /// ## Why it matters
    /// Priorities cannot be chosen: the more specific route comes first, and the numbers of the listener rules follow from
    /// that.
    ///
    /// ## Example
    /// ```yaml container
    /// routing:
    ///   pathPattern: /api/*
    ///   priority: 10
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// routing:
    ///   pathPattern: /api/*
    /// ```
    NO_CUSTOM_PRIORITY = "SCF234", "No custom priority", Error, fix: Unsafe
}
