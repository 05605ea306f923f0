//! Projects that run the service for tests.

use slipway_tests::{Dev, Project, docker_answers, service};

/// The runtimes that answer here.
pub fn runtimes() -> Vec<&'static str> {
    let mut all = vec!["process"];
    if docker_answers() {
        all.push("docker");
    }
    all
}

/// Starts a session and waits until it is ready.
pub fn ready(project: &Project, runtime: &str) -> Dev {
    Dev::ready(project, &["--runtime", runtime])
}

/// A container of the project: its key, its pattern, and further lines of the file, indented by four.
pub struct Container {
    pub name: &'static str,
    pub pattern: &'static str,
    pub more: &'static str,
}

/// A container that answers at a pattern.
pub fn at(name: &'static str, pattern: &'static str) -> Container {
    Container { name, pattern, more: "" }
}

/// A project of containers on Fargate, each of which runs the service.
pub fn project(containers: &[Container]) -> Project {
    typed("aws@1.0", containers)
}

/// The same with a deployment type.
pub fn typed(deployment: &str, containers: &[Container]) -> Project {
    let project = Project::new(&[("serverless.containers.yml", configuration(deployment, containers))]);
    for container in containers {
        let folder = project.path(container.name);
        std::fs::create_dir(&folder).unwrap();
        std::fs::copy(service(), folder.join("service")).unwrap();
        std::fs::write(folder.join("Dockerfile"), dockerfile("one")).unwrap();
    }
    project
}

/// The Dockerfile of a service that answers this version.
pub fn dockerfile(version: &str) -> String {
    format!("FROM scratch\nCOPY service /service\nCMD [\"/service\", \"{version}\"]\n")
}

/// The configuration file.
pub fn configuration(deployment: &str, containers: &[Container]) -> String {
    let mut text = format!("name: shop\ndeployment:\n  type: {deployment}\ncontainers:\n");
    for Container { name, pattern, more } in containers {
        let has = |key: &str| more.lines().any(|line| line.trim_start().starts_with(key));
        text.push_str(&format!("  {name}:\n    src: ./{name}\n"));
        if !has("routing:") {
            text.push_str(&format!("    routing:\n      pathPattern: {pattern}\n      pathHealthCheck: /healthy\n"));
        }
        if !has("compute:") {
            text.push_str("    compute:\n      type: awsFargateEcs\n      awsFargateEcs:\n        cpu: 256\n        memory: 512\n");
        }
        text.push_str(more);
    }
    text
}

/// Containers of the engine that belong to a session of the project.
pub fn engine_lists(project: &Project) -> String {
    let config = project.path("serverless.containers.yml").canonicalize().unwrap();
    let filter = format!("label=dev.slipway.config={}", config.display());
    let listed = std::process::Command::new("docker").args(["ps", "--all", "--quiet", "--filter", &filter]).output();
    String::from_utf8(listed.expect("the engine's client starts").stdout).unwrap()
}

/// Whether a process still runs.
pub fn is_alive(process: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat"));
    stat.is_ok_and(|stat| !stat.contains(") Z "))
}

/// The processes that run the service of a project.
pub fn processes_of(project: &Project) -> Vec<u32> {
    let entries = std::fs::read_dir("/proc").unwrap().flatten();
    let ids = entries.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    ids.filter(|id| {
        let program = std::fs::read_link(format!("/proc/{id}/exe"));
        program.is_ok_and(|program| program.starts_with(project.folder()) && is_alive(*id))
    })
    .collect()
}

/// Waits until a condition holds.
pub fn eventually(what: &str, holds: impl Fn() -> bool) {
    let until = std::time::Instant::now() + std::time::Duration::from_secs(30);
    while !holds() {
        assert!(std::time::Instant::now() < until, "{what}");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
}
