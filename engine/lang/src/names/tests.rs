use super::*;

const LONG: Parts<'_> = Parts {
    name: "abcdefghijklmnop",
    stage: "production12",
    container: "a-container-with-a-really-long-name-x",
    integration: "",
};

fn parts<'a>(name: &'a str, stage: &'a str, container: &'a str) -> Parts<'a> {
    Parts::project(name, stage).container(container)
}

#[test]
fn the_table_is_in_the_order_of_its_kinds() {
    for formula in &FORMULAS {
        assert_eq!(formula.kind.formula().kind, formula.kind);
        assert!(formula.source.starts_with("https://docs."), "{:?}", formula.kind);
    }
}

#[test]
fn each_kind_has_its_formula() {
    let parts = Parts::project("shop", "dev").container("api").integration("nightly");
    for (kind, original) in [
        (Kind::LoadBalancer, "alb-shop-dev"),
        (Kind::TargetGroupIp, "shop-dev-api-ip"),
        (Kind::TargetGroupLambda, "shop-dev-api-lambda"),
        (Kind::Repository, "shop-dev-api"),
        (Kind::Cluster, "shop-dev"),
        (Kind::Service, "shop-dev-api"),
        (Kind::LogGroup, "/aws/ecs/shop-dev-api-fargate"),
        (Kind::Function, "shop-dev-api"),
        (Kind::Role, "shop-dev-api-role"),
        (Kind::Policy, "shop-dev-api-policy"),
        (Kind::ExecutionRole, "shop-dev-fargate-execution-role"),
        (Kind::ExecutionPolicy, "shop-dev-fargate-execution-policy"),
        (Kind::TaskSecurityGroup, "shop-dev-s2s"),
        (Kind::BalancerSecurityGroup, "shop-dev-lb"),
        (Kind::EventRule, "shop-api-nightly-rule"),
        (Kind::EventConnection, "shop-api-nightly-connection"),
        (Kind::EventDestination, "shop-api-nightly-destination"),
        (Kind::EventTarget, "shop-api-nightly-target"),
        (Kind::EventRole, "nightly-eventbridge-api-target-role"),
        (Kind::RoutingFunction, "shop-dev-router"),
        (Kind::RoutingStore, "shop-dev-routing-store"),
        (Kind::RoutingKey, "shop-dev:routing"),
        (Kind::BalancerOrigin, "shop-dev-alb-origin"),
        (Kind::FunctionOrigin, "shop-dev-lambda-api-origin"),
        (Kind::SlackParameter, "/shop/dev/slack/appconfig/credentials"),
        (Kind::StateObject, "services/scf/shop-dev/state/state.json"),
        (Kind::DevContainer, "api"),
        (Kind::DevImage, "api"),
    ] {
        let name = parts.name(kind);
        assert_eq!(name.original(), original, "{kind:?}");
        assert_eq!(name.fault(), None, "{kind:?}");
        assert_eq!(name.cut(), Cut::default(), "{kind:?}");
        let own = chosen(std::slice::from_ref(&name)).remove(0);
        match kind {
            Kind::EventRule | Kind::EventConnection | Kind::EventDestination | Kind::EventTarget => {
                assert_eq!(own, original.replace("shop-", "shop-dev-"));
            }
            Kind::EventRole => assert_eq!(own, "shop-dev-api-nightly-events-role"),
            _ => assert_eq!(own, original, "{kind:?}"),
        }
    }
}

#[test]
fn the_original_tool_shortens_in_its_own_ways() {
    let long_payments = parts("abcdefghijklmnop", "production12", "payments-service-v2");
    for (parts, kind, expected) in [
        (LONG, Kind::Role, "abcdefghijklmnop-production12-a-container-with-a-really-c18cf0d6"),
        (LONG, Kind::Policy, "abcdefghijklmnop-production12-a-container-with-a-really-169c2692"),
        (parts("my-app", "dev", "api"), Kind::TargetGroupIp, "my-app-dev-api-ip"),
        (parts("my-app", "dev", "api"), Kind::TargetGroupLambda, "my-app-dev-api-lambda"),
        (long_payments, Kind::TargetGroupIp, "abcdefghijklm-payments-serv-ip"),
        (long_payments, Kind::TargetGroupLambda, "abcdefghijk-payments-se-lambda"),
        (parts("my-app", "dev", "orders-worker-internal"), Kind::TargetGroupIp, "my-app-dev-orders-worker-ip"),
        (parts("my-app", "dev", "orders-worker-external"), Kind::TargetGroupIp, "my-app-dev-orders-worker-ip"),
        (parts("my-long-project", "dev", "service-api"), Kind::TargetGroupIp, "my-long-proje-service-api-ip"),
        (parts("my-long-project", "prod", "service-api"), Kind::TargetGroupIp, "my-long-proje-service-api-ip"),
        (parts("acmeinc", "dev", "service-frontend-a"), Kind::TargetGroupIp, "acmeinc-dev-service-front-ip"),
        (parts("acmeinc", "dev", "service-frontend-b"), Kind::TargetGroupIp, "acmeinc-dev-service-front-ip"),
        (LONG, Kind::Function, "abcdefghijklmnop-production12-a-container-with-a-really-long-nam"),
    ] {
        assert_eq!(parts.name(kind).original(), expected);
    }
    assert_eq!(LONG.name(Kind::Role).original().len(), 64);
}

#[test]
fn cuts_are_known() {
    let cut = |parts: Parts<'_>, kind| {
        let Cut { base, container } = parts.name(kind).cut();
        (base, container)
    };
    assert_eq!(cut(parts("my-long-project", "dev", "service-api"), Kind::TargetGroupIp), (true, false));
    assert_eq!(cut(parts("acmeinc", "dev", "service-frontend-a"), Kind::TargetGroupIp), (false, true));
    assert_eq!(cut(LONG, Kind::TargetGroupLambda), (true, true));
    assert_eq!(cut(LONG, Kind::Function), (false, true));
    assert_eq!(cut(LONG, Kind::Role), (false, false));
}

#[test]
fn services_refuse_some_names() {
    use alphabet::NameFault::{AtEnd, Character, Neighbours, Prefix, TooLong, TooShort};
    for (parts, kind, expected) in [
        (parts("abcdefghijklmnop", "productions", ""), Kind::LoadBalancer, None),
        (parts("abcdefghijklmnop", "production12", ""), Kind::LoadBalancer, Some(TooLong { length: 33, max: 32 })),
        (parts("my_app", "dev", ""), Kind::LoadBalancer, Some(Character('_'))),
        (parts("MyApp", "dev", "api"), Kind::LoadBalancer, None),
        (parts("MyApp", "dev", "api"), Kind::Repository, Some(Character('M'))),
        (parts("app-", "dev", "api"), Kind::Repository, Some(Neighbours('-', '-'))),
        (parts("-app", "dev", "api"), Kind::TargetGroupIp, Some(AtEnd('-'))),
        (parts("app", "dev", "api/v1"), Kind::Function, Some(Character('/'))),
        (parts("sg-app", "dev", ""), Kind::TaskSecurityGroup, Some(Prefix("sg-"))),
        (parts("app", "dev", "a"), Kind::DevContainer, Some(TooShort { min: 2 })),
        (LONG, Kind::TargetGroupIp, None),
        (LONG, Kind::Function, None),
    ] {
        assert_eq!(parts.name(kind).fault(), expected, "{parts:?} {kind:?}");
    }
}

#[test]
fn new_resources_follow_the_original_where_that_is_safe() {
    let names = |list: &[(Parts<'static>, Kind)]| {
        chosen(&list.iter().map(|(parts, kind)| parts.name(*kind)).collect::<Vec<_>>())
    };
    let shop = |container| parts("acmeinc", "dev", container);
    // The container alone is cut, and no other container gets the same name.
    assert_eq!(
        names(&[(shop("service-frontend-a"), Kind::TargetGroupIp), (shop("api"), Kind::TargetGroupIp)]),
        ["acmeinc-dev-service-front-ip", "acmeinc-dev-api-ip"]
    );
    // Two containers get the same name.
    assert_eq!(
        names(&[(shop("service-frontend-a"), Kind::TargetGroupIp), (shop("service-frontend-b"), Kind::TargetGroupIp)]),
        ["acmeinc-dev-service-front-410c5d", "acmeinc-dev-service-front-2a356d"]
    );
    // Another stage gets the same name.
    let long = parts("my-long-project", "dev", "service-api");
    assert_eq!(names(&[(long, Kind::TargetGroupIp)]), ["my-long-project-dev-servi-d27a24"]);
    // The service refuses the name.
    let long = parts("abcdefghijklmnop", "production12", "");
    assert_eq!(names(&[(long, Kind::LoadBalancer)]), ["alb-abcdefghijklmnop-prod-ced539"]);
    // The original's own hash tells the names apart.
    assert_eq!(names(&[(LONG, Kind::Role)]), ["abcdefghijklmnop-production12-a-container-with-a-really-c18cf0d6"]);
    // The keys end in different places, and the joined texts agree.
    let rule = |container, integration| (shop(container).integration(integration), Kind::EventRule);
    let rules = names(&[rule("a-b", "c"), rule("a", "b-c"), rule("a", "d")]);
    assert_ne!(rules[0], rules[1]);
    assert!(rules[..2].iter().all(|name| name.starts_with("acmeinc-dev-a-b-c-rule-")), "{rules:?}");
    assert_eq!(rules[2], "acmeinc-dev-a-d-rule");
    // No separator stands before the one that the hash brings.
    let name = parts("abcdefghijklm", "production", "container").name(Kind::TargetGroupIp);
    assert_eq!(name.hashed(), "abcdefghijklm-production-0a12aa");
    assert_eq!(names(&[]), Vec::<String>::new());
}

#[test]
fn a_part_that_looks_like_a_placeholder_stays() {
    assert_eq!(parts("{container}", "{x", "}").name(Kind::Service).original(), "{container}-{x-}");
    assert_eq!(parts("é".repeat(80).as_str(), "dev", "c").name(Kind::Function).original(), "é".repeat(64));
}
