//! The language server, through the wire.

mod commands;
mod editing;
mod features;
mod lifecycle;
mod surroundings;

use serde_json::{Value, json};
use slipway_tests::Project;

/// A project with one fault: `timeout` of the Lambda container is too long.
const FAULTY: &str = "\
name: shop
deployment:
  type: aws@1.0
containers:
  web:
    src: ./web
    routing:
      pathPattern: /*
    compute:
      type: awsLambda
      awsLambda:
        timeout: 901
";

fn project() -> Project {
    Project::new(&[("serverless.containers.yml", FAULTY), ("web/Dockerfile", "FROM scratch\n")])
}

/// What a simple client can do: nothing beyond the protocol's core.
fn simple() -> Value {
    json!({})
}

fn codes(diagnostics: &[Value]) -> Vec<&str> {
    diagnostics.iter().filter_map(|diagnostic| diagnostic["code"].as_str()).collect()
}
