//! SCF009 and SCF010: scalars and tags that other loaders read in another way.

use crate::config::tree_path;
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Fix, Place};
use crate::fix;
use crate::rules::RuleContext;
use crate::variables::is_in_policy;
use crate::yaml::{NodeKind, ScalarStyle, is_timestamp};

declare_rule! {
    /// ## What it does
    /// Reports an unquoted value that YAML 1.1 takes for a date.
    ///
    /// ## Why it matters
    /// The original tool turns `2012-10-17` into `2012-10-17T00:00:00.000Z`, which IAM refuses as a policy version. Slipway reads
    /// it as text, as it is written; quotes make every tool do so.
    ///
    /// ## Example
    /// ```yaml container
    /// environment:
    ///   RELEASED: 2024-01-31
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// environment:
    ///   RELEASED: "2024-01-31"
    /// ```
    DATE_LIKE_SCALAR = "SCF009", "Date-like scalar", Info, fix: Safe;

    /// ## What it does
    /// Reports a tag of CloudFormation templates. In policies of IAM, IAM151 reports it.
    ///
    /// ## Why it matters
    /// There is no CloudFormation stack behind a container project: `!Ref Queue` becomes the map `{"Ref": "Queue"}` and
    /// is not resolved.
    ///
    /// ## Example
    /// ```yaml container
    /// environment:
    ///   REGION: !Ref AWS::Region
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// environment:
    ///   REGION: ${aws:region}
    /// ```
    CLOUDFORMATION_TAG = "SCF010", "CloudFormation tag", Warning, fix: None
}

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    for (id, node) in ctx.tree().nodes() {
        if let NodeKind::Scalar(scalar) = &node.kind
            && scalar.style == ScalarStyle::Plain
            && node.tag.is_none()
            && is_timestamp(&scalar.text)
        {
            let message = format!(
                "`{}` looks like a date. It is read as text here; older tools turn it into a timestamp. Quote it.",
                scalar.text
            );
            let fix = fix::quote(ctx.document, id).map(|edit| Fix::safe("Quote it", edit));
            acc.push(DATE_LIKE_SCALAR.at(Place::new(node.range, tree_path(ctx.document, id)), message).fix(fix));
        }
        if let Some(tag) = &node.tag
            && tag.text.starts_with('!')
            && !tag.text.starts_with("!!")
            // Of policies, all templates of other tools are reported alike.
            && !is_in_policy(ctx.tree(), ctx.inputs.kind, id)
        {
            let message = format!(
                "`{}` is a tag of CloudFormation templates and is not resolved here. Use a variable, such as `${{aws:cf:stack.Output}}`.",
                tag.text
            );
            acc.push(CLOUDFORMATION_TAG.at(Place::new(tag.range, tree_path(ctx.document, id)), message));
        }
    }
}
