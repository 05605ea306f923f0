//! `slipway init`: a starter project.

use std::io::Write;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::args::{Global, InitArgs, Template};
use super::output::{Output, visible};
use crate::error::{Error, Exit};
use slipway_project::{CONFIG_NAMES, UNREADABLE_NAMES, display_path};

/// The lengths that a project's name may have, in characters.
const NAME_LEN: std::ops::RangeInclusive<usize> = 3..=16;

/// A file of a template: where it goes below the project's folder, and its text.
type File = (&'static str, &'static str);

const COMMON: [File; 2] = [
    ("serverless.containers.yml", include_str!("../../templates/common/serverless.containers.yml")),
    (".gitignore", include_str!("../../templates/common/gitignore")),
];

const NODE: [File; 5] = [
    ("README.md", include_str!("../../templates/node/README.md")),
    ("api/.dockerignore", include_str!("../../templates/node/api/dockerignore")),
    ("api/Dockerfile", include_str!("../../templates/node/api/Dockerfile")),
    ("api/index.js", include_str!("../../templates/node/api/index.js")),
    ("api/package.json", include_str!("../../templates/node/api/package.json")),
];

const PYTHON: [File; 5] = [
    ("README.md", include_str!("../../templates/python/README.md")),
    ("api/.dockerignore", include_str!("../../templates/python/api/dockerignore")),
    ("api/Dockerfile", include_str!("../../templates/python/api/Dockerfile")),
    ("api/main.py", include_str!("../../templates/python/api/main.py")),
    ("api/requirements.txt", include_str!("../../templates/python/api/requirements.txt")),
];

const RUST: [File; 5] = [
    ("README.md", include_str!("../../templates/rust/README.md")),
    ("api/.dockerignore", include_str!("../../templates/rust/api/dockerignore")),
    ("api/Cargo.toml", include_str!("../../templates/rust/api/Cargo.toml.in")),
    ("api/Dockerfile", include_str!("../../templates/rust/api/Dockerfile")),
    ("api/src/main.rs", include_str!("../../templates/rust/api/src/main.rs")),
];

/// Writes a starter project. Nothing is written when anything is in the way.
pub(crate) fn run(global: &Global, args: &InitArgs, output: &mut Output) -> Result<Exit, Error> {
    if let Some(config) = &global.config {
        return Err(Error::usage(format!("init writes {}, and --config names {}", CONFIG_NAMES[0], config.display()))
            .help("Leave out --config."));
    }
    let folder = args.folder.clone().unwrap_or_else(|| PathBuf::from("."));
    refuse_to_overwrite(&folder, args.template)?;
    let template = match args.template {
        Some(template) => template,
        None if args.yes => Template::Node,
        None => ask_for_template(output)?,
    };
    refuse_to_overwrite(&folder, Some(template))?;
    let cannot_write =
        |path: &Path, error| Error::failed(format!("cannot write {}", display_path(path))).because(error);
    std::fs::create_dir_all(&folder).map_err(|error| cannot_write(&folder, error))?;
    let name = project_name(&folder);
    let files = files(template);
    for (file, text) in &files {
        let path = folder.join(file);
        write_new(&path, &text.replace("{{name}}", &name)).map_err(|error| cannot_write(&path, error))?;
    }
    let files: Vec<&str> = files.into_iter().map(|(file, _)| file).collect();
    output.result(&if global.json { as_json(&folder, &name, &files) } else { told(&folder, &name, &files) })?;
    Ok(Exit::Success)
}

/// The files of a template, in the order in which they are told.
fn files(template: Template) -> Vec<File> {
    let own = match template {
        Template::Node => NODE,
        Template::Python => PYTHON,
        Template::Rust => RUST,
    };
    COMMON.into_iter().chain(own).collect()
}

/// Looks for what the project would overwrite, and for another configuration that it would compete with.
fn refuse_to_overwrite(folder: &Path, template: Option<Template>) -> Result<(), Error> {
    if folder.exists() && !folder.is_dir() {
        return Err(Error::failed(format!("{} is a file, and a project needs a folder", display_path(folder))));
    }
    let files = template.map(files).unwrap_or_default();
    let mut names: Vec<&str> = CONFIG_NAMES.into_iter().chain(UNREADABLE_NAMES).collect();
    names.extend(files.iter().map(|(file, _)| *file).filter(|file| *file != CONFIG_NAMES[0]));
    names.retain(|name| is_in_the_way(folder, name));
    if names.is_empty() {
        return Ok(());
    }
    let place = folder.canonicalize().unwrap_or(folder.to_owned());
    Err(Error::failed(format!(
        "nothing was written, because {} already holds {}",
        display_path(&place),
        names.join(", ")
    ))
    .help("Move them away, or name another folder: `slipway init DIR`."))
}

/// Whether a file of that name is there, or a file where its folder belongs.
fn is_in_the_way(folder: &Path, name: &str) -> bool {
    let path = folder.join(name);
    let parents = path.ancestors().skip(1).take_while(|parent| *parent != folder);
    path.symlink_metadata().is_ok() || parents.into_iter().any(|parent| parent.exists() && !parent.is_dir())
}

fn ask_for_template(output: &mut Output) -> Result<Template, Error> {
    let question = "What is the service written in? [1] Node.js  [2] Python  [3] Rust (1): ";
    let Some(answer) = output.ask(question) else { return Ok(Template::Node) };
    match answer.to_lowercase().as_str() {
        "" | "1" | "node" | "node.js" => Ok(Template::Node),
        "2" | "python" => Ok(Template::Python),
        "3" | "rust" => Ok(Template::Rust),
        _ => Err(Error::usage(format!("there is no template {}", visible(&answer)))
            .help("The templates are node, python and rust: `slipway init --template node`.")),
    }
}

/// A valid name for the project, as close to the folder's as possible.
fn project_name(folder: &Path) -> String {
    let folder = folder.canonicalize().unwrap_or(folder.to_owned());
    let folder = folder.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
    let words = folder.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let name = words.collect::<Vec<_>>().join("-");
    let name = name[..name.len().min(*NAME_LEN.end())].trim_end_matches('-');
    match name.len() {
        0 => "my-app".to_owned(),
        length if NAME_LEN.contains(&length) => name.to_owned(),
        _ => format!("{name}-app"),
    }
}

/// Writes a file that must not be there yet, and the folders above it.
fn write_new(path: &Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::OpenOptions::new().write(true).create_new(true).open(path)?.write_all(text.as_bytes())
}

fn told(folder: &Path, name: &str, files: &[&str]) -> String {
    let list: String = files.iter().map(|file| format!("  {}\n", display_path(&folder.join(file)))).collect();
    let here = if folder == Path::new(".") { String::new() } else { format!(" {}", display_path(folder)) };
    visible(&format!(
        "Wrote the project {name}:\n{list}\nNext: `slipway check{here}`, and README.md says how to run it.\n"
    ))
    .into_owned()
}

fn as_json(folder: &Path, name: &str, files: &[&str]) -> String {
    #[derive(Serialize)]
    struct Written<'a> {
        version: u32,
        name: &'a str,
        folder: String,
        files: &'a [&'a str],
    }
    let written = Written { version: 1, name, folder: display_path(folder), files };
    serde_json::to_string_pretty(&written).expect("strings always become JSON") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_is_made_from_the_folder() {
        let cases = [
            ("shop", "shop"),
            ("My Shop_v2", "my-shop-v2"),
            ("--a--b--", "a-b"),
            ("ab", "ab-app"),
            ("x", "x-app"),
            ("漢字", "my-app"),
            ("a-very-long-project-name", "a-very-long-proj"),
            ("fifteen-letters-x", "fifteen-letters"),
            ("Ünïcode.app", "n-code-app"),
        ];
        let parent = tempfile::tempdir().unwrap();
        for (folder, expected) in cases {
            assert_eq!(project_name(&parent.path().join(folder)), expected, "{folder}");
        }
        assert_eq!(project_name(Path::new("/")), "my-app");
    }

    #[test]
    fn every_template_names_the_project_and_nothing_else() {
        for template in [Template::Node, Template::Python, Template::Rust] {
            for (file, text) in files(template) {
                assert!(!text.replace("{{name}}", "").contains("{{"), "{file}");
                assert!(text.ends_with('\n') && !text.contains('\r'), "{file}");
            }
        }
    }
}
