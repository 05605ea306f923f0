//! Fires schedules on time, as their rules would.

use std::net::SocketAddr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use slipway_lang::schedule::{Moment, Schedule};
use slipway_lang::service::{Integration, Service, Trigger};
use tokio::task::JoinSet;

use crate::control::trigger;
use crate::diagnosis::{Code, Diagnosis};
use crate::supervisor::Shared;

/// The schedules that are on. Dropping it switches them off.
#[derive(Default)]
pub(crate) struct Schedules {
    tasks: JoinSet<()>,
}

impl Schedules {
    /// Switches on those of these containers. A rate counts from now, as one counts from when its rule is made.
    pub(crate) fn of(services: &[Service], proxy: SocketAddr, shared: &Shared) -> Self {
        let mut tasks = JoinSet::new();
        for service in services {
            for integration in &service.integrations {
                if let Trigger::Schedule(expression) = &integration.trigger
                    && let Ok(schedule) = Schedule::parse(expression)
                {
                    tasks.spawn(keep(schedule, service.clone(), integration.clone(), proxy, shared.clone()));
                }
            }
        }
        Self { tasks }
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.tasks.len()
    }
}

async fn keep(schedule: Schedule, service: Service, integration: Integration, proxy: SocketAddr, shared: Shared) {
    for run in schedule.runs_after(Moment::from_unix(now())) {
        let wait = u64::try_from(run.unix().saturating_sub(now())).unwrap_or(0);
        tokio::time::sleep(Duration::from_secs(wait)).await;
        let name = format!("{}.{}", service.name, integration.name);
        let failed = match trigger::fire(proxy, &shared.facts, &service, &integration.name, b"").await {
            Ok(answer) if answer.is_well() => {
                shared.bus.note(Some(&service.name), format!("The schedule `{name}` was fired: {answer}.")).await;
                continue;
            }
            Ok(answer) => format!("The schedule `{name}` was fired: {answer}."),
            Err(error) => format!("The schedule `{name}` could not be fired: {error}"),
        };
        shared.bus.diagnose(Diagnosis::of(&service.name, Code::IntegrationFailed, failed)).await;
    }
}

/// Seconds since 1970.
fn now() -> i64 {
    let passed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(passed.as_secs()).unwrap_or(i64::MAX)
}
