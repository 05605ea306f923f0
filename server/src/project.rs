//! The surroundings of a document, read when first needed.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use slipway_lang::inputs::Inputs;
use slipway_project::Project;

use crate::settings::Settings;

/// The project that a document configures. Reading its files waits until somebody asks, which is never on the task that
/// reads messages.
#[derive(Debug)]
pub(crate) struct Surroundings {
    /// The folder of the document; `None` for one that is not on disk.
    folder: Option<PathBuf>,
    file_name: String,
    settings: Arc<Settings>,
    project: OnceLock<Project>,
}

impl Surroundings {
    /// The surroundings of a file; of `None`, a document without any.
    pub(crate) fn new(path: Option<&Path>, settings: Arc<Settings>) -> Self {
        let name = path.and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
        Self {
            folder: path.and_then(Path::parent).map(Path::to_owned),
            file_name: name.unwrap_or_else(|| Inputs::default().file_name),
            settings,
            project: OnceLock::new(),
        }
    }

    /// The folder of the document.
    pub(crate) fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// What analysis may know beside the text.
    pub(crate) fn inputs(&self) -> Inputs<'_> {
        let Some(folder) = &self.folder else {
            return Inputs { file_name: self.file_name.clone(), ..Inputs::default() };
        };
        let open = || Project::open(folder, self.file_name.clone(), &self.settings.project());
        self.project.get_or_init(open).inputs()
    }
}
