//! Files beside the documents that change what is wrong with them: Dockerfiles, `.env` files, source folders.
//!
//! A client that watches files is asked to; for others the server watches itself.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use serde_json::json;
use tower_lsp::ls_types::{Registration, Unregistration};

use crate::diagnostics;
use crate::session::Session;
use crate::snapshot::Snapshot;

const METHOD: &str = "workspace/didChangeWatchedFiles";

/// The files that matter, wherever they are.
const PATTERNS: [&str; 5] = [
    "**/serverless.containers.{yml,yaml,json}",
    "**/{.env,.env.*}",
    "**/{Dockerfile,Dockerfile.*,*.Dockerfile}",
    "**/.dockerignore",
    "**/package.json",
];

/// What is watched.
#[derive(Default)]
pub(crate) struct Watch {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    folders: BTreeSet<PathBuf>,
    registered: bool,
    own: Option<RecommendedWatcher>,
}

impl Watch {
    /// Asks the client to watch what matters anywhere.
    pub(crate) async fn begin(&self, session: &Session) {
        if session.abilities().watches_files {
            register(session, "slipway-files", PATTERNS.map(str::to_owned).to_vec()).await;
        }
    }

    /// Watches the folders that a document names, too.
    pub(crate) fn follow(&self, session: &Arc<Session>, snapshot: &Snapshot) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let new: Vec<PathBuf> =
            folders_of(snapshot).into_iter().filter(|folder| !state.folders.contains(folder)).collect();
        if new.is_empty() {
            return;
        }
        state.folders.extend(new.iter().cloned());
        if session.abilities().watches_files {
            let patterns = state.folders.iter().filter_map(|folder| pattern_of(folder)).collect();
            let again = std::mem::replace(&mut state.registered, true);
            let session = Arc::clone(session);
            tokio::spawn(async move {
                if again {
                    unregister(&session, "slipway-folders").await;
                }
                register(&session, "slipway-folders", patterns).await;
            });
        } else {
            state.watch(session, &new);
        }
    }
}

impl State {
    /// Watches folders from here. One that is not there yet is noticed through the one above it.
    fn watch(&mut self, session: &Arc<Session>, folders: &[PathBuf]) {
        if self.own.is_none() {
            let (session, runtime) = (Arc::downgrade(session), tokio::runtime::Handle::current());
            let notice = move |event: notify::Result<notify::Event>| {
                let touched = event.is_ok_and(|event| !event.kind.is_access());
                if let Some(session) = session.upgrade().filter(|_| touched) {
                    runtime.spawn(async move { changed(&session) });
                }
            };
            self.own = notify::recommended_watcher(notice)
                .inspect_err(|error| tracing::warn!("files cannot be watched: {error}"))
                .ok();
        }
        let Some(watcher) = &mut self.own else { return };
        for folder in folders.iter().filter(|folder| folder.is_dir()) {
            if let Err(error) = watcher.watch(folder, RecursiveMode::NonRecursive) {
                tracing::warn!("{} cannot be watched: {error}", folder.display());
            }
        }
    }
}

/// Looks at everything again.
pub(crate) fn changed(session: &Arc<Session>) {
    session.renew();
    diagnostics::schedule_all(session);
}

/// The folder of a document and the source folders it names.
fn folders_of(snapshot: &Snapshot) -> BTreeSet<PathBuf> {
    let Some(folder) = snapshot.surroundings().folder() else { return BTreeSet::new() };
    let sources = snapshot.ask(|ctx| {
        ctx.containers().filter_map(|container| container.src().map(|src| folder.join(src))).collect::<Vec<_>>()
    });
    sources.into_iter().map(|path| path.components().collect()).chain([folder.to_owned()]).collect()
}

/// A folder as a pattern, as far as its name allows.
fn pattern_of(folder: &Path) -> Option<String> {
    let name = folder.to_str()?;
    (!name.contains(['*', '?', '{', '}', '[', ']'])).then(|| name.replace('\\', "/"))
}

async fn register(session: &Session, id: &str, patterns: Vec<String>) {
    let watchers: Vec<_> = patterns.iter().map(|pattern| json!({ "globPattern": pattern })).collect();
    let registration = Registration {
        id: id.to_owned(),
        method: METHOD.to_owned(),
        register_options: Some(json!({ "watchers": watchers })),
    };
    if let Err(error) = session.client.register_capability(vec![registration]).await {
        tracing::warn!("the client does not watch files: {error}");
    }
}

async fn unregister(session: &Session, id: &str) {
    let unregistration = Unregistration { id: id.to_owned(), method: METHOD.to_owned() };
    if let Err(error) = session.client.unregister_capability(vec![unregistration]).await {
        tracing::warn!("the client goes on watching files: {error}");
    }
}
