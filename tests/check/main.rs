//! The command line, as a person or a program uses it.

mod commands;
mod exit_codes;
mod fixes;
mod formats;
mod init;
mod robustness;
mod route;
mod schema;
mod standard_input;
mod unhappy_paths;

/// A configuration without any finding that is shown by default.
const CLEAN: &str = "\
name: shop
deployment:
  type: aws@1.0
containers:
  api:
    src: ./api
    routing:
      pathPattern: /*
    compute:
      type: awsLambda
      awsLambda:
        memory: 1024
        timeout: 20
";

/// The same with an error that has a safe fix, and a warning.
fn faulty() -> String {
    CLEAN
        .replace("memory: 1024", "memory: '1024'")
        .replace("containers:", "stages:\n  prod:\n    extra: 1\ncontainers:")
}

/// What is left of it when the fix is applied.
fn mended() -> String {
    faulty().replace("'1024'", "1024")
}
