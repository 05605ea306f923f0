//! Builds the image of a container.

use std::collections::{HashMap, VecDeque};
use std::fs::File;
use std::io::{BufWriter, Seek, Write};
use std::path::Path;

use bollard::errors::Error;
use bollard::query_parameters::BuildImageOptionsBuilder;
use futures_util::StreamExt;
use slipway_lang::dockerfile::Dockerfile;
use slipway_lang::service::Service;
use tokio_util::io::ReaderStream;

use super::context::{self, INLINE_DOCKERFILE};
use super::{Docker, error_chain, generated, refused, sanitized};
use crate::bus::Bus;
use crate::diagnosis::{Code, Diagnosis};
use crate::runtime::process::launch::{target, target_missing};

/// Lines of a build that are kept for when it fails.
const KEPT_LINES: usize = 15;

impl Docker {
    /// Builds the image of a container whose source stands in `folder`, unless it exists. Answers its name.
    pub(crate) async fn build(&self, service: &Service, folder: &Path, bus: &Bus) -> Result<String, Diagnosis> {
        let name = &service.name;
        let (text, is_file) = dockerfile_text(service, folder)?;
        let file = Dockerfile::parse(&text);
        let target = target(&service.build.options);
        if file.target(target).is_none() {
            return Err(target_missing(name, &file, target));
        }
        let inline = (!is_file).then(|| text.clone());
        let archive = {
            let folder = folder.to_owned();
            let written = tokio::task::spawn_blocking(move || spool(&folder, inline.as_deref())).await;
            let written = written.map_err(std::io::Error::other).and_then(|written| written);
            written.map_err(|error| {
                Diagnosis::of(name, Code::BuildFailed, format!("Its source cannot be read: {error}."))
            })?
        };
        let image = self.image_name(service, &archive.hash);
        if self.client.inspect_image(&image).await.is_ok() {
            return Ok(image);
        }
        let options = self.options(service, &image, is_file, target, bus).await;
        let body = bollard::body_try_stream(ReaderStream::new(tokio::fs::File::from_std(archive.file)));
        let mut messages = self.client.build_image(options, None, Some(body));
        let mut last = VecDeque::new();
        while let Some(message) = messages.next().await {
            match message {
                Ok(info) => {
                    for line in info.stream.iter().flat_map(|text| text.lines()).filter(|line| !line.trim().is_empty())
                    {
                        if last.len() == KEPT_LINES {
                            last.pop_front();
                        }
                        last.push_back(line.to_owned());
                    }
                }
                Err(error) => return Err(failed(service, folder, &file, is_file, &error, last.into())),
            }
        }
        Ok(image)
    }

    async fn options(
        &self,
        service: &Service,
        image: &str,
        is_file: bool,
        target: Option<&str>,
        bus: &Bus,
    ) -> bollard::query_parameters::BuildImageOptions {
        let arguments: HashMap<String, String> = service.build.args.clone().into_iter().collect();
        let mut labels = self.labels(Some(&service.name));
        let mut options = BuildImageOptionsBuilder::new()
            .dockerfile(if is_file { "Dockerfile" } else { INLINE_DOCKERFILE })
            .t(image)
            .rm(true)
            .forcerm(true)
            .buildargs(&arguments);
        if let Some(target) = target {
            options = options.target(target);
        }
        let mut words = service.build.options.iter();
        while let Some(word) = words.next() {
            let (flag, value) = match word.split_once('=') {
                Some((flag, value)) => (flag, Some(value.to_owned())),
                None => (word.as_str(), None),
            };
            let mut value = || value.clone().or_else(|| words.next().cloned()).unwrap_or_default();
            match flag {
                "--no-cache" => options = options.nocache(true),
                "--pull" => options = options.pull("true"),
                "--target" => drop(value()),
                "--platform" => options = options.platform(&value()),
                "--network" => options = options.networkmode(&value()),
                "--add-host" => options = options.extrahosts(&value()),
                "--label" => {
                    let label = value();
                    let (name, value) = label.split_once('=').unwrap_or((&label, ""));
                    labels.insert(name.to_owned(), value.to_owned());
                }
                "--load" | "--progress" | "--quiet" | "-q" => {}
                _ => bus.note(Some(&service.name), format!("`{word}` in `build.options` is not used here.")).await,
            }
        }
        options.labels(&labels).build()
    }

    /// The name tells the content, so that what was built once is found again.
    fn image_name(&self, service: &Service, content: &[u8; 32]) -> String {
        use sha2::{Digest, Sha256};
        let mut hash = Sha256::new();
        hash.update(content);
        hash.update(format!("{:?}{:?}", service.build.args, service.build.options));
        let tag: String = hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        format!("slipway-dev/{}-{}:{tag}", self.project.id, sanitized(&service.name))
    }
}

/// The Dockerfile of a container, and whether it is a file of its source.
fn dockerfile_text(service: &Service, folder: &Path) -> Result<(String, bool), Diagnosis> {
    if !folder.is_dir() {
        let missing = format!("There is no folder `{}`.", folder.display());
        return Err(
            Diagnosis::of(&service.name, Code::NothingToBuild, missing).remedy("Mend `src`, or put the source there.")
        );
    }
    if let Some(text) = &service.build.dockerfile {
        return Ok((text.clone(), false));
    }
    if let Some(text) = slipway_project::read_text(&folder.join("Dockerfile")) {
        return Ok((text, true));
    }
    let generated = generated::dockerfile(folder).ok_or_else(|| {
        let message = "Nothing in its source says how to build it. Looked for: Dockerfile, package.json, requirements.txt, main.py, app.py, Cargo.toml, go.mod, deno.json, index.html.";
        Diagnosis::of(&service.name, Code::NothingToBuild, message).remedy("Add a Dockerfile.")
    })?;
    Ok((generated, false))
}

struct Archive {
    file: File,
    hash: [u8; 32],
}

/// The context in a file without a name, so that a large one does not fill the memory.
fn spool(folder: &Path, dockerfile: Option<&str>) -> std::io::Result<Archive> {
    let mut file = tempfile::tempfile()?;
    let mut writer = BufWriter::new(&mut file);
    let hash = context::write(folder, dockerfile, &mut writer)?;
    writer.flush()?;
    drop(writer);
    file.rewind()?;
    Ok(Archive { file, hash })
}

fn failed(
    service: &Service,
    folder: &Path,
    file: &Dockerfile,
    is_file: bool,
    error: &Error,
    last: Vec<String>,
) -> Diagnosis {
    let name = &service.name;
    let text = match error {
        Error::DockerStreamError { error } => error.clone(),
        other => error_chain(other),
    };
    if text.contains("no space left on device") {
        return Diagnosis { container: Some(name.clone()), ..refused("Its image cannot be built", error) };
    }
    let pull = [
        "pull access denied",
        "manifest unknown",
        "not found: manifest",
        "no such host",
        "i/o timeout",
        "no matching manifest",
        "Get \"https://",
        "toomanyrequests",
    ];
    if pull.iter().any(|word| text.contains(word)) {
        let base = file.stages.last().map(|stage| stage.base.clone()).unwrap_or_default();
        return Diagnosis::of(
            name,
            Code::BaseImageMissing,
            format!("The base image `{base}` cannot be pulled: {text}."),
        )
        .remedy(if text.contains("no matching manifest") {
            "It is not made for this machine's processor: pass `--platform linux/amd64` in `build.options`."
        } else if text.contains("denied") {
            "Check the name of the image, and log in to its registry with `docker login` if it is private."
        } else {
            "Check the name of the image and the connection to its registry."
        });
    }
    // The engine counts instructions as it runs them: "Step 3/7 : RUN …".
    let step = last.iter().rev().find_map(|line| line.split_once(" : ").filter(|(step, _)| step.starts_with("Step ")));
    let instruction = step.and_then(|(_, written)| {
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let wanted = words(written);
        file.instructions.iter().find(|each| {
            let own = words(&format!("{} {}", each.keyword, each.arguments));
            own == wanted
                || wanted.first() == own.first() && wanted.len() > 1 && own.starts_with(&wanted[..2.min(wanted.len())])
        })
    });
    let place = instruction.map_or(String::new(), |found| {
        format!(" at line {} of its Dockerfile: {} {}", found.lines.start() + 1, found.keyword, found.arguments)
    });
    let diagnosis =
        Diagnosis::of(name, Code::BuildFailed, format!("Its image could not be built{place}.\n{}", text.trim_end()))
            .evidence(last);
    match instruction.filter(|_| is_file) {
        Some(found) => diagnosis.at(folder.join("Dockerfile").to_string_lossy().into_owned(), *found.lines.start()),
        None => diagnosis,
    }
}
