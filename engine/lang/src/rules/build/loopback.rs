//! SCF092: a server that only its own machine can reach.

use super::image::{Image, Recipe};
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Place, Severity};
use crate::dockerfile::{Command, Instruction};
use crate::model::ComputeType;
use crate::rules::commands::{commands, commands_of, package_script, program};
use crate::rules::package_json::PackageJson;

declare_rule! {
    /// ## What it does
    /// Reports a container whose server listens on `127.0.0.1`, `localhost` or `::1`, as far as the Dockerfile's `CMD`,
    /// `ENTRYPOINT` and `ENV` or the `start` script say so.
    ///
    /// ## Why it matters
    /// Nothing outside the container can reach such a server. On Fargate its health check fails and the deployment is rolled
    /// back, which makes this a blocker there; on Lambda it works, but `slipway dev` cannot reach it.
    ///
    /// ## Example
    /// ```dockerfile api/Dockerfile
    /// FROM python:3.13-slim
    /// CMD ["uvicorn", "app:app", "--host", "127.0.0.1", "--port", "8080"]
    /// ```
    /// ```yaml container
    /// src: ./api
    /// ```
    ///
    /// ## Use instead
    /// ```dockerfile api/Dockerfile
    /// FROM python:3.13-slim
    /// CMD ["uvicorn", "app:app", "--host", "0.0.0.0", "--port", "8080"]
    /// ```
    /// ```yaml container
    /// src: ./api
    /// ```
    LOOPBACK_LISTENER = "SCF092", "Loopback listener", Warning, fix: None
}

/// Flags behind which servers take the address to listen on.
const FLAGS: &[&str] = &[
    "--host",
    "--hostname",
    "--bind",
    "--bind-address",
    "--address",
    "--addr",
    "--listen",
    "--listen-address",
    "--ip",
    "--urls",
    "--server.address",
    "-Dserver.address",
    "-H",
    "-b",
    "-l",
    "-S",
    "runserver",
];

/// Variables in which servers find the address to listen on.
const VARIABLES: &[&str] = &[
    "HOST",
    "HOSTNAME",
    "BIND",
    "BIND_ADDR",
    "BIND_ADDRESS",
    "LISTEN",
    "LISTEN_ADDR",
    "LISTEN_ADDRESS",
    "LISTEN_HOST",
    "SERVER_HOST",
    "SERVER_ADDRESS",
    "ASPNETCORE_URLS",
    "FLASK_RUN_HOST",
    "GRADIO_SERVER_NAME",
    "NITRO_HOST",
    "NUXT_HOST",
    "ROCKET_ADDRESS",
    "STREAMLIT_SERVER_ADDRESS",
    "UVICORN_HOST",
];

pub(super) fn check(image: &Image<'_>, acc: &mut Vec<Diagnostic>) {
    let Some((place, subject, address)) = find(image) else { return };
    let is_fargate = image.container.compute_type() == Some(ComputeType::Fargate);
    let (consequence, severity) = if is_fargate {
        (
            "nothing outside the container can reach it: its health check fails, and the deployment with it",
            Severity::Blocker,
        )
    } else {
        ("`slipway dev` cannot reach it, nor could a load balancer on Fargate", Severity::Warning)
    };
    let message = format!("{subject} makes the server listen on `{address}`, so {consequence}. Listen on `0.0.0.0`.");
    acc.push(LOOPBACK_LISTENER.at(place, message).severity(severity));
}

/// Where the address is shown, who sets it, and the address.
fn find(image: &Image<'_>) -> Option<(Place, String, String)> {
    match &image.recipe {
        Recipe::Unknown => None,
        Recipe::None => in_script(image, "start"),
        Recipe::Dockerfile { file, .. } => {
            let stages = image.lineage();
            let instructions: Vec<&Instruction> = stages.iter().flat_map(|stage| file.instructions_of(stage)).collect();
            let last = |keyword: &str| instructions.iter().rev().copied().find(|each| each.keyword == keyword);
            let here =
                |instruction: &Instruction, address| (image.place(instruction.range), image.line(instruction), address);
            let environment = || {
                instructions.iter().rev().filter(|each| each.keyword == "ENV").find_map(|instruction| {
                    let address = in_assignments(instruction.assignments().into_iter())?;
                    Some(here(instruction, address))
                })
            };
            let started = [last("ENTRYPOINT"), last("CMD")];
            started
                .into_iter()
                .flatten()
                .find_map(|instruction| {
                    let commands = commands_in(&instruction.command());
                    let own =
                        commands.iter().find_map(|words| in_command(words)).map(|address| here(instruction, address));
                    own.or_else(|| commands.iter().find_map(|words| in_script(image, package_script(words)?)))
                })
                .or_else(environment)
        }
    }
}

fn commands_in(command: &Command) -> Vec<Vec<String>> {
    match command {
        Command::Exec(words) => commands_of(words.clone()),
        Command::Shell(text) => commands(text),
    }
}

/// The address that a script of the source's `package.json` sets.
fn in_script(image: &Image<'_>, script: &str) -> Option<(Place, String, String)> {
    let (src, files) = image.folder()?;
    let package = PackageJson::read(files, &src.folder)?;
    let mut script = script.to_owned();
    // Scripts may run each other; nobody nests them deeply on purpose.
    for _ in 0..3 {
        let commands = commands(package.script(&script)?);
        if let Some(address) = commands.iter().find_map(|words| in_command(words)) {
            let subject = format!("The script `{script}` in `{}`", src.path("package.json"));
            return Some((src.value.place(), subject, address));
        }
        commands.iter().find_map(|words| package_script(words))?.clone_into(&mut script);
    }
    None
}

/// The loopback address that a command gives to its server.
fn in_command(words: &[String]) -> Option<String> {
    let behind = program(words);
    let before = &words[..words.len() - behind.len()];
    let assignments = before.iter().filter_map(|word| word.split_once('='));
    let assignments = assignments.map(|(name, value)| (name.to_owned(), Some(value.to_owned())));
    in_assignments(assignments).or_else(|| {
        behind.iter().enumerate().find_map(|(at, word)| {
            let (flag, value) = match word.split_once('=') {
                Some((flag, value)) => (flag, Some(value)),
                None => (word.as_str(), behind.get(at + 1).map(String::as_str)),
            };
            value.filter(|value| FLAGS.contains(&flag) && is_loopback(value)).map(str::to_owned)
        })
    })
}

fn in_assignments(mut assignments: impl Iterator<Item = (String, Option<String>)>) -> Option<String> {
    assignments.find_map(|(name, value)| value.filter(|value| VARIABLES.contains(&&*name) && is_loopback(value)))
}

/// Whether an address, with or without scheme and port, is one that only the machine itself reaches. Of several, all must be.
fn is_loopback(address: &str) -> bool {
    !address.is_empty()
        && address.split([';', ',']).all(|address| {
            let address = address.split_once("://").map_or(address, |(_, rest)| rest);
            let host = match address.strip_prefix('[') {
                Some(rest) => rest.split(']').next().unwrap_or(rest),
                None if address.matches(':').count() > 1 => address,
                None => address.split([':', '/']).next().unwrap_or(address),
            };
            host.eq_ignore_ascii_case("localhost")
                || matches!(host, "::1" | "0:0:0:0:0:0:0:1")
                || host.parse::<std::net::Ipv4Addr>().is_ok_and(|host| host.is_loopback())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_addresses_are_told_from_others() {
        for yes in [
            "127.0.0.1",
            "127.0.1.1:8080",
            "localhost:3000",
            "LOCALHOST",
            "::1",
            "[::1]:8080",
            "tcp://localhost:8080",
            "http://127.0.0.1:5000/;http://localhost:5001",
        ] {
            assert!(is_loopback(yes), "{yes}");
        }
        for no in [
            "",
            "0.0.0.0",
            "::",
            "[::]:8080",
            "127.0.0.1.example.org",
            "localhost.example.org",
            "$HOST",
            "http://+:8080;http://localhost:5000",
        ] {
            assert!(!is_loopback(no), "{no}");
        }
    }

    #[test]
    fn commands_are_searched_for_addresses_of_servers_only() {
        for (text, address) in [
            ("uvicorn app:app --host 127.0.0.1", Some("127.0.0.1")),
            ("gunicorn -b localhost:8080 app", Some("localhost:8080")),
            ("npx vite --host=localhost", Some("localhost")),
            ("HOST=127.0.0.1 node server.js", Some("127.0.0.1")),
            ("python manage.py runserver 127.0.0.1:8080", Some("127.0.0.1:8080")),
            ("java -Dserver.address=127.0.0.1 -jar app.jar", Some("127.0.0.1")),
            ("sh -c \"sleep 1 && rails server -b 127.0.0.1\"", Some("127.0.0.1")),
            ("php -S localhost:8080", Some("localhost:8080")),
            ("uvicorn app:app --host 0.0.0.0", None),
            ("node server.js --redis-host localhost", None),
            ("curl http://localhost:8080", None),
            ("DATABASE_HOST=localhost node server.js", None),
            ("wait-for-it localhost:5432 -- node server.js", None),
            ("node server.js --host", None),
        ] {
            let found = commands(text).iter().find_map(|words| in_command(words));
            assert_eq!(found.as_deref(), address, "{text}");
        }
    }
}
