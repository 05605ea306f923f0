use proptest::prelude::*;

use super::*;

impl Route {
    pub(super) fn fargate(container: &str, domain: Option<&str>, path: &str) -> Self {
        Self {
            container: container.to_owned(),
            domain: domain.map(str::to_owned),
            path_pattern: path.to_owned(),
            compute: ComputeType::Fargate,
        }
    }

    pub(super) fn lambda(container: &str, domain: Option<&str>, path: &str) -> Self {
        Self { compute: ComputeType::Lambda, ..Self::fargate(container, domain, path) }
    }
}

/// Reads a list of routes: each `container`, `@domain` where there is one, `pattern`, and `λ` for Lambda.
fn routes(text: &str) -> Vec<Route> {
    let route = |line: &str| {
        let mut words = line.split_whitespace().peekable();
        let container = words.next().unwrap();
        let domain = words.next_if(|word| word.starts_with('@')).map(|word| &word[1..]);
        let path = words.next().unwrap();
        let make = if words.next() == Some("λ") { Route::lambda } else { Route::fargate };
        make(container, domain, path)
    };
    text.split(',').map(route).collect()
}

fn get(url: &str) -> Request<'_> {
    Request::parse("GET", url).unwrap()
}

/// The container that answers, with the way to it: the rule's priority, `url`, `direct`, `https`, or `-` for nobody.
fn met(table: &Table, url: &str) -> String {
    let verdict = table.find(&get(url));
    let way = match (verdict.answer, verdict.priority, verdict.origin) {
        (Answer::Default(answer), None, _) => return format!("- {}", answer.status),
        (Answer::RedirectToHttps, Some(priority), _) => return format!("https {priority}"),
        (Answer::Route(_), Some(priority), _) => priority.to_string(),
        (Answer::Route(_), None, Origin::FunctionUrl) => "url".to_owned(),
        (Answer::Route(_), None, Origin::Container) => "direct".to_owned(),
        other => panic!("{other:?}"),
    };
    format!("{} {way}", table.routes()[verdict.answer.route().unwrap()].container)
}

struct Row {
    patterns: Vec<&'static str>,
    request: &'static str,
    /// By profile: the pattern that wins, `-` for none.
    winners: [(Profile, &'static str); 4],
}

fn rows() -> Vec<Row> {
    let lines = include_str!("disagreements.tsv").lines().filter(|line| !line.starts_with('#'));
    let row = |line: &'static str| {
        let [patterns, request, alb, edge, devproxy, slipway] =
            line.split('\t').collect::<Vec<_>>().try_into().unwrap();
        Row {
            patterns: patterns.split(' ').collect(),
            request,
            winners: [
                (Profile::Alb, alb),
                (Profile::Edge, edge),
                (Profile::Devproxy, devproxy),
                (Profile::Slipway, slipway),
            ],
        }
    };
    lines.map(row).collect()
}

fn table(patterns: &[&str], profile: Profile, make: fn(&str, Option<&str>, &str) -> Route) -> Table {
    Table::new(patterns.iter().map(|pattern| make(pattern, None, pattern)).collect(), profile)
}

#[test]
fn each_row_of_the_disagreements_holds_in_each_profile() {
    let rows = rows();
    assert_eq!(rows.len(), 36);
    for row in &rows {
        let request = get(row.request);
        let pattern = |table: &Table, route: Option<usize>| {
            route.map_or("-".to_owned(), |route| table.routes()[route].path_pattern.clone())
        };
        for (profile, expected) in row.winners {
            let table = table(&row.patterns, profile, Route::fargate);
            let verdict = table.find(&request);
            let verdict = if profile == Profile::Edge { verdict.entry } else { verdict.answer.route() };
            assert_eq!(pattern(&table, verdict), expected, "{profile}: {:?} {}", row.patterns, row.request);
        }
        let [(_, alb), (_, edge), _, (_, slipway)] = row.winners;
        let winner = |profile, make| {
            let table = table(&row.patterns, profile, make);
            let verdict = table.find(&request);
            pattern(&table, verdict.answer.route())
        };
        // What the function sends to the balancer is decided there, by the balancer's own rules.
        assert_eq!(
            winner(Profile::Edge, Route::fargate),
            alb,
            "edge, then balancer: {:?} {}",
            row.patterns,
            row.request
        );
        // The balancer has no rule for a Lambda route, so the function has the only word.
        assert_eq!(winner(Profile::Edge, Route::lambda), edge, "edge, Lambda: {:?} {}", row.patterns, row.request);
        assert_eq!(winner(Profile::Alb, Route::lambda), alb, "balancer, Lambda: {:?} {}", row.patterns, row.request);
        assert_eq!(winner(Profile::Slipway, Route::lambda), slipway, "{:?} {}", row.patterns, row.request);
        assert_eq!(winner(Profile::SlipwayApi, Route::lambda), slipway, "{:?} {}", row.patterns, row.request);
    }
}

#[test]
fn the_balancer_ranks_by_score() {
    for (domain, path, score) in [
        (None, "", 0),
        (None, "/", 10),
        (None, "/*", 5),
        (None, "/api", 10),
        (None, "/api/*", 15),
        (None, "/api*", 5),
        (None, "/api/", 10),
        (None, "/api/v1/*", 25),
        (None, "/api/*/x", 30),
        (None, "/img?", 10),
        (None, "/a/*/c", 30),
        (None, "/a/b/*", 25),
        (Some("example.com"), "/*", 2005),
        (Some("*.example.com"), "/a/b/c/d/e", 2550),
        (Some("api.example.com"), "/a", 3010),
        (Some("example.com"), "", 2000),
    ] {
        assert_eq!(alb::score(domain, path), score, "{domain:?} {path}");
    }
}

#[test]
fn rules_are_numbered_in_the_order_of_their_scores() {
    let numbered = |text: &str, profile| {
        let table = Table::new(routes(text), profile);
        let rules = table.rules();
        let name = |rule: &Rule| match rule.action {
            Action::Forward(route) => table.routes()[route].container.clone(),
            Action::RedirectToHttps => unreachable!(),
        };
        rules.iter().map(|rule| format!("{} {}", rule.priority, name(rule))).collect::<Vec<_>>().join(", ")
    };
    for (text, profile, expected) in [
        ("a /api*, b /api, c /api/*", Profile::Alb, "100 c, 200 b, 300 a"),
        ("a /*, b /", Profile::Alb, "100 b, 200 a"),
        ("a /a/b/*, b /a/*/c", Profile::Alb, "100 b, 200 a"),
        ("a /x, b /y, c /z", Profile::Alb, "100 a, 200 b, 300 c"),
        (
            "a /*, b @example.com /*, c @*.example.com /a/b/c/d/e, d @api.example.com /a",
            Profile::Alb,
            // Port 443 first; at port 80 the three redirects come before the route without a domain.
            "100 d, 200 c, 300 b, 400 a",
        ),
        ("a /*, b /x λ, c /y", Profile::Edge, "100 c, 200 a"),
        ("a @a.com /x, b /y/z", Profile::Edge, "100 b, 200 a"),
        ("a /*, b /x λ, c /y", Profile::Slipway, "100 c, 200 a"),
        ("a /*, b /x λ, c /y", Profile::SlipwayApi, "100 b, 200 c, 300 a"),
        ("a /*, b @example.com /*, c /a/b", Profile::Slipway, "100 b, 200 c, 300 a"),
        ("a /api/*, b /api/, c /api", Profile::Slipway, "100 b, 200 a, 300 c"),
        ("a /*", Profile::Devproxy, ""),
    ] {
        assert_eq!(numbered(text, profile), expected, "{profile}: {text}");
    }
}

#[test]
fn hosts_are_part_of_the_product_and_of_the_balancer_alone() {
    let text = "shop @example.com /*, api @api.example.com /v1/*, any @*.example.com /v1/*, rest /v1/*";
    for (url, slipway, alb, edge, devproxy) in [
        ("https://example.com/x", "shop", "shop", "shop", "shop"),
        ("https://WWW.example.com:443/x", "shop", "shop", "shop", "shop"),
        ("https://api.example.com/v1/x", "api", "api", "rest", "api"),
        ("https://www.example.com/v1/x", "any", "any", "rest", "api"),
        ("https://example.com/v1/x", "shop", "shop", "rest", "api"),
        ("https://b.example.com/v1/x", "any", "any", "rest", "api"),
        // No rule of port 443 matches, and a route without a domain has none there.
        ("https://api.example.com/v2", "-", "-", "shop", "shop"),
        ("https://d111.cloudfront.net/v1/x", "rest", "rest", "rest", "api"),
        ("https://d111.cloudfront.net/x", "-", "-", "shop", "shop"),
        ("/v1/x", "rest", "rest", "rest", "api"),
        ("http://other.org/v1/x", "rest", "rest", "rest", "api"),
    ] {
        let expected = [
            (Profile::Slipway, slipway),
            (Profile::SlipwayApi, slipway),
            (Profile::Alb, alb),
            (Profile::Edge, edge),
            (Profile::Devproxy, devproxy),
        ];
        for (profile, expected) in expected {
            let table = Table::new(routes(text), profile);
            let decision = table.decide(&get(url));
            assert_eq!(decision.winner.map_or("-", |route| &*route.container), expected, "{profile}: {url}");
            assert_eq!(decision.losers.len(), if expected == "-" { 4 } else { 3 });
        }
    }
}

#[test]
fn a_domain_of_two_labels_also_answers_with_www() {
    for (domain, expected) in [
        ("example.com", vec!["example.com", "www.example.com"]),
        ("www.com", vec!["www.com"]),
        ("api.example.com", vec!["api.example.com"]),
        ("*.example.com", vec!["*.example.com"]),
        ("localhost", vec!["localhost"]),
    ] {
        assert_eq!(alb::host_values(domain), expected);
    }
}

#[test]
fn the_way_of_a_request_is_named() {
    for (text, profile, url, expected) in [
        // ALB-060, ALB-062 and the product's own default
        ("a /a", Profile::Alb, "/b", "- 200"),
        ("a /a", Profile::Edge, "/b", "- 200"),
        ("a /a", Profile::Devproxy, "/b", "- 404"),
        ("a /a", Profile::Slipway, "/b", "- 404"),
        ("a /a λ", Profile::Slipway, "/a", "a url"),
        ("a /a λ", Profile::SlipwayApi, "/a", "a 100"),
        ("a /a λ", Profile::Alb, "/a", "a 100"),
        ("a /a λ", Profile::Edge, "/a", "a url"),
        ("a /a λ", Profile::Devproxy, "/a", "a direct"),
        ("a /a", Profile::Devproxy, "/a", "a direct"),
        // A pattern that only the balancer understands: reached through the default origin, or not at all.
        ("img /img/*.png", Profile::Edge, "/img/a.png", "img 100"),
        ("img /img/*.png λ", Profile::Edge, "/img/a.png", "- 200"),
        ("img /img/*.png, all /* λ", Profile::Edge, "/img/a.png", "all url"),
        ("img /img/*.png, all /*", Profile::Edge, "/img/a.png", "img 100"),
        ("img /img/*.png, all /* λ", Profile::Slipway, "/img/a.png", "img 100"),
        // One pattern, two containers: the one deployed last.
        ("a @a.com /x, b @b.com /x", Profile::Edge, "https://a.com/x", "b 100"),
        ("a @a.com /x, b @b.com /x λ", Profile::Edge, "https://a.com/x", "b url"),
        ("a @a.com /x λ, b @b.com /x", Profile::Edge, "https://a.com/x", "b 100"),
        ("a @a.com /x, b @b.com /x", Profile::Slipway, "https://a.com/x", "a 100"),
        ("a /x, b /x", Profile::Alb, "/x", "b 100"),
        ("a /x, b /x", Profile::Slipway, "/x", "a 100"),
        // ALB-058
        ("a @a.com /*, b /b", Profile::Alb, "http://a.com/b", "https 101"),
        ("a @a.com /*, b /b", Profile::Alb, "http://sub.a.com/b", "https 101"),
        ("a @a.com /*, b /b", Profile::Alb, "https://a.com/b", "a 100"),
        ("a @a.com /x, b /b", Profile::Alb, "https://a.com/b", "- 200"),
        ("a @a.com /*, b /b", Profile::Alb, "http://c.com/b", "b 200"),
        ("a @a.com /*, b /b", Profile::Slipway, "http://a.com/b", "a 100"),
        // ALB-016, ALB-082: at the edge any character will do, in the balancer and the product it will not.
        ("a /* λ", Profile::Edge, "/é", "a url"),
        ("a /*", Profile::Edge, "/é", "- 200"),
        ("a /*", Profile::Slipway, "/é", "- 404"),
        ("a /*", Profile::Devproxy, "/é", "a direct"),
    ] {
        assert_eq!(met(&Table::new(routes(text), profile), url), expected, "{profile}: {text} {url}");
    }
}

#[test]
fn every_loser_has_its_reason() {
    for (text, profile, url, expected) in [
        ("a /a, b /b", Profile::Slipway, "/a", "Its pattern does not match the path."),
        (
            "a /a, b @x.com /a",
            Profile::Slipway,
            "https://y.com/a",
            "Its pattern matches the path, but the request is not for its domain.",
        ),
        (
            "a /a, b @x.com /b",
            Profile::Slipway,
            "https://y.com/a",
            "The request is not for its domain, and its pattern does not match the path.",
        ),
        ("a /a, b /b", Profile::Alb, "/a", "Its pattern does not match the path."),
        (
            "a /a, b /*",
            Profile::Slipway,
            "/a",
            "It matches too, but `/a` of container `a` is more specific and is tried first.",
        ),
        (
            "a /a, b /a",
            Profile::Slipway,
            "/a",
            "It matches too, but `/a` of container `a` is equally specific and stands before it in the file.",
        ),
        (
            "a /a/*/c, b /a/b/*",
            Profile::Alb,
            "/a/b/c",
            "It matches too, but `/a/*/c` of container `a` is more specific and is tried first.",
        ),
        (
            "a /a/*, b /a/b*",
            Profile::Alb,
            "/a/b",
            "It matches too, but `/a/*` of container `a` is equally specific and stands before it in the file.",
        ),
        (
            "b /a, a /a",
            Profile::Alb,
            "/a",
            "It matches too, but `/a` of container `a` claims the same route and is deployed later, so that it takes its place.",
        ),
        (
            "b /a λ, a /a λ",
            Profile::Edge,
            "/a",
            "It matches too, but `/a` of container `a` claims the same route and is deployed later, so that it takes its place.",
        ),
        (
            "b /a, a /a λ",
            Profile::Edge,
            "/a",
            "It matches too, but `/a` of container `a` claims the same route and is deployed later, so that it takes its place.",
        ),
        (
            "b /a, a /a",
            Profile::Edge,
            "/a",
            "It matches too, but `/a` of container `a` claims the same route and is deployed later, so that it takes its place.",
        ),
        (
            "a /a/* λ, b /* λ",
            Profile::Edge,
            "/a/b",
            "It matches too, but `/a/*` of container `a` is more specific and is tried first.",
        ),
        (
            "a /a/* λ, b /*",
            Profile::Edge,
            "/a/b",
            "It matches too, but `/a/*` of container `a` is more specific and is tried first.",
        ),
        (
            "a /a/*, b /* λ",
            Profile::Edge,
            "/a/b",
            "It matches too, but `/a/*` of container `a` is more specific and is tried first.",
        ),
        (
            "a /a/*, b /a*",
            Profile::Edge,
            "/a/b",
            "It matches too, but `/a/*` of container `a` is more specific and is tried first.",
        ),
        (
            "a /* λ, b /a*",
            Profile::Edge,
            "/a/b",
            "Its pattern matches the path, but only the load balancer understands it, and the routing function follows `/*` of container `a` past the load balancer.",
        ),
        (
            "a /* λ, b /a* λ",
            Profile::Edge,
            "/a/b",
            "Its pattern matches the path, but the routing function understands no wildcard except a final `/*`, and the load balancer has no rules for Lambda containers.",
        ),
        (
            "a /api*, b /*",
            Profile::Edge,
            "/api",
            "The routing function follows it to the load balancer, but there the rule for `/api*` of container `a` comes first.",
        ),
        (
            "a /* λ, b /b",
            Profile::Edge,
            "/é",
            "The path has a character outside visible ASCII, which no pattern matches; a client sends it escaped, as in %C3%A9.",
        ),
        (
            "a @a.com /*, b /b",
            Profile::Alb,
            "https://a.com/b",
            "It matches, but without a domain its rule stands on port 80 only, and the request came to port 443.",
        ),
        (
            "a /*, b /x*y",
            Profile::Devproxy,
            "/xay",
            "Its pattern matches the path, but the development proxy understands no wildcard except one final `*`.",
        ),
        (
            "a /x/y, b /x",
            Profile::Devproxy,
            "/x/y",
            "It matches too, but `/x/y` of container `a` is more specific and is tried first.",
        ),
        (
            "a /x, b /xy",
            Profile::Devproxy,
            "/xyz",
            "It matches too, but `/x` of container `a` is equally specific and stands before it in the file.",
        ),
    ] {
        let table = Table::new(routes(text), profile);
        let decision = table.decide(&get(url));
        assert_eq!(decision.winner.unwrap().container, "a", "{profile}: {text} {url}");
        let [loser] = decision.losers[..] else { panic!("{decision:?}") };
        assert_eq!(loser.route.container, "b");
        let reason = loser.loss.to_string();
        assert_eq!(reason, expected, "{profile}: {text} {url}");
    }
}

#[test]
fn without_a_winner_there_are_reasons_too() {
    for (text, profile, url, losses) in [
        ("a /a, b /b λ", Profile::Alb, "/c", vec![Loss::Path, Loss::Path]),
        ("a /*, b /* λ", Profile::Slipway, "/é", vec![Loss::Character, Loss::Character]),
        ("a /a* λ, b /b λ", Profile::Edge, "/ab", vec![Loss::NoRule, Loss::Path]),
        ("a /*, b /b", Profile::Edge, "/é", vec![Loss::Character, Loss::Character]),
        (
            "a @a.com /*, b /b, c @a.com /c",
            Profile::Alb,
            "http://a.com/b",
            vec![Loss::OnlyHttps, Loss::Redirected, Loss::Path],
        ),
        ("a @a.com /b*, b /b", Profile::Slipway, "/b/c", vec![Loss::Host, Loss::Path]),
    ] {
        let table = Table::new(routes(text), profile);
        let decision = table.decide(&get(url));
        assert_eq!(decision.winner, None);
        assert_eq!(
            decision.losers.iter().map(|loser| loser.loss).collect::<Vec<_>>(),
            losses,
            "{profile}: {text} {url}"
        );
    }
}

#[test]
fn the_winner_has_its_sentence() {
    for (text, profile, url, expected) in [
        ("a /a", Profile::Slipway, "/a", "Container `a` answers: rule 100 of the load balancer, `/a`, forwards to it."),
        (
            "a /a λ",
            Profile::Slipway,
            "/a",
            "Container `a` answers: the routing function follows `/a` to its function URL.",
        ),
        (
            "a /a*",
            Profile::Edge,
            "/ab",
            "The routing function knows no route, so the request goes to the load balancer. Container `a` answers: rule 100 of the load balancer, `/a*`, forwards to it.",
        ),
        (
            "a /a*, b /*",
            Profile::Edge,
            "/ab",
            "The routing function follows `/*` of container `b` to the load balancer. Container `a` answers: rule 100 of the load balancer, `/a*`, forwards to it.",
        ),
        (
            "a /a",
            Profile::Edge,
            "/b",
            "The routing function knows no route, so the request goes to the load balancer. No route matches: the answer is status 200 with the text “The request was successful.”.",
        ),
        (
            "a @a.com /a",
            Profile::Alb,
            "http://a.com/",
            "The load balancer sends the client to HTTPS (status 301): the host is a container's domain.",
        ),
        ("a /a", Profile::Devproxy, "/ab", "Container `a` answers: the proxy hands it what begins like `/a`."),
        ("a /a", Profile::Devproxy, "/b", "No route matches: the answer is status 404 with the text “Not Found”."),
    ] {
        let table = Table::new(routes(text), profile);
        assert_eq!(table.decide(&get(url)).to_string(), expected, "{profile}: {text} {url}");
    }
}

#[test]
fn the_routing_function_understands_final_stars_behind_a_slash() {
    for (pattern, expected) in [
        ("/*", true),
        ("/a", true),
        ("/a/*", true),
        ("/a*", false),
        ("/a/*/b", false),
        ("/a/*/*", false),
        ("/a?", false),
        ("/a?/*", false),
        ("/", true),
    ] {
        assert_eq!(edge::understands(pattern), expected, "{pattern}");
    }
}

#[test]
fn routes_out_of_reach_are_found() {
    for (text, profile, expected) in [
        ("a /*, b /api*", Profile::Slipway, ""),
        ("a /x, b /x", Profile::Slipway, "b by a"),
        ("a @x.com /x, b @y.com /x", Profile::Slipway, ""),
        ("a @x.com /x, b @X.com /x", Profile::Slipway, "b by a"),
        ("a /*, b /api*", Profile::Alb, "b by a"),
        ("a /api/*, b /api/", Profile::Alb, "b by a"),
        ("a /x, b /x", Profile::Alb, "a by b"),
        ("a @x.com /*, b /api*", Profile::Alb, ""),
        ("all /* λ, img /img/*.png", Profile::Edge, "img by all"),
        ("all /*, img /img/*.png", Profile::Edge, ""),
        ("all /* λ, img /img/*.png, sub /img/*", Profile::Edge, ""),
        ("all /* λ, root /", Profile::Edge, ""),
        ("a @x.com /x/*, b @y.com /x/*", Profile::Edge, "a by b"),
        ("a /x/* λ, b /x/*", Profile::Edge, "a by b"),
        ("a /x/*, b /x/* λ", Profile::Edge, "a by b"),
        ("a /* λ, b /a* λ", Profile::Edge, ""),
        ("a /api, b /apis", Profile::Devproxy, "b by a"),
        ("a /api/x, b /api/x/y", Profile::Devproxy, ""),
        ("a /*, b /", Profile::Devproxy, "b by a"),
    ] {
        let table = Table::new(routes(text), profile);
        let name = |route: usize| &table.routes()[route].container;
        let found = table.unreached();
        let found: Vec<String> =
            found.iter().map(|found| format!("{} by {}", name(found.route), name(found.by))).collect();
        assert_eq!(found.join(", "), expected, "{profile}: {text}");
    }
}

#[test]
fn profiles_have_names() {
    for profile in Profile::ALL {
        assert_eq!(profile.name().parse(), Ok(profile));
    }
    assert_eq!("Edge".parse::<Profile>(), Err(UnknownProfile));
}

fn any_route() -> impl Strategy<Value = Route> {
    let domain = proptest::option::of("(\\*|[ab?])\\.(a|b)");
    (domain, "(/[ab*?]{0,2}){1,3}", any::<bool>()).prop_map(|(domain, path, is_lambda)| {
        let make = if is_lambda { Route::lambda } else { Route::fargate };
        make("c", domain.as_deref(), &path)
    })
}

prop_compose! {
    fn any_request()(
        scheme in proptest::option::of(prop_oneof![Just(Scheme::Http), Just(Scheme::Https)]),
        host in proptest::option::of("(www\\.)?[abc]\\.[ab]"), path in "(/[abc]{0,2}){1,4}"
    ) -> (Option<Scheme>, Option<String>, String) {
        (scheme, host, path)
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn tables_keep_their_promises(
        routes in proptest::collection::vec(any_route(), 1..6), (scheme, host, path) in any_request()
    ) {
        let request = Request { scheme, host: host.as_deref(), path: &path, query: None };
        for profile in Profile::ALL {
            let table = Table::new(routes.clone(), profile);
            let verdict = table.find(&request);
            let decision = table.decide(&request);
            prop_assert_eq!(decision.verdict, verdict);
            prop_assert_eq!(decision.losers.len() + usize::from(decision.winner.is_some()), routes.len());
            for found in table.unreached() {
                prop_assert_ne!(verdict.answer, Answer::Route(found.route), "{} {:?}", profile, found);
            }
            // A loser is only said not to match when it does not.
            for loser in &decision.losers {
                let matches = pattern::path_matches(&loser.route.path_pattern, &path);
                let followed = match profile {
                    Profile::Devproxy => devproxy::matches(&loser.route.path_pattern, &request),
                    Profile::Edge => edge::follows(&loser.route.path_pattern, &path),
                    _ => false,
                };
                let says_no = matches!(loser.loss, Loss::Path | Loss::HostAndPath);
                prop_assert_eq!(says_no, !matches && !followed, "{} {}", profile, loser);
            }
            // The rules alone decide as the whole does: the routing function and the balancer never contradict.
            if matches!(profile, Profile::Slipway | Profile::SlipwayApi)
                && let Answer::Route(route) = verdict.answer
                && let Some(priority) = verdict.priority
            {
                let rules = table.rules();
                let first = rules.iter().find(|rule| rule.matches(&request)).unwrap();
                prop_assert_eq!((first.action, first.priority), (Action::Forward(route), priority));
            }
        }
    }
}
