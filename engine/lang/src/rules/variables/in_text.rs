//! SCF361 and SCF362: what is no text in the middle of a text.

use super::report;
use crate::declare_rule;
use crate::diagnostic::Diagnostic;
use crate::rules::RuleContext;
use crate::variables::finding::FindingKind;

declare_rule! {
    /// ## What it does
    /// Reports a variable in the middle of a text that gives a map, or `null`.
    ///
    /// ## Why it matters
    /// Neither can become part of a text, and the deployment stops.
    ///
    /// ## Example
    /// ```yaml container
    /// environment:
    ///   TARGET: compute-${self:containers.api.compute}
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// environment:
    ///   TARGET: compute-${self:containers.api.compute.type}
    /// ```
    MAP_INSIDE_TEXT = "SCF361", "Map inside text", Error, fix: None;

    /// ## What it does
    /// Reports a variable in the middle of a text that gives a list.
    ///
    /// ## Why it matters
    /// The items are joined by commas, which is seldom meant.
    ///
    /// ## Example
    /// ```yaml
    /// name: demo
    /// deployment:
    ///   type: aws@1.0
    /// stages:
    ///   default:
    ///     params:
    ///       regions: [eu-west-1, eu-north-1]
    /// containers:
    ///   api:
    ///     src: ./api
    ///     routing:
    ///       pathPattern: /*
    ///     compute:
    ///       type: awsLambda
    ///     environment:
    ///       TITLE: Regions ${param:regions}
    /// ```
    ///
    /// ## Use instead
    /// Name one item, or let the variable be the whole value.
    /// ```yaml
    /// name: demo
    /// deployment:
    ///   type: aws@1.0
    /// stages:
    ///   default:
    ///     params:
    ///       regions: [eu-west-1, eu-north-1]
    /// containers:
    ///   api:
    ///     src: ./api
    ///     routing:
    ///       pathPattern: /*
    ///     compute:
    ///       type: awsLambda
    ///     environment:
    ///       TITLE: Region ${self:stages.default.params.regions.0}
    ///       REGIONS: ${param:regions}
    /// ```
    LIST_INSIDE_TEXT = "SCF362", "List inside text", Warning, fix: None
}

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    for finding in ctx.config.variables().findings() {
        let (rule, message) = match finding.kind {
            FindingKind::MapInText => (
                &MAP_INSIDE_TEXT,
                "This variable gives a map, which cannot stand in the middle of a text. Name one of its values.",
            ),
            FindingKind::NullInText => (
                &MAP_INSIDE_TEXT,
                "This variable gives `null`, which cannot stand in the middle of a text. Use `''` for nothing.",
            ),
            FindingKind::ListInText => (
                &LIST_INSIDE_TEXT,
                "This variable gives a list. In the middle of a text its items are joined by commas. Name one item, or let the variable be \
                 the whole value.",
            ),
            _ => continue,
        };
        acc.push(report(ctx, rule, finding, message));
    }
}
