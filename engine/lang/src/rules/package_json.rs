//! What rules ask of a `package.json`.

use serde_json::Value as Json;

use crate::inputs::Files;
use crate::rules::folder::join;

/// A `package.json` that could be read.
pub(super) struct PackageJson(Json);

impl PackageJson {
    /// Reads the one in a folder; `None` when there is none, or when it is no JSON.
    pub(super) fn read(files: &dyn Files, folder: &str) -> Option<Self> {
        let text = files.read(&join(folder, "package.json"))?;
        serde_json::from_str(text.trim_start_matches('\u{feff}')).ok().map(Self)
    }

    /// `main`.
    pub(super) fn main(&self) -> Option<&str> {
        self.0.get("main")?.as_str()
    }

    /// The command of a script.
    pub(super) fn script(&self, name: &str) -> Option<&str> {
        self.0.get("scripts")?.get(name)?.as_str()
    }

    /// Whether a package stands among the dependencies of running or of development.
    pub(super) fn depends_on(&self, package: &str) -> bool {
        ["dependencies", "devDependencies"]
            .iter()
            .any(|kind| self.0.get(kind).and_then(|all| all.get(package)).is_some())
    }
}
