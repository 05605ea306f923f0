//! SCF035 to SCF038: names of cloud resources that do not fit, and what is lost of them.

use std::collections::HashMap;

use super::part::stage_key_range;
use crate::declare_rule;
use crate::diagnostic::Diagnostic;
use crate::model::{ComputeType, DeploymentType};
use crate::names::alphabet::NameFault;
use crate::names::{Kind, Name, Parts, chosen};
use crate::rules::{Container, RuleContext};

declare_rule! {
    /// ## What it does
    /// Reports a project's name and a stage that together are too long for the name of the load balancer,
    /// `alb-<name>-<stage>`.
    ///
    /// ## Why it matters
    /// The name of a load balancer has at most 32 characters. The original tool tries a longer one and fails. Slipway cuts it
    /// and appends a few digits, which deploys, but is hard to recognise in the console.
    ///
    /// ## Example
    /// <!-- with: stage=production-1 -->
    /// ```yaml top
    /// name: acme-online-shop
    /// ```
    ///
    /// ## Use instead
    /// <!-- with: stage=prod -->
    /// ```yaml top
    /// name: acme-online-shop
    /// ```
    ///
    /// ## Source
    /// [Elastic Load Balancing, CreateLoadBalancer](https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html)
    LOAD_BALANCER_NAME_TOO_LONG = "SCF035", "Load balancer name too long", Warning, fix: None;

    /// ## What it does
    /// Reports a container whose target group cannot have its full name, `<name>-<stage>-<container>-ip` (`-lambda` for Lambda
    /// with `awsApi@1.0`).
    ///
    /// ## Why it matters
    /// The name of a target group has at most 32 characters. The original tool cuts both halves of a longer one. What is lost
    /// may be what tells two containers apart, or two stages: then `dev` and `prod` get one target group in a region, and
    /// each deployment of one takes the other's traffic. Slipway appends a few digits where that can happen.
    ///
    /// ## Example
    /// ```yaml
    /// name: my-long-project
    /// deployment:
    ///   type: aws@1.0
    /// containers:
    ///   service-api:
    ///     src: ./api
    ///     compute:
    ///       type: awsFargateEcs
    ///     routing:
    ///       pathPattern: /*
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// name: my-project
    /// deployment:
    ///   type: aws@1.0
    /// containers:
    ///   api:
    ///     src: ./api
    ///     compute:
    ///       type: awsFargateEcs
    ///     routing:
    ///       pathPattern: /*
    /// ```
    ///
    /// ## Source
    /// [Elastic Load Balancing, CreateTargetGroup](https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html)
    TARGET_GROUP_NAME_CUT = "SCF036", "Target group name is cut", Warning, fix: None;

    /// ## What it does
    /// Reports two containers whose target groups get one name when it is cut to 32 characters.
    ///
    /// ## Why it matters
    /// The original tool makes one target group for both, so each receives a part of the other's requests. Slipway gives
    /// each its own, with a few digits at its end.
    ///
    /// ## Example
    /// ```yaml
    /// name: acmeinc
    /// deployment:
    ///   type: aws@1.0
    /// containers:
    ///   service-frontend-a:
    ///     src: ./a
    ///     compute:
    ///       type: awsFargateEcs
    ///     routing:
    ///       pathPattern: /a/*
    ///   service-frontend-b:
    ///     src: ./b
    ///     compute:
    ///       type: awsFargateEcs
    ///     routing:
    ///       pathPattern: /b/*
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// name: acmeinc
    /// deployment:
    ///   type: aws@1.0
    /// containers:
    ///   frontend-a:
    ///     src: ./a
    ///     compute:
    ///       type: awsFargateEcs
    ///     routing:
    ///       pathPattern: /a/*
    ///   frontend-b:
    ///     src: ./b
    ///     compute:
    ///       type: awsFargateEcs
    ///     routing:
    ///       pathPattern: /b/*
    /// ```
    ///
    /// ## Source
    /// [Elastic Load Balancing, CreateTargetGroup](https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html)
    TARGET_GROUP_CLASH = "SCF037", "Target group clash", Warning, fix: None;

    /// ## What it does
    /// Reports a Lambda container whose function cannot have its full name, `<name>-<stage>-<container>`.
    ///
    /// ## Why it matters
    /// The name of a function has at most 64 characters. The original tool cuts a longer one; where two containers get one
    /// name by that, the second replaces the first. Slipway appends a few digits in that case.
    ///
    /// ## Example
    /// ```yaml
    /// name: acme-online-shop
    /// deployment:
    ///   type: aws@1.0
    /// containers:
    ///   thumbnails-for-the-catalogue-of-the-spring-season:
    ///     src: ./thumbnails
    ///     compute:
    ///       type: awsLambda
    ///     routing:
    ///       pathPattern: /*
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// name: acme-online-shop
    /// deployment:
    ///   type: aws@1.0
    /// containers:
    ///   thumbnails:
    ///     src: ./thumbnails
    ///     compute:
    ///       type: awsLambda
    ///     routing:
    ///       pathPattern: /*
    /// ```
    ///
    /// ## Source
    /// [Lambda, CreateFunction](https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html)
    FUNCTION_NAME_CUT = "SCF038", "Function name cut", Warning, fix: None
}

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    let Some(name) = ctx.name() else { return };
    let project = Parts::project(name, ctx.stage());
    load_balancer(ctx, project, acc);
    let named = |kind_of: &dyn Fn(Container<'_>) -> Option<Kind>| {
        let containers = ctx
            .containers()
            .filter_map(|container| Some((container, project.container(container.name).name(kind_of(container)?))));
        containers.collect::<Vec<_>>()
    };
    target_groups(&named(&|container| target_group(ctx, container)), acc);
    functions(&named(&|container| (container.compute_type()? == ComputeType::Lambda).then_some(Kind::Function)), acc);
}

/// The sort of target group that stands before a container, if there is one.
fn target_group(ctx: &RuleContext<'_>, container: Container<'_>) -> Option<Kind> {
    match (container.compute_type()?, ctx.deployment_type()) {
        (ComputeType::Fargate, _) => Some(Kind::TargetGroupIp),
        (ComputeType::Lambda, Some(DeploymentType::AwsApi)) => Some(Kind::TargetGroupLambda),
        (ComputeType::Lambda, _) => None,
    }
}

fn load_balancer(ctx: &RuleContext<'_>, project: Parts<'_>, acc: &mut Vec<Diagnostic>) {
    let Some(value) = ctx.get(&["name"]) else { return };
    let name = project.name(Kind::LoadBalancer);
    let Some(NameFault::TooLong { length, max }) = name.fault() else { return };
    let message = format!(
        "The load balancer's name `{}` has {length} characters, but can have {max}. The original tool fails with it, and Slipway \
         shortens it to `{}`. Shorten the project's name or the stage by {}.",
        name.original(),
        chosen(std::slice::from_ref(&name)).concat(),
        length - max
    );
    let mut diagnostic = LOAD_BALANCER_NAME_TOO_LONG.at(value, message);
    if let Some(range) = stage_key_range(ctx) {
        diagnostic = diagnostic.related(range, "The stage is named here.");
    }
    acc.push(diagnostic);
}

fn target_groups(named: &[(Container<'_>, Name<'_>)], acc: &mut Vec<Diagnostic>) {
    let clashes = Clashes::new(named);
    for ((container, name), own) in named.iter().zip(own_names(named)) {
        let (original, place) = (name.original(), container.value.key_place());
        let cut = name.cut();
        if let Some(first) = clashes.earlier(container, name) {
            let message = format!(
                "The target groups of `{}` and `{}` would both be called `{original}`, because names are cut to 32 characters. The \
                 original tool mixes their requests, and Slipway calls this one `{own}`. Rename one of the containers so that they \
                 differ in the first characters.",
                first.name, container.name
            );
            let diagnostic = TARGET_GROUP_CLASH.at(place, message);
            acc.push(diagnostic.related(first.value.key_range(), format!("`{}` gets the same name.", first.name)));
        } else if cut.base {
            let message = format!(
                "The original tool cuts the name of this container's target group to `{original}`, which loses the end of project \
                 and stage: other stages get the same one, and take each other's traffic. Slipway calls it `{own}`. Shorten the \
                 project's name or the container's."
            );
            acc.push(TARGET_GROUP_NAME_CUT.at(place, message));
        } else if cut.container {
            let message = format!(
                "The name of this container's target group is cut to 32 characters, `{own}`, which loses the end of the container's \
                 name. Shorten the container's name."
            );
            acc.push(TARGET_GROUP_NAME_CUT.at(place, message));
        }
    }
}

fn functions(named: &[(Container<'_>, Name<'_>)], acc: &mut Vec<Diagnostic>) {
    let clashes = Clashes::new(named);
    for ((container, name), own) in named.iter().zip(own_names(named)) {
        let place = container.value.key_place();
        if let Some(first) = clashes.earlier(container, name) {
            let message = format!(
                "The functions of `{}` and `{}` would have one name, because names are cut to 64 characters. In the original tool \
                 this one replaces the other, and Slipway calls it `{own}`. Shorten the container's name.",
                first.name, container.name
            );
            let diagnostic = FUNCTION_NAME_CUT.at(place, message);
            acc.push(diagnostic.related(first.value.key_range(), format!("`{}` gets the same name.", first.name)));
        } else if name.cut().container {
            let message = format!(
                "The name of this container's function is cut to 64 characters, `{own}`, which loses the end of the container's \
                 name. Shorten the container's name."
            );
            acc.push(FUNCTION_NAME_CUT.at(place, message));
        }
    }
}

fn own_names(named: &[(Container<'_>, Name<'_>)]) -> Vec<String> {
    chosen(&named.iter().map(|(_, name)| name.clone()).collect::<Vec<_>>())
}

/// Which container is the first to get a name from the original tool.
struct Clashes<'a>(HashMap<(Kind, String), Container<'a>>);

impl<'a> Clashes<'a> {
    fn new(named: &[(Container<'a>, Name<'_>)]) -> Self {
        let mut first = HashMap::new();
        for (container, name) in named {
            first.entry((name.kind(), name.original())).or_insert(*container);
        }
        Self(first)
    }

    /// The container before this one that gets the same name.
    fn earlier(&self, container: &Container<'a>, name: &Name<'_>) -> Option<Container<'a>> {
        let first = self.0.get(&(name.kind(), name.original()))?;
        (first.value != container.value).then_some(*first)
    }
}
