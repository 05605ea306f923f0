//! The load balancer beside nginx and the npm package `http-proxy`, as proxies before one server.
#![allow(clippy::print_stdout, reason = "chores speak to the person who runs them")]

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use crate::registry::{self, Registry};
use crate::run::{build_example, has, need, root, target_dir};

/// What is asked of each proxy.
struct Scenario {
    name: &'static str,
    path: &'static str,
    connections: u32,
    method: &'static str,
    /// Bytes of the request's body.
    body: usize,
    /// Whether the client has the connection closed after each answer.
    closes: bool,
    /// The most CPU a request that the balancer may take, as a multiple of nginx's.
    bar: Option<f64>,
}

const SCENARIOS: &[Scenario] = {
    const fn get(name: &'static str, path: &'static str, connections: u32, bar: Option<f64>) -> Scenario {
        Scenario { name, path, connections, method: "GET", body: 0, closes: false, bar }
    }
    &[
        get("get1k_c64", "/b/1k", 64, Some(1.6)),
        get(ONE_CONNECTION, "/b/1k", 1, None),
        get("get64k_c64", "/b/64k", 64, Some(1.6)),
        get("get1m_c16", "/b/1m", 16, Some(1.0)),
        Scenario { method: "POST", body: 16 * 1024, ..get("post16k_c64", "/b/sink", 64, Some(1.6)) },
        Scenario { closes: true, ..get("close1k_c64", "/b/1k", 64, Some(1.6)) },
    ]
};

/// The scenario that shows what a proxy adds to the latency of a request.
const ONE_CONNECTION: &str = "get1k_c1";
/// The most that the balancer may add to nginx's median there, in microseconds.
const MOST_ADDED: u64 = 30;
/// The most memory of the balancer, idle and after all scenarios, in KiB.
const MOST_MEMORY: [u64; 2] = [15 * 1024, 40 * 1024];
/// The longest time from the balancer's start to its first answer.
const LONGEST_START: Duration = Duration::from_millis(50);
/// How much dearer the npm package must at least be. The bar is a fifth of the original tool's own proxy, which is dearer than
/// the package that it resembles; so this asks for less than the package allows and more than chance gives.
const LEAST_GAIN: f64 = 4.0;

const NGINX: usize = 0;
const BALANCER: usize = 1;

/// Measures all proxies in all scenarios.
pub(crate) fn run(rounds: usize, seconds: u64) -> Result<()> {
    need("nginx and wrk", &["nginx", "wrk"], || has("nginx", &["-v"]) && Command::new("wrk").output().is_ok())?;
    let balancer = build_example("slipway-balancer", "balance", "release")?;
    let folder = target_dir()?.join("bench/alb");
    fs::create_dir_all(&folder)?;
    for (name, size) in [("64k.bin", 64 << 10), ("1m.bin", 1 << 20)] {
        fs::write(folder.join(name), vec![b'x'; size])?;
    }
    let is_pinned = std::thread::available_parallelism().is_ok_and(|count| count.get() >= 2);
    let [load_cpu, proxy_cpu] = [0, 1].map(|cpu| is_pinned.then_some(cpu));

    let backend_port = free_port()?;
    let backend =
        Proxy::start("backend", nginx(&folder, "backend.conf", backend_port, backend_port)?, backend_port, load_cpu)?;
    let mut proxies = Vec::new();
    let port = free_port()?;
    proxies.push(Proxy::start("nginx", nginx(&folder, "nginx.conf", port, backend_port)?, port, proxy_cpu)?);
    let port = free_port()?;
    let log = folder.join("balancer.log");
    let words = [port.to_string(), format!("127.0.0.1:{backend_port}"), log.display().to_string()];
    proxies.push(Proxy::start("balancer", program(&balancer, &words), port, proxy_cpu)?);
    if has("node", &["--version"]) {
        let package = registry::fetch("http-proxy", &[(Registry::Npm, "http-proxy", "1.18.1")])?;
        let port = free_port()?;
        let script = root().join("tests/alb_bench/http_proxy.cjs").display().to_string();
        let mut node = program(Path::new("node"), &[script, port.to_string(), backend_port.to_string()]);
        node.env("NODE_PATH", package.join("http-proxy/node_modules"));
        proxies.push(Proxy::start("http-proxy", node, port, proxy_cpu)?);
    }
    for proxy in &proxies {
        hold_to_honesty(proxy)?;
    }
    let idle_memory = proxies[BALANCER].memory()?;

    println!("| scenario | proxy | requests/s | p50 (µs) | p99 (µs) | CPU a request (µs) | times nginx |");
    println!("| --- | --- | --: | --: | --: | --: | --: |");
    let mut missed = Vec::new();
    for scenario in SCENARIOS {
        for proxy in &proxies {
            measure(proxy, &backend, scenario, 1, load_cpu)?; // warms up
        }
        let mut runs: Vec<Vec<Run>> = proxies.iter().map(|_| Vec::new()).collect();
        for round in 0..rounds {
            // In turn, and each round begins with another, so that a slow moment of the machine hits them all.
            for index in (0..proxies.len()).map(|offset| (round + offset) % proxies.len()) {
                runs[index].push(measure(&proxies[index], &backend, scenario, seconds, load_cpu)?);
            }
        }
        let ratio = |index: usize| {
            median(runs[index].iter().zip(&runs[NGINX]).map(|(own, nginx)| own.cpu_micros / nginx.cpu_micros))
        };
        for (index, proxy) in proxies.iter().enumerate() {
            println!(
                "| {} | {} | {:.0} | {:.0} | {:.0} | {:.1} | {:.2} |",
                scenario.name,
                proxy.name,
                median(runs[index].iter().map(|run| run.rate)),
                median(runs[index].iter().map(|run| run.p50_micros)),
                median(runs[index].iter().map(|run| run.p99_micros)),
                median(runs[index].iter().map(|run| run.cpu_micros)),
                ratio(index),
            );
        }
        if let Some(bar) = scenario.bar.filter(|bar| ratio(BALANCER) > *bar) {
            missed.push(format!("{}: {:.2} times nginx's CPU, at most {bar}", scenario.name, ratio(BALANCER)));
        }
        let p50 = |index: usize| median(runs[index].iter().map(|run| run.p50_micros));
        if scenario.name == ONE_CONNECTION && p50(BALANCER) > p50(NGINX) + MOST_ADDED as f64 {
            missed.push(format!("{}: p50 {:.0} µs beside nginx's {:.0}", scenario.name, p50(BALANCER), p50(NGINX)));
        }
        if scenario.name == SCENARIOS[0].name && proxies.len() > 2 && ratio(2) < LEAST_GAIN * ratio(BALANCER) {
            missed.push(format!("{}: not {LEAST_GAIN} times cheaper than http-proxy", scenario.name));
        }
    }
    let memory = [idle_memory, proxies[BALANCER].memory()?];
    let start = proxies[BALANCER].start;
    println!(
        "\nThe balancer: first answer after {:.1} ms; {:.1} MiB idle, {:.1} MiB after all scenarios.",
        start.as_secs_f64() * 1e3,
        memory[0] as f64 / 1024.0,
        memory[1] as f64 / 1024.0,
    );
    if start > LONGEST_START {
        missed.push(format!("the first answer came after {start:?}, at most {LONGEST_START:?}"));
    }
    for (own, most) in memory.into_iter().zip(MOST_MEMORY) {
        if own > most {
            missed.push(format!("{own} KiB of memory, at most {most}"));
        }
    }
    ensure!(missed.is_empty(), "Bars that were missed: {}.", missed.join("; "));
    Ok(())
}

/// A program that is measured, or that serves the measurement.
struct Proxy {
    name: &'static str,
    child: Child,
    port: u16,
    /// From its start to its first answer.
    start: Duration,
}

impl Proxy {
    fn start(name: &'static str, mut command: Command, port: u16, cpu: Option<usize>) -> Result<Self> {
        if let Some(cpu) = cpu {
            let mut pinned = program(Path::new("taskset"), &["-c".to_owned(), cpu.to_string()]);
            pinned.arg(command.get_program()).args(command.get_args());
            pinned.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
            command = pinned;
        }
        let begun = Instant::now();
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let mut proxy = Self { name, child: child.context(name)?, port, start: Duration::ZERO };
        while get(port, "/b/health").is_err() {
            ensure!(begun.elapsed() < Duration::from_secs(20), "{name} does not answer");
            ensure!(proxy.child.try_wait()?.is_none(), "{name} has ended");
            std::thread::sleep(Duration::from_millis(2));
        }
        proxy.start = begun.elapsed();
        Ok(proxy)
    }

    /// CPU used so far, in microseconds.
    fn cpu_micros(&self) -> Result<f64> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        // The name of the program, in parentheses, may have blanks in it.
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
        let ticks: f64 = [11, 12].iter().filter_map(|field| fields.get(*field)?.parse::<f64>().ok()).sum();
        // Linux counts a hundred ticks a second for programs, whatever its own clock does.
        Ok(ticks * 10_000.0)
    }

    /// Resident memory in KiB.
    fn memory(&self) -> Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
        line.trim().trim_end_matches(" kB").parse().context("VmRSS")
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What one run found.
struct Run {
    rate: f64,
    p50_micros: f64,
    p99_micros: f64,
    cpu_micros: f64,
}

fn measure(proxy: &Proxy, backend: &Proxy, scenario: &Scenario, seconds: u64, cpu: Option<usize>) -> Result<Run> {
    let (seen, used) = (backend_requests(backend)?, proxy.cpu_micros()?);
    let mut words = match cpu {
        Some(cpu) => vec!["taskset".to_owned(), "-c".to_owned(), cpu.to_string(), "wrk".to_owned()],
        None => vec!["wrk".to_owned()],
    };
    words.extend(["-t1".to_owned(), format!("-c{}", scenario.connections), format!("-d{seconds}s")]);
    words.extend(["--timeout".to_owned(), "10s".to_owned(), "-s".to_owned()]);
    words.push(root().join("tests/alb_bench/report.lua").display().to_string());
    words.push(format!("http://127.0.0.1:{}{}", proxy.port, scenario.path));
    let connection = if scenario.closes { "close" } else { "keep" };
    words.extend(["--", scenario.method, &scenario.body.to_string(), connection].map(str::to_owned));
    let output = program(Path::new(&words[0]), &words[1..]).output().context("wrk")?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let found = text.split_once("@@ ").and_then(|(_, line)| {
        line.split_whitespace().map(|word| word.parse::<f64>().ok()).collect::<Option<Vec<f64>>>()
    });
    let Some([requests, duration, p50, p99, errors]) = found.as_deref() else {
        bail!("wrk gave no report:\n{text}{}", String::from_utf8_lossy(&output.stderr));
    };
    ensure!(*errors == 0.0, "{} in {}: {errors} of {requests} requests failed", proxy.name, scenario.name);
    let used = proxy.cpu_micros()? - used;
    let seen = backend_requests(backend)? - seen;
    // What was under way at the end is not counted by the generator.
    let unseen = requests - seen;
    ensure!(unseen <= 0.0, "{} in {}: {unseen} requests never reached the backend", proxy.name, scenario.name);
    Ok(Run { rate: requests / (duration / 1e6), p50_micros: *p50, p99_micros: *p99, cpu_micros: used / requests })
}

/// Fails when answers come from somewhere else than the backend, or not whole.
fn hold_to_honesty(proxy: &Proxy) -> Result<()> {
    let mut ids = Vec::new();
    for _ in 0..20 {
        let answer = get(proxy.port, "/b/1k")?;
        let (head, body) = answer.split_once("\r\n\r\n").context("no head")?;
        let id = head.lines().find_map(|line| line.strip_prefix("X-Bench-Id: ").or(line.strip_prefix("x-bench-id: ")));
        ids.push(id.context("no X-Bench-Id")?.to_owned());
        ensure!(body.len() == 1024, "{}: an answer has {} bytes", proxy.name, body.len());
    }
    ids.sort();
    ids.dedup();
    ensure!(ids.len() == 20, "{}: answers came from a cache", proxy.name);
    Ok(())
}

/// How many requests the backend has seen.
fn backend_requests(backend: &Proxy) -> Result<f64> {
    let status = get(backend.port, "/status")?;
    let line = status.lines().skip_while(|line| !line.starts_with("server accepts")).nth(1).context("no status")?;
    line.split_whitespace().nth(2).and_then(|count| count.parse().ok()).context("no count of requests")
}

/// The whole answer to a request on a connection of its own.
fn get(port: u16, path: &str) -> Result<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    ensure!(answer.starts_with("HTTP/1.1 200"), "{}", answer.lines().next().unwrap_or("no answer"));
    Ok(answer)
}

/// nginx with one of the configurations of the harness.
fn nginx(folder: &Path, configuration: &str, port: u16, backend: u16) -> Result<Command> {
    let template = fs::read_to_string(root().join("tests/alb_bench").join(configuration))?;
    let rules: String =
        (0..19).map(|number| format!("location /service{number}/v1/ {{ return 404; }}\n        ")).collect();
    let filled = template
        .replace("{folder}", &folder.display().to_string())
        .replace("{port}", &port.to_string())
        .replace("{backend}", &backend.to_string())
        .replace("{kibibyte}", &"x".repeat(1024))
        .replace("{rules}", &rules);
    let path = folder.join(configuration);
    fs::write(&path, filled)?;
    let words = ["-p", &folder.display().to_string(), "-c", &path.display().to_string()].map(str::to_owned);
    Ok(program(Path::new("nginx"), &words))
}

fn program(path: &Path, words: &[String]) -> Command {
    let mut command = Command::new(PathBuf::from(path));
    command.args(words);
    command
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}
