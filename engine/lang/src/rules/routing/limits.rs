//! SCF230 and SCF231: how many routes a project may have.

use super::{all_known, routes};
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Severity};
use crate::limits::{alb, cloudfront};
use crate::model::DeploymentType;
use crate::names::Parts;
use crate::routing::edge::routing_value;
use crate::rules::RuleContext;

declare_rule! {
    /// ## What it does
    /// Reports a project with more containers than one load balancer takes.
    ///
    /// ## Why it matters
    /// A balancer takes 100 rules and 100 target groups, and each container needs one of each.
    ///
    /// ## Example
    /// A project with 101 containers.
    ///
    /// ## Use instead
    /// Split the project.
    ///
    /// ## Source
    /// [Quotas of load balancers](https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html)
    TOO_MANY_ROUTES = "SCF230", "Load balancer limit", Blocker, fix: None;

    /// ## What it does
    /// Reports routes that do not fit the routing table of an `aws@1.0` project.
    ///
    /// ## Why it matters
    /// All routes of the project stand in one value of a key-value store, which takes 1024 characters. That is enough for 10 to 14
    /// containers. From 900 characters on the rule warns.
    ///
    /// ## Example
    /// ```yaml top
    /// containers:
    ///   payments-service: {src: ./api, compute: {}, routing: {pathPattern: /payments/*}}
    ///   invoices-service: {src: ./api, compute: {}, routing: {pathPattern: /invoices/*}}
    ///   products-service: {src: ./api, compute: {}, routing: {pathPattern: /products/*}}
    ///   reviews-service: {src: ./api, compute: {}, routing: {pathPattern: /reviews/*}}
    ///   accounts-service: {src: ./api, compute: {}, routing: {pathPattern: /accounts/*}}
    ///   sessions-service: {src: ./api, compute: {}, routing: {pathPattern: /sessions/*}}
    ///   checkout-service: {src: ./api, compute: {}, routing: {pathPattern: /checkout/*}}
    ///   delivery-service: {src: ./api, compute: {}, routing: {pathPattern: /delivery/*}}
    ///   tracking-service: {src: ./api, compute: {}, routing: {pathPattern: /tracking/*}}
    ///   messages-service: {src: ./api, compute: {}, routing: {pathPattern: /messages/*}}
    ///   reports-service: {src: ./api, compute: {}, routing: {pathPattern: /reports/*}}
    ///   website-service: {src: ./api, compute: {}, routing: {pathPattern: /*}}
    /// ```
    ///
    /// ## Use instead
    /// ```yaml top
    /// containers:
    ///   payments: {src: ./api, compute: {}, routing: {pathPattern: /payments/*}}
    ///   website: {src: ./api, compute: {}, routing: {pathPattern: /*}}
    /// ```
    ///
    /// ## Source
    /// [Quotas of CloudFront](https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html)
    TABLE_FULL = "SCF231", "Routing table full", Blocker, fix: None
}

/// From so many characters on the table is nearly full.
const NEARLY_FULL: usize = 900;

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    let Some(containers) = ctx.get(&["containers"]) else { return };
    let count = ctx.containers().len();
    if count > alb::RULES {
        let message = format!(
            "The project has {count} containers, but a load balancer takes {} rules and {} target groups. Split the project.",
            alb::RULES,
            alb::TARGET_GROUPS
        );
        acc.push(TOO_MANY_ROUTES.at(containers.key_place(), message));
        return;
    }
    if ctx.deployment_type() == Some(DeploymentType::Aws)
        && all_known(ctx)
        && let Some(name) = ctx.name()
    {
        let routes: Vec<_> = routes(ctx).into_iter().map(|routed| routed.route).collect();
        let length = routing_value(Parts::project(name, ctx.stage()), &routes).chars().count();
        let severity = match length {
            _ if length > cloudfront::VALUE_LENGTH => Severity::Blocker,
            NEARLY_FULL.. => Severity::Warning,
            _ => return,
        };
        let message = format!(
            "The routes of the project take {length} characters of the {} that the routing table holds. Use shorter container names \
             and patterns, split the project, or use `awsApi@1.0`.",
            cloudfront::VALUE_LENGTH
        );
        acc.push(TABLE_FULL.at(containers.key_place(), message).severity(severity));
    }
}

#[cfg(test)]
mod tests {
    use crate::analyze;
    use crate::inputs::Inputs;
    use crate::yaml::Document;

    #[test]
    fn a_hundred_containers_are_the_most() {
        for (count, expected) in [(100, 0), (101, 1)] {
            let mut text = "name: demo\ndeployment: {type: awsApi@1.0}\ncontainers:\n".to_owned();
            for number in 0..count {
                text += &format!("  c{number}: {{src: ., compute: {{}}, routing: {{pathPattern: /c{number}/*}}}}\n");
            }
            let analysis = analyze(&Document::new(text), &Inputs::default());
            let found = analysis.diagnostics.iter().filter(|diagnostic| diagnostic.rule.code == "SCF230").count();
            assert_eq!(found, expected, "{count} containers");
        }
    }
}
