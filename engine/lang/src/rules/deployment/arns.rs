//! SCF074 and SCF075: ARNs that point out of the account or the region.

use std::collections::HashSet;

use crate::config::Value;
use crate::declare_rule;
use crate::diagnostic::Diagnostic;
use crate::limits::arn::{Arn, is_account, is_region};
use crate::rules::RuleContext;

declare_rule! {
    /// ## What it does
    /// Reports ARNs of different accounts in one file: the first ARN of every further account.
    ///
    /// ## Why it matters
    /// A project is deployed to one account. Access across accounts is possible, but needs a policy on the other side; more
    /// often an ARN was copied from another environment.
    ///
    /// ## Example
    /// ```yaml top
    /// deployment:
    ///   type: aws@1.0
    ///   awsIam:
    ///     roleArn: arn:aws:iam::123456789012:role/shop
    ///   awsFargateEcs:
    ///     executionRoleArn: arn:aws:iam::210987654321:role/shop-execution
    /// ```
    ///
    /// ## Use instead
    /// ```yaml top
    /// deployment:
    ///   type: aws@1.0
    ///   awsIam:
    ///     roleArn: arn:aws:iam::123456789012:role/shop
    ///   awsFargateEcs:
    ///     executionRoleArn: arn:aws:iam::123456789012:role/shop-execution
    /// ```
    ///
    /// ## Source
    /// [Amazon resource names](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html)
    ACCOUNTS_DIFFER = "SCF074", "Accounts differ", Warning, fix: None;

    /// ## What it does
    /// Reports the ARN of something in another region than that of the deployment. Without a region that was named, with
    /// `--region` or in the environment, there is nothing to compare and nothing is reported.
    ///
    /// ## Why it matters
    /// It works for some services and at the price of slow calls; more often an ARN was copied from another environment.
    /// `${aws:region}` always is the region of the deployment.
    ///
    /// ## Example
    /// <!-- with: region=eu-west-1 -->
    /// ```yaml container
    /// environment:
    ///   TABLE_ARN: arn:aws:dynamodb:us-east-1:123456789012:table/orders
    /// ```
    ///
    /// ## Use instead
    /// <!-- with: region=eu-west-1 -->
    /// ```yaml container
    /// environment:
    ///   TABLE_ARN: arn:aws:dynamodb:eu-west-1:123456789012:table/orders
    /// ```
    ///
    /// ## Source
    /// [Amazon resource names](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html)
    REGIONS_DIFFER = "SCF075", "Regions differ", Warning, fix: None
}

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    // Each stage may have its own account and region. What is in force of `stages` is looked at where it is used.
    let stages = ctx.get(&["stages"]);
    let arns: Vec<(Value<'_>, Arn<'_>)> = ctx
        .config
        .values()
        .filter_map(|value| Some((value, Arn::parse(value.as_str()?).ok()?)))
        .filter(|(value, _)| !std::iter::successors(Some(*value), |at| at.parent()).any(|at| Some(at) == stages))
        .collect();
    accounts(ctx, &arns, acc);
    regions(ctx, &arns, acc);
}

fn accounts<'a>(ctx: &RuleContext<'a>, arns: &[(Value<'a>, Arn<'a>)], acc: &mut Vec<Diagnostic>) {
    let mut with_account = arns.iter().filter(|(_, arn)| is_account(arn.account));
    let Some((first, first_arn)) = with_account.next() else { return };
    let mut seen = HashSet::from([first_arn.account]);
    for (value, arn) in with_account.filter(|(_, arn)| seen.insert(arn.account)) {
        let message = format!(
            "This is an ARN of the account {}, but another ARN of the file is of {}. A project is deployed to one account; make \
             sure that both are meant.",
            arn.account, first_arn.account
        );
        let place = ctx.part(*value, arn.account_range());
        let related = ctx.part(*first, first_arn.account_range()).range;
        acc.push(ACCOUNTS_DIFFER.at(place, message).related(related, "The other account is named here."));
    }
}

fn regions<'a>(ctx: &RuleContext<'a>, arns: &[(Value<'a>, Arn<'a>)], acc: &mut Vec<Diagnostic>) {
    let Some(region) = ctx.inputs.region.as_deref() else { return };
    // What is wrong with the web ACL's region is said by its own rule.
    let web_acl = ctx.get(&["deployment", "awsAlb", "wafAclArn"]);
    for (value, arn) in arns.iter().filter(|(value, arn)| is_region(arn.region) && Some(*value) != web_acl) {
        if arn.region != region {
            let message = format!(
                "This is an ARN of the region `{}`, but the deployment is made in `{region}`. Make sure that the other region is \
                 meant; `${{aws:region}}` always is the region of the deployment.",
                arn.region
            );
            acc.push(REGIONS_DIFFER.at(ctx.part(*value, arn.region_range()), message));
        }
    }
}
