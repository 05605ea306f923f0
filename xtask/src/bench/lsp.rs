//! `slipway-lsp` beside its peers, driven over the wire by the harness in `tests/lsp_bench`.
#![allow(clippy::print_stdout, reason = "chores speak to the person who runs them")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::registry::{self, Registry};
use crate::run::{build, build_example, command, root, step, target_dir};
use crate::venv;

const RUFF: &str = "ruff==0.17.6";
const PROTOCOL_TYPES: &str = "lsprotocol==2025.0.0";
/// The server for YAML that most editors use.
const YAML_LANGUAGE_SERVER: (Registry, &str, &str) = (Registry::Npm, "yaml-language-server", "2.0.0");

/// A server and how it is driven.
struct Peer {
    name: &'static str,
    command: Vec<String>,
    /// The document, without the number of its lines.
    document: (&'static str, &'static str),
    options: Vec<String>,
}

/// What is read from a report, with its unit.
const FIGURES: &[(&str, &str)] = &[
    ("start to first diagnostics, p50 (ms)", "/cold/spawn_to_first_publish/p50_ms"),
    ("edit to diagnostics, p50 (ms)", "/warm/edit_to_diagnostics/p50_ms"),
    ("edit to diagnostics, p95 (ms)", "/warm/edit_to_diagnostics/p95_ms"),
    ("completion, p50 (ms)", "/warm/requests/completion/p50_ms"),
    ("completion, p95 (ms)", "/warm/requests/completion/p95_ms"),
    ("new line, then completion, p95 (ms)", "/warm/new_line_then_completion/p95_ms"),
    ("hover, p50 (ms)", "/warm/requests/hover/p50_ms"),
    ("hover, p95 (ms)", "/warm/requests/hover/p95_ms"),
    ("memory after open (MiB)", "/warm/memory_after_open/rss_mib"),
    ("memory after 1,000 requests (MiB)", "/warm/memory_before_as_many_again/rss_mib"),
    ("memory after 2,000 requests (MiB)", "/warm/memory_at_end/rss_mib"),
    ("memory with 50 documents (MiB)", "/many/memory/rss_mib"),
    ("harness alone, p50 (ms)", "/harness_floor/p50_ms"),
];

/// Measures all servers on documents of 60 and 5,000 lines, and shakes ours.
pub(crate) fn run() -> Result<()> {
    let slipway = build("slipway-server", "slipway-lsp", "release")?;
    let empty = build_example("slipway-server", "empty", "release")?;
    let python = venv::provide("lsp-bench", &[RUFF, PROTOCOL_TYPES])?;
    let yaml = registry::fetch("yaml-language-server", &[YAML_LANGUAGE_SERVER])?
        .join("yaml-language-server/node_modules/.bin/yaml-language-server");
    let work = target_dir()?.join("bench/lsp");
    make_documents(&work)?;
    for lines in [60, 5000] {
        let text = |path: &Path| path.to_string_lossy().into_owned();
        let config = ("scf", "serverless.containers.yml");
        let settings = format!("@{}", work.join(format!("scf-{lines}/yamlls.json")).display());
        let peers = [
            Peer { name: "slipway-lsp", command: vec![text(&slipway)], document: config, options: Vec::new() },
            Peer {
                name: "empty server",
                command: vec![text(&empty)],
                document: config,
                options: strings(&["--clean"]),
            },
            Peer {
                name: "yaml-language-server",
                command: vec![text(&yaml), "--stdio".to_owned()],
                document: config,
                options: vec!["--settings".to_owned(), settings],
            },
            Peer {
                name: "ruff server",
                command: vec![text(&python.join("ruff")), "server".to_owned()],
                document: ("py", "app.py"),
                options: strings(&["--language", "python", "--methods", "hover", "--bad-line", "import zzz"]),
            },
        ];
        let reports: Vec<Value> = peers.iter().map(|peer| measure(&work, lines, peer)).collect::<Result<_>>()?;
        print(lines, &peers, &reports);
        shake(&python, &work, lines, &slipway, 20)?;
    }
    Ok(())
}

/// Checks everything the server says against the protocol's types, and shakes it with random edits and requests.
pub(crate) fn hold_to_the_protocol() -> Result<()> {
    let server = build("slipway-server", "slipway-lsp", "dev")?;
    let python = venv::provide("lsp-bench", &[RUFF, PROTOCOL_TYPES])?;
    let work = target_dir()?.join("bench/protocol");
    make_documents(&work)?;
    let peer = Peer {
        name: "slipway-lsp",
        command: vec![server.to_string_lossy().into_owned()],
        document: ("scf", "serverless.containers.yml"),
        options: strings(&[
            "--starts",
            "1",
            "--requests",
            "10",
            "--edits",
            "4",
            "--bursts",
            "1",
            "--idle",
            "0",
            "--documents",
            "0",
        ]),
    };
    measure(&work, 60, &peer)?;
    shake(&python, &work, 60, &server, 5)
}

fn strings(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn harness(script: &str) -> PathBuf {
    root().join("tests/lsp_bench").join(script)
}

/// `-B` keeps Python from leaving files in the checkout.
fn script(python: impl AsRef<Path>, name: &str) -> Command {
    let mut script = command(python.as_ref(), &["-B"]);
    script.arg(harness(name));
    script
}

fn make_documents(work: &Path) -> Result<()> {
    let mut make = script("python3", "make_docs.py");
    make.arg(work).arg(root().join("schema/serverless.containers.schema.json"));
    step("Write the documents", make)
}

fn measure(work: &Path, lines: usize, peer: &Peer) -> Result<Value> {
    let (folder, file) = peer.document;
    let document = work.join(format!("{folder}-{lines}")).join(file);
    let report = work.join(format!("{}-{lines}.json", peer.name.replace(' ', "-")));
    let mut run = script("python3", "lsp_bench.py");
    run.arg("--file").arg(&document).arg("--out").arg(&report).arg("--trace").arg(report.with_extension("trace"));
    run.args(["--methods", "completion,hover", "--requests", "500", "--documents", "50"]);
    run.args(&peer.options).arg("--").args(&peer.command);
    step(&format!("{}, {lines} lines", peer.name), run)?;
    let text = fs::read_to_string(&report).with_context(|| report.display().to_string())?;
    Ok(serde_json::from_str(&text)?)
}

fn shake(python: &Path, work: &Path, lines: usize, server: &Path, rounds: usize) -> Result<()> {
    let mut check = script(python.join("python"), "check_trace.py");
    check.arg(work.join(format!("slipway-lsp-{lines}.trace")));
    step("Hold every message against the protocol", check)?;
    let mut fuzz = script("python3", "lsp_fuzz.py");
    fuzz.arg("--file").arg(work.join(format!("scf-{lines}/serverless.containers.yml")));
    fuzz.arg("--methods").arg("completion,hover,definition,documentSymbol,codeLens,foldingRange,documentLink,formatting,codeAction,inlayHint,semanticTokens");
    // Longest wait for an answer: a bound for a server that hangs, not a measure.
    fuzz.args(["--timeout", "60"]);
    fuzz.arg("--rounds").arg(rounds.to_string()).arg("--keep").arg(work.join("failures")).arg("--").arg(server);
    step("Shake the server", fuzz)
}

fn print(lines: usize, peers: &[Peer], reports: &[Value]) {
    let names: Vec<&str> = peers.iter().map(|peer| peer.name).collect();
    println!("\n| {lines} lines | {} |", names.join(" | "));
    println!("| --- |{}", " --: |".repeat(peers.len()));
    for (title, pointer) in FIGURES {
        let figures: Vec<Option<f64>> =
            reports.iter().map(|report| report.pointer(pointer).and_then(Value::as_f64)).collect();
        let base = figures[0];
        let cells = figures.iter().map(|figure| match (figure, base) {
            (Some(figure), Some(base)) => format!("{figure:.1} ({:.1}×)", figure / base),
            _ => "–".to_owned(),
        });
        println!("| {title} | {} |", cells.collect::<Vec<_>>().join(" | "));
    }
}
