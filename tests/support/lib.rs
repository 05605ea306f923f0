//! Support for the tests that run the binaries.

mod dev;
mod lsp;
mod project;

pub use dev::{Answer, Dev, docker_answers, service};
pub use lsp::{Editor, uri};
pub use project::{Project, Run};

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::SystemTime;

/// The `slipway` binary of this build, built when it is not there or older than its sources.
///
/// # Panics
///
/// When it cannot be built.
pub fn slipway() -> &'static PathBuf {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| binary("slipway-engine", "slipway"))
}

/// The `slipway-lsp` binary of this build, likewise.
///
/// # Panics
///
/// When it cannot be built.
pub fn slipway_lsp() -> &'static PathBuf {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| binary("slipway-server", "slipway-lsp"))
}

fn binary(package: &str, name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("the test's own path");
    // `<target>/<profile>/deps/<test>`
    let profile = test.parent().and_then(|deps| deps.parent()).expect("the profile's folder");
    let binary = profile.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    // Most test runners start a process a test, and asking cargo takes longer than most tests.
    if is_up_to_date(&binary) {
        return binary;
    }
    let mut build = Command::new(env!("CARGO"));
    build.args(["build", "--quiet", "--locked", "--package", package, "--bin", name]);
    if profile.ends_with("release") {
        build.arg("--release");
    }
    build.env("CARGO_TARGET_DIR", profile.parent().expect("the target folder"));
    let status = build.current_dir(env!("CARGO_MANIFEST_DIR")).status().expect("cargo starts");
    assert!(status.success(), "{name} could not be built");
    binary
}

/// Whether a binary is newer than everything it is made from.
fn is_up_to_date(binary: &Path) -> bool {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the repository");
    let sources = [
        "Cargo.toml",
        "Cargo.lock",
        "engine/Cargo.toml",
        "engine/src",
        "engine/lambda/Cargo.toml",
        "engine/lambda/src",
        "engine/balancer/Cargo.toml",
        "engine/balancer/src",
        "engine/dev/Cargo.toml",
        "engine/dev/src",
        "engine/project/Cargo.toml",
        "engine/project/src",
        "engine/templates",
        "engine/lang/Cargo.toml",
        "engine/lang/data",
        "engine/lang/src",
        "server/Cargo.toml",
        "server/src",
    ];
    let built = binary.metadata().and_then(|binary| binary.modified());
    built.is_ok_and(|built| sources.iter().all(|source| is_older(&root.join(source), built)))
}

fn is_older(path: &Path, than: SystemTime) -> bool {
    let Ok(found) = path.metadata() else { return false };
    if !found.is_dir() {
        return found.modified().is_ok_and(|modified| modified < than);
    }
    let Ok(mut entries) = path.read_dir() else { return false };
    entries.all(|entry| entry.is_ok_and(|entry| is_older(&entry.path(), than)))
}
