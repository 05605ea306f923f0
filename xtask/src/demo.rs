//! The main job on the example project.
#![allow(clippy::print_stderr, reason = "chores speak to the person who runs them")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::Value as Json;

use crate::engine;
use crate::run::{build, command, has, need_node, root};
use crate::vscode::copy;

/// What the example's images are built upon.
const IMAGE: &str = "node:22-slim";

pub(crate) fn run() -> Result<()> {
    let slipway = build("slipway-engine", "slipway", "dev")?;
    let show = |title: &str, args: &[&str], expected: i32| -> Result<()> {
        eprintln!("\n== {title}\n$ slipway {}", args.join(" "));
        let status = command(&slipway, args).status()?;
        if status.code() != Some(expected) {
            bail!("slipway {} ended with {status}, not with {expected}", args.join(" "));
        }
        Ok(())
    };
    show("The example project is in order", &["check", "examples/acmeinc"], 0)?;
    show("Its broken twin: every mistake in one run, with what to do", &["check", "examples/acmeinc-broken"], 1)?;
    show("Who answers a request, and why", &["--cwd", "examples/acmeinc", "route", "GET", "/api/products"], 0)?;
    need_node()?;
    local(&slipway, "process")?;
    if engine::answers() {
        engine::bootstrap_node(IMAGE)?;
        if has("docker", &["image", "inspect", IMAGE]) || has("docker", &["pull", IMAGE]) {
            local(&slipway, "docker")?;
        } else {
            eprintln!("\nThe image {IMAGE} cannot be pulled, so the same with containers is left out.");
        }
    } else {
        eprintln!("\nNo container engine answers, so the same with containers is left out. Start Docker to see it.");
    }
    eprintln!("\nNext: `slipway init my-shop` writes a project to start from; `slipway --help` lists everything.");
    Ok(())
}

/// Runs the example, asks each of its routes, changes a file, asks again, and stops.
fn local(slipway: &Path, runtime: &str) -> Result<()> {
    eprintln!("\n== The example on this machine, run by: {runtime}\n$ slipway dev --runtime {runtime}");
    let folder = tempfile::tempdir().context("a temporary folder")?;
    copy(&root().join("examples/acmeinc"), folder.path())?;
    let mut session = Session::start(slipway, folder.path(), runtime)?;
    let proxy = session.wait("ready")?["proxy"].as_str().unwrap_or_default().replace("http://", "");
    for (path, expected) in [("/", "Welcome to Acme"), ("/api/products", "Anvil"), ("/api/products/2", "Rocket skates")]
    {
        ask(&proxy, path, expected)?;
    }
    let file = folder.path().join("api/index.js");
    let text = std::fs::read_to_string(&file)?;
    eprintln!("-- api/index.js: the anvil becomes a hammer");
    std::fs::write(&file, text.replace("Anvil", "Hammer"))?;
    while session.wait("reload")?["phase"] != "ready" {}
    ask(&proxy, "/api/products", "Hammer")?;
    session.stop()
}

fn ask(proxy: &str, path: &str, expected: &str) -> Result<()> {
    let mut stream = TcpStream::connect(proxy).with_context(|| proxy.to_owned())?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    stream.write_all(format!("GET {path} HTTP/1.1\r\nhost: {proxy}\r\nconnection: close\r\n\r\n").as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    eprintln!("-- GET http://{proxy}{path}: {}", answer.lines().next().unwrap_or_default());
    if !answer.starts_with("HTTP/1.1 200") || !answer.contains(expected) {
        bail!("GET {path} should answer 200 with {expected:?}, and answered:\n{answer}");
    }
    Ok(())
}

/// A session that is shown while it runs.
struct Session {
    process: Child,
    events: std::io::Lines<BufReader<std::process::ChildStdout>>,
}

impl Session {
    fn start(slipway: &Path, folder: &Path, runtime: &str) -> Result<Self> {
        let arguments =
            ["dev", "--runtime", runtime, "--port-proxy", "0", "--port-control", "0", "--log-format", "json"];
        let mut session = command(slipway, &arguments);
        session.current_dir(folder).env("XDG_STATE_HOME", folder.join(".state"));
        let mut process = session.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().context("slipway")?;
        let events = BufReader::new(process.stdout.take().context("its output")?).lines();
        Ok(Self { process, events })
    }

    /// Waits for an event, and shows what comes until then.
    fn wait(&mut self, name: &str) -> Result<Json> {
        loop {
            let Some(line) = self.events.next() else { bail!("slipway ended before `{name}`") };
            let event: Json = serde_json::from_str(&line?).context("an event")?;
            let text = |key: &str| event[key].as_str().unwrap_or_default();
            match text("event") {
                "log" => eprintln!("   {} | {}", text("container"), text("line")),
                "diagnosis" => bail!("{}: {} {}", text("container"), text("id"), text("message")),
                "reload" => eprintln!(
                    "   {} | {}: {} {}",
                    text("container"),
                    text("reason"),
                    text("phase"),
                    event["durationMs"]
                ),
                _ => {}
            }
            if text("event") == name {
                return Ok(event);
            }
        }
    }

    /// Ends it as an editor would: by going away.
    fn stop(mut self) -> Result<()> {
        drop(self.process.stdin.take());
        self.wait("stopped")?;
        let status = self.process.wait()?;
        eprintln!("-- stopped: {status}");
        if !status.success() {
            bail!("slipway dev ended with {status}");
        }
        Ok(())
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // After a failure: its containers end with it, and without a pipe it ends by itself.
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}
