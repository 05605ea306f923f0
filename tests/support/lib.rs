//! Support for the tests that run the binaries.

mod project;

pub use project::{Project, Run};

use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

/// The `slipway` binary of this build, built once when it is not there or older than the sources.
///
/// # Panics
///
/// When it cannot be built.
pub fn slipway() -> &'static PathBuf {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| {
        let test = std::env::current_exe().expect("the test's own path");
        // `<target>/<profile>/deps/<test>`
        let profile = test.parent().and_then(|deps| deps.parent()).expect("the profile's folder");
        let mut build = Command::new(env!("CARGO"));
        build.args(["build", "--quiet", "--locked", "--package", "slipway-engine", "--bin", "slipway"]);
        if profile.ends_with("release") {
            build.arg("--release");
        }
        build.env("CARGO_TARGET_DIR", profile.parent().expect("the target folder"));
        let status = build.current_dir(env!("CARGO_MANIFEST_DIR")).status().expect("cargo starts");
        assert!(status.success(), "slipway could not be built");
        profile.join(format!("slipway{}", std::env::consts::EXE_SUFFIX))
    })
}
