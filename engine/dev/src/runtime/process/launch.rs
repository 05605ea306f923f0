//! How a container is started without an engine: from what its Dockerfile or its source says.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value as Json;
use slipway_lang::dockerfile::{Command, Dockerfile, Instruction, Stage, expand};
use slipway_lang::inputs::normalize_path;
use slipway_lang::service::Service;
use slipway_project::read_text;

use crate::diagnosis::{Code, Diagnosis};

/// A program to start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Launch {
    /// The program: a path, or a name to be looked for.
    pub(crate) program: PathBuf,
    /// Its arguments.
    pub(crate) arguments: Vec<String>,
    /// Where it is started.
    pub(crate) folder: PathBuf,
    /// The variables of the image.
    pub(crate) environment: BTreeMap<String, String>,
    /// What says so, as it stands in a sentence.
    pub(crate) because: String,
}

impl Launch {
    fn new(program: impl Into<PathBuf>, arguments: &[&str], folder: &Path, because: impl Into<String>) -> Self {
        Self {
            program: program.into(),
            arguments: arguments.iter().map(|argument| (*argument).to_owned()).collect(),
            folder: folder.to_owned(),
            environment: BTreeMap::new(),
            because: because.into(),
        }
    }

    /// The command as somebody would type it.
    pub(crate) fn words(&self) -> String {
        let program = self.program.to_string_lossy();
        let words = std::iter::once(&*program).chain(self.arguments.iter().map(String::as_str));
        // A word with a zero byte could not be started either.
        shlex::try_join(words).unwrap_or_else(|_| program.into_owned())
    }
}

/// How a container whose source stands in `folder` is started: by the command of its Dockerfile when this machine has the
/// program, else by what the source itself says.
pub(crate) fn of(service: &Service, folder: &Path) -> Result<Launch, Diagnosis> {
    let name = &service.name;
    if !folder.is_dir() {
        return Err(Diagnosis::of(name, Code::NothingToBuild, format!("There is no folder `{}`.", folder.display()))
            .remedy("Mend `src`, or put the source there."));
    }
    let text = service.build.dockerfile.clone().or_else(|| read_text(&folder.join("Dockerfile")));
    let dockerfile = text.map(|text| Dockerfile::parse(&text));
    let image = dockerfile.as_ref().map(|file| Image::read(file, service, folder)).transpose()?;
    if let Some(launch) = image.as_ref().and_then(|image| image.launch(folder)) {
        return check_dependencies(name, launch);
    }
    let environment = image.as_ref().map(|image| image.environment.clone()).unwrap_or_default();
    match of_source(folder) {
        Some(launch) => check_dependencies(name, Launch { environment, ..launch }),
        None => Err(match image.and_then(|image| image.command) {
            Some(command) => Diagnosis::of(
                name,
                Code::ProgramMissing,
                format!("Its Dockerfile starts `{}`, which this machine does not have.", command.join(" ")),
            )
            .remedy("Start Docker, which builds the image: `--runtime docker`."),
            None => nothing_to_start(name),
        }),
    }
}

fn nothing_to_start(name: &str) -> Diagnosis {
    const LOOKED_FOR: &str =
        "Dockerfile, package.json, main.py, app.py, pyproject.toml, Cargo.toml, go.mod, deno.json, index.html";
    Diagnosis::of(
        name,
        Code::NothingToBuild,
        format!("Nothing in its source says how to start it. Looked for: {LOOKED_FOR}."),
    )
    .remedy("Add a Dockerfile with a CMD.")
}

/// What an image would hold and start, as far as its Dockerfile says it.
struct Image {
    environment: BTreeMap<String, String>,
    working_directory: String,
    /// Where paths of the image come from: paths of the image, and of this machine.
    copies: Vec<(String, PathBuf)>,
    /// Entry point and command together.
    command: Option<Vec<String>>,
}

impl Image {
    fn read(file: &Dockerfile, service: &Service, folder: &Path) -> Result<Self, Diagnosis> {
        let arguments = &service.build.args;
        let target = target(&service.build.options);
        let stage = file.target(target).ok_or_else(|| target_missing(&service.name, file, target))?;
        let known = file.variables(stage, arguments);
        let value = |text: &str| expand(text, |name| known.get(name).map(String::as_str));
        let mut image =
            Self { environment: BTreeMap::new(), working_directory: "/".to_owned(), copies: Vec::new(), command: None };
        let (mut entry_point, mut command) = (Vec::new(), Vec::new());
        for instruction in file.lineage(stage, arguments).into_iter().flat_map(|stage| file.instructions_of(stage)) {
            match &*instruction.keyword {
                "ENV" => {
                    let given = instruction.assignments().into_iter();
                    image.environment.extend(given.filter_map(|(name, text)| Some((name, value(&text?)?))));
                }
                "WORKDIR" => {
                    if let Some(path) = value(&instruction.arguments) {
                        image.working_directory = absolute(&image.working_directory, &path);
                    }
                }
                "COPY" | "ADD" if instruction.flag("from").is_none() => image.copy(instruction, folder, value),
                "ENTRYPOINT" => {
                    entry_point = started(instruction);
                    command.clear();
                }
                "CMD" => command = started(instruction),
                _ => {}
            }
        }
        entry_point.extend(command);
        image.command = Some(entry_point).filter(|words| !words.is_empty());
        Ok(image)
    }

    fn copy(&mut self, instruction: &Instruction, folder: &Path, value: impl Fn(&str) -> Option<String>) {
        let paths: Vec<String> = match serde_json::from_str::<Vec<String>>(&instruction.arguments) {
            Ok(paths) => paths,
            Err(_) => instruction.words().map(|(word, _)| word.to_owned()).collect(),
        };
        let Some(paths) = paths.iter().map(|path| value(path)).collect::<Option<Vec<_>>>() else { return };
        let Some((destination, sources)) = paths.split_last() else { return };
        let into_folder = destination.ends_with('/') || destination == "." || sources.len() > 1;
        let destination = absolute(&self.working_directory, destination);
        for source in sources {
            let source = normalize_path(source.trim_start_matches('/'));
            let on_disk = folder.join(&source);
            let name = source.rsplit('/').next().unwrap_or_default();
            let in_image =
                if into_folder && !on_disk.is_dir() { absolute(&destination, name) } else { destination.clone() };
            self.copies.push((in_image, on_disk));
        }
    }

    /// Where a path of the image is on this machine.
    fn on_disk(&self, path: &str) -> Option<PathBuf> {
        self.copies.iter().rev().find_map(|(in_image, on_disk)| {
            let rest = path.strip_prefix(in_image.as_str())?;
            let found = match rest.strip_prefix('/') {
                _ if in_image == "/" => on_disk.join(rest),
                Some(rest) => on_disk.join(rest),
                None if rest.is_empty() => on_disk.clone(),
                None => return None,
            };
            found.exists().then_some(found)
        })
    }

    /// The folder of this machine that stands for the working directory: where it was copied from, or where the files that
    /// were copied into it lie.
    fn folder(&self, src: &Path) -> PathBuf {
        let working = self.working_directory.as_str();
        let whole = self.on_disk(working).filter(|path| path.is_dir());
        let of_file = || {
            self.copies.iter().find_map(|(in_image, on_disk)| {
                let (parent, _) = in_image.rsplit_once('/')?;
                let parent = if parent.is_empty() { "/" } else { parent };
                (parent == working && on_disk.exists()).then(|| on_disk.parent().map(Path::to_owned))?
            })
        };
        whole.or_else(of_file).unwrap_or_else(|| src.to_owned())
    }

    /// The command, when this machine has its program.
    fn launch(&self, src: &Path) -> Option<Launch> {
        let folder = self.folder(src);
        let (program, arguments) = self.command.as_ref()?.split_first()?;
        let program = self.program(program, &folder)?;
        let arguments = arguments.iter().map(|argument| match self.on_disk(argument) {
            Some(path) if argument.starts_with('/') => path.to_string_lossy().into_owned(),
            _ => argument.clone(),
        });
        let outside = ["PATH", "HOME"]; // those of the image name folders of the image
        let environment = self.environment.iter().filter(|(name, _)| !outside.contains(&name.as_str()));
        Some(Launch {
            program,
            arguments: arguments.collect(),
            folder,
            environment: environment.map(|(name, value)| (name.clone(), value.clone())).collect(),
            because: "its Dockerfile".to_owned(),
        })
    }

    fn program(&self, program: &str, folder: &Path) -> Option<PathBuf> {
        if let Some(path) = program.starts_with('/').then(|| self.on_disk(program)).flatten() {
            return Some(path);
        }
        if program.contains('/') && !program.starts_with('/') {
            return Some(folder.join(program)).filter(|path| path.is_file());
        }
        let name = program.rsplit('/').next().unwrap_or(program);
        // What the image has in a folder of its own is the application, not a program that machines have.
        let is_common = !program.starts_with('/') || ["/bin/", "/usr/"].iter().any(|start| program.starts_with(start));
        is_common.then(|| installed(name)).flatten()
    }
}

fn started(instruction: &Instruction) -> Vec<String> {
    match instruction.command() {
        Command::Exec(words) => words,
        Command::Shell(text) => vec!["/bin/sh".to_owned(), "-c".to_owned(), text],
    }
}

/// The stage that the options name.
pub(crate) fn target(options: &[String]) -> Option<&str> {
    options.iter().enumerate().rev().find_map(|(at, word)| match word.strip_prefix("--target") {
        Some("") => options.get(at + 1).map(String::as_str),
        Some(rest) => rest.strip_prefix('='),
        None => None,
    })
}

/// The diagnosis of a stage that is not there.
pub(crate) fn target_missing(name: &str, file: &Dockerfile, target: Option<&str>) -> Diagnosis {
    let Some(target) = target else {
        return Diagnosis::of(name, Code::BuildFailed, "Its Dockerfile has no FROM, so there is nothing to build.")
            .remedy("Begin the Dockerfile with a FROM.");
    };
    let stages: Vec<String> =
        file.stages.iter().filter_map(|stage: &Stage| stage.name.as_ref()).map(|name| format!("`{name}`")).collect();
    let stages = if stages.is_empty() { "none with a name".to_owned() } else { stages.join(", ") };
    Diagnosis::of(
        name,
        Code::TargetStageMissing,
        format!("`build.options` asks for the stage `{target}`, and its Dockerfile has {stages}."),
    )
    .remedy("Name a stage that exists in `--target`.")
}

fn absolute(working: &str, path: &str) -> String {
    if path.starts_with('/') { normalize_path(path) } else { normalize_path(&format!("{working}/{path}")) }
}

/// The path of a program of this machine.
fn installed(name: &str) -> Option<PathBuf> {
    let substitute = match name {
        "python" => Some("python3"),
        "nodejs" => Some("node"),
        _ => None,
    };
    which::which(name).ok().or_else(|| which::which(substitute?).ok())
}

/// What the source itself says.
fn of_source(folder: &Path) -> Option<Launch> {
    let has = |name: &str| folder.join(name).is_file();
    let package = read_text(&folder.join("package.json")).and_then(|text| serde_json::from_str::<Json>(&text).ok());
    if let Some(package) = package {
        let script = |name: &str| package.pointer(&format!("/scripts/{name}")).and_then(Json::as_str);
        for name in ["dev", "start"] {
            if script(name).is_some() {
                let because = format!("the script `{name}` of its package.json");
                return Some(Launch::new("npm", &["run", "--silent", name], folder, because));
            }
        }
        let main = package.get("main").and_then(Json::as_str).unwrap_or("index.js");
        return Some(Launch::new("node", &[main], folder, "`main` of its package.json"));
    }
    if has("requirements.txt") || has("pyproject.toml") || has("main.py") || has("app.py") {
        let own = [".venv/bin/python", "venv/bin/python"].map(|path| folder.join(path));
        let python = own.into_iter().find(|path| path.is_file()).or_else(|| installed("python"));
        let main = ["main.py", "app.py", "server.py"].into_iter().find(|name| has(name))?;
        return Some(Launch::new(python.unwrap_or("python3".into()), &[main], folder, format!("its {main}")));
    }
    if has("Cargo.toml") {
        return Some(Launch::new("cargo", &["run", "--quiet"], folder, "its Cargo.toml"));
    }
    if has("go.mod") {
        return Some(Launch::new("go", &["run", "."], folder, "its go.mod"));
    }
    if let Some(main) = ["main.ts", "server.ts", "main.js"].into_iter().find(|name| has(name))
        && (has("deno.json") || has("deno.jsonc"))
    {
        let arguments = ["run", "--allow-net", "--allow-env", "--allow-read", main];
        return Some(Launch::new("deno", &arguments, folder, "its deno.json"));
    }
    // Expanded by the shell, since the port is only known at the start.
    has("index.html").then(|| {
        let serve = "exec python3 -m http.server \"$PORT\" --bind 0.0.0.0";
        Launch::new("sh", &["-c", serve], folder, "its index.html")
    })
}

/// Says when packages that the source names are not installed: starting it would end in a stack trace.
fn check_dependencies(name: &str, launch: Launch) -> Result<Launch, Diagnosis> {
    let is = |program: &str| launch.program.file_name().is_some_and(|file| file == program);
    let folder = launch.folder.as_path();
    if (is("node") || is("npm") || is("npx"))
        && let Some(package) = read_text(&folder.join("package.json"))
        && let Ok(package) = serde_json::from_str::<Json>(&package)
        && package.get("dependencies").and_then(Json::as_object).is_some_and(|all| !all.is_empty())
        && !folder.ancestors().any(|above| above.join("node_modules").is_dir())
    {
        let manager = match () {
            () if folder.join("pnpm-lock.yaml").is_file() => "pnpm install",
            () if folder.join("yarn.lock").is_file() => "yarn install",
            () if folder.join("bun.lock").is_file() => "bun install",
            () if folder.join("package-lock.json").is_file() => "npm ci",
            () => "npm install",
        };
        return Err(Diagnosis::of(
            name,
            Code::DependenciesMissing,
            "The packages that its package.json names are not installed.",
        )
        .remedy(format!("Run `{manager}` in {}.", folder.display())));
    }
    Ok(launch)
}

#[cfg(test)]
mod tests {
    use super::*;
    use slipway_lang::config::Config;

    fn service(yaml: &str) -> Service {
        use slipway_lang::{inputs::Inputs, rules::RuleContext, yaml::Document};
        let text = format!(
            "name: x\ncontainers:\n  api:\n    src: .\n    routing: {{pathPattern: /*}}\n    compute: {{type: awsLambda}}\n{yaml}"
        );
        let document = Document::new(text);
        let inputs = Inputs::default();
        let config: Config = slipway_lang::analyze(&document, &inputs).config;
        let mut all = Service::all(&RuleContext::new(&document, &config, &inputs));
        all.remove(0).unwrap()
    }

    /// The command and the folder below the source in which a source of these files is started, or the diagnosis.
    fn told(files: &[(&str, &str)], yaml: &str) -> String {
        let root = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = root.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        match of(&service(yaml), root.path()) {
            Ok(launch) => {
                let program = launch.program.file_name().unwrap().to_string_lossy().into_owned();
                let folder = launch.folder.strip_prefix(root.path()).unwrap().display().to_string();
                let arguments = launch.arguments.join(" ").replace(&*root.path().to_string_lossy(), "SRC");
                let environment: Vec<_> =
                    launch.environment.iter().map(|(name, value)| format!(" {name}={value}")).collect();
                format!("{folder}$ {program} {arguments}{}", environment.concat())
            }
            Err(diagnosis) => format!("{} {}", diagnosis.code.id(), diagnosis.message),
        }
    }

    #[test]
    fn a_dockerfile_says_how_to_start() {
        let node = |dockerfile| told(&[("Dockerfile", dockerfile), ("index.js", ""), ("public/a", "")], "");
        for (dockerfile, expected) in [
            ("FROM node\nWORKDIR /app\nCOPY . .\nCMD [\"node\", \"index.js\"]", "$ node index.js"),
            ("FROM node\nCOPY . /app\nWORKDIR /app\nCMD node index.js", "$ sh -c node index.js"),
            ("FROM node\nWORKDIR /srv\nCOPY index.js ./\nCMD [\"node\", \"/srv/index.js\"]", "$ node SRC/index.js"),
            ("FROM node\nENV A=1 B=${A}x\nWORKDIR /p\nCOPY public/ ./\nCMD [\"sh\"]", "public$ sh  A=1 B=1x"),
            ("FROM node\nCOPY . /\nENTRYPOINT [\"node\"]\nCMD [\"index.js\"]", "$ node index.js"),
            ("FROM node AS a\nCMD [\"false\"]\nFROM a\nCOPY . /\nCMD [\"/usr/bin/env\", \"node\"]", "$ env node"),
        ] {
            assert_eq!(node(dockerfile), expected, "{dockerfile}");
        }
        let staged = "FROM node AS dev\nCMD [\"sh\", \"dev\"]\nFROM node AS prod\nCMD [\"sh\", \"prod\"]";
        let at = |yaml| told(&[("Dockerfile", staged)], yaml);
        assert_eq!(at("    build: {options: --target dev}"), "$ sh dev");
        assert_eq!(at("    build: {options: [--target=prod]}"), "$ sh prod");
        assert_eq!(at("    build: {dockerFileString: \"FROM x\\nCMD [\\\"sh\\\", \\\"inline\\\"]\"}"), "$ sh inline");
        assert_eq!(
            at("    build: {options: --target test}"),
            "DEV013 `build.options` asks for the stage `test`, and its Dockerfile has `dev`, `prod`."
        );
    }

    #[test]
    fn the_source_says_it_where_no_dockerfile_does() {
        let one = |name, text| told(&[(name, text)], "");
        assert_eq!(one("package.json", r#"{"scripts": {"dev": "x", "start": "y"}}"#), "$ npm run --silent dev");
        assert_eq!(one("package.json", r#"{"scripts": {"start": "y"}}"#), "$ npm run --silent start");
        assert_eq!(one("package.json", r#"{"main": "a.js"}"#), "$ node a.js");
        assert_eq!(one("package.json", "{}"), "$ node index.js");
        assert!(one("main.py", "").ends_with(" main.py"));
        assert_eq!(one("Cargo.toml", ""), "$ cargo run --quiet");
        assert_eq!(one("go.mod", ""), "$ go run .");
        assert_eq!(
            told(&[("deno.json", ""), ("main.ts", "")], ""),
            "$ deno run --allow-net --allow-env --allow-read main.ts"
        );
        assert!(one("index.html", "").starts_with("$ sh -c exec python3"));
        assert!(one("README", "").starts_with("DEV012 Nothing in its source says how to start it."));
        let built = "FROM rust AS b\nRUN cargo build\nFROM scratch\nCOPY --from=b /app/x /app/x\nCMD [\"/app/x\"]";
        assert_eq!(told(&[("Dockerfile", built), ("Cargo.toml", "")], ""), "$ cargo run --quiet");
        assert_eq!(
            told(&[("Dockerfile", built)], ""),
            "DEV015 Its Dockerfile starts `/app/x`, which this machine does not have."
        );
    }

    #[test]
    fn missing_packages_are_noticed_before_the_start() {
        let package = ("package.json", r#"{"dependencies": {"x": "1"}}"#);
        assert_eq!(told(&[package], ""), "DEV020 The packages that its package.json names are not installed.");
        assert_eq!(told(&[package, ("node_modules/x/package.json", "")], ""), "$ node index.js");
    }
}
