//! What the server knows of its client's world: open documents, folders, settings. The only state that changes.
//!
//! Every change happens under one lock that is held for moments and never across an `.await`; so the documents have the
//! order of the client's messages.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use slipway_lang::text::Source;
use slipway_lang::yaml::Document;
use slipway_project::{CONFIG_NAMES, find_all, read_text};
use tower_lsp::ls_types::{InitializeParams, MessageType, SemanticToken, TextDocumentContentChangeEvent, Uri};

use crate::capabilities;
use crate::convert::Positions;
use crate::outbox::{Outbox, Publication};
use crate::project::Surroundings;
use crate::settings::Settings;
use crate::snapshot::Snapshot;
use crate::tasks::Tasks;
use crate::watch::Watch;

/// A session with one client.
pub(crate) struct Session {
    /// The client's end.
    pub(crate) client: tower_lsp::Client,
    abilities: OnceLock<capabilities::Client>,
    state: Mutex<State>,
    outbox: Outbox,
    tasks: Tasks,
    watch: Watch,
    ids: AtomicU64,
    shut_down: AtomicBool,
}

#[derive(Default)]
struct State {
    open: HashMap<Uri, Open>,
    /// Documents whose diagnostics the client asked for before it opened them.
    asked_early: HashSet<Uri>,
    folders: Vec<PathBuf>,
    settings: Arc<Settings>,
}

struct Open {
    snapshot: Arc<Snapshot>,
    /// Whether somebody is at work on its diagnostics.
    working: bool,
    /// How often its tokens were sent, and the last of them: what a difference starts from.
    tokens: (u64, Vec<SemanticToken>),
}

impl Session {
    pub(crate) fn new(client: tower_lsp::Client, outbox: Outbox) -> Self {
        Self {
            client,
            abilities: OnceLock::new(),
            state: Mutex::default(),
            outbox,
            tasks: Tasks::default(),
            watch: Watch::default(),
            ids: AtomicU64::new(1),
            shut_down: AtomicBool::new(false),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes what the client says of itself at the start.
    ///
    /// # Errors
    ///
    /// A sentence when its settings cannot be used; the rest is taken all the same.
    pub(crate) fn begin(&self, params: &InitializeParams) -> Result<(), String> {
        // A second `initialize` is refused before it comes here.
        let _ = self.abilities.set(capabilities::Client::of(params));
        let folders = params.workspace_folders.iter().flatten().filter_map(|folder| path_of(&folder.uri));
        let mut folders: Vec<PathBuf> = folders.collect();
        #[allow(deprecated, reason = "older clients name their folder so")]
        if params.workspace_folders.is_none() {
            folders.extend(params.root_uri.as_ref().and_then(path_of));
        }
        self.state().folders = folders;
        match &params.initialization_options {
            Some(options) => self.configure(Settings::parse(options.clone())?),
            None => false,
        };
        Ok(())
    }

    /// What the client can do.
    pub(crate) fn abilities(&self) -> &capabilities::Client {
        self.abilities.get_or_init(capabilities::Client::default)
    }

    /// The commands under way, and what is known of the projects they run in.
    pub(crate) fn tasks(&self) -> &Tasks {
        &self.tasks
    }

    /// The files that are watched.
    pub(crate) fn watch(&self) -> &Watch {
        &self.watch
    }

    /// The settings in force.
    pub(crate) fn settings(&self) -> Arc<Settings> {
        Arc::clone(&self.state().settings)
    }

    /// Puts other settings in force. True when they differ; then everything open is to be looked at again.
    pub(crate) fn configure(&self, settings: Settings) -> bool {
        let mut state = self.state();
        let differ = *state.settings != settings;
        state.settings = Arc::new(settings);
        drop(state);
        if differ {
            self.renew();
        }
        differ
    }

    /// The folders of the workspace.
    pub(crate) fn folders(&self) -> Vec<PathBuf> {
        self.state().folders.clone()
    }

    /// Adds and removes folders of the workspace.
    pub(crate) fn change_folders(&self, added: &[Uri], removed: &[Uri]) {
        let removed: Vec<PathBuf> = removed.iter().filter_map(path_of).collect();
        let mut state = self.state();
        state.folders.retain(|folder| !removed.contains(folder));
        for folder in added.iter().filter_map(path_of) {
            if !state.folders.contains(&folder) {
                state.folders.push(folder);
            }
        }
    }

    /// Opens a document, unless it is none of ours. True when the client has diagnostics of another text of it.
    pub(crate) fn open(&self, uri: &Uri, language: &str, version: i32, text: String) -> bool {
        if !is_served(uri, language) {
            tracing::debug!(uri = uri.as_str(), "not a configuration file");
            return false;
        }
        let mut state = self.state();
        let settings = Arc::clone(&state.settings);
        let surroundings = Arc::new(Surroundings::new(path_of(uri).as_deref(), settings));
        let snapshot = self.snapshot_of(uri, version, Arc::new(Document::new(text)), surroundings);
        state.open.insert(uri.clone(), Open { snapshot, working: false, tokens: (0, Vec::new()) });
        state.asked_early.remove(uri)
    }

    /// Applies changes in their order.
    pub(crate) fn change(&self, uri: &Uri, version: i32, changes: Vec<TextDocumentContentChangeEvent>) {
        let mut state = self.state();
        let Some(open) = state.open.get_mut(uri) else { return };
        let positions = open.snapshot.positions;
        let mut document = Arc::clone(&open.snapshot.document);
        for change in changes {
            document = Arc::new(Document::new(match change.range {
                None => change.text,
                Some(range) => spliced(document.source(), positions, range, &change.text),
            }));
        }
        open.snapshot = self.snapshot_of(uri, version, document, Arc::clone(open.snapshot.surroundings()));
    }

    /// Closes a document and takes its diagnostics back.
    pub(crate) fn close(&self, uri: &Uri) {
        let mut state = self.state();
        if state.open.remove(uri).is_some() && !self.abilities().pulls_diagnostics {
            self.outbox.send(Publication { uri: uri.clone(), about: None, diagnostics: Vec::new() });
        }
    }

    /// The document as it is now; `None` for one that is not open or none of ours.
    pub(crate) fn snapshot(&self, uri: &Uri) -> Option<Arc<Snapshot>> {
        self.state().open.get(uri).map(|open| Arc::clone(&open.snapshot))
    }

    /// All open documents, by name.
    pub(crate) fn snapshots(&self) -> Vec<Arc<Snapshot>> {
        let mut snapshots: Vec<_> = self.state().open.values().map(|open| Arc::clone(&open.snapshot)).collect();
        snapshots.sort_by(|a, b| a.uri.cmp(&b.uri));
        snapshots
    }

    /// Forgets what was read of the surroundings of every open document.
    pub(crate) fn renew(&self) {
        let mut state = self.state();
        let settings = Arc::clone(&state.settings);
        for open in state.open.values_mut() {
            let old = &open.snapshot;
            let surroundings = Arc::new(Surroundings::new(path_of(&old.uri).as_deref(), Arc::clone(&settings)));
            open.snapshot = self.snapshot_of(&old.uri, old.version, Arc::clone(&old.document), surroundings);
        }
    }

    /// Gives every open document another snapshot with all that is known of it, so that work under way on its diagnostics is
    /// done again: something that they show besides has changed.
    pub(crate) fn restamp(&self) {
        for open in self.state().open.values_mut() {
            open.snapshot = Arc::new(open.snapshot.restamped(self.ids.fetch_add(1, Ordering::Relaxed)));
        }
    }

    /// The configuration files of the workspace that are not among `open`, as they are on disk, in snapshots that are not
    /// kept.
    pub(crate) fn unopened(&self, open: &[Arc<Snapshot>]) -> Vec<Snapshot> {
        let open: Vec<PathBuf> = open.iter().filter_map(|snapshot| path_of(&snapshot.uri)).collect();
        let mut found = Vec::new();
        for folder in self.folders() {
            let (paths, failures) = find_all(&folder);
            for failure in failures {
                tracing::warn!("{} cannot be searched: {failure}", folder.display());
            }
            found.extend(paths.iter().filter(|path| !open.contains(path)).filter_map(|path| self.on_disk(path)));
        }
        found
    }

    /// The file of a document that is not open, for a client that asks about it before it opens it, as some do when the
    /// server starts again; it is then told to ask once more.
    pub(crate) fn asked_early(&self, uri: &Uri) -> Option<Snapshot> {
        if !is_served(uri, "") {
            return None;
        }
        self.state().asked_early.insert(uri.clone());
        self.on_disk(&path_of(uri)?)
    }

    fn on_disk(&self, path: &Path) -> Option<Snapshot> {
        let document = Arc::new(Document::new(read_text(path)?));
        let surroundings = Arc::new(Surroundings::new(Some(path), self.settings()));
        let positions = Positions(self.abilities().encoding());
        Some(Snapshot::new(0, Uri::from_file_path(path)?, 0, document, positions, surroundings))
    }

    /// Takes on the work on a document's diagnostics; false when somebody is at it, who will see the newest text.
    pub(crate) fn take_work(&self, uri: &Uri) -> bool {
        let mut state = self.state();
        state.open.get_mut(uri).is_some_and(|open| !std::mem::replace(&mut open.working, true))
    }

    /// Lays the work on a document's diagnostics down and publishes what came of it; false when the document has moved on,
    /// and the work with it.
    pub(crate) fn finish_work(&self, uri: &Uri, id: u64, publication: Option<Publication>) -> bool {
        let mut state = self.state();
        let Some(open) = state.open.get_mut(uri) else { return true };
        if id != open.snapshot.id {
            return false;
        }
        open.working = false;
        if let Some(publication) = publication {
            self.outbox.send(publication);
        }
        true
    }

    /// Keeps the tokens that a document is answered with, and names them.
    pub(crate) fn remember_tokens(&self, uri: &Uri, tokens: Vec<SemanticToken>) -> String {
        let mut state = self.state();
        let number = state.open.get_mut(uri).map_or(0, |open| {
            open.tokens = (open.tokens.0 + 1, tokens);
            open.tokens.0
        });
        number.to_string()
    }

    /// The tokens that a document was last answered with, if these are the ones named.
    pub(crate) fn remembered_tokens(&self, uri: &Uri, name: &str) -> Option<Vec<SemanticToken>> {
        let state = self.state();
        let (number, tokens) = &state.open.get(uri)?.tokens;
        (*number > 0 && number.to_string() == name).then(|| tokens.clone())
    }

    /// Notes that the client asked for the shutdown.
    pub(crate) fn shut_down(&self) {
        self.shut_down.store(true, Ordering::Relaxed);
    }

    /// Whether the client asked for the shutdown.
    pub(crate) fn is_shut_down(&self) -> bool {
        self.shut_down.load(Ordering::Relaxed)
    }

    /// Tells the user something.
    pub(crate) async fn tell(&self, kind: MessageType, message: String) {
        self.client.show_message(kind, message).await;
    }

    fn snapshot_of(
        &self,
        uri: &Uri,
        version: i32,
        document: Arc<Document>,
        surroundings: Arc<Surroundings>,
    ) -> Arc<Snapshot> {
        let id = self.ids.fetch_add(1, Ordering::Relaxed);
        let positions = Positions(self.abilities().encoding());
        Arc::new(Snapshot::new(id, uri.clone(), version, document, positions, surroundings))
    }
}

/// The path of a document or folder on disk.
pub(crate) fn path_of(uri: &Uri) -> Option<PathBuf> {
    uri.scheme().as_str().eq_ignore_ascii_case("file").then(|| uri.to_file_path()).flatten().map(Into::into)
}

/// Clients send every file of a language they were told to, so a name decides; a language of our own is a clear word.
fn is_served(uri: &Uri, language: &str) -> bool {
    const LANGUAGE: &str = "serverless-containers";
    let path = uri.path().decode().to_string_lossy();
    let name = path.rsplit('/').next().unwrap_or_default();
    language == LANGUAGE || CONFIG_NAMES.contains(&name)
}

/// A text with a range of it replaced.
fn spliced(source: &Source, positions: Positions, range: tower_lsp::ls_types::Range, new_text: &str) -> String {
    let range = positions.text_range(source, range);
    let text = source.text();
    let (start, end) = (usize::from(range.start()), usize::from(range.end()));
    let mut spliced = String::with_capacity(text.len() - (end - start) + new_text.len());
    spliced.push_str(&text[..start]);
    spliced.push_str(new_text);
    spliced.push_str(&text[end..]);
    spliced
}
