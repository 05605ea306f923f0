//! SCF091: the port that a Dockerfile announces.

use super::image::Image;
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Fix};
use crate::dockerfile::expand;
use crate::names::environment::CONTAINER_PORT;

declare_rule! {
    /// ## What it does
    /// Reports a Dockerfile that announces ports with `EXPOSE`, but not 8080.
    ///
    /// ## Why it matters
    /// Requests always reach a container at port 8080, which is also the value of `PORT`. A server that listens elsewhere
    /// fails its health check.
    ///
    /// ## Example
    /// ```dockerfile api/Dockerfile
    /// FROM node:22-slim
    /// EXPOSE 3000
    /// CMD ["node", "index.js"]
    /// ```
    /// ```yaml container
    /// src: ./api
    /// ```
    ///
    /// ## Use instead
    /// ```dockerfile api/Dockerfile
    /// FROM node:22-slim
    /// EXPOSE 8080
    /// CMD ["node", "index.js"]
    /// ```
    /// ```yaml container
    /// src: ./api
    /// ```
    PORT_MISMATCH = "SCF091", "Port mismatch", Warning, fix: Unsafe
}

pub(super) fn check(image: &Image<'_>, acc: &mut Vec<Diagnostic>) {
    acc.extend(mismatch(image));
}

fn mismatch(image: &Image<'_>) -> Option<Diagnostic> {
    let (file, variables) = image.dockerfile().zip(image.variables())?;
    let stages = image.lineage();
    let exposed = stages.iter().flat_map(|stage| file.instructions_of(stage)).filter(|each| each.keyword == "EXPOSE");
    let ports: Vec<_> = exposed
        .flat_map(|instruction| instruction.words().map(move |(word, part)| (instruction, word, part)))
        .map(|(instruction, word, part)| {
            let port = expand(word, |name| variables.get(name).map(String::as_str))?;
            Some((instruction, part, port))
        })
        .collect::<Option<_>>()?; // an unknown one may well be the right one
    if ports.iter().any(|(.., port)| is_right(port)) {
        return None;
    }
    let (instruction, part, first) = ports.first()?;
    let range = instruction.range_of(part.clone());
    let message = format!(
        "{} announces port {first}, but requests reach the container at {CONTAINER_PORT}. Let the server listen on {CONTAINER_PORT}, which is also the \
         value of `PORT`, and write `EXPOSE {CONTAINER_PORT}`.",
        image.line(instruction)
    );
    let fix = image.edit(range, &CONTAINER_PORT.to_string());
    let fix = fix.map(|edits| Fix::suggestion(format!("Write `EXPOSE {CONTAINER_PORT}`"), edits));
    Some(PORT_MISMATCH.at(image.place(range), message).fix(fix))
}

/// Whether an argument of `EXPOSE` names the port, alone or in a range.
fn is_right(text: &str) -> bool {
    let (ports, protocol) = text.split_once('/').unwrap_or((text, "tcp"));
    let (first, last) = ports.split_once('-').unwrap_or((ports, ports));
    match (first.parse::<u16>(), last.parse::<u16>()) {
        (Ok(first), Ok(last)) => protocol.eq_ignore_ascii_case("tcp") && (first..=last).contains(&CONTAINER_PORT),
        _ => true, // no port at all: for Docker to complain about
    }
}
