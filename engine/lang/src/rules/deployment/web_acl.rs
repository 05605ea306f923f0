//! SCF068, SCF069, SCF071: the web ACL of the load balancer.

use crate::arn::{Arn, PARTITIONS};
use crate::config::Value;
use crate::declare_rule;
use crate::diagnostic::Diagnostic;
use crate::model::DeploymentType;
use crate::rules::RuleContext;

declare_rule! {
    /// ## What it does
    /// Reports a `wafAclArn` that is not the ARN of a web ACL.
    ///
    /// ## Why it matters
    /// The ARN has to be that of AWS WAF version 2: `arn:aws:wafv2:<region>:<account>:regional/webacl/<name>/<id>`. The
    /// association fails with anything else, such as the ARN of a rule group or of the older WAF.
    ///
    /// ## Example
    /// ```yaml top
    /// deployment:
    ///   type: aws@1.0
    ///   awsAlb:
    ///     wafAclArn: arn:aws:waf-regional:us-east-1:123456789012:webacl/11111111-2222-3333-4444-555555555555
    /// ```
    ///
    /// ## Use instead
    /// ```yaml top
    /// deployment:
    ///   type: aws@1.0
    ///   awsAlb:
    ///     wafAclArn: arn:aws:wafv2:us-east-1:123456789012:regional/webacl/shop/11111111-2222-3333-4444-555555555555
    /// ```
    ///
    /// ## Source
    /// [AssociateWebACL](https://docs.aws.amazon.com/waf/latest/APIReference/API_AssociateWebACL.html)
    BAD_WEB_ACL_ARN = "SCF068", "Bad web ACL ARN", Blocker, fix: None;

    /// ## What it does
    /// Reports a web ACL that cannot be associated with the load balancer: one of scope `global`, which is for CloudFront, or
    /// one in another region.
    ///
    /// ## Why it matters
    /// A load balancer takes a regional web ACL of its own region only. The deployment fails when it makes the association.
    ///
    /// ## Example
    /// ```yaml top
    /// deployment:
    ///   type: aws@1.0
    ///   awsAlb:
    ///     wafAclArn: arn:aws:wafv2:us-east-1:123456789012:global/webacl/shop/11111111-2222-3333-4444-555555555555
    /// ```
    /// <!-- with: region=eu-west-1 -->
    /// ```yaml top
    /// deployment:
    ///   type: aws@1.0
    ///   awsAlb:
    ///     wafAclArn: arn:aws:wafv2:us-east-1:123456789012:regional/webacl/shop/11111111-2222-3333-4444-555555555555
    /// ```
    ///
    /// ## Use instead
    /// <!-- with: region=us-east-1 -->
    /// ```yaml top
    /// deployment:
    ///   type: aws@1.0
    ///   awsAlb:
    ///     wafAclArn: arn:aws:wafv2:us-east-1:123456789012:regional/webacl/shop/11111111-2222-3333-4444-555555555555
    /// ```
    ///
    /// ## Source
    /// [AssociateWebACL](https://docs.aws.amazon.com/waf/latest/APIReference/API_AssociateWebACL.html)
    WEB_ACL_SCOPE = "SCF069", "Web ACL scope", Blocker, fix: None;

    /// ## What it does
    /// Points out that a web ACL on the load balancer sees the distribution's addresses in place of the visitors'.
    ///
    /// ## Why it matters
    /// With `aws@1.0`, requests come to the load balancer through CloudFront. Rules about client addresses, such as rate limits
    /// and lists of countries, match the edge's addresses unless they look at the `X-Forwarded-For` header. Requests to Lambda
    /// containers do not pass the load balancer at all.
    ///
    /// ## Example
    /// ```yaml top
    /// deployment:
    ///   type: aws@1.0
    ///   awsAlb:
    ///     wafAclArn: arn:aws:wafv2:us-east-1:123456789012:regional/webacl/shop/11111111-2222-3333-4444-555555555555
    /// ```
    ///
    /// ## Use instead
    /// Let address rules of the web ACL use the forwarded address, with `X-Forwarded-For` as its header.
    ///
    /// ## Source
    /// [Using forwarded IP addresses](https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-forwarded-ip-address.html)
    SEES_CLOUDFRONT_ONLY = "SCF071", "Web ACL sees CloudFront only", Info, fix: None
}

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    let Some(value) = ctx.get(&["deployment", "awsAlb", "wafAclArn"]) else { return };
    if ctx.deployment_type() == Some(DeploymentType::Aws) && (value.as_str().is_some() || value.is_unknown()) {
        let message = "Requests reach the load balancer through CloudFront, so rules of this web ACL about client addresses see the \
                       edge's addresses, unless they use `X-Forwarded-For`.";
        acc.push(SEES_CLOUDFRONT_ONLY.at(value.key_place(), message));
    }
    let Some(text) = value.as_str() else { return };
    match web_acl(text) {
        Some(acl) => scope(ctx, value, &acl, acc),
        None => {
            let message = format!(
                "`{text}` is not the ARN of a web ACL, which is \
                 `arn:aws:wafv2:<region>:<account>:regional/webacl/<name>/<id>`. Copy it from the console of AWS WAF."
            );
            acc.push(BAD_WEB_ACL_ARN.at(value, message));
        }
    }
}

fn scope<'a>(ctx: &RuleContext<'a>, value: Value<'a>, acl: &Arn<'a>, acc: &mut Vec<Diagnostic>) {
    if acl.resource.starts_with("global/") {
        let start = acl.account_range().end + 1;
        let message = "A web ACL of the scope `global` belongs to CloudFront and cannot be associated with a load balancer. Make a \
                       regional one, in the region of the deployment.";
        acc.push(WEB_ACL_SCOPE.at(ctx.part(value, start..start + "global".len()), message));
    } else if let Some(region) = ctx.inputs.region.as_deref().filter(|region| *region != acl.region) {
        let message = format!(
            "The web ACL is in `{}`, but the load balancer will be in `{region}`, and only takes one of its own region.",
            acl.region
        );
        acc.push(WEB_ACL_SCOPE.at(ctx.part(value, acl.region_range()), message));
    }
}

/// Reads the ARN of a web ACL of either scope.
fn web_acl(text: &str) -> Option<Arn<'_>> {
    let arn = Arn::parse(text)?;
    let parts: Vec<&str> = arn.resource.split('/').collect();
    let names = matches!(parts.as_slice(), ["regional" | "global", "webacl", name, id] if !name.is_empty() && !id.is_empty());
    let sound = PARTITIONS.contains(&arn.partition) && arn.service == "wafv2" && arn.has_region() && arn.has_account();
    (names && sound).then_some(arn)
}

#[cfg(test)]
mod tests {
    use super::web_acl;

    #[test]
    fn web_acls_are_told_from_other_arns() {
        for yes in [
            "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/a/b",
            "arn:aws-us-gov:wafv2:us-gov-west-1:123456789012:global/webacl/a/b",
        ] {
            assert!(web_acl(yes).is_some(), "{yes}");
        }
        for no in [
            "",
            "webacl",
            "arn:aws:waf:us-east-1:123456789012:regional/webacl/a/b",
            "arn:aws:wafv2::123456789012:regional/webacl/a/b",
            "arn:aws:wafv2:us-east-1:1234:regional/webacl/a/b",
            "arn:aws:wafv2:us-east-1:123456789012:regional/rulegroup/a/b",
            "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/a",
            "arn:aws:wafv2:us-east-1:123456789012:regional/webacl//b",
            "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/a/b/c",
        ] {
            assert!(web_acl(no).is_none(), "{no}");
        }
    }
}
