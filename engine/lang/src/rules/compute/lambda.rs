//! SCF114 to SCF120: Lambda functions.

use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Fix};
use crate::limits::cloudfront::FIRST_BYTE_SECONDS;
use crate::limits::lambda::{DEFAULT_TIMEOUT, TIMEOUT};
use crate::model::{ComputeType, DeploymentType};
use crate::rules::{Container, RuleContext, edits};

declare_rule! {
    /// ## What it does
    /// Reports a Lambda memory size below 128 or above 10240 MB.
    ///
    /// ## Why it matters
    /// Lambda has no such size, and the original tool refuses the file.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsLambda
    ///   awsLambda:
    ///     memory: 64
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// compute:
    ///   type: awsLambda
    ///   awsLambda:
    ///     memory: 128
    /// ```
    ///
    /// ## Source
    /// [Lambda quotas](https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html)
    LAMBDA_MEMORY_RANGE = "SCF114", "Lambda memory range", Error, fix: Unsafe;

    /// ## What it does
    /// Reports a Lambda memory size with a fraction.
    ///
    /// ## Why it matters
    /// Sizes come in steps of 1 MB. The original tool takes the file, and Lambda then refuses the function.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsLambda
    ///   awsLambda:
    ///     memory: 512.5
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// compute:
    ///   type: awsLambda
    ///   awsLambda:
    ///     memory: 512
    /// ```
    ///
    /// ## Source
    /// [Lambda quotas](https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html)
    LAMBDA_MEMORY_NOT_WHOLE = "SCF115", "Lambda memory not whole", Blocker, fix: Unsafe;

    /// ## What it does
    /// Reports a Lambda timeout that is no whole number of seconds from 1 to 900.
    ///
    /// ## Why it matters
    /// The original tool takes any number, and Lambda then refuses the function. What runs longer than 15 minutes belongs on
    /// Fargate.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsLambda
    ///   awsLambda:
    ///     timeout: 1800
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// compute:
    ///   type: awsLambda
    ///   awsLambda:
    ///     timeout: 900
    /// ```
    ///
    /// ## Source
    /// [Lambda quotas](https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html)
    LAMBDA_TIMEOUT_RANGE = "SCF116", "Lambda timeout range", Blocker, fix: Unsafe;

    /// ## What it does
    /// Reports a Lambda timeout above 30 seconds behind a distribution.
    ///
    /// ## Why it matters
    /// With `aws@1.0`, CloudFront gives up when the first byte of an answer takes more than 30 seconds; the function goes on
    /// working for nobody. An answer that starts in time and then streams on is not cut off.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsLambda
    ///   awsLambda:
    ///     timeout: 120
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// compute:
    ///   type: awsLambda
    ///   awsLambda:
    ///     timeout: 30
    /// ```
    /// or keep the value, start to answer early, and silence the rule on that line.
    ///
    /// ## Source
    /// [CloudFront: response timeout of an origin](https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html)
    TIMEOUT_BEYOND_THE_EDGE = "SCF117", "Timeout beyond the edge", Warning, fix: None;

    /// ## What it does
    /// Says that a function without a `timeout` is stopped after 6 seconds.
    ///
    /// ## Why it matters
    /// A cold start and a slow request together easily take longer.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsLambda
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// compute:
    ///   type: awsLambda
    ///   awsLambda:
    ///     timeout: 30
    /// ```
    SHORT_DEFAULT_TIMEOUT = "SCF118", "Short default timeout", Info, fix: Unsafe;

    /// ## What it does
    /// Reports a function in the network that Slipway makes.
    ///
    /// ## Why it matters
    /// That network has no NAT gateway, so that a function in it reaches neither the internet nor most services of AWS. A network
    /// of your own can have one.
    ///
    /// ## Example
    /// ```yaml container
    /// compute:
    ///   type: awsLambda
    ///   awsLambda:
    ///     vpc: true
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// name: demo
    /// deployment:
    ///   type: aws@1.0
    ///   awsVpc:
    ///     id: vpc-0123456789abcdef0
    ///     publicSubnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef1]
    ///     privateSubnets: [subnet-0123456789abcdef2, subnet-0123456789abcdef3]
    ///     s2sSecurityGroupId: sg-0123456789abcdef0
    ///     loadBalancerSecurityGroupId: sg-0123456789abcdef1
    /// containers:
    ///   api:
    ///     src: ./api
    ///     routing:
    ///       pathPattern: /*
    ///     compute:
    ///       type: awsLambda
    ///       awsLambda:
    ///         vpc: true
    /// ```
    ///
    /// ## Source
    /// [Internet access for Lambda functions in a VPC](https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc-internet.html)
    VPC_LAMBDA_WITHOUT_INTERNET = "SCF119", "VPC Lambda without internet", Warning, fix: None;

    /// ## What it does
    /// Says what a load balancer in front of Lambda does not let through.
    ///
    /// ## Why it matters
    /// With `awsApi@1.0`, bodies of requests and answers of a Lambda container may have at most 1 MB, and answers are not
    /// streamed. Fargate containers have no such limit, nor has `aws@1.0` such a narrow one.
    ///
    /// ## Example
    /// ```yaml
    /// name: demo
    /// deployment:
    ///   type: awsApi@1.0
    /// containers:
    ///   api:
    ///     src: ./api
    ///     routing:
    ///       pathPattern: /*
    ///     compute:
    ///       type: awsLambda
    /// ```
    ///
    /// ## Use instead
    /// Nothing has to be done while bodies are small. Otherwise use `type: awsFargateEcs`.
    ///
    /// ## Source
    /// [Lambda functions as targets](https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html)
    LAMBDA_PAYLOAD_LIMITS = "SCF120", "Lambda payload limits", Info, fix: None
}

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    for container in ctx.containers().filter(|container| container.compute_type() == Some(ComputeType::Lambda)) {
        timeout(ctx, container, acc);
        network(ctx, container, acc);
        if ctx.deployment_type() == Some(DeploymentType::AwsApi)
            && let Some(compute) = container.get(&["compute"])
        {
            let message = "Behind the load balancer of `awsApi@1.0`, requests and answers of a Lambda container may have at most \
                           1 MB, and answers are not streamed.";
            acc.push(LAMBDA_PAYLOAD_LIMITS.at(compute.get("type").unwrap_or(compute).key_place(), message));
        }
    }
}

fn timeout(ctx: &RuleContext<'_>, container: Container<'_>, acc: &mut Vec<Diagnostic>) {
    let lambda = container.lambda();
    if lambda.is_some_and(|lambda| !lambda.is_map()) {
        return;
    }
    let Some(timeout) = lambda.and_then(|lambda| lambda.get("timeout")) else {
        let Some(compute) = container.get(&["compute"]) else { return };
        let message = format!(
            "The function has no `timeout`, so it is stopped after {DEFAULT_TIMEOUT} seconds. Set the longest time that a \
             request may take."
        );
        let (place, edits) = match lambda {
            Some(lambda) => (lambda.missing_place("timeout"), edits::add_entry(ctx, lambda, "timeout", "30")),
            None => {
                (compute.missing_place("awsLambda"), edits::add_entry(ctx, compute, "awsLambda", "\n  timeout: 30"))
            }
        };
        let fix = edits.map(|edits| Fix::suggestion("Add `timeout: 30`", edits));
        acc.push(SHORT_DEFAULT_TIMEOUT.at(place, message).fix(fix));
        return;
    };
    let seconds = timeout
        .as_f64()
        .filter(|seconds| *seconds > f64::from(FIRST_BYTE_SECONDS) && *seconds <= f64::from(*TIMEOUT.end()));
    if let Some(seconds) = seconds
        && ctx.deployment_type() == Some(DeploymentType::Aws)
    {
        let message = format!(
            "The function may take {seconds} seconds, but CloudFront gives up when the first byte of the answer takes more than \
             {FIRST_BYTE_SECONDS}. Answer within {FIRST_BYTE_SECONDS} seconds, or start early and stream the rest."
        );
        acc.push(TIMEOUT_BEYOND_THE_EDGE.at(timeout, message));
    }
}

fn network(ctx: &RuleContext<'_>, container: Container<'_>, acc: &mut Vec<Diagnostic>) {
    let Some(vpc) = container.get(&["compute", "awsLambda", "vpc"]).filter(|vpc| vpc.as_bool() == Some(true)) else {
        return;
    };
    let has_own_network =
        ctx.get(&["deployment"]).is_none_or(|deployment| !deployment.is_map() || deployment.get("awsVpc").is_some());
    if !has_own_network {
        let message = "The network that Slipway makes has no NAT gateway, so the function would reach neither the internet nor most \
                       services of AWS. Bring a network with `deployment.awsVpc`, or remove `vpc`.";
        acc.push(VPC_LAMBDA_WITHOUT_INTERNET.at(vpc, message));
    }
}
