//! The balancer alone, before one server: what the benchmark measures.
//!
//! `balance LISTEN_PORT TARGET LOG [multi]`: twenty rules, of which the one for `/b/*` forwards to the target.

use std::sync::Arc;

use slipway_balancer::group::{Address, GroupSettings};
use slipway_balancer::observe::Unobserved;
use slipway_balancer::{Balancer, Rules, Settings, TargetGroup};
use slipway_lang::model::ComputeType;
use slipway_lang::routing::{Profile, Route, Table};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [port, target, log, rest @ ..] = &arguments[..] else {
        return Err("Usage: balance LISTEN_PORT TARGET LOG [multi]".into());
    };
    let (port, target): (u16, Address) = (port.parse()?, target.parse()?);
    let is_multi = rest.first().is_some_and(|word| word == "multi");
    let mut builder = if is_multi {
        tokio::runtime::Builder::new_multi_thread()
    } else {
        tokio::runtime::Builder::new_current_thread()
    };
    let runtime = builder.enable_all().build()?;
    runtime.block_on(async {
        // The rule that acts is tried last.
        let others = (0..19).map(|number| format!("/service{number}/v1/*"));
        let patterns = others.chain(["/b/*".to_owned()]);
        let route = |pattern: String| Route {
            container: pattern.trim_matches(['/', '*']).replace('/', "-"),
            domain: None,
            path_pattern: pattern,
            compute: ComputeType::Fargate,
        };
        let routes: Vec<Route> = patterns.map(route).collect();
        let groups: Vec<Arc<TargetGroup>> =
            routes.iter().map(|route| TargetGroup::new(GroupSettings::new(&route.container, "/b/health"))).collect();
        groups[19].register(target);
        let rules = Rules { table: Table::new(routes, Profile::Alb), groups };
        let settings = Settings {
            listen: vec![([127, 0, 0, 1], port).into()],
            access_log: Some(log.into()),
            ..Settings::default()
        };
        let _balancer = Balancer::start(settings, rules, Arc::new(Unobserved)).await?;
        std::future::pending::<()>().await;
        Ok(())
    })
}
