//! Asking targets whether they are well.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::{AbortHandle, JoinSet};
use tokio::time::Instant;

use crate::group::{HealthCheck, Reason, Target, TargetGroup, TargetId, TargetState};
use crate::http1::response;
use crate::observe::{HealthChange, Observer};
use crate::stream::Buffer;

/// How often idle connections to targets are looked through.
const SWEEP: Duration = Duration::from_secs(5);

/// Checks the targets of a group, those that come later too, until it is aborted.
pub(crate) async fn watch_over(group: Arc<TargetGroup>, observer: Arc<dyn Observer>, longest_idle: Duration) {
    let _used = Used::new(&group);
    let mut checks: HashMap<TargetId, AbortHandle> = HashMap::new();
    // Dropping the set ends what runs in it.
    let mut tasks = JoinSet::new();
    loop {
        let changed = group.changed.notified();
        let targets = group.snapshot();
        checks.retain(|id, check| {
            let is_there = targets.iter().any(|target| target.id == *id && target.state() != TargetState::Draining);
            if !is_there {
                check.abort();
            }
            is_there
        });
        if group.settings().health.enabled {
            for target in targets.iter().filter(|target| target.state() != TargetState::Draining) {
                checks.entry(target.id).or_insert_with(|| {
                    tasks.spawn(check_on(Arc::clone(&group), Arc::clone(target), Arc::clone(&observer)))
                });
            }
        }
        // Who has been deregistered for long enough loses the requests that are still under way.
        let ends = targets.iter().filter_map(|target| target.pool.over());
        let next_sweep = Instant::now() + SWEEP;
        let wake = ends.filter(|end| *end > Instant::now()).fold(next_sweep, Instant::min);
        tokio::select! {
            () = changed => {}
            () = tokio::time::sleep_until(wake) => {
                for target in &targets {
                    target.pool.sweep(longest_idle);
                    if target.pool.is_over() {
                        target.cut.notify_waiters();
                    }
                }
            }
        }
        while tasks.try_join_next().is_some() {}
    }
}

/// Marks a group as used for as long as it lives.
struct Used<'g>(&'g TargetGroup);

impl<'g> Used<'g> {
    fn new(group: &'g TargetGroup) -> Self {
        group.set_used(true);
        Self(group)
    }
}

impl Drop for Used<'_> {
    fn drop(&mut self) {
        self.0.set_used(false);
    }
}

/// Checks one target for as long as it is there.
async fn check_on(group: Arc<TargetGroup>, target: Arc<Target>, observer: Arc<dyn Observer>) {
    let settings = &group.settings().health;
    let mut row = Row::default();
    target.set_health(TargetState::Initial, Some(Reason::InitialHealthChecking));
    loop {
        let began = Instant::now();
        let outcome = check(&target, settings).await;
        let state = row.judge(target.state(), outcome.reason().is_none(), settings);
        let reason = if state == TargetState::Healthy { None } else { outcome.reason().or(target.status(true).reason) };
        if target.set_health(state, reason).is_some() {
            group.changed.notify_waiters();
            observer.health(&HealthChange {
                group: group.settings().name.clone(),
                target: target.status(true),
                explanation: outcome.explanation(&target, settings),
            });
        }
        let pause = if state == TargetState::Initial { settings.start_interval } else { settings.interval };
        tokio::time::sleep_until(began + pause.max(Duration::from_millis(1))).await;
    }
}

/// Checks in a row with the same outcome.
#[derive(Debug, Default)]
struct Row {
    was_success: bool,
    length: u32,
}

impl Row {
    /// The state after another check.
    fn judge(&mut self, before: TargetState, is_success: bool, settings: &HealthCheck) -> TargetState {
        self.length = if self.was_success == is_success { self.length + 1 } else { 1 };
        self.was_success = is_success;
        match (before, is_success) {
            // The first success is enough for a target that was never well.
            (TargetState::Initial, true) => TargetState::Healthy,
            (TargetState::Unhealthy, true) if self.length >= settings.healthy_threshold => TargetState::Healthy,
            (TargetState::Initial | TargetState::Healthy, false) if self.length >= settings.unhealthy_threshold => {
                TargetState::Unhealthy
            }
            (before, _) => before,
        }
    }
}

/// What a check found.
#[derive(Debug)]
enum Outcome {
    Success,
    Status(u16),
    TimedOut,
    /// No connection, or no answer of HTTP.
    Failed(String),
}

impl Outcome {
    fn reason(&self) -> Option<Reason> {
        match self {
            Self::Success => None,
            Self::Status(_) => Some(Reason::ResponseCodeMismatch),
            Self::TimedOut => Some(Reason::Timeout),
            Self::Failed(_) => Some(Reason::FailedHealthChecks),
        }
    }

    fn explanation(&self, target: &Target, settings: &HealthCheck) -> Option<String> {
        let found = match self {
            Self::Success => return None,
            Self::Status(status @ 300..=399) => {
                format!("answered {status}; redirects are not followed")
            }
            Self::Status(status) => format!("answered {status}"),
            Self::TimedOut => format!("did not answer within {:?}", settings.timeout),
            Self::Failed(cause) => format!("did not answer ({cause})"),
        };
        let HealthCheck { path, success, .. } = settings;
        let needed = if success.start() == success.end() {
            success.start().to_string()
        } else {
            format!("{} to {}", success.start(), success.end())
        };
        Some(format!(
            "The health check GET {path} on {} {found}. A deployment needs status {needed} there, else it fails: answer \
             it, or set pathHealthCheck to a path that does.",
            target.name
        ))
    }
}

async fn check(target: &Target, settings: &HealthCheck) -> Outcome {
    match tokio::time::timeout(settings.timeout, ask(target, &settings.path)).await {
        Ok(Ok(status)) if settings.success.contains(&status) => Outcome::Success,
        Ok(Ok(status)) => Outcome::Status(status),
        Ok(Err(error)) => Outcome::Failed(error.to_string()),
        Err(_) => Outcome::TimedOut,
    }
}

/// Asks on a connection of its own.
async fn ask(target: &Target, path: &str) -> io::Result<u16> {
    let mut connection = target.pool.connect().await.map_err(crate::upstream::ConnectFault::into_error)?;
    let (mut read, mut write) = connection.stream.split();
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nUser-Agent: ELB-HealthChecker/2.0\r\n\
         Accept-Encoding: gzip, compressed\r\n\r\n",
        target.name
    );
    write.write_all(&mut [io::IoSlice::new(request.as_bytes())]).await?;
    let mut buffer = Buffer::default();
    loop {
        if buffer.read(&mut read).await? == 0 {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the connection was closed"));
        }
        let is_no_http = |_| io::Error::new(io::ErrorKind::InvalidData, "the answer is not HTTP");
        while let Some((status, length)) =
            response::read(buffer.data(), response::LONGEST_HEAD, |head| Ok((head.status, head.length)))
                .map_err(is_no_http)?
        {
            match status {
                100..=199 => buffer.consume(length),
                _ => return Ok(status),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alb_244_states_follow_the_checks() {
        use TargetState::{Healthy, Initial, Unhealthy};
        let settings = HealthCheck::default();
        // `+` and `-` are checks that succeed and fail.
        for (checks, expected) in [
            ("", Initial),
            ("+", Healthy),
            ("----+", Healthy),
            ("-----", Unhealthy),
            ("+----", Healthy),
            ("+-----", Unhealthy),
            ("+----+----", Healthy),
            ("+-----+", Unhealthy),
            ("+-----++", Healthy),
            ("-----+-+", Unhealthy),
        ] {
            let mut row = Row::default();
            let state = checks.chars().fold(Initial, |state, check| row.judge(state, check == '+', &settings));
            assert_eq!(state, expected, "{checks}");
        }
    }
}
