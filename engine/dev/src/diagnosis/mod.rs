//! Why something does not work, with what was seen and what to do about it.

pub mod exit;
pub mod listeners;

use serde::Serialize;

/// What is wrong. Each has a number and a name, which scripts may rely on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the table has a title for each")]
pub enum Code {
    EngineNotReachable,
    EngineNotPermitted,
    PortInUse,
    LiveSession,
    LeftoversRemoved,
    NoNetworkRange,
    DiskFull,
    BuildFailed,
    BaseImageMissing,
    NothingToBuild,
    TargetStageMissing,
    ExecFormat,
    DependenciesMissing,
    ContainerExited,
    OutOfMemory,
    CrashLoop,
    NotReady,
    HealthCheckStatus,
    ListenLoopback,
    ListenOtherPort,
    PortOverridden,
    NothingListens,
    ClosesWithoutAnswer,
    AddressInUseInside,
    NoRoute,
    CannotAssumeRole,
    StageNotDeployed,
    WatchLimit,
    MissingVariable,
    HookFailed,
    ProgramMissing,
    RequestTooLarge,
    ConfigurationRefused,
    IntegrationFailed,
}

/// A code with its number, name and title.
struct Entry {
    code: Code,
    id: &'static str,
    name: &'static str,
    title: &'static str,
}

const fn entry(code: Code, id: &'static str, name: &'static str, title: &'static str) -> Entry {
    Entry { code, id, name, title }
}

static CATALOGUE: &[Entry] = &[
    entry(Code::EngineNotReachable, "DEV001", "ENGINE_NOT_REACHABLE", "Docker is not reachable"),
    entry(Code::EngineNotPermitted, "DEV002", "ENGINE_NOT_PERMITTED", "No permission to use Docker"),
    entry(Code::PortInUse, "DEV003", "PORT_IN_USE", "Port in use"),
    entry(Code::LiveSession, "DEV004", "LIVE_SESSION", "Another session of this project runs"),
    entry(Code::LeftoversRemoved, "DEV005", "LEFTOVERS_REMOVED", "Leftovers removed"),
    entry(Code::NoNetworkRange, "DEV006", "NO_NETWORK_RANGE", "No address range is left for a network"),
    entry(Code::DiskFull, "DEV007", "DISK_FULL", "Disk full"),
    entry(Code::BuildFailed, "DEV010", "BUILD_FAILED", "Build failed"),
    entry(Code::BaseImageMissing, "DEV011", "BASE_IMAGE_MISSING", "Base image cannot be pulled"),
    entry(Code::NothingToBuild, "DEV012", "NOTHING_TO_BUILD", "Nothing to build or start"),
    entry(Code::TargetStageMissing, "DEV013", "TARGET_STAGE_MISSING", "Target stage missing"),
    entry(Code::ExecFormat, "DEV014", "EXEC_FORMAT", "Made for another processor"),
    entry(Code::ProgramMissing, "DEV015", "PROGRAM_MISSING", "Program not found"),
    entry(Code::DependenciesMissing, "DEV020", "DEPENDENCIES_MISSING", "Dependencies are not installed"),
    entry(Code::HookFailed, "DEV021", "HOOK_FAILED", "Hook failed"),
    entry(Code::ContainerExited, "DEV023", "CONTAINER_EXITED", "Container exited"),
    entry(Code::OutOfMemory, "DEV024", "OUT_OF_MEMORY", "Out of memory"),
    entry(Code::CrashLoop, "DEV025", "CRASH_LOOP", "Crash loop"),
    entry(Code::NotReady, "DEV030", "NOT_READY", "Not ready in time"),
    entry(Code::HealthCheckStatus, "DEV031", "HEALTH_CHECK_STATUS", "Health check not answered with 200"),
    entry(Code::ListenLoopback, "DEV032", "LISTEN_LOOPBACK", "Listens on loopback only"),
    entry(Code::ListenOtherPort, "DEV033", "LISTEN_OTHER_PORT", "Listens on another port"),
    entry(Code::PortOverridden, "DEV034", "PORT_OVERRIDDEN", "PORT overridden"),
    entry(Code::NothingListens, "DEV035", "NOTHING_LISTENS", "Nothing listens"),
    entry(Code::ClosesWithoutAnswer, "DEV036", "CLOSES_WITHOUT_ANSWER", "Closes without an answer"),
    entry(Code::AddressInUseInside, "DEV037", "ADDRESS_IN_USE_INSIDE", "Address already in use"),
    entry(Code::NoRoute, "DEV040", "NO_ROUTE", "No route"),
    entry(Code::RequestTooLarge, "DEV041", "REQUEST_TOO_LARGE", "Body over the limit"),
    entry(Code::CannotAssumeRole, "DEV043", "CANNOT_ASSUME_ROLE", "Cannot assume the role"),
    entry(Code::StageNotDeployed, "DEV045", "STAGE_NOT_DEPLOYED", "Stage not deployed"),
    entry(Code::IntegrationFailed, "DEV046", "INTEGRATION_FAILED", "An integration's call failed"),
    entry(Code::WatchLimit, "DEV051", "WATCH_LIMIT", "Too many folders to watch"),
    entry(Code::MissingVariable, "DEV060", "MISSING_VARIABLE", "Variable without a value"),
    entry(Code::ConfigurationRefused, "DEV062", "CONFIGURATION_REFUSED", "Changed configuration has errors"),
];

impl Code {
    fn entry(self) -> &'static Entry {
        CATALOGUE.iter().find(|entry| entry.code == self).expect("every code has an entry")
    }

    /// Its number, `DEVnnn`.
    pub fn id(self) -> &'static str {
        self.entry().id
    }

    /// Its name, in capitals.
    pub fn name(self) -> &'static str {
        self.entry().name
    }

    /// What is wrong, in a few words.
    pub fn title(self) -> &'static str {
        self.entry().title
    }
}

/// As `code` and `id`, side by side.
impl Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut both = serializer.serialize_struct("Code", 2)?;
        both.serialize_field("code", self.name())?;
        both.serialize_field("id", self.id())?;
        both.end()
    }
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// It does not work.
    Error,
    /// It works here, and would not once deployed, or not always.
    Warning,
    /// It is as it should be, but worth knowing.
    Info,
}

/// Something that is wrong, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Diagnosis {
    /// The container that it is about; none when it is about the session.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub container: Option<String>,
    /// What it is.
    #[serde(flatten)]
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong and why, in whole sentences.
    pub message: String,
    /// What was seen: lines of a log, a listener table.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<String>,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
    /// Where in the user's files it comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Box<SourcePlace>>,
}

/// A place in one of the user's files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SourcePlace {
    /// The path as the user would write it.
    pub path: String,
    /// The line, from 0.
    pub line: u32,
}

impl Diagnosis {
    /// A diagnosis about a container.
    pub fn of(container: &str, code: Code, message: impl Into<String>) -> Self {
        Self { container: Some(container.to_owned()), ..Self::of_session(code, message) }
    }

    /// A diagnosis about the session.
    pub fn of_session(code: Code, message: impl Into<String>) -> Self {
        Self {
            container: None,
            code,
            severity: Severity::Error,
            message: message.into(),
            evidence: Vec::new(),
            remedy: None,
            place: None,
        }
    }

    /// Makes it a warning.
    #[must_use]
    pub fn warning(self) -> Self {
        Self { severity: Severity::Warning, ..self }
    }

    /// Makes it an information.
    #[must_use]
    pub fn info(self) -> Self {
        Self { severity: Severity::Info, ..self }
    }

    /// Adds what was seen.
    #[must_use]
    pub fn evidence(mut self, lines: impl IntoIterator<Item = String>) -> Self {
        self.evidence.extend(lines);
        self
    }

    /// Adds what to do.
    #[must_use]
    pub fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }

    /// Adds where it comes from.
    #[must_use]
    pub fn at(mut self, path: String, line: u32) -> Self {
        self.place = Some(Box::new(SourcePlace { path, line }));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_is_in_order() {
        assert!(CATALOGUE.is_sorted_by(|one, other| one.id < other.id));
        let named = Diagnosis::of("api", Code::ListenLoopback, "It listens on 127.0.0.1:8080.");
        assert_eq!(
            serde_json::to_string(&named).unwrap(),
            r#"{"container":"api","code":"LISTEN_LOOPBACK","id":"DEV032","severity":"error","message":"It listens on 127.0.0.1:8080."}"#
        );
    }
}
