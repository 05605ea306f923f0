//! SCF068, SCF069, SCF071: the web ACL of the load balancer.

use crate::config::Value;
use crate::declare_rule;
use crate::diagnostic::Diagnostic;
use crate::limits::arn::{Scope, WebAcl};
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
    match value.as_str().map(WebAcl::parse) {
        None => {}
        Some(Ok(acl)) => scope(ctx, value, &acl, acc),
        Some(Err(fault)) => {
            let message = format!(
                "`wafAclArn` needs the ARN of a web ACL, such as \
                 `arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/name/id`. {fault}"
            );
            acc.push(BAD_WEB_ACL_ARN.at(value, message));
        }
    }
}

fn scope<'a>(ctx: &RuleContext<'a>, value: Value<'a>, acl: &WebAcl<'a>, acc: &mut Vec<Diagnostic>) {
    match (acl.scope, ctx.inputs.region.as_deref()) {
        (Scope::Global, _) => {
            let start = acl.arn.account_range().end + 1;
            let message = "A web ACL of the scope `global` belongs to CloudFront and cannot be associated with a load balancer. Make \
                           a regional one, in the region of the deployment.";
            acc.push(WEB_ACL_SCOPE.at(ctx.part(value, start..start + "global".len()), message));
        }
        (Scope::Regional, Some(region)) if region != acl.arn.region => {
            let message = format!(
                "The web ACL is in `{}`, but the load balancer will be in `{region}`, and only takes one of its own region.",
                acl.arn.region
            );
            acc.push(WEB_ACL_SCOPE.at(ctx.part(value, acl.arn.region_range()), message));
        }
        (Scope::Regional, _) => {}
    }
}
