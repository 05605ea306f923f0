//! Notices that files change.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use notify::event::{CreateKind, EventKind, ModifyKind};
use notify::{ErrorKind, RecommendedWatcher, RecursiveMode, Watcher as _};
use tokio::sync::mpsc;

use super::Selection;

/// Watches folders, each of them alone: a folder that does not count, such as one with thousands of packages, costs
/// nothing.
pub(crate) struct Watcher {
    watcher: Arc<Mutex<RecommendedWatcher>>,
    watched: Mutex<HashSet<PathBuf>>,
}

/// Why files cannot be watched.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WatchError {
    /// The system watches no more.
    #[error("the system's limit of watched folders is reached")]
    Limit,
    /// Something else.
    #[error(transparent)]
    Other(#[from] notify::Error),
}

impl Watcher {
    /// Watches nothing yet. Paths that change are sent to `changes`.
    pub(crate) fn new(changes: mpsc::UnboundedSender<PathBuf>) -> Result<Self, WatchError> {
        let watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            // Errors of single events name no file; the next event of the file comes anyway.
            let Ok(event) = event else { return };
            if is_change(event.kind) {
                for path in event.paths {
                    // Nobody listens any more at the end of a session.
                    let _ = changes.send(path);
                }
            }
        })?;
        Ok(Self { watcher: Arc::new(watcher.into()), watched: Mutex::default() })
    }

    /// Watches the folders of a selection that are not watched yet, also those that came since.
    pub(crate) fn follow(&self, selection: &Selection) -> Result<(), WatchError> {
        for folder in selection.folders() {
            self.watch(&folder)?;
        }
        Ok(())
    }

    /// Watches one folder.
    pub(crate) fn watch(&self, folder: &Path) -> Result<(), WatchError> {
        let mut folders = self.watched.lock().unwrap_or_else(PoisonError::into_inner);
        // A folder may have been removed and made anew; to watch it twice does no harm.
        let mut watcher = self.watcher.lock().unwrap_or_else(PoisonError::into_inner);
        match watcher.watch(folder, RecursiveMode::NonRecursive) {
            Ok(()) => {
                folders.insert(folder.to_owned());
                Ok(())
            }
            Err(error) if matches!(error.kind, ErrorKind::MaxFilesWatch) => Err(WatchError::Limit),
            Err(error) if matches!(error.kind, ErrorKind::PathNotFound) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

/// Reading a file is reported too, and a watcher that reads what changed would wake itself.
fn is_change(kind: EventKind) -> bool {
    match kind {
        EventKind::Access(_) | EventKind::Modify(ModifyKind::Metadata(_)) => false,
        EventKind::Create(CreateKind::Any | CreateKind::File | CreateKind::Folder | CreateKind::Other)
        | EventKind::Modify(_)
        | EventKind::Remove(_)
        | EventKind::Any
        | EventKind::Other => true,
    }
}
