//! Containers as processes of this machine, each in a group of its own.

pub(crate) mod launch;

use std::collections::{BTreeMap, HashSet};
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::process::Stdio;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group, test_kill_process_group};
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::Command;
use tokio::sync::watch;

use super::{Start, Usage};
use crate::bus::{Lines, LogSink};
use crate::diagnosis::exit::Ended;
use crate::diagnosis::{Code, Diagnosis};
use crate::event::Stream;
use crate::leftovers::Register;
pub(crate) use launch::Launch;

/// Variables of this machine that every process needs to find its way. All others stay outside, as they would in a
/// container: what works because of a variable of the developer's shell would not work once deployed.
const PASSED_ON: &[&str] = &[
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "SHELL",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "TZ",
    "TMPDIR",
    "TEMP",
    "TMP",
    "SYSTEMROOT",
    "PATHEXT",
    "COMSPEC",
    "APPDATA",
    "LOCALAPPDATA",
    "USERPROFILE",
    "VIRTUAL_ENV",
    "CARGO_HOME",
    "CARGO_TARGET_DIR",
    "RUSTUP_HOME",
    "RUSTUP_TOOLCHAIN",
    "GOPATH",
    "GOCACHE",
    "GOMODCACHE",
    "GOROOT",
    "NVM_DIR",
    "NVM_BIN",
    "PYENV_ROOT",
    "DENO_DIR",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "NODE_EXTRA_CA_CERTS",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
];

/// The processes of a session.
pub(crate) struct Processes {
    register: Register,
}

/// A running process group.
pub(crate) struct Process {
    /// The process, which leads its group.
    pub(crate) id: u32,
    /// Where it is asked.
    pub(crate) address: SocketAddr,
    /// Whether the user's own `PORT` decides where it listens.
    pub(crate) has_fixed_port: bool,
    /// How it ended, once it has.
    pub(crate) ended: watch::Receiver<Option<Ended>>,
    register: Register,
    /// Processor time and moment of the last look.
    last_usage: Mutex<Option<(Duration, Instant)>>,
}

impl Processes {
    /// Notes its groups in the register, so that the next session can end what a killed one left.
    pub(crate) fn new(register: Register) -> Self {
        Self { register }
    }

    /// Starts a process.
    pub(crate) fn start(&self, start: &Start<'_>, launch: &Launch) -> Result<Process, Diagnosis> {
        let name = &start.service.name;
        let fixed = start.environment.get("PORT").and_then(|port| port.parse().ok());
        let port = match fixed {
            Some(port) => port,
            None => free_port().map_err(|error| {
                Diagnosis::of(name, Code::PortInUse, format!("There is no free port for it: {error}."))
            })?,
        };
        let mut command = Command::new(&launch.program);
        command.args(&launch.arguments).current_dir(&launch.folder).env_clear();
        command.envs(passed_on()).envs(&launch.environment).envs(&start.environment).env("PORT", port.to_string());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
        let mut child = command.spawn().map_err(|error| cannot_start(name, launch, &error))?;
        let id = child.id().unwrap_or_default();
        self.register.add(id);
        let output = child.stdout.take().map(|pipe| tokio::spawn(copy(pipe, Stream::Stdout, start.log.clone())));
        let errors = child.stderr.take().map(|pipe| tokio::spawn(copy(pipe, Stream::Stderr, start.log.clone())));
        let (tell_end, ended) = watch::channel(None);
        tokio::spawn(async move {
            let status = child.wait().await;
            // What the process wrote last belongs to its end. A grandchild may hold the pipe open for ever.
            let rest = async {
                for copying in [output, errors].into_iter().flatten() {
                    let _ = copying.await;
                }
            };
            let _ = tokio::time::timeout(Duration::from_millis(500), rest).await;
            let _ = tell_end.send(Some(ended_with(status)));
        });
        Ok(Process {
            id,
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
            has_fixed_port: fixed.is_some(),
            ended,
            register: self.register.clone(),
            last_usage: Mutex::default(),
        })
    }
}

impl Process {
    /// Where the processes of its group listen.
    pub(crate) async fn listeners(&self) -> Option<Vec<SocketAddr>> {
        let id = self.id;
        tokio::task::spawn_blocking(move || {
            let members = group_members(id);
            let all = listeners::get_all().ok()?;
            let own = all.into_iter().filter(|listener| {
                listener.protocol == listeners::Protocol::TCP && members.contains(&listener.process.pid)
            });
            let mut found: Vec<SocketAddr> = own.map(|listener| listener.socket).collect();
            found.sort_unstable();
            found.dedup();
            Some(found)
        })
        .await
        .ok()?
    }

    /// What its group uses; known on Linux alone.
    pub(crate) async fn usage(&self) -> Option<Usage> {
        let id = self.id;
        let (time, memory) = tokio::task::spawn_blocking(move || group_usage(id)).await.ok()??;
        let now = Instant::now();
        let mut last = self.last_usage.lock().unwrap_or_else(PoisonError::into_inner);
        let cpu_percent = last.map_or(0.0, |(before, moment)| {
            let passed = now.duration_since(moment).as_secs_f64();
            if passed > 0.0 { time.saturating_sub(before).as_secs_f64() / passed * 100.0 } else { 0.0 }
        });
        *last = Some((time, now));
        Some(Usage { cpu_percent, memory, memory_limit: None })
    }

    /// Asks the whole group to end.
    pub(crate) fn terminate(&self) {
        if let Some(group) = Pid::from_raw(self.id.cast_signed()) {
            // A group that is gone already is what is wanted.
            let _ = kill_process_group(group, Signal::TERM);
        }
    }

    /// Ends the whole group.
    pub(crate) async fn stop(&self, grace: Duration) {
        if let Some(group) = Pid::from_raw(self.id.cast_signed()) {
            // A group that is gone already is what is wanted.
            let _ = kill_process_group(group, Signal::TERM);
            let gone = async {
                while test_kill_process_group(group).is_ok() {
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
            };
            if tokio::time::timeout(grace, gone).await.is_err() {
                let _ = kill_process_group(group, Signal::KILL);
                let mut ended = self.ended.clone();
                let _ = tokio::time::timeout(Duration::from_secs(1), ended.wait_for(Option::is_some)).await;
            }
        }
        self.register.remove(self.id);
    }
}

fn passed_on() -> BTreeMap<String, String> {
    PASSED_ON.iter().filter_map(|name| Some(((*name).to_owned(), std::env::var(name).ok()?))).collect()
}

/// A port of loopback that nobody has at the moment.
fn free_port() -> io::Result<u16> {
    Ok(std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

fn cannot_start(name: &str, launch: &Launch, error: &io::Error) -> Diagnosis {
    let program = &launch.program;
    let (code, remedy) = match error.kind() {
        io::ErrorKind::NotFound => (
            Code::ProgramMissing,
            format!("Install `{}`, or let a container engine run it: `--runtime docker`.", program.display()),
        ),
        io::ErrorKind::PermissionDenied => {
            (Code::ContainerExited, format!("Make `{}` executable: `chmod +x`.", program.display()))
        }
        _ => (Code::ContainerExited, format!("It was started because of {}.", launch.because)),
    };
    Diagnosis::of(name, code, format!("`{}` cannot be started: {error}.", launch.words())).remedy(remedy)
}

async fn copy(mut pipe: impl AsyncRead + Unpin, stream: Stream, log: LogSink) {
    let mut lines = Lines::default();
    let mut buffer = vec![0; 16 * 1024];
    loop {
        // A pipe that cannot be read any more has ended.
        let length = pipe.read(&mut buffer).await.unwrap_or(0);
        if length == 0 {
            break;
        }
        for line in lines.push(&buffer[..length]) {
            log.line(stream, line).await;
        }
    }
    if let Some(line) = lines.rest() {
        log.line(stream, line).await;
    }
}

fn ended_with(status: io::Result<std::process::ExitStatus>) -> Ended {
    use std::os::unix::process::ExitStatusExt;
    match status {
        Ok(status) => {
            let signal = status.signal().map(|signal| 128 + i64::from(signal));
            Ended { code: status.code().map(i64::from).or(signal), ..Ended::default() }
        }
        Err(error) => Ended { error: Some(error.to_string()), ..Ended::default() },
    }
}

/// The processes of a group. Where the system does not tell, the leader alone.
fn group_members(group: u32) -> HashSet<u32> {
    let mut members = HashSet::from([group]);
    members.extend(stats().filter(|stat| stat.group == group).map(|stat| stat.id));
    members
}

/// Processor time and resident memory of a group, in bytes.
fn group_usage(group: u32) -> Option<(Duration, u64)> {
    let mut found = None;
    for stat in stats().filter(|stat| stat.group == group) {
        let (time, memory) = found.unwrap_or_default();
        found = Some((time + stat.time, memory + stat.memory));
    }
    found
}

struct Stat {
    id: u32,
    group: u32,
    time: Duration,
    memory: u64,
}

/// The processes of this machine, from `/proc`; none where there is no such folder.
fn stats() -> impl Iterator<Item = Stat> {
    let entries = std::fs::read_dir("/proc").into_iter().flatten();
    entries.filter_map(|entry| {
        let id = entry.ok()?.file_name().to_str()?.parse().ok()?;
        stat(id, &std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?)
    })
}

/// Reads `/proc/PID/stat`. The name in parentheses may hold anything, parentheses and blanks too.
fn stat(id: u32, text: &str) -> Option<Stat> {
    let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
    let number = |at: usize| fields.get(at)?.parse::<u64>().ok();
    let ticks = number(11)? + number(12)?;
    let per_second = rustix::param::clock_ticks_per_second().max(1);
    Some(Stat {
        id,
        group: u32::try_from(number(2)?).ok()?,
        time: Duration::from_secs_f64(ticks as f64 / per_second as f64),
        memory: number(21)? * rustix::param::page_size() as u64,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernels_table_of_processes_is_read() {
        let text =
            "42 (a) b (c)) S 1 40 40 0 -1 4194304 100 0 0 0 150 50 0 0 20 0 1 0 12345 1000000 25 18446744073709551615";
        let stat = stat(42, text).unwrap();
        assert_eq!((stat.id, stat.group), (42, 40));
        assert_eq!(stat.memory, 25 * rustix::param::page_size() as u64);
        assert!(stat.time > Duration::ZERO);
    }
}
