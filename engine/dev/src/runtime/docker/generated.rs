//! A Dockerfile for a source that has none.

use std::path::Path;

use serde_json::Value as Json;
use slipway_project::read_text;

/// The Dockerfile for what stands in a folder, and the files that it leaves out; none where nothing says what it is.
pub(crate) fn dockerfile(folder: &Path) -> Option<String> {
    let has = |name: &str| folder.join(name).is_file();
    let text = |name: &str| read_text(&folder.join(name));
    if let Some(package) = text("package.json").and_then(|text| serde_json::from_str::<Json>(&text).ok()) {
        return Some(node(folder, &package));
    }
    if has("requirements.txt") || has("main.py") || has("app.py") || has("pyproject.toml") {
        let version = text(".python-version").map(|text| text.trim().to_owned()).filter(|text| is_version(text));
        let version = version.unwrap_or_else(|| "3.12".to_owned());
        let main = ["main.py", "app.py", "server.py"].into_iter().find(|name| has(name)).unwrap_or("main.py");
        let install = if has("requirements.txt") {
            "COPY requirements.txt ./\nRUN pip install --no-cache-dir -r requirements.txt\nCOPY . .\n"
        } else if has("pyproject.toml") {
            "COPY . .\nRUN pip install --no-cache-dir .\n"
        } else {
            "COPY . .\n"
        };
        return Some(format!(
            "FROM python:{version}-slim\nWORKDIR /app\nENV PYTHONUNBUFFERED=1\n{install}CMD [\"python\", \"{main}\"]\n"
        ));
    }
    if let Some(manifest) = text("Cargo.toml") {
        let name = manifest.lines().find_map(|line| {
            let value = line.trim().strip_prefix("name")?.trim_start().strip_prefix('=')?;
            Some(value.trim().trim_matches('"').to_owned())
        })?;
        return Some(format!(
            "FROM rust:1-slim AS build\nWORKDIR /src\nCOPY . .\nRUN cargo build --release\nFROM debian:stable-slim\n\
             COPY --from=build /src/target/release/{name} /usr/local/bin/app\nCMD [\"app\"]\n"
        ));
    }
    if has("go.mod") {
        return Some(
            "FROM golang:1 AS build\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /app .\nFROM scratch\n\
             COPY --from=build /app /app\nCMD [\"/app\"]\n"
                .to_owned(),
        );
    }
    if has("deno.json") || has("deno.jsonc") {
        let main = ["main.ts", "server.ts", "main.js"].into_iter().find(|name| has(name)).unwrap_or("main.ts");
        return Some(format!(
            "FROM denoland/deno:2\nWORKDIR /app\nCOPY . .\nRUN deno cache {main}\n\
             CMD [\"run\", \"--allow-net\", \"--allow-env\", \"--allow-read\", \"{main}\"]\n"
        ));
    }
    has("index.html").then(|| {
        "FROM nginx:stable-alpine\nRUN sed -i 's/listen  *80;/listen 8080;/' /etc/nginx/conf.d/default.conf\n\
         COPY . /usr/share/nginx/html\n"
            .to_owned()
    })
}

fn node(folder: &Path, package: &Json) -> String {
    let has = |name: &str| folder.join(name).is_file();
    let digits = |text: &str| {
        let start = text.trim_start_matches(|c: char| !c.is_ascii_digit());
        start.chars().take_while(char::is_ascii_digit).collect::<String>()
    };
    let asked = read_text(&folder.join(".nvmrc"));
    let asked = asked.or_else(|| package.pointer("/engines/node")?.as_str().map(str::to_owned));
    let major = asked.map(|text| digits(&text)).filter(|major| !major.is_empty()).unwrap_or_else(|| "22".to_owned());
    let (lock, install) = if has("pnpm-lock.yaml") {
        ("pnpm-lock.yaml ", "corepack enable && pnpm install --frozen-lockfile")
    } else if has("yarn.lock") {
        ("yarn.lock ", "corepack enable && yarn install --immutable")
    } else if has("package-lock.json") {
        ("package-lock.json ", "npm ci")
    } else {
        ("", "npm install --no-audit --no-fund")
    };
    let script = ["dev", "start"].into_iter().find(|name| package.pointer(&format!("/scripts/{name}")).is_some());
    let main = package.get("main").and_then(Json::as_str).unwrap_or("index.js");
    let command = match script {
        Some(script) => Json::from(vec!["npm", "run", script]),
        None => Json::from(vec!["node", main]),
    };
    format!(
        "FROM node:{major}-slim\nWORKDIR /app\nCOPY package.json {lock}./\nRUN {install}\nCOPY . .\nCMD {command}\n"
    )
}

/// Only what is a version may stand in the name of an image.
fn is_version(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_gets_its_dockerfile() {
        for (files, expected) in [
            (
                &[("package.json", r#"{"engines": {"node": ">=20"}, "scripts": {"dev": "x"}}"#), ("yarn.lock", "")][..],
                "FROM node:20-slim\nWORKDIR /app\nCOPY package.json yarn.lock ./\nRUN corepack enable && yarn install --immutable\nCOPY . .\nCMD [\"npm\",\"run\",\"dev\"]\n",
            ),
            (
                &[("package.json", "{}")],
                "FROM node:22-slim\nWORKDIR /app\nCOPY package.json ./\nRUN npm install --no-audit --no-fund\nCOPY . .\nCMD [\"node\",\"index.js\"]\n",
            ),
            (
                &[("requirements.txt", ""), ("app.py", ""), (".python-version", "3.11\n")],
                "FROM python:3.11-slim\nWORKDIR /app\nENV PYTHONUNBUFFERED=1\nCOPY requirements.txt ./\nRUN pip install --no-cache-dir -r requirements.txt\nCOPY . .\nCMD [\"python\", \"app.py\"]\n",
            ),
        ] {
            let folder = tempfile::tempdir().unwrap();
            for (name, text) in files {
                std::fs::write(folder.path().join(name), text).unwrap();
            }
            assert_eq!(dockerfile(folder.path()).unwrap(), expected);
        }
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(dockerfile(folder.path()), None);
        for name in ["Cargo.toml", "go.mod", "deno.json", "index.html"] {
            let folder = tempfile::tempdir().unwrap();
            std::fs::write(folder.path().join(name), "[package]\nname = \"shop\"\n").unwrap();
            let text = dockerfile(folder.path()).unwrap();
            let file = slipway_lang::dockerfile::Dockerfile::parse(&text);
            assert!(!file.stages.is_empty(), "{name}: {text}");
        }
    }
}
