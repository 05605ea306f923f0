//! The container engine that tests and the demonstration use.
#![allow(clippy::print_stderr, reason = "chores speak to the person who runs them")]

use std::fs::File;
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::run::{command, has, is_ci, need, step, target_dir};

const SOCKET: &str = "/var/run/docker.sock";

/// An engine that was started for a run; it ends with it.
pub(crate) struct Engine(Option<Child>);

impl Drop for Engine {
    fn drop(&mut self) {
        if let Some(engine) = &mut self.0 {
            // Asked to end, it ends its containers too.
            let _ = command("kill", &[&engine.id().to_string()]).status();
            let _ = engine.wait();
        }
    }
}

/// Sees to it that an engine answers. Unattended, Debian's is installed and started; else it is said that what needs one is
/// left out.
pub(crate) fn ensure() -> Result<Engine> {
    if answers() {
        return Ok(Engine(None));
    }
    if !is_ci() {
        eprintln!("No container engine answers at {SOCKET}: what needs one is left out. Start Docker to run it too.");
        return Ok(Engine(None));
    }
    need("a container engine", &["docker.io", "iptables"], || has("dockerd", &["--version"]))?;
    let log = target_dir()?.join("dockerd.log");
    eprintln!("\n== Start dockerd, which writes to {}", log.display());
    let output = File::create(&log).with_context(|| log.display().to_string())?;
    let mut engine = command("dockerd", &[]);
    engine.stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output);
    let mut engine = Engine(Some(engine.spawn().context("dockerd could not be started")?));
    let until = Instant::now() + Duration::from_mins(1);
    while !answers() {
        let ended = engine.0.as_mut().and_then(|engine| engine.try_wait().ok().flatten());
        if ended.is_some() || Instant::now() > until {
            bail!("dockerd does not answer at {SOCKET}; {} says why", log.display());
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    Ok(engine)
}

/// Whether an engine answers.
pub(crate) fn answers() -> bool {
    let ask = || -> Option<bool> {
        let mut socket = UnixStream::connect(SOCKET).ok()?;
        socket.set_read_timeout(Some(Duration::from_secs(10))).ok()?;
        socket.write_all(b"GET /_ping HTTP/1.1\r\nhost: docker\r\nconnection: close\r\n\r\n").ok()?;
        let mut answer = [0; 12];
        socket.read_exact(&mut answer).ok()?;
        Some(answer.ends_with(b"200"))
    };
    ask().unwrap_or(false)
}

/// Makes an image of this machine's own Node.js under the name that the example builds upon, where no registry may be
/// reachable. Only unattended: elsewhere the name is for the real one.
pub(crate) fn bootstrap_node(image: &str) -> Result<()> {
    if !is_ci() || has("docker", &["image", "inspect", image]) {
        return Ok(());
    }
    let script = format!(
        "set -e\nroot=$(mktemp -d)\ntrap 'rm -rf \"$root\"' EXIT\nmkdir -p \"$root/usr/local/bin\" \"$root/bin\" \"$root/tmp\"\n\
         node=$(command -v node)\ncp -L \"$node\" \"$root/usr/local/bin/node\"\ncp -L /bin/sh \"$root/bin/sh\"\n\
         for library in $(ldd \"$node\" /bin/sh | grep -o '/[^ )]*' | grep -v ':' | sort -u); do\n\
         mkdir -p \"$root$(dirname \"$library\")\"\ncp -L \"$library\" \"$root$library\"\ndone\n\
         tar -C \"$root\" -c . | docker import -c 'ENV PATH=/usr/local/bin:/bin' - {image}\n"
    );
    let mut make = command("sh", &["-c", &script]);
    make.current_dir(Path::new("/"));
    step(&format!("Make an image {image} of this machine's Node.js"), make)
}
